/* SPDX-License-Identifier: Apache-2.0 */
/* A running tapwatt-reader and our end of its socket: started by us, or by systemd behind a socket of its own. Main
 * thread only.
 */
#pragma once

#include <gio/gio.h>

typedef struct _TwReaderProcess TwReaderProcess;

/* GONE: cannot be started; nobody listens. "--socket-fd N" is added to argv. */
TwReaderProcess *tw_reader_process_spawn (const char *const *argv, GError **error);
TwReaderProcess *tw_reader_process_connect (const char *path, GError **error);

int              tw_reader_process_fd (TwReaderProcess *self);        /* non-blocking */

void             tw_reader_process_kill (TwReaderProcess *self);      /* it is confused: at once. Frees self */
void             tw_reader_process_end (TwReaderProcess *self);       /* at most 1 s: it may switch its field off */
