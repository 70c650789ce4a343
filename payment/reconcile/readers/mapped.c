/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/mapping.h"

#include "app/base/bytes.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/conversion-told.h"
#include "payment/reconcile/readers/instant.h"

#include <string.h>

/* The separator between thousands, by its name: a blank at the end of a line cannot be seen. */
static char
group_of (const char *name)
{
  if (name == NULL || strcmp (name, "none") == 0)
    return 0;

  return strcmp (name, "point") == 0 ? '.' : strcmp (name, "comma") == 0 ? ','
         : strcmp (name, "blank") == 0 ? ' ' : '\'';
}

static gboolean
check_format (const TwMapping  *mapping,
              const char       *key,
              const char       *letters,
              GError          **error)
{
  const char *format = tw_mapping_get (mapping, "file", key);

  for (const char *letter = letters; format && *letter; letter++)
    {
      const char *first = strchr (format, *letter);
      const gsize n = first ? strspn (first, (char[]) { *letter, '\0' }) : 0;

      if ((n != 2 && (n != 4 || *letter != 'Y')) || strchr (first + n, *letter))
        return tw_mapping_refuse (mapping, "file", key, error, "expected a pattern such as \"%s\"",
                                  strlen (letters) > 3 ? "DD.MM.YYYY hh:mm:ss" : "DD.MM.YYYY");
    }

  return TRUE;
}

/* Of the header: the columns that the mapping names. */
static char **
header_names (const TwMapping *mapping)
{
  static const char *const keys[] = { "gross", "gross-credit", "gross-debit", "net", "amount", "credit", "debit" };
  GStrvBuilder *builder = g_strv_builder_new ();
  const char *said = tw_mapping_get (mapping, "file", "header");
  char **names;

  if (said)
    g_strv_builder_add (builder, said);
  for (guint i = 0; !said && i < G_N_ELEMENTS (keys); i++)
    if (tw_mapping_get (mapping, "columns", keys[i]))
      g_strv_builder_add (builder, tw_mapping_get (mapping, "columns", keys[i]));
  names = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return names;
}

gboolean
tw_mapped_open (TwMapped         *self,
                const TwMapping  *mapping,
                const char       *path,
                const TwProfile  *profile,
                GError          **error)
{
  g_auto (GStrv) names = header_names (mapping);
  const char *zone = tw_mapping_get (mapping, "file", "time-zone");

  *self = (TwMapped) {
    .mapping = mapping, .date_format = tw_mapping_get (mapping, "file", "date-format"),
    .time_format = tw_mapping_get (mapping, "file", "time-format"),
    .point = tw_mapping_is (mapping, "file", "decimal", "comma") ? ',' : '.',
    .group = group_of (tw_mapping_get (mapping, "file", "thousands")),
  };
  if (self->point == self->group)
    return tw_mapping_refuse (mapping, "file", "thousands", error, "the same as the decimal sign");
  if (!check_format (mapping, "date-format", "YMD", error) || !check_format (mapping, "time-format", "YMDhm", error))
    return FALSE;
  self->zones = tw_zones_new (zone ? zone : profile->time_zone, error);
  if (self->zones == NULL)
    return FALSE;
  self->zone = tw_zones_find (self->zones, (TwChars) { "", 0 });
  self->table = tw_table_open_numbered (path, (const char *const *) names, error);

  return self->table != NULL;
}

void
tw_mapped_clear (TwMapped *self)
{
  g_clear_pointer (&self->zones, tw_zones_free);
  g_clear_pointer (&self->table, tw_table_free);
}

gboolean
tw_mapped_column (const TwMapped  *self,
                  const char      *key,
                  int             *column,
                  GError         **error)
{
  const char *name = tw_mapping_get (self->mapping, "columns", key);

  *column = name ? tw_table_column (self->table, (const char *[]) { name, NULL }) : -1;
  if (name && *column < 0)
    return tw_mapping_refuse (self->mapping, "columns", key, error, "the file has no column \"%s\"", name);

  return TRUE;
}

static gboolean
refuse_cell (const TwMapped  *self,
             int              column,
             const char      *what,
             GError         **error)
{
  const TwChars cell = tw_table_cell (self->table, column);
  g_autofree char *copy = g_strndup (cell.text, cell.n);
  g_autofree char *printable = tw_text_printable (copy, 40);

  return tw_table_refuse (self->table, column, error, "\"%s\" is %s", printable, what);
}

gboolean
tw_mapped_money (const TwMapped  *self,
                 int              column,
                 const char      *currency,
                 gint64          *minor,
                 GError         **error)
{
  const TwChars cell = tw_table_cell (self->table, column);
  const char *why;

  *minor = TW_NOT_STATED;
  if (cell.n == 0)
    return TRUE;
  if (!tw_cell_amount (cell, tw_cell_digits (currency), self->point, self->group, minor, &why))
    return refuse_cell (self, column, why, error);

  return TRUE;
}

gboolean
tw_mapped_rate (const TwMapped  *self,
                int              column,
                gint64          *rate_e10,
                GError         **error)
{
  const TwChars cell = tw_table_cell (self->table, column);

  *rate_e10 = 0;

  return cell.n == 0 || tw_rate_parse (cell, self->point, rate_e10)
      || refuse_cell (self, column, TW_RATE_EXPECTED, error);
}

/* Year, month, day, hour, minute, second; FALSE: the cell is not as the pattern says. */
static gboolean
take_parts (TwChars     cell,
            const char *pattern,
            gint64      parts[6])
{
  static const char letters[] = "YMDhms";
  const char *p = cell.text, *end = p + cell.n;

  for (; *pattern; pattern++, p++)
    {
      const char *letter = strchr (letters, *pattern);

      if (p == end || (letter ? !g_ascii_isdigit (*p) : *p != *pattern))
        return FALSE;
      if (letter)
        parts[letter - letters] = parts[letter - letters] * 10 + (*p - '0');
    }

  return p == end;
}

static gboolean
take_day (const gint64 parts[6],
          gint32      *day)
{
  return tw_day_from_parts (parts[0] < 100 ? parts[0] + 2000 : parts[0], parts[1], parts[2], day);
}

gboolean
tw_mapped_day (const TwMapped  *self,
               int              column,
               gint32          *day,
               GError         **error)
{
  const TwChars cell = tw_table_cell (self->table, column);
  gint64 parts[6] = { 0 };

  *day = G_MININT32;
  if (cell.n == 0)
    return TRUE;
  if (self->date_format ? take_parts (cell, self->date_format, parts) && take_day (parts, day)
                        : tw_day_parse (cell, day))
    return TRUE;

  return refuse_cell (self, column, self->date_format ? "not a date as [file] date-format says"
                                                      : "not a date: expected YYYY-MM-DD", error);
}

static gboolean
parse_time (const TwMapped *self,
            TwChars         cell,
            gint64         *us)
{
  gint64 parts[6] = { 0 };
  gint32 day;

  if (self->time_format == NULL)
    return tw_instant_parse (cell, self->zone, us);
  if (!take_parts (cell, self->time_format, parts) || !take_day (parts, &day)
      || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
    return FALSE;
  *us = tw_zone_to_us (self->zone, (gint64) day * 24 * 3600 + parts[3] * 3600 + parts[4] * 60 + parts[5]);

  return TRUE;
}

/* A date is the midnight that it begins with. */
gboolean
tw_mapped_time (const TwMapped  *self,
                int              column,
                gint64          *us,
                GError         **error)
{
  const TwChars cell = tw_table_cell (self->table, column);
  gint32 day;

  *us = TW_NOT_STATED;
  if (cell.n == 0)
    return TRUE;
  if (self->zone == NULL && (self->time_format || !tw_instant_parse (cell, NULL, us)))
    return tw_table_refuse (self->table, column, error, "a time without its zone: state [file] time-zone");
  if (self->zone == NULL || parse_time (self, cell, us))
    return TRUE;
  if (self->time_format == NULL)
    {
      if (!tw_mapped_day (self, column, &day, error))
        return FALSE;
      *us = tw_zone_to_us (self->zone, (gint64) day * 24 * 3600);
      return TRUE;
    }

  return refuse_cell (self, column, "not a time as [file] time-format says", error);
}

gboolean
tw_mapped_currency (const TwMapped  *self,
                    int              column,
                    char            *currency,
                    GError         **error)
{
  const char *constant = tw_mapping_get (self->mapping, "constants", "currency");

  if (column >= 0)
    return tw_table_currency (self->table, column, currency, error);
  if (constant == NULL)
    return tw_mapping_refuse (self->mapping, "columns", "currency", error, "neither a column nor [constants] currency");
  if (tw_currency_digits (constant) < 0)
    return tw_mapping_refuse (self->mapping, "constants", "currency", error, "not a currency that we know");
  memcpy (currency, constant, 4);

  return TRUE;
}
