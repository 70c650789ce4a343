/* SPDX-License-Identifier: Apache-2.0 */
/* Four tables in a directory (RFC 4180, UTF-8, no byte order mark), each written beside its name and then put in its
 * place: a run that stops leaves the tables of the run before. */
#include "payment/page/new-file.h"
#include "payment/reconcile/report/steps.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>

typedef enum { EXCEPTIONS, MATCHED, PAYOUTS, TOTALS, N_SHEETS } Sheet;

static const struct { const char *name, *header; } SHEETS[N_SHEETS] = {
  [EXCEPTIONS] = { "exceptions.csv",
                   "id,class,severity,amount_minor,currency,session,station,evse,payment_ref,psp_ref,batch,"
                   "bank_reference,detail,rule,suggested,expected,found,since,due,sale,other,resolved_by,"
                   "resolved_why\r\n" },
  [MATCHED]    = { "matched.csv",
                   "session,payment_ref,psp_ref,rule,link,currency,captured_minor,settled_minor,fee_minor\r\n" },
  [PAYOUTS]    = { "payouts.csv",
                   "account,batch,bank_reference,rule,currency,lines,gross_minor,fee_minor,net_minor,bank_minor,"
                   "residual_minor,residual,bank_currency,credited_minor,rate,rate_of,bank\r\n" },
  [TOTALS]     = { "totals.csv",
                   "currency,sales,captured_sales,matched_sales,settlement_lines,payouts,bank_entries,priced_minor,"
                   "captured_minor,refunded_minor,settled_minor,settled_refund_minor,chargeback_minor,listed_minor,"
                   "fee_minor,net_minor,paid_out_minor,banked_minor,residual_minor,with_service_minor,"
                   "converted_minor,account_fee_minor,reserve_minor,adjustment_minor,advance_minor,carry_over_minor,"
                   "fx_minor,other_minor,exchanged_minor,without_net_minor,uneven_minor,only_sent_minor,"
                   "payout_apart_minor,payout_unknown_minor,not_banked_minor\r\n" },
};

typedef struct
{
  TwOutlet            outlet;
  const TwReportHead *head;
  char               *directory;
  TwNewFile           files[N_SHEETS];
} Csv;

/* Its files are one thread's: asking for their lock at each cell was a good part of a large table. */
static void
put_quoted (FILE       *file,
            const char *text,
            gsize       n)
{
  putc_unlocked ('"', file);
  for (gsize i = 0; i < n; i++)
    {
      if (text[i] == '"')
        putc_unlocked ('"', file);
      putc_unlocked (text[i], file);
    }
  putc_unlocked ('"', file);
}

static gboolean
must_quote (const char *text,
            gsize       n)
{
  for (gsize i = 0; i < n; i++)
    if (text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r')
      return TRUE;

  return FALSE;
}

/* A spreadsheet takes a text that begins so for a formula, and these texts come from outside: it gets an apostrophe. */
static gboolean
looks_like_formula (const char *text)
{
  return strchr ("=+-@\t", *text) != NULL;
}

static void
put_cell (FILE    *file,
          TwChars  chars)
{
  if (chars.n > 0 && looks_like_formula (chars.text))
    {
      g_autofree char *tame = g_strdup_printf ("'%.*s", (int) chars.n, chars.text);

      put_quoted (file, tame, strlen (tame));
    }
  else if (must_quote (chars.text, chars.n))
    put_quoted (file, chars.text, chars.n);
  else if (chars.n > 0)
    fwrite_unlocked (chars.text, 1, chars.n, file);
}

static void
put_chars (FILE    *file,
           TwChars  chars)
{
  put_cell (file, chars);
  putc_unlocked (',', file);
}

static void
put_text (FILE       *file,
          const char *text)
{
  if (text != NULL)
    fputs_unlocked (text, file);
  putc_unlocked (',', file);
}

static void
put_number (FILE   *file,
            gint64  value)
{
  char digits[24], *at = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  do
    *--at = (char) ('0' + rest % 10);
  while (rest /= 10);
  if (value < 0)
    *--at = '-';
  fwrite_unlocked (at, 1, (gsize) (digits + sizeof digits - at), file);
}

static void
put_amount (FILE   *file,
            gint64  value)
{
  if (value != TW_NOT_STATED)
    put_number (file, value);
  putc_unlocked (',', file);
}

static void
put_instant (FILE   *file,
             gint64  us)
{
  g_autofree char *text = tw_report_instant (us);

  put_text (file, text);
}

/* "PATH:LINE", and what ends the cell. */
static void
put_origin (const Csv *self,
            FILE      *file,
            TwOrigin   origin,
            const char *end)
{
  const char *path = tw_report_path (self->head, origin);

  if (path != NULL)
    {
      g_autofree char *place = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, path, origin.line);

      if (must_quote (place, strlen (place)))
        put_quoted (file, place, strlen (place));
      else
        fputs (place, file);
    }
  fputs (end, file);
}

static gboolean
check (const Csv  *self,
       Sheet       sheet,
       GError    **error)
{
  return ferror (self->files[sheet].file) ? tw_report_write_failed (self->files[sheet].name, error) : TRUE;
}

static gboolean
on_totals (gpointer                 outlet,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  Csv *self = outlet;
  const guint64 counts[] = { totals->n_sales, totals->n_captured, totals->n_matched, totals->n_lines,
                             totals->n_payouts, totals->n_credits };
  const gint64 sums[] = {
    totals->priced_minor, totals->captured_minor, totals->refunded_minor, totals->settled_minor,
    totals->settled_refund_minor, totals->chargeback_minor, totals->listed_minor, totals->fee_minor, totals->net_minor,
    totals->paid_out_minor, totals->banked_minor, totals->residual_minor, totals->with_service_minor,
    totals->converted_minor,
  };
  FILE *file = self->files[TOTALS].file;
  TwFlowSum flow[TW_N_FLOW_SUMS];

  fputs (totals->currency, file);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    fprintf (file, ",%" PRIu64, counts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    fprintf (file, ",%" PRId64, sums[i]);
  tw_report_flow_sums (&totals->flow, flow);
  for (guint i = 0; i < TW_N_FLOW_SUMS; i++)
    fprintf (file, ",%" PRId64, flow[i].minor);
  fputs ("\r\n", file);

  return check (self, TOTALS, error);
}

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  Csv *self = outlet;
  FILE *file = self->files[PAYOUTS].file;
  gboolean converted = *payout->bank_currency != '\0';
  g_autofree char *rate = tw_report_rate (payout);

  put_chars (file, payout->account);
  put_chars (file, payout->batch);
  put_chars (file, tw_credit_reference (payout->bank_reference));
  put_text (file, payout->rule);
  put_text (file, payout->currency);
  put_amount (file, (gint64) payout->n_lines);
  put_amount (file, payout->gross_minor);
  put_amount (file, payout->fee_minor);
  put_amount (file, payout->net_minor);
  put_amount (file, payout->bank_minor);
  put_amount (file, payout->residual_minor);
  put_text (file, payout->residual);
  put_text (file, payout->bank_currency);
  put_amount (file, converted ? payout->credited_minor : TW_NOT_STATED);
  put_text (file, rate);
  put_text (file, rate == NULL ? NULL : payout->rate_of_bank ? payout->bank_currency : payout->currency);
  put_origin (self, file, payout->bank, "\r\n");

  return check (self, PAYOUTS, error);
}

static gboolean
on_matched (gpointer          outlet,
            const TwMatched  *matched,
            GError          **error)
{
  Csv *self = outlet;
  FILE *file = self->files[MATCHED].file;

  put_chars (file, matched->session);
  put_chars (file, matched->payment_ref);
  put_chars (file, matched->psp_ref);
  put_text (file, matched->rule);
  put_text (file, tw_report_link_name (matched->link));
  put_text (file, matched->currency);
  put_amount (file, matched->captured_minor);
  put_amount (file, matched->settled_minor);
  if (matched->fee_minor != TW_NOT_STATED)
    put_number (file, matched->fee_minor);
  fputs_unlocked ("\r\n", file);

  return check (self, MATCHED, error);
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  Csv *self = outlet;
  FILE *file = self->files[EXCEPTIONS].file;

  put_text (file, exception->id);
  put_text (file, tw_class_name (exception->class_));
  put_amount (file, exception->severity);
  put_amount (file, exception->stake_minor);
  put_text (file, exception->currency);
  put_chars (file, exception->session);
  put_chars (file, exception->station);
  put_chars (file, exception->evse);
  put_chars (file, exception->payment_ref);
  put_chars (file, exception->psp_ref);
  put_chars (file, exception->batch);
  put_chars (file, tw_credit_reference (exception->bank_reference));
  put_chars (file, exception->detail);
  put_text (file, exception->rule);
  put_text (file, tw_class_suggested (exception->class_));
  put_amount (file, exception->expected);
  put_amount (file, exception->found);
  put_instant (file, exception->since_us);
  put_instant (file, exception->due_us);
  put_origin (self, file, exception->sale, ",");
  put_origin (self, file, exception->other, ",");
  put_chars (file, exception->resolved_by);
  put_cell (file, exception->resolved_why);
  fputs ("\r\n", file);

  return check (self, EXCEPTIONS, error);
}

static gboolean
is_wanted (const Csv *self,
           Sheet      sheet)
{
  return sheet != MATCHED || !self->head->without_matched;
}

/* Of an earlier run, beside whose tables it would be wrong. */
static gboolean
forget (const Csv  *self,
        Sheet       sheet,
        GError    **error)
{
  g_autofree char *path = g_build_filename (self->directory, SHEETS[sheet].name, NULL);

  return g_unlink (path) == 0 || errno == ENOENT || tw_report_write_failed (path, error);
}

static gboolean
close_csv (TwOutlet  *outlet,
           GError   **error)
{
  Csv *self = (Csv *) outlet;

  for (guint i = 0; i < N_SHEETS; i++)
    if (is_wanted (self, i) && !tw_new_file_finish (&self->files[i], error))
      return FALSE;
  for (guint i = 0; i < N_SHEETS; i++)
    if (is_wanted (self, i) && !tw_new_file_place (&self->files[i], error))
      return FALSE;

  return is_wanted (self, MATCHED) || forget (self, MATCHED, error);
}

static void
free_csv (TwOutlet *outlet)
{
  Csv *self = (Csv *) outlet;

  for (guint i = 0; i < N_SHEETS; i++)
    tw_new_file_clear (&self->files[i]);
  g_free (self->directory);
  g_free (self);
}

static const TwResultClass CLASS = { on_totals, on_payout, on_matched, on_exception, NULL };
static const TwResultClass UNMATCHED = { on_totals, on_payout, NULL, on_exception, NULL };

TwOutlet *
tw_outlet_new_csv (const char          *directory,
                   const TwReportHead  *head,
                   GError             **error)
{
  Csv *self = g_new0 (Csv, 1);

  self->outlet = (TwOutlet) { head->without_matched ? &UNMATCHED : &CLASS, close_csv, free_csv };
  self->head = head;
  self->directory = g_strdup (directory);
  for (guint i = 0; i < N_SHEETS; i++)
    {
      if (!is_wanted (self, i))
        continue;
      if (!tw_new_file_open (&self->files[i], directory, SHEETS[i].name, error))
        {
          free_csv (&self->outlet);
          return NULL;
        }
      fputs (SHEETS[i].header, self->files[i].file);
    }

  return &self->outlet;
}
