/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of one group of a card's profile, read with complaints that name file, group and key. Any thread. */
#pragma once

#include <glib.h>

typedef struct
{
  GKeyFile   *file;
  const char *name;  /* of the file */
  const char *group; /* the one that is read now */
  GError    **error;
} TwProfileReader;

/* Always FALSE, with BAD_DATA. */
gboolean tw_profile_blame (TwProfileReader *reader, const char *key, const char *why);

/* The text of a key without blanks around it; NULL when it is absent. */
char    *tw_profile_text (TwProfileReader *reader, const char *key);

/* All of these leave the value as it is when the key is absent. */
gboolean tw_profile_hex (TwProfileReader *reader, const char *key, gsize min, gsize max, GBytes **value);
gboolean tw_profile_number (TwProfileReader *reader, const char *key, guint max, guint *value);
gboolean tw_profile_digits (TwProfileReader *reader, const char *key, gsize min, gsize max, char **value);
gboolean tw_profile_tags (TwProfileReader *reader, const char *key, GArray *tags);           /* of guint32 */
gboolean tw_profile_status_words (TwProfileReader *reader, const char *key, GArray *words);  /* of guint16 */

/* Every key of the group must be in the NULL-terminated list. */
gboolean tw_profile_only (TwProfileReader *reader, const char *const *known);
