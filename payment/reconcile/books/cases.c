/* SPDX-License-Identifier: Apache-2.0 */
/* A run: findings go to a temporary table, and four statements compare it with the list. */
#include "payment/reconcile/books/cases.h"
#include "payment/reconcile/books/shelf.h"

#include "app/base/error.h"

#include <string.h>

#define FOUND "new_tapwatt_case"
#define MACHINE "tapwatt"           /* who, of what happens by itself */

#define TEXTS "id, class, currency, session, station, evse, payment_ref, psp_ref, batch, bank_reference, detail, rule"
#define NUMBERS "severity, stake_minor, expected, found, since_us"
#define N_TEXTS 12
#define N_COLUMNS (N_TEXTS + 5)

typedef struct { gint64 stake_minor; char *by, *why; } Resolution;

static void
resolution_free (gpointer data)
{
  Resolution *self = data;

  g_free (self->by);
  g_free (self->why);
  g_free (self);
}

static gboolean
on_resolved (gpointer        data,
             const TwValue  *values,
             guint           n,
             GError        **error)
{
  Resolution *resolution = g_new (Resolution, 1);

  resolution->stake_minor = values[1].number;
  resolution->by = g_strndup (values[2].text.n > 0 ? values[2].text.text : "", values[2].text.n);
  resolution->why = g_strndup (values[3].text.n > 0 ? values[3].text.text : "", values[3].text.n);
  g_hash_table_insert (data, g_strndup (values[0].text.text, values[0].text.n), resolution);

  return TRUE;
}

static gboolean
make_found (TwBooks  *self,
            GError  **error)
{
  const char *number = self->engine->class_->number_type;
  g_autofree char *definitions = g_strdup_printf (
    "id TEXT PRIMARY KEY, class TEXT, currency TEXT, session TEXT, station TEXT, evse TEXT, payment_ref TEXT,"
    " psp_ref TEXT, batch TEXT, bank_reference TEXT, detail TEXT, rule TEXT, severity %s, stake_minor %s, expected %s,"
    " found %s, since_us %s", number, number, number, number, number);

  return tw_shelf_make_copy (self, TW_COPY_CASES, FOUND, definitions, TEXTS ", " NUMBERS, N_COLUMNS, error);
}

/* Of two runs the later to end closes what only the earlier to begin did not see: there is one at a time. */
static gboolean
lock (TwBooks  *self,
      GError  **error)
{
  gboolean taken;

  if (!self->engine->class_->lock (self->engine, &taken, error))
    return FALSE;
  if (!taken)
    g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the store: another run compares its books and keeps its cases; what"
                 " was loaded is in it: run this once more when that one has ended");

  return taken;
}

gboolean
tw_cases_begin (TwBooks  *self,
                GError  **error)
{
  g_return_val_if_fail (self->path == NULL && self->resolved == NULL, FALSE);

  if (!lock (self, error))
    return FALSE;
  self->resolved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, resolution_free);
  if (self->engine->class_->ask (self->engine,
                                 "SELECT c.id, c.stake_minor, coalesce (e.who, ''), coalesce (e.reason, '')"
                                 " FROM tapwatt_case c LEFT JOIN tapwatt_event e ON e.n = (SELECT max (n)"
                                 " FROM tapwatt_event WHERE case_id = c.id AND what IN ('resolved', 'written_off'))"
                                 " WHERE c.state = 'resolved'", NULL, 0, on_resolved, self->resolved, error))
    return TRUE;

  tw_cases_abandon (self);

  return FALSE;
}

static void
end_run (TwBooks *self)
{
  self->finding = FALSE;
  g_clear_pointer (&self->resolved, g_hash_table_unref);
  self->engine->class_->unlock (self->engine);
}

void
tw_cases_abandon (TwBooks *self)
{
  if (self->finding)
    tw_shelf_roll_back (self);
  end_run (self);
}

/* Not before the first finding: the books are read between begin and then, in a transaction of their own. */
static gboolean
begin_finding (TwBooks  *self,
               GError  **error)
{
  if (self->finding)
    return TRUE;
  self->finding = tw_shelf_run (self, "BEGIN", NULL, error);

  return self->finding && make_found (self, error);
}

gboolean
tw_cases_add (TwBooks            *self,
              const TwException  *exception,
              gboolean           *is_resolved,
              GError            **error)
{
  const Resolution *resolution = g_hash_table_lookup (self->resolved, exception->id);
  const char *rule = exception->rule != NULL ? exception->rule : "";
  const TwValue values[N_COLUMNS] = {
    TW_VALUE_OF_TEXT (exception->id), TW_VALUE_OF_TEXT (tw_class_name (exception->class_)),
    TW_VALUE_OF_TEXT (exception->currency), TW_VALUE_OF_CHARS (exception->session),
    TW_VALUE_OF_CHARS (exception->station), TW_VALUE_OF_CHARS (exception->evse),
    TW_VALUE_OF_CHARS (exception->payment_ref), TW_VALUE_OF_CHARS (exception->psp_ref),
    TW_VALUE_OF_CHARS (exception->batch), TW_VALUE_OF_CHARS (exception->bank_reference),
    TW_VALUE_OF_CHARS (exception->detail), TW_VALUE_OF_TEXT (rule), TW_VALUE_OF_NUMBER (exception->severity),
    TW_VALUE_OF_NUMBER (exception->stake_minor), tw_value_stated (exception->expected),
    tw_value_stated (exception->found), tw_value_stated (exception->since_us),
  };

  *is_resolved = resolution != NULL && resolution->stake_minor == exception->stake_minor;
  if (exception->severity < TW_CASE_SEVERITY)
    return TRUE;

  return tw_shelf_check_texts (values, N_COLUMNS, "a finding", exception->sale.line, error)
    && begin_finding (self, error)
    && self->engine->class_->copy (self->engine, TW_COPY_CASES, values, N_COLUMNS, error);
}

void
tw_cases_resolution (TwBooks    *self,
                     const char *id,
                     TwChars    *by,
                     TwChars    *why)
{
  const Resolution *resolution = g_hash_table_lookup (self->resolved, id);

  *by = *why = (TwChars) { NULL, 0 };
  if (resolution == NULL)
    return;
  *by = (TwChars) { resolution->by, (guint32) strlen (resolution->by) };
  *why = (TwChars) { resolution->why, (guint32) strlen (resolution->why) };
}

static gboolean
write_events (TwBooks  *self,
              gint64    last,
              gint64    now_us,
              GError  **error)
{
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO tapwatt_event (n, case_id, what, who, at_us, stake_minor, reason)"
    " SELECT %" G_GINT64_FORMAT " + row_number () OVER (ORDER BY case_id), case_id, what, '" MACHINE "',"
    " %" G_GINT64_FORMAT ", stake_minor, reason FROM ("
    "SELECT f.id AS case_id, 'opened' AS what, f.stake_minor AS stake_minor, '' AS reason"
    " FROM " FOUND " f LEFT JOIN tapwatt_case c ON c.id = f.id WHERE c.id IS NULL"
    " UNION ALL SELECT c.id, 'closed', c.stake_minor, ''"
    " FROM tapwatt_case c LEFT JOIN " FOUND " f ON f.id = c.id WHERE c.state = 'open' AND f.id IS NULL"
    " UNION ALL SELECT c.id, 'reopened', f.stake_minor,"
    " CASE c.state WHEN 'resolved' THEN 'manual_contradicted' ELSE 'seen_again' END"
    " FROM tapwatt_case c JOIN " FOUND " f ON f.id = c.id"
    " WHERE c.state = 'closed' OR (c.state = 'resolved' AND c.stake_minor <> f.stake_minor)"
    " UNION ALL SELECT c.id, 'changed', f.stake_minor, ''"
    " FROM tapwatt_case c JOIN " FOUND " f ON f.id = c.id WHERE c.state = 'open' AND c.stake_minor <> f.stake_minor"
    ") AS events", last, now_us);

  return tw_shelf_run (self, sql, NULL, error);
}

static gboolean
write_cases (TwBooks  *self,
             gint64    now_us,
             GError  **error)
{
  g_autofree char *close = g_strdup_printf (
    "UPDATE tapwatt_case SET state = 'closed', changed_us = %" G_GINT64_FORMAT " WHERE state = 'open'"
    " AND NOT EXISTS (SELECT 1 FROM " FOUND " f WHERE f.id = tapwatt_case.id)", now_us);
  g_autofree char *open = g_strdup_printf (
    "INSERT INTO tapwatt_case (" TEXTS ", " NUMBERS ", state, assignee, opened_us, changed_us)"
    " SELECT " TEXTS ", " NUMBERS ", 'open', '', %1$" G_GINT64_FORMAT ", %1$" G_GINT64_FORMAT " FROM " FOUND
    " WHERE true ON CONFLICT (id) DO UPDATE SET state = 'open', severity = excluded.severity,"
    " stake_minor = excluded.stake_minor, session = excluded.session, station = excluded.station,"
    " evse = excluded.evse, payment_ref = excluded.payment_ref, psp_ref = excluded.psp_ref, batch = excluded.batch,"
    " bank_reference = excluded.bank_reference, detail = excluded.detail, rule = excluded.rule,"
    " expected = excluded.expected, found = excluded.found, since_us = excluded.since_us,"
    " changed_us = CASE WHEN tapwatt_case.state = 'open' AND tapwatt_case.stake_minor = excluded.stake_minor"
    " THEN tapwatt_case.changed_us ELSE excluded.changed_us END"
    " WHERE tapwatt_case.state <> 'resolved' OR tapwatt_case.stake_minor <> excluded.stake_minor", now_us);

  return tw_shelf_run (self, close, NULL, error) && tw_shelf_run (self, open, NULL, error);
}

static gboolean
on_count (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  TwCaseChanges *changes = data;
  guint64 count = (guint64) values[1].number;

  switch (values[0].text.text[0])
    {
    case 'o':
      changes->n_opened = count;
      break;
    case 'c':
      *(values[0].text.n == strlen ("closed") ? &changes->n_closed : &changes->n_changed) = count;
      break;
    default:
      changes->n_reopened = count;
      break;
    }

  return TRUE;
}

static gboolean
write_run (TwBooks        *self,
           gint64          now_us,
           TwCaseChanges  *changes,
           GError        **error)
{
  gint64 last;

  return tw_shelf_number (self, "SELECT max (n) FROM tapwatt_event", NULL, 0, &last, error)
    && write_events (self, last, now_us, error)
    && write_cases (self, now_us, error)
    && self->engine->class_->ask (self->engine, "SELECT what, count (*) FROM tapwatt_event WHERE n > $1 GROUP BY what",
                                  &TW_VALUE_OF_NUMBER (last), 1, on_count, changes, error)
    && tw_shelf_run (self, "DROP TABLE " FOUND, NULL, error);
}

gboolean
tw_cases_end (TwBooks        *self,
              gint64          now_us,
              TwCaseChanges  *changes,
              GError        **error)
{
  *changes = (TwCaseChanges) { 0 };
  if (begin_finding (self, error)
      && self->engine->class_->end_copies (self->engine, error)
      && tw_shelf_run (self, "COMMIT", NULL, error)
      && tw_shelf_run (self, self->engine->class_->begin_write, NULL, error)
      && write_run (self, now_us, changes, error)
      && tw_shelf_run (self, "COMMIT", NULL, error))
    {
      end_run (self);
      return TRUE;
    }

  tw_cases_abandon (self);

  return FALSE;
}
