/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/analytics-sources/shown.h"

#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

static void
show_text (GString    *line,
           const char *name,
           TwText      text)
{
  if (text.n > 0)
    g_string_append_printf (line, " %s=%.*s", name, (int) text.n, text.text);
}

static void
show_number (GString    *line,
             const char *name,
             gint64      value)
{
  if (value != TW_UNKNOWN)
    g_string_append_printf (line, " %s=%" G_GINT64_FORMAT, name, value);
}

static void
show_instant (GString    *line,
              const char *name,
              gint64      us)
{
  g_autoptr (GDateTime) time = us != TW_UNKNOWN ? g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC) : NULL;
  g_autofree char *text = time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  if (us != TW_UNKNOWN)
    g_string_append_printf (line, " %s=%s", name, text);
}

static void
show_money (GString            *line,
            const TwSessionRow *row)
{
  show_number (line, "price", row->price_minor);
  show_number (line, "tax", row->tax_minor);
  show_number (line, "captured", row->captured_minor);
  show_number (line, "refunded", row->refunded_minor);
  show_number (line, "fee", row->fee_minor);
  show_number (line, "chargeback", row->chargeback_minor);
  show_number (line, "held", row->held_minor);
  show_instant (line, "held_from", row->held_from);
  show_instant (line, "held_until", row->held_until);
  show_instant (line, "tap", row->tap_at);
  show_instant (line, "answered", row->answered_at);
  if (row->currency[0])
    g_string_append_printf (line, " %s", row->currency);
  if (row->money_state)
    g_string_append_printf (line, " state=%d", (int) row->money_state);
}

static gboolean
show_session (gpointer             data,
              const TwSessionRow  *row,
              GError             **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  Shown *self = data;

  g_string_printf (line, "%" G_GUINT64_FORMAT ":", row->line);
  show_text (line, "session", row->session);
  show_text (line, "site", row->site);
  show_text (line, "evse", row->evse);
  show_text (line, "connector", row->connector);
  show_text (line, "tariff", row->tariff);
  show_text (line, "zone", row->zone);
  show_instant (line, "in", row->plug_in);
  show_instant (line, "out", row->plug_out);
  show_instant (line, "start", row->charge_start);
  show_instant (line, "end", row->charge_end);
  show_number (line, "occupied", row->occupied_s);
  show_number (line, "charging", row->charging_s);
  show_number (line, "wh", row->energy_wh);
  show_number (line, "max", row->max_power_w);
  show_number (line, "rated", row->rated_power_w);
  if (row->direct_current)
    g_string_append (line, " DC");
  if (row->means)
    g_string_append_printf (line, " means=%d", (int) row->means);
  if (row->ending)
    g_string_append_printf (line, " ending=%d", (int) row->ending);
  if (row->customer)
    g_string_append_printf (line, " customer=%" G_GINT64_MODIFIER "x", row->customer);
  if (row->epoch)
    g_string_append_printf (line, " epoch=%d", row->epoch);
  show_money (line, row);
  for (guint i = 0; i < TW_N_FLAGS; i++)
    if (row->flags & 1u << i)
      g_string_append_printf (line, " !%s", tw_flag_name (i));
  g_mutex_lock (&self->lock);
  g_string_append_printf (self->text, "%s\n", line->str);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
show_refused (gpointer     data,
              guint64      line,
              const char  *what,
              GError     **error)
{
  Shown *self = data;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->text, "line %" G_GUINT64_FORMAT ": refused: %s\n", line, what);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
show_visit (gpointer           data,
            const TwVisitRow  *row,
            GError           **error)
{
  static const char *const stages[TW_N_STAGES] = { "seen", "offer", "chosen", "tap", "approved", "plugged", "energy",
                                                   "ended-well", "captured", "receipt" };
  Shown *self = data;

  g_string_append (self->text, "visit:");
  show_text (self->text, "session", row->session);
  show_text (self->text, "site", row->site);
  show_text (self->text, "evse", row->evse);
  show_text (self->text, "zone", row->zone);
  show_instant (self->text, "at", row->at);
  for (guint i = 0; i < TW_N_STAGES; i++)
    if (row->stages & 1u << i)
      g_string_append_printf (self->text, " %s", stages[i]);
  show_text (self->text, "drop", row->drop_reason);
  if (row->customer)
    g_string_append_printf (self->text, " customer=%" G_GINT64_MODIFIER "x", row->customer);
  show_number (self->text, "amount", row->amount_minor);
  if (row->all_busy)
    g_string_append (self->text, " all-busy");
  g_string_append_c (self->text, '\n');
  return TRUE;
}

static gboolean
show_port (gpointer          data,
           const TwPortRow  *row,
           GError          **error)
{
  Shown *self = data;

  g_string_append (self->text, "port:");
  show_text (self->text, "site", row->site);
  show_text (self->text, "evse", row->evse);
  show_text (self->text, "connector", row->connector);
  show_text (self->text, "zone", row->zone);
  show_text (self->text, "hours", row->opening_hours);
  show_number (self->text, "rated", row->rated_power_w);
  show_instant (self->text, "from", row->commissioned);
  show_instant (self->text, "until", row->decommissioned);
  g_string_append_c (self->text, '\n');
  return TRUE;
}

static gboolean
show_event (gpointer           data,
            const TwEventRow  *row,
            GError           **error)
{
  Shown *self = data;

  g_string_append (self->text, "event:");
  show_text (self->text, "site", row->site);
  show_text (self->text, "evse", row->evse);
  show_instant (self->text, "at", row->at);
  if (row->until != 0)
    show_instant (self->text, "until", row->until);
  g_string_append_printf (self->text, " state=%d", (int) row->state);
  if (row->payment != TW_PAYMENT_SAME)
    g_string_append_printf (self->text, " payment=%d", (int) row->payment);
  show_text (self->text, "reason", row->reason);
  if (row->excluded)
    g_string_append (self->text, " excluded");
  g_string_append_c (self->text, '\n');
  return TRUE;
}

static const TwRowIntakeClass shown_class = {
  .session = show_session, .visit = show_visit, .port = show_port, .event = show_event, .refused = show_refused
};

TwRowIntake
shown_begin (Shown *self)
{
  *self = (Shown) { .text = g_string_new (NULL) };
  g_mutex_init (&self->lock);
  return (TwRowIntake) { &shown_class, self };
}

void
shown_end (Shown *self)
{
  g_string_free (self->text, TRUE);
  g_mutex_clear (&self->lock);
}

char *
shown_sessions (const char        *bytes,
                const TwFeedTerms *terms)
{
  static const TwFeedTerms none = { 0 };
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);
  g_autofree char *text = NULL;

  tw_feed_report_init (&report);
  if (tw_feed_sessions (path, terms ? terms : &none, &intake, 1, &report, &error))
    text = g_strdup (shown.text->str);
  else
    {
      g_auto (GStrv) parts = g_strsplit (error->message, path, -1);
      g_autofree char *message = g_strjoinv ("PATH", parts);

      text = g_strdup_printf ("error: %s", message);
    }
  shown_end (&shown);
  return g_steal_pointer (&text);
}
