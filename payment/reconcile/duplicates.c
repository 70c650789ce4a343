/* SPDX-License-Identifier: Apache-2.0 */
/* The same line in two files is one line; two equal lines of one file are two (facts: settlement-files.md section 1).
 * So of each natural key there are as many lines as the file has that has most of them. Lines of one key that tell
 * other money are no copies: which of them is true, no order of files can tell, and the run is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/terms.h"

typedef struct { guint64 hash; guint32 number; TwNatural natural; } Entry;

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

/* Of one file by what they tell, so that copies stand in the same order in each. */
static int
by_content (const TwNatural *x, const TwNatural *y)
{
  COMPARE (x->gross, y->gross);
  COMPARE (x->kind, y->kind);
  COMPARE (x->fee, y->fee);
  COMPARE (x->net, y->net);
  COMPARE (x->batch, y->batch);
  COMPARE (x->payment, y->payment);
  return memcmp (x->currency, y->currency, sizeof x->currency);
}

static int
by_key_and_file (const void *a, const void *b)
{
  const Entry *x = a, *y = b;
  int order;

  COMPARE (x->hash, y->hash);
  COMPARE (x->natural.again, y->natural.again);
  COMPARE (x->natural.file, y->natural.file);
  order = by_content (&x->natural, &y->natural);
  if (order != 0)
    return order;
  COMPARE (x->natural.line, y->natural.line);
  return 0;
}

static gboolean
same_key (const Entry *a, const Entry *b)
{
  return a->hash == b->hash && a->natural.again == b->natural.again;
}

static gboolean
amounts_agree (gint64 a, gint64 b)
{
  return a == b || a == TW_NOT_STATED || b == TW_NOT_STATED;
}

static gboolean
agree (const TwNatural *a, const TwNatural *b)
{
  return amounts_agree (a->gross, b->gross) && amounts_agree (a->fee, b->fee) && amounts_agree (a->net, b->net) &&
         a->kind == b->kind && memcmp (a->currency, b->currency, sizeof a->currency) == 0 &&
         (a->batch == b->batch || a->batch == 0 || b->batch == 0) &&
         (a->payment == b->payment || a->payment == 0 || b->payment == 0);
}

static char *
amounts_text (const TwNatural *line)
{
  const gint64 amounts[] = { line->gross, line->fee, line->net };
  static const char *const NAMES[] = { "gross", "fee", "net" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    if (amounts[i] != TW_NOT_STATED)
      {
        g_autofree char *amount = tw_amount_text (amounts[i], line->currency);

        g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", NAMES[i], amount);
      }
  return g_string_free (text, FALSE);
}

static gboolean
refuse (const TwReconciliation *self, const TwNatural *a, const TwNatural *b, GError **error)
{
  g_autofree char *place = tw_reconciliation_place (self, (TwOrigin) { a->file, a->line, 0 });
  g_autofree char *other_place = tw_reconciliation_place (self, (TwOrigin) { b->file, b->line, 0 });
  g_autofree char *amounts = amounts_text (a), *other_amounts = amounts_text (b);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, and %s: one and the same line (by its own reference) of the "
               "payment service, that differs in amount, currency, kind, batch or reference: %s, and %s. Leave out the "
               "file that is wrong", place, other_place, amounts, other_amounts);
  return FALSE;
}

/* Each of the fewer lines is one of the other file's. */
static gboolean
check_copies (const TwReconciliation *self, const Entry *many, guint n_many, const Entry *few, guint n_few,
              GError **error)
{
  g_autofree gboolean *taken = g_new0 (gboolean, n_many);
  guint start = 0;

  for (guint i = 0; i < n_few; i++)
    {
      guint at = start;

      while (at < n_many && (taken[at] || !agree (&many[at].natural, &few[i].natural)))
        at++;
      if (at == n_many)
        return refuse (self, &many[MIN (i, n_many - 1)].natural, &few[i].natural, error);
      taken[at] = TRUE;
      while (start < n_many && taken[start])
        start++;
    }
  return TRUE;
}

static guint
end_of_file (const Entry *entries, guint first, guint n)
{
  guint next = first + 1;

  while (next < n && entries[next].natural.file == entries[first].natural.file)
    next++;
  return next;
}

/* Each file with each other, for one that tells less may hide what two others say. */
static gboolean
check_files (const TwReconciliation *self, const Entry *entries, guint n, GError **error)
{
  for (guint a = 0, a_end; a < n; a = a_end)
    {
      a_end = end_of_file (entries, a, n);
      for (guint b = a_end, b_end; b < n; b = b_end)
        {
          gboolean more;

          b_end = end_of_file (entries, b, n);
          more = a_end - a >= b_end - b;
          if (!check_copies (self, &entries[more ? a : b], more ? a_end - a : b_end - b, &entries[more ? b : a],
                             more ? b_end - b : a_end - a, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* Entries of one key, by file: the file with most lines stays; of equals that which knows most, then by what it tells;
 * only of those that tell the same the first. */
static gboolean
keep_one_file (TwReconciliation *self, const Entry *entries, guint n, GError **error)
{
  guint best = 0, best_n = 0;

  if (!check_files (self, entries, n, error))
    return FALSE;
  for (guint first = 0, next; first < n; first = next)
    {
      const TwNatural *own = &entries[first].natural, *other = &entries[best].natural;

      next = end_of_file (entries, first, n);
      if (next - first > best_n ||
          (next - first == best_n &&
           (own->facts > other->facts || (own->facts == other->facts && by_content (own, other) > 0))))
        {
          best = first;
          best_n = next - first;
        }
    }
  for (guint i = 0; i < n; i++)
    if (i < best || i >= best + best_n)
      tw_bits_set (&self->dropped_lines, entries[i].number);
  return TRUE;
}

static gboolean
drop_copies (TwHand *worker, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const TwRow *row = TW_LOAD_FIRST (&worker->loads[0]); row < TW_LOAD_END (&worker->loads[0]);
       row = TW_ROW_NEXT (row))
    {
      Entry entry = { .hash = row->hash, .number = row->number };

      memcpy (&entry.natural, row + 1, sizeof entry.natural);
      g_array_append_val (entries, entry);
    }
  if (entries->len > 1)
    qsort (entries->data, entries->len, sizeof (Entry), by_key_and_file);
  for (guint first = 0, next; first < entries->len; first = next)
    {
      for (next = first + 1; next < entries->len && same_key (&g_array_index (entries, Entry, first),
                                                              &g_array_index (entries, Entry, next)); next++)
        ;
      if (next - first > 1 &&
          !keep_one_file (worker->engine, &g_array_index (entries, Entry, first), next - first, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
drop_partition (TwHand *worker, guint partition, GError **error)
{
  TwSpool *spools[TW_N_LOADS] = { &worker->engine->room[TW_ROOM_NATURAL]->spools[partition], NULL, NULL };

  return tw_bucket_run (worker, spools, drop_copies, error);
}

gboolean
tw_stage_duplicates (TwReconciliation *self, GError **error)
{
  if (!self->several_files)
    return TRUE;
  if (self->terms.one_settlement_file)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "lines of several files, where one was announced");
      return FALSE;
    }
  return tw_stage_run (self, "comparing files", drop_partition, error);
}
