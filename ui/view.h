/* SPDX-License-Identifier: Apache-2.0 */
/* What all screens are a function of: the values of one moment, and which screen and panels they ask for. Pure; keeps
 * nothing. Strings belong to whoever fills it in.
 */
#pragma once

#include "app/base/config.h"
#include "app/bus/bus.h"
#include "ui/form.h"

typedef enum { TW_READER_BELOW, TW_READER_ABOVE, TW_READER_LEFT, TW_READER_RIGHT } TwReaderPlace;

typedef struct
{
  gboolean       present;        /* there is a station; else all of it is empty */
  TwBusStation   station;
  TwBusCounter   counter;
  TwBusConnector connectors[TW_MAX_CONNECTORS];
  guint          n_connectors;
  gint64         now_boot_us;    /* CLOCK_BOOTTIME */
  TwForm         form;
  gboolean       dark;
  guint          explained;      /* connector whose amount is being explained; 0: none */
  gboolean       auto_accept;    /* the station asks for the card by itself: no button to pay */
  TwReaderPlace  reader;
  const char    *language;       /* where nobody said one */
  const char    *notice;         /* why a finger's wish was refused just now; a code, or NULL */
  const char    *helpline;       /* while there is no station to say it; NULL: not known */
} TwView;

typedef enum
{
  TW_SCREEN_LOST, TW_SCREEN_CLOSED, TW_SCREEN_HOME, TW_SCREEN_OFFER, TW_SCREEN_PRESENT, TW_SCREEN_AUTHORIZING,
  TW_SCREEN_OUTCOME,
} TwScreenKind;
#define TW_N_SCREENS (TW_SCREEN_OUTCOME + 1)

typedef enum
{
  TW_PANEL_FREE, TW_PANEL_PLUG_IN, TW_PANEL_CHARGING, TW_PANEL_PAUSED, TW_PANEL_FINISHING, TW_PANEL_RECEIPT,
  TW_PANEL_FAULT,
} TwPanelKind;
#define TW_N_PANELS (TW_PANEL_FAULT + 1)

/* A state of the counter that we do not know is "lost": better no word than a wrong one. */
TwScreenKind          tw_view_screen (const TwView *self);
const char           *tw_screen_name (TwScreenKind kind);
/* i: 0 .. n_connectors - 1. A state that we do not know is "fault": nothing is sold there. */
TwPanelKind           tw_view_panel (const TwView *self, guint i);
const char           *tw_panel_name (TwPanelKind kind);

/* Somebody is being served: from the offer to the outcome. */
gboolean              tw_view_is_busy (const TwView *self);
/* The connector that the counter is about; NULL: none. */
const TwBusConnector *tw_view_offered (const TwView *self);
/* There is little room: what is only nice to know is left out. */
gboolean              tw_view_is_tight (const TwView *self);
/* Large text on a small screen: nothing is said twice. */
gboolean              tw_view_is_cramped (const TwView *self);
/* What the start screen says about the last tap or touch, a code; NULL: nothing. */
const char           *tw_view_banner (const TwView *self);
/* A session runs here: it is shown wherever its driver may look, and can be stopped. */
gboolean              tw_view_runs (const TwView *self, guint i);

/* What can be explained there: the running session, or the one whose receipt is shown; NULL: nothing. */
const char           *tw_view_bill (const TwView *self, guint i);

/* Never NULL. */
const char           *tw_view_language (const TwView *self);
const char           *tw_view_bay_language (const TwView *self, guint i);
const char           *tw_view_helpline (const TwView *self);         /* NULL: not known */

/* Whole seconds until then, rounded up; 0: over, or no deadline. */
gint64                tw_view_seconds_left (const TwView *self, gint64 deadline_boot_us);
/* When the next second of a countdown begins; 0: nothing on the screen counts. */
gint64                tw_view_next_tick_us (const TwView *self);
