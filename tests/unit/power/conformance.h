/* SPDX-License-Identifier: Apache-2.0 */
/* Does a driver survive its wire? One suite for every driver that is a switch and a meter on a serial line: a row says
 * how to open it and how its controller answers when all is well; the suite spoils the wire. Limits of time are the
 * suite's.
 */
#pragma once

#include "hw/power/meter.h"
#include "hw/power/power.h"
#include "tests/lib/scripted-port.h"

/* Milliseconds that every driver has to be opened with, so that the suite is quick. */
#define CONFORMANCE_ANSWER_MS 80
#define CONFORMANCE_POLL_MS   40
#define CONFORMANCE_LOST_MS   400
#define CONFORMANCE_REOPEN_MS 40
#define CONFORMANCE_READ_MS   350

/* What the controller at the far end is; the row's answer function reads and moves it. */
typedef struct
{
  gboolean on;            /* as commanded */
  guint    offered_a;
  gint64   session_ws;
  gint64   total_wh;
  guint    switched_on;   /* how often */
} ConformanceBox;

typedef struct
{
  const char *name;
  gpointer  (*open)   (const char *path, TwClock *clock, TwPower **power, TwMeter **meter);
  void      (*close)  (gpointer device);
  TwScriptedAnswer answer;                                /* user_data: the ConformanceBox */
  const char *(*unasked) (void);                          /* what it may say by itself; NULL: nothing */
  void      (*restart) (ConformanceBox *box);             /* comes up enabled, as some do */
  gsize       corrupt_from;                               /* first byte of an answer whose change must be noticed */
} ConformanceDriver;

void conformance_add (const ConformanceDriver *driver);
