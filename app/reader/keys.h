/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of cards' fingerprints, newest epoch first: the reader alone can read their file. Any thread. */
#pragma once

#include <glib.h>

#define TW_EPOCHS_MOST 2

typedef struct
{
  struct { char *name; GBytes *key; } epochs[TW_EPOCHS_MOST];    /* key: 32 bytes, a tw_secret_new() */
  guint n;
} TwEpochKeys;

/* One line an epoch, "name hex" with 64 digits; empty lines and # comments are skipped. BAD_DATA names file and
 * line, and is also a file that others than its owner and group can read. */
gboolean tw_epoch_keys_load (TwEpochKeys *self, const char *path, GError **error);
void     tw_epoch_keys_clear (TwEpochKeys *self);
