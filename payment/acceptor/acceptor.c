/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/acceptor/acceptor.h"

struct _TwAcceptor
{
  const TwAcceptorFuncs *funcs;
  gpointer               self;
};

void
tw_card_free (TwCard *self)
{
  if (self == NULL)
    return;

  g_free (self->kind);
  g_free (self->masked);
  g_free (self->brand);
  g_free (self->label);
  g_free (self->aid);
  g_free (self->fingerprint);
  g_free (self->fingerprint_old);
  g_free (self);
}

TwCard *
tw_card_copy (const TwCard *self)
{
  TwCard *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (TwCard, 1);
  copy->kind = g_strdup (self->kind);
  copy->masked = g_strdup (self->masked);
  copy->brand = g_strdup (self->brand);
  copy->label = g_strdup (self->label);
  copy->aid = g_strdup (self->aid);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->fingerprint_old = g_strdup (self->fingerprint_old);
  copy->test_mode = self->test_mode;

  return copy;
}

const char *
tw_operation_name (TwOperation operation)
{
  switch (operation)
    {
    case TW_OPERATION_AUTHORIZE: return "authorize";
    case TW_OPERATION_CAPTURE:   return "capture";
    case TW_OPERATION_RELEASE:   return "release";
    case TW_OPERATION_REFUND:    return "refund";
    case TW_OPERATION_RAISE:     return "raise";
    }
  g_assert_not_reached ();
}

TwAcceptor *
tw_acceptor_new (const TwAcceptorFuncs *funcs,
                 gpointer               self)
{
  TwAcceptor *acceptor = g_new0 (TwAcceptor, 1);

  acceptor->funcs = funcs;
  acceptor->self = self;

  return acceptor;
}

void
tw_acceptor_free (TwAcceptor *self)
{
  if (self == NULL)
    return;

  self->funcs->free (self->self);
  g_free (self);
}

TwAcceptorCapabilities
tw_acceptor_capabilities (TwAcceptor *self)
{
  return self->funcs->capabilities (self->self);
}

gboolean
tw_acceptor_ready (TwAcceptor  *self,
                   const char **why_not)
{
  return self->funcs->ready (self->self, why_not);
}

void
tw_acceptor_watch (TwAcceptor  *self,
                   GSourceFunc  changed,
                   gpointer     user_data)
{
  self->funcs->watch (self->self, changed, user_data);
}

void
tw_acceptor_take (TwAcceptor         *self,
                  const TwOffer      *offer,
                  gint64              deadline_ms,
                  const TwTakeEvents *events,
                  gpointer            user_data)
{
  self->funcs->take (self->self, offer, deadline_ms, events, user_data);
}

void
tw_acceptor_proceed (TwAcceptor *self)
{
  self->funcs->proceed (self->self);
}

void
tw_acceptor_cancel (TwAcceptor *self)
{
  self->funcs->cancel (self->self);
}

void
tw_acceptor_identify (TwAcceptor   *self,
                      gint64        deadline_ms,
                      TwIdentified  done,
                      gpointer      user_data)
{
  self->funcs->identify (self->self, deadline_ms, done, user_data);
}

void
tw_acceptor_capture (TwAcceptor      *self,
                     GBytes          *reference,
                     const char      *key,
                     gint64           amount_minor,
                     TwOperationDone  done,
                     gpointer         user_data)
{
  self->funcs->operate (self->self, TW_OPERATION_CAPTURE, reference, key, amount_minor, done, user_data);
}

void
tw_acceptor_release (TwAcceptor      *self,
                     GBytes          *reference,
                     const char      *key,
                     TwOperationDone  done,
                     gpointer         user_data)
{
  self->funcs->operate (self->self, TW_OPERATION_RELEASE, reference, key, 0, done, user_data);
}

void
tw_acceptor_refund (TwAcceptor      *self,
                    GBytes          *reference,
                    const char      *key,
                    gint64           amount_minor,
                    TwOperationDone  done,
                    gpointer         user_data)
{
  self->funcs->operate (self->self, TW_OPERATION_REFUND, reference, key, amount_minor, done, user_data);
}

void
tw_acceptor_raise (TwAcceptor      *self,
                   GBytes          *reference,
                   const char      *key,
                   gint64           to_minor,
                   TwOperationDone  done,
                   gpointer         user_data)
{
  self->funcs->operate (self->self, TW_OPERATION_RAISE, reference, key, to_minor, done, user_data);
}

void
tw_acceptor_inquire (TwAcceptor      *self,
                     GBytes          *reference,
                     const char      *key,
                     TwOperationDone  done,
                     gpointer         user_data)
{
  self->funcs->inquire (self->self, reference, key, done, user_data);
}
