/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/config-private.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* FILE and FILE.d/NAME.conf in the order of the names' bytes, whatever the locale. */
static GPtrArray *
list_paths (const char *path)
{
  g_autofree char *dir_path = g_strconcat (path, ".d", NULL);
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    if (*name != '.' && g_str_has_suffix (name, ".conf"))
      g_ptr_array_add (paths, g_build_filename (dir_path, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  g_ptr_array_insert (paths, 0, g_strdup (path));

  return paths;
}

static gboolean
load_files (TwConfigSource  *source,
            const char      *path,
            GError         **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GPtrArray) paths = list_paths (absolute);

  for (guint i = 0; i < paths->len; i++)
    {
      TwConfigFile *file = tw_config_file_load (paths->pdata[i], error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (source->files, file);
    }

  return TRUE;
}

static char *
digest_of (const TwConfigSource *source)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < source->files->len; i++)
    {
      const TwConfigFile *file = source->files->pdata[i];
      gsize n;
      const guint8 *data = g_bytes_get_data (file->bytes, &n);

      g_byte_array_append (all, data, n);
    }

  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return tw_sha256_hex (bytes);
}

static gboolean
fill_connectors (const TwConfigSource  *source,
                 TwConfig              *config,
                 GError               **error)
{
  guint last = 0;

  for (guint number = 1; number <= TW_MAX_CONNECTORS; number++)
    {
      g_autofree char *group = g_strdup_printf ("connector %u", number);

      if (!tw_config_source_find (source, group, NULL))
        continue;
      if (number != last + 1)
        return tw_config_source_refuse (source, error, group, NULL,
                                        "there is no [connector %u]: numbers run from 1 without gaps", last + 1);
      last = number;
    }
  if (last == 0)
    return tw_config_source_refuse (source, error, "connector 1", NULL, "missing: a station has a connector");

  config->connectors = g_new0 (TwConnectorConfig, last);
  config->n_connectors = last;
  for (guint i = 0; i < last; i++)
    if (!tw_config_fill_connector (source, i + 1, &config->connectors[i], error))
      return FALSE;

  return TRUE;
}

/* "rapi:/dev/ttyS1?baud=1" and "pn532:/dev/ttyS1" are one device. */
static char *
device_path (const char *address)
{
  const char *path = strchr (address, ':') + 1;
  g_autofree char *named = g_strndup (path, strcspn (path, "?"));

  return g_canonicalize_filename (named, NULL);
}

typedef struct
{
  const TwConfigSource *source;
  GHashTable           *owners; /* what may be had once -> "[group] key" that has it */
} Claims;

/* Takes what. */
static gboolean
claim (Claims     *self,
       char       *what,
       const char *group,
       const char *key,
       GError    **error)
{
  const char *owner = g_hash_table_lookup (self->owners, what);

  if (owner)
    {
      g_free (what);
      return tw_config_source_refuse (self->source, error, group, key, "the same as %s", owner);
    }

  g_hash_table_insert (self->owners, what, g_strdup_printf ("[%s] %s", group, key));
  return TRUE;
}

static gboolean
check_unique (const TwConfigSource  *source,
              const TwConfig        *config,
              GError               **error)
{
  g_autoptr (GHashTable) owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Claims claims = { source, owners };

  if (config->reader_device && !claim (&claims, device_path (config->reader_device), "reader", "device", error))
    return FALSE;
  for (guint i = 0; i < config->n_connectors; i++)
    {
      const TwConnectorConfig *connector = &config->connectors[i];
      g_autofree char *group = g_strdup_printf ("connector %u", connector->number);

      if (!claim (&claims, g_strconcat ("evse ", connector->evse_id, NULL), group, "evse_id", error)
          || !claim (&claims, g_strconcat ("label ", connector->label, NULL), group, "label", error)
          || !claim (&claims, device_path (connector->power), group, "power", error))
        return FALSE;
      if (!g_str_equal (connector->meter, "power")
          && !claim (&claims, device_path (connector->meter), group, "meter", error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_bank_cards (const TwConfigSource  *source,
                  const TwConfig        *config,
                  GError               **error)
{
  static const char *const groups[] = { "emv", "gateway" };

  if (!config->bank_cards_test)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (!tw_config_source_find (source, groups[i], NULL))
      return tw_config_source_refuse (source, error, "reader", "bank_cards", "needs a group [%s]", groups[i]);
  if (config->fingerprint_key == NULL)
    return tw_config_source_refuse (source, error, "reader", "bank_cards", "needs the key fingerprint_key");

  return TRUE;
}

static gboolean
check_pairs (const TwConfigSource  *source,
             const TwConfig        *config,
             GError               **error)
{
  if (config->response_key && !config->response_key_id)
    return tw_config_source_refuse (source, error, "gateway", "response_key", "needs the key response_key_id");
  if (config->response_key_id && !config->response_key)
    return tw_config_source_refuse (source, error, "gateway", "response_key_id", "needs the key response_key");
  if (config->cvm_limit_minor > config->contactless_limit_minor)
    return tw_config_source_refuse (source, error, "emv", "cvm_limit_minor",
                                    "above contactless_limit_minor (%" G_GINT64_FORMAT ")",
                                    config->contactless_limit_minor);
  if (config->retry_first_ms > config->retry_most_ms)
    return tw_config_source_refuse (source, error, "deadlines", "retry_first_s", "longer than retry_most_s");

  return TRUE;
}

/* A hold that the reader's own limit forbids would decline every tap. */
static gboolean
check_connectors (const TwConfigSource  *source,
                  const TwConfig        *config,
                  GError               **error)
{
  for (guint i = 0; i < config->n_connectors; i++)
    {
      const TwConnectorConfig *connector = &config->connectors[i];
      g_autofree char *group = g_strdup_printf ("connector %u", connector->number);

      if (config->bank_cards_test && connector->hold_minor > config->contactless_limit_minor)
        return tw_config_source_refuse (source, error, group, "hold_minor",
                                        "above [emv] contactless_limit_minor (%" G_GINT64_FORMAT ")",
                                        config->contactless_limit_minor);
      if (config->bank_cards_test && connector->hold_most_minor > config->contactless_limit_minor)
        return tw_config_source_refuse (source, error, group, "hold_most_minor",
                                        "above [emv] contactless_limit_minor (%" G_GINT64_FORMAT ")",
                                        config->contactless_limit_minor);
    }

  return TRUE;
}

/* What it tells is the operator's turnover: whoever shows it to a network says so. */
static gboolean
check_metrics (const TwConfigSource  *source,
               const TwConfig        *config,
               GError               **error)
{
  const char *listen = config->metrics_listen;
  const char *colon = listen ? strrchr (listen, ':') : NULL;
  gsize bracket = listen && *listen == '[' ? 1 : 0;
  g_autofree char *host = listen ? g_strndup (listen + bracket, (gsize) (colon - listen) - 2 * bracket) : NULL;

  if (listen == NULL)
    return TRUE;
  if (!g_hostname_is_ip_address (host) || g_ascii_strtoull (colon + 1, NULL, 10) > G_MAXUINT16)
    return tw_config_source_refuse (source, error, "metrics", "listen",
                                    "accepted is ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464");
  if (!config->metrics_beyond_loopback && !g_str_has_prefix (host, "127.") && !g_str_equal (host, "::1"))
    return tw_config_source_refuse (source, error, "metrics", "listen",
                                    "whoever can connect there reads what the station turns over, without a password: "
                                    "take 127.0.0.1 or [::1], or say beyond_loopback = on");

  return TRUE;
}

static gboolean
fill (const TwConfigSource  *source,
      TwConfig              *config,
      GError               **error)
{
  config->digest = digest_of (source);

  return tw_config_check_known (source, error)
         && tw_config_fill_station (source, config, error)
         && fill_connectors (source, config, error)
         && check_bank_cards (source, config, error)
         && check_pairs (source, config, error)
         && check_connectors (source, config, error)
         && check_metrics (source, config, error)
         && check_unique (source, config, error);
}

TwConfig *
tw_config_load (const char  *path,
                GError     **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (tw_config_file_free);
  TwConfigSource source = { files };
  g_autoptr (TwConfig) config = g_new0 (TwConfig, 1);

  if (!load_files (&source, path, error) || !fill (&source, config, error))
    return NULL;

  return g_steal_pointer (&config);
}

void
tw_config_free (TwConfig *self)
{
  if (self == NULL)
    return;

  tw_config_clear_station (self);
  for (guint i = 0; i < self->n_connectors; i++)
    tw_config_clear_connector (&self->connectors[i]);
  g_free (self->connectors);
  g_free (self->digest);
  g_free (self);
}

const char *
tw_config_digest (const TwConfig *self)
{
  return self->digest;
}
