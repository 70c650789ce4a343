/* SPDX-License-Identifier: Apache-2.0 */
/* The page's parts, from top to bottom. Charts are drawn by assets/report/report.js from what stands in data-chart. */
#include "payment/reconcile/report/page.h"

#include "payment/money/money.h"
#include "payment/reconcile/report/steps.h"
#include "payment/reconcile/report/verdict.h"

/* By severity. */
static const char *const WHEN[N_SEVERITIES] = { "to know", "to know", "this month", "this week", "act today" };
static const char *const AGES[N_AGES] = { "up to a day", "up to a week", "up to 30 days", "up to 90 days", "older" };

void
tw_page_put_money (GString    *text,
           gint64      minor,
           const char *currency)
{
  g_autofree char *money = tw_report_money (minor, currency);

  tw_page_put (text, "<td class=\"n\">%s</td>", money);
}

static void
put_chart_of_flow (GString    *text,
                   const TwStep *steps,
                   guint       n,
                   const char *currency)
{
  g_autoptr (GString) chart = g_string_new ("{\"kind\":\"waterfall\",\"steps\":[");
  gint64 level = 0;

  for (guint i = 0; i < n; i++)
    {
      gint64 from = steps[i].sum ? 0 : level, to = from + steps[i].minor;

      g_string_append_printf (chart, "%s{\"label\":\"%s\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT
                              ",\"tone\":\"%s\"}", i > 0 ? "," : "", steps[i].label, from, to,
                              steps[i].sum ? "total" : to < from ? "out" : "in");
      level = to;
    }
  g_string_append_printf (chart, "],\"digits\":%d}", tw_currency_digits (currency));
  tw_page_put (text, "<div class=\"chart\" style=\"height:%urem\"><canvas role=\"img\" aria-label=\"From captured to "
               "banked, %s\" data-chart=\"%s\"></canvas></div>\n", 3 + 2 * n, currency, chart->str);
}

/* The steps from what was captured to what the bank has: each sum is the one above it and the steps between. */
static void
put_flow (GString                *text,
          const TwReportHead     *head,
          const TwCurrencyTotals *totals)
{
  TwStep steps[TW_MOST_STEPS];
  guint n = tw_report_steps (head, totals, steps);

  tw_page_put (text, "<h3>%s <span class=\"soft\">%" G_GUINT64_FORMAT " sale%s, %" G_GUINT64_FORMAT " settlement line%s"
               "</span></h3><div class=\"beside\">", totals->currency, totals->n_sales, totals->n_sales == 1 ? "" : "s",
               totals->n_lines, totals->n_lines == 1 ? "" : "s");
  put_chart_of_flow (text, steps, n, totals->currency);
  tw_page_put (text, "<div class=\"wide\"><table>\n");
  for (guint i = 0; i < n; i++)
    {
      tw_page_put (text, "<tr class=\"%s\"><td>%s</td>", steps[i].sum ? "sum" : "step", steps[i].label);
      tw_page_put_money (text, steps[i].minor, totals->currency);
      tw_page_put (text, "</tr>\n");
    }
  tw_page_put (text, "</table></div></div>\n");
}

static void
put_ageing (GString      *text,
            const Ageing *ageing)
{
  static const struct { const char *label, *tone; guint severity; } SETS[] = {
    { "act today", "s4", 4 }, { "this week", "s3", 3 }, { "this month", "s2", 2 },
  };
  g_autoptr (GString) chart = g_string_new ("{\"kind\":\"stacked\",\"labels\":[");

  for (guint i = 0; i < N_AGES; i++)
    g_string_append_printf (chart, "%s\"%s\"", i > 0 ? "," : "", AGES[i]);
  g_string_append (chart, "],\"sets\":[");
  tw_page_put (text, "<h3>%s</h3><div class=\"beside\"><div class=\"chart\" style=\"height:15rem\">"
               "<canvas role=\"img\" aria-label=\"Money at stake by age\" ", ageing->currency);
  for (guint i = 0; i < G_N_ELEMENTS (SETS); i++)
    {
      g_string_append_printf (chart, "%s{\"label\":\"%s\",\"tone\":\"%s\",\"data\":[", i > 0 ? "," : "", SETS[i].label,
                              SETS[i].tone);
      for (guint j = 0; j < N_AGES; j++)
        g_string_append_printf (chart, "%s%" G_GINT64_FORMAT, j > 0 ? "," : "",
                                ageing->stake_minor[SETS[i].severity][j]);
      g_string_append (chart, "]}");
    }
  g_string_append_printf (chart, "],\"digits\":%d}", tw_currency_digits (ageing->currency));
  tw_page_put (text, "data-chart=\"%s\"></canvas></div><div class=\"wide\"><table><tr><th>Age</th>", chart->str);
  for (guint i = 0; i < G_N_ELEMENTS (SETS); i++)
    tw_page_put (text, "<th class=\"n\">%s</th>", SETS[i].label);
  tw_page_put (text, "</tr>\n");
  for (guint j = 0; j < N_AGES; j++)
    {
      tw_page_put (text, "<tr><td>%s</td>", AGES[j]);
      for (guint i = 0; i < G_N_ELEMENTS (SETS); i++)
        if (ageing->stake_minor[SETS[i].severity][j] == 0)
          tw_page_put (text, "<td class=\"n soft\">0</td>");
        else
          tw_page_put_money (text, ageing->stake_minor[SETS[i].severity][j], ageing->currency);
      tw_page_put (text, "</tr>\n");
    }
  tw_page_put (text, "</table></div></div>\n");
}

/* "missing_in_settlement" as "Missing in settlement". */
static char *
title_of (TwClass class_)
{
  char *title = g_strdelimit (g_strdup (tw_class_name (class_)), "_", ' ');

  *title = g_ascii_toupper (*title);

  return title;
}

/* "12.00 EUR to lose, 3.00 CHF to give back": of all currencies. */
static void
put_stakes (const TwPage *self,
            GString      *text,
            TwClass       class_)
{
  gboolean first = TRUE;

  for (guint i = 0; i < self->sums->len; i++)
    {
      const TwClassSum *sum = &g_array_index (self->sums, TwClassSum, i);
      g_autofree char *lose = tw_report_money (sum->lose_minor, sum->currency);
      g_autofree char *owe = tw_report_money (sum->owe_minor, sum->currency);

      if (sum->class_ != class_)
        continue;
      if (sum->lose_minor != 0)
        tw_page_put (text, "%s%s%s", first ? "" : ", ", lose, sum->resolved ? " resolved" : " to lose");
      first = first && sum->lose_minor == 0;
      if (sum->owe_minor != 0)
        tw_page_put (text, "%s%s%s", first ? "" : ", ", owe, sum->resolved ? " resolved" : " to give back");
      first = first && sum->owe_minor == 0;
    }
}

static void
put_class (const TwPage *self,
           GString      *text,
           TwClass       class_,
           guint         severity,
           gboolean      resolved)
{
  const char *when = resolved ? "resolved" : WHEN[MIN (severity, N_SEVERITIES - 1)];
  g_autofree char *title = title_of (class_);
  guint n = self->n_rows[class_];

  tw_page_put (text, "<details><summary><span class=\"tag s%u\">%s</span><strong>%s</strong> <span class=\"soft\">%u"
               "</span><span class=\"n\">", severity, when, title, n);
  put_stakes (self, text, class_);
  tw_page_put (text, "</span></summary><p>%s<br><strong>%s</strong></p><div class=\"wide\"><table><tr><th>Session</th>"
               "<th>References, and where they stand</th><th>Since</th><th class=\"n\">Expected</th><th class=\"n\">"
               "Found</th><th class=\"n\">At stake</th><th>Why</th></tr>\n", tw_report_meaning (self->head, class_),
               resolved ? "Resolved by hand." : tw_report_advice (self->head, class_));
  g_string_append_len (text, self->rows[class_]->str, (gssize) self->rows[class_]->len);
  tw_page_put (text, "</table></div>");
  if (n > TW_PAGE_MOST_ROWS)
    tw_page_put (text, "<p class=\"soft\">%u more in exceptions.csv and with --json.</p>", n - TW_PAGE_MOST_ROWS);
  tw_page_put (text, "</details>\n");
}

/* Once each, in the order of the worst of its sums. */
static void
put_classes (const TwPage *self,
             GString      *text)
{
  gboolean shown[TW_N_CLASSES] = { FALSE };

  for (guint i = 0; i < self->sums->len; i++)
    {
      const TwClassSum *sum = &g_array_index (self->sums, TwClassSum, i);

      if (!shown[sum->class_])
        put_class (self, text, sum->class_, sum->severity, sum->resolved);
      shown[sum->class_] = TRUE;
    }
}

static void
put_files (const TwPage *self,
           GString    *text)
{
  tw_page_put (text, "<h2>Files</h2><div class=\"wide\"><table><tr><th>Witness</th><th>File</th><th>Format</th>"
       "<th class=\"n\">Rows</th><th>From</th><th>To</th><th>SHA-256</th></tr>\n");
  for (guint i = 0; i < self->head->n_files; i++)
    {
      const TwReportFile *file = &self->head->files[i];
      g_autofree char *first = tw_report_local (file->import.first_us, self->head->time_zone);
      g_autofree char *last = tw_report_local (file->import.last_us, self->head->time_zone);

      tw_page_put (text, "<tr><td>%s</td><td><code>%s</code>", file->role, file->path);
      for (guint j = 0; file->import.notices != NULL && j < file->import.notices->len; j++)
        tw_page_put (text, "<br><span class=\"soft\">%s</span>", (char *) g_ptr_array_index (file->import.notices, j));
      tw_page_put (text, "</td><td>%s</td><td class=\"n\">%" G_GUINT64_FORMAT "</td><td>%s</td><td>%s</td>"
           "<td><code>%.16s</code></td></tr>\n", file->import.format != NULL ? file->import.format : "",
           file->import.n_rows, first, last, file->import.digest);
    }
  tw_page_put (text, "</table></div>\n");
}

/* How much of it cannot wait. */
static void
put_urgency (const TwPage *self,
             GString      *text)
{
  guint64 n[N_SEVERITIES] = { 0 }, n_resolved = 0;

  for (guint i = 0; i < self->sums->len; i++)
    {
      const TwClassSum *sum = &g_array_index (self->sums, TwClassSum, i);

      *(sum->resolved ? &n_resolved : &n[MIN (sum->severity, N_SEVERITIES - 1)]) += sum->n;
    }
  tw_page_put (text, "<p>");
  for (guint severity = N_SEVERITIES - 1; severity > 0; severity--)
    if (n[severity] > 0)
      tw_page_put (text, "<span class=\"tag s%u\">%" G_GUINT64_FORMAT " %s</span> ", severity, n[severity],
                   WHEN[severity]);
  if (n_resolved > 0)
    tw_page_put (text, "<span class=\"tag s1\">%" G_GUINT64_FORMAT " resolved by hand</span>", n_resolved);
  tw_page_put (text, "</p>\n");
}

static void
put_head (const TwPage *self,
          GString    *text)
{
  g_autofree char *as_of = tw_report_local (self->head->as_of_us, self->head->time_zone);
  g_autofree char *verdict = tw_report_verdict (self->head, self->n_listed, self->sums);

  tw_page_put (text, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Books as of %s</title>\n"
       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv="
       "\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
       "script-src 'unsafe-inline'; img-src data:\">\n<style>\n", as_of);
  tw_page_put_resource (text, "report.css");
  tw_page_put (text, "</style></head><body>\n<h1>Books as of %s</h1><p class=\"soft\">Times in %s. Four witnesses: the "
       "stations' journals, the meters, the payment service, the bank.</p>\n", as_of, self->head->time_zone);
  tw_page_put (text, "<p class=\"verdict %s\">%s</p>\n", self->n_listed == 0 ? "closed" : "open", verdict);
  put_urgency (self, text);
}

gboolean
tw_page_write (const TwPage  *self,
               GString       *text,
               GError       **error)
{
  put_head (self, text);
  tw_page_put (text, "<h2>Where the money got to</h2>\n");
  for (guint i = 0; i < self->totals->len; i++)
    put_flow (text, self->head, &g_array_index (self->totals, TwCurrencyTotals, i));

  tw_page_put (text, "<h2>What is missing, and why</h2>\n");
  if (self->sums->len == 0)
    tw_page_put (text, "<p>Nothing.</p>\n");
  put_classes (self, text);
  if (self->ageings->len > 0)
    tw_page_put (text, "<h2>How old it is</h2><p class=\"soft\">Money at stake, to lose and to give back together."
                 "</p>\n");
  for (guint i = 0; i < self->ageings->len; i++)
    put_ageing (text, &g_array_index (self->ageings, Ageing, i));

  if (self->n_payouts > 0)
    {
      tw_page_put (text, "<h2>Payouts</h2><div class=\"wide\"><table><tr><th>Account</th><th>Payout</th>"
                   "<th class=\"n\">Lines</th><th class=\"n\">Gross</th><th class=\"n\">Fees</th><th class=\"n\">Net"
                   "</th><th class=\"n\">In the bank</th><th class=\"n\">Left over</th><th>As</th><th>Found by</th>"
                   "</tr>\n");
      g_string_append_len (text, self->payouts->str, (gssize) self->payouts->len);
      tw_page_put (text, "</table></div>\n");
      if (self->n_payouts > TW_PAGE_MOST_PAYOUTS)
        tw_page_put (text, "<p class=\"soft\">%" G_GUINT64_FORMAT " more in payouts.csv.</p>\n",
             self->n_payouts - TW_PAGE_MOST_PAYOUTS);
    }
  if (self->head->witnesses.self != NULL
      && !self->head->witnesses.put (self->head->witnesses.self, text, error))
    return FALSE;
  put_files (self, text);
  tw_page_put (text, "<script>\n");
  tw_page_put_resource (text, "chart.js");
  tw_page_put (text, "</script>\n<script>\n");
  tw_page_put_resource (text, "report.js");
  tw_page_put (text, "</script>\n</body></html>\n");

  return TRUE;
}

