/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/view.h"

#include <string.h>

static const char *const screen_names[TW_N_SCREENS] = {
  [TW_SCREEN_LOST] = "lost", [TW_SCREEN_CLOSED] = "closed", [TW_SCREEN_HOME] = "home", [TW_SCREEN_OFFER] = "offer",
  [TW_SCREEN_PRESENT] = "present", [TW_SCREEN_AUTHORIZING] = "authorizing", [TW_SCREEN_OUTCOME] = "outcome",
};

static const char *const panel_names[TW_N_PANELS] = {
  [TW_PANEL_FREE] = "free", [TW_PANEL_PLUG_IN] = "plug-in", [TW_PANEL_CHARGING] = "charging",
  [TW_PANEL_PAUSED] = "paused", [TW_PANEL_FINISHING] = "finishing", [TW_PANEL_RECEIPT] = "receipt",
  [TW_PANEL_FAULT] = "fault",
};

/* What the bus says, and what we show for it. */
static const struct { const char *state; TwScreenKind screen; } counters[] = {
  { "welcome", TW_SCREEN_HOME }, { "offer", TW_SCREEN_OFFER }, { "asking", TW_SCREEN_PRESENT },
  { "authorizing", TW_SCREEN_AUTHORIZING }, { "outcome", TW_SCREEN_OUTCOME }, { "closed", TW_SCREEN_CLOSED },
};

static const struct { const char *state; TwPanelKind panel; } bays[] = {
  { "free", TW_PANEL_FREE }, { "armed", TW_PANEL_PLUG_IN }, { "charging", TW_PANEL_CHARGING },
  { "paused", TW_PANEL_PAUSED }, { "finishing", TW_PANEL_FINISHING }, { "settling", TW_PANEL_FINISHING },
  { "fault", TW_PANEL_FAULT },
};

const char *
tw_screen_name (TwScreenKind kind)
{
  return screen_names[kind];
}

const char *
tw_panel_name (TwPanelKind kind)
{
  return panel_names[kind];
}

static gboolean
is_said (const char *text)
{
  return text != NULL && text[0] != '\0';
}

TwScreenKind
tw_view_screen (const TwView *self)
{
  if (!self->present)
    return TW_SCREEN_LOST;
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    if (g_strcmp0 (counters[i].state, self->counter.state) == 0)
      return counters[i].screen;

  return TW_SCREEN_LOST;
}

static gboolean
owes_receipt (const TwView *self,
              guint         i)
{
  const TwBusConnector *bay = &self->connectors[i];

  return is_said (bay->last_session) && bay->receipt_until_boot_us > self->now_boot_us;
}

TwPanelKind
tw_view_panel (const TwView *self,
               guint         i)
{
  TwPanelKind kind = TW_PANEL_FAULT;

  for (guint k = 0; k < G_N_ELEMENTS (bays); k++)
    if (g_strcmp0 (bays[k].state, self->connectors[i].state) == 0)
      kind = bays[k].panel;
  /* Whoever paid gets the receipt, also where a fault ended it. */
  if ((kind == TW_PANEL_FREE || kind == TW_PANEL_FAULT) && owes_receipt (self, i))
    return TW_PANEL_RECEIPT;

  /* Nothing is sold at this one: why stands where else a fault stands. */
  return kind == TW_PANEL_FREE && is_said (self->connectors[i].closed_why) ? TW_PANEL_FAULT : kind;
}

gboolean
tw_view_is_busy (const TwView *self)
{
  TwScreenKind screen = tw_view_screen (self);

  return screen == TW_SCREEN_OFFER || screen == TW_SCREEN_PRESENT || screen == TW_SCREEN_AUTHORIZING
    || screen == TW_SCREEN_OUTCOME;
}

const char *
tw_view_banner (const TwView *self)
{
  if (tw_view_screen (self) != TW_SCREEN_HOME)
    return NULL;
  if (is_said (self->notice))
    return self->notice;

  return is_said (self->counter.prompt) ? self->counter.prompt : NULL;
}

gboolean
tw_view_is_cramped (const TwView *self)
{
  return self->form.small && self->form.large_text;
}

gboolean
tw_view_is_tight (const TwView *self)
{
  return self->form.small && (self->form.large_text || self->station.test_mode || tw_view_banner (self) != NULL);
}

const TwBusConnector *
tw_view_offered (const TwView *self)
{
  for (guint i = 0; i < self->n_connectors; i++)
    if (self->counter.connector != 0 && self->connectors[i].number == self->counter.connector)
      return &self->connectors[i];

  return NULL;
}

gboolean
tw_view_runs (const TwView *self,
              guint         i)
{
  TwPanelKind panel = tw_view_panel (self, i);

  return panel == TW_PANEL_PLUG_IN || panel == TW_PANEL_CHARGING || panel == TW_PANEL_PAUSED
    || panel == TW_PANEL_FINISHING;
}

const char *
tw_view_bill (const TwView *self,
              guint         i)
{
  TwPanelKind panel = tw_view_panel (self, i);
  const char *session = panel == TW_PANEL_RECEIPT ? self->connectors[i].last_session
    : panel == TW_PANEL_CHARGING || panel == TW_PANEL_PAUSED || panel == TW_PANEL_FINISHING
    ? self->connectors[i].session : NULL;

  return is_said (session) ? session : NULL;
}

const char *
tw_view_language (const TwView *self)
{
  if (is_said (self->counter.language))
    return self->counter.language;

  return is_said (self->language) ? self->language : "en";
}

const char *
tw_view_bay_language (const TwView *self,
                      guint         i)
{
  const char *language = self->connectors[i].language;

  return is_said (language) ? language : tw_view_language (self);
}

const char *
tw_view_helpline (const TwView *self)
{
  if (self->present && is_said (self->station.helpline))
    return self->station.helpline;

  return is_said (self->helpline) ? self->helpline : NULL;
}

gint64
tw_view_seconds_left (const TwView *self,
                      gint64        deadline_boot_us)
{
  gint64 left_us = deadline_boot_us - self->now_boot_us;

  if (deadline_boot_us <= 0 || left_us <= 0)
    return 0;
  return left_us / G_USEC_PER_SEC + (left_us % G_USEC_PER_SEC != 0);
}

static void
find_tick (const TwView *self,
           gint64        deadline_boot_us,
           gint64       *next_us)
{
  gint64 left_us = deadline_boot_us - self->now_boot_us;
  gint64 tick_us;

  if (deadline_boot_us <= 0 || left_us <= 0)
    return;
  tick_us = self->now_boot_us + (left_us - 1) % G_USEC_PER_SEC + 1;
  if (*next_us == 0 || tick_us < *next_us)
    *next_us = tick_us;
}

gint64
tw_view_next_tick_us (const TwView *self)
{
  gint64 next_us = 0;

  if (!self->present)
    return 0;
  find_tick (self, self->counter.deadline_boot_us, &next_us);
  for (guint i = 0; i < self->n_connectors; i++)
    {
      if (tw_view_panel (self, i) == TW_PANEL_PLUG_IN)
        find_tick (self, self->connectors[i].deadline_boot_us, &next_us);
      /* The receipt goes away by itself, to the second. */
      if (tw_view_panel (self, i) == TW_PANEL_RECEIPT)
        find_tick (self, self->connectors[i].receipt_until_boot_us, &next_us);
    }
  return next_us;
}
