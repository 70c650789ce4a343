/* SPDX-License-Identifier: Apache-2.0 */
/* The station as others see it. */
#include "app/station/core.h"
#include "app/station/outlook.h"

TwCounterView
tw_station_counter (TwStation *self)
{
  const TwRecord *record = self->customer ? self->customer->record : NULL;
  gboolean open = self->counter == TW_COUNTER_OFFER || self->counter == TW_COUNTER_ASKING;
  const TwSession *shown = self->shown_session ? tw_session_find (self, self->shown_session) : self->customer;

  return (TwCounterView) {
    .state = self->counter,
    .session = record ? record->session : self->shown_session,
    .language = self->language,
    .connector = record ? record->connector : self->shown_session ? self->shown_connector : 0,
    .hold = record ? record->hold : (TwMoney) { 0, "" },
    .goal = record ? record->goal : (TwGoal) { .kind = TW_GOAL_FULL },
    .least_minor = open ? self->goal_least_minor : 0,
    .goal_options = self->goal_options,
    .n_goal_options = open ? self->n_goal_options : 0,
    .prompt = self->prompt,
    .qr = self->qr,
    .outcome = self->outcome,
    .closed_why = self->counter == TW_COUNTER_CLOSED ? self->closed_why : NULL,
    .deadline_boot_us = self->counter_deadline_us,
    .test_mode = self->acceptor != NULL && tw_acceptor_capabilities (self->acceptor).test_mode,
    .granted = shown != NULL && shown->record->granted.discount_bp != 0 ? &shown->record->granted : NULL,
  };
}

guint
tw_station_n_bays (TwStation *self)
{
  return self->n_bays;
}

gint64
tw_station_offer_hold_minor (const TwBay *bay)
{
  gint64 configured = bay->parts.config->hold_minor;

  return configured ? configured : bay->tariff ? tw_tariff_preauthorize_minor (bay->tariff) : 0;
}

static gint64
flowing_w (const TwConnectorConfig *config,
           const TwPowerStatus     *power)
{
  if (!power->present || power->car != TW_CAR_DRAWING || power->current_ma <= 0)
    return 0;
  return (gint64) power->current_ma * config->phases * config->voltage_v / 1000;
}

static void
view_cost (TwBay     *bay,
           TwBayView *view)
{
  const TwRecord *record = bay->session->record;
  g_autoptr (TwUsage) usage = NULL;
  g_autoptr (TwBill) bill = NULL;

  usage = bay->fresh && !record->billed ? tw_record_usage_until (record, &bay->latest) : tw_usage_copy (record->usage);
  view->energy_wh = tw_usage_energy_wh (usage);
  view->charging_ms = tw_usage_duration_ms (usage, TW_PHASE_CHARGING);
  view->parking_ms = tw_usage_duration_ms (usage, TW_PHASE_PARKING);
  bill = bay->session->tariff ? tw_tariff_price (bay->session->tariff, usage, NULL) : NULL;
  view->price_minor = record->billed ? record->price_minor : bill ? tw_bill_gross (bill).minor : 0;
}

TwBayView
tw_station_bay (TwStation *self,
                guint      i)
{
  TwBay *bay = &self->bays[i];
  gboolean offered = bay->session == NULL && self->customer != NULL && self->target == i;
  TwTariff *locked = bay->session ? bay->session->tariff : offered ? self->customer->tariff : NULL;
  TwBayView view = {
    .state = bay->state,
    .config = bay->parts.config,
    .tariff = locked ? locked : bay->tariff,
    .closed_why = bay->tariff == NULL ? "no-tariff" : NULL,
    .tariff_refused = bay->parts.refusal,
    .record = bay->session ? bay->session->record : NULL,
    .last_session = bay->last_session,
    .language = bay->session ? bay->session->record->language : bay->receipt_until_us ? bay->last_language : NULL,
    .receipt_until_boot_us = bay->receipt_until_us,
    .power = tw_power_status (bay->parts.power),
    .deadline_boot_us = bay->deadline_boot_us,
    .offer_hold_minor = tw_station_offer_hold_minor (bay),
    .example = tw_outlook_example (bay, offered ? locked : bay->tariff, offered ? &self->customer->record->goal : NULL),
    .now = tw_outlook_now (bay),
    .next = tw_outlook_next (bay),
    .idle = tw_outlook_idle (bay),
  };

  view.power_w = flowing_w (view.config, &view.power);
  view.power_wanted = tw_bay_allows_power (bay->state) && bay->durable && bay->verified && !self->stuck
    && !self->closing;
  if (bay->session != NULL)
    view_cost (bay, &view);
  return view;
}

TwUsage *
tw_station_usage_so_far (TwStation       *self,
                         const char      *session,
                         const TwRecord **record,
                         TwMark          *mark)
{
  for (guint i = 0; i < self->n_bays; i++)
    {
      const TwBay *bay = &self->bays[i];
      gboolean runs = bay->session != NULL && bay->session->tariff != NULL && !bay->session->record->billed
        && g_str_equal (bay->session->record->session, session) && bay->session->record->n_marks > 0;

      if (!runs)
        continue;
      *record = bay->session->record;
      *mark = bay->fresh ? bay->latest : (*record)->last;
      return tw_record_usage_until (*record, mark);
    }
  return NULL;
}

static gboolean
is_on_its_way (const TwRecord *record)
{
  return (record->claim.wish != TW_WISH_NONE && !tw_claim_closed (record->claim))
         || tw_repairs_open (record->repairs) != NULL;
}

static TwSession *
nth_open (TwStation *self,
          guint     *n,
          guint      wanted)
{
  GHashTableIter iter;
  TwSession *session;

  *n = 0;
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    if (is_on_its_way (session->record) && (*n)++ == wanted)
      return session;
  return NULL;
}

guint
tw_station_n_open (TwStation *self)
{
  guint n;

  nth_open (self, &n, G_MAXUINT);
  return n;
}

TwOpenClaim
tw_station_open_claim (TwStation *self,
                       guint      i)
{
  guint n;
  TwSession *session = nth_open (self, &n, i);

  const TwRecord *record;
  TwOpenClaim open;

  if (session == NULL)
    return (TwOpenClaim) { 0 };
  record = session->record;
  open = (TwOpenClaim) { record, record->claim.wish == TW_WISH_CAPTURE ? "capture" : "release", record->request_key,
                         record->request_outcome, record->request_amount_minor, session->next_boot_us,
                         session->attempts };
  if (tw_claim_closed (record->claim))
    {
      TwDue due = tw_till_due (session);

      open.wish = due.operation;
      open.request = due.key;
      open.outcome = due.in_doubt ? "unknown" : NULL;
      open.amount_minor = due.amount_minor;
    }
  return open;
}

void
tw_station_each_session (TwStation    *self,
                         TwSessionFunc func,
                         gpointer      user_data)
{
  GHashTableIter iter;
  TwSession *session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    func (session->record, user_data);
}
