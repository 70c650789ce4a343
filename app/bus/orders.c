/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/orders.h"

#include "app/base/error.h"
#include "app/bus/names.h"

/* What is wrong with their file or their order, and where. */
static void
answer_error (GDBusMethodInvocation *invocation,
              const GError          *error)
{
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  g_dbus_method_invocation_return_dbus_error (invocation, g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA)
                                                          ? UNUSABLE : REFUSED, message);
}

static void
on_activated (const GError *error,
              gpointer      call)
{
  if (error == NULL)
    g_dbus_method_invocation_return_value (call, NULL);
  else
    answer_error (call, error);
}

void
tw_order_activate (const TwBusVerbs      *verbs,
                   gpointer               user_data,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  TwBusActivation activation;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(u&s&sb)", &activation.connector, &activation.tariff, &activation.valid_from,
                 &activation.force);
  if (!verbs->activate (&activation, on_activated, invocation, user_data, &error))
    answer_error (invocation, error);
}

/* Without a file: they are withdrawn. */
void
tw_order_offers (const TwBusVerbs      *verbs,
                 gpointer               user_data,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  TwBusOffersOrder order = { NULL };
  g_autoptr (GError) error = NULL;

  if (g_variant_n_children (parameters) > 0)
    g_variant_get (parameters, "(&s&s&s)", &order.offers, &order.valid_from, &order.valid_until);
  if (!verbs->offers (&order, on_activated, invocation, user_data, &error))
    answer_error (invocation, error);
}

void
tw_order_money (const TwBusVerbs      *verbs,
                gpointer               user_data,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  const char *session;
  TwBusMoney money = { 0 };
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&s)", &session);
  if (verbs->money (session, &money, user_data, &error))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(ssxxxx)", money.money, money.currency,
                                                                      money.held_minor, money.price_minor,
                                                                      money.captured_minor, money.refunded_minor));
  else
    answer_error (invocation, error);
}

static const char *
text_of (const char *text)
{
  return text != NULL ? text : "";
}

static void
on_repaired (const TwBusRepaired *repaired,
             const GError        *error,
             gpointer             call)
{
  /* What a payment service says is not believed to be UTF-8. */
  g_autofree char *detail = error == NULL ? g_utf8_make_valid (text_of (repaired->detail), -1) : NULL;

  if (error == NULL)
    g_dbus_method_invocation_return_value (call, g_variant_new ("(ssxssb)", repaired->outcome, repaired->operation,
                                                                repaired->amount_minor, repaired->key, detail,
                                                                repaired->before));
  else
    answer_error (call, error);
}

void
tw_order_repair (const TwBusVerbs      *verbs,
                 gpointer               user_data,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  TwBusRepair repair;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&s&sx&s&s&s)", &repair.session, &repair.operation, &repair.amount_minor,
                 &repair.currency, &repair.case_, &repair.by);
  if (!verbs->repair (&repair, on_repaired, invocation, user_data, &error))
    answer_error (invocation, error);
}
