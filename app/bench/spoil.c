/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/spoil.h"

#include <string.h>

#define DEEP     250000
#define TOO_DEEP 300000

static GBytes *
brackets (gsize n)
{
  char *text = g_malloc (n);

  memset (text, '[', n);

  return g_bytes_new_take (text, n);
}

/* {"id":"1"} becomes {"id":null,"id":"1"}. What is no object stays. */
static GBytes *
name_twice (GBytes *body)
{
  gsize n;
  const char *text = g_bytes_get_data (body, &n);
  const char *end = n > 2 && text[0] == '{' && text[1] == '"' ? memchr (text + 2, '"', n - 2) : NULL;
  GString *twice;

  if (end == NULL)
    return g_bytes_ref (body);

  twice = g_string_new_len (text, end + 1 - text);
  g_string_append (twice, ":null,");
  g_string_append_len (twice, text + 1, n - 1);

  return g_string_free_to_bytes (twice);
}

GBytes *
tw_spoil (TwFaultKind kind,
          GBytes     *body)
{
  if (kind == TW_FAULT_TRUNCATE)
    return g_bytes_new_from_bytes (body, 0, g_bytes_get_size (body) / 2);
  if (kind == TW_FAULT_DEEP)
    return brackets (DEEP);
  if (kind == TW_FAULT_TOO_DEEP)
    return brackets (TOO_DEEP);
  if (kind == TW_FAULT_TWICE_NAMED)
    return name_twice (body);

  return g_bytes_ref (body);
}
