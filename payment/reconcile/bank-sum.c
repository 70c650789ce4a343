/* SPDX-License-Identifier: Apache-2.0 */
/* Several payouts in one entry that names none of them (facts: reconciliation.md section 4.3). First each entry says
 * which sets of payouts are its amount, then those are given that nobody else wants: who comes first decides nothing.
 */
#include <string.h>

#include "payment/reconcile/bank-private.h"

#define SUM_OF_MOST 4
#define SUM_AMONG_MOST 40      /* payouts in a window: beyond that a sum proves nothing */
#define NAMED_AT_MOST 16       /* entries in a finding; more do not make it clearer */

/* members: of paid, in any of the sets that were found; a bit each. */
typedef struct
{
  TwEntry   *entry;
  GPtrArray *paid;
  guint64    members;
  guint      n_found;
} Wish;

G_STATIC_ASSERT (SUM_AMONG_MOST <= 64);

static void
wish_clear (gpointer data)
{
  g_ptr_array_unref (((Wish *) data)->paid);
}

static TwPaid *
next_member (const Wish *self, guint *at)
{
  for (; *at < self->paid->len; (*at)++)
    if (self->members >> *at & 1)
      return self->paid->pdata[(*at)++];
  return NULL;
}

static void
search (Wish *self, guint from, guint depth, gint64 left, guint64 chosen)
{
  if (left == 0 && depth >= 2)
    {
      self->n_found++;
      self->members |= chosen;
      return;
    }
  for (guint i = from; i < self->paid->len && depth < SUM_OF_MOST; i++)
    search (self, i + 1, depth + 1, left - ((TwPaid *) self->paid->pdata[i])->amount, chosen | (guint64) 1 << i);
}

static GPtrArray *
around (const TwEntry *entry, const TwJudge *judge, const TwPayouts *payouts)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < payouts->paid->len && found->len <= SUM_AMONG_MOST; i++)
    {
      TwPaid *paid = payouts->paid->pdata[i];

      if (tw_paid_waits (paid) && memcmp (paid->currency, tw_entry_currency (entry), 4) == 0 &&
          tw_bank_in_window (judge, paid, entry))
        g_ptr_array_add (found, paid);
    }
  return found;
}

static GArray *
wishes_of (TwBank *self, const TwJudge *judge, const TwPayouts *payouts)
{
  g_autoptr (GHashTable) names = tw_bank_names (self, payouts);
  GArray *wishes = g_array_new (FALSE, FALSE, sizeof (Wish));

  g_array_set_clear_func (wishes, wish_clear);
  for (guint i = 0; i < self->entries->len; i++)
    {
      TwEntry *entry = self->entries->pdata[i];
      Wish wish = { .entry = entry };

      if (entry->paid != NULL || entry->ambiguous || !tw_bank_seems_ours (self, names, entry))
        continue;
      wish.paid = around (entry, judge, payouts);
      entry->crowded = wish.paid->len > SUM_AMONG_MOST;
      if (!entry->crowded)
        search (&wish, 0, 0, tw_entry_amount (entry), 0);
      if (wish.n_found > 0)
        g_array_append_val (wishes, wish);
      else
        wish_clear (&wish);
    }
  return wishes;
}

/* TwPaid -> how many entries want it. */
static GHashTable *
count_wanted (const GArray *wishes)
{
  GHashTable *wanted = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < wishes->len; i++)
    {
      const Wish *wish = &g_array_index (wishes, Wish, i);
      TwPaid *paid;

      for (guint at = 0; (paid = next_member (wish, &at)) != NULL;)
        {
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (wanted, paid));

          g_hash_table_insert (wanted, paid, GUINT_TO_POINTER (n + 1));
        }
    }
  return wanted;
}

static gboolean
is_certain (const Wish *self, GHashTable *wanted)
{
  gboolean alone = self->n_found == 1;
  TwPaid *paid;

  for (guint at = 0; alone && (paid = next_member (self, &at)) != NULL;)
    alone = GPOINTER_TO_UINT (g_hash_table_lookup (wanted, paid)) == 1;
  return alone;
}

/* The entry, and the payouts that it may be made of: "R1 (B1 B2 B3)". */
static void
append_wish (GString *names, const Wish *wish)
{
  g_autoptr (GString) members = g_string_new (NULL);
  TwPaid *paid;

  for (guint at = 0; (paid = next_member (wish, &at)) != NULL;)
    tw_bank_append_name (members, paid->batch);
  tw_bank_append_entry (names, wish->entry);
  g_string_append_printf (names, " (%s)", members->str);
}

static void
tell (TwPaid *paid, const GArray *wishes, TwVerdict *verdict)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_named = 0;

  for (guint i = 0; i < wishes->len && n_named < NAMED_AT_MOST; i++)
    {
      const Wish *wish = &g_array_index (wishes, Wish, i);
      TwPaid *member;

      for (guint at = 0; (member = next_member (wish, &at)) != NULL && member != paid;)
        ;
      if (member == NULL)
        continue;
      append_wish (names, wish);
      n_named++;
    }
  tw_paid_tell_ambiguous (paid, "payouts-sum", names, verdict);
}

/* Whom more than one entry wants, or whose entry has more than one set. */
static void
refuse (const Wish *self)
{
  TwPaid *paid;

  self->entry->ambiguous = TRUE;
  for (guint at = 0; (paid = next_member (self, &at)) != NULL;)
    paid->ambiguous = TRUE;
}

void
tw_bank_match_sums (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict)
{
  g_autoptr (GArray) wishes = wishes_of (self, judge, payouts);
  g_autoptr (GHashTable) wanted = count_wanted (wishes);

  for (guint i = 0; i < wishes->len; i++)
    {
      const Wish *wish = &g_array_index (wishes, Wish, i);
      TwPaid *paid;

      if (!is_certain (wish, wanted))
        {
          refuse (wish);
          continue;
        }
      for (guint at = 0; (paid = next_member (wish, &at)) != NULL;)
        tw_entry_take (wish->entry, paid, "payouts-sum");
    }
  /* Those that were refused before are told already, and wanted by none. */
  for (guint i = 0; i < payouts->paid->len; i++)
    {
      TwPaid *paid = payouts->paid->pdata[i];

      if (paid->ambiguous && g_hash_table_contains (wanted, paid))
        tell (paid, wishes, verdict);
    }
}
