/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL, or what speaks its protocol: COPY in, one row at a time out. */
#include "payment/reconcile/books/engine.h"

#include "app/base/error.h"

#include <libpq-fe.h>
#include <string.h>

#define COPY_BYTES (1024 * 1024)   /* how much of a table is gathered before it is sent */
#define PATIENCE_S "10"            /* with a server that does not answer */
#define INT8_OID 20
#define INT4_OID 23

typedef struct
{
  TwEngine engine;
  PGconn  *connection;
  struct { char *sql; GString *rows; } copies[TW_N_COPIES];   /* sql NULL: not begun */
} Postgres;

static gboolean
fail (Postgres  *self,
      GError   **error)
{
  g_autofree char *message = g_strdup (PQerrorMessage (self->connection));

  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the store: %s", g_strdelimit (g_strchomp (message), "\n", ' '));

  return FALSE;
}

static gboolean
is_good (const PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);

  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static gboolean
run (TwEngine    *engine,
     const char  *sql,
     guint64     *affected,
     GError     **error)
{
  Postgres *self = (Postgres *) engine;
  PGresult *result = PQexec (self->connection, sql);
  gboolean well = is_good (result) ? TRUE : fail (self, error);

  if (well && affected != NULL)
    *affected = g_ascii_strtoull (PQcmdTuples (result), NULL, 10);
  PQclear (result);

  return well;
}

static gboolean
send_query (Postgres      *self,
            const char    *sql,
            const TwValue *values,
            guint          n)
{
  g_auto (GStrv) texts = g_new0 (char *, n + 1);
  g_autofree const char **given = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      texts[i] = values[i].kind == TW_VALUE_NUMBER ? g_strdup_printf ("%" G_GINT64_FORMAT, values[i].number)
        : g_strndup (values[i].text.n > 0 ? values[i].text.text : "", values[i].text.n);
      given[i] = values[i].kind == TW_VALUE_NULL ? NULL : texts[i];
    }

  return PQsendQueryParams (self->connection, sql, (int) n, NULL, given, NULL, NULL, 0) == 1
    && PQsetSingleRowMode (self->connection) == 1;
}

static void
fetch (const PGresult *result,
       int             line,
       TwValue        *values,
       guint           n)
{
  for (guint i = 0; i < n; i++)
    {
      Oid type = PQftype (result, (int) i);
      const char *text = PQgetvalue (result, line, (int) i);

      if (PQgetisnull (result, line, (int) i))
        values[i] = TW_VALUE_OF_NULL;
      else if (type == INT8_OID || type == INT4_OID)
        values[i] = TW_VALUE_OF_NUMBER (g_ascii_strtoll (text, NULL, 10));
      else
        values[i] = (TwValue) { .kind = TW_VALUE_TEXT,
                                .text = { text, (guint32) PQgetlength (result, line, (int) i) } };
    }
}

static gboolean
ask (TwEngine       *engine,
     const char     *sql,
     const TwValue  *values,
     guint           n,
     TwRowFunc       row,
     gpointer        row_self,
     GError        **error)
{
  Postgres *self = (Postgres *) engine;
  g_autoptr (GArray) found = g_array_new (FALSE, TRUE, sizeof (TwValue));
  gboolean well = send_query (self, sql, values, n) ? TRUE : fail (self, error);
  PGresult *result;

  /* To the end, also after a failure: the connection is of no use before. */
  while ((result = PQgetResult (self->connection)) != NULL)
    {
      ExecStatusType status = PQresultStatus (result);

      if (well && status != PGRES_SINGLE_TUPLE && !is_good (result))
        well = fail (self, error);
      g_array_set_size (found, (guint) PQnfields (result));
      for (int i = 0; well && row != NULL && i < PQntuples (result); i++)
        {
          fetch (result, i, (TwValue *) (void *) found->data, found->len);
          well = row (row_self, (TwValue *) (void *) found->data, found->len, error);
        }
      PQclear (result);
    }

  return well;
}

static gboolean
begin_copy (TwEngine    *engine,
            guint        copy,
            const char  *table,
            const char  *columns,
            guint        n,
            GError     **error)
{
  Postgres *self = (Postgres *) engine;

  self->copies[copy].sql = g_strdup_printf ("COPY %s (%s) FROM STDIN", table, columns);
  self->copies[copy].rows = g_string_new (NULL);

  return TRUE;
}

/* COPY's text format: tab between cells, backslash before what would end a cell or a row. */
static void
put_text (GString *rows,
          TwChars  text)
{
  for (guint32 i = 0; i < text.n; i++)
    switch (text.text[i])
      {
      case '\\':
        g_string_append (rows, "\\\\");
        break;
      case '\t':
        g_string_append (rows, "\\t");
        break;
      case '\n':
        g_string_append (rows, "\\n");
        break;
      case '\r':
        g_string_append (rows, "\\r");
        break;
      default:
        g_string_append_c (rows, text.text[i]);
        break;
      }
}

/* A COPY of its own each time: the connection has only one, and tables are filled side by side. */
static gboolean
flush (Postgres  *self,
       guint      copy,
       GError   **error)
{
  GString *rows = self->copies[copy].rows;
  PGresult *result;
  gboolean well;

  if (rows->len == 0)
    return TRUE;

  result = PQexec (self->connection, self->copies[copy].sql);
  well = PQresultStatus (result) == PGRES_COPY_IN;
  PQclear (result);
  if (!well)
    return fail (self, error);

  well = PQputCopyData (self->connection, rows->str, (int) rows->len) == 1
    && PQputCopyEnd (self->connection, NULL) == 1 ? TRUE : fail (self, error);
  g_string_truncate (rows, 0);
  while ((result = PQgetResult (self->connection)) != NULL)
    {
      if (well && !is_good (result))
        well = fail (self, error);
      PQclear (result);
    }

  return well;
}

static gboolean
copy_row (TwEngine       *engine,
          guint           copy,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  Postgres *self = (Postgres *) engine;
  GString *rows = self->copies[copy].rows;

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (rows, '\t');
      if (values[i].kind == TW_VALUE_NULL)
        g_string_append (rows, "\\N");
      else if (values[i].kind == TW_VALUE_NUMBER)
        g_string_append_printf (rows, "%" G_GINT64_FORMAT, values[i].number);
      else
        put_text (rows, values[i].text);
    }
  g_string_append_c (rows, '\n');

  return rows->len < COPY_BYTES ? TRUE : flush (self, copy, error);
}

static void
drop_copies (TwEngine *engine)
{
  Postgres *self = (Postgres *) engine;

  for (guint i = 0; i < TW_N_COPIES; i++)
    {
      g_clear_pointer (&self->copies[i].sql, g_free);
      if (self->copies[i].rows != NULL)
        g_string_free (g_steal_pointer (&self->copies[i].rows), TRUE);
    }
}

static gboolean
end_copies (TwEngine  *engine,
            GError   **error)
{
  Postgres *self = (Postgres *) engine;
  gboolean well = TRUE;

  for (guint i = 0; well && i < TW_N_COPIES; i++)
    well = self->copies[i].sql == NULL || flush (self, i, error);
  drop_copies (engine);

  return well;
}

/* "TW" in ASCII, and the schema's name: two stores of one database are two. The server lets go with the connection. */
#define LOCK "(21591, hashtext (current_schema ()))"

static gboolean
on_taken (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  *(gboolean *) data = n == 1 && values[0].number == 1;

  return TRUE;
}

static gboolean
lock (TwEngine  *engine,
      gboolean  *taken,
      GError   **error)
{
  *taken = FALSE;

  return ask (engine, "SELECT CAST (pg_try_advisory_lock " LOCK " AS integer)", NULL, 0, on_taken, taken, error);
}

static void
unlock (TwEngine *engine)
{
  run (engine, "SELECT pg_advisory_unlock " LOCK, NULL, NULL);
}

static void
free_postgres (TwEngine *engine)
{
  Postgres *self = (Postgres *) engine;

  PQfinish (self->connection);
  drop_copies (engine);
  g_free (self);
}

/* Notices are for whoever runs the server. */
static void
on_notice (void       *user_data,
           const char *message)
{
}

static void
guard (GString    *sql,
       const char *table)
{
  g_string_append_printf (sql,
    "CREATE OR REPLACE FUNCTION tapwatt_refuse () RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION ''%% is only added to'', TG_TABLE_NAME; END';"
    "CREATE TRIGGER %1$s_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON %1$s"
    " FOR EACH STATEMENT EXECUTE FUNCTION tapwatt_refuse ();", table);
}

static const TwEngineClass CLASS = {
  .number_type = "BIGINT",
  .has_column = "SELECT count (*) FROM information_schema.columns WHERE table_schema = current_schema ()"
    " AND table_name = $1 AND column_name = $2",
  /* The number is "tapwatt" in ASCII: locks of this kind have no names. */
  .begin_schema = "BEGIN; SELECT pg_advisory_xact_lock (32758232965543028)",
  .begin_write = "BEGIN; LOCK TABLE tapwatt_import IN SHARE ROW EXCLUSIVE MODE",
  .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  TW_ENGINE_FUNCTIONS, .free = free_postgres,
};

/* What the URL says of the connection has the last word. */
static PGconn *
connect_to (const char *url)
{
  static const char *const KEYWORDS[] = { "connect_timeout", "fallback_application_name", "dbname", NULL };
  const char *values[] = { PATIENCE_S, "tapwatt", url, NULL };

  return PQconnectdbParams (KEYWORDS, values, 1);
}

TwEngine *
tw_engine_open_postgres (const char  *url,
                         GError     **error)
{
  Postgres *self = g_new0 (Postgres, 1);

  self->engine.class_ = &CLASS;
  self->connection = connect_to (url);
  if (PQstatus (self->connection) != CONNECTION_OK)
    {
      fail (self, error);
      free_postgres (&self->engine);
      return NULL;
    }
  PQsetNoticeProcessor (self->connection, on_notice, NULL);
  if (!run (&self->engine, "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET work_mem = '64MB'",
            NULL, error))
    {
      free_postgres (&self->engine);
      return NULL;
    }

  return &self->engine;
}
