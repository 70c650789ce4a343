/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/journal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/journal/chain.h"
#include "payment/journal/naming.h"

#include <string.h>

typedef struct
{
  TwJournal  *journal;
  TwChain     chain;
  const char *expected_head;
  gboolean    head_seen;
  guint64     broken_seq;
  char       *reason;
} Walk;

static gboolean
break_at (Walk    *walk,
          guint64  seq,
          char    *reason)
{
  walk->broken_seq = seq;
  walk->reason = reason;

  return FALSE;
}

static gboolean
on_named (const char *hash,
          gboolean    surely,
          gpointer    user_data)
{
  Walk *walk = user_data;
  g_autoptr (GBytes) bytes = surely ? tw_journal_blob (walk->journal, hash) : NULL;

  if (!surely || bytes != NULL)
    return TRUE;

  return break_at (walk, walk->chain.seq,
                   g_strdup_printf ("entry %" G_GUINT64_FORMAT " names blob %s, which is not there",
                                    walk->chain.seq, hash));
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Walk *walk = user_data;
  char *reason = tw_chain_follow (&walk->chain, entry);

  if (reason != NULL)
    return break_at (walk, walk->chain.seq + 1, reason);

  if (walk->expected_head != NULL && !walk->head_seen)
    {
      g_autofree char *hash = tw_hex_encode (entry->hash, sizeof entry->hash);

      walk->head_seen = g_ascii_strcasecmp (hash, walk->expected_head) == 0;
    }

  tw_naming_each (g_bytes_get_data (entry->payload, NULL), g_bytes_get_size (entry->payload), on_named, walk);

  return walk->reason == NULL;
}

static gboolean
on_blob (const char *hash,
         GBytes     *bytes,
         gpointer    user_data)
{
  Walk *walk = user_data;
  g_autofree char *really = tw_sha256_hex (bytes);

  if (g_str_equal (really, hash))
    return TRUE;

  return break_at (walk, walk->chain.seq, g_strdup_printf ("blob %s was changed: its bytes now have %s", hash, really));
}

/* Damage is what was looked for; only a store that could not be read is a failure. */
static gboolean
step_succeeded (Walk     *walk,
                gboolean  read,
                GError   *problem,
                GError  **error)
{
  if (read)
    return TRUE;

  if (!g_error_matches (problem, TW_ERROR, TW_ERROR_BAD_DATA))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }

  break_at (walk, walk->chain.seq + 1, g_strdup (problem->message));
  g_error_free (problem);

  return TRUE;
}

static gboolean
walk_all (Walk    *walk,
          GError **error)
{
  GError *problem = NULL;
  gboolean read = tw_journal_each (walk->journal, NULL, on_entry, walk, &problem);

  if (!step_succeeded (walk, read, problem, error))
    return FALSE;
  if (walk->reason != NULL)
    return TRUE;

  problem = NULL;
  read = tw_journal_each_blob (walk->journal, on_blob, walk, &problem);

  return step_succeeded (walk, read, problem, error);
}

typedef struct
{
  TwChain     chain;
  char       *reason;
  TwEntryFunc func;
  gpointer    user_data;
} Following;

static gboolean
on_followed (const TwEntry *entry,
             gpointer       user_data)
{
  Following *following = user_data;

  following->reason = tw_chain_follow (&following->chain, entry);

  return following->reason == NULL && following->func (entry, following->user_data);
}

gboolean
tw_journal_each_followed (TwJournal    *self,
                          TwEntryFunc   func,
                          gpointer      user_data,
                          GError      **error)
{
  Following following = { .func = func, .user_data = user_data };
  g_autofree char *reason = NULL;
  gboolean read = tw_journal_each (self, NULL, on_followed, &following, error);

  reason = following.reason;
  if (!read || reason == NULL)
    return read;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "broken: %s", reason);
  return FALSE;
}

gboolean
tw_journal_verify (TwJournal   *self,
                   const char  *expected_head,
                   TwVerdict   *verdict,
                   GError     **error)
{
  Walk walk = { .journal = self, .expected_head = expected_head };
  g_autofree char *head = NULL;

  *verdict = (TwVerdict) { 0 };
  if (!walk_all (&walk, error))
    {
      g_free (walk.reason);
      return FALSE;
    }

  if (walk.reason == NULL && expected_head != NULL && !walk.head_seen)
    break_at (&walk, walk.chain.seq + 1,
              g_strdup_printf ("no entry has the hash %s: what came after entry %" G_GUINT64_FORMAT
                               " was cut off, or this is another journal", expected_head, walk.chain.seq));

  head = tw_hex_encode (walk.chain.hash, sizeof walk.chain.hash);
  g_strlcpy (verdict->head, head, sizeof verdict->head);
  verdict->entries = walk.chain.seq;
  verdict->broken_seq = walk.broken_seq;
  verdict->reason = walk.reason;

  return TRUE;
}
