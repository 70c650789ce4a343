/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/quality.h"

#include <stdlib.h>
#include <string.h>

static const struct
{
  const char *name, *meaning;
  gboolean    leaves_out;
} flags[TW_N_FLAGS] = {
  [TW_FLAG_EXACT_DUPLICATE] = { "exact_duplicate", "The whole row has come before: left out.", TRUE },
  [TW_FLAG_ID_REUSED] = { "id_reused", "Another row has the same id: used.", FALSE },
  [TW_FLAG_NO_START] = { "no_start", "Nobody knows when the car was connected: left out.", TRUE },
  [TW_FLAG_ENDS_BEFORE_START] = { "ends_before_start", "It ends before it begins: left out.", TRUE },
  [TW_FLAG_YEAR_IMPOSSIBLE] = { "year_impossible", "It is from before 2009, or from the future: left out.", TRUE },
  [TW_FLAG_DURATION_DIFFERS] = { "duration_differs",
    "The source's own duration is more than 2 minutes off: its instants count.", FALSE },
  [TW_FLAG_CHARGED_LONGER] = { "charged_longer",
    "It charged when no car was connected: for utilisation, charging is cut to the connected time.", FALSE },
  [TW_FLAG_CHARGE_END_UNKNOWN] = { "charge_end_unknown",
    "Nobody knows how long it charged: its idle time is unknown, not 0.", FALSE },
  [TW_FLAG_OPEN] = { "open", "It has no end yet: counted until the report's instant.", FALSE },
  [TW_FLAG_CUSTOMER_UNKNOWN] = { "customer_unknown", "It names no customer: out of the figures of customers.", FALSE },
  [TW_FLAG_ENERGY_TINY] = { "energy_tiny", "It took less than 0.5 kWh: used.", FALSE },
  [TW_FLAG_ENERGY_ZERO] = { "energy_zero", "It took nothing: counted as a session, left out of kWh a session.", FALSE },
  [TW_FLAG_ENERGY_HUGE] = { "energy_huge", "It took more than 250 kWh: used, look at its unit.", FALSE },
  [TW_FLAG_ENERGY_NEGATIVE] = { "energy_negative", "Its energy is below 0: left out.", TRUE },
  [TW_FLAG_VERY_SHORT] = { "very_short", "It was connected for less than a minute: used.", FALSE },
  [TW_FLAG_VERY_LONG] = { "very_long",
    "It was connected for more than 2880 minutes, or charged for more than 1440: used.", FALSE },
  [TW_FLAG_POWER_TOO_HIGH] = { "power_too_high",
    "Its mean power is above 110 % of the rating, which is likely an error of units: used.", FALSE },
  [TW_FLAG_OVERLAP] = { "overlap",
    "It overlaps the session before it on its connector: the later start wins for occupancy.", FALSE },
  [TW_FLAG_ZONE_ASSUMED] = { "zone_assumed",
    "A local time came without a zone, or one that comes twice in autumn: the profile's zone was taken.", FALSE },
  [TW_FLAG_CENTURY_REPAIRED] = { "century_repaired", "Its year was repaired by the profile's rule.", FALSE },
  [TW_FLAG_OVER_EDGE] = { "over_edge", "It reaches over the window's edge: only the part inside counts.", FALSE },
  [TW_FLAG_OUTSIDE] = { "outside", "It is outside of the window: not counted there.", FALSE },
  [TW_FLAG_NO_MONEY] = { "no_money", "It has no amount: out of the figures of money.", FALSE },
  [TW_FLAG_REFUSED] = { "refused", "The line cannot be read: left out, for the reason beside it.", TRUE },
};

const char *
tw_flag_name (TwFlag flag)
{
  return flags[flag].name;
}

const char *
tw_flag_meaning (TwFlag flag)
{
  return flags[flag].meaning;
}

gboolean
tw_flag_leaves_out (TwFlag flag)
{
  return flags[flag].leaves_out;
}

static void
line_free (gpointer data)
{
  TwQualityLine *self = data;

  g_free (self->source);
  g_free (self->text);
  g_free (self);
}

TwQuality *
tw_quality_new (void)
{
  TwQuality *self = g_new0 (TwQuality, 1);

  for (guint i = 0; i < TW_N_FLAGS; i++)
    self->lines[i] = g_ptr_array_new_with_free_func (line_free);
  return self;
}

void
tw_quality_free (TwQuality *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < TW_N_FLAGS; i++)
    g_ptr_array_unref (self->lines[i]);
  g_free (self);
}

static int
by_place (gconstpointer a,
          gconstpointer b)
{
  const TwQualityLine *one = *(TwQualityLine *const *) a, *other = *(TwQualityLine *const *) b;
  int order = strcmp (one->source, other->source);

  if (order == 0)
    order = one->line < other->line ? -1 : one->line > other->line;
  return order != 0 ? order : g_strcmp0 (one->text, other->text);
}

void
tw_quality_merge (TwQuality       *self,
                  const TwQuality *other)
{
  self->n_read += other->n_read;
  self->n_used += other->n_used;
  self->n_left_out += other->n_left_out;
  for (guint i = 0; i < TW_N_FLAGS; i++)
    {
      GPtrArray *lines = self->lines[i];

      self->n[i] += other->n[i];
      for (guint k = 0; k < other->lines[i]->len; k++)
        {
          const TwQualityLine *line = other->lines[i]->pdata[k];
          TwQualityLine *copy = g_new (TwQualityLine, 1);

          *copy = (TwQualityLine) { g_strdup (line->source), line->line, g_strdup (line->text) };
          g_ptr_array_add (lines, copy);
        }
      g_ptr_array_sort (lines, by_place);
      g_ptr_array_set_size (lines, MIN (lines->len, TW_QUALITY_LINES));
    }
}
