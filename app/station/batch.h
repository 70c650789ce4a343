/* SPDX-License-Identifier: Apache-2.0 */
/* One batch is one journal commit; what it allows happens when it is durable. Written by commit.c. */
#pragma once

#include "app/station/core.h"

typedef struct _TwBatch TwBatch;
typedef void (*TwDurable) (TwStation *self, const char *session, guint index);
TwBatch   *tw_batch_new (TwStation *self);
/* Applied to the session's record at once; written when submitted. payload is taken over. */
void       tw_batch_add (TwBatch *batch, const char *session, const char *kind, GBytes *payload);
void       tw_batch_add_blob (TwBatch *batch, GBytes *bytes);
void       tw_batch_then (TwBatch *batch, TwDurable func, const char *session, guint index);
void       tw_batch_submit (TwBatch *batch);
void       tw_batches_clear (TwStation *self);
