/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody has done to the acquirer, as a whole: how it is now, and how all of it is undone. */
#include "app/bench/acquirer-private.h"

void
tw_acquirer_set_lag (TwAcquirer *self,
                     gint64      search_ms,
                     gint64      details_ms)
{
  self->search_lag_ms = search_ms;
  self->details_lag_ms = details_ms;
  tw_lookups_set_lag (self->lookups, search_ms, details_ms);
}

void
tw_acquirer_set_cents (TwAcquirer *self,
                       gboolean    on)
{
  self->no_cents = !on;
  tw_issuer_set_cents (self->issuer, on);
}

void
tw_acquirer_write_weather (TwAcquirer *self,
                           TwJsonOut  *out)
{
  static const char *const TLS[] = { "right", "untrusted", "wrong-name", "expired" };

  tw_json_out_bool (out, "listening", self->face != NULL);
  tw_json_out_string (out, "tls", TLS[self->tls]);
  tw_json_out_int64 (out, "waiting", self->visits->len);
  tw_json_out_int64 (out, "clock_offset_s", self->clock_offset_us / G_USEC_PER_SEC);
  tw_json_out_int64 (out, "search_lag_ms", self->search_lag_ms);
  tw_json_out_int64 (out, "details_lag_ms", self->details_lag_ms);
  tw_json_out_bool (out, "cents", !self->no_cents);
  tw_faults_write (self->faults, out);
  tw_issuer_write_rules (self->issuer, out);
}

gboolean
tw_acquirer_mend (TwAcquirer *self,
                  GError    **error)
{
  tw_faults_clear (self->faults);
  tw_acquirer_go_on (self);
  tw_issuer_clear_rules (self->issuer);
  tw_acquirer_set_cents (self, TRUE);
  tw_acquirer_set_lag (self, 0, 0);
  self->clock_offset_us = 0;
  self->answer_alg = TW_MLE_OAEP_256;
  self->answer_enc = TW_MLE_A256GCM;

  return (self->face != NULL && self->tls == TW_TLS_RIGHT) || tw_acquirer_listen (self, TW_TLS_RIGHT, error);
}
