/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/container-private.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/ocmf/encoding.h"

#include <string.h>

static const char HEADER[] = "OCMF|";

enum { MAX_SHOWN = 60 };

static void
bytes_unref (gpointer data)
{
  g_bytes_unref (data);
}

static void
key_free (gpointer data)
{
  tw_ocmf_key_free (data);
}

static void
stray_clear (gpointer data)
{
  g_free (((TwOcmfStray *) data)->what);
}

static gboolean
is_white (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static gsize
skip_white (const char *text,
            gsize       at,
            gsize       len)
{
  while (at < len && is_white (text[at]))
    at++;

  return at;
}

static gboolean
begins_record (const char *text,
               gsize       len)
{
  return len >= strlen (HEADER) && memcmp (text, HEADER, strlen (HEADER)) == 0;
}

static gsize
end_of_line (const char *text,
             gsize       at,
             gsize       len)
{
  const char *end = memchr (text + at, '\n', len - at);

  return end == NULL ? len : (gsize) (end - text) + 1;
}

static guint
count_lines (const char *text,
             gsize       len)
{
  guint n = 0;

  for (gsize i = 0; i < len; i = end_of_line (text, i, len))
    n += text[end_of_line (text, i, len) - 1] == '\n';

  return n;
}

void
tw_ocmf_container_add_stray (TwOcmfContainer *self,
                             guint            line,
                             const char      *text,
                             gsize            len,
                             const char      *hint)
{
  g_autofree char *copy = NULL;
  g_autofree char *shown = NULL;
  TwOcmfStray stray = { .line = line };

  if (self->n_strays++ >= TW_OCMF_MAX_STRAYS)
    return;

  copy = g_strndup (text, MIN (len, 4 * MAX_SHOWN));
  shown = tw_text_printable (g_strchomp (copy), MAX_SHOWN);
  stray.what = hint == NULL ? g_steal_pointer (&shown) : g_strdup_printf ("%s: %s", hint, shown);
  g_array_append_val (self->strays, stray);
}

const TwOcmfKey *
tw_ocmf_container_key (TwOcmfContainer *self,
                       const char      *text)
{
  TwOcmfKey *key = g_hash_table_lookup (self->keys, text);

  if (key == NULL)
    {
      key = tw_ocmf_key_new (text, strlen (text));
      g_hash_table_insert (self->keys, g_strdup (text), key);
    }

  return key;
}

static gboolean
add_item (TwOcmfContainer   *self,
          const TwOcmfItem  *item,
          GError           **error)
{
  if (self->items->len == TW_OCMF_MAX_ITEMS)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more than %d records; split the file", TW_OCMF_MAX_ITEMS);
      return FALSE;
    }

  g_array_append_val (self->items, *item);
  return TRUE;
}

/* One after the closing brace of the object that begins at or after "at"; 0: there is none before len. */
static gsize
end_of_object (const char *text,
               gsize       at,
               gsize       len)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  at = skip_white (text, at, len);
  if (at == len || text[at] != '{')
    return 0;

  for (; at < len; at++)
    if (in_string && text[at] == '\\')
      at++;
    else if (text[at] == '"')
      in_string = !in_string;
    else if (!in_string && text[at] == '{')
      depth++;
    else if (!in_string && text[at] == '}' && --depth == 0)
      return at + 1;

  return 0;
}

/* Where the next record's line begins, after "at"; len: there is none. */
static gsize
next_record (const char *text,
             gsize       at,
             gsize       len)
{
  while ((at = end_of_line (text, at, len)) < len)
    {
      gsize begin = at;

      while (begin < len && (text[begin] == ' ' || text[begin] == '\t'))
        begin++;
      if (begins_record (text + begin, len - begin))
        return at;
    }

  return len;
}

/* One after a record that is whole; 0: it is not. */
static gsize
end_of_whole (const char *text,
              gsize       at,
              gsize       len)
{
  const char *bar = memchr (text + at + strlen (HEADER), '|', len - at - strlen (HEADER));

  return bar == NULL ? 0 : end_of_object (text, bar + 1 - text, len);
}

/* A record that is whole ends with its line. One that is not goes on to the next record, for its payload may have line
 * ends: what is in between is its damage, and no stray. */
static gsize
end_of_record (const char *text,
               gsize       at,
               gsize       len)
{
  gsize limit = next_record (text, at, len);
  gsize end = end_of_whole (text, at, limit);

  if (end == 0)
    return limit;
  len = end_of_line (text, end, limit);

  return skip_white (text, end, len) == len ? len : limit;
}

/* The record that a text in hex or base64 is; NULL: it is none. */
static char *
unwrap (const char *text,
        gsize       len,
        gsize      *n)
{
  g_autofree char *squeezed = NULL;
  g_autofree guint8 *data = NULL;
  gsize n_squeezed;

  if (len > 3 * TW_OCMF_MAX_BYTES)
    return NULL;

  squeezed = tw_ocmf_squeeze (text, len, &n_squeezed);
  data = tw_ocmf_hex (squeezed, n_squeezed, n);
  if (data == NULL)
    data = tw_ocmf_base64 (squeezed, n_squeezed, n);

  return data != NULL && begins_record ((const char *) data, *n) ? g_steal_pointer ((char **) &data) : NULL;
}

/* A line, or, where the line is a beginning only, all lines to the end. *end: of what was taken. */
static char *
unwrap_lines (const char *text,
              gsize       len,
              gsize      *end,
              gsize      *n)
{
  g_autofree char *line = unwrap (text, *end, n);
  g_autofree char *folded = NULL;
  gsize n_folded;

  if (line == NULL || *end == len || end_of_whole (line, 0, *n) != 0)
    return g_steal_pointer (&line);

  folded = unwrap (text, len, &n_folded);
  if (folded == NULL || end_of_whole (folded, 0, n_folded) == 0)
    return g_steal_pointer (&line);

  *end = len;
  *n = n_folded;
  return g_steal_pointer (&folded);
}

/* The record, or whatever it is, that begins at text; *end: one after it. */
static gboolean
add_one (TwOcmfContainer  *self,
         const char       *text,
         gsize             len,
         guint             line,
         const char       *hint,
         gsize            *end,
         GError          **error)
{
  TwOcmfItem item = { .text = text, .line = line };
  char *unwrapped;

  if (begins_record (text, len))
    {
      item.len = *end = end_of_record (text, 0, len);
      return add_item (self, &item, error);
    }

  *end = end_of_line (text, 0, len);
  unwrapped = unwrap_lines (text, len, end, &item.len);
  if (unwrapped == NULL)
    {
      tw_ocmf_container_add_stray (self, line, text, *end, hint);
      return TRUE;
    }

  g_ptr_array_add (self->owned, g_bytes_new_take (unwrapped, item.len));
  item.text = unwrapped;
  item.wrapped = text;
  item.n_wrapped = *end;
  return add_item (self, &item, error);
}

gboolean
tw_ocmf_container_add_text (TwOcmfContainer  *self,
                            const char       *text,
                            gsize             len,
                            guint             line,
                            const char       *hint,
                            GError          **error)
{
  gsize at = 0;

  for (;;)
    {
      gsize begin = skip_white (text, at, len);
      gsize n;

      line += count_lines (text + at, begin - at);
      if (begin == len)
        return TRUE;
      if (!add_one (self, text + begin, len - begin, line, hint, &n, error))
        return FALSE;

      at = begin + n;
      line += count_lines (text + begin, n);
    }
}

static TwOcmfContainer *
container_new (void)
{
  TwOcmfContainer *self = g_new0 (TwOcmfContainer, 1);

  self->items = g_array_new (FALSE, FALSE, sizeof (TwOcmfItem));
  self->strays = g_array_new (FALSE, FALSE, sizeof (TwOcmfStray));
  g_array_set_clear_func (self->strays, stray_clear);
  self->owned = g_ptr_array_new_with_free_func (bytes_unref);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, key_free);

  return self;
}

/* UTF-16 has a NUL in each of the first characters of XML, and a mark before them. */
static gboolean
is_xml (const char *text,
        gsize       len)
{
  return len > 0 && (text[0] == '<' || (len >= 2 && (memcmp (text, "\xff\xfe", 2) == 0
                                                     || memcmp (text, "\xfe\xff", 2) == 0)));
}

TwOcmfContainer *
tw_ocmf_container_read (const char  *text,
                        gsize        len,
                        GError     **error)
{
  g_autoptr (TwOcmfContainer) self = container_new ();
  gsize at = len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  gsize begin = skip_white (text, at, len);
  gboolean good = is_xml (text + begin, len - begin)
    ? tw_ocmf_xml_read (self, text + begin, len - begin, error)
    : tw_ocmf_container_add_text (self, text + at, len - at, 1, NULL, error);

  return good ? g_steal_pointer (&self) : NULL;
}

void
tw_ocmf_container_free (TwOcmfContainer *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->items);
  g_array_unref (self->strays);
  g_ptr_array_unref (self->owned);
  g_hash_table_unref (self->keys);
  g_free (self);
}
