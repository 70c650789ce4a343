/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/shelf.h"

#include "app/base/error.h"

void
tw_shelf_define (GString   *sql,
                 TwEngine  *engine,
                 TwRowKind  kind)
{
  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    {
      const TwField *field = &TW_ROWS[kind].fields[i];
      gboolean is_text = field->kind == TW_FIELD_TEXT || field->kind == TW_FIELD_CURRENCY;
      gboolean may_be_null = field->kind == TW_FIELD_NUMBER || field->kind == TW_FIELD_DAY;

      g_string_append_printf (sql, ", \"%s\" %s%s", field->name, is_text ? "TEXT" : engine->class_->number_type,
                              may_be_null ? "" : " NOT NULL");
    }
}

/* copies and facts: of the file that the row comes from, see merge.c. */
static void
define_rows (GString    *sql,
             TwEngine   *engine,
             TwRowKind   kind,
             const char *suffix,
             const char *key)
{
  const char *number = engine->class_->number_type;

  g_string_append_printf (sql, "CREATE TABLE %s%s (row_key TEXT NOT NULL, occurrence %s NOT NULL, import_id %s NOT"
                          " NULL, line %s NOT NULL, copies %s NOT NULL, facts %s NOT NULL, seen_us %s NOT NULL",
                          TW_ROWS[kind].table, suffix, number, number, number, number, number, number);
  tw_shelf_define (sql, engine, kind);
  g_string_append_printf (sql, ", PRIMARY KEY (%s));", key);
}

static void
define_rest (GString  *sql,
             TwEngine *engine)
{
  const char *number = engine->class_->number_type;

  g_string_append_printf (sql,
    "CREATE TABLE tapwatt_import (id %1$s PRIMARY KEY, role TEXT NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, n_rows %1$s NOT NULL, first_us %1$s, last_us %1$s, notices TEXT NOT NULL,"
    " loaded_us %1$s NOT NULL);"
    "CREATE INDEX tapwatt_import_sha256 ON tapwatt_import (sha256);"
    "CREATE TABLE tapwatt_case (id TEXT PRIMARY KEY, class TEXT NOT NULL, state TEXT NOT NULL, severity %1$s NOT NULL,"
    " stake_minor %1$s NOT NULL, currency TEXT NOT NULL, assignee TEXT NOT NULL, session TEXT NOT NULL,"
    " station TEXT NOT NULL, evse TEXT NOT NULL, payment_ref TEXT NOT NULL, psp_ref TEXT NOT NULL,"
    " batch TEXT NOT NULL, bank_reference TEXT NOT NULL, detail TEXT NOT NULL, rule TEXT NOT NULL,"
    " expected %1$s, found %1$s, since_us %1$s, opened_us %1$s NOT NULL, changed_us %1$s NOT NULL);"
    "CREATE TABLE tapwatt_event (n %1$s PRIMARY KEY, case_id TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,"
    " at_us %1$s NOT NULL, stake_minor %1$s NOT NULL, reason TEXT NOT NULL);"
    "CREATE INDEX tapwatt_event_case ON tapwatt_event (case_id, n);"
    "CREATE TABLE tapwatt_meta (version %1$s NOT NULL); INSERT INTO tapwatt_meta VALUES (1);", number);
  engine->class_->guard (sql, "tapwatt_import");
  engine->class_->guard (sql, "tapwatt_event");
}

/* What that version has and the one before it has not. */
static void
define_step (GString  *sql,
             TwEngine *engine,
             gint64    version)
{
  const char *number = engine->class_->number_type;

  if (version == 2)
    g_string_append_printf (sql, "ALTER TABLE tapwatt_import ADD COLUMN reading TEXT NOT NULL DEFAULT '';"
                            "ALTER TABLE tapwatt_import ADD COLUMN replaces %s NOT NULL DEFAULT 0;", number);
  if (version == 3)
    {
      g_string_append_printf (sql, "CREATE TABLE tapwatt_manual (n %1$s PRIMARY KEY, act %1$s NOT NULL,"
                              " undoes %1$s NOT NULL, what TEXT NOT NULL, case_id TEXT NOT NULL, class TEXT NOT NULL,"
                              " kind %1$s NOT NULL, who TEXT NOT NULL, at_us %1$s NOT NULL, reason TEXT NOT NULL,"
                              " note TEXT NOT NULL, state_before TEXT NOT NULL, state_after TEXT NOT NULL,"
                              " station TEXT NOT NULL, session TEXT NOT NULL, account TEXT NOT NULL,"
                              " row_name TEXT NOT NULL, payout_account TEXT NOT NULL, batch TEXT NOT NULL,"
                              " currency TEXT NOT NULL, amount_minor %1$s NOT NULL);"
                              "CREATE INDEX tapwatt_manual_case ON tapwatt_manual (case_id, n);", number);
      engine->class_->guard (sql, "tapwatt_manual");
    }
  if (version == 4)
    {
      /* A file that was loaded before has not left what others told, too. */
      g_string_append_printf (sql, "ALTER TABLE tapwatt_meta ADD COLUMN whole_after %s NOT NULL DEFAULT 0;"
                              "UPDATE tapwatt_meta SET whole_after = (SELECT coalesce (max (id), 0) FROM"
                              " tapwatt_import);", number);
      for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
        if (kind != TW_ROW_SALE)
          define_rows (sql, engine, kind, "_also", "row_key, occurrence, import_id");
    }
  g_string_append_printf (sql, "UPDATE tapwatt_meta SET version = %" G_GINT64_FORMAT ";", version);
}

/* The first version, if there is none, and each step that is missing. */
static char *
definition (TwEngine *engine,
            gint64    version)
{
  GString *sql = g_string_new (NULL);

  for (TwRowKind kind = 0; version == 0 && kind < TW_N_ROWS; kind++)
    define_rows (sql, engine, kind, "", "row_key, occurrence");
  if (version == 0)
    define_rest (sql, engine);
  for (gint64 next = MAX (version, 1) + 1; next <= TW_SCHEMA_VERSION; next++)
    define_step (sql, engine, next);

  return g_string_free (sql, FALSE);
}

gboolean
tw_shelf_run (TwBooks     *self,
              const char  *sql,
              guint64     *affected,
              GError     **error)
{
  return self->engine->class_->run (self->engine, sql, affected, error);
}

void
tw_shelf_roll_back (TwBooks *self)
{
  self->engine->class_->drop_copies (self->engine);
  self->engine->class_->run (self->engine, "ROLLBACK", NULL, NULL);
}

static gboolean
on_number (gpointer        self,
           const TwValue  *values,
           guint           n,
           GError        **error)
{
  if (n > 0 && values[0].kind == TW_VALUE_NUMBER)
    *(gint64 *) self = values[0].number;

  return TRUE;
}

gboolean
tw_shelf_number (TwBooks        *self,
                 const char     *sql,
                 const TwValue  *values,
                 guint           n,
                 gint64         *number,
                 GError        **error)
{
  *number = 0;

  return self->engine->class_->ask (self->engine, sql, values, n, on_number, number, error);
}

/* 0: there is no schema. A version is all that is asked for: tables of that name are not another's. */
static gint64
version_of (TwBooks *self)
{
  gint64 version;

  return tw_shelf_number (self, "SELECT version FROM tapwatt_meta", NULL, 0, &version, NULL) ? version : 0;
}

/* Fields are only ever added to a row. Rows that are there do not state a new one; but of an entry it is known that
 * nothing was converted, and nothing charged. */
static gboolean
add_column (TwBooks     *self,
            const char  *table,
            TwRowKind    kind,
            guint        i,
            GError     **error)
{
  const TwField *field = &TW_ROWS[kind].fields[i];
  const TwValue names[] = { TW_VALUE_OF_TEXT (table), TW_VALUE_OF_TEXT (field->name) };
  gboolean is_text = field->kind == TW_FIELD_TEXT || field->kind == TW_FIELD_CURRENCY;
  gboolean may_be_null = field->kind == TW_FIELD_NUMBER || field->kind == TW_FIELD_DAY;
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE %s ADD COLUMN \"%s\" %s %s", table, field->name,
                                          is_text ? "TEXT" : self->engine->class_->number_type,
                                          is_text ? "NOT NULL DEFAULT ''" : !may_be_null ? "NOT NULL DEFAULT 0"
                                          : kind == TW_ROW_CREDIT ? "DEFAULT 0" : "");
  gint64 n;

  return tw_shelf_number (self, self->engine->class_->has_column, names, G_N_ELEMENTS (names), &n, error)
    && (n > 0 || tw_shelf_run (self, sql, NULL, error));
}

static gboolean
add_columns (TwBooks  *self,
             GError  **error)
{
  for (TwRowKind kind = 0; kind < TW_N_ROWS; kind++)
    {
      g_autofree char *also = g_strconcat (TW_ROWS[kind].table, "_also", NULL);

      for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
        if (!add_column (self, TW_ROWS[kind].table, kind, i, error)
            || (kind != TW_ROW_SALE && !add_column (self, also, kind, i, error)))
          return FALSE;
    }

  return TRUE;
}

/* Asked once more under the lock: somebody else may have been quicker. A question about a table that is not there would
 * end PostgreSQL's transaction. */
static gboolean
make (TwBooks  *self,
      gint64    version,
      GError  **error)
{
  g_autofree char *sql = NULL;

  if (!tw_shelf_run (self, self->engine->class_->begin_schema, NULL, error))
    return FALSE;
  sql = definition (self->engine, version > 0 ? version_of (self) : 0);
  if (tw_shelf_run (self, sql, NULL, error) && (version == 0 || add_columns (self, error))
      && tw_shelf_run (self, "COMMIT", NULL, error))
    return TRUE;

  tw_shelf_roll_back (self);

  return FALSE;
}

gboolean
tw_shelf_set_up (TwEngine  *engine,
                 gboolean   may_make,
                 GError   **error)
{
  TwBooks self = { .engine = engine };
  g_autoptr (GError) failure = NULL;
  gint64 version = version_of (&self);

  /* Somebody else may have been quicker; then ours failed, and theirs is there. */
  if (version < TW_SCHEMA_VERSION && may_make)
    {
      gboolean made = make (&self, version, &failure);

      version = version_of (&self);
      if (!made && version < TW_SCHEMA_VERSION)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }

  if (version == 0)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                 "the store has no books yet: tapwatt reconcile --store makes and fills them");
  else if (version > TW_SCHEMA_VERSION)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store is of a newer Tapwatt (schema %" G_GINT64_FORMAT
                 ", this one knows %d): use that one", version, TW_SCHEMA_VERSION);
  else if (version < TW_SCHEMA_VERSION)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store is of an older Tapwatt (schema %" G_GINT64_FORMAT
                 ", this one needs %d): the next tapwatt reconcile --store makes it a new one, and keeps what is in it",
                 version, TW_SCHEMA_VERSION);

  return version == TW_SCHEMA_VERSION;
}

gboolean
tw_shelf_write_event (TwBooks     *self,
                      const char  *case_id,
                      const char  *what,
                      const char  *who,
                      const char  *text,
                      gint64       now_us,
                      GError     **error)
{
  const TwValue event[] = { TW_VALUE_OF_TEXT (what), TW_VALUE_OF_TEXT (who), TW_VALUE_OF_NUMBER (now_us),
                            TW_VALUE_OF_TEXT (text), TW_VALUE_OF_TEXT (case_id) };

  return self->engine->class_->ask (self->engine, "INSERT INTO tapwatt_event (n, case_id, what, who, at_us,"
                                    " stake_minor, reason) SELECT (SELECT coalesce (max (n), 0) + 1 FROM"
                                    " tapwatt_event), id, $1, $2, $3, stake_minor, $4 FROM tapwatt_case WHERE id = $5",
                                    event, G_N_ELEMENTS (event), NULL, NULL, error);
}

gboolean
tw_shelf_make_copy (TwBooks     *self,
                    guint        copy,
                    const char  *table,
                    const char  *definitions,
                    const char  *columns,
                    guint        n,
                    GError     **error)
{
  g_autofree char *sql = g_strdup_printf ("DROP TABLE IF EXISTS %s; CREATE TEMP TABLE %s (%s)", table, table,
                                          definitions);

  return tw_shelf_run (self, sql, NULL, error)
    && self->engine->class_->begin_copy (self->engine, copy, table, columns, n, error);
}

gboolean
tw_shelf_check_texts (const TwValue  *values,
                      guint           n,
                      const char     *what,
                      guint64         line,
                      GError        **error)
{
  for (guint i = 0; i < n; i++)
    if (values[i].kind == TW_VALUE_TEXT && values[i].text.n > 0
        && !g_utf8_validate_len (values[i].text.text, values[i].text.n, NULL))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT
                     ": a text is not UTF-8, or has a NUL in it", what, line);
        return FALSE;
      }

  return TRUE;
}
