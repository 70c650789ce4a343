/* SPDX-License-Identifier: Apache-2.0 */
/* The running station in words, for people. */
#pragma once

#include "app/bus/client.h"

/* client: refreshed. now_boot_us: to tell how long deadlines are away. */
char *tw_status_text (TwBusClient *client, gint64 now_boot_us);
