/* SPDX-License-Identifier: Apache-2.0 */
/* Energy to sales: by the session (or our reference) that a record names, else by EVSE and time. */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/cross.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"
#include "payment/reconcile/unclaimed.h"

#define OVERLAPS 8       /* sales of one EVSE that overlap: looked at, so that a doubtful record is not given to one */

/* What of a sale is asked here; texts are the row's. */
typedef struct
{
  guint64      hash;
  gint64       started_us, ended_us, energy_price_minor, captured_minor;
  const TwRow *row;
  TwChars      session, payment_ref, station, evse;
  char         currency[4];
} Entry;

static int
by_time (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  if (x->hash != y->hash)
    return x->hash < y->hash ? -1 : 1;
  if (x->started_us != y->started_us)
    return x->started_us < y->started_us ? -1 : 1;
  return tw_chars_compare (x->session, y->session);
}

static GArray *
sales_by_time (const TwLoad *load)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const TwRow *row = TW_LOAD_FIRST (load); row < TW_LOAD_END (load); row = TW_ROW_NEXT (row))
    {
      Entry entry = { .hash = row->hash, .row = row };
      TwSale sale;

      tw_shape_read (TW_SHAPE_SALE, TW_ROW_BODY (row) + sizeof (guint64), &sale);
      entry.started_us = sale.started_us;
      entry.ended_us = sale.ended_us;
      entry.energy_price_minor = sale.energy_price_minor;
      entry.captured_minor = tw_stated (sale.captured_minor);
      entry.session = sale.session;
      entry.payment_ref = sale.payment_ref;
      entry.station = sale.station;
      entry.evse = sale.evse;
      memcpy (entry.currency, sale.currency, sizeof entry.currency);
      g_array_append_val (entries, entry);
    }
  if (entries->len > 1)
    qsort (entries->data, entries->len, sizeof (Entry), by_time);
  return entries;
}

/* The first entry not before this key and instant. */
static guint
first_from (GArray *entries, guint64 hash, gint64 us)
{
  guint low = 0, high = entries->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const Entry *entry = &g_array_index (entries, Entry, middle);

      if (entry->hash < hash || (entry->hash == hash && entry->started_us < us))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
give (TwHand *worker, const Entry *entry, const TwEnergy *energy, const char *rule, GError **error)
{
  TwSaleRef ref = { .number = entry->row->number };

  if (ref.number == TW_TEST_SALE)
    return tw_cross_add_unclaimed (worker, energy, FALSE, error);
  memcpy (&ref.home, TW_ROW_BODY (entry->row), sizeof ref.home);
  return tw_late_send (worker, TW_LATE_READING, ref, rule, energy, error);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(const Entry *const *) a, *y = *(const Entry *const *) b;
  int order = tw_chars_compare (x->session, y->session);

  return order != 0 ? order : tw_chars_compare (x->station, y->station);
}

/* More than one sale that it could be, and none that it is more than another (facts: reconciliation.md section 3). */
static gboolean
tell_ambiguous (TwHand *worker, const TwEnergy *energy, GPtrArray *candidates, const char *rule, GError **error)
{
  TwChars members[] = { energy->session, energy->evse, energy->meter, energy->digest };
  const Entry *largest;
  char begin[24];
  TwFinding *finding;

  g_ptr_array_sort (candidates, by_name);
  largest = candidates->pdata[0];
  g_string_set_size (worker->text, 0);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Entry *entry = candidates->pdata[i];

      largest = entry->captured_minor > largest->captured_minor ? entry : largest;
      if (i < TW_MAX_CANDIDATES)
        g_string_append_printf (worker->text, "%s%.*s", i > 0 ? " " : "", (int) entry->session.n, entry->session.text);
    }
  tw_verdict_reset (&worker->verdict);
  finding = tw_verdict_add (&worker->verdict, TW_CLASS_AMBIGUOUS, largest->currency, largest->captured_minor, rule);
  finding->exception.evse = energy->evse;
  finding->exception.detail = (TwChars) { worker->text->str, (guint32) worker->text->len };
  finding->exception.since_us = energy->begin_us;
  finding->exception.other = energy->origin;
  g_snprintf (begin, sizeof begin, "%" G_GINT64_FORMAT, energy->begin_us);
  if (energy->digest.n == 0)          /* a meter's log has many that are of no session */
    members[3] = (TwChars) { begin, (guint32) strlen (begin) };
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
  return tw_hand_publish (worker, error) && tw_cross_add_unclaimed (worker, energy, FALSE, error);
}

/* Several files may tell of one test sale; of real ones the best version is all that is left. */
static gboolean
is_test_again (const Entry *entry, const Entry *other)
{
  return other != NULL && entry->row->number == TW_TEST_SALE && other->row->number == TW_TEST_SALE &&
         tw_chars_equal (entry->session, other->session) && tw_chars_equal (entry->station, other->station);
}

/* Several sales of that name: the one at the record's EVSE. */
static gboolean
by_session (TwHand *worker, GArray *sales, const TwRow *row, const TwEnergy *energy, GPtrArray *unclaimed,
            GError **error)
{
  g_autoptr (GPtrArray) candidates = NULL;
  const Entry *found = NULL, *at_evse = NULL;
  guint n = 0, n_at_evse = 0;

  for (guint i = first_from (sales, row->hash, G_MININT64); i < sales->len; i++)
    {
      const Entry *entry = &g_array_index (sales, Entry, i);

      if (entry->hash != row->hash)
        break;
      if ((!tw_chars_equal (energy->session, entry->session) &&
           !tw_chars_equal (energy->session, entry->payment_ref)) || is_test_again (entry, found))
        continue;
      if (n++ == 0)
        found = entry;
      else if (candidates == NULL)
        g_ptr_array_add (candidates = g_ptr_array_new (), (gpointer) found);
      if (n > 1)
        g_ptr_array_add (candidates, (gpointer) entry);
      if (!tw_chars_equal (energy->evse, entry->evse))
        continue;
      at_evse = entry;
      n_at_evse++;
    }
  if (n == 0)
    g_ptr_array_add (unclaimed, (gpointer) row);
  else if (n == 1 || n_at_evse == 1)
    return give (worker, n == 1 ? found : at_evse, energy, "session", error);
  return n == 0 || tell_ambiguous (worker, energy, candidates, "session", error);
}

/* Energy between two sales of this EVSE, and no sale for it: at the price of the sale before. */
typedef struct { TwEnergy energy; const Entry *before; } Unsold;

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

static int
by_place_and_time (gconstpointer a, gconstpointer b)
{
  const TwEnergy *x = &((const Unsold *) a)->energy, *y = &((const Unsold *) b)->energy;
  int order = tw_chars_compare (x->evse, y->evse);

  if (order != 0)
    return order;
  COMPARE (x->begin_us, y->begin_us);
  COMPARE (x->kind != TW_METER_SIGNED, y->kind != TW_METER_SIGNED);
  COMPARE (x->kind, y->kind);
  COMPARE (x->energy_wh, y->energy_wh);
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

static gboolean
tell_unsold (TwHand *worker, const TwEnergy *energy, const Entry *before, GError **error)
{
  TwFinding *finding;
  TwChars members[] = { energy->evse, energy->meter, energy->digest, energy->session };
  char begin[24];

  tw_verdict_reset (&worker->verdict);
  finding = tw_verdict_add (&worker->verdict, TW_CLASS_DELIVERED_NOT_CAPTURED, before->currency,
                            tw_energy_price (energy->energy_wh, before->energy_price_minor),
                            "meter-without-sale");
  finding->exception.session = energy->session;
  finding->exception.station = before->station;
  finding->exception.evse = energy->evse;
  finding->exception.expected = 0;
  finding->exception.found = energy->energy_wh;
  finding->exception.since_us = energy->begin_us;
  finding->exception.other = energy->origin;
  g_snprintf (begin, sizeof begin, "%" G_GINT64_FORMAT, energy->begin_us);
  if (energy->digest.n == 0)
    members[2] = (TwChars) { begin, (guint32) strlen (begin) };
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
  return tw_hand_publish (worker, error);
}

/* Several witnesses, or one in several files, may tell of the same: at one time an EVSE has one car. */
static gboolean
tell_all_unsold (TwHand *worker, GArray *unsold, GError **error)
{
  const TwEnergy *last = NULL;

  g_array_sort (unsold, by_place_and_time);
  for (guint i = 0; i < unsold->len; i++)
    {
      const Unsold *one = &g_array_index (unsold, Unsold, i);

      if (last != NULL && tw_chars_equal (one->energy.evse, last->evse) && one->energy.begin_us < last->end_us)
        continue;
      if (!tell_unsold (worker, &one->energy, one->before, error))
        return FALSE;
      last = &one->energy;
    }
  return TRUE;
}

static int
by_digest (gconstpointer a, gconstpointer b)
{
  const TwEnergy *x = a, *y = b;
  int order = tw_chars_compare (x->digest, y->digest);

  if (order != 0)
    return order;
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

/* A record that nobody can read says neither where nor when nor how much, and may be any sale's: it is told once, with
 * its place, however many files have it. */
static gboolean
tell_all_malformed (TwHand *worker, GArray *malformed, GError **error)
{
  static const char no_currency[4] = "";

  g_array_sort (malformed, by_digest);
  for (guint i = 0; i < malformed->len; i++)
    {
      const TwEnergy *energy = &g_array_index (malformed, TwEnergy, i);
      TwFinding *finding;

      if (i > 0 && tw_chars_equal (energy->digest, g_array_index (malformed, TwEnergy, i - 1).digest))
        continue;
      tw_verdict_reset (&worker->verdict);
      finding = tw_verdict_add (&worker->verdict, TW_CLASS_SIGNATURE_INVALID, no_currency, 0, "signed-record");
      finding->exception.detail = energy->verdict;
      finding->exception.other = energy->origin;
      tw_exception_identify (&finding->exception, &energy->digest, 1);
      if (!tw_hand_publish (worker, error))
        return FALSE;
    }
  return TRUE;
}

/* The sale in whose time the middle of the record's lies. */
static gboolean
by_evse (TwHand *worker, GArray *sales, const TwRow *row, const TwEnergy *energy, GArray *unsold, GError **error)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  gint64 middle = energy->begin_us / 2 + energy->end_us / 2;
  guint after = first_from (sales, row->hash, middle + 1);

  if (energy->begin_us == TW_NOT_STATED || energy->end_us == TW_NOT_STATED)
    return TRUE;
  for (guint i = after; i > 0 && after - i < OVERLAPS; i--)
    {
      const Entry *entry = &g_array_index (sales, Entry, i - 1);

      if (entry->hash != row->hash)
        break;
      if (!tw_chars_equal (entry->evse, energy->evse) || entry->ended_us == TW_NOT_STATED ||
          entry->ended_us < middle ||
          is_test_again (entry, candidates->len > 0 ? candidates->pdata[candidates->len - 1] : NULL))
        continue;
      g_ptr_array_add (candidates, (gpointer) entry);
    }
  if (candidates->len == 1)
    return give (worker, candidates->pdata[0], energy, "evse-time", error);
  if (candidates->len > 1)
    return tell_ambiguous (worker, energy, candidates, "evse-time", error);
  if (row->number != TW_READING_SILENT && energy->energy_wh != TW_NOT_STATED && energy->energy_wh > 0 && after > 0 &&
      after < sales->len && g_array_index (sales, Entry, after - 1).hash == row->hash &&
      g_array_index (sales, Entry, after).hash == row->hash)
    {
      Unsold one = { *energy, &g_array_index (sales, Entry, after - 1) };

      g_array_append_val (unsold, one);
    }
  return tw_cross_add_unclaimed (worker, energy, FALSE, error);
}

static gboolean
match (TwHand *worker, GError **error)
{
  g_autoptr (GArray) sales = sales_by_time (&worker->loads[0]);
  g_autoptr (GPtrArray) unclaimed = g_ptr_array_new ();
  g_autoptr (GArray) unsold = g_array_new (FALSE, FALSE, sizeof (Unsold));
  g_autoptr (GArray) malformed = g_array_new (FALSE, FALSE, sizeof (TwEnergy));
  gboolean named = worker->engine->stage == tw_stage_meter_sessions;

  for (const TwRow *row = TW_LOAD_FIRST (&worker->loads[1]); row < TW_LOAD_END (&worker->loads[1]);
       row = TW_ROW_NEXT (row))
    {
      TwEnergy energy;

      tw_shape_read (TW_SHAPE_ENERGY, TW_ROW_BODY (row), &energy);
      if (!named && energy.kind == TW_METER_SIGNED && tw_chars_are (energy.verdict, "malformed"))
        g_array_append_val (malformed, energy);
      else if (!(named ? by_session (worker, sales, row, &energy, unclaimed, error)
                       : by_evse (worker, sales, row, &energy, unsold, error)))
        return FALSE;
    }
  return tell_all_malformed (worker, malformed, error) && tell_all_unsold (worker, unsold, error) &&
         tw_unclaimed_send (worker, unclaimed, error);
}

static gboolean
match_room (TwHand *worker, TwRoom room, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwFan *energies = room == TW_ROOM_SESSION ? self->energies_by_session : self->energies_by_evse;
  TwSpool *spools[TW_N_LOADS] = { &self->room[room]->spools[partition], &energies->spools[partition], NULL };

  return spools[1]->n_rows == 0 || tw_bucket_run (worker, spools, match, error);
}

gboolean
tw_stage_meter_sessions (TwHand *worker, guint partition, GError **error)
{
  return match_room (worker, TW_ROOM_SESSION, partition, error);
}

/* After all sessions: what they left over came here. */
gboolean
tw_stage_meter_evses (TwHand *worker, guint partition, GError **error)
{
  return match_room (worker, TW_ROOM_EVSE, partition, error);
}
