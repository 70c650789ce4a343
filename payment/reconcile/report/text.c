/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator sees in the terminal: are the books closed, where did the money get to, and what is to be done. */
#include "payment/reconcile/report/steps.h"
#include "payment/reconcile/report/sums.h"
#include "payment/reconcile/report/verdict.h"

#define MOST_RESOLVED 50             /* that are told one by one */

typedef struct
{
  TwOutlet            outlet;
  const TwReportHead *head;
  FILE               *file;
  gboolean            colour;
  GString            *totals;
  GArray             *sums;          /* of TwClassSum */
  GString            *resolved;      /* a line each */
  guint64             n_resolved;
  guint64             n_payouts, n_banked, n_listed, n_info;
} Text;

static const char *const BOLD = "\033[1m", *const RED = "\033[31m", *const GREEN = "\033[32m", *const PLAIN = "\033[0m";

static const char *
remark_of (const TwStep           *step,
           const TwCurrencyTotals *totals,
           char                  **remark)
{
  if (!step->sum)
    return "";
  if (g_str_equal (step->label, "Captured"))
    *remark = g_strdup_printf ("   %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " sales", totals->n_captured,
                               totals->n_sales);
  else if (g_str_equal (step->label, "Settled"))
    *remark = g_strdup_printf ("   %" G_GUINT64_FORMAT " sales found in %" G_GUINT64_FORMAT " lines", totals->n_matched,
                               totals->n_lines);

  return *remark != NULL ? *remark : "";
}

/* What is a sum has a sign of equality before it, and is what stands above it. */
static gboolean
on_totals (gpointer                 outlet,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  Text *self = outlet;
  TwStep steps[TW_MOST_STEPS];
  guint n = tw_report_steps (self->head, totals, steps);

  g_string_append_printf (self->totals, "\n%s\n", totals->currency);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *money = tw_report_money (steps[i].minor, totals->currency);
      g_autofree char *remark = NULL;

      g_string_append_printf (self->totals, "  %s%-26s %20s%s\n", steps[i].sum && i > 0 ? "= " : "  ", steps[i].label,
                              money, remark_of (&steps[i], totals, &remark));
    }

  return TRUE;
}

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  Text *self = outlet;

  self->n_payouts++;
  self->n_banked += payout->rule != NULL;

  return TRUE;
}

/* As one line, whatever stands in it. */
static char *
plain_dup (TwChars chars)
{
  char *text = chars.n == 0 ? g_strdup ("-") : g_strndup (chars.text, chars.n);

  for (char *at = text; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';

  return text;
}

static void
note_resolved (Text              *self,
               const TwException *exception)
{
  const TwChars names[] = { exception->session, exception->psp_ref, exception->payment_ref, exception->batch };
  g_autofree char *stake = tw_report_money (exception->stake_minor, exception->currency);
  g_autofree char *by = plain_dup (exception->resolved_by), *why = plain_dup (exception->resolved_why);
  g_autofree char *name = NULL;
  guint i = 0;

  if (self->n_resolved++ >= MOST_RESOLVED)
    return;
  while (i < G_N_ELEMENTS (names) - 1 && names[i].n == 0)
    i++;
  name = plain_dup (names[i]);
  g_string_append_printf (self->resolved, "  %s, %s, %s: resolved by %s: %s\n", tw_class_name (exception->class_), name,
                          stake, by, why);
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  Text *self = outlet;

  if (exception->severity >= TW_SEVERITY_LISTED)
    self->n_listed++;
  else
    self->n_info++;
  tw_class_sums_add (self->sums, exception);
  if (exception->resolved)
    note_resolved (self, exception);

  return TRUE;
}

static void
print_sum (const Text       *self,
           const TwClassSum *sum)
{
  static const char *const WHEN[] = { "", "to know", "this month", "this week", "today" };
  g_autofree char *lose = sum->lose_minor == 0 ? NULL : tw_report_money (sum->lose_minor, sum->currency);
  g_autofree char *owe = sum->owe_minor == 0 ? NULL : tw_report_money (sum->owe_minor, sum->currency);

  fprintf (self->file, "\n%s%s%s: %" G_GUINT64_FORMAT " (%s)", self->colour ? BOLD : "", tw_class_name (sum->class_),
           self->colour ? PLAIN : "", sum->n,
           sum->resolved ? "resolved by hand" : WHEN[MIN (sum->severity, 4)]);
  if (lose != NULL)
    fprintf (self->file, ", %s to lose", lose);
  if (owe != NULL)
    fprintf (self->file, ", %s to give back", owe);
  if (sum->class_ == TW_CLASS_EXPECTED && sum->first_due_us != TW_NOT_STATED)
    {
      g_autofree char *due = tw_report_local (sum->first_due_us, self->head->time_zone);

      fprintf (self->file, ", %sdue %s", sum->n > 1 ? "the first " : "", due);
    }
  fprintf (self->file, "\n  %s\n", tw_report_meaning (self->head, sum->class_));
  if (!sum->resolved)
    fprintf (self->file, "  %s\n", tw_report_advice (self->head, sum->class_));
}

/* With the file's name, once. */
static void
print_notice (FILE       *file,
              const char *path,
              const char *notice)
{
  if (g_str_has_prefix (notice, path))
    fprintf (file, "  note: %s\n", notice);
  else
    fprintf (file, "  note: %s: %s\n", path, notice);
}

static void
print_head (const Text *self)
{
  g_autofree char *as_of = tw_report_local (self->head->as_of_us, self->head->time_zone);
  guint64 rows = 0;

  for (guint i = 0; i < self->head->n_files; i++)
    rows += self->head->files[i].import.n_rows;
  fprintf (self->file, "Books as of %s (%s), from %u file%s with %" G_GUINT64_FORMAT " rows\n", as_of,
           self->head->time_zone, self->head->n_files, self->head->n_files == 1 ? "" : "s", rows);
  for (guint i = 0; i < self->head->n_files; i++)
    for (guint j = 0; self->head->files[i].import.notices != NULL && j < self->head->files[i].import.notices->len; j++)
      print_notice (self->file, self->head->files[i].path, self->head->files[i].import.notices->pdata[j]);
}

static void
print_payouts (const Text *self)
{
  fprintf (self->file, "\n%" G_GUINT64_FORMAT " payout%s", self->n_payouts, self->n_payouts == 1 ? "" : "s");
  if (tw_report_asked (self->head, TW_ASKED_BANK))
    fprintf (self->file, ", %" G_GUINT64_FORMAT " found in the bank\n", self->n_banked);
  else
    fputs ("; no bank file was given\n", self->file);
}

static void
print_resolved (const Text *self)
{
  if (self->n_resolved == 0)
    return;
  fprintf (self->file, "\nResolved by hand\n%s", self->resolved->str);
  if (self->n_resolved > MOST_RESOLVED)
    fprintf (self->file, "  and %" G_GUINT64_FORMAT " more: tapwatt cases list --all\n",
             self->n_resolved - MOST_RESOLVED);
}

static gboolean
close_text (TwOutlet  *outlet,
            GError   **error)
{
  Text *self = (Text *) outlet;
  g_autofree char *verdict = tw_report_verdict (self->head, self->n_listed, self->sums);

  print_head (self);
  fputs (self->totals->str, self->file);
  if (self->n_payouts > 0)
    print_payouts (self);
  tw_class_sums_sort (self->sums);
  for (guint i = 0; i < self->sums->len; i++)
    print_sum (self, &g_array_index (self->sums, TwClassSum, i));

  print_resolved (self);
  fprintf (self->file, "\n%s%s%s\n", !self->colour ? "" : self->n_listed == 0 ? GREEN : RED, verdict,
           self->colour ? PLAIN : "");

  return fflush (self->file) == 0 && !ferror (self->file) ? TRUE : tw_report_write_failed ("the summary", error);
}

static void
free_text (TwOutlet *outlet)
{
  Text *self = (Text *) outlet;

  g_string_free (self->totals, TRUE);
  g_string_free (self->resolved, TRUE);
  g_array_unref (self->sums);
  g_free (self);
}

static const TwResultClass CLASS = { on_totals, on_payout, NULL, on_exception, NULL };

TwOutlet *
tw_outlet_new_text (FILE               *file,
                    const TwReportHead *head,
                    gboolean            colour)
{
  Text *self = g_new0 (Text, 1);

  self->outlet = (TwOutlet) { &CLASS, close_text, free_text };
  self->head = head;
  self->file = file;
  self->colour = colour;
  self->totals = g_string_new (NULL);
  self->resolved = g_string_new (NULL);
  self->sums = g_array_new (FALSE, FALSE, sizeof (TwClassSum));

  return &self->outlet;
}
