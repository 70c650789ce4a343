/* SPDX-License-Identifier: Apache-2.0 */
/* Which tariff is in force where and when: those that the operator has activated, in the order in which they come into
 * force, and behind them the configured one. The latest that has come into force and is valid wins, whether it was
 * meant for one connector or for all. What is over keeps its own: an offer locks what it shows.
 */
#pragma once

#include "app/station/station.h"

typedef struct
{
  guint     connector;        /* 0: all */
  gint64    valid_from_us, activated_us;   /* wall time */
  gboolean  forced;
  char     *breaks;           /* when it is written: the rules that it breaks all the same; NULL: none */
  char     *hash;
  TwTariff *tariff;           /* NULL: not needed yet */
  gboolean  unusable;         /* it is not in the journal, or cannot be sold here any more */
} TwActivation;

void       tw_tariffs_init (TwStation *self);
void       tw_tariffs_clear (TwStation *self);
/* A "tariff-activated" entry of the journal. BAD_DATA: not understood. */
gboolean   tw_tariffs_replay (TwStation *self, const TwEntry *entry, GError **error);
/* Each second: has somebody set the clock? */
void       tw_tariffs_watch_clock (TwStation *self);
/* Puts in force at each connector what is due, and comes back when something may change. */
void       tw_tariffs_look (TwStation *self);
