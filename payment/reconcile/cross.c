/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/cross.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/shape.h"

/* A finding in waiting: it is one only beside another record. found: its page; expected: where it begins. */
static TwException
waiting (TwClass class_, const TwSale *sale, const TwEnergy *energy)
{
  TwException waits = {
    .class_ = class_, .severity = tw_class_severity (class_), .session = sale->session, .station = sale->station,
    .evse = sale->evse, .payment_ref = sale->payment_ref, .psp_ref = sale->psp_ref,
    .stake_minor = tw_stated (sale->price_minor), .rule = "record-once", .expected = TW_NOT_STATED,
    .found = TW_NOT_STATED, .since_us = tw_sale_instant (sale), .due_us = TW_NOT_STATED, .sale = sale->origin,
    .other = energy->origin,
  };

  memcpy (waits.currency, sale->currency, sizeof waits.currency);
  return waits;
}

static gboolean
sort (TwSorter *sorter, TwChars first, gint64 us, TwChars digest, const TwException *waits, GError **error)
{
  gsize bound = tw_shape_bound (TW_SHAPE_EXCEPTION, waits) + first.n + digest.n + waits->session.n + waits->station.n;
  guint8 *start = tw_sorter_reserve (sorter, bound + 64, error), *at = start;
  gsize n_key;

  if (start == NULL)
    return FALSE;
  at = tw_key_number (tw_key_number (tw_key_text (at, first.text, first.n), us), waits->found);
  at = tw_key_text (at, digest.text, digest.n);
  at = tw_key_text (at, waits->station.text, waits->station.n);
  at = tw_key_text (at, waits->session.text, waits->session.n);
  n_key = (gsize) (at - start);
  at = tw_shape_write (TW_SHAPE_EXCEPTION, waits, at);
  tw_sorter_commit (sorter, n_key, (gsize) (at - start));
  return TRUE;
}

/* class_ and severity say what it is: no sale's, and whether it is told. */
gboolean
tw_cross_add_unclaimed (TwHand *worker, const TwEnergy *energy, gboolean told, GError **error)
{
  gboolean paged = energy->kind == TW_METER_SIGNED && energy->page != 0 && energy->meter.n > 0;
  TwException waits = {
    .class_ = TW_CLASS_DELIVERED_NOT_CAPTURED, .severity = told ? 4 : 0, .session = energy->session,
    .evse = energy->evse, .rule = "meter-without-sale", .detail = paged || told ? energy->meter : (TwChars) { 0 },
    .stake_minor = energy->energy_wh, .expected = TW_NOT_STATED, .found = TW_NOT_STATED,
    .since_us = energy->begin_us, .due_us = TW_NOT_STATED, .other = energy->origin,
  };

  if (!paged && !told)
    return TRUE;
  if (energy->kind != TW_METER_SIGNED)
    waits.detail = (TwChars) { 0 };
  if (paged)
    {
      waits.expected = (gint64) (energy->first_page != 0 ? energy->first_page : energy->page);
      waits.found = (gint64) energy->page;
    }
  return sort (worker->pages, waits.detail, energy->end_us, energy->digest, &waits, error);
}

gboolean
tw_cross_add (TwHand *worker, const TwSale *sale, const TwEnergy *energy, GError **error)
{
  TwException waits;

  if (energy->digest.n == 0)
    return TRUE;
  waits = waiting (TW_CLASS_RECORD_REUSED, sale, energy);
  waits.detail = energy->digest;
  if (!sort (worker->digests, energy->digest, 0, (TwChars) { 0 }, &waits, error))
    return FALSE;
  if (energy->kind != TW_METER_SIGNED || energy->page == 0 || energy->meter.n == 0)
    return TRUE;
  waits = waiting (TW_CLASS_PAGINATION_GAP, sale, energy);
  waits.rule = "pages-follow";
  waits.detail = energy->meter;
  waits.expected = (gint64) (energy->first_page != 0 ? energy->first_page : energy->page);
  waits.found = (gint64) energy->page;
  waits.batch = energy->digest;        /* only to be compared with the next one's */
  waits.stake_minor = tw_stated (sale->energy_part_minor);
  waits.due_us = sale->energy_price_minor;        /* only for what nobody sold between this sale and the next */
  if (energy->findings.n > 0 && g_strstr_len (energy->findings.text, energy->findings.n, "meter_reset_or_replay"))
    waits.class_ = TW_CLASS_METER_RESET;   /* told already */
  return sort (worker->pages, energy->meter, energy->end_us, energy->digest, &waits, error);
}

/* What was read last, kept: the row is gone with the next. filled: numbers after it that no sale has, and the last of
 * them. sale: and record, of the row before. */
typedef struct
{
  TwReconciliation *engine;
  GByteArray       *bytes;
  TwException       last;
  guint64           n_filled;
  gint64            last_filled;
  TwRegistrar       spots;
  GString          *sale;
} Memory;

static void
keep (Memory *self, const TwRow *row)
{
  const guint8 *body = TW_ROW_BODY (row) + row->number;

  g_byte_array_set_size (self->bytes, 0);
  g_byte_array_append (self->bytes, body, row->size - (guint) sizeof *row - row->number);
  tw_shape_read (TW_SHAPE_EXCEPTION, self->bytes->data, &self->last);
}

static gboolean
publish (Memory *self, const TwException *exception, const TwChars *members, guint n, GError **error)
{
  TwHand *worker = self->engine->workers[0];
  TwFinding *finding;

  tw_verdict_reset (&worker->verdict);
  finding = tw_verdict_add (&worker->verdict, exception->class_, exception->currency, exception->stake_minor,
                            exception->rule);
  finding->exception = *exception;
  tw_exception_identify (&finding->exception, members, n);
  return tw_hand_publish (worker, error);
}

/* Rows of one record and one sale follow each other: several witnesses, or one in several files. */
static gboolean
is_same_sale (Memory *self, const TwException *now)
{
  g_autoptr (GString) sale = g_string_new (NULL);
  gboolean same;

  g_string_append_len (sale, now->detail.text, now->detail.n);
  g_string_append_printf (sale, " %u ", now->station.n);
  g_string_append_len (sale, now->station.text, now->station.n);
  g_string_append_len (sale, now->session.text, now->session.n);
  same = g_string_equal (sale, self->sale);
  g_string_assign (self->sale, sale->str);
  return same;
}

/* Of two sales with one record the smaller is told; the larger waits for a third. */
static gboolean
judge_digest (gpointer data, const TwRow *row, GError **error)
{
  Memory *self = data;
  TwException now;
  const TwException *smaller;
  gboolean same;

  tw_shape_read (TW_SHAPE_EXCEPTION, TW_ROW_BODY (row) + row->number, &now);
  if (is_same_sale (self, &now))
    return TRUE;
  same = self->bytes->len > 0 && tw_chars_equal (now.detail, self->last.detail);
  smaller = now.stake_minor < self->last.stake_minor ? &now : &self->last;
  if (same)
    {
      TwChars members[] = { smaller->station, smaller->session, smaller->detail };

      if (!publish (self, smaller, members, G_N_ELEMENTS (members), error))
        return FALSE;
    }
  if (!same || smaller == &self->last)
    keep (self, row);
  return TRUE;
}

/* A number that a record has is none that is missing, whoever's it is. */
static void
fill (Memory *self, const TwException *now)
{
  gint64 from = MAX (now->expected, MAX (self->last.found, self->last_filled) + 1);

  if (now->found == TW_NOT_STATED || now->found < from)
    return;
  self->n_filled += (guint64) (now->found - from) + 1;
  self->last_filled = now->found;
}

/* Where the sale was, by number. */
static guint32
spot_of (Memory *self, const TwException *sale)
{
  TwSale of = { .station = sale->station, .evse = sale->evse };
  TwChars texts[TW_SPOT_TEXTS];
  TwAskedName asked;

  memcpy (of.currency, sale->currency, sizeof of.currency);
  tw_spot_name (&of, texts);
  tw_registrar_ask (&self->spots, &asked, texts, G_N_ELEMENTS (texts));
  return tw_registrar_number (&self->spots, &asked);
}

/* Energy that names a session of which no journal knows: at the price of its meter's sale before, if there is one after
 * it too; without a meter only that it is there, at a time of which the journals tell. */
static gboolean
judge_unsold (Memory *self, const TwException *now, GError **error)
{
  const TwSpans *spans = &self->engine->spans;
  const TwException *before = &self->last;
  gboolean placed = now->detail.n > 0;
  gint64 energy_wh = now->stake_minor;
  TwException tell = *now;
  TwChars members[] = { now->session, now->detail };

  if (now->severity == 0 || energy_wh == TW_NOT_STATED || energy_wh <= 0 || now->since_us == TW_NOT_STATED)
    return TRUE;
  if (placed ? self->bytes->len == 0 || !tw_chars_equal (now->detail, before->detail) ||
                 now->since_us >= tw_spans_last_of (spans, spot_of (self, before))
             : now->since_us < spans->first_us || now->since_us > spans->last_us)
    return TRUE;
  tell.stake_minor = placed ? tw_energy_price (energy_wh, before->due_us) : 0;
  tell.expected = 0;
  tell.found = energy_wh;
  if (placed)
    {
      tell.station = before->station;
      tell.evse = before->evse;
      memcpy (tell.currency, before->currency, sizeof tell.currency);
    }
  return publish (self, &tell, members, G_N_ELEMENTS (members), error);
}

/* By time: a number that is left out or given twice is a gap, one that runs back is a meter that began anew. */
static gboolean
judge_page (gpointer data, const TwRow *row, GError **error)
{
  Memory *self = data;
  TwException now;
  guint64 gap = 0;
  TwException tell;
  TwChars members[] = { { 0 }, { 0 }, { 0 } };
  char number[24];

  tw_shape_read (TW_SHAPE_EXCEPTION, TW_ROW_BODY (row) + row->number, &now);
  tell = now;
  if (now.class_ == TW_CLASS_DELIVERED_NOT_CAPTURED)
    {
      if (self->bytes->len > 0 && tw_chars_equal (now.detail, self->last.detail))
        fill (self, &now);
      return judge_unsold (self, &now, error);
    }
  if (self->bytes->len > 0 && tw_chars_equal (now.detail, self->last.detail))
    {
      guint64 from = (guint64) self->last.found + 1;

      if (now.found == self->last.found)
        gap = !tw_chars_equal (now.batch, self->last.batch);     /* another record of the same number */
      else if ((guint64) now.expected > from)
        gap = (guint64) now.expected - from - MIN (self->n_filled, (guint64) now.expected - from);
      else if (now.found < self->last.found && now.class_ == TW_CLASS_PAGINATION_GAP)
        tell.class_ = TW_CLASS_METER_RESET;
      tell.expected = (gint64) from;
    }
  keep (self, row);
  self->n_filled = 0;
  self->last_filled = G_MININT64;
  if (gap == 0 && tell.class_ == now.class_)
    return TRUE;
  tell.batch = (TwChars) { 0 };
  tell.due_us = TW_NOT_STATED;
  tell.class_ = gap > 0 ? TW_CLASS_PAGINATION_GAP : TW_CLASS_METER_RESET;
  if (gap > 0)
    tell.stake_minor = (gint64) MIN ((__int128) gap * tw_stations_mean_of_evse (&self->engine->stations, tell.evse,
                                                                             tell.currency), (__int128) G_MAXINT64);
  g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, tell.found);
  members[0] = tell.detail;
  members[1] = (TwChars) { number, (guint32) strlen (number) };
  members[2] = tell.session;
  return publish (self, &tell, members, G_N_ELEMENTS (members), error);
}

gboolean
tw_cross_judge (TwReconciliation *self, GError **error)
{
  TwSorter *digests[TW_MAX_WORKERS], *pages[TW_MAX_WORKERS];
  Memory digest = { .engine = self, .bytes = g_byte_array_new (), .sale = g_string_new (NULL) };
  Memory page = { .engine = self, .bytes = g_byte_array_new (), .spots = { .names = &self->spots } };
  gboolean ok;

  for (guint i = 0; i < self->n_workers; i++)
    {
      digests[i] = self->workers[i]->digests;
      pages[i] = self->workers[i]->pages;
    }
  ok = tw_sorters_merge (digests, self->n_workers, judge_digest, &digest, error) &&
       tw_sorters_merge (pages, self->n_workers, judge_page, &page, error);
  g_byte_array_unref (digest.bytes);
  g_string_free (digest.sale, TRUE);
  g_byte_array_unref (page.bytes);
  tw_registrar_clear (&page.spots);
  return ok;
}
