/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/bytes.h"
#include "app/base/error.h"

#define FILE_MOST 1024
#define KEY_BYTES 32

static gboolean
fail (GError    **error,
      const char *path,
      guint       line,
      const char *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s:%u: %s; expected at most two lines \"epoch hex\" with "
               "64 hex digits, as made by: echo \"2026a $(openssl rand -hex 32)\"", path, line, what);
  return FALSE;
}

static gboolean
read_file (const char *path,
           char        text[FILE_MOST + 1],
           gsize      *len,
           GError    **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat about;
  gssize n = -1;

  if (fd < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "fingerprint key %s cannot be opened: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  if (fstat (fd, &about) == 0)
    n = read (fd, text, FILE_MOST + 1);
  close (fd);

  if (n < 0 || !S_ISREG (about.st_mode))
    return fail (error, path, 0, "cannot be read");
  if ((about.st_mode & S_IRWXO) != 0)
    return fail (error, path, 0, "others may read or change it: chmod o= it");
  if (n > FILE_MOST)
    return fail (error, path, 0, "is too long");

  text[n] = '\0';
  *len = n;
  return TRUE;
}

static gboolean
is_epoch_name (const char *name)
{
  gsize len = strlen (name);

  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '.')
      return FALSE;
  return len >= 1 && len <= 16;
}

/* line: "name hex", changed in place. */
static gboolean
take_line (TwEpochKeys *self,
           char        *line,
           const char  *path,
           guint        number,
           GError     **error)
{
  char *space = strchr (line, ' ');
  guint8 key[KEY_BYTES];

  if (space == NULL || self->n == TW_EPOCHS_MOST)
    return fail (error, path, number, space == NULL ? "no epoch and key" : "a third epoch");

  *space = '\0';
  if (!is_epoch_name (line) || (self->n == 1 && strcmp (self->epochs[0].name, line) == 0))
    return fail (error, path, number, "the epoch's name is not 1 to 16 letters and digits, or is there twice");

  if (strlen (space + 1) != 2 * KEY_BYTES || strspn (space + 1, "0123456789abcdefABCDEF") != 2 * KEY_BYTES)
    return fail (error, path, number, "the key is not 64 hex digits");

  for (guint i = 0; i < KEY_BYTES; i++)
    key[i] = g_ascii_xdigit_value (space[1 + 2 * i]) << 4 | g_ascii_xdigit_value (space[2 + 2 * i]);
  self->epochs[self->n].name = g_strdup (line);
  self->epochs[self->n].key = tw_secret_new (key, sizeof key);
  self->n++;
  tw_wipe (key, sizeof key);
  return TRUE;
}

static gboolean
take_lines (TwEpochKeys *self,
            char        *text,
            const char  *path,
            GError     **error)
{
  guint number = 0;

  for (char *line = text, *next; line != NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      number++;
      g_strstrip (line);
      if (*line != '\0' && *line != '#' && !take_line (self, line, path, number, error))
        return FALSE;
    }
  return self->n > 0 || fail (error, path, number, "there is no key");
}

gboolean
tw_epoch_keys_load (TwEpochKeys *self,
                    const char  *path,
                    GError     **error)
{
  char text[FILE_MOST + 1];
  gsize len = 0;
  gboolean good;

  memset (self, 0, sizeof *self);
  good = read_file (path, text, &len, error) && take_lines (self, text, path, error);
  tw_wipe (text, sizeof text);
  if (!good)
    tw_epoch_keys_clear (self);
  return good;
}

void
tw_epoch_keys_clear (TwEpochKeys *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->epochs[i].name);
      g_bytes_unref (self->epochs[i].key);
    }
  memset (self, 0, sizeof *self);
}
