/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/acceptor: what the card acceptor has to know of a hold to act on it after a restart, as the bytes
 * that the station journals. Nothing in it is sensitive.
 */
#pragma once

#include "payment/gateway/gateway.h"

#define TW_HOLD_MAX_LIFE_HOURS (366 * 24)

typedef struct
{
  char   *gateway;          /* kind */
  char   *code;             /* session */
  char   *transaction_id;   /* key of the authorization */
  char   *digest;           /* hex SHA-256 of the sealed request */
  char   *comments;         /* as sent, so that a changed configuration changes no repeated request; NULL */
  char   *id;               /* the service's; NULL until it answered */
  char   *capture_id;       /* the service's; NULL until captured */
  char  **refund_ids;       /* the service's, of refunds that are done, in their order; NULL: none */
  char   *reconciliation_id;/* of the capture: what settlement files call it; NULL: not told */
  guint   life_hours;       /* of the hold, as configured when it was asked for; 0: not known */
  TwMoney amount;           /* asked for; once answered: authorized */
} TwHold;

TwHold *tw_hold_new (const char *gateway, const char *code, const char *transaction_id, const char *comments,
                     TwMoney amount);
TwHold *tw_hold_copy (const TwHold *self);
void    tw_hold_free (TwHold *self);
void    tw_hold_add_refund (TwHold *self, const char *id);      /* once more is as good as once */

GBytes *tw_hold_to_reference (const TwHold *self);
/* BAD_DATA: not a reference of this acceptor. Unknown members are ignored. */
TwHold *tw_hold_from_reference (GBytes *reference, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHold, tw_hold_free)
