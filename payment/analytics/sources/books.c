/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"

#include "app/base/error.h"
#include "payment/analytics/sources/values.h"
#include "payment/reconcile/books/books.h"

#include <string.h>

enum { TARIFF_DIGITS = 12 };

/* What a line of the payment service says of a sale: ref is a hash of our reference, or of the service's. */
typedef struct { guint64 ref, bank; gint64 fee, chargeback; char currency[4]; gboolean is_sale; } Line;

typedef struct
{
  GArray            *lines;             /* of Line, sorted by ref */
  GHashTable        *credits;           /* hashes of what the bank calls its credits */
  TwText             zone;
  guint32            flags;
  const TwRowIntake *intake;
  TwFeedReport      *report;
  guint64            n_test;
} Books;

static gboolean
note_line (gpointer          data,
           const TwSettled  *line,
           GError          **error)
{
  Books *self = data;
  const gboolean ours = line->payment_ref.n > 0;
  Line kept = { .fee = TW_UNKNOWN, .is_sale = line->kind == TW_SETTLED_SALE };

  if (line->payment_ref.n == 0 && line->psp_ref.n == 0)
    return TRUE;
  kept.ref = tw_value_hash (ours ? line->payment_ref : line->psp_ref);
  kept.bank = line->bank_trace.n > 0 ? tw_value_hash (line->bank_trace) : 0;
  memcpy (kept.currency, line->currency, sizeof kept.currency);
  if (line->fee != TW_NOT_STATED && strcmp (line->currency, line->net_currency) == 0)
    kept.fee = line->fee;
  if (line->gross != TW_NOT_STATED && (line->kind == TW_SETTLED_CHARGEBACK
                                       || line->kind == TW_SETTLED_CHARGEBACK_REVERSED))
    kept.chargeback = -line->gross;
  g_array_append_val (self->lines, kept);
  return TRUE;
}

static void
note_name (Books   *self,
           TwChars  name)
{
  if (name.n > 0)
    g_hash_table_add (self->credits, g_memdup2 ((const guint64[]) { tw_value_hash (name) }, sizeof (guint64)));
}

static gboolean
note_credit (gpointer         data,
             const TwCredit  *credit,
             GError         **error)
{
  note_name (data, credit->bank_trace);
  note_name (data, credit->end_to_end);
  return TRUE;
}

static int
by_ref (gconstpointer a,
        gconstpointer b)
{
  const Line *one = a, *other = b;

  return one->ref < other->ref ? -1 : one->ref > other->ref;
}

/* The first line of that reference, or where it would be. */
static guint
find (const Books *self,
      guint64      ref)
{
  guint low = 0, high = self->lines->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->lines, Line, middle).ref < ref)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Fees and chargebacks, and how far the money has come. A line in another currency tells only that it was settled. */
static void
tell_lines (const Books  *self,
            TwChars       reference,
            TwSessionRow *row)
{
  const guint64 ref = reference.n > 0 ? tw_value_hash (reference) : 0;

  for (guint i = ref ? find (self, ref) : G_MAXUINT; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      const gboolean same = strcmp (line->currency, row->currency) == 0;

      if (line->ref != ref)
        break;
      if (line->is_sale)
        row->money_state = MAX (row->money_state, TW_STATE_SETTLED);
      if (line->is_sale && line->bank != 0 && g_hash_table_contains (self->credits, &line->bank))
        row->money_state = TW_STATE_BANKED;
      if (same && line->fee != TW_UNKNOWN)
        row->fee_minor = (row->fee_minor == TW_UNKNOWN ? 0 : row->fee_minor) + line->fee;
      if (same && line->chargeback != 0)
        row->chargeback_minor = (row->chargeback_minor == TW_UNKNOWN ? 0 : row->chargeback_minor) + line->chargeback;
    }
}

static gint64
stated (gint64 value)
{
  return value == TW_NOT_STATED ? TW_UNKNOWN : value;
}

static void
tell_money (const TwSale *sale,
            TwSessionRow *row)
{
  const gboolean none = sale->state == TW_SALE_RELEASED || sale->state == TW_SALE_REFUSED
                        || sale->state == TW_SALE_NO_HOLD;

  memcpy (row->currency, sale->currency, sizeof row->currency);
  row->price_minor = stated (sale->price_minor);
  row->refunded_minor = sale->refunded_minor;
  row->captured_minor = none ? 0 : TW_UNKNOWN;
  if (sale->state == TW_SALE_CAPTURED)
    {
      row->captured_minor = stated (sale->captured_minor);
      if (row->captured_minor != TW_UNKNOWN && sale->second_capture_minor != TW_NOT_STATED)
        row->captured_minor += sale->second_capture_minor;
    }
  row->held_minor = sale->held_minor > 0 ? sale->held_minor : TW_UNKNOWN;
  row->money_state = sale->state == TW_SALE_CAPTURED     ? TW_STATE_CAPTURED
                     : row->price_minor != TW_UNKNOWN    ? TW_STATE_PRICED
                                                         : TW_STATE_UNKNOWN_MONEY;
}

static gboolean
hand_sale (gpointer       data,
           const TwSale  *sale,
           GError       **error)
{
  Books *self = data;
  TwSessionRow row = {
    .line = sale->origin.line, .session = tw_text_of (sale->session), .site = tw_text_of (sale->station),
    .evse = tw_text_of (sale->evse), .zone = self->zone, .flags = self->flags,
    .tariff = { sale->tariff_priced.text, MIN (sale->tariff_priced.n, TARIFF_DIGITS) },
    .plug_in = stated (sale->started_us),
    .plug_out = sale->state == TW_SALE_OPEN ? TW_UNKNOWN : stated (sale->ended_us),
    .charge_start = TW_UNKNOWN, .charge_end = TW_UNKNOWN, .occupied_s = TW_UNKNOWN, .charging_s = TW_UNKNOWN,
    .energy_wh = stated (sale->energy_wh), .max_power_w = TW_UNKNOWN, .rated_power_w = TW_UNKNOWN,
    .tax_minor = TW_UNKNOWN, .fee_minor = TW_UNKNOWN, .chargeback_minor = TW_UNKNOWN, .held_from = TW_UNKNOWN,
    .held_until = TW_UNKNOWN, .tap_at = TW_UNKNOWN, .answered_at = TW_UNKNOWN,
  };

  tell_money (sale, &row);
  tell_lines (self, sale->payment_ref, &row);
  tell_lines (self, sale->psp_ref, &row);
  self->n_test += sale->test_mode;
  self->report->n_rows++;
  if (row.plug_in != TW_UNKNOWN)
    {
      self->report->first_us = self->report->first_us == TW_UNKNOWN ? row.plug_in
                                                                    : MIN (self->report->first_us, row.plug_in);
      self->report->last_us = MAX (self->report->last_us, row.plug_in);
    }
  return self->intake->class_->session (self->intake->self, &row, error);
}

/* Rows of which nothing is wanted. */
static gboolean
pass_over_sale (gpointer self, const TwSale *sale, GError **error)
{
  return TRUE;
}

static gboolean
pass_over_line (gpointer self, const TwSettled *line, GError **error)
{
  return TRUE;
}

static gboolean
pass_over_credit (gpointer self, const TwCredit *credit, GError **error)
{
  return TRUE;
}

static gboolean
pass_over_energy (gpointer self, const TwEnergy *energy, GError **error)
{
  return TRUE;
}

static gboolean
pass_over_total (gpointer self, const TwTotal *total, GError **error)
{
  return TRUE;
}

/* Twice through: a sale comes before or after what is said of it. */
static gboolean
read_books (Books    *self,
            TwBooks  *books,
            GError  **error)
{
  static const TwIntakeClass notes = { pass_over_sale, note_line, note_credit, pass_over_energy, pass_over_total };
  static const TwIntakeClass sales = { hand_sale, pass_over_line, pass_over_credit, pass_over_energy,
                                       pass_over_total };
  const TwIntake first = { &notes, self }, second = { &sales, self };

  if (!tw_books_replay (books, &first, NULL, error))
    return FALSE;
  g_array_sort (self->lines, by_ref);
  return tw_books_replay (books, &second, NULL, error);
}

gboolean
tw_feed_books (const char         *url,
               const TwFeedTerms  *terms,
               const TwRowIntake  *intake,
               TwFeedReport       *report,
               GError            **error)
{
  g_autoptr (TwBooks) books = tw_books_open (url, TW_BOOKS_EXISTING, error);
  g_autoptr (GHashTable) credits = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  const char *zone = terms->time_zone ? terms->time_zone : "UTC";
  Books self = { .lines = lines, .credits = credits, .zone = { zone, (guint32) strlen (zone) }, .intake = intake,
                 .flags = terms->time_zone ? 0 : 1u << TW_FLAG_ZONE_ASSUMED, .report = report };

  g_return_val_if_fail (intake->class_->session != NULL, FALSE);
  if (books == NULL || !read_books (&self, books, error))
    return FALSE;
  report->format = g_strdup ("books");
  if (self.n_test > 0)
    g_ptr_array_add (report->notices, g_strdup_printf ("the books have %" G_GUINT64_FORMAT " sales in test mode: no "
                                                       "real money", self.n_test));
  return TRUE;
}
