/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/virtual-clock.h"

typedef struct
{
  guint       id;
  gint64      due_us; /* boot time */
  GSourceFunc func;
  gpointer    user_data;
} Deadline;

struct _TwVirtualClock
{
  TwClock   *clock;
  TwInstant  now;
  GArray    *deadlines; /* of Deadline, in the order in which they were asked for */
  guint      last_id;
};

static TwInstant
virtual_now (gpointer data)
{
  TwVirtualClock *self = data;

  return self->now;
}

static guint
virtual_after (gpointer    data,
               gint64      delay_ms,
               GSourceFunc func,
               gpointer    user_data)
{
  TwVirtualClock *self = data;
  Deadline deadline = { ++self->last_id, self->now.boot_us + MAX (delay_ms, 0) * 1000, func, user_data };

  g_array_append_val (self->deadlines, deadline);
  return deadline.id;
}

static void
virtual_cancel (gpointer data,
                guint    id)
{
  TwVirtualClock *self = data;

  for (guint i = 0; i < self->deadlines->len; i++)
    if (g_array_index (self->deadlines, Deadline, i).id == id)
      {
        g_array_remove_index (self->deadlines, i);
        return;
      }
  g_error ("deadline %u is cancelled, but it has fired, or never was", id);
}

static gboolean
find_next (TwVirtualClock *self,
           guint          *index)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < self->deadlines->len; i++)
    if (g_array_index (self->deadlines, Deadline, i).due_us < next_us)
      {
        next_us = g_array_index (self->deadlines, Deadline, i).due_us;
        *index = i;
      }

  return self->deadlines->len > 0;
}

static void
go_to (TwVirtualClock *self,
       gint64          boot_us)
{
  self->now.wall_us += boot_us - self->now.boot_us;
  self->now.boot_us = boot_us;
}

TwVirtualClock *
tw_virtual_clock_new (void)
{
  static const TwClockFuncs funcs = { virtual_now, virtual_after, virtual_cancel, NULL };
  TwVirtualClock *self = g_new0 (TwVirtualClock, 1);

  self->now.wall_us = 1795342530 * (gint64) G_USEC_PER_SEC; /* date -u -d 2026-11-22T10:15:30Z +%s */
  self->now.boot_us = 1000 * (gint64) G_USEC_PER_SEC;
  self->now.boot_id[0] = 1;
  self->now.synced = TRUE;
  self->deadlines = g_array_new (FALSE, FALSE, sizeof (Deadline));
  self->clock = tw_clock_new (&funcs, self);

  return self;
}

void
tw_virtual_clock_free (TwVirtualClock *self)
{
  if (self == NULL)
    return;

  tw_clock_free (self->clock);
  g_array_unref (self->deadlines);
  g_free (self);
}

TwClock *
tw_virtual_clock_clock (TwVirtualClock *self)
{
  return self->clock;
}

void
tw_virtual_clock_advance (TwVirtualClock *self,
                          gint64          ms)
{
  gint64 until_us = self->now.boot_us + ms * 1000;
  guint next = 0;

  g_assert (ms >= 0);
  while (find_next (self, &next) && g_array_index (self->deadlines, Deadline, next).due_us <= until_us)
    {
      Deadline due = g_array_index (self->deadlines, Deadline, next);

      g_array_remove_index (self->deadlines, next);
      go_to (self, MAX (due.due_us, self->now.boot_us));
      due.func (due.user_data);
    }
  go_to (self, until_us);
}

void
tw_virtual_clock_step_wall (TwVirtualClock *self,
                            gint64          us)
{
  self->now.wall_us += us;
}

void
tw_virtual_clock_set_synced (TwVirtualClock *self,
                             gboolean        synced)
{
  self->now.synced = synced;
}

void
tw_virtual_clock_reboot (TwVirtualClock *self,
                         gint64          gap_ms)
{
  self->now.boot_id[0]++;
  self->now.boot_us = 0;
  self->now.wall_us += gap_ms * 1000;
  g_array_set_size (self->deadlines, 0);
}

guint
tw_virtual_clock_pending (TwVirtualClock *self)
{
  return self->deadlines->len;
}

gint64
tw_virtual_clock_next_ms (TwVirtualClock *self)
{
  guint next = 0;

  if (!find_next (self, &next))
    return -1;

  return (g_array_index (self->deadlines, Deadline, next).due_us - self->now.boot_us + 999) / 1000;
}
