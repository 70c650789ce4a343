/* SPDX-License-Identifier: Apache-2.0 */
/* The "name=value" part of a control command: members of its JSON object, as text, whether they came as string, number
 * or truth value. Complaints name what is accepted. Pure.
 */
#pragma once

#include "app/base/json.h"

/* NULL: not given. */
const char *tw_options_text (const TwJson *options, const char *name);
/* FALSE: not a whole number within the bounds. otherwise: when not given. */
gboolean    tw_options_number (const TwJson *options, const char *name, gint64 least, gint64 most, gint64 otherwise,
                               gint64 *value, GError **error);
/* Every option (besides "cmd" and "words") must be in the list "a b c". */
gboolean    tw_options_only (const TwJson *options, const char *names, GError **error);
/* Always FALSE, with BAD_DATA. */
gboolean    tw_options_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
