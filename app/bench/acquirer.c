/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/visit.h"

static const char *const HOSTS[] = { "apitest.cybersource.com", "localhost", "127.0.0.1", NULL };

gint64
tw_acquirer_now_us (TwAcquirer *self)
{
  return g_get_real_time () + self->clock_offset_us;
}

gboolean
tw_acquirer_listen (TwAcquirer *self,
                    TwTlsKind   tls,
                    GError    **error)
{
  g_autofree char *file = tw_certificates_tls_file (self->certificates, tls);

  g_clear_pointer (&self->face, tw_https_face_free);
  self->face = tw_https_face_new (self->port, file, tw_visit_begin, self, error);
  if (self->face == NULL)
    return FALSE;

  self->port = tw_https_face_port (self->face);
  self->tls = tls;

  return TRUE;
}

TwAcquirer *
tw_acquirer_new (const TwAcquirerOptions *options,
                 GError                 **error)
{
  g_autoptr (TwAcquirer) self = g_new0 (TwAcquirer, 1);
  const TwCertificates *c = options->certificates;
  guint n_cards;

  self->certificates = c;
  self->happenings = options->happenings;
  self->port = options->port;
  self->visits = g_ptr_array_new_with_free_func (tw_visit_free);
  self->ledger = tw_ledger_new (options->ledger, error);
  if (self->ledger == NULL)
    return NULL;

  tw_ledger_tell (self->ledger, self->happenings);
  self->door = tw_jwt_check_new (c->key_id, c->shared_secret, c->merchant_id, c->response_key_id, HOSTS);
  self->issuer = tw_issuer_new ();
  self->payments = tw_payments_new (self->issuer, self->ledger);
  self->lookups = tw_lookups_new (self->payments, c->merchant_id);
  self->faults = tw_faults_new ();
  if (options->cards != NULL && !tw_issuer_load (self->issuer, options->cards, &n_cards, error))
    return NULL;
  if (!tw_acquirer_listen (self, TW_TLS_RIGHT, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_acquirer_free (TwAcquirer *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; self->visits != NULL && i < self->visits->len; i++)
    tw_visit_abandon (self->visits->pdata[i]);
  g_clear_pointer (&self->visits, g_ptr_array_unref);
  g_clear_pointer (&self->face, tw_https_face_free);
  tw_jwt_check_free (self->door);
  tw_lookups_free (self->lookups);
  tw_payments_free (self->payments);
  tw_issuer_free (self->issuer);
  tw_faults_free (self->faults);
  tw_ledger_free (self->ledger);
  g_free (self);
}

guint
tw_acquirer_port (TwAcquirer *self)
{
  return self->port;
}

void
tw_acquirer_write_ledger (TwAcquirer *self,
                          const char *code,
                          TwJsonOut  *out)
{
  tw_ledger_write_payments (self->ledger, code, out);
  tw_ledger_write_lines (self->ledger, code, out);
}
