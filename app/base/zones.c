/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/zones.h"

#include "app/base/small-file.h"

#include <string.h>

#define MOST_BYTES (1024 * 1024)
#define SYSTEM "/usr/share/zoneinfo"
#define HEADING "# version "

/* The first line of a file without its heading; NULL: it is no release's name. */
static char *
first_line (const char *folder,
            const char *file,
            const char *heading)
{
  g_autofree char *path = g_build_filename (folder, file, NULL), *line = NULL;
  g_autoptr (GBytes) bytes = tw_small_file_read (path, MOST_BYTES, NULL);
  gsize len = 0, n;
  const char *text = bytes ? g_bytes_get_data (bytes, &len) : NULL;

  if (text == NULL || len < strlen (heading) || strncmp (text, heading, strlen (heading)) != 0)
    return NULL;
  text += strlen (heading);
  len -= strlen (heading);
  for (n = 0; n < len && n < 32 && (g_ascii_isalnum (text[n]) || strchr ("-._", text[n]) != NULL) && text[n]; n++)
    ;
  line = g_strndup (text, n);
  return n > 0 ? g_steal_pointer (&line) : NULL;
}

char *
tw_zones_version (const char *folder)
{
  const char *where = folder ? folder : g_getenv ("TZDIR") ? g_getenv ("TZDIR") : SYSTEM;
  char *version = first_line (where, "tzdata.zi", HEADING);

  if (version == NULL)
    version = first_line (where, "+VERSION", "");
  return version ? version : g_strdup ("unknown");
}

/* A year and a letter, "2025b", and what a distribution adds. */
static gboolean
is_release (const char *version)
{
  return strlen (version) >= 5 && strspn (version, "0123456789") == 4 && g_ascii_islower (version[4]);
}

gboolean
tw_zones_is_older (const char *version,
                   const char *than)
{
  return is_release (version) && is_release (than) && strncmp (version, than, 5) < 0;
}
