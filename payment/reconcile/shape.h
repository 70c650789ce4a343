/* SPDX-License-Identifier: Apache-2.0 */
/* Values as bytes for the scratch file, and back: a table of members for each kind of value. Only our own bytes are
 * read back, so that they are not doubted. Texts of a value that was read point into the bytes.
 */
#pragma once

#include "payment/reconcile/witness.h"

typedef enum { TW_SHAPE_SALE, TW_SHAPE_SETTLED, TW_SHAPE_ENERGY, TW_SHAPE_EXCEPTION, TW_SHAPE_MATCHED,
               TW_N_SHAPES } TwShape;

/* At most so many bytes. */
gsize         tw_shape_bound (TwShape shape, gconstpointer value);
/* One past the last byte written or read. */
guint8       *tw_shape_write (TwShape shape, gconstpointer value, guint8 *to);
const guint8 *tw_shape_read (TwShape shape, const guint8 *from, gpointer value);

guint8       *tw_number_write (guint64 number, guint8 *to);
const guint8 *tw_number_read (const guint8 *from, guint64 *number);
