/* SPDX-License-Identifier: Apache-2.0 */
/* The faults that a virtual PN532 has been given, and what they make of its replies. One thread. */
#pragma once

#include "hw/virtual/pn532-chip.h"

typedef struct _TwPn532Spoiler TwPn532Spoiler;

TwPn532Spoiler *tw_pn532_spoiler_new (void);
void            tw_pn532_spoiler_free (TwPn532Spoiler *self);
void            tw_pn532_spoiler_add (TwPn532Spoiler *self, const TwPn532Fault *fault);
void            tw_pn532_spoiler_clear (TwPn532Spoiler *self);

/* A command has come: decides which faults befall it, until the next one comes. */
void            tw_pn532_spoiler_strike (TwPn532Spoiler *self, guint8 command);
gboolean        tw_pn532_spoiler_has (TwPn532Spoiler *self, TwPn532FaultKind kind);
guint           tw_pn532_spoiler_argument (TwPn532Spoiler *self, TwPn532FaultKind kind, guint otherwise);

/* The reply as it goes out: answer is code and data, and may be changed. */
void            tw_pn532_spoiler_make_frame (TwPn532Spoiler *self, TwPn532Verdict verdict, GByteArray *answer,
                                             GByteArray *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPn532Spoiler, tw_pn532_spoiler_free)
