/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be seen and done at one connector: a function of its bay. One kind of panel a file. Main thread only.
 */
#pragma once

#include "ui/context.h"
#include "ui/view.h"

#include <gtk/gtk.h>

typedef struct _TwPanel TwPanel;

/* Embedded as the first member; freed with its root. */
struct _TwPanel
{
  GtkWidget *root;       /* its name is the panel's */
  GtkWidget *main;       /* what one most likely wants to press, and may without harm: gets the focus; NULL: nothing */
  void     (*update) (TwPanel *self, const TwView *view, guint i);
  gboolean (*escape) (TwPanel *self);                               /* NULL: nothing to take back */
};

/* connector: its number. */
TwPanel *tw_free_panel_new      (const TwContext *context, guint connector);
TwPanel *tw_plug_in_panel_new   (const TwContext *context, guint connector);
TwPanel *tw_charging_panel_new  (const TwContext *context, guint connector);   /* also paused */
TwPanel *tw_finishing_panel_new (const TwContext *context, guint connector);
TwPanel *tw_receipt_panel_new   (const TwContext *context, guint connector);
TwPanel *tw_fault_panel_new     (const TwContext *context, guint connector);
/* Any kind in one line, for a station with more than two connectors. */
TwPanel *tw_row_panel_new       (const TwContext *context, guint connector, TwPanelKind kind);

/* Hands the struct to its root. */
TwPanel *tw_panel_bind (TwPanel *self);

/* Halves side by side where one connector has all of a landscape screen. */
void tw_panel_turn (TwPanel *self, const TwView *view);
/* "Charging", "Ready to start" ..., and its icon. */
const char *tw_panel_words (const TwView *view, guint i);

/* A button that lets this connector speak the next language. */
GtkWidget *tw_panel_language_new (const TwContext *context, guint connector);
/* bare: no room for the globe. */
void       tw_panel_language_set (GtkWidget *button, const char *language, gboolean bare);
