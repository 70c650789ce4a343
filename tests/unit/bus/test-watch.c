/* SPDX-License-Identifier: Apache-2.0 */
/* A screen's view of a station that comes, goes, restarts, hurries and lies. */
#include "app/base/error.h"
#include "app/bus/watch.h"
#include "tests/unit/bus/liar.h"

#define STATION     "/org/tapwatt/Station1"
#define CONNECTOR_1 "/org/tapwatt/Connector1/1"
#define CONNECTOR_2 "/org/tapwatt/Connector1/2"
#define PATIENCE_S 30

typedef struct
{
  Bus        *bus;
  Liar       *liar;
  TwBusWatch *watch;
  guint       changes;
  gboolean    told;
  GError     *error;     /* what a verb was told */
  char       *receipt;
} Fixture;

static void
on_changed (gpointer user_data)
{
  ((Fixture *) user_data)->changes++;
}

static void
on_told (const GError *error,
         gpointer      user_data)
{
  Fixture *self = user_data;

  g_assert_false (self->told);
  self->told = TRUE;
  self->error = error ? g_error_copy (error) : NULL;
}

static void
on_receipt (const char   *receipt,
            const GError *error,
            gpointer      user_data)
{
  Fixture *self = user_data;

  self->receipt = g_strdup (receipt);
  on_told (error, user_data);
}

static gboolean
on_impatient (gpointer user_data)
{
  g_error ("what the test waits for does not happen");
  return G_SOURCE_REMOVE;
}

#define WAIT_UNTIL(condition) \
  G_STMT_START { \
    guint impatient = g_timeout_add_seconds (PATIENCE_S, on_impatient, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (impatient); \
  } G_STMT_END

static void
set_up (Fixture *self)
{
  *self = (Fixture) { .bus = bus_new () };
  self->watch = tw_bus_watch_new (bus_address (self->bus), on_changed, self);
}

static void
tear_down (Fixture *self)
{
  g_clear_pointer (&self->watch, tw_bus_watch_free);
  g_clear_pointer (&self->liar, liar_free);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_pointer (&self->bus, bus_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->receipt, g_free);
}

/* A station of two connectors that says what it has to, and little else. */
static void
come (Fixture    *self,
      const char *state)
{
  self->liar = liar_new (self->bus);
  liar_set (self->liar, STATION, g_variant_new_parsed (
    "{'Name': <'Town hall'>, 'TestMode': <true>, 'Counter': <(%s, {'connector': <uint32 2>, 'language': <'de'>})>, "
    "'Connectors': <[objectpath '" CONNECTOR_1 "', '" CONNECTOR_2 "']>}", state));
  liar_set (self->liar, CONNECTOR_1, g_variant_new_parsed ("{'Number': <uint32 1>, 'State': <'free'>}"));
  liar_set (self->liar, CONNECTOR_2, g_variant_new_parsed ("{'Number': <uint32 2>, 'State': <'armed'>}"));
  liar_own_name (self->liar);
}

static void
come_and_be_seen (Fixture    *self,
                  const char *state)
{
  bus_start (self->bus);
  come (self, state);
  WAIT_UNTIL (tw_bus_watch_present (self->watch));
}

static void
change (Fixture    *self,
        const char *path,
        const char *iface,
        const char *name,
        GVariant   *value)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", name, value);
  liar_signal (self->liar, path, g_variant_new ("(s@a{sv}as)", iface, g_variant_builder_end (&changed), NULL));
}

static void
assert_empty (Fixture *self)
{
  TwBusConnector connector = tw_bus_watch_connector (self->watch, 0);

  g_assert_false (tw_bus_watch_present (self->watch));
  g_assert_cmpstr (tw_bus_watch_counter (self->watch).state, ==, "");
  g_assert_null (tw_bus_watch_counter (self->watch).session);
  g_assert_cmpuint (tw_bus_watch_station (self->watch).n_connectors, ==, 0);
  g_assert_cmpstr (tw_bus_watch_station (self->watch).name, ==, "");
  g_assert_cmpstr (connector.state, ==, "");
  g_assert_cmpstr (connector.next.kind, ==, "");
  g_assert_cmpuint (connector.n_prices, ==, 0);
}

static void
test_bus_comes_later (void)
{
  Fixture self;

  set_up (&self);
  assert_empty (&self);
  tw_bus_watch_choose (self.watch, 1, "en", on_told, &self);
  g_assert_false (self.told);   /* never inside the call */
  WAIT_UNTIL (self.told);
  g_assert_error (self.error, TW_ERROR, TW_ERROR_GONE);
  g_assert_cmpuint (self.changes, ==, 0);

  come_and_be_seen (&self, "welcome");
  g_assert_cmpuint (self.changes, ==, 1);
  g_assert_cmpstr (tw_bus_watch_station (self.watch).name, ==, "Town hall");
  g_assert_true (tw_bus_watch_station (self.watch).test_mode);
  g_assert_cmpuint (tw_bus_watch_station (self.watch).n_connectors, ==, 2);
  g_assert_cmpstr (tw_bus_watch_counter (self.watch).state, ==, "welcome");
  g_assert_cmpstr (tw_bus_watch_counter (self.watch).language, ==, "de");
  g_assert_cmpuint (tw_bus_watch_counter (self.watch).connector, ==, 2);
  g_assert_cmpstr (tw_bus_watch_connector (self.watch, 0).state, ==, "free");
  g_assert_cmpstr (tw_bus_watch_connector (self.watch, 1).state, ==, "armed");
  tear_down (&self);
}

static void
test_changes_are_followed (void)
{
  Fixture self;
  GVariantBuilder gone;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  change (&self, CONNECTOR_2, "org.tapwatt.Connector1", "State", g_variant_new_string ("charging"));
  WAIT_UNTIL (g_str_equal (tw_bus_watch_connector (self.watch, 1).state, "charging"));
  g_assert_cmpstr (tw_bus_watch_connector (self.watch, 0).state, ==, "free");
  g_assert_cmpuint (tw_bus_watch_connector (self.watch, 1).number, ==, 2);   /* what was not said stays */

  g_variant_builder_init (&gone, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add (&gone, "s", "State");
  liar_signal (self.liar, CONNECTOR_2, g_variant_new ("(s@a{sv}as)", "org.tapwatt.Connector1",
                                                      g_variant_new_parsed ("@a{sv} {}"), &gone));
  WAIT_UNTIL (g_str_equal (tw_bus_watch_connector (self.watch, 1).state, ""));
  tear_down (&self);
}

static void
test_a_burst_is_few_changes (void)
{
  Fixture self;
  guint before;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  before = self.changes;
  for (gint64 wh = 1; wh <= 400; wh++)
    change (&self, CONNECTOR_1, "org.tapwatt.Connector1", "EnergyWh", g_variant_new_int64 (wh));
  WAIT_UNTIL (tw_bus_watch_connector (self.watch, 0).energy_wh == 400);
  /* How many are there when the loop looks is the machine's; that each is a change of its own would be 400. */
  g_assert_cmpuint (self.changes - before, <, 400);
  g_assert_cmpuint (liar_n_reads (self.liar), ==, 3);   /* nothing is asked twice */
  tear_down (&self);
}

static void
test_station_restarts (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "offer");
  liar_free (self.liar);
  come (&self, "asking");   /* at once */
  WAIT_UNTIL (g_str_equal (tw_bus_watch_counter (self.watch).state, "asking"));
  g_assert_true (tw_bus_watch_present (self.watch));

  g_clear_pointer (&self.liar, liar_free);
  WAIT_UNTIL (!tw_bus_watch_present (self.watch));
  assert_empty (&self);
  come (&self, "closed");
  WAIT_UNTIL (tw_bus_watch_present (self.watch));
  g_assert_cmpstr (tw_bus_watch_counter (self.watch).state, ==, "closed");
  tear_down (&self);
}

static void
test_bus_restarts (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "offer");
  bus_stop (self.bus);
  WAIT_UNTIL (!tw_bus_watch_present (self.watch));
  assert_empty (&self);
  g_clear_pointer (&self.liar, liar_free);
  come_and_be_seen (&self, "welcome");
  g_assert_cmpstr (tw_bus_watch_counter (self.watch).state, ==, "welcome");
  tear_down (&self);
}

/* The old station's words about itself are nobody's any more. */
static void
test_strangers_are_not_believed (void)
{
  Fixture self;
  Liar *stranger;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  stranger = liar_new (self.bus);
  liar_signal (stranger, STATION, g_variant_new_parsed (
    "('org.tapwatt.Station1', {'Counter': <('outcome', @a{sv} {})>}, @as [])"));
  liar_free (stranger);
  change (&self, STATION, "org.tapwatt.Station1", "Name", g_variant_new_string ("after it"));
  WAIT_UNTIL (g_str_equal (tw_bus_watch_station (self.watch).name, "after it"));
  g_assert_cmpstr (tw_bus_watch_counter (self.watch).state, ==, "welcome");
  tear_down (&self);
}

static gboolean
has_been_read (Fixture *self,
               guint    times)
{
  g_main_context_wakeup (NULL);   /* it is read in another thread: look again */
  return liar_n_reads (self->liar) >= times;
}

static void
test_half_a_station_is_none (void)
{
  Fixture self;

  set_up (&self);
  bus_start (self.bus);
  self.liar = liar_new (self.bus);
  liar_set (self.liar, STATION, g_variant_new_parsed (
    "{'Connectors': <[objectpath '" CONNECTOR_1 "', '" CONNECTOR_2 "']>}"));
  liar_set (self.liar, CONNECTOR_1, g_variant_new_parsed ("{'State': <'free'>}"));
  liar_own_name (self.liar);
  WAIT_UNTIL (has_been_read (&self, 5));   /* and once more */
  assert_empty (&self);
  g_assert_cmpuint (self.changes, ==, 0);
  liar_set (self.liar, CONNECTOR_2, g_variant_new_parsed ("{'State': <'fault'>}"));
  WAIT_UNTIL (tw_bus_watch_present (self.watch));
  g_assert_cmpstr (tw_bus_watch_connector (self.watch, 1).state, ==, "fault");
  g_assert_cmpuint (self.changes, ==, 1);
  tear_down (&self);
}

static void
assert_asked (Fixture    *self,
              const char *asked)
{
  g_autofree char *found = NULL;

  WAIT_UNTIL (self->told);
  g_assert_no_error (self->error);
  self->told = FALSE;
  found = liar_asked (self->liar);
  g_assert_cmpstr (found, ==, asked);
}

static void
test_verbs_arrive (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  tw_bus_watch_choose (self.watch, 2, NULL, on_told, &self);
  assert_asked (&self, STATION " Choose (2, '')");
  tw_bus_watch_accept (self.watch, on_told, &self);
  assert_asked (&self, STATION " Accept ()");
  tw_bus_watch_cancel (self.watch, on_told, &self);
  assert_asked (&self, STATION " Cancel ()");
  tw_bus_watch_touched (self.watch, on_told, &self);
  assert_asked (&self, STATION " Touched ()");
  tw_bus_watch_stop (self.watch, 2, on_told, &self);
  assert_asked (&self, CONNECTOR_2 " Stop ()");
  tw_bus_watch_dismiss (self.watch, 1, on_told, &self);
  assert_asked (&self, CONNECTOR_1 " Dismiss ()");
  tw_bus_watch_set_language (self.watch, 0, "de", on_told, &self);
  assert_asked (&self, STATION " SetLanguage ('de',)");
  tw_bus_watch_set_language (self.watch, 2, "en", on_told, &self);
  assert_asked (&self, CONNECTOR_2 " SetLanguage ('en',)");
  tw_bus_watch_receipt (self.watch, "S-1", "qr", "en", on_receipt, &self);
  assert_asked (&self, STATION " Receipt ('S-1', 'qr', 'en')");
  g_assert_cmpstr (self.receipt, ==, "paper");
  tw_bus_watch_cancel (self.watch, NULL, NULL);   /* nobody wants to know */
  tear_down (&self);
}

static void
test_refusals_are_codes (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  liar_refuse (self.liar, "org.tapwatt.Error.NotNow", "connector-armed");
  tw_bus_watch_choose (self.watch, 2, "en", on_told, &self);
  WAIT_UNTIL (self.told);
  g_assert_error (self.error, TW_ERROR, TW_ERROR_REFUSED);
  g_assert_cmpstr (self.error->message, ==, "connector-armed");
  self.told = FALSE;
  g_clear_error (&self.error);
  liar_refuse (self.liar, "org.freedesktop.DBus.Error.AccessDenied", "no");
  tw_bus_watch_receipt (self.watch, "S-1", "qr", "en", on_receipt, &self);
  WAIT_UNTIL (self.told);
  g_assert_error (self.error, TW_ERROR, TW_ERROR_GONE);
  g_assert_null (self.receipt);
  tear_down (&self);
}

static void
test_silence_has_an_end (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  liar_refuse (self.liar, "", "");
  tw_bus_watch_accept (self.watch, on_told, &self);
  WAIT_UNTIL (self.told);
  g_assert_error (self.error, TW_ERROR, TW_ERROR_TIMEOUT);
  tear_down (&self);
}

static gboolean
has_been_asked (Fixture *self)
{
  g_autofree char *asked = liar_asked (self->liar);

  g_main_context_wakeup (NULL);   /* it is asked in another thread: look again */
  return asked != NULL;
}

static void
test_station_goes_before_it_answers (void)
{
  Fixture self;

  set_up (&self);
  come_and_be_seen (&self, "welcome");
  liar_refuse (self.liar, "", "");
  tw_bus_watch_accept (self.watch, on_told, &self);
  WAIT_UNTIL (has_been_asked (&self));
  g_clear_pointer (&self.liar, liar_free);
  WAIT_UNTIL (self.told);
  g_assert_error (self.error, TW_ERROR, TW_ERROR_GONE);
  tear_down (&self);
}

static void
test_whoever_went_is_not_told (void)
{
  Fixture self;

  set_up (&self);
  tw_bus_watch_accept (self.watch, on_told, &self);   /* to nobody */
  g_clear_pointer (&self.watch, tw_bus_watch_free);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (self.told);

  self.watch = tw_bus_watch_new (bus_address (self.bus), on_changed, &self);
  come_and_be_seen (&self, "welcome");
  tw_bus_watch_accept (self.watch, on_told, &self);
  change (&self, STATION, "org.tapwatt.Station1", "Name", g_variant_new_string ("x"));
  g_clear_pointer (&self.watch, tw_bus_watch_free);
  self.changes = 0;
  tear_down (&self);
  g_assert_false (self.told);
  g_assert_cmpuint (self.changes, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/watch/the-bus-comes-later", test_bus_comes_later);
  g_test_add_func ("/bus/watch/changes-are-followed", test_changes_are_followed);
  g_test_add_func ("/bus/watch/a-burst-is-few-changes", test_a_burst_is_few_changes);
  g_test_add_func ("/bus/watch/the-station-restarts", test_station_restarts);
  g_test_add_func ("/bus/watch/the-bus-restarts", test_bus_restarts);
  g_test_add_func ("/bus/watch/strangers-are-not-believed", test_strangers_are_not_believed);
  g_test_add_func ("/bus/watch/half-a-station-is-none", test_half_a_station_is_none);
  g_test_add_func ("/bus/watch/verbs-arrive", test_verbs_arrive);
  g_test_add_func ("/bus/watch/refusals-are-codes", test_refusals_are_codes);
  g_test_add_func ("/bus/watch/silence-has-an-end", test_silence_has_an_end);
  g_test_add_func ("/bus/watch/the-station-goes-before-it-answers", test_station_goes_before_it_answers);
  g_test_add_func ("/bus/watch/whoever-went-is-not-told", test_whoever_went_is_not_told);
  return g_test_run ();
}
