/* SPDX-License-Identifier: Apache-2.0 */
/* Offers to people who come back, in plain words. Pure. Free with g_free().
 */
#pragma once

#include "ui/view.h"

/* "Your third charge this month: 10% off"; NULL: nothing is granted. */
char *tw_offer_granted (const TwBusGrant *grant, const char *language);
/* What anybody could have, "The third charge in a month with the same card: 10% off", at most so many lines; NULL:
 * nothing. */
char *tw_offer_open    (const TwView *view, guint most, const char *language);
/* Beside the running cost, which is with it already: "so far, 10% off", in brief "−10%"; without one: "so far". */
char *tw_offer_so_far  (const TwBusGrant *grant, gboolean brief, const char *language);
