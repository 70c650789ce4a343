/* SPDX-License-Identifier: Apache-2.0 */
/* What to tell an OpenEVSE controller next, so that it comes to the wanted level and stays there. Pure. Any thread.
 *
 * Source: the facts page "Power-controller wires" sections 1.3 and 1.7.
 */
#pragma once

#include "hw/power/power.h"
#include "hw/power/rapi-codec.h"

typedef enum { TW_RAPI_WANT_NOTHING, TW_RAPI_WANT_OFF, TW_RAPI_WANT_ON } TwRapiWant;

typedef enum
{
  TW_RAPI_DO_NOTHING,
  TW_RAPI_DO_LIMIT,      /* $SC n V */
  TW_RAPI_DO_ENABLE,     /* $FE */
  TW_RAPI_DO_SLEEP,      /* $FS */
} TwRapiDo;

/* What limit_ma allows in whole amps; 0: below the 6 A of IEC 61851-1, which is no legal offer, so off. */
guint    tw_rapi_level_amps (guint limit_ma, guint max_current_a);

/* amps: wanted; set_amps: what the controller confirmed since it last may have forgotten, 0: nothing. */
TwRapiDo tw_rapi_level_next (TwRapiWant want, guint amps, guint set_amps, const TwRapiState *state);

/* The relay by vflags; without them C and D stand for closed. */
gboolean tw_rapi_level_relay_closed (const TwRapiState *state);

/* presence: answer of $G0 (0, 1), -1 if not asked or not told. Current decides nothing here. UNKNOWN while the pilot
 * is at -12 V, where no car can be seen. */
TwCar    tw_rapi_level_car (const TwRapiState *state, gint presence);
