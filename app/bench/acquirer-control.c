/* SPDX-License-Identifier: Apache-2.0 */
/* The acquirer's orders, as the control socket brings them. README.md lists them for people. */
#include "app/bench/acquirer-private.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/bench/coins.h"
#include "app/bench/options.h"

#define LONGEST_MS (24 * 60 * 60 * 1000)
#define LONGEST_S (100LL * 366 * 24 * 60 * 60)

typedef gboolean (*Order) (TwAcquirer *self, const char *argument, const TwJson *options, TwJsonOut *out,
                           GError **error);

static gboolean
read_act (const TwJson *options,
          TwAct         otherwise,
          TwAct        *act,
          GError      **error)
{
  const char *op = tw_options_text (options, "op");

  *act = otherwise;
  if (op == NULL || strcmp (op, "any") == 0)
    return TRUE;
  *act = tw_act_from_name (op);
  if (*act != TW_N_ACTS)
    return TRUE;

  return tw_options_refuse (error, "op=%s: accepted are any, authorize, increment, capture, reversal, "
                            "timeout-reversal, void, timeout-void, refund, read, search, search-again, refresh", op);
}

static gboolean
read_amount (const TwJson *options,
             gint64       *minor,
             GError      **error)
{
  const char *amount = tw_options_text (options, "amount");
  const char *currency = tw_options_text (options, "currency");

  *minor = -1;
  if (amount == NULL || tw_coin_parse (amount, currency != NULL ? currency : "EUR", minor))
    return TRUE;

  return tw_options_refuse (error, "amount=%s: accepted is a decimal amount like 20.00 (currency=EUR)", amount);
}

static gboolean
add_rule (TwAcquirer   *self,
          const char   *argument,
          const TwJson *options,
          gint64        count_otherwise,
          GError      **error)
{
  static const struct { const char *word, *status, *reason; } WORDS[] = {
    { "approve", "AUTHORIZED", NULL },
    { "decline", "DECLINED", "PROCESSOR_DECLINED" },
    { "partial", "PARTIAL_AUTHORIZED", NULL },
    { "review", "AUTHORIZED_PENDING_REVIEW", NULL },
    { "risk", "AUTHORIZED_RISK_DECLINED", NULL },
    { "pending", "PENDING_AUTHENTICATION", NULL },
    { "odd", "SOMETHING_NEW", NULL },
  };
  const char *given = tw_options_text (options, "reason");
  TwIssuerRule rule = { .pan = tw_options_text (options, "pan") };
  TwAct act;

  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++)
    if (strcmp (WORDS[i].word, argument) == 0)
      {
        rule.status = WORDS[i].status;
        rule.reason = WORDS[i].reason != NULL && given != NULL ? given : WORDS[i].reason;
      }
  if (rule.status == NULL)
    return tw_options_refuse (error, "rule %s: accepted are approve, decline, partial, review, risk, pending, odd, "
                              "clear", argument);
  if (!read_act (options, TW_ACT_AUTHORIZE, &act, error) || !read_amount (options, &rule.amount_minor, error)
      || !tw_options_number (options, "count", -1, G_MAXINT32, count_otherwise, &rule.count, error))
    return FALSE;
  if (act != TW_ACT_AUTHORIZE && act != TW_ACT_INCREMENT)
    return tw_options_refuse (error, "rule: op must be authorize or increment");

  rule.act = tw_act_name (act);
  tw_issuer_add_rule (self->issuer, &rule);

  return TRUE;
}

static gboolean
order_rule (TwAcquirer   *self,
            const char   *argument,
            const TwJson *options,
            TwJsonOut    *out,
            GError      **error)
{
  if (strcmp (argument, "clear") != 0)
    return add_rule (self, argument, options, -1, error);

  tw_issuer_clear_rules (self->issuer);

  return TRUE;
}

/* What happens after acting by its nature, whatever "when" says. */
static gboolean
is_after (TwFaultKind kind)
{
  return kind == TW_FAULT_CUT || kind == TW_FAULT_TWICE;
}

static gboolean
order_fault (TwAcquirer   *self,
             const char   *argument,
             const TwJson *options,
             TwJsonOut    *out,
             GError      **error)
{
  const char *when = tw_options_text (options, "when");
  const char *reason = tw_options_text (options, "reason");
  TwFault fault = { .kind = tw_fault_kind_from_name (argument) };

  if (strcmp (argument, "clear") == 0)
    {
      tw_faults_clear (self->faults);
      return TRUE;
    }
  if (strcmp (argument, "partial") == 0)
    return add_rule (self, argument, options, 1, error);
  if (fault.kind == TW_N_FAULTS)
    {
      g_autofree char *names = tw_fault_names ();

      return tw_options_refuse (error, "fault %s: accepted are %s, partial, clear", argument, names);
    }
  if (!read_act (options, TW_N_ACTS, &fault.act, error)
      || !tw_options_number (options, "ms", 0, LONGEST_MS, 1000, &fault.ms, error)
      || !tw_options_number (options, "count", -1, G_MAXINT32, 1, &fault.count, error))
    return FALSE;
  if (when != NULL && strcmp (when, "before") != 0 && strcmp (when, "after") != 0)
    return tw_options_refuse (error, "when=%s: accepted are before, after", when);
  if (fault.count == 0)
    return TRUE;

  fault.after = is_after (fault.kind) || g_strcmp0 (when, "after") == 0;
  if (reason == NULL)
    reason = fault.kind == TW_FAULT_REFUSE ? "PROCESSOR_UNAVAILABLE" : "SYSTEM_ERROR";
  fault.reason = g_intern_string (reason);
  tw_faults_add (self->faults, &fault);

  return TRUE;
}

static gboolean
order_go_on (TwAcquirer   *self,
             const char   *argument,
             const TwJson *options,
             TwJsonOut    *out,
             GError      **error)
{
  tw_json_out_int64 (out, "released", tw_acquirer_go_on (self));

  return TRUE;
}

static gboolean
order_card (TwAcquirer   *self,
            const char   *argument,
            const TwJson *options,
            TwJsonOut    *out,
            GError      **error)
{
  const char *pan = tw_options_text (options, "pan");
  const char *hex = tw_options_text (options, "master-key");
  g_autoptr (GBytes) key = hex != NULL ? tw_hex_decode (hex, NULL) : NULL;

  if (pan == NULL || key == NULL || g_bytes_get_size (key) != 16 || strspn (pan, "0123456789") != strlen (pan))
    return tw_options_refuse (error, "card: pan=DIGITS master-key=32 HEX DIGITS are needed");

  tw_issuer_add_card (self->issuer, pan, g_bytes_get_data (key, NULL));

  return TRUE;
}

static gboolean
order_cents (TwAcquirer   *self,
             const char   *argument,
             const TwJson *options,
             TwJsonOut    *out,
             GError      **error)
{
  if (strcmp (argument, "on") != 0 && strcmp (argument, "off") != 0)
    return tw_options_refuse (error, "cents %s: accepted are on, off", argument);

  tw_acquirer_set_cents (self, strcmp (argument, "on") == 0);

  return TRUE;
}

static gboolean
order_lag (TwAcquirer   *self,
           const char   *argument,
           const TwJson *options,
           TwJsonOut    *out,
           GError      **error)
{
  gint64 search, details;

  if (!tw_options_number (options, "search-ms", 0, LONGEST_MS, 0, &search, error)
      || !tw_options_number (options, "details-ms", 0, LONGEST_MS, 0, &details, error))
    return FALSE;

  tw_acquirer_set_lag (self, search, details);

  return TRUE;
}

static gboolean
order_tls (TwAcquirer   *self,
           const char   *argument,
           const TwJson *options,
           TwJsonOut    *out,
           GError      **error)
{
  static const char *const KINDS[] = { "right", "untrusted", "wrong-name", "expired" };

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (strcmp (KINDS[i], argument) == 0)
      return tw_acquirer_listen (self, i, error);

  return tw_options_refuse (error, "tls %s: accepted are right, untrusted, wrong-name, expired", argument);
}

static gboolean
order_down (TwAcquirer   *self,
            const char   *argument,
            const TwJson *options,
            TwJsonOut    *out,
            GError      **error)
{
  g_clear_pointer (&self->face, tw_https_face_free);

  return TRUE;
}

static gboolean
order_up (TwAcquirer   *self,
          const char   *argument,
          const TwJson *options,
          TwJsonOut    *out,
          GError      **error)
{
  return self->face != NULL || tw_acquirer_listen (self, self->tls, error);
}

static gboolean
order_clock (TwAcquirer   *self,
             const char   *argument,
             const TwJson *options,
             TwJsonOut    *out,
             GError      **error)
{
  gint64 offset_s;

  if (!tw_options_number (options, "offset-s", -LONGEST_S, LONGEST_S, 0, &offset_s, error))
    return FALSE;

  self->clock_offset_us = offset_s * G_USEC_PER_SEC;

  return TRUE;
}

static gboolean
order_mle (TwAcquirer   *self,
           const char   *argument,
           const TwJson *options,
           TwJsonOut    *out,
           GError      **error)
{
  const char *alg = tw_options_text (options, "alg");
  const char *enc = tw_options_text (options, "enc");

  if ((alg != NULL && strcmp (alg, "RSA-OAEP") != 0 && strcmp (alg, "RSA-OAEP-256") != 0)
      || (enc != NULL && strcmp (enc, "A128GCM") != 0 && strcmp (enc, "A256GCM") != 0))
    return tw_options_refuse (error, "mle: accepted are alg=RSA-OAEP-256|RSA-OAEP enc=A256GCM|A128GCM");

  self->answer_alg = g_strcmp0 (alg, "RSA-OAEP") == 0 ? TW_MLE_OAEP : TW_MLE_OAEP_256;
  self->answer_enc = g_strcmp0 (enc, "A128GCM") == 0 ? TW_MLE_A128GCM : TW_MLE_A256GCM;

  return TRUE;
}

static gboolean
order_expire (TwAcquirer   *self,
              const char   *argument,
              const TwJson *options,
              TwJsonOut    *out,
              GError      **error)
{
  tw_json_out_int64 (out, "expired", tw_payments_expire (self->payments, tw_options_text (options, "code")));

  return TRUE;
}

static gboolean
order_settle (TwAcquirer   *self,
              const char   *argument,
              const TwJson *options,
              TwJsonOut    *out,
              GError      **error)
{
  tw_payments_settle (self->payments, out);

  return TRUE;
}

static void
write_times (TwAcquirer *self,
             TwJsonOut  *out)
{
  guint n = 0;
  const TwVisitTime *times = self->face != NULL ? tw_https_face_times (self->face, &n) : NULL;

  tw_json_out_begin_array (out, "times");
  for (guint i = 0; i < n; i++)
    {
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "act", tw_act_name (times[i].act));
      tw_json_out_int64 (out, "arrived_us", times[i].arrived_us);
      tw_json_out_int64 (out, "answered_us", times[i].answered_us);
      tw_json_out_bool (out, "fresh", times[i].fresh);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static gboolean
order_requests (TwAcquirer   *self,
                const char   *argument,
                const TwJson *options,
                TwJsonOut    *out,
                GError      **error)
{
  tw_json_out_begin_object (out, "came");
  for (guint i = 0; i < TW_N_ACTS; i++)
    tw_json_out_int64 (out, tw_act_name (i), self->came[i]);
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "acted");
  for (guint i = 0; i < TW_N_ACTS; i++)
    tw_json_out_int64 (out, tw_act_name (i), self->acted[i]);
  tw_json_out_end (out);
  tw_json_out_int64 (out, "waiting", self->visits->len);
  tw_json_out_int64 (out, "faults", tw_faults_n_pending (self->faults));
  tw_json_out_int64 (out, "port", self->port);
  tw_json_out_bool (out, "listening", self->face != NULL);
  write_times (self, out);

  return TRUE;
}

static const struct
{
  const char *word;
  gboolean    needs_argument;
  const char *options;      /* accepted names */
  Order       order;
} ORDERS[] = {
  { "fault", TRUE, "op when ms reason count pan amount currency", order_fault },
  { "rule", TRUE, "op pan reason amount currency count", order_rule },
  { "go-on", FALSE, "", order_go_on },
  { "card", FALSE, "pan master-key", order_card },
  { "cents", TRUE, "", order_cents },
  { "lag", FALSE, "search-ms details-ms", order_lag },
  { "tls", TRUE, "", order_tls },
  { "down", FALSE, "", order_down },
  { "up", FALSE, "", order_up },
  { "clock", FALSE, "offset-s", order_clock },
  { "mle", FALSE, "alg enc", order_mle },
  { "expire", FALSE, "code", order_expire },
  { "settle", FALSE, "", order_settle },
  { "requests", FALSE, "", order_requests },
};

gboolean
tw_acquirer_control (TwAcquirer        *self,
                     const char *const *words,
                     const TwJson      *options,
                     TwJsonOut         *out,
                     GError           **error)
{
  guint n = g_strv_length ((GStrv) words);
  g_autoptr (GString) accepted = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ORDERS); i++)
    {
      g_string_append_printf (accepted, "%s%s", i > 0 ? ", " : "", ORDERS[i].word);
      if (n == 0 || strcmp (words[0], ORDERS[i].word) != 0)
        continue;
      if (n != (ORDERS[i].needs_argument ? 2 : 1))
        return tw_options_refuse (error, "acquirer %s: takes %s", words[0],
                                  ORDERS[i].needs_argument ? "one word after it" : "no word after it");
      return tw_options_only (options, ORDERS[i].options, error)
             && ORDERS[i].order (self, n > 1 ? words[1] : NULL, options, out, error);
    }

  return tw_options_refuse (error, "acquirer %s: accepted are %s", n > 0 ? words[0] : "", accepted->str);
}
