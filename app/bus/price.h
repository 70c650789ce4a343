/* SPDX-License-Identifier: Apache-2.0 */
/* Prices as the bus says them. Comes with bus.h. */
#pragma once

#include <glib.h>

/* One price, and when it holds: conditions that are "" or 0 are not there. from, until: local time, "22:00". min_,
 * max_: what the session itself has come to (minimum inclusive, maximum not). */
typedef struct
{
  const char *kind, *price, *gross_price, *tax_percent;   /* price "": nothing is due for the kind */
  gint64      step;
  gboolean    now;                                        /* who begins now pays it */
  gboolean    rest;                                       /* ... and whenever none of the kind's others holds */
  gboolean    loose;                                      /* may hold within the bounds, and so may others */
  gboolean    unknown;                                    /* holds while nobody knows the power or the current */
  const char *from, *until;
  gint64      from_wall_us, until_wall_us;                /* the same instants */
  gint64      min_wh, max_wh, min_ms, max_ms, min_w, max_w, min_ma, max_ma;
} TwBusPrice;

/* What the running session costs next: from an instant, from an amount of energy, or once the car is full. */
typedef struct
{
  const char *kind, *gross_price;
  gint64      at_boot_us, at_wh;
  gboolean    after_charging;
  gint64      grace_ms;                    /* a full car stands for free so long before it */
  const char *at;                          /* local time, "14:35"; "": not within a day */
} TwBusNextPrice;
