/* SPDX-License-Identifier: Apache-2.0 */
/* The counter's levels: may anybody be served, may a tap identify, may the take begin. */
#include "app/station/core.h"

/* A reader that restarts is back before anyone notices; only after this is the station closed for want of it. */
#define GRACE_MS 5000

static gboolean
on_grace (gpointer user_data)
{
  TwStation *self = user_data;

  self->grace = 0;
  tw_desk_look (self);
  return G_SOURCE_REMOVE;
}

/* What waiting does not mend. */
static gboolean
is_as_configured (const char *why)
{
  return g_strcmp0 (why, "bank-cards-off") == 0 || g_strcmp0 (why, "gateway-not-configured") == 0;
}

static void
look_again_soon (TwStation *self)
{
  if (self->grace == 0)
    self->grace = tw_clock_after (self->clock, GRACE_MS, on_grace, self);
}

static gboolean
has_tariff (TwStation *self)
{
  for (guint i = 0; i < self->n_bays; i++)
    if (self->bays[i].tariff != NULL)
      return TRUE;
  return FALSE;
}

/* Why nobody new can be served; NULL: all is there. */
static const char *
service_gap (TwStation *self)
{
  const char *why = NULL;

  if (self->closing)
    return "closing";
  if (self->stuck)
    return "journal-stuck";
  if (!tw_journal_roomy (self->journal))
    {
      look_again_soon (self);   /* nobody tells when there is room again */
      return "storage-full";
    }
  if (!has_tariff (self))
    return "no-tariff";
  if (self->acceptor == NULL)
    return "no-acceptor";
  if (tw_acceptor_ready (self->acceptor, &why))
    {
      self->unready_since_us = 0;
      return NULL;
    }
  if (is_as_configured (why))
    return why;
  if (self->unready_since_us == 0)
    self->unready_since_us = tw_station_boot_us (self);
  if (tw_station_boot_us (self) - self->unready_since_us >= (gint64) GRACE_MS * 1000)
    return why ? why : "reader-starting";
  look_again_soon (self);
  return NULL;
}

static void
look_at_acceptor (TwStation *self)
{
  gboolean idle = self->taking == NULL && !self->identifying;
  gboolean wants_tap = self->counter == TW_COUNTER_WELCOME || self->counter == TW_COUNTER_CLOSED;

  /* Whoever charges stops with his card also while no money can be taken. */
  if (self->acceptor == NULL || self->closing)
    return;
  if (self->identifying && !wants_tap)
    tw_taking_cancel (self);
  else if (idle && wants_tap && tw_acceptor_capabilities (self->acceptor).can_identify)
    tw_taking_identify (self);
  else if (idle && self->counter == TW_COUNTER_OFFER && self->offered && self->config->auto_accept
           && tw_acceptor_ready (self->acceptor, NULL))
    tw_desk_event (self, TW_COUNTER_ACCEPTED, NULL);
}

void
tw_desk_look (TwStation *self)
{
  const char *why = service_gap (self);

  if (g_strcmp0 (why, self->closed_why) != 0)
    {
      self->closed_why = why;
      tw_station_announce (self);
    }
  if (why != NULL && tw_counter_step (self->counter, TW_COUNTER_CLOSE).verdict == TW_GO)
    {
      tw_log_info ("closed for new customers: %s", why);
      tw_desk_event (self, TW_COUNTER_CLOSE, why);
    }
  else if (why == NULL && self->counter == TW_COUNTER_CLOSED)
    tw_desk_event (self, TW_COUNTER_OPEN, NULL);
  else
    look_at_acceptor (self);
}
