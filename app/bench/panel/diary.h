/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the station's journal, read-only: told by the file system that it grew, it reads what is new and lets go of
 * it at once, so that a station that died can be recovered. Main thread only.
 */
#pragma once

#include "payment/journal/journal.h"

typedef struct _TwDiary TwDiary;

typedef struct
{
  void (*entry) (const TwEntry *entry, gpointer user_data);
  /* It is another journal now, or shorter than before: everything is told again. */
  void (*anew)  (gpointer user_data);
  /* NULL: it can be read; else why not. Only when that changes. */
  void (*state) (const char *why, gpointer user_data);
} TwDiaryFuncs;

/* dir: of journal.db; may not be there yet. */
TwDiary *tw_diary_new (const char *dir, const TwDiaryFuncs *funcs, gpointer user_data);
void     tw_diary_free (TwDiary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwDiary, tw_diary_free)
