/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of TwCardRead: all that one transaction needs, in one piece of locked memory, so that wiping it is wiping
 * everything. payment/card's own header. One thread.
 */
#pragma once

#include "payment/card/apdu.h"
#include "payment/card/candidates.h"
#include "payment/card/card-data.h"
#include "payment/card/kernel3.h"
#include "payment/card/pan.h"
#include "payment/card/terminal.h"

struct _TwCardRead
{
  gboolean       identify_only, has_run;
  TwExchange     exchange;
  gpointer       exchange_data;

  TwTerminalData terminal;
  TwCandidates   candidates;
  TwCandidate    application;            /* the one that is being, or was, used */
  TwFci          fci;                    /* points into answer: good until the next command */
  guint8         pdol[256];
  gsize          pdol_len;

  TwApdu         command;
  guint8         answer[264];
  gsize          answer_len;

  TwCardData     data;
  TwTrack2       track2;
  gboolean       has_track2;
  TwPan          pan;
  TwHolder       holder;

  guint8         emv_tags[TW_EMV_TAGS_MOST];
  gsize          emv_tags_len;
  char           label[17], aid[2 * TW_AID_MOST + 1], masked[20];
};

/* Sends self->command. FALSE: no answer, error set. */
gboolean tw_card_read_exchange (TwCardRead *self, GError **error);

/* GPO and the records that it names, into self->data; *end is TW_CARD_ONLINE if all of it was understood. *next: the
 * card wants another application to be tried. */
gboolean tw_card_read_application (TwCardRead *self, TwCardEnd *end, gboolean *next, GError **error);
