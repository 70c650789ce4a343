/* SPDX-License-Identifier: Apache-2.0 */
/* What an analysis may keep in memory, shared by its parts. Whoever grows asks; whoever hands rows in looks at the end
 * of each whether it was too much, so that nothing that grows has to fail half way. Any thread.
 */
#pragma once

#include <glib.h>

typedef struct { gssize used; gsize most; } TwBudget;

static inline void
tw_budget_take (TwBudget *self, gssize bytes)
{
  g_atomic_pointer_add (&self->used, bytes);
}

static inline gboolean
tw_budget_is_over (TwBudget *self)
{
  return (gsize) (gintptr) g_atomic_pointer_get ((gpointer *) &self->used) > self->most;
}
