/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up: fold the journal, take up every session that is not over or whose money is not, and give back what a lost
 * authorization may have taken. */
#include "app/station/bonus.h"
#include "app/station/core.h"

#include "app/base/json.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  TwStation  *station;
  GHashTable *records;   /* id -> TwRecord, owned; without those that were closed when they were last heard of */
  GHashTable *late;      /* ids, owned: of those that more was written about afterwards */
  GError     *error;
} Replay;

/* "station-000042-a1b2c3": the number goes on from here. */
static guint64
number_of (const char *session)
{
  const char *last = strrchr (session, '-');
  const char *p = last;

  while (p != NULL && p > session && g_ascii_isdigit (p[-1]))
    p--;
  return p ? g_ascii_strtoull (p, NULL, 10) : 0;
}

static gboolean
bay_state (const char *name,
           TwBayState *state)
{
  for (*state = 0; *state < TW_N_BAY_STATES; (*state)++)
    if (g_strcmp0 (tw_bay_state_name (*state), name) == 0)
      return TRUE;
  return FALSE;
}

/* What was offered and never reached the connector is not one of its sessions: its last state was the counter's. */
static void
remember_last (TwStation      *self,
               const TwRecord *record)
{
  TwBay *bay = tw_station_find_bay (self, record->connector, NULL);
  TwBayState state;

  if (bay != NULL && bay_state (record->state, &state))
    tw_parting_recall (bay, record);
}

/* Whoever opened an offer where a receipt was shown has ended that. */
static void
forget_receipt (TwStation      *self,
                const TwRecord *record)
{
  TwBay *bay = tw_station_find_bay (self, record->connector, NULL);

  if (bay != NULL)
    tw_parting_end (bay);
}

/* It stays in force if the configured file is broken (tariffs.c). */
static void
remember_tariff (TwStation      *self,
                 const TwRecord *record)
{
  TwBay *bay = tw_station_find_bay (self, record->connector, NULL);

  if (bay == NULL || g_strcmp0 (bay->last_hash, record->tariff_hash) == 0)
    return;
  g_free (bay->last_hash);
  bay->last_hash = g_strdup (record->tariff_hash);
}

/* Years of sessions do not fit into memory: what is closed is dropped at once. But a take may end after its session,
 * and even bring a hold; then the session is folded once more, as a whole. */
static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Replay *replay = user_data;
  TwRecord *record;
  gboolean was_over;

  if (entry->at.synced)
    replay->station->known_us = MAX (replay->station->known_us, entry->at.wall_us);
  if (entry->session == NULL && g_str_equal (entry->kind, "tariff-activated"))
    return tw_tariffs_replay (replay->station, entry, &replay->error);
  if (entry->session == NULL)
    return tw_bonus_replay (replay->station, entry, &replay->error);
  record = g_hash_table_lookup (replay->records, entry->session);
  if (g_str_equal (entry->kind, "receipt-fetched"))
    tw_parting_note (replay->station, entry);
  if (record == NULL && g_str_equal (entry->kind, "receipt-fetched"))
    return TRUE;   /* it changes nothing for a session that is closed */
  if (record == NULL && !g_str_equal (entry->kind, "offered"))
    {
      g_hash_table_add (replay->late, g_strdup (entry->session));
      return TRUE;
    }
  if (record == NULL)
    {
      record = tw_record_new (entry->session);
      g_hash_table_insert (replay->records, record->session, record);
    }
  was_over = record->place == TW_PLACE_OVER;
  replay->station->last_session = MAX (replay->station->last_session, number_of (entry->session));
  if (!tw_record_apply (record, entry, &replay->error))
    return FALSE;
  replay->station->last_receipt = MAX (replay->station->last_receipt, record->receipt_number);
  if (g_str_equal (entry->kind, "offered"))
    {
      forget_receipt (replay->station, record);
      remember_tariff (replay->station, record);
    }
  if (g_str_equal (entry->kind, "bill"))
    tw_bonus_note (replay->station, record);
  if (record->place == TW_PLACE_OVER && !was_over)
    remember_last (replay->station, record);
  if (tw_record_closed (record))
    g_hash_table_remove (replay->records, entry->session);
  return TRUE;
}

static gboolean
on_late_entry (const TwEntry *entry,
               gpointer       user_data)
{
  Replay *replay = user_data;
  TwRecord *record = g_hash_table_lookup (replay->records, entry->session);

  return tw_record_apply (record, entry, &replay->error);
}

static gboolean
fold_late (Replay     *replay,
           const char *session,
           GError    **error)
{
  TwRecord *record = tw_record_new (session);

  g_hash_table_insert (replay->records, record->session, record);
  if (!tw_journal_each (replay->station->journal, session, on_late_entry, replay, error))
    return FALSE;
  tw_parting_retell (tw_station_find_bay (replay->station, record->connector, NULL), record);
  if (replay->error == NULL && tw_record_closed (record))
    g_hash_table_remove (replay->records, session);
  return replay->error == NULL;
}

static gboolean
fold (Replay  *replay,
      GError **error)
{
  GHashTableIter iter;
  const char *session;
  gboolean ok = tw_journal_each (replay->station->journal, NULL, on_entry, replay, error) && replay->error == NULL;

  g_hash_table_iter_init (&iter, replay->late);
  while (ok && g_hash_table_iter_next (&iter, (gpointer *) &session, NULL))
    ok = fold_late (replay, session, error);
  if (replay->error != NULL)
    g_propagate_error (error, replay->error);
  return ok;
}

static gboolean
counter_state (const char     *name,
               TwCounterState *state)
{
  for (*state = 0; *state < TW_N_COUNTER_STATES; (*state)++)
    if (g_strcmp0 (tw_counter_state_name (*state), name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
leave_counter (TwSession *session,
               TwBatch   *batch,
               GError   **error)
{
  TwRecord *record = session->record;
  TwCounterState state;
  TwStep step;

  if (!counter_state (record->state, &state))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "session %s is in \"%s\", which this version does not know",
                   record->session, record->state);
      return FALSE;
    }
  step = tw_counter_replay (state);
  tw_batch_add (batch, record->session, "counter",
                tw_payload_step ("restart", record->state, tw_counter_state_name (step.next), "over",
                                 record->connector, "restart"));
  if (step.effects & TW_EFFECT_RELEASE)
    tw_till_intend (session, TW_WISH_RELEASE, batch);
  return TRUE;
}

static gboolean
enter_bay (TwSession *session,
           GError   **error)
{
  TwStation *self = session->station;
  TwRecord *record = session->record;
  TwInstant now = tw_clock_now (self->clock);
  TwBayState state;
  TwBay *bay = NULL;

  for (guint i = 0; i < self->n_bays; i++)
    if (self->bays[i].parts.config->number == record->connector)
      bay = &self->bays[i];
  if (bay == NULL || bay->session != NULL || !bay_state (record->state, &state))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "session %s is open at connector %u (%s), which this configuration does not have: put the connector "
                   "back until the session is settled", record->session, record->connector, record->state);
      return FALSE;
    }
  bay->session = session;
  bay->state = state;
  bay->verified = record->n_marks == 0;
  bay->frozen = state == TW_BAY_FINISHING && g_strcmp0 (record->end_reason, "changed") == 0;
  bay->latest = record->last;
  /* The last reading is worth waiting for: nobody could give it while we were away. */
  tw_dock_arm_deadline (bay, state == TW_BAY_FINISHING ? 0 : tw_instant_elapsed_us (&record->state_since, &now));
  return TRUE;
}

static gboolean
take_up (TwSession *session,
         TwBatch   *batch,
         GError   **error)
{
  session->sendable = TRUE;
  switch (session->record->place)
    {
    case TW_PLACE_COUNTER:
      return leave_counter (session, batch, error);
    case TW_PLACE_BAY:
      return enter_bay (session, error);
    case TW_PLACE_OVER:
      return TRUE;
    }
  g_assert_not_reached ();
}

gboolean
tw_recover (TwStation *self,
            GError   **error)
{
  g_autoptr (GHashTable) records = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                          (GDestroyNotify) tw_record_free);
  g_autoptr (GHashTable) late = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Replay replay = { self, records, late, NULL };
  TwBatch *batch;
  GHashTableIter iter;
  TwRecord *record;
  gboolean ok = TRUE;

  if (!fold (&replay, error))
    return FALSE;

  batch = tw_batch_new (self);
  tw_batch_add (batch, NULL, "station-started", tw_payload_started (self->config));
  g_hash_table_iter_init (&iter, records);
  while (ok && g_hash_table_iter_next (&iter, NULL, (gpointer *) &record))
    {
      g_hash_table_iter_steal (&iter);
      ok = take_up (tw_session_new (self, record), batch, error);
    }
  tw_batch_submit (batch);
  return ok;
}
