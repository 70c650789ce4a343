/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/variables.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/whole.h"

#define WIDEST 80

struct _TwVariables
{
  GHashTable *values;   /* name -> value */
};

TwVariables *
tw_variables_new (void)
{
  TwVariables *self = g_new0 (TwVariables, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
tw_variables_free (TwVariables *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->values);
  g_free (self);
}

void
tw_variables_set (TwVariables *self,
                  const char  *name,
                  const char  *value)
{
  g_hash_table_insert (self->values, g_strdup (name), g_strdup (value));
}

static char *
value_of (TwVariables      *self,
          const char       *name,
          TwVariablesLookup lookup,
          gpointer          user_data,
          GError          **error)
{
  const char *value = g_hash_table_lookup (self->values, name);

  return value != NULL ? g_strdup (value) : lookup (name, user_data, error);
}

/* what: between the braces. */
static gboolean
append (TwVariables      *self,
        GString          *out,
        const char       *what,
        TwVariablesLookup lookup,
        gpointer          user_data,
        GError          **error)
{
  const char *comma = strchr (what, ',');
  g_autofree char *name = comma != NULL ? g_strndup (what, comma - what) : g_strdup (what);
  g_autofree char *value = NULL;
  gint64 width = 0;

  if (comma != NULL && !tw_whole_parse (comma + 1, -WIDEST, WIDEST, &width))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "${%s}: a width from -%d to %d is expected", what, WIDEST,
                   WIDEST);
      return FALSE;
    }
  value = value_of (self, name, lookup, user_data, error);
  if (value == NULL)
    return FALSE;

  g_string_append_printf (out, "%*s", (int) width, value);
  return TRUE;
}

char *
tw_variables_expand (TwVariables      *self,
                     const char       *text,
                     TwVariablesLookup lookup,
                     gpointer          user_data,
                     GError          **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *open;

  while ((open = strstr (text, "${")) != NULL)
    {
      const char *close = strchr (open, '}');
      g_autofree char *what = close != NULL ? g_strndup (open + 2, close - open - 2) : NULL;

      if (close == NULL)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: \"}\" is missing", open);
          return NULL;
        }
      g_string_append_len (out, text, open - text);
      if (!append (self, out, what, lookup, user_data, error))
        return NULL;
      text = close + 1;
    }
  g_string_append (out, text);

  return g_string_free (g_steal_pointer (&out), FALSE);
}
