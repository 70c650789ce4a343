/* SPDX-License-Identifier: Apache-2.0 */
/* The folder that tapwatt evidence makes. */
#pragma once

#include "payment/reconcile/evidence/evidence.h"

/* Makes directory, which must not be there yet: whole or not at all. head: the files that the evidence is from. RETRY:
 * it cannot be written. */
gboolean tw_evidence_folder_write (const TwEvidence *evidence, const TwReportHead *head, const char *session,
                                   const char *directory, GError **error);
