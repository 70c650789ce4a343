/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sales-journal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/journal/sessions.h"
#include "payment/reconcile/readers/sale-price.h"

#include <string.h>

typedef struct
{
  guint32         index;
  const TwIntake *intake;
  TwImport       *import;
  TwSalePrices   *prices;
  guint64         n_test;
  guint8          head[32];
} Walk;

static void
note_times (TwImport     *import,
            const TwSale *sale)
{
  gint64 last_us = MAX (MAX (sale->started_us, sale->ended_us), MAX (sale->captured_us, sale->refunded_us));

  if (import->first_us == TW_NOT_STATED || sale->started_us < import->first_us)
    import->first_us = sale->started_us;
  import->last_us = MAX (import->last_us, last_us);
}

static gpointer
begin (const char *session,
       gpointer    user_data)
{
  return tw_sale_fold_new (session);
}

static gboolean
apply (gpointer        fold,
       const TwEntry  *entry,
       gpointer        user_data,
       GError        **error)
{
  return tw_sale_fold_apply (fold, entry, error);
}

static gboolean
hand_over (gpointer   fold,
           guint64    first_seq,
           guint64    last_seq,
           gpointer   user_data,
           GError   **error)
{
  Walk *walk = user_data;
  TwSale sale;

  if (!tw_sale_fold_counts (fold))
    return TRUE;

  tw_sale_fold_tell (fold, &sale);
  sale.origin = (TwOrigin) { walk->index, first_seq };
  if (!tw_sale_prices_tell (walk->prices, fold, &sale, error))
    return FALSE;

  walk->n_test += sale.test_mode;
  walk->import->n_rows++;
  note_times (walk->import, &sale);

  return walk->intake->class_->sale (walk->intake->self, &sale, error);
}

static void
free_fold (gpointer fold)
{
  tw_sale_fold_free (fold);
}

static gboolean
note_head (const TwEntry  *entry,
           gpointer        user_data,
           GError        **error)
{
  Walk *walk = user_data;

  memcpy (walk->head, entry->hash, sizeof walk->head);

  return TRUE;
}

static gboolean
progress (gpointer user_data,
          guint64  done,
          guint64  total)
{
  const TwIntake *intake = ((Walk *) user_data)->intake;

  return intake->class_->progress == NULL || intake->class_->progress (intake->self, done, total);
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

gboolean
tw_sales_of_journal (TwJournal       *journal,
                     guint32          index,
                     const TwIntake  *intake,
                     TwImport        *import,
                     GError         **error)
{
  static const TwSessionWalkClass walk_class = { begin, apply, hand_over, free_fold, note_head, progress };
  g_autoptr (TwSalePrices) prices = tw_sale_prices_new (journal);
  Walk walk = { .index = index, .intake = intake, .import = import, .prices = prices };

  if (intake->class_->sale == NULL)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "a journal has sales, and nothing else");
      return FALSE;
    }
  import->format = g_strdup ("journal");
  if (!tw_journal_each_session (journal, &walk_class, &walk, error))
    return FALSE;

  conclude (&walk);
  return TRUE;
}
