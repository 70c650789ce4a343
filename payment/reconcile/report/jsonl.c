/* SPDX-License-Identifier: Apache-2.0 */
/* The exceptions, one object a line, with the columns of exceptions.csv as they are named there. */
#include "payment/reconcile/report/values.h"

typedef struct
{
  TwOutlet            outlet;
  const TwReportHead *head;
  FILE               *file;
} Lines;

void
tw_report_json_chars (TwJsonOut  *out,
                      const char *key,
                      TwChars     chars)
{
  g_autofree char *text = chars.n == 0 ? NULL : g_strndup (chars.text, chars.n);

  tw_json_out_string (out, key, text);
}

void
tw_report_json_amount (TwJsonOut  *out,
                       const char *key,
                       gint64      value)
{
  if (value == TW_NOT_STATED)
    tw_json_out_string (out, key, NULL);
  else
    tw_json_out_int64 (out, key, value);
}

void
tw_report_json_instant (TwJsonOut  *out,
                        const char *key,
                        gint64      us)
{
  g_autofree char *text = tw_report_instant (us);

  tw_json_out_string (out, key, text);
}

void
tw_report_json_resolved (TwJsonOut         *out,
                         const TwException *exception)
{
  tw_report_json_chars (out, "resolved_by", exception->resolved_by);
  tw_report_json_chars (out, "resolved_why", exception->resolved_why);
}

/* "PATH:LINE" */
static void
put_origin (const Lines *self,
            TwJsonOut   *out,
            const char  *key,
            TwOrigin     origin)
{
  const char *path = tw_report_path (self->head, origin);
  g_autofree char *place = path == NULL ? NULL : g_strdup_printf ("%s:%" G_GUINT64_FORMAT, path, origin.line);

  tw_json_out_string (out, key, place);
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  Lines *self = outlet;
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) bytes = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_report_json_who (out, exception);
  tw_report_json_what (out, exception);
  put_origin (self, out, "sale", exception->sale);
  put_origin (self, out, "other", exception->other);
  tw_report_json_resolved (out, exception);
  bytes = tw_json_out_finish (out);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), self->file);
  putc ('\n', self->file);

  return ferror (self->file) ? tw_report_write_failed ("the exceptions in JSON", error) : TRUE;
}

static gboolean
close_lines (TwOutlet  *outlet,
             GError   **error)
{
  Lines *self = (Lines *) outlet;

  return fflush (self->file) == 0 && !ferror (self->file)
    ? TRUE : tw_report_write_failed ("the exceptions in JSON", error);
}

static void
free_lines (TwOutlet *outlet)
{
  g_free (outlet);
}

static const TwResultClass CLASS = { .exception = on_exception };

TwOutlet *
tw_outlet_new_jsonl (FILE               *file,
                     const TwReportHead *head)
{
  Lines *self = g_new (Lines, 1);

  *self = (Lines) { .outlet = { &CLASS, close_lines, free_lines }, .head = head, .file = file };

  return &self->outlet;
}
