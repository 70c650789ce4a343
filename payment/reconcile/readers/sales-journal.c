/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sales-journal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/reconcile/readers/sale-price.h"

#include <string.h>

#define ENTRIES_BETWEEN_PROGRESS 4096

/* A session of which more is to come. */
typedef struct
{
  TwSaleFold *fold;
  guint64     first_seq, last_seq;
} Open;

typedef struct
{
  TwJournal      *journal;
  guint32         index;
  const TwIntake *intake;
  TwImport       *import;
  GHashTable     *open;      /* session, of its record -> Open */
  TwSalePrices   *prices;
  guint64         newest, n_test;
  guint8          head[32];
  GError         *error;
} Walk;

static void
open_free (gpointer data)
{
  Open *self = data;

  tw_sale_fold_free (self->fold);
  g_free (self);
}

static Open *
open_of (Walk          *walk,
         const TwEntry *entry)
{
  Open *open = g_hash_table_lookup (walk->open, entry->session);

  if (open != NULL)
    return open;

  open = g_new0 (Open, 1);
  open->fold = tw_sale_fold_new (entry->session);
  open->first_seq = entry->seq;
  open->last_seq = tw_journal_last_seq (walk->journal, entry->session);
  g_hash_table_insert (walk->open, open->fold->record->session, open);

  return open;
}

static void
note_times (TwImport     *import,
            const TwSale *sale)
{
  gint64 last_us = MAX (MAX (sale->started_us, sale->ended_us), MAX (sale->captured_us, sale->refunded_us));

  if (import->first_us == TW_NOT_STATED || sale->started_us < import->first_us)
    import->first_us = sale->started_us;
  import->last_us = MAX (import->last_us, last_us);
}

static gboolean
hand_over (Walk       *walk,
           const Open *open)
{
  TwSale sale;

  if (!tw_sale_fold_counts (open->fold))
    return TRUE;

  tw_sale_fold_tell (open->fold, &sale);
  sale.origin = (TwOrigin) { walk->index, open->first_seq };
  if (!tw_sale_prices_tell (walk->prices, open->fold, &sale, &walk->error))
    return FALSE;

  walk->n_test += sale.test_mode;
  walk->import->n_rows++;
  note_times (walk->import, &sale);

  return walk->intake->class_->sale (walk->intake->self, &sale, &walk->error);
}

static gboolean
goes_on (Walk          *walk,
         const TwEntry *entry)
{
  const TwIntakeClass *intake = walk->intake->class_;

  if (intake->progress == NULL || entry->seq % ENTRIES_BETWEEN_PROGRESS != 0
      || intake->progress (walk->intake->self, entry->seq, MAX (walk->newest, entry->seq)))
    return TRUE;

  g_set_error_literal (&walk->error, TW_ERROR, TW_ERROR_GONE, "stopped");
  return FALSE;
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Walk *walk = user_data;
  gboolean well;
  Open *open;

  memcpy (walk->head, entry->hash, sizeof walk->head);
  if (!goes_on (walk, entry))
    return FALSE;
  if (entry->session == NULL)
    return TRUE;

  open = open_of (walk, entry);
  if (!tw_sale_fold_apply (open->fold, entry, &walk->error))
    return FALSE;
  if (open->last_seq != entry->seq)
    return TRUE;

  well = hand_over (walk, open);
  g_hash_table_remove (walk->open, entry->session);

  return well;
}

static int
by_first_seq (gconstpointer a,
              gconstpointer b)
{
  const Open *one = *(Open *const *) a, *other = *(Open *const *) b;

  return one->first_seq < other->first_seq ? -1 : one->first_seq > other->first_seq;
}

/* Two sessions of one fingerprint, or a journal that grew while it was read. */
static gboolean
hand_over_rest (Walk *walk)
{
  g_autofree gpointer *rest = NULL;
  guint n = 0;
  GHashTableIter iter;
  gpointer open;

  rest = g_new (gpointer, g_hash_table_size (walk->open) + 1);
  g_hash_table_iter_init (&iter, walk->open);
  while (g_hash_table_iter_next (&iter, NULL, &open))
    rest[n++] = open;
  qsort (rest, n, sizeof *rest, by_first_seq);

  for (guint i = 0; i < n; i++)
    if (!hand_over (walk, rest[i]))
      return FALSE;

  return TRUE;
}

static void
conclude (Walk *walk)
{
  g_autofree char *head = tw_hex_encode (walk->head, sizeof walk->head);

  g_strlcpy (walk->import->digest, head, sizeof walk->import->digest);
  if (walk->n_test > 0)
    g_ptr_array_add (walk->import->notices,
                     g_strdup_printf ("%" G_GUINT64_FORMAT " sales in test mode: no real money", walk->n_test));
}

static gboolean
walk_all (Walk    *walk,
          GError **error)
{
  if (!tw_journal_each_followed (walk->journal, on_entry, walk, error))
    {
      g_clear_error (&walk->error);
      return FALSE;
    }
  if (walk->error == NULL && hand_over_rest (walk))
    {
      conclude (walk);
      return TRUE;
    }

  g_propagate_error (error, walk->error);
  return FALSE;
}

gboolean
tw_sales_of_journal (TwJournal       *journal,
                     guint32          index,
                     const TwIntake  *intake,
                     TwImport        *import,
                     GError         **error)
{
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, open_free);
  g_autoptr (TwSalePrices) prices = tw_sale_prices_new (journal);
  Walk walk = { .journal = journal, .index = index, .intake = intake, .import = import, .open = open,
                .prices = prices };

  if (intake->class_->sale == NULL)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "a journal has sales, and nothing else");
      return FALSE;
    }
  walk.newest = tw_journal_last_seq (journal, NULL);
  import->format = g_strdup ("journal");

  return walk_all (&walk, error);
}
