/* SPDX-License-Identifier: Apache-2.0 */
/* One line of an export: an entry or a blob, as JSON. Pure. Private to payment/journal. */
#pragma once

#include "payment/journal/entry.h"

#define TW_LINE_MAX (4 * 1024 * 1024)   /* the largest blob and the largest payload fit, however they are escaped */

typedef struct
{
  TwEntry *entry;       /* either this */
  char    *blob_hash;   /* or these two */
  GBytes  *blob;
} TwLine;

/* With the line feed at the end. */
GBytes  *tw_line_of_entry (const TwEntry *entry);
GBytes  *tw_line_of_blob (const char *hash, GBytes *bytes);

/* text: without the line feed. BAD_DATA: not exactly the members that an export has. Hashes are not looked at. */
gboolean tw_line_parse (const char *text, gsize len, TwLine *line, GError **error);
void     tw_line_clear (TwLine *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwLine, tw_line_clear)
