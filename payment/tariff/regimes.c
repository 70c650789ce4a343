/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/regimes.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BOXES 8               /* of one price: who reads more? */

typedef struct { const TwGrid *grid; gboolean *told; GArray *regimes; } Cover;

static gboolean
is_unknown_somewhere (const TwGrid *grid,
                      const TwCell *cell)
{
  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    if (tw_grid_is_unknown (grid, axis, cell->at[axis]))
      return TRUE;

  return FALSE;
}

/* A box's bounds hold for what is not known: nobody would be told "below 11 kW or not known". */
static gboolean
is_in (const TwGrid   *grid,
       const TwRegime *box,
       const TwCell   *cell)
{
  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    if (!tw_grid_is_unknown (grid, axis, cell->at[axis])
        && (cell->at[axis] < box->low[axis] || cell->at[axis] > box->high[axis]))
      return FALSE;

  return TRUE;
}

/* Calls visit with each cell of the box; FALSE as soon as it says so. */
static gboolean
each_cell (const TwGrid   *grid,
           const TwRegime *box,
           gboolean      (*visit) (gsize index, gpointer user_data),
           gpointer        user_data)
{
  TwCell cell;

  memcpy (cell.at, box->low, sizeof cell.at);
  for (;;)
    {
      guint axis = 0;

      if (!visit (tw_grid_index (grid, &cell), user_data))
        return FALSE;
      while (axis < TW_GRID_AXES && ++cell.at[axis] > box->high[axis])
        {
          cell.at[axis] = box->low[axis];
          axis++;
        }
      if (axis == TW_GRID_AXES)
        return TRUE;
    }
}

typedef struct { const Cover *cover; int component; guint n_new; } Count;

static gboolean
fits (gsize    index,
      gpointer user_data)
{
  Count *count = user_data;
  int is = count->cover->grid->cells[index];

  count->n_new += is == count->component && !count->cover->told[index];

  return is == count->component || is == TW_CELL_NEVER;
}

/* One cell further along the axis, if the price is the same in all of the slice. */
static gboolean
grow (const Cover *cover,
      TwRegime    *box,
      guint        axis,
      gboolean     up)
{
  const TwGrid *grid = cover->grid;
  Count count = { cover, box->component, 0 };
  TwRegime slice = *box;

  if (up ? box->high[axis] + 1 >= grid->axes[axis].n || tw_grid_is_unknown (grid, axis, box->high[axis] + 1)
         : box->low[axis] == 0 || tw_grid_is_unknown (grid, axis, box->low[axis]))
    return FALSE;
  slice.low[axis] = slice.high[axis] = up ? box->high[axis] + 1 : box->low[axis] - 1;
  if (!each_cell (grid, &slice, fits, &count))
    return FALSE;
  if (up)
    box->high[axis]++;
  else
    box->low[axis]--;

  return TRUE;
}

static TwRegime
box_from (const Cover  *cover,
          const TwCell *cell,
          guint         first_axis)
{
  TwRegime box = { .component = cover->grid->cells[tw_grid_index (cover->grid, cell)] };

  memcpy (box.low, cell->at, sizeof box.low);
  memcpy (box.high, cell->at, sizeof box.high);
  for (guint i = 0; i < TW_GRID_AXES; i++)
    {
      guint axis = (first_axis + i) % TW_GRID_AXES;

      while (grow (cover, &box, axis, TRUE) || grow (cover, &box, axis, FALSE))
        continue;
    }

  return box;
}

/* The box around the cell that says most that was not said. */
static TwRegime
best_box (const Cover  *cover,
          const TwCell *cell)
{
  TwRegime best = { 0 };
  guint most = 0;

  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    {
      TwRegime box = box_from (cover, cell, axis);
      Count count = { cover, box.component, 0 };

      each_cell (cover->grid, &box, fits, &count);
      if (count.n_new > most)
        {
          most = count.n_new;
          best = box;
        }
    }

  return best;
}

static void
tell (Cover    *cover,
      TwRegime *box)
{
  const TwGrid *grid = cover->grid;
  TwCell now = tw_grid_now (grid);

  for (gsize i = 0; i < grid->n_cells; i++)
    {
      TwCell cell = tw_grid_cell (grid, i);

      cover->told[i] |= grid->cells[i] == box->component && is_in (grid, box, &cell);
    }
  box->now = grid->cells[tw_grid_index (grid, &now)] == box->component && is_in (grid, box, &now);
  g_array_append_val (cover->regimes, *box);
}

static void
cover_cells (Cover    *cover,
             gboolean  unknown)
{
  const TwGrid *grid = cover->grid;

  for (gsize i = 0; i < grid->n_cells; i++)
    {
      TwCell cell = tw_grid_cell (grid, i);
      TwRegime box;

      if (cover->told[i] || grid->cells[i] == TW_CELL_NEVER || is_unknown_somewhere (grid, &cell) != unknown)
        continue;
      box = best_box (cover, &cell);
      tell (cover, &box);
    }
}

/* --- and what a reader makes of them --- */

/* Along how many axes the price changes. */
static guint
n_directions (const TwGrid *grid)
{
  guint n = 0;

  for (guint axis = 0; axis < TW_GRID_AXES; axis++)
    {
      gboolean changes = FALSE;

      for (gsize i = 0; i < grid->n_cells && !changes; i++)
        {
          TwCell cell = tw_grid_cell (grid, i);
          int next;

          if (++cell.at[axis] >= grid->axes[axis].n || tw_grid_is_unknown (grid, axis, cell.at[axis]))
            continue;
          next = grid->cells[tw_grid_index (grid, &cell)];
          changes = grid->cells[i] != next && grid->cells[i] != TW_CELL_NEVER && next != TW_CELL_NEVER;
        }
      n += changes;
    }

  return n;
}

static guint
n_boxes (const GArray *regimes,
         int           component)
{
  guint n = 0;

  for (guint i = 0; i < regimes->len; i++)
    n += g_array_index (regimes, TwRegime, i).component == component;

  return n;
}

/* All boxes of a price become one that is around them. */
static void
unite (GArray   *regimes,
       int       component,
       gboolean  as_rest)
{
  TwRegime *first = NULL;

  for (guint i = 0; i < regimes->len; i++)
    {
      TwRegime *box = &g_array_index (regimes, TwRegime, i);

      if (box->component != component)
        continue;
      if (first == NULL)
        {
          first = box;
          first->rest = as_rest;
          first->loose = !as_rest;
          continue;
        }
      for (guint axis = 0; axis < TW_GRID_AXES; axis++)
        {
          first->low[axis] = MIN (first->low[axis], box->low[axis]);
          first->high[axis] = MAX (first->high[axis], box->high[axis]);
        }
      first->now |= box->now;
      g_array_remove_index (regimes, i--);
    }
}

/* The price of now, if it takes many boxes to say where, is the one that holds in all other cases. Where there is but
 * one direction, a list says it all and in order. */
static void
simplify (const TwGrid *grid,
          GArray       *regimes)
{
  TwCell now = tw_grid_now (grid);
  int component = grid->cells[tw_grid_index (grid, &now)];

  if (n_boxes (regimes, component) > 1 && n_directions (grid) > 1)
    unite (regimes, component, TRUE);
  for (guint i = 0; i < regimes->len; i++)
    if (n_boxes (regimes, g_array_index (regimes, TwRegime, i).component) > MOST_BOXES)
      unite (regimes, g_array_index (regimes, TwRegime, i).component, FALSE);
}

static int
compare_regimes (const void *a,
                 const void *b)
{
  const TwRegime *left = a, *right = b;

  if (left->now != right->now)
    return left->now ? -1 : 1;
  for (guint i = 0; i < TW_GRID_AXES; i++)
    {
      guint axis = (TW_GRID_TIME + i) % TW_GRID_AXES;

      if (left->low[axis] != right->low[axis])
        return left->low[axis] < right->low[axis] ? -1 : 1;
    }

  return left->component - right->component;
}

GArray *
tw_regimes_new (const TwGrid *grid)
{
  Cover cover = { .grid = grid, .regimes = g_array_new (FALSE, FALSE, sizeof (TwRegime)) };
  g_autofree gboolean *told = g_new0 (gboolean, grid->n_cells);
  gboolean costs = FALSE;

  cover.told = told;
  for (gsize i = 0; i < grid->n_cells && !costs; i++)
    costs = grid->cells[i] >= 0;
  if (!costs)
    return cover.regimes;
  cover_cells (&cover, FALSE);
  cover_cells (&cover, TRUE);
  simplify (grid, cover.regimes);
  if (cover.regimes->len > 1)
    qsort (cover.regimes->data, cover.regimes->len, sizeof (TwRegime), compare_regimes);

  return cover.regimes;
}
