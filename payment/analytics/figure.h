/* SPDX-License-Identifier: Apache-2.0 */
/* A figure: numbers under named columns, with what they mean. Every answer of the analytics is one, so that each form
 * of the report (JSON, CSV, page, terminal) shows all of them without knowing any. Its kind is static and documented:
 * title, definition, columns with unit and formula. A value is a cell; "not known" is a cell of its own and never 0.
 * Not a chart: the kind only says what sort of picture suits it. One thread.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_COLUMN_TEXT,          /* a name: station, reason, ... */
  TW_COLUMN_COUNT,         /* int64 */
  TW_COLUMN_SECONDS,       /* int64 */
  TW_COLUMN_WH,            /* int64 */
  TW_COLUMN_MINOR,         /* int64, of the row's cell of kind CURRENCY */
  TW_COLUMN_CURRENCY,      /* text */
  TW_COLUMN_DAY,           /* int64, days since 1970, local */
  TW_COLUMN_HOUR,          /* int64, 0 to 23 local */
  TW_COLUMN_WEEKDAY,       /* int64, 0 is Monday */
  TW_COLUMN_MONTH,         /* int64, months since January 1970 */
  TW_COLUMN_INSTANT,       /* int64, microseconds since 1970 */
  TW_COLUMN_SHARE,         /* double, 0 to 1 */
  TW_COLUMN_NUMBER,        /* double, unit as said */
  TW_COLUMN_MONEY_MEAN,    /* double, minor units: a mean or an estimate, never an amount that is booked */
} TwColumnKind;

typedef struct
{
  const char  *name;       /* "energy_wh": of JSON's members and CSV's columns; never changed */
  TwColumnKind kind;
  const char  *unit;       /* "Wh", "s", "1"; of money: "minor units" */
  const char  *formula;    /* how it is computed, in a line; English, for the documentation and the page */
} TwColumn;

typedef enum { TW_PICTURE_NONE, TW_PICTURE_LINE, TW_PICTURE_BARS, TW_PICTURE_STACK, TW_PICTURE_HEAT,
               TW_PICTURE_FUNNEL, TW_PICTURE_WATERFALL, TW_PICTURE_COHORT, TW_PICTURE_SCATTER,
               TW_PICTURE_BAND, TW_PICTURE_TILES } TwPicture;

typedef struct
{
  const char     *name;        /* "heat_map": the JSON's member, NAME.csv, the page's anchor; never changed */
  const char     *chapter;     /* "patterns", "money", "people", "decisions", "quality" */
  const char     *title;       /* "When cars charge" */
  const char     *definition;  /* a sentence or two: what is counted, of whom, against what */
  TwPicture       picture;
  const char     *x, *series, *y, *low, *high;   /* names of columns for the picture; NULL: it has none */
  const TwColumn *columns;
  guint           n_columns;
  const char     *panel;       /* column of texts, of which each has a picture of its own; rows are in its order */
} TwFigureKind;

/* known FALSE: an empty cell. */
typedef struct { gboolean known; union { gint64 integer; double number; const char *text; } as; } TwCell;

/* -1: it has none of that name, or name is NULL. */
int                 tw_figure_kind_column (const TwFigureKind *kind, const char *name);

typedef struct _TwFigure TwFigure;

TwFigure           *tw_figure_new (const TwFigureKind *kind);
void                tw_figure_free (TwFigure *self);
const TwFigureKind *tw_figure_kind (const TwFigure *self);
/* Why it has no rows, or what to keep in mind: "not enough variation: one price only". A sentence; may be called
 * several times; copied. */
void                tw_figure_note (TwFigure *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint               tw_figure_n_notes (const TwFigure *self);
const char         *tw_figure_nth_note (const TwFigure *self, guint i);
/* n: sessions, visits or whatever it is about. money_state: a name; NULL: it is not about money. */
void                tw_figure_about (TwFigure *self, guint64 n, const char *money_state);
guint64             tw_figure_n (const TwFigure *self);
const char         *tw_figure_money_state (const TwFigure *self);
/* A row: as many cells as columns, in their order; texts are copied. */
void                tw_figure_add (TwFigure *self, const TwCell *cells);
guint               tw_figure_n_rows (const TwFigure *self);
TwCell              tw_figure_cell (const TwFigure *self, guint row, guint column);

static inline TwCell tw_cell_none   (void)             { return (TwCell) { FALSE, { 0 } }; }
static inline TwCell tw_cell_int    (gint64 value)     { return (TwCell) { TRUE, { .integer = value } }; }
static inline TwCell tw_cell_text   (const char *text) { return (TwCell) { text != NULL, { .text = text } }; }
/* Of what cannot be computed (0/0): none. */
TwCell               tw_cell_number (double value);
TwCell               tw_cell_ratio  (double numerator, double denominator);

/* Of an array of TwFigure; NULL: it has none of that name. Borrowed. */
TwFigure            *tw_figure_find (const GPtrArray *figures, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFigure, tw_figure_free)
