/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/acceptor/hold.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

TwHold *
tw_hold_new (const char *gateway,
             const char *code,
             const char *transaction_id,
             const char *comments,
             TwMoney     amount)
{
  TwHold *self = g_new0 (TwHold, 1);

  self->gateway = g_strdup (gateway);
  self->code = g_strdup (code);
  self->transaction_id = g_strdup (transaction_id);
  self->comments = g_strdup (comments);
  self->amount = amount;

  return self;
}

TwHold *
tw_hold_copy (const TwHold *self)
{
  TwHold *copy = g_new0 (TwHold, 1);

  copy->gateway = g_strdup (self->gateway);
  copy->code = g_strdup (self->code);
  copy->transaction_id = g_strdup (self->transaction_id);
  copy->digest = g_strdup (self->digest);
  copy->comments = g_strdup (self->comments);
  copy->id = g_strdup (self->id);
  copy->capture_id = g_strdup (self->capture_id);
  copy->refund_ids = g_strdupv (self->refund_ids);
  copy->reconciliation_id = g_strdup (self->reconciliation_id);
  copy->life_hours = self->life_hours;
  copy->amount = self->amount;

  return copy;
}

void
tw_hold_free (TwHold *self)
{
  if (self == NULL)
    return;

  g_free (self->gateway);
  g_free (self->code);
  g_free (self->transaction_id);
  g_free (self->digest);
  g_free (self->comments);
  g_free (self->id);
  g_free (self->capture_id);
  g_strfreev (self->refund_ids);
  g_free (self->reconciliation_id);
  g_free (self);
}

void
tw_hold_add_refund (TwHold     *self,
                    const char *id)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  if (self->refund_ids != NULL && g_strv_contains ((const char *const *) self->refund_ids, id))
    return;
  if (self->refund_ids != NULL)
    g_strv_builder_addv (ids, (const char **) self->refund_ids);
  g_strv_builder_add (ids, id);
  g_strfreev (self->refund_ids);
  self->refund_ids = g_strv_builder_end (ids);
}

static void
optional (TwJsonOut  *out,
          const char *key,
          const char *value)
{
  if (value != NULL)
    tw_json_out_string (out, key, value);
}

/* The last one by itself, for who reads one. */
static void
write_refunds (TwJsonOut   *out,
               char *const *ids)
{
  guint n = ids != NULL ? g_strv_length ((char **) ids) : 0;

  if (n == 0)
    return;
  tw_json_out_string (out, "refund_id", ids[n - 1]);
  tw_json_out_begin_array (out, "refund_ids");
  for (guint i = 0; i < n; i++)
    tw_json_out_string (out, NULL, ids[i]);
  tw_json_out_end (out);
}

GBytes *
tw_hold_to_reference (const TwHold *self)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "gateway", self->gateway);
  tw_json_out_string (out, "code", self->code);
  tw_json_out_string (out, "transaction_id", self->transaction_id);
  tw_json_out_int64 (out, "amount_minor", self->amount.minor);
  tw_json_out_string (out, "currency", self->amount.currency);
  optional (out, "digest", self->digest);
  optional (out, "comments", self->comments);
  optional (out, "id", self->id);
  optional (out, "capture_id", self->capture_id);
  optional (out, "reconciliation_id", self->reconciliation_id);
  write_refunds (out, self->refund_ids);
  if (self->life_hours != 0)
    tw_json_out_int64 (out, "life_hours", self->life_hours);

  return tw_json_out_finish (out);
}

/* Older references have none. */
static guint
read_life (const TwJson *root)
{
  gint64 hours;

  if (tw_json_member (root, "life_hours") == NULL || !tw_json_get_int64 (root, "life_hours", &hours, NULL))
    return 0;

  return hours > 0 && hours <= TW_HOLD_MAX_LIFE_HOURS ? (guint) hours : 0;
}

static void
read_refunds (TwHold       *self,
              const TwJson *ids)
{
  for (guint i = 0; i < tw_json_length (ids); i++)
    {
      const char *id = tw_json_string (tw_json_element (ids, i));

      if (id != NULL)
        tw_hold_add_refund (self, id);
    }
}

TwHold *
tw_hold_from_reference (GBytes  *reference,
                        GError **error)
{
  g_autoptr(TwHold) self = g_new0 (TwHold, 1);
  g_autoptr(TwJson) root = NULL;
  const char *currency;

  root = tw_json_parse (g_bytes_get_data (reference, NULL), g_bytes_get_size (reference), &TW_JSON_SMALL, error);
  if (root == NULL || (currency = tw_json_get_string (root, "currency", error)) == NULL
      || !tw_json_get_int64 (root, "amount_minor", &self->amount.minor, error))
    return NULL;

  if (self->amount.minor <= 0 || strlen (currency) != 3 || tw_currency_digits (currency) < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.amount_minor: not an amount of a hold");
      return NULL;
    }

  self->amount = tw_money (self->amount.minor, currency);
  self->gateway = g_strdup (tw_json_get_string (root, "gateway", error));
  self->code = self->gateway == NULL ? NULL : g_strdup (tw_json_get_string (root, "code", error));
  self->transaction_id = self->code == NULL ? NULL : g_strdup (tw_json_get_string (root, "transaction_id", error));
  if (self->transaction_id == NULL)
    return NULL;

  self->digest = g_strdup (tw_json_string (tw_json_member (root, "digest")));
  self->comments = g_strdup (tw_json_string (tw_json_member (root, "comments")));
  self->id = g_strdup (tw_json_string (tw_json_member (root, "id")));
  self->capture_id = g_strdup (tw_json_string (tw_json_member (root, "capture_id")));
  self->reconciliation_id = g_strdup (tw_json_string (tw_json_member (root, "reconciliation_id")));
  read_refunds (self, tw_json_member (root, "refund_ids"));
  self->life_hours = read_life (root);

  return g_steal_pointer (&self);
}
