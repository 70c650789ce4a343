/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/names.h"

#include <string.h>

#define LONGEST 512

/* Names one behind the other, with their lengths before them, so that "a" "b" is not "ab" "". */
typedef struct { guint n; char bytes[4 * (LONGEST + sizeof (guint32))]; } Key;

void
tw_names_init (TwNames    *self,
               const char *zone,
               guint64     seed,
               TwBudget   *budget)
{
  *self = (TwNames) {
    .sites = g_array_new (FALSE, TRUE, sizeof (TwSite)),
    .ports = g_array_new (FALSE, TRUE, sizeof (TwPlace)),
    .zones = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_zone_free),
    .zone = { zone, strlen (zone) },
    .texts = g_string_chunk_new (1024),
  };
  tw_words_init (&self->site_keys, seed, budget);
  tw_words_init (&self->port_keys, seed, budget);
  tw_words_init (&self->zone_keys, seed, budget);
  tw_words_init (&self->tariffs, seed, budget);
  tw_words_init (&self->reasons, seed, budget);
  tw_words_init (&self->currencies, seed, budget);
}

void
tw_names_clear (TwNames *self)
{
  tw_words_clear (&self->site_keys);
  tw_words_clear (&self->port_keys);
  tw_words_clear (&self->zone_keys);
  tw_words_clear (&self->tariffs);
  tw_words_clear (&self->reasons);
  tw_words_clear (&self->currencies);
  g_clear_pointer (&self->sites, g_array_unref);
  g_clear_pointer (&self->ports, g_array_unref);
  g_clear_pointer (&self->zones, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

static void
add_to_key (Key   *key,
            TwText text)
{
  memcpy (key->bytes + key->n, &text.n, sizeof text.n);
  key->n += sizeof text.n;
  if (text.n > 0)
    memcpy (key->bytes + key->n, text.text, text.n);
  key->n += text.n;
}

/* The nth name of a key, as it is kept there. */
static TwWord
word_of_key (const TwWord *key,
             guint         nth)
{
  const char *at = key->text;
  guint32 n;

  memcpy (&n, at, sizeof n);
  for (guint i = 0; i < nth; i++)
    {
      at += sizeof n + n;
      memcpy (&n, at, sizeof n);
    }
  return (TwWord) { at + sizeof n, n };
}

static TwZone *
zone_of (TwNames *self,
         TwText   name)
{
  guint32 number = tw_words_take (&self->zone_keys, name.text, name.n);

  if (number == self->zones->len)
    g_ptr_array_add (self->zones, tw_zone_new (self->zone_keys.words[number].text));
  return g_ptr_array_index (self->zones, number);
}

gboolean
tw_names_has_zone (TwNames *self,
                   TwText   zone)
{
  zone = zone.n > 0 ? zone : self->zone;
  return zone.n <= LONGEST && zone_of (self, zone) != NULL;
}

guint32
tw_names_site (TwNames *self,
               TwText   name,
               TwText   zone)
{
  Key key;
  guint32 number;

  if (zone.n == 0)
    zone = self->zone;
  if (name.n > LONGEST || zone.n > LONGEST)
    return TW_NO_NAME;
  key.n = 0;
  add_to_key (&key, name);
  add_to_key (&key, zone);
  number = tw_words_take (&self->site_keys, key.bytes, key.n);
  if (number == self->sites->len)
    {
      TwWord word = { g_string_chunk_insert_len (self->texts, name.n > 0 ? name.text : "", name.n), name.n };
      TwSite site = { word, zone_of (self, zone) };

      g_array_append_val (self->sites, site);
    }
  return tw_names_site_at (self, number)->zone ? number : TW_NO_NAME;
}

guint32
tw_names_port (TwNames *self,
               TwText   site,
               TwText   zone,
               TwText   evse,
               TwText   connector)
{
  Key key;
  guint32 number;

  if (zone.n == 0)
    zone = self->zone;
  if (MAX (site.n, zone.n) > LONGEST || MAX (evse.n, connector.n) > LONGEST)
    return TW_NO_NAME;
  key.n = 0;
  add_to_key (&key, evse);
  add_to_key (&key, connector);
  add_to_key (&key, site);
  add_to_key (&key, zone);
  number = tw_words_take (&self->port_keys, key.bytes, key.n);
  if (number == self->ports->len)
    {
      const TwWord *word = &self->port_keys.words[number];
      TwPlace place = { .site = tw_names_site (self, site, zone), .evse = word_of_key (word, 0),
                        .connector = word_of_key (word, 1), .seen_power_w = TW_UNKNOWN, .listed_power_w = TW_UNKNOWN,
                        .commissioned = TW_UNKNOWN, .decommissioned = TW_UNKNOWN };

      g_array_append_val (self->ports, place);
    }
  return tw_names_port_at (self, number)->site != TW_NO_NAME ? number : TW_NO_NAME;
}

/* TW_UNKNOWN is less than all. */
void
tw_names_describe (TwNames       *self,
                   guint32        port,
                   const TwPlace *what)
{
  TwPlace *place = tw_names_port_at (self, port);

  place->dc |= what->dc;
  place->listed |= what->listed;
  place->seen_power_w = MAX (place->seen_power_w, what->seen_power_w);
  place->listed_power_w = MAX (place->listed_power_w, what->listed_power_w);
  place->commissioned = MAX (place->commissioned, what->commissioned);
  place->decommissioned = MAX (place->decommissioned, what->decommissioned);
  if (what->hours && (place->hours == NULL || strcmp (what->hours, place->hours) > 0))
    place->hours = g_string_chunk_insert_const (self->texts, what->hours);
}
