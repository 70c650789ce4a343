/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that begin with '$' and end with CR, out of a stream of bytes. Pure: no I/O, no allocation. Any thread.
 *
 * '$' always begins anew, as the controller's own parser does: what stood before it was noise. Printable ASCII only;
 * any other byte, or more than TW_PORT_LINE_MAX bytes, throws the line away up to the next '$'.
 */
#pragma once

#include <glib.h>

#define TW_PORT_LINE_MAX 120

typedef struct
{
  char     text[TW_PORT_LINE_MAX + 1];  /* after a TRUE of the push: with its '$', without CR, NUL-terminated */
  gsize    len;
  gboolean inside;
  guint64  thrown_away;            /* bytes that belonged to no line, since the start */
} TwPortLine;

void     tw_port_line_reset (TwPortLine *self);

/* One byte in; TRUE: a line is complete in self->text and stays until the next push. */
gboolean tw_port_line_push (TwPortLine *self, guint8 byte);
