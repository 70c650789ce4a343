/* SPDX-License-Identifier: Apache-2.0 */
/* One payment application of a virtual card, as the group [application NAME] of its profile describes it. */
#pragma once

#include "hw/virtual/profile-reader.h"

typedef struct
{
  guint32 tag;
  gsize   len;
} TwDolEntry;

typedef struct
{
  guint   sfi;     /* 1..30 */
  guint   number;  /* 1..255 */
  GArray *tags;    /* of guint32; what goes into its template 70 */
  gsize   size;    /* of the whole record, filled up; 0: as it comes */
  GBytes *answer;  /* a whole R-APDU instead; NULL */
} TwCardRecord;

typedef struct
{
  char       *name;
  GBytes     *aid;
  char       *label;
  guint       priority;       /* 0: none is told */
  GBytes     *kernel;         /* 9F2A; NULL */
  char       *pan;
  char       *expiry;         /* YYMM */
  char       *service;        /* three digits */
  char       *discretionary;  /* digits; "" */
  guint       sequence;       /* 5F34 */
  guint8      issuer_key[16];
  gboolean    has_key;
  guint8      cryptogram;     /* 80 ARQC, 40 TC, 00 AAC */
  GBytes     *iad;            /* 9F10 but for the bits that say what the card decided */
  GBytes     *aip;            /* 82 */
  GArray     *pdol;           /* of TwDolEntry */
  gsize       pdol_len;       /* of the data it asks for */
  GArray     *gpo;            /* of guint32: the tags of the answer, in this order */
  gsize       gpo_cut;        /* so many bytes are missing at its end */
  GArray     *gpo_sw;         /* of guint16: one a tap, the last one ever after */
  GBytes     *gpo_answer;     /* whole R-APDUs instead; NULL */
  GBytes     *select_answer;
  GPtrArray  *records;        /* of TwCardRecord, by SFI and number */
  GBytes     *afl;            /* 94; NULL without records */
  GHashTable *data;           /* tag -> GBytes: what the profile sets by hand */
} TwCardApplication;

TwCardApplication *tw_card_application_new (const char *name);
void               tw_card_application_free (gpointer self);
gboolean           tw_card_application_read (TwProfileReader *reader, TwCardApplication *self);
