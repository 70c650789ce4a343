/* SPDX-License-Identifier: Apache-2.0 */
/* What app/bus says on one side comes out on the other, over a real bus. */
#include "app/base/error.h"
#include "app/bus/watch.h"
#include "tests/unit/bus/liar.h"

static char *last_verb;

static gboolean note (GError **error, const char *refusal, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
note (GError    **error,
      const char *refusal,
      const char *format,
      ...)
{
  va_list args;

  g_free (last_verb);
  va_start (args, format);
  last_verb = g_strdup_vprintf (format, args);
  va_end (args);
  if (refusal != NULL)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_STATE, refusal);
  return refusal == NULL;
}

static gboolean
choose (guint       connector,
        const char *language,
        gpointer    user_data,
        GError    **error)
{
  return note (error, connector == 1 ? NULL : "connector-armed", "choose %u %s", connector, language);
}

static gboolean
accept (gpointer user_data,
        GError **error)
{
  return note (error, NULL, "accept");
}

static void
cancel (gpointer user_data)
{
  note (NULL, NULL, "cancel");
}

static gboolean
stop (guint    connector,
      gpointer user_data,
      GError **error)
{
  return note (error, "cannot open /var/lib/secret: Input/output error", "stop %u", connector);
}

static gboolean
set_language (guint       connector,
              const char *language,
              gpointer    user_data,
              GError    **error)
{
  return note (error, NULL, "language %u %s", connector, language);
}

static char *
receipt (const char *session,
         const char *format,
         const char *language,
         gpointer    user_data,
         GError    **error)
{
  note (error, NULL, "receipt %s %s %s", session, format, language);
  return g_strdup ("paper");
}

static void
dismiss (guint    connector,
         gpointer user_data)
{
  note (NULL, NULL, "dismiss %u", connector);
}

static gboolean
activate (const TwBusActivation *activation,
          TwBusDone              done,
          gpointer               call,
          gpointer               user_data,
          GError               **error)
{
  static GError broken = { 0, TW_ERROR_REFUSED, (char *) "A50-2: no start fee" };

  note (error, NULL, "activate %u %s %s %d", activation->connector, activation->tariff, activation->valid_from,
        activation->force);
  if (g_str_equal (activation->tariff, "{"))
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "$: it ends too soon");
      return FALSE;
    }
  broken.domain = TW_ERROR;
  done (activation->force ? NULL : &broken, call);
  return TRUE;
}

static gboolean
set_goal (const char *kind,
          gint64      value,
          gpointer    user_data,
          GError    **error)
{
  return note (error, value > 0 ? NULL : "no-such-goal", "goal %s %" G_GINT64_FORMAT, kind, value);
}

static gboolean
money (const char *session,
       TwBusMoney *found,
       gpointer    user_data,
       GError    **error)
{
  *found = (TwBusMoney) { "captured", "EUR", 5000, 1234, 1200, 200 };
  note (error, NULL, "money %s", session);
  if (*session == '\0')
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "no such session");
  return *session != '\0';
}

static gboolean
repair (const TwBusRepair *order,
        TwBusRepairDone    done,
        gpointer           call,
        gpointer           user_data,
        GError           **error)
{
  const TwBusRepaired repaired = { "unknown", "refund", "s-1-refund-3", "g\xe4teway", 200, TRUE };

  note (error, NULL, "repair %s %s %" G_GINT64_FORMAT " %s %s %s", order->session, order->operation,
        order->amount_minor, order->currency, order->case_, order->by);
  if (order->amount_minor <= 0)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "nothing to refund");
      return FALSE;
    }
  done (&repaired, NULL, call);
  return TRUE;
}

static void
touched (gpointer user_data)
{
  note (NULL, NULL, "touched");
}

static gboolean
make_offers (const TwBusOffersOrder *order,
             TwBusDone               done,
             gpointer                call,
             gpointer                user_data,
             GError                **error)
{
  note (error, NULL, "offers %s %s %s", order->offers ? order->offers : "-",
        order->valid_from ? order->valid_from : "-", order->valid_until ? order->valid_until : "-");
  if (g_strcmp0 (order->offers, "{") == 0)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "$: it ends too soon");
      return FALSE;
    }
  done (NULL, call);
  return TRUE;
}

static const TwBusVerbs verbs = { choose, accept, cancel, stop, set_language, receipt, dismiss, activate, set_goal,
                                  money, repair, touched, make_offers };

static const TwBusOffer offers[] = {
  { "in-force", "third", "abc", { 3, 0, 1250 }, 11, 22 }, { "coming", "back", "def", { 0, 30, 2000 }, 33, 44 },
};

static const TwBusGoal goals[] = { { "amount", 2000, 2000 }, { "energy", 5000, 253 } };

static const TwBusPrice prices[] = {
  { "energy", "0.42", "0.50", "19", 1, .now = TRUE, .until = "22:00", .until_wall_us = 77 },
  { "parking-time", "6.00", NULL, NULL, 60, .now = TRUE },
};

static const TwBusPrice later[] = {
  { "energy", "0.30", "0.36", "19", 1, .from = "22:00", .from_wall_us = 77 },
  { "time", "1.00", "1.19", "19", 1, .min_wh = 1, .max_wh = 2, .min_ms = 3, .max_ms = 4, .min_w = 5, .max_w = 6,
    .min_ma = 7, .max_ma = 8 },
};

static const TwBusPrice current[] = {
  { "energy", "0.30", "0.36", "19", 1, .now = TRUE, .min_wh = 20000, .until = "23:30", .until_wall_us = 78 },
};

static const TwBusTariff tariffs[] = {
  { 1, "in-force", "activated", "T-1", "abc", "EUR", 10, 20, 5, TRUE }, { .connector = 2, .state = "missing" },
};

static const TwBusConnector full = {
  .number = 1, .evse_id = "DE*TWT*E1*1", .label = "left", .state = "charging", .car = "drawing", .fault = "",
  .session = "S-2", .last_session = "S-1", .money = "held", .currency = "EUR", .tariff_hash = "abc", .language = "de",
  .granted = { 0, 30, 2000 },
  .power_wanted = TRUE, .current_ma = 16000, .energy_wh = 1234, .charging_ms = 60000, .parking_ms = 1000,
  .price_minor = 62, .hold_minor = 5000, .deadline_boot_us = G_GINT64_CONSTANT (9000000000000), .power_w = 11040,
  .receipt_until_boot_us = 42, .prices = prices, .n_prices = 2, .later_prices = later, .n_later_prices = 2,
  .closed_why = "no-tariff", .tariff_refused = "t.json: $.id", .min_price = "1.00", .max_price = "80.00",
  .offer_hold_minor = 6000, .example_wh = 20000, .example_ms = 3300000, .example_minor = 1000,
  .next = { "parking-time", "6.00", 7, 8, TRUE, 11, "22:00" }, .idle = { "parking-time", "3.00", 9, 0, TRUE },
  .current_prices = current, .n_current_prices = 1,
  .goal = { "energy", 5000, 0 },
};

static void
assert_full (const TwBusConnector *c)
{
  const char *texts[][2] = {
    { c->evse_id, full.evse_id }, { c->label, full.label }, { c->state, full.state }, { c->car, full.car },
    { c->fault, full.fault }, { c->session, full.session }, { c->last_session, full.last_session },
    { c->money, full.money }, { c->currency, full.currency }, { c->tariff_hash, full.tariff_hash },
    { c->language, full.language }, { c->min_price, full.min_price }, { c->max_price, full.max_price },
    { c->next.kind, full.next.kind }, { c->next.gross_price, full.next.gross_price },
    { c->prices[0].kind, "energy" }, { c->prices[0].price, "0.42" }, { c->prices[0].gross_price, "0.50" },
    { c->prices[0].tax_percent, "19" }, { c->prices[1].gross_price, "" }, { c->prices[1].tax_percent, "" },
    { c->idle.gross_price, "3.00" }, { c->prices[0].until, "22:00" }, { c->prices[1].until, "" },
    { c->later_prices[0].from, "22:00" }, { c->next.at, "22:00" }, { c->idle.at, "" },
    { c->current_prices[0].gross_price, "0.36" }, { c->current_prices[0].until, "23:30" },
    { c->goal.kind, "energy" },
    { c->later_prices[1].price, "1.00" }, { c->closed_why, "no-tariff" }, { c->tariff_refused, "t.json: $.id" },
  };
  gint64 numbers[][2] = {
    { c->number, full.number }, { c->goal.value, 5000 }, { c->power_wanted, TRUE }, { c->current_ma, full.current_ma },
    { c->energy_wh, full.energy_wh }, { c->charging_ms, full.charging_ms }, { c->parking_ms, full.parking_ms },
    { c->price_minor, full.price_minor }, { c->hold_minor, full.hold_minor },
    { c->deadline_boot_us, full.deadline_boot_us }, { c->power_w, full.power_w },
    { c->receipt_until_boot_us, full.receipt_until_boot_us }, { c->offer_hold_minor, full.offer_hold_minor },
    { c->example_wh, full.example_wh }, { c->example_ms, full.example_ms }, { c->example_minor, full.example_minor },
    { c->next.at_boot_us, 7 }, { c->next.at_wh, 8 }, { c->next.after_charging, TRUE },
    { c->next.grace_ms, 11 }, { c->n_prices, 2 },
    { c->prices[1].step, 60 }, { c->prices[0].now, TRUE },
    { c->idle.at_boot_us, 9 }, { c->prices[0].until_wall_us, 77 }, { c->n_later_prices, 2 },
    { c->later_prices[0].now, FALSE }, { c->later_prices[0].from_wall_us, 77 }, { c->later_prices[1].min_wh, 1 },
    { c->later_prices[1].max_wh, 2 }, { c->later_prices[1].min_ms, 3 }, { c->later_prices[1].max_ms, 4 },
    { c->later_prices[1].min_w, 5 }, { c->later_prices[1].max_w, 6 }, { c->later_prices[1].min_ma, 7 },
    { c->later_prices[1].max_ma, 8 }, { c->n_current_prices, 1 }, { c->current_prices[0].min_wh, 20000 },
    { c->current_prices[0].until_wall_us, 78 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpstr (texts[i][0], ==, texts[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpint (numbers[i][0], ==, numbers[i][1]);
}

static void
on_owned (gboolean owned,
          gpointer user_data)
{
  *(gboolean *) user_data = owned;
}

static void
on_changed (gpointer user_data)
{
}

static void
on_told (const GError *error,
         gpointer      user_data)
{
  *(char **) user_data = g_strdup (error ? error->message : "");
}

/* Waits for a verb's answer; "": done. */
static void
assert_told (char      **told,
             const char *verb,
             const char *answer)
{
  while (*told == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (*told, ==, answer);
  g_assert_cmpstr (last_verb, ==, verb);
  g_clear_pointer (told, g_free);
}

static TwBus *
open_station (void)
{
  TwBusStation station = { "1", "TWT-1", "Town hall", NULL, TRUE, 2 };
  TwBusCounter counter = { .state = "offer", .session = "S-2", .language = "de", .currency = "EUR", .connector = 1,
                           .hold_minor = 5000, .deadline_boot_us = 99, .goal = { "time", 600000, 0 },
                           .least_minor = 103, .goals = goals, .n_goals = 2, .granted = { 3, 0, 1250 } };
  TwBusConnector nothing = { .number = 2 };
  g_autoptr (GError) error = NULL;
  gboolean owned = FALSE;
  TwBus *bus = tw_bus_new (&station, &verbs, NULL, &error);

  g_assert_no_error (error);
  tw_bus_set_counter (bus, &counter);
  tw_bus_set_connector (bus, 0, &full);
  tw_bus_set_connector (bus, 1, &nothing);
  tw_bus_set_tariffs (bus, tariffs, G_N_ELEMENTS (tariffs));
  tw_bus_set_offers (bus, offers, G_N_ELEMENTS (offers));
  tw_bus_own_name (bus, on_owned, &owned);
  while (!owned)
    g_main_context_iteration (NULL, TRUE);
  return bus;
}

static void
ask_everything (TwBusWatch *watch)
{
  char *told = NULL;

  tw_bus_watch_choose (watch, 1, "de", on_told, &told);
  assert_told (&told, "choose 1 de", "");
  tw_bus_watch_choose (watch, 2, NULL, on_told, &told);
  assert_told (&told, "choose 2 ", "connector-armed");
  tw_bus_watch_stop (watch, 2, on_told, &told);
  assert_told (&told, "stop 2", "failed");   /* a sentence is for the log */
  tw_bus_watch_set_language (watch, 0, "en", on_told, &told);
  assert_told (&told, "language 0 en", "");
  tw_bus_watch_set_language (watch, 2, "de", on_told, &told);
  assert_told (&told, "language 2 de", "");
  tw_bus_watch_dismiss (watch, 2, on_told, &told);
  assert_told (&told, "dismiss 2", "");
  tw_bus_watch_set_goal (watch, "energy", 5000, on_told, &told);
  assert_told (&told, "goal energy 5000", "");
  tw_bus_watch_set_goal (watch, "", G_MININT64, on_told, &told);
  assert_told (&told, "goal  -9223372036854775808", "no-such-goal");
  tw_bus_watch_accept (watch, on_told, &told);
  assert_told (&told, "accept", "");
  tw_bus_watch_cancel (watch, on_told, &told);
  assert_told (&told, "cancel", "");
}

static void
on_called (GObject      *connection,
           GAsyncResult *result,
           gpointer      user_data)
{
  char **told = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);
  g_autofree char *name = error ? g_dbus_error_get_remote_error (error) : NULL;

  if (error != NULL)
    g_dbus_error_strip_remote_error (error);
  *told = error ? g_strdup_printf ("%s: %s", name, error->message) : g_strdup ("");
}

static void
assert_activates (GDBusConnection *connection,
                  const char      *tariff,
                  gboolean         force,
                  const char      *verb,
                  const char      *answer)
{
  char *told = NULL;

  g_dbus_connection_call (connection, "org.tapwatt.Station1", "/org/tapwatt/Station1", "org.tapwatt.Station1",
                          "ActivateTariff", g_variant_new ("(ussb)", 2, tariff, "2026-12-01T00:00:00Z", force), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, &told);
  assert_told (&told, verb, answer);
}

/* Operators get the whole sentence. */
static void
activate_tariffs (void)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  assert_activates (connection, "{}", TRUE, "activate 2 {} 2026-12-01T00:00:00Z 1", "");
  assert_activates (connection, "{}", FALSE, "activate 2 {} 2026-12-01T00:00:00Z 0",
                    "org.tapwatt.Error.Refused: A50-2: no start fee");
  assert_activates (connection, "{", FALSE, "activate 2 { 2026-12-01T00:00:00Z 0",
                    "org.tapwatt.Error.Unusable: $: it ends too soon");
}

static void
assert_offers_called (const char *method,
                      GVariant   *parameters,
                      const char *verb,
                      const char *answer)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  char *told = NULL;

  g_dbus_connection_call (connection, "org.tapwatt.Station1", "/org/tapwatt/Station1", "org.tapwatt.Station1", method,
                          parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, &told);
  assert_told (&told, verb, answer);
}

static void
change_offers (void)
{
  assert_offers_called ("ActivateOffers", g_variant_new ("(sss)", "{}", "", "2027-01-01T00:00:00Z"),
                        "offers {}  2027-01-01T00:00:00Z", "");
  assert_offers_called ("ActivateOffers", g_variant_new ("(sss)", "{", "a", "b"), "offers { a b",
                        "org.tapwatt.Error.Unusable: $: it ends too soon");
  assert_offers_called ("WithdrawOffers", NULL, "offers - - -", "");
}

static void
on_repaired (GObject      *connection,
             GAsyncResult *result,
             gpointer      user_data)
{
  char **told = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  *told = answer ? g_variant_print (answer, FALSE) : g_dbus_error_get_remote_error (error);
}

static void
assert_money (const char *session,
              const char *verb,
              const char *answer)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  char *told = NULL;

  g_dbus_connection_call (connection, "org.tapwatt.Station1", "/org/tapwatt/Station1", "org.tapwatt.Station1",
                          "SessionMoney", g_variant_new ("(s)", session), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          on_repaired, &told);
  assert_told (&told, verb, answer);
}

static void
assert_repairs (gint64      amount_minor,
                const char *verb,
                const char *answer)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  char *told = NULL;

  g_dbus_connection_call (connection, "org.tapwatt.Station1", "/org/tapwatt/Station1", "org.tapwatt.Station1",
                          "Repair", g_variant_new ("(ssxsss)", "s-1", "refund", amount_minor, "EUR", "3f9a", "ann"),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_repaired, &told);
  assert_told (&told, verb, answer);
}

/* What the payment service says need not be UTF-8. */
static void
repair_cases (void)
{
  assert_repairs (200, "repair s-1 refund 200 EUR 3f9a ann",
                  "('unknown', 'refund', 200, 's-1-refund-3', 'g\xef\xbf\xbdteway', true)");
  assert_money ("s-1", "money s-1", "('captured', 'EUR', 5000, 1234, 1200, 200)");
  assert_money ("", "money ", "org.tapwatt.Error.Unusable");
  assert_repairs (0, "repair s-1 refund 0 EUR 3f9a ann", "org.tapwatt.Error.Unusable");
}

static void
assert_grant (TwBusGrant grant,
              guint      charges_in_month,
              guint      days_since_last,
              guint      discount_bp)
{
  g_assert_cmpuint (grant.charges_in_month, ==, charges_in_month);
  g_assert_cmpuint (grant.days_since_last, ==, days_since_last);
  g_assert_cmpuint (grant.discount_bp, ==, discount_bp);
}

static void
assert_offers (TwBusWatch *watch)
{
  const TwBusStation station = tw_bus_watch_station (watch);

  g_assert_cmpuint (station.n_offers, ==, 2);
  g_assert_cmpstr (station.offers[0].state, ==, "in-force");
  g_assert_cmpstr (station.offers[0].rule, ==, "third");
  g_assert_cmpstr (station.offers[1].hash, ==, "def");
  g_assert_cmpint (station.offers[1].valid_from_us, ==, 33);
  g_assert_cmpint (station.offers[1].valid_until_us, ==, 44);
  assert_grant (station.offers[0].grant, 3, 0, 1250);
  assert_grant (station.offers[1].grant, 0, 30, 2000);
  assert_grant (tw_bus_watch_counter (watch).granted, 3, 0, 1250);
  assert_grant (tw_bus_watch_connector (watch, 0).granted, 0, 30, 2000);
  assert_grant (tw_bus_watch_connector (watch, 1).granted, 0, 0, 0);
}

static void
test_round_trip (void)
{
  g_autoptr (Bus) daemon = bus_new ();
  TwBusConnector seen, changed = full;
  TwBusWatch *watch;
  TwBus *bus;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", bus_address (daemon), TRUE);
  bus_start (daemon);
  bus = open_station ();
  watch = tw_bus_watch_new (NULL, on_changed, NULL);
  while (!tw_bus_watch_present (watch))
    g_main_context_iteration (NULL, TRUE);
  seen = tw_bus_watch_connector (watch, 0);
  assert_full (&seen);
  seen = tw_bus_watch_connector (watch, 1);
  g_assert_cmpuint (seen.number, ==, 2);
  g_assert_cmpstr (seen.next.kind, ==, "");
  g_assert_cmpstr (tw_bus_watch_station (watch).helpline, ==, "");
  g_assert_cmpstr (tw_bus_watch_counter (watch).state, ==, "offer");
  g_assert_cmpint (tw_bus_watch_counter (watch).hold_minor, ==, 5000);
  g_assert_cmpstr (tw_bus_watch_counter (watch).goal.kind, ==, "time");
  g_assert_cmpint (tw_bus_watch_counter (watch).goal.value, ==, 600000);
  g_assert_cmpint (tw_bus_watch_counter (watch).least_minor, ==, 103);
  g_assert_cmpuint (tw_bus_watch_counter (watch).n_goals, ==, 2);
  g_assert_cmpstr (tw_bus_watch_counter (watch).goals[1].kind, ==, "energy");
  g_assert_cmpint (tw_bus_watch_counter (watch).goals[1].value, ==, 5000);
  g_assert_cmpint (tw_bus_watch_counter (watch).goals[1].hold_minor, ==, 253);
  assert_offers (watch);

  changed.next = (TwBusNextPrice) { 0 };
  changed.receipt_until_boot_us = 0;
  tw_bus_set_connector (bus, 0, &changed);
  while (*tw_bus_watch_connector (watch, 0).next.kind != '\0')
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (tw_bus_watch_connector (watch, 0).receipt_until_boot_us, ==, 0);
  ask_everything (watch);
  activate_tariffs ();
  change_offers ();
  repair_cases ();
  tw_bus_watch_free (watch);
  tw_bus_free (bus);
  g_clear_pointer (&last_verb, g_free);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/what-is-said-arrives", test_round_trip);
  return g_test_run ();
}
