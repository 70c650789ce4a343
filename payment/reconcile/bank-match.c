/* SPDX-License-Identifier: Apache-2.0 */
/* Payouts and entries, found for each other. Sorted arrays in, so that nothing depends on the order of the files. */
#include <stdlib.h>
#include <string.h>

#include "payment/money/money.h"
#include "payment/reconcile/bank-private.h"
#include "payment/reconcile/judge-private.h"

#define ID_DAYS 60             /* beyond that it is another one of that name, unless the amount is equal */
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define ID_SHORT 5             /* below that an id is a number like any other, and the amount must be equal too */

static const char *const services[] = { "ADYEN", "STRIPE", "CYBERSOURCE" };

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || (c & 0x80) != 0;
}

static void
add_word (GHashTable *words, const char *text, gsize n, TwEntry *entry)
{
  g_autofree char *word = g_ascii_strup (text, (gssize) n);
  GPtrArray *entries = g_hash_table_lookup (words, word);

  if (entries == NULL)
    {
      entries = g_ptr_array_new ();
      g_hash_table_insert (words, g_steal_pointer (&word), entries);
    }
  if (entries->len == 0 || entries->pdata[entries->len - 1] != entry)
    g_ptr_array_add (entries, entry);
}

/* "po_1-2" is a word, and so are its parts. */
static void
add_words (GHashTable *words, TwChars text, TwEntry *entry)
{
  for (guint32 at = 0; at < text.n;)
    {
      guint32 end = at;
      gboolean parts = FALSE;

      for (; end < text.n && is_word (text.text[end]); end++)
        parts |= text.text[end] == '-' || text.text[end] == '_';
      if (end > at)
        add_word (words, text.text + at, end - at, entry);
      for (guint32 from = at; parts && from < end;)
        {
          guint32 to = from;

          while (to < end && text.text[to] != '-' && text.text[to] != '_')
            to++;
          if (to > from)
            add_word (words, text.text + from, to - from, entry);
          from = to + 1;
        }
      at = MAX (end, at + 1);
    }
}

GHashTable *
tw_bank_words (const TwBank *self)
{
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < self->entries->len; i++)
    {
      TwEntry *entry = self->entries->pdata[i];

      add_words (words, entry->credit.end_to_end, entry);
      add_words (words, entry->credit.bank_trace, entry);
      add_words (words, entry->credit.remittance, entry);
      add_words (words, entry->credit.joined, entry);
    }
  return words;
}

GPtrArray *
tw_bank_find_word (GHashTable *words, TwChars id)
{
  g_autofree char *word = g_ascii_strup (id.text != NULL ? id.text : "", (gssize) id.n);

  return id.n == 0 ? NULL : g_hash_table_lookup (words, word);
}

static gint32
day_of (const TwCredit *credit)
{
  return credit->booked_day != G_MININT32 ? credit->booked_day : credit->value_day;
}

static gint64
paid_at (const TwPaid *paid)
{
  return paid->paid_us != TW_NOT_STATED ? paid->paid_us : paid->last_us;
}

gboolean
tw_bank_in_window (const TwJudge *judge, const TwPaid *paid, const TwEntry *entry)
{
  gint64 us = paid_at (paid);
  gint32 booked = day_of (&entry->credit), day;

  if (us == TW_NOT_STATED || booked == G_MININT32)
    return FALSE;
  day = tw_local_day (judge->zone, us);
  /* One banking day before: the payout is at most one banking day after the entry. */
  return day <= tw_banking_day_after (booked, 1) && booked <= tw_banking_day_after (day, 7);
}

/* Both say when, and that is too far apart for a payout's name to mean that payout, whatever the amount. A wire that
 * was looked into for weeks is not. */
static gboolean
is_far (const TwPaid *paid, const TwEntry *entry)
{
  gint64 us = paid_at (paid);
  gint32 booked = day_of (&entry->credit);

  return us != TW_NOT_STATED && booked != G_MININT32 && ABS (booked - us / DAY_US) > ID_DAYS;
}

/* The bank's account has the payout's currency; or it has another one, and the bank says that this is what came, or
 * nothing. All payouts of an entry are of one currency. */
static gboolean
may_name (const TwPaid *paid, const TwEntry *entry, gboolean converted)
{
  const char *taken = entry->paid != NULL ? ((TwPaid *) entry->paid->pdata[0])->currency : paid->currency;
  const char *original = entry->credit.original_currency;

  if ((memcmp (paid->currency, entry->credit.currency, 4) != 0) != converted ||
      memcmp (paid->currency, taken, 4) != 0 || (entry->credit.amount < 0) != (paid->amount < 0))
    return FALSE;
  return !converted || *original == '\0' || memcmp (paid->currency, original, 4) == 0;
}

TwEntry *
tw_bank_named_by (const TwPaid *paid, TwChars id, GPtrArray *entries, gboolean converted)
{
  TwEntry *found = NULL, *equal = NULL;
  guint n = 0, n_equal = 0;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      TwEntry *entry = entries->pdata[i];
      gboolean is_equal = (converted ? entry->credit.original : entry->credit.amount) == paid->amount;

      if (!may_name (paid, entry, converted) ||
          (!is_equal && (id.n < ID_SHORT || is_far (paid, entry))))
        continue;
      found = entry;
      n++;
      if (!is_equal)
        continue;
      equal = entry;
      n_equal++;
    }
  return n == 1 ? found : n_equal == 1 ? equal : NULL;
}

void
tw_bank_match_ids (TwBank *self, const TwPayouts *payouts)
{
  g_autoptr (GHashTable) words = tw_bank_words (self);

  /* An entry of the payout's own currency goes before one of another. */
  for (guint pass = 0; pass < 4; pass++)
    for (guint i = 0; i < payouts->paid->len; i++)
      {
        TwPaid *paid = payouts->paid->pdata[i];
        TwChars id = pass % 2 == 0 ? paid->bank_trace : paid->batch;
        TwEntry *entry = NULL;

        if (tw_paid_waits (paid))
          entry = tw_bank_named_by (paid, id, tw_bank_find_word (words, id), pass > 1);
        if (entry != NULL && entry->manual == NULL)
          tw_entry_take (entry, paid, pass % 2 == 0 ? "bank-trace" : "payout-id");
      }
}

/* By currency and amount, so that candidates stand together. */
typedef struct { char currency[4]; gint64 amount; TwPaid *paid; TwEntry *entry; } Candidate;

static int
by_amount (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  int order = memcmp (x->currency, y->currency, 4);

  return order != 0 ? order : x->amount < y->amount ? -1 : x->amount > y->amount;
}

static GArray *
waiting (TwBank *self, const TwPayouts *payouts)
{
  GArray *all = g_array_new (FALSE, TRUE, sizeof (Candidate));

  for (guint i = 0; i < payouts->paid->len; i++)
    {
      Candidate candidate = { .paid = payouts->paid->pdata[i] };

      candidate.amount = candidate.paid->amount;
      memcpy (candidate.currency, candidate.paid->currency, 4);
      if (tw_paid_waits (candidate.paid))
        g_array_append_val (all, candidate);
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      Candidate candidate = { .entry = self->entries->pdata[i] };

      candidate.amount = tw_entry_amount (candidate.entry);
      memcpy (candidate.currency, tw_entry_currency (candidate.entry), 4);
      if (candidate.entry->paid == NULL)
        g_array_append_val (all, candidate);
    }
  g_array_sort (all, by_amount);
  return all;
}

void
tw_paid_tell_ambiguous (const TwPaid *paid, const char *rule, const GString *names, TwVerdict *verdict)
{
  TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_AMBIGUOUS, paid->currency, paid->amount, rule);

  finding->exception.detail = (TwChars) { g_string_chunk_insert_len (verdict->texts, names->str, (gssize) names->len),
                                          (guint32) names->len };
  tw_paid_identify (paid, &finding->exception, (TwChars) { 0 });
}

void
tw_bank_append_name (GString *names, TwChars name)
{
  if (names->len > 0)
    g_string_append_c (names, ' ');
  g_string_append_len (names, name.text, name.n);
}

void
tw_bank_append_entry (GString *names, const TwEntry *entry)
{
  const TwCredit *credit = &entry->credit;
  gint32 day = day_of (credit);
  g_autofree char *amount = tw_money_to_text (tw_money (credit->amount, credit->currency));

  tw_bank_append_name (names, tw_credit_reference (credit->key));
  if (day != G_MININT32)
    {
      g_autoptr (GDateTime) booked = g_date_time_new_from_unix_utc ((gint64) day * 86400);
      g_autofree char *date = booked != NULL ? g_date_time_format (booked, "%F") : NULL;

      g_string_append_printf (names, " %s", date != NULL ? date : "");
    }
  g_string_append_printf (names, " %s", amount);
}

/* Candidates of one currency and amount: each has how many on the other side? */
static void
match_group (const TwJudge *judge, Candidate *group, guint n, TwVerdict *verdict)
{
  g_autofree guint *degrees = g_new0 (guint, n);
  g_autofree guint *partners = g_new0 (guint, n);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      if (group[i].paid != NULL && group[j].entry != NULL &&
          tw_bank_in_window (judge, group[i].paid, group[j].entry))
        {
          degrees[i]++;
          degrees[j]++;
          partners[i] = j;
        }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) names = g_string_new (NULL);

      if (group[i].paid == NULL || degrees[i] == 0)
        continue;
      if (degrees[i] == 1 && degrees[partners[i]] == 1)
        {
          tw_entry_take (group[partners[i]].entry, group[i].paid, "amount-in-window");
          continue;
        }
      for (guint j = 0; j < n; j++)
        if (group[j].entry != NULL && tw_bank_in_window (judge, group[i].paid, group[j].entry))
          {
            group[j].entry->ambiguous = TRUE;
            tw_bank_append_entry (names, group[j].entry);
          }
      group[i].paid->ambiguous = TRUE;
      tw_paid_tell_ambiguous (group[i].paid, "amount-in-window", names, verdict);
    }
}

void
tw_bank_match_amounts (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict)
{
  g_autoptr (GArray) all = waiting (self, payouts);

  for (guint first = 0, next; first < all->len; first = next)
    {
      Candidate *group = &g_array_index (all, Candidate, first);

      for (next = first + 1; next < all->len && by_amount (group, &g_array_index (all, Candidate, next)) == 0; next++)
        ;
      match_group (judge, group, next - first, verdict);
    }
}

/* A set of folded texts: counterparties of what is matched, and accounts and names of the services. */
GHashTable *
tw_bank_names (const TwBank *self, const TwPayouts *payouts)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    g_hash_table_add (names, g_strdup (services[i]));
  for (guint i = 0; i < payouts->paid->len; i++)
    {
      TwChars account = ((TwPaid *) payouts->paid->pdata[i])->account;

      if (account.n >= ID_SHORT)
        g_hash_table_add (names, g_ascii_strup (account.text, (gssize) account.n));
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwEntry *entry = self->entries->pdata[i];

      if (entry->paid != NULL && entry->credit.counterparty.n > 0)
        g_hash_table_add (names, g_ascii_strup (entry->credit.counterparty.text,
                                                (gssize) entry->credit.counterparty.n));
    }
  return names;
}

static gboolean
has_word_of (GHashTable *names, TwChars text)
{
  for (guint32 at = 0; at < text.n;)
    {
      guint32 end = at;

      while (end < text.n && is_word (text.text[end]))
        end++;
      if (end > at)
        {
          g_autofree char *word = g_ascii_strup (text.text + at, (gssize) (end - at));

          if (g_hash_table_contains (names, word))
            return TRUE;
        }
      at = MAX (end, at + 1);
    }
  return FALSE;
}

gboolean
tw_bank_seems_ours (const TwBank *self, GHashTable *names, const TwEntry *entry)
{
  const TwCredit *credit = &entry->credit;
  g_autofree char *party = g_ascii_strup (credit->counterparty.n > 0 ? credit->counterparty.text : "",
                                          (gssize) credit->counterparty.n);

  return (credit->counterparty.n > 0 && g_hash_table_contains (names, party)) ||
         has_word_of (names, credit->counterparty) || has_word_of (names, credit->remittance);
}
