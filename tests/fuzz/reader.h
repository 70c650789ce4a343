/* SPDX-License-Identifier: Apache-2.0 */
/* For the targets of settlement and bank readers: bytes as a file, and what must hold of every row. */
#pragma once

#include "payment/reconcile/readers/readers.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef gboolean (*FuzzReader) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                                TwImport *import, GError **error);

static inline void
fuzz_check_text (TwChars text)
{
  g_assert_true (text.n == 0 || text.text != NULL);
  g_assert_true (g_utf8_validate (text.text, text.n, NULL));
}

static inline gboolean
fuzz_on_line (gpointer          rows,
              const TwSettled  *line,
              GError          **error)
{
  const gboolean one_currency = strcmp (line->currency, line->net_currency) == 0;

  g_assert_cmpint (line->kind, <, TW_N_SETTLED_KINDS);
  g_assert_cmpuint (line->key.n, >, 0);
  g_assert_cmpuint (strlen (line->currency), ==, 3);
  fuzz_check_text (line->payment_ref);
  fuzz_check_text (line->psp_ref);
  fuzz_check_text (line->batch);
  if (one_currency && line->gross != TW_NOT_STATED && line->fee != TW_NOT_STATED && line->net != TW_NOT_STATED)
    g_assert_true ((__int128) line->gross - line->fee == line->net);
  ++*(guint64 *) rows;

  return TRUE;
}

static inline gboolean
fuzz_on_credit (gpointer         rows,
                const TwCredit  *credit,
                GError         **error)
{
  g_assert_cmpuint (credit->key.n, >, 0);
  g_assert_cmpint (credit->amount, !=, TW_NOT_STATED);
  g_assert_cmpint (credit->booked_day, !=, G_MININT32);
  g_assert_cmpstr (credit->currency, !=, credit->original_currency);
  g_assert_true (*credit->original_currency != '\0' || (credit->original == 0 && credit->rate_e10 == 0));
  g_assert_true (credit->rate_e10 >= 0 && credit->original != TW_NOT_STATED);
  fuzz_check_text (credit->remittance);
  fuzz_check_text (credit->counterparty);
  ++*(guint64 *) rows;

  return TRUE;
}

static inline gboolean
fuzz_on_total (gpointer        rows,
               const TwTotal  *total,
               GError        **error)
{
  g_assert_cmpint (total->total_minor, >=, 0);
  g_assert_cmpuint (total->terminal.n, ==, 8);
  ++*(guint64 *) rows;

  return TRUE;
}

static inline char *
fuzz_file (const void *data,
           gsize       n,
           int        *fd)
{
  *fd = memfd_create ("reader", MFD_CLOEXEC);
  g_assert_true (*fd >= 0 && write (*fd, data, n) == (gssize) n);

  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

/* Rows or an error, and never both to the end: a number of rows that is told is the number that came. */
static inline void
fuzz_read (FuzzReader       reader,
           const TwProfile *profile,
           const void      *data,
           gsize            n)
{
  static const TwIntakeClass class_ = { .line = fuzz_on_line, .credit = fuzz_on_credit, .total = fuzz_on_total };
  guint64 rows = 0;
  const TwIntake intake = { &class_, &rows };
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import;
  int fd;
  g_autofree char *path = fuzz_file (data, n, &fd);
  gboolean well;

  tw_import_init (&import);
  well = reader (path, 0, profile, &intake, &import, &error);
  g_assert_true (well == (error == NULL));
  g_assert_cmpuint (import.n_rows, ==, rows);
  g_assert_true (!well || (import.format && strlen (import.digest) == 64));
  close (fd);
}
