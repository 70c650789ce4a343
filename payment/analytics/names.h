/* SPDX-License-Identifier: Apache-2.0 */
/* Who is who: sites with their zones, ports, tariffs, reasons, currencies; each numbered in the order in which it came.
 * A site is its name and its zone: of one that is given two, each is a site. One thread.
 */
#pragma once

#include "payment/analytics/words.h"
#include "payment/analytics/zone.h"

#define TW_NO_NAME G_MAXUINT32
#define TW_MOST_TARIFFS 65535
#define TW_MOST_CURRENCIES 255

typedef struct { TwWord name; TwZone *zone; } TwSite;

/* site TW_NO_NAME: it has a zone that there is not. What is not known is TW_UNKNOWN; hours NULL: always open. */
typedef struct
{
  guint32     site;
  TwWord      evse, connector;
  gint64      seen_power_w, listed_power_w, commissioned, decommissioned;   /* power: of the rows; of ports.csv */
  const char *hours;
  gboolean    dc, listed;           /* listed: it is in ports.csv */
} TwPlace;

typedef struct
{
  TwWords    site_keys, port_keys, zone_keys, tariffs, reasons, currencies;
  GArray    *sites, *ports;         /* of TwSite, TwPlace */
  GPtrArray *zones;                 /* of TwZone *, NULL: there is no such zone */
  TwText     zone;                  /* of who states none; borrowed */
  GStringChunk *texts;
} TwNames;

void    tw_names_init  (TwNames *self, const char *zone, guint64 seed, TwBudget *budget);
void    tw_names_clear (TwNames *self);
/* Is there such a zone? That of who states none if n is 0. */
gboolean tw_names_has_zone (TwNames *self, TwText zone);
/* TW_NO_NAME: there is no such zone, or a name is longer than 512 bytes. */
guint32 tw_names_site  (TwNames *self, TwText name, TwText zone);
guint32 tw_names_port  (TwNames *self, TwText site, TwText zone, TwText evse, TwText connector);
/* What is said of a port, if nothing was or if it is more: whatever the order. */
void    tw_names_describe (TwNames *self, guint32 port, const TwPlace *what);

static inline TwSite *
tw_names_site_at (const TwNames *self, guint32 site)
{
  return &g_array_index (self->sites, TwSite, site);
}

static inline TwPlace *
tw_names_port_at (const TwNames *self, guint32 port)
{
  return &g_array_index (self->ports, TwPlace, port);
}

static inline TwZone *
tw_names_zone_of (const TwNames *self, guint32 port)
{
  return tw_names_site_at (self, tw_names_port_at (self, port)->site)->zone;
}

static inline void
tw_names_see (TwNames *self, guint32 port, gint64 power_w, gboolean dc)
{
  TwPlace *place = tw_names_port_at (self, port);

  place->seen_power_w = MAX (place->seen_power_w, power_w);
  place->dc |= dc;
}

static inline TwText
tw_word_text (TwWord word)
{
  return (TwText) { word.text, word.n };
}
