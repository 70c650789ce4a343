/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/session-times.h"

#include "app/base/json.h"

struct _TwSessionTimes
{
  TwJournal  *journal;
  GHashTable *zones;   /* hash of a seller's data -> GTimeZone; NULL: it does not tell */
};

static void
forget_zone (gpointer data)
{
  if (data != NULL)
    g_time_zone_unref (data);
}

TwSessionTimes *
tw_session_times_new (TwJournal *journal)
{
  TwSessionTimes *self = g_new0 (TwSessionTimes, 1);

  self->journal = journal;
  self->zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, forget_zone);

  return self;
}

void
tw_session_times_free (TwSessionTimes *self)
{
  g_hash_table_unref (self->zones);
  g_free (self);
}

static GTimeZone *
read_zone (TwSessionTimes    *self,
           const char *hash)
{
  g_autoptr (GBytes) bytes = tw_journal_blob (self->journal, hash);
  g_autoptr (TwJson) seller = NULL;
  const char *name, *text;
  gsize n;

  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &n);
  seller = tw_json_parse (text, n, &TW_JSON_LARGE, NULL);
  name = tw_json_string (tw_json_member (seller, "time_zone"));

  return name != NULL ? g_time_zone_new_identifier (name) : NULL;
}

static GTimeZone *
zone_of (TwSessionTimes        *self,
         const TwRecord *record)
{
  gpointer zone = NULL;

  if (record->seller_hash == NULL)
    return NULL;
  if (!g_hash_table_lookup_extended (self->zones, record->seller_hash, NULL, &zone))
    {
      zone = read_zone (self, record->seller_hash);
      g_hash_table_insert (self->zones, g_strdup (record->seller_hash), zone);
    }

  return zone;
}

static char *
format_begin (TwSessionTimes        *self,
              const TwRecord *record,
              const char     *local_format,
              const char     *utc_format)
{
  GTimeZone *zone = zone_of (self, record);
  gint64 wall_us = record->n_marks > 0 ? record->begin.at.wall_us : record->offered_at.wall_us;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL && zone != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  if (wall_us == 0 || utc == NULL)
    return g_strdup ("-");

  return local != NULL ? g_date_time_format (local, local_format) : g_date_time_format (utc, utc_format);
}

char *
tw_session_times_begin (TwSessionTimes        *self,
                const TwRecord *record)
{
  return format_begin (self, record, "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%MZ");
}

char *
tw_session_times_begin_iso8601 (TwSessionTimes        *self,
                        const TwRecord *record)
{
  return format_begin (self, record, "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%SZ");
}
