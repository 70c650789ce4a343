/* SPDX-License-Identifier: Apache-2.0 */
/* One page that needs nothing else: money in and out as a waterfall, what is missing and why, how old it is, each
 * exception with its evidence, each payout. All texts from outside are escaped. Memory is bounded: of a class at most
 * TW_PAGE_MOST_ROWS are shown, the others are counted. */
#include "payment/reconcile/report/page.h"
#include "payment/reconcile/report/verdict.h"

/* Up to how many days. */
static const gint64 AGES[N_AGES] = { 1, 7, 30, 90, G_MAXINT64 / G_TIME_SPAN_DAY };

static char *
chars_dup (TwChars chars)
{
  return chars.n == 0 ? g_strdup ("") : g_strndup (chars.text, chars.n);
}

static gboolean
on_totals (gpointer                 outlet,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  TwPage *self = outlet;

  g_array_append_vals (self->totals, totals, 1);

  return TRUE;
}

/* "100.00 CHF, 1 EUR is 0.94 CHF": what the bank made of it. */
static void
put_conversion (GString        *text,
                const TwPayout *payout)
{
  g_autofree char *rate = tw_report_rate (payout);
  g_autofree char *money = NULL;

  if (*payout->bank_currency == '\0')
    return;
  money = tw_report_money (payout->credited_minor, payout->bank_currency);
  tw_page_put (text, "%sbooked as %s", payout->residual != NULL ? "<br>" : "", money);
  if (rate != NULL)
    tw_page_put (text, " (1 %s is %s %s)", payout->rate_of_bank ? payout->bank_currency : payout->currency, rate,
                 payout->rate_of_bank ? payout->currency : payout->bank_currency);
}

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  TwPage *self = outlet;
  g_autofree char *account = chars_dup (payout->account), *batch = chars_dup (payout->batch);

  if (self->n_payouts++ >= TW_PAGE_MOST_PAYOUTS)
    return TRUE;
  tw_page_put (self->payouts, "<tr><td><code>%s</code></td><td><code>%s</code></td><td class=\"n\">%"
               G_GUINT64_FORMAT "</td>",
       account, batch, payout->n_lines);
  tw_page_put_money (self->payouts, payout->gross_minor, payout->currency);
  tw_page_put_money (self->payouts, payout->fee_minor, payout->currency);
  tw_page_put_money (self->payouts, payout->net_minor, payout->currency);
  tw_page_put_money (self->payouts, payout->bank_minor, payout->currency);
  tw_page_put_money (self->payouts, payout->residual_minor, payout->currency);
  tw_page_put (self->payouts, "<td>%s", payout->residual != NULL ? payout->residual : "");
  put_conversion (self->payouts, payout);
  tw_page_put (self->payouts, "</td><td>%s</td></tr>\n", payout->rule != NULL ? payout->rule
               : tw_report_asked (self->head, TW_ASKED_BANK) ? "not found" : "no bank file");

  return TRUE;
}

static void
add_age (TwPage              *self,
         const TwException *exception)
{
  gint64 age = exception->since_us == TW_NOT_STATED ? 0 : MAX (self->head->as_of_us - exception->since_us, 0);
  Ageing *ageing = NULL;
  guint bucket = 0;

  if (*exception->currency == '\0' || exception->stake_minor == TW_NOT_STATED)
    return;
  for (guint i = 0; ageing == NULL && i < self->ageings->len; i++)
    if (g_str_equal (g_array_index (self->ageings, Ageing, i).currency, exception->currency))
      ageing = &g_array_index (self->ageings, Ageing, i);
  if (ageing == NULL)
    {
      Ageing fresh = { 0 };

      memcpy (fresh.currency, exception->currency, sizeof fresh.currency);
      g_array_append_val (self->ageings, fresh);
      ageing = &g_array_index (self->ageings, Ageing, self->ageings->len - 1);
    }
  while (bucket < AGE_OLDER && age > AGES[bucket] * G_TIME_SPAN_DAY)
    bucket++;
  ageing->stake_minor[MIN (exception->severity, 4)][bucket] += ABS (exception->stake_minor);
}

static void
put_place (const TwPage *self,
           GString    *text,
           TwOrigin    origin)
{
  const char *path = tw_report_path (self->head, origin);

  if (path != NULL)
    tw_page_put (text, "<br><code>%s:%" G_GUINT64_FORMAT "</code>", path, origin.line);
}

static void
put_exception (TwPage              *self,
               const TwException *exception)
{
  GString *text = self->rows[exception->class_];
  gboolean energy = exception->class_ == TW_CLASS_ENERGY_MISMATCH;
  g_autofree char *session = chars_dup (exception->session), *payment = chars_dup (exception->payment_ref);
  g_autofree char *psp = chars_dup (exception->psp_ref), *batch = chars_dup (exception->batch);
  g_autofree char *bank = chars_dup (tw_credit_reference (exception->bank_reference));
  g_autofree char *detail = chars_dup (exception->detail);
  g_autofree char *since = tw_report_local (exception->since_us, self->head->time_zone);
  const char *references[] = { payment, psp, batch, bank };
  const TwReportWitnesses *witnesses = &self->head->witnesses;
  guint number = witnesses->self != NULL ? witnesses->number (witnesses->self, exception->session) : 0;

  if (number > 0)
    tw_page_put (text, "<tr><td><a href=\"#session-%u\"><code>%s</code></a></td><td>", number, session);
  else
    tw_page_put (text, "<tr><td><code>%s</code></td><td>", *session != '\0' ? session : "-");
  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    if (*references[i] != '\0' && !g_str_equal (references[i], session))
      tw_page_put (text, "<code>%s</code> ", references[i]);
  put_place (self, text, exception->sale);
  put_place (self, text, exception->other);
  tw_page_put (text, "</td><td>%s</td>", since);
  if (energy)
    tw_page_put (text, "<td class=\"n\">%" G_GINT64_FORMAT " Wh</td><td class=\"n\">%" G_GINT64_FORMAT " Wh</td>",
         exception->expected, exception->found);
  else
    {
      tw_page_put_money (text, exception->expected, exception->currency);
      tw_page_put_money (text, exception->found, exception->currency);
    }
  tw_page_put_money (text, exception->stake_minor, exception->currency);
  tw_page_put (text, "<td>%s%s%s", exception->rule != NULL ? exception->rule : "", *detail != '\0' ? ": " : "", detail);
  if (exception->resolved)
    {
      g_autofree char *by = chars_dup (exception->resolved_by), *why = chars_dup (exception->resolved_why);

      tw_page_put (text, "<br><strong>resolved by %s: %s</strong>", by, why);
    }
  else if (exception->due_us != TW_NOT_STATED)
    {
      g_autofree char *due = tw_report_local (exception->due_us, self->head->time_zone);

      tw_page_put (text, "<br><span class=\"soft\">due %s</span>", due);
    }
  tw_page_put (text, "</td></tr>\n");
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  TwPage *self = outlet;
  gboolean listed = exception->severity >= TW_SEVERITY_LISTED;

  self->n_listed += listed;
  self->n_info += !listed;
  tw_class_sums_add (self->sums, exception);
  if (listed)
    add_age (self, exception);
  if (self->rows[exception->class_] == NULL)
    self->rows[exception->class_] = g_string_new (NULL);
  if (self->n_rows[exception->class_]++ < TW_PAGE_MOST_ROWS)
    put_exception (self, exception);

  return TRUE;
}

static gboolean
close_page (TwOutlet  *outlet,
            GError   **error)
{
  TwPage *self = (TwPage *) outlet;
  g_autoptr (GString) text = g_string_new (NULL);

  tw_class_sums_sort (self->sums);
  if (!tw_page_write (self, text, error))
    return FALSE;
  fwrite (text->str, 1, text->len, self->file);

  return fflush (self->file) == 0 && !ferror (self->file) ? TRUE : tw_report_write_failed ("the page", error);
}

static void
free_page (TwOutlet *outlet)
{
  TwPage *self = (TwPage *) outlet;

  g_array_unref (self->totals);
  g_array_unref (self->sums);
  g_array_unref (self->ageings);
  for (guint i = 0; i < TW_N_CLASSES; i++)
    if (self->rows[i] != NULL)
      g_string_free (self->rows[i], TRUE);
  g_string_free (self->payouts, TRUE);
  g_free (self);
}

static const TwResultClass CLASS = { on_totals, on_payout, NULL, on_exception, NULL };

TwOutlet *
tw_outlet_new_html (FILE               *file,
                    const TwReportHead *head)
{
  TwPage *self = g_new0 (TwPage, 1);

  self->outlet = (TwOutlet) { &CLASS, close_page, free_page };
  self->head = head;
  self->file = file;
  self->totals = g_array_new (FALSE, FALSE, sizeof (TwCurrencyTotals));
  self->sums = g_array_new (FALSE, FALSE, sizeof (TwClassSum));
  self->ageings = g_array_new (FALSE, TRUE, sizeof (Ageing));
  self->payouts = g_string_new (NULL);

  return &self->outlet;
}
