/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/bar.h"

#include <stdio.h>

#define WIDTH 30
#define AFTER 50    /* the rest of the line */

void
tw_bar_draw (guint       done_e4,
             const char *what)
{
  guint filled = MIN (done_e4, 10000) * WIDTH / 10000;

  fprintf (stderr, "\r  [%.*s%*s] %3u %%  %s", (int) filled, "##############################",
           (int) (WIDTH - filled), "", MIN (done_e4, 10000) / 100, what);
  fflush (stderr);
}

void
tw_bar_clear (void)
{
  fprintf (stderr, "\r%*s\r", WIDTH + AFTER, "");
  fflush (stderr);
}
