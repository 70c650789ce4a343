/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles of a sample and of the two distributions that intervals are made of. */
#pragma once

#include <glib.h>

#define TW_NORMAL_975 1.959963984540054

/* Of n > 0 ascending numbers, at rank (n + 1) share between its neighbours, never outside the sample: of so many draws
 * alike the next one is below it with this probability. */
double tw_quantile (const double *ascending, gsize n, double share);
/* For sorting doubles with qsort. */
int tw_ascending (gconstpointer a, gconstpointer b);
/* Phi (z). */
double tw_normal_share (double z);
/* Student's t for a two-sided 95 % interval; dof > 0. */
double tw_student_975 (guint dof);
