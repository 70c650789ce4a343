/* SPDX-License-Identifier: Apache-2.0 */
/* An export, read back: line by line, so that its size does not matter. Private to payment/journal. */
#pragma once

#include "payment/journal/journal.h"
#include "payment/journal/line.h"

/* offset: of the line's first byte. Return FALSE to stop. */
typedef gboolean (*TwLineFunc) (const TwLine *line, guint64 offset, gpointer user_data);

/* BAD_DATA names the line. */
gboolean   tw_export_read (GInputStream *in, TwLineFunc func, gpointer user_data, GError **error);

/* Read-only; each question reads the file anew. */
TwJournal *tw_export_open (const char *path);
