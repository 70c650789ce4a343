/* SPDX-License-Identifier: Apache-2.0 */
/* The money of each session, wherever it is, until the answer is definite. */
#pragma once

#include "app/station/core.h"

void       tw_till_look (TwSession *session);
/* The request whose answer is owed: the claim's own, else a repair's. operation NULL: none. */
typedef struct { guint n; const char *operation, *key; gint64 amount_minor, age_us; gboolean in_doubt; } TwDue;
TwDue      tw_till_due (const TwSession *session);
/* Adds the request that the claim asks for to the batch, to be sent when it is durable. */
void       tw_till_intend (TwSession *session, TwWish wish, TwBatch *batch);
void       tw_till_forget_closed (TwStation *self);

/* repair.c: whoever waits for the session's nth request hears what the journal has of it by now. */
void       tw_repair_told (TwStation *self, const char *session, guint n);
void       tw_repair_clear (TwStation *self);   /* they hear that nobody knows */
