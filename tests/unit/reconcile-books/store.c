/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reconcile-books/store.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>

static const char *
server (void)
{
  return g_getenv ("TAPWATT_TEST_STORE");
}

static void
run_on_server (const char *sql)
{
  PGconn *connection = PQconnectdb (server ());
  PGresult *result = PQexec (connection, sql);

  g_assert_cmpstr (PQerrorMessage (connection), ==, "");
  PQclear (result);
  PQfinish (connection);
}

void
store_reopen (Store *self)
{
  g_autoptr (GError) error = NULL;

  tw_books_free (self->books);
  self->books = tw_books_open (self->url, TW_BOOKS_CREATE, &error);
  g_assert_no_error (error);
}

Store *
store_new (void)
{
  static guint n;
  Store *self = g_new0 (Store, 1);
  g_autofree char *sql = NULL;

  if (server () == NULL)
    {
      self->directory = g_dir_make_tmp ("tapwatt-test-books-XXXXXX", NULL);
      self->url = g_strdup_printf ("sqlite:%s/books.db", self->directory);
    }
  else
    {
      self->schema = g_strdup_printf ("test_%d_%u", (int) getpid (), n++);
      sql = g_strdup_printf ("CREATE SCHEMA %s", self->schema);
      run_on_server (sql);
      self->url = g_strdup_printf ("%s&options=-csearch_path%%3D%s", server (), self->schema);
    }
  store_reopen (self);

  return self;
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

void
store_free (Store *self)
{
  tw_books_free (self->books);
  if (self->directory != NULL)
    remove_directory (self->directory);
  if (self->schema != NULL)
    {
      g_autofree char *sql = g_strdup_printf ("SET client_min_messages = error; DROP SCHEMA %s CASCADE", self->schema);

      run_on_server (sql);
    }
  g_free (self->directory);
  g_free (self->schema);
  g_free (self->url);
  g_free (self);
}

static int
on_cells (void  *user_data,
          int    n,
          char **cells,
          char **names)
{
  GString *text = user_data;

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", cells[i] != NULL ? cells[i] : "");
  g_string_append_c (text, '\n');

  return 0;
}

static gboolean
ask_sqlite (Store      *self,
            const char *sql,
            GString    *text)
{
  sqlite3 *db;
  gboolean well;

  g_assert_cmpint (sqlite3_open (self->url + strlen ("sqlite:"), &db), ==, SQLITE_OK);
  well = sqlite3_exec (db, sql, on_cells, text, NULL) == SQLITE_OK;
  sqlite3_close (db);

  return well;
}

static gboolean
ask_postgres (Store      *self,
              const char *sql,
              GString    *text)
{
  PGconn *connection = PQconnectdb (self->url);
  PGresult *result = PQexec (connection, sql);
  ExecStatusType status = PQresultStatus (result);

  for (int i = 0; i < PQntuples (result); i++)
    {
      for (int j = 0; j < PQnfields (result); j++)
        g_string_append_printf (text, "%s%s", j > 0 ? "|" : "", PQgetvalue (result, i, j));
      g_string_append_c (text, '\n');
    }
  PQclear (result);
  PQfinish (connection);

  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

gboolean
store_meddle (Store      *self,
              const char *sql)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return self->schema != NULL ? ask_postgres (self, sql, text) : ask_sqlite (self, sql, text);
}

char *
store_ask (Store      *self,
           const char *sql)
{
  GString *text = g_string_new (NULL);

  g_assert_true (self->schema != NULL ? ask_postgres (self, sql, text) : ask_sqlite (self, sql, text));

  return g_string_free (text, FALSE);
}

#define HAND_OVER(array, Type, member) \
  for (guint i = 0; i < rows->array->len; i++) \
    { \
      Type row = g_array_index (rows->array, Type, i); \
 \
      row.origin.line = i + 2; \
      g_assert_true (intake.class_->member (intake.self, &row, &error)); \
      g_assert_no_error (error); \
    }

guint64
store_load (Store        *self,
            const char   *role,
            const char   *digest,
            gint64        last_us,
            const Ledger *rows)
{
  static guint n_files;
  g_autofree char *path = g_strdup_printf ("file-%u", n_files);
  g_autofree char *own_digest = g_strdup_printf ("%064x", ++n_files);
  g_auto (GStrv) words = g_strsplit (digest != NULL ? digest : own_digest, " ", 2);
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import = { NULL };
  TwIntake intake;
  guint64 n_new;

  tw_import_init (&import);
  import.format = g_strdup ("test");
  import.n_rows = rows->sales->len + rows->lines->len + rows->credits->len + rows->energies->len + rows->totals->len;
  import.last_us = last_us;
  g_strlcpy (import.digest, words[0], sizeof import.digest);
  import.reading = g_strdup (words[1]);
  g_ptr_array_add (import.notices, g_strdup ("Windows-1252"));

  g_assert_true (tw_books_begin (self->books, role, path, &intake, &error));
  HAND_OVER (sales, TwSale, sale)
  HAND_OVER (lines, TwSettled, line)
  HAND_OVER (credits, TwCredit, credit)
  HAND_OVER (energies, TwEnergy, energy)
  HAND_OVER (totals, TwTotal, total)
  tw_books_end (self->books, &import, &n_new, &error);
  g_assert_no_error (error);

  return n_new;
}

/* Never freed before the end: a ledger borrows its texts. */
static TwChars
keep (TwChars text)
{
  static GStringChunk *kept;

  if (kept == NULL)
    kept = g_string_chunk_new (4096);
  text.text = g_string_chunk_insert_len (kept, text.n > 0 ? text.text : "", text.n);

  return text;
}

static void
keep_all (gpointer row,
          gsize    first,
          gsize    last)
{
  for (gsize at = first; at <= last; at += sizeof (TwChars))
    {
      TwChars *text = (TwChars *) (void *) ((guint8 *) row + at);

      *text = keep (*text);
    }
}

#define TAKE(what, Type, array, ...) \
  static gboolean \
  take_##what (gpointer     self, \
               const Type  *given, \
               GError     **error) \
  { \
    Ledger *ledger = self; \
    static const struct { gsize first, last; } TEXTS[] = { __VA_ARGS__ }; \
    Type row = *given; \
 \
    for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) \
      keep_all (&row, TEXTS[i].first, TEXTS[i].last); \
    g_array_append_val (ledger->array, row); \
 \
    return TRUE; \
  }

#define FROM_TO(Type, first, last) { G_STRUCT_OFFSET (Type, first), G_STRUCT_OFFSET (Type, last) }

TAKE (sale, TwSale, sales, FROM_TO (TwSale, session, unknown_operation))
TAKE (line, TwSettled, lines, FROM_TO (TwSettled, source, bank_trace))
TAKE (credit, TwCredit, credits, FROM_TO (TwCredit, account, counterparty))
TAKE (energy, TwEnergy, energies, FROM_TO (TwEnergy, session, meter), FROM_TO (TwEnergy, verdict, digest))
TAKE (total, TwTotal, totals, FROM_TO (TwTotal, terminal, brand))

Ledger *
store_replay (Store *self)
{
  static const TwIntakeClass CLASS = { take_sale, take_line, take_credit, take_energy, take_total, NULL };
  g_autoptr (GError) error = NULL;
  Ledger *ledger = ledger_new ();
  const TwIntake intake = { &CLASS, ledger };

  tw_books_replay (self->books, &intake, NULL, &error);
  g_assert_no_error (error);

  return ledger;
}
