/* SPDX-License-Identifier: Apache-2.0 */
/* Worlds to draw from, with a known truth. */
#pragma once

#include "payment/analytics/models/draw.h"

double draw_exponential (TwDraw *draw, double mean);
double draw_normal (TwDraw *draw);
guint draw_poisson (TwDraw *draw, double mean);
/* Asserts that of n tries so many fit a share that is meant: within 4 standard errors of it. */
void assert_share (const char *what, guint hits, guint n, double share);
/* The same for a share that may be higher, and is within 4 standard errors of at_least or above it. */
void assert_share_or_more (const char *what, guint hits, guint n, double at_least);
