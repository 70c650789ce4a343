/* SPDX-License-Identifier: Apache-2.0 */
/* The pass before the first: lines that a person gave to a sale. They take no part in the others, and what their own
 * references say is looked at all the same.
 */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

/* A sale that has a reference of the line. */
typedef struct { TwPass pass; char *station, *session; } Named;

typedef struct
{
  const TwManual *manual;
  guint32         number;
  guint8         *body;             /* own copy */
  TwSettled       line;             /* points into it */
  GArray         *sales;            /* of TwSaleRef: its sale, each version of it */
  GArray         *named;            /* of Named */
} Held;

static void
named_clear (gpointer data)
{
  Named *self = data;

  g_free (self->station);
  g_free (self->session);
}

static void
held_free (gpointer data)
{
  Held *self = data;

  g_array_unref (self->sales);
  g_array_unref (self->named);
  g_free (self->body);
  g_free (self);
}

static void
hold (TwReconciliation *self, const TwManual *manual, const TwRow *brief, const TwWhole *whole)
{
  Held *held = g_new0 (Held, 1);

  held->manual = manual;
  held->number = brief->number;
  held->body = g_memdup2 (whole->body, whole->n);
  held->sales = g_array_new (FALSE, FALSE, sizeof (TwSaleRef));
  held->named = g_array_new (FALSE, FALSE, sizeof (Named));
  g_array_set_clear_func (held->named, named_clear);
  tw_shape_read (TW_SHAPE_SETTLED, held->body, &held->line);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->manuals.held, held);
  g_mutex_unlock (&self->lock);
}

/* Of a line that was given to two sales the first word counts; a store has only one. */
static void
look_at_line (TwReconciliation *self, const TwRow *brief, const TwWhole *whole)
{
  const GPtrArray *manuals;
  TwSettled line;

  if (tw_bits_get (&self->dropped_lines, brief->number))
    return;
  tw_shape_read (TW_SHAPE_SETTLED, whole->body, &line);
  if (!tw_kind_is_matched (line.kind))
    return;
  manuals = tw_manuals_find (self->manuals.by_row, line.account, line.key);
  for (guint i = 0; manuals != NULL && i < manuals->len; i++)
    if (((const TwManual *) manuals->pdata[i])->kind == TW_MANUAL_LINE)
      {
        hold (self, manuals->pdata[i], brief, whole);
        return;
      }
}

typedef gboolean (*WholeFunc) (TwWholes *wholes, const TwRow *brief, TwWhole *whole, GError **error);
typedef void (*LookFunc) (TwReconciliation *self, const TwRow *brief, const TwWhole *whole);

static gboolean
each_row (TwHand *worker, TwSpool *briefs, WholeFunc whole_of, LookFunc look, GError **error)
{
  TwCursor cursor = { .spool = briefs };
  const TwRow *brief;
  gboolean ok;

  while ((ok = tw_cursor_next (&cursor, &brief, error)) && brief != NULL)
    {
      TwWhole whole;

      tw_wholes_forget (&worker->wholes);
      if (!(ok = whole_of (&worker->wholes, brief, &whole, error)))
        break;
      look (worker->engine, brief, &whole);
    }
  tw_cursor_clear (&cursor);
  return ok;
}

static gboolean
stage_lines (TwHand *worker, guint partition, GError **error)
{
  return each_row (worker, &worker->engine->brief_lines->spools[partition], tw_whole_line, look_at_line, error);
}

static gboolean
is_of (const Held *held, const TwSale *sale)
{
  return tw_chars_equal (held->manual->session, sale->session) && tw_chars_equal (held->manual->station, sale->station);
}

static gboolean
in_reach (const TwReconciliation *self, TwPass pass, const TwSettled *line, const TwSale *sale)
{
  TwReach reach = tw_pass_reach (pass);
  gint64 apart = tw_pass_sale_tick (pass, sale) - tw_pass_line_tick (pass, line, self->zone);

  return apart >= -reach.before && apart <= reach.after;
}

/* By which exact pass the line would be this sale's; the strictest. */
static TwPass
pass_of (const TwReconciliation *self, const TwSettled *line, const TwSale *sale)
{
  for (TwPass pass = TW_PASS_PAYMENT; pass <= TW_PASS_TERMINAL; pass++)
    {
      guint64 hash;

      if (tw_pass_line_key (pass, line, &hash) && tw_pass_same_key (pass, line, sale) &&
          in_reach (self, pass, line, sale))
        return pass;
    }
  return TW_N_PASSES;
}

static void
note_sale (TwReconciliation *self, const TwRow *row, const TwSale *sale, Held *held)
{
  TwPass pass = pass_of (self, &held->line, sale);

  g_mutex_lock (&self->lock);
  if (is_of (held, sale))
    g_array_append_vals (held->sales, &(TwSaleRef) { row->hash, row->number }, 1);
  if (pass != TW_N_PASSES)
    {
      Named named = { pass, g_strndup (sale->station.text, sale->station.n),
                      g_strndup (sale->session.text, sale->session.n) };

      g_array_append_val (held->named, named);
    }
  g_mutex_unlock (&self->lock);
}

/* Nobody writes to the table while sales are looked at. */
static void
look_at_sale (TwReconciliation *self, const TwRow *brief, const TwWhole *whole)
{
  static const TwRoom ROOMS[] = { TW_ROOM_PAYMENT, TW_ROOM_PSP, TW_ROOM_SETTLEMENT, TW_ROOM_TERMINAL };
  g_autoptr (GPtrArray) seen = NULL;
  TwSale sale;

  tw_shape_read (TW_SHAPE_SALE, whole->body, &sale);
  if (tw_manuals_find (self->manuals.by_sale, sale.station, sale.session) != NULL)
    tw_bits_set (&self->manuals.said, brief->number);
  for (guint i = 0; i <= G_N_ELEMENTS (ROOMS); i++)
    {
      guint64 hashes[TW_SALE_KEYS] = { tw_hash_more (tw_hash_text (TW_ROOM_SESSION, sale.station), sale.session) };
      guint n = i < G_N_ELEMENTS (ROOMS) ? tw_room_sale_keys (ROOMS[i], &sale, hashes) : 1;

      for (guint j = 0; j < n; j++)
        {
          const GPtrArray *waiting = g_hash_table_lookup (self->manuals.wanted, &hashes[j]);

          for (guint k = 0; waiting != NULL && k < waiting->len; k++)
            if (seen == NULL || !g_ptr_array_find (seen, waiting->pdata[k], NULL))
              {
                seen = seen != NULL ? seen : g_ptr_array_new ();
                g_ptr_array_add (seen, waiting->pdata[k]);
                note_sale (self, brief, &sale, waiting->pdata[k]);
              }
        }
    }
}

static gboolean
stage_sales (TwHand *worker, guint partition, GError **error)
{
  return each_row (worker, &worker->engine->brief_sales->spools[partition], tw_whole_sale, look_at_sale, error);
}

static void
wait_for (GHashTable *wanted, guint64 hash, Held *held)
{
  GPtrArray *waiting = g_hash_table_lookup (wanted, &hash);

  if (waiting == NULL)
    {
      waiting = g_ptr_array_new ();
      g_hash_table_insert (wanted, g_memdup2 (&hash, sizeof hash), waiting);
    }
  g_ptr_array_add (waiting, held);
}

/* By its own sale's name, and by each reference that an exact pass would go by. */
static void
want (TwManuals *self)
{
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < self->held->len; i++)
    {
      Held *held = self->held->pdata[i];
      guint64 hash = tw_hash_more (tw_hash_text (TW_ROOM_SESSION, held->manual->station), held->manual->session);

      wait_for (self->wanted, hash, held);
      for (TwPass pass = TW_PASS_PAYMENT; pass <= TW_PASS_TERMINAL; pass++)
        if (tw_pass_line_key (pass, &held->line, &hash))
          wait_for (self->wanted, hash, held);
    }
}

/* A word about a sale that is not there is no word: the line goes its way. */
gboolean
tw_stage_hold (TwReconciliation *self, GError **error)
{
  GPtrArray *held;

  self->manuals.held = held = g_ptr_array_new_with_free_func (held_free);
  if (g_hash_table_size (self->manuals.by_row) > 0 &&
      !tw_stage_run (self, "reading what was matched by hand", stage_lines, error))
    return FALSE;
  if (held->len == 0 && g_hash_table_size (self->manuals.by_sale) == 0)
    return TRUE;
  want (&self->manuals);
  tw_bits_init (&self->manuals.said, self->n_sales);
  if (!tw_stage_run (self, "reading what was matched by hand", stage_sales, error))
    return FALSE;
  for (guint i = held->len; i-- > 0;)
    if (((Held *) held->pdata[i])->sales->len == 0)
      g_ptr_array_remove_index_fast (held, i);
    else
      tw_bits_set (&self->dropped_lines, ((Held *) held->pdata[i])->number);
  return TRUE;
}

static int
by_session (gconstpointer a, gconstpointer b)
{
  const Named *x = a, *y = b;
  int order = strcmp (x->session, y->session);

  return order != 0 ? order : strcmp (x->station, y->station);
}

/* What the strictest pass that finds anything says: other sales, and not this one. */
static void
tell_others (TwHand *worker, Held *held)
{
  g_autoptr (GString) others = g_string_new (NULL);
  TwPass pass = TW_N_PASSES;
  TwFinding *finding;

  g_array_sort (held->named, by_session);
  for (guint i = 0; i < held->named->len; i++)
    pass = MIN (pass, g_array_index (held->named, Named, i).pass);
  for (guint i = 0; i < held->named->len; i++)
    {
      const Named *named = &g_array_index (held->named, Named, i), *before = i > 0 ? named - 1 : NULL;

      if (named->pass != pass || (before != NULL && before->pass == pass && by_session (before, named) == 0))
        continue;
      if (is_of (held, &(TwSale) { .station = { named->station, (guint32) strlen (named->station) },
                                   .session = { named->session, (guint32) strlen (named->session) } }))
        return;
      g_string_append_printf (others, "%s%s", others->len > 0 ? " " : "", named->session);
    }
  if (others->len == 0)
    return;
  finding = tw_manual_contradict (held->manual, held->line.key, held->line.currency,
                                  ABS (tw_stated (held->line.gross)),
                                  tw_pass_rule (pass), (TwChars) { others->str, (guint32) others->len },
                                  &worker->verdict);
  finding->exception.payment_ref = held->line.payment_ref;
  finding->exception.psp_ref = held->line.psp_ref;
  finding->exception.batch = held->line.batch;
  finding->exception.found = held->line.gross;
  finding->exception.since_us = held->line.occurred_us;
  finding->exception.other = held->line.origin;
}

/* The version of the sale that counts; its home, not its number, is the same in every order of the files. */
static const TwSaleRef *
sale_of (const TwReconciliation *self, const Held *held)
{
  const TwSaleRef *found = &g_array_index (held->sales, TwSaleRef, 0);
  gboolean counts = !tw_bits_get (&self->dropped_sales, found->number);

  for (guint i = 1; i < held->sales->len; i++)
    {
      const TwSaleRef *ref = &g_array_index (held->sales, TwSaleRef, i);

      if (tw_bits_get (&self->dropped_sales, ref->number) || (counts && ref->home >= found->home))
        continue;
      found = ref;
      counts = TRUE;
    }
  return found;
}

static gboolean
claim (TwHand *worker, const Held *held, GError **error)
{
  TwReconciliation *self = worker->engine;
  const TwSaleRef *sale = sale_of (self, held);
  TwPaid *paid = tw_payouts_at (&worker->payouts, &held->line, tw_share (self, 16), error);

  if (paid == NULL)
    return FALSE;
  if (held->line.kind == TW_SETTLED_SALE)
    tw_bits_set (&self->claimed_sales, sale->number);
  tw_paid_add (paid, &held->line);
  return tw_tallies_add_line (&worker->tallies, &held->line, error) &&
         tw_late_send (worker, TW_LATE_CLAIM, *sale, TW_RULE_MANUAL, &held->line, error);
}

gboolean
tw_stage_claim_held (TwReconciliation *self, GError **error)
{
  TwHand *worker = self->workers[0];
  const GPtrArray *held = self->manuals.held;

  tw_verdict_reset (&worker->verdict);
  for (guint i = 0; i < held->len; i++)
    {
      if (!claim (worker, held->pdata[i], error))
        return FALSE;
      tell_others (worker, held->pdata[i]);
    }
  return tw_hand_flush (worker, error) && tw_hand_publish (worker, error);
}
