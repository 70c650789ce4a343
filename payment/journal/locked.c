/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/locked.h"

#include "app/base/error.h"
#include "app/base/json.h"

static char *
zone_of_seller (TwJournal  *journal,
                const char *seller_hash)
{
  g_autoptr (GBytes) bytes = seller_hash ? tw_journal_blob (journal, seller_hash) : NULL;
  g_autoptr (TwJson) seller = NULL;
  const char *text;
  gsize len;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &len);
  seller = tw_json_parse (text, len, &TW_JSON_LARGE, NULL);
  return g_strdup (tw_json_string (tw_json_member (seller, "time_zone")));
}

static GTimeZone *
zone_of (TwJournal      *journal,
         const TwRecord *record,
         GError        **error)
{
  g_autofree char *old = record->time_zone ? NULL : zone_of_seller (journal, record->seller_hash);
  const char *name = record->time_zone ? record->time_zone : old ? old : "UTC";
  GTimeZone *zone = g_time_zone_new_identifier (name);

  if (zone == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "session %s was sold in the time zone \"%.64s\", which this "
                 "machine does not know: install its zone data (tzdata)", record->session, name);
  return zone;
}

TwTariff *
tw_locked_tariff (TwJournal      *journal,
                  const TwRecord *record,
                  GError        **error)
{
  g_autoptr (GBytes) bytes = record->tariff_hash ? tw_journal_blob (journal, record->tariff_hash) : NULL;
  g_autoptr (GTimeZone) zone = NULL;

  if (bytes == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the journal does not hold the tariff %s",
                   record->tariff_hash ? record->tariff_hash : "");
      return NULL;
    }
  zone = zone_of (journal, record, error);
  return zone ? tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, error) : NULL;
}
