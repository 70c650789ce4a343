/* SPDX-License-Identifier: Apache-2.0 */
/* Files for readers, and what must be said of bad ones. */
#pragma once

#include "payment/reconcile/readers/readers.h"

/* A file of its own with these bytes; n -1: text. given_remove() removes it and frees the path. */
char *given_file (const char *bytes, gssize n);
void  given_remove (char *path);

typedef char GivenFile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GivenFile, given_remove)

/* What a reader hands over, a line each: see given.c. NULL and error: it refused. */
typedef gboolean (*GivenReader) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                                 TwImport *import, GError **error);
char *given_read (GivenReader reader, const char *path, const TwProfile *profile, GError **error);

/* Both at once, of a file with these bytes. */
void  assert_reads (GivenReader reader, const TwProfile *profile, const char *bytes, const char *rows);
void  assert_refuses (GivenReader reader, const TwProfile *profile, const char *bytes, const char *parts);
/* The first occurrence of from; it is there. Free with g_free(). */
char *given_change (const char *text, const char *from, const char *to);

/* BAD_DATA, and each of the parts, separated by "|", is in the message. */
void  assert_refused (const GError *error, const char *parts);
