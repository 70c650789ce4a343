/* SPDX-License-Identifier: Apache-2.0 */
/* needs: analytics_dep */
/* Opening hours of a list: an error, or stretches that are ascending, apart from each other and within what was asked,
 * here over both of Berlin's clock changes.
 */
#include <stdint.h>

#include "payment/analytics/opening-hours.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define FROM 1711584000           /* 2024-03-28 */
#define UNTIL 1712188800          /* 2024-04-04 */

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwOpeningHours) hours = tw_opening_hours_parse (text, &error);
  g_autoptr (TwZone) zone = tw_zone_new ("Europe/Berlin");
  g_autoptr (GArray) list = NULL;
  gint64 before = FROM - 1;

  g_assert_true ((hours == NULL) == (error != NULL));
  if (hours == NULL)
    return 0;
  list = tw_opening_hours_stretches (hours, zone, FROM, UNTIL);
  for (guint i = 0; i < list->len; i++)
    {
      const TwStretch *stretch = tw_stretches_at (list, i);

      g_assert_cmpint (before, <, stretch->from);
      g_assert_cmpint (stretch->from, <, stretch->until);
      g_assert_cmpint (stretch->until, <=, UNTIL);
      before = stretch->until;
    }
  return 0;
}
