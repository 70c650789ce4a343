/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/statement.h"

#include "payment/money/money.h"
#include "payment/reconcile/sale.h"

#include <string.h>

typedef struct { gint64 number, closing; char *id; } Last;

struct _TwStatements { GHashTable *last, *seen; };

void
tw_statement_init (TwStatement *self)
{
  *self = (TwStatement) { .id = g_string_new (NULL), .account = g_string_new (NULL) };
  tw_statement_begin (self);
}

void
tw_statement_begin (TwStatement *self)
{
  GString *id = self->id, *account = self->account;

  *self = (TwStatement) {
    .id = g_string_truncate (id, 0), .account = g_string_truncate (account, 0), .number = TW_NOT_STATED,
    .opening = TW_NOT_STATED, .closing = TW_NOT_STATED, .told_credits = TW_NOT_STATED, .told_debits = TW_NOT_STATED,
    .told_n_credits = TW_NOT_STATED, .told_n_debits = TW_NOT_STATED,
  };
}

void
tw_statement_clear (TwStatement *self)
{
  g_string_free (g_steal_pointer (&self->id), TRUE);
  g_string_free (g_steal_pointer (&self->account), TRUE);
}

gboolean
tw_statement_add (TwStatement *self,
                  gint64       amount)
{
  if (amount < 0)
    {
      self->n_debits++;
      return !__builtin_sub_overflow (self->debits, amount, &self->debits);
    }
  self->n_credits++;

  return !__builtin_add_overflow (self->credits, amount, &self->credits);
}

static char *
text_of (const TwStatement *self,
         gint64             minor)
{
  return tw_money_to_text (tw_money (minor, self->currency));
}

static char *
check_balances (const TwStatement *self)
{
  g_autofree char *expected = NULL, *found = NULL;
  __int128 closing;

  if (self->opening == TW_NOT_STATED || self->closing == TW_NOT_STATED)
    return NULL;
  closing = (__int128) self->opening + self->credits - self->debits;
  if (closing == self->closing)
    return NULL;
  found = text_of (self, self->closing);
  expected = closing > G_MININT64 && closing <= G_MAXINT64 ? text_of (self, closing) : g_strdup ("too much");

  return g_strdup_printf ("its opening balance and entries make %s, and its closing balance is %s", expected, found);
}

static char *
check_total (const TwStatement *self,
             const char        *what,
             gint64             told,
             gint64             found)
{
  g_autofree char *told_text = NULL, *found_text = NULL;

  if (told == TW_NOT_STATED || told == found || self->n_unbooked > 0)
    return NULL;
  told_text = text_of (self, told);
  found_text = text_of (self, found);

  return g_strdup_printf ("it states %s of %s, and its entries make %s", what, told_text, found_text);
}

static char *
check_count (const TwStatement *self,
             const char        *what,
             gint64             told,
             guint64            found)
{
  if (told == TW_NOT_STATED || (guint64) told == found || self->n_unbooked > 0)
    return NULL;

  return g_strdup_printf ("it states %" G_GINT64_FORMAT " %s, and has %" G_GUINT64_FORMAT, told, what, found);
}

/* Banks differ in whether their totals count what is pending: with such entries the totals say nothing. */
char *
tw_statement_check (const TwStatement *self)
{
  char *what = check_balances (self);

  if (what == NULL)
    what = check_total (self, "credits", self->told_credits, self->credits);
  if (what == NULL)
    what = check_total (self, "debits", self->told_debits, self->debits);
  if (what == NULL)
    what = check_count (self, "credits", self->told_n_credits, self->n_credits);

  return what ? what : check_count (self, "debits", self->told_n_debits, self->n_debits);
}

static void
last_free (gpointer data)
{
  Last *self = data;

  g_free (self->id);
  g_free (self);
}

TwStatements *
tw_statements_new (void)
{
  TwStatements *self = g_new0 (TwStatements, 1);

  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, last_free);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
tw_statements_free (TwStatements *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->last);
  g_hash_table_unref (self->seen);
  g_free (self);
}

static gboolean
join (const Last         *last,
      const TwStatement  *statement,
      char              **what)
{
  const gboolean follows = last->number == TW_NOT_STATED || statement->number == TW_NOT_STATED
                           || statement->number == last->number + 1;
  g_autofree char *closed = NULL, *opens = NULL;

  if (last->closing != TW_NOT_STATED && statement->opening != TW_NOT_STATED && last->closing != statement->opening)
    {
      closed = text_of (statement, last->closing);
      opens = text_of (statement, statement->opening);
      *what = g_strdup_printf ("it opens with %s, and statement %s before it closes with %s: is one missing?", opens,
                               last->id, closed);
      return FALSE;
    }
  if (!follows)
    *what = g_strdup_printf ("statement %s is number %" G_GINT64_FORMAT " and follows number %" G_GINT64_FORMAT,
                             statement->id->str, statement->number, last->number);

  return TRUE;
}

gboolean
tw_statements_follow (TwStatements       *self,
                      const TwStatement  *statement,
                      char              **what)
{
  g_autofree char *key = g_strdup_printf ("%s\x1f%s", statement->account->str, statement->currency);
  g_autofree char *name = g_strdup_printf ("%s\x1f%s", key, statement->id->str);
  const Last *last = g_hash_table_lookup (self->last, key);
  Last *now;

  *what = NULL;
  if (!g_hash_table_add (self->seen, g_steal_pointer (&name)))
    {
      *what = g_strdup ("it stands twice in this file");
      return FALSE;
    }
  if (last && !join (last, statement, what))
    return FALSE;
  now = g_new0 (Last, 1);
  *now = (Last) { statement->number, statement->closing, g_strdup (statement->id->str) };
  g_hash_table_replace (self->last, g_steal_pointer (&key), now);

  return TRUE;
}
