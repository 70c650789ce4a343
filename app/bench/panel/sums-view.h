/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of each session by the ledger, and a mark in words when the journal does not agree. Choosing a session shows
 * only what belongs to it. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/bench/panel/accounts.h"

typedef struct _TwSumsView TwSumsView;

/* chosen: session NULL: all. */
TwSumsView *tw_sums_view_new (TwAccounts *accounts, void (*chosen) (const char *session, gpointer user_data),
                              gpointer user_data);
void        tw_sums_view_free (TwSumsView *self);
GtkWidget  *tw_sums_view_widget (TwSumsView *self);
/* Something changed: shown soon, and again when what is young now is not any more. */
void        tw_sums_view_changed (TwSumsView *self);
