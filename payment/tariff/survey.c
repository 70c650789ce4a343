/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/survey.h"

#define MAX_CASES 20000000   /* elements looked at: a tenth of a second */

typedef struct { const TwTariff *tariff; TwSurvey *survey; int first[TW_N_DIMENSIONS]; GArray *days; } Walk;

/* A date, the week that begins at it, and the day before: what a restriction by date can tell apart. */
static void
add_week (GArray *days,
          gint64  day)
{
  for (gint64 d = day - 1; d < day + 7; d++)
    {
      gboolean known = FALSE;

      for (guint i = 0; i < days->len; i++)
        known |= g_array_index (days, gint64, i) == d;
      if (!known)
        g_array_append_val (days, d);
    }
}

static GArray *
list_days (const TwTariff *tariff)
{
  GArray *days = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 monday = 4;   /* 1970-01-05 */

  for (guint i = 0; i < tariff->elements->len; i++)
    {
      const TwRestrictions *r = &g_array_index (tariff->elements, TwElement, i).restrictions;

      if (r->start_day != G_MININT64)
        add_week (days, r->start_day);
      if (r->end_day != G_MAXINT64)
        add_week (days, r->end_day);
    }
  if (days->len == 0 && tariff->n_day_cuts > 0)
    for (gint64 d = monday; d < monday + 7; d++)
      g_array_append_val (days, d);
  if (days->len == 0)
    g_array_append_val (days, monday);

  return days;
}

static void
append_from (GString      *text,
             const TwCuts *cuts,
             int           rank,
             gint64        unit,
             const char   *name)
{
  if (rank > 0)
    g_string_append_printf (text, ", from %" G_GINT64_FORMAT ".%03d %s", cuts->cuts[rank - 1] / unit,
                            (int) (cuts->cuts[rank - 1] % unit * 1000 / unit), name);
}

static char *
describe (const TwTariff        *tariff,
          const TwPlaceInTariff *place)
{
  static const char *const names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  };
  g_autoptr (GString) text = g_string_new (NULL);

  if (tariff->n_day_cuts > 0)
    g_string_append_printf (text, "%s %02d:%02d", names[place->local.weekday], place->local.second / 3600,
                            place->local.second / 60 % 60);
  append_from (text, &tariff->cuts[TW_AXIS_ENERGY], place->low[TW_AXIS_ENERGY], 1000000, "kWh");
  append_from (text, &tariff->cuts[TW_AXIS_DURATION], place->low[TW_AXIS_DURATION], 60000, "min");
  append_from (text, &tariff->cuts[TW_AXIS_CURRENT], place->low[TW_AXIS_CURRENT], 1000, "A");
  append_from (text, &tariff->cuts[TW_AXIS_POWER], place->low[TW_AXIS_POWER], 1000000, "kW");
  if (text->len == 0)
    g_string_append (text, "at all times");

  return g_strdup (g_str_has_prefix (text->str, ", ") ? text->str + 2 : text->str);
}

static void
look (Walk                  *walk,
      const TwPlaceInTariff *place)
{
  TwSurvey *survey = walk->survey;
  int chosen[TW_N_DIMENSIONS];
  gboolean any = FALSE;

  tw_tariff_choose (walk->tariff, place, chosen);
  for (guint kind = 0; kind < TW_N_DIMENSIONS; kind++)
    {
      any |= chosen[kind] >= 0;
      if (chosen[kind] >= 0 && (place->purpose == TW_FOR_SESSION || kind == TW_LINE_FLAT || kind == TW_LINE_TIME))
        survey->reached[chosen[kind]] = TRUE;
      if (place->purpose != TW_FOR_SESSION)
        continue;
      if (chosen[kind] < 0 && survey->unpriced[kind] == NULL)
        survey->unpriced[kind] = describe (walk->tariff, place);
      if (walk->first[kind] == -2)
        walk->first[kind] = chosen[kind];
      survey->changes[kind] |= walk->first[kind] != chosen[kind];
    }
  if (!any && place->purpose == TW_FOR_SESSION && survey->unpriced[TW_N_DIMENSIONS] == NULL)
    survey->unpriced[TW_N_DIMENSIONS] = describe (walk->tariff, place);
}

static void
look_at_day (Walk            *walk,
             TwPlaceInTariff *place)
{
  for (guint d = 0; d < walk->days->len; d++)
    for (guint cut = 0; cut < MAX (walk->tariff->n_day_cuts, 1); cut++)
      {
        gint64 day = g_array_index (walk->days, gint64, d);

        place->local = (TwLocal) {
          .day = day, .second = walk->tariff->n_day_cuts > 0 ? walk->tariff->day_cuts[cut] : 0,
          .weekday = (guint) (((day + 3) % 7 + 7) % 7),
        };
        look (walk, place);
      }
}

/* Every rank of every axis, one inside the other. */
static void
look_along (Walk            *walk,
            TwPlaceInTariff *place,
            guint            axis)
{
  if (axis == TW_N_AXES)
    {
      look_at_day (walk, place);
      return;
    }
  for (guint rank = 0; rank <= walk->tariff->cuts[axis].n; rank++)
    {
      place->low[axis] = place->high[axis] = (gint16) rank;
      look_along (walk, place, axis + 1);
    }
}

static gboolean
is_too_much (const Walk *walk)
{
  gint64 cases = (gint64) walk->days->len * MAX (walk->tariff->n_day_cuts, 1) * walk->tariff->elements->len;

  for (guint axis = 0; axis < TW_N_AXES && cases <= MAX_CASES; axis++)
    cases *= walk->tariff->cuts[axis].n + 1;

  return cases > MAX_CASES;
}

TwSurvey *
tw_survey_new (const TwTariff *tariff)
{
  TwSurvey *self = g_new0 (TwSurvey, 1);
  g_autoptr (GArray) days = list_days (tariff);
  Walk walk = { .tariff = tariff, .survey = self, .first = { -2, -2, -2, -2 }, .days = days };

  self->reached = g_new0 (gboolean, tariff->components->len);
  self->complete = !is_too_much (&walk);
  for (guint purpose = 0; self->complete && purpose <= TW_FOR_EXPIRY; purpose++)
    {
      TwPlaceInTariff place = { .purpose = purpose };

      look_along (&walk, &place, 0);
    }

  return self;
}

void
tw_survey_free (TwSurvey *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->unpriced); i++)
    g_free (self->unpriced[i]);
  g_free (self->reached);
  g_free (self);
}
