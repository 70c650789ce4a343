/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader hands its rows to: the reconciliation itself, the loader of a store, or a test. A reader calls from one
 * thread; two readers may run at once only with an intake of their own each.
 */
#pragma once

#include "payment/reconcile/witness.h"

typedef struct
{
  /* FALSE stops the reader with this error. A member that is NULL: such rows are not wanted, and are an error of the
   * reader: "PATH has no settlement lines". */
  gboolean (*sale)   (gpointer self, const TwSale *sale, GError **error);
  gboolean (*line)   (gpointer self, const TwSettled *line, GError **error);
  gboolean (*credit) (gpointer self, const TwCredit *credit, GError **error);
  gboolean (*energy) (gpointer self, const TwEnergy *energy, GError **error);
  gboolean (*total)  (gpointer self, const TwTotal *total, GError **error);
  /* Now and then while it reads: bytes of the file so far, and its size. NULL: nobody looks. FALSE: stop. */
  gboolean (*progress) (gpointer self, guint64 done, guint64 size);
} TwIntakeClass;

typedef struct { const TwIntakeClass *class_; gpointer self; } TwIntake;

/* By which a file is known to be the one that was read. */
typedef struct { guint64 device, inode, size; gint64 changed_ns; } TwFileStamp;

/* What a file turned out to be; the reader fills it in. Notices are sentences for the operator ("Windows-1252"). */
typedef struct
{
  char      *format;                /* "adyen", "camt.053", ... */
  char       digest[65];            /* SHA-256 of the file, hex */
  char      *reading;               /* by which mapping, keys, ..., of who had the choice; NULL: there was none */
  guint64    n_rows;
  gint64     first_us, last_us;     /* TW_NOT_STATED: no times */
  GPtrArray *notices;               /* of char * */
  TwFileStamp stamp;                /* of one whose rows can be read again; else zeros */
} TwImport;

void tw_import_init (TwImport *self);
void tw_import_clear (TwImport *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwImport, tw_import_clear)
