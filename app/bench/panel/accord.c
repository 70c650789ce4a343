/* SPDX-License-Identifier: Apache-2.0 */
/* Do the acquirer's ledger and the station's journal tell the same story about a session's money? */
#include "app/bench/panel/accounts.h"

static char *
differ (const TwAccount *self,
        const char      *what,
        gint64           journal,
        gint64           ledger)
{
  g_autofree char *ours = tw_account_amount (self, journal);
  g_autofree char *theirs = tw_account_amount (self, ledger);

  return g_strdup_printf ("The journal says %s %s, the ledger %s", ours, what, theirs);
}

/* A hold that somebody has and the other does not know of. NULL: none. */
static char *
judge_hold (const TwAccount *self)
{
  const TwRecord *record = self->record;
  g_autofree char *open = tw_account_amount (self, tw_account_open (self));

  if (record == NULL && self->held != 0)
    return g_strdup_printf ("The ledger has a session that the journal does not know; %s of it is open", open);
  if (record == NULL)
    return NULL;
  if (record->claim.hold == TW_HOLD_NONE && tw_account_open (self) != 0)
    return g_strdup_printf ("The journal knows of no hold, in the ledger %s is open", open);
  if (record->claim.hold == TW_HOLD_LIVE && record->held_minor != self->held)
    return differ (self, "held", record->held_minor, self->held);
  if (self->expired != 0)
    return g_strdup_printf ("The hold ran out at the acquirer before the journal ended it");
  if (tw_account_open (self) < 0)
    return g_strdup_printf ("More went out than was held: %s open", open);

  return NULL;
}

static char *
judge_capture (const TwAccount *self)
{
  const TwRecord *record = self->record;
  gint64 wanted = record->claim.wish == TW_WISH_CAPTURE ? record->request_amount_minor : 0;

  if (self->captures > 1)
    return g_strdup_printf ("The ledger has %u captures of one hold", self->captures);
  if (record->claim.wish == TW_WISH_CAPTURE && record->claim.request == TW_REQUEST_DONE && self->captured != wanted)
    return differ (self, "captured", wanted, self->captured);
  if (record->claim.request == TW_REQUEST_OPEN && self->captured != 0 && self->captured != wanted)
    return differ (self, "to be captured", wanted, self->captured);
  if (record->claim.wish != TW_WISH_CAPTURE && self->captured != 0)
    return differ (self, "captured", 0, self->captured);

  return NULL;
}

static char *
judge_end (const TwAccount *self)
{
  const TwRecord *record = self->record;
  g_autofree char *open = tw_account_amount (self, tw_account_open (self));
  gboolean done = record->claim.request == TW_REQUEST_DONE || (tw_record_closed (record) && !record->claim.named);

  if (done && tw_account_open (self) != 0)
    return g_strdup_printf ("For the journal it is settled, in the ledger %s is still held", open);

  return NULL;
}

static TwAccord
judge_claim (const TwAccount *self,
             char           **words)
{
  static const struct { const char *money, *words; TwAccord accord; } STATES[] = {
    { "no-hold", "No money was held", TW_ACCORD_AGREE },
    { "asked", "The hold was asked for; no answer is journalled yet", TW_ACCORD_WAITING },
    { "held", "Held, as both say", TW_ACCORD_AGREE },
    { "captured", "Captured, the rest released, as both say", TW_ACCORD_AGREE },
    { "released", "Released, as both say", TW_ACCORD_AGREE },
    { "capture-pending", "The capture was asked for; no answer is journalled yet", TW_ACCORD_WAITING },
    { "release-pending", "The release was asked for; no answer is journalled yet", TW_ACCORD_WAITING },
    { "refused", "The acquirer refused: on the operator's list", TW_ACCORD_WAITING },
  };
  const char *money = self->record != NULL ? tw_record_money (self->record) : "no-hold";

  for (guint i = 0; i < G_N_ELEMENTS (STATES); i++)
    if (g_strcmp0 (STATES[i].money, money) == 0)
      {
        *words = g_strdup (STATES[i].words);
        return STATES[i].accord;
      }

  *words = g_strdup (money);
  return TW_ACCORD_WAITING;
}

TwAccord
tw_account_judge (const TwAccount *self,
                  gint64           now_us,
                  char           **words)
{
  g_autofree char *wrong = judge_hold (self);

  if (wrong == NULL && self->unread != NULL)
    wrong = g_strdup_printf ("The journal cannot be understood: %s", self->unread);
  if (wrong == NULL && self->record != NULL)
    wrong = judge_capture (self);
  if (wrong == NULL && self->record != NULL)
    wrong = judge_end (self);
  if (wrong == NULL)
    return judge_claim (self, words);

  if (now_us - self->changed_us >= TW_ACCOUNT_GRACE_US)
    {
      *words = g_steal_pointer (&wrong);
      return TW_ACCORD_DISAGREE;
    }
  *words = g_strdup_printf ("Perhaps on its way: %s", wrong);

  return TW_ACCORD_WAITING;
}
