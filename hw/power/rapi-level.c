/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-level.h"

#include <string.h>

guint
tw_rapi_level_amps (guint limit_ma,
                    guint max_current_a)
{
  guint amps = MIN (limit_ma / 1000, max_current_a);

  return amps < 6 ? 0 : amps;
}

gboolean
tw_rapi_level_relay_closed (const TwRapiState *state)
{
  if (state->vflags >= 0)
    return (state->vflags & TW_RAPI_FLAG_RELAY_CLOSED) != 0;

  return state->state == TW_RAPI_STATE_C || state->state == TW_RAPI_STATE_D;
}

/* A fault opens the relay by itself, and $FS would overwrite its code with fe (section 1.7); only if the relay is told
 * to be closed all the same, or if the code says nothing to us, sleep is worth more than the code. */
static gboolean
fault_is_dangerous (const TwRapiState *state,
                    const char        *fault)
{
  return strcmp (fault, "unknown-state") == 0 || (state->vflags >= 0 && tw_rapi_level_relay_closed (state));
}

/* D is the car's wish for ventilation, and may become C by itself. */
static gboolean
must_sleep (const TwRapiState *state)
{
  const char *fault = tw_rapi_fault_name (state->state);

  if (state->state == TW_RAPI_STATE_SLEEPING)
    return FALSE;

  return fault == NULL || state->state == TW_RAPI_STATE_D || fault_is_dangerous (state, fault);
}

static TwRapiDo
next_for_on (guint              amps,
             guint              set_amps,
             const TwRapiState *state)
{
  const char *fault = tw_rapi_fault_name (state->state);

  if (fault != NULL)
    return fault_is_dangerous (state, fault) ? TW_RAPI_DO_SLEEP : TW_RAPI_DO_NOTHING;
  if (set_amps != amps)
    return TW_RAPI_DO_LIMIT;
  if (state->state == TW_RAPI_STATE_SLEEPING || state->state == TW_RAPI_STATE_DISABLED)
    return TW_RAPI_DO_ENABLE;

  return TW_RAPI_DO_NOTHING;
}

TwRapiDo
tw_rapi_level_next (TwRapiWant         want,
                    guint              amps,
                    guint              set_amps,
                    const TwRapiState *state)
{
  switch (want)
    {
    case TW_RAPI_WANT_ON:
      if (amps > 0)
        return next_for_on (amps, set_amps, state);
      return must_sleep (state) ? TW_RAPI_DO_SLEEP : TW_RAPI_DO_NOTHING;
    case TW_RAPI_WANT_OFF:
      return must_sleep (state) ? TW_RAPI_DO_SLEEP : TW_RAPI_DO_NOTHING;
    case TW_RAPI_WANT_NOTHING:
      return TW_RAPI_DO_NOTHING;
    }

  g_return_val_if_reached (TW_RAPI_DO_NOTHING);
}

TwCar
tw_rapi_level_car (const TwRapiState *state,
                   gint               presence)
{
  guint8 told = state->state == TW_RAPI_STATE_SLEEPING && state->pilot >= 0 ? (guint8) state->pilot : state->state;

  if (state->state == TW_RAPI_STATE_DISABLED)
    return TW_CAR_UNKNOWN;
  if (told == TW_RAPI_STATE_A)
    return TW_CAR_NONE;
  if (told == TW_RAPI_STATE_C && tw_rapi_level_relay_closed (state) && state->state == TW_RAPI_STATE_C)
    return TW_CAR_DRAWING;
  if (told >= TW_RAPI_STATE_B && told <= TW_RAPI_STATE_D)
    return TW_CAR_CONNECTED;

  /* Starting, a fault, or asleep in firmware that does not tell the pilot. */
  if (state->vflags >= 0 && state->state != TW_RAPI_STATE_STARTING)
    return state->vflags & TW_RAPI_FLAG_CAR_CONNECTED ? TW_CAR_CONNECTED : TW_CAR_NONE;

  return presence < 0 || presence > 1 ? TW_CAR_UNKNOWN : presence == 1 ? TW_CAR_CONNECTED : TW_CAR_NONE;
}
