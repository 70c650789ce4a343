/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/cross.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/shape.h"
#include "payment/reconcile/unclaimed.h"

typedef struct { const TwRow *row; TwEnergy energy; guint rank; } Unclaimed;

#define OF_CONTRACT 6

/* The best witness first: who signs, who knows the place. A driver with a contract pays somebody else. */
static guint
rank_of (const TwEnergy *energy)
{
  guint place = energy->evse.n > 0 ? 1 : 4;

  if (energy->kind == TW_METER_SIGNED)
    return energy->meter.n > 0 ? 0 : 3;
  if (energy->kind == TW_METER_CDR && tw_chars_are (energy->verdict, "contract"))
    return OF_CONTRACT;
  return place + (energy->kind == TW_METER_CDR);
}

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

static int
by_session (const void *a, const void *b)
{
  const Unclaimed *x = a, *y = b;
  int order = tw_chars_compare (x->energy.session, y->energy.session);

  if (order != 0)
    return order;
  COMPARE (x->rank, y->rank);
  COMPARE (x->energy.begin_us, y->energy.begin_us);
  COMPARE (x->energy.energy_wh, y->energy.energy_wh);
  COMPARE (x->energy.origin.file, y->energy.origin.file);
  COMPARE (x->energy.origin.line, y->energy.origin.line);
  return 0;
}

static gboolean
forward (TwHand *worker, const TwEnergy *energy, gboolean told, GError **error)
{
  guint64 hash = tw_hash_text (TW_ROOM_EVSE, energy->evse);
  TwFanWriter *fan = tw_hand_writer (&worker->unclaimed, worker->engine->energies_by_evse);
  TwSpoolWriter *writer = tw_fan_writer_at (fan, hash);
  TwRow *row = tw_spool_writer_reserve (writer, sizeof *row + tw_shape_bound (TW_SHAPE_ENERGY, energy), error);

  if (row == NULL)
    return FALSE;
  row->size = (guint32) (tw_shape_write (TW_SHAPE_ENERGY, energy, (guint8 *) (row + 1)) - (guint8 *) row);
  row->hash = hash;
  row->number = told ? TW_READING_FORWARDED : TW_READING_SILENT;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static gboolean
add_to_room (TwHand *worker, TwRoom room, guint64 hash, const TwSale *sale, GError **error)
{
  TwFanWriter *fan = tw_hand_writer (&worker->room[room], worker->engine->room[room]);
  TwSpoolWriter *writer = tw_fan_writer_at (fan, hash);
  gsize bound = sizeof (TwRow) + sizeof hash + tw_shape_bound (TW_SHAPE_SALE, sale);
  TwRow *row = tw_spool_writer_reserve (writer, bound, error);
  guint8 *at = (guint8 *) (row + 1);

  if (row == NULL)
    return FALSE;
  memset (at, 0, sizeof hash);                     /* it has no home */
  at = tw_shape_write (TW_SHAPE_SALE, sale, at + sizeof hash);
  row->size = (guint32) (at - (guint8 *) row);
  row->hash = hash;
  row->number = TW_TEST_SALE;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

gboolean
tw_unclaimed_add_test_sale (TwHand *worker, const TwSale *sale, GError **error)
{
  for (TwRoom room = TW_ROOM_SESSION; room <= TW_ROOM_EVSE; room++)
    {
      guint64 hashes[TW_SALE_KEYS];
      guint n = tw_room_sale_keys (room, sale, hashes);

      for (guint i = 0; i < n; i++)
        if (!add_to_room (worker, room, hashes[i], sale, error))
          return FALSE;
    }
  return TRUE;
}

gboolean
tw_unclaimed_send (TwHand *worker, GPtrArray *rows, GError **error)
{
  g_autofree Unclaimed *all = g_new (Unclaimed, rows->len);

  for (guint i = 0; i < rows->len; i++)
    {
      all[i].row = rows->pdata[i];
      tw_shape_read (TW_SHAPE_ENERGY, TW_ROW_BODY (all[i].row), &all[i].energy);
      all[i].rank = rank_of (&all[i].energy);
    }
  if (rows->len > 1)
    qsort (all, rows->len, sizeof *all, by_session);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwEnergy *energy = &all[i].energy;
      gboolean first = i == 0 || !tw_chars_equal (energy->session, all[i - 1].energy.session);
      gboolean told = first && all[i].rank != OF_CONTRACT;

      if (!(energy->kind != TW_METER_SIGNED && energy->evse.n > 0
              ? forward (worker, energy, told, error)
              : tw_cross_add_unclaimed (worker, energy, told, error)))
        return FALSE;
    }
  return TRUE;
}
