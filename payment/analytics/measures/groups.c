/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/groups.h"

#include <string.h>

/* By station, if nothing is said. */
static gboolean
is_by_station (const TwAnalysisTerms *terms)
{
  return terms->by_station || terms->by_connector || !(terms->by_site || terms->by_tariff);
}

static gboolean
is_by_site (const TwAnalysisTerms *terms)
{
  return terms->by_site || is_by_station (terms);
}

static gboolean
is_same (const TwAnalysisTerms *terms,
         const TwPort          *a,
         const TwPort          *b)
{
  return (!is_by_site (terms) || a->site == b->site)
         && (!is_by_station (terms) || strcmp (a->evse, b->evse) == 0)
         && (!terms->by_connector || strcmp (a->connector, b->connector) == 0);
}

TwGroups *
tw_groups_new (const TwAnalysis *analysis)
{
  const TwAnalysisTerms *terms = tw_analysis_terms (analysis);
  TwGroups *self = g_new0 (TwGroups, 1);
  const TwPort *ports = tw_analysis_ports (analysis, &self->n_ports);

  self->analysis = analysis;
  self->of_port = g_new (guint, MAX (1, self->n_ports));
  self->first_port = g_new (guint, self->n_ports + 1);
  for (guint i = 0; i < self->n_ports; i++)
    {
      if (i == 0 || !is_same (terms, &ports[i - 1], &ports[i]))
        self->first_port[self->n_groups++] = i;
      self->of_port[i] = self->n_groups - 1;
    }
  self->first_port[self->n_groups] = self->n_ports;
  self->n_tariffs = terms->by_tariff ? tw_analysis_n_tariffs (analysis) : 1;
  self->n = self->n_groups * self->n_tariffs;
  return self;
}

void
tw_groups_free (TwGroups *self)
{
  g_free (self->of_port);
  g_free (self->first_port);
  g_free (self);
}

static TwCell
name_cell (gboolean    is_told,
           const char *name)
{
  return is_told && *name != 0 ? tw_cell_text (name) : tw_cell_none ();
}

void
tw_groups_cells (const TwGroups *self,
                 guint           group,
                 TwCell         *cells)
{
  const TwAnalysisTerms *terms = tw_analysis_terms (self->analysis);
  guint n_ports;
  const TwPort *port = &tw_analysis_ports (self->analysis, &n_ports)[self->first_port[group / self->n_tariffs]];

  cells[0] = name_cell (is_by_site (terms), tw_analysis_site (self->analysis, port->site));
  cells[1] = name_cell (is_by_station (terms), port->evse);
  cells[2] = name_cell (terms->by_connector, port->connector);
  cells[3] = name_cell (terms->by_tariff, tw_analysis_tariff (self->analysis, group % self->n_tariffs));
}
