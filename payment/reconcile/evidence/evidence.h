/* SPDX-License-Identifier: Apache-2.0 */
/* One session, as its four witnesses tell it: for a dispute, or for who wants to know why a case was listed. Rows of
 * other sessions pass by and are not kept. Intakes may be fed from several threads at once; all else is one thread's.
 */
#pragma once

#include "payment/journal/entry.h"
#include "payment/reconcile/report/report.h"

#define TW_EVIDENCE_MOST 1000         /* rows of a kind that are kept; the others are counted */

typedef struct _TwEvidence TwEvidence;

/* head: as of the run whose results and files it is fed with; borrowed. */
TwEvidence *tw_evidence_new (const char *session, const TwReportHead *head);
void        tw_evidence_free (TwEvidence *self);

/* First what the books say; self: a TwEvidence. */
extern const TwResultClass TW_EVIDENCE;
/* Then the files once more: journals, whose references name the rest; then settlements and meters; then the bank. */
TwIntake    tw_evidence_intake (TwEvidence *self);

/* Which file has the sale; FALSE: none. */
gboolean    tw_evidence_sale (const TwEvidence *self, TwOrigin *origin);
/* Where the signed records stand; of TwOrigin. */
const GArray *tw_evidence_signed (const TwEvidence *self);
/* No witness and no exception knows the session. */
gboolean    tw_evidence_is_empty (const TwEvidence *self);
/* The books have an exception of the session. */
gboolean    tw_evidence_is_listed (const TwEvidence *self);

/* What else is in the folder. Texts that are NULL, and lists that are empty: "nothing from ...". */
typedef struct
{
  const char      *receipt, *price, *tariff;
  const char      *why_not;           /* why there are none of these; NULL */
  const GPtrArray *entries;           /* of TwEntry: the session's own */
  const GPtrArray *records;           /* of char *: signed records, verbatim */
  const char      *time_zone;         /* of the station */
} TwEvidencePapers;

/* One page, to be read and to be printed. */
void        tw_evidence_page (const TwEvidence *self, const TwEvidencePapers *papers, GString *text);
/* Each row that is kept, one object a line, with its witness and its place. */
void        tw_evidence_rows (const TwEvidence *self, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwEvidence, tw_evidence_free)
