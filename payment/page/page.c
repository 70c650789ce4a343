/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/page/page.h"

#include <gio/gio.h>

/* Generated. */
GResource *tw_report_assets_get_resource (void);

void
tw_page_put (GString    *text,
             const char *format,
             ...)
{
  va_list args;
  g_autofree char *escaped = NULL;

  va_start (args, format);
  escaped = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (text, escaped);
}

void
tw_page_put_resource (GString    *text,
                      const char *name)
{
  g_autofree char *path = g_strconcat ("/org/tapwatt/report/", name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (tw_report_assets_get_resource (), path,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);   /* linked in */
  g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}
