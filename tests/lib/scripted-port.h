/* SPDX-License-Identifier: Apache-2.0 */
/* A serial device that exists only in the test: a pty, and a far end that is a script or a function. Bytes, not text:
 * NUL is a byte like any other. The far end answers from the test's own main loop: no thread, no sleep.
 */
#pragma once

#include <glib.h>

typedef struct _TwScriptedPort TwScriptedPort;

/* Called with what came since it last consumed something; returns how many bytes it consumed, and adds its answer. */
typedef gsize (*TwScriptedAnswer) (const guint8 *heard, gsize n, GByteArray *answer, gpointer user_data);

TwScriptedPort *tw_scripted_port_new (void);
void            tw_scripted_port_free (TwScriptedPort *self);   /* asserts that the script was used up */

/* What the code under test opens; stays the same across hang-up and return (a symlink in a folder of its own). */
const char     *tw_scripted_port_path (TwScriptedPort *self);

/* One turn: exactly request must come, then reply goes out. Length -1: a string. reply NULL: silence. */
void            tw_scripted_port_expect (TwScriptedPort *self, const void *request, gssize request_len,
                                         const void *reply, gssize reply_len);
/* Instead of a script. */
void            tw_scripted_port_answer_with (TwScriptedPort *self, TwScriptedAnswer answer, gpointer user_data);

void            tw_scripted_port_say (TwScriptedPort *self, const void *bytes, gssize n);       /* unasked */
/* Bytes per write, 1 ms between them; 0: whole. */
void            tw_scripted_port_set_chunk (TwScriptedPort *self, gsize n_bytes);
void            tw_scripted_port_set_delay_ms (TwScriptedPort *self, guint ms);   /* before each reply */
gboolean        tw_scripted_port_is_done (TwScriptedPort *self);                  /* script used up, everything said */

/* Cable pulled: path and pty are gone; and back: another pty at the same path. */
void            tw_scripted_port_hang_up (TwScriptedPort *self);
void            tw_scripted_port_come_back (TwScriptedPort *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwScriptedPort, tw_scripted_port_free)
