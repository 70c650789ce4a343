/* SPDX-License-Identifier: Apache-2.0 */
/* What is often found where a data set was expected. Pure. This folder's own. */
#pragma once

#include "payment/reconcile/sale.h"

/* bytes: how the file begins. BAD_DATA: it is something else, with its name and what to do. */
gboolean tw_stranger_refuse (TwChars bytes, const char *path, GError **error);
