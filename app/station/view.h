/* SPDX-License-Identifier: Apache-2.0 */
/* What a screen is a function of: the counter, and each connector's bay. Values; strings live until the next change.
 */
#pragma once

#include "app/base/config.h"
#include "app/station/bay.h"
#include "app/station/choice.h"
#include "app/station/counter.h"
#include "app/station/foresight.h"
#include "hw/power/power.h"
#include "payment/journal/record.h"
#include "payment/money/money.h"
#include "payment/tariff/tariff.h"

typedef struct
{
  TwCounterState  state;
  const char     *session, *language;
  guint           connector;     /* of the offer; 0: none */
  TwMoney         hold;
  TwGoal          goal;          /* that the hold is for */
  gint64          least_minor;   /* an amount below it cannot be chosen; 0: no offer */
  const TwGoalOption *goal_options;   /* proposals: round figures by kind and size; none once a card is asked for */
  guint           n_goal_options;
  const char     *prompt, *qr;   /* what the person should do now; NULL */
  const char     *outcome;       /* code: "approved", "declined", "not-known-here" ...; NULL */
  const char     *closed_why;    /* code; NULL */
  gint64          deadline_boot_us;   /* 0: none */
  gboolean        test_mode;
  const TwOfferRule *granted;    /* what the card that was presented gets cheaper; NULL: nothing */
} TwCounterView;

typedef struct
{
  TwBayState      state;
  const TwConnectorConfig *config;
  const TwTariff *tariff;        /* of the session or its offer, else what an offer would lock; NULL: none is valid */
  const char     *closed_why;    /* why nothing is sold here, a code; NULL: it is */
  const char     *tariff_refused; /* why the configured tariff is not used, for the operator; NULL: it is */
  const TwRecord *record;        /* NULL: no session */
  const char     *last_session;  /* that left this connector; NULL: none since the journal began */
  const char     *language;      /* of the session, or of last_session while its receipt is shown; NULL: neither */
  gint64          receipt_until_boot_us;   /* 0: none is shown */
  TwPowerStatus   power;
  gboolean        power_wanted;
  gint64          energy_wh, price_minor;     /* of the running session, up to the last reading */
  gint64          charging_ms, parking_ms;
  gint64          deadline_boot_us;
  gint64          power_w;       /* what flows, by the controller's current and the nominal voltage */
  gint64          offer_hold_minor;
  TwExample       example;
  TwPricesNow     now;           /* what the running session pays */
  TwNextPrice     next;          /* known FALSE: the price does not change any more */
  TwNextPrice     idle;          /* what standing costs when the car is full; at_boot_us: begins then if it stays so */
} TwBayView;
