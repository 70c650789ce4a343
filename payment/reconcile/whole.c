/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/whole.h"

#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/shape.h"

void
tw_wholes_init (TwWholes *self, TwReconciliation *engine)
{
  *self = (TwWholes) { .engine = engine, .opened = g_ptr_array_new (), .bodies = g_string_chunk_new (4096),
                       .room = g_byte_array_new () };
}

void
tw_wholes_clear (TwWholes *self)
{
  for (guint i = 0; i < self->opened->len; i++)
    if (self->opened->pdata[i] != NULL)
      self->engine->again_class->close (self->opened->pdata[i]);
  g_ptr_array_unref (self->opened);
  g_string_chunk_free (self->bodies);
  g_byte_array_unref (self->room);
  tw_page_clear (&self->sale_page);
  tw_page_clear (&self->line_page);
}

void
tw_wholes_forget (TwWholes *self)
{
  g_string_chunk_clear (self->bodies);
}

guint64
tw_sale_home (const TwSale *sale)
{
  return sale->payment_ref.n > 0 ? tw_hash_text (TW_ROOM_PAYMENT, sale->payment_ref)
                                 : tw_hash_text (TW_ROOM_SESSION, sale->session);
}

guint64
tw_line_home (const TwSettled *line)
{
  return line->payment_ref.n > 0 ? tw_hash_text (TW_ROOM_PAYMENT, line->payment_ref)
                                 : tw_hash_text (TW_ROOM_NATURAL, line->key);
}

void
tw_line_complete (TwSettled *line)
{
  if (line->currency[0] == '\0')
    memcpy (line->currency, line->net_currency, sizeof line->currency);
  if (line->net_currency[0] == '\0')
    memcpy (line->net_currency, line->currency, sizeof line->net_currency);
}

static void
keep (TwWholes *self, const guint8 *body, gsize n, TwWhole *whole)
{
  *whole = (TwWhole) { (const guint8 *) g_string_chunk_insert_len (self->bodies, (const char *) body, (gssize) n), n };
}

/* As the scratch would have it, with zeros up to a multiple of 8. */
static gboolean
take_shape (TwWholes *self, TwShape shape, gconstpointer value, guint64 home)
{
  gsize n;

  g_byte_array_set_size (self->room, (guint) tw_shape_bound (shape, value) + 8);
  n = (gsize) (tw_shape_write (shape, value, self->room->data) - self->room->data);
  memset (self->room->data + n, 0, 8);
  g_byte_array_set_size (self->room, (guint) ((n + 7) & ~(gsize) 7));
  self->found = home == self->wanted;
  return TRUE;
}

static gboolean
on_sale (gpointer self, const TwSale *sale, GError **error)
{
  return take_shape (self, TW_SHAPE_SALE, sale, tw_sale_home (sale));
}

static gboolean
on_line (gpointer self, const TwSettled *line, GError **error)
{
  TwSettled own = *line;

  tw_line_complete (&own);
  return take_shape (self, TW_SHAPE_SETTLED, &own, tw_line_home (&own));
}

static gboolean
read_again (TwWholes *self, const TwOrigin *origin, guint64 hash, TwWhole *whole, GError **error)
{
  static const TwIntakeClass CLASS = { .sale = on_sale, .line = on_line };
  const TwAgainClass *again = self->engine->again_class;
  gpointer *opened;

  if (self->opened->len <= origin->file)
    g_ptr_array_set_size (self->opened, (gint) origin->file + 1);
  opened = &self->opened->pdata[origin->file];
  if (*opened == NULL)
    *opened = again->open (self->engine->again, origin->file, error);
  self->wanted = hash;
  self->found = FALSE;
  if (*opened == NULL || !again->row (*opened, origin, &(TwIntake) { &CLASS, self }, error))
    return FALSE;
  if (!self->found)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": is another row now: the "
                   "file changed while it was read", origin->file, origin->line);
      return FALSE;
    }
  keep (self, self->room->data, self->room->len, whole);
  return TRUE;
}

static gboolean
read_scratch (TwWholes *self, TwPage *page, TwFan *fan, guint64 hash, const TwPlace *place, TwWhole *whole,
              GError **error)
{
  const TwRow *row = tw_page_row (page, tw_fan_spool (fan, hash), place, error);

  if (row == NULL)
    return FALSE;
  keep (self, TW_ROW_BODY (row), row->size - sizeof *row, whole);
  return TRUE;
}

gboolean
tw_whole_sale (TwWholes *self, const TwRow *brief, TwWhole *whole, GError **error)
{
  const TwBriefSale *sale = TW_BRIEF_SALE (brief);
  const TwOrigin origin = { sale->file, sale->line, tw_place_at (&sale->whole) };

  return sale->whole.block == TW_IN_FILE
           ? read_again (self, &origin, brief->hash, whole, error)
           : read_scratch (self, &self->sale_page, self->engine->sales, brief->hash, &sale->whole, whole, error);
}

gboolean
tw_whole_line (TwWholes *self, const TwRow *brief, TwWhole *whole, GError **error)
{
  const TwBriefLine *line = TW_BRIEF_LINE (brief);
  const TwOrigin origin = { line->file, line->line, tw_place_at (&line->whole) };

  return line->whole.block == TW_IN_FILE
           ? read_again (self, &origin, brief->hash, whole, error)
           : read_scratch (self, &self->line_page, self->engine->lines, brief->hash, &line->whole, whole, error);
}
