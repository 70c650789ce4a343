/* SPDX-License-Identifier: Apache-2.0 */
/* A whole station in one process, for stories: real machines, shell, claims, records and prices; virtual time, a disk that
 * can be pulled, two connectors and a teller with a bank behind it. story_restart() is kill -9 and a new start.
 */
#pragma once

#include "app/station/station.h"
#include "tests/lib/fake-bay.h"
#include "tests/lib/memory-journal.h"
#include "tests/lib/teller.h"
#include "tests/lib/virtual-clock.h"

#define STORY_HOLD 5000

typedef struct
{
  TwConfig         config;
  TwVirtualClock  *clock;
  TwMemoryJournal *disk;
  TwJournal       *journal;
  TwTeller        *teller;
  TwAcceptor      *acceptor;
  TwFakeBay       *bay[2];
  TwStation       *station;
  guint            commits;         /* answered since story_cut_at() */
  guint            cut_at;          /* the power goes when this one waits; 0: never */
  gboolean         cut_kept, cut;   /* that one is durable all the same; it happened */
} Story;

Story *story_new (void);
void   story_free (Story *self);
void   story_restart (Story *self);
/* The two halves of it: in between the street goes on without a station. */
void   story_kill (Story *self);
void   story_start (Story *self);

/* From now on commits are answered one by one, and the nth finds the power cut: kept or lost. 0: only counts. */
void   story_cut_at (Story *self, guint nth, gboolean kept);

/* Lets everything happen that can happen without time passing; requests for money stay with the teller. */
void   story_settle (Story *self);
/* Time passes, in steps of a second at most, with everything that falls due. */
void   story_wait (Story *self, gint64 ms);
/* The same with the teller answering. */
void   story_pay (Story *self, gint64 ms);

TwCounterState story_counter (Story *self);
TwBayState     story_bay (Story *self, guint i);
/* The id of the session at a bay (0, 1), or of the counter (-1); g_free(). */
char          *story_session (Story *self, int where);
TwRecord      *story_record (Story *self, const char *session);   /* folded from the disk; tw_record_free() */

/* Offer, tap, approval: connector i is armed afterwards. Returns the session's id; g_free(). */
char          *story_arm (Story *self, guint i, const char *fingerprint);
/* The same, plugged in and charging. */
char          *story_charge (Story *self, guint i, const char *fingerprint, gint64 wh);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Story, story_free)
