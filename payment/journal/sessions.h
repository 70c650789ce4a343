/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "payment/journal/journal.h"

G_BEGIN_DECLS

/* Reads a journal session by session: what is being told of each is kept until the session's last entry, so memory is
 * bounded by the sessions that are open at once. All calls on the caller's thread, with the caller's user_data; who
 * returns FALSE sets the error, and the walk ends with it. */
typedef struct
{
  /* What session's entries shall be told to; freed with the class's free. */
  gpointer (*begin) (const char *session, gpointer user_data);
  gboolean (*apply) (gpointer told, const TwEntry *entry, gpointer user_data, GError **error);
  /* Nothing more will come. Sessions end in the order of their last entries; those of which more might have come (the
   * journal grew meanwhile, or is an export, which does not know a session's last entry) in the order of their first,
   * last_seq being what was thought to be the last. */
  gboolean (*end) (gpointer told, guint64 first_seq, guint64 last_seq, gpointer user_data, GError **error);
  void     (*free) (gpointer told);
  /* Each entry, before its session sees it; those of no session come here alone. May be NULL. */
  gboolean (*entry) (const TwEntry *entry, gpointer user_data, GError **error);
  /* Now and then, of how much; FALSE: no further, and the walk ends with GONE. May be NULL. */
  gboolean (*progress) (gpointer user_data, guint64 done, guint64 total);
} TwSessionWalkClass;

/* Follows the chain as tw_journal_each_followed() does, and fails as it does. */
gboolean tw_journal_each_session (TwJournal                 *self,
                                  const TwSessionWalkClass  *class_,
                                  gpointer                   user_data,
                                  GError                   **error);

G_END_DECLS
