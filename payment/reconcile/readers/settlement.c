/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/formats.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/recognise.h"

typedef gboolean (*Reader) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                            TwImport *import, GError **error);

/* kind UNKNOWN: of any file, because a mapping says what is in it. */
static const struct { const char *format; TwFileKind kind; Reader read; } formats[] = {
  { "adyen", TW_FILE_ADYEN, tw_read_adyen },
  { "stripe", TW_FILE_STRIPE, tw_read_stripe },
};

static gboolean
refuse_name (const char  *format,
             GError     **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (i == 0 || g_strcmp0 (formats[i].format, formats[i - 1].format) != 0)
      g_string_append_printf (names, "%s%s", names->len ? ", " : "", formats[i].format);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "\"%s\" is no format of settlement files: accepted are %s",
               format, names->str);

  return FALSE;
}

gboolean
tw_read_settlement (const char       *path,
                    guint32           index,
                    const TwProfile  *profile,
                    const TwIntake   *intake,
                    TwImport         *import,
                    GError          **error)
{
  const char *wanted = profile->format ? profile->format : profile->mapping ? "csv" : NULL, *what;
  gboolean is_format = wanted == NULL;
  TwFileKind kind;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    is_format |= g_strcmp0 (wanted, formats[i].format) == 0;
  if (!is_format)
    return refuse_name (wanted, error);
  if (!tw_recognise (path, &kind, &what, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if ((wanted == NULL || g_str_equal (wanted, formats[i].format))
        && (formats[i].kind == kind || (wanted && formats[i].kind == TW_FILE_UNKNOWN)))
      return formats[i].read (path, index, profile, intake, import, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is %s, not %s", path, what,
               wanted ? wanted : "a settlement file");

  return FALSE;
}
