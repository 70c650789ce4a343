/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/publish.h"

#include "app/base/error.h"
#include "app/daemon/lists.h"
#include "app/daemon/operator.h"
#include "app/daemon/prices.h"
#include "payment/receipt/reprint.h"

#include <string.h>

/* What an offer says, kept for the second in which it cannot say anything else: windows begin at whole seconds. */
typedef struct { TwTariff *tariff; gint64 second; TwPrices *prices; } Offered;

struct _TwPublisher
{
  TwParts *parts;
  TwBus   *bus;
  Offered  offered[TW_MAX_CONNECTORS];
};

static gboolean
is_language (const char *language,
             GError    **error)
{
  if (g_str_equal (language, "en") || g_str_equal (language, "de"))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-language");
  return FALSE;
}

static gboolean
choose (guint       connector,
        const char *language,
        gpointer    user_data,
        GError    **error)
{
  TwPublisher *self = user_data;

  return tw_station_choose (self->parts->station, connector, language, error);
}

static gboolean
set_goal (const char *kind,
          gint64      value,
          gpointer    user_data,
          GError    **error)
{
  TwPublisher *self = user_data;
  TwGoal goal;

  return tw_goal_parse (kind, value, &goal, error) && tw_station_set_goal (self->parts->station, &goal, error);
}

static void
touched (gpointer user_data)
{
  TwPublisher *self = user_data;

  tw_station_touched (self->parts->station);
}

static gboolean
accept (gpointer user_data,
        GError **error)
{
  TwPublisher *self = user_data;

  return tw_station_accept (self->parts->station, error);
}

static void
cancel (gpointer user_data)
{
  TwPublisher *self = user_data;

  tw_station_cancel (self->parts->station);
}

static gboolean
stop (guint    connector,
      gpointer user_data,
      GError **error)
{
  TwPublisher *self = user_data;

  return tw_station_stop (self->parts->station, connector, "stop", error);
}

static gboolean
set_language (guint       connector,
              const char *language,
              gpointer    user_data,
              GError    **error)
{
  TwPublisher *self = user_data;

  return tw_station_set_language (self->parts->station, connector, language, error);
}

static void
dismiss (guint    connector,
         gpointer user_data)
{
  TwPublisher *self = user_data;

  tw_station_dismiss (self->parts->station, connector);
}

static gboolean
activate (const TwBusActivation *activation,
          TwBusDone              done,
          gpointer               call,
          gpointer               user_data,
          GError               **error)
{
  TwPublisher *self = user_data;

  return tw_operator_activate (self->parts->station, activation, done, call, error);
}

static gboolean
money (const char *session,
       TwBusMoney *found,
       gpointer    user_data,
       GError    **error)
{
  TwPublisher *self = user_data;

  return tw_operator_money (self->parts->station, session, found, error);
}

static gboolean
repair (const TwBusRepair *repair,
        TwBusRepairDone    done,
        gpointer           call,
        gpointer           user_data,
        GError           **error)
{
  TwPublisher *self = user_data;

  return tw_operator_repair (self->parts->station, repair, done, call, error);
}

static gboolean
offers (const TwBusOffersOrder *order,
        TwBusDone               done,
        gpointer                call,
        gpointer                user_data,
        GError                **error)
{
  TwPublisher *self = user_data;

  return tw_operator_offers (self->parts->station, order, done, call, error);
}

/* final FALSE: the session still runs, and this is what it comes to so far. */
static TwReceipt *
print (TwPublisher *self,
       const char  *session,
       gboolean    *final,
       GError     **error)
{
  const TwRecord *record;
  TwMark mark;
  g_autoptr (TwUsage) so_far = tw_station_usage_so_far (self->parts->station, session, &record, &mark);
  g_autoptr (GError) why = NULL;
  TwReceipt *paper;

  *final = so_far == NULL;
  if (so_far != NULL)
    return tw_receipt_so_far (self->parts->journal, record, so_far, &mark, error);
  paper = tw_receipt_reprint (self->parts->journal, session, &why);

  if (g_error_matches (why, TW_ERROR, TW_ERROR_REFUSED))
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-session");
  else if (paper == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return paper;
}

static char *
json_of (const TwReceipt *paper,
         GError         **error)
{
  g_autoptr (GBytes) json = tw_receipt_to_json (paper, error);

  return json ? g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json)) : NULL;
}

static char *
receipt (const char *session,
         const char *format,
         const char *language,
         gpointer    user_data,
         GError    **error)
{
  TwPublisher *self = user_data;
  gboolean as_json = g_str_equal (format, "json"), as_qr = g_str_equal (format, "qr");
  g_autoptr (TwReceipt) paper = NULL;
  gboolean final;

  if (!as_json && !as_qr && !g_str_equal (format, "text"))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-format");
      return NULL;
    }
  if (!as_json && !is_language (language, error))
    return NULL;

  paper = print (self, session, &final, error);
  if (paper == NULL)
    return NULL;
  if (!final && as_qr)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "running");   /* nobody shall take that home */
      return NULL;
    }
  if (!as_json || !final)
    tw_station_receipt_fetched (self->parts->station, session);
  if (as_json)
    return json_of (paper, error);
  return as_qr ? tw_receipt_to_qr (paper, language, error) : tw_receipt_to_text (paper, language, error);
}

static TwBusGoal
goal_of (const TwGoal *goal,
         gint64        hold_minor)
{
  return (TwBusGoal) { tw_goal_kind_name (goal->kind), tw_goal_value (goal), hold_minor };
}

static void
publish_counter (TwPublisher *self)
{
  TwCounterView view = tw_station_counter (self->parts->station);
  TwBusGoal goals[TW_MOST_GOAL_OPTIONS];
  TwBusCounter counter = {
    .state = tw_counter_state_name (view.state), .session = view.session, .language = view.language,
    .currency = view.hold.currency, .prompt = view.prompt, .qr = view.qr, .outcome = view.outcome,
    .closed_why = view.closed_why, .connector = view.connector, .hold_minor = view.hold.minor,
    .deadline_boot_us = view.deadline_boot_us, .goal = goal_of (&view.goal, view.hold.minor),
    .least_minor = view.least_minor, .goals = goals, .n_goals = view.n_goal_options,
  };

  if (view.granted != NULL)
    counter.granted = tw_lists_grant (view.granted);
  for (guint i = 0; i < view.n_goal_options; i++)
    goals[i] = goal_of (&view.goal_options[i].goal, view.goal_options[i].hold_minor);
  tw_bus_set_counter (self->bus, &counter);
}

static TwBusNextPrice
next_of (TwPrices          *texts,
         const TwBayView   *view,
         const TwNextPrice *next,
         gint64             now_ms)
{
  const char *price = next->tag.gross_price ? next->tag.gross_price : next->tag.price;

  if (!next->known)
    return (TwBusNextPrice) { 0 };
  return (TwBusNextPrice) {
    .kind = tw_prices_kind_name (next->tag.kind), .at_boot_us = next->at_boot_us, .at_wh = next->at_wh,
    .gross_price = next->free ? "0" : price, .after_charging = next->after_charging,
    .grace_ms = next->grace_ms,
    .at = tw_prices_time_of_day (texts, view->tariff, next->at_wall_us / 1000, now_ms),
  };
}

static const char *
car_name (TwCar car)
{
  static const char *const names[] = { "unknown", "none", "connected", "drawing" };

  return names[car];
}

static void
forget_offered (Offered *offered)
{
  g_clear_pointer (&offered->prices, tw_prices_free);
  g_clear_pointer (&offered->tariff, tw_tariff_unref);
}

static const TwPrices *
offer_of (TwPublisher    *self,
          guint           i,
          const TwTariff *tariff,
          gint64          now_ms,
          gint64          power_w)
{
  Offered *offered = &self->offered[i];

  if (offered->prices != NULL && offered->tariff == tariff && offered->second == now_ms / 1000)
    return offered->prices;
  forget_offered (offered);
  offered->tariff = tariff ? tw_tariff_ref ((TwTariff *) tariff) : NULL;
  offered->second = now_ms / 1000;
  offered->prices = tw_prices_new (tariff, now_ms, power_w);

  return offered->prices;
}

static void
publish_connector (TwPublisher *self,
                   guint        i)
{
  TwBayView view = tw_station_bay (self->parts->station, i);
  gint64 power_w = (gint64) view.config->max_current_a * view.config->phases * view.config->voltage_v;
  gint64 now_ms = tw_clock_now (self->parts->clock).wall_us / 1000;
  const TwPrices *prices = offer_of (self, i, view.tariff, now_ms, power_w);
  g_autoptr (TwPrices) running = tw_prices_new_running (view.tariff, view.now.prices, view.now.n);
  TwBusConnector connector = {
    .number = view.config->number, .evse_id = view.config->evse_id, .label = view.config->label,
    .state = tw_bay_state_name (view.state), .car = view.power.present ? car_name (view.power.car) : "unknown",
    .fault = !view.power.present ? "controller-lost" : view.power.fault != 0 ? view.power.fault_name : "",
    .session = view.record ? view.record->session : "", .last_session = view.last_session,
    .money = view.record ? tw_record_money (view.record) : "",
    .currency = view.tariff ? tw_tariff_currency (view.tariff) : self->parts->config->currency,
    .tariff_hash = view.tariff ? tw_tariff_hash (view.tariff) : "",
    .power_wanted = view.power_wanted, .current_ma = view.power.current_ma, .energy_wh = view.energy_wh,
    .charging_ms = view.charging_ms, .parking_ms = view.parking_ms, .price_minor = view.price_minor,
    .hold_minor = view.record ? view.record->held_minor : 0, .deadline_boot_us = view.deadline_boot_us,
    .min_price = view.tariff ? tw_tariff_min_gross (view.tariff) : "",
    .max_price = view.tariff ? tw_tariff_max_gross (view.tariff) : "",
    .language = view.language, .receipt_until_boot_us = view.receipt_until_boot_us, .power_w = view.power_w,
    .offer_hold_minor = view.offer_hold_minor, .example_wh = view.example.energy_wh,
    .example_ms = view.example.duration_ms, .example_minor = view.example.price_minor,
    .next = next_of (running, &view, &view.next, now_ms), .idle = next_of (running, &view, &view.idle, now_ms),
    .closed_why = view.closed_why, .tariff_refused = view.tariff_refused,
  };

  connector.prices = (const TwBusPrice *) prices->now->data;
  connector.n_prices = prices->now->len;
  connector.later_prices = (const TwBusPrice *) prices->later->data;
  connector.n_later_prices = prices->later->len;
  connector.current_prices = (const TwBusPrice *) running->now->data;
  connector.n_current_prices = running->now->len;
  if (view.record != NULL)
    {
      connector.goal = goal_of (&view.record->goal, view.record->held_minor);
      connector.granted = tw_lists_grant (&view.record->granted);
    }
  tw_bus_set_connector (self->bus, i, &connector);
}

static gboolean
on_changed (gpointer user_data)
{
  TwPublisher *self = user_data;

  publish_counter (self);
  for (guint i = 0; i < tw_station_n_bays (self->parts->station); i++)
    publish_connector (self, i);
  tw_lists_publish (self->bus, self->parts->station);
  return G_SOURCE_REMOVE;
}

TwPublisher *
tw_publisher_new (TwParts *parts,
                  GError **error)
{
  static const TwBusVerbs verbs = { choose, accept, cancel, stop, set_language, receipt, dismiss, activate, set_goal,
                                     money, repair, touched, offers };
  g_autoptr (TwPublisher) self = g_new0 (TwPublisher, 1);
  TwBusStation station = {
    .version = TW_VERSION, .station_id = parts->config->station_id, .name = parts->config->name,
    .helpline = parts->config->helpline, .test_mode = parts->config->bank_cards_test,
    .n_connectors = tw_station_n_bays (parts->station),
  };

  self->parts = parts;
  self->bus = tw_bus_new (&station, &verbs, self, error);
  if (self->bus == NULL)
    return NULL;
  on_changed (self);
  tw_station_watch (parts->station, on_changed, self);
  return g_steal_pointer (&self);
}

void
tw_publisher_open (TwPublisher *self,
                   void       (*told) (gboolean owned, gpointer user_data),
                   gpointer     user_data)
{
  tw_bus_own_name (self->bus, told, user_data);
}

void
tw_publisher_free (TwPublisher *self)
{
  if (self->bus != NULL)
    {
      tw_station_watch (self->parts->station, NULL, NULL);
      tw_bus_free (self->bus);
    }
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    forget_offered (&self->offered[i]);
  g_free (self);
}
