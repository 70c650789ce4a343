/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/core.h"

#include "app/base/bytes.h"

/* A tariff that was replaced meanwhile is still the one that was shown: its bytes are in the journal. */
static TwTariff *
locked_tariff (TwStation      *self,
               const TwRecord *record)
{
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  TwTariff *tariff;

  for (guint i = 0; i < self->n_bays; i++)
    if (g_strcmp0 (tw_tariff_hash (self->bays[i].parts.tariff), record->tariff_hash) == 0)
      return tw_tariff_ref (self->bays[i].parts.tariff);

  bytes = record->tariff_hash ? tw_journal_blob (self->journal, record->tariff_hash) : NULL;
  zone = self->config->time_zone ? g_time_zone_new_identifier (self->config->time_zone) : NULL;
  tariff = bytes ? tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, &error) : NULL;
  if (tariff == NULL)
    g_warning ("session %s: its tariff %s is not in the journal", record->session, record->tariff_hash);
  return tariff;
}

TwSession *
tw_session_new (TwStation *self,
                TwRecord  *record)
{
  TwSession *session = g_new0 (TwSession, 1);

  session->station = self;
  session->record = record;
  session->tariff = locked_tariff (self, record);
  if (session->tariff != NULL)
    tw_usage_bind (record->usage, session->tariff);   /* from now on a running price, in constant memory */
  g_hash_table_insert (self->sessions, record->session, session);
  return session;
}

void
tw_session_free (TwSession *self)
{
  if (self->timer != 0)
    tw_clock_cancel (self->station->clock, self->timer);
  g_clear_pointer (&self->tariff, tw_tariff_unref);
  tw_record_free (self->record);
  g_free (self);
}

TwSession *
tw_session_find (TwStation  *self,
                 const char *id)
{
  return g_hash_table_lookup (self->sessions, id);
}

static gboolean
is_card_of (const TwRecord *record,
            const char     *fingerprint)
{
  return fingerprint != NULL && (g_strcmp0 (record->card_fingerprint, fingerprint) == 0
                                 || g_strcmp0 (record->card_fingerprint_old, fingerprint) == 0);
}

TwSession *
tw_session_of_card (TwStation    *self,
                    const TwCard *card)
{
  for (guint i = 0; card != NULL && i < self->n_bays; i++)
    {
      TwSession *session = self->bays[i].session;

      if (session == NULL || self->bays[i].state == TW_BAY_SETTLING)
        continue;
      if (is_card_of (session->record, card->fingerprint) || is_card_of (session->record, card->fingerprint_old))
        return session;
    }
  return NULL;
}

/* Unique even if an old copy of the journal is put back: the payment service remembers our keys for months. */
char *
tw_session_name (TwStation *self)
{
  g_autofree char *salt = tw_random_hex (3);

  self->last_session++;
  return g_strdup_printf ("%.16s-%06" G_GUINT64_FORMAT "-%s", self->config->station_id, self->last_session, salt);
}
