/* SPDX-License-Identifier: Apache-2.0 */
/* Loading: rows go to temporary tables of this connection, and then to the books with one statement for each kind.
 *
 * A row is known by its natural key and its occurrence, so that two equal rows of one file are two and the same row in
 * two files is one. All rows of a key come from one file, that which has most of them, else that which tells most of
 * them: a reconciliation counts the rows of a key per file (duplicates.c), and must find here what it would find in the
 * files. Of a sale the newest version counts, see sale_is_better.
 */
#include "payment/reconcile/books/shelf.h"

#include "app/base/error.h"

#include <string.h>

#define SQLITE "sqlite:"
#define N_EXTRA 3     /* row_key, line, facts */

#define CERTAINTY(table) \
  "CASE " table ".state WHEN 0 THEN 3 WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 6 WHEN 4 THEN 4 WHEN 5 THEN 2 ELSE 0 END"

#define SALE_RANK(table) \
  "(" table ".seen_us, " CERTAINTY (table) ", coalesce (" table ".refunded_minor, 0)," \
  " coalesce (" table ".ended_us, 0))"

/* The file that knows the station for longest; of two that know it as long, as the reconciliation decides (home.c). */
static const char SALE_IS_BETTER[] = SALE_RANK ("excluded") " > " SALE_RANK ("tapwatt_sale");

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

static void
put_updates (GString   *sql,
             TwRowKind  kind)
{
  static const char *const HEADS[] = { "import_id", "line", "copies", "facts", "seen_us" };

  for (guint i = 0; i < G_N_ELEMENTS (HEADS); i++)
    g_string_append_printf (sql, "%s%s = excluded.%s", i > 0 ? ", " : "", HEADS[i], HEADS[i]);
  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    g_string_append_printf (sql, ", \"%s\" = excluded.\"%s\"", TW_ROWS[kind].fields[i].name,
                            TW_ROWS[kind].fields[i].name);
}

static gboolean
merge (TwBooks    *self,
       TwRowKind   kind,
       gint64      id,
       gint64      seen_us,
       guint64    *n_new,
       GError    **error)
{
  const char *table = TW_ROWS[kind].table;
  g_autofree char *columns = tw_row_columns (kind);
  g_autoptr (GString) sql = g_string_new (NULL);
  guint64 affected = 0;

  g_string_printf (sql,
    "INSERT INTO %1$s (row_key, occurrence, import_id, line, copies, facts, seen_us, %2$s)"
    " SELECT row_key, occurrence, %3$" G_GINT64_FORMAT ", line, copies, most, %4$" G_GINT64_FORMAT ", %2$s FROM ("
    "SELECT row_key, line, %2$s, row_number () OVER (PARTITION BY row_key ORDER BY line) AS occurrence,"
    " count (*) OVER (PARTITION BY row_key) AS copies, max (facts) OVER (PARTITION BY row_key) AS most FROM new_%1$s"
    ") AS numbered WHERE true ON CONFLICT (row_key, occurrence) DO UPDATE SET ", table, columns, id, seen_us);
  put_updates (sql, kind);
  g_string_append (sql, " WHERE ");
  if (kind == TW_ROW_SALE)
    g_string_append (sql, SALE_IS_BETTER);
  else
    g_string_append_printf (sql, "(excluded.copies, excluded.facts) > (%s.copies, %s.facts)", table, table);
  if (!tw_shelf_run (self, sql->str, &affected, error))
    return FALSE;
  *n_new += affected;

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

typedef struct { const char *reading; gint64 id; gboolean same; } Known;

static gboolean
on_known (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  Known *self = data;
  g_autofree char *reading = tw_value_dup (&values[1]);

  self->id = tw_value_number (&values[0]);
  self->same = g_str_equal (reading, self->reading);

  return TRUE;
}

/* Read in another way the same bytes may say something else, also by which key a row is known: what they said before
 * goes. */
static gboolean
take_back (TwBooks  *self,
           gint64    id,
           GError  **error)
{
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE import_id = %" G_GINT64_FORMAT,
                                              TW_ROWS[kind].table, id);

      if (!tw_shelf_run (self, sql, NULL, error))
        return FALSE;
    }

  return TRUE;
}

/* Under the lock: numbers without gaps, so that they can be indices. */
static gboolean
write_file (TwBooks         *self,
            const TwImport  *import,
            guint64         *n_new,
            GError         **error)
{
  Known known = { .reading = import->reading != NULL ? import->reading : "" };
  gint64 last;

  if (!self->engine->class_->ask (self->engine, "SELECT id, reading FROM tapwatt_import i WHERE sha256 = $1"
                                  " AND sha256 <> '' AND " TW_STILL_COUNTS, &TW_VALUE_OF_TEXT (import->digest), 1,
                                  on_known, &known, error)
      || !tw_shelf_number (self, "SELECT max (id) FROM tapwatt_import", NULL, 0, &last, error))
    return FALSE;
  if (known.same)
    return TRUE;
  if (known.id > 0 && !take_back (self, known.id, error))
    return FALSE;
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    if (self->begun[kind] && !merge (self, kind, last + 1, MAX (import->last_us, self->newest_us), n_new, error))
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
