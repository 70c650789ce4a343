/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/cli/users.h"
#include "hw/port/port.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
check_user (TwFindings *findings,
            const char *path,
            const char *purpose)
{
  g_autofree char *name = NULL;
  guint pid = tw_users_find (path, &name);

  if (pid == 0)
    tw_findings_add (findings, TW_SEVERITY_OK, "device", path, NULL, "%s: there, and free", purpose);
  else if (g_str_equal (name, "tapwatt-bench"))
    tw_findings_add (findings, TW_SEVERITY_OK, "device", path, NULL, "%s: a device of the virtual street (process %u)",
                     purpose, pid);
  else if (g_str_has_prefix (name, "tapwatt"))
    tw_findings_add (findings, TW_SEVERITY_OK, "device", path, NULL, "%s: in use by the station (%s, process %u)",
                     purpose, name, pid);
  else
    tw_findings_add (findings, TW_SEVERITY_FAIL, "device", path,
                     "stop it, and see that it does not start again (serial-getty, ModemManager)",
                     "%s: in use by %s, process %u", purpose, name, pid);
}

static void
check_serial (TwFindings *findings,
              const char *path,
              const char *purpose)
{
  struct stat is;

  if (stat (path, &is) != 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "device", path,
                     "plug it in; if it is there under another name, give it a fixed one with udev", "%s: %s", purpose,
                     g_strerror (errno));
  else if (!tw_port_may_be_at (path, NULL))
    tw_findings_add (findings, TW_SEVERITY_FAIL, "device", path, "name a serial port there", "%s: not a tty", purpose);
  else if (g_access (path, R_OK | W_OK) != 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "device", path,
                     "put the station's user into the device's group (often dialout)", "%s: %s", purpose,
                     g_strerror (errno));
  else
    check_user (findings, path, purpose);
}

/* driver:/path?options. What is no path is reached over a network, and told by whoever reaches it. */
static char *
path_of (const char *address)
{
  const char *colon = strchr (address, ':');
  const char *start = colon != NULL ? colon + 1 : address;

  return g_strndup (start, strcspn (start, "?"));
}

static void
check_address (TwFindings *findings,
               GHashTable *seen,
               const char *address,
               const char *purpose)
{
  g_autofree char *path = path_of (address);

  if (g_hash_table_contains (seen, path))
    return;

  g_hash_table_add (seen, g_strdup (path));
  if (*path == '/')
    check_serial (findings, path, purpose);
  else
    tw_findings_add (findings, TW_SEVERITY_WARN, "device", address,
                     "see in the station's log whether it answers", "%s: not a path, and not looked at", purpose);
}

void
tw_check_devices (TwFindings     *findings,
                  const TwConfig *config)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (config->reader_device != NULL)
    check_address (findings, seen, config->reader_device, "card reader");

  for (guint i = 0; i < config->n_connectors; i++)
    {
      const TwConnectorConfig *connector = &config->connectors[i];
      g_autofree char *power = g_strdup_printf ("power of connector %u", connector->number);
      g_autofree char *meter = g_strdup_printf ("meter of connector %u", connector->number);

      check_address (findings, seen, connector->power, power);
      if (connector->meter != NULL && !g_str_equal (connector->meter, "power"))
        check_address (findings, seen, connector->meter, meter);
    }
}
