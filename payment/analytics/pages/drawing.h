/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as a script for gnuplot. The script has nothing in it but words of ours: names from outside stand in files
 * of data, where gnuplot takes them for texts and nothing else. This folder's own. One thread.
 */
#pragma once

#include "payment/analytics/pages/sets.h"

/* directory: of the data, STEM.data, where the script shall run and puts STEM.svg. stems: of char *, what it draws.
 * error: what went wrong on the way. */
typedef struct { char *directory; GString *script; GPtrArray *stems; GError *error; } TwDrawing;

/* Nothing for what has no picture, and where nothing is known: gnuplot would stop at it. */
void tw_drawing_add (TwDrawing *self, const TwChartRows *rows, const char *stem);
