/* SPDX-License-Identifier: Apache-2.0 */
/* A session in memory: its record, and its money request that is under way. The station's own. */
#pragma once

#include "app/station/station.h"

typedef struct
{
  TwStation *station;
  TwRecord  *record;
  TwTariff  *tariff;        /* the one locked at the offer */
  gboolean   sendable;      /* the open request is durable */
  gboolean   asking;        /* the acceptor has a request of ours */
  guint      attempts;      /* without a definite answer, since start */
  guint      timer;         /* until the next attempt; 0: none */
  gint64     next_boot_us;
} TwSession;

TwSession *tw_session_new (TwStation *self, TwRecord *record);   /* takes over record */
TwSession *tw_session_find (TwStation *self, const char *id);    /* NULL: over and forgotten */
/* As the journal has it, for one that is over and forgotten. BAD_DATA: there is none such. */
TwRecord  *tw_session_recall (TwStation *self, const char *id, GError **error);
TwSession *tw_session_of_card (TwStation *self, const TwCard *card);   /* in a bay, by fingerprint */
void       tw_session_free (TwSession *self);
char      *tw_session_name (TwStation *self);                    /* the next id */
