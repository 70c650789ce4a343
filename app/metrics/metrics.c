/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/metrics.h"

#include "app/base/log.h"
#include "app/metrics/listener.h"
#include "app/metrics/metered-journal.h"
#include "app/metrics/page.h"

#define AGAIN_MS 30000

struct _TwMetrics
{
  TwTally    *tally;
  TwPage      page;
  TwListener *listener;
  guint       again;
  gboolean    complained;
};

TwMetrics *
tw_metrics_new (const TwConfig *config,
                TwClock        *clock)
{
  TwMetrics *self = g_new0 (TwMetrics, 1);

  self->tally = tw_tally_new (config->currency);
  self->page = (TwPage) { .config = config, .clock = clock, .tally = self->tally,
                          .started_us = tw_clock_now (clock).wall_us };
  return self;
}

void
tw_metrics_free (TwMetrics *self)
{
  if (self == NULL)
    return;
  tw_metrics_close (self);
  tw_tally_free (self->tally);
  g_free (self);
}

TwJournal *
tw_metrics_journal (TwMetrics *self,
                    TwJournal *journal)
{
  return tw_metered_journal_new (journal, self->page.clock, self->tally);
}

static GBytes *
write_page (TwDialect dialect,
            gpointer  user_data)
{
  TwMetrics *self = user_data;

  return tw_page_write (&self->page, dialect);
}

static gboolean
on_again (gpointer user_data);

static void
listen_or_wait (TwMetrics *self)
{
  const TwConfig *config = self->page.config;
  g_autoptr (GError) error = NULL;

  self->listener = tw_listener_new (config->metrics_listen, write_page, self, &error);
  if (self->listener == NULL)
    {
      if (!self->complained)
        tw_log_warning ("[metrics] listen: %s; the station sells, and nobody can watch it until that is possible",
                        error->message);
      self->complained = TRUE;
      self->again = tw_clock_after (self->page.clock, AGAIN_MS, on_again, self);
      return;
    }
  tw_log_info ("metrics at %s, port %u", config->metrics_listen, tw_listener_port (self->listener));
  if (config->metrics_beyond_loopback)
    tw_log_warning ("[metrics] beyond_loopback = on: whoever can connect to %s reads what this station turns over, "
                    "without a password", config->metrics_listen);
}

static gboolean
on_again (gpointer user_data)
{
  TwMetrics *self = user_data;

  self->again = 0;
  listen_or_wait (self);
  return G_SOURCE_REMOVE;
}

static void
know (const TwRecord *record,
      gpointer        user_data)
{
  tw_tally_know (((TwMetrics *) user_data)->tally, record);
}

void
tw_metrics_open (TwMetrics *self,
                 TwStation *station,
                 TwJournal *journal,
                 TwIsUp     reader_is_up,
                 gpointer   reader)
{
  self->page.station = station;
  self->page.journal = journal;
  self->page.reader_is_up = reader_is_up;
  self->page.reader = reader;
  tw_station_each_session (station, know, self);
  listen_or_wait (self);
}

void
tw_metrics_close (TwMetrics *self)
{
  if (self->again != 0)
    tw_clock_cancel (self->page.clock, self->again);
  self->again = 0;
  g_clear_pointer (&self->listener, tw_listener_free);
}
