/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/lint.h"

#include "payment/tariff/hold.h"
#include "payment/tariff/rules.h"
#include "payment/tariff/survey.h"

#include <string.h>

static const struct { const char *name, *edition; } profiles[TW_N_PROFILES] = {
  [TW_PROFILE_NONE] = { "none", "OCPI 2.2.1 and 2.3.0" },
  [TW_PROFILE_AFIR_50KW_AND_UP] = { "afir-50kw-and-up", "Regulation (EU) 2023/1804, article 5(4)" },
  [TW_PROFILE_AFIR_BELOW_50KW] = { "afir-below-50kw", "Regulation (EU) 2023/1804, article 5(4)" },
  [TW_PROFILE_UK_2023] = { "uk-2023", "The Public Charge Point Regulations 2023" },
  [TW_PROFILE_NEVI] = { "nevi", "23 CFR 680" },
};

const char *
tw_profile_name (TwProfile self)
{
  return profiles[self].name;
}

const char *
tw_profile_edition (TwProfile self)
{
  return profiles[self].edition;
}

gboolean
tw_profile_parse (const char *name,
                  TwProfile  *profile)
{
  for (guint i = 0; i < TW_N_PROFILES; i++)
    if (g_str_equal (name, profiles[i].name))
      {
        *profile = i;
        return TRUE;
      }

  return FALSE;
}

const char *
tw_severity_name (TwSeverity self)
{
  const char *const names[] = { "error", "warning", "info" };

  return names[self];
}

static void
complaint_free (gpointer data)
{
  TwComplaint *self = data;

  g_free (self->path);
  g_free (self->sample);
  g_free (self);
}

/* What is asked, of whom, and where the answers go. */
typedef struct { const TwTariff *tariff; const TwSurvey *survey; const TwRule *rule; GPtrArray *complaints; } Ask;

static void
complain (const Ask  *ask,
          char       *path,
          const char *sample)
{
  TwComplaint *complaint;

  for (guint i = 0; i < ask->complaints->len; i++)
    {
      const TwComplaint *other = ask->complaints->pdata[i];

      if (g_str_equal (other->id, ask->rule->id) && g_str_equal (other->path, path) && other->why == ask->rule->why)
        {
          g_free (path);
          return;
        }
    }
  complaint = g_new0 (TwComplaint, 1);
  *complaint = (TwComplaint) {
    .id = ask->rule->id, .severity = ask->rule->severity, .path = path, .why = ask->rule->why,
    .suggestion = ask->rule->suggestion, .sample = g_strdup (sample),
  };
  g_ptr_array_add (ask->complaints, complaint);
}

static char *
component_path (const TwComponent *component,
                const char        *member)
{
  return g_strdup_printf ("$.elements[%u].price_components[%u]%s", component->element, component->index, member);
}

static char *
restriction_path (guint       element,
                  const char *member)
{
  return g_strdup_printf ("$.elements[%u].restrictions.%s", element, member);
}

static const TwRestrictions *
restrictions_of (const TwTariff *tariff,
                 guint           element)
{
  return &g_array_index (tariff->elements, TwElement, element).restrictions;
}

static gboolean
always_applies (const TwRestrictions *r)
{
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    if (r->min_rank[axis] > 0 || r->max_rank[axis] != G_MAXINT16 || (axis >= TW_AXIS_CURRENT && r->has_axis[axis]))
      return FALSE;

  return !r->is_local;
}

/* The currencies in which a kWh is a few tenths of a unit. */
static gboolean
is_usual_unit (const TwTariff *tariff)
{
  const char *const usual[] = {
    "AUD", "BGN", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD", "BHD", "JOD", "KWD", "OMR", "BAM", NULL
  };

  return g_strv_contains (usual, tariff->currency);
}

/* --- questions about one component --- */

static const char *
wrong_with (const Ask         *ask,
            const TwComponent *component,
            guint              index)
{
  const TwRestrictions *r = restrictions_of (ask->tariff, component->element);
  gboolean reached = ask->survey->reached[index] || !ask->survey->complete;
  gboolean priced = component->price_micro > 0 && reached && !component->reservation;
  gint64 thousandth = component->price_micro / 1000;

  switch (ask->rule->look_for)
    {
    case TW_IF_GROSS_UNKNOWN:
      return component->tax_unknown && ask->tariff->tax_form == TW_TAX_NO ? "" : NULL;
    case TW_IF_PRICED:
      return priced ? ".price" : NULL;
    case TW_IF_PRICED_FROM_START:
      return priced && r->min_rank[TW_AXIS_DURATION] == 0 ? ".price" : NULL;
    case TW_IF_PRICED_LATER:
      return priced && r->min_rank[TW_AXIS_DURATION] > 0 ? ".price" : NULL;
    case TW_IF_STEP_ABOVE:
      return component->price_micro > 0 && component->step_size > ask->rule->limit ? ".step_size" : NULL;
    case TW_IF_UNREACHABLE:
      return !reached ? "" : NULL;
    case TW_IF_CHEAP:
      return is_usual_unit (ask->tariff) && component->price_micro > 0 && thousandth < ask->rule->limit ? ".price"
                                                                                                         : NULL;
    case TW_IF_DEAR:
      return is_usual_unit (ask->tariff) && thousandth > ask->rule->limit ? ".price" : NULL;
    case TW_IF_UNEXPLAINED:
      return priced && component->kind != TW_LINE_ENERGY && ask->tariff->alt_texts->len == 0 ? "" : NULL;
    case TW_IF_NO_FALLBACK: case TW_IF_NOT_PRICED: case TW_IF_MIN_PRICE: case TW_IF_WRAP_AND_WEEKDAY:
    case TW_IF_EQUAL_TIMES: case TW_IF_LOW_HOLD: case TW_IF_CURRENCY_IS_NOT: case TW_IF_PRICE_MAY_CHANGE:
      return NULL;
    }
  g_assert_not_reached ();
}

static void
ask_components (const Ask *ask)
{
  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);
      const char *member;

      if (ask->rule->kind != TW_LINE_ADJUSTMENT && ask->rule->kind != component->kind)
        continue;
      member = wrong_with (ask, component, i);
      if (member != NULL)
        complain (ask, component_path (component, member), NULL);
    }
}

/* --- questions about elements --- */

static void
ask_elements (const Ask *ask)
{
  for (guint i = 0; i < ask->tariff->elements->len; i++)
    {
      const TwRestrictions *r = restrictions_of (ask->tariff, i);
      gboolean wraps = r->start_s > r->end_s;

      if (ask->rule->look_for == TW_IF_WRAP_AND_WEEKDAY && wraps
          && (r->weekdays != 0x7f || r->start_day != G_MININT64 || r->end_day != G_MAXINT64))
        complain (ask, restriction_path (i, "start_time"), NULL);
      if (ask->rule->look_for == TW_IF_EQUAL_TIMES && r->equal_times)
        complain (ask, restriction_path (i, "end_time"), NULL);
    }
}

static void
ask_fallback (const Ask *ask)
{
  for (guint kind = 0; kind < TW_N_DIMENSIONS; kind++)
    {
      const TwComponent *priced = NULL;
      gboolean falls_back = FALSE;

      for (guint i = 0; i < ask->tariff->components->len; i++)
        {
          const TwComponent *component = tw_tariff_component (ask->tariff, i);

          if (component->kind != kind || component->reservation)
            continue;
          priced = component->price_micro > 0 && priced == NULL ? component : priced;
          falls_back |= always_applies (restrictions_of (ask->tariff, component->element));
        }
      if (priced != NULL && !falls_back)
        complain (ask, component_path (priced, ""), ask->survey->unpriced[kind]);
    }
}

/* --- questions about the whole --- */

static void
ask_change (const Ask *ask)
{
  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);

      if (component->kind != ask->rule->kind || component->reservation || !ask->survey->changes[component->kind])
        continue;
      complain (ask, component_path (component, ""), NULL);
      return;
    }
}

static void
ask_hold (const Ask *ask)
{
  const TwHoldTerms terms = { .power_w = 5000 };
  const TwGoal goal = { .kind = TW_GOAL_ENERGY, .energy_wh = 5000 };

  if (ask->tariff->preauthorize_minor > 0
      && ask->tariff->preauthorize_minor < tw_tariff_hold_minor (ask->tariff, &goal, &terms))
    complain (ask, g_strdup ("$.preauthorize_amount"), NULL);
}

static void
ask_whole (const Ask *ask)
{
  const TwTariff *tariff = ask->tariff;
  const TwLimit *low = &tariff->minimum;
  const char *unpriced = ask->survey->unpriced[MIN (ask->rule->kind, TW_N_DIMENSIONS)];

  if (ask->rule->look_for == TW_IF_NOT_PRICED && unpriced != NULL)
    complain (ask, g_strdup ("$.elements"), unpriced);
  if (ask->rule->look_for == TW_IF_MIN_PRICE
      && ((low->has_net && low->at.net.over != 0) || (low->has_gross && low->at.gross.over != 0)))
    complain (ask, g_strdup ("$.min_price"), NULL);
  if (ask->rule->look_for == TW_IF_CURRENCY_IS_NOT && !g_str_equal (tariff->currency, ask->rule->text))
    complain (ask, g_strdup ("$.currency"), NULL);
  if (ask->rule->look_for == TW_IF_LOW_HOLD)
    ask_hold (ask);
  if (ask->rule->look_for == TW_IF_NO_FALLBACK)
    ask_fallback (ask);
  if (ask->rule->look_for == TW_IF_PRICE_MAY_CHANGE)
    ask_change (ask);
}

static int
compare_severity (gconstpointer a,
                  gconstpointer b)
{
  const TwComplaint *left = *(TwComplaint *const *) a, *right = *(TwComplaint *const *) b;

  return (int) left->severity - (int) right->severity;
}

GPtrArray *
tw_tariff_lint (const TwTariff *self,
                TwProfile       profile)
{
  g_autoptr (TwSurvey) survey = tw_survey_new (self);
  GPtrArray *complaints = g_ptr_array_new_with_free_func (complaint_free);

  for (guint i = 0; i < TW_N_RULES; i++)
    {
      const Ask ask = { self, survey, &TW_RULES[i], complaints };

      if (!(TW_RULES[i].profiles >> profile & 1))
        continue;
      ask_components (&ask);
      ask_elements (&ask);
      ask_whole (&ask);
    }
  g_ptr_array_sort (complaints, compare_severity);

  return complaints;
}

gboolean
tw_tariff_lint_blocks (const GPtrArray *complaints)
{
  for (guint i = 0; i < complaints->len; i++)
    if (((const TwComplaint *) complaints->pdata[i])->severity == TW_SEVERITY_ERROR)
      return TRUE;

  return FALSE;
}
