/* SPDX-License-Identifier: Apache-2.0 */
/* What foreign.c reads out of a mapping, and foreign-row.c goes by. This folder's own. */
#pragma once

#include "payment/analytics/sources/foreign.h"
#include "payment/analytics/sources/values.h"
#include "payment/analytics/sources/wall-time.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/mapping.h"

enum { TW_N_ISO = 4, TW_N_FOREIGN_WORDS = 4 };

typedef enum { TW_UNIT_WH, TW_UNIT_KWH } TwEnergyUnit;
typedef enum { TW_LASTS_SECONDS, TW_LASTS_MINUTES, TW_LASTS_HOURS, TW_LASTS_CLOCK } TwLasts;

typedef struct { char *name; gint64 offset_s; } TwAbbreviation;
typedef struct { char *name; GTimeZone *zone; TwZone *civil; } TwForeignZone;

/* The last cell of a column of words, and what it means. */
typedef struct { char text[64]; guint32 n; int value; } TwLastWord;

struct _TwForeign
{
  TwMapping      *mapping;
  TwWallTimes    *times, *iso[TW_N_ISO];   /* times NULL: ISO 8601 */
  TwZones        *zones;
  GPtrArray      *foreign_zones;           /* of TwForeignZone */
  char           *zone;                    /* NULL: rows say theirs */
  gboolean        zone_assumed;
  GArray         *abbreviations;           /* of TwAbbreviation */
  char          **unknown;                 /* cells that say nothing */
  char            point, group;
  TwEnergyUnit    energy, power;
  TwLasts         lasts;
  gboolean        round;
  int             first[TW_N_SESSION_COLUMNS], second[TW_N_SESSION_COLUMNS];
  GString        *joined[TW_N_SESSION_COLUMNS];
  const TwHeader *header;
  TwLastDay       last_day;
  TwLastWord      last_words[TW_N_FOREIGN_WORDS];
};

extern const char *const TW_FOREIGN_KEYS[TW_N_SESSION_COLUMNS];   /* of [columns]; NULL: cannot be mapped */
