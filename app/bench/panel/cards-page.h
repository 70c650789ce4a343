/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet: every card of the street to tap and to hold. */
#pragma once

#include "app/bench/panel/desk.h"

typedef struct _TwCardsPage TwCardsPage;

TwCardsPage *tw_cards_page_new (TwDesk *desk);
void         tw_cards_page_free (TwCardsPage *self);
GtkWidget   *tw_cards_page_widget (TwCardsPage *self);
/* The street is there: asks it which cards there are. */
void         tw_cards_page_fill (TwCardsPage *self);
void         tw_cards_page_update (TwCardsPage *self, const TwJson *state);
/* "Visa, approved"; the name itself if nobody knows it. Valid until the next fill. */
const char  *tw_cards_page_title (TwCardsPage *self, const char *name);
