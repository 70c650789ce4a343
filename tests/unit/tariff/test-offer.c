/* SPDX-License-Identifier: Apache-2.0 */
/* An offer tells the truth, and all of it: what random sessions are charged under random tariffs is told, with bounds
 * that hold at that moment, and what is told can happen. The judge is the pricer, which knows nothing of offers. A
 * failure prints the tariff; "--seed" repeats it. */
#include "tests/unit/tariff/case.h"

#include "app/base/json.h"
#include "payment/tariff/price-board.h"
#include "payment/tariff/pricer.h"

#define TARIFFS 400
#define SESSIONS 12
#define HOUR (3600 * (gint64) 1000)
#define LOOK (24 * HOUR)
#define POWER_W 22000
#define MOST_MW (POWER_W * (gint64) 1100)   /* with what the mains may have above their name */

static const char *const KINDS[] = { "FLAT", "ENERGY", "TIME", "PARKING_TIME" };

/* --- tariffs --- */

static gboolean
often (guint percent)
{
  return (guint) g_test_rand_int_range (0, 100) < percent;
}

static const char *
one_of (const char *const *texts)
{
  return texts[g_test_rand_int_range (0, (gint32) g_strv_length ((char **) texts))];
}

static void
add_one (GString           *json,
         guint              percent,
         const char        *name,
         const char *const *texts,
         const char        *quote)
{
  if (often (percent))
    g_string_append_printf (json, "%s'%s':%s%s%s", g_str_has_suffix (json->str, "{") ? "" : ",", name, quote,
                            one_of (texts), quote);
}

static void
add_restrictions (GString *json)
{
  const char *const times[] = { "00:00", "02:30", "06:00", "08:30", "18:00", "22:00", "23:00", NULL };
  const char *const dates[] = { "2026-10-24", "2026-10-25", "2026-10-26", "2026-11-22", "2026-11-23", NULL };
  const char *const kwh[] = { "0", "1", "5.5", "20", "50", "600", NULL };
  const char *const ages[] = { "0", "900", "3600", "14400", "90000", NULL };
  const char *const powers[] = { "0", "0.5", "3.7", "11", "22", "24", "50", NULL };
  const char *const currents[] = { "0", "6", "16", "32", NULL };
  const char *const days[] = { "['SUNDAY']", "['MONDAY','TUESDAY']", "['SATURDAY','SUNDAY','MONDAY']", NULL };

  g_string_append (json, ",'restrictions':{");
  add_one (json, 20, "start_time", times, "'");
  add_one (json, 20, "end_time", times, "'");
  add_one (json, 8, "start_date", dates, "'");
  add_one (json, 8, "end_date", dates, "'");
  add_one (json, 10, "day_of_week", days, "");
  add_one (json, 18, "min_kwh", kwh, "");
  add_one (json, 18, "max_kwh", kwh, "");
  add_one (json, 18, "min_duration", ages, "");
  add_one (json, 18, "max_duration", ages, "");
  add_one (json, 12, "min_power", powers, "");
  add_one (json, 12, "max_power", powers, "");
  add_one (json, 4, "min_current", currents, "");
  add_one (json, 4, "max_current", currents, "");
  g_string_append_c (json, '}');
}

static char *
random_tariff (void)
{
  const char *const prices[] = { "0", "0.1", "0.25", "0.39", "1", "6", "12", NULL };
  const char *const steps[] = { "0", "1", "1", "1", "60", "1000", NULL };
  GString *json = g_string_new ("{'id':'R','currency':'EUR','tax_included':'YES','elements':[");
  gint32 n = g_test_rand_int_range (1, 7);

  for (gint32 i = 0; i < n; i++)
    {
      guint kinds = (guint) g_test_rand_int_range (1, 16);
      gboolean first = TRUE;

      g_string_append_printf (json, "%s{'price_components':[", i > 0 ? "," : "");
      for (guint kind = 0; kind < G_N_ELEMENTS (KINDS); kind++)
        {
          if (!(kinds >> kind & 1))
            continue;
          g_string_append_printf (json, "%s{'type':'%s','price':%s,'vat':19,'step_size':%s}", first ? "" : ",",
                                  KINDS[kind], one_of (prices), one_of (steps));
          first = FALSE;
        }
      g_string_append_c (json, ']');
      if (often (75))
        add_restrictions (json);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");

  return g_string_free (json, FALSE);
}

/* --- what is charged --- */

/* energy_mwh: of the register, before the piece that is looked at. */
typedef struct
{
  const TwTariff     *tariff;
  const TwPriceBoard *offer;
  const char         *json;
  gint64              start_ms, energy_mwh;
} Session;

static gboolean
bounds_hold (const TwPostedPrice *price,
             const Session      *session,
             const TwPiece      *piece,
             const TwSpan       *span)
{
  const TwPostedCondition *w = &price->when;
  gint64 age = piece->start_ms - session->start_ms;

  /* What is not known is as any bound says; what asks for the unknown asks for nothing else of it. */
  if ((price->unknown_power && span->has_power) || (price->unknown_current && span->has_current))
    return FALSE;
  return piece->start_ms >= price->from_ms && (price->until_ms == 0 || piece->start_ms < price->until_ms)
      && session->energy_mwh >= w->min_mwh && (w->max_mwh < 0 || session->energy_mwh < w->max_mwh)
      && age >= w->min_ms && (w->max_ms < 0 || age < w->max_ms)
      && (!span->has_power || (span->min_power_mw >= w->min_mw && (w->max_mw < 0 || span->min_power_mw < w->max_mw)))
      && (!span->has_current || (span->min_current_ma >= w->min_ma
                                 && (w->max_ma < 0 || span->min_current_ma < w->max_ma)));
}

static const TwPriceTag *
tag_of (const TwTariff *tariff,
        TwLineKind      kind,
        int             element,
        TwPriceTag     *tag)
{
  static const char *const none = "0";
  g_autoptr (GError) error = NULL;
  const char *text = g_bytes_get_data (tw_tariff_bytes (tariff), NULL);
  g_autoptr (TwJson) json = tw_json_parse (text, g_bytes_get_size (tw_tariff_bytes (tariff)),
                                             &TW_JSON_SMALL, &error);
  const TwJson *components;

  g_assert_no_error (error);
  *tag = (TwPriceTag) { .kind = kind, .price = none };
  if (element < 0)
    return tag;
  components = tw_json_member (tw_json_element (tw_json_member (json, "elements"), (guint) element),
                               "price_components");
  for (guint i = 0; i < tw_json_length (components); i++)
    {
      const TwJson *component = tw_json_element (components, i);

      if (!g_str_equal (tw_json_string (tw_json_member (component, "type")), KINDS[kind]))
        continue;
      tag->price = g_intern_string (tw_json_number_text (tw_json_member (component, "price")));
      tag->step_size = g_ascii_strtoll (tw_json_number_text (tw_json_member (component, "step_size")), NULL, 10);
    }

  return tag;
}

static gboolean
is_price (const TwPostedPrice *told,
          const TwPriceTag   *charged)
{
  if (told->free || g_str_equal (charged->price, "0"))
    return told->free && g_str_equal (charged->price, "0");
  return g_str_equal (told->when.tag.price, charged->price) && told->when.tag.step_size == charged->step_size;
}

/* What is charged in this piece is told, and nothing else is told for sure. */
static void
check_kind (const Session *session,
            TwLineKind     kind,
            const TwPiece *piece,
            const TwSpan  *span)
{
  TwPriceTag charged;
  gboolean told = FALSE, any = FALSE;

  tag_of (session->tariff, kind, piece->elements[kind], &charged);
  for (guint i = 0; i < session->offer->prices->len; i++)
    {
      const TwPostedPrice *price = &g_array_index (session->offer->prices, TwPostedPrice, i);
      gboolean sure = !price->rest && !price->loose;

      if (price->kind != kind)
        continue;
      any = TRUE;
      if (!bounds_hold (price, session, piece, span))
        continue;
      told |= is_price (price, &charged);
      if (sure && !is_price (price, &charged) && span->has_power && span->has_current)
        g_error ("%s: %s is told as %s and charged at %s, in the %" G_GINT64_FORMAT "th second and at %" G_GINT64_FORMAT
                 " mWh", session->json, KINDS[kind], price->free ? "free" : price->when.tag.price, charged.price,
                 (piece->start_ms - session->start_ms) / 1000, session->energy_mwh);
    }
  if (!told && (any || !g_str_equal (charged.price, "0")))
    g_error ("%s: %s is charged at %s and not told, in the %" G_GINT64_FORMAT "th second and at %" G_GINT64_FORMAT
             " mWh", session->json, KINDS[kind], charged.price, (piece->start_ms - session->start_ms) / 1000,
             session->energy_mwh);
}

typedef struct { Session *session; const TwSpan *span; } Watch;

static void
on_piece (const TwPiece *piece,
          gpointer       user_data)
{
  Watch *watch = user_data;

  if (piece->phase == TW_PHASE_CHARGING)
    {
      check_kind (watch->session, TW_LINE_ENERGY, piece, watch->span);
      check_kind (watch->session, TW_LINE_TIME, piece, watch->span);
    }
  else
    check_kind (watch->session, TW_LINE_PARKING_TIME, piece, watch->span);
  watch->session->energy_mwh += piece->energy_mwh;
}

/* A fee has no pieces: it is among those told, whenever it came. */
static void
check_fee (const Session  *session,
           const TwPricer *pricer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBill) bill = tw_pricer_bill (pricer, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      const TwLine *line = tw_bill_line (bill, i);
      gboolean told = line->kind != TW_LINE_FLAT || g_str_equal (line->unit_price, "0");

      for (guint k = 0; k < session->offer->prices->len; k++)
        {
          const TwPostedPrice *price = &g_array_index (session->offer->prices, TwPostedPrice, k);

          told |= price->kind == TW_LINE_FLAT && !price->free
               && g_str_equal (price->when.tag.price, line->unit_price);
        }
      if (!told)
        g_error ("%s: a fee of %s is not told", session->json, line->unit_price);
    }
}

static void
feed (TwPricer     *pricer,
      Session      *session,
      const TwSpan *span)
{
  Watch watch = { session, span };

  tw_pricer_watch (pricer, on_piece, &watch);
  tw_pricer_feed (pricer, span);
}

static void
play (const TwTariff *tariff,
      const TwPriceBoard  *offer,
      const char     *json,
      gint64          now)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  Session session = { tariff, offer, json, now + g_test_rand_int_range (0, 1200) * (gint64) 60000, 0 };
  gint64 at = session.start_ms, end = now + LOOK;

  for (guint i = 0; i < 8 && at < end; i++)
    {
      TwSpan span = {
        .phase = i == 0 || often (60) ? TW_PHASE_CHARGING : TW_PHASE_PARKING, .start_ms = at,
        .duration_ms = MIN (g_test_rand_int_range (1, 14400) * (gint64) 1000, end - at),
        .has_power = often (90), .has_current = often (70),
      };

      if (span.phase == TW_PHASE_CHARGING)
        {
          span.min_power_mw = g_test_rand_int_range (0, POWER_W) * (gint64) 1000;
          span.min_current_ma = g_test_rand_int_range (0, 96000);
        }
      span.max_power_mw = span.min_power_mw;
      span.max_current_ma = span.min_current_ma;
      span.energy_mwh = span.min_power_mw * (span.duration_ms / 1000) / 3600;
      feed (pricer, &session, &span);
      at += span.duration_ms;
    }
  check_fee (&session, pricer);
}

/* --- what is told --- */

/* As late and as old as the bounds allow, with as little energy: if no such session can be, then none can. */
static void
check_possible (const TwTariff     *tariff,
                const TwPriceBoard      *offer,
                const char         *json,
                const TwPostedPrice *price,
                gint64              now)
{
  const TwPostedCondition *w = &price->when;
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 at = (price->until_ms != 0 ? price->until_ms : now + LOOK) - 1;
  gint64 age = w->max_ms < 0 ? at - now : MIN (w->max_ms - 1, at - now), energy = MAX (w->min_mwh, 0);
  Session session = { tariff, offer, json, at - age, 0 };
  TwSpan before = { .phase = TW_PHASE_CHARGING, .start_ms = at - age, .duration_ms = age, .energy_mwh = energy };
  TwSpan then = {
    .phase = price->kind == TW_LINE_PARKING_TIME ? TW_PHASE_PARKING : TW_PHASE_CHARGING, .start_ms = at,
    .duration_ms = 1, .has_power = !price->unknown_power, .has_current = !price->unknown_current,
    .min_power_mw = MAX (w->min_mw, 0), .max_power_mw = MAX (w->min_mw, 0),
    .min_current_ma = MAX (w->min_ma, 0), .max_current_ma = MAX (w->min_ma, 0),
  };

  if (age < w->min_ms || energy > MOST_MW * (age / 1000 + 1) / 3600 || then.min_power_mw > MOST_MW)
    g_error ("%s: %s at %s is told and can never be", json, KINDS[price->kind], price->when.tag.price);
  tw_pricer_feed (pricer, &before);
  session.energy_mwh = energy;
  feed (pricer, &session, &then);
}

static void
test_random (gconstpointer zone)
{
  g_autoptr (GTimeZone) there = g_time_zone_new_identifier (zone);
  guint n_told = 0, n_loose = 0, n_rest = 0;

  g_assert_nonnull (there);
  for (guint i = 0; i < TARIFFS; i++)
    {
      g_autofree char *json = random_tariff ();
      g_auto (GStrv) parts = g_strsplit (json, "'", -1);
      g_autofree char *quoted = g_strjoinv ("\"", parts);
      g_autoptr (GBytes) bytes = g_bytes_new (quoted, strlen (quoted));
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTariff) tariff = tw_tariff_parse_in (bytes, there, TW_TARIFF_WALK_UP, &error);
      /* Noon of a Sunday, or the Saturday before the clocks go back. */
      gint64 now = often (50) ? G_GINT64_CONSTANT (1795345200000) : G_GINT64_CONSTANT (1792836000000);
      g_autoptr (TwPriceBoard) offer = NULL;

      g_assert_no_error (error);
      offer = tw_price_board_new (tariff, now, LOOK, POWER_W);
      for (guint k = 0; k < SESSIONS; k++)
        play (tariff, offer, json, now);
      for (guint k = 0; k < offer->prices->len; k++)
        {
          const TwPostedPrice *price = &g_array_index (offer->prices, TwPostedPrice, k);

          n_told++;
          n_loose += price->loose;
          n_rest += price->rest;
          if (!price->loose && !price->rest && price->kind != TW_LINE_FLAT)
            check_possible (tariff, offer, json, price, now);
        }
    }
  g_test_message ("%u prices told, %u for all other cases, %u for some", n_told, n_rest, n_loose);
  g_assert_cmpuint (n_told, >, TARIFFS);
  g_assert_cmpuint (n_loose * 20, <, n_told);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/tariff/offer/all-that-is-charged-was-told/utc", "UTC", test_random);
  g_test_add_data_func ("/tariff/offer/all-that-is-charged-was-told/berlin", "Europe/Berlin", test_random);

  return g_test_run ();
}
