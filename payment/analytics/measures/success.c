/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/success.h"

static gboolean
is_charge (guint32 stages)
{
  return tw_stages_have (stages, TW_STAGE_APPROVED) && tw_stages_have (stages, TW_STAGE_ENERGY)
         && tw_stages_have (stages, TW_STAGE_ENDED_WELL);
}

void
tw_success_add (TwSuccess         *self,
                const TwVisitCell *cell)
{
  const gboolean energy = tw_visit_has (cell, TW_STAGE_ENERGY), approved = tw_visit_has (cell, TW_STAGE_APPROVED);
  const gboolean tapped = approved || tw_visit_has (cell, TW_STAGE_TAP);

  self->taps += tapped ? cell->n : 0;
  self->tries += tapped ? cell->n_tries : 0;
  self->approved += approved ? cell->n : 0;
  self->charged += is_charge (cell->stages) ? cell->n : 0;
  self->first += is_charge (cell->first_stages) ? cell->n : 0;
  self->unstarted += approved && !energy ? cell->n : 0;
  self->turned_away += cell->all_busy && !energy ? cell->n : 0;
}

/* Cells are sorted by site. */
static gsize
first_of_site (const TwVisitCell *cells,
               gsize              n,
               guint32            site)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (cells[middle].site < site)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

TwSuccess
tw_success_of (const TwAnalysis *analysis,
               guint32           site,
               gint32            from,
               gint32            to)
{
  TwSuccess sum = { 0 };
  gsize n;
  const TwVisitCell *cells = tw_analysis_visits (analysis, &n);
  gboolean all = site == TW_ALL_SITES;

  for (gsize i = all ? 0 : first_of_site (cells, n, site); i < n && (all || cells[i].site == site); i++)
    if (cells[i].day >= from && cells[i].day < to)
      tw_success_add (&sum, &cells[i]);
  return sum;
}
