/* SPDX-License-Identifier: Apache-2.0 */
/* The station's inside, shared by its files: desk (counter), dock (bays), till (money), commit (journal), recover. */
#pragma once

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/station/station.h"

/* A session in memory: its record, and its money request that is under way. */
typedef struct
{
  TwStation *station;
  TwRecord  *record;
  TwTariff  *tariff;        /* the one locked at the offer */
  gboolean   sendable;      /* the open request is durable */
  gboolean   asking;        /* the acceptor has a request of ours */
  guint      attempts;      /* without a definite answer, since start */
  guint      timer;         /* until the next attempt; 0: none */
  gint64     next_boot_us;
} TwSession;

typedef struct
{
  TwStation *station;
  guint      index;
  TwConnectorParts parts;
  TwBayState state;
  TwSession *session;       /* NULL: none */
  gboolean   durable;       /* the step that let energy flow is in the journal */
  gboolean   verified;      /* after a restart: the same car, the same register */
  gboolean   frozen;        /* no further reading may be billed */
  gboolean   reading;       /* one is on its way */
  gboolean   was_connected; /* a plug is an edge */
  gboolean   fresh;         /* latest is set */
  TwMark     latest;        /* last trusted reading, journalled or not */
  gint64     idle_since_us; /* boot time; 0: it draws */
  guint      deadline, poll;
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

  /* commit */
  GQueue      batches;      /* of Batch, the head is being written */
  gboolean    stuck;        /* the head could not be written */
  gboolean    closing;
  guint       retry;

  /* desk */
  TwCounterState counter;
  TwSession  *customer;     /* the counter's session; NULL: none */
  guint       target;       /* index of its bay */
  gboolean    offered;      /* the offer is durable */
  char       *taking;       /* session id of the running take; NULL: none */
  gboolean    identifying, cancelling;
  char       *language, *prompt, *qr, *outcome;
  const char *closed_why, *refusal;   /* codes */
  guint       counter_deadline, grace;
  gint64      counter_deadline_us, unready_since_us, started_us;

  TwBay      *bays;
  guint       n_bays;
};

/* commit.c ---- one batch is one journal commit; what it allows happens when it is durable. */
typedef struct _TwBatch TwBatch;
typedef void (*TwDurable) (TwStation *self, const char *session, guint index);
TwBatch   *tw_batch_new (TwStation *self);
/* Applied to the session's record at once; written when submitted. payload is taken over. */
void       tw_batch_add (TwBatch *batch, const char *session, const char *kind, GBytes *payload);
void       tw_batch_add_blob (TwBatch *batch, GBytes *bytes);
void       tw_batch_then (TwBatch *batch, TwDurable func, const char *session, guint index);
void       tw_batch_submit (TwBatch *batch);
void       tw_batches_clear (TwStation *self);

/* desk.c: the counter */
void       tw_desk_look (TwStation *self);        /* levels: may we sell, may a tap identify, may the take begin */
void       tw_desk_plugged (TwStation *self, TwBay *bay);
void       tw_desk_identified (TwStation *self, const TwCard *card);
gboolean   tw_desk_choose (TwStation *self, guint index, GError **error);
void       tw_desk_add (TwStation *self, TwCounterEvent event, const char *reason, TwBatch *batch);
void       tw_desk_event (TwStation *self, TwCounterEvent event, const char *reason);
void       tw_desk_prompt (TwStation *self, const char *prompt, const char *qr);

/* taking.c */
void       tw_taking_begin (TwStation *self);
void       tw_taking_identify (TwStation *self);
void       tw_taking_cancel (TwStation *self);

/* dock.c: the bays */
void       tw_dock_start (TwBay *self);
void       tw_dock_stop (TwBay *self);
void       tw_dock_look (TwBay *self);            /* levels: controller, car */
void       tw_dock_power (TwBay *self);           /* the level that goes out */
void       tw_dock_hand (TwBay *self, TwSession *session, TwBatch *batch);
gboolean   tw_dock_add (TwBay *self, TwBayEvent event, const char *reason, TwBatch *batch);
void       tw_dock_event (TwBay *self, TwBayEvent event, const char *reason);
void       tw_dock_arm_deadline (TwBay *self, gint64 already_us);

/* gauge.c: readings and what follows from them */
void       tw_gauge_read (TwBay *self);
void       tw_gauge_bill (TwBay *self);           /* with the last mark as the final one */

/* till.c */
void       tw_till_look (TwSession *session);
/* Adds the request that the claim asks for to the batch, to be sent when it is durable. */
void       tw_till_intend (TwSession *session, TwWish wish, TwBatch *batch);
void       tw_till_forget_closed (TwStation *self);

/* recover.c */
gboolean   tw_recover (TwStation *self, GError **error);

/* session.c */
TwSession *tw_session_new (TwStation *self, TwRecord *record);   /* takes over record */
TwSession *tw_session_find (TwStation *self, const char *id);    /* NULL: over and forgotten */
TwSession *tw_session_of_card (TwStation *self, const TwCard *card);   /* in a bay, by fingerprint */
void       tw_session_free (TwSession *self);
char      *tw_session_name (TwStation *self);                    /* the next id */

/* station.c */
void       tw_station_announce (TwStation *self);
gint64     tw_station_boot_us (TwStation *self);

/* payload.c: the entries' payloads, as payment/journal/README.md lists them */
GBytes    *tw_payload_started (const TwConfig *config);
GBytes    *tw_payload_offered (const TwRecord *draft);
GBytes    *tw_payload_step (const char *event, const char *from, const char *to, const char *place, guint connector,
                            const char *reason);
GBytes    *tw_payload_referenced (GBytes *reference, const TwCard *card, const char *key, const char *digest);
GBytes    *tw_payload_take_end (const TwTakeResult *result, gboolean late);
GBytes    *tw_payload_request (guint n, const char *operation, const char *key, gint64 amount_minor);
GBytes    *tw_payload_answer (guint n, const char *key, const char *outcome, const char *detail, GBytes *reference);
GBytes    *tw_payload_reading (const TwMark *mark, const char *why);
GBytes    *tw_payload_bill (const TwRecord *record, const TwBill *bill, gint64 capture_minor, guint64 receipt);
GBytes    *tw_payload_finding (const char *class_, gint64 amount_minor, const char *text, gboolean ends_claim);
