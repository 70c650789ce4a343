/* SPDX-License-Identifier: Apache-2.0 */
/* How long a screen takes to answer a finger, seen from outside: presses at a place (XTest), and waits until the
 * display is drawn upon (XDamage). A line "<microseconds from the press to the first change>" for each press; -1:
 * nothing changed within a second.
 *
 *   DISPLAY=... ui-touch X Y TIMES      the finger leaves the button before it lets go: nothing is done by it
 */
#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define A_SECOND 1000000
#define QUIET 150000           /* without a change for so long, what went before is over */

static long
now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

/* The time of the next change; 0: none before the deadline. */
static long
next_change (Display *display,
             Damage   damage,
             long     deadline_us)
{
  for (;;)
    {
      struct pollfd wait = { ConnectionNumber (display), POLLIN, 0 };
      long left_us = deadline_us - now_us ();

      if (XPending (display) > 0)
        {
          XEvent event;

          XNextEvent (display, &event);
          XDamageSubtract (display, damage, None, None);
          XFlush (display);
          return now_us ();
        }
      if (left_us <= 0)
        return 0;
      poll (&wait, 1, (int) (left_us / 1000) + 1);
    }
}

static void
wait_quiet (Display *display,
            Damage   damage)
{
  while (next_change (display, damage, now_us () + QUIET) != 0)
    ;
}

static void
press (Display *display,
       Damage   damage,
       int      x,
       int      y)
{
  long began_us, changed_us;

  XTestFakeMotionEvent (display, -1, x, y, 0);
  XFlush (display);
  wait_quiet (display, damage);      /* what the pointer's coming changes is not the press */
  began_us = now_us ();
  XTestFakeButtonEvent (display, 1, True, 0);
  XFlush (display);
  changed_us = next_change (display, damage, began_us + A_SECOND);
  printf ("%ld\n", changed_us == 0 ? -1 : changed_us - began_us);
  XTestFakeMotionEvent (display, -1, 0, 0, 0);
  XTestFakeButtonEvent (display, 1, False, 0);
  XFlush (display);
  wait_quiet (display, damage);
}

int
main (int    argc,
      char **argv)
{
  Display *display = XOpenDisplay (NULL);
  int event, error, x, y, times;
  Damage damage;

  if (display == NULL || argc != 4 || !XDamageQueryExtension (display, &event, &error))
    {
      fprintf (stderr, "ui-touch X Y TIMES, on a display with XTest and XDamage\n");
      return 2;
    }
  x = (int) strtol (argv[1], NULL, 10);
  y = (int) strtol (argv[2], NULL, 10);
  times = (int) strtol (argv[3], NULL, 10);
  damage = XDamageCreate (display, DefaultRootWindow (display), XDamageReportNonEmpty);
  for (int i = 0; i < times; i++)
    press (display, damage, x, y);
  XDamageDestroy (display, damage);
  XCloseDisplay (display);
  return 0;
}
