/* SPDX-License-Identifier: Apache-2.0 */
/* From a tariff's JSON to its model. This folder's own. */
#pragma once

#include "payment/tariff/model.h"

/* For "if (!...) return FALSE" around what can be read without its neighbours. error: not NULL where there are
 * faults. */
static inline gboolean
tw_tariff_keep_on (TwTariff *self, gboolean good, GError **error)
{
  if (!good && self->faults != NULL)
    g_ptr_array_add (self->faults, g_steal_pointer (error));

  return good || self->faults != NULL;
}

/* As tw_tariff_parse_in(), but goes on after a fault: faults, of GError *, has at least one for each element that
 * cannot be read. NULL and an error: it is not even JSON. */
TwTariff  *tw_tariff_parse_all (GBytes *bytes, GTimeZone *zone, TwTariffUse use, GPtrArray *faults, GError **error);
/* FALSE also if there are faults. */
gboolean   tw_tariff_read_document (TwTariff *self, const TwJson *root, GError **error);
gboolean   tw_tariff_read_elements (TwTariff *self, const TwJson *elements, GError **error);
gboolean   tw_tariff_read_restrictions (const TwJson *element, TwRestrictions *restrictions, GError **error);

/* Always FALSE, with BAD_DATA and the place; for "return". */
gboolean   tw_tariff_refuse (const TwJson *where, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A number of at least 0 with at most max_scale decimals. */
gboolean   tw_tariff_read_decimal (const TwJson *number, guint max_scale, TwDecimal *decimal, GError **error);
/* *member NULL: absent, or null. FALSE: another type. */
gboolean   tw_tariff_optional (const TwJson *object, const char *name, TwJsonType type, const TwJson **member,
                               GError **error);
/* Type DateTime of OCPI. *wall_us is left alone if it is absent. */
gboolean   tw_tariff_read_date_time (const TwJson *object, const char *name, gint64 *wall_us, GError **error);
