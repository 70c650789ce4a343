/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the street, by the first word of a control command: each device takes orders and tells of itself.
 * A new twin is one more call of tw_devices_add() in street.c.
 */
#pragma once

#include "app/base/json.h"

typedef struct
{
  const char *help;     /* "plug | unplug | draw MA": one line for the list of commands */
  /* words after the device's name; options: the whole request. Writes members of the answer, or sets error. */
  gboolean (*control)  (gpointer device, const char *const *words, const TwJson *options, TwJsonOut *out,
                        GError **error);
  /* Members of an object: for "status" and, if it has addresses to open, for street.json. May be NULL. */
  void     (*describe) (gpointer device, TwJsonOut *out);
  void     (*free)     (gpointer device);
  /* Members of an object: what a hand could see or has done to it, and nothing that changes by itself all the time. May
   * be NULL. */
  void     (*state)    (gpointer device, TwJsonOut *out);
  /* All is well again, as far as somebody spoilt it. May be NULL. */
  gboolean (*mend)     (gpointer device, GError **error);
} TwDeviceFuncs;

typedef struct _TwDevices TwDevices;

TwDevices  *tw_devices_new (void);
/* The devices go in the reverse order of their coming. */
void        tw_devices_free (TwDevices *self);
void        tw_devices_add (TwDevices *self, const char *name, const TwDeviceFuncs *funcs, gpointer device);

/* FALSE with BAD_DATA: no such device, or what the device says. */
gboolean    tw_devices_control (TwDevices *self, const char *name, const char *const *words, const TwJson *options,
                                TwJsonOut *out, GError **error);
/* One member a device. */
void        tw_devices_describe (TwDevices *self, TwJsonOut *out);
void        tw_devices_state (TwDevices *self, TwJsonOut *out);
/* Mends what can be mended; the first error, after all were tried. */
gboolean    tw_devices_mend (TwDevices *self, GError **error);
/* "name  help" lines. Free with g_free(). */
char       *tw_devices_help (TwDevices *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwDevices, tw_devices_free)
