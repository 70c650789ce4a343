/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/survey.h"

#include "payment/tariff/grid.h"

#define MAX_CASES 20000000   /* elements looked at: a tenth of a second */
#define WEEK 7
#define DAY_S ((gint64) 24 * 3600)

typedef struct
{
  const TwTariff *tariff;
  TwSurvey *survey;
  int       first[TW_N_DIMENSIONS];
  GArray   *days;                  /* since 1970, in order */
  gboolean  has_dates;             /* elements ask for some */
  gint64    from_s, until_s;       /* local, since 1970: within which the tariff is valid */
} Walk;

/* A date, and the weeks before and after it: what a restriction by date and weekday can tell apart. */
static void
add_weeks (GArray *days,
           gint64  day)
{
  for (gint64 d = day - WEEK; d < day + WEEK; d++)
    g_array_append_val (days, d);
}

static int
compare_days (gconstpointer a,
              gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static void
sort_and_unite (GArray *days)
{
  guint kept = 0;

  g_array_sort (days, compare_days);
  for (guint i = 0; i < days->len; i++)
    if (kept == 0 || g_array_index (days, gint64, i) != g_array_index (days, gint64, kept - 1))
      g_array_index (days, gint64, kept++) = g_array_index (days, gint64, i);
  g_array_set_size (days, kept);
}

static void
add_dates (const TwTariff *tariff,
           GArray         *days)
{
  for (guint i = 0; i < tariff->elements->len; i++)
    {
      const TwRestrictions *r = &g_array_index (tariff->elements, TwElement, i).restrictions;

      if (r->start_day != G_MININT64)
        add_weeks (days, r->start_day);
      if (r->end_day != G_MAXINT64)
        add_weeks (days, r->end_day);
    }
}

/* The local second at which it begins or ends; outside: it never does. */
static gint64
local_second (const TwTariff *tariff,
              gint64          wall_us,
              gint64          never)
{
  TwOffset offset = { 0 };
  TwLocal local;

  if (wall_us == never)
    return never;
  local = tw_local_at (tariff, &offset, wall_us / 1000);

  return local.day * DAY_S + local.second;
}

static void
list_days (Walk *walk)
{
  const TwTariff *tariff = walk->tariff;
  const gint64 monday = 4;   /* 1970-01-05 */

  walk->days = g_array_new (FALSE, FALSE, sizeof (gint64));
  walk->from_s = local_second (tariff, tariff->start_wall_us, G_MININT64);
  walk->until_s = local_second (tariff, tariff->end_wall_us, G_MAXINT64);
  add_dates (tariff, walk->days);
  walk->has_dates = walk->days->len > 0;
  if (tariff->n_day_cuts == 0)
    g_array_set_size (walk->days, 0);
  else if (walk->from_s != G_MININT64)
    add_weeks (walk->days, walk->from_s / DAY_S);
  else if (walk->until_s != G_MAXINT64)
    add_weeks (walk->days, walk->until_s / DAY_S);
  else if (walk->days->len == 0)
    for (gint64 d = monday; d < monday + WEEK; d++)
      g_array_append_val (walk->days, d);
  if (walk->days->len == 0)
    g_array_append_val (walk->days, monday);
  sort_and_unite (walk->days);
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
describe (const Walk            *walk,
          const TwPlaceInTariff *place)
{
  const TwTariff *tariff = walk->tariff;
  static const char *const names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (place->local.day * DAY_S);
  g_autofree char *day = walk->has_dates && date ? g_date_time_format (date, ", %F, ") : NULL;

  if (day != NULL)
    g_string_append (text, day);
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

/* For who pays it; -1 is free, and so is a price of 0. */
static gboolean
is_same_price (const TwTariff *tariff,
               int             a,
               int             b)
{
  if (a < 0 || b < 0)
    return a == b || tw_tariff_component (tariff, MAX (a, b))->price_micro == 0;

  return tw_components_cost_the_same (tw_tariff_component (tariff, a), tw_tariff_component (tariff, b));
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
        survey->unpriced[kind] = describe (walk, place);
      if (walk->first[kind] == -2)
        walk->first[kind] = chosen[kind];
      survey->changes[kind] |= !is_same_price (walk->tariff, walk->first[kind], chosen[kind]);
    }
  if (!any && place->purpose == TW_FOR_SESSION && survey->unpriced[TW_N_DIMENSIONS] == NULL)
    survey->unpriced[TW_N_DIMENSIONS] = describe (walk, place);
}

static gboolean
is_valid_between (const Walk *walk,
                  gint64      from_s,
                  gint64      until_s)
{
  return from_s < walk->until_s && until_s > walk->from_s;
}

/* Each stretch of each day in which the clock changes nothing, as far as the tariff is valid in it. */
static void
look_at_days (Walk            *walk,
              TwPlaceInTariff *place)
{
  const TwTariff *tariff = walk->tariff;

  for (guint d = 0; d < walk->days->len; d++)
    for (guint cut = 0; cut < tariff->n_day_cuts; cut++)
      {
        gint64 day = g_array_index (walk->days, gint64, d), begin = tariff->day_cuts[cut];
        gint64 end = cut + 1 < tariff->n_day_cuts ? tariff->day_cuts[cut + 1] : DAY_S;

        place->local = (TwLocal) {
          .day = day, .second = (gint32) begin, .weekday = (guint) (((day + 3) % WEEK + WEEK) % WEEK),
        };
        if (is_valid_between (walk, day * DAY_S + begin, day * DAY_S + end))
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
      if (walk->tariff->n_day_cuts > 0)
        look_at_days (walk, place);
      else
        look (walk, place);
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
  Walk walk = { .tariff = tariff, .survey = self, .first = { -2, -2, -2, -2 } };

  list_days (&walk);
  self->reached = g_new0 (gboolean, tariff->components->len);
  self->complete = !is_too_much (&walk);
  for (guint purpose = 0; self->complete && purpose <= TW_FOR_EXPIRY; purpose++)
    {
      TwPlaceInTariff place = { .purpose = purpose };

      look_along (&walk, &place, 0);
    }
  g_array_unref (walk.days);

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
