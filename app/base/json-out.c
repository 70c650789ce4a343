/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/json-private.h"

#include "app/base/bytes.h"

#include <string.h>
#include <yajl/yajl_gen.h>

struct _TwJsonOut
{
  yajl_gen gen;
  GString *open; /* '{' and '[', innermost last */
};

/* Whoever writes decides the structure: a wrong call is a bug of ours, never of the data. */
static void
check (yajl_gen_status status)
{
  if (status != yajl_gen_status_ok)
    g_error ("JSON written in an impossible order (yajl_gen_status %d)", (int) status);
}

static void
put_string (TwJsonOut  *self,
            const char *text)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate (text, -1, NULL)) /* a message from outside, at worst: U+FFFD marks the place */
    text = valid = g_utf8_make_valid (text, -1);
  check (yajl_gen_string (self->gen, (const unsigned char *) text, strlen (text)));
}

static void
put_key (TwJsonOut  *self,
         const char *key)
{
  gboolean in_object = self->open->len > 0 && self->open->str[self->open->len - 1] == '{';

  g_assert ((key != NULL) == in_object);
  if (key)
    put_string (self, key);
}

TwJsonOut *
tw_json_out_new (void)
{
  TwJsonOut *self = g_new0 (TwJsonOut, 1);

  self->gen = yajl_gen_alloc (&tw_json_memory);
  self->open = g_string_new (NULL);

  return self;
}

void
tw_json_out_free (TwJsonOut *self)
{
  if (self == NULL)
    return;

  yajl_gen_free (self->gen);
  g_string_free (self->open, TRUE);
  g_free (self);
}

void
tw_json_out_begin_object (TwJsonOut  *self,
                          const char *key)
{
  put_key (self, key);
  check (yajl_gen_map_open (self->gen));
  g_string_append_c (self->open, '{');
}

void
tw_json_out_begin_array (TwJsonOut  *self,
                         const char *key)
{
  put_key (self, key);
  check (yajl_gen_array_open (self->gen));
  g_string_append_c (self->open, '[');
}

void
tw_json_out_end (TwJsonOut *self)
{
  g_assert (self->open->len > 0);

  if (self->open->str[self->open->len - 1] == '{')
    check (yajl_gen_map_close (self->gen));
  else
    check (yajl_gen_array_close (self->gen));
  g_string_truncate (self->open, self->open->len - 1);
}

static void
put_null (TwJsonOut  *self,
          const char *key)
{
  put_key (self, key);
  check (yajl_gen_null (self->gen));
}

void
tw_json_out_string (TwJsonOut  *self,
                    const char *key,
                    const char *value)
{
  if (value == NULL)
    {
      put_null (self, key);
      return;
    }

  put_key (self, key);
  put_string (self, value);
}

void
tw_json_out_int64 (TwJsonOut  *self,
                   const char *key,
                   gint64      value)
{
  put_key (self, key);
  check (yajl_gen_integer (self->gen, value));
}

/* RFC 8259 section 6. */
static gboolean
is_number (const char *text)
{
  const char *c = text + (*text == '-');
  gsize n = strspn (c, G_CSET_DIGITS);

  if (n == 0 || (*c == '0' && n > 1))
    return FALSE;
  c += n;
  if (*c == '.')
    {
      n = strspn (++c, G_CSET_DIGITS);
      c += n;
    }
  if (n > 0 && (*c == 'e' || *c == 'E'))
    {
      c++;
      c += *c == '-' || *c == '+';
      n = strspn (c, G_CSET_DIGITS);
      c += n;
    }

  return n > 0 && *c == '\0';
}

void
tw_json_out_number (TwJsonOut  *self,
                    const char *key,
                    const char *text)
{
  g_assert (is_number (text));

  put_key (self, key);
  check (yajl_gen_number (self->gen, text, strlen (text)));
}

void
tw_json_out_bool (TwJsonOut  *self,
                  const char *key,
                  gboolean    value)
{
  put_key (self, key);
  check (yajl_gen_bool (self->gen, value));
}

static void
copy_items (TwJsonOut    *self,
            const TwJson *value)
{
  for (guint i = 0; i < tw_json_length (value); i++)
    tw_json_out_copy (self, tw_json_member_name (value, i), tw_json_element (value, i));
  tw_json_out_end (self);
}

void
tw_json_out_copy (TwJsonOut    *self,
                  const char   *key,
                  const TwJson *value)
{
  switch (tw_json_type (value))
    {
    case TW_JSON_NULL:
      put_null (self, key);
      break;
    case TW_JSON_BOOL:
      tw_json_out_bool (self, key, tw_json_is_true (value));
      break;
    case TW_JSON_NUMBER:
      tw_json_out_number (self, key, tw_json_number_text (value));
      break;
    case TW_JSON_STRING:
      tw_json_out_string (self, key, tw_json_string (value));
      break;
    case TW_JSON_ARRAY:
      tw_json_out_begin_array (self, key);
      copy_items (self, value);
      break;
    case TW_JSON_OBJECT:
      tw_json_out_begin_object (self, key);
      copy_items (self, value);
      break;
    }
}

static void
free_text (gpointer data)
{
  tw_json_memory.free (NULL, data);
}

GBytes *
tw_json_out_finish (TwJsonOut *self)
{
  const unsigned char *text;
  gsize n;
  char *copy;

  while (self->open->len > 0)
    tw_json_out_end (self);
  check (yajl_gen_get_buf (self->gen, &text, &n));
  copy = tw_json_memory.malloc (NULL, n + 1);
  memcpy (copy, text, n);
  copy[n] = '\0';

  return g_bytes_new_with_free_func (copy, n, free_text, copy);
}
