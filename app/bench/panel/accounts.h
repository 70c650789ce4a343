/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the money of each session: the acquirer's ledger added up on one side, the station's journal folded on
 * the other, and whether the two agree. The sums are made here from the ledger's lines, not taken from anybody. Knows
 * no widget. Main thread only.
 */
#pragma once

#include "app/base/json.h"
#include "payment/journal/record.h"

typedef struct
{
  char     *session;
  char      currency[4];
  gboolean  in_ledger;
  gint64    held, captured, released, refunded, expired;   /* minor units, by the ledger */
  guint     captures;
  TwRecord *record;        /* by the journal; NULL: it does not know the session */
  char     *unread;        /* why the journal's entries could not be understood; NULL */
  gint64    changed_us;    /* wall, of the last line or entry that says something about money */
} TwAccount;

typedef enum
{
  TW_ACCORD_AGREE,
  TW_ACCORD_WAITING,       /* something is under way: an answer, a request, the other side's entry */
  TW_ACCORD_DISAGREE,
} TwAccord;

/* A difference younger than this may be on its way to the other side. */
#define TW_ACCOUNT_GRACE_US (3 * G_USEC_PER_SEC)

typedef struct _TwAccounts TwAccounts;

TwAccounts *tw_accounts_new (void);
void        tw_accounts_free (TwAccounts *self);
/* Forgets everything: another street, another journal. */
void        tw_accounts_clear_ledger (TwAccounts *self);
void        tw_accounts_clear_journal (TwAccounts *self);

/* A line of the ledger, as the stream has it: {"session","line":{...},"time_us"}. */
void        tw_accounts_add_line (TwAccounts *self, const TwJson *happening);
void        tw_accounts_add_entry (TwAccounts *self, const TwEntry *entry);

/* In the order in which they were first heard of. */
guint            tw_accounts_count (TwAccounts *self);
const TwAccount *tw_accounts_at (TwAccounts *self, guint i);
const TwAccount *tw_accounts_find (TwAccounts *self, const char *session);

gint64      tw_account_open (const TwAccount *self);
/* words: in a sentence, what is so; free with g_free(). */
TwAccord    tw_account_judge (const TwAccount *self, gint64 now_us, char **words);
/* "12.30"; free with g_free(). */
char       *tw_account_amount (const TwAccount *self, gint64 minor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAccounts, tw_accounts_free)
