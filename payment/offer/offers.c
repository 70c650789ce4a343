/* SPDX-License-Identifier: Apache-2.0 */
/* A file of rules. What a station would not understand is refused: ignoring a condition would give money away. */
#include "payment/offer/offer.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

#define MOST_ID 40

struct _TwOffers
{
  GArray *rules;       /* of TwOfferRule */
  char   *hash;
};

static void
clear_rule (gpointer data)
{
  g_free (((TwOfferRule *) data)->id);
}

void
tw_offers_free (TwOffers *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rules);
  g_free (self->hash);
  g_free (self);
}

static gboolean
refuse (const TwJson  *at,
        const char    *what,
        GError       **error)
{
  g_autofree char *path = tw_json_path (at);

  return tw_bad_data (error, "%s: %s", path, what);
}

static gboolean
take_number (const TwJson  *condition,
             const char    *name,
             guint          most,
             guint         *number,
             GError       **error)
{
  gint64 value;

  *number = 0;
  if (tw_json_member (condition, name) == NULL)
    return TRUE;
  if (!tw_json_get_int64 (condition, name, &value, error))
    return FALSE;
  if (value < 1 || value > most)
    {
      g_autofree char *path = tw_json_path (condition);

      return tw_bad_data (error, "%s.%s: expected 1 to %u", path, name, most);
    }
  *number = (guint) value;
  return TRUE;
}

static gboolean
take_condition (const TwJson      *rule,
                TwOfferCondition  *condition,
                GError           **error)
{
  static const char *const NAMES[] = { "charges_in_month", "days_since_last", NULL };
  const TwJson *object = tw_json_get (rule, "condition", TW_JSON_OBJECT, error);

  if (object == NULL || !tw_json_only (object, NAMES, error)
      || !take_number (object, "charges_in_month", TW_OFFER_MOST_CHARGES, &condition->charges_in_month, error)
      || !take_number (object, "days_since_last", TW_OFFER_MOST_DAYS, &condition->days_since_last, error))
    return FALSE;
  return tw_json_length (object) > 0
         || refuse (object, "no condition would make everything cheaper for everybody: that is a tariff", error);
}

static gboolean
take_discount (const TwJson  *rule,
               guint         *discount_bp,
               GError       **error)
{
  const TwJson *percent = tw_json_member (rule, "discount_percent");
  const char *text = tw_json_number_text (percent);

  *discount_bp = 0;
  if (percent != NULL && tw_json_type (percent) == TW_JSON_NULL)
    return TRUE;
  if (text == NULL)
    return refuse (rule, "discount_percent: expected a number, or null as long as nobody has chosen it", error);
  if (tw_offer_parse_percent (text, discount_bp, error))
    return TRUE;
  g_prefix_error (error, "discount_percent: ");
  return FALSE;
}

static gboolean
is_id (const char *id)
{
  return *id != '\0' && strlen (id) <= MOST_ID
         && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (id);
}

static gboolean
is_taken (const TwOffers *self,
          const char     *id)
{
  for (guint i = 0; i < self->rules->len; i++)
    if (g_str_equal (g_array_index (self->rules, TwOfferRule, i).id, id))
      return TRUE;
  return FALSE;
}

static gboolean
take_rule (TwOffers      *self,
           const TwJson  *json,
           GError       **error)
{
  static const char *const NAMES[] = { "id", "condition", "discount_percent", "would_have_met", NULL };
  TwOfferRule rule = { NULL };
  const char *id = tw_json_get_string (json, "id", error);

  if (id == NULL || !tw_json_only (json, NAMES, error))
    return FALSE;
  if (!is_id (id) || is_taken (self, id))
    return refuse (json, "id: expected a name of its own, of at most 40 small letters, digits and hyphens", error);
  if (!take_condition (json, &rule.condition, error) || !take_discount (json, &rule.discount_bp, error))
    return FALSE;
  rule.id = g_strdup (id);
  g_array_append_val (self->rules, rule);
  return TRUE;
}

static gboolean
take_file (TwOffers      *self,
           const TwJson  *root,
           GError       **error)
{
  static const char *const NAMES[] = { "version", "made_of", "rules", NULL };
  const TwJson *rules;
  gint64 version;

  if (!tw_json_get_int64 (root, "version", &version, error) || !tw_json_only (root, NAMES, error))
    return FALSE;
  if (version != 1)
    return refuse (root, "version: expected 1, the only one that this program knows", error);
  rules = tw_json_get (root, "rules", TW_JSON_ARRAY, error);
  if (rules == NULL)
    return FALSE;
  if (tw_json_length (rules) == 0 || tw_json_length (rules) > TW_MOST_OFFERS)
    return refuse (rules, "expected 1 to 16 rules", error);
  for (guint i = 0; i < tw_json_length (rules); i++)
    if (!take_rule (self, tw_json_element (rules, i), error))
      return FALSE;
  return TRUE;
}

TwOffers *
tw_offers_parse (GBytes  *bytes,
                 GError **error)
{
  const TwJsonLimits limits = { TW_OFFERS_MAX_BYTES, 8, 1000 };
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);
  g_autoptr (TwJson) root = tw_json_parse (text ? text : "", len, &limits, error);
  g_autoptr (TwOffers) self = NULL;

  if (root == NULL)
    return NULL;
  self = g_new0 (TwOffers, 1);
  self->rules = g_array_new (FALSE, TRUE, sizeof (TwOfferRule));
  g_array_set_clear_func (self->rules, clear_rule);
  self->hash = tw_sha256_hex (bytes);
  return take_file (self, root, error) ? g_steal_pointer (&self) : NULL;
}

guint
tw_offers_n (const TwOffers *self)
{
  return self->rules->len;
}

const TwOfferRule *
tw_offers_nth (const TwOffers *self,
               guint           i)
{
  return &g_array_index (self->rules, TwOfferRule, i);
}

const char *
tw_offers_hash (const TwOffers *self)
{
  return self->hash;
}

const TwOfferRule *
tw_offers_choose (const TwOffers       *self,
                  const TwOfferHistory *history)
{
  const TwOfferRule *best = NULL;

  for (guint i = 0; i < self->rules->len; i++)
    {
      const TwOfferRule *rule = tw_offers_nth (self, i);

      if (rule->discount_bp > (best ? best->discount_bp : 0) && tw_offer_holds (&rule->condition, history))
        best = rule;
    }
  return best;
}
