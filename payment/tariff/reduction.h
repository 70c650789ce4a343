/* SPDX-License-Identifier: Apache-2.0 */
/* A percentage off what is due, shared out between what it consists of. Pure. This folder's own.
 */
#pragma once

#include <glib.h>

/* What one tax rate comes to, and how much less that becomes. */
typedef struct { gint64 net, gross, less_net, less_gross; } TwReducedPart;

/* The sum of gross, which is not below 0, becomes less by bp hundredths of a percent of it, half up. Each part has its
 * share of that (largest remainder, of equal ones the first), and its net follows its gross, half up. */
void   tw_reduce_parts (TwReducedPart *parts, guint n, guint bp);
/* What is left of a gross amount; G_MAXINT64, too large, stays. */
gint64 tw_reduced_minor (gint64 minor, guint bp);
