/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/shelf.h"

#include "app/base/error.h"

#define TELL_EVERY 1024     /* rows */

typedef struct { TwBooks *books; const TwIntake *intake; TwRowKind kind; guint64 done, of; } Replay;

static void
file_clear (gpointer data)
{
  TwBooksFile *self = data;

  g_free (self->role);
  g_free (self->path);
  tw_import_clear (&self->import);
}

/* Of the newest file: which one says nothing any more. */
static void
note_replaced (GArray *files,
               gint64  id)
{
  const TwBooksFile *newest = &g_array_index (files, TwBooksFile, files->len - 1);
  const TwBooksFile *before;

  if (id <= 0 || id >= (gint64) files->len)
    return;
  before = &g_array_index (files, TwBooksFile, id - 1);
  if (g_str_equal (newest->import.reading, before->import.reading))
    g_ptr_array_add (before->import.notices, g_strdup_printf ("read again: what counts is file %u", files->len));
  else
    g_ptr_array_add (before->import.notices, g_strdup_printf ("read again in another way (%s): what counts is file %u",
                                                              newest->import.reading, files->len));
}

static gboolean
on_file (gpointer        data,
         const TwValue  *values,
         guint           n,
         GError        **error)
{
  GArray *files = data;
  TwBooksFile file = { .role = tw_value_dup (&values[1]), .path = tw_value_dup (&values[2]) };
  g_autofree char *digest = tw_value_dup (&values[4]);
  g_autofree char *text = tw_value_dup (&values[8]);
  g_auto (GStrv) notices = g_strsplit (text, "\n", -1);

  tw_import_init (&file.import);
  file.import.format = tw_value_dup (&values[3]);
  g_strlcpy (file.import.digest, digest, sizeof file.import.digest);
  file.import.n_rows = (guint64) tw_value_number (&values[5]);
  file.import.first_us = tw_value_number (&values[6]);
  file.import.last_us = tw_value_number (&values[7]);
  for (guint i = 0; notices[i] != NULL; i++)
    g_ptr_array_add (file.import.notices, g_strdup (notices[i]));
  file.import.reading = tw_value_dup (&values[9]);
  g_array_append_val (files, file);
  note_replaced (files, tw_value_number (&values[10]));

  /* Ids have no gaps, or rows would point to others' files. */
  if (values[0].kind == TW_VALUE_NUMBER && values[0].number == (gint64) files->len)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store's table tapwatt_import: not what Tapwatt wrote");

  return FALSE;
}

static gboolean
on_torn (gpointer        data,
         const TwValue  *values,
         guint           n,
         GError        **error)
{
  const GArray *files = data;

  for (guint i = 0; i < 2; i++)
    if (values[i].kind != TW_VALUE_NUMBER || values[i].number < 1 || values[i].number > (gint64) files->len)
      return TRUE;
  g_ptr_array_add (g_array_index (files, TwBooksFile, values[0].number - 1).import.notices,
                   g_strdup_printf ("what it has in common with file %" G_GINT64_FORMAT ", which was read again in"
                                    " another way, may be missing: an older Tapwatt loaded both; load this one again",
                                    values[1].number));

  return TRUE;
}

/* Files that an older Tapwatt loaded, and of which it did not keep what others told, too; with another that was read
 * in another way since. */
static gboolean
note_torn (TwBooks  *self,
           GArray   *files,
           GError  **error)
{
  return self->engine->class_->ask (self->engine, "SELECT i.id, min (gone.id) FROM tapwatt_import i, tapwatt_import"
                                    " gone, tapwatt_import later, tapwatt_meta WHERE i.id <= whole_after AND i.role <>"
                                    " 'journal' AND gone.id <= whole_after AND gone.role = i.role AND gone.id <> i.id"
                                    " AND later.replaces = gone.id AND (later.role, later.reading) <> (gone.role,"
                                    " gone.reading) AND " TW_STILL_COUNTS " GROUP BY i.id ORDER BY i.id", NULL, 0,
                                    on_torn, files, error);
}

static gboolean
hand_over (const TwIntake  *intake,
           TwRowKind        kind,
           gconstpointer    row,
           GError         **error)
{
  const TwIntakeClass *class_ = intake->class_;

  if (kind == TW_ROW_SALE && class_->sale != NULL)
    return class_->sale (intake->self, row, error);
  if (kind == TW_ROW_SETTLED && class_->line != NULL)
    return class_->line (intake->self, row, error);
  if (kind == TW_ROW_CREDIT && class_->credit != NULL)
    return class_->credit (intake->self, row, error);
  if (kind == TW_ROW_ENERGY && class_->energy != NULL)
    return class_->energy (intake->self, row, error);
  if (kind == TW_ROW_TOTAL && class_->total != NULL)
    return class_->total (intake->self, row, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store has rows in %s, which are not wanted here",
               TW_ROWS[kind].table);

  return FALSE;
}

static gboolean
on_row (gpointer        data,
        const TwValue  *values,
        guint           n,
        GError        **error)
{
  Replay *self = data;
  union { TwSale sale; TwSettled settled; TwCredit credit; TwEnergy energy; TwTotal total; } row;
  TwOrigin *origin = (TwOrigin *) (void *) ((guint8 *) &row + TW_ROWS[self->kind].origin);

  if (self->of > 0 && self->done++ % TELL_EVERY == 0)
    self->books->progress (self->books->progress_self, self->done - 1, self->of);
  if (!tw_row_from_values (self->kind, values + 2, &row, error))
    return FALSE;
  *origin = (TwOrigin) { (guint32) (values[0].number - 1), (guint64) values[1].number };

  return hand_over (self->intake, self->kind, &row, error);
}

static gboolean
count_rows (TwBooks  *self,
            guint64  *n,
            GError  **error)
{
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", TW_ROWS[kind].table);
      gint64 rows;

      if (!tw_shelf_number (self, sql, NULL, 0, &rows, error))
        return FALSE;
      *n += (guint64) rows;
    }

  return TRUE;
}

static gboolean
replay_all (TwBooks         *self,
            const TwIntake  *intake,
            GArray          *files,
            GError         **error)
{
  Replay replay = { .books = self, .intake = intake };

  if (self->progress != NULL && !count_rows (self, &replay.of, error))
    return FALSE;
  if (!self->engine->class_->ask (self->engine, "SELECT id, role, path, format, sha256, n_rows, first_us, last_us,"
                                  " notices, reading, replaces FROM tapwatt_import ORDER BY id", NULL, 0, on_file,
                                  files, error)
      || !note_torn (self, files, error))
    return FALSE;
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      g_autofree char *columns = tw_row_columns (kind);
      g_autofree char *sql = g_strdup_printf ("SELECT import_id, line, %s FROM %s", columns, TW_ROWS[kind].table);

      replay.kind = kind;
      if (!self->engine->class_->ask (self->engine, sql, NULL, 0, on_row, &replay, error))
        return FALSE;
    }

  return TRUE;
}

void
tw_books_watch (TwBooks         *self,
                TwBooksProgress  progress,
                gpointer         progress_self)
{
  self->progress = progress;
  self->progress_self = progress_self;
}

gboolean
tw_books_replay (TwBooks         *self,
                 const TwIntake  *intake,
                 GArray         **files,
                 GError         **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (TwBooksFile));

  g_array_set_clear_func (found, file_clear);
  if (!tw_shelf_run (self, self->engine->class_->begin_read, NULL, error))
    return FALSE;
  if (!replay_all (self, intake, found, error) || !tw_shelf_run (self, "COMMIT", NULL, error))
    {
      tw_shelf_roll_back (self);
      return FALSE;
    }
  if (files != NULL)
    *files = g_steal_pointer (&found);

  return TRUE;
}
