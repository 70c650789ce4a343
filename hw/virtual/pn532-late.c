/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-late.h"

struct _TwPn532Late
{
  GMainContext   *context;
  GPtrArray      *replies; /* of Reply */
  TwPn532LateFunc func;
  gpointer        user_data;
};

typedef struct
{
  TwPn532Late *owner;
  GBytes      *frame;
  GSource     *timer;
} Reply;

static void
reply_free (gpointer data)
{
  Reply *reply = data;

  g_source_destroy (reply->timer);
  g_source_unref (reply->timer);
  g_bytes_unref (reply->frame);
  g_free (reply);
}

TwPn532Late *
tw_pn532_late_new (TwPn532LateFunc func,
                   gpointer        user_data)
{
  TwPn532Late *self = g_new0 (TwPn532Late, 1);

  self->context = g_main_context_ref_thread_default ();
  self->replies = g_ptr_array_new_with_free_func (reply_free);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
tw_pn532_late_free (TwPn532Late *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->replies);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
on_due (gpointer data)
{
  Reply *reply = data;
  TwPn532Late *self = reply->owner;
  gsize n;
  const guint8 *frame = g_bytes_get_data (reply->frame, &n);

  self->func (frame, n, self->user_data);
  g_ptr_array_remove_fast (self->replies, reply);
  return G_SOURCE_REMOVE;
}

void
tw_pn532_late_send (TwPn532Late      *self,
                    const GByteArray *frame,
                    guint             ms)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->owner = self;
  reply->frame = g_bytes_new (frame->data, frame->len);
  reply->timer = g_timeout_source_new (ms);
  g_source_set_callback (reply->timer, on_due, reply, NULL);
  g_source_attach (reply->timer, self->context);
  g_ptr_array_add (self->replies, reply);
}
