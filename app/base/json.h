/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in, as a bounded tree that keeps what the sender wrote: each number's source text, each value's path.
 * JSON out, through yajl_gen. Money never passes through a double, because nothing here makes one.
 *
 * Refused with TW_ERROR_BAD_DATA and a message that names line, column and path: duplicate keys, depth or size
 * above the limits, invalid UTF-8, lone surrogates, NUL inside strings, bytes after the value. Any thread.
 */
#pragma once

#include <glib.h>

typedef enum { TW_JSON_NULL, TW_JSON_BOOL, TW_JSON_NUMBER, TW_JSON_STRING, TW_JSON_ARRAY, TW_JSON_OBJECT } TwJsonType;

typedef struct { gsize max_bytes; guint max_depth; gsize max_values; } TwJsonLimits;
extern const TwJsonLimits TW_JSON_SMALL;   /* a message: 16 KiB, depth 16, 2,000 values */
extern const TwJsonLimits TW_JSON_LARGE;   /* a document: 1 MiB, depth 32, 50,000 values */

typedef struct _TwJson TwJson;

/* The root; nodes below it belong to it and live as long. */
TwJson       *tw_json_parse (const char *text, gsize len, const TwJsonLimits *limits, GError **error);
void          tw_json_free (TwJson *root);

TwJsonType    tw_json_type (const TwJson *self);
const TwJson *tw_json_member (const TwJson *object, const char *name);      /* NULL: absent, or self not an object */
guint         tw_json_length (const TwJson *self);                           /* members or elements; else 0 */
const TwJson *tw_json_element (const TwJson *self, guint i);                 /* of an array or an object */
const char   *tw_json_member_name (const TwJson *object, guint i);
const char   *tw_json_string (const TwJson *self);                           /* NULL: not a string (or self NULL) */
const char   *tw_json_number_text (const TwJson *self);                      /* as written; NULL: not a number */
gboolean      tw_json_is_true (const TwJson *self);
char         *tw_json_path (const TwJson *self);                             /* "$.elements[0].price" */

/* Required members: FALSE or NULL sets TW_ERROR_BAD_DATA with the path and what was expected. */
const char   *tw_json_get_string (const TwJson *object, const char *name, GError **error);
/* Neither fraction nor exponent. */
gboolean      tw_json_get_int64 (const TwJson *object, const char *name, gint64 *value, GError **error);
const TwJson *tw_json_get (const TwJson *object, const char *name, TwJsonType type, GError **error);
/* Every member's name must be in the NULL-terminated list. */
gboolean      tw_json_only (const TwJson *object, const char *const *names, GError **error);

typedef struct _TwJsonOut TwJsonOut;

TwJsonOut *tw_json_out_new (void);                  /* compact; members in the order they are written */
void       tw_json_out_free (TwJsonOut *self);
void       tw_json_out_begin_object (TwJsonOut *self, const char *key);   /* key NULL: inside an array, or the root */
void       tw_json_out_begin_array (TwJsonOut *self, const char *key);
void       tw_json_out_end (TwJsonOut *self);                             /* of the innermost object or array */
void       tw_json_out_string (TwJsonOut *self, const char *key, const char *value);   /* value NULL: null */
void       tw_json_out_int64 (TwJsonOut *self, const char *key, gint64 value);
void       tw_json_out_number (TwJsonOut *self, const char *key, const char *text);    /* a number's exact text */
void       tw_json_out_bool (TwJsonOut *self, const char *key, gboolean value);
void       tw_json_out_copy (TwJsonOut *self, const char *key, const TwJson *value);   /* a whole parsed value */
GBytes    *tw_json_out_finish (TwJsonOut *self);    /* closes what is open; the text, not NUL-terminated in length */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwJson, tw_json_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwJsonOut, tw_json_out_free)
