/* SPDX-License-Identifier: Apache-2.0 */
/* The passes after the first: lines that are left over, and the sales that they may belong to, by the key of the pass.
 * A pair is kept if the line has exactly this one sale; a guess, if the sale has exactly this one line too.
 */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

/* A sale or a line under its key; of a sale with its session, to have one order. */
typedef struct { guint64 hash; gint64 tick; TwChars session; const TwRow *row; } Entry;

typedef struct
{
  TwHand *worker;
  TwPass    pass;
  TwReach   reach;
  const Entry *sales, *lines;       /* of one key */
  guint     n_sales, n_lines;
} Group;

/* What stands before a sale's shape in a room: where it lives. */
static TwSaleRef
ref_of (const TwRow *row)
{
  TwSaleRef ref = { .number = row->number };

  memcpy (&ref.home, TW_ROW_BODY (row), sizeof ref.home);
  return ref;
}

static void
read_sale (const TwRow *row, TwSale *sale)
{
  tw_shape_read (TW_SHAPE_SALE, TW_ROW_BODY (row) + sizeof (guint64), sale);
}

static gboolean
send_to_room (TwHand *worker, TwRoom room, guint64 hash, const TwRow *brief, const TwWhole *sale, GError **error)
{
  TwSpoolWriter *writer = tw_fan_writer_at (tw_hand_writer (&worker->room[room], worker->engine->room[room]), hash);
  gsize size = sizeof (TwRow) + sizeof brief->hash + sale->n;
  TwRow *row = tw_spool_writer_reserve (writer, size, error);

  if (row == NULL)
    return FALSE;
  memcpy (row + 1, &brief->hash, sizeof brief->hash);
  memcpy ((guint8 *) (row + 1) + sizeof brief->hash, sale->body, sale->n);
  *row = (TwRow) { (guint32) size, brief->number, hash };
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static gboolean
send_waited_for (TwHand *worker, const TwRow *brief, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwWhole whole;
  TwSale sale;

  tw_wholes_forget (&worker->wholes);
  if (!tw_whole_sale (&worker->wholes, brief, &whole, error))
    return FALSE;
  tw_shape_read (TW_SHAPE_SALE, whole.body, &sale);
  for (TwRoom room = TW_ROOM_PSP; room <= TW_ROOM_EVSE; room++)
    {
      guint64 hashes[TW_SALE_KEYS];
      guint n = (self->filter.rooms >> room) & 1 ? tw_room_sale_keys (room, &sale, hashes) : 0;

      for (guint i = 0; i < n; i++)
        if (tw_filter_has (&self->filter, hashes[i]) &&
            !send_to_room (worker, room, hashes[i], brief, &whole, error))
          return FALSE;
    }
  return TRUE;
}

/* The sales in short tell for which of them a line may wait; for whom a meter waits, they do not tell. */
static gboolean
may_be_waited_for (const TwReconciliation *self, const TwRow *brief)
{
  const guint32 *waits = tw_brief_waits (brief);
  guint n = TW_BRIEF_SALE (brief)->n_waits;

  if (self->filter.rooms & (1u << TW_ROOM_SESSION | 1u << TW_ROOM_EVSE))
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (tw_filter_has_bit (&self->filter, waits[i]))
      return TRUE;
  return FALSE;
}

gboolean
tw_stage_waited_for (TwHand *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwCursor cursor = { .spool = &self->brief_sales->spools[partition] };
  const TwRow *brief;
  gboolean ok;

  while ((ok = tw_cursor_next (&cursor, &brief, error)) && brief != NULL)
    if (may_be_waited_for (self, brief) && !tw_bits_get (&self->dropped_sales, brief->number) &&
        !(ok = send_waited_for (worker, brief, error)))
      break;
  tw_cursor_clear (&cursor);
  return ok;
}

static int
by_key (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  if (x->hash != y->hash)
    return x->hash < y->hash ? -1 : 1;
  if (x->tick != y->tick)
    return x->tick < y->tick ? -1 : 1;
  return tw_chars_compare (x->session, y->session);
}

static GArray *
sale_entries (TwHand *worker)
{
  TwReconciliation *self = worker->engine;
  TwPass pass = self->pass;
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const TwRow *row = TW_LOAD_FIRST (&worker->loads[0]); row < TW_LOAD_END (&worker->loads[0]);
       row = TW_ROW_NEXT (row))
    {
      Entry entry = { .hash = row->hash, .row = row };
      TwSale sale;

      if (pass >= TW_PASS_TERMINAL && tw_bits_get (&self->claimed_sales, row->number))
        continue;
      read_sale (row, &sale);
      entry.tick = tw_pass_sale_tick (pass, &sale);
      entry.session = sale.session;
      g_array_append_val (entries, entry);
    }
  if (entries->len > 1)
    qsort (entries->data, entries->len, sizeof (Entry), by_key);
  return entries;
}

static GArray *
line_entries (TwHand *worker)
{
  TwPass pass = worker->engine->pass;
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const TwRow *row = TW_LOAD_FIRST (&worker->loads[1]); row < TW_LOAD_END (&worker->loads[1]);
       row = TW_ROW_NEXT (row))
    {
      Entry entry = { .hash = row->hash, .row = row };
      TwLeftLine line;

      tw_left_read (row, &line);
      entry.tick = tw_pass_line_tick (pass, &line.left.line, worker->engine->zone);
      g_array_append_val (entries, entry);
    }
  if (entries->len > 1)
    qsort (entries->data, entries->len, sizeof (Entry), by_key);
  return entries;
}

/* The first entry of a tick not below this. */
static guint
first_from (const Entry *entries, guint n, gint64 tick)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (entries[middle].tick < tick)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

typedef struct { guint first, n; } Range;

static Range
sales_of_line (const Group *self, const Entry *line)
{
  guint first = first_from (self->sales, self->n_sales, line->tick - self->reach.before);
  guint end = first_from (self->sales, self->n_sales, line->tick + self->reach.after + 1);

  return (Range) { first, end - first };
}

/* The other way round. */
static guint
n_lines_of_sale (const Group *self, const Entry *sale)
{
  return first_from (self->lines, self->n_lines, sale->tick + self->reach.before + 1) -
         first_from (self->lines, self->n_lines, sale->tick - self->reach.after);
}

/* Several sales: on the very same day one only. Neither the nearest in time nor the one of equal amount is that. */
static guint
discriminate (const Group *self, const Entry *line, Range range)
{
  guint first = first_from (self->sales, self->n_sales, line->tick);
  guint end = first_from (self->sales, self->n_sales, line->tick + 1);

  return self->pass == TW_PASS_TERMINAL && range.n > 1 && end - first == 1 ? first : G_MAXUINT;
}

static gboolean
claim (const Group *self, guint which, const TwLeftLine *line, GError **error)
{
  TwHand *worker = self->worker;
  const TwRow *row = self->sales[which].row;

  if (line->left.line.kind == TW_SETTLED_SALE)
    tw_bits_set (&worker->engine->claimed_sales, row->number);
  return tw_late_send (worker, TW_LATE_CLAIM, ref_of (row), tw_pass_rule (self->pass), &line->left.line, error);
}

/* The strictest pass that met several sales tells them. */
static void
name_candidates (const Group *self, Range range, TwLeftLine *line)
{
  GString *text = self->worker->text;

  if (line->n_refs > 0)
    return;
  g_string_set_size (text, 0);
  for (guint i = range.first; i < range.first + MIN (range.n, TW_MAX_CANDIDATES); i++)
    {
      TwSale sale;

      read_sale (self->sales[i].row, &sale);
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_len (text, sale.session.text, sale.session.n);
      if (sale.captured_minor != TW_NOT_STATED)
        line->left.largest_minor = MAX (line->left.largest_minor, sale.captured_minor);
      line->refs[line->n_refs++] = ref_of (self->sales[i].row);
    }
  line->left.rule = tw_pass_rule (self->pass);
  line->left.candidates = (TwChars) { text->str, (guint32) text->len };
}

static gboolean
match_line (const Group *self, const Entry *entry, GError **error)
{
  Range range = sales_of_line (self, entry);
  TwLeftLine line;
  guint which = G_MAXUINT;
  TwSale sale;

  tw_left_read (entry->row, &line);
  if (range.n == 1 && (!tw_pass_is_guess (self->pass) || n_lines_of_sale (self, &self->sales[range.first]) == 1))
    which = range.first;
  else
    which = discriminate (self, entry, range);
  if (which != G_MAXUINT)
    {
      read_sale (self->sales[which].row, &sale);
      if (tw_pass_same_key (self->pass, &line.left.line, &sale))
        return claim (self, which, &line, error);
    }
  else if (range.n > 0)
    name_candidates (self, range, &line);
  return tw_left_send (self->worker, &line, self->pass + 1, entry->row->number, error);
}

static guint
same_key (const Entry *entries, guint n)
{
  guint end = 1;

  while (end < n && entries[end].hash == entries[0].hash)
    end++;
  return end;
}

/* Both sides are sorted by key; a key with lines and without sales is a group too. */
static gboolean
match (TwHand *worker, GError **error)
{
  g_autoptr (GArray) sales = sale_entries (worker);
  g_autoptr (GArray) lines = line_entries (worker);
  Group group = { .worker = worker, .pass = worker->engine->pass, .reach = tw_pass_reach (worker->engine->pass) };
  guint sale = 0;

  for (guint line = 0; line < lines->len; line += group.n_lines)
    {
      group.lines = &g_array_index (lines, Entry, line);
      group.n_lines = same_key (group.lines, lines->len - line);
      while (sale < sales->len && g_array_index (sales, Entry, sale).hash < group.lines->hash)
        sale++;
      group.sales = sale < sales->len ? &g_array_index (sales, Entry, sale) : NULL;
      group.n_sales = sale < sales->len && group.sales->hash == group.lines->hash
                        ? same_key (group.sales, sales->len - sale) : 0;
      for (guint i = 0; i < group.n_lines; i++)
        if (!match_line (&group, &group.lines[i], error))
          return FALSE;
    }
  return TRUE;
}

gboolean
tw_stage_pass (TwHand *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwSpool *spools[TW_N_LOADS] = { &self->room[tw_pass_room (self->pass)]->spools[partition],
                                  &self->left[self->pass]->spools[partition], NULL };

  return spools[1]->n_rows == 0 || tw_bucket_run (worker, spools, match, error);
}
