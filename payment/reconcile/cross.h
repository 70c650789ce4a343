/* SPDX-License-Identifier: Apache-2.0 */
/* Signed records across all sales: one that is beside two sales, and numbers that a meter left out or gave twice. */
#pragma once

#include "payment/reconcile/run.h"

gboolean tw_cross_add (TwHand *worker, const TwSale *sale, const TwEnergy *energy, GError **error);
/* Of no sale that is known: its numbers are none that a meter left out. told: that nobody sold its energy, if it lies
 * between sales that are known, of its meter or (without one) of all. */
gboolean tw_cross_add_unclaimed (TwHand *worker, const TwEnergy *energy, gboolean told, GError **error);
/* After the last sale; what is found goes to the first worker. */
gboolean tw_cross_judge (TwReconciliation *self, GError **error);
