/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/success.h"

void
tw_success_add (TwSuccess         *self,
                const TwVisitCell *cell)
{
  const gboolean energy = tw_visit_has (cell, TW_STAGE_ENERGY), approved = tw_visit_has (cell, TW_STAGE_APPROVED);

  self->taps += approved || tw_visit_has (cell, TW_STAGE_TAP) ? cell->n : 0;
  self->approved += approved ? cell->n : 0;
  self->charged += approved && energy && tw_visit_has (cell, TW_STAGE_ENDED_WELL) ? cell->n : 0;
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
