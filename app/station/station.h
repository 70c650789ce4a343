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
#include "app/station/price-list.h"
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

/* What a screen is a function of. Strings live until the next change. */
typedef struct
{
  TwCounterState  state;
  const char     *session, *language;
  guint           connector;     /* of the offer; 0: none */
  TwMoney         hold;
  TwGoal          goal;          /* that the hold is for */
  gint64          least_minor;   /* an amount below it cannot be chosen; 0: no offer */
  const TwGoalOption *goal_options;   /* proposals: round figures by kind and size; none once a card is asked for */
  guint           n_goal_options;
  const char     *prompt, *qr;   /* what the person should do now; NULL */
  const char     *outcome;       /* code: "approved", "declined", "not-known-here" ...; NULL */
  const char     *closed_why;    /* code; NULL */
  gint64          deadline_boot_us;   /* 0: none */
  gboolean        test_mode;
} TwCounterView;
TwCounterView tw_station_counter (TwStation *self);

typedef struct
{
  TwBayState      state;
  const TwConnectorConfig *config;
  const TwTariff *tariff;        /* of the session or its offer, else what an offer would lock; NULL: none is valid */
  const char     *closed_why;    /* why nothing is sold here, a code; NULL: it is */
  const char     *tariff_refused; /* why the configured tariff is not used, for the operator; NULL: it is */
  const TwRecord *record;        /* NULL: no session */
  const char     *last_session;  /* that left this connector; NULL: none since the journal began */
  const char     *language;      /* of the session, or of last_session while its receipt is shown; NULL: neither */
  gint64          receipt_until_boot_us;   /* 0: none is shown */
  TwPowerStatus   power;
  gboolean        power_wanted;
  gint64          energy_wh, price_minor;     /* of the running session, up to the last reading */
  gint64          charging_ms, parking_ms;
  gint64          deadline_boot_us;
  gint64          power_w;       /* what flows, by the controller's current and the nominal voltage */
  gint64          offer_hold_minor;
  TwExample       example;
  TwPricesNow     now;           /* what the running session pays */
  TwNextPrice     next;          /* known FALSE: the price does not change any more */
  TwNextPrice     idle;          /* what standing costs when the car is full; at_boot_us: begins then if it stays so */
} TwBayView;
guint          tw_station_n_bays (TwStation *self);
TwBayView      tw_station_bay (TwStation *self, guint i);
/* Of a session that takes energy, or could, up to its last reading, which mark becomes; NULL: there is none such. */
TwUsage       *tw_station_usage_so_far (TwStation *self, const char *session, const TwRecord **record, TwMark *mark);

/* Sessions whose money is still on its way, wherever they are. */
typedef struct { const TwRecord *record; guint attempts; gint64 next_boot_us; } TwOpenClaim;
guint          tw_station_n_open (TwStation *self);
TwOpenClaim    tw_station_open_claim (TwStation *self, guint i);

/* A gentle end: no new customers, power off; sessions stay in the journal for the next start. */
void           tw_station_close (TwStation *self);
/* After it: every contactor that can be asked is reported open, by word that is newer than our wish. */
gboolean       tw_station_is_dark (TwStation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwStation, tw_station_free)
