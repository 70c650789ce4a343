/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/journal-states.h"

#include <string.h>

typedef enum { MARK_FAULT, MARK_CLEARED, MARK_CLOSED, MARK_OPENED, MARK_LOST, MARK_STARTED } MarkKind;

/* connector: of a fault. reason: NULL, or in texts. */
typedef struct { gint64 at; MarkKind kind; guint32 connector; const char *reason; } Mark;

struct _TwJournalStates
{
  GArray       *marks;              /* of Mark */
  GStringChunk *texts;
  gint64        first_us, last_us;  /* of its entries */
  gboolean      parting;            /* the counter was closed because the station was being stopped */
};

TwJournalStates *
tw_journal_states_new (void)
{
  TwJournalStates *self = g_new0 (TwJournalStates, 1);

  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  self->texts = g_string_chunk_new (256);
  self->first_us = self->last_us = TW_UNKNOWN;
  return self;
}

void
tw_journal_states_free (TwJournalStates *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->marks);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static void
mark (TwJournalStates *self,
      gint64           at,
      MarkKind         kind,
      gint64           connector,
      const char      *reason)
{
  Mark fresh = { at, kind, (guint32) connector, reason ? g_string_chunk_insert_const (self->texts, reason) : NULL };

  g_array_append_val (self->marks, fresh);
}

/* Whoever stops a station closes its counter first. Without that it was lost, at the latest at its start and not before
 * the last that was heard of it: nobody can say more. */
void
tw_journal_states_see (TwJournalStates *self,
                       const TwEntry   *entry)
{
  const gint64 at = entry->at.wall_us;

  if (self->first_us == TW_UNKNOWN)
    self->first_us = at;
  if (g_str_equal (entry->kind, "station-started"))
    {
      if (!self->parting && self->last_us != TW_UNKNOWN)
        mark (self, self->last_us, MARK_LOST, 0, "restarted");
      mark (self, at, MARK_STARTED, 0, NULL);
      self->parting = FALSE;
    }
  self->last_us = at;
}

static void
step_counter (TwJournalStates *self,
              gint64           at,
              const char      *from,
              const char      *to,
              const char      *reason)
{
  if (g_strcmp0 (to, "closed") == 0)
    {
      mark (self, at, MARK_CLOSED, 0, reason ? reason : "closed");
      self->parting = g_strcmp0 (reason, "closing") == 0;
    }
  else if (g_strcmp0 (from, "closed") == 0)
    {
      mark (self, at, MARK_OPENED, 0, NULL);
      self->parting = FALSE;
    }
}

void
tw_journal_states_step (TwJournalStates *self,
                        const TwEntry   *entry,
                        const TwJson    *payload)
{
  const char *from = tw_json_string (tw_json_member (payload, "from"));
  const char *to = tw_json_string (tw_json_member (payload, "to"));
  const char *reason = tw_json_string (tw_json_member (payload, "reason"));
  gint64 connector = 0;

  if (tw_json_member (payload, "connector"))
    tw_json_get_int64 (payload, "connector", &connector, NULL);
  if (g_str_equal (entry->kind, "counter"))
    step_counter (self, entry->at.wall_us, from, to, reason);
  else if (connector <= 0 || connector > G_MAXINT32)
    return;
  else if (g_strcmp0 (to, "fault") == 0)
    mark (self, entry->at.wall_us, MARK_FAULT, connector, reason ? reason : "faulted");
  else if (g_strcmp0 (from, "fault") == 0)
    mark (self, entry->at.wall_us, MARK_CLEARED, connector, NULL);
}

/* What is the matter with a connector; NULL: that is not. */
typedef struct { const char *fault, *closed, *lost; } Trouble;

static void
change (Trouble    *trouble,
        const Mark *mark_)
{
  switch (mark_->kind)
    {
    case MARK_FAULT:
      trouble->fault = mark_->reason;
      break;
    case MARK_CLEARED:
      trouble->fault = NULL;
      break;
    case MARK_CLOSED:
      trouble->closed = mark_->reason;
      break;
    case MARK_OPENED:
      trouble->closed = NULL;
      break;
    case MARK_LOST:
      trouble->lost = mark_->reason;
      break;
    case MARK_STARTED:
      *trouble = (Trouble) { NULL, NULL, NULL };
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
describe (TwEventRow    *row,
          const Trouble *trouble)
{
  const char *reason = trouble->lost ? trouble->lost : trouble->fault ? trouble->fault : trouble->closed;

  row->reason = (TwText) { reason, reason ? (guint32) strlen (reason) : 0 };
  row->state = trouble->lost ? TW_PORT_UNKNOWN : trouble->fault ? TW_PORT_OUT_OF_ORDER
               : trouble->closed ? TW_PORT_INOPERATIVE : TW_PORT_AVAILABLE;
  row->payment = trouble->lost ? TW_PAYMENT_UNKNOWN : trouble->closed ? TW_PAYMENT_CLOSED : TW_PAYMENT_OPEN;
}

gboolean
tw_journal_states_hand (const TwJournalStates  *self,
                        gint64                  connector,
                        TwText                  site,
                        TwText                  evse,
                        const TwRowIntake      *intake,
                        GError                **error)
{
  TwEventRow row = { .site = site, .evse = evse, .at = self->first_us };
  Trouble trouble = { NULL, NULL, NULL };

  for (guint i = 0; i <= self->marks->len; i++)
    {
      const Mark *next = i < self->marks->len ? &g_array_index (self->marks, Mark, i) : NULL;

      if (next != NULL && next->connector != 0 && next->connector != connector)
        continue;
      describe (&row, &trouble);
      row.until = next != NULL ? next->at : self->last_us;
      if (row.until > row.at && !intake->class_->event (intake->self, &row, error))
        return FALSE;
      row.at = MAX (row.at, row.until);
      if (next != NULL)
        change (&trouble, next);
    }
  return TRUE;
}
