/* SPDX-License-Identifier: Apache-2.0 */
/* Chance that can be repeated: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
 * The same seed gives the same numbers on every machine and with every version of GLib. Never for anything secret.
 */
#pragma once

#include <glib.h>

typedef struct { guint64 state; } TwDraw; /* begins as its seed; any seed is good */

guint64 tw_draw_next (TwDraw *self);
/* Each of 0 … n - 1 equally often. n > 0. */
guint32 tw_draw_below (TwDraw *self, guint32 n);
/* Above 0 and below 1, never either. */
double tw_draw_unit (TwDraw *self);
