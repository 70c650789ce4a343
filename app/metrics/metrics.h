/* SPDX-License-Identifier: Apache-2.0 */
/* The station in numbers, for whoever collects them: counts since the process began (tally.h) and what is now (page.h),
 * over HTTP where [metrics] listen says so (listener.h). It looks and tells; nothing can be done through it. Names and
 * meanings are in README.md and change only on purpose. Main thread only.
 */
#pragma once

#include "app/station/station.h"

typedef struct _TwMetrics TwMetrics;

/* config (with a metrics_listen) and clock outlive it, and it outlives the journal and the station. */
TwMetrics *tw_metrics_new (const TwConfig *config, TwClock *clock);
void       tw_metrics_free (TwMetrics *self);

/* The same journal, counted; takes over the one that it is given. */
TwJournal *tw_metrics_journal (TwMetrics *self, TwJournal *journal);

/* Begins to answer; the station has started. Where nobody can listen now, a warning says so, and it is tried again
 * every half minute: that is no reason not to sell. reader_is_up: asked with its data; NULL: there is no reader. */
typedef gboolean (*TwIsUp) (gpointer data);
void       tw_metrics_open (TwMetrics *self, TwStation *station, TwJournal *journal, TwIsUp reader_is_up,
                            gpointer reader);
/* Answers no more, and knows the station no more. */
void       tw_metrics_close (TwMetrics *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwMetrics, tw_metrics_free)
