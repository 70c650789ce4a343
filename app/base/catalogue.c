/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/catalogue.h"

#include "app/base/error.h"

#include <string.h>

#define MAGIC 0x950412deu
#define HEADER_BYTES 28     /* seven words: magic, revision, n, two tables, the size and place of a hash table */
#define ENTRY_BYTES 8       /* of a table: length, offset */
#define CONTEXT_END '\004'  /* between context and msgid, GNU gettext manual 11.2.5 */

struct _TwCatalogue
{
  GBytes      *mo;
  const char  *bytes;
  gsize        n_bytes;
  gboolean     swapped;
  guint        n;
  guint32      keys, translations;   /* where the tables begin */
};

static guint32
word_at (const TwCatalogue *self,
         gsize              offset)
{
  guint32 word;

  memcpy (&word, self->bytes + offset, sizeof word);

  return self->swapped ? GUINT32_SWAP_LE_BE (word) : word;
}

static const char *
string_at (const TwCatalogue *self,
           guint32            table,
           guint              i)
{
  return self->bytes + word_at (self, table + ENTRY_BYTES * (gsize) i + 4);
}

static gboolean
refuse (GError    **error,
        const char *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError    **error,
        const char *format,
        ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "not a catalogue that can be used: %s; make it again with msgfmt",
               what);

  return FALSE;
}

static gboolean
check_table (TwCatalogue *self,
             const char  *name,
             guint32      offset,
             GError     **error)
{
  if (offset < HEADER_BYTES || offset > self->n_bytes || (self->n_bytes - offset) / ENTRY_BYTES < self->n)
    return refuse (error, "the table of %s does not lie in it", name);

  return TRUE;
}

static gboolean
check_header (TwCatalogue *self,
              GError     **error)
{
  guint32 magic;

  if (self->n_bytes < HEADER_BYTES)
    return refuse (error, "%" G_GSIZE_FORMAT " bytes are fewer than its header has", self->n_bytes);
  magic = word_at (self, 0);
  self->swapped = magic == GUINT32_SWAP_LE_BE (MAGIC);
  if (magic != MAGIC && !self->swapped)
    return refuse (error, "it begins with %08x, not with %08x in either byte order", magic, MAGIC);
  if (word_at (self, 4) != 0)
    return refuse (error, "its revision is %08x, only 0 is understood", word_at (self, 4));
  self->n = word_at (self, 8);
  self->keys = word_at (self, 12);
  self->translations = word_at (self, 16);

  return check_table (self, "originals", self->keys, error) &&
         check_table (self, "translations", self->translations, error);
}

/* Bounds, NUL behind and none inside (that would be plural forms), UTF-8. */
static gboolean
check_string (const TwCatalogue *self,
              const char        *name,
              guint32            table,
              guint              i,
              GError           **error)
{
  guint32 length = word_at (self, table + ENTRY_BYTES * (gsize) i);
  guint32 offset = word_at (self, table + ENTRY_BYTES * (gsize) i + 4);

  if (offset < HEADER_BYTES || offset >= self->n_bytes || length >= self->n_bytes - offset)
    return refuse (error, "%s %u does not lie in it", name, i);
  if (self->bytes[offset + length] != '\0')
    return refuse (error, "%s %u does not end with NUL", name, i);
  if (!g_utf8_validate_len (self->bytes + offset, length, NULL))
    return refuse (error, "%s %u has plural forms, or is not UTF-8", name, i);

  return TRUE;
}

/* Sorted, as the manual promises: the search relies on it, and no key is there twice. */
static gboolean
check_strings (const TwCatalogue *self,
               GError           **error)
{
  for (guint i = 0; i < self->n; i++)
    {
      if (!check_string (self, "original", self->keys, i, error) ||
          !check_string (self, "translation", self->translations, i, error))
        return FALSE;
      if (i > 0 && strcmp (string_at (self, self->keys, i - 1), string_at (self, self->keys, i)) >= 0)
        return refuse (error, "original %u does not come after the one before it", i);
    }

  return TRUE;
}

TwCatalogue *
tw_catalogue_new (GBytes  *mo,
                  GError **error)
{
  g_autoptr (TwCatalogue) self = g_new0 (TwCatalogue, 1);

  self->mo = g_bytes_ref (mo);
  self->bytes = g_bytes_get_data (mo, &self->n_bytes);
  if (!check_header (self, error) || !check_strings (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_catalogue_free (TwCatalogue *self)
{
  if (self == NULL)
    return;

  g_bytes_unref (self->mo);
  g_free (self);
}

/* strcmp() of "context\004msgid" and key, without putting the former together. */
static int
compare (const char *context,
         const char *msgid,
         const char *key)
{
  gsize n = context ? strlen (context) : 0;
  int order = context ? strncmp (context, key, n) : 0;

  if (context == NULL)
    return strcmp (msgid, key);
  if (order != 0)
    return order;
  /* All of context was found in key, so key[n] is there, if only as NUL. */
  if (key[n] != CONTEXT_END)
    return CONTEXT_END - (int) (guchar) key[n];

  return strcmp (msgid, key + n + 1);
}

const char *
tw_catalogue_find (const TwCatalogue *self,
                   const char        *context,
                   const char        *msgid)
{
  guint from = 0, to = self->n;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;
      int order = compare (context, msgid, string_at (self, self->keys, middle));

      if (order == 0)
        {
          const char *translation = string_at (self, self->translations, middle);

          return *translation != '\0' ? translation : NULL;
        }
      if (order < 0)
        to = middle;
      else
        from = middle + 1;
    }

  return NULL;
}

guint
tw_catalogue_length (const TwCatalogue *self)
{
  return self->n;
}

void
tw_catalogue_entry (const TwCatalogue *self,
                    guint              i,
                    const char       **key,
                    const char       **translation)
{
  g_assert (i < self->n);

  *key = string_at (self, self->keys, i);
  *translation = string_at (self, self->translations, i);
}
