/* SPDX-License-Identifier: Apache-2.0 */
/* A whole screen: a function of the view. One a file. Main thread only.
 */
#pragma once

#include "ui/context.h"
#include "ui/view.h"

#include <gtk/gtk.h>

typedef struct _TwScreen TwScreen;

/* Embedded as the first member; freed with its root. */
struct _TwScreen
{
  GtkWidget *root;       /* its name is the screen's */
  void       (*update) (TwScreen *self, const TwView *view);
  GtkWidget *(*main)   (TwScreen *self);     /* gets the focus; NULL, or gives NULL: nothing */
  gboolean   (*escape) (TwScreen *self);     /* TRUE: something was taken back; NULL: nothing to take back */
};

TwScreen *tw_home_screen_new        (const TwContext *context);
TwScreen *tw_offer_screen_new       (const TwContext *context);
TwScreen *tw_present_screen_new     (const TwContext *context);
TwScreen *tw_authorizing_screen_new (const TwContext *context);
TwScreen *tw_outcome_screen_new     (const TwContext *context);
TwScreen *tw_closed_screen_new      (const TwContext *context);
TwScreen *tw_lost_screen_new        (const TwContext *context);
/* "Explain this amount": how the bill of one connector came about. Not a state of the station. */
TwScreen *tw_explain_screen_new     (const TwContext *context);
void      tw_explain_screen_choose  (TwScreen *explain, guint connector);

/* How much to charge. Not a state of the station, either. */
TwScreen *tw_goals_screen_new       (const TwContext *context);

/* Hands the struct to its root. */
TwScreen *tw_screen_bind (TwScreen *self);
/* Two halves: side by side, or stacked in portrait. */
void      tw_screen_turn (GtkWidget *box, const TwView *view);
