/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile: the intakes of a run, each with writers of its own. */
#pragma once

#include "payment/reconcile/run.h"

void     tw_intake_free (gpointer intake);
/* All that was taken is in its partition; the intakes are no more. */
gboolean tw_intakes_flush (TwReconciliation *self, GError **error);
