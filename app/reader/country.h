/* SPDX-License-Identifier: Apache-2.0 */
/* ISO 3166-1: cards want the numeric code (9F1A), configuration has the letters. Any thread. */
#pragma once

#include <glib.h>

guint tw_country_number (const char *alpha2);    /* 276 for DE; 0: not in our table */
