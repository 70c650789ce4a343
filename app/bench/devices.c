/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/devices.h"

#include <string.h>

#include "app/base/error.h"

typedef struct
{
  char                *name;
  const TwDeviceFuncs *funcs;
  gpointer             device;
} Entry;

struct _TwDevices
{
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->funcs->free != NULL)
    entry->funcs->free (entry->device);
  g_free (entry->name);
  g_free (entry);
}

TwDevices *
tw_devices_new (void)
{
  TwDevices *self = g_new0 (TwDevices, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
tw_devices_free (TwDevices *self)
{
  if (self == NULL)
    return;
  while (self->entries->len > 0)
    g_ptr_array_remove_index (self->entries, self->entries->len - 1);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
tw_devices_add (TwDevices           *self,
                const char          *name,
                const TwDeviceFuncs *funcs,
                gpointer             device)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (name);
  entry->funcs = funcs;
  entry->device = device;
  g_ptr_array_add (self->entries, entry);
}

gboolean
tw_devices_control (TwDevices         *self,
                    const char        *name,
                    const char *const *words,
                    const TwJson      *options,
                    TwJsonOut         *out,
                    GError           **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (strcmp (entry->name, name) == 0)
        return entry->funcs->control (entry->device, words, options, out, error);
      g_string_append_printf (names, ", %s", entry->name);
    }

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: no such command; accepted are help, status, ledger, watch, "
                                                   "clear-skies, quit%s",
               name, names->str);
  return FALSE;
}

void
tw_devices_describe (TwDevices *self,
                     TwJsonOut *out)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->funcs->describe == NULL)
        continue;
      tw_json_out_begin_object (out, entry->name);
      entry->funcs->describe (entry->device, out);
      tw_json_out_end (out);
    }
}

void
tw_devices_state (TwDevices *self,
                  TwJsonOut *out)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->funcs->state == NULL)
        continue;
      tw_json_out_begin_object (out, entry->name);
      entry->funcs->state (entry->device, out);
      tw_json_out_end (out);
    }
}

gboolean
tw_devices_mend (TwDevices *self,
                 GError   **error)
{
  gboolean well = TRUE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->funcs->mend != NULL)
        well = entry->funcs->mend (entry->device, well ? error : NULL) && well;
    }

  return well;
}

char *
tw_devices_help (TwDevices *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      g_string_append_printf (text, "%s %s\n", entry->name, entry->funcs->help);
    }

  return g_string_free (text, FALSE);
}
