/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/analytics/made-rows.h"

#include <string.h>

#define S G_USEC_PER_SEC

Made *
made_new (void)
{
  Made *self = g_new0 (Made, 1);

  self->rows = g_array_new (FALSE, TRUE, sizeof (TwSessionRow));
  self->texts = g_string_chunk_new (256);
  return self;
}

void
made_free (Made *self)
{
  g_array_unref (self->rows);
  g_string_chunk_free (self->texts);
  g_free (self);
}

TwText
made_text (Made       *self,
           const char *text)
{
  return (TwText) { g_string_chunk_insert_const (self->texts, text), strlen (text) };
}

static gint64
instant (gint64 second,
         gint64 after)
{
  return after < 0 ? TW_UNKNOWN : (second + after) * S;
}

TwSessionRow *
made_add (Made       *self,
          const char *site,
          const char *zone,
          const char *evse,
          gint64      start_s,
          gint64      end_s,
          gint64      charge_from,
          gint64      charge_to,
          gint64      energy_wh)
{
  char id[16];
  TwSessionRow row = {
    .line = self->rows->len + 1, .site = made_text (self, site), .zone = made_text (self, zone),
    .evse = made_text (self, evse), .plug_in = start_s * S, .plug_out = end_s > 0 ? end_s * S : TW_UNKNOWN,
    .charge_start = instant (start_s, charge_from), .charge_end = instant (start_s, charge_to),
    .occupied_s = TW_UNKNOWN, .charging_s = TW_UNKNOWN, .energy_wh = energy_wh, .max_power_w = TW_UNKNOWN,
    .rated_power_w = TW_UNKNOWN, .price_minor = TW_UNKNOWN, .tax_minor = TW_UNKNOWN, .captured_minor = TW_UNKNOWN,
    .refunded_minor = TW_UNKNOWN, .fee_minor = TW_UNKNOWN, .chargeback_minor = TW_UNKNOWN, .held_minor = TW_UNKNOWN,
    .held_from = TW_UNKNOWN, .held_until = TW_UNKNOWN, .tap_at = TW_UNKNOWN, .answered_at = TW_UNKNOWN,
  };

  g_snprintf (id, sizeof id, "%u", self->rows->len);
  row.session = made_text (self, id);
  g_array_append_val (self->rows, row);
  return &g_array_index (self->rows, TwSessionRow, self->rows->len - 1);
}

static gint64
perhaps (GRand *rand,
         gint64 value)
{
  return g_rand_int_range (rand, 0, 4) == 0 ? TW_UNKNOWN : value;
}

static void
add_money (GRand        *rand,
           TwSessionRow *row)
{
  gint64 price = g_rand_int_range (rand, 0, 5000), less = g_rand_int_range (rand, 0, 50);

  if (g_rand_int_range (rand, 0, 5) == 0)
    return;
  memcpy (row->currency, g_rand_int_range (rand, 0, 9) == 0 ? "CHF" : "EUR", 4);
  row->price_minor = perhaps (rand, price);
  row->tax_minor = perhaps (rand, price / 6);
  row->captured_minor = perhaps (rand, MAX (0, price - less));
  row->refunded_minor = perhaps (rand, g_rand_int_range (rand, 0, 3));
  row->fee_minor = perhaps (rand, price / 50);
  row->money_state = g_rand_int_range (rand, 0, TW_N_MONEY_STATES);
  row->held_minor = perhaps (rand, 5000);
  row->held_from = perhaps (rand, row->plug_in);
}

Made *
made_fleet (guint32 seed,
            gint64  around_s,
            guint   n)
{
  static const char *const zones[] = { "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns" };
  static const char *const tariffs[] = { "", "night", "day" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Made *self = made_new ();

  for (guint i = 0; i < n; i++)
    {
      guint site = g_rand_int_range (rand, 0, 4);
      char name[8], evse[8];
      gint64 start = around_s + g_rand_int_range (rand, -86400, 86400), length = g_rand_int_range (rand, 0, 20000);
      gint64 from = perhaps (rand, g_rand_int_range (rand, 0, 600));
      gint64 to = perhaps (rand, g_rand_int_range (rand, 0, 22000));
      TwSessionRow *row;

      g_snprintf (name, sizeof name, "S%u", site);
      g_snprintf (evse, sizeof evse, "E%d", g_rand_int_range (rand, 0, 2));
      row = made_add (self, name, zones[site], evse, start, g_rand_int_range (rand, 0, 12) == 0 ? 0 : start + length,
                      MIN (from, length), to == TW_UNKNOWN ? -1 : CLAMP (to, MAX (0, MIN (from, length)), length),
                      perhaps (rand, g_rand_int_range (rand, 0, 60000)));
      row->connector = made_text (self, g_rand_int_range (rand, 0, 2) ? "1" : "");
      row->tariff = made_text (self, tariffs[g_rand_int_range (rand, 0, 3)]);
      row->ending = g_rand_int_range (rand, 0, TW_N_ENDINGS);
      row->customer = g_rand_int_range (rand, 0, 20);
      add_money (rand, row);
    }
  return self;
}

TwAnalysis *
made_analysis (const Made            *self,
               const TwAnalysisTerms *terms,
               guint                  n_parts,
               gboolean               backwards)
{
  g_autoptr (GError) error = NULL;
  g_autofree TwRowIntake *parts = g_new (TwRowIntake, n_parts);
  TwAnalysisTerms usual;
  TwAnalysis *analysis;
  guint n = self->rows->len;

  tw_analysis_terms_init (&usual);
  analysis = tw_analysis_new (terms ? terms : &usual, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_parts; i++)
    parts[i] = tw_analysis_part (analysis, "made.csv");
  for (guint i = 0; i < n; i++)
    {
      const TwRowIntake *part = &parts[(i * 7 + i / 3) % n_parts];

      part->class_->session (part->self, &g_array_index (self->rows, TwSessionRow, backwards ? n - 1 - i : i), &error);
      g_assert_no_error (error);
    }
  tw_analysis_close (analysis, &error);
  g_assert_no_error (error);
  return analysis;
}
