/* SPDX-License-Identifier: Apache-2.0 */
/* All that is told, as text. Main thread only. */
#pragma once

#include "app/metrics/metrics.h"
#include "app/metrics/tally.h"

typedef struct
{
  const TwConfig *config;
  TwClock        *clock;
  TwJournal      *journal;
  TwStation      *station;
  const TwTally  *tally;
  TwIsUp          reader_is_up;   /* NULL: there is no reader */
  gpointer        reader;
  gint64          started_us;     /* wall time */
} TwPage;

GBytes *tw_page_write (const TwPage *self, TwDialect dialect);
