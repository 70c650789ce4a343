/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reconcile-readers/given.h"

#include "app/base/error.h"

#include <glib/gstdio.h>
#include <string.h>

char *
given_file (const char *bytes,
            gssize      n)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("tapwatt-reader-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, &error));
  g_assert_true (g_file_set_contents (path, bytes, n, &error));
  g_assert_no_error (error);

  return path;
}

void
given_remove (char *path)
{
  g_assert_cmpint (g_remove (path), ==, 0);
  g_free (path);
}

void
assert_refused (const GError *error,
                const char   *parts)
{
  g_auto (GStrv) wanted = g_strsplit (parts, "|", -1);

  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_test_message ("%s", error->message);
  for (char **part = wanted; *part; part++)
    if (!strstr (error->message, *part))
      g_error ("\"%s\" is not in: %s", *part, error->message);
}

static const char *const kinds[TW_N_SETTLED_KINDS] = {
  "sale", "refund", "refund-reversed", "chargeback", "chargeback-reversed", "fee", "adjustment", "reserve", "payout",
  "bulk", "other", "advance", "carry-over", "fx",
};

static void
append_text (GString    *rows,
             const char *name,
             TwChars     text)
{
  if (text.n > 0)
    g_string_append_printf (rows, " %s=%.*s", name, (int) text.n, text.text);
}

static void
append_number (GString    *rows,
               const char *name,
               gint64      number)
{
  if (number != TW_NOT_STATED)
    g_string_append_printf (rows, " %s=%" G_GINT64_FORMAT, name, number);
}

static void
append_time (GString    *rows,
             const char *name,
             gint64      us)
{
  if (us != TW_NOT_STATED)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
      g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

      g_string_append_printf (rows, " %s=%s", name, text);
    }
}

static void
append_day (GString    *rows,
            const char *name,
            gint32      day)
{
  if (day != G_MININT32)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc ((gint64) day * 24 * 3600);
      g_autofree char *text = g_date_time_format (time, "%Y-%m-%d");

      g_string_append_printf (rows, " %s=%s", name, text);
    }
}

/* "2 sale EUR gross=1000 ...": only what is stated. */
static gboolean
on_line (gpointer          data,
         const TwSettled  *line,
         GError          **error)
{
  GString *rows = data;

  g_assert_cmpuint (line->origin.file, ==, 7);
  g_assert_cmpuint (line->source.n, >, 0);
  g_assert_cmpuint (line->key.n, >, 0);
  g_string_append_printf (rows, "%" G_GUINT64_FORMAT " %s %s", line->origin.line, kinds[line->kind], line->currency);
  append_number (rows, "gross", line->gross);
  append_number (rows, "fee", line->fee);
  append_number (rows, "net", line->net);
  if (strcmp (line->currency, line->net_currency) != 0)
    g_string_append_printf (rows, " in=%s", line->net_currency);
  append_text (rows, "ref", line->payment_ref);
  append_text (rows, "psp", line->psp_ref);
  append_text (rows, "change", line->change_ref);
  append_text (rows, "related", line->related_ref);
  append_text (rows, "settlement", line->settlement_ref);
  append_text (rows, "terminal", line->terminal);
  append_text (rows, "trace", line->trace);
  append_text (rows, "slip", line->slip);
  append_text (rows, "approval", line->approval);
  append_text (rows, "tail", line->tail);
  append_text (rows, "method", line->method);
  append_text (rows, line->submission_batch ? "sent-batch" : "batch", line->batch);
  append_text (rows, "bank", line->bank_trace);
  append_number (rows, "dispute-fee", line->dispute_fee);
  append_time (rows, "at", line->occurred_us);
  append_time (rows, "available", line->available_us);
  append_day (rows, "day", line->day);
  g_string_append_c (rows, '\n');

  return TRUE;
}

static gboolean
on_credit (gpointer         data,
           const TwCredit  *credit,
           GError         **error)
{
  GString *rows = data;

  g_assert_cmpuint (credit->origin.file, ==, 7);
  g_assert_cmpuint (credit->key.n, >, 0);
  g_string_append_printf (rows, "%" G_GUINT64_FORMAT " credit %s %" G_GINT64_FORMAT, credit->origin.line,
                          credit->currency, credit->amount);
  if (*credit->original_currency != '\0')
    g_string_append_printf (rows, " from %s %" G_GINT64_FORMAT " rate=%" G_GINT64_FORMAT "%s",
                            credit->original_currency, credit->original, credit->rate_e10,
                            credit->rate_of_credit ? " of the account" : "");
  if (credit->charges != 0)
    append_number (rows, "charges", credit->charges);
  append_text (rows, "account", credit->account);
  append_text (rows, "statement", credit->statement);
  append_text (rows, "end-to-end", credit->end_to_end);
  append_text (rows, "trace", credit->bank_trace);
  append_text (rows, "text", credit->remittance);
  append_text (rows, "joined", credit->joined);
  append_text (rows, "from", credit->counterparty);
  append_day (rows, "booked", credit->booked_day);
  append_day (rows, "value", credit->value_day);
  g_string_append_printf (rows, "%s%s\n", credit->reversal ? " reversal" : "",
                          credit->notification ? " notification" : "");

  return TRUE;
}

static gboolean
on_total (gpointer        data,
          const TwTotal  *total,
          GError        **error)
{
  GString *rows = data;

  g_string_append_printf (rows, "%" G_GUINT64_FORMAT " total %s %" G_GINT64_FORMAT, total->origin.line,
                          total->currency, total->total_minor);
  append_number (rows, "count", total->count);
  append_text (rows, "terminal", total->terminal);
  append_text (rows, "brand", total->brand);
  append_day (rows, "day", total->day);
  append_time (rows, "from", total->from_us);
  append_time (rows, "until", total->until_us);
  if (total->first_slip >= 0)
    g_string_append_printf (rows, " slips=%d-%d", total->first_slip, total->last_slip);
  g_string_append_c (rows, '\n');

  return TRUE;
}

/* A row that can be read again. */
typedef struct { TwOrigin origin; char *told; } Placed;

typedef struct { GString *rows; GArray *placed; } Both;

static gboolean
on_line_once (gpointer          data,
              const TwSettled  *line,
              GError          **error)
{
  Both *both = data;
  const gsize before = both->rows->len;

  on_line (both->rows, line, error);
  if (line->origin.at != 0)
    {
      Placed placed = { line->origin, g_strdup (both->rows->str + before) };

      g_array_append_val (both->placed, placed);
    }

  return TRUE;
}

static gboolean
on_credit_once (gpointer         data,
                const TwCredit  *credit,
                GError         **error)
{
  return on_credit (((Both *) data)->rows, credit, error);
}

static gboolean
on_total_once (gpointer        data,
               const TwTotal  *total,
               GError        **error)
{
  return on_total (((Both *) data)->rows, total, error);
}

/* Each says the same again, the last one first. */
static void
assert_again (const char      *path,
              const TwProfile *profile,
              const TwImport  *import,
              const GArray    *placed)
{
  static const TwIntakeClass class_ = { .line = on_line };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwAgain) again = NULL;

  if (placed->len == 0)
    return;
  again = tw_again_open (path, 7, profile, import, &error);
  g_assert_no_error (error);
  for (guint i = placed->len; i-- > 0;)
    {
      const Placed *one = &g_array_index (placed, Placed, i);
      g_autoptr (GString) told = g_string_new (NULL);

      g_assert_true (tw_again_row (again, &one->origin, &(TwIntake) { &class_, told }, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (told->str, ==, one->told);
    }
}

static void
placed_clear (gpointer placed)
{
  g_free (((Placed *) placed)->told);
}

char *
given_read (GivenReader       reader,
            const char       *path,
            const TwProfile  *profile,
            GError          **error)
{
  static const TwIntakeClass class_ = { .line = on_line_once, .credit = on_credit_once, .total = on_total_once };
  const TwProfile none = { 0 };
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  TwImport import = { .first_us = TW_NOT_STATED, .last_us = TW_NOT_STATED, .notices = notices };
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  const TwIntake intake = { &class_, &(Both) { rows, placed } };
  gboolean read = reader (path, 7, profile ? profile : &none, &intake, &import, error);

  if (read)
    {
      g_assert_nonnull (import.format);
      g_assert_cmpuint (strlen (import.digest), ==, 64);
      assert_again (path, profile ? profile : &none, &import, placed);
    }
  g_array_set_clear_func (placed, placed_clear);
  for (guint i = 0; i < notices->len; i++)
    g_string_append_printf (rows, "note %s\n", (const char *) notices->pdata[i]);
  g_free (import.format);

  return read ? g_string_free (g_steal_pointer (&rows), FALSE) : NULL;
}

void
assert_reads (GivenReader      reader,
              const TwProfile *profile,
              const char      *bytes,
              const char      *expected)
{
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (reader, path, profile, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, expected);
}

void
assert_refuses (GivenReader      reader,
                const TwProfile *profile,
                const char      *bytes,
                const char      *parts)
{
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (reader, path, profile, &error);

  g_assert_null (rows);
  assert_refused (error, parts);
  assert_refused (error, path);
}

char *
given_change (const char *text,
              const char *from,
              const char *to)
{
  const char *at = strstr (text, from);
  GString *changed = g_string_new_len (text, at ? at - text : 0);

  g_assert_nonnull (at);
  g_string_append (changed, to);
  g_string_append (changed, at + strlen (from));

  return g_string_free (changed, FALSE);
}
