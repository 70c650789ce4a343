/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-private.h"

#include "app/base/error.h"

#define ATTEMPTS 3   /* rounds that a reading may take */

typedef struct
{
  TwRapi     *rapi;
  TwMeterDone done;
  gpointer    user_data;
  guint       timer;
  guint64     after_round;  /* rounds up to this one began before it was asked */
  guint       attempts;
} Read;

static void
finish (Read            *read,
        const TwReading *reading,
        const GError    *error)
{
  TwRapi *self = read->rapi;

  g_queue_remove (&self->reads, read);
  if (read->timer != 0)
    tw_clock_cancel (self->clock, read->timer);
  read->done (reading, error, read->user_data);
  g_free (read);
}

static gboolean
on_too_late (gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (TwRapi) self = tw_rapi_ref (read->rapi);
  g_autoptr (GError) error = NULL;

  read->timer = 0;
  if (self->phase == TW_RAPI_READY)
    error = g_error_new (TW_ERROR, TW_ERROR_TIMEOUT, "connector %s: no reading within %u ms", self->label,
                         self->options.times.read_ms);
  else
    error = g_error_new (TW_ERROR, TW_ERROR_GONE, "connector %s: the power controller does not answer", self->label);
  finish (read, NULL, error);
  return G_SOURCE_REMOVE;
}

void
tw_rapi_read (TwRapi     *self,
              TwMeterDone done,
              gpointer    user_data)
{
  Read *read = g_new0 (Read, 1);
  gboolean ready = self->phase == TW_RAPI_READY;

  *read = (Read) { .rapi = self, .done = done, .user_data = user_data, .after_round = self->round };
  g_queue_push_tail (&self->reads, read);
  read->timer = tw_clock_after (self->clock, ready ? self->options.times.read_ms : 0, on_too_late, read);
  if (ready)
    tw_rapi_poll_now (self);
}

void
tw_rapi_read_fail (TwRapi       *self,
                   const GError *error)
{
  /* What a callback asks anew is answered later, not here. */
  for (guint n = g_queue_get_length (&self->reads); n > 0 && !g_queue_is_empty (&self->reads); n--)
    finish (g_queue_peek_head (&self->reads), NULL, error);
}

/* The reads that this round may answer, off the queue: a callback may ask again or free the meter. */
static GList *
take_due (TwRapi *self)
{
  GList *due = NULL;

  for (GList *link = self->reads.head; link; link = link->next)
    {
      Read *read = link->data;

      if (read->after_round < self->round)
        due = g_list_prepend (due, read);
    }

  return g_list_reverse (due);
}

static void
answer_due (TwRapi          *self,
            const TwReading *reading,
            const GError    *error)
{
  g_autoptr (GList) due = take_due (self);

  for (GList *link = due; link; link = link->next)
    if (g_queue_find (&self->reads, link->data))
      {
        Read *read = link->data;

        if (reading || ++read->attempts >= ATTEMPTS)
          finish (read, reading, error);
      }
}

static GError *
explain (TwRapi       *self,
         const GError *error,
         const char   *why_not)
{
  if (error && error->code == TW_ERROR_BAD_DATA)
    return g_error_new (TW_ERROR, TW_ERROR_BAD_DATA, "connector %s: the reading is not believed: %s",
                        self->label, error->message);

  return g_error_new (TW_ERROR, TW_ERROR_TIMEOUT, "connector %s: no reading: %s",
                      self->label, error ? error->message : why_not);
}

gboolean
tw_rapi_read_round (TwRapi             *self,
                    const TwRapiSample *sample,
                    const char         *why_not)
{
  g_autoptr (GError) error = NULL, told = NULL;
  TwReading reading;

  if (sample && tw_rapi_meter_take (self->meter, sample, &error))
    {
      reading = tw_rapi_meter_reading (self->meter);
      answer_due (self, &reading, NULL);
    }
  else
    {
      told = explain (self, error, why_not);
      answer_due (self, NULL, told);
    }

  return !g_queue_is_empty (&self->reads);
}
