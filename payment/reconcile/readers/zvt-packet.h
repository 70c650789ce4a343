/* SPDX-License-Identifier: Apache-2.0 */
/* A packet of the ZVT protocol as a certified terminal sends it at its end of day (facts: zvt.md sections 1 and 3,
 * settlement-files.md section 5). Strict: what is not known ends it. Pure. Any thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

#define TW_ZVT_N_GROUPS 7

typedef struct
{
  guint16 command;                       /* 0x040F status, 0x060F completion, 0x061E abort, any other */
  gint64  total_minor;                   /* 04 */
  char    currency[4];                   /* 49; "": none */
  char    terminal[9];                   /* 29; "": none */
  int     result;                        /* 27, or what an abort says; -1: none */
  int     month, day;                    /* 0D; 0: none */
  int     seconds;                       /* 0C, of the day; -1: none */
  gboolean has_groups;                   /* 60 */
  int     first_slip, last_slip;
  struct { guint8 count; gint64 total_minor; } groups[TW_ZVT_N_GROUPS];
} TwZvtPacket;

/* FALSE: what is wrong, to be freed. */
gboolean    tw_zvt_packet_parse (const guint8 *bytes, gsize n, TwZvtPacket *packet, char **what);
const char *tw_zvt_group_name (guint group);                 /* "girocard", ... */
