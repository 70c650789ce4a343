/* SPDX-License-Identifier: Apache-2.0 */
/* Who is spoken to in which language: the counter in that of the person at it, each bay in that of its session. A
 * session's language is journalled with its offer and with every change, so that a restart speaks on in it. */
#include "app/station/core.h"

/* It is journalled: a text of the caller's choice could make entries that no start can read. */
gboolean
tw_language_check (const char *language,
                   GError    **error)
{
  if (g_str_equal (language, "en") || g_str_equal (language, "de"))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-language");
  return FALSE;
}

void
tw_language_use (TwStation  *self,
                 const char *language)
{
  char *copy = g_strdup (language);

  g_free (self->language);
  self->language = copy;
  tw_station_announce (self);
}

static gboolean
on_idle_for_long (gpointer user_data)
{
  TwStation *self = user_data;

  self->language_deadline = 0;
  tw_language_use (self, self->config->language);
  return G_SOURCE_REMOVE;
}

/* Nobody is at the counter. Whoever chose a language may still be reading; after as long as an offer stays, and when
 * somebody went away, the next driver begins afresh. */
void
tw_language_idle (TwStation *self)
{
  if (self->language_deadline == 0)
    tw_language_use (self, self->config->language);
}

void
tw_language_busy (TwStation *self)
{
  if (self->language_deadline != 0)
    tw_clock_cancel (self->clock, self->language_deadline);
  self->language_deadline = 0;
}

/* The journal must not grow without end while it cannot be written. */
static gboolean
journal_language (TwStation  *self,
                  const char *session,
                  const char *before,
                  const char *language,
                  GError    **error)
{
  TwBatch *batch;

  if (g_strcmp0 (before, language) == 0)
    return TRUE;
  if (self->stuck)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "journal-stuck");
      return FALSE;
    }
  batch = tw_batch_new (self);
  tw_batch_add (batch, session, "language", tw_payload_language (language));
  tw_batch_submit (batch);
  return TRUE;
}

/* The outcome is shown to the same person whose session has just gone to a connector. */
static gboolean
set_at_counter (TwStation  *self,
                const char *language,
                GError    **error)
{
  TwSession *shown = self->shown_session ? tw_session_find (self, self->shown_session) : NULL;
  TwSession *session = self->customer ? self->customer : shown;

  if (session != NULL
      && !journal_language (self, session->record->session, session->record->language, language, error))
    return FALSE;
  tw_language_use (self, language);
  if (self->counter != TW_COUNTER_WELCOME && self->counter != TW_COUNTER_CLOSED)
    return TRUE;
  tw_language_busy (self);
  self->language_deadline = tw_clock_after (self->clock, self->config->offer_ms, on_idle_for_long, self);
  return TRUE;
}

static gboolean
set_at_bay (TwBay      *bay,
            const char *language,
            GError    **error)
{
  TwStation *self = bay->station;
  const TwRecord *record = bay->session ? bay->session->record : NULL;

  if (record != NULL)
    return journal_language (self, record->session, record->language, language, error);
  if (bay->receipt_until_us == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "no-such-session");
      return FALSE;
    }
  if (!journal_language (self, bay->last_session, bay->last_language, language, error))
    return FALSE;
  g_free (bay->last_language);
  bay->last_language = g_strdup (language);
  tw_station_announce (self);
  return TRUE;
}

gboolean
tw_station_set_language (TwStation  *self,
                         guint       connector,
                         const char *language,
                         GError    **error)
{
  TwBay *bay = NULL;

  if (!tw_language_check (language, error))
    return FALSE;
  tw_visit_sign (self, "touch");
  if (connector == 0)
    return set_at_counter (self, language, error);
  tw_visit_own (self);
  bay = tw_station_find_bay (self, connector, error);
  return bay != NULL && set_at_bay (bay, language, error);
}
