/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"

G_DEFINE_QUARK (tw-error-quark, tw_error)
