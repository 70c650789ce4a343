/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/lint.h"

#include "payment/tariff/ask.h"
#include "payment/tariff/reader.h"

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
tw_lint_level_name (TwLintLevel self)
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
  g_free (self->own_why);
  g_free (self->own_suggestion);
  g_free (self);
}

void
tw_ask_complain (const TwAsk *ask,
                 char        *path,
                 const char  *sample)
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
    .id = ask->rule->id, .level = ask->rule->level, .path = path, .why = ask->rule->why,
    .suggestion = ask->rule->suggestion, .sample = g_strdup (sample),
  };
  g_ptr_array_add (ask->complaints, complaint);
}

char *
tw_component_path (const TwComponent *component,
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

/* --- questions about one component --- */

static const char *
wrong_with (const TwAsk       *ask,
            const TwComponent *component,
            guint              index)
{
  const TwRestrictions *r = restrictions_of (ask->tariff, component->element);
  gboolean reached = ask->survey->reached[index] || !ask->survey->complete;
  gboolean priced = component->price_micro > 0 && reached && !component->reservation;

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
      return tw_ask_is_cheap (ask, component->price_micro) ? ".price" : NULL;
    case TW_IF_DEAR:
      return tw_ask_is_dear (ask, component->price_micro) ? ".price" : NULL;
    case TW_IF_UNEXPLAINED:
      return priced && component->kind != TW_LINE_ENERGY && ask->tariff->alt_texts->len == 0 ? "" : NULL;
    case TW_IF_NO_FALLBACK: case TW_IF_NOT_PRICED: case TW_IF_MIN_PRICE: case TW_IF_DEAR_MINIMUM:
    case TW_IF_WRAP_AND_WEEKDAY:
    case TW_IF_EQUAL_TIMES: case TW_IF_LOW_HOLD: case TW_IF_CURRENCY_IS_NOT: case TW_IF_PRICE_MAY_CHANGE:
    case TW_IF_UNEXPLAINED_IN: case TW_IF_UNTRANSLATED: case TW_IF_NO_CARD_FROM: case TW_IF_POWER_BELOW:
    case TW_IF_POWER_FROM: case TW_IF_NO_HELPLINE: case TW_IF_TARIFF_HIDDEN: case TW_IF_TIME_UNSIGNED:
      return NULL;
    }
  g_assert_not_reached ();
}

static void
ask_components (const TwAsk *ask)
{
  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);
      const char *member;

      if (ask->rule->kind != TW_LINE_ADJUSTMENT && ask->rule->kind != component->kind)
        continue;
      member = wrong_with (ask, component, i);
      if (member != NULL)
        tw_ask_complain (ask, tw_component_path (component, member), NULL);
    }
}

/* --- questions about elements --- */

static void
ask_elements (const TwAsk *ask)
{
  for (guint i = 0; i < ask->tariff->elements->len; i++)
    {
      const TwRestrictions *r = restrictions_of (ask->tariff, i);
      gboolean wraps = r->start_s > r->end_s;

      if (ask->rule->look_for == TW_IF_WRAP_AND_WEEKDAY && wraps
          && (r->weekdays != 0x7f || r->start_day != G_MININT64 || r->end_day != G_MAXINT64))
        tw_ask_complain (ask, restriction_path (i, "start_time"), NULL);
      if (ask->rule->look_for == TW_IF_EQUAL_TIMES && r->equal_times)
        tw_ask_complain (ask, restriction_path (i, "end_time"), NULL);
    }
}

static void
ask_fallback (const TwAsk *ask)
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
        tw_ask_complain (ask, tw_component_path (priced, ""), ask->survey->unpriced[kind]);
    }
}

/* --- questions about the whole --- */

static void
ask_change (const TwAsk *ask)
{
  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);

      if (component->kind != ask->rule->kind || component->reservation || !ask->survey->changes[component->kind])
        continue;
      tw_ask_complain (ask, tw_component_path (component, ""), NULL);
      return;
    }
}

static void
ask_whole (const TwAsk *ask)
{
  const TwTariff *tariff = ask->tariff;
  const TwLimit *low = &tariff->minimum;
  const char *unpriced = ask->survey->unpriced[MIN (ask->rule->kind, TW_N_DIMENSIONS)];

  if (ask->rule->look_for == TW_IF_NOT_PRICED && unpriced != NULL)
    tw_ask_complain (ask, g_strdup ("$.elements"), unpriced);
  if (ask->rule->look_for == TW_IF_MIN_PRICE
      && ((low->has_net && low->at.net.over != 0) || (low->has_gross && low->at.gross.over != 0)))
    tw_ask_complain (ask, g_strdup ("$.min_price"), NULL);
  if (ask->rule->look_for == TW_IF_CURRENCY_IS_NOT && !g_str_equal (tariff->currency, ask->rule->text))
    tw_ask_complain (ask, g_strdup ("$.currency"), NULL);
  if (ask->rule->look_for == TW_IF_DEAR_MINIMUM)
    tw_ask_minimum (ask);
  if (ask->rule->look_for == TW_IF_LOW_HOLD)
    tw_ask_hold (ask);
  if (ask->rule->look_for == TW_IF_NO_FALLBACK)
    ask_fallback (ask);
  if (ask->rule->look_for == TW_IF_PRICE_MAY_CHANGE)
    ask_change (ask);
}

/* --- all of it --- */

static int
compare_level (gconstpointer a,
               gconstpointer b)
{
  const TwComplaint *left = *(TwComplaint *const *) a, *right = *(TwComplaint *const *) b;

  return (int) left->level - (int) right->level;
}

static const TwSite nowhere;

GPtrArray *
tw_tariff_lint (const TwTariff *self,
                TwLintOrder     order)
{
  g_autoptr (TwSurvey) survey = tw_survey_new (self);
  GPtrArray *complaints = g_ptr_array_new_with_free_func (complaint_free);

  for (guint i = 0; i < TW_N_RULES; i++)
    {
      const TwAsk ask = { self, survey, order.site ? order.site : &nowhere, &TW_RULES[i], complaints };

      if (!(TW_RULES[i].profiles >> order.profile & 1))
        continue;
      ask_components (&ask);
      ask_elements (&ask);
      ask_whole (&ask);
      tw_ask_site (&ask);
    }
  g_ptr_array_sort (complaints, compare_level);

  return complaints;
}

static gboolean
is_listed (const GArray *unasked,
           const char   *id)
{
  for (guint i = 0; i < unasked->len; i++)
    if (g_str_equal (g_array_index (unasked, TwUnasked, i).id, id))
      return TRUE;

  return FALSE;
}

GArray *
tw_tariff_lint_unasked (const TwTariff *self,
                        TwLintOrder     order)
{
  g_autoptr (TwSurvey) survey = tw_survey_new (self);
  GArray *unasked = g_array_new (FALSE, FALSE, sizeof (TwUnasked));

  for (guint i = 0; i < TW_N_RULES; i++)
    {
      const TwAsk ask = { self, survey, order.site ? order.site : &nowhere, &TW_RULES[i], NULL };
      TwUnasked one = { .id = TW_RULES[i].id };

      if ((TW_RULES[i].profiles >> order.profile & 1) && !is_listed (unasked, one.id)
          && tw_ask_site_breaks (&ask, &one.needs) == TW_FACT_UNKNOWN)
        g_array_append_val (unasked, one);
    }

  return unasked;
}

/* What is expected, out of "what is wrong: expected ...", "expected ..., found ..." or "what is wrong: accepted are
 * ..."; *why is what comes before it, or all of it. */
static char *
split_expected (const char  *what,
                char       **why)
{
  const struct { const char *mark, *verb; } marks[] = {
    { ": expected ", "Write" }, { ": accepted are ", "Write one of" }, { "expected ", "Write" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      const char *mark = strstr (what, marks[i].mark);
      const char *expected = mark ? mark + strlen (marks[i].mark) : NULL;

      if (mark == NULL || (marks[i].mark[0] != ':' && mark != what))
        continue;
      *why = mark == what ? g_strdup (what) : g_strndup (what, (gsize) (mark - what));
      return g_strdup_printf ("%s %.*s.", marks[i].verb, (int) strcspn (expected, ","), expected);
    }
  *why = g_strdup (what);

  return g_strdup ("Put it right: no station can load the tariff until then.");
}

/* A reader's message is "$.path: what is wrong"; the JSON reader's has "line 1, column 2, " before it. */
static TwComplaint *
complaint_of_fault (const GError *fault)
{
  TwComplaint *self = g_new0 (TwComplaint, 1);
  const char *dollar = strchr (fault->message, '$');
  const char *path = dollar ? dollar : "$";
  const char *colon = strstr (path, ": ");

  self->id = "C1";
  self->level = TW_LINT_ERROR;
  self->path = colon ? g_strndup (path, (gsize) (colon - path)) : g_strdup ("$");
  self->own_suggestion = split_expected (colon ? colon + 2 : fault->message, &self->own_why);
  self->why = self->own_why;
  self->suggestion = self->own_suggestion;

  return self;
}

GPtrArray *
tw_tariff_lint_bytes (GBytes       *bytes,
                      GTimeZone    *zone,
                      TwTariffUse   use,
                      TwLintOrder   order,
                      TwTariff    **tariff,
                      GError      **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  GPtrArray *complaints;

  *tariff = tw_tariff_parse_all (bytes, zone, use, faults, error);
  if (*tariff != NULL)
    return tw_tariff_lint (*tariff, order);
  if (faults->len == 0)
    return NULL;
  complaints = g_ptr_array_new_with_free_func (complaint_free);
  for (guint i = 0; i < faults->len; i++)
    g_ptr_array_add (complaints, complaint_of_fault (faults->pdata[i]));

  return complaints;
}

gboolean
tw_tariff_lint_blocks (const GPtrArray *complaints)
{
  for (guint i = 0; i < complaints->len; i++)
    if (((const TwComplaint *) complaints->pdata[i])->level == TW_LINT_ERROR)
      return TRUE;

  return FALSE;
}

char *
tw_tariff_breaches (const TwTariff *self,
                    TwLintOrder     order,
                    gboolean        in_full)
{
  g_autoptr (GPtrArray) complaints = tw_tariff_lint (self, order);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < complaints->len; i++)
    {
      const TwComplaint *complaint = complaints->pdata[i];

      if (complaint->level != TW_LINT_ERROR)
        continue;
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", complaint->id, complaint->path);
      if (in_full)
        g_string_append_printf (text, " (%s)", complaint->why);
    }

  return g_string_free (text, text->len == 0);
}
