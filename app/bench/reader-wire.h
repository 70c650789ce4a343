/* SPDX-License-Identifier: Apache-2.0 */
/* The line between station and PN532 in words, as the board sees it: commands, what became of the field, APDUs by name.
 * Of what a card says, only its length and status word get out; of its UID, the last two bytes. Main thread only.
 */
#pragma once

#include "app/bench/happenings.h"

typedef struct
{
  TwHappenings *happenings;   /* borrowed; NULL: nobody looks */
  gboolean      card_there;   /* by the board's last word */
} TwReaderWire;

/* A TwPn532TraceFunc; user_data: TwReaderWire. The frames must not be redacted: names of APDUs are read here. */
void tw_reader_wire_frame (gboolean from_host, const guint8 *frame, gsize n, gpointer user_data);
