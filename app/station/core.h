/* SPDX-License-Identifier: Apache-2.0 */
/* The station's inside, shared by its files: desk (counter), dock (bays), till (money), commit (journal), recover. */
#pragma once

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/station/session.h"
#include "app/station/station.h"
#include "app/station/tariffs.h"
#include "app/station/visit.h"

typedef struct
{
  TwStation *station;
  guint      index;
  TwConnectorParts parts;   /* its tariff is the configured one, and what is left if no other is valid */
  char       *last_hash;     /* of the tariff shown here last, while the journal is replayed and after */
  TwTariff  *tariff;        /* in force for who comes now; NULL: none */
  TwBayState state;
  TwSession *session;       /* NULL: none */
  char      *last_session, *last_language;  /* the one before: its receipt can still be asked for; NULL: none */
  guint      receipt_timer; /* that receipt is to be shown */
  gint64     receipt_until_us;  /* boot time; 0: no more */
  guint      receipt_facts; /* bits by TwReceiptFact: of last_session, in the journal */
  gboolean   durable;       /* the step that let energy flow is in the journal */
  gboolean   verified;      /* after a restart: the same car, the same register */
  gboolean   frozen;        /* no further reading may be billed */
  gboolean   reading;       /* one is on its way */
  gboolean   was_connected; /* a plug is an edge */
  gboolean   seen;          /* the controller has answered since the start */
  gboolean   fresh;         /* latest is set */
  TwMark     latest;        /* last trusted reading, journalled or not */
  gint64     idle_since_us; /* boot time; 0: it draws */
  guint      deadline, poll;
  guint      price_timer;   /* the price changes then */
  gint64     deadline_boot_us;
} TwBay;

/* What callbacks of parts that outlive the station hold instead of it. */
typedef struct { TwStation *station; } TwLeash;

struct _TwStation
{
  TwLeash    *leash;        /* g_rc_box; its station is NULL once this is freed */
  const TwConfig *config;
  TwClock    *clock;
  TwJournal  *journal;
  TwAcceptor *acceptor;
  GSourceFunc changed;
  gpointer    changed_data;
  guint       announce;     /* idle source that tells the watcher */

  GHashTable *sessions;     /* id -> TwSession, owned */
  guint64     last_session, last_receipt;
  GBytes     *seller;       /* the snapshot that receipts are printed from, and its hash */
  char       *seller_hash;

  GPtrArray  *activations;  /* of TwActivation, by when they come into force; see tariffs.h */
  GQueue      activating;   /* of those that are being written */
  guint       tariff_timer;
  struct _TwBonus *bonus;   /* offers, and who has earned one; see bonus.h */
  gint64      clock_set_us; /* wall time less boot time when prices were last looked at */
  gint64      known_us;     /* wall time that has surely passed: the latest in the journal of a clock that was right */

  /* commit */
  GQueue      batches;      /* of Batch, the head is being written */
  gboolean    stuck;        /* the head could not be written */
  gboolean    closing;
  guint       retry;
  GQueue      waiters;      /* for answers to repairs; see repair.c */

  /* desk */
  TwCounterState counter;
  TwSession  *customer;     /* the counter's session; NULL: none */
  guint       target;       /* index of its bay */
  gboolean    offered;      /* the offer is durable */
  TwGoalOption goal_options[TW_MOST_GOAL_OPTIONS];   /* what its person may choose instead */
  guint       n_goal_options;
  gint64      goal_least_minor;
  char       *taking;       /* session id of the running take; NULL: none */
  gboolean    identifying, cancelling;
  char       *language, *prompt, *qr, *outcome;
  char       *shown_session;   /* whose outcome is on the screen, and where; NULL: none */
  guint       shown_connector;
  const char *closed_why, *refusal;   /* codes */
  guint       counter_deadline, grace, language_deadline;
  gint64      counter_deadline_us, unready_since_us, started_us, closed_us;

  TwVisit     visit;        /* of who is at the screen */

  TwBay      *bays;
  guint       n_bays;
};

/* recover.c: folds the journal and takes up what is open. */
gboolean   tw_recover (TwStation *self, GError **error);

/* station.c, view.c */
void       tw_station_announce (TwStation *self);
gint64     tw_station_boot_us (TwStation *self);
TwBay     *tw_station_find_bay (TwStation *self, guint connector, GError **error);
gint64     tw_station_offer_hold_minor (const TwBay *bay);

#include "app/station/batch.h"
#include "app/station/desk.h"
#include "app/station/dock.h"
#include "app/station/language.h"
#include "app/station/parting.h"
#include "app/station/payload.h"
#include "app/station/till.h"
