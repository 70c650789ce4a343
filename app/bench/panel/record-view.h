/* SPDX-License-Identifier: Apache-2.0 */
/* What happened: wire, journal and ledger side by side, one row for each thing, the newest below. Filtered by session
 * and lane, paused, copied, saved. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/bench/panel/chronicle.h"

typedef struct _TwRecordView TwRecordView;

typedef struct
{
  void (*all)   (gboolean all, gpointer user_data);      /* routine is wanted, or not any more */
  void (*told)  (const char *what, gpointer user_data);  /* something to say: copied, saved, or why not */
} TwRecordViewFuncs;

/* dir: where files are saved if nothing else is said. */
TwRecordView *tw_record_view_new (TwChronicle *chronicle, const char *dir, const TwRecordViewFuncs *funcs,
                                  gpointer user_data);
void          tw_record_view_free (TwRecordView *self);
GtkWidget    *tw_record_view_widget (TwRecordView *self);
/* NULL: all. */
void          tw_record_view_set_session (TwRecordView *self, const char *session);
/* A great many rows come at once: nothing is drawn until the end of it. */
void          tw_record_view_hold (TwRecordView *self, gboolean hold);
void          tw_record_view_copy (TwRecordView *self);
void          tw_record_view_toggle_pause (TwRecordView *self);
/* Opens the question where to. */
void          tw_record_view_save (TwRecordView *self);
