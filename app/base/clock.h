/* SPDX-License-Identifier: Apache-2.0 */
/* Time, as the station sees it: four facts, because no single one survives everything.
 *
 * Deadlines and billed durations use boot time, which nobody can set. Wall time is for people, for tariffs
 * and for the payment service. Passed to constructors, so that a test or a simulator can own time.
 * Main thread only, except tw_clock_now(), which any thread may call on the system clock.
 */
#pragma once

#include <glib.h>

typedef struct
{
  gint64   wall_us;      /* UTC, microseconds since 1970 */
  gint64   boot_us;      /* CLOCK_BOOTTIME, microseconds */
  guint8   boot_id[16];  /* which boot; boot_us compares only within one */
  gboolean synced;       /* the wall clock was trusted at that moment */
} TwInstant;

typedef struct _TwClock TwClock;

typedef struct
{
  TwInstant (*now)    (gpointer data);
  guint     (*after)  (gpointer data, gint64 delay_ms, GSourceFunc func, gpointer user_data);
  void      (*cancel) (gpointer data, guint id);
  void      (*free)   (gpointer data);
} TwClockFuncs;

/* trust: TRUE takes the wall clock as synchronised without asking the kernel (adjtimex(2)). */
TwClock  *tw_clock_new_system (gboolean trust);
TwClock  *tw_clock_new (const TwClockFuncs *funcs, gpointer data);
void      tw_clock_free (TwClock *self);

TwInstant tw_clock_now (TwClock *self);

/* Calls func once, delay_ms of boot time from now, on the default main context; its return value does not
 * matter. Returns an id for tw_clock_cancel(), never 0; cancelling an id that has fired is a bug. */
guint     tw_clock_after (TwClock *self, gint64 delay_ms, GSourceFunc func, gpointer user_data);
void      tw_clock_cancel (TwClock *self, guint id);

/* Microseconds from a to b that may be billed or waited for: boot time within one boot; across boots the wall
 * difference if both ends were synchronised and it is not negative; otherwise 0. */
gint64    tw_instant_elapsed_us (const TwInstant *a, const TwInstant *b);

/* ISO 8601 UTC with milliseconds, "2026-11-22T10:15:30.123Z". */
char     *tw_instant_to_text (const TwInstant *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwClock, tw_clock_free)
