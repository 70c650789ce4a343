/* SPDX-License-Identifier: Apache-2.0 */
/* Figures in their forms: JSON for programs, a CSV of each for spreadsheets, one page for people, a summary for the
 * terminal. None knows any figure: what a figure is called, means and is drawn as is its kind's. README.md documents
 * the forms. One thread.
 */
#pragma once

#include "payment/analytics/figure.h"

#include <stdio.h>

/* What stands above the figures. Borrowed. */
typedef struct
{
  const char *title;               /* NULL: "Charging report" */
  const char *time_zone;           /* IANA: how instants are told */
  gint32      from_day, to_day;    /* the window: from <= day < to */
  gint64      as_of_us;            /* how old the data is */
  const char *const *sources;      /* paths; NULL-terminated */
  guint64     n_sessions;          /* used */
  guint       k;
} TwPagesHead;

/* One object: {"report": {...}, "figures": {NAME: {...}}}. RETRY: it cannot be written. */
gboolean tw_pages_write_json (FILE *file, const TwPagesHead *head, const GPtrArray *figures, GError **error);
/* A page that asks nobody; tables_beside: NAME.csv lie in its directory, and are linked. */
gboolean tw_pages_write_html (FILE *file, const TwPagesHead *head, const GPtrArray *figures, gboolean tables_beside,
                              GError **error);
/* A screenful. colour: the terminal has some; blocks: it can show sparklines. */
gboolean tw_pages_write_text (FILE *file, const TwPagesHead *head, const GPtrArray *figures, gboolean colour,
                              gboolean blocks, GError **error);
/* report.json, report.html and NAME.csv of each figure in directory, which is made; all of them are put in their places
 * only when all of them are written. */
gboolean tw_pages_write_all (const char *directory, const TwPagesHead *head, const GPtrArray *figures, GError **error);

/* NAME.svg of each picture (NAME-EUR.svg of a currency's, NAME-1.svg of a site's) in the directory, which is there.
 * gnuplot draws them. GONE: it is not installed. */
gboolean tw_pages_write_svg (const char *directory, const TwPagesHead *head, const GPtrArray *figures, GError **error);

/* This folder's own: a cell as JSON and CSV spell it, without quotes ("2026-11-22", "0.125", "1234"); NULL: not known.
 * row_currency: of the figure's row, "" if it has none. */
char    *tw_pages_raw (const TwColumn *column, TwCell cell);
/* Of a number's column; what is not known counts as nothing, for pictures. */
double   tw_pages_number (const TwColumn *column, TwCell cell);
/* As people read it: "1,234.50 EUR", "12.5 %", "3 h 20 min", "1,234 kWh". */
char    *tw_pages_told (const TwColumn *column, TwCell cell, const char *row_currency, const char *time_zone);
/* A column's name as people say it, without its unit: "Net per kWh" of net_per_kwh_minor. */
char    *tw_pages_heading (const TwColumn *column);
/* How a number differs from the other rows of the same currency, whose first cell names them: "+3.2 % on the year
 * before", of shares "−0.4 points on the period before". Not of rows of which nobody can say. */
char   **tw_pages_changes (const TwFigure *figure, guint row, guint column);
gboolean tw_pages_is_money (TwColumnKind kind);
const char *tw_pages_currency (const TwFigure *figure, guint row);
gboolean tw_pages_is_number (TwColumnKind kind);
const char *tw_pages_kind_name (TwColumnKind kind);
