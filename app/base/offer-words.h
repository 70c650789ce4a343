/* SPDX-License-Identifier: Apache-2.0 */
/* What an offer to people who come back is called, in words: one wording for screens, receipts and the command line.
 * charges_in_month, days_since_last: of its condition (payment/offer), 0: not asked for. Any thread; free with
 * g_free(). */
#pragma once

#include <glib.h>

/* It holds for whoever reads it: "Your third charge this month", "Back after 30 days or more". */
char *tw_offer_say_granted (guint charges_in_month, guint days_since_last, const char *language);
/* What anybody has to do for it: "The third charge in a month with the same card". */
char *tw_offer_say_open    (guint charges_in_month, guint days_since_last, const char *language);
/* "...: 10% off". Takes what. */
char *tw_offer_say_off     (char *what, guint discount_bp, const char *language);
/* "10%", "7.5%", "7,5 %": of hundredths of a percent. */
char *tw_offer_say_percent (guint discount_bp, const char *language);
