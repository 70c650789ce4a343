/* SPDX-License-Identifier: Apache-2.0 */
/* org.tapwatt.Station1 on the bus, as plain values: the one folder that knows GVariant. Says what it is told and hands
 * on what is asked; decides nothing. The XML beside this file is the contract. Main thread only.
 */
#pragma once

#include "app/bus/offer.h"
#include "app/bus/order.h"
#include "app/bus/price.h"

#include <gio/gio.h>

typedef struct _TwBus TwBus;

typedef struct { const char *version, *station_id, *name, *helpline; gboolean test_mode; guint n_connectors;
                 const TwBusOffer *offers; guint n_offers; } TwBusStation;

/* kind: "amount", "energy", "time", "full"; value in minor units, Wh, ms, 0. */
typedef struct { const char *kind; gint64 value, hold_minor; } TwBusGoal;

typedef struct
{
  const char *state, *session, *language, *currency, *prompt, *qr, *outcome, *closed_why;   /* NULL: not there */
  guint       connector;
  gint64      hold_minor, deadline_boot_us;
  TwBusGoal   goal;                        /* what the hold is for */
  gint64      least_minor;                 /* a smaller amount cannot be chosen; 0: nothing can */
  const TwBusGoal *goals;                  /* proposals */
  guint       n_goals;
  TwBusGrant  granted;                     /* what the card that was presented gets cheaper */
} TwBusCounter;

typedef struct
{
  guint       number;
  const char *evse_id, *label, *state, *car, *fault, *session, *last_session, *money, *currency, *tariff_hash;
  const char *language;                    /* of the session here, or of the one whose receipt is due; "": none */
  gboolean    power_wanted;
  gint32      current_ma;
  gint64      energy_wh, charging_ms, parking_ms, price_minor, hold_minor, deadline_boot_us;
  gint64      power_w, receipt_until_boot_us;
  const TwBusPrice *prices, *later_prices; /* those of who begins now; what follows, or holds under conditions */
  guint       n_prices, n_later_prices;
  const TwBusPrice *current_prices;        /* what the running session pays now */
  guint       n_current_prices;
  const char *closed_why;                  /* why nothing is sold here, a code; "": it is */
  const char *tariff_refused;              /* why the configured tariff is not used, for the operator; "": it is */
  const char *min_price, *max_price;       /* gross, of one session, as written; "": none */
  gint64      offer_hold_minor;            /* what an offer here would hold */
  gint64      example_wh, example_ms, example_minor;   /* so much in so much time costs so much; 0: no example */
  TwBusNextPrice next;                     /* kind "": the price does not change */
  TwBusNextPrice idle;                     /* what standing will cost with a full car; kind "": nothing */
  TwBusGoal   goal;                        /* of the running session; kind "": none */
  TwBusGrant  granted;                     /* to it; the price is with it already */
} TwBusConnector;

typedef struct
{
  const char *session, *request, *wish, *currency, *outcome;
  gint64      amount_minor, next_boot_us;
  guint       attempts;
} TwBusClaim;

/* Each answers at once, but activate and repair. An error's message goes to the caller as org.tapwatt.Error.NotNow, if
 * it is a code (lower-case words with hyphens); a sentence goes to the log, and the caller gets "failed". connector 0:
 * the counter. */
typedef struct
{
  gboolean (*choose)       (guint connector, const char *language, gpointer user_data, GError **error);
  gboolean (*accept)       (gpointer user_data, GError **error);
  void     (*cancel)       (gpointer user_data);
  gboolean (*stop)         (guint connector, gpointer user_data, GError **error);
  gboolean (*set_language) (guint connector, const char *language, gpointer user_data, GError **error);
  char    *(*receipt)      (const char *session, const char *format, const char *language, gpointer user_data,
                            GError **error);
  void     (*dismiss)      (guint connector, gpointer user_data);
  /* TRUE: done follows. Whoever may call this gets the sentence of an error, not a code. */
  gboolean (*activate)     (const TwBusActivation *activation, TwBusDone done, gpointer call, gpointer user_data,
                            GError **error);
  gboolean (*set_goal)     (const char *kind, gint64 value, gpointer user_data, GError **error);
  /* As activate; money at once. */
  gboolean (*money)        (const char *session, TwBusMoney *money, gpointer user_data, GError **error);
  gboolean (*repair)       (const TwBusRepair *repair, TwBusRepairDone done, gpointer call, gpointer user_data,
                            GError **error);
  void     (*touched)      (gpointer user_data);
  gboolean (*offers)       (const TwBusOffersOrder *order, TwBusDone done, gpointer call, gpointer user_data,
                            GError **error);
} TwBusVerbs;

/* Exports the objects on the system bus. verbs and user_data outlive it. GONE: there is no system bus. */
TwBus *tw_bus_new (const TwBusStation *station, const TwBusVerbs *verbs, gpointer user_data, GError **error);
/* Takes the well-known name, without a queue. told (TRUE): we have it, and others find us. told (FALSE): another has
 * it, or the bus is gone. */
void   tw_bus_own_name (TwBus *self, void (*told) (gboolean owned, gpointer user_data), gpointer user_data);
void   tw_bus_free (TwBus *self);

/* What did not change is not announced. i: 0 .. n_connectors - 1. */
void   tw_bus_set_counter (TwBus *self, const TwBusCounter *counter);
void   tw_bus_set_connector (TwBus *self, guint i, const TwBusConnector *connector);
void   tw_bus_set_claims (TwBus *self, const TwBusClaim *claims, guint n_claims);
void   tw_bus_set_offers (TwBus *self, const TwBusOffer *offers, guint n_offers);
void   tw_bus_set_tariffs (TwBus *self, const TwBusTariff *tariffs, guint n_tariffs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBus, tw_bus_free)
