/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/config-private.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_BYTES = 256 * 1024, MAX_SHOWN = 64 };

static GBytes *
read_bounded (int      fd,
              GError **error)
{
  struct stat status;
  g_autofree char *bytes = g_malloc (MAX_BYTES + 1);
  gsize n = 0;

  if (fstat (fd, &status) == 0 && !S_ISREG (status.st_mode))
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "not a regular file");
      return NULL;
    }
  while (n <= MAX_BYTES)
    {
      gssize got = read (fd, bytes + n, MAX_BYTES + 1 - n);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_GONE, "cannot be read: %s", g_strerror (errno));
          return NULL;
        }
      if (got == 0)
        return g_bytes_new (bytes, n);
      n += got;
    }

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more than %d bytes", MAX_BYTES);
  return NULL;
}

static GBytes *
read_file (const char  *path,
           GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO does not make us wait */
  GBytes *bytes;

  if (fd < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be read: %s", path, g_strerror (errno));
      return NULL;
    }
  bytes = read_bounded (fd, error);
  if (bytes == NULL)
    g_prefix_error (error, "%s: ", path);
  close (fd);

  return bytes;
}

static gboolean
note_line (TwConfigFile  *self,
           const char    *group,
           const char    *key,
           guint          line,
           GError       **error)
{
  g_autofree char *name = key ? g_strdup_printf ("%s\n%s", group, key) : g_strdup (group);
  guint before = tw_config_file_line (self, group, key);

  if (before > 0 && key)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s:%u: [%s] %s: said before, in line %u",
                   self->path, line, group, key, before);
      return FALSE;
    }
  if (before == 0)
    g_hash_table_insert (self->lines, g_steal_pointer (&name), GUINT_TO_POINTER (line));
  return TRUE;
}

/* GKeyFile neither numbers lines nor minds a key that is said twice. */
static gboolean
note_lines (TwConfigFile  *self,
            const char    *text,
            GError       **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *group = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      char *line = g_strstrip (lines[i]);
      gsize n = strlen (line);
      char *equals = strchr (line, '=');

      if (n == 0 || *line == '#')
        continue;
      if (*line == '[' && n > 2 && line[n - 1] == ']')
        {
          g_free (group);
          group = g_strndup (line + 1, n - 2);
          if (!note_line (self, group, NULL, i + 1, error))
            return FALSE;
          continue;
        }
      if (equals == NULL || equals == line || group == NULL)
        {
          g_autofree char *shown = tw_text_printable (line, MAX_SHOWN);

          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s:%u: %s: %s", self->path, i + 1, shown,
                       equals && equals != line ? "a key before the first [group]"
                                                : "accepted are [group], key = value and # comment");
          return FALSE;
        }
      *equals = '\0';
      if (!note_line (self, group, g_strchomp (line), i + 1, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse (TwConfigFile  *self,
       GError       **error)
{
  gsize n;
  const char *bytes = g_bytes_get_data (self->bytes, &n);
  g_autofree char *text = g_strndup (bytes ? bytes : "", n);
  g_autoptr (GError) cause = NULL;
  const char *end;

  if (!g_utf8_validate_len (bytes ? bytes : "", n, &end))
    {
      guint line = 1;

      for (const char *c = bytes; c < end; c++)
        line += *c == '\n';
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s:%u: not UTF-8 text", self->path, line);
      return FALSE;
    }
  if (!note_lines (self, text, error))
    return FALSE;
  if (g_key_file_load_from_data (self->keys, text, n, G_KEY_FILE_KEEP_TRANSLATIONS, &cause)
      || g_error_matches (cause, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND)) /* an empty file */
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: %s", self->path, cause->message);
  return FALSE;
}

TwConfigFile *
tw_config_file_load (const char  *path,
                     GError     **error)
{
  GBytes *bytes = read_file (path, error);
  TwConfigFile *self;

  if (bytes == NULL)
    return NULL;

  self = g_new0 (TwConfigFile, 1);
  self->path = g_strdup (path);
  self->dir = g_path_get_dirname (path);
  self->bytes = bytes;
  self->keys = g_key_file_new ();
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (parse (self, error))
    return self;

  tw_config_file_free (self);
  return NULL;
}

void
tw_config_file_free (gpointer data)
{
  TwConfigFile *self = data;

  g_free (self->path);
  g_free (self->dir);
  g_bytes_unref (self->bytes);
  g_key_file_unref (self->keys);
  g_hash_table_unref (self->lines);
  g_free (self);
}

guint
tw_config_file_line (const TwConfigFile *self,
                     const char         *group,
                     const char         *key)
{
  g_autofree char *name = key ? g_strdup_printf ("%s\n%s", group, key) : g_strdup (group);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, name));
}

const TwConfigFile *
tw_config_source_find (const TwConfigSource *self,
                       const char           *group,
                       const char           *key)
{
  for (guint i = self->files->len; i > 0; i--)
    {
      const TwConfigFile *file = self->files->pdata[i - 1];

      if (tw_config_file_line (file, group, key) > 0)
        return file;
    }

  return NULL;
}

/* Nobody says it: the group's first line is the best place to look at, or else the first file. */
static char *
place_of (const TwConfigSource *self,
          const char           *group,
          const char           *key)
{
  const TwConfigFile *file = key ? tw_config_source_find (self, group, key) : NULL;

  if (file)
    {
      g_autofree char *value = g_key_file_get_value (file->keys, group, key, NULL);
      g_autofree char *shown = tw_text_printable (value ? g_strchomp (value) : "", MAX_SHOWN);

      return g_strdup_printf ("%s:%u: [%s] %s = %s", file->path, tw_config_file_line (file, group, key), group, key,
                              shown);
    }

  file = tw_config_source_find (self, group, NULL);
  if (file)
    return g_strdup_printf ("%s:%u: [%s]%s%s", file->path, tw_config_file_line (file, group, NULL), group,
                            key ? " " : "", key ? key : "");

  file = self->files->pdata[0];
  return g_strdup_printf ("%s: [%s]%s%s", file->path, group, key ? " " : "", key ? key : "");
}

gboolean
tw_config_source_refuse (const TwConfigSource  *self,
                         GError               **error,
                         const char            *group,
                         const char            *key,
                         const char            *format,
                         ...)
{
  g_autofree char *place = place_of (self, group, key);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: %s", place, what);

  return FALSE;
}
