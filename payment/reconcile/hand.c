/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/run.h"

TwHand *
tw_hand_new (TwReconciliation *engine, guint index)
{
  TwHand *self = g_new0 (TwHand, 1);
  gsize share = engine->terms.memory_bytes / 16 / engine->n_workers;

  self->engine = engine;
  self->index = index;
  self->exceptions = tw_sorter_new (engine->scratch, share);
  self->matched = tw_sorter_new (engine->scratch, share);
  self->alikes = tw_sorter_new (engine->scratch, share / 4);
  self->digests = tw_sorter_new (engine->scratch, share / 4);
  self->pages = tw_sorter_new (engine->scratch, share / 4);
  self->terminal_sums = g_array_new (FALSE, TRUE, sizeof (gint64));
  self->claims = g_array_new (FALSE, FALSE, sizeof (TwClaim));
  self->readings = g_array_new (FALSE, FALSE, sizeof (TwReading));
  self->text = g_string_new (NULL);
  tw_wholes_init (&self->wholes, engine);
  self->payout_at = g_array_new (FALSE, TRUE, sizeof (TwPaid *));
  self->spot_at = g_array_new (FALSE, TRUE, sizeof (TwSpot));
  tw_tallies_init (&self->tallies);
  tw_payouts_init (&self->payouts);
  tw_stations_init (&self->stations);
  tw_verdict_init (&self->verdict);
  return self;
}

void
tw_hand_free (TwHand *self)
{
  for (guint i = 0; i < TW_N_LOADS; i++)
    tw_load_clear (&self->loads[i]);
  for (guint i = 0; i < TW_N_PASSES; i++)
    tw_fan_writer_free (self->left[i]);
  for (guint i = 0; i < TW_N_ROOMS; i++)
    tw_fan_writer_free (self->room[i]);
  tw_fan_writer_free (self->late);
  tw_fan_writer_free (self->unclaimed);
  tw_home_clear (&self->home);
  tw_tallies_clear (&self->tallies);
  tw_payouts_clear (&self->payouts);
  tw_stations_clear (&self->stations);
  tw_verdict_clear (&self->verdict);
  tw_sorter_free (self->exceptions);
  tw_sorter_free (self->matched);
  tw_sorter_free (self->alikes);
  tw_sorter_free (self->digests);
  tw_sorter_free (self->pages);
  g_array_unref (self->terminal_sums);
  g_array_unref (self->claims);
  g_array_unref (self->readings);
  g_string_free (self->text, TRUE);
  g_array_unref (self->payout_at);
  g_array_unref (self->spot_at);
  tw_wholes_clear (&self->wholes);
  g_free (self);
}

TwFanWriter *
tw_hand_writer (TwFanWriter **writer, TwFan *fan)
{
  if (*writer == NULL)
    *writer = tw_fan_writer_new (fan);
  return *writer;
}

TwPaid *
tw_hand_payout (TwHand *self, guint32 number, GError **error)
{
  TwPaid **at;
  TwChars texts[TW_NAME_TEXTS];
  TwSettled line;

  if (self->payout_at->len <= number)
    g_array_set_size (self->payout_at, number + 1);
  at = &g_array_index (self->payout_at, TwPaid *, number);
  if (*at != NULL)
    return *at;
  tw_register_texts (&self->engine->payout_names, number, texts);
  tw_payout_line (texts, &line);
  *at = tw_payouts_at (&self->payouts, &line, tw_share (self->engine, 16), error);
  return *at;
}

TwSpot
tw_hand_spot (TwHand *self, guint32 number)
{
  TwSpot *at;
  TwChars texts[TW_NAME_TEXTS];

  if (self->spot_at->len <= number)
    g_array_set_size (self->spot_at, number + 1);
  at = &g_array_index (self->spot_at, TwSpot, number);
  if (at->station == NULL)
    {
      tw_register_texts (&self->engine->spots, number, texts);
      *at = tw_stations_spot (&self->stations, texts);
    }
  return *at;
}

static gboolean
flush (TwFanWriter **writer, GError **error)
{
  gboolean ok = *writer == NULL || tw_fan_writer_flush (*writer, error);

  g_clear_pointer (writer, tw_fan_writer_free);
  return ok;
}

gboolean
tw_hand_flush (TwHand *self, GError **error)
{
  for (guint i = 0; i < TW_N_PASSES; i++)
    if (!flush (&self->left[i], error))
      return FALSE;
  for (guint i = 0; i < TW_N_ROOMS; i++)
    if (!flush (&self->room[i], error))
      return FALSE;
  return flush (&self->late, error) && flush (&self->unclaimed, error);
}
