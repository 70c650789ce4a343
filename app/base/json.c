/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/json-private.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/whole.h"

#include <string.h>

/* Below this many members a linear search is as fast, and most objects stay below. */
enum { MANY_MEMBERS = 16 };

/* How much of a hostile name a message repeats. */
enum { MAX_NAME_SHOWN = 64 };

const TwJsonLimits TW_JSON_SMALL = { 16 * 1024, 16, 2000 };
const TwJsonLimits TW_JSON_LARGE = { 1024 * 1024, 32, 50000 };

/* Each block is preceded by its size. */
enum { SIZE_ROOM = 16 };

static void *
memory_alloc (void   *ctx,
              size_t  n)
{
  guint8 *block = g_malloc (SIZE_ROOM + n);

  memcpy (block, &n, sizeof n);
  return block + SIZE_ROOM;
}

static void
memory_free (void *ctx,
             void *bytes)
{
  guint8 *block = (guint8 *) bytes - SIZE_ROOM;
  gsize n;

  if (bytes == NULL)
    return;

  memcpy (&n, block, sizeof n);
  tw_wipe (block, SIZE_ROOM + n);
  g_free (block);
}

static void *
memory_realloc (void   *ctx,
                void   *bytes,
                size_t  n)
{
  void *moved = memory_alloc (ctx, n);
  gsize old_n;

  if (bytes == NULL)
    return moved;

  memcpy (&old_n, (guint8 *) bytes - SIZE_ROOM, sizeof old_n);
  memcpy (moved, bytes, MIN (old_n, n));
  memory_free (ctx, bytes);

  return moved;
}

const yajl_alloc_funcs tw_json_memory = { memory_alloc, memory_realloc, memory_free, NULL };

static void
node_free (gpointer data)
{
  TwJson *self = data;

  if (self->text)
    tw_wipe (self->text, strlen (self->text));
  g_free (self->name);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref); /* recurses, at most as deep as the parser's limit */
  g_free (self);
}

static void
index_member (TwJson *object,
              TwJson *member)
{
  if (object->by_name == NULL && object->items->len > MANY_MEMBERS)
    {
      object->by_name = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < object->items->len; i++)
        {
          TwJson *item = object->items->pdata[i];

          g_hash_table_insert (object->by_name, item->name, item);
        }
    }
  else if (object->by_name)
    g_hash_table_insert (object->by_name, member->name, member);
}

TwJson *
tw_json_node_new (TwJsonType  type,
                  TwJson     *parent,
                  char       *name,
                  const char *text,
                  gsize       n)
{
  TwJson *self = g_malloc0 (sizeof (TwJson) + (text != NULL ? n + 1 : 0));

  self->type = type;
  self->name = name;
  self->parent = parent;
  if (text != NULL)
    self->text = memcpy (self->room, text, n);
  if (type == TW_JSON_ARRAY || type == TW_JSON_OBJECT)
    self->items = g_ptr_array_new_full (MANY_MEMBERS, node_free);
  if (parent)
    {
      self->index = parent->items->len;
      g_ptr_array_add (parent->items, self);
    }
  if (parent && parent->type == TW_JSON_OBJECT)
    index_member (parent, self);

  return self;
}

void
tw_json_free (TwJson *root)
{
  if (root == NULL)
    return;

  g_return_if_fail (root->parent == NULL);
  node_free (root);
}

TwJsonType
tw_json_type (const TwJson *self)
{
  return self ? self->type : TW_JSON_NULL;
}

const TwJson *
tw_json_member (const TwJson *object,
                const char   *name)
{
  if (object == NULL || object->type != TW_JSON_OBJECT)
    return NULL;
  if (object->by_name)
    return g_hash_table_lookup (object->by_name, name);

  for (guint i = 0; i < object->items->len; i++)
    {
      const TwJson *item = object->items->pdata[i];

      if (item->name[0] == name[0] && g_str_equal (item->name, name))
        return item;
    }
  return NULL;
}

guint
tw_json_length (const TwJson *self)
{
  return self && self->items ? self->items->len : 0;
}

const TwJson *
tw_json_element (const TwJson *self,
                 guint         i)
{
  return i < tw_json_length (self) ? self->items->pdata[i] : NULL;
}

const char *
tw_json_member_name (const TwJson *object,
                     guint         i)
{
  const TwJson *item = tw_json_element (object, i);

  return item ? item->name : NULL;
}

const char *
tw_json_string (const TwJson *self)
{
  return tw_json_type (self) == TW_JSON_STRING ? self->text : NULL;
}

const char *
tw_json_number_text (const TwJson *self)
{
  return tw_json_type (self) == TW_JSON_NUMBER ? self->text : NULL;
}

gboolean
tw_json_is_true (const TwJson *self)
{
  return tw_json_type (self) == TW_JSON_BOOL && self->truth;
}

static gboolean
is_plain_name (const char *name)
{
  return *name != '\0' && strlen (name) <= MAX_NAME_SHOWN && !g_ascii_isdigit (*name)
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen (name);
}

/* A path ends up in messages and logs: what is not a plain name is quoted, escaped and cut. */
static void
append_name (GString    *path,
             const char *name)
{
  g_autofree char *escaped = NULL;

  if (is_plain_name (name))
    {
      g_string_append_printf (path, ".%s", name);
      return;
    }

  escaped = g_strescape (name, NULL);
  if (strlen (escaped) > MAX_NAME_SHOWN)
    memcpy (escaped + MAX_NAME_SHOWN - 3, "...", 4);
  g_string_append_printf (path, "[\"%s\"]", escaped);
}

static void
append_path (GString      *path,
             const TwJson *self)
{
  if (self->parent == NULL)
    return;

  append_path (path, self->parent); /* as deep as the parser's limit at most */
  if (self->name)
    append_name (path, self->name);
  else
    g_string_append_printf (path, "[%u]", self->index);
}

char *
tw_json_path (const TwJson *self)
{
  GString *path = g_string_new ("$");

  if (self)
    append_path (path, self);

  return g_string_free (path, FALSE);
}

char *
tw_json_path_of_next (const TwJson *container,
                      const char   *name)
{
  GString *path = g_string_new ("$");

  if (container)
    append_path (path, container);
  if (name)
    append_name (path, name);
  else if (container && container->type == TW_JSON_ARRAY)
    g_string_append_printf (path, "[%u]", container->items->len);

  return g_string_free (path, FALSE);
}

static const char *
type_name (TwJsonType type)
{
  switch (type)
    {
    case TW_JSON_NULL:   return "null";
    case TW_JSON_BOOL:   return "true or false";
    case TW_JSON_NUMBER: return "a number";
    case TW_JSON_STRING: return "a string";
    case TW_JSON_ARRAY:  return "an array";
    case TW_JSON_OBJECT: return "an object";
    }
  g_assert_not_reached ();
}

static void G_GNUC_PRINTF (3, 4)
set_error (GError       **error,
           const TwJson  *where,
           const char    *format,
           ...)
{
  g_autofree char *path = tw_json_path (where);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (where)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "line %u, column %u, %s: %s",
                 where->line, where->column, path, what);
  else
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: %s", path, what);
}

const TwJson *
tw_json_get (const TwJson  *object,
             const char    *name,
             TwJsonType     type,
             GError       **error)
{
  const TwJson *member = tw_json_member (object, name);

  if (member == NULL && tw_json_type (object) != TW_JSON_OBJECT)
    set_error (error, object, "expected an object, found %s", object ? type_name (object->type) : "nothing");
  else if (member == NULL)
    set_error (error, object, "the member \"%s\" is missing: expected %s", name, type_name (type));
  else if (member->type != type)
    set_error (error, member, "expected %s, found %s", type_name (type), type_name (member->type));
  else
    return member;

  return NULL;
}

const char *
tw_json_get_string (const TwJson  *object,
                    const char    *name,
                    GError       **error)
{
  return tw_json_string (tw_json_get (object, name, TW_JSON_STRING, error));
}

gboolean
tw_json_get_int64 (const TwJson  *object,
                   const char    *name,
                   gint64        *value,
                   GError       **error)
{
  const TwJson *member = tw_json_get (object, name, TW_JSON_NUMBER, error);

  if (member == NULL)
    return FALSE;
  if (tw_whole_parse (member->text, G_MININT64, G_MAXINT64, value))
    return TRUE;

  set_error (error, member, "expected a whole number of 64 bits without exponent, found %.*s%s", MAX_NAME_SHOWN,
             member->text, strlen (member->text) > MAX_NAME_SHOWN ? "..." : "");
  return FALSE;
}

gboolean
tw_json_only (const TwJson       *object,
              const char *const  *names,
              GError            **error)
{
  g_autofree char *known = NULL;

  for (guint i = 0; i < tw_json_length (object); i++)
    {
      const TwJson *item = object->items->pdata[i];

      if (item->name && g_strv_contains (names, item->name))
        continue;
      known = g_strjoinv (", ", (char **) names);
      set_error (error, item, "not known here; known are %s", known);
      return FALSE;
    }

  return TRUE;
}
