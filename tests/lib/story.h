/* SPDX-License-Identifier: Apache-2.0 */
/* A whole station in one process, for stories: real machines, shell, claims, records and prices; virtual time, a disk
 * that can be pulled, two connectors, and a means of payment with a bank behind it: a card at a teller, or a code to be
 * scanned. The same stories are told with both. story_restart() is kill -9 and a new start.
 */
#pragma once

#include "app/station/station.h"
#include "tests/lib/fake-bay.h"
#include "tests/lib/memory-journal.h"
#include "tests/lib/qr-acceptor.h"
#include "tests/lib/teller.h"
#include "tests/lib/virtual-clock.h"

#define STORY_HOLD 5000

typedef enum { STORY_CARD, STORY_QR } StoryMeans;

/* How a request for a hold ends. */
typedef enum
{
  STORY_APPROVES,
  STORY_DECLINES,
  STORY_HOLDS_UNHEARD,    /* the bank holds, and nobody hears of it */
  STORY_APPROVES_LATE,    /* when the station has given up, and its release has not arrived yet */
} StoryEnd;

/* What the bank does with what is asked of it then. */
typedef enum { STORY_ACTS, STORY_ACTS_UNHEARD, STORY_REFUSES_CAPTURES } StoryMood;

typedef struct
{
  StoryMeans       means;
  StoryEnd         end;             /* of the request that is out */
  const char      *tariff;          /* OCPI JSON, static */
  gboolean         tariff_refused;  /* at the next start the configured file is broken */
  const TwGoal    *goal;            /* what whoever asks chooses; NULL: nothing */
  TwConfig         config;
  TwVirtualClock  *clock;
  TwMemoryJournal *disk;
  TwJournal       *journal;
  TwTeller        *teller;          /* with a card; else NULL */
  QrService       *qr;              /* with a code; else NULL */
  TwAcceptor      *acceptor;
  gboolean         without_acceptor;   /* from the next start on */
  TwFakeBay       *bay[2];
  TwStation       *station;
  guint            commits;         /* answered since story_cut_at() */
  guint            cut_at;          /* the power goes when this one waits; 0: never */
  gboolean         cut_kept, cut;   /* that one is durable all the same; it happened */
} Story;

Story *story_new (StoryMeans means);                               /* 0.50 EUR a kWh and nothing else */
Story *story_new_priced (StoryMeans means, const char *tariff);
void   story_free (Story *self);   /* after one more restart, which must work whatever was written */
void   story_restart (Story *self);
/* The two halves of it: in between the street goes on without a station. */
void   story_kill (Story *self);
void   story_start (Story *self);

/* From now on commits are answered one by one, and the nth finds the power cut: kept or lost. 0: only counts. */
void   story_cut_at (Story *self, guint nth, gboolean kept);

/* Lets everything happen that can happen without time passing; requests for money stay with the bank. */
void   story_settle (Story *self);
/* Time passes, in steps of a second at most, with everything that falls due. */
void   story_wait (Story *self, gint64 ms);
/* The same with the bank answering. */
void   story_pay (Story *self, gint64 ms);

TwCounterState story_counter (Story *self);
TwBayState     story_bay (Story *self, guint i);
/* The id of the session at a bay (0, 1), or of the counter (-1); g_free(). */
char          *story_session (Story *self, int where);
TwRecord      *story_record (Story *self, const char *session);   /* folded from the disk; tw_record_free() */

/* Offer of connector i, and what its person does until a request for a hold is out; the session's id, g_free(). who:
 * the card's fingerprint, if there is one. */
char          *story_ask (Story *self, guint i, const char *who, StoryEnd end);
/* The same up to the moment at which the means has named its request, with commits that wait
 * (tw_memory_journal_settle). */
char          *story_name (Story *self, guint i, const char *who);
/* Its answer comes, however long that takes. */
void           story_answer (Story *self);
gboolean       story_has_asked (Story *self, const char *session);   /* the bank knows of the request */
/* Both: connector i is armed afterwards. */
char          *story_arm (Story *self, guint i, const char *who);
/* The same, plugged in and charging. */
char          *story_charge (Story *self, guint i, const char *who, gint64 wh);

/* The witness. captured -1: never. */
typedef struct { gint64 captured; guint captures, releases, requests; gboolean is_open; } StoryLedger;
StoryLedger    story_ledger (Story *self, const char *session);
guint          story_n_open (Story *self);
void           story_set_mood (Story *self, StoryMood mood);
void           story_set_ready (Story *self, gboolean ready);      /* the means */
void           story_assert_paid (Story *self, const char *session, gint64 captured);
void           story_assert_released (Story *self, const char *session);
void           story_assert_nothing_open (Story *self);            /* neither at the bank nor here */

/* Registers "/station/card/NAME" and "/station/qr/NAME". */
typedef void (*StoryTest) (StoryMeans means);
void           story_add (const char *name, StoryTest test);
void           story_add_card (const char *name, StoryTest test);  /* what makes sense with a card only */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Story, story_free)
