/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/goals.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"

static gboolean
is_of (const TwBusGoal *goal,
       const char      *kind)
{
  return goal->value > 0 && g_strcmp0 (goal->kind, kind) == 0;
}

/* Without a fraction where there is none: nobody chooses 20.00 kWh. */
static char *
energy_words (gint64      wh,
              const char *language)
{
  return wh % 1000 == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " kWh", wh / 1000) : tw_format_energy (wh, language);
}

/* The same of hours. */
static char *
time_words (gint64      ms,
            const char *language)
{
  gint64 hour_ms = 3600 * 1000;

  return ms % hour_ms == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " h", ms / hour_ms)
                           : tw_format_duration (ms, language);
}

char *
tw_goal_figure (const TwBusGoal *goal,
                const char      *currency,
                const char      *language)
{
  if (is_of (goal, "amount"))
    return tw_amount (goal->value, currency, language);
  if (is_of (goal, "energy"))
    return energy_words (goal->value, language);
  return is_of (goal, "time") ? time_words (goal->value, language) : NULL;
}

char *
tw_goal_words (const TwBusGoal *goal,
               const char      *currency,
               const char      *language)
{
  g_autofree char *figure = tw_goal_figure (goal, currency, language);

  if (figure == NULL)
    return g_strdup (tw_word (language, "Until full"));
  return g_strdup_printf (tw_word (language, "Up to %s"), figure);
}

double
tw_goal_progress (const TwBusConnector *bay)
{
  gint64 done = bay->price_minor, all = bay->hold_minor;

  if (is_of (&bay->goal, "energy"))
    {
      done = bay->energy_wh;
      all = bay->goal.value;
    }
  else if (is_of (&bay->goal, "time"))
    {
      done = bay->charging_ms;
      all = bay->goal.value;
    }
  return all > 0 ? CLAMP ((double) done / (double) all, 0, 1) : 0;
}

char *
tw_goal_end (const TwBusConnector *bay,
             const char           *language)
{
  g_autofree char *hold = tw_amount (bay->hold_minor, bay->currency, language);
  g_autofree char *figure = is_of (&bay->goal, "amount") ? NULL : tw_goal_figure (&bay->goal, bay->currency, language);

  if (figure == NULL)
    return g_strdup_printf (tw_word (language, "Stops by itself at %s."), hold);
  if (is_of (&bay->goal, "time"))
    return g_strdup_printf (tw_word (language, "Ends after %s or at %s."), figure, hold);
  return g_strdup_printf (tw_word (language, "Ends at %s or %s."), figure, hold);
}
