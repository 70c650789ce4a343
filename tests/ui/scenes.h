/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a station can say, as named scenes: each screen and each panel at least once, and what nobody wishes
 * for. Each knows which screen and panels it has to lead to. Values as on the bus; knows nothing of the kiosk's code.
 */
#pragma once

#include "app/base/config.h"
#include "app/bus/bus.h"

typedef struct
{
  const char    *name;
  const char    *screen;                      /* that has to be shown: its name, as in ui/view.h */
  const char    *panels[TW_MAX_CONNECTORS];   /* of each bay, as far as bays are shown in full */
  gboolean       present;                     /* FALSE: nobody is on the bus */
  gboolean       nasty;                       /* values from outside that no design foresees: may shrink and scroll */
  gboolean       many_bays;                   /* may scroll */
  gboolean       two_languages;
  TwBusStation   station;
  TwBusCounter   counter;
  TwBusConnector bays[TW_MAX_CONNECTORS];
  guint          n_bays;
} TwScene;

guint    tw_scenes_n (void);
/* The i-th, at that time. Everything in it lives for ever. */
void     tw_scene_make (guint i, const char *language, gint64 now_boot_us, TwScene *self);
/* FALSE: there is none of that name. */
gboolean tw_scene_find (const char *name, const char *language, gint64 now_boot_us, TwScene *self);
/* What the station answers when it is asked for the receipt of a scene's session; NULL: no such thing. */
char    *tw_scene_receipt (const char *session, const char *format, const char *language);
