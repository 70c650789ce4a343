/* SPDX-License-Identifier: Apache-2.0 */
/* A strip of paper: lines of a fixed number of columns. What is not printable becomes '?', so that no text from
 * outside can move a printer or a terminal. This folder's own.
 */
#pragma once

#include <glib.h>

typedef struct { GString *text; guint columns; } TwPage;

void tw_page_rule (TwPage *self, char mark);
void tw_page_blank (TwPage *self);
void tw_page_centre (TwPage *self, const char *text);                        /* wrapped if it has to be */
void tw_page_paragraph (TwPage *self, guint indent, const char *text);
void tw_page_remark (TwPage *self, const char *mark, const char *text);      /* mark before the first line only */
void tw_page_pair (TwPage *self, const char *left, const char *right);       /* right below if it has to be */
guint tw_page_width (const char *text);                                      /* columns that it takes */
/* One line of printable characters, single spaces between words. */
char *tw_page_clean (const char *text);
