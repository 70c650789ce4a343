/* SPDX-License-Identifier: Apache-2.0 */
/* How near a session is to what the driver chose and to what is held, and which readings have to be kept for that. */
#pragma once

#include "app/station/core.h"

/* Why charging must end; NULL: it may go on. It has gone on for blind_ms since the mark. settled: the mark is kept in
 * the journal, and its phase begins there. */
const char *tw_brink_reason_to_stop (TwBay *self, const TwMark *mark, gint64 blind_ms, gboolean settled);
/* Why the journal needs this reading, as in payment/journal/README.md; NULL: it does not. */
const char *tw_brink_reason_to_keep (TwBay *self, const TwMark *mark);
