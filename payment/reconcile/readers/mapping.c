/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/mapping.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/small-file.h"
#include "payment/reconcile/readers/cell.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_BYTES = 64 * 1024 };

typedef struct { const TwMappingKey *key; char *value; guint line; } Said;

struct _TwMapping { char *path; GArray *said; };

static void
said_clear (gpointer data)
{
  g_free (((Said *) data)->value);
}

static const Said *
find (const TwMapping *self,
      const char      *group,
      const char      *key)
{
  for (guint i = 0; i < self->said->len; i++)
    {
      const Said *said = &g_array_index (self->said, Said, i);

      if (strcmp (said->key->group, group) == 0 && strcmp (said->key->key, key) == 0)
        return said;
    }

  return NULL;
}

static gboolean
refuse_line (const TwMapping *self,
             guint            line,
             GError         **error,
             const char      *format,
             ...) G_GNUC_PRINTF (4, 5);

static gboolean
refuse_line (const TwMapping *self,
             guint            line,
             GError         **error,
             const char      *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s:%u: %s", self->path, line, text);

  return FALSE;
}

/* The groups, or the keys of one, with commas between them. */
static char *
list (const TwMappingKey *keys,
      guint               n,
      const char         *group)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      const gboolean same = i > 0 && strcmp (keys[i].group, keys[i - 1].group) == 0;

      if (group ? strcmp (keys[i].group, group) == 0 : !same)
        g_string_append_printf (names, "%s%s", names->len ? ", " : "", group ? keys[i].key : keys[i].group);
    }

  return g_string_free (names, FALSE);
}

static gboolean
check_value (const TwMapping     *self,
             const TwMappingKey  *key,
             const char          *value,
             guint                line,
             GError             **error)
{
  g_auto (GStrv) accepted = key->accepted ? g_strsplit (key->accepted, " ", -1) : NULL;
  g_autofree char *printable = tw_text_printable (value, 40);
  g_autofree char *listed = accepted ? g_strjoinv (", ", accepted) : NULL;

  if (*value == '\0')
    return refuse_line (self, line, error, "[%s] %s: empty", key->group, key->key);
  if (accepted == NULL || g_strv_contains ((const char *const *) accepted, value))
    return TRUE;

  return refuse_line (self, line, error, "[%s] %s = %s: accepted are %s", key->group, key->key, printable, listed);
}

static gboolean
add (TwMapping           *self,
     const TwMappingKey  *keys,
     guint                n,
     const char          *group,
     const char          *name,
     const char          *value,
     guint                line,
     GError             **error)
{
  g_autofree char *listed = list (keys, n, group);
  g_autofree char *printable = tw_text_printable (name, 40);

  for (guint i = 0; i < n; i++)
    if (strcmp (keys[i].group, group) == 0 && strcmp (keys[i].key, name) == 0)
      {
        Said said = { &keys[i], NULL, line };

        if (find (self, group, name))
          return refuse_line (self, line, error, "[%s] %s is said twice", group, name);
        if (!check_value (self, &keys[i], value, line, error))
          return FALSE;
        said.value = g_strdup (value);
        g_array_append_val (self->said, said);
        return TRUE;
      }

  return refuse_line (self, line, error, "[%s] %s is not known: accepted are %s", group, printable, listed);
}

static gboolean
read_line (TwMapping           *self,
           const TwMappingKey  *keys,
           guint                n,
           char                *text,
           guint                line,
           const char         **group,
           GError             **error)
{
  char *equals = strchr (text, '='), *close = strrchr (text, ']');
  g_autofree char *listed = list (keys, n, NULL);

  if (*text == '\0' || *text == '#' || *text == ';')
    return TRUE;
  if (*text == '[' && close && close[1] == '\0')
    {
      *close = '\0';
      *group = NULL;
      for (guint i = 0; i < n; i++)
        if (strcmp (keys[i].group, text + 1) == 0)
          *group = keys[i].group;
      return *group || refuse_line (self, line, error, "a group that is not known: accepted are %s", listed);
    }
  if (equals == NULL || *group == NULL)
    return refuse_line (self, line, error, equals ? "a key before the first [group]" : "expected KEY = VALUE");
  *equals = '\0';

  return add (self, keys, n, *group, g_strstrip (text), g_strstrip (equals + 1), line, error);
}

static gboolean
check_required (const TwMapping     *self,
                const TwMappingKey  *keys,
                guint                n,
                GError             **error)
{
  for (guint i = 0; i < n; i++)
    if (keys[i].required && find (self, keys[i].group, keys[i].key) == NULL)
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: [%s] %s is missing", self->path, keys[i].group,
                     keys[i].key);
        return FALSE;
      }

  return TRUE;
}

TwMapping *
tw_mapping_load (const char          *path,
                 const TwMappingKey  *keys,
                 guint                n,
                 GError             **error)
{
  g_autoptr (TwMapping) self = g_new0 (TwMapping, 1);
  g_autoptr (GBytes) bytes = tw_small_file_read (path, MAX_BYTES, error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const char *group = NULL;

  self->path = g_strdup (path);
  self->said = g_array_new (FALSE, FALSE, sizeof (Said));
  g_array_set_clear_func (self->said, said_clear);
  if (bytes == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (!g_utf8_validate (text, -1, NULL) || strlen (text) != g_bytes_get_size (bytes))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is not UTF-8 text", path);
      return NULL;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (!read_line (self, keys, n, g_strstrip (lines[i]), i + 1, &group, error))
      return NULL;

  return check_required (self, keys, n, error) ? g_steal_pointer (&self) : NULL;
}

void
tw_mapping_free (TwMapping *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->said);
  g_free (self->path);
  g_free (self);
}

const char *
tw_mapping_get (const TwMapping *self,
                const char      *group,
                const char      *key)
{
  const Said *said = find (self, group, key);

  return said ? said->value : NULL;
}

gboolean
tw_mapping_is (const TwMapping *self,
               const char      *group,
               const char      *key,
               const char      *value)
{
  return g_strcmp0 (tw_mapping_get (self, group, key), value) == 0;
}

gboolean
tw_mapping_refuse (const TwMapping  *self,
                   const char       *group,
                   const char       *key,
                   GError          **error,
                   const char       *format,
                   ...)
{
  const Said *said = find (self, group, key);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  return refuse_line (self, said ? said->line : 0, error, "[%s] %s: %s", group, key, text);
}

/* The name of one may be the beginning of the other's. */
static gboolean
is_named (const char *said,
          const char *name,
          const char *other)
{
  g_auto (GStrv) rest = strlen (other) > strlen (name) ? g_strsplit (said, other, -1) : NULL;
  g_autofree char *without = rest != NULL ? g_strjoinv (" ", rest) : NULL;

  return strstr (without != NULL ? without : said, name) != NULL;
}

gboolean
tw_mapping_name_both (const char  *mapping,
                      const char  *path,
                      GError     **error)
{
  const char *said = error != NULL && *error != NULL ? (*error)->message : NULL;
  gboolean names_mapping, names_path;
  g_autofree char *more = NULL;

  if (said == NULL || !g_error_matches (*error, TW_ERROR, TW_ERROR_BAD_DATA))
    return FALSE;
  names_mapping = is_named (said, mapping, path);
  names_path = is_named (said, path, mapping);
  if (!names_path)
    more = g_strdup_printf ("%s%s%s (the mapping of %s)", names_mapping ? "" : mapping, names_mapping ? "" : ": ", said,
                            path);
  else if (!names_mapping)
    more = g_strdup_printf ("%s (read by %s)", said, mapping);
  if (more != NULL)
    {
      g_free ((*error)->message);
      (*error)->message = g_steal_pointer (&more);
    }

  return FALSE;
}

static gboolean
has_word (const char *words,
          TwChars     cell)
{
  g_auto (GStrv) list_ = g_strsplit (words, ",", -1);
  g_autofree char *copy = g_strndup (cell.text, cell.n);
  g_autofree char *folded = g_utf8_casefold (copy, -1);

  for (char **word = list_; *word; word++)
    {
      g_autofree char *other = g_utf8_casefold (g_strstrip (*word), -1);

      if (strcmp (other, "*") == 0 || strcmp (other, folded) == 0)
        return TRUE;
    }

  return FALSE;
}

const char *
tw_mapping_word (const TwMapping *self,
                 const char      *group,
                 TwChars          cell)
{
  const char *any = NULL;

  for (guint i = 0; i < self->said->len; i++)
    {
      const Said *said = &g_array_index (self->said, Said, i);

      if (strcmp (said->key->group, group) != 0)
        continue;
      if (strcmp (said->value, "*") == 0)
        any = said->key->key;
      else if (has_word (said->value, cell))
        return said->key->key;
    }

  return any;
}
