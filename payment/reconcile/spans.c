/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/spans.h"

#include "payment/reconcile/register.h"
#include "payment/reconcile/sale.h"

void
tw_spans_init (TwSpans *self)
{
  *self = (TwSpans) { TW_NOT_STATED, TW_NOT_STATED, g_array_new (FALSE, FALSE, sizeof (gint64)) };
}

void
tw_spans_clear (TwSpans *self)
{
  g_clear_pointer (&self->last_of, g_array_unref);
}

/* TW_NOT_STATED is the least. */
static void
extend (gint64 *last_us, gint64 us)
{
  *last_us = MAX (*last_us, us);
}

void
tw_spans_note (TwSpans *self, guint32 spot, gint64 us)
{
  const gint64 none = TW_NOT_STATED;

  if (us == TW_NOT_STATED)
    return;
  if (self->first_us == TW_NOT_STATED || us < self->first_us)
    self->first_us = us;
  extend (&self->last_us, us);
  if (spot == TW_NO_NAME)
    return;
  while (self->last_of->len <= spot)
    g_array_append_val (self->last_of, none);
  extend (&g_array_index (self->last_of, gint64, spot), us);
}

void
tw_spans_merge (TwSpans *self, const TwSpans *other)
{
  tw_spans_note (self, TW_NO_NAME, other->first_us);
  tw_spans_note (self, TW_NO_NAME, other->last_us);
  for (guint i = 0; i < other->last_of->len; i++)
    tw_spans_note (self, i, g_array_index (other->last_of, gint64, i));
}

gint64
tw_spans_last_of (const TwSpans *self, guint32 spot)
{
  if (spot == TW_NO_NAME)
    return self->last_us;
  return spot < self->last_of->len ? g_array_index (self->last_of, gint64, spot) : TW_NOT_STATED;
}
