/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/evidence-folder.h"

#include "app/base/error.h"
#include "app/cli/price-print.h"
#include "app/cli/records.h"
#include "payment/journal/locked.h"
#include "payment/receipt/reprint.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define MOST_RECORD_BYTES (1024 * 1024)

/* What the papers are made from; zeros: nothing. */
typedef struct
{
  TwJournal *journal;
  GPtrArray *entries;         /* of TwEntry */
  GPtrArray *records;         /* of char * */
  char      *receipt, *price, *tariff, *why_not, *time_zone;
} Papers;

static void
papers_clear (Papers *self)
{
  g_clear_pointer (&self->journal, tw_journal_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_free (self->receipt);
  g_free (self->price);
  g_free (self->tariff);
  g_free (self->why_not);
  g_free (self->time_zone);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Papers, papers_clear)

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  GPtrArray *entries = user_data;
  TwEntry *copy = tw_entry_new (entry->at, entry->session, entry->kind, g_bytes_ref (entry->payload));

  copy->seq = entry->seq;
  g_ptr_array_add (entries, copy);

  return TRUE;
}

/* The readings priced once more by the tariff that was locked, line by line. */
static char *
price_again (TwJournal       *journal,
             const TwRecord  *record,
             char           **time_zone,
             GError         **error)
{
  g_autoptr (TwTariff) tariff = tw_locked_tariff (journal, record, error);
  g_autoptr (TwBill) bill = tariff != NULL ? tw_tariff_price (tariff, record->usage, error) : NULL;
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (TwPiece));
  g_autoptr (GString) text = g_string_new (NULL);
  TwPriced priced = { .tariff = tariff, .bill = bill, .pieces = pieces };

  if (bill == NULL)
    return NULL;
  *time_zone = g_strdup (record->time_zone != NULL ? record->time_zone : "UTC");
  priced.time_zone = *time_zone;
  tw_priced_describe (&priced, FALSE, text);
  if (record->billed)
    {
      g_autofree char *billed = tw_money_to_decimal (tw_money (record->price_minor, record->hold.currency));

      g_string_append_printf (text, "\nBilled: %s %s, %s\n", billed, record->hold.currency,
                              tw_bill_gross (bill).minor == record->price_minor ? "the same" : "WHICH IS NOT THE SAME");
    }
  else
    g_string_append (text, "\nNot billed.\n");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Of the journal that has the session; what it cannot give is said in why_not. */
static gboolean
read_journal (Papers      *self,
              const char  *path,
              const char  *session,
              GError     **error)
{
  g_autoptr (TwRecords) records = NULL;
  g_autoptr (TwReceipt) receipt = NULL;
  g_autoptr (GBytes) tariff = NULL;
  g_autoptr (GError) why_not = NULL;
  const TwRecord *record;

  self->journal = tw_journal_open_readonly (path, error);
  if (self->journal == NULL || !tw_journal_each (self->journal, session, on_entry, self->entries, error))
    return FALSE;
  records = tw_records_read (self->journal, path, session, error);
  if (records == NULL || records->all->len == 0)
    return records != NULL;

  record = g_ptr_array_index (records->all, 0);
  tariff = record->tariff_hash != NULL ? tw_journal_blob (self->journal, record->tariff_hash) : NULL;
  if (tariff != NULL)
    self->tariff = g_strndup (g_bytes_get_data (tariff, NULL), g_bytes_get_size (tariff));
  self->price = price_again (self->journal, record, &self->time_zone, &why_not);
  receipt = why_not == NULL ? tw_receipt_reprint (self->journal, session, &why_not) : NULL;
  if (receipt != NULL)
    self->receipt = tw_receipt_to_text (receipt, record->language != NULL ? record->language : "en", &why_not);
  self->why_not = why_not != NULL ? g_strdup (why_not->message) : NULL;

  return TRUE;
}

/* The line of the file, from where the record begins. */
static char *
record_at (const char *path,
           guint64     line)
{
  g_autofree char *text = NULL;
  const char *from, *to;
  gsize n;

  if (!g_file_get_contents (path, &text, &n, NULL))
    return NULL;
  for (from = text; from != NULL && line > 1; line--)
    from = strchr (from, '\n') != NULL ? strchr (from, '\n') + 1 : NULL;
  from = from != NULL ? strstr (from, "OCMF|") : NULL;
  if (from == NULL)
    return NULL;
  to = from + strcspn (from, "\r\n<");

  return to - from > MOST_RECORD_BYTES ? NULL : g_utf8_make_valid (from, to - from);
}

static gboolean
gather (Papers              *self,
        const TwEvidence    *evidence,
        const TwReportHead  *head,
        const char          *session,
        GError             **error)
{
  const GArray *places = tw_evidence_signed (evidence);
  TwOrigin sale;

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  self->records = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < places->len; i++)
    {
      TwOrigin place = g_array_index (places, TwOrigin, i);
      char *record = record_at (head->files[place.file].path, place.line);

      if (record != NULL)
        g_ptr_array_add (self->records, record);
    }
  if (!tw_evidence_sale (evidence, &sale))
    return TRUE;
  if (g_strcmp0 (head->files[sale.file].import.format, "journal") == 0)
    return read_journal (self, head->files[sale.file].path, session, error);
  self->why_not = g_strdup_printf ("%s has sales only, without a journal's entries", head->files[sale.file].path);

  return TRUE;
}

static gboolean
put_file (const char  *directory,
          const char  *name,
          const char  *text,
          gssize       n,
          GError     **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return text == NULL || g_file_set_contents_full (path, text, n, G_FILE_SET_CONTENTS_DURABLE, 0640, error);
}

static gboolean
put_journal (const Papers  *papers,
             const char    *session,
             const char    *directory,
             GError       **error)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  if (papers->journal == NULL)
    return TRUE;

  return tw_journal_export (papers->journal, session, out, error) && g_output_stream_close (out, NULL, error)
    && put_file (directory, "journal.jsonl", g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)),
                 (gssize) g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)), error);
}

static gboolean
put_all (const TwEvidence    *evidence,
         const TwReportHead  *head,
         const Papers        *papers,
         const char          *session,
         const char          *directory,
         GError             **error)
{
  g_autoptr (GString) page = g_string_new (NULL), rows = g_string_new (NULL), records = g_string_new (NULL);
  const TwEvidencePapers shown = {
    papers->receipt, papers->price, papers->tariff, papers->why_not, papers->entries, papers->records,
    papers->time_zone != NULL ? papers->time_zone : head->time_zone,
  };

  tw_evidence_page (evidence, &shown, page);
  tw_evidence_rows (evidence, rows);
  for (guint i = 0; i < papers->records->len; i++)
    g_string_append_printf (records, "%s\n", (const char *) g_ptr_array_index (papers->records, i));

  return put_file (directory, "index.html", page->str, (gssize) page->len, error)
    && put_file (directory, "rows.jsonl", rows->str, (gssize) rows->len, error)
    && put_file (directory, "receipt.txt", papers->receipt, -1, error)
    && put_file (directory, "price.txt", papers->price, -1, error)
    && put_file (directory, "tariff.json", papers->tariff, -1, error)
    && put_file (directory, "signed.ocmf", records->len > 0 ? records->str : NULL, (gssize) records->len, error)
    && put_journal (papers, session, directory, error);
}

static void
take_away (const char *directory)
{
  static const char *const NAMES[] = {
    "index.html", "rows.jsonl", "receipt.txt", "price.txt", "tariff.json", "signed.ocmf", "journal.jsonl",
  };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = g_build_filename (directory, NAMES[i], NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
}

static gboolean
failed (const char  *what,
        GError     **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", what, g_strerror (errno));

  return FALSE;
}

gboolean
tw_evidence_folder_write (const TwEvidence    *evidence,
                          const TwReportHead  *head,
                          const char          *session,
                          const char          *directory,
                          GError             **error)
{
  g_auto (Papers) papers = { NULL };
  g_autofree char *draft = g_strconcat (directory, ".part", NULL);

  if (!gather (&papers, evidence, head, session, error))
    return FALSE;
  take_away (draft);   /* of a run that was stopped */
  if (g_mkdir_with_parents (draft, 0750) != 0)
    return failed (draft, error);
  if (!put_all (evidence, head, &papers, session, draft, error))
    {
      take_away (draft);
      return FALSE;
    }
  if (g_rename (draft, directory) == 0)
    return TRUE;

  failed (directory, error);
  take_away (draft);

  return FALSE;
}
