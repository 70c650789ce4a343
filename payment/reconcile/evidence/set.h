/* SPDX-License-Identifier: Apache-2.0 */
/* The witnesses of many sessions at once: those of a report's exceptions, the first TW_EVIDENCE_SESSIONS of them. */
#pragma once

#include "payment/reconcile/evidence/evidence.h"

#define TW_EVIDENCE_SESSIONS 100

typedef struct _TwEvidenceSet TwEvidenceSet;

/* Reads all files once more, journals first, the bank last. */
typedef gboolean (*TwEvidenceRead) (const TwIntake *intake, GError **error);

/* head: borrowed; its witnesses may be tw_evidence_set_witnesses(). */
TwEvidenceSet    *tw_evidence_set_new (const TwReportHead *head, TwEvidenceRead read);
void              tw_evidence_set_free (TwEvidenceSet *self);
/* Must get each result before the page does. Freeing it leaves the set. */
TwOutlet         *tw_evidence_set_outlet (TwEvidenceSet *self);
TwReportWitnesses tw_evidence_set_witnesses (TwEvidenceSet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwEvidenceSet, tw_evidence_set_free)
