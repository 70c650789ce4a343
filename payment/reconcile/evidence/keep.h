/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/evidence: what is kept. */
#pragma once

#include "payment/reconcile/evidence/evidence.h"

struct _TwEvidence
{
  char               *session;
  const TwReportHead *head;
  GMutex              lock;
  GStringChunk       *texts;
  GHashTable         *references;     /* of TwChars: what the session is called elsewhere */
  GArray             *sales, *lines, *energies, *credits;      /* of TwSale, TwSettled, TwEnergy, TwCredit */
  GArray             *exceptions, *matched, *payouts;          /* of TwException, TwMatched, TwPayout */
  GArray             *signed_at;      /* of TwOrigin */
  guint64             n_more;         /* rows that are not kept */
};

guint    tw_evidence_chars_hash (gconstpointer key);         /* of TwChars */
gboolean tw_evidence_chars_equal (gconstpointer a, gconstpointer b);
/* The four witnesses side by side. */
void     tw_evidence_cards (const TwEvidence *self, GString *text);
gboolean tw_evidence_same (TwChars one, TwChars other);      /* and stated */
/* The payout that a line is in; NULL: none that the books know. */
const TwPayout *tw_evidence_payout_of (const TwEvidence *self, const TwSettled *line);
