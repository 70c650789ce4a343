/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/passes.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/shape.h"
#include "payment/reconcile/terms.h"

void
tw_bits_init (TwBits *self, guint64 n)
{
  self->n_words = n / 64 + 1;
  self->words = g_new0 (guint64, self->n_words);
}

void
tw_bits_clear (TwBits *self)
{
  g_clear_pointer (&self->words, g_free);
}

void
tw_bits_set (TwBits *self, guint64 i)
{
  __atomic_fetch_or (&self->words[i / 64], G_GUINT64_CONSTANT (1) << (i % 64), __ATOMIC_RELAXED);
}

gboolean
tw_bits_get (const TwBits *self, guint64 i)
{
  return (__atomic_load_n (&self->words[i / 64], __ATOMIC_RELAXED) >> (i % 64)) & 1;
}

static gsize
count_rows (const TwLoad *load)
{
  gsize n = 0;

  for (const TwRow *row = TW_LOAD_FIRST (load); row < TW_LOAD_END (load); row = TW_ROW_NEXT (row))
    n++;
  return n;
}

static void
make_room (TwHome *self, gsize n_sales, gsize n_lines)
{
  gsize size = 64;

  if (self->room_sales < n_sales)
    {
      g_free (self->sales);
      self->room_sales = n_sales + n_sales / 8;
      self->sales = g_new (TwHomeSale, self->room_sales);
    }
  if (self->room_lines < n_lines)
    {
      g_free (self->lines);
      self->room_lines = n_lines + n_lines / 8;
      self->lines = g_new (TwHomeLine, self->room_lines);
    }
  while (size < 2 * n_sales)
    size *= 2;
  if (self->table_size != size)
    {
      g_free (self->table);
      self->table = g_new (guint32, size);
      self->table_size = size;
    }
  memset (self->table, 0xff, size * sizeof *self->table);
  self->n_sales = self->n_lines = 0;
}

/* Where the first sale of this reference is, or would be. Without one: of this hash, which is its session's. */
static guint32 *
find (const TwHome *self, guint64 hash, TwChars payment_ref)
{
  gsize mask = self->table_size - 1;

  for (gsize at = hash & mask;; at = (at + 1) & mask)
    {
      const TwRow *row;

      if (self->table[at] == TW_HOME_NONE)
        return &self->table[at];
      row = self->sales[self->table[at]].row;
      if (row->hash == hash && tw_chars_equal (tw_brief_payment (row), payment_ref))
        return &self->table[at];
    }
}

/* An export from the middle of a session knows less than one from after it. The rest is only to have an order. */
static gint64
certainty (const TwSale *sale)
{
  static const guint8 ranks[] = {
    [TW_SALE_OPEN] = 0, [TW_SALE_HELD] = 1, [TW_SALE_UNKNOWN] = 2, [TW_SALE_NO_HOLD] = 3, [TW_SALE_REFUSED] = 4,
    [TW_SALE_RELEASED] = 5, [TW_SALE_CAPTURED] = 6,
  };

  return (guint) sale->state < G_N_ELEMENTS (ranks) ? ranks[sale->state] : 0;
}

/* Nothing of the bill can change any more. */
static gboolean
is_decided (const TwSale *sale)
{
  if (sale->state == TW_SALE_OPEN)
    return FALSE;
  return sale->billed || (sale->state != TW_SALE_HELD && sale->state != TW_SALE_UNKNOWN);
}

static gboolean
refuse_versions (const TwReconciliation *self, const char *what, const TwSale *sale, gint64 number, const TwSale *other,
                 gint64 other_number, gboolean is_energy, GError **error)
{
  g_autofree char *place = tw_reconciliation_place (self, sale->origin);
  g_autofree char *other_place = tw_reconciliation_place (self, other->origin);
  g_autofree char *told = is_energy ? g_strdup_printf ("%" G_GINT64_FORMAT " Wh", number)
                                    : tw_amount_text (number, sale->currency);
  g_autofree char *other_told = is_energy ? g_strdup_printf ("%" G_GINT64_FORMAT " Wh", other_number)
                                          : tw_amount_text (other_number, other->currency);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, and %s: session %.*s of station %.*s is over in both, and they"
               " contradict each other: %s %s, and %s. Leave out the one that is wrong", place, other_place,
               (int) sale->session.n, sale->session.text, (int) sale->station.n,
               sale->station.n > 0 ? sale->station.text : "", what, told, other_told);
  return FALSE;
}

/* Versions that know equally much tell the same money and energy, or no order of files can say which is true. What may
 * come later (refunds, a second capture, an advice) is none of it. */
static gboolean
check_versions (const TwReconciliation *self, const TwSale *sale, const TwSale *other, GError **error)
{
  static const struct { const char *name; gsize at; gboolean is_energy; } MUST_AGREE[] = {
    { "captured", G_STRUCT_OFFSET (TwSale, captured_minor), FALSE },
    { "price", G_STRUCT_OFFSET (TwSale, price_minor), FALSE },
    { "energy", G_STRUCT_OFFSET (TwSale, energy_wh), TRUE },
  };

  if (sale->state != other->state || sale->billed != other->billed || !is_decided (sale))
    return TRUE;
  if (memcmp (sale->currency, other->currency, sizeof sale->currency) != 0)
    return refuse_versions (self, "price", sale, sale->price_minor, other, other->price_minor, FALSE, error);
  for (guint i = 0; i < G_N_ELEMENTS (MUST_AGREE); i++)
    {
      gint64 number = G_STRUCT_MEMBER (gint64, sale, MUST_AGREE[i].at);
      gint64 other_number = G_STRUCT_MEMBER (gint64, other, MUST_AGREE[i].at);

      if (number != other_number)
        return refuse_versions (self, MUST_AGREE[i].name, sale, number, other, other_number, MUST_AGREE[i].is_energy,
                                error);
    }
  return TRUE;
}

/* Of what they tell, wherever they stand. */
static int
compare_content (const TwSale *a, const TwSale *b)
{
  TwSale x = *a, y = *b;
  g_autofree guint8 *x_body = g_malloc (tw_shape_bound (TW_SHAPE_SALE, a));
  g_autofree guint8 *y_body = g_malloc (tw_shape_bound (TW_SHAPE_SALE, b));
  gsize x_n, y_n;
  int order;

  x.origin = y.origin = (TwOrigin) { 0 };
  x_n = (gsize) (tw_shape_write (TW_SHAPE_SALE, &x, x_body) - x_body);
  y_n = (gsize) (tw_shape_write (TW_SHAPE_SALE, &y, y_body) - y_body);
  order = memcmp (x_body, y_body, MIN (x_n, y_n));
  return order != 0 ? order : (x_n > y_n) - (x_n < y_n);
}

static gboolean
is_better (const TwSale *sale, const TwSale *other)
{
  int order;


  if (certainty (sale) != certainty (other))
    return certainty (sale) > certainty (other);
  if (sale->billed != other->billed)
    return sale->billed > other->billed;
  if (sale->refunded_minor != other->refunded_minor)
    return sale->refunded_minor > other->refunded_minor;
  if (sale->ended_us != other->ended_us)
    return sale->ended_us > other->ended_us;
  order = compare_content (sale, other);
  if (order != 0)
    return order > 0;
  if (sale->origin.file != other->origin.file)
    return sale->origin.file < other->origin.file;
  return sale->origin.line < other->origin.line;
}

/* The same session of the same station once more: taken, and the worse of the two is dropped. */
static gboolean
take_version (TwHome *self, guint32 first, const TwRow *row, TwWholes *wholes, TwBits *dropped, gboolean *taken,
              GError **error)
{
  TwWhole whole, other_whole;
  TwSale sale, other;

  tw_wholes_forget (wholes);
  if (!tw_whole_sale (wholes, row, &whole, error))
    return FALSE;
  tw_shape_read (TW_SHAPE_SALE, whole.body, &sale);
  for (guint32 at = first; at != TW_HOME_NONE && !*taken; at = self->sales[at].next_alike)
    {
      TwHomeSale *there = &self->sales[at];

      if (!tw_whole_sale (wholes, there->row, &other_whole, error))
        return FALSE;
      tw_shape_read (TW_SHAPE_SALE, other_whole.body, &other);
      if (!tw_chars_equal (sale.session, other.session) || !tw_chars_equal (sale.station, other.station))
        continue;
      *taken = TRUE;
      if (!check_versions (wholes->engine, &sale, &other, error))
        return FALSE;
      if (is_better (&sale, &other))
        {
          tw_bits_set (dropped, there->row->number);
          there->row = row;
        }
      else
        tw_bits_set (dropped, row->number);
    }
  return TRUE;
}

static gboolean
add_sale (TwHome *self, const TwRow *row, TwWholes *wholes, TwBits *dropped, GError **error)
{
  guint32 *slot = find (self, row->hash, tw_brief_payment (row)), first = *slot, at;
  gboolean taken = FALSE;

  if (first != TW_HOME_NONE && !take_version (self, first, row, wholes, dropped, &taken, error))
    return FALSE;
  if (taken)
    return TRUE;
  at = (guint32) self->n_sales++;
  self->sales[at] = (TwHomeSale) { row, TW_HOME_NONE, 1, TW_HOME_NONE };
  if (first == TW_HOME_NONE)
    {
      *slot = at;
      return TRUE;
    }
  self->sales[at].next_alike = self->sales[first].next_alike;
  self->sales[first].next_alike = at;
  self->sales[first].n_alike++;
  return TRUE;
}

static void
add_line (TwHome *self, const TwRow *row)
{
  TwHomeLine *line = &self->lines[self->n_lines++];
  TwChars payment_ref = tw_brief_line_payment (row);
  TwHomeSale *sale;

  *line = (TwHomeLine) { row, TW_HOME_NONE, TW_HOME_NONE };
  if (payment_ref.n == 0 || !tw_kind_is_matched ((TwSettledKind) TW_BRIEF_LINE (row)->kind))
    return;
  line->sale = *find (self, row->hash, payment_ref);
  if (line->sale == TW_HOME_NONE)
    return;
  sale = &self->sales[line->sale];
  if (sale->n_alike != 1)
    return;
  line->next_claim = sale->first_claim;
  sale->first_claim = (guint32) (line - self->lines);
}

gboolean
tw_home_join (TwHome *self, const TwLoad *sales, const TwLoad *lines, TwWholes *wholes, TwBits *dropped_sales,
              const TwBits *dropped_lines, GError **error)
{
  make_room (self, count_rows (sales), count_rows (lines));
  for (const TwRow *row = TW_LOAD_FIRST (sales); row < TW_LOAD_END (sales); row = TW_ROW_NEXT (row))
    if (!tw_bits_get (dropped_sales, row->number) && !add_sale (self, row, wholes, dropped_sales, error))
      return FALSE;
  for (const TwRow *row = TW_LOAD_FIRST (lines); row < TW_LOAD_END (lines); row = TW_ROW_NEXT (row))
    if (!tw_bits_get (dropped_lines, row->number))
      add_line (self, row);
  return TRUE;
}

void
tw_home_clear (TwHome *self)
{
  g_free (self->sales);
  g_free (self->lines);
  g_free (self->table);
  *self = (TwHome) { 0 };
}
