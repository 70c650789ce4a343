/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"

G_DEFINE_QUARK (tw-error-quark, tw_error)

gboolean
tw_refuse (GError    **error,
           TwError     code,
           const char *format,
           ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, TW_ERROR, (gint) code, text);

  return FALSE;
}
