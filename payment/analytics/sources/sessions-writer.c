/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/analytics/sources/session-reader.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/when.h"

#include <string.h>

enum { FLUSH_BYTES = 64 * 1024, MOST_NAME = 72 };

struct _TwSessionsWriter
{
  GOutputStream   *out;
  TwGate          *gate;
  GString         *text;
  gboolean         begun;
  TwSessionReader *reader;           /* of a file that has more columns; borrowed */
  GPtrArray       *others;           /* of char *: what those are called */
  char            *key;              /* of the tokens of customers who had none, for this export alone */
};

TwSessionsWriter *
tw_sessions_writer_new (GOutputStream *out,
                        TwGate        *gate)
{
  TwSessionsWriter *self = g_new0 (TwSessionsWriter, 1);

  self->out = out;
  self->gate = gate;
  self->text = g_string_new (NULL);
  self->others = g_ptr_array_new_with_free_func (g_free);
  self->key = tw_random_hex (32);
  return self;
}

void
tw_sessions_writer_free (TwSessionsWriter *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->others);
  tw_wipe (self->key, strlen (self->key));
  g_free (self->key);
  g_free (self);
}

static gboolean
flush (TwSessionsWriter  *self,
       GError           **error)
{
  gboolean well = g_output_stream_write_all (self->out, self->text->str, self->text->len, NULL, NULL, error);

  g_string_truncate (self->text, 0);
  return well;
}

static void
put_text (GString    *line,
          const char *text,
          gsize       n)
{
  gboolean quoted = FALSE;

  for (gsize i = 0; i < n && !quoted; i++)
    quoted = strchr (",\"\n\r;\t", text[i]) != NULL;
  if (!quoted)
    {
      g_string_append_len (line, text, (gssize) n);
      return;
    }
  g_string_append_c (line, '"');
  for (gsize i = 0; i < n; i++)
    {
      if (text[i] == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, text[i]);
    }
  g_string_append_c (line, '"');
}

static void
put_instant (GString *line,
             gint64   us)
{
  char text[TW_WHEN_SIZE];

  if (us != TW_UNKNOWN)
    g_string_append_len (line, text, (gssize) tw_when_write (us, text));
}

static void
put_number (GString *line,
            gint64   value)
{
  if (value != TW_UNKNOWN)
    g_string_append_printf (line, "%" G_GINT64_FORMAT, value);
}

static void
put_milli (GString *line,
           gint64   milli)
{
  guint64 size = milli < 0 ? -(guint64) milli : (guint64) milli;

  if (milli != TW_UNKNOWN)
    g_string_append_printf (line, "%s%" G_GUINT64_FORMAT ".%03u", milli < 0 ? "-" : "", size / 1000,
                            (guint) (size % 1000));
}

static void
put_amount (GString            *line,
            const TwSessionRow *row,
            gint64              minor)
{
  g_autofree char *text = NULL;

  if (minor == TW_UNKNOWN)
    return;
  text = tw_money_to_decimal (tw_money (minor, row->currency));
  g_string_append (line, text);
}

static void
put_quality (GString *line,
             guint32  flags)
{
  const char *between = "";

  for (guint i = 0; i < TW_N_FLAGS; i++)
    if (flags & 1u << i)
      {
        g_string_append_printf (line, "%s%s", between, tw_flag_name (i));
        between = ";";
      }
}

static void
put_money (GString            *line,
           TwSessionColumn     column,
           const TwSessionRow *row)
{
  const gint64 amounts[] = {
    [TW_AT_PRICE - TW_AT_PRICE] = row->price_minor, [TW_AT_TAX - TW_AT_PRICE] = row->tax_minor,
    [TW_AT_CAPTURED - TW_AT_PRICE] = row->captured_minor, [TW_AT_REFUNDED - TW_AT_PRICE] = row->refunded_minor,
    [TW_AT_FEE - TW_AT_PRICE] = row->fee_minor, [TW_AT_CHARGEBACK - TW_AT_PRICE] = row->chargeback_minor,
  };

  if (row->currency[0] != '\0')
    put_amount (line, row, column == TW_AT_HELD ? row->held_minor : amounts[column - TW_AT_PRICE]);
}

/* A word that says nothing is left out. */
static void
put_word (GString           *line,
          const char *const *words,
          guint              value)
{
  if (value > 0)
    g_string_append (line, words[value]);
}

/* What another file calls its customers must not be guessed from what is handed on: a token of it is keyed, and the key
 * forgotten with this export. */
static void
put_customer (const TwSessionsWriter *self,
              const TwSessionRow     *row)
{
  g_autofree char *keyed = NULL;

  if (row->customer == 0)
    return;
  if (self->reader != NULL && tw_session_reader_is_foreign (self->reader))
    keyed = g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guint8 *) self->key, strlen (self->key),
                                     (const guint8 *) &row->customer, sizeof row->customer);
  if (keyed != NULL)
    g_string_append_len (self->text, keyed, 16);
  else
    g_string_append_printf (self->text, "%016" G_GINT64_MODIFIER "x", row->customer);
}

static void
put_cell (const TwSessionsWriter *self,
          TwSessionColumn         column,
          const TwSessionRow     *row)
{
  GString *line = self->text;
  TwChars kept;

  switch (column)
    {
    case TW_AT_SESSION:      put_text (line, row->session.text, row->session.n); break;
    case TW_AT_SITE:         put_text (line, row->site.text, row->site.n); break;
    case TW_AT_EVSE:         put_text (line, row->evse.text, row->evse.n); break;
    case TW_AT_CONNECTOR:    put_text (line, row->connector.text, row->connector.n); break;
    case TW_AT_ZONE:         put_text (line, row->zone.text, row->zone.n); break;
    case TW_AT_TARIFF:       put_text (line, row->tariff.text, row->tariff.n); break;
    case TW_AT_PLUG_IN:      put_instant (line, row->plug_in); break;
    case TW_AT_PLUG_OUT:     put_instant (line, row->plug_out); break;
    case TW_AT_CHARGE_START: put_instant (line, row->charge_start); break;
    case TW_AT_CHARGE_END:   put_instant (line, row->charge_end); break;
    case TW_AT_HELD_FROM:    put_instant (line, row->held_from); break;
    case TW_AT_HELD_UNTIL:   put_instant (line, row->held_until); break;
    case TW_AT_TAP:          put_instant (line, row->tap_at); break;
    case TW_AT_ANSWERED:     put_instant (line, row->answered_at); break;
    case TW_AT_CHARGING_S:   put_number (line, row->charging_s); break;
    case TW_AT_OCCUPIED_S:   put_number (line, row->occupied_s); break;
    case TW_AT_ENERGY:       put_milli (line, row->energy_wh); break;
    case TW_AT_MAX_POWER:    put_milli (line, row->max_power_w); break;
    case TW_AT_RATED_POWER:  put_milli (line, row->rated_power_w); break;
    case TW_AT_MEANS:        put_word (line, TW_MEANS_NAMES, row->means); break;
    case TW_AT_ENDING:       put_word (line, TW_ENDING_NAMES, row->ending); break;
    case TW_AT_MONEY_STATE:  put_word (line, TW_MONEY_STATE_NAMES, row->money_state); break;
    case TW_AT_CUSTOMER:     put_customer (self, row); break;
    case TW_AT_EPOCH:        put_number (line, row->epoch != 0 ? row->epoch : TW_UNKNOWN); break;
    case TW_AT_CURRENCY:     g_string_append (line, row->currency); break;
    case TW_AT_PRICE:
    case TW_AT_TAX:
    case TW_AT_CAPTURED:
    case TW_AT_REFUNDED:
    case TW_AT_FEE:
    case TW_AT_CHARGEBACK:
    case TW_AT_HELD:         put_money (line, column, row); break;
    case TW_AT_KIND:         /* that it is AC a row does not keep */
    case TW_AT_METER_BEGIN:
    case TW_AT_METER_END:
    case TW_AT_TIME_BASIS:
      kept = self->reader ? tw_session_reader_cell (self->reader, column) : (TwChars) { "", 0 };
      put_text (line, kept.text, kept.n);
      if (column == TW_AT_KIND && kept.n == 0 && row->direct_current)
        g_string_append (line, "DC");
      break;
    case TW_AT_QUALITY:      put_quality (line, row->flags); break;
    case TW_N_SESSION_COLUMNS:
    default:                 g_assert_not_reached ();
    }
}

static void
put_header (TwSessionsWriter *self)
{
  self->begun = TRUE;
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    g_string_append_printf (self->text, "%s%s", i > 0 ? "," : "", TW_SESSION_COLUMNS[i].name);
  for (guint i = 0; i < self->others->len; i++)
    {
      g_string_append_c (self->text, ',');
      put_text (self->text, self->others->pdata[i], strlen (self->others->pdata[i]));
    }
  g_string_append_c (self->text, '\n');
}

static gboolean
write_session (gpointer             data,
               const TwSessionRow  *row,
               GError             **error)
{
  TwSessionsWriter *self = data;
  TwSessionRow judged = *row;

  if (!self->begun)
    put_header (self);
  tw_gate_session (self->gate, &judged);
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    {
      if (i > 0)
        g_string_append_c (self->text, ',');
      put_cell (self, i, &judged);
    }
  for (guint i = 0; i < self->others->len; i++)
    {
      TwChars cell = self->reader ? tw_session_reader_other (self->reader, i) : (TwChars) { "", 0 };

      g_string_append_c (self->text, ',');
      put_text (self->text, cell.text, cell.n);
    }
  g_string_append_c (self->text, '\n');
  return self->text->len < FLUSH_BYTES || flush (self, error);
}

static gboolean
write_refused (gpointer     data,
               guint64      line,
               const char  *what,
               GError     **error)
{
  TwSessionsWriter *self = data;

  tw_gate_refuse (self->gate, line, what);
  return TRUE;
}

TwRowIntake
tw_sessions_writer_intake (TwSessionsWriter *self)
{
  static const TwRowIntakeClass class_ = { .session = write_session, .refused = write_refused };

  return (TwRowIntake) { &class_, self };
}

/* A reader keeps 80 characters of a name, and what is written must be read back as it is. "note" is "x_note", and
 * "x_note" stays so; one that would come twice gets a line behind it. */
static void
name_others (TwSessionsWriter *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < tw_session_reader_n_others (self->reader); i++)
    {
      const char *name = tw_session_reader_other_name (self->reader, i);
      g_autofree char *fresh = g_strconcat ("x_", name, NULL);
      g_autofree char *written = g_str_has_prefix (name, "x_") ? g_strdup (name)
                                                              : tw_text_printable (fresh, MOST_NAME);
      g_autofree char *folded = g_utf8_casefold (written, -1);

      while (g_hash_table_contains (seen, folded))
        {
          g_autofree char *longer = g_strconcat (written, "_", NULL);

          g_free (folded);
          folded = g_utf8_casefold (longer, -1);
          g_free (written);
          written = g_steal_pointer (&longer);
        }
      g_hash_table_add (seen, g_steal_pointer (&folded));
      g_ptr_array_add (self->others, g_steal_pointer (&written));
    }
}

static gboolean
copy_rows (TwSessionsWriter  *self,
           TwFeedReport      *report,
           GError           **error)
{
  TwSessionRow row;

  for (;;)
    switch (tw_session_reader_next (self->reader, &row, error))
      {
      case TW_READ_END:
        return TRUE;
      case TW_READ_ERROR:
        return FALSE;
      case TW_READ_REFUSED:
        report->n_refused++;
        write_refused (self, tw_session_reader_line (self->reader), tw_session_reader_refusal (self->reader), NULL);
        break;
      case TW_READ_ROW:
        report->n_rows++;
        if (!write_session (self, &row, error))
          return FALSE;
        break;
      default:
        g_assert_not_reached ();
      }
}

gboolean
tw_sessions_writer_add_file (TwSessionsWriter   *self,
                             const char         *path,
                             const TwFeedTerms  *terms,
                             TwFeedReport       *report,
                             GError            **error)
{
  g_autoptr (TwSessionReader) reader = tw_session_reader_open (path, terms, G_MAXUINT64, error);
  gboolean well;

  if (reader == NULL)
    return FALSE;
  report->format = g_strdup ("sessions");
  self->reader = reader;
  /* The header is the first file's: of others only what is ours. */
  if (!self->begun)
    name_others (self);
  else if (tw_session_reader_n_others (reader) > 0 || self->others->len > 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: files with columns of their own are exported one by one",
                   path);
      return FALSE;
    }
  for (guint i = 0; i < self->others->len; i++)
    g_ptr_array_add (report->kept, g_strdup (self->others->pdata[i]));
  well = copy_rows (self, report, error);
  self->reader = NULL;
  return well;
}

gboolean
tw_sessions_writer_end (TwSessionsWriter  *self,
                        GError           **error)
{
  if (!self->begun)
    put_header (self);
  return flush (self, error) && g_output_stream_flush (self->out, NULL, error);
}
