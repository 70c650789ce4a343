/* SPDX-License-Identifier: Apache-2.0 */
/* Journal before act. Batches are written in the order in which they were submitted, one at a time; when one is
 * durable, what it allows happens, in order. One that cannot be written is tried again for ever with everything behind
 * it waiting; until then power is off and nobody new is served. */
#include "app/station/core.h"

#define RETRY_MS 1000

typedef struct
{
  TwDurable func;
  char     *session;
  guint     index;
} Then;

struct _TwBatch
{
  TwStation *station;
  GPtrArray *entries, *blobs;
  GQueue     thens;
  gint64     begun_us;   /* boot time at which its writing began */
};

TwBatch *
tw_batch_new (TwStation *self)
{
  TwBatch *batch = g_new0 (TwBatch, 1);

  batch->station = self;
  batch->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  batch->blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return batch;
}

static void
then_free (Then *then)
{
  g_free (then->session);
  g_free (then);
}

static void
batch_free (TwBatch *batch)
{
  g_ptr_array_unref (batch->entries);
  g_ptr_array_unref (batch->blobs);
  g_queue_clear_full (&batch->thens, (GDestroyNotify) then_free);
  g_free (batch);
}

void
tw_batch_add (TwBatch    *batch,
              const char *session,
              const char *kind,
              GBytes     *payload)
{
  TwStation *self = batch->station;
  TwEntry *entry = tw_entry_new (tw_clock_now (self->clock), session, kind, payload);
  TwSession *owner = session ? tw_session_find (self, session) : NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (batch->entries, entry);
  if (owner != NULL && !tw_record_apply (owner->record, entry, &error))
    g_critical ("the station wrote what it cannot read: %s", error->message);
}

void
tw_batch_add_blob (TwBatch *batch,
                   GBytes  *bytes)
{
  g_ptr_array_add (batch->blobs, g_bytes_ref (bytes));
}

void
tw_batch_then (TwBatch    *batch,
               TwDurable   func,
               const char *session,
               guint       index)
{
  Then *then = g_new0 (Then, 1);

  *then = (Then) { func, g_strdup (session), index };
  g_queue_push_tail (&batch->thens, then);
}

static void write_head (TwStation *self);

static gboolean
on_retry (gpointer user_data)
{
  TwStation *self = user_data;

  self->retry = 0;
  write_head (self);
  return G_SOURCE_REMOVE;
}

/* Power goes off without waiting for the journal that cannot be written. */
static void
become_stuck (TwStation    *self,
              const GError *error)
{
  if (!self->stuck)
    g_warning ("the journal cannot be written: %s; power is off and nobody new is served until it can", error->message);
  self->stuck = TRUE;
  self->retry = tw_clock_after (self->clock, RETRY_MS, on_retry, self);
  for (guint i = 0; i < self->n_bays; i++)
    {
      tw_dock_power (&self->bays[i]);
      if (tw_bay_allows_power (self->bays[i].state))
        tw_dock_event (&self->bays[i], TW_BAY_STOP, "journal");
    }
  tw_desk_look (self);
}

static guint64
last_seq (const TwBatch *batch)
{
  const TwEntry *entry = batch->entries->pdata[batch->entries->len - 1];

  return entry->seq;
}

static void
take_effect (TwStation *self)
{
  TwBatch *batch;
  Then *then;

  batch = g_queue_pop_head (&self->batches);
  tw_log_debug ("journal: up to entry %" G_GUINT64_FORMAT " durable after %" G_GINT64_FORMAT " us", last_seq (batch),
                tw_station_boot_us (self) - batch->begun_us);
  if (self->stuck)
    tw_log_info ("the journal can be written again");
  self->stuck = FALSE;
  if (!g_queue_is_empty (&self->batches))
    write_head (self);
  while ((then = g_queue_pop_head (&batch->thens)) != NULL)
    {
      then->func (self, then->session, then->index);
      then_free (then);
    }
  batch_free (batch);

  for (guint i = 0; i < self->n_bays; i++)
    tw_dock_power (&self->bays[i]);
  tw_desk_look (self);
  tw_till_forget_closed (self);
  tw_station_announce (self);
}

/* The journal waits for what was handed over, and may outlive us. */
static void
on_committed (GPtrArray    *entries,
              const GError *error,
              gpointer      user_data)
{
  TwLeash *leash = user_data;

  if (leash->station != NULL && error != NULL)
    become_stuck (leash->station, error);
  else if (leash->station != NULL)
    take_effect (leash->station);
  g_rc_box_release (leash);
}

static void
write_head (TwStation *self)
{
  TwBatch *batch = g_queue_peek_head (&self->batches);

  batch->begun_us = tw_station_boot_us (self);
  tw_journal_commit (self->journal, batch->entries, batch->blobs, on_committed, g_rc_box_acquire (self->leash));
}

void
tw_batch_submit (TwBatch *batch)
{
  TwStation *self = batch->station;

  if (batch->entries->len == 0)
    {
      g_assert (g_queue_is_empty (&batch->thens));   /* nothing may follow from what is not written down */
      batch_free (batch);
      return;
    }
  g_queue_push_tail (&self->batches, batch);
  if (g_queue_get_length (&self->batches) == 1)
    write_head (self);
  tw_station_announce (self);
}

void
tw_batches_clear (TwStation *self)
{
  if (self->retry != 0)
    tw_clock_cancel (self->clock, self->retry);
  g_queue_clear_full (&self->batches, (GDestroyNotify) batch_free);
}
