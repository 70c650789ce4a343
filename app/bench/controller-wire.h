/* SPDX-License-Identifier: Apache-2.0 */
/* The line between station and power controller in words, as the controller sees it. Which lines are routine: questions
 * whose answer says what it said before. Main thread only.
 */
#pragma once

#include "app/bench/happenings.h"

typedef struct
{
  TwHappenings *happenings;   /* borrowed; NULL: nobody looks */
  guint         connector;
  char          question[24]; /* that has no answer yet, without checks; "": none */
  char          state[4];     /* last told, two hex digits */
  gboolean      silent;       /* the last question was left without an answer, and that was told */
} TwControllerWire;

/* A TwVirtualRapiTrace; user_data: TwControllerWire. */
void tw_controller_wire_line (gboolean from_station, const char *line, gpointer user_data);
