/* SPDX-License-Identifier: Apache-2.0 */
/* The data elements of a payment application: those its profile sets, those that follow from PAN and expiry, and those
 * that are new with each tap. Pure; any thread.
 */
#pragma once

#include "hw/virtual/card-application.h"

typedef struct
{
  guint16       atc;
  const guint8 *pdol_data; /* what the terminal sent, as long as the application's PDOL asks; NULL: nothing yet */
} TwCardTap;

/* Appends the value, or the whole data object. FALSE, or nothing: the application has none. */
gboolean tw_emv_data_put_value (GByteArray *out, const TwCardApplication *app, const TwCardTap *tap, guint32 tag);
void     tw_emv_data_put (GByteArray *out, const TwCardApplication *app, const TwCardTap *tap, guint32 tag);
