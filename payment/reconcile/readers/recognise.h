/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, by its first bytes: so that a wrong one is named, not half-read. This folder's own. */
#pragma once

#include <glib.h>

typedef enum
{
  TW_FILE_UNKNOWN, TW_FILE_ADYEN, TW_FILE_STRIPE, TW_FILE_CYBERSOURCE, TW_FILE_CYBERSOURCE_XML, TW_FILE_ZVT,
  TW_FILE_CAMT_053, TW_FILE_CAMT_054, TW_FILE_OTHER, TW_N_FILE_KINDS
} TwFileKind;

/* what: "an Adyen settlement details report", static; also of files that nobody here reads (MT940, a spreadsheet, a
 * journal). GONE, BAD_DATA: it cannot be read. */
gboolean    tw_recognise (const char *path, TwFileKind *kind, const char **what, GError **error);
