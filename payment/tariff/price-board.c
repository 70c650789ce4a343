/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/price-board.h"

#include "payment/tariff/regimes.h"

/* Regulation (EU) 2023/1804 art. 5(4): per kWh, per minute, per session, other. */
static const TwLineKind order[] = { TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_FLAT };

static const TwPostedCondition ALWAYS = {
  .min_mwh = -1, .max_mwh = -1, .min_ms = -1, .max_ms = -1, .min_ma = -1, .max_ma = -1, .min_mw = -1, .max_mw = -1,
};

/* -1: the box begins where the axis does; ends where it does. */
static gint64
low_of (const TwGrid   *grid,
        const TwRegime *box,
        guint           axis)
{
  gint64 from = grid->axes[axis].from[box->low[axis]];

  return box->low[axis] > 0 && !tw_grid_is_unknown (grid, axis, box->low[axis]) ? from : -1;
}

static gint64
high_of (const TwGrid   *grid,
         const TwRegime *box,
         guint           axis)
{
  guint next = box->high[axis] + 1;

  return next < grid->axes[axis].n && !tw_grid_is_unknown (grid, axis, next) ? grid->axes[axis].from[next] : -1;
}

static void
bound (TwPostedPrice   *price,
       const TwGrid   *grid,
       const TwRegime *box)
{
  TwPostedCondition *when = &price->when;

  when->min_mwh = low_of (grid, box, TW_AXIS_ENERGY);
  when->max_mwh = high_of (grid, box, TW_AXIS_ENERGY);
  when->min_ms = low_of (grid, box, TW_AXIS_DURATION);
  when->max_ms = high_of (grid, box, TW_AXIS_DURATION);
  when->min_ma = low_of (grid, box, TW_AXIS_CURRENT);
  when->max_ma = high_of (grid, box, TW_AXIS_CURRENT);
  when->min_mw = low_of (grid, box, TW_AXIS_POWER);
  when->max_mw = high_of (grid, box, TW_AXIS_POWER);
  price->unknown_current = tw_grid_is_unknown (grid, TW_AXIS_CURRENT, box->low[TW_AXIS_CURRENT]);
  price->unknown_power = tw_grid_is_unknown (grid, TW_AXIS_POWER, box->low[TW_AXIS_POWER]);
  price->from_ms = MAX (low_of (grid, box, TW_GRID_TIME), 0);
  price->until_ms = MAX (high_of (grid, box, TW_GRID_TIME), 0);
}

static void
add_regime (TwPriceBoard        *self,
            const TwGrid   *grid,
            const TwRegime *box)
{
  TwPostedPrice price = {
    .kind = grid->kind, .now = box->now, .free = box->component < 0, .rest = box->rest, .loose = box->loose,
    .when = ALWAYS,
  };

  if (!box->rest)
    bound (&price, grid, box);
  if (box->now)
    price.from_ms = grid->wall_ms;
  if (!price.free)
    tw_tariff_write_tag (tw_tariff_component (grid->tariff, box->component), &price.when.tag);
  g_array_append_val (self->prices, price);
}

/* Too much to look at: each component with what its own element asks for. */
static void
add_components (TwPriceBoard        *self,
                const TwTariff *tariff,
                TwLineKind      kind)
{
  for (guint i = 0; i < tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (tariff, i);
      TwPostedPrice price = { .kind = kind, .loose = TRUE };

      if (component->kind != kind || component->reservation)
        continue;
      price.free = component->price_micro == 0;
      price.when = tw_component_condition (tariff, component);
      g_array_append_val (self->prices, price);
    }
}

static void
add_kind (TwPriceBoard        *self,
          const TwTariff *tariff,
          TwLineKind      kind,
          gint64          wall_ms,
          gint64          look_ms,
          gint64          power_w)
{
  g_autoptr (TwGrid) grid = tw_grid_new (tariff, kind, wall_ms, look_ms, power_w * 1000);
  g_autoptr (GArray) regimes = grid ? tw_regimes_new (grid) : NULL;

  for (guint i = 0; regimes != NULL && i < regimes->len; i++)
    add_regime (self, grid, &g_array_index (regimes, TwRegime, i));
  if (grid == NULL)
    add_components (self, tariff, kind);
}

static gboolean
has_component (const TwTariff *tariff,
               TwLineKind      kind)
{
  for (guint i = 0; i < tariff->components->len; i++)
    if (tw_tariff_component (tariff, i)->kind == kind && !tw_tariff_component (tariff, i)->reservation)
      return TRUE;

  return FALSE;
}

static gboolean
has_price (const TwPriceBoard *self,
           TwLineKind     kind)
{
  for (guint i = 0; i < self->prices->len; i++)
    if (g_array_index (self->prices, TwPostedPrice, i).kind == kind)
      return TRUE;

  return FALSE;
}

/* Energy that is free beside a fee is worth a word, unless it is the time of charging that is sold. */
static void
add_free_energy (TwPriceBoard        *self,
                 const TwTariff *tariff,
                 gint64          wall_ms)
{
  const TwPostedPrice price = {
    .kind = TW_LINE_ENERGY, .now = TRUE, .free = TRUE, .from_ms = wall_ms, .when = ALWAYS,
  };

  if (self->prices->len > 0 && !has_price (self, TW_LINE_ENERGY)
      && (has_component (tariff, TW_LINE_ENERGY) || !has_price (self, TW_LINE_TIME)))
    g_array_prepend_val (self->prices, price);
}

static void
add_reservation (TwPriceBoard        *self,
                 const TwTariff *tariff,
                 TwLineKind      kind)
{
  for (guint i = 0; i < tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (tariff, i);
      TwPostedCondition condition = tw_component_condition (tariff, component);

      if (component->kind == kind && component->reservation && component->price_micro > 0)
        g_array_append_val (self->conditions, condition);
    }
}

TwPriceBoard *
tw_price_board_new (const TwTariff *tariff,
              gint64          wall_ms,
              gint64          look_ms,
              gint64          power_w)
{
  TwPriceBoard *self = g_new0 (TwPriceBoard, 1);

  self->prices = g_array_new (FALSE, FALSE, sizeof (TwPostedPrice));
  self->conditions = g_array_new (FALSE, FALSE, sizeof (TwPostedCondition));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      add_kind (self, tariff, order[i], wall_ms, look_ms, power_w);
      add_reservation (self, tariff, order[i]);
    }
  add_free_energy (self, tariff, wall_ms);

  return self;
}

gboolean
tw_price_board_costs (const TwPriceBoard *self)
{
  for (guint i = 0; i < self->prices->len; i++)
    if (!g_array_index (self->prices, TwPostedPrice, i).free)
      return TRUE;

  return self->conditions->len > 0;
}

void
tw_price_board_free (TwPriceBoard *self)
{
  g_array_unref (self->prices);
  g_array_unref (self->conditions);
  g_free (self);
}

gint64
tw_price_board_example_minor (const TwTariff *tariff,
                        gint64          wall_ms,
                        gint64          energy_wh,
                        gint64          duration_ms)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 power_mw = duration_ms > 0 ? (gint64) ((__int128) energy_wh * 1000 * 3600 * 1000 / duration_ms) : 0;
  gint64 minor;
  const TwSpan span = {
    .phase = TW_PHASE_CHARGING, .start_ms = wall_ms, .duration_ms = duration_ms, .energy_mwh = energy_wh * 1000,
    .has_power = duration_ms > 0, .min_power_mw = power_mw, .max_power_mw = power_mw,
  };

  tw_pricer_feed (pricer, &span);

  return tw_pricer_cost_minor (pricer, NULL, &minor) ? minor : -1;
}
