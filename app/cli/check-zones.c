/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/json.h"
#include "app/base/zones.h"
#include "payment/journal/journal.h"

#include <string.h>

#define ADVICE "install or update the package tzdata, and start the station again"

/* What the station had when it last started: the journal's last word about it. */
static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  char **last = user_data;
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);
  g_autoptr (TwJson) payload = NULL;
  const char *version;

  if (strcmp (entry->kind, "station-started") != 0)
    return TRUE;
  payload = tw_json_parse (text, len, &TW_JSON_SMALL, NULL);
  version = payload ? tw_json_string (tw_json_member (payload, "tzdata")) : NULL;
  g_free (*last);
  *last = g_strdup (version);
  return TRUE;
}

/* NULL: no journal that can be read (the journal's own check says so), or it does not say. */
static char *
journalled_version (const TwConfig *config)
{
  g_autofree char *path = g_build_filename (config->journal_dir, "journal.db", NULL);
  g_autoptr (TwJournal) journal = g_file_test (path, G_FILE_TEST_EXISTS) ? tw_journal_open_readonly (path, NULL) : NULL;
  char *last = NULL;

  if (journal != NULL && !tw_journal_each (journal, NULL, on_entry, &last, NULL))
    g_clear_pointer (&last, g_free);
  return last;
}

void
tw_check_zones (TwFindings     *findings,
                const TwConfig *config)
{
  g_autofree char *version = tw_zones_version (NULL), *last = journalled_version (config);

  if (g_str_equal (version, "unknown"))
    tw_findings_add (findings, TW_SEVERITY_WARN, "zones", version, ADVICE,
                     "no tz database says its release: prices by the time of day cannot be checked again later");
  else if (last != NULL && tw_zones_is_older (version, last))
    tw_findings_add (findings, TW_SEVERITY_WARN, "zones", version, ADVICE,
                     "the station last started with %s: this one is older, and local times may be others", last);
  else if (last != NULL && !g_str_equal (last, version))
    tw_findings_add (findings, TW_SEVERITY_OK, "zones", version, NULL,
                     "the rules of local times; the station last started with %s", last);
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "zones", version, NULL, "the rules of local times");
}
