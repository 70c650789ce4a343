/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/naming.h"

#include "app/base/json.h"

#include <string.h>

typedef struct
{
  TwNamingFunc func;
  gpointer     user_data;
  gboolean     stopped;
} Naming;

static gboolean
is_hash (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
names_blobs (const char *member)
{
  return g_strcmp0 (member, "tariff") == 0 || g_strcmp0 (member, "seller") == 0 ||
         (member != NULL && g_str_has_suffix (member, "_blob"));
}

/* Depth is bounded by the limits of the parse. */
static void
look_into (Naming       *naming,
           const TwJson *value,
           const char   *name)
{
  const char *text = tw_json_string (value);
  gboolean is_object = tw_json_type (value) == TW_JSON_OBJECT;

  if (is_hash (text))
    naming->stopped = !naming->func (text, names_blobs (name), naming->user_data);

  for (guint i = 0; i < tw_json_length (value) && !naming->stopped; i++)
    look_into (naming, tw_json_element (value, i), is_object ? tw_json_member_name (value, i) : name);
}

void
tw_naming_each (const char   *payload,
                gsize         len,
                TwNamingFunc  func,
                gpointer      user_data)
{
  g_autoptr (TwJson) json = len > 0 ? tw_json_parse (payload, len, &TW_JSON_LARGE, NULL) : NULL;
  Naming naming = { .func = func, .user_data = user_data };

  if (json != NULL)
    look_into (&naming, json, NULL);
}
