/* SPDX-License-Identifier: Apache-2.0 */
/* Files of others, as rows of witness.h: streaming, in bounded memory, strict about what they understand and exact
 * about money (facts: settlement-files.md). A row that is not understood voids the run; nothing is skipped silently.
 * Blocking; any thread, and two files at once with an intake each.
 */
#pragma once

#include "payment/reconcile/intake.h"

/* What a file does not say of itself and the operator must. Strings may be NULL. */
typedef struct
{
  const char *format;       /* NULL: recognise; else it must be this one */
  const char *mapping;      /* path of a mapping file, for "csv" and "bank-csv" */
  const char *time_zone;    /* IANA name, for times without one; NULL: such a file is refused */
  const char *reference_key;/* Stripe: our reference is payment_metadata[KEY]; NULL: "session" */
  const char *registry;     /* path of the keys that sign for each meter, for signed records (payment/ocmf/README.md) */
  const char *key;          /* path of one key for all of them, which goes before what is registered */
} TwProfile;

/* Each reads one file to its end. index: TwOrigin.file of its rows. BAD_DATA: "PATH, line 7, column "Net Credit (NC)":
 * ..." names the place and what was expected; rows before it have been handed over already, and the run is void. A file
 * of another format is recognised and named. */

/* "adyen", "stripe", "cybersource" (CSV and XML), "zvt" (terminal totals), "csv" (by a mapping). */
gboolean tw_read_settlement (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                             TwImport *import, GError **error);
/* "camt.053", "camt.054", "bank-csv" (by a mapping). */
gboolean tw_read_bank       (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                             TwImport *import, GError **error);
/* A journal (directory, database, export), or the sales CSV that is made of one. */
gboolean tw_read_sales      (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                             TwImport *import, GError **error);
/* Single rows of a file that was read, by their origin: so that nobody has to keep what he will hardly look at. Of the
 * formats adyen and sales-csv, and of rows without quotes. One thread. */
typedef struct _TwAgain TwAgain;
/* profile and import: as it was read. BAD_DATA: it is not the file that was read. */
TwAgain *tw_again_open      (const char *path, guint32 index, const TwProfile *profile, const TwImport *import,
                             GError **error);
void     tw_again_free      (TwAgain *self);
gboolean tw_again_row       (TwAgain *self, const TwOrigin *origin, const TwIntake *intake, GError **error);

/* "ocmf" (signed records: lines of them, XML), "meter-csv" (a controller's or meter's log), "cdr" (OCPI, JSON). */
gboolean tw_read_energy     (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                             TwImport *import, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAgain, tw_again_free)
