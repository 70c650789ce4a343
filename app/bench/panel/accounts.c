/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/accounts.h"

#include <string.h>

struct _TwAccounts
{
  GPtrArray  *all;          /* of TwAccount */
  GHashTable *by_session;
};

static void
account_free (gpointer data)
{
  TwAccount *self = data;

  g_clear_pointer (&self->record, tw_record_free);
  g_free (self->unread);
  g_free (self->session);
  g_free (self);
}

TwAccounts *
tw_accounts_new (void)
{
  TwAccounts *self = g_new0 (TwAccounts, 1);

  self->all = g_ptr_array_new_with_free_func (account_free);
  self->by_session = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
tw_accounts_free (TwAccounts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_session);
  g_ptr_array_unref (self->all);
  g_free (self);
}

static void
drop_unknown (TwAccounts *self)
{
  for (guint i = self->all->len; i-- > 0;)
    {
      TwAccount *account = self->all->pdata[i];

      if (account->in_ledger || account->record != NULL)
        continue;
      g_hash_table_remove (self->by_session, account->session);
      g_ptr_array_remove_index (self->all, i);
    }
}

void
tw_accounts_clear_ledger (TwAccounts *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      TwAccount *account = self->all->pdata[i];

      account->in_ledger = FALSE;
      account->held = account->captured = account->released = account->refunded = account->expired = 0;
      account->captures = 0;
    }
  drop_unknown (self);
}

void
tw_accounts_clear_journal (TwAccounts *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      TwAccount *account = self->all->pdata[i];

      g_clear_pointer (&account->record, tw_record_free);
      g_clear_pointer (&account->unread, g_free);
    }
  drop_unknown (self);
}

static TwAccount *
account_of (TwAccounts *self,
            const char *session)
{
  TwAccount *account = g_hash_table_lookup (self->by_session, session);

  if (account != NULL)
    return account;
  account = g_new0 (TwAccount, 1);
  account->session = g_strdup (session);
  g_ptr_array_add (self->all, account);
  g_hash_table_insert (self->by_session, account->session, account);

  return account;
}

static void
move (TwAccount  *account,
      const char *what,
      gint64      minor)
{
  struct { const char *move; gint64 *sum; gint64 sign; } moves[] = {
    { "hold", &account->held, 1 },            { "capture", &account->captured, 1 },
    { "release", &account->released, 1 },     { "uncapture", &account->captured, -1 },
    { "refund", &account->refunded, 1 },      { "unrefund", &account->refunded, -1 },
    { "expire", &account->expired, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (strcmp (moves[i].move, what) == 0)
      *moves[i].sum += moves[i].sign * minor;
  account->captures += strcmp (what, "capture") == 0;
}

void
tw_accounts_add_line (TwAccounts   *self,
                      const TwJson *happening)
{
  const TwJson *line = tw_json_member (happening, "line");
  const char *session = tw_json_string (tw_json_member (line, "code"));
  const char *what = tw_json_string (tw_json_member (line, "move"));
  const char *amount = tw_json_string (tw_json_member (line, "amount"));
  const char *currency = tw_json_string (tw_json_member (line, "currency"));
  TwAccount *account;
  TwMoney money;
  gint64 time_us;

  if (session == NULL || what == NULL || strcmp (what, "none") == 0 || amount == NULL || currency == NULL
      || !tw_money_parse (amount, currency, &money, NULL))
    return;

  account = account_of (self, session);
  account->in_ledger = TRUE;
  g_strlcpy (account->currency, currency, sizeof account->currency);
  move (account, what, money.minor);
  if (tw_json_get_int64 (happening, "time_us", &time_us, NULL))
    account->changed_us = MAX (account->changed_us, time_us);
}

void
tw_accounts_add_entry (TwAccounts    *self,
                       const TwEntry *entry)
{
  g_autoptr (GError) error = NULL;
  TwAccount *account;

  if (entry->session == NULL)
    return;
  account = account_of (self, entry->session);
  if (account->record == NULL)
    account->record = tw_record_new (entry->session);
  if (!tw_record_apply (account->record, entry, &error) && account->unread == NULL)
    account->unread = g_strdup (error->message);
  if (*account->currency == '\0' && *account->record->hold.currency != '\0')
    g_strlcpy (account->currency, account->record->hold.currency, sizeof account->currency);
  /* A reading moves no money: it must not make a difference look young. */
  if (strcmp (entry->kind, "reading") != 0)
    account->changed_us = MAX (account->changed_us, entry->at.wall_us);
}

guint
tw_accounts_count (TwAccounts *self)
{
  return self->all->len;
}

const TwAccount *
tw_accounts_at (TwAccounts *self,
                guint       i)
{
  return self->all->pdata[i];
}

const TwAccount *
tw_accounts_find (TwAccounts *self,
                  const char *session)
{
  return g_hash_table_lookup (self->by_session, session);
}

gint64
tw_account_open (const TwAccount *self)
{
  return self->held - self->captured - self->released - self->expired;
}

char *
tw_account_amount (const TwAccount *self,
                   gint64           minor)
{
  return tw_money_to_decimal (tw_money (minor, *self->currency != '\0' ? self->currency : "EUR"));
}
