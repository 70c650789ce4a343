/* SPDX-License-Identifier: Apache-2.0 */
/* The station: one counter, one bay per connector, and the money of every session until its last cent. Everything it
 * needs is given to it, so that a simulator can replace each part. It decides in tables, journals, and only then acts;
 * it knows neither D-Bus nor any device. Main thread only; nothing here blocks after tw_station_start().
 */
#pragma once

#include "app/base/config.h"
#include "app/station/bay.h"
#include "app/station/choice.h"
#include "app/station/counter.h"
#include "app/station/foresight.h"
#include "app/station/offer-list.h"
#include "app/station/price-list.h"
#include "app/station/repair.h"
#include "app/station/view.h"
#include "hw/power/meter.h"
#include "hw/power/power.h"
#include "payment/acceptor/acceptor.h"
#include "payment/journal/journal.h"
#include "payment/journal/record.h"

typedef struct _TwStation TwStation;

typedef struct
{
  const TwConnectorConfig *config;   /* outlives the station */
  TwTariff *tariff;                  /* until another is activated; taken over, as those below */
  TwPower  *power;
  TwMeter  *meter;
  char     *refusal;                 /* tariff NULL: why the configured one is not used; the one before it is */
} TwConnectorParts;

/* acceptor may be NULL: nothing can be sold then. config, clock, journal and acceptor outlive the station. */
TwStation *tw_station_new (const TwConfig *config, TwClock *clock, TwJournal *journal, TwAcceptor *acceptor,
                           const TwConnectorParts *connectors, guint n_connectors);
void       tw_station_free (TwStation *self);

/* Replays the journal (blocks), takes up what it finds, opens for business. BAD_DATA: a journal that cannot be
 * replayed. */
gboolean   tw_station_start (TwStation *self, GError **error);
/* After any change that somebody could see. One watcher. */
void       tw_station_watch (TwStation *self, GSourceFunc changed, gpointer user_data);

/* The driver's verbs. FALSE and BAD_STATE with a reason: it cannot be done now; BAD_DATA: never. language: "en", "de";
 * for choose also NULL or empty: as it is. */
gboolean   tw_station_choose (TwStation *self, guint connector, const char *language, GError **error);
gboolean   tw_station_accept (TwStation *self, GError **error);
void       tw_station_cancel (TwStation *self);
gboolean   tw_station_stop (TwStation *self, guint connector, const char *reason, GError **error);
/* connector 0: the counter, and the session at it; else the session at that connector, or the one whose receipt is
 * shown there. Journalled, so that a restart and the books know it. */
gboolean   tw_station_set_language (TwStation *self, guint connector, const char *language, GError **error);
/* The receipt at the connector has been seen. */
void       tw_station_dismiss (TwStation *self, guint connector);
/* What can be taken home of a session's receipt was handed to a screen: journalled once, while it is shown there. Of a
 * session that runs: whoever is at the screen has come for it. */
void       tw_station_receipt_fetched (TwStation *self, const char *session);
/* A finger on the screen, whatever came of it: a visit begins or goes on. */
void       tw_station_touched (TwStation *self);

TwCounterView  tw_station_counter (TwStation *self);
guint          tw_station_n_bays (TwStation *self);
TwBayView      tw_station_bay (TwStation *self, guint i);
/* Of a session that takes energy, or could, up to its last reading, which mark becomes; NULL: there is none such. */
TwUsage       *tw_station_usage_so_far (TwStation *self, const char *session, const TwRecord **record, TwMark *mark);

/* Sessions whose money is still on its way, wherever they are; by a repair, too. */
typedef struct
{
  const TwRecord *record;
  const char     *wish, *request, *outcome;   /* "capture", "release", "refund"; its key; NULL: none yet */
  gint64          amount_minor, next_boot_us;
  guint           attempts;
} TwOpenClaim;
guint          tw_station_n_open (TwStation *self);
TwOpenClaim    tw_station_open_claim (TwStation *self, guint i);

/* Every session that is not over, or whose money is not. */
typedef void (*TwSessionFunc) (const TwRecord *record, gpointer user_data);
void           tw_station_each_session (TwStation *self, TwSessionFunc func, gpointer user_data);

/* A gentle end: no new customers, power off; sessions stay in the journal for the next start. */
void           tw_station_close (TwStation *self);
/* After it: every contactor that can be asked is reported open, by word that is newer than our wish. */
gboolean       tw_station_is_dark (TwStation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwStation, tw_station_free)
