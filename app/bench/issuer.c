/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/issuer.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>
#include <time.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/bench/coins.h"
#include "app/bench/cryptogram.h"

typedef struct
{
  guint8 master_key[16];
  gint   last_atc;      /* -1: none yet */
} Card;

typedef struct
{
  char       *act, *hash;   /* hash NULL: any card */
  const char *status, *reason;
  gint64      amount_minor, count;
} Rule;

struct _TwIssuer
{
  guint8      salt[32];     /* of the card hashes: new at each start */
  GHashTable *cards;        /* hash -> Card */
  GHashTable *numbers;      /* unpredictable numbers seen, as hex */
  GPtrArray  *rules;
  gboolean    cents;
};

/* Decisions by the last two digits of the amount, so that a test needs no control channel. Reasons: cybersource-ev.md
 * section 5, reasons of 201 declines. */
static const struct
{
  guint       cents;
  const char *status;
  const char *reason;
} BY_CENTS[] = {
  { 61, "DECLINED", "PROCESSOR_DECLINED" },       { 62, "DECLINED", "INSUFFICIENT_FUND" },
  { 63, "DECLINED", "EXPIRED_CARD" },             { 64, "DECLINED", "STOLEN_LOST_CARD" },
  { 65, "DECLINED", "ISSUER_UNAVAILABLE" },       { 66, "DECLINED", "UNAUTHORIZED_CARD" },
  { 67, "DECLINED", "EXCEEDS_CREDIT_LIMIT" },     { 68, "DECLINED", "BLOCKED_BY_CARDHOLDER" },
  { 69, "DECLINED", "SUSPENDED_ACCOUNT" },        { 70, "DECLINED", "PAYMENT_REFUSED" },
  { 71, "DECLINED", "INVALID_ACCOUNT" },          { 72, "DECLINED", "GENERAL_DECLINE" },
  { 73, "DECLINED", "CONTACT_PROCESSOR" },        { 74, "DECLINED", "ALLOWABLE_PIN_RETRIES_EXCEEDED" },
  { 75, "DECLINED", "PROCESSOR_ERROR" },          { 76, "DECLINED", "INVALID_MERCHANT_CONFIGURATION" },
  { 77, "PARTIAL_AUTHORIZED", NULL },             { 78, "AUTHORIZED_PENDING_REVIEW", NULL },
  { 79, "AUTHORIZED_RISK_DECLINED", NULL },       { 80, "PENDING_AUTHENTICATION", NULL },
};

static void
card_free (gpointer data)
{
  tw_wipe (data, sizeof (Card));
  g_free (data);
}

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->act);
  g_free (rule->hash);
  g_free (rule);
}

TwIssuer *
tw_issuer_new (void)
{
  TwIssuer *self = g_new0 (TwIssuer, 1);

  RAND_bytes (self->salt, sizeof self->salt);
  self->cards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, card_free);
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rules = g_ptr_array_new_with_free_func (rule_free);
  self->cents = TRUE;

  return self;
}

void
tw_issuer_free (TwIssuer *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->cards);
  g_hash_table_unref (self->numbers);
  g_ptr_array_unref (self->rules);
  g_free (self);
}

static char *
hash_of (TwIssuer   *self,
         const char *pan)
{
  guint8 mac[32];
  guint n = sizeof mac;

  HMAC (EVP_sha256 (), self->salt, sizeof self->salt, (const guint8 *) pan, strlen (pan), mac, &n);

  return tw_hex_encode (mac, sizeof mac);
}

char *
tw_issuer_card_hash (TwIssuer     *self,
                     const TwWish *wish)
{
  return wish->has_track ? hash_of (self, wish->track.pan) : NULL;
}

void
tw_issuer_add_card (TwIssuer    *self,
                    const char  *pan,
                    const guint8 master_key[16])
{
  Card *card = g_new0 (Card, 1);

  memcpy (card->master_key, master_key, sizeof card->master_key);
  card->last_atc = -1;
  g_hash_table_replace (self->cards, hash_of (self, pan), card);
}

static gboolean
load_group (TwIssuer   *self,
            GKeyFile   *file,
            const char *group,
            guint      *n_cards,
            GError    **error)
{
  g_autofree char *pan = g_key_file_get_string (file, group, "pan", NULL);
  g_autofree char *hex = g_key_file_get_string (file, group, "master-key", NULL);
  g_autoptr (GBytes) key = NULL;

  if (pan == NULL || hex == NULL)
    return TRUE;

  key = tw_hex_decode (g_strstrip (hex), NULL);
  g_strstrip (pan);
  if (key == NULL || g_bytes_get_size (key) != 16 || strspn (pan, "0123456789") != strlen (pan))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "[%s] needs a pan of digits and a master-key of 32 hex digits",
                   group);
      return FALSE;
    }
  tw_issuer_add_card (self, pan, g_bytes_get_data (key, NULL));
  tw_wipe (pan, strlen (pan));
  (*n_cards)++;

  return TRUE;
}

static gboolean
load_file (TwIssuer   *self,
           const char *path,
           guint      *n_cards,
           GError    **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &cause))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card %s: %s", path, cause->message);
      return FALSE;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!load_group (self, file, groups[i], n_cards, error))
      {
        g_prefix_error (error, "card %s: ", path);
        return FALSE;
      }

  return TRUE;
}

gboolean
tw_issuer_load (TwIssuer   *self,
                const char *dir,
                guint      *n_cards,
                GError    **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) listing = g_dir_open (dir, 0, &cause);

  *n_cards = 0;
  if (listing == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "cards: %s", cause->message);
      return FALSE;
    }
  for (const char *name = g_dir_read_name (listing); name != NULL; name = g_dir_read_name (listing))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_str_has_suffix (name, ".card") && !load_file (self, path, n_cards, error))
        return FALSE;
    }

  return TRUE;
}

void
tw_issuer_add_rule (TwIssuer           *self,
                    const TwIssuerRule *rule)
{
  Rule *copy = g_new0 (Rule, 1);

  copy->act = g_strdup (rule->act);
  copy->hash = rule->pan != NULL ? hash_of (self, rule->pan) : NULL;
  copy->status = g_intern_string (rule->status);
  copy->reason = g_intern_string (rule->reason);
  copy->amount_minor = rule->amount_minor;
  copy->count = rule->count;
  g_ptr_array_insert (self->rules, 0, copy);
}

void
tw_issuer_clear_rules (TwIssuer *self)
{
  g_ptr_array_set_size (self->rules, 0);
}

void
tw_issuer_write_rules (TwIssuer  *self,
                       TwJsonOut *out)
{
  tw_json_out_begin_array (out, "rules");
  for (guint i = 0; i < self->rules->len; i++)
    {
      const Rule *rule = self->rules->pdata[i];

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "op", rule->act);
      tw_json_out_string (out, "status", rule->status);
      tw_json_out_string (out, "reason", rule->reason);
      tw_json_out_bool (out, "one_card", rule->hash != NULL);
      tw_json_out_int64 (out, "count", rule->count);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

void
tw_issuer_set_cents (TwIssuer *self,
                     gboolean  on)
{
  self->cents = on;
}

static TwDecision
decline (const char *reason,
         const char *response_code,
         const char *note)
{
  return (TwDecision){ .status = "DECLINED", .reason = reason, .response_code = response_code, .note = note };
}

static gboolean
has_expired (const TwTrack *track,
             gint64         now_s)
{
  time_t now = (time_t) now_s;
  struct tm tm;
  int year, month, years_left;

  gmtime_r (&now, &tm);
  year = (track->expiry[0] - '0') * 10 + track->expiry[1] - '0';
  month = (track->expiry[2] - '0') * 10 + track->expiry[3] - '0';
  /* Two-digit years: up to half a century ahead, else in the past. */
  years_left = (year - tm.tm_year % 100 + 100) % 100;

  return years_left >= 50 || (years_left == 0 && month < tm.tm_mon + 1);
}

/* The same unpredictable number twice within one bench is a terminal without a generator, or a recorded tap. */
static gboolean
number_is_replayed (TwIssuer     *self,
                    const TwTags *tags)
{
  gsize n;
  const guint8 *value = tw_tags_get (tags, 0x9F37, &n);

  return !g_hash_table_add (self->numbers, tw_hex_encode (value, n));
}

/* The key is derived as the issuer does: from what the message says, not from what the card's file says. */
static gboolean
card_signed (const Card   *card,
             const TwWish *wish)
{
  guint8 key[16];

  tw_cryptogram_card_key (card->master_key, wish->track.pan, wish->card_sequence, key);

  return tw_cryptogram_is_right (key, wish->tags);
}

/* TRUE: *decision is final. */
static gboolean
check_chip (TwIssuer     *self,
            const TwWish *wish,
            const char   *card_hash,
            TwDecision   *decision)
{
  Card *card = card_hash != NULL ? g_hash_table_lookup (self->cards, card_hash) : NULL;
  const guint8 *value;
  gsize n;
  gint atc;

  value = tw_tags_get (wish->tags, 0x9F36, &n);
  atc = value[0] << 8 | value[1];
  if (card != NULL && !card_signed (card, wish))
    {
      *decision = decline ("PROCESSOR_DECLINED", "82", "cryptogram-wrong");
      return TRUE;
    }
  if (card != NULL && atc <= card->last_atc)
    {
      *decision = decline ("PROCESSOR_DECLINED", "82", "atc-not-higher");
      return TRUE;
    }
  if (number_is_replayed (self, wish->tags))
    {
      *decision = decline ("PROCESSOR_DECLINED", "82", "un-replayed");
      return TRUE;
    }
  if (card != NULL)
    card->last_atc = atc;
  decision->note = card != NULL ? "cryptogram-right" : "cryptogram-unchecked";

  return FALSE;
}

static void
apply (TwDecision   *decision,
       const TwWish *wish,
       const char   *status,
       const char   *reason,
       gint64        partial_minor)
{
  gboolean nothing_held = strcmp (status, "DECLINED") == 0 || g_str_has_prefix (status, "PENDING_")
                          || strcmp (status, "INVALID_REQUEST") == 0;

  decision->status = status;
  decision->reason = reason;
  decision->response_code = nothing_held ? "05" : "00";
  decision->held_minor = nothing_held ? 0 : wish->amount_minor;
  if (strcmp (status, "PARTIAL_AUTHORIZED") == 0)
    {
      decision->response_code = "10";
      decision->held_minor = partial_minor > 0 ? MIN (partial_minor, wish->amount_minor) : wish->amount_minor / 2;
    }
}

static Rule *
find_rule (TwIssuer   *self,
           const char *act,
           const char *card_hash)
{
  for (guint i = 0; i < self->rules->len; i++)
    {
      Rule *rule = self->rules->pdata[i];

      if (rule->count != 0 && strcmp (rule->act, act) == 0
          && (rule->hash == NULL || g_strcmp0 (rule->hash, card_hash) == 0))
        return rule;
    }

  return NULL;
}

TwDecision
tw_issuer_decide (TwIssuer     *self,
                  const TwWish *wish,
                  const char   *card_hash,
                  gint64        now_s)
{
  TwDecision decision = { 0 };
  Rule *rule;

  if (wish->has_track && has_expired (&wish->track, now_s))
    return decline ("EXPIRED_CARD", "54", "card-expired");
  if (wish->act == TW_ACT_AUTHORIZE && wish->tags != NULL && check_chip (self, wish, card_hash, &decision))
    return decision;

  apply (&decision, wish, "AUTHORIZED", NULL, -1);
  rule = find_rule (self, tw_act_name (wish->act), card_hash);
  if (rule != NULL)
    {
      rule->count -= rule->count > 0;
      apply (&decision, wish, rule->status, rule->reason, rule->amount_minor);
      return decision;
    }

  for (guint i = 0; self->cents && tw_coin_digits (wish->currency) == 2 && i < G_N_ELEMENTS (BY_CENTS); i++)
    if (wish->amount_minor % 100 == BY_CENTS[i].cents)
      apply (&decision, wish, BY_CENTS[i].status, BY_CENTS[i].reason, -1);

  return decision;
}
