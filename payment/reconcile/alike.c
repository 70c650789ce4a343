/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/alike.h"

#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"

#define ID_BYTES 16
#define NOTE_BYTES (ID_BYTES + sizeof (guint64))

typedef struct
{
  GByteArray *ids;
  gsize       memory_bytes;
  guint8      last[ID_BYTES];      /* and where it was first */
  guint64     place;
  gboolean    any, told;
} Search;

static void
pack (const char *id, guint8 *to)
{
  for (guint i = 0; i < ID_BYTES; i++)
    to[i] = (guint8) (g_ascii_xdigit_value (id[2 * i]) << 4 | g_ascii_xdigit_value (id[2 * i + 1]));
}

gboolean
tw_alike_note (TwSorter *notes, const char *id, guint64 place, GError **error)
{
  guint8 *at = tw_sorter_reserve (notes, NOTE_BYTES, error);

  if (at == NULL)
    return FALSE;
  pack (id, at);
  memcpy (at + ID_BYTES, &place, sizeof place);
  tw_sorter_commit (notes, ID_BYTES, NOTE_BYTES);
  return TRUE;
}

/* By identity. Those of one place need no list: they follow each other when they are told. */
static gboolean
on_note (gpointer user_data, const TwRow *row, GError **error)
{
  Search *self = user_data;
  const guint8 *id = TW_ROW_BODY (row);
  guint64 place;

  memcpy (&place, id + ID_BYTES, sizeof place);
  if (!self->any || memcmp (self->last, id, ID_BYTES) != 0)
    {
      memcpy (self->last, id, ID_BYTES);
      self->place = place;
      self->any = TRUE;
      self->told = FALSE;
      return TRUE;
    }
  if (self->told || place == self->place)
    return TRUE;
  self->told = TRUE;
  g_byte_array_append (self->ids, id, ID_BYTES);
  if (self->ids->len <= self->memory_bytes)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%u lines or more have the key of another line, and other "
               "references: more than the memory that was allowed can hold, and no file of a payment service",
               self->ids->len / ID_BYTES);
  return FALSE;
}

gboolean
tw_alikes_init (TwAlikes *self, TwSorter **notes, guint n, gsize memory_bytes, GError **error)
{
  Search search = { .memory_bytes = memory_bytes };

  *self = (TwAlikes) { .ids = g_byte_array_new () };
  search.ids = self->ids;
  return tw_sorters_merge (notes, n, on_note, &search, error);
}

void
tw_alikes_clear (TwAlikes *self)
{
  g_clear_pointer (&self->ids, g_byte_array_unref);
}

static int
compare_ids (const void *a, const void *b)
{
  return memcmp (a, b, ID_BYTES);
}

static gboolean
has (const TwAlikes *self, const char *id)
{
  guint8 packed[ID_BYTES];

  if (self->ids->len == 0)
    return FALSE;
  pack (id, packed);
  return bsearch (packed, self->ids->data, self->ids->len / ID_BYTES, ID_BYTES, compare_ids) != NULL;
}

/* Two rows that nothing tells apart are two findings, of which the second has a name of its own. */
void
tw_alikes_tell_apart (TwAlikes *self, TwException *exception)
{
  if (has (self, exception->id))
    tw_exception_identify_by_references (exception);
  if (strcmp (self->last_id, exception->id) != 0)
    {
      memcpy (self->last_id, exception->id, sizeof self->last_id);
      self->n_last = 1;
      return;
    }
  tw_exception_identify_as (exception, self->last_id, ++self->n_last);
}
