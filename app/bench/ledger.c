/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/base/error.h"
#include "app/bench/coins.h"

typedef struct
{
  guint  seq;
  gint64 time_us;
  TwMove move;
  char  *op, *transaction_id, *code, *payment_id, *id, *currency, *status, *reason, *last4, *note;
  gint64 amount_minor;
  guint  http;
} Line;

/* One payment's sums, made from the lines whenever somebody asks. */
typedef struct
{
  const char *code, *payment_id, *currency;
  gint64      authorized, captured, reversed, refunded, expired;
  guint       captures, reversals;
} Sums;

struct _TwLedger
{
  GPtrArray    *lines;
  FILE         *file;
  TwHappenings *happenings;
};

static const char *const MOVES[] = {
  "none", "hold", "capture", "release", "uncapture", "refund", "unrefund", "expire",
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->op);
  g_free (line->transaction_id);
  g_free (line->code);
  g_free (line->payment_id);
  g_free (line->id);
  g_free (line->currency);
  g_free (line->status);
  g_free (line->reason);
  g_free (line->last4);
  g_free (line->note);
  g_free (line);
}

TwLedger *
tw_ledger_new (const char  *path,
               GError     **error)
{
  TwLedger *self = g_new0 (TwLedger, 1);

  self->lines = g_ptr_array_new_with_free_func (line_free);
  if (path == NULL)
    return self;

  self->file = fopen (path, "we");
  if (self->file == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "ledger %s cannot be written: %s", path, g_strerror (errno));
      tw_ledger_free (self);
      return NULL;
    }

  return self;
}

void
tw_ledger_free (TwLedger *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    fclose (self->file);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static void
write_money (TwJsonOut  *out,
             const char *key,
             gint64      minor,
             const char *currency)
{
  g_autofree char *text = tw_coin_text (minor, currency);

  tw_json_out_string (out, key, text);
}

static void
write_line (TwJsonOut  *out,
            const char *key,
            const Line *line)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (line->time_us / G_USEC_PER_SEC);
  g_autofree char *second = g_date_time_format (when, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *time = g_strdup_printf ("%s.%03dZ", second, (int) (line->time_us / 1000 % 1000));

  tw_json_out_begin_object (out, key);
  tw_json_out_int64 (out, "seq", line->seq);
  tw_json_out_string (out, "time", time);
  tw_json_out_string (out, "op", line->op);
  tw_json_out_string (out, "move", MOVES[line->move]);
  tw_json_out_string (out, "transactionId", line->transaction_id);
  tw_json_out_string (out, "code", line->code);
  tw_json_out_string (out, "paymentId", line->payment_id);
  tw_json_out_string (out, "id", line->id);
  if (line->amount_minor >= 0 && line->currency != NULL)
    write_money (out, "amount", line->amount_minor, line->currency);
  else
    tw_json_out_string (out, "amount", NULL);
  tw_json_out_string (out, "currency", line->currency);
  tw_json_out_string (out, "status", line->status);
  tw_json_out_string (out, "reason", line->reason);
  tw_json_out_int64 (out, "http", line->http);
  tw_json_out_string (out, "card", line->last4);
  tw_json_out_string (out, "note", line->note);
  tw_json_out_end (out);
}

static void
append_to_file (TwLedger   *self,
                const Line *line)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) text = NULL;

  write_line (out, NULL, line);
  text = tw_json_out_finish (out);
  fwrite (g_bytes_get_data (text, NULL), 1, g_bytes_get_size (text), self->file);
  fputc ('\n', self->file);
  /* A witness that is behind is none: a test may read the file right after the answer. */
  if (fflush (self->file) != 0)
    g_error ("ledger: cannot be written: %s", g_strerror (errno));
}

void
tw_ledger_tell (TwLedger     *self,
                TwHappenings *happenings)
{
  self->happenings = happenings;
}

/* "capture 12.30 EUR: PENDING ****1111", "authorize: DECLINED INSUFFICIENT_FUND". */
static void
tell (TwLedger   *self,
      const Line *line)
{
  g_autoptr (GString) text = g_string_new (line->op);
  g_autofree char *amount = NULL;
  TwJsonOut *out;

  if (line->amount_minor >= 0 && line->currency != NULL)
    {
      amount = tw_coin_text (line->amount_minor, line->currency);
      g_string_append_printf (text, " %s %s", amount, line->currency);
    }
  g_string_append_printf (text, ": %s", line->status);
  if (line->reason != NULL)
    g_string_append_printf (text, " %s", line->reason);
  if (line->note != NULL)
    g_string_append_printf (text, " (%s)", line->note);
  if (line->last4 != NULL)
    g_string_append_printf (text, " ****%s", line->last4);

  out = tw_happenings_begin (self->happenings, "ledger", text->str);
  if (out == NULL)
    return;
  tw_json_out_string (out, "session", line->code);
  write_line (out, "line", line);
  tw_happenings_end (self->happenings, out, FALSE);
}

void
tw_ledger_add (TwLedger           *self,
               const TwLedgerLine *line)
{
  Line *copy = g_new0 (Line, 1);

  copy->seq = self->lines->len + 1;
  copy->time_us = g_get_real_time ();
  copy->move = line->move;
  copy->op = g_strdup (line->op);
  copy->transaction_id = g_strdup (line->transaction_id);
  copy->code = g_strdup (line->code);
  copy->payment_id = g_strdup (line->payment_id);
  copy->id = g_strdup (line->id);
  copy->amount_minor = line->amount_minor;
  copy->currency = g_strdup (line->currency);
  copy->status = g_strdup (line->status);
  copy->reason = g_strdup (line->reason);
  copy->http = line->http;
  copy->last4 = g_strdup (line->last4);
  copy->note = g_strdup (line->note);
  g_ptr_array_add (self->lines, copy);

  if (self->file != NULL)
    append_to_file (self, copy);
  tell (self, copy);
}

guint
tw_ledger_n_lines (TwLedger *self)
{
  return self->lines->len;
}

void
tw_ledger_write_lines (TwLedger   *self,
                       const char *code,
                       TwJsonOut  *out)
{
  tw_json_out_begin_array (out, "lines");
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];

      if (code == NULL || g_strcmp0 (code, line->code) == 0)
        write_line (out, NULL, line);
    }
  tw_json_out_end (out);
}

static void
add_up (Sums       *sums,
        const Line *line)
{
  switch (line->move)
    {
    case TW_MOVE_NONE:
      break;
    case TW_MOVE_HOLD:
      sums->authorized += line->amount_minor;
      break;
    case TW_MOVE_CAPTURE:
      sums->captured += line->amount_minor;
      sums->captures++;
      break;
    case TW_MOVE_RELEASE:
      sums->reversed += line->amount_minor;
      sums->reversals += strcmp (line->op, "release") != 0;
      break;
    case TW_MOVE_UNCAPTURE:
      sums->captured -= line->amount_minor;
      break;
    case TW_MOVE_REFUND:
      sums->refunded += line->amount_minor;
      break;
    case TW_MOVE_UNREFUND:
      sums->refunded -= line->amount_minor;
      break;
    case TW_MOVE_EXPIRE:
      sums->expired += line->amount_minor;
      break;
    }
}

static void
write_sums (TwJsonOut  *out,
            const Sums *sums)
{
  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "code", sums->code);
  tw_json_out_string (out, "paymentId", sums->payment_id);
  tw_json_out_string (out, "currency", sums->currency);
  write_money (out, "authorized", sums->authorized, sums->currency);
  write_money (out, "captured", sums->captured, sums->currency);
  write_money (out, "reversed", sums->reversed, sums->currency);
  write_money (out, "refunded", sums->refunded, sums->currency);
  write_money (out, "expired", sums->expired, sums->currency);
  write_money (out, "open", sums->authorized - sums->captured - sums->reversed - sums->expired, sums->currency);
  tw_json_out_int64 (out, "captures", sums->captures);
  tw_json_out_int64 (out, "reversals", sums->reversals);
  tw_json_out_end (out);
}

void
tw_ledger_write_payments (TwLedger   *self,
                          const char *code,
                          TwJsonOut  *out)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) by_payment = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];
      Sums *sums;

      if (line->move == TW_MOVE_NONE)
        continue;

      sums = g_hash_table_lookup (by_payment, line->payment_id);
      if (sums == NULL)
        {
          sums = g_new0 (Sums, 1);
          sums->payment_id = line->payment_id;
          sums->code = line->code;
          sums->currency = line->currency;
          g_ptr_array_add (order, sums);
          g_hash_table_insert (by_payment, line->payment_id, sums);
        }
      add_up (sums, line);
    }

  tw_json_out_begin_array (out, "payments");
  for (guint i = 0; i < order->len; i++)
    {
      const Sums *sums = order->pdata[i];

      if (code == NULL || g_strcmp0 (code, sums->code) == 0)
        write_sums (out, sums);
    }
  tw_json_out_end (out);
}
