/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/operator.h"

#include "app/base/error.h"

#include <string.h>

static gboolean
read_time (const char *name,
           const char *text,
           gint64     *wall_us,
           GError    **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = *text != '\0' ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  *wall_us = time ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
  if (time == NULL && *text != '\0')
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s \"%.64s\": expected a time such as "
                 "2026-12-01T00:00:00Z", name, text);
  return time != NULL || *text == '\0';
}

gboolean
tw_operator_activate (TwStation             *station,
                      const TwBusActivation *activation,
                      TwBusDone              done,
                      gpointer               call,
                      GError               **error)
{
  g_autoptr (GBytes) tariff = g_bytes_new (activation->tariff, strlen (activation->tariff));
  TwActivationOrder order = { .connector = activation->connector, .tariff = tariff, .force = activation->force };

  return read_time ("valid_from", activation->valid_from, &order.valid_from_us, error)
         && tw_station_activate (station, &order, done, call, error);
}

gboolean
tw_operator_offers (TwStation              *station,
                    const TwBusOffersOrder *order,
                    TwBusDone               done,
                    gpointer                call,
                    GError                **error)
{
  g_autoptr (GBytes) offers = order->offers ? g_bytes_new (order->offers, strlen (order->offers)) : NULL;
  TwOffersOrder ours = { .offers = offers };

  if (offers == NULL)
    return tw_station_withdraw_offers (station, done, call, error);
  return read_time ("valid_from", order->valid_from, &ours.valid_from_us, error)
         && read_time ("valid_until", order->valid_until, &ours.valid_until_us, error)
         && tw_station_activate_offers (station, &ours, done, call, error);
}

/* A call that waits for the payment service. */
typedef struct { TwBusRepairDone done; gpointer call; } Repairing;

static void
on_repaired (const TwRepairResult *result,
             const GError         *error,
             gpointer              user_data)
{
  g_autofree Repairing *repairing = user_data;
  TwBusRepaired repaired = { 0 };

  if (result != NULL)
    repaired = (TwBusRepaired) { result->outcome, result->operation, result->key, result->detail, result->amount_minor,
                                 result->before };
  repairing->done (&repaired, error, repairing->call);
}

gboolean
tw_operator_repair (TwStation         *station,
                    const TwBusRepair *order,
                    TwBusRepairDone    done,
                    gpointer           call,
                    GError           **error)
{
  TwRepairOrder repair = { .session = order->session, .operation = order->operation, .case_ = order->case_,
                           .by = order->by };
  g_autofree Repairing *repairing = g_new (Repairing, 1);

  if (tw_currency_digits (order->currency) < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "currency \"%.16s\": expected one such as EUR",
                   order->currency);
      return FALSE;
    }
  *repairing = (Repairing) { done, call };
  repair.amount = tw_money (order->amount_minor, order->currency);
  if (!tw_station_repair (station, &repair, on_repaired, repairing, error))
    return FALSE;
  g_steal_pointer (&repairing);
  return TRUE;
}

gboolean
tw_operator_money (TwStation   *station,
                   const char  *session,
                   TwBusMoney  *money,
                   GError     **error)
{
  TwSessionMoney found;

  if (!tw_station_session_money (station, session, &found, error))
    return FALSE;
  *money = (TwBusMoney) {
    .money = found.money, .currency = g_intern_string (found.currency), .held_minor = found.held_minor,
    .price_minor = found.price_minor, .captured_minor = found.captured_minor, .refunded_minor = found.refunded_minor,
  };
  return TRUE;
}
