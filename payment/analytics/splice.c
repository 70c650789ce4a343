/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/splice.h"

#include "payment/analytics/snapshot-private.h"

#include <string.h>

/* Where its sums are, which are all of it behind its key; its first number is a port's or a site's. */
struct _TwCellKind
{
  gsize        size, key_size;
  const gsize *of_32, *of_64;
  guint        n_32, n_64;
  gboolean     of_ports;
  int        (*compare) (gconstpointer a, gconstpointer b);
  void       (*rename) (const TwResumed *resumed, gpointer cell);
};

/* Before that kept cell, or instead of it; gone: nothing is there. */
typedef struct { gsize at; gboolean replaces, gone; } Edit;

#define DAY(field) G_STRUCT_OFFSET (TwDayCell, field)
#define HOUR(field) G_STRUCT_OFFSET (TwHourCell, field)

static const gsize DAY_32[] = {
  DAY (occupied_s), DAY (charging_s), DAY (idle_s), DAY (n_started), DAY (n_ended), DAY (n_metered), DAY (n_empty),
  DAY (n_failed), DAY (n_idle_unknown), DAY (whole_occupied_s), DAY (n_paid), DAY (n_priced), DAY (n_captured),
  DAY (n_fee),
};
static const gsize DAY_64[] = {
  DAY (energy_mwh), DAY (whole_energy_wh), DAY (billed_energy_wh), DAY (priced_minor), DAY (tax_minor),
  DAY (captured_minor), DAY (refunded_minor), DAY (fee_minor), DAY (chargeback_minor), DAY (unpaid_minor),
  DAY (reconciled_minor),
};
static const gsize HOUR_32[] = {
  HOUR (occupied_s), HOUR (charging_s), HOUR (all_busy_s), HOUR (n_started), HOUR (n_started_captured),
  HOUR (started_occupied_s),
};
static const gsize HOUR_64[] = {
  HOUR (energy_mwh), HOUR (started_energy_wh), HOUR (started_captured_minor), HOUR (started_occupied_s2),
};

static int
by_day (gconstpointer a,
        gconstpointer b)
{
  return tw_day_cells_by_key (a, b);
}

static int
by_hour (gconstpointer a,
         gconstpointer b)
{
  const TwHourCell *one = a, *other = b;

  if (one->site != other->site)
    return one->site < other->site ? -1 : 1;
  return one->hour < other->hour ? -1 : one->hour > other->hour;
}

static void
rename_day (const TwResumed *resumed,
            gpointer         data)
{
  TwDayCell *cell = data;

  cell->port = resumed->ports[cell->port];
  cell->tariff = resumed->tariffs[cell->tariff];
}

static void
rename_hour (const TwResumed *resumed,
             gpointer         data)
{
  TwHourCell *cell = data;

  cell->site = resumed->sites[cell->site];
}

const TwCellKind TW_DAY_CELLS = {
  sizeof (TwDayCell), DAY (occupied_s), DAY_32, DAY_64, G_N_ELEMENTS (DAY_32), G_N_ELEMENTS (DAY_64), TRUE, by_day,
  rename_day,
};
const TwCellKind TW_HOUR_CELLS = {
  sizeof (TwHourCell), HOUR (occupied_s), HOUR_32, HOUR_64, G_N_ELEMENTS (HOUR_32), G_N_ELEMENTS (HOUR_64), FALSE,
  by_hour, rename_hour,
};

G_STATIC_ASSERT (sizeof (Edit) + sizeof (TwDayCell) <= TW_TABLE_RECORD);

static gboolean
add (const TwCellKind *kind,
     guint8           *cell,
     gconstpointer     more,
     int               sign)
{
  const guint8 *from = more;
  gboolean well = TRUE;

  for (guint i = 0; i < kind->n_32; i++)
    {
      guint32 *sum = (guint32 *) (void *) (cell + kind->of_32[i]);
      guint32 value = *(const guint32 *) (const void *) (from + kind->of_32[i]);

      well &= sign > 0 ? !__builtin_add_overflow (*sum, value, sum) : !__builtin_sub_overflow (*sum, value, sum);
    }
  for (guint i = 0; i < kind->n_64; i++)
    {
      guint64 *sum = (guint64 *) (void *) (cell + kind->of_64[i]);
      guint64 value = *(const guint64 *) (const void *) (from + kind->of_64[i]);

      *sum = sign > 0 ? *sum + value : *sum - value;
    }
  return well;
}

static gboolean
is_empty (const TwCellKind *kind,
          const guint8     *cell)
{
  for (gsize i = kind->key_size; i < kind->size; i++)
    if (cell[i] != 0)
      return FALSE;
  return TRUE;
}

static void
copy_cells (const TwSplice *self,
            guint8         *to,
            gsize           from,
            gsize           n)
{
  const gsize size = self->kind->size;

  if (n > 0)
    memcpy (to, self->kept + from * size, n * size);
  for (gsize i = 0; i < n && !self->resumed->same; i++)
    self->kind->rename (self->resumed, to + i * size);
}

static int
compare_kept (const TwSplice *self,
              gsize           i,
              gconstpointer   key)
{
  guint8 cell[TW_TABLE_RECORD] __attribute__ ((aligned (16)));

  copy_cells (self, cell, i, 1);
  return self->kind->compare (cell, key);
}

/* The first kept cell from there on that is not before the key: in steps that grow, since it is near. */
static gsize
find (const TwSplice *self,
      gsize           from,
      gconstpointer   key)
{
  gsize low = from, step = 1, high;

  while (low + step < self->n_kept && compare_kept (self, low + step, key) < 0)
    {
      low += step;
      step *= 2;
    }
  high = MIN (low + step, self->n_kept);
  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (compare_kept (self, middle, key) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* off, on: NULL: none. */
static gboolean
plan_cell (TwSplice      *self,
           gsize          at,
           gconstpointer  off,
           gconstpointer  on)
{
  const TwCellKind *kind = self->kind;
  gconstpointer key = off ? off : on;
  gboolean replaces = at < self->n_kept && compare_kept (self, at, key) == 0, well = off == NULL || replaces;
  Edit *edit = tw_table_add (&self->edits);
  guint8 *cell = (guint8 *) (edit + 1);

  if (replaces)
    copy_cells (self, cell, at, 1);
  else
    memcpy (cell, key, kind->key_size);
  well = well && (off == NULL || add (kind, cell, off, -1)) && (on == NULL || add (kind, cell, on, 1));
  *edit = (Edit) { at, replaces, is_empty (kind, cell) };
  self->n += !edit->gone;
  self->n -= replaces;
  return well;
}

/* The first cell whose port, or site, is not before this one. */
static gsize
first_of (const TwCellKind *kind,
          const guint8     *kept,
          gsize             n,
          const guint32    *ranks,
          guint32           rank)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;
      guint32 number;

      memcpy (&number, kept + middle * kind->size, sizeof number);
      if (ranks[number] < rank)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
tw_splice_plan (TwSplice         *self,
                const TwAnalysis *analysis,
                const TwCellKind *kind,
                guint32           first_site,
                guint32           end_site,
                const TwTable    *off,
                const TwTable    *on)
{
  const TwKept what = kind->of_ports ? TW_KEPT_DAYS : TW_KEPT_HOURS;
  const TwResumed *resumed = analysis->resumed;
  const guint32 *ranks = kind->of_ports ? resumed->ports : resumed->sites;
  const guint8 *kept = resumed->snapshot->file.at[what];
  gsize n = resumed->snapshot->file.n[what], from, at = 0, i = 0, k = 0;
  gboolean well = TRUE;

  from = first_of (kind, kept, n, ranks, kind->of_ports ? tw_analysis_first_port (analysis, first_site) : first_site);
  n = first_of (kind, kept, n, ranks, kind->of_ports ? tw_analysis_first_port (analysis, end_site) : end_site) - from;
  *self = (TwSplice) { kind, resumed, kept + from * kind->size, n, n };
  tw_table_init (&self->edits, sizeof (Edit) + kind->size, 0, analysis->seed, off->budget);
  while (i < off->n || k < on->n)
    {
      gconstpointer less = i < off->n ? tw_table_at (off, i) : NULL, more = k < on->n ? tw_table_at (on, k) : NULL;
      int order = less == NULL ? 1 : more == NULL ? -1 : kind->compare (less, more);

      at = find (self, at, order <= 0 ? less : more);
      well &= plan_cell (self, at, order <= 0 ? less : NULL, order >= 0 ? more : NULL);
      i += order <= 0;
      k += order >= 0;
    }
  return well;
}

void
tw_splice_write (const TwSplice *self,
                 gpointer        cells)
{
  const gsize size = self->kind->size;
  guint8 *to = cells;
  gsize from = 0;

  for (gsize i = 0; i < self->edits.n; i++)
    {
      const Edit *edit = tw_table_at (&self->edits, i);

      copy_cells (self, to, from, edit->at - from);
      to += (edit->at - from) * size;
      from = edit->at + edit->replaces;
      if (!edit->gone)
        to = (guint8 *) memcpy (to, edit + 1, size) + size;
    }
  copy_cells (self, to, from, self->n_kept - from);
}

void
tw_splice_clear (TwSplice *self)
{
  tw_table_clear (&self->edits);
}
