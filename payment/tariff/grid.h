/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that can happen to one kind of price from now on, cut into cells in each of which one component holds:
 * energy x duration x current x power x time of the day. This folder's own.
 */
#pragma once

#include "payment/tariff/running.h"

#define TW_GRID_TIME TW_N_AXES             /* the axis behind those of the session itself */
#define TW_GRID_AXES (TW_N_AXES + 1)

/* Where cells begin. Of current and power the last cell stands for "not known". */
typedef struct { gint64 *from; gint16 *rank; guint n; gboolean has_unknown; } TwGridAxis;

enum { TW_CELL_NEVER = -2, TW_CELL_FREE = -1 };   /* else a component; one for all that cost the same */

typedef struct
{
  const TwTariff *tariff;
  TwLineKind kind;
  gint64     wall_ms, look_ms, power_mw;
  GArray    *elements;                     /* of const TwElement *: those that price the kind, in order */
  TwGridAxis axes[TW_GRID_AXES];
  TwLocal   *local;                        /* by cell of the time */
  gsize      n_cells;
  int       *cells;                        /* the first axis turns fastest */
} TwGrid;

typedef struct { guint at[TW_GRID_AXES]; } TwCell;

/* Sessions that begin between wall_ms and look_ms later, at up to power_mw (0: not known). NULL: too many cells. */
TwGrid  *tw_grid_new (const TwTariff *tariff, TwLineKind kind, gint64 wall_ms, gint64 look_ms, gint64 power_mw);
void     tw_grid_free (TwGrid *self);
gsize    tw_grid_index (const TwGrid *self, const TwCell *cell);
TwCell   tw_grid_cell (const TwGrid *self, gsize index);
gboolean tw_grid_is_unknown (const TwGrid *self, guint axis, guint at);
/* Where a session is that begins now, at full power. */
TwCell   tw_grid_now (const TwGrid *self);
/* Both prices are the same for who pays them. */
gboolean tw_components_cost_the_same (const TwComponent *a, const TwComponent *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwGrid, tw_grid_free)
