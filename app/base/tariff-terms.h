/* SPDX-License-Identifier: Apache-2.0 */
/* When a price applies, in words: one wording for receipts, screens and the command line.
 *
 * Terms are the restrictions of a tariff's element (OCPI TariffRestrictions) as bills carry them: names and values as
 * in the tariff, "start_time 22:00, end_time 06:00, day_of_week SATURDAY SUNDAY, min_kwh 20".
 */
#pragma once

#include <glib.h>

/* "22:00-06:00, Sat, Sun, from 20 kWh". What is not known here is said as it came. Any thread; free with g_free(). */
char *tw_tariff_terms_say (const char *terms, const char *language);
