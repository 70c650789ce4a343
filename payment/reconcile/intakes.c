/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers hand over: checked, counted, and written to the partition where its kin will be. */
#include "payment/reconcile/intakes.h"

#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/cross.h"
#include "payment/reconcile/shape.h"
#include "payment/reconcile/unclaimed.h"

#define INSTANT_MAX (G_GINT64_CONSTANT (1) << 58)

/* One reader's: writers of its own, so that two readers do not wait for each other. */
typedef struct
{
  TwReconciliation *engine;
  TwFanWriter *sales, *lines, *brief_sales, *brief_lines, *naturals, *by_session, *by_evse;
  TwRegistrar  spots, payouts;
  TwSpans      spans;
  TwVerdict    room;
} Intake;

void
tw_intake_free (gpointer data)
{
  Intake *self = data;

  tw_fan_writer_free (self->sales);
  tw_fan_writer_free (self->lines);
  tw_fan_writer_free (self->brief_sales);
  tw_fan_writer_free (self->brief_lines);
  tw_fan_writer_free (self->naturals);
  tw_fan_writer_free (self->by_session);
  tw_fan_writer_free (self->by_evse);
  tw_registrar_clear (&self->spots);
  tw_registrar_clear (&self->payouts);
  tw_spans_clear (&self->spans);
  tw_verdict_clear (&self->room);
  g_free (self);
}

static gboolean
check_amounts (const gint64 *amounts, guint n, const char *currency, TwOrigin origin, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (amounts[i] != TW_NOT_STATED && (amounts[i] > TW_AMOUNT_MAX || amounts[i] < -TW_AMOUNT_MAX))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": an amount of %"
                     G_GINT64_FORMAT " minor units is none of a sale", origin.file, origin.line, amounts[i]);
        return FALSE;
      }
  if (strnlen (currency, 4) == 3)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": no currency", origin.file,
               origin.line);
  return FALSE;
}

/* Microseconds of some thousands of years, so that days may be added to them. */
static gboolean
check_instants (const gint64 *instants, guint n, TwOrigin origin, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (instants[i] != TW_NOT_STATED && (instants[i] > INSTANT_MAX || instants[i] < -INSTANT_MAX))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": a time that no clock "
                     "shows", origin.file, origin.line);
        return FALSE;
      }
  return TRUE;
}

/* No money of this world; only its receipt has a number among the others, and its energy is explained. */
static gboolean
take_test_sale (TwReconciliation *self, const TwSale *sale, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return tw_stations_see (&self->stations, sale, tw_share (self, 16), error) &&
         tw_unclaimed_add_test_sale (self->workers[0], sale, error);
}

/* The bits of the filter that lines of the later passes look for. */
static guint
note_waits (const TwReconciliation *self, const TwSale *sale, guint32 waits[TW_ALL_SALE_KEYS])
{
  TwRoom last = self->terms.suggest_by_amount ? TW_ROOM_AMOUNT : TW_ROOM_APPROVAL;
  guint n = 0;

  for (TwRoom room = TW_ROOM_PSP; room <= last; room++)
    {
      guint64 hashes[TW_SALE_KEYS];
      guint n_room = tw_room_sale_keys (room, sale, hashes);

      for (guint i = 0; i < n_room; i++)
        waits[n++] = tw_filter_bit (&self->filter, hashes[i]);
    }
  return n;
}

/* In short all that fits is told; what does not, is judged in full. */
static void
make_plain (Intake *self, const TwSale *sale, TwBriefSale *brief)
{
  TwJudge judge = { &self->engine->terms, self->engine->zone };

  brief->plain = brief->spot != TW_NO_NAME && sale->origin.line <= G_MAXUINT32 &&
                 tw_sale_is_plain (&judge, sale, &self->room);
  if (!brief->plain || self->engine->terms.without_matched)
    return;
  brief->plain = sale->session.n <= G_MAXUINT8 && sale->psp_ref.n <= G_MAXUINT8;
  brief->n_session = brief->plain ? (guint8) sale->session.n : 0;
  brief->n_psp = brief->plain ? (guint8) sale->psp_ref.n : 0;
}

/* Whether the row need not be kept: of one that is plain nobody will have to look at more than that, mostly. */
static gboolean
may_be_read_again (const TwReconciliation *self, const TwOrigin *origin, gboolean plain)
{
  return plain && self->again_class != NULL && origin->at != 0;
}

/* *place: where. */
static gboolean
keep_whole (TwSpoolWriter *writer, TwShape shape, gconstpointer value, const TwRow *head, TwPlace *place,
            GError **error)
{
  TwRow *row = tw_spool_writer_reserve (writer, sizeof *row + tw_shape_bound (shape, value), error);

  if (row == NULL)
    return FALSE;
  *row = *head;
  row->size = (guint32) (tw_shape_write (shape, value, (guint8 *) (row + 1)) - (guint8 *) row);
  *place = tw_spool_writer_commit (writer, row);
  return TRUE;
}

static gboolean
send_sale (Intake *self, const TwSale *sale, const TwAskedName *spot, const TwRow *head, GError **error)
{
  TwBriefSale brief = {
    .n_payment = sale->payment_ref.n, .file = sale->origin.file, .line = (guint32) sale->origin.line,
    .captured = sale->captured_minor, .price = sale->price_minor, .receipt = sale->receipt_number,
    .billed = sale->billed != FALSE, .has_terminal = sale->terminal.n > 0,
  };
  guint32 waits[TW_ALL_SALE_KEYS];

  memcpy (brief.currency, sale->currency, sizeof brief.currency);
  brief.n_waits = (guint8) note_waits (self->engine, sale, waits);
  brief.spot = tw_registrar_number (&self->spots, spot);
  tw_spans_note (&self->spans, brief.spot, sale->started_us);
  make_plain (self, sale, &brief);
  if (may_be_read_again (self->engine, &sale->origin, brief.plain))
    brief.whole = tw_place_in_file (sale->origin.at);
  else if (!keep_whole (tw_fan_writer_at (self->sales, head->hash), TW_SHAPE_SALE, sale, head, &brief.whole, error))
    return FALSE;
  return tw_brief_write_sale (tw_fan_writer_at (self->brief_sales, head->hash), &brief, waits, head, sale, error);
}

static gboolean
take_sale (gpointer data, const TwSale *sale, GError **error)
{
  Intake *self = data;
  const gint64 amounts[] = {
    sale->price_minor, sale->repriced_minor, sale->shown_minor, sale->held_minor, sale->captured_minor,
    sale->second_capture_minor, sale->refunded_minor, sale->unknown_minor, sale->advised_minor, sale->energy_wh,
    sale->energy_price_minor, sale->energy_part_minor,
  };
  const gint64 instants[] = { sale->started_us, sale->ended_us, sale->captured_us, sale->refunded_us,
                              sale->hold_until_us };
  TwChars texts[TW_SPOT_TEXTS];
  TwAskedName spot;
  TwRow head = { .hash = tw_sale_home (sale) };

  if (!check_amounts (amounts, G_N_ELEMENTS (amounts), sale->currency, sale->origin, error) ||
      !check_instants (instants, G_N_ELEMENTS (instants), sale->origin, error))
    return FALSE;
  if (sale->test_mode)
    return take_test_sale (self->engine, sale, error);
  tw_spot_name (sale, texts);
  tw_registrar_ask (&self->spots, &spot, texts, G_N_ELEMENTS (texts));
  head.number = (guint32) __atomic_fetch_add (&self->engine->n_sales, 1, __ATOMIC_RELAXED);
  return send_sale (self, sale, &spot, &head, error);
}

static void
note_file (TwReconciliation *self, guint32 file)
{
  gint number = (gint) file + 1;

  if (g_atomic_int_get (&self->first_file) == number ||
      g_atomic_int_compare_and_exchange (&self->first_file, 0, number))
    return;
  if (g_atomic_int_get (&self->first_file) != number)
    g_atomic_int_set (&self->several_files, TRUE);
}

static gboolean
send_line (Intake *self, const TwSettled *line, const TwAskedName *payout, const TwRow *head, GError **error)
{
  TwBriefLine brief = {
    .n_payment = line->payment_ref.n, .file = (guint16) line->origin.file, .line = (guint32) line->origin.line,
    .gross = line->gross, .fee = line->fee, .net = line->net,
    .us = line->available_us != TW_NOT_STATED ? line->available_us : line->occurred_us, .kind = (guint8) line->kind,
  };

  memcpy (brief.currency, line->currency, sizeof brief.currency);
  brief.payout = line->origin.line <= G_MAXUINT32 && line->origin.file <= G_MAXUINT16
                   ? tw_registrar_number (&self->payouts, payout) : TW_NO_NAME;
  brief.plain = line->kind == TW_SETTLED_SALE && brief.payout != TW_NO_NAME && line->gross != TW_NOT_STATED &&
                tw_same_currency (line->currency, line->net_currency);
  if (may_be_read_again (self->engine, &line->origin, brief.plain))
    brief.whole = tw_place_in_file (line->origin.at);
  else if (!keep_whole (tw_fan_writer_at (self->lines, head->hash), TW_SHAPE_SETTLED, line, head, &brief.whole, error))
    return FALSE;
  return tw_brief_write_line (tw_fan_writer_at (self->brief_lines, head->hash), &brief, head, line, error);
}

static gboolean
take_line (gpointer data, const TwSettled *line, GError **error)
{
  Intake *self = data;
  const gint64 amounts[] = { line->gross, line->fee, line->net, line->dispute_fee };
  const gint64 instants[] = { line->occurred_us, line->available_us };
  TwSettled own = *line;
  TwChars texts[TW_PAYOUT_TEXTS];
  TwAskedName payout;
  TwRow head = { 0 };

  tw_line_complete (&own);
  if (!check_amounts (amounts, G_N_ELEMENTS (amounts), own.currency, line->origin, error) ||
      !check_amounts (NULL, 0, own.net_currency, line->origin, error) ||
      !check_instants (instants, G_N_ELEMENTS (instants), line->origin, error))
    return FALSE;
  tw_payout_name (&own, texts);
  tw_registrar_ask (&self->payouts, &payout, texts, G_N_ELEMENTS (texts));
  note_file (self->engine, line->origin.file);
  head.hash = tw_line_home (&own);
  head.number = (guint32) __atomic_fetch_add (&self->engine->n_lines, 1, __ATOMIC_RELAXED);
  return (self->engine->terms.one_settlement_file || tw_natural_write (self->naturals, &own, head.number, error)) &&
         send_line (self, &own, &payout, &head, error);
}

#define RATE_MOST G_GINT64_CONSTANT (10000000000000000)     /* a million, with ten decimals */

/* Few: one lock for all of them costs nothing. */
static gboolean
take_credit (gpointer data, const TwCredit *credit, GError **error)
{
  TwReconciliation *self = ((Intake *) data)->engine;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const gint64 amounts[] = { credit->amount, credit->original, credit->charges };

  if (credit->amount == TW_NOT_STATED)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, entry %" G_GUINT64_FORMAT ": no amount",
                   credit->origin.file, credit->origin.line);
      return FALSE;
    }
  if (credit->rate_e10 < 0 || credit->rate_e10 > RATE_MOST || credit->original == TW_NOT_STATED ||
      credit->charges == TW_NOT_STATED)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, entry %" G_GUINT64_FORMAT
                   ": a conversion that is none", credit->origin.file, credit->origin.line);
      return FALSE;
    }
  return check_amounts (amounts, G_N_ELEMENTS (amounts), credit->currency, credit->origin, error) &&
         tw_bank_add (&self->bank, credit, tw_share (self, 8), error);
}

static gboolean
take_energy (gpointer data, const TwEnergy *energy, GError **error)
{
  Intake *self = data;
  gboolean named = energy->session.n > 0;
  const gint64 instants[] = { energy->begin_us, energy->end_us };
  guint64 hash = named ? tw_hash_text (TW_ROOM_SESSION, energy->session) : tw_hash_text (TW_ROOM_EVSE, energy->evse);
  TwSpoolWriter *writer = tw_fan_writer_at (named ? self->by_session : self->by_evse, hash);
  TwRow *row;

  if (energy->energy_wh != TW_NOT_STATED && (energy->energy_wh > TW_AMOUNT_MAX || energy->energy_wh < -TW_AMOUNT_MAX))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": more energy than there is",
                   energy->origin.file, energy->origin.line);
      return FALSE;
    }
  if (!check_instants (instants, G_N_ELEMENTS (instants), energy->origin, error))
    return FALSE;
  row = tw_spool_writer_reserve (writer, sizeof *row + tw_shape_bound (TW_SHAPE_ENERGY, energy), error);
  if (row == NULL)
    return FALSE;
  tw_filter_add (&self->engine->filter, named ? TW_ROOM_SESSION : TW_ROOM_EVSE, hash);
  /* If nobody knows the session, it may be a sale's of its EVSE. */
  if (named && energy->evse.n > 0 && energy->kind != TW_METER_SIGNED)
    tw_filter_add (&self->engine->filter, TW_ROOM_EVSE, tw_hash_text (TW_ROOM_EVSE, energy->evse));
  row->size = (guint32) (tw_shape_write (TW_SHAPE_ENERGY, energy, (guint8 *) (row + 1)) - (guint8 *) row);
  row->hash = hash;
  row->number = 0;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static gboolean
take_total (gpointer data, const TwTotal *total, GError **error)
{
  TwReconciliation *self = ((Intake *) data)->engine;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!check_amounts (&total->total_minor, 1, total->currency, total->origin, error))
    return FALSE;
  if (total->total_minor != TW_NOT_STATED)
    tw_terminals_add (&self->terminals, total);
  return TRUE;
}

static const TwIntakeClass intake_class = {
  .sale = take_sale, .line = take_line, .credit = take_credit, .energy = take_energy, .total = take_total,
};

TwIntake
tw_reconciliation_intake (TwReconciliation *self)
{
  Intake *intake = g_new0 (Intake, 1);

  intake->engine = self;
  intake->sales = tw_fan_writer_new (self->sales);
  intake->lines = tw_fan_writer_new (self->lines);
  intake->brief_sales = tw_fan_writer_new (self->brief_sales);
  intake->brief_lines = tw_fan_writer_new (self->brief_lines);
  intake->spots.names = &self->spots;
  intake->payouts.names = &self->payout_names;
  tw_spans_init (&intake->spans);
  tw_verdict_init (&intake->room);
  intake->naturals = tw_fan_writer_new (self->room[TW_ROOM_NATURAL]);
  intake->by_session = tw_fan_writer_new (self->energies_by_session);
  intake->by_evse = tw_fan_writer_new (self->energies_by_evse);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->intakes, intake);
  g_mutex_unlock (&self->lock);
  return (TwIntake) { &intake_class, intake };
}

gboolean
tw_intakes_flush (TwReconciliation *self, GError **error)
{
  for (guint i = 0; i < self->intakes->len; i++)
    {
      Intake *intake = self->intakes->pdata[i];

      if (!tw_fan_writer_flush (intake->sales, error) || !tw_fan_writer_flush (intake->lines, error) ||
          !tw_fan_writer_flush (intake->brief_sales, error) || !tw_fan_writer_flush (intake->brief_lines, error) ||
          !tw_fan_writer_flush (intake->naturals, error) ||
          !tw_fan_writer_flush (intake->by_session, error) || !tw_fan_writer_flush (intake->by_evse, error))
        return FALSE;
      tw_spans_merge (&self->spans, &intake->spans);
    }
  g_ptr_array_set_size (self->intakes, 0);

  return TRUE;
}
