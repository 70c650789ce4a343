/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/conditions.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/whole.h"

const char *
tw_condition_text (const TwJson *value)
{
  if (value == NULL)
    return "absent";
  if (tw_json_string (value) != NULL)
    return tw_json_string (value);
  if (tw_json_number_text (value) != NULL)
    return tw_json_number_text (value);
  if (tw_json_type (value) == TW_JSON_BOOL)
    return tw_json_is_true (value) ? "true" : "false";

  return tw_json_type (value) == TW_JSON_NULL ? "none" : "a group";
}

const TwJson *
tw_condition_find (const TwJson *root,
                   const char   *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  const TwJson *value = root;

  for (guint i = 0; value != NULL && names[i] != NULL; i++)
    value = tw_json_member (value, names[i]);

  return value;
}

gboolean
tw_conditions_check (const char *const *conditions,
                     GError           **error)
{
  for (guint i = 0; conditions[i] != NULL; i++)
    {
      const char *equals = strchr (conditions[i], '=');

      if (equals != NULL && equals > conditions[i])
        continue;
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: a condition is NAME=VALUE or NAME>=NUMBER", conditions[i]);
      return FALSE;
    }

  return TRUE;
}

const char *
tw_conditions_value (const char *const *conditions,
                     const char        *name)
{
  gsize n = strlen (name);

  for (guint i = 0; conditions[i] != NULL; i++)
    if (strncmp (conditions[i], name, n) == 0 && conditions[i][n] == '=')
      return conditions[i] + n + 1;

  return NULL;
}

/* Whole numbers: amounts are in minor units, energy in Wh. */
static gboolean
reaches (const char *is,
         const char *least)
{
  gint64 a, b;

  return tw_whole_parse (is, G_MININT64, G_MAXINT64, &a)
         && tw_whole_parse (least, G_MININT64, G_MAXINT64, &b) && a >= b;
}

static gboolean
holds (const char   *condition,
       const TwJson *object,
       char        **miss)
{
  const char *equals = strchr (condition, '=');
  gboolean at_least = equals[-1] == '>';
  g_autofree char *path = g_strndup (condition, equals - condition - at_least);
  const char *is = tw_condition_text (tw_condition_find (object, path));

  if (g_str_equal (path, "count") || g_str_equal (path, "within"))
    return TRUE;
  if (at_least ? reaches (is, equals + 1) : g_str_equal (is, equals + 1))
    return TRUE;
  if (miss != NULL)
    *miss = g_strdup_printf ("%s is %s", path, is);

  return FALSE;
}

gboolean
tw_conditions_hold (const char *const *conditions,
                    const TwJson      *object,
                    char             **miss)
{
  for (guint i = 0; conditions[i] != NULL; i++)
    if (!holds (conditions[i], object, miss))
      return FALSE;

  return TRUE;
}
