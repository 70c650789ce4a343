/* SPDX-License-Identifier: Apache-2.0 */
/* What stays at a connector when its session has left it: whose it was, and for a while the receipt. */
#include "app/station/core.h"

#include "app/base/json.h"

#include <string.h>

static gboolean
on_seen_long_enough (gpointer user_data)
{
  TwBay *self = user_data;

  self->receipt_timer = 0;
  self->receipt_until_us = 0;
  tw_station_announce (self->station);
  return G_SOURCE_REMOVE;
}

static void
show_receipt (TwBay *self,
              gint64 ms)
{
  TwStation *station = self->station;

  tw_parting_end (self);
  if (ms <= 0)
    return;
  self->receipt_timer = tw_clock_after (station->clock, ms, on_seen_long_enough, self);
  self->receipt_until_us = tw_station_boot_us (station) + ms * 1000;
}

static void
remember (TwBay          *self,
          const TwRecord *record)
{
  g_free (self->last_session);
  g_free (self->last_language);
  self->last_session = g_strdup (record->session);
  self->last_language = g_strdup (record->language);
}

void
tw_parting_begin (TwBay          *self,
                  const TwRecord *record)
{
  remember (self, record);
  self->receipt_facts = 0;
  show_receipt (self, self->station->config->receipt_ms);
}

/* Milliseconds since an instant; G_MAXINT64 if nobody can tell. Unlike what may be billed, which is 0 then. */
static gint64
age_ms (const TwInstant *at,
        const TwInstant *now)
{
  gboolean same_boot = memcmp (at->boot_id, now->boot_id, sizeof at->boot_id) == 0;

  if (!same_boot && !(at->synced && now->synced && now->wall_us >= at->wall_us))
    return G_MAXINT64;
  return tw_instant_elapsed_us (at, now) / 1000;
}

void
tw_parting_recall (TwBay          *self,
                   const TwRecord *record)
{
  TwInstant now = tw_clock_now (self->station->clock);
  gint64 most_ms = self->station->config->receipt_ms;
  gint64 age = age_ms (&record->ended_at, &now);

  remember (self, record);
  self->receipt_facts = 0;
  show_receipt (self, age < most_ms ? most_ms - age : 0);
}

void
tw_parting_retell (TwBay          *self,
                   const TwRecord *record)
{
  if (self != NULL && g_strcmp0 (self->last_session, record->session) == 0)
    remember (self, record);
}

void
tw_parting_end (TwBay *self)
{
  if (self->receipt_timer != 0)
    tw_clock_cancel (self->station->clock, self->receipt_timer);
  self->receipt_timer = 0;
  self->receipt_until_us = 0;
}

static const char *
fact_name (TwReceiptFact fact)
{
  return fact == TW_RECEIPT_SHOWN ? "shown" : "dismissed";
}

/* At most one entry of each a session, however often it is asked for, and none that takes room from open sessions. */
static void
journal_fact (TwBay        *self,
              TwReceiptFact fact)
{
  TwStation *station = self->station;
  TwBatch *batch;

  if ((self->receipt_facts & fact) != 0 || station->stuck || !tw_journal_roomy (station->journal))
    return;
  self->receipt_facts |= fact;
  batch = tw_batch_new (station);
  tw_batch_add (batch, self->last_session, "receipt-fetched", tw_payload_receipt_fetched (fact_name (fact)));
  tw_batch_submit (batch);
}

void
tw_parting_note (TwStation     *self,
                 const TwEntry *entry)
{
  g_autoptr (TwJson) payload = tw_json_parse (g_bytes_get_data (entry->payload, NULL),
                                              g_bytes_get_size (entry->payload), &TW_JSON_SMALL, NULL);
  const char *how = tw_json_string (tw_json_member (payload, "how"));

  for (guint i = 0; how != NULL && i < self->n_bays; i++)
    if (g_strcmp0 (self->bays[i].last_session, entry->session) == 0)
      self->bays[i].receipt_facts |= g_str_equal (how, "shown") ? TW_RECEIPT_SHOWN : TW_RECEIPT_DISMISSED;
}

void
tw_station_receipt_fetched (TwStation  *self,
                            const char *session)
{
  for (guint i = 0; i < self->n_bays; i++)
    {
      TwBay *bay = &self->bays[i];

      if (bay->session != NULL && g_str_equal (bay->session->record->session, session))
        tw_visit_own (self);
      else if (bay->receipt_until_us != 0 && g_strcmp0 (bay->last_session, session) == 0)
        journal_fact (bay, TW_RECEIPT_SHOWN);
    }
}

void
tw_station_dismiss (TwStation *self,
                    guint      connector)
{
  TwBay *bay = tw_station_find_bay (self, connector, NULL);

  if (bay == NULL || bay->receipt_until_us == 0)
    return;
  tw_visit_sign (self, "touch");
  tw_visit_own (self);
  journal_fact (bay, TW_RECEIPT_DISMISSED);
  tw_parting_end (bay);
  tw_station_announce (self);
}
