/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of the station in plain words: what happened, and what to do now. Every code that the station can say has its
 * own words, which a test holds; one that we do not know gets honest words that fit any. Pure; any thread.
 */
#pragma once

#include "app/bus/bus.h"
#include "ui/widgets/icon.h"

typedef enum { TW_TONE_GOOD, TW_TONE_PLAIN, TW_TONE_CAUTION, TW_TONE_DANGER } TwTone;

typedef struct
{
  const char *code;          /* NULL: for all others */
  TwIcon      icon;
  TwTone      tone;
  const char *headline;      /* msgids */
  const char *advice;
  gboolean    again;         /* it makes sense to try again right away */
} TwCode;

/* Never NULL. */
const TwCode *tw_code_of_outcome (const char *outcome);   /* counter.outcome */
const TwCode *tw_code_of_prompt (const char *prompt);     /* counter.prompt while a card is asked for; NULL: present */
const TwCode *tw_code_of_banner (const char *prompt);     /* counter.prompt on the welcome screen; refusals of verbs */
const TwCode *tw_code_of_closed (const char *why);        /* counter.closed_why */
const TwCode *tw_code_of_fault (const char *fault);       /* connector.fault */
const TwCode *tw_code_of_reason (const char *reason);     /* of a receipt; headline only */

/* Why a connector cannot be used: its fault, or what it lacks. */
const TwCode *tw_code_at (const TwBusConnector *bay);

/* "" or the CSS class of a tone. */
const char   *tw_tone_class (TwTone tone);
