/* SPDX-License-Identifier: Apache-2.0 */
/* All rows of a key come from one file: that which has most of them, else that which tells most of them, else the
 * first. A reconciliation counts the rows of a key per file (duplicates.c), and must find here what it would find in
 * the files. What the other files told of the same key is kept beside it, in TABLE_also: when the file is read in
 * another way, its rows go, and theirs are what there is. Not so of sales: they come from journals, which can be read
 * in one way only (books.c), and a journal of each day tells all of its station's sales again.
 */
#include "payment/reconcile/books/merge.h"

#define CERTAINTY(table) \
  "CASE " table ".state WHEN 0 THEN 3 WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 6 WHEN 4 THEN 4 WHEN 5 THEN 2 ELSE 0 END"

#define SALE_RANK(table) \
  "(" table ".seen_us, " CERTAINTY (table) ", coalesce (" table ".refunded_minor, 0)," \
  " coalesce (" table ".ended_us, 0))"

/* The file that knows the station for longest; of two that know it as long, as the reconciliation decides (home.c). */
static const char SALE_IS_BETTER[] = SALE_RANK ("excluded") " > " SALE_RANK ("tapwatt_sale");

#define HEADS "import_id, line, copies, facts, seen_us"
/* b is better than a; of equals the first that was loaded. */
#define RANK(table) "(" table ".copies, " table ".facts, -" table ".import_id)"

/* SELECT row_key, occurrence, HEADS, columns: of the rows put aside. */
static char *
numbered (TwRowKind   kind,
          const char *columns,
          gint64      id,
          gint64      seen_us)
{
  return g_strdup_printf (
    "SELECT row_key, row_number () OVER (PARTITION BY row_key ORDER BY line) AS occurrence,"
    " %" G_GINT64_FORMAT " AS import_id, line, count (*) OVER (PARTITION BY row_key) AS copies,"
    " max (facts) OVER (PARTITION BY row_key) AS facts, %" G_GINT64_FORMAT " AS seen_us, %s FROM new_%s",
    id, seen_us, columns, TW_ROWS[kind].table);
}

/* rows: a SELECT. what: of a row that is there already. */
static gboolean
put (TwBooks     *self,
     TwRowKind    kind,
     const char  *columns,
     const char  *rows,
     const char  *what,
     guint64     *n,
     GError     **error)
{
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO %s (row_key, occurrence, " HEADS ", %s) SELECT row_key, occurrence, " HEADS ", %s FROM (%s) AS told"
    " WHERE true ON CONFLICT (row_key, occurrence) DO %s", TW_ROWS[kind].table, columns, columns, rows, what);

  return tw_shelf_run (self, sql, n, error);
}

static char *
update (TwRowKind   kind,
        const char *condition)
{
  static const char *const NAMES[] = { "import_id", "line", "copies", "facts", "seen_us" };
  GString *sql = g_string_new ("UPDATE SET ");

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    g_string_append_printf (sql, "%s%s = excluded.%s", i > 0 ? ", " : "", NAMES[i], NAMES[i]);
  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    g_string_append_printf (sql, ", \"%1$s\" = excluded.\"%1$s\"", TW_ROWS[kind].fields[i].name);
  g_string_append_printf (sql, " WHERE %s", condition);

  return g_string_free (sql, FALSE);
}

#define IS_BETTER "(told.copies, told.facts) > (m.copies, m.facts)"

/* Rows of the file that another one told before, and better or as well: they are kept beside those. */
static gboolean
keep_worse (TwBooks     *self,
            TwRowKind    kind,
            const char  *columns,
            const char  *rows,
            gint64       id,
            guint64     *n,
            GError     **error)
{
  const char *table = TW_ROWS[kind].table;
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO %1$s_also (row_key, occurrence, " HEADS ", %2$s) SELECT row_key, occurrence, " HEADS ", %2$s"
    " FROM (%3$s) AS told WHERE EXISTS (SELECT 1 FROM %1$s m WHERE m.row_key = told.row_key"
    " AND m.occurrence = told.occurrence AND m.import_id <> %4$" G_GINT64_FORMAT " AND NOT " IS_BETTER ")",
    table, columns, rows, id);

  return tw_shelf_run (self, sql, n, error);
}

/* Those that are better take the place of the others, which are kept beside them. */
static gboolean
replace_beaten (TwBooks     *self,
                TwRowKind    kind,
                const char  *columns,
                const char  *rows,
                gint64       id,
                guint64     *n,
                GError     **error)
{
  const char *table = TW_ROWS[kind].table;
  g_autofree char *meet = g_strdup_printf (
    "DROP TABLE IF EXISTS met_%1$s; CREATE TEMP TABLE met_%1$s AS SELECT told.* FROM (%2$s) AS told JOIN %1$s m"
    " ON m.row_key = told.row_key AND m.occurrence = told.occurrence WHERE m.import_id <> %3$" G_GINT64_FORMAT
    " AND " IS_BETTER, table, rows, id);
  g_autofree char *beaten = g_strdup_printf (
    "INSERT INTO %1$s_also (row_key, occurrence, " HEADS ", %2$s) SELECT row_key, occurrence, " HEADS ", %2$s"
    " FROM %1$s m WHERE EXISTS (SELECT 1 FROM met_%1$s n WHERE n.row_key = m.row_key AND n.occurrence = m.occurrence)",
    table, columns);
  g_autofree char *better = g_strdup_printf ("SELECT * FROM met_%s", table);
  g_autofree char *replace = update (kind, "true");
  g_autofree char *drop = g_strdup_printf ("DROP TABLE met_%s", table);

  return tw_shelf_run (self, meet, NULL, error) && tw_shelf_run (self, beaten, NULL, error)
    && put (self, kind, columns, better, replace, n, error) && tw_shelf_run (self, drop, NULL, error);
}

gboolean
tw_merge_file (TwBooks    *self,
               TwRowKind   kind,
               gint64      id,
               gint64      seen_us,
               guint64    *n_new,
               GError    **error)
{
  g_autofree char *columns = tw_row_columns (kind);
  g_autofree char *rows = numbered (kind, columns, id, seen_us);
  g_autofree char *newer = update (kind, SALE_IS_BETTER);
  guint64 n_put = 0, n_worse = 0, n_better = 0;

  if (!put (self, kind, columns, rows, kind == TW_ROW_SALE ? newer : "NOTHING", &n_put, error))
    return FALSE;
  /* Of most files no other told a row, and then nothing is compared. */
  if (kind != TW_ROW_SALE && n_put < self->n_aside[kind]
      && !keep_worse (self, kind, columns, rows, id, &n_worse, error))
    return FALSE;
  if (kind != TW_ROW_SALE && n_put + n_worse < self->n_aside[kind]
      && !replace_beaten (self, kind, columns, rows, id, &n_better, error))
    return FALSE;
  *n_new += n_put + n_better;

  return TRUE;
}

static gboolean
give_to_others (TwBooks    *self,
                TwRowKind   kind,
                GError    **error)
{
  const char *table = TW_ROWS[kind].table;
  g_autofree char *columns = tw_row_columns (kind);
  g_autofree char *best = g_strdup_printf (
    "SELECT * FROM %s_also a WHERE NOT EXISTS (SELECT 1 FROM %s m WHERE m.row_key = a.row_key"
    " AND m.occurrence = a.occurrence) AND NOT EXISTS (SELECT 1 FROM %s_also b WHERE b.row_key = a.row_key"
    " AND b.occurrence = a.occurrence AND " RANK ("b") " > " RANK ("a") ")", table, table, table);
  g_autofree char *rest = g_strdup_printf (
    "DELETE FROM %s_also WHERE EXISTS (SELECT 1 FROM %s m WHERE m.row_key = %s_also.row_key"
    " AND m.occurrence = %s_also.occurrence AND m.import_id = %s_also.import_id)", table, table, table, table, table);

  return put (self, kind, columns, best, "NOTHING", NULL, error) && tw_shelf_run (self, rest, NULL, error);
}

gboolean
tw_merge_take_back (TwBooks  *self,
                    gint64    id,
                    GError  **error)
{
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      const char *table = TW_ROWS[kind].table;
      g_autofree char *own = g_strdup_printf ("DELETE FROM %s WHERE import_id = %" G_GINT64_FORMAT, table, id);
      g_autofree char *also = g_strdup_printf ("DELETE FROM %s_also WHERE import_id = %" G_GINT64_FORMAT, table, id);

      if (!tw_shelf_run (self, own, NULL, error)
          || (kind != TW_ROW_SALE && (!tw_shelf_run (self, also, NULL, error) || !give_to_others (self, kind, error))))
        return FALSE;
    }

  return TRUE;
}
