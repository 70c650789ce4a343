/* SPDX-License-Identifier: Apache-2.0 */
/* Drivers who look at the price, or do not, and what the question about it makes of what they paid. */
#include <math.h>
#include <string.h>

#include "payment/analytics/measures/measures.h"
#include "payment/analytics/models/draw.h"
#include "tests/unit/analytics/made-rows.h"

#define FIRST_DAY 20454         /* 2026-01-01 */
#define WEEKS 18
#define SITES 6
#define EVSES 8
#define MEAN_KWH 25

typedef struct
{
  double   elasticity;
  gboolean one_price;
  guint    fee_minor;           /* for starting */
  gboolean named;               /* sessions name their tariff */
} Market;

static guint
poisson (TwDraw *draw,
         double  mean)
{
  double left = tw_draw_unit (draw), least = exp (-mean);
  guint n = 0;

  for (; left > least; n++)
    left *= tw_draw_unit (draw);
  return n;
}

static void
sell (Made         *made,
      TwDraw       *draw,
      const Market *market,
      guint         site,
      gint64        hour_s,
      guint         price)
{
  char name[8], evse[8], tariff[8];
  guint32 wh = 5000 + tw_draw_below (draw, 2 * (MEAN_KWH - 5) * 1000);
  gint64 start = hour_s + tw_draw_below (draw, 3600);
  TwSessionRow *row;

  g_snprintf (name, sizeof name, "S%u", site);
  g_snprintf (evse, sizeof evse, "E%u", made->rows->len % EVSES);
  g_snprintf (tariff, sizeof tariff, "T%u", price);
  row = made_add (made, name, "UTC", evse, start, start + 1200, 0, 1200, wh);
  row->captured_minor = row->price_minor = (price * wh + 500) / 1000 + market->fee_minor;
  row->tariff = made_text (made, market->named ? tariff : "");
  memcpy (row->currency, "EUR", 4);
}

/* Each site has a price of its own in each week. */
static Made *
live (TwDraw       *draw,
      const Market *market)
{
  static const guint prices[] = { 39, 45, 52, 60 };
  Made *made = made_new ();

  for (guint site = 0; site < SITES; site++)
    for (guint week = 0; week < WEEKS; week++)
      {
        guint price = market->one_price ? 49 : prices[tw_draw_below (draw, G_N_ELEMENTS (prices))];
        double asked = price + (double) market->fee_minor / MEAN_KWH;

        for (guint hour = 0; hour < 168; hour++)
          for (guint n = poisson (draw, (hour % 24 < 6 ? 0.05 : 0.6) * pow (asked / 50, market->elasticity)); n > 0;
               n--)
            sell (made, draw, market, site, ((FIRST_DAY + week * 7) * 24 + hour) * G_GINT64_CONSTANT (3600), price);
      }
  return made;
}

/* The row of starts, or FALSE; what was noted to notes. */
static gboolean
ask (TwDraw       *draw,
     const Market *market,
     double        estimate[3],
     GString      *notes)
{
  g_autoptr (Made) made = live (draw, market);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  TwFigure *figure;

  tw_measure_prices (analysis, figures);
  figure = figures->pdata[0];
  for (guint i = 0; i < tw_figure_n_notes (figure); i++)
    g_string_append_printf (notes, "%s\n", tw_figure_nth_note (figure, i));
  for (guint i = 0; i < tw_figure_n_rows (figure); i++)
    if (g_str_equal (tw_figure_cell (figure, i, 0).as.text, "starts"))
      {
        for (guint k = 0; k < 3; k++)
          estimate[k] = tw_figure_cell (figure, i, 2 + k).as.number;
        return TRUE;
      }
  return FALSE;
}

static void
assert_found (const Market *market)
{
  enum { WORLDS = 24 };
  TwDraw draw = { 71 };
  guint held = 0;
  double sum = 0;

  for (guint i = 0; i < WORLDS; i++)
    {
      g_autoptr (GString) notes = g_string_new (NULL);
      double estimate[3];

      g_assert_true (ask (&draw, market, estimate, notes));
      held += estimate[1] <= market->elasticity && market->elasticity <= estimate[2];
      sum += estimate[0] / WORLDS;
    }
  g_test_message ("%u of %u held %g, mean %.3f", held, WORLDS, market->elasticity, sum);
  /* 95 % less 4 standard errors. */
  g_assert_cmpuint (held, >=, 19);
  g_assert_cmpfloat_with_epsilon (sum, market->elasticity, 0.08);
}

static void
planted_elasticity_is_found_in_what_was_paid (void)
{
  assert_found (&(Market) { .elasticity = -0.8 });
  assert_found (&(Market) { .elasticity = 0 });
}

/* Who charges little pays much for each kWh. That is no price that anyone was asked. */
static void
a_fee_for_starting_is_no_elasticity (void)
{
  assert_found (&(Market) { .elasticity = -0.8, .fee_minor = 100, .named = TRUE });
  assert_found (&(Market) { .elasticity = 0, .fee_minor = 100, .named = TRUE });
}

static void
assert_refused (const Market *market,
                const char   *why)
{
  g_autoptr (GString) notes = g_string_new (NULL);
  TwDraw draw = { 72 };
  double estimate[3];

  g_assert_false (ask (&draw, market, estimate, notes));
  g_assert_nonnull (strstr (notes->str, why));
}

static void
one_price_is_not_enough_variation (void)
{
  assert_refused (&(Market) { .elasticity = -0.8, .one_price = TRUE }, "one price only");
  assert_refused (&(Market) { .elasticity = -0.8, .one_price = TRUE, .fee_minor = 100, .named = TRUE },
                  "one price only");
}

static void
amounts_that_do_not_tell_the_price_are_refused (void)
{
  assert_refused (&(Market) { .elasticity = -0.8, .fee_minor = 100 }, "is not known");
  assert_refused (&(Market) { .elasticity = -0.8, .fee_minor = 100, .one_price = TRUE }, "is not known");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/prices/planted-elasticity-is-found-in-what-was-paid",
                   planted_elasticity_is_found_in_what_was_paid);
  g_test_add_func ("/analytics/prices/a-fee-for-starting-is-no-elasticity", a_fee_for_starting_is_no_elasticity);
  g_test_add_func ("/analytics/prices/one-price-is-not-enough-variation", one_price_is_not_enough_variation);
  g_test_add_func ("/analytics/prices/amounts-that-do-not-tell-the-price-are-refused",
                   amounts_that_do_not_tell_the_price_are_refused);
  return g_test_run ();
}
