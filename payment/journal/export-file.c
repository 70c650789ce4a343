/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/export-file.h"

#include "app/base/error.h"

#include <string.h>

#define CHUNK (64 * 1024)

typedef struct
{
  GInputStream *in;
  GByteArray   *held;     /* read and not yet given out */
  gsize         start;    /* of what is not yet given out */
  guint64       offset;   /* of start in the stream */
  guint64       number;
  gboolean      at_end;
} Lines;

static gboolean
read_more (Lines   *lines,
           GError **error)
{
  guint8 chunk[CHUNK];
  g_autoptr (GError) problem = NULL;
  gssize n;

  g_byte_array_remove_range (lines->held, 0, lines->start);
  lines->start = 0;
  if (lines->held->len > TW_LINE_MAX)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "line %" G_GUINT64_FORMAT " is longer than %d bytes",
                   lines->number + 1, TW_LINE_MAX);
      return FALSE;
    }

  n = g_input_stream_read (lines->in, chunk, sizeof chunk, NULL, &problem);
  if (n < 0)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, problem->message);
      return FALSE;
    }

  g_byte_array_append (lines->held, chunk, n);
  lines->at_end = n == 0;

  return TRUE;
}

/* text: NULL at the end; valid until the next call. */
static gboolean
next_line (Lines       *lines,
           const char **text,
           gsize       *len,
           GError     **error)
{
  gsize scanned = 0;

  *text = NULL;
  while (TRUE)
    {
      const char *start = (const char *) lines->held->data + lines->start;
      gsize n = lines->held->len - lines->start;
      const char *feed = n > scanned ? memchr (start + scanned, '\n', n - scanned) : NULL;

      if (feed != NULL || (lines->at_end && n > 0))
        {
          *text = start;
          *len = feed != NULL ? (gsize) (feed - start) : n;
          lines->start += *len + (feed != NULL);
          lines->offset += *len + (feed != NULL);
          lines->number++;
          return TRUE;
        }
      if (lines->at_end)
        return TRUE;

      scanned = n;
      if (!read_more (lines, error))
        return FALSE;
    }
}

gboolean
tw_export_read (GInputStream  *in,
                TwLineFunc     func,
                gpointer       user_data,
                GError       **error)
{
  g_autoptr (GByteArray) held = g_byte_array_sized_new (CHUNK);
  Lines lines = { .in = in, .held = held };
  const char *text;
  gsize len;

  while (TRUE)
    {
      guint64 offset = lines.offset;
      g_auto (TwLine) line = { NULL };

      if (!next_line (&lines, &text, &len, error))
        return FALSE;
      if (text == NULL)
        return TRUE;

      if (!tw_line_parse (text, len, &line, error))
        {
          g_prefix_error (error, "line %" G_GUINT64_FORMAT ": ", lines.number);
          return FALSE;
        }

      if (!func (&line, offset, user_data))
        return TRUE;
    }
}

typedef struct
{
  char       *path;
  GHashTable *offsets;    /* hash of a blob -> guint64 *; NULL until the first question */
  GHashTable *last;       /* fingerprint of a session -> its last number, both as pointers; likewise */
  guint64     newest;     /* of all numbers */
} ExportFile;

typedef struct
{
  const char  *session;   /* NULL: all */
  TwEntryFunc  on_entry;
  TwBlobFunc   on_blob;
  gpointer     user_data;
} Question;

static gboolean
on_line (const TwLine *line,
         guint64       offset,
         gpointer      user_data)
{
  Question *question = user_data;

  if (line->blob != NULL)
    return question->on_blob == NULL || question->on_blob (line->blob_hash, line->blob, question->user_data);

  if (question->on_entry == NULL)
    return TRUE;
  if (question->session != NULL && g_strcmp0 (question->session, line->entry->session) != 0)
    return TRUE;

  return question->on_entry (line->entry, question->user_data);
}

static gboolean
read_from (ExportFile  *self,
           guint64      offset,
           TwLineFunc   func,
           gpointer     user_data,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GFileInputStream) in = g_file_read (file, NULL, &problem);

  if (in != NULL && g_seekable_seek (G_SEEKABLE (in), offset, G_SEEK_SET, NULL, &problem))
    return tw_export_read (G_INPUT_STREAM (in), func, user_data, error);

  g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, problem->message);

  return FALSE;
}

static gboolean
export_each (gpointer      data,
             const char   *session,
             TwEntryFunc   func,
             gpointer      user_data,
             GError      **error)
{
  Question question = { .session = session, .on_entry = func, .user_data = user_data };

  return read_from (data, 0, on_line, &question, error);
}

static gboolean
export_each_blob (gpointer     data,
                  TwBlobFunc   func,
                  gpointer     user_data,
                  GError     **error)
{
  Question question = { .on_blob = func, .user_data = user_data };

  return read_from (data, 0, on_line, &question, error);
}

static gboolean
on_line_indexed (const TwLine *line,
                 guint64       offset,
                 gpointer      user_data)
{
  ExportFile *self = user_data;

  if (line->blob != NULL)
    g_hash_table_insert (self->offsets, g_strdup (line->blob_hash), g_memdup2 (&offset, sizeof offset));

  return TRUE;
}

static gboolean
on_line_found (const TwLine *line,
               guint64       offset,
               gpointer      user_data)
{
  GBytes **found = user_data;

  *found = line->blob != NULL ? g_bytes_ref (line->blob) : NULL;

  return FALSE;
}

static GBytes *
export_blob (gpointer    data,
             const char *hash)
{
  ExportFile *self = data;
  GBytes *found = NULL;
  const guint64 *offset;

  if (self->offsets == NULL)
    {
      self->offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      read_from (self, 0, on_line_indexed, self, NULL);
    }

  offset = g_hash_table_lookup (self->offsets, hash);
  if (offset != NULL)
    read_from (self, *offset, on_line_found, &found, NULL);

  return found;
}

/* 64 bits, so that a session costs no more than its place in a table, however long its name. Two of one fingerprint
 * share the later number. FNV-1a. */
static gpointer
fingerprint (const char *session)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (const char *c = session; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * G_GUINT64_CONSTANT (1099511628211);

  return GSIZE_TO_POINTER (hash);
}

static gboolean
on_line_numbered (const TwLine *line,
                  guint64       offset,
                  gpointer      user_data)
{
  ExportFile *self = user_data;

  if (line->entry != NULL)
    self->newest = MAX (self->newest, line->entry->seq);
  if (line->entry != NULL && line->entry->session != NULL)
    g_hash_table_insert (self->last, fingerprint (line->entry->session), GSIZE_TO_POINTER (line->entry->seq));

  return TRUE;
}

static guint64
export_last_seq (gpointer    data,
                 const char *session)
{
  ExportFile *self = data;

  if (self->last == NULL)
    {
      self->last = g_hash_table_new (NULL, NULL);
      read_from (self, 0, on_line_numbered, self, NULL);
    }

  if (session == NULL)
    return self->newest;

  return GPOINTER_TO_SIZE (g_hash_table_lookup (self->last, fingerprint (session)));
}

static void
export_free (gpointer data)
{
  ExportFile *self = data;

  g_clear_pointer (&self->offsets, g_hash_table_unref);
  g_clear_pointer (&self->last, g_hash_table_unref);
  g_free (self->path);
  g_free (self);
}

TwJournal *
tw_export_open (const char *path)
{
  ExportFile *self = g_new0 (ExportFile, 1);
  const TwJournalFuncs funcs = {
    .each = export_each, .blob = export_blob, .each_blob = export_each_blob, .free = export_free,
    .last_seq = export_last_seq,
  };

  self->path = g_strdup (path);

  return tw_journal_new (&funcs, self);
}
