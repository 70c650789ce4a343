/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-private.h"

#include "app/base/log.h"

#define OLDEST_MAJOR 4   /* answers carry a check since then */

static gboolean
fits_version (const TwRapiMessage *answer)
{
  guint major, minor;

  return tw_rapi_parse_version (answer, &major, &minor);
}

/* From firmware 6 on the id always comes back: without it, it is an answer to an earlier question. */
static gboolean
fits_version_with_id (const TwRapiMessage *answer)
{
  guint major, minor;

  return tw_rapi_parse_version (answer, &major, &minor) && (answer->sequence != 0 || major < 6);
}

static void
on_calibration (const TwRapiMessage *answer,
                gpointer             user_data)
{
  TwRapi *self = user_data;

  /* Changing it changes the bill: the log keeps what it was. */
  if (answer && answer->kind == TW_RAPI_OK && answer->n >= 2)
    tw_log_info ("connector %s: calibration scale %s, offset %s", self->label, answer->token[0], answer->token[1]);
}

static void
on_delay_timer (const TwRapiMessage *answer,
                gpointer             user_data)
{
  TwRapi *self = user_data;
  gint64 value;

  if (answer == NULL || answer->kind != TW_RAPI_OK)
    return;
  for (guint i = 0; i < 4; i++)
    if (tw_rapi_decimal (answer, i, 0, 255, &value) && value != 0)
      {
        tw_log_warning ("connector %s: a delay timer is set on the power controller and will fight this station: "
                        "clear it on the controller ($ST 0 0 0 0)", self->label);
        return;
      }
}

static void
be_ready (TwRapi *self)
{
  tw_log_info ("connector %s: OpenEVSE firmware %s, sequence ids %s", self->label, self->firmware,
               self->sequence ? "yes" : "no");

  self->phase = TW_RAPI_READY;
  self->have_state = FALSE;
  self->presence = -1;
  self->health_due_us = 0;
  tw_rapi_link_use_sequence (self->link, self->sequence);
  tw_rapi_heard_state (self);
  tw_rapi_poll_now (self);
  tw_rapi_link_ask (self->link, "GA", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_calibration);
  tw_rapi_link_ask (self->link, "GM", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_calibration);
  tw_rapi_link_ask (self->link, "GD", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_delay_timer);
}

static void
on_probe (const TwRapiMessage *answer,
          gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  self->sequence = answer && answer->kind == TW_RAPI_OK && answer->sequence != 0;
  be_ready (self);
}

static void
refuse (TwRapi              *self,
        const TwRapiMessage *answer)
{
  if (self->phase != TW_RAPI_REFUSED)
    tw_log_warning ("connector %s: the power controller's firmware %s does not protect its answers: update it to 4.0 "
                    "or later; until then this connector stays out of service", self->label, answer->token[0]);

  self->phase = TW_RAPI_REFUSED;
  tw_rapi_update_status (self);
  tw_rapi_poll_later (self, self->options.times.health_ms);
}

static void
on_version (const TwRapiMessage *answer,
            gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  if (answer == NULL || answer->kind != TW_RAPI_OK || !tw_rapi_parse_version (answer, &self->major, &self->minor))
    {
      tw_rapi_poll_later (self, answer ? self->options.times.answer_ms : 0);
      return;
    }

  g_strlcpy (self->firmware, answer->token[0], sizeof self->firmware);
  if (self->major < OLDEST_MAJOR)
    refuse (self, answer);
  else if (!answer->checked)
    tw_rapi_poll_later (self, self->options.times.answer_ms);
  else
    tw_rapi_link_ask (self->link, "GV", TW_RAPI_ASK_PROBE, fits_version_with_id, on_probe);
}

void
tw_rapi_identify (TwRapi *self)
{
  if (self->phase == TW_RAPI_READY)
    return;
  if (self->phase != TW_RAPI_REFUSED)
    self->phase = TW_RAPI_IDENTIFYING;

  self->sequence = FALSE;
  tw_rapi_link_use_sequence (self->link, FALSE);
  tw_rapi_link_ask (self->link, "GV", TW_RAPI_ASK_UNCHECKED, fits_version, on_version);
}
