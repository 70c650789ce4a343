/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/chronicle.h"

#include <string.h>

/* A session's time at the counter, and at its connector from the offer to its end; G_MAXINT64: not over yet. */
typedef struct
{
  char  *session;
  guint  connector;
  gint64 from_us, counter_until_us, until_us;
} Turn;

struct _TwChronicle
{
  GObject    parent_instance;
  GPtrArray *rows;     /* of TwRow, in order */
  GPtrArray *turns;    /* of Turn, in the order of the offers */
};

static void tw_chronicle_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwChronicle, tw_chronicle, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tw_chronicle_list_init))

static guint turned_signal;

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_free (turn->session);
  g_free (turn);
}

static void
tw_chronicle_finalize (GObject *object)
{
  TwChronicle *self = TW_CHRONICLE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->turns);
  G_OBJECT_CLASS (tw_chronicle_parent_class)->finalize (object);
}

static void
tw_chronicle_class_init (TwChronicleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tw_chronicle_finalize;
  turned_signal = g_signal_new ("turned", TW_TYPE_CHRONICLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tw_chronicle_init (TwChronicle *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->turns = g_ptr_array_new_with_free_func (turn_free);
}

static GType
item_type (GListModel *list)
{
  return TW_TYPE_ROW;
}

static guint
n_items (GListModel *list)
{
  return TW_CHRONICLE (list)->rows->len;
}

static gpointer
item_at (GListModel *list,
         guint       i)
{
  GPtrArray *rows = TW_CHRONICLE (list)->rows;

  return i < rows->len ? g_object_ref (rows->pdata[i]) : NULL;
}

static void
tw_chronicle_list_init (GListModelInterface *iface)
{
  iface->get_item_type = item_type;
  iface->get_n_items = n_items;
  iface->get_item = item_at;
}

TwChronicle *
tw_chronicle_new (void)
{
  return g_object_new (TW_TYPE_CHRONICLE, NULL);
}

/* NULL: nobody's turn. */
static const char *
whose_turn (TwChronicle *self,
            const TwRow *row)
{
  for (guint i = self->turns->len; i-- > 0;)
    {
      const Turn *turn = self->turns->pdata[i];

      if (row->time_us < turn->from_us)
        continue;
      if (row->at_reader && row->time_us < turn->counter_until_us)
        return turn->session;
      if (row->connector > 0 && row->connector == turn->connector && row->time_us < turn->until_us)
        return turn->session;
    }

  return NULL;
}

/* TRUE: it changed. */
static gboolean
attribute (TwChronicle *self,
           TwRow       *row)
{
  const char *session = row->own_session != NULL ? row->own_session : whose_turn (self, row);

  if (g_strcmp0 (session, row->session) == 0)
    return FALSE;
  g_free (row->session);
  row->session = g_strdup (session);

  return TRUE;
}

/* What is known now about the time from from_us on may be news for rows that were there before. */
static void
attribute_since (TwChronicle *self,
                 gint64       from_us)
{
  gboolean changed = FALSE;

  for (guint i = self->rows->len; i-- > 0;)
    {
      TwRow *row = self->rows->pdata[i];

      if (row->time_us < from_us)
        break;
      changed = attribute (self, row) || changed;
    }
  if (changed)
    g_signal_emit (self, turned_signal, 0);
}

void
tw_chronicle_add (TwChronicle *self,
                  TwRow       *row)
{
  guint at;

  if (row == NULL)
    return;
  attribute (self, row);
  at = self->rows->len;
  while (at > 0 && tw_row_compare (self->rows->pdata[at - 1], row) > 0)
    at--;
  g_ptr_array_insert (self->rows, (int) at, row);
  g_list_model_items_changed (G_LIST_MODEL (self), at, 0, 1);

  if (self->rows->len > TW_CHRONICLE_MOST)
    {
      guint n = TW_CHRONICLE_MOST / 10;

      g_ptr_array_remove_range (self->rows, 0, n);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
    }
}

static Turn *
turn_of (TwChronicle *self,
         const char  *session)
{
  for (guint i = self->turns->len; i-- > 0;)
    if (strcmp (((Turn *) self->turns->pdata[i])->session, session) == 0)
      return self->turns->pdata[i];

  return NULL;
}

static void
begin_turn (TwChronicle   *self,
            const TwEntry *entry,
            const TwJson  *payload)
{
  Turn *turn = g_new0 (Turn, 1);
  gint64 connector = 0;

  tw_json_get_int64 (payload, "connector", &connector, NULL);
  turn->session = g_strdup (entry->session);
  turn->connector = (guint) CLAMP (connector, 0, 8);
  turn->from_us = entry->at.wall_us;
  turn->counter_until_us = turn->until_us = G_MAXINT64;
  g_ptr_array_add (self->turns, turn);
  if (self->turns->len > TW_CHRONICLE_MOST / 10)
    g_ptr_array_remove_index (self->turns, 0);
  attribute_since (self, turn->from_us);
}

static void
step_turn (TwChronicle   *self,
           const TwEntry *entry,
           const TwJson  *payload)
{
  Turn *turn = turn_of (self, entry->session);
  const char *place = tw_json_string (tw_json_member (payload, "place"));

  if (turn == NULL || place == NULL || strcmp (place, "counter") == 0)
    return;
  /* The step's own moment still belongs to the session. */
  turn->counter_until_us = MIN (turn->counter_until_us, entry->at.wall_us + 1);
  if (strcmp (place, "over") == 0)
    turn->until_us = MIN (turn->until_us, entry->at.wall_us + 1);
  attribute_since (self, entry->at.wall_us);
}

void
tw_chronicle_add_entry (TwChronicle   *self,
                        const TwEntry *entry)
{
  gsize n;
  const char *bytes = g_bytes_get_data (entry->payload, &n);
  g_autoptr (TwJson) payload = tw_json_parse (bytes, n, &TW_JSON_LARGE, NULL);

  if (payload != NULL && entry->session != NULL && strcmp (entry->kind, "offered") == 0)
    begin_turn (self, entry, payload);
  else if (payload != NULL && entry->session != NULL)
    step_turn (self, entry, payload);
  tw_chronicle_add (self, tw_row_from_entry (entry));
}

void
tw_chronicle_forget (TwChronicle *self,
                     guint        lanes)
{
  guint before = self->rows->len;

  for (guint i = self->rows->len; i-- > 0;)
    if ((lanes & (1u << ((TwRow *) self->rows->pdata[i])->lane)) != 0)
      g_ptr_array_remove_index (self->rows, i);
  if ((lanes & (1u << TW_LANE_JOURNAL)) != 0)
    g_ptr_array_set_size (self->turns, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->rows->len);
}
