/* SPDX-License-Identifier: Apache-2.0 */
/* What pages for people are put together from: text whose every foreign part is escaped, and the styles, scripts and
 * the charts' library that go into the page itself, so that it asks nobody. Pure. Any thread.
 */
#pragma once

#include <glib.h>

/* printf, with what it is given escaped and its own text as it is. */
void tw_page_put (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* "report.css", "report.js", "figures.css", "figures.js", "chart.js": as they are. */
void tw_page_put_resource (GString *text, const char *name);
