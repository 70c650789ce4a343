/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/port/port.h"
#include "hw/port/speed.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/whole.h"

static gboolean
parse_speed (const char *text,
             guint      *speed)
{
  guint64 value;

  if (!tw_whole_parse_unsigned (text, 10, 1, G_MAXUINT, &value))
    return FALSE;

  *speed = (guint) value;
  return tw_speed_is_accepted (*speed);
}

static gboolean
parse_options (TwPortAddress *self,
               const char    *text,
               const char    *options,
               GError       **error)
{
  if (g_str_has_prefix (options, "speed=") && parse_speed (options + strlen ("speed="), &self->speed))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "address \"%s\": \"%s\" is not accepted; the only option is speed=N, with N one of " TW_SPEEDS,
               text, options);
  return FALSE;
}

TwPortAddress *
tw_port_address_parse (const char *text,
                       const char *driver,
                       GError    **error)
{
  g_autoptr (TwPortAddress) self = g_new0 (TwPortAddress, 1);
  const char *colon = strchr (text, ':');
  const char *question = strchr (text, '?');
  gsize end = question ? (gsize) (question - text) : strlen (text);

  if (colon == NULL || (gsize) (colon - text) != strlen (driver) || strncmp (text, driver, strlen (driver)) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "address \"%s\": expected \"%s:\" and the path of a serial port, like %s:/dev/ttyS1",
                   text, driver, driver);
      return NULL;
    }
  if (colon[1] != '/' || end < (gsize) (colon + 2 - text) + 1)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "address \"%s\": after \"%s:\" the absolute path of a serial port is expected", text, driver);
      return NULL;
    }

  self->driver = g_strdup (driver);
  self->path = g_strndup (colon + 1, end - (gsize) (colon + 1 - text));
  if (question && !parse_options (self, text, question + 1, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_port_address_free (TwPortAddress *self)
{
  if (self == NULL)
    return;

  g_free (self->driver);
  g_free (self->path);
  g_free (self);
}
