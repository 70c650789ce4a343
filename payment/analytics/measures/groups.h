/* SPDX-License-Identifier: Apache-2.0 */
/* How figures are broken down: which ports belong together by the terms. Ports of a group stand one behind the other,
 * since ports are sorted. This folder's own.
 */
#pragma once

#include "payment/analytics/analysis.h"
#include "payment/analytics/figure.h"

/* The first columns of a figure that is broken down; what it is not broken down by is not known. */
#define TW_GROUP_COLUMNS \
  { "site", TW_COLUMN_TEXT, NULL, "its name; empty: not broken down by it" }, \
  { "station", TW_COLUMN_TEXT, NULL, "its EVSE; empty: not broken down by it" }, \
  { "connector", TW_COLUMN_TEXT, NULL, "of the station; empty: not broken down by it, or it has one" }, \
  { "tariff", TW_COLUMN_TEXT, NULL, "of the sessions; empty: not broken down by it" }
#define TW_N_GROUP_COLUMNS 4

typedef struct
{
  const TwAnalysis *analysis;
  guint             n_ports, n_groups, n_tariffs, n;   /* n = n_groups * n_tariffs */
  guint            *of_port;
  guint            *first_port;      /* of each group, and n_ports */
} TwGroups;

TwGroups *tw_groups_new   (const TwAnalysis *analysis);
void      tw_groups_free  (TwGroups *self);
/* The four cells of a group and tariff. */
void      tw_groups_cells (const TwGroups *self, guint group, TwCell *cells);

static inline guint
tw_groups_of (const TwGroups *self, guint32 port, guint32 tariff)
{
  return self->of_port[port] * self->n_tariffs + (self->n_tariffs > 1 ? tariff : 0);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwGroups, tw_groups_free)
