/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is written beside its name and then put in its place, so that whoever opens
 * it finds it whole, and a run that stops leaves the one of the run before. */
#pragma once

#include <glib.h>
#include <stdio.h>

typedef struct { char *name, *draft; FILE *file; } TwNewFile;   /* zeros: none */

/* RETRY: it cannot be made. */
gboolean tw_new_file_open   (TwNewFile *self, const char *directory, const char *name, GError **error);
/* All of it is with the kernel, and nothing more can be written. */
gboolean tw_new_file_finish (TwNewFile *self, GError **error);
/* After finish. */
gboolean tw_new_file_place  (TwNewFile *self, GError **error);
/* What is not in its place by now is taken away. */
void     tw_new_file_clear  (TwNewFile *self);
