/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in columns that are as wide as their widest cell, with notes between them; for people. */
#pragma once

#include <glib.h>

typedef struct _TwSheet TwSheet;

/* titles: one for each column, NULL-terminated. One that begins with ">" has its cells to the right. */
TwSheet *tw_sheet_new (const char *const *titles);
void     tw_sheet_free (TwSheet *self);

/* cells: one for each column. NULL, or cells that end early: empty ones. Control characters are made visible. */
void     tw_sheet_add (TwSheet *self, const char *const *cells);
/* A line of its own below what was added last. */
void     tw_sheet_note (TwSheet *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void     tw_sheet_append_to (TwSheet *self, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSheet, tw_sheet_free)
