/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"

#include "app/base/error.h"
#include "payment/analytics/sources/cuts.h"
#include "payment/analytics/sources/session-reader.h"

#include <string.h>
#include <sys/stat.h>

enum { LEAST_PART = 4 * 1024 * 1024, MAX_PARTS = 64, ROWS_BETWEEN_LOOKS = 16384, SAMPLE = 1000, SAMPLE_LEAST = 20 };

/* What the threads of one file share. */
typedef struct
{
  const char      *path;
  TwFeedPlace      from, until;
  TwSessionReader *header;                   /* of a file that is read from a place on */
  gint             stop;
  guint64          size, done;
} Whole;

typedef struct
{
  Whole           *whole;
  TwSessionReader *reader;
  TwRowIntake      intake;
  guint64          n_rows, n_refused, told;
  gint64           first_us, last_us;
  guint64          first_line;               /* that was refused, and why */
  char            *first_refusal;
  GError          *error;
} Part;

void
tw_feed_report_init (TwFeedReport *self)
{
  *self = (TwFeedReport) { .first_us = TW_UNKNOWN, .last_us = TW_UNKNOWN };
  self->kept = g_ptr_array_new_with_free_func (g_free);
  self->notices = g_ptr_array_new_with_free_func (g_free);
}

void
tw_feed_report_clear (TwFeedReport *self)
{
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->refusal, g_free);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
}

static gboolean
take_row (Part         *part,
          TwSessionRow *row)
{
  part->n_rows++;
  if (row->plug_in != TW_UNKNOWN)
    {
      part->first_us = part->first_us == TW_UNKNOWN ? row->plug_in : MIN (part->first_us, row->plug_in);
      part->last_us = MAX (part->last_us, row->plug_in);
    }
  return part->intake.class_->session (part->intake.self, row, &part->error);
}

static gboolean
take_refusal (Part *part)
{
  const char *why = tw_session_reader_refusal (part->reader);
  guint64 line = tw_session_reader_line (part->reader);

  if (part->n_refused++ == 0)
    {
      part->first_line = line;
      part->first_refusal = g_strdup (why);
    }
  if (part->intake.class_->refused != NULL)
    return part->intake.class_->refused (part->intake.self, line, why, &part->error);
  g_set_error (&part->error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": %s", part->whole->path, line,
               why);
  return FALSE;
}

static gboolean
goes_on (Part *part)
{
  guint64 read = tw_session_reader_bytes_read (part->reader), done;

  if (g_atomic_int_get (&part->whole->stop))
    return FALSE;
  done = __atomic_add_fetch (&part->whole->done, read - part->told, __ATOMIC_RELAXED);
  part->told = read;
  if (part->intake.class_->progress == NULL
      || part->intake.class_->progress (part->intake.self, done, MAX (done, part->whole->size)))
    return TRUE;
  g_set_error_literal (&part->error, TW_ERROR, TW_ERROR_GONE, "stopped");
  return FALSE;
}

static gpointer
read_part (gpointer data)
{
  Part *part = data;
  TwRead read;
  TwSessionRow row;

  do
    {
      read = tw_session_reader_next (part->reader, &row, &part->error);
      if ((read == TW_READ_ROW && !take_row (part, &row)) || (read == TW_READ_REFUSED && !take_refusal (part))
          || ((part->n_rows + part->n_refused) % ROWS_BETWEEN_LOOKS == 0 && !goes_on (part)))
        break;
    }
  while (read == TW_READ_ROW || read == TW_READ_REFUSED);
  if (part->error != NULL)
    g_atomic_int_set (&part->whole->stop, TRUE);
  return NULL;
}

/* Made-up data, and placeholders for it: all rows say the same. */
static gboolean
refuse_constant (const char         *path,
                 const TwFeedTerms  *terms,
                 GError            **error)
{
  g_autoptr (TwSessionReader) reader = tw_session_reader_open (path, terms, G_MAXUINT64, error);
  TwSessionRow first = { 0 }, row;
  gboolean same = TRUE;
  guint n = 0;

  if (reader == NULL)
    return FALSE;
  while (n < SAMPLE && same && tw_session_reader_next (reader, &row, NULL) == TW_READ_ROW)
    {
      if (n++ == 0)
        first = row;
      same = row.plug_in == first.plug_in && row.plug_out == first.plug_out && row.energy_wh == first.energy_wh;
    }
  if (!same || n < SAMPLE_LEAST)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: its first %u rows all have the same times and the same energy: "
               "this is a placeholder, or made up, and no data", path, n);
  return FALSE;
}

/* Who begins in the middle needs the header, too. */
static TwSessionReader *
open_first (Whole              *whole,
            const TwFeedTerms  *terms,
            guint64             end,
            GError            **error)
{
  if (whole->from.offset == 0)
    return tw_session_reader_open (whole->path, terms, end, error);
  whole->header = tw_session_reader_open (whole->path, terms, whole->from.offset, error);
  return whole->header == NULL ? NULL
         : tw_session_reader_open_part (whole->header, whole->from.offset, end, whole->from.line, error);
}

static gboolean
open_parts (Part               *parts,
            const TwCut        *cuts,
            guint               n_cuts,
            const TwFeedTerms  *terms,
            GError            **error)
{
  Whole *whole = parts[0].whole;
  const guint64 last = whole->until.offset > 0 ? whole->until.offset : G_MAXUINT64;

  for (guint i = 0; i <= n_cuts; i++)
    {
      guint64 end = i < n_cuts ? cuts[i].offset : last;

      parts[i].reader = i == 0 ? open_first (whole, terms, end, error)
                               : tw_session_reader_open_part (parts[0].reader, cuts[i - 1].offset, end,
                                                              cuts[i - 1].line, error);
      if (parts[i].reader == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
run_parts (Part  *parts,
           guint  n)
{
  g_autofree GThread **threads = g_new0 (GThread *, n);

  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("sessions", read_part, &parts[i]);
  read_part (&parts[0]);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
}

static void
note (TwFeedReport *report,
      const char   *format,
      ...) G_GNUC_PRINTF (2, 3);

static void
note (TwFeedReport *report,
      const char   *format,
      ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (report->notices, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
add_up (Part          *parts,
        guint          n,
        TwFeedReport  *report)
{
  if (report->format == NULL)
    report->format = g_strdup ("sessions");
  for (guint i = 0; i < n; i++)
    {
      Part *part = &parts[i];

      if (report->refusal == NULL && part->n_refused > 0)
        {
          report->refusal = g_steal_pointer (&part->first_refusal);
          report->refused_line = part->first_line;
        }
      report->n_rows += part->n_rows;
      report->n_refused += part->n_refused;
      if (part->first_us != TW_UNKNOWN)
        report->first_us = report->first_us == TW_UNKNOWN ? part->first_us : MIN (report->first_us, part->first_us);
      report->last_us = MAX (report->last_us, part->last_us);
      report->windows |= tw_session_reader_is_windows (part->reader);
    }
}

/* When the file has been read to its end. */
static gboolean
judge (const char    *path,
       TwFeedReport  *report,
       GError       **error)
{
  if (report->n_rows == 0 && report->refusal != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: none of its %" G_GUINT64_FORMAT " rows is a session; line %"
                   G_GUINT64_FORMAT ": %s", path, report->n_refused, report->refused_line, report->refusal);
      return FALSE;
    }
  if (report->n_rows == 0)
    note (report, "%s has a header, and no sessions", path);
  if (report->windows)
    note (report, "%s is not UTF-8: read as Windows-1252", path);
  return TRUE;
}

static void
note_kept (const TwSessionReader *reader,
           TwFeedReport          *report)
{
  for (guint i = 0; i < tw_session_reader_n_others (reader); i++)
    g_ptr_array_add (report->kept, g_strdup (tw_session_reader_other_name (reader, i)));
}

static gboolean
read_parts (Part                *parts,
            guint                n,
            TwFeedReport        *report,
            GError             **error)
{
  const Whole *whole = parts[0].whole;

  if (whole->from.offset == 0)
    note_kept (parts[0].reader, report);
  run_parts (parts, n);
  for (guint i = 0; i < n; i++)
    if (parts[i].error != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&parts[i].error));
        return FALSE;
      }
  add_up (parts, n, report);
  return whole->until.offset > 0 || judge (whole->path, report, error);
}

/* Cuts within what is to be read. */
static gboolean
find_cuts (const Whole  *whole,
           guint         n_intakes,
           TwCut        *cuts,
           guint        *n_cuts,
           GError      **error)
{
  *n_cuts = 0;
  if (whole->from.offset == 0
      && !tw_cuts_find (whole->path, MIN (n_intakes, MAX_PARTS), LEAST_PART, cuts, n_cuts, error))
    return FALSE;
  while (whole->until.offset > 0 && *n_cuts > 0 && cuts[*n_cuts - 1].offset >= whole->until.offset)
    --*n_cuts;
  return TRUE;
}

gboolean
tw_feed_sessions (const char         *path,
                  const TwFeedTerms  *terms,
                  const TwRowIntake  *intakes,
                  guint               n_intakes,
                  TwFeedReport       *report,
                  GError            **error)
{
  struct stat stat_;
  Whole whole = { .path = path, .from = terms->from, .until = terms->until, .done = terms->from.offset,
                  .size = stat (path, &stat_) == 0 ? (guint64) stat_.st_size : 0 };
  Part parts[MAX_PARTS] = { 0 };
  TwCut cuts[MAX_PARTS];
  guint n_cuts;
  gboolean well;

  g_return_val_if_fail (n_intakes > 0 && intakes[0].class_->session != NULL, FALSE);
  if (!refuse_constant (path, terms, error) || !find_cuts (&whole, n_intakes, cuts, &n_cuts, error))
    return FALSE;
  for (guint i = 0; i <= n_cuts; i++)
    parts[i] = (Part) { .whole = &whole, .intake = intakes[i], .first_us = TW_UNKNOWN, .last_us = TW_UNKNOWN };
  well = open_parts (parts, cuts, n_cuts, terms, error) && read_parts (parts, n_cuts + 1, report, error);
  for (guint i = n_cuts + 1; i > 0; i--)
    {
      tw_session_reader_free (parts[i - 1].reader);
      g_clear_error (&parts[i - 1].error);
      g_free (parts[i - 1].first_refusal);
    }
  tw_session_reader_free (whole.header);
  return well;
}
