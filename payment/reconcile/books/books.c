/* SPDX-License-Identifier: Apache-2.0 */
/* Loading: rows go to temporary tables of this connection, and from there to the books at the file's end (merge.c).
 *
 * A row is known by its natural key and its occurrence, so that two equal rows of one file are two and the same row in
 * two files is one.
 */
#include "payment/reconcile/books/merge.h"

#include "app/base/error.h"

#include <string.h>

#define SQLITE "sqlite:"
#define JOURNAL "journal"
#define N_EXTRA 3     /* row_key, line, facts */

static TwEngine *
open_engine (const char   *url,
             TwBooksMode   mode,
             GError      **error)
{
  if (g_str_has_prefix (url, SQLITE) && url[strlen (SQLITE)] != '\0')
    return tw_engine_open_sqlite (url + strlen (SQLITE), mode == TW_BOOKS_CREATE, error);
  if (g_str_has_prefix (url, "postgresql://") || g_str_has_prefix (url, "postgres://"))
    return tw_engine_open_postgres (url, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "%s: expected sqlite:PATH or postgresql://[USER@]HOST[:PORT]/DATABASE", url);

  return NULL;
}

TwBooks *
tw_books_open (const char   *url,
               TwBooksMode   mode,
               GError      **error)
{
  TwEngine *engine = open_engine (url, mode, error);
  TwBooks *self;

  if (engine == NULL)
    return NULL;
  if (!tw_shelf_set_up (engine, mode == TW_BOOKS_CREATE, error))
    {
      engine->class_->free (engine);
      return NULL;
    }
  self = g_new0 (TwBooks, 1);
  self->engine = engine;

  return self;
}

void
tw_books_free (TwBooks *self)
{
  if (self == NULL)
    return;
  self->engine->class_->free (self->engine);
  g_free (self->role);
  g_free (self->path);
  g_clear_pointer (&self->resolved, g_hash_table_unref);
  g_free (self);
}

static gboolean
begin_kind (TwBooks    *self,
            TwRowKind   kind,
            GError    **error)
{
  g_autoptr (GString) definitions = g_string_new (NULL);
  g_autofree char *row_columns = tw_row_columns (kind);
  g_autofree char *columns = g_strconcat ("row_key, line, facts, ", row_columns, NULL);
  g_autofree char *table = g_strdup_printf ("new_%s", TW_ROWS[kind].table);
  const char *number = self->engine->class_->number_type;

  g_string_printf (definitions, "row_key TEXT NOT NULL, line %s NOT NULL, facts %s NOT NULL", number, number);
  tw_shelf_define (definitions, self->engine, kind);
  self->begun[kind] = tw_shelf_make_copy (self, kind, table, definitions->str, columns,
                                          TW_ROWS[kind].n_fields + N_EXTRA, error);

  return self->begun[kind];
}

static gboolean
put_aside (TwBooks        *self,
           TwRowKind       kind,
           gconstpointer   row,
           GError        **error)
{
  const TwOrigin *origin = (const TwOrigin *) (const void *) ((const guint8 *) row + TW_ROWS[kind].origin);
  guint n = TW_ROWS[kind].n_fields + N_EXTRA;
  TwValue values[TW_MOST_FIELDS];
  g_autoptr (GString) key = NULL;
  guint facts;

  if (self->path == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "a row of no file");
      return FALSE;
    }
  if (!self->begun[kind] && !begin_kind (self, kind, error))
    return FALSE;

  facts = tw_row_to_values (kind, row, values + N_EXTRA);
  key = tw_row_key (kind, row);
  values[0] = (TwValue) { .kind = TW_VALUE_TEXT, .text = { key->str, (guint32) key->len } };
  values[1] = TW_VALUE_OF_NUMBER ((gint64) origin->line);
  values[2] = TW_VALUE_OF_NUMBER (facts);

  self->n_aside[kind]++;

  return tw_shelf_check_texts (values, n, self->path, origin->line, error)
    && self->engine->class_->copy (self->engine, kind, values, n, error);
}

static gboolean
take_sale (gpointer       data,
           const TwSale  *sale,
           GError       **error)
{
  TwBooks *self = data;

  self->newest_us = MAX (MAX (MAX (self->newest_us, sale->started_us), sale->ended_us),
                         MAX (sale->captured_us, sale->refunded_us));

  return put_aside (self, TW_ROW_SALE, sale, error);
}

#define TAKE(what, Type, KIND) \
  static gboolean \
  take_##what (gpointer     self, \
               const Type  *row, \
               GError     **error) \
  { \
    return put_aside (self, TW_ROW_##KIND, row, error); \
  }

TAKE (line, TwSettled, SETTLED)
TAKE (credit, TwCredit, CREDIT)
TAKE (energy, TwEnergy, ENERGY)
TAKE (total, TwTotal, TOTAL)

static void
forget_file (TwBooks *self)
{
  g_clear_pointer (&self->role, g_free);
  g_clear_pointer (&self->path, g_free);
  memset (self->begun, 0, sizeof self->begun);
  memset (self->n_aside, 0, sizeof self->n_aside);
}

gboolean
tw_books_begin (TwBooks     *self,
                const char  *role,
                const char  *path,
                TwIntake    *intake,
                GError     **error)
{
  static const TwIntakeClass INTAKE = { take_sale, take_line, take_credit, take_energy, take_total, NULL };

  if (self->path != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: %s is being loaded", path, self->path);
      return FALSE;
    }
  /* Nothing of the books is touched in it, so that nobody waits for whoever reads a long file. */
  if (!tw_shelf_run (self, "BEGIN", NULL, error))
    return FALSE;
  self->role = g_strdup (role);
  self->newest_us = TW_NOT_STATED;
  self->path = g_filename_display_name (path);
  *intake = (TwIntake) { &INTAKE, self };

  return TRUE;
}

static gboolean
note_import (TwBooks         *self,
             const TwImport  *import,
             gint64           id,
             gint64           replaces,
             GError         **error)
{
  g_autoptr (GString) notices = g_string_new (NULL);
  const char *format = import->format != NULL ? import->format : "";

  for (guint i = 0; import->notices != NULL && i < import->notices->len; i++)
    g_string_append_printf (notices, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (import->notices, i));

  return self->engine->class_->ask (self->engine, "INSERT INTO tapwatt_import (id, role, path, format, sha256, n_rows,"
    " first_us, last_us, notices, loaded_us, reading, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
    " $12)",
    (TwValue[]) { TW_VALUE_OF_NUMBER (id), TW_VALUE_OF_TEXT (self->role), TW_VALUE_OF_TEXT (self->path),
                  TW_VALUE_OF_TEXT (format), TW_VALUE_OF_TEXT (import->digest),
                  TW_VALUE_OF_NUMBER ((gint64) import->n_rows), tw_value_stated (import->first_us),
                  tw_value_stated (import->last_us), TW_VALUE_OF_TEXT (notices->str),
                  TW_VALUE_OF_NUMBER (g_get_real_time ()),
                  TW_VALUE_OF_TEXT (import->reading != NULL ? import->reading : ""),
                  TW_VALUE_OF_NUMBER (replaces) }, 12, NULL, NULL, error);
}

/* The bytes, as they were read before. */
typedef struct { const char *reading; gint64 id; gboolean same, is_journal, is_whole; } Known;

static gboolean
on_known (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  Known *self = data;
  g_autofree char *reading = tw_value_dup (&values[1]);
  g_autofree char *role = tw_value_dup (&values[2]);

  self->id = tw_value_number (&values[0]);
  self->same = g_str_equal (reading, self->reading);
  self->is_journal = g_str_equal (role, JOURNAL);
  self->is_whole = self->is_journal || self->id > tw_value_number (&values[3]);

  return TRUE;
}

/* A journal can be read in one way: what reads it in another took it for something else, and its sales stay. */
static gboolean
refuse_journal (const TwBooks  *self,
                GError        **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: the store has it as a journal, and a journal is no --%s: give"
               " it as --journal, or leave it out", self->path, self->role);

  return FALSE;
}

/* Under the lock: numbers without gaps, so that they can be indices. Read in another way the same bytes may say
 * something else, also by which key a row is known: what they said before goes. So it does with a file of which an
 * older Tapwatt has not kept what others told, too: it is told once more. */
static gboolean
write_file (TwBooks         *self,
            const TwImport  *import,
            guint64         *n_new,
            GError         **error)
{
  Known known = { .reading = import->reading != NULL ? import->reading : "" };
  gint64 last;

  if (!self->engine->class_->ask (self->engine, "SELECT id, reading, role, whole_after FROM tapwatt_import i,"
                                  " tapwatt_meta WHERE sha256 = $1 AND sha256 <> '' AND " TW_STILL_COUNTS,
                                  &TW_VALUE_OF_TEXT (import->digest), 1, on_known, &known, error)
      || !tw_shelf_number (self, "SELECT max (id) FROM tapwatt_import", NULL, 0, &last, error))
    return FALSE;
  if (known.same && known.is_whole)
    return TRUE;
  if (known.is_journal && !g_str_equal (self->role, JOURNAL))
    return refuse_journal (self, error);
  if (known.id > 0 && !tw_merge_take_back (self, known.id, error))
    return FALSE;
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    if (self->begun[kind]
        && !tw_merge_file (self, kind, last + 1, MAX (import->last_us, self->newest_us), n_new, error))
      return FALSE;

  return note_import (self, import, last + 1, known.id, error);
}

static gboolean
drop_aside (TwBooks  *self,
            GError  **error)
{
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      g_autofree char *sql = g_strdup_printf ("DROP TABLE new_%s", TW_ROWS[kind].table);

      if (self->begun[kind] && !tw_shelf_run (self, sql, NULL, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
tw_books_end (TwBooks         *self,
              const TwImport  *import,
              guint64         *n_new,
              GError         **error)
{
  gboolean well;

  *n_new = 0;
  well = self->engine->class_->end_copies (self->engine, error)
    && tw_shelf_run (self, "COMMIT", NULL, error)
    && tw_shelf_run (self, self->engine->class_->begin_write, NULL, error)
    && write_file (self, import, n_new, error)
    && drop_aside (self, error)
    && tw_shelf_run (self, "COMMIT", NULL, error);
  if (!well)
    {
      tw_books_abandon (self);
      return FALSE;
    }
  forget_file (self);

  return TRUE;
}

/* A temporary table that stays is dropped by the next file's of its kind. */
void
tw_books_abandon (TwBooks *self)
{
  tw_shelf_roll_back (self);
  forget_file (self);
}

gboolean
tw_books_has_role (TwBooks     *self,
                   const char  *role,
                   gboolean    *has,
                   GError     **error)
{
  gint64 n;

  if (!tw_shelf_number (self, "SELECT count (*) FROM tapwatt_import i WHERE role = $1 AND "
                        TW_STILL_COUNTS, &TW_VALUE_OF_TEXT (role), 1, &n,
                        error))
    return FALSE;
  *has = n > 0;

  return TRUE;
}
