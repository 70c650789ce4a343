/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/grid.h"

#define MOST_LOOKS 100000          /* elements asked: a millisecond or two */
#define FULL_CAR_MW 1000000        /* more than what still flows into a full car */

/* The mains may be 10 % above what they are called (EN 50160), and so may the power. */
static gint64
most_power (const TwGrid *self)
{
  return self->power_mw + self->power_mw / 10;
}

/* --- the axes --- */

static int
compare_ranks (const void *a,
               const void *b)
{
  return *(const gint16 *) a - *(const gint16 *) b;
}

static void
add_rank (GArray *ranks,
          gint16  rank)
{
  for (guint i = 0; i < ranks->len; i++)
    if (g_array_index (ranks, gint16, i) == rank)
      return;
  g_array_append_val (ranks, rank);
}

static void
lay_axis (TwGrid *self,
          TwAxis  axis)
{
  const TwCuts *cuts = &self->tariff->cuts[axis];
  g_autoptr (GArray) ranks = g_array_new (FALSE, FALSE, sizeof (gint16));
  TwGridAxis *laid = &self->axes[axis];

  add_rank (ranks, 0);
  for (guint i = 0; i < self->elements->len; i++)
    {
      const TwRestrictions *r = &g_array_index (self->elements, const TwElement *, i)->restrictions;

      if (!r->has_axis[axis])
        continue;
      add_rank (ranks, r->min_rank[axis]);
      if (r->max_rank[axis] != G_MAXINT16)
        add_rank (ranks, r->max_rank[axis]);
      laid->has_unknown = axis == TW_AXIS_CURRENT || axis == TW_AXIS_POWER;
    }
  g_array_sort (ranks, compare_ranks);
  laid->n = ranks->len + laid->has_unknown;
  laid->rank = g_new (gint16, laid->n);
  laid->from = g_new0 (gint64, laid->n);
  for (guint i = 0; i < ranks->len; i++)
    {
      laid->rank[i] = g_array_index (ranks, gint16, i);
      laid->from[i] = laid->rank[i] > 0 ? cuts->cuts[laid->rank[i] - 1] : 0;
    }
  if (laid->has_unknown)
    laid->rank[ranks->len] = -1;
}

static void
lay_time (TwGrid *self)
{
  TwGridAxis *laid = &self->axes[TW_GRID_TIME];
  g_autoptr (GArray) from = g_array_new (FALSE, FALSE, sizeof (gint64));
  TwOffset offset = { 0 };
  gboolean is_local = FALSE;

  for (guint i = 0; i < self->elements->len; i++)
    is_local |= g_array_index (self->elements, const TwElement *, i)->restrictions.is_local;
  g_array_append_val (from, self->wall_ms);
  for (gint64 at = self->wall_ms; is_local; )
    {
      at = tw_local_next_cut (self->tariff, &offset, at);
      if (at >= self->wall_ms + self->look_ms)
        break;
      g_array_append_val (from, at);
    }
  laid->n = from->len;
  laid->from = (gint64 *) g_array_free (g_steal_pointer (&from), FALSE);
  self->local = g_new (TwLocal, laid->n);
  for (guint i = 0; i < laid->n; i++)
    self->local[i] = tw_local_at (self->tariff, &offset, laid->from[i]);
}

/* --- the cells --- */

gsize
tw_grid_index (const TwGrid *self,
               const TwCell *cell)
{
  gsize index = 0;

  for (guint axis = TW_GRID_AXES; axis-- > 0; )
    index = index * self->axes[axis].n + cell->at[axis];

  return index;
}

TwCell
tw_grid_cell (const TwGrid *self,
              gsize         index)
{
  TwCell cell;

  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    {
      cell.at[axis] = (guint) (index % self->axes[axis].n);
      index /= self->axes[axis].n;
    }

  return cell;
}

gboolean
tw_grid_is_unknown (const TwGrid *self,
                    guint         axis,
                    guint         at)
{
  return self->axes[axis].has_unknown && at == self->axes[axis].n - 1;
}

/* Where the next cell of the axis begins; TW_NEVER: there is none. */
static gint64
end_of (const TwGrid *self,
        guint         axis,
        guint         at)
{
  const TwGridAxis *laid = &self->axes[axis];

  return at + 1 < laid->n && !tw_grid_is_unknown (self, axis, at + 1) ? laid->from[at + 1] : TW_NEVER;
}

static gboolean
is_power_possible (const TwGrid *self,
                   guint         at)
{
  gint64 from = self->axes[TW_AXIS_POWER].from[at];

  if (self->kind == TW_LINE_PARKING_TIME)
    return from < FULL_CAR_MW;

  return self->power_mw <= 0 || from <= most_power (self);
}

/* FALSE: no session can be as old, or have taken as much, at that time. */
static gboolean
is_possible (const TwGrid *self,
             const TwCell *cell)
{
  gint64 age = self->axes[TW_AXIS_DURATION].from[cell->at[TW_AXIS_DURATION]];
  gint64 oldest = end_of (self, TW_AXIS_DURATION, cell->at[TW_AXIS_DURATION]);
  gint64 energy = self->axes[TW_AXIS_ENERGY].from[cell->at[TW_AXIS_ENERGY]];
  gint64 until = end_of (self, TW_GRID_TIME, cell->at[TW_GRID_TIME]);

  oldest = MIN (oldest, (until == TW_NEVER ? self->wall_ms + self->look_ms : until) - self->wall_ms);
  if (age >= oldest || !is_power_possible (self, cell->at[TW_AXIS_POWER]))
    return FALSE;

  return self->power_mw <= 0 || (__int128) energy * 3600000 < (__int128) most_power (self) * oldest;
}

static gboolean
is_start (const TwCell *cell)
{
  return cell->at[TW_AXIS_ENERGY] == 0 && cell->at[TW_AXIS_DURATION] == 0;
}

gboolean
tw_components_cost_the_same (const TwComponent *a,
                             const TwComponent *b)
{
  return a->price_micro == b->price_micro && a->rate == b->rate && a->step_size == b->step_size
      && g_strcmp0 (a->tax_percent, b->tax_percent) == 0;
}

/* One component for all of the kind that cost the same; nothing for those that cost nothing. */
static int
stand_in (const TwGrid *self,
          int           component)
{
  const TwComponent *chosen = tw_tariff_component (self->tariff, component);

  if (chosen->price_micro == 0)
    return TW_CELL_FREE;
  for (int i = 0; i < component; i++)
    if (tw_tariff_component (self->tariff, i)->kind == self->kind
        && tw_components_cost_the_same (tw_tariff_component (self->tariff, i), chosen))
      return i;

  return component;
}

/* *any: some component holds, be it a free one. */
static int
look (const TwGrid *self,
      const TwCell *cell,
      gboolean     *any)
{
  TwPlaceInTariff place = { .purpose = TW_FOR_SESSION, .local = self->local[cell->at[TW_GRID_TIME]] };

  *any = FALSE;
  if (!is_possible (self, cell))
    return TW_CELL_NEVER;
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    place.low[axis] = place.high[axis] = self->axes[axis].rank[cell->at[axis]];
  for (guint i = 0; i < self->elements->len && !*any; i++)
    {
      const TwElement *element = g_array_index (self->elements, const TwElement *, i);

      *any = tw_restrictions_hold (&element->restrictions, &place);
      if (*any)
        return stand_in (self, element->component[self->kind]);
    }

  return TW_CELL_FREE;
}

/* A fee is due once, at the start if there is one then: others can only come where nothing was due at the start. */
static void
fill (TwGrid *self)
{
  gboolean is_once = self->kind == TW_LINE_FLAT, starts_without = FALSE;

  for (gsize i = 0; i < self->n_cells; i++)
    {
      TwCell cell = tw_grid_cell (self, i);
      gboolean any;

      self->cells[i] = look (self, &cell, &any);
      starts_without |= is_start (&cell) && self->cells[i] != TW_CELL_NEVER && !any;
    }
  for (gsize i = 0; is_once && !starts_without && i < self->n_cells; i++)
    {
      TwCell cell = tw_grid_cell (self, i);

      if (!is_start (&cell))
        self->cells[i] = TW_CELL_NEVER;
    }
}

TwGrid *
tw_grid_new (const TwTariff *tariff,
             TwLineKind      kind,
             gint64          wall_ms,
             gint64          look_ms,
             gint64          power_mw)
{
  g_autoptr (TwGrid) self = g_new0 (TwGrid, 1);

  *self = (TwGrid) {
    .tariff = tariff, .kind = kind, .wall_ms = wall_ms, .look_ms = MAX (look_ms, 1), .power_mw = power_mw,
  };
  self->elements = g_array_new (FALSE, FALSE, sizeof (const TwElement *));
  for (guint i = 0; i < tariff->elements->len; i++)
    {
      const TwElement *element = &g_array_index (tariff->elements, TwElement, i);

      if (element->component[kind] >= 0 && element->restrictions.purpose == TW_FOR_SESSION)
        g_array_append_val (self->elements, element);
    }
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    lay_axis (self, axis);
  lay_time (self);
  self->n_cells = 1;
  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    {
      self->n_cells *= self->axes[axis].n;
      if (self->n_cells * MAX (self->elements->len, 1) > MOST_LOOKS)
        return NULL;
    }
  self->cells = g_new (int, self->n_cells);
  fill (self);

  return g_steal_pointer (&self);
}

TwCell
tw_grid_now (const TwGrid *self)
{
  const TwGridAxis *power = &self->axes[TW_AXIS_POWER];
  TwCell now = { 0 };

  if (self->axes[TW_AXIS_CURRENT].has_unknown)
    now.at[TW_AXIS_CURRENT] = self->axes[TW_AXIS_CURRENT].n - 1;
  if (!power->has_unknown || self->kind == TW_LINE_PARKING_TIME)
    return now;
  if (self->power_mw <= 0)
    now.at[TW_AXIS_POWER] = power->n - 1;
  else
    while (end_of (self, TW_AXIS_POWER, now.at[TW_AXIS_POWER]) <= self->power_mw)
      now.at[TW_AXIS_POWER]++;

  return now;
}

void
tw_grid_free (TwGrid *self)
{
  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    {
      g_free (self->axes[axis].from);
      g_free (self->axes[axis].rank);
    }
  g_array_unref (self->elements);
  g_free (self->local);
  g_free (self->cells);
  g_free (self);
}
