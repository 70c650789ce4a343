/* SPDX-License-Identifier: Apache-2.0 */
/* Which reader a file goes to: the one that was asked for, if the file is of that format, else the one whose format it
 * is. This folder's own.
 */
#pragma once

#include "payment/reconcile/readers/readers.h"
#include "payment/reconcile/readers/recognise.h"

typedef gboolean (*TwReadFile) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                                TwImport *import, GError **error);

/* kind UNKNOWN: of any table, because a mapping says what is in it. */
typedef struct { const char *format; TwFileKind kind; TwReadFile read; } TwFormat;

/* mapped: the format of what no other one recognises, where there is a mapping. what: "a settlement file". NULL:
 * BAD_DATA. */
TwReadFile tw_choose (const TwFormat *formats, guint n, const char *mapped, const char *what, const char *path,
                      const TwProfile *profile, GError **error);
