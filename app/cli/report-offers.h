/* SPDX-License-Identifier: Apache-2.0 */
/* The report's offers as the file of rules that a station takes (payment/offer/README.md). */
#pragma once

#include "payment/analytics/pages/pages.h"

/* offers.json in the directory, which is there. discount_bp 0: nobody has chosen one. No file without
 * the offers' figure, which was not asked for then. RETRY: it cannot be written. */
gboolean tw_report_write_offers (const char *directory, const TwPagesHead *head, const GPtrArray *figures,
                                 guint discount_bp, GError **error);
