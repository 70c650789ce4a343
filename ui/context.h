/* SPDX-License-Identifier: Apache-2.0 */
/* What all screens share: what a finger can cause, and the receipts that were asked for. The screens decide nothing: a
 * finger becomes a verb, and what the verb did comes back as another view. Main thread only.
 */
#pragma once

#include "ui/receipts.h"

typedef struct
{
  /* connector: its number. */
  void (*choose)       (guint connector, const char *language, gpointer user_data);
  void (*accept)       (gpointer user_data);
  /* Another offer: kind and value as on the bus. */
  void (*set_goal)     (const char *kind, gint64 value, gpointer user_data);
  void (*cancel)       (gpointer user_data);
  void (*stop)         (guint connector, gpointer user_data);
  void (*dismiss)      (guint connector, gpointer user_data);
  void (*set_language) (guint connector, const char *language, gpointer user_data);   /* 0: the counter */
  /* format: json, qr. Answers once, at once or later; not after the window is gone. */
  void (*receipt)      (const char *session, const char *format, const char *language, TwReceiptCame came,
                        gpointer came_data, gpointer user_data);
  /* The kiosk's own: text size and theme. */
  void (*switch_text)  (gpointer user_data);
  void (*switch_theme) (gpointer user_data);
  /* A finger or a key, whatever came of it. */
  void (*touched)      (gpointer user_data);
  /* The window has another size than before. */
  void (*resized)      (int width, int height, gpointer user_data);
} TwDeeds;

typedef struct
{
  const TwDeeds *deeds;
  gpointer       user_data;             /* of the deeds */
  TwReceipts    *receipts;
  void         (*explain) (guint connector, gpointer explainer);   /* 0: no more */
  void         (*choose_goal) (gboolean begin, gpointer explainer);   /* FALSE: no more */
  gpointer       explainer;
} TwContext;
