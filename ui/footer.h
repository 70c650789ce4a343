/* SPDX-License-Identifier: Apache-2.0 */
/* The lower edge of every screen, within everybody's reach: the helpline, or who else is charging; text size, theme,
 * language. Main thread only.
 */
#pragma once

#include "ui/panels/strips.h"

typedef struct _TwFooter TwFooter;

/* Freed with its root. */
TwFooter  *tw_footer_new (const TwContext *context);
GtkWidget *tw_footer_root (TwFooter *self);
void       tw_footer_update (TwFooter *self, const TwView *view);
gboolean   tw_footer_escape (TwFooter *self);
