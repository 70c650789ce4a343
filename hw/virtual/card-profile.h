/* SPDX-License-Identifier: Apache-2.0 */
/* A virtual card as its text profile describes it (README.md has the format). Values; any thread. */
#pragma once

#include "hw/virtual/card-application.h"
#include "hw/virtual/pn532.h"

#include <glib.h>

typedef struct
{
  char         *title;
  gboolean      emv;          /* FALSE: no payment application inside */
  TwPn532Target target;
  gboolean      random_uid;
  gint          tear_after;   /* APDUs; -1: stays */
  guint         latency_ms;
  GBytes       *garbage;      /* the answer to everything; NULL */
  GBytes       *ppse_answer;  /* a whole R-APDU instead; NULL */
  GPtrArray    *applications; /* of TwCardApplication, in file order */
  GPtrArray    *listed;       /* those in the PPSE, in its order; not owned */
} TwCardProfile;

/* name: for messages. BAD_DATA: what is wrong, in which group and key. Everything is bounded by the text's length. */
TwCardProfile *tw_card_profile_parse (const char *text, gsize len, const char *name, GError **error);
void           tw_card_profile_free (TwCardProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCardProfile, tw_card_profile_free)
