/* SPDX-License-Identifier: Apache-2.0 */
/* How tapwatt.conf is read: files with their lines (config-file.c), the table of keys (config-keys.c), and what must
 * hold between keys (config.c). Not for other folders.
 */
#pragma once

#include "app/base/config.h"

typedef struct
{
  char       *path;
  char       *dir;    /* what its relative paths are relative to */
  GBytes     *bytes;
  GKeyFile   *keys;
  GHashTable *lines;  /* "group\nkey" or "group" -> line, from 1 */
} TwConfigFile;

TwConfigFile *tw_config_file_load (const char *path, GError **error);
void          tw_config_file_free (gpointer self);
guint         tw_config_file_line (const TwConfigFile *self, const char *group, const char *key /* or NULL */);

/* All files, the later ones winning. */
typedef struct
{
  GPtrArray *files;   /* of TwConfigFile */
} TwConfigSource;

/* The file that decides; NULL: nobody says it. key NULL: the group at all. */
const TwConfigFile *tw_config_source_find (const TwConfigSource *self, const char *group, const char *key);
/* "FILE:LINE: [group] key = value: ..." as TW_ERROR_BAD_DATA; always FALSE. */
gboolean tw_config_source_refuse (const TwConfigSource *self, GError **error, const char *group, const char *key,
                                  const char *format, ...) G_GNUC_PRINTF (5, 6);

typedef enum
{
  TW_CONFIG_TEXT,     /* char *: matches pattern */
  TW_CONFIG_PATH,     /* char *: made absolute */
  TW_CONFIG_CHOICE,   /* char *: one of the words in accepted */
  TW_CONFIG_SWITCH,   /* gboolean: the second of the two words in accepted */
  TW_CONFIG_COUNT,    /* guint: least to most */
  TW_CONFIG_AMOUNT,   /* gint64: least to most */
  TW_CONFIG_SECONDS,  /* gint64 milliseconds: least to most */
  TW_CONFIG_TENTHS,   /* guint, tenths: least to most */
  TW_CONFIG_ZONE,     /* char *: a time zone that this machine knows */
} TwConfigKind;

typedef struct
{
  const char *group, *name;
  TwConfigKind kind;
  gsize       offset;
  const char *fallback;        /* what counts when nobody says it; "": must be said; NULL: nothing does */
  gint64      least, most;
  const char *pattern;
  const char *accepted;        /* for the message, unless the kind says it all */
} TwConfigKey;

/* Stores a value, a copy, in the key's field of its record; dir is for paths. FALSE: not among the accepted. */
gboolean tw_config_key_store (const TwConfigKey *self, const char *value, const char *dir, gpointer record);
void     tw_config_key_clear (const TwConfigKey *self, gpointer record);
char    *tw_config_key_accepted (const TwConfigKey *self);      /* "accepted are off, test" */
int      tw_config_choice_index (const char *choices, const char *value);  /* in "a, b, c"; -1: none */

/* Groups and keys that are in no table. */
gboolean tw_config_check_known (const TwConfigSource *self, GError **error);
/* Fills every field of the groups that are there, or always needed. */
gboolean tw_config_fill_station (const TwConfigSource *self, TwConfig *config, GError **error);
gboolean tw_config_fill_connector (const TwConfigSource *self, guint number, TwConnectorConfig *connector,
                                   GError **error);
void     tw_config_clear_station (TwConfig *config);
void     tw_config_clear_connector (TwConnectorConfig *connector);
