/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/core.h"

#include "app/base/bytes.h"
#include "payment/journal/locked.h"

/* A tariff that was replaced meanwhile is still the one that was shown: its bytes are in the journal. */
static TwTariff *
locked_tariff (TwStation      *self,
               const TwRecord *record)
{
  gboolean same_zone = g_strcmp0 (record->time_zone, self->config->time_zone) == 0;
  g_autoptr (GError) error = NULL;
  TwTariff *tariff;

  for (guint i = 0; same_zone && i < self->n_bays; i++)
    if (self->bays[i].tariff != NULL && g_strcmp0 (tw_tariff_hash (self->bays[i].tariff), record->tariff_hash) == 0)
      return tw_tariff_ref (self->bays[i].tariff);

  tariff = tw_locked_tariff (self->journal, record, &error);
  if (tariff == NULL)
    g_warning ("session %s cannot be priced: %s", record->session, error->message);
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

typedef struct { TwRecord *record; GError *error; } Fold;

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Fold *fold = user_data;

  return tw_record_apply (fold->record, entry, &fold->error);
}

/* Some dozen entries, by an index. */
TwRecord *
tw_session_recall (TwStation  *self,
                   const char *session,
                   GError    **error)
{
  g_autoptr (TwRecord) record = tw_record_new (session);
  Fold fold = { record, NULL };

  if (*session == '\0' || tw_journal_last_seq (self->journal, session) == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the journal of this station has no session \"%.64s\"",
                   session);
      return NULL;
    }
  if (!tw_journal_each (self->journal, session, on_entry, &fold, error))
    return NULL;
  if (fold.error != NULL)
    {
      g_propagate_error (error, fold.error);
      return NULL;
    }
  return g_steal_pointer (&record);
}

/* Unique even if an old copy of the journal is put back: the payment service remembers our keys for months. */
char *
tw_session_name (TwStation *self)
{
  g_autofree char *salt = tw_random_hex (3);

  self->last_session++;
  return g_strdup_printf ("%.16s-%06" G_GUINT64_FORMAT "-%s", self->config->station_id, self->last_session, salt);
}
