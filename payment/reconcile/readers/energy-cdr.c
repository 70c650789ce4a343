/* SPDX-License-Identifier: Apache-2.0 */
/* OCPI CDRs (2.2.1 and 2.3.0, mod_cdrs) as energy: one row for what remains of a session's chain of CDRs, credits taken
 * off. A credit repeats all of the CDR that it credits, and only its costs are negative.
 */
#include "payment/reconcile/readers/energy-formats.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"
#include "app/base/small-file.h"
#include "payment/money/decimal.h"
#include "payment/ocmf/container.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"

#include <string.h>

#define WH_A_KWH 1000

typedef struct
{
  char    *session, *evse, *meter, *digest;
  gint64   energy_wh, begin_us, end_us;
  guint64  line;
  guint    n_charged;      /* CDRs that are no credits */
  gboolean contract;       /* not paid here: a token of somebody who pays with a contract */
} Chain;

typedef struct
{
  TwReading  *reading;
  TwZone     *utc;
  GHashTable *by_key;      /* party and session -> Chain, borrowed */
  GPtrArray  *chains;      /* in the order of the file */
  guint64     line;        /* on which the element begins that is being read */
} Cdrs;

static void
chain_free (gpointer data)
{
  Chain *self = data;

  g_free (self->session);
  g_free (self->evse);
  g_free (self->meter);
  g_free (self->digest);
  g_free (self);
}

/* Texts are trimmed, and "" where there is none. */
static char *
text_at (const TwJson *object,
         const char   *name)
{
  const char *text = tw_json_string (tw_json_member (object, name));

  return g_strstrip (g_strdup (text != NULL ? text : ""));
}

static gboolean
read_time (const Cdrs    *self,
           const TwJson  *cdr,
           const char    *name,
           gint64        *us,
           GError       **error)
{
  const char *text = tw_json_get_string (cdr, name, error);

  if (text == NULL)
    return FALSE;
  if (tw_instant_parse ((TwChars) { text, (guint32) strlen (text) }, self->utc, us))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.%s: expected a time such as 2026-11-22T20:05:00Z", name);

  return FALSE;
}

static gboolean
read_energy (const TwJson  *cdr,
             gint64        *energy_wh,
             GError       **error)
{
  const TwJson *energy = tw_json_get (cdr, "total_energy", TW_JSON_NUMBER, error);
  gboolean rounded;

  return energy != NULL
         && tw_decimal_parse_multiple (tw_json_number_text (energy), WH_A_KWH, energy_wh, &rounded, error);
}

/* Where a CDR has its own reference of the authorization, that is what our sale is known by. */
static Chain *
chain_of (Cdrs         *self,
          const TwJson *cdr)
{
  g_autofree char *country = text_at (cdr, "country_code"), *party = text_at (cdr, "party_id");
  g_autofree char *session = text_at (cdr, "session_id"), *authorization = text_at (cdr, "authorization_reference");
  g_autofree char *id = text_at (cdr, "id");
  g_autofree char *key = g_strjoin ("\x1f", country, party, *session ? session : *authorization ? authorization : id,
                                    NULL);
  const TwJson *location = tw_json_member (cdr, "cdr_location");
  Chain *chain = g_hash_table_lookup (self->by_key, key);

  if (chain != NULL)
    return chain;

  chain = g_new0 (Chain, 1);
  chain->session = g_strdup (*authorization ? authorization : session);
  chain->evse = text_at (location, "evse_id");
  chain->meter = text_at (cdr, "meter_id");
  chain->begin_us = G_MAXINT64;
  chain->end_us = G_MININT64;
  chain->line = self->line;
  g_ptr_array_add (self->chains, chain);
  g_hash_table_insert (self->by_key, g_steal_pointer (&key), chain);

  return chain;
}

/* The identity of the last signed record that it carries, so that one that is beside two sales is found; NULL: none.
 * Whether it is genuine is not asked here. */
static char *
digest_of (const TwJson *cdr)
{
  const TwJson *values = tw_json_member (tw_json_member (cdr, "signed_data"), "signed_values");
  guint n = tw_json_type (values) == TW_JSON_ARRAY ? tw_json_length (values) : 0;
  g_autofree char *text = n > 0 ? text_at (tw_json_element (values, n - 1), "signed_data") : NULL;
  g_autoptr (TwOcmfContainer) container = text != NULL ? tw_ocmf_container_read (text, strlen (text), NULL) : NULL;
  g_autoptr (TwOcmfRecord) record = NULL;
  const TwOcmfItem *item;

  if (container == NULL || container->items->len == 0)
    return NULL;
  item = &g_array_index (container->items, TwOcmfItem, container->items->len - 1);
  record = tw_ocmf_record_parse (item->text, item->len, NULL);

  return record != NULL ? tw_hex_encode (record->digest, sizeof record->digest) : NULL;
}

/* AD_HOC_USER pays at the station; the other tokens (OCPI, TokenType) have a contract with somebody. */
static gboolean
is_of_contract (const TwJson *cdr)
{
  const char *type = tw_json_string (tw_json_member (tw_json_member (cdr, "cdr_token"), "type"));

  return type != NULL && strcmp (type, "AD_HOC_USER") != 0;
}

static gboolean
add_cdr (Cdrs          *self,
         const TwJson  *cdr,
         GError       **error)
{
  gboolean credit = tw_json_is_true (tw_json_member (cdr, "credit"));
  gint64 energy_wh, begin_us, end_us;
  Chain *chain;

  if (!tw_json_get_string (cdr, "id", error) || !read_time (self, cdr, "start_date_time", &begin_us, error)
      || !read_time (self, cdr, "end_date_time", &end_us, error) || !read_energy (cdr, &energy_wh, error))
    return FALSE;
  if (energy_wh < 0 || end_us < begin_us)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, energy_wh < 0 ? "$.total_energy: below zero"
                           : "$.end_date_time: it ends before it begins");
      return FALSE;
    }

  chain = chain_of (self, cdr);
  if (__builtin_add_overflow (chain->energy_wh, credit ? -energy_wh : energy_wh, &chain->energy_wh))
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.total_energy: too large");
      return FALSE;
    }
  chain->begin_us = MIN (chain->begin_us, begin_us);
  chain->end_us = MAX (chain->end_us, end_us);
  chain->n_charged += !credit;
  chain->contract |= is_of_contract (cdr);
  if (!credit)
    {
      g_free (chain->digest);
      chain->digest = digest_of (cdr);
    }

  return TRUE;
}

static gboolean
add_text (Cdrs        *self,
          const char  *text,
          gsize        len,
          GError     **error)
{
  g_autoptr (TwJson) cdr = tw_json_parse (text, len, &TW_JSON_LARGE, error);

  if (cdr != NULL && add_cdr (self, cdr, error))
    return TRUE;
  g_prefix_error (error, "%s, CDR at line %" G_GUINT64_FORMAT ": ", self->reading->path, self->line);

  return FALSE;
}

/* Where the object ends that begins at text; NULL: not before end. What is inside is the parser's to judge. */
static const char *
end_of_object (const char *text,
               const char *end)
{
  gboolean inside = FALSE;
  guint depth = 0;

  for (const char *c = text; c < end; c++)
    {
      if (inside && *c == '\\')
        c++;
      else if (*c == '"')
        inside = !inside;
      else if (!inside && (*c == '{' || *c == '['))
        depth++;
      else if (!inside && (*c == '}' || *c == ']') && --depth == 0)
        return c + 1;
    }

  return NULL;
}

static const char *
skip_blanks (Cdrs       *self,
             const char *at,
             const char *end)
{
  for (; at < end && g_ascii_isspace (*at); at++)
    self->line += *at == '\n';

  return at;
}

static gboolean
refuse (const Cdrs  *self,
        const char  *expected,
        GError     **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": expected %s", self->reading->path,
               self->line, expected);

  return FALSE;
}

static const char *
take_cdr (Cdrs        *self,
          const char  *at,
          const char  *end,
          GError     **error)
{
  const char *after = at < end && *at == '{' ? end_of_object (at, end) : NULL;

  if (after == NULL)
    {
      refuse (self, "a CDR, an object from { to }", error);
      return NULL;
    }
  if (!add_text (self, at, (gsize) (after - at), error))
    return NULL;
  for (; at < after; at++)
    self->line += *at == '\n';

  return after;
}

/* One CDR, or an array of them: element by element, so that only one is a tree at a time. */
static gboolean
take_all (Cdrs        *self,
          const char  *at,
          const char  *end,
          GError     **error)
{
  gboolean array;

  at = skip_blanks (self, at, end);
  array = at < end && *at == '[';
  at = array ? skip_blanks (self, at + 1, end) : at;
  while (!array || at >= end || *at != ']')
    {
      at = take_cdr (self, at, end, error);
      if (at == NULL)
        return FALSE;
      at = skip_blanks (self, at, end);
      if (!array)
        break;
      if (at < end && *at == ']')
        break;
      if (at >= end || *at != ',')
        return refuse (self, ", or ] after a CDR", error);
      at = skip_blanks (self, at + 1, end);
      if (at < end && *at == ']')
        return refuse (self, "a CDR after the comma", error);
    }
  at = skip_blanks (self, array ? at + 1 : at, end);

  return at == end || refuse (self, "nothing after the CDRs", error);
}

static gboolean
hand_over (Cdrs    *self,
           guint64  size,
           GError **error)
{
  guint n_foreign = 0;

  for (guint i = 0; i < self->chains->len; i++)
    {
      const Chain *chain = g_ptr_array_index (self->chains, i);
      const TwEnergy row = {
        .origin = { self->reading->index, chain->line }, .kind = TW_METER_CDR,
        .session = { chain->session, (guint32) strlen (chain->session) },
        .evse = { chain->evse, (guint32) strlen (chain->evse) },
        .meter = { chain->meter, (guint32) strlen (chain->meter) },
        .energy_wh = chain->energy_wh, .begin_us = chain->begin_us, .end_us = chain->end_us,
        .verdict = { "contract", chain->contract ? 8 : 0 },
        .digest = { chain->digest, chain->digest != NULL ? (guint32) strlen (chain->digest) : 0 },
      };

      if (chain->n_charged == 0 || chain->energy_wh < 0)
        n_foreign++;
      else if (!tw_reading_energy (self->reading, &row, size, size, error))
        return FALSE;
    }
  if (n_foreign > 0)
    tw_reading_note (self->reading, "%s: %u sessions with credits of CDRs that are not in this file were left out: "
                     "give both in one file", self->reading->path, n_foreign);

  return TRUE;
}

TW_READER (tw_read_cdr)
{
  g_autoptr (GBytes) bytes = tw_small_file_read (path, TW_ENERGY_MAX_BYTES, error);
  g_autoptr (TwZones) zones = tw_zones_new ("UTC", NULL);      /* "Z" may be missing (OCPI, types) */
  g_autoptr (GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) chains = g_ptr_array_new_with_free_func (chain_free);
  g_autofree char *digest = NULL;
  g_auto (TwReading) reading = { 0 };
  Cdrs self = { .reading = &reading, .by_key = by_key, .chains = chains, .line = 1 };
  const char *text;
  gsize len;

  tw_reading_init (&reading, path, index, intake, import);
  if (bytes == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  self.utc = tw_zones_find (zones, (TwChars) { "", 0 });
  text = g_bytes_get_data (bytes, &len);
  if (!take_all (&self, text, text + len, error) || !hand_over (&self, len, error))
    return FALSE;

  digest = tw_sha256_hex (bytes);
  g_strlcpy (import->digest, digest, sizeof import->digest);
  import->format = g_strdup ("cdr");

  return TRUE;
}
