/* SPDX-License-Identifier: Apache-2.0 */
/* A reader with its twin and a card in front of it. The twin has a thread of its own, because libnfc blocks. */
#pragma once

#include "app/base/error.h"
#include "hw/reader/reader.h"
#include "hw/virtual/card.h"
#include "tests/lib/loop-thread.h"

#define SELECT_PPSE "00a404000e325041592e5359532e444446303100"
#define SELECT_VISA "00a4040007a000000003101000"
#define GPO "80a800002383212180408000000000600000000000000002760000000000097826112200a1b2c3d400"

typedef struct
{
  LoopThread    *thread;
  TwPn532       *twin;
  TwVirtualCard *card;
  const char    *text;    /* for calls into the thread */
  guint          number;
  char          *address;
  TwNfc         *nfc;
} Street;

void     street_insert (Street *s, const char *card);
void     street_fault (Street *s, const char *text);
guint    street_apdus (Street *s);
void     street_set_up (Street *s, gconstpointer data);
void     street_tear_down (Street *s, gconstpointer data);
void     street_open (Street *s);
gboolean street_find (Street *s);
void     street_refuse_open (const char *address, TwError code, const char *why);
char    *street_exchange (Street *s, const char *command, GError **error);
void     street_expect_end (Street *s, const char *command, const char *end);
void     street_expect_failure (Street *s, const char *command, TwError code);
void     street_again (Street *s);
void     street_remove (Street *s);
void     street_clear (Street *s);
void     street_hang_up (Street *s);
