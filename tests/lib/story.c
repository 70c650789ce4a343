/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/story-means.h"

#include <string.h>

/* 0.50 EUR a kWh, tax included; nothing else: prices that can be seen at a glance. */
static const char energy_only[] =
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T1\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
  "\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1}]}],"
  "\"last_updated\":\"2026-01-01T00:00:00Z\"}";

static TwConnectorConfig connectors[2] = {
  { .number = 1, .evse_id = (char *) "DE*TWT*E1*1", .label = (char *) "1", .hold_minor = STORY_HOLD,
    .max_current_a = 32, .phases = 3, .voltage_v = 230 },
  { .number = 2, .evse_id = (char *) "DE*TWT*E1*2", .label = (char *) "2", .hold_minor = STORY_HOLD,
    .max_current_a = 32, .phases = 3, .voltage_v = 230 },
};

static void
start (Story *self)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (self->tariff, strlen (self->tariff));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (self->config.time_zone);
  g_autoptr (GError) error = NULL;
  TwConnectorParts parts[2];

  self->journal = tw_memory_journal_open (self->disk);
  self->acceptor = self->without_acceptor ? NULL : story_means_acceptor (self);
  for (guint i = 0; i < 2; i++)
    {
      parts[i] = (TwConnectorParts) {
        &connectors[i], tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, &error), tw_fake_bay_power (self->bay[i]),
        tw_fake_bay_meter (self->bay[i]),
      };
      if (self->tariff_refused)
        {
          g_clear_pointer (&parts[i].tariff, tw_tariff_unref);
          parts[i].refusal = g_strdup ("t.json: $.elements: missing");
        }
      g_assert_no_error (error);
    }
  self->station = tw_station_new (&self->config, tw_virtual_clock_clock (self->clock), self->journal, self->acceptor,
                                  parts, 2);
  tw_station_start (self->station, &error);
  g_assert_no_error (error);
}

static void
stop (Story *self)
{
  g_clear_pointer (&self->station, tw_station_free);
  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  g_clear_pointer (&self->journal, tw_journal_free);
}

Story *
story_new (StoryMeans means)
{
  return story_new_priced (means, energy_only);
}

Story *
story_new_priced (StoryMeans  means,
                  const char *tariff)
{
  Story *self = g_new0 (Story, 1);

  self->means = means;
  self->tariff = tariff;
  self->config = (TwConfig) {
    .station_id = (char *) "test", .name = (char *) "Test", .address = (char *) "Street 1", .country = (char *) "DE",
    .time_zone = (char *) "Europe/Berlin", .currency = (char *) "EUR", .language = (char *) "en", .auto_accept = TRUE,
    .tariff_profile = (char *) "none",
    .seller_name = (char *) "Seller", .seller_address = (char *) "Street 1", .seller_vat_id = (char *) "DE1",
    .helpline = (char *) "1",
    .bank_cards_test = TRUE, .offer_ms = 60000, .asking_ms = 45000, .authorizing_ms = 35000, .outcome_ms = 8000,
    .armed_ms = 300000, .charging_ms = 43200000, .paused_ms = 3600000, .finishing_ms = 60000, .settling_ms = 20000,
    .receipt_ms = 60000,
    .retry_first_ms = 1000, .retry_most_ms = 60000, .reading_ms = 60000, .reading_wh = 250, .idle_ms = 60000,
    .connectors = connectors, .n_connectors = 2, .digest = (char *) "test",
  };
  self->clock = tw_virtual_clock_new ();
  self->disk = tw_memory_journal_new ();
  story_means_new (self);
  for (guint i = 0; i < 2; i++)
    self->bay[i] = tw_fake_bay_new (tw_virtual_clock_clock (self->clock));
  start (self);
  story_settle (self);
  return self;
}

/* Whatever a story wrote, the next start must be able to read. */
void
story_free (Story *self)
{
  story_restart (self);
  stop (self);
  for (guint i = 0; i < 2; i++)
    tw_fake_bay_free (self->bay[i]);
  story_means_free (self);
  tw_memory_journal_free (self->disk);
  tw_virtual_clock_free (self->clock);
  g_free (self);
}

void
story_kill (Story *self)
{
  stop (self);
  tw_memory_journal_hold (self->disk, FALSE);
  self->cut_at = 0;
  self->cut = FALSE;
}

void
story_start (Story *self)
{
  start (self);
  story_settle (self);
}

void
story_restart (Story *self)
{
  story_kill (self);
  story_start (self);
}

void
story_cut_at (Story   *self,
              guint    nth,
              gboolean kept)
{
  tw_memory_journal_hold (self->disk, TRUE);
  self->commits = 0;
  self->cut_at = nth;
  self->cut_kept = kept;
  self->cut = FALSE;
}

static gboolean
answer_commit (Story *self)
{
  if (tw_memory_journal_waiting (self->disk) == 0 || self->commits == G_MAXUINT)
    return FALSE;
  if (++self->commits == self->cut_at)
    {
      tw_memory_journal_crash (self->disk, self->cut_kept ? 1 : 0);
      self->cut = TRUE;
      return FALSE;
    }
  return tw_memory_journal_settle_one (self->disk);
}

void
story_settle (Story *self)
{
  gboolean busy = TRUE;

  while (busy && !self->cut)
    {
      busy = FALSE;
      while (g_main_context_iteration (NULL, FALSE))
        busy = TRUE;
      for (guint i = 0; i < 2; i++)
        if (tw_fake_bay_answer (self->bay[i]))
          busy = TRUE;
      if (self->cut_at > 0 && answer_commit (self))
        busy = TRUE;
      if (story_means_settle (self))
        busy = TRUE;
      if (tw_virtual_clock_next_ms (self->clock) == 0)
        {
          tw_virtual_clock_advance (self->clock, 0);
          busy = TRUE;
        }
    }
}

static void
pass (Story *self,
      gint64 ms)
{
  tw_virtual_clock_advance (self->clock, ms);
  story_settle (self);
}

void
story_wait (Story *self,
            gint64 ms)
{
  story_means_hold_answers (self, TRUE);
  for (gint64 left = ms; left > 0; left -= 1000)
    pass (self, MIN (left, 1000));
}

void
story_pay (Story *self,
           gint64 ms)
{
  story_means_hold_answers (self, FALSE);
  for (gint64 left = ms; left > 0; left -= 1000)
    {
      while (story_means_answer (self))
        story_settle (self);
      pass (self, MIN (left, 1000));
    }
}

TwCounterState
story_counter (Story *self)
{
  return tw_station_counter (self->station).state;
}

TwBayState
story_bay (Story *self,
           guint  i)
{
  return tw_station_bay (self->station, i).state;
}

char *
story_session (Story *self,
               int    where)
{
  const TwRecord *record = where >= 0 ? tw_station_bay (self->station, (guint) where).record : NULL;

  return g_strdup (where < 0 ? tw_station_counter (self->station).session : record ? record->session : NULL);
}

static gboolean
apply (const TwEntry *entry,
       gpointer       user_data)
{
  g_autoptr (GError) error = NULL;

  tw_record_apply (user_data, entry, &error);
  g_assert_no_error (error);
  return TRUE;
}

TwRecord *
story_record (Story      *self,
              const char *session)
{
  TwRecord *record = tw_record_new (session);

  g_assert_true (tw_journal_each (self->journal, session, apply, record, NULL));
  return record;
}

char *
story_arm (Story      *self,
           guint       i,
           const char *who)
{
  char *session = story_ask (self, i, who, STORY_APPROVES);

  story_answer (self);
  g_assert_cmpint (story_counter (self), ==, TW_COUNTER_OUTCOME);
  g_assert_cmpint (story_bay (self, i), ==, TW_BAY_ARMED);
  return session;
}

char *
story_charge (Story      *self,
              guint       i,
              const char *who,
              gint64      wh)
{
  char *session = story_arm (self, i, who);

  tw_fake_bay_plug (self->bay[i]);
  story_settle (self);
  story_wait (self, 2000);
  g_assert_cmpint (story_bay (self, i), ==, TW_BAY_CHARGING);
  g_assert_true (tw_fake_bay_is_on (self->bay[i]));
  if (wh > 0)
    tw_fake_bay_energy (self->bay[i], wh);
  story_wait (self, 2000);
  return session;
}

void
story_assert_paid (Story      *self,
                   const char *session,
                   gint64      captured)
{
  StoryLedger ledger = story_ledger (self, session);
  g_autoptr (TwRecord) record = story_record (self, session);

  g_assert_cmpint (ledger.captured, ==, captured);
  g_assert_cmpuint (ledger.captures, ==, 1);
  g_assert_cmpuint (ledger.releases, ==, 0);
  g_assert_false (ledger.is_open);
  g_assert_cmpstr (tw_record_money (record), ==, "captured");
  g_assert_true (tw_record_closed (record));
}

void
story_assert_released (Story      *self,
                       const char *session)
{
  StoryLedger ledger = story_ledger (self, session);
  g_autoptr (TwRecord) record = story_record (self, session);

  g_assert_cmpuint (ledger.captures, ==, 0);
  g_assert_cmpuint (ledger.releases, ==, 1);
  g_assert_false (ledger.is_open);
  g_assert_true (tw_record_closed (record));
}

void
story_assert_nothing_open (Story *self)
{
  g_assert_cmpuint (story_n_open (self), ==, 0);
  g_assert_cmpuint (tw_station_n_open (self->station), ==, 0);
}

static void
tell_card (gconstpointer test)
{
  ((StoryTest) test) (STORY_CARD);
}

static void
tell_qr (gconstpointer test)
{
  ((StoryTest) test) (STORY_QR);
}

void
story_add_card (const char *name,
                StoryTest   test)
{
  g_autofree char *path = g_strconcat ("/station/card/", name, NULL);

  g_test_add_data_func (path, (gconstpointer) test, tell_card);
}

void
story_add (const char *name,
           StoryTest   test)
{
  g_autofree char *path = g_strconcat ("/station/qr/", name, NULL);

  story_add_card (name, test);
  g_test_add_data_func (path, (gconstpointer) test, tell_qr);
}
