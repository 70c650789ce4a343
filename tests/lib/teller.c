/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/teller.h"

#include <string.h>

typedef struct
{
  TellerLedger  ledger;
  GHashTable   *keys;
} Account;

typedef struct
{
  TwOperation      operation;
  gboolean         inquires;     /* about the key; else operation */
  char            *session, *key;
  gint64           amount;
  TwOperationDone  done;
  gpointer         user_data;
} Waiting;

struct _TwTeller
{
  GHashTable        *accounts;   /* session -> Account */
  GQueue             waiting;
  TellerMood         mood;
  gboolean           ready, off;
  const TwTakeEvents *events;
  gpointer           take_data;
  char              *session;    /* of the take; NULL: none */
  gint64             hold;
  TwCard             card;
  gboolean           proceed, cancelled;
  TwIdentified       identified;
  gpointer           identify_data;
  GSourceFunc        changed;
  gpointer           changed_data;
};

static void
account_free (gpointer data)
{
  Account *account = data;

  g_hash_table_unref (account->keys);
  g_free (account);
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->session);
  g_free (waiting->key);
  g_free (waiting);
}

static Account *
account_of (TwTeller   *self,
            const char *session)
{
  Account *account = g_hash_table_lookup (self->accounts, session);

  if (account == NULL)
    {
      account = g_new0 (Account, 1);
      account->ledger.captured = -1;
      account->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->accounts, g_strdup (session), account);
    }
  return account;
}

TwTeller *
tw_teller_new (void)
{
  TwTeller *self = g_new0 (TwTeller, 1);

  self->ready = TRUE;
  self->card = (TwCard) { .kind = (char *) "emv", .masked = (char *) "************1111", .brand = (char *) "visa",
                          .test_mode = TRUE };
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, account_free);
  g_queue_init (&self->waiting);
  return self;
}

void
tw_teller_free (TwTeller *self)
{
  g_hash_table_unref (self->accounts);
  g_queue_clear_full (&self->waiting, waiting_free);
  g_free (self->session);
  g_free (self->card.fingerprint);
  g_free (self);
}

static TwAcceptorCapabilities
capabilities (gpointer data)
{
  return (TwAcceptorCapabilities) {
    .can_capture_less = TRUE, .can_refund = TRUE, .can_identify = ((TwTeller *) data)->ready, .test_mode = TRUE,
    .hold_life_hours = TELLER_LIFE_HOURS,
  };
}

static gboolean
ready (gpointer     data,
       const char **why_not)
{
  TwTeller *self = data;

  if (why_not != NULL)
    *why_not = self->off ? "bank-cards-off" : self->ready ? NULL : "reader-starting";
  return self->ready && !self->off;
}

static void
take (gpointer            data,
      const TwOffer      *offer,
      gint64              deadline_ms,
      const TwTakeEvents *events,
      gpointer            user_data)
{
  TwTeller *self = data;

  g_assert_null (self->session);
  g_assert_null (self->identified);
  self->session = g_strdup (offer->session);
  self->hold = offer->hold.minor;
  self->events = events;
  self->take_data = user_data;
  self->proceed = self->cancelled = FALSE;
}

static void
proceed (gpointer data)
{
  ((TwTeller *) data)->proceed = TRUE;
}

static void
cancel (gpointer data)
{
  ((TwTeller *) data)->cancelled = TRUE;
}

static void
identify (gpointer     data,
          gint64       deadline_ms,
          TwIdentified done,
          gpointer     user_data)
{
  TwTeller *self = data;

  g_assert_null (self->session);
  g_assert_null (self->identified);
  self->identified = done;
  self->identify_data = user_data;
  self->cancelled = self->proceed = FALSE;
}

static void
operate (gpointer        data,
         TwOperation     operation,
         GBytes         *reference,
         const char     *key,
         gint64          amount_minor,
         TwOperationDone done,
         gpointer        user_data)
{
  TwTeller *self = data;
  Waiting *waiting = g_new0 (Waiting, 1);
  gsize len;
  const char *session = g_bytes_get_data (reference, &len);

  *waiting = (Waiting) { operation, FALSE, g_strndup (session, len), g_strdup (key), amount_minor, done, user_data };
  g_queue_push_tail (&self->waiting, waiting);
}

static void
inquire (gpointer        data,
         GBytes         *reference,
         const char     *key,
         TwOperationDone done,
         gpointer        user_data)
{
  TwTeller *self = data;
  Waiting *waiting = g_new0 (Waiting, 1);
  gsize len;
  const char *session = g_bytes_get_data (reference, &len);

  *waiting = (Waiting) { TW_OPERATION_AUTHORIZE, TRUE, g_strndup (session, len), g_strdup (key), 0, done, user_data };
  g_queue_push_tail (&self->waiting, waiting);
}

static void
watch (gpointer    data,
       GSourceFunc changed,
       gpointer    user_data)
{
  TwTeller *self = data;

  self->changed = changed;
  self->changed_data = user_data;
}

gboolean
tw_teller_is_taking (TwTeller *self)
{
  return self->session != NULL;
}

gboolean
tw_teller_is_identifying (TwTeller *self)
{
  return self->identified != NULL;
}

gboolean
tw_teller_may_proceed (TwTeller *self)
{
  return self->proceed;
}

gboolean
tw_teller_was_cancelled (TwTeller *self)
{
  return self->cancelled;
}

static void
finish_identify (TwTeller     *self,
                 const TwCard *card)
{
  TwIdentified done = self->identified;

  self->identified = NULL;
  done (card, self->identify_data);
}

void
tw_teller_tap (TwTeller   *self,
               const char *fingerprint)
{
  g_autoptr (GBytes) reference = NULL;

  g_free (self->card.fingerprint);
  self->card.fingerprint = g_strdup (fingerprint);
  if (self->identified != NULL)
    {
      finish_identify (self, &self->card);
      return;
    }
  g_assert_nonnull (self->session);
  reference = g_bytes_new (self->session, strlen (self->session));
  self->events->reference (reference, &self->card, "d1", self->take_data);
}

static void
end_take (TwTeller      *self,
          TwTakeEnd      end,
          const char    *reason)
{
  g_autofree char *session = g_steal_pointer (&self->session);
  g_autoptr (GBytes) reference = g_bytes_new (session, strlen (session));
  TwTakeResult result = {
    .end = end, .reason = reason, .held_minor = self->hold, .approval_code = "831000",
    .reference = end == TW_TAKE_APPROVED || end == TW_TAKE_UNKNOWN ? reference : NULL, .card = &self->card,
  };

  self->events->ended (&result, self->take_data);
}

/* The process dies. Whoever still waits hears that nothing is known; a station that is gone does not listen. */
static void
free_end (gpointer data)
{
  TwTeller *self = data;
  Waiting *waiting;

  self->changed = NULL;
  if (self->identified != NULL)
    finish_identify (self, NULL);
  if (self->session != NULL)
    end_take (self, TW_TAKE_UNKNOWN, "closed");
  while ((waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      waiting->done (TW_OUTCOME_UNKNOWN, "closed", NULL, waiting->user_data);
      waiting_free (waiting);
    }
}

TwAcceptor *
tw_teller_acceptor (TwTeller *self)
{
  static const TwAcceptorFuncs funcs = { capabilities, ready, take, proceed, cancel, identify, operate, inquire, watch,
                                         free_end };

  return tw_acceptor_new (&funcs, self);
}

static void
hold (TwTeller *self)
{
  Account *account = account_of (self, self->session);

  g_assert_true (self->proceed);
  account->ledger.held = self->hold;
  account->ledger.is_open = account->ledger.releases == 0;
}

void
tw_teller_approve (TwTeller *self)
{
  hold (self);
  end_take (self, TW_TAKE_APPROVED, NULL);
}

void
tw_teller_decline (TwTeller *self)
{
  end_take (self, TW_TAKE_DECLINED, "declined");
}

void
tw_teller_approve_unheard (TwTeller *self)
{
  hold (self);
  end_take (self, TW_TAKE_UNKNOWN, "no-answer");
}

void
tw_teller_fail (TwTeller   *self,
                const char *reason)
{
  if (self->identified != NULL)
    finish_identify (self, NULL);
  else
    end_take (self, TW_TAKE_FAILED, reason);
}

void
tw_teller_set_ready (TwTeller *self,
                     gboolean  is_ready)
{
  self->ready = is_ready;
  if (self->changed != NULL)
    self->changed (self->changed_data);
}

void
tw_teller_switch_off (TwTeller *self)
{
  self->off = TRUE;
  if (self->changed != NULL)
    self->changed (self->changed_data);
}

void
tw_teller_set_kind (TwTeller   *self,
                    const char *kind)
{
  self->card.kind = (char *) kind;
}

void
tw_teller_set_mood (TwTeller  *self,
                    TellerMood mood)
{
  self->mood = mood;
}

static void
act (Account *account,
     Waiting *waiting)
{
  if (!g_hash_table_add (account->keys, g_strdup (waiting->key)))
    return;
  if (waiting->operation == TW_OPERATION_REFUND)
    {
      account->ledger.refunded += waiting->amount;
      account->ledger.refunds++;
      g_assert_cmpint (account->ledger.refunded, <=, account->ledger.captured);
      return;
    }
  if (waiting->operation == TW_OPERATION_CAPTURE)
    {
      g_assert_true (account->ledger.is_open);
      account->ledger.captured = waiting->amount;
      account->ledger.captures++;
    }
  else
    account->ledger.releases++;
  account->ledger.is_open = FALSE;
}

static TwOutcome
outcome_of (TwTeller *self,
            Account  *account,
            Waiting  *waiting)
{
  gboolean acts = self->mood == TELLER_ACT || self->mood == TELLER_ACT_UNHEARD;

  if (waiting->inquires)
    return g_hash_table_contains (account->keys, waiting->key) ? TW_OUTCOME_DONE : TW_OUTCOME_UNKNOWN;
  account->ledger.requests++;
  if (acts)
    act (account, waiting);
  return self->mood == TELLER_ACT ? TW_OUTCOME_DONE
         : self->mood == TELLER_REFUSE ? TW_OUTCOME_REFUSED : TW_OUTCOME_UNKNOWN;
}

guint
tw_teller_answer (TwTeller *self)
{
  guint n = g_queue_get_length (&self->waiting);

  for (guint i = 0; i < n && !g_queue_is_empty (&self->waiting); i++)
    {
      Waiting *waiting = g_queue_pop_head (&self->waiting);
      Account *account = account_of (self, waiting->session);

      waiting->done (outcome_of (self, account, waiting), NULL, NULL, waiting->user_data);
      waiting_free (waiting);
    }
  return n;
}

TellerLedger
tw_teller_ledger (TwTeller   *self,
                  const char *session)
{
  return account_of (self, session)->ledger;
}

guint
tw_teller_n_open (TwTeller *self)
{
  GHashTableIter iter;
  Account *account;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->accounts);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &account))
    n += account->ledger.is_open;
  return n;
}
