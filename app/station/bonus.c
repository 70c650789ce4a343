/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/bonus.h"

#include "app/base/json.h"

#define DAY_US (24 * G_TIME_SPAN_HOUR)
#define FORGET_DAYS (TW_OFFER_MOST_DAYS + 31)   /* nothing that can be asked for is older */
#define EPOCH_JULIAN 719163                     /* GDate's number of 1970-01-01 */

typedef struct
{
  gint64    valid_from_us, valid_until_us;   /* wall time */
  char     *hash;
  TwOffers *offers;        /* NULL: not needed yet */
  gboolean  unusable;      /* it is not in the journal */
} Activation;

typedef struct { Activation *activation; TwOffersDone done; gpointer user_data; } Pending;

/* Local days since 1970, months since year 0. */
typedef struct { gint64 last_day, month; guint n_in_month; } Visits;

struct _TwBonus
{
  GTimeZone  *zone;
  GPtrArray  *activations; /* of Activation, as they were activated */
  GQueue      pending;     /* of Pending, being written; without an activation: a withdrawal */
  GHashTable *cards;       /* fingerprint with its epoch -> Visits */
};

static void
activation_free (gpointer data)
{
  Activation *self = data;

  tw_offers_free (self->offers);
  g_free (self->hash);
  g_free (self);
}

void
tw_bonus_init (TwStation *self)
{
  self->bonus = g_new0 (struct _TwBonus, 1);
  self->bonus->zone = g_time_zone_new_identifier (self->config->time_zone);   /* checked when it was read */
  self->bonus->activations = g_ptr_array_new_with_free_func (activation_free);
  self->bonus->cards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->bonus->pending);
}

void
tw_bonus_clear (TwStation *self)
{
  g_autoptr (GError) gone = g_error_new_literal (TW_ERROR, TW_ERROR_GONE, "the station ends: nobody knows whether the "
                                                 "offers were changed; look with tapwatt offers show");
  Pending *pending;

  while ((pending = g_queue_pop_head (&self->bonus->pending)) != NULL)
    {
      pending->done (gone, pending->user_data);
      if (pending->activation != NULL)
        activation_free (pending->activation);
      g_free (pending);
    }
  g_ptr_array_unref (self->bonus->activations);
  g_hash_table_unref (self->bonus->cards);
  g_time_zone_unref (self->bonus->zone);
  g_free (self->bonus);
}

/* A clock that nobody has set yet must not bring back what is over. */
static gint64
now_us (TwStation *self)
{
  TwInstant now = tw_clock_now (self->clock);

  return now.synced ? now.wall_us : MAX (now.wall_us, self->known_us);
}

/* --- what a card has been here for --- */

static gint64
day_at (TwStation *self,
        gint64     wall_us)
{
  GTimeZone *zone = self->bonus->zone;
  gint64 seconds = wall_us / G_USEC_PER_SEC - (wall_us % G_USEC_PER_SEC < 0);
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);
  gint64 offset_s = interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0;
  gint64 local_us = wall_us + offset_s * G_USEC_PER_SEC;

  return local_us / DAY_US - (local_us % DAY_US < 0);
}

static gint64
month_of (gint64 day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP (day + EPOCH_JULIAN, 1, 3652059));
  return (gint64) g_date_get_year (&date) * 12 + g_date_get_month (&date) - 1;
}

static gboolean
is_forgotten (gpointer key,
              gpointer value,
              gpointer today)
{
  return ((Visits *) value)->last_day < *(const gint64 *) today - FORGET_DAYS;
}

static Visits *
visits_of (TwStation  *self,
           const char *fingerprint,
           gint64      day)
{
  GHashTable *cards = self->bonus->cards;
  Visits *visits = g_hash_table_lookup (cards, fingerprint);

  if (visits != NULL)
    return visits;
  if (g_hash_table_size (cards) % 1024 == 1023)
    g_hash_table_foreach_remove (cards, is_forgotten, &day);
  visits = g_new0 (Visits, 1);
  visits->last_day = day;
  g_hash_table_insert (cards, g_strdup (fingerprint), visits);
  return visits;
}

/* Of the day on which it began, as the report has it. */
void
tw_bonus_note (TwStation      *self,
               const TwRecord *record)
{
  gint64 day, month;
  Visits *visits;

  if (record->card_fingerprint == NULL || record->n_marks == 0 || tw_usage_energy_wh (record->usage) == 0)
    return;
  day = day_at (self, record->begin.at.wall_us);
  month = month_of (day);
  visits = visits_of (self, record->card_fingerprint, day);
  visits->last_day = MAX (visits->last_day, day);
  if (month > visits->month)
    visits->n_in_month = 0;
  visits->month = MAX (visits->month, month);
  visits->n_in_month += month == visits->month;
}

/* As if it charged today. */
static TwOfferHistory
history_of (TwStation  *self,
            const char *fingerprint)
{
  const Visits *visits = g_hash_table_lookup (self->bonus->cards, fingerprint);
  gint64 today = day_at (self, now_us (self));

  if (visits == NULL)
    return (TwOfferHistory) { 1, -1 };
  return (TwOfferHistory) { month_of (today) == visits->month ? visits->n_in_month + 1 : 1,
                            MAX (0, today - visits->last_day) };
}

/* --- which offers there are --- */

static const TwOffers *
offers_of (TwStation  *self,
           Activation *activation)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (activation->offers != NULL || activation->unusable)
    return activation->offers;
  bytes = tw_journal_blob (self->journal, activation->hash);
  activation->offers = bytes ? tw_offers_parse (bytes, &error) : NULL;
  activation->unusable = activation->offers == NULL;
  if (activation->unusable)
    g_warning ("the offers %s, which were activated, cannot be granted: %s", activation->hash,
               error ? error->message : "the journal does not hold them");
  return activation->offers;
}

static Activation *
find_in_force (TwStation *self)
{
  gint64 now = now_us (self);

  for (guint i = self->bonus->activations->len; i > 0; i--)
    {
      Activation *activation = self->bonus->activations->pdata[i - 1];

      if (activation->valid_from_us <= now && now < activation->valid_until_us && offers_of (self, activation) != NULL)
        return activation;
    }
  return NULL;
}

void
tw_bonus_grant (TwStation    *self,
                const char   *session,
                const TwCard *card,
                TwBatch      *batch)
{
  Activation *activation = card != NULL && card->fingerprint != NULL ? find_in_force (self) : NULL;
  const TwOfferRule *rule;
  TwOfferHistory history;

  if (activation == NULL)
    return;
  history = history_of (self, card->fingerprint);
  rule = tw_offers_choose (activation->offers, &history);
  if (rule == NULL)
    return;
  tw_log_session (G_LOG_LEVEL_INFO, session, "session %s: offer %s is granted", session, rule->id);
  tw_batch_add (batch, session, "offer-granted", tw_payload_granted (rule, &history, activation->hash));
}

gboolean
tw_bonus_replay (TwStation     *self,
                 const TwEntry *entry,
                 GError       **error)
{
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);
  g_autoptr (TwJson) payload = NULL;
  Activation activation = { 0 };
  const char *hash;

  if (g_str_equal (entry->kind, "offers-withdrawn"))
    g_ptr_array_set_size (self->bonus->activations, 0);
  if (!g_str_equal (entry->kind, "offers-activated"))
    return TRUE;
  payload = tw_json_parse (text, len, &TW_JSON_SMALL, error);
  hash = payload ? tw_json_get_string (payload, "offers", error) : NULL;
  if (hash == NULL || !tw_json_get_int64 (payload, "valid_from_us", &activation.valid_from_us, error)
      || !tw_json_get_int64 (payload, "valid_until_us", &activation.valid_until_us, error))
    {
      g_prefix_error (error, "journal entry %" G_GUINT64_FORMAT ": ", entry->seq);
      return FALSE;
    }
  activation.hash = g_strdup (hash);
  g_ptr_array_add (self->bonus->activations, g_memdup2 (&activation, sizeof activation));
  return TRUE;
}

/* --- the operator --- */

static gboolean
may_write (TwStation *self,
           GError   **error)
{
  if (!self->stuck && !self->closing && tw_journal_roomy (self->journal))
    return TRUE;
  return tw_refuse (error, TW_ERROR_BAD_STATE, "the station cannot write its journal now (%s): the offers are as they "
                    "were; try again later", self->closing ? "it is being stopped" : "see tapwatt doctor");
}

static gboolean
is_whole (const TwOffers *offers,
          GError        **error)
{
  for (guint i = 0; i < tw_offers_n (offers); i++)
    if (tw_offers_nth (offers, i)->discount_bp == 0)
      return tw_bad_data (error, "$.rules[%u].discount_percent: rule %s has no discount: choose one, or take the rule "
                          "out", i, tw_offers_nth (offers, i)->id);
  return TRUE;
}

static void
then_changed (TwStation  *self,
              const char *session,
              guint       index)
{
  g_autofree Pending *pending = g_queue_pop_head (&self->bonus->pending);

  if (pending->activation != NULL)
    g_ptr_array_add (self->bonus->activations, pending->activation);
  else
    g_ptr_array_set_size (self->bonus->activations, 0);
  tw_station_announce (self);
  pending->done (NULL, pending->user_data);
}

static void
change (TwStation    *self,
        Activation   *activation,
        GBytes       *bytes,
        TwOffersDone  done,
        gpointer      user_data)
{
  Pending *pending = g_new (Pending, 1);
  TwBatch *batch = tw_batch_new (self);

  *pending = (Pending) { activation, done, user_data };
  g_queue_push_tail (&self->bonus->pending, pending);
  if (bytes != NULL)
    tw_batch_add_blob (batch, bytes);
  tw_batch_add (batch, NULL, activation ? "offers-activated" : "offers-withdrawn",
                tw_payload_offers (activation ? activation->hash : NULL, activation ? activation->valid_from_us : 0,
                                   activation ? activation->valid_until_us : 0));
  tw_batch_then (batch, then_changed, NULL, 0);
  tw_batch_submit (batch);
}

gboolean
tw_station_activate_offers (TwStation           *self,
                            const TwOffersOrder *order,
                            TwOffersDone         done,
                            gpointer             user_data,
                            GError             **error)
{
  g_autoptr (TwOffers) offers = may_write (self, error) ? tw_offers_parse (order->offers, error) : NULL;
  gint64 valid_from_us = MAX (order->valid_from_us, now_us (self));
  Activation *activation;

  if (offers == NULL || !is_whole (offers, error))
    return FALSE;
  if (order->valid_until_us <= valid_from_us)
    return tw_bad_data (error, "the offers would be over before they begin");
  activation = g_new0 (Activation, 1);
  activation->valid_from_us = valid_from_us;
  activation->valid_until_us = order->valid_until_us;
  activation->hash = g_strdup (tw_offers_hash (offers));
  activation->offers = g_steal_pointer (&offers);
  change (self, activation, order->offers, done, user_data);
  return TRUE;
}

gboolean
tw_station_withdraw_offers (TwStation    *self,
                            TwOffersDone  done,
                            gpointer      user_data,
                            GError      **error)
{
  if (!may_write (self, error))
    return FALSE;
  change (self, NULL, NULL, done, user_data);
  return TRUE;
}

static void
list (const Activation *activation,
      gboolean          in_force,
      GArray           *views)
{
  for (guint i = 0; i < tw_offers_n (activation->offers); i++)
    {
      const TwOfferView view = { tw_offers_nth (activation->offers, i), activation->hash, in_force,
                                 activation->valid_from_us, activation->valid_until_us };

      g_array_append_val (views, view);
    }
}

guint
tw_station_offers (TwStation    *self,
                   TwOfferView **views)
{
  GArray *all = g_array_new (FALSE, TRUE, sizeof (TwOfferView));
  const Activation *current = find_in_force (self);
  gint64 now = now_us (self);
  guint n;

  if (current != NULL)
    list (current, TRUE, all);
  for (guint i = 0; i < self->bonus->activations->len; i++)
    {
      Activation *activation = self->bonus->activations->pdata[i];

      if (activation->valid_from_us > now && offers_of (self, activation) != NULL)
        list (activation, FALSE, all);
    }
  n = all->len;
  *views = (TwOfferView *) g_array_free (all, FALSE);
  return n;
}
