/* SPDX-License-Identifier: Apache-2.0 */
/* The weather between station and bank: what happens to requests, what the bank decides, whose clock is wrong. */
#pragma once

#include "app/bench/panel/desk.h"

typedef struct _TwNetworkPage TwNetworkPage;

TwNetworkPage *tw_network_page_new (TwDesk *desk);
void           tw_network_page_free (TwNetworkPage *self);
GtkWidget     *tw_network_page_widget (TwNetworkPage *self);
/* state: the acquirer's. */
void           tw_network_page_update (TwNetworkPage *self, const TwJson *state);
/* What is in force, in words; NULL: clear skies. Free with g_free(). */
char          *tw_weather_words (const TwJson *state);
