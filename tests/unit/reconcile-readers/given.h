/* SPDX-License-Identifier: Apache-2.0 */
/* Files for readers, and what must be said of bad ones. */
#pragma once

#include <glib.h>

/* A file of its own with these bytes; n -1: text. given_remove() removes it and frees the path. */
char *given_file (const char *bytes, gssize n);
void  given_remove (char *path);

typedef char GivenFile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GivenFile, given_remove)

/* BAD_DATA, and each of the parts, separated by "|", is in the message. */
void  assert_refused (const GError *error, const char *parts);
