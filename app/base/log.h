/* SPDX-License-Identifier: Apache-2.0 */
/* Structured logs: to the journal when systemd started us, else one readable line on stderr. Fields besides
 * the message: session, port, state. Nothing that identifies a card except its last four digits may be logged:
 * that is the caller's duty, and a test searches for it. Any thread.
 *
 *   tw_log_info ("session %s: hold approved", session);
 *   tw_log_session (G_LOG_LEVEL_WARNING, session, "capture %s unanswered", key);
 */
#pragma once

#include <glib.h>

/* verbose: debug messages too. program: put before each line on stderr. */
void tw_log_init (const char *program, gboolean verbose);

#define tw_log_debug(...)   g_debug (__VA_ARGS__)
#define tw_log_info(...)    g_info (__VA_ARGS__)
#define tw_log_warning(...) g_warning (__VA_ARGS__)

#define tw_log_session(level, session, ...) \
  g_log_structured (G_LOG_DOMAIN, level, "TAPWATT_SESSION", (session) ? (session) : "", "MESSAGE", __VA_ARGS__)
