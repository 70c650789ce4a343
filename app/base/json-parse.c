/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/json-private.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>
#include <yajl/yajl_parse.h>

typedef struct
{
  gsize pos;          /* bytes before it */
  guint line, column; /* from 1; columns count characters */
} Place;

typedef struct
{
  const char         *text;
  gsize               len;
  const TwJsonLimits *limits;
  yajl_handle         yajl;
  Place               place;     /* moves forward only */
  gsize               token_end; /* of the last token that called back */
  gboolean            finishing; /* yajl reads past our text: its offsets mean nothing */
  gsize               n_values;
  guint               depth;
  TwJson             *root;
  TwJson             *open;      /* the innermost open container */
  char               *key;       /* waits for its value */
  GError             *error;
} Parser;

static void
move_to (Parser *self,
         gsize   pos)
{
  for (; self->place.pos < MIN (pos, self->len); self->place.pos++)
    {
      guchar c = self->text[self->place.pos];

      if (c == '\n')
        {
          self->place.line++;
          self->place.column = 1;
        }
      else if ((c & 0xc0) != 0x80) /* not a UTF-8 continuation byte */
        self->place.column++;
    }
}

/* Always 0: yajl's "stop". */
static int G_GNUC_PRINTF (2, 3)
refuse (Parser     *self,
        const char *format,
        ...)
{
  g_autofree char *path = tw_json_path_of_next (self->open, self->key);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  g_clear_error (&self->error);
  g_set_error (&self->error, TW_ERROR, TW_ERROR_BAD_DATA, "line %u, column %u, %s: %s",
               self->place.line, self->place.column, path, what);
  return 0;
}

static gboolean
is_between_tokens (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
}

/* Moves to the first character of the token that calls back. */
static void
begin_token (Parser *self)
{
  gsize pos = self->token_end;

  while (pos < self->len && is_between_tokens (self->text[pos]))
    pos++;
  move_to (self, pos);
  self->token_end = self->finishing ? self->len : yajl_get_bytes_consumed (self->yajl);
}

static TwJson *
add_text (Parser     *self,
          TwJsonType  type,
          const char *text,
          gsize       n)
{
  TwJson *node;

  if (++self->n_values > self->limits->max_values)
    {
      refuse (self, "more than %" G_GSIZE_FORMAT " values", self->limits->max_values);
      return NULL;
    }

  node = tw_json_node_new (type, self->open, g_steal_pointer (&self->key), text, n);
  node->line = self->place.line;
  node->column = self->place.column;
  if (self->open == NULL)
    self->root = node;

  return node;
}

static TwJson *
add_value (Parser     *self,
           TwJsonType  type)
{
  return add_text (self, type, NULL, 0);
}

/* Four hex digits, which the lexer has seen. */
static guint
code_unit (const char *digits)
{
  return g_ascii_xdigit_value (digits[0]) << 12 | g_ascii_xdigit_value (digits[1]) << 8
         | g_ascii_xdigit_value (digits[2]) << 4 | g_ascii_xdigit_value (digits[3]);
}

/* yajl replaces a lone high surrogate by "?", pairs it with whatever escape follows, and encodes a lone low one
 * as if it were a character (RFC 3629 section 3 forbids that). So the source is looked at, between its quotes. */
static int
check_escapes (Parser *self)
{
  gsize end = self->token_end - 1;

  if (memchr (self->text + self->place.pos, '\\', self->token_end - self->place.pos) == NULL)
    return 1;

  for (gsize i = self->place.pos + 1; i + 1 < end;)
    {
      const char *c = self->text + i;
      guint unit;

      i += *c == '\\' ? 2 : 1;
      if (c[0] != '\\' || c[1] != 'u')
        continue;

      i += 4;
      unit = code_unit (c + 2);
      if ((unit & 0xfc00) == 0xd800 && i + 6 <= end && c[6] == '\\' && c[7] == 'u'
          && (code_unit (c + 8) & 0xfc00) == 0xdc00)
        {
          i += 6;
          continue;
        }
      if (unit != 0 && (unit & 0xf800) != 0xd800)
        continue;

      move_to (self, c - self->text);
      return refuse (self, unit == 0 ? "a NUL character in a string" : "half of a surrogate pair in a string");
    }

  return 1;
}

static int
on_null (void *data)
{
  begin_token (data);
  return add_value (data, TW_JSON_NULL) != NULL;
}

static int
on_boolean (void *data,
            int   truth)
{
  TwJson *node;

  begin_token (data);
  node = add_value (data, TW_JSON_BOOL);
  if (node == NULL)
    return 0;

  node->truth = truth != 0;
  return 1;
}

static int
on_number (void       *data,
           const char *text,
           size_t      n)
{
  begin_token (data);
  return add_text (data, TW_JSON_NUMBER, text, n) != NULL;
}

static int
on_string (void                *data,
           const unsigned char *text,
           size_t               n)
{
  begin_token (data);
  return check_escapes (data) && add_text (data, TW_JSON_STRING, (const char *) text, n) != NULL;
}

static int
on_key (void                *data,
        const unsigned char *text,
        size_t               n)
{
  Parser *self = data;

  begin_token (self);
  if (!check_escapes (self))
    return 0;

  self->key = g_strndup ((const char *) text, n);
  if (tw_json_member (self->open, self->key))
    return refuse (self, "the same name a second time in one object");

  return 1;
}

static int
open_container (Parser     *self,
                TwJsonType  type)
{
  TwJson *node;

  begin_token (self);
  if (self->depth >= self->limits->max_depth)
    return refuse (self, "nested deeper than %u", self->limits->max_depth);
  node = add_value (self, type);
  if (node == NULL)
    return 0;

  self->depth++;
  self->open = node;
  return 1;
}

static int
on_start_map (void *data)
{
  return open_container (data, TW_JSON_OBJECT);
}

static int
on_start_array (void *data)
{
  return open_container (data, TW_JSON_ARRAY);
}

static int
on_end (void *data)
{
  Parser *self = data;

  begin_token (self);
  self->open = self->open->parent;
  self->depth--;
  return 1;
}

/* yajl does not look closely: it takes overlong forms and code points beyond Unicode for UTF-8. */
static gboolean
check_text (Parser *self)
{
  const char *end;

  if (self->len > self->limits->max_bytes)
    return refuse (self, "%" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT " are accepted",
                   self->len, self->limits->max_bytes);
  if (g_utf8_validate_len (self->text, self->len, &end))
    return TRUE;

  move_to (self, end - self->text);
  return refuse (self, *end == '\0' ? "a NUL byte" : "not UTF-8");
}

static void
refuse_by_yajl (Parser *self)
{
  unsigned char *message = yajl_get_error (self->yajl, 0, NULL, 0);
  gsize consumed = yajl_get_bytes_consumed (self->yajl);

  if (self->finishing)
    move_to (self, self->len);
  else if (consumed > 0)
    move_to (self, consumed - 1); /* the last byte of the token that does not fit */
  refuse (self, "%s", g_strchomp ((char *) message));
  yajl_free_error (self->yajl, message);
}

static void
run (Parser *self)
{
  static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
  };
  yajl_status status;

  self->yajl = yajl_alloc (&callbacks, (yajl_alloc_funcs *) &tw_json_memory, self);
  status = yajl_parse (self->yajl, (const unsigned char *) self->text, self->len);
  if (status == yajl_status_ok)
    {
      self->finishing = TRUE;
      status = yajl_complete_parse (self->yajl);
    }
  if (status == yajl_status_error)
    refuse_by_yajl (self);
  yajl_free (self->yajl);
}

TwJson *
tw_json_parse (const char          *text,
               gsize                len,
               const TwJsonLimits  *limits,
               GError             **error)
{
  /* An empty GBytes has NULL for its data. */
  Parser parser = { .text = text ? text : "", .len = len, .limits = limits, .place = { 0, 1, 1 } };

  if (check_text (&parser))
    run (&parser);

  g_free (parser.key);
  if (parser.error == NULL)
    return parser.root;

  g_propagate_error (error, parser.error);
  tw_json_free (parser.root);
  return NULL;
}
