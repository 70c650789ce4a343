/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/core.h"

static gboolean on_idle (gpointer user_data);

const char *
tw_visit_step_name (TwVisitStep step)
{
  static const char *const names[] = { "seen", "offered", "asked", "tapped", "approved" };

  return names[step];
}

static void
look_later (TwStation *self,
            gint64     ms)
{
  self->visit.timer = tw_clock_after (self->clock, MAX (ms, 1), on_idle, self);
}

void
tw_visit_clear (TwStation *self)
{
  if (self->visit.timer != 0)
    tw_clock_cancel (self->clock, self->visit.timer);
  g_free (self->visit.closed_why);
  self->visit = (TwVisit) { 0 };
}

static void
begin (TwStation  *self,
       const char *by)
{
  TwVisit *visit = &self->visit;
  guint n_taken = 0;

  tw_visit_clear (self);
  visit->here = TRUE;
  visit->by = by;
  visit->begun_us = visit->latest_us = tw_station_boot_us (self);
  visit->closed_why = self->counter == TW_COUNTER_CLOSED ? g_strdup (self->closed_why) : NULL;
  for (guint i = 0; i < self->n_bays; i++)
    {
      visit->n_free += self->bays[i].state == TW_BAY_FREE && self->bays[i].tariff != NULL;
      n_taken += self->bays[i].session != NULL;
    }
  visit->all_busy = visit->n_free == 0 && n_taken > 0;
  look_later (self, self->config->visit_ms);
}

/* Nice to know, and not worth the room that open sessions may need. */
static void
tell_idle (TwStation *self)
{
  TwBatch *batch;

  if (self->visit.told || self->stuck || self->closing || !tw_journal_roomy (self->journal))
    return;
  batch = tw_batch_new (self);
  tw_batch_add (batch, NULL, "visit", tw_payload_visit (&self->visit, "idle"));
  tw_batch_submit (batch);
}

static gboolean
on_idle (gpointer user_data)
{
  TwStation *self = user_data;
  gint64 quiet_ms = (tw_station_boot_us (self) - self->visit.latest_us) / 1000;

  self->visit.timer = 0;
  if (tw_counter_serves (self->counter))
    look_later (self, self->config->visit_ms);
  else if (quiet_ms < self->config->visit_ms)
    look_later (self, self->config->visit_ms - quiet_ms);
  else
    {
      tell_idle (self);
      tw_visit_clear (self);
    }
  return G_SOURCE_REMOVE;
}

void
tw_visit_sign (TwStation  *self,
               const char *by)
{
  if (self->config->visit_ms == 0 || self->closing)
    return;
  if (!self->visit.here)
    begin (self, by);
  if (self->visit.told)
    self->visit.by = by;
  self->visit.latest_us = tw_station_boot_us (self);
}

void
tw_visit_reach (TwStation  *self,
                TwVisitStep step)
{
  TwVisit *visit = &self->visit;

  if (!visit->here)
    return;
  if (visit->told && step == TW_VISIT_OFFERED)
    begin (self, visit->by);   /* the same person, or another one, wants one more */
  visit->latest_us = tw_station_boot_us (self);
  visit->offers += step == TW_VISIT_OFFERED;
  visit->reached = MAX (visit->reached, step);
}

void
tw_visit_own (TwStation *self)
{
  self->visit.own = self->visit.here && !self->visit.told;
}

void
tw_visit_end (TwStation *self,
              TwBatch   *batch)
{
  if (!self->visit.here || self->visit.told)
    return;
  tw_batch_add (batch, NULL, "visit", tw_payload_visit (&self->visit, "session"));
  self->visit.told = TRUE;
}
