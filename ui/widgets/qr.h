/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code: black on white with its quiet zone in every theme, in whole pixels. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#define TW_TYPE_QR (tw_qr_get_type ())
G_DECLARE_FINAL_TYPE (TwQr, tw_qr, TW, QR, GtkWidget)

GtkWidget *tw_qr_new (const char *name);
/* NULL, "" or too much for a code: nothing is there. dpi: of the glass. */
void       tw_qr_set (TwQr *self, const char *text, guint dpi);
