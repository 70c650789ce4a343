/* SPDX-License-Identifier: Apache-2.0 */
/* Parts become one: names are ranked by the alphabet, so that numbers do not depend on who saw what first, and sums are
 * added up under them. A part is emptied while it is read, so that nothing is in memory twice.
 */
#include "payment/analytics/snapshot-private.h"

#include "app/base/error.h"

#include <string.h>

#define AT_ONCE 65536             /* rows */

/* From a part's numbers to those of all, then to ranks. */
typedef struct { guint32 *sites, *ports, *tariffs, *reasons, *currencies; } Maps;

static void
maps_free (gpointer data)
{
  Maps *self = data;

  g_free (self->sites);
  g_free (self->ports);
  g_free (self->tariffs);
  g_free (self->reasons);
  g_free (self->currencies);
  g_free (self);
}

static guint32 *
map_words (TwWords       *all,
           const TwWords *some)
{
  guint32 *map = g_new (guint32, MAX (1, some->n));

  for (guint32 i = 0; i < some->n; i++)
    map[i] = tw_words_take (all, some->words[i].text, some->words[i].n);
  return map;
}

static TwText
zone_text (const TwSite *site)
{
  return (TwText) { site->zone->name, strlen (site->zone->name) };
}

static Maps *
map_names (TwNames       *all,
           const TwNames *some)
{
  Maps *maps = g_new0 (Maps, 1);

  maps->tariffs = map_words (&all->tariffs, &some->tariffs);
  maps->reasons = map_words (&all->reasons, &some->reasons);
  maps->currencies = map_words (&all->currencies, &some->currencies);
  maps->sites = g_new (guint32, MAX (1, some->sites->len));
  maps->ports = g_new (guint32, MAX (1, some->ports->len));
  for (guint32 i = 0; i < some->sites->len; i++)
    {
      const TwSite *site = tw_names_site_at (some, i);

      maps->sites[i] = site->zone ? tw_names_site (all, tw_word_text (site->name), zone_text (site)) : TW_NO_NAME;
    }
  for (guint32 i = 0; i < some->ports->len; i++)
    {
      const TwPlace *place = tw_names_port_at (some, i);
      const TwSite *site = place->site != TW_NO_NAME ? tw_names_site_at (some, place->site) : NULL;

      maps->ports[i] = site ? tw_names_port (all, tw_word_text (site->name), zone_text (site),
                                             tw_word_text (place->evse), tw_word_text (place->connector)) : TW_NO_NAME;
      if (maps->ports[i] != TW_NO_NAME)
        tw_names_describe (all, maps->ports[i], place);
    }
  return maps;
}

/* A list of ports need not repeat the zone that the sessions of the site have. */
static TwText
zone_of_listed (const TwNames   *names,
                const TwPortRow *row)
{
  TwText zone = { NULL, 0 };

  if (row->zone.n > 0)
    return row->zone;
  for (guint i = 0; i < names->sites->len; i++)
    {
      const TwSite *site = tw_names_site_at (names, i);

      if (site->zone == NULL || site->name.n != row->site.n
          || memcmp (site->name.text, row->site.text, row->site.n) != 0)
        continue;
      if (zone.n == 0 || strcmp (site->zone->name, zone.text) < 0)
        zone = zone_text (site);
    }
  return zone;
}

static gint64
sane (gint64 us)
{
  return us == TW_UNKNOWN ? us : CLAMP (us, 0, TW_LATEST_US);
}

static void
list_ports (TwNames      *all,
            const TwPart *part)
{
  for (guint i = 0; i < part->ports->len; i++)
    {
      const TwPortRow *row = &g_array_index (part->ports, TwPortRow, i);
      TwText zone = zone_of_listed (all, row);
      /* Without a clock there is no site, and nothing may be left of one. */
      guint32 port = tw_names_has_zone (all, zone)
                     ? tw_names_port (all, row->site, zone, row->evse, row->connector) : TW_NO_NAME;
      TwPlace place = { .seen_power_w = TW_UNKNOWN, .listed_power_w = row->rated_power_w,
                        .commissioned = sane (row->commissioned), .decommissioned = sane (row->decommissioned),
                        .hours = row->opening_hours.n > 0 ? row->opening_hours.text : NULL, .listed = TRUE };

      if (port != TW_NO_NAME)
        tw_names_describe (all, port, &place);
    }
}

static int
compare_words (TwWord a,
               TwWord b)
{
  int order = memcmp (a.text, b.text, MIN (a.n, b.n));

  return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}

static int
by_word (gconstpointer a,
         gconstpointer b,
         gpointer      words)
{
  return compare_words (((const TwWord *) words)[*(const guint32 *) a], ((const TwWord *) words)[*(const guint32 *) b]);
}

static int
by_site (gconstpointer a,
         gconstpointer b,
         gpointer      data)
{
  const TwSite *one = tw_names_site_at (data, *(const guint32 *) a);
  const TwSite *other = tw_names_site_at (data, *(const guint32 *) b);
  int order = compare_words (one->name, other->name);

  return order != 0 ? order : strcmp (one->zone ? one->zone->name : "", other->zone ? other->zone->name : "");
}

typedef struct { const TwNames *names; const guint32 *site_ranks; } PortOrder;

static int
by_port (gconstpointer a,
         gconstpointer b,
         gpointer      data)
{
  const PortOrder *order = data;
  const TwPlace *one = tw_names_port_at (order->names, *(const guint32 *) a);
  const TwPlace *other = tw_names_port_at (order->names, *(const guint32 *) b);
  guint32 x = order->site_ranks[one->site], y = order->site_ranks[other->site];
  int sign = x < y ? -1 : x > y;

  if (sign == 0)
    sign = compare_words (one->evse, other->evse);
  return sign != 0 ? sign : compare_words (one->connector, other->connector);
}

/* In this order; ranks[i]: the place of i in it. */
static guint32 *
sorted (guint32          n,
        GCompareDataFunc compare,
        gpointer         data,
        guint32        **ranks)
{
  guint32 *order = g_new (guint32, MAX (1, n));

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, n, sizeof *order, compare, data);
  *ranks = g_new (guint32, MAX (1, n));
  for (guint32 i = 0; i < n; i++)
    (*ranks)[order[i]] = i;
  return order;
}

static GPtrArray *
rank_words (const TwWords *words,
            guint32      **ranks)
{
  g_autofree guint32 *order = sorted (words->n, by_word, words->words, ranks);
  GPtrArray *texts = g_ptr_array_new ();

  for (guint32 i = 0; i < words->n; i++)
    g_ptr_array_add (texts, (gpointer) words->words[order[i]].text);
  return texts;
}

static void
port_clear (gpointer data)
{
  TwPort *self = data;

  g_free (self->name);
  g_free (self->evse);
  g_free (self->connector);
}

static TwPort
port_of (const TwPlace *place)
{
  char *evse = g_strndup (place->evse.text, place->evse.n);
  char *connector = g_strndup (place->connector.text, place->connector.n);

  return (TwPort) { place->site, place->connector.n > 0 ? g_strconcat (evse, "/", connector, NULL) : g_strdup (evse),
                    evse, connector, place->listed_power_w != TW_UNKNOWN ? place->listed_power_w : place->seen_power_w,
                    place->dc };
}

static void
rank_places (TwAnalysis *self,
             Maps       *ranks)
{
  g_autofree guint32 *sites = sorted (self->names.sites->len, by_site, &self->names, &ranks->sites);
  PortOrder order = { &self->names, ranks->sites };
  g_autofree guint32 *ports = sorted (self->names.ports->len, by_port, &order, &ranks->ports);

  self->sites = g_array_new (FALSE, FALSE, sizeof (TwSite));
  self->places = g_array_new (FALSE, FALSE, sizeof (TwPlace));
  self->ports = g_array_new (FALSE, FALSE, sizeof (TwPort));
  g_array_set_clear_func (self->ports, port_clear);
  for (guint32 i = 0; i < self->names.sites->len; i++)
    g_array_append_val (self->sites, *tw_names_site_at (&self->names, sites[i]));
  for (guint32 i = 0; i < self->names.ports->len; i++)
    {
      TwPlace place = *tw_names_port_at (&self->names, ports[i]);
      TwPort port;

      place.site = ranks->sites[place.site];
      port = port_of (&place);
      g_array_append_val (self->places, place);
      g_array_append_val (self->ports, port);
    }
}

typedef void (*Rename) (gpointer record, const Maps *maps);

/* The first one's records become those of all; others come behind them from their end, so that what is read can be
 * given back. */
static void
move (TwTable    *all,
      TwTable    *some,
      Rename      rename,
      const Maps *maps)
{
  if (all->n == 0)
    {
      tw_table_append (all, some);
      for (gsize i = 0; i < all->n; i++)
        rename (tw_table_at (all, i), maps);
    }
  while (some->n > 0)
    {
      gsize n = MIN (some->n, AT_ONCE), from = some->n - n;

      for (gsize i = from; i < some->n; i++)
        rename (memcpy (tw_table_add (all), tw_table_at (some, i), all->record_size), maps);
      some->n = from;
      tw_table_shrink (some);
    }
}

static void
rename_row (gpointer    record,
            const Maps *maps)
{
  TwShortRow *row = record;

  row->port = maps->ports[row->port];
  row->tariff = maps->tariffs[row->tariff];
  row->currency = maps->currencies[row->currency];
}

static void
rename_money (gpointer    record,
              const Maps *maps)
{
  TwMoneyCell *cell = record;

  cell->port = maps->ports[cell->port];
  cell->tariff = maps->tariffs[cell->tariff];
}

static void
rename_visit (gpointer    record,
              const Maps *maps)
{
  TwVisit *visit = record;

  visit->site = maps->sites[visit->site];
  visit->reason = maps->reasons[visit->reason];
}

static void
rename_hold (gpointer    record,
             const Maps *maps)
{
  TwHoldRow *hold = record;

  hold->site = maps->sites[hold->site];
}

static void
move_sums (TwSums     *all,
           TwPart     *part,
           const Maps *maps)
{
  TwSums *some = &part->sums;

  move (&all->money, &some->money, rename_money, maps);
  for (gsize i = 0; i < some->customers.n; i++)
    tw_customer_sum_add (tw_table_take (&all->customers, tw_table_at (&some->customers, i)),
                         tw_table_at (&some->customers, i));
  move (&all->visits, &some->visits, rename_visit, maps);
  move (&all->holds, &some->holds, rename_hold, maps);
  all->first_s = MIN (all->first_s, some->first_s);
  all->last_s = MAX (all->last_s, some->last_s);
  move (&all->rows, &some->rows, rename_row, maps);
  tw_table_shrink (&all->rows);
  tw_sums_clear (some);
}

static TwText
keep (TwNames *names,
      TwText   text)
{
  return (TwText) { g_string_chunk_insert_len (names->texts, text.n > 0 ? text.text : "", text.n), text.n };
}

static void
move_events (TwAnalysis *self,
             GArray     *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      TwEventRow event = g_array_index (events, TwEventRow, i);

      event.site = keep (&self->names, event.site);
      event.evse = keep (&self->names, event.evse);
      event.reason = keep (&self->names, event.reason);
      g_array_append_val (self->events, event);
    }
}

static void
compose (guint32       *map,
         guint32        n,
         const guint32 *ranks)
{
  for (guint32 i = 0; i < n; i++)
    map[i] = map[i] != TW_NO_NAME ? ranks[map[i]] : TW_NO_NAME;
}

static void
move_part (TwAnalysis *self,
           TwPart     *part,
           Maps       *maps,
           const Maps *ranks)
{
  compose (maps->sites, part->names.sites->len, ranks->sites);
  compose (maps->ports, part->names.ports->len, ranks->ports);
  compose (maps->tariffs, part->names.tariffs.n, ranks->tariffs);
  compose (maps->reasons, part->names.reasons.n, ranks->reasons);
  compose (maps->currencies, part->names.currencies.n, ranks->currencies);
  tw_part_merge_accumulated (part, &(TwRanks) { maps->ports, maps->tariffs });
  move_sums (&self->sums, part, maps);
  move_events (self, part->events);
  tw_quality_merge (self->quality, tw_gate_quality (part->gate));
}

gboolean
tw_analysis_merge (TwAnalysis  *self,
                   GError     **error)
{
  g_autoptr (GPtrArray) maps = g_ptr_array_new_with_free_func (maps_free);
  Maps *ranks = g_new0 (Maps, 1);
  gboolean well = TRUE;

  if (self->resumed)
    tw_resumed_names (self);
  for (guint i = 0; i < self->parts->len; i++)
    g_ptr_array_add (maps, map_names (&self->names, &((TwPart *) self->parts->pdata[i])->names));
  for (guint i = 0; i < self->parts->len; i++)
    list_ports (&self->names, self->parts->pdata[i]);
  self->tariffs = rank_words (&self->names.tariffs, &ranks->tariffs);
  self->reasons = rank_words (&self->names.reasons, &ranks->reasons);
  self->currencies = rank_words (&self->names.currencies, &ranks->currencies);
  rank_places (self, ranks);
  for (guint i = 0; well && i < self->parts->len; i++)
    {
      TwPart *part = self->parts->pdata[i];

      move_part (self, part, maps->pdata[i], ranks);
      well = tw_part_is_well (part, error);
    }
  g_ptr_array_add (maps, ranks);
  if (well && self->resumed)
    well = tw_resumed_sums (self, ranks->sites, ranks->ports, ranks->tariffs, ranks->currencies, error);
  if (well && (self->names.tariffs.n > TW_MOST_TARIFFS || self->names.currencies.n > TW_MOST_CURRENCIES))
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there are more than %d tariffs, or %d currencies: are their "
                 "columns others?", TW_MOST_TARIFFS, TW_MOST_CURRENCIES);
  return well && self->names.tariffs.n <= TW_MOST_TARIFFS && self->names.currencies.n <= TW_MOST_CURRENCIES;
}
