/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/row.h"

#include <string.h>

#include "app/base/whole.h"
#include "app/bench/panel/entry-words.h"

G_DEFINE_FINAL_TYPE (TwRow, tw_row, G_TYPE_OBJECT)

static void
tw_row_finalize (GObject *object)
{
  TwRow *self = TW_ROW (object);

  g_free (self->source);
  g_free (self->text);
  g_free (self->own_session);
  g_free (self->session);
  g_free (self->json);
  G_OBJECT_CLASS (tw_row_parent_class)->finalize (object);
}

static void
tw_row_class_init (TwRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tw_row_finalize;
}

static void
tw_row_init (TwRow *self)
{
}

static const char *
text_of (const TwJson *line,
         const char   *name)
{
  return tw_json_string (tw_json_member (line, name));
}

static gint64
number_of (const TwJson *line,
           const char   *name)
{
  const char *text = tw_json_number_text (tw_json_member (line, name));
  gint64 value = 0;

  if (text != NULL)
    tw_whole_parse (text, 0, G_MAXINT64, &value);
  return value;
}

static void
read_wire (TwRow        *self,
           const TwJson *line)
{
  const char *wire = text_of (line, "wire");
  const char *from = text_of (line, "from");

  self->way = g_strcmp0 (from, "station") == 0 ? 1 : -1;
  self->connector = (guint) number_of (line, "connector");
  self->at_reader = g_strcmp0 (wire, "reader") == 0;
  self->source = self->connector > 0 ? g_strdup_printf ("%s %u", wire, self->connector)
                                     : g_strdup (wire != NULL ? wire : "wire");
  self->bad = g_str_has_prefix (self->text, "(") || g_str_has_prefix (self->text, "$NK")
              || strstr (self->text, "no answer") != NULL || strstr (self->text, "without an answer") != NULL
              || strstr (self->text, "wrong checksum") != NULL || strstr (self->text, "not whole") != NULL
              || number_of (line, "http") >= 400;
}

static void
read_ledger (TwRow        *self,
             const TwJson *line)
{
  const TwJson *book = tw_json_member (line, "line");

  self->source = g_strdup ("ledger");
  self->bad = tw_json_string (tw_json_member (book, "reason")) != NULL || number_of (book, "http") >= 400;
}

/* "car 1 plug", "controller 2 fault gfci": whom it concerns. */
static void
read_hand (TwRow *self)
{
  g_auto (GStrv) words = g_strsplit (self->text, " ", 3);
  guint64 number = 0;

  self->source = g_strdup ("hand");
  self->bad = g_str_has_prefix (self->text, "refused");
  if (g_strcmp0 (words[0], "card") == 0 || g_strcmp0 (words[0], "reader") == 0
      || g_str_has_prefix (self->text, "the card"))
    self->at_reader = TRUE;
  if ((g_strcmp0 (words[0], "car") == 0 || g_strcmp0 (words[0], "controller") == 0) && words[1] != NULL
      && tw_whole_parse_unsigned (words[1], 10, 1, 8, &number))
    self->connector = (guint) number;
}

TwRow *
tw_row_from_line (const TwJson *line,
                  const char   *text)
{
  static const struct { const char *kind; TwLane lane; } KINDS[] = {
    { "wire", TW_LANE_WIRE }, { "ledger", TW_LANE_LEDGER }, { "hand", TW_LANE_HAND },
  };
  const char *kind = text_of (line, "kind");
  TwRow *self = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (g_strcmp0 (kind, KINDS[i].kind) == 0 && text_of (line, "text") != NULL)
      {
        self = g_object_new (TW_TYPE_ROW, NULL);
        self->lane = KINDS[i].lane;
      }
  if (self == NULL)
    return NULL;

  self->time_us = number_of (line, "time_us");
  self->number = (guint64) number_of (line, "n");
  self->routine = tw_json_is_true (tw_json_member (line, "routine"));
  self->text = g_strdup (text_of (line, "text"));
  self->own_session = g_strdup (text_of (line, "session"));
  self->session = g_strdup (self->own_session);
  self->json = g_strdup (text);
  if (self->lane == TW_LANE_WIRE)
    read_wire (self, line);
  else if (self->lane == TW_LANE_LEDGER)
    read_ledger (self, line);
  else
    read_hand (self);

  return self;
}

static char *
entry_json (const TwEntry *entry,
            const TwJson  *payload)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) bytes = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "time_us", entry->at.wall_us);
  tw_json_out_string (out, "kind", "journal");
  tw_json_out_int64 (out, "seq", (gint64) entry->seq);
  tw_json_out_string (out, "session", entry->session);
  tw_json_out_string (out, "entry", entry->kind);
  if (payload != NULL)
    tw_json_out_copy (out, "payload", payload);
  bytes = tw_json_out_finish (out);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

TwRow *
tw_row_from_entry (const TwEntry *entry)
{
  gsize n;
  const char *bytes = g_bytes_get_data (entry->payload, &n);
  g_autoptr (TwJson) payload = tw_json_parse (bytes, n, &TW_JSON_LARGE, NULL);
  TwRow *self = g_object_new (TW_TYPE_ROW, NULL);

  self->time_us = entry->at.wall_us;
  self->number = entry->seq;
  self->lane = TW_LANE_JOURNAL;
  self->source = g_strdup ("journal");
  self->text = tw_entry_words (entry->kind, payload, &self->bad);
  self->own_session = g_strdup (entry->session);
  self->session = g_strdup (entry->session);
  self->json = entry_json (entry, payload);

  return self;
}

int
tw_row_compare (const TwRow *a,
                const TwRow *b)
{
  if (a->time_us != b->time_us)
    return a->time_us < b->time_us ? -1 : 1;
  if (a->lane != b->lane)
    return a->lane < b->lane ? -1 : 1;

  return a->number < b->number ? -1 : a->number > b->number;
}

char *
tw_row_clock (const TwRow *self)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (self->time_us / G_USEC_PER_SEC);
  g_autofree char *second = when != NULL ? g_date_time_format (when, "%H:%M:%S") : g_strdup ("?");

  return g_strdup_printf ("%s.%03d", second, (int) (self->time_us / 1000 % 1000));
}

const char *
tw_row_arrow (const TwRow *self)
{
  return self->way > 0 ? "→ " : self->way < 0 ? "← " : "";
}

const char *
tw_lane_name (TwLane lane)
{
  static const char *const NAMES[TW_N_LANES] = { "Hand", "Wire", "Journal", "Ledger" };

  return NAMES[lane];
}
