/* SPDX-License-Identifier: Apache-2.0 */
/* The words of an order, for the stand's devices. Pure. */
#pragma once

#include <glib.h>

/* A whole number from least to most in words[i]; BAD_DATA names the word and the range. */
gboolean tw_stand_number (const char *const *words, guint i, gint64 least, gint64 most, gint64 *value, GError **error);
/* Always FALSE, with the device's help. */
gboolean tw_stand_usage (const char *device, const char *help, GError **error);
