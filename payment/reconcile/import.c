/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/intake.h"

void
tw_import_init (TwImport *self)
{
  *self = (TwImport) {
    .first_us = TW_NOT_STATED,
    .last_us = TW_NOT_STATED,
    .notices = g_ptr_array_new_with_free_func (g_free),
  };
}

void
tw_import_clear (TwImport *self)
{
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->reading, g_free);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
}
