/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/clock.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

struct _TwClock
{
  TwClockFuncs funcs;
  gpointer     data;
};

typedef struct
{
  guint8   boot_id[16];
  gboolean trust;
} SystemClock;

/* A system deadline: its own timerfd, because GLib's timeouts count CLOCK_MONOTONIC, which stops in suspend. */
typedef struct
{
  int         fd; /* -1: none to be had */
  GSourceFunc func;
  gpointer    user_data;
} Alarm;

static gint64
clock_us (clockid_t id)
{
  struct timespec now;

  if (clock_gettime (id, &now) != 0)
    g_error ("clock_gettime: the kernel has no clock %d", (int) id);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* adjtimex(2): STA_UNSYNC is cleared by an NTP daemon, and set again 16 s of estimated error later. */
static gboolean
kernel_is_synced (void)
{
  struct timex timex = { 0 };

  return adjtimex (&timex) != TIME_ERROR && !(timex.status & STA_UNSYNC);
}

static TwInstant
system_now (gpointer data)
{
  SystemClock *self = data;
  TwInstant now = { .wall_us = clock_us (CLOCK_REALTIME), .boot_us = clock_us (CLOCK_BOOTTIME) };

  memcpy (now.boot_id, self->boot_id, sizeof now.boot_id);
  now.synced = self->trust || kernel_is_synced ();

  return now;
}

static void
alarm_free (gpointer data)
{
  Alarm *self = data;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static gboolean
on_alarm (gpointer data)
{
  Alarm *self = data;

  self->func (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_alarm_fd (int          fd,
             GIOCondition condition,
             gpointer     data)
{
  return on_alarm (data);
}

static guint
system_after (gpointer    data,
              gint64      delay_ms,
              GSourceFunc func,
              gpointer    user_data)
{
  Alarm *alarm = g_new (Alarm, 1);
  struct itimerspec when = { 0 };

  delay_ms = MAX (delay_ms, 0);
  when.it_value.tv_sec = delay_ms / 1000;
  when.it_value.tv_nsec = delay_ms % 1000 * 1000000 + 1; /* 0 would disarm it: timerfd_settime(2) */
  *alarm = (Alarm) { timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK), func, user_data };

  if (alarm->fd >= 0 && timerfd_settime (alarm->fd, 0, &when, NULL) == 0)
    return g_unix_fd_add_full (G_PRIORITY_DEFAULT, alarm->fd, G_IO_IN, on_alarm_fd, alarm, alarm_free);

  /* Out of file descriptors: a deadline that counts awake time only is better than none. */
  return g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) MIN (delay_ms, G_MAXUINT), on_alarm, alarm, alarm_free);
}

static void
system_cancel (gpointer data,
               guint    id)
{
  g_source_remove (id);
}

/* proc(5): random/boot_id is a UUID made once a boot. Without /proc each start counts as a boot of its own,
 * which bills too little and never too much. */
static void
read_boot_id (guint8 boot_id[16])
{
  g_autofree char *text = NULL;
  gsize n = 0;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL) || strlen (text) < 36)
    {
      g_free (text);
      text = g_uuid_string_random ();
    }
  for (const char *c = text; *c != '\0' && n < 32; c++)
    if (g_ascii_isxdigit (*c))
      {
        boot_id[n / 2] = boot_id[n / 2] << 4 | g_ascii_xdigit_value (*c);
        n++;
      }
}

TwClock *
tw_clock_new_system (gboolean trust)
{
  static const TwClockFuncs funcs = { system_now, system_after, system_cancel, g_free };
  SystemClock *data = g_new0 (SystemClock, 1);

  data->trust = trust;
  read_boot_id (data->boot_id);

  return tw_clock_new (&funcs, data);
}

TwClock *
tw_clock_new (const TwClockFuncs *funcs,
              gpointer            data)
{
  TwClock *self = g_new (TwClock, 1);

  *self = (TwClock) { *funcs, data };
  return self;
}

void
tw_clock_free (TwClock *self)
{
  if (self == NULL)
    return;

  if (self->funcs.free)
    self->funcs.free (self->data);
  g_free (self);
}

TwInstant
tw_clock_now (TwClock *self)
{
  return self->funcs.now (self->data);
}

guint
tw_clock_after (TwClock     *self,
                gint64       delay_ms,
                GSourceFunc  func,
                gpointer     user_data)
{
  return self->funcs.after (self->data, delay_ms, func, user_data);
}

void
tw_clock_cancel (TwClock *self,
                 guint    id)
{
  self->funcs.cancel (self->data, id);
}

gint64
tw_instant_elapsed_us (const TwInstant *a,
                       const TwInstant *b)
{
  gboolean same_boot = memcmp (a->boot_id, b->boot_id, sizeof a->boot_id) == 0;
  gint64 us;

  if (!same_boot && !(a->synced && b->synced))
    return 0;
  /* Instants come from files, too: a difference that no clock can have made is no time. */
  if (same_boot ? __builtin_sub_overflow (b->boot_us, a->boot_us, &us)
                : __builtin_sub_overflow (b->wall_us, a->wall_us, &us))
    return 0;

  return MAX (us, 0);
}

char *
tw_instant_to_text (const TwInstant *self)
{
  gint64 us = self->wall_us % G_USEC_PER_SEC;
  gint64 s = self->wall_us / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *seconds = NULL;

  if (us < 0)
    {
      us += G_USEC_PER_SEC;
      s--;
    }
  time = g_date_time_new_from_unix_utc (s);
  if (time == NULL) /* outside the years 1 to 9999: visibly no time, rather than a wrong one */
    return g_strdup ("####-##-##T##:##:##.###Z");

  seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%03dZ", seconds, (int) (us / 1000));
}
