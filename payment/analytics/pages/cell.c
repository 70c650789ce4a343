/* SPDX-License-Identifier: Apache-2.0 */
/* How a cell is spelt: for programs, and for people. */
#include "payment/analytics/pages/pages.h"

#include "payment/money/money.h"

#include <math.h>
#include <string.h>

#define LONGEST_UNIT 4      /* "kWh"; what is longer the heading says */

static const char *const KIND_NAMES[] = {
  [TW_COLUMN_TEXT] = "text", [TW_COLUMN_COUNT] = "count", [TW_COLUMN_SECONDS] = "seconds", [TW_COLUMN_WH] = "wh",
  [TW_COLUMN_MINOR] = "minor", [TW_COLUMN_CURRENCY] = "currency", [TW_COLUMN_DAY] = "day", [TW_COLUMN_HOUR] = "hour",
  [TW_COLUMN_WEEKDAY] = "weekday", [TW_COLUMN_MONTH] = "month", [TW_COLUMN_INSTANT] = "instant",
  [TW_COLUMN_SHARE] = "share", [TW_COLUMN_NUMBER] = "number", [TW_COLUMN_MONEY_MEAN] = "money_mean",
};

static const char *const WEEKDAYS[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

const char *
tw_pages_kind_name (TwColumnKind kind)
{
  return KIND_NAMES[kind];
}

gboolean
tw_pages_is_number (TwColumnKind kind)
{
  return kind == TW_COLUMN_COUNT || kind == TW_COLUMN_SECONDS || kind == TW_COLUMN_WH || kind == TW_COLUMN_MINOR
         || kind == TW_COLUMN_SHARE || kind == TW_COLUMN_NUMBER || kind == TW_COLUMN_MONEY_MEAN
         || kind == TW_COLUMN_HOUR || kind == TW_COLUMN_WEEKDAY;
}

gboolean
tw_pages_is_money (TwColumnKind kind)
{
  return kind == TW_COLUMN_MINOR || kind == TW_COLUMN_MONEY_MEAN;
}

const char *
tw_pages_currency (const TwFigure *figure,
                   guint           row)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  for (guint i = 0; i < kind->n_columns; i++)
    if (kind->columns[i].kind == TW_COLUMN_CURRENCY)
      {
        TwCell cell = tw_figure_cell (figure, row, i);

        return cell.known ? cell.as.text : "";
      }
  return "";
}

static char *
day_text (gint64 day)
{
  GDate date;

  /* A day from a hostile file may be far outside of what a calendar has. */
  if (day < -719162 || day > 2932896)
    return g_strdup_printf ("%" G_GINT64_FORMAT, day);
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (day + 719163));
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

static char *
month_text (gint64 month)
{
  gint64 year = 1970 + (month >= 0 ? month / 12 : (month - 11) / 12);

  return g_strdup_printf ("%04" G_GINT64_FORMAT "-%02" G_GINT64_FORMAT, year, month - (year - 1970) * 12 + 1);
}

static char *
instant_text (gint64      us,
              const char *time_zone,
              const char *format)
{
  g_autoptr (GTimeZone) zone = time_zone == NULL ? g_time_zone_new_utc () : g_time_zone_new_identifier (time_zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc == NULL || zone == NULL ? NULL : g_date_time_to_timezone (utc, zone);

  return local == NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, us) : g_date_time_format (local, format);
}

/* Ten digits tell apart what is worth telling apart, and are the same on every machine. */
static char *
number_text (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.10g", value == 0 ? 0.0 : value));
}

char *
tw_pages_raw (const TwColumn *column,
              TwCell          cell)
{
  if (!cell.known)
    return NULL;
  switch (column->kind)
    {
    case TW_COLUMN_TEXT: case TW_COLUMN_CURRENCY:
      return g_strdup (cell.as.text);
    case TW_COLUMN_DAY:
      return day_text (cell.as.integer);
    case TW_COLUMN_MONTH:
      return month_text (cell.as.integer);
    case TW_COLUMN_INSTANT:
      return instant_text (cell.as.integer, NULL, "%Y-%m-%dT%H:%M:%SZ");
    case TW_COLUMN_SHARE: case TW_COLUMN_NUMBER: case TW_COLUMN_MONEY_MEAN:
      return number_text (cell.as.number);
    case TW_COLUMN_COUNT: case TW_COLUMN_SECONDS: case TW_COLUMN_WH: case TW_COLUMN_MINOR: case TW_COLUMN_HOUR:
    case TW_COLUMN_WEEKDAY:
    default:
      return g_strdup_printf ("%" G_GINT64_FORMAT, cell.as.integer);
    }
}

double
tw_pages_number (const TwColumn *column,
                 TwCell          cell)
{
  if (!cell.known)
    return 0;
  return column->kind == TW_COLUMN_SHARE || column->kind == TW_COLUMN_NUMBER || column->kind == TW_COLUMN_MONEY_MEAN
         ? cell.as.number : (double) cell.as.integer;
}

/* "1,234,567", whatever the locale: the report is in English. */
static char *
grouped (gint64 value)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, value < 0 ? -(guint64) value : (guint64) value);
  gsize n = strlen (digits);
  GString *text = g_string_new (value < 0 ? "\u2212" : "");

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

static char *
seconds_text (gint64 seconds)
{
  gint64 minutes = seconds / 60, hours = seconds / 3600;
  g_autofree char *many = NULL;

  if (ABS (seconds) < 120)
    return g_strdup_printf ("%" G_GINT64_FORMAT " s", seconds);
  if (ABS (hours) < 100)
    return hours == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " min", minutes)
           : g_strdup_printf ("%" G_GINT64_FORMAT " h %02" G_GINT64_FORMAT " min", hours, ABS (minutes % 60));
  many = grouped (hours);
  return g_strdup_printf ("%s h", many);
}

static char *
energy_text (gint64 wh)
{
  g_autofree char *whole = NULL;
  char small[G_ASCII_DTOSTR_BUF_SIZE];

  if (ABS (wh) < 100000)
    return g_strdup_printf ("%s kWh", g_ascii_formatd (small, sizeof small, "%.2f", (double) wh / 1000));
  whole = grouped (wh / 1000);
  return g_strdup_printf ("%s kWh", whole);
}

static char *
money_text (gint64      minor,
            const char *currency)
{
  int digits = tw_currency_digits (currency);
  gint64 unit = 1;
  g_autofree char *whole = NULL;

  if (digits < 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %s", minor, currency);
  for (int i = 0; i < digits; i++)
    unit *= 10;
  whole = grouped (minor / unit);
  if (digits == 0)
    return g_strdup_printf ("%s %s", whole, currency);
  return g_strdup_printf ("%s%s.%0*" G_GINT64_FORMAT " %s", minor < 0 && minor > -unit ? "\u2212" : "", whole, digits,
                          ABS (minor % unit), currency);
}

static char *
decimal_text (double      value,
              const char *unit)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double size = fabs (value);
  const char *format = size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f"
                       : size >= 0.0005 ? "%.3f" : "%.2g";
  gboolean bare = unit == NULL || g_str_equal (unit, "1") || strlen (unit) > LONGEST_UNIT;

  g_ascii_formatd (text, sizeof text, format, value == 0 ? 0.0 : value);
  return bare ? g_strdup (text) : g_strdup_printf ("%s %s", text, unit);
}

static char *
share_text (double share)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s %%", g_ascii_formatd (text, sizeof text, "%.1f", share * 100));
}

/* A mean in minor units, in the currency's own units; small ones with one digit more. */
static char *
mean_text (double      minor,
           const char *currency)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];
  int digits = MAX (tw_currency_digits (currency), 0);

  if (fabs (minor) >= 10 * pow (10, digits) && fabs (minor) < 1e15)
    return money_text (llround (minor), currency);
  g_snprintf (format, sizeof format, "%%.%df", digits + 1);
  g_ascii_formatd (text, sizeof text, format, minor / pow (10, digits));
  return g_strdup_printf ("%s %s", text, currency);
}

char *
tw_pages_told (const TwColumn *column,
               TwCell          cell,
               const char     *row_currency,
               const char     *time_zone)
{
  if (!cell.known)
    return g_strdup ("\u2013");
  switch (column->kind)
    {
    case TW_COLUMN_COUNT:
      return grouped (cell.as.integer);
    case TW_COLUMN_SECONDS:
      return seconds_text (cell.as.integer);
    case TW_COLUMN_WH:
      return energy_text (cell.as.integer);
    case TW_COLUMN_MINOR:
      return money_text (cell.as.integer, row_currency);
    case TW_COLUMN_HOUR:
      return g_strdup_printf ("%02" G_GINT64_FORMAT ":00", cell.as.integer);
    case TW_COLUMN_WEEKDAY:
      return g_strdup (cell.as.integer >= 0 && cell.as.integer < 7 ? WEEKDAYS[cell.as.integer] : "?");
    case TW_COLUMN_INSTANT:
      return instant_text (cell.as.integer, time_zone, "%Y-%m-%d %H:%M");
    case TW_COLUMN_SHARE:
      return share_text (cell.as.number);
    case TW_COLUMN_NUMBER:
      return decimal_text (cell.as.number, column->unit);
    case TW_COLUMN_MONEY_MEAN:
      return mean_text (cell.as.number, row_currency);
    case TW_COLUMN_TEXT: case TW_COLUMN_CURRENCY: case TW_COLUMN_DAY: case TW_COLUMN_MONTH:
    default:
      return tw_pages_raw (column, cell);
    }
}

/* Words that are spelt otherwise; "" are units that the cells say. */
static const char *
spelling (const char *word)
{
  static const char *const WORDS[][2] = {
    { "minor", "" }, { "wh", "" }, { "s", "" }, { "kwh", "kWh" }, { "kw", "kW" }, { "min", "min" }, { "p10", "P10" },
    { "p50", "P50" }, { "p90", "P90" }, { "p95", "P95" }, { "p99", "P99" }, { "psp", "PSP" }, { "mae", "MAE" },
    { "mase", "MASE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++)
    if (g_str_equal (word, WORDS[i][0]))
      return WORDS[i][1];
  return word;
}

char *
tw_pages_heading (const TwColumn *column)
{
  g_auto (GStrv) words = g_strsplit (column->name, "_", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = spelling (words[i]);

      if (*word != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word);
    }
  if (text->len == 0)
    g_string_append (text, column->name);
  text->str[0] = g_ascii_toupper (text->str[0]);
  return g_string_free (text, FALSE);
}

static char *
change_of (const TwColumn *column,
           TwCell          now,
           TwCell          before)
{
  double is = tw_pages_number (column, now), was = tw_pages_number (column, before);
  gboolean share = column->kind == TW_COLUMN_SHARE;
  double change = share ? (is - was) * 100 : (is - was) / fabs (was) * 100;
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!now.known || !before.known || !tw_pages_is_number (column->kind) || (!share && was == 0))
    return NULL;
  g_ascii_formatd (text, sizeof text, "%.1f", fabs (change));
  return g_strdup_printf ("%s%s %s", change < 0 ? "\u2212" : "+", text, share ? "points" : "%");
}

char **
tw_pages_changes (const TwFigure *figure,
                  guint           row,
                  guint           column)
{
  const TwColumn *is = &tw_figure_kind (figure)->columns[column];
  GPtrArray *changes = g_ptr_array_new ();

  for (guint other = 0; other < tw_figure_n_rows (figure); other++)
    {
      const char *name = tw_figure_cell (figure, other, 0).as.text;
      g_autofree char *change = NULL;

      if (other == row || !g_str_equal (tw_pages_currency (figure, other), tw_pages_currency (figure, row)))
        continue;
      change = change_of (is, tw_figure_cell (figure, row, column), tw_figure_cell (figure, other, column));
      if (change != NULL)
        g_ptr_array_add (changes, g_strdup_printf ("%s on the %s", change, g_str_equal (name, "before")
                                                   ? "period before" : "year before"));
    }
  g_ptr_array_add (changes, NULL);
  return (char **) g_ptr_array_free (changes, FALSE);
}
