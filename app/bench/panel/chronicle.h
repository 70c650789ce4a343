/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that happened, of all sources, in the order of time: a list of TwRow that widgets can show. Bounded: the
 * oldest rows go. Finds out whose turn it was when a wire said something that names no session: the journal tells who
 * stood at the counter and who had which connector. Knows no widget. Main thread only.
 */
#pragma once

#include <gio/gio.h>

#include "app/bench/panel/row.h"

#define TW_CHRONICLE_MOST 20000

#define TW_TYPE_CHRONICLE (tw_chronicle_get_type ())
G_DECLARE_FINAL_TYPE (TwChronicle, tw_chronicle, TW, CHRONICLE, GObject)

TwChronicle *tw_chronicle_new (void);
/* Takes over row; NULL is allowed. */
void         tw_chronicle_add (TwChronicle *self, TwRow *row);
/* Adds an entry's row, and learns from it. */
void         tw_chronicle_add_entry (TwChronicle *self, const TwEntry *entry);
/* Everything of these lanes goes: bits 1 << TwLane. */
void         tw_chronicle_forget (TwChronicle *self, guint lanes);

/* Signal "turned": rows may have got another session. */
