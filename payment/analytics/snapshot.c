/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/snapshot-private.h"

#include "app/base/error.h"

#include <string.h>
#include <xxhash.h>

TwSnapshot *
tw_snapshot_open (const char *path,
                  GError    **error)
{
  g_autoptr (TwSnapshot) self = g_new0 (TwSnapshot, 1);
  const TwKeptSource *kept;

  if (!tw_kept_file_open (&self->file, path, error))
    return NULL;
  if (!tw_snapshot_is_sound (self))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is damaged", path);
      return NULL;
    }
  self->terms = g_strndup (self->file.at[TW_KEPT_TERMS], self->file.n[TW_KEPT_TERMS]);
  self->n_sources = (guint) self->file.n[TW_KEPT_SOURCES];
  self->sources = g_new0 (TwSnapshotSource, self->n_sources);
  self->paths = g_string_chunk_new (256);
  kept = self->file.at[TW_KEPT_SOURCES];
  for (guint i = 0; i < self->n_sources; i++)
    {
      TwText text = tw_snapshot_text (self, kept[i].path);

      self->sources[i] = (TwSnapshotSource) { g_string_chunk_insert_len (self->paths, text.text, text.n),
                                              kept[i].offset, kept[i].line, kept[i].n_rows, kept[i].n_refused, { 0 } };
      memcpy (self->sources[i].digest, kept[i].digest, TW_SNAPSHOT_DIGEST);
    }
  return g_steal_pointer (&self);
}

void
tw_snapshot_free (TwSnapshot *self)
{
  if (self == NULL)
    return;
  tw_kept_file_close (&self->file);
  g_clear_pointer (&self->paths, g_string_chunk_free);
  g_free (self->sources);
  g_free (self->terms);
  g_free (self);
}

const char *
tw_snapshot_terms (const TwSnapshot *self)
{
  return self->terms;
}

const TwSnapshotSource *
tw_snapshot_sources (const TwSnapshot *self,
                     guint            *n)
{
  *n = self->n_sources;
  return self->sources;
}

guint64
tw_zone_rules (const char *name)
{
  g_autoptr (TwZone) zone = tw_zone_new (name);
  guint64 rules = 0;

  for (gint64 at = 0; zone && at < TW_LATEST_US / SECOND_US; )
    {
      const TwSpan *span = tw_zone_find (zone, at);
      const gint64 now[] = { span->from, span->offset, (gint64) rules };

      rules = XXH3_64bits (now, sizeof now);
      at = span->until;
    }
  return rules;
}
