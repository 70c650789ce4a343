/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/terminals.h"

static guint
hash_chars (gconstpointer data)
{
  return (guint) tw_hash_text (TW_ROOM_TERMINAL, *(const TwChars *) data);
}

static gboolean
same_chars (gconstpointer a, gconstpointer b)
{
  return tw_chars_equal (*(const TwChars *) a, *(const TwChars *) b);
}

void
tw_terminals_init (TwTerminals *self)
{
  *self = (TwTerminals) {
    .rows = g_array_new (FALSE, FALSE, sizeof (TwTotal)),
    .texts = g_string_chunk_new (256),
    .by_terminal = g_hash_table_new (hash_chars, same_chars),
  };
}

void
tw_terminals_clear (TwTerminals *self)
{
  g_clear_pointer (&self->by_terminal, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

void
tw_terminals_add (TwTerminals *self, const TwTotal *total)
{
  TwTotal own = *total;

  own.terminal.text = g_string_chunk_insert_len (self->texts, own.terminal.n > 0 ? own.terminal.text : "",
                                                 own.terminal.n);
  own.brand.text = g_string_chunk_insert_len (self->texts, own.brand.n > 0 ? own.brand.text : "", own.brand.n);
  g_array_append_val (self->rows, own);
}

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

static int
compare_period (const TwTotal *x, const TwTotal *y)
{
  int order = tw_chars_compare (x->terminal, y->terminal);

  if (order == 0)
    order = tw_chars_compare (x->brand, y->brand);
  if (order == 0)
    order = memcmp (x->currency, y->currency, 4);
  if (order != 0)
    return order;
  COMPARE (x->day, y->day);
  COMPARE (x->from_us, y->from_us);
  COMPARE (x->until_us, y->until_us);
  COMPARE (x->first_slip, y->first_slip);
  COMPARE (x->last_slip, y->last_slip);
  COMPARE (x->total_minor, y->total_minor);
  return 0;
}

static int
by_period (gconstpointer a, gconstpointer b)
{
  const TwTotal *x = a, *y = b;
  int order = compare_period (x, y);

  if (order != 0)
    return order;
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

void
tw_terminals_close (TwTerminals *self)
{
  g_array_sort (self->rows, by_period);
  for (guint i = self->rows->len; i-- > 1;)
    if (compare_period (&g_array_index (self->rows, TwTotal, i), &g_array_index (self->rows, TwTotal, i - 1)) == 0)
      g_array_remove_index (self->rows, i);
  for (guint i = self->rows->len; i-- > 0;)
    g_hash_table_insert (self->by_terminal, &g_array_index (self->rows, TwTotal, i).terminal,
                         GUINT_TO_POINTER (i + 1));     /* the first row of the terminal stays */
}

static gint64
number_of (TwChars text)
{
  gint64 number = 0;

  for (guint32 i = 0; i < text.n; i++)
    if (!g_ascii_isdigit (text.text[i]) || i > 9)
      return -1;
    else
      number = number * 10 + (text.text[i] - '0');
  return text.n > 0 ? number : -1;
}

static gboolean
covers (const TwTotal *self, const TwSale *sale)
{
  gint64 slip = number_of (sale->slip);

  if (memcmp (self->currency, sale->currency, 4) != 0 ||
      (self->brand.n > 0 && (self->brand.n != sale->brand.n ||
                             g_ascii_strncasecmp (self->brand.text, sale->brand.text, self->brand.n) != 0)))
    return FALSE;
  if (self->from_us != TW_NOT_STATED && self->until_us != TW_NOT_STATED)
    return sale->captured_us >= self->from_us && sale->captured_us < self->until_us;
  /* Receipt numbers of a terminal come round again after 9999: the days beside are far enough. */
  if (self->first_slip >= 0 && self->last_slip >= 0 && slip >= 0 && sale->day != G_MININT32)
    return ABS ((gint64) sale->day - self->day) <= 1 &&
           (self->first_slip <= self->last_slip ? slip >= self->first_slip && slip <= self->last_slip
                                                : slip >= self->first_slip || slip <= self->last_slip);
  return sale->day == self->day;
}

void
tw_terminals_count (const TwTerminals *self, const TwSale *sale, gint64 captured, GArray *sums)
{
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_terminal, &sale->terminal));

  if (sums->len < self->rows->len)
    g_array_set_size (sums, self->rows->len);
  if (first == 0 || captured == 0)
    return;
  for (guint i = first - 1; i < self->rows->len; i++)
    {
      const TwTotal *total = &g_array_index (self->rows, TwTotal, i);

      if (!tw_chars_equal (total->terminal, sale->terminal))
        return;
      if (covers (total, sale))
        g_array_index (sums, gint64, i) += captured;
    }
}

/* What the next day makes good again was only a matter of the cut. */
static gboolean
neighbours_cancel (const TwTerminals *self, const gint64 *sums, guint i, guint j)
{
  const TwTotal *a = &g_array_index (self->rows, TwTotal, i), *b = &g_array_index (self->rows, TwTotal, j);

  return tw_chars_equal (a->terminal, b->terminal) && tw_chars_equal (a->brand, b->brand) &&
         memcmp (a->currency, b->currency, 4) == 0 && b->day - a->day <= 1 &&
         (sums[i] - a->total_minor) + (sums[j] - b->total_minor) == 0;
}

void
tw_terminals_judge (const TwTerminals *self, const gint64 *sums, TwVerdict *verdict)
{
  gboolean shifted = FALSE;            /* with the one before */

  for (guint i = 0; i < self->rows->len; i++)
    {
      const TwTotal *total = &g_array_index (self->rows, TwTotal, i);
      gint64 difference = sums[i] - total->total_minor;
      gboolean shifts = difference != 0 && !shifted && i + 1 < self->rows->len &&
                        neighbours_cancel (self, sums, i, i + 1);
      g_autofree char *day = g_strdup_printf ("%d", total->day);
      TwChars text = { g_string_chunk_insert (verdict->texts, day), (guint32) strlen (day) };
      TwChars members[] = { total->terminal, total->brand, { total->currency, 3 }, text };
      TwFinding *finding;

      if (difference != 0)
        {
          gboolean cut = shifts || shifted;

          finding = tw_verdict_add (verdict, cut ? TW_CLASS_CUTOFF_SHIFT : TW_CLASS_TERMINAL_TOTAL_MISMATCH,
                                    total->currency, cut ? 0 : difference, "terminal-total");
          finding->exception.expected = sums[i];
          finding->exception.found = total->total_minor;
          finding->exception.detail = total->terminal;
          finding->exception.other = total->origin;
          finding->exception.since_us = total->from_us != TW_NOT_STATED
                                          ? total->from_us : (gint64) total->day * 86400 * G_USEC_PER_SEC;
          tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
        }
      shifted = shifts;
    }
}
