/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/quantile.h"

double
tw_quantile (const double *ascending, gsize n, double share)
{
  double rank = ((double) n + 1) * share - 1;
  gsize below;

  if (rank <= 0)
    return ascending[0];
  if (rank >= (double) (n - 1))
    return ascending[n - 1];
  below = (gsize) rank;
  return ascending[below] + (rank - (double) below) * (ascending[below + 1] - ascending[below]);
}

int
tw_ascending (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

double
tw_normal_share (double z)
{
  return 0.5 * erfc (-z / G_SQRT2);
}

/* P(|T| < t) for whole degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and
 * 26.7.4. */
static double
student_within (double t, guint dof)
{
  double angle = atan (t / sqrt (dof)), cosine = cos (angle), term = dof % 2 == 1 ? cosine : 1, sum = 0;

  for (guint i = dof % 2; i + 2 <= dof; i += 2)
    {
      sum += term;
      term *= cosine * cosine * (i + 1) / (i + 2);
    }
  if (dof % 2 == 0)
    return sin (angle) * sum;
  return 2 / G_PI * (angle + sin (angle) * sum);
}

double
tw_student_975 (guint dof)
{
  double z = TW_NORMAL_975, z3 = z * z * z, low = 0, high = 13;

  /* Its expansion about the normal: 26.7.5. */
  if (dof > 200)
    return z + (z3 + z) / (4.0 * dof) + (5 * z3 * z * z + 16 * z3 + 3 * z) / (96.0 * dof * dof);
  for (guint i = 0; i < 60; i++)
    {
      double middle = (low + high) / 2;

      if (student_within (middle, dof) < 0.95)
        low = middle;
      else
        high = middle;
    }
  return high;
}
