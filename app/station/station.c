/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/bonus.h"
#include "app/station/core.h"

#include "app/base/bytes.h"
#include "app/base/json.h"

/* What receipts are printed from, long after the configuration has changed. */
static GBytes *
seller_snapshot (const TwConfig *config)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "station_id", config->station_id);
  tw_json_out_string (out, "station_name", config->name);
  tw_json_out_string (out, "address", config->address);
  tw_json_out_string (out, "country", config->country);
  tw_json_out_string (out, "time_zone", config->time_zone);
  tw_json_out_string (out, "seller", config->seller_name);
  tw_json_out_string (out, "seller_address", config->seller_address);
  tw_json_out_string (out, "vat_id", config->seller_vat_id);
  tw_json_out_string (out, "helpline", config->helpline);
  tw_json_out_begin_array (out, "connectors");
  for (guint i = 0; i < config->n_connectors; i++)
    {
      tw_json_out_begin_object (out, NULL);
      tw_json_out_int64 (out, "number", config->connectors[i].number);
      tw_json_out_string (out, "label", config->connectors[i].label);
      tw_json_out_int64 (out, "max_power_w", (gint64) config->connectors[i].max_current_a * config->connectors[i].phases
                                               * config->connectors[i].voltage_v);
      tw_json_out_end (out);
    }
  return tw_json_out_finish (out);
}

static gboolean
on_acceptor_changed (gpointer user_data)
{
  TwLeash *leash = user_data;

  if (leash->station != NULL)
    tw_desk_look (leash->station);
  return G_SOURCE_REMOVE;
}

TwStation *
tw_station_new (const TwConfig         *config,
                TwClock                *clock,
                TwJournal              *journal,
                TwAcceptor             *acceptor,
                const TwConnectorParts *connectors,
                guint                   n_connectors)
{
  TwStation *self = g_new0 (TwStation, 1);

  self->leash = g_rc_box_new0 (TwLeash);
  self->leash->station = self;
  self->config = config;
  self->clock = clock;
  self->journal = journal;
  self->acceptor = acceptor;
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tw_session_free);
  self->seller = seller_snapshot (config);
  self->seller_hash = tw_sha256_hex (self->seller);
  self->language = g_strdup (config->language);
  g_queue_init (&self->batches);
  g_queue_init (&self->waiters);
  tw_tariffs_init (self);
  tw_bonus_init (self);
  self->n_bays = n_connectors;
  self->bays = g_new0 (TwBay, n_connectors);
  for (guint i = 0; i < n_connectors; i++)
    {
      TwTariff *tariff = connectors[i].tariff;

      self->bays[i] = (TwBay) { .station = self, .index = i, .parts = connectors[i], .verified = TRUE,
                                .tariff = tariff ? tw_tariff_ref (tariff) : NULL };
    }
  return self;
}

void
tw_station_free (TwStation *self)
{
  if (self->acceptor != NULL)
    tw_acceptor_watch (self->acceptor, NULL, NULL);
  self->leash->station = NULL;
  g_rc_box_release (self->leash);
  g_clear_handle_id (&self->announce, g_source_remove);
  if (self->counter_deadline != 0)
    tw_clock_cancel (self->clock, self->counter_deadline);
  if (self->grace != 0)
    tw_clock_cancel (self->clock, self->grace);
  tw_language_busy (self);
  tw_visit_clear (self);
  for (guint i = 0; i < self->n_bays; i++)
    {
      TwBay *bay = &self->bays[i];

      tw_dock_stop (bay);
      tw_parting_end (bay);
      if (bay->parts.meter != NULL)
        tw_meter_free (bay->parts.meter);
      tw_power_free (bay->parts.power);
      tw_tariff_unref (bay->parts.tariff);
      g_clear_pointer (&bay->tariff, tw_tariff_unref);
      g_free (bay->parts.refusal);
      g_free (bay->last_hash);
      g_free (bay->last_session);
      g_free (bay->last_language);
    }
  tw_repair_clear (self);
  tw_batches_clear (self);
  tw_tariffs_clear (self);
  tw_bonus_clear (self);
  g_hash_table_unref (self->sessions);
  g_free (self->bays);
  g_bytes_unref (self->seller);
  g_free (self->seller_hash);
  g_free (self->taking);
  g_free (self->language);
  g_free (self->prompt);
  g_free (self->qr);
  g_free (self->outcome);
  g_free (self->shown_session);
  g_free (self);
}

gboolean
tw_station_start (TwStation *self,
                  GError   **error)
{
  GHashTableIter iter;
  TwSession *session;

  self->started_us = tw_station_boot_us (self);
  self->clock_set_us = tw_clock_now (self->clock).wall_us - self->started_us;
  if (!tw_recover (self, error))
    return FALSE;
  if (self->acceptor != NULL)
    tw_acceptor_watch (self->acceptor, on_acceptor_changed, self->leash);
  tw_tariffs_look (self);
  tw_desk_look (self);   /* a car that is there already must find a closed counter closed */
  for (guint i = 0; i < self->n_bays; i++)
    tw_dock_start (&self->bays[i]);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    tw_till_look (session);
  tw_desk_look (self);
  return TRUE;
}

void
tw_station_watch (TwStation  *self,
                  GSourceFunc changed,
                  gpointer    user_data)
{
  self->changed = changed;
  self->changed_data = user_data;
}

static gboolean
on_announce (gpointer user_data)
{
  TwStation *self = user_data;

  self->announce = 0;
  if (self->changed != NULL)
    self->changed (self->changed_data);
  return G_SOURCE_REMOVE;
}

/* Once per turn of the main loop, however much happened in it. */
void
tw_station_announce (TwStation *self)
{
  if (self->announce == 0)
    self->announce = g_idle_add (on_announce, self);
}

gint64
tw_station_boot_us (TwStation *self)
{
  return tw_clock_now (self->clock).boot_us;
}

TwBay *
tw_station_find_bay (TwStation *self,
                     guint      connector,
                     GError   **error)
{
  for (guint i = 0; i < self->n_bays; i++)
    if (self->bays[i].parts.config->number == connector)
      return &self->bays[i];
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-connector");
  return NULL;
}

gboolean
tw_station_choose (TwStation  *self,
                   guint       connector,
                   const char *language,
                   GError    **error)
{
  TwBay *bay = tw_station_find_bay (self, connector, error);

  if (bay == NULL)
    return FALSE;
  if (language != NULL && *language != '\0' && !tw_language_check (language, error))
    return FALSE;
  tw_visit_sign (self, "touch");
  return tw_desk_choose (self, bay->index, language, error);
}

gboolean
tw_station_set_goal (TwStation    *self,
                     const TwGoal *goal,
                     GError      **error)
{
  tw_visit_sign (self, "touch");
  return tw_desk_set_goal (self, goal, error);
}

gboolean
tw_station_accept (TwStation *self,
                   GError   **error)
{
  tw_visit_sign (self, "touch");
  if (self->counter != TW_COUNTER_OFFER || !self->offered || self->taking != NULL || self->identifying)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "no-offer");
      return FALSE;
    }
  tw_desk_event (self, TW_COUNTER_ACCEPTED, NULL);
  return TRUE;
}

void
tw_station_touched (TwStation *self)
{
  tw_visit_sign (self, "touch");
}

void
tw_station_cancel (TwStation *self)
{
  tw_visit_sign (self, "touch");
  tw_desk_event (self, TW_COUNTER_CANCEL, "cancelled");
}

gboolean
tw_station_stop (TwStation  *self,
                 guint       connector,
                 const char *reason,
                 GError    **error)
{
  TwBay *bay = tw_station_find_bay (self, connector, error);

  if (bay == NULL)
    return FALSE;
  if (bay->state != TW_BAY_ARMED && !tw_bay_allows_power (bay->state))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "nothing-to-stop");
      return FALSE;
    }
  tw_visit_sign (self, g_str_equal (reason, "card") ? "card" : "touch");
  tw_visit_own (self);
  tw_dock_event (bay, TW_BAY_STOP, reason);
  return TRUE;
}

void
tw_station_close (TwStation *self)
{
  self->closing = TRUE;
  self->closed_us = tw_station_boot_us (self);
  for (guint i = 0; i < self->n_bays; i++)
    tw_dock_power (&self->bays[i]);
  if (self->identifying)
    tw_taking_cancel (self);
  tw_desk_look (self);
}

gboolean
tw_station_is_dark (TwStation *self)
{
  for (guint i = 0; i < self->n_bays; i++)
    if (!tw_dock_is_dark (&self->bays[i]))
      return FALSE;
  return TRUE;
}
