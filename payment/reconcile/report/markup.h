/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile: what the pages for people are put together from. */
#pragma once

#include <glib.h>

/* printf, with what it is given escaped and its own text as it is. */
void tw_page_put (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);
void tw_page_put_money (GString *text, gint64 minor, const char *currency);   /* a cell */
/* "report.css", "report.js", "chart.js": as they are. */
void tw_page_put_resource (GString *text, const char *name);
