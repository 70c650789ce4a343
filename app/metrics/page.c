/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/page.h"


/* app/station/service.c, payment/acceptor (card.c, line.c), app/reader/link-requests.c. */
static const char *const CLOSED[] = {
  "closing", "journal-stuck", "storage-full", "no-tariff", "no-acceptor", "bank-cards-off", "gateway-not-configured",
  "gateway-certificate-expired", "reader-starting", "reader-lost", "other", NULL
};

static void
gauge (TwExposition *out,
       const char   *name,
       const char   *unit,
       const char   *help)
{
  tw_exposition_family (out, TW_METRIC_GAUGE, name, unit, help);
}

static void
counter (TwExposition *out,
         const char   *name,
         const char   *unit,
         const char   *help)
{
  tw_exposition_family (out, TW_METRIC_COUNTER, name, unit, help);
}

static void
write_station (const TwPage *self,
               TwExposition *out)
{
  TwInstant now = tw_clock_now (self->clock);

  tw_exposition_family (out, TW_METRIC_INFO, "tapwatt_build", NULL, "The program that answers.");
  tw_exposition_value (out, 1, "version", TW_VERSION, NULL);
  tw_exposition_family (out, TW_METRIC_INFO, "tapwatt_station", NULL, "The station that answers.");
  tw_exposition_value (out, 1, "id", self->config->station_id, "currency", self->config->currency, NULL);
  gauge (out, "tapwatt_test_mode", NULL, "1: card payments move no real money.");
  tw_exposition_value (out, tw_station_counter (self->station).test_mode, NULL);
  gauge (out, "tapwatt_start_time_seconds", "seconds", "When the program began, since 1970.");
  tw_exposition_seconds (out, self->started_us, NULL);
  gauge (out, "tapwatt_clock_synchronized", NULL, "1: the kernel says that the wall clock is right, or the "
                                                  "configuration does.");
  tw_exposition_value (out, now.synced, NULL);
}

/* In service: somebody who comes now can pay, as far as the station itself can know. */
static void
write_service (const TwPage *self,
               TwExposition *out)
{
  TwCounterView view = tw_station_counter (self->station);
  gboolean open = view.state != TW_COUNTER_CLOSED;
  gboolean known = FALSE;

  gauge (out, "tapwatt_in_service", NULL, "1: new customers are served; 0: see tapwatt_closed.");
  tw_exposition_value (out, open, NULL);
  gauge (out, "tapwatt_closed", NULL, "1: no new customers, for this reason.");
  for (guint i = 0; CLOSED[i] != NULL; i++)
    {
      gboolean last = CLOSED[i + 1] == NULL;
      gboolean is = !open && (last ? !known : g_strcmp0 (view.closed_why, CLOSED[i]) == 0);

      known |= is;
      tw_exposition_value (out, is, "reason", CLOSED[i], NULL);
    }
  gauge (out, "tapwatt_payment_path_up", NULL,
         "1: in service, and the payment service was not silent when it was last asked.");
  tw_exposition_value (out, open && self->tally->gateway != 0, NULL);
  gauge (out, "tapwatt_gateway_up", NULL, "1: the last request to the payment service was answered; 0: it was not. "
                                          "Absent until the first one.");
  if (self->tally->gateway >= 0)
    tw_exposition_value (out, self->tally->gateway, NULL);
  gauge (out, "tapwatt_reader_up", NULL, "1: the card reader answers. Absent without one.");
  if (self->reader_is_up != NULL)
    tw_exposition_value (out, self->reader_is_up (self->reader), NULL);
}

static void
write_connectors (const TwPage *self,
                  TwExposition *out)
{
  guint n = tw_station_n_bays (self->station);
  guint counts[TW_N_BAY_STATES] = { 0 };
  TwBayView views[TW_MAX_CONNECTORS];
  char numbers[TW_MAX_CONNECTORS][12];

  for (guint i = 0; i < n; i++)
    {
      views[i] = tw_station_bay (self->station, i);
      counts[views[i].state]++;
      g_snprintf (numbers[i], sizeof numbers[i], "%u", views[i].config->number);
    }
  gauge (out, "tapwatt_connectors", NULL, "Connectors in each state.");
  for (guint state = 0; state < TW_N_BAY_STATES; state++)
    tw_exposition_value (out, counts[state], "state", tw_bay_state_name (state), NULL);
  gauge (out, "tapwatt_power_controller_up", NULL, "1: the connector's power controller answers.");
  for (guint i = 0; i < n; i++)
    tw_exposition_value (out, views[i].power.present, "connector", numbers[i], NULL);
  gauge (out, "tapwatt_power_watts", "watts", "What flows at the connector, by its current and nominal voltage.");
  for (guint i = 0; i < n; i++)
    tw_exposition_value (out, views[i].power_w, "connector", numbers[i], NULL);
  gauge (out, "tapwatt_tariff_in_force", NULL, "1: the connector has a tariff to sell by.");
  for (guint i = 0; i < n; i++)
    tw_exposition_value (out, views[i].closed_why == NULL, "connector", numbers[i], NULL);
  gauge (out, "tapwatt_tariff_file_refused", NULL, "1: the configured tariff file is not used; tapwatt status says "
                                                   "why.");
  for (guint i = 0; i < n; i++)
    tw_exposition_value (out, views[i].tariff_refused != NULL, "connector", numbers[i], NULL);
}

static void
write_tariffs (const TwPage *self,
               TwExposition *out)
{
  g_autofree TwTariffView *views = NULL;
  guint n = tw_station_tariffs (self->station, &views);

  tw_exposition_family (out, TW_METRIC_INFO, "tapwatt_tariff", NULL, "The tariff in force at each connector.");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", views[i].connector);
      g_autofree char *hash = NULL;

      if (views[i].state != TW_TARIFF_IN_FORCE)
        continue;
      hash = g_strndup (tw_tariff_hash (views[i].tariff), 12);
      tw_exposition_value (out, 1, "connector", number, "id", tw_tariff_id (views[i].tariff), "hash", hash, "source",
                           views[i].activated ? "activated" : "configured", NULL);
    }
  counter (out, "tapwatt_tariff_activations", NULL, "Tariffs that an operator put in force, or ordered to be.");
  tw_exposition_count (out, self->tally->tariffs, NULL);
}

static void
write_counts (TwExposition   *out,
              const TwCounts *counts,
              const char     *label)
{
  for (guint i = 0; counts->names[i] != NULL; i++)
    tw_exposition_count (out, counts->counts[i], label, counts->names[i], NULL);
}

static void
write_sessions (const TwPage *self,
                TwExposition *out)
{
  const TwTally *tally = self->tally;

  counter (out, "tapwatt_visits", NULL, "Visits to the screen that are over, by how far they went; own: somebody came "
                                        "for a session that ran already.");
  write_counts (out, &tally->visits, "reached");
  counter (out, "tapwatt_visits_turned_away", NULL, "Visits that found all connectors taken.");
  tw_exposition_count (out, tally->turned_away, NULL);
  counter (out, "tapwatt_receipts", NULL, "Receipts that were on the screen at their connector, or put away there.");
  write_counts (out, &tally->receipts, "how");
  counter (out, "tapwatt_offers", NULL, "Offers that were shown: a connector was chosen.");
  tw_exposition_count (out, tally->offers, NULL);
  counter (out, "tapwatt_offers_abandoned", NULL, "Offers that ended without a hold, by how.");
  write_counts (out, &tally->abandoned, "reason");
  counter (out, "tapwatt_sessions_started", NULL, "Sessions that came to a connector with a hold.");
  tw_exposition_count (out, tally->begun, NULL);
  counter (out, "tapwatt_sessions_ended", NULL, "Sessions that left their connector, by how they ended.");
  write_counts (out, &tally->ended, "reason");
  counter (out, "tapwatt_energy_billed_wh", "wh", "Energy on bills, in watt-hours.");
  tw_exposition_count (out, tally->energy_wh, NULL);
  counter (out, "tapwatt_findings", NULL, "Items for the operator's list, by class.");
  write_counts (out, &tally->findings, "class");
}

static void
write_turnover (const TwPage *self,
                TwExposition *out)
{
  static const struct { const char *name, *help; gsize offset; } sums[] = {
    { "tapwatt_money_held_minor", "Holds approved.", G_STRUCT_OFFSET (TwTurnover, held) },
    { "tapwatt_money_billed_minor", "Prices on bills, with tax.", G_STRUCT_OFFSET (TwTurnover, billed) },
    { "tapwatt_money_captured_minor", "Captured.", G_STRUCT_OFFSET (TwTurnover, captured) },
    { "tapwatt_money_released_minor", "Holds given back without a capture.", G_STRUCT_OFFSET (TwTurnover, released) },
    { "tapwatt_money_refunded_minor", "Refunded after a capture.", G_STRUCT_OFFSET (TwTurnover, refunded) },
  };
  const GArray *turnover = self->tally->turnover;

  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      g_autofree char *help = g_strdup_printf ("%s In the currency's minor units.", sums[i].help);

      counter (out, sums[i].name, "minor", help);
      for (guint j = 0; j < turnover->len; j++)
        {
          const TwTurnover *row = &g_array_index (turnover, TwTurnover, j);
          gint64 sum = *(const gint64 *) ((const guint8 *) row + sums[i].offset);

          tw_exposition_count (out, (guint64) sum, "currency", row->currency, NULL);
        }
    }
}

typedef struct { TwInstant now; guint n, waiting; gint64 oldest_us; } Holds;

/* Across a reboot, or with a clock that nobody set, a duration is a guess; an alert needs one all the same. */
static gint64
age_us (const TwInstant *since,
        const TwInstant *now)
{
  gint64 sure = tw_instant_elapsed_us (since, now);

  return sure > 0 ? sure : MAX (now->wall_us - since->wall_us, 0);
}

static void
add_hold (const TwRecord *record,
          gpointer        user_data)
{
  Holds *holds = user_data;
  const TwInstant *since = record->approved_at.wall_us != 0 ? &record->approved_at : &record->offered_at;

  if (record->claim.hold == TW_HOLD_NONE || tw_claim_closed (record->claim))
    return;
  holds->n++;
  holds->waiting += record->claim.wish != TW_WISH_NONE;
  holds->oldest_us = MAX (holds->oldest_us, age_us (since, &holds->now));
}

static void
write_holds (const TwPage *self,
             TwExposition *out)
{
  Holds holds = { .now = tw_clock_now (self->clock) };

  tw_station_each_session (self->station, add_hold, &holds);
  gauge (out, "tapwatt_holds_open", NULL, "Holds that exist, or may, and are neither captured nor released.");
  tw_exposition_value (out, holds.n, NULL);
  gauge (out, "tapwatt_holds_waiting", NULL, "Of those, the ones whose session is over: their capture or release is on "
                                             "its way.");
  tw_exposition_value (out, holds.waiting, NULL);
  gauge (out, "tapwatt_holds_oldest_age_seconds", "seconds", "Age of the oldest open hold; 0: there is none.");
  tw_exposition_seconds (out, holds.oldest_us, NULL);
}

static void
write_time (TwExposition *out,
            const char   *name,
            const char   *help,
            gint64        wall_us)
{
  gauge (out, name, "seconds", help);
  if (wall_us != 0)
    tw_exposition_seconds (out, wall_us, NULL);
}

static void
write_requests (const TwPage *self,
                TwExposition *out)
{
  const TwTally *tally = self->tally;

  counter (out, "tapwatt_requests", NULL, "Answers to requests for money, by operation and outcome.");
  for (guint i = 0; i < G_N_ELEMENTS (tally->requests); i++)
    for (guint j = 0; tally->requests[i].names[j] != NULL; j++)
      tw_exposition_count (out, tally->requests[i].counts[j], "operation", tw_tally_operations[i], "outcome",
                           tally->requests[i].names[j], NULL);
  counter (out, "tapwatt_declines", NULL, "Times that somebody was to pay and no hold came, by reason.");
  write_counts (out, &tally->declines, "reason");
  tw_exposition_family (out, TW_METRIC_HISTOGRAM, "tapwatt_tap_to_result_seconds", "seconds",
                        "From the card that was read to the answer of the payment service.");
  tw_exposition_histogram (out, &tally->tap_to_result);
  write_time (out, "tapwatt_last_approval_time_seconds", "When a hold was last approved, since 1970. Absent until "
                                                         "then.", tally->last_approved_us);
  write_time (out, "tapwatt_last_capture_time_seconds", "When a capture was last confirmed, since 1970. Absent until "
                                                        "then.", tally->last_captured_us);
}

static void
write_journal (const TwPage *self,
               TwExposition *out)
{
  const TwTally *tally = self->tally;

  counter (out, "tapwatt_journal_commits", NULL, "Attempts to write the journal, by outcome.");
  tw_exposition_count (out, tally->commits, "outcome", "durable", NULL);
  tw_exposition_count (out, tally->failed_commits, "outcome", "failed", NULL);
  counter (out, "tapwatt_journal_entries", NULL, "Entries that became durable.");
  tw_exposition_count (out, tally->entries, NULL);
  tw_exposition_family (out, TW_METRIC_HISTOGRAM, "tapwatt_journal_commit_seconds", "seconds",
                        "From handing a commit over to its being durable.");
  tw_exposition_histogram (out, &tally->commit_times);
  gauge (out, "tapwatt_journal_roomy", NULL, "1: there is room, with the reserve for open sessions untouched.");
  tw_exposition_value (out, tw_journal_roomy (self->journal), NULL);
  write_time (out, "tapwatt_journal_last_commit_time_seconds", "When something was last written, since 1970.",
              tally->last_commit_us);
}

GBytes *
tw_page_write (const TwPage *self,
               TwDialect     dialect)
{
  g_autoptr (TwExposition) out = tw_exposition_new (dialect, self->started_us);

  write_station (self, out);
  write_service (self, out);
  write_connectors (self, out);
  write_tariffs (self, out);
  write_sessions (self, out);
  write_turnover (self, out);
  write_holds (self, out);
  write_requests (self, out);
  write_journal (self, out);
  return tw_exposition_finish (out);
}
