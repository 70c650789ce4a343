/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/core.h"

#include "app/base/json.h"
#include "payment/tariff/lint.h"

#include <string.h>

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define CLOCK_STEP_US (G_USEC_PER_SEC / 2)   /* what is set, and does not drift */

typedef struct { TwActivation *activation; TwActivated done; gpointer user_data; } Pending;

static void
activation_free (gpointer data)
{
  TwActivation *self = data;

  g_clear_pointer (&self->tariff, tw_tariff_unref);
  g_free (self->hash);
  g_free (self->breaks);
  g_free (self);
}

void
tw_tariffs_init (TwStation *self)
{
  self->activations = g_ptr_array_new_with_free_func (activation_free);
  g_queue_init (&self->activating);
}

void
tw_tariffs_clear (TwStation *self)
{
  g_autoptr (GError) gone = g_error_new_literal (TW_ERROR, TW_ERROR_GONE, "the station ends: nobody knows whether the "
                                                 "tariff was activated; look with tapwatt tariff list");
  Pending *pending;

  if (self->tariff_timer != 0)
    tw_clock_cancel (self->clock, self->tariff_timer);
  while ((pending = g_queue_pop_head (&self->activating)) != NULL)
    {
      pending->done (gone, pending->user_data);
      activation_free (pending->activation);
      g_free (pending);
    }
  g_ptr_array_unref (self->activations);
}

/* A clock that nobody has set yet must not bring old prices back. */
static gint64
now_us (TwStation *self)
{
  TwInstant now = tw_clock_now (self->clock);

  return now.synced ? now.wall_us : MAX (now.wall_us, self->known_us);
}

/* Behind all that come into force no later. */
static void
insert (TwStation    *self,
        TwActivation *activation)
{
  guint i = self->activations->len;

  while (i > 0 && ((TwActivation *) self->activations->pdata[i - 1])->valid_from_us > activation->valid_from_us)
    i--;
  g_ptr_array_insert (self->activations, (int) i, activation);
}

static TwTariff *
read_tariff (TwStation *self,
             GBytes    *bytes,
             GError   **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (self->config->time_zone);   /* checked when it was read */
  g_autoptr (TwTariff) tariff = tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, error);

  if (tariff != NULL && !g_str_equal (tw_tariff_currency (tariff), self->config->currency))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.currency is %s, but this station sells in %s",
                   tw_tariff_currency (tariff), self->config->currency);
      return NULL;
    }
  return g_steal_pointer (&tariff);
}

/* The configuration may have changed since it was activated. */
static TwTariff *
tariff_of (TwStation    *self,
           TwActivation *activation)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (activation->tariff != NULL || activation->unusable)
    return activation->tariff;
  bytes = tw_journal_blob (self->journal, activation->hash);
  activation->tariff = bytes ? read_tariff (self, bytes, &error) : NULL;
  activation->unusable = activation->tariff == NULL;
  if (activation->unusable)
    g_warning ("the tariff %s, which was activated, cannot be sold: %s; the one before it stays in force",
               activation->hash, error ? error->message : "the journal does not hold it");
  return activation->tariff;
}

static gboolean
is_for (const TwActivation *activation,
        const TwBay        *bay)
{
  return activation->connector == 0 || activation->connector == bay->parts.config->number;
}

/* What was in force before the configured file was broken: the tariff that was shown there last. NULL: none was, or the
 * configuration does not fit it any more. */
static TwTariff *
last_sold (TwStation *self,
           TwBay     *bay)
{
  g_autoptr (GBytes) bytes = NULL;

  if (bay->parts.tariff != NULL || bay->last_hash == NULL)
    return bay->parts.tariff;
  bytes = tw_journal_blob (self->journal, bay->last_hash);
  bay->parts.tariff = bytes ? read_tariff (self, bytes, NULL) : NULL;
  g_clear_pointer (&bay->last_hash, g_free);
  return bay->parts.tariff;
}

/* The activation that is in force; NULL with a tariff: the configured one, or what was sold before it; NULL and NULL:
 * none. */
static const TwActivation *
find_in_force (TwStation *self,
               TwBay     *bay,
               TwTariff **tariff)
{
  gint64 now = now_us (self);

  for (guint i = self->activations->len; i > 0; i--)
    {
      TwActivation *activation = self->activations->pdata[i - 1];

      if (activation->valid_from_us > now || !is_for (activation, bay))
        continue;
      *tariff = tariff_of (self, activation);
      if (*tariff != NULL && tw_tariff_valid_at (*tariff, now))
        return activation;
    }
  *tariff = bay->parts.refusal ? last_sold (self, bay) : bay->parts.tariff;
  if (*tariff != NULL && !tw_tariff_valid_at (*tariff, now))
    *tariff = NULL;
  return NULL;
}

static gboolean
put_in_force (TwStation *self,
              TwBay     *bay)
{
  TwTariff *tariff;

  find_in_force (self, bay, &tariff);
  if (tariff == bay->tariff)
    return FALSE;
  if (tariff == NULL)
    g_warning ("connector %u: no tariff is valid: nothing is sold there until one is activated (tapwatt tariff "
               "activate)", bay->parts.config->number);
  else
    tw_log_info ("connector %u: tariff %s (%s) is in force", bay->parts.config->number, tw_tariff_id (tariff),
                 tw_tariff_hash (tariff));
  g_clear_pointer (&bay->tariff, tw_tariff_unref);
  bay->tariff = tariff ? tw_tariff_ref (tariff) : NULL;
  return TRUE;
}

static gboolean
on_time (gpointer user_data)
{
  TwStation *self = user_data;

  self->tariff_timer = 0;
  tw_tariffs_look (self);
  tw_station_announce (self);   /* within a tariff, too, prices change with the clock */
  return G_SOURCE_REMOVE;
}

/* Within a tariff: a window of local time, a day, daylight saving. */
static gint64
next_cut_us (const TwTariff *tariff,
             gint64          now)
{
  gint64 cut_ms = tariff ? tw_tariff_next_cut_ms (tariff, now / 1000) : G_MAXINT64;

  return cut_ms < G_MAXINT64 / 1000 ? cut_ms * 1000 : G_MAXINT64;
}

/* At the instant at which a price changes or something comes into force; and at each full minute. */
static void
come_back (TwStation *self)
{
  gint64 now = now_us (self);
  gint64 next = (now / MINUTE_US + 1) * MINUTE_US;

  for (guint i = 0; i < self->activations->len; i++)
    {
      const TwActivation *activation = self->activations->pdata[i];

      if (activation->valid_from_us > now)
        next = MIN (next, activation->valid_from_us);
    }
  for (guint i = 0; i < self->n_bays; i++)
    next = MIN (next, next_cut_us (self->bays[i].tariff, now));
  if (self->tariff_timer != 0)
    tw_clock_cancel (self->clock, self->tariff_timer);
  self->tariff_timer = tw_clock_after (self->clock, (next - now + 999) / 1000, on_time, self);
}

void
tw_tariffs_look (TwStation *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->n_bays; i++)
    changed |= put_in_force (self, &self->bays[i]);
  come_back (self);
  if (!changed)
    return;
  tw_station_announce (self);
  tw_desk_look (self);
}

/* Timers run on boot time, which does not notice. */
void
tw_tariffs_watch_clock (TwStation *self)
{
  TwInstant now = tw_clock_now (self->clock);
  gint64 set_us = now.wall_us - now.boot_us;

  if (ABS (set_us - self->clock_set_us) < CLOCK_STEP_US)
    return;
  self->clock_set_us = set_us;
  tw_tariffs_look (self);
  tw_station_announce (self);
}

gboolean
tw_tariffs_replay (TwStation     *self,
                   const TwEntry *entry,
                   GError       **error)
{
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);
  g_autoptr (TwJson) payload = tw_json_parse (text, len, &TW_JSON_SMALL, error);
  const char *hash = payload ? tw_json_get_string (payload, "tariff", error) : NULL;
  TwActivation *activation;
  gint64 connector, valid_from_us;

  if (hash == NULL || !tw_json_get_int64 (payload, "connector", &connector, error)
      || !tw_json_get_int64 (payload, "valid_from_us", &valid_from_us, error))
    {
      g_prefix_error (error, "journal entry %" G_GUINT64_FORMAT ": ", entry->seq);
      return FALSE;
    }
  activation = g_new0 (TwActivation, 1);
  activation->connector = (guint) connector;
  activation->valid_from_us = valid_from_us;
  activation->activated_us = entry->at.wall_us;
  activation->forced = tw_json_is_true (tw_json_member (payload, "forced"));
  activation->hash = g_strdup (hash);
  insert (self, activation);
  return TRUE;
}

static void
then_activated (TwStation  *self,
                const char *session,
                guint       index)
{
  g_autofree Pending *pending = g_queue_pop_head (&self->activating);

  insert (self, pending->activation);
  tw_tariffs_look (self);
  tw_station_announce (self);
  pending->done (NULL, pending->user_data);
}

static gboolean
may_activate (TwStation               *self,
              const TwActivationOrder *order,
              GError                 **error)
{
  if (order->connector != 0 && tw_station_find_bay (self, order->connector, NULL) == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there is no connector %u at this station", order->connector);
      return FALSE;
    }
  if (self->stuck || self->closing || !tw_journal_roomy (self->journal))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "the station cannot write its journal now (%s): the tariff was "
                   "not activated; try again later", self->closing ? "it is being stopped" : "see tapwatt doctor");
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_over_by (const TwTariff *tariff,
            gint64          wall_us,
            GError        **error)
{
  gint64 start_us, end_us;

  tw_tariff_validity (tariff, &start_us, &end_us);
  if (wall_us < end_us)
    return FALSE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.end_date_time has passed when the tariff would come into force");
  return TRUE;
}

/* What blocks it at a connector, 0: at any, by the configured profile; NULL: nothing. */
static char *
breaches_of (TwStation      *self,
             const TwTariff *tariff,
             guint           connector,
             gboolean        in_full)
{
  TwSite site = tw_site_of_config (self->config, connector);
  TwLintOrder order = { TW_PROFILE_NONE, &site };

  tw_profile_parse (self->config->tariff_profile, &order.profile);   /* checked when it was read */
  return tw_tariff_breaches (tariff, order, in_full);
}

static gboolean
may_break_rules (TwStation               *self,
                 const TwActivationOrder *order,
                 const TwTariff          *tariff,
                 GError                 **error)
{
  g_autofree char *breaches = order->force ? NULL : breaches_of (self, tariff, order->connector, TRUE);

  if (breaches != NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "it breaks the rules of [station] tariff_profile = %s: %s. The "
                 "old tariff stays in force; put it right, or force it, which is journalled",
                 self->config->tariff_profile, breaches);
  return breaches == NULL;
}

gboolean
tw_station_activate (TwStation               *self,
                     const TwActivationOrder *order,
                     TwActivated              done,
                     gpointer                 user_data,
                     GError                 **error)
{
  g_autoptr (TwTariff) tariff = NULL;
  gint64 now = now_us (self), valid_from_us = MAX (order->valid_from_us, now);
  TwActivation *activation;
  Pending *pending;
  TwBatch *batch;

  if (!may_activate (self, order, error))
    return FALSE;
  tariff = read_tariff (self, order->tariff, error);
  if (tariff == NULL || is_over_by (tariff, valid_from_us, error)
      || !may_break_rules (self, order, tariff, error))
    return FALSE;

  activation = g_new0 (TwActivation, 1);
  activation->connector = order->connector;
  activation->valid_from_us = valid_from_us;
  activation->activated_us = tw_clock_now (self->clock).wall_us;
  activation->forced = order->force;
  activation->hash = g_strdup (tw_tariff_hash (tariff));
  activation->breaks = breaches_of (self, tariff, order->connector, FALSE);
  activation->tariff = g_steal_pointer (&tariff);
  pending = g_new (Pending, 1);
  *pending = (Pending) { activation, done, user_data };
  g_queue_push_tail (&self->activating, pending);

  batch = tw_batch_new (self);
  tw_batch_add_blob (batch, order->tariff);
  tw_batch_add (batch, NULL, "tariff-activated", tw_payload_activated (activation));
  tw_batch_then (batch, then_activated, NULL, 0);
  tw_batch_submit (batch);
  return TRUE;
}

static void
list_coming (TwStation *self,
             TwBay     *bay,
             GArray    *views)
{
  gint64 now = now_us (self);

  for (guint i = 0; i < self->activations->len; i++)
    {
      TwActivation *activation = self->activations->pdata[i];
      TwTariff *tariff = NULL;
      gint64 start_us = 0, end_us = 0;
      TwTariffView view;

      if (!is_for (activation, bay))
        continue;
      if (activation->valid_from_us <= now && activation->tariff == NULL)
        continue;   /* it was over before this start */
      tariff = tariff_of (self, activation);
      if (tariff != NULL)
        tw_tariff_validity (tariff, &start_us, &end_us);
      if (tariff == NULL || MAX (activation->valid_from_us, start_us) <= now)
        continue;
      view = (TwTariffView) { TW_TARIFF_COMING, bay->parts.config->number, tariff, TRUE,
                              MAX (activation->valid_from_us, start_us), activation->activated_us, activation->forced };
      g_array_append_val (views, view);
    }
}

guint
tw_station_tariffs (TwStation     *self,
                    TwTariffView **views)
{
  GArray *all = g_array_new (FALSE, TRUE, sizeof (TwTariffView));
  guint n;

  for (guint i = 0; i < self->n_bays; i++)
    {
      TwBay *bay = &self->bays[i];
      TwTariff *tariff;
      const TwActivation *activation = find_in_force (self, bay, &tariff);
      TwTariffView view = { tariff ? TW_TARIFF_IN_FORCE : TW_TARIFF_MISSING, bay->parts.config->number, tariff };

      if (activation != NULL)
        {
          view.activated = TRUE;
          view.valid_from_us = activation->valid_from_us;
          view.activated_us = activation->activated_us;
          view.forced = activation->forced;
        }
      g_array_append_val (all, view);
      list_coming (self, bay, all);
    }
  n = all->len;
  *views = (TwTariffView *) g_array_free (all, FALSE);
  return n;
}
