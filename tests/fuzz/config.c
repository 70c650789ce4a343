/* SPDX-License-Identifier: Apache-2.0 */
/* needs: base_dep */
/* A file is refused with one line that names it, or a whole station comes out. */
#include "app/base/config.h"
#include "app/base/error.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  int fd = memfd_create ("tapwatt.conf", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = NULL;

  g_assert (fd >= 0 && write (fd, data, size) == (ssize_t) size);
  config = tw_config_load (path, &error);
  close (fd);

  if (config == NULL)
    {
      g_assert (error->domain == TW_ERROR && g_str_has_prefix (error->message, path));
      g_assert (g_utf8_validate (error->message, -1, NULL) && strchr (error->message, '\n') == NULL);
      return 0;
    }
  g_assert (config->n_connectors >= 1 && config->n_connectors <= TW_MAX_CONNECTORS);
  g_assert (config->station_id && config->currency && config->journal_dir && config->connectors[0].hold_minor > 0);
  g_assert (!config->bank_cards_test || (config->gateway_host && config->terminal_id && config->fingerprint_key));

  return 0;
}
