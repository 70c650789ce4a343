/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"

#include "app/base/error.h"
#include "app/base/json.h"
#include "payment/analytics/sources/journal-states.h"
#include "payment/analytics/sources/session-fold.h"
#include "payment/analytics/sources/values.h"
#include "payment/journal/sessions.h"

#include <string.h>

enum { EARLY_ENTRIES = 4096, MAX_CONNECTORS = 256, MAX_NAMES = 256, MAX_TARIFFS = 64 };

typedef struct
{
  TwJournal         *journal;
  const TwFeedTerms *terms;
  TwRowIntake        intake;
  TwFeedReport      *report;
  GHashTable        *names;                       /* hash of a seller or a tariff -> what it calls itself */
  TwJournalStates   *states;
  GHashTable        *tariffs;                     /* hash -> GBytes; NULL: the journal does not hold it */
  char              *evses[MAX_CONNECTORS];       /* by connector */
  char              *station, *zone;
  guint              n_connectors;
  guint64            n_test;
  gint64             first_us;
} Walk;

/* The member of a blob that is its name; cached. NULL: there is none. */
static const char *
name_of (Walk       *walk,
         const char *hash,
         const char *member)
{
  const char *known = hash ? g_hash_table_lookup (walk->names, hash) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TwJson) blob = NULL;
  const char *name = NULL;
  gsize len;

  if (known != NULL || hash == NULL)
    return known;
  bytes = tw_journal_blob (walk->journal, hash);
  if (bytes != NULL)
    {
      const char *text = g_bytes_get_data (bytes, &len);

      blob = tw_json_parse (text, len, &TW_JSON_LARGE, NULL);
      name = tw_json_string (tw_json_member (blob, member));
    }
  if (name == NULL)
    return NULL;
  if (g_hash_table_size (walk->names) >= MAX_NAMES)
    g_hash_table_remove_all (walk->names);
  g_hash_table_insert (walk->names, g_strdup (hash), g_strdup (name));
  return g_hash_table_lookup (walk->names, hash);
}

/* The file that it was sold by; cached. */
static TwText
tariff_file (Walk       *walk,
             const char *hash)
{
  gpointer bytes = NULL;
  gsize n = 0;
  const char *text;

  if (hash == NULL)
    return (TwText) { NULL, 0 };
  if (!g_hash_table_lookup_extended (walk->tariffs, hash, NULL, &bytes))
    {
      if (g_hash_table_size (walk->tariffs) >= MAX_TARIFFS)
        g_hash_table_remove_all (walk->tariffs);
      bytes = tw_journal_blob (walk->journal, hash);
      g_hash_table_insert (walk->tariffs, g_strdup (hash), bytes);
    }
  text = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  return n <= TW_TARIFF_MAX_BYTES ? (TwText) { text, n } : (TwText) { NULL, 0 };
}

static void
bytes_free (gpointer bytes)
{
  if (bytes != NULL)
    g_bytes_unref (bytes);
}

static TwText
text_of (const char *text)
{
  return tw_text_of (tw_chars (text));
}

/* Who is asked before the first offer knows no station yet. */
static void
note_station (Walk           *walk,
              const TwRecord *record)
{
  const char *station = name_of (walk, record->seller_hash, "station_id");

  if (station != NULL && g_strcmp0 (station, walk->station) != 0)
    {
      g_free (walk->station);
      walk->station = g_strdup (station);
    }
  if (record->time_zone != NULL && g_strcmp0 (record->time_zone, walk->zone) != 0)
    {
      g_free (walk->zone);
      walk->zone = g_strdup (record->time_zone);
    }
  if (record->connector < MAX_CONNECTORS && record->evse_id != NULL)
    {
      g_free (walk->evses[record->connector]);
      walk->evses[record->connector] = g_strdup (record->evse_id);
      walk->n_connectors = MAX (walk->n_connectors, record->connector);
    }
}

static gboolean
hand_session (Walk                 *walk,
              const TwSessionFold  *fold,
              guint64               last_seq,
              GError              **error)
{
  const TwRecord *record = fold->sale->record;
  const char *billed = fold->sale->billed_tariff, *hash = billed ? billed : record->tariff_hash;
  const char *tariff = name_of (walk, hash, "id");
  g_autofree char *connector = g_strdup_printf ("%u", record->connector);
  TwSessionRow row;

  if (!tw_session_fold_row (fold, &row))
    return TRUE;
  row.line = last_seq;
  row.site = text_of (walk->station);
  row.connector = text_of (connector);
  row.tariff = text_of (tariff ? tariff : hash);
  row.tariff_file = tariff_file (walk, hash);
  row.usage = record->usage;
  row.zone = text_of (record->time_zone ? record->time_zone : walk->terms->time_zone ? walk->terms->time_zone : "UTC");
  row.flags = record->time_zone ? 0 : 1u << TW_FLAG_ZONE_ASSUMED;
  walk->report->n_rows++;
  walk->n_test += record->test_mode;
  if (walk->report->first_us == TW_UNKNOWN)
    walk->report->first_us = row.plug_in;
  walk->report->first_us = MIN (walk->report->first_us, row.plug_in);
  walk->report->last_us = MAX (walk->report->last_us, row.plug_in);
  return walk->intake.class_->session (walk->intake.self, &row, error);
}

static gpointer
begin (const char *session,
       gpointer    user_data)
{
  return tw_session_fold_new (session);
}

static void
free_fold (gpointer fold)
{
  tw_session_fold_free (fold);
}

static gboolean
apply (gpointer        fold,
       const TwEntry  *entry,
       gpointer        user_data,
       GError        **error)
{
  return tw_session_fold_apply (fold, entry, error);
}

static gboolean
hand_over (gpointer   told,
           guint64    first_seq,
           guint64    last_seq,
           gpointer   user_data,
           GError   **error)
{
  Walk *walk = user_data;
  const TwSessionFold *fold = told;
  const TwRecord *record = fold->sale->record;
  TwVisitRow visit;

  note_station (walk, record);
  if (walk->station == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "session %s: the journal does not hold the station's data",
                   record->session);
      return FALSE;
    }
  if (!hand_session (walk, fold, last_seq, error))
    return FALSE;
  if (walk->intake.class_->visit == NULL || fold->stages == 0)
    return TRUE;

  tw_session_fold_visit (fold, &visit);
  visit.site = text_of (walk->station);
  visit.zone = text_of (record->time_zone ? record->time_zone : "UTC");

  return walk->intake.class_->visit (walk->intake.self, &visit, error);
}

/* Somebody looked and opened no offer; who did is told by the session of it. */
static gboolean
apply_visit (Walk           *walk,
             const TwEntry  *entry,
             const TwJson   *payload,
             GError        **error)
{
  const TwJson *all_busy = tw_json_member (payload, "all_busy"), *own = tw_json_member (payload, "own");
  const char *why = tw_json_string (tw_json_member (payload, "closed_why"));
  TwVisitRow row = { .site = text_of (walk->station), .zone = text_of (walk->zone), .at = entry->at.wall_us,
                     .stages = 1u << TW_STAGE_SEEN, .amount_minor = TW_UNKNOWN };
  gint64 lasted_ms = 0;

  if (g_strcmp0 (tw_json_string (tw_json_member (payload, "reached")), "seen") != 0 || tw_json_is_true (own)
      || walk->station == NULL || walk->intake.class_->visit == NULL)
    return TRUE;
  if (tw_json_member (payload, "lasted_ms") && tw_json_get_int64 (payload, "lasted_ms", &lasted_ms, NULL))
    row.at -= CLAMP (lasted_ms, 0, 24 * 3600 * 1000) * 1000;
  row.all_busy = tw_json_is_true (all_busy);
  row.drop_reason = text_of (why ? why : row.all_busy ? "all-busy" : "timeout");
  return walk->intake.class_->visit (walk->intake.self, &row, error);
}

/* Also the counter that closes in front of somebody belongs to the station. */
static gboolean
is_of_station (const TwEntry *entry)
{
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);

  if (g_str_equal (entry->kind, "counter"))
    return entry->session == NULL || g_strstr_len (text, (gssize) len, "\"closed\"") != NULL;
  return entry->session == NULL && (g_str_equal (entry->kind, "bay") || g_str_equal (entry->kind, "visit"));
}

static gboolean
apply_station (Walk           *walk,
               const TwEntry  *entry,
               GError        **error)
{
  g_autoptr (TwJson) payload = NULL;
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);

  tw_journal_states_see (walk->states, entry);
  if (!is_of_station (entry))
    return TRUE;
  payload = tw_json_parse (text, len, &TW_JSON_LARGE, error);
  if (payload == NULL)
    return FALSE;
  if (g_str_equal (entry->kind, "visit"))
    return apply_visit (walk, entry, payload, error);

  tw_journal_states_step (walk->states, entry, payload);
  return TRUE;
}

static gboolean
on_entry (const TwEntry  *entry,
          gpointer        user_data,
          GError        **error)
{
  Walk *walk = user_data;

  walk->first_us = walk->first_us == TW_UNKNOWN ? entry->at.wall_us : MIN (walk->first_us, entry->at.wall_us);

  return apply_station (walk, entry, error);
}

static gboolean
progress (gpointer user_data,
          guint64  done,
          guint64  total)
{
  const TwRowIntake *intake = &((Walk *) user_data)->intake;

  return intake->class_->progress == NULL || intake->class_->progress (intake->self, done, total);
}

/* It has been there since its journal begins, and nobody says when it goes. */
static gboolean
hand_ports (Walk    *walk,
            GError **error)
{
  const TwRowIntakeClass *class_ = walk->intake.class_;

  for (guint i = 1; i <= walk->n_connectors; i++)
    {
      g_autofree char *connector = g_strdup_printf ("%u", i);
      TwPortRow row = { .site = text_of (walk->station), .evse = text_of (walk->evses[i]),
                        .connector = text_of (connector), .zone = text_of (walk->zone), .rated_power_w = TW_UNKNOWN,
                        .commissioned = walk->first_us, .decommissioned = TW_UNKNOWN };

      if (walk->evses[i] == NULL)
        continue;
      if (class_->port != NULL && !class_->port (walk->intake.self, &row, error))
        return FALSE;
      if (class_->event != NULL
          && !tw_journal_states_hand (walk->states, i, row.site, row.evse, &walk->intake, error))
        return FALSE;
    }
  return TRUE;
}

/* Which station it is, before anything is told of it: the first offers say. */
static gboolean
on_early_entry (const TwEntry *entry,
                gpointer       user_data)
{
  Walk *walk = user_data;
  g_autoptr (TwRecord) record = NULL;

  if (entry->seq > EARLY_ENTRIES)
    return FALSE;
  if (entry->session == NULL || !g_str_equal (entry->kind, "offered"))
    return TRUE;
  record = tw_record_new (entry->session);
  if (tw_record_apply (record, entry, NULL) && (record->connector >= MAX_CONNECTORS
                                                || walk->evses[record->connector] == NULL))
    note_station (walk, record);
  return TRUE;
}

static gboolean
walk_all (Walk    *walk,
          GError **error)
{
  static const TwSessionWalkClass class_ = { begin, apply, hand_over, free_fold, on_entry, progress };

  return tw_journal_each (walk->journal, NULL, on_early_entry, walk, error)
         && tw_journal_each_session (walk->journal, &class_, walk, error) && hand_ports (walk, error);
}

gboolean
tw_feed_journal (const char         *path,
                 const TwFeedTerms  *terms,
                 const TwRowIntake  *intake,
                 TwFeedReport       *report,
                 GError            **error)
{
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, error);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) tariffs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bytes_free);
  g_autoptr (TwJournalStates) states = tw_journal_states_new ();
  Walk walk = { .journal = journal, .states = states, .terms = terms, .intake = *intake, .report = report,
                .names = names, .tariffs = tariffs, .first_us = TW_UNKNOWN };
  gboolean well;

  g_return_val_if_fail (intake->class_->session != NULL, FALSE);
  if (journal == NULL)
    return FALSE;
  report->format = g_strdup ("journal");
  well = walk_all (&walk, error);
  if (!well)
    g_prefix_error (error, "%s: ", path);
  else if (walk.n_test > 0)
    g_ptr_array_add (report->notices, g_strdup_printf ("%s: %" G_GUINT64_FORMAT " sessions in test mode: no real money",
                                                       path, walk.n_test));
  for (guint i = 0; i < MAX_CONNECTORS; i++)
    g_free (walk.evses[i]);
  g_free (walk.station);
  g_free (walk.zone);
  return well;
}
