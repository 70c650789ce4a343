/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON object, written as the results come. "info" is gathered in an unnamed file beside it, because exceptions and
 * what only informs come in one order and belong to two arrays. */
#include "payment/reconcile/report/steps.h"
#include "payment/reconcile/report/values.h"
#include "payment/reconcile/report/verdict.h"

typedef enum { BEFORE, IN_TOTALS, IN_PAYOUTS, IN_MATCHED, IN_EXCEPTIONS } Section;

typedef struct
{
  TwOutlet            outlet;
  const TwReportHead *head;
  FILE               *file, *info;
  Section             section;
  guint64             n, n_info;     /* written to the section, and to info */
  guint64             n_listed;
  GArray             *resolved;      /* of TwClassSum */
} Json;

static const char *const OPENERS[] = {
  "{\"totals\":{", "},\n\"payouts\":[", "],\n\"matched\":[", "],\n\"exceptions\":["
};

/* Closes what comes before the section, also of sections that nothing came for. Nothing is written before the first
 * result: a run may end without one. */
static void
enter (Json    *self,
       Section  section)
{
  for (; self->section < section; self->section++)
    {
      fputs (OPENERS[self->section], self->file);
      self->n = 0;
    }
}

static void
put (FILE      *file,
     guint64   *n,
     TwJsonOut *out)
{
  g_autoptr (GBytes) bytes = tw_json_out_finish (out);

  fputs ((*n)++ > 0 ? ",\n" : "\n", file);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), file);
  tw_json_out_free (out);
}

static gboolean
check (FILE    *file,
       GError **error)
{
  return ferror (file) ? tw_report_write_failed ("the report in JSON", error) : TRUE;
}

static TwJsonOut *
begin (void)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);

  return out;
}

static void
put_origin (const Json *self,
            TwJsonOut  *out,
            const char *key,
            TwOrigin    origin)
{
  const char *path = tw_report_path (self->head, origin);

  if (path == NULL)
    {
      tw_json_out_string (out, key, NULL);
      return;
    }
  tw_json_out_begin_object (out, key);
  tw_json_out_string (out, "path", path);
  tw_json_out_int64 (out, "line", (gint64) origin.line);
  tw_json_out_end (out);
}

static void
put_references (TwJsonOut     *out,
                const TwChars *texts,
                guint          n)
{
  tw_json_out_begin_array (out, "references");
  for (guint i = 0; i < n; i++)
    if (texts[i].n > 0)
      tw_report_json_chars (out, NULL, texts[i]);
  tw_json_out_end (out);
}

static gboolean
on_totals (gpointer                 outlet,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  Json *self = outlet;
  g_autofree char *head = g_strdup_printf ("%s\n\"%s\":", self->n > 0 ? "," : "", totals->currency);
  TwJsonOut *out = begin ();
  TwFlowSum sums[TW_N_FLOW_SUMS];
  g_autoptr (GBytes) bytes = NULL;

  tw_json_out_int64 (out, "sales", (gint64) totals->n_sales);
  tw_json_out_int64 (out, "captured_sales", (gint64) totals->n_captured);
  tw_json_out_int64 (out, "matched_sales", (gint64) totals->n_matched);
  tw_json_out_int64 (out, "settlement_lines", (gint64) totals->n_lines);
  tw_json_out_int64 (out, "payouts", (gint64) totals->n_payouts);
  tw_json_out_int64 (out, "bank_entries", (gint64) totals->n_credits);
  tw_json_out_int64 (out, "priced_minor", totals->priced_minor);
  tw_json_out_int64 (out, "captured_minor", totals->captured_minor);
  tw_json_out_int64 (out, "refunded_minor", totals->refunded_minor);
  tw_json_out_int64 (out, "settled_minor", totals->settled_minor);
  tw_json_out_int64 (out, "settled_refund_minor", totals->settled_refund_minor);
  tw_json_out_int64 (out, "chargeback_minor", totals->chargeback_minor);
  tw_json_out_int64 (out, "listed_minor", totals->listed_minor);
  tw_json_out_int64 (out, "fee_minor", totals->fee_minor);
  tw_json_out_int64 (out, "net_minor", totals->net_minor);
  tw_json_out_int64 (out, "paid_out_minor", totals->paid_out_minor);
  tw_json_out_int64 (out, "banked_minor", totals->banked_minor);
  tw_json_out_int64 (out, "residual_minor", totals->residual_minor);
  tw_json_out_int64 (out, "with_service_minor", totals->with_service_minor);
  tw_json_out_int64 (out, "converted_minor", totals->converted_minor);
  tw_report_flow_sums (&totals->flow, sums);
  for (guint i = 0; i < TW_N_FLOW_SUMS; i++)
    tw_json_out_int64 (out, sums[i].name, sums[i].minor);
  bytes = tw_json_out_finish (out);
  enter (self, IN_TOTALS);
  fputs (head, self->file);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), self->file);
  tw_json_out_free (out);
  self->n++;

  return check (self->file, error);
}

/* What the bank booked in another currency, and by which rate: "1 CHF is 1.06 EUR". */
static void
put_conversion (TwJsonOut      *out,
                const TwPayout *payout)
{
  g_autofree char *rate = tw_report_rate (payout);

  if (*payout->bank_currency == '\0')
    {
      tw_json_out_string (out, "conversion", NULL);
      return;
    }
  tw_json_out_begin_object (out, "conversion");
  tw_json_out_string (out, "currency", payout->bank_currency);
  tw_json_out_int64 (out, "credited_minor", payout->credited_minor);
  tw_json_out_string (out, "rate", rate);
  tw_json_out_string (out, "rate_of", rate == NULL         ? NULL
                                      : payout->rate_of_bank ? payout->bank_currency
                                                             : payout->currency);
  tw_json_out_end (out);
}

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  Json *self = outlet;
  TwJsonOut *out = begin ();

  enter (self, IN_PAYOUTS);
  tw_report_json_chars (out, "account", payout->account);
  tw_report_json_chars (out, "batch", payout->batch);
  tw_report_json_chars (out, "bank_reference", tw_credit_reference (payout->bank_reference));
  tw_json_out_string (out, "rule", payout->rule);
  tw_json_out_string (out, "currency", payout->currency);
  tw_json_out_int64 (out, "lines", (gint64) payout->n_lines);
  tw_report_json_amount (out, "gross_minor", payout->gross_minor);
  tw_report_json_amount (out, "fee_minor", payout->fee_minor);
  tw_report_json_amount (out, "net_minor", payout->net_minor);
  tw_report_json_amount (out, "bank_minor", payout->bank_minor);
  tw_report_json_amount (out, "residual_minor", payout->residual_minor);
  tw_json_out_string (out, "residual", payout->residual);
  put_conversion (out, payout);
  put_origin (self, out, "bank", payout->bank);
  put (self->file, &self->n, out);

  return check (self->file, error);
}

static gboolean
on_matched (gpointer          outlet,
            const TwMatched  *matched,
            GError          **error)
{
  Json *self = outlet;
  const TwChars references[] = { matched->payment_ref, matched->psp_ref };
  TwJsonOut *out = begin ();

  enter (self, IN_MATCHED);
  tw_report_json_chars (out, "session", matched->session);
  put_references (out, references, G_N_ELEMENTS (references));
  tw_json_out_string (out, "rule", matched->rule);
  tw_json_out_string (out, "link", tw_report_link_name (matched->link));
  tw_json_out_string (out, "currency", matched->currency);
  tw_report_json_amount (out, "captured_minor", matched->captured_minor);
  tw_report_json_amount (out, "settled_minor", matched->settled_minor);
  tw_report_json_amount (out, "fee_minor", matched->fee_minor);
  put (self->file, &self->n, out);

  return check (self->file, error);
}

void
tw_report_json_who (TwJsonOut         *out,
                    const TwException *exception)
{
  tw_json_out_string (out, "id", exception->id);
  tw_json_out_string (out, "class", tw_class_name (exception->class_));
  tw_json_out_int64 (out, "severity", exception->severity);
  tw_report_json_amount (out, "amount_minor", exception->stake_minor);
  tw_json_out_string (out, "currency", *exception->currency == '\0' ? NULL : exception->currency);
  tw_report_json_chars (out, "session", exception->session);
  tw_report_json_chars (out, "station", exception->station);
  tw_report_json_chars (out, "evse", exception->evse);
}

void
tw_report_json_what (TwJsonOut         *out,
                     const TwException *exception)
{
  tw_report_json_chars (out, "payment_ref", exception->payment_ref);
  tw_report_json_chars (out, "psp_ref", exception->psp_ref);
  tw_report_json_chars (out, "batch", exception->batch);
  tw_report_json_chars (out, "bank_reference", tw_credit_reference (exception->bank_reference));
  tw_report_json_chars (out, "detail", exception->detail);
  tw_json_out_string (out, "rule", exception->rule);
  tw_json_out_string (out, "suggested", tw_class_suggested (exception->class_));
  tw_report_json_amount (out, "expected", exception->expected);
  tw_report_json_amount (out, "found", exception->found);
  tw_report_json_instant (out, "since", exception->since_us);
  tw_report_json_instant (out, "due", exception->due_us);
}

static TwJsonOut *
write_exception (const Json        *self,
                 const TwException *exception)
{
  const TwChars references[] = { exception->payment_ref, exception->psp_ref, exception->batch,
                                 tw_credit_reference (exception->bank_reference) };
  TwJsonOut *out = begin ();

  tw_report_json_who (out, exception);
  put_references (out, references, G_N_ELEMENTS (references));
  tw_report_json_what (out, exception);
  put_origin (self, out, "sale", exception->sale);
  put_origin (self, out, "other", exception->other);
  tw_report_json_resolved (out, exception);

  return out;
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  Json *self = outlet;
  gboolean listed = exception->severity >= TW_SEVERITY_LISTED;

  enter (self, IN_EXCEPTIONS);
  self->n_listed += listed;
  if (exception->resolved)
    tw_class_sums_add (self->resolved, exception);
  put (listed ? self->file : self->info, listed ? &self->n : &self->n_info, write_exception (self, exception));

  return check (self->file, error) && check (self->info, error);
}

static void
put_files (Json *self)
{
  guint64 n = 0;

  fputs ("],\n\"files\":[", self->file);
  for (guint i = 0; i < self->head->n_files; i++)
    {
      const TwReportFile *file = &self->head->files[i];
      TwJsonOut *out = begin ();

      tw_json_out_string (out, "role", file->role);
      tw_json_out_string (out, "path", file->path);
      tw_json_out_string (out, "format", file->import.format);
      tw_json_out_string (out, "sha256", *file->import.digest == '\0' ? NULL : file->import.digest);
      tw_json_out_int64 (out, "rows", (gint64) file->import.n_rows);
      tw_report_json_instant (out, "first", file->import.first_us);
      tw_report_json_instant (out, "last", file->import.last_us);
      tw_json_out_begin_array (out, "notices");
      for (guint j = 0; file->import.notices != NULL && j < file->import.notices->len; j++)
        tw_json_out_string (out, NULL, g_ptr_array_index (file->import.notices, j));
      tw_json_out_end (out);
      put (self->file, &n, out);
    }
}

/* closed is of these and of nobody else. */
static void
put_compared (const Json *self)
{
  guint n = 0;

  for (TwAsked i = 0; i < TW_N_ASKED; i++)
    if (tw_report_asked (self->head, i))
      fprintf (self->file, "%s\"%s\"", n++ > 0 ? "," : "", tw_asked_role (i));
}

/* Of a class and a currency: how many persons resolved, and what money is apart all the same. */
static void
put_resolved (Json *self)
{
  guint64 n = 0;

  tw_class_sums_sort (self->resolved);
  for (guint i = 0; i < self->resolved->len; i++)
    {
      const TwClassSum *sum = &g_array_index (self->resolved, TwClassSum, i);
      TwJsonOut *out = begin ();

      tw_json_out_string (out, "class", tw_class_name (sum->class_));
      tw_json_out_string (out, "currency", *sum->currency == '\0' ? NULL : sum->currency);
      tw_json_out_int64 (out, "findings", (gint64) sum->n);
      tw_json_out_int64 (out, "lose_minor", sum->lose_minor);
      tw_json_out_int64 (out, "owe_minor", sum->owe_minor);
      put (self->file, &n, out);
    }
}

static gboolean
close_json (TwOutlet  *outlet,
            GError   **error)
{
  Json *self = (Json *) outlet;
  g_autofree char *as_of = tw_report_instant (self->head->as_of_us);
  char buffer[65536];
  gsize n;

  enter (self, IN_EXCEPTIONS);
  fputs ("],\n\"info\":[", self->file);
  rewind (self->info);
  while ((n = fread (buffer, 1, sizeof buffer, self->info)) > 0)
    fwrite (buffer, 1, n, self->file);
  put_files (self);
  fprintf (self->file, "],\n\"as_of\":\"%s\",\n\"compared\":[", as_of != NULL ? as_of : "");
  put_compared (self);
  fputs ("],\n\"resolved\":[", self->file);
  put_resolved (self);
  fprintf (self->file, "],\n\"closed\":%s}\n", self->n_listed == 0 ? "true" : "false");

  return fflush (self->file) == 0 && !ferror (self->file) && !ferror (self->info)
    ? TRUE : tw_report_write_failed ("the report in JSON", error);
}

static void
free_json (TwOutlet *outlet)
{
  Json *self = (Json *) outlet;

  fclose (self->info);
  g_array_unref (self->resolved);
  g_free (self);
}

static const TwResultClass CLASS = { on_totals, on_payout, on_matched, on_exception, NULL };

TwOutlet *
tw_outlet_new_json (FILE                *file,
                    const TwReportHead  *head,
                    GError             **error)
{
  FILE *info = tmpfile ();
  Json *self;

  if (info == NULL)
    {
      tw_report_write_failed ("a temporary file", error);
      return NULL;
    }
  self = g_new (Json, 1);
  *self = (Json) { .outlet = { &CLASS, close_json, free_json }, .head = head, .file = file, .info = info,
                   .resolved = g_array_new (FALSE, FALSE, sizeof (TwClassSum)) };

  return &self->outlet;
}
