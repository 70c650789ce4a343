/* SPDX-License-Identifier: Apache-2.0 */
/* Names that come again and again in rows (a station with its EVSE, a payout with its account), each with a number, so
 * that a row in short has the number alone. A name is a few texts; all of them stay in memory.
 */
#pragma once

#include "payment/reconcile/hash.h"

#define TW_NAME_TEXTS 6              /* at most, of one name */
#define TW_NAME_MOST 256             /* bytes, with the lengths of its texts */
#define TW_NO_NAME G_MAXUINT32

typedef struct { GMutex lock; GHashTable *names; GPtrArray *all; gsize n_bytes, most; } TwRegister;

/* most: bytes; what does not fit has no number. */
void    tw_register_init (TwRegister *self, gsize most);
void    tw_register_clear (TwRegister *self);
guint32 tw_register_n (const TwRegister *self);
/* No more names may come while this is asked. */
void    tw_register_texts (const TwRegister *self, guint32 number, TwChars texts[TW_NAME_TEXTS]);

/* One thread's way in: what it asked before it knows by itself. */
typedef struct { TwRegister *names; struct _TwKnownName *known; guint32 n, size; } TwRegistrar;

/* A name as it is asked for: first told, and the answer fetched a little later, when memory has brought it. */
typedef struct { guint64 hash; guint32 number; guint16 n_bytes, n_texts; char bytes[TW_NAME_MOST]; } TwAskedName;

void    tw_registrar_clear (TwRegistrar *self);
void    tw_registrar_ask (TwRegistrar *self, TwAskedName *asked, const TwChars *texts, guint n);
guint32 tw_registrar_number (TwRegistrar *self, const TwAskedName *asked);
