/* SPDX-License-Identifier: Apache-2.0 */
/* One thing that happened, as one row of the view: when, in which lane, what in words, and the line that a file keeps.
 * Knows no widget. Main thread only.
 */
#pragma once

#include <glib-object.h>

#include "app/base/json.h"
#include "payment/journal/entry.h"

typedef enum
{
  TW_LANE_HAND,       /* what somebody did to the street */
  TW_LANE_WIRE,
  TW_LANE_JOURNAL,
  TW_LANE_LEDGER,
  TW_N_LANES,
} TwLane;

#define TW_TYPE_ROW (tw_row_get_type ())
G_DECLARE_FINAL_TYPE (TwRow, tw_row, TW, ROW, GObject)

struct _TwRow
{
  GObject  parent_instance;
  gint64   time_us;       /* wall */
  guint64  number;        /* in its own stream: breaks ties */
  TwLane   lane;
  char    *source;        /* "reader", "controller 1", "acquirer", "journal", "ledger", "hand" */
  guint    connector;     /* of a controller's wire, or of an order to a car; 0: none */
  gboolean at_reader;     /* concerns the reader, and so whoever stands at the counter */
  int      way;           /* 1: from the station, -1: to it, 0: neither */
  gboolean routine, bad;  /* bad: something was refused, lost or not answered */
  char    *text;
  char    *own_session;   /* as the line itself says it; NULL */
  char    *session;       /* the same, or whose turn it was; NULL */
  char    *json;          /* one line, without its end */
};

/* A line of the street's stream; NULL: not one that is shown. */
TwRow *tw_row_from_line (const TwJson *line, const char *text);
TwRow *tw_row_from_entry (const TwEntry *entry);
/* Time, then lane, then number. */
int    tw_row_compare (const TwRow *a, const TwRow *b);
/* "16:29:55.161", local time. Free with g_free(). */
char  *tw_row_clock (const TwRow *self);
/* "-> ", "<- " or "". */
const char *tw_row_arrow (const TwRow *self);
const char *tw_lane_name (TwLane lane);
