/* SPDX-License-Identifier: Apache-2.0 */
/* What a figure's section of the page is put together from, beside its chart. This folder's own. */
#pragma once

#include "payment/analytics/pages/pages.h"

/* Its picture is a table whose cells are tinted. */
gboolean tw_part_is_matrix (const TwFigureKind *kind);
/* Down the series, across x: rows must come in that order, which is how they are read. */
void     tw_part_put_matrix (GString *text, const TwFigure *figure, const char *time_zone);
/* The first row of each currency as a row of large numbers, each with how it changed from the row after it. */
void     tw_part_put_tiles (GString *text, const TwFigure *figure, const char *time_zone);
/* The table with its definitions, folded where a picture or many rows make that kinder. Columns of which nothing is
 * known are left out. tables_beside: NAME.csv is linked. */
void     tw_part_put_numbers (GString *text, const TwFigure *figure, const char *time_zone, gboolean tables_beside);
