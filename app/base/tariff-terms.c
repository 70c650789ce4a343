/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/tariff-terms.h"

#include "app/base/whole.h"
#include "app/base/words.h"

#include <string.h>

typedef struct { const char *language; char **names, **values; GPtrArray *said; } Terms;

/* "20.50" as "20.5", with the language's own sign. */
static char *
figure (const Terms *self,
        const char  *number)
{
  g_auto (GStrv) parts = g_strsplit (number, ".", 2);
  gsize n = parts[0] && parts[1] ? strlen (parts[1]) : 0;

  while (n > 0 && parts[1][n - 1] == '0')
    parts[1][--n] = '\0';
  if (n == 0)
    return g_strdup (parts[0] ? parts[0] : "");

  return g_strjoin (tw_word_in (self->language, "decimal sign", "."), parts[0], parts[1], NULL);
}

/* Takes what. */
static void
say (const Terms *self,
     const char  *format,
     char        *what)
{
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  g_ptr_array_add (self->said, g_strjoinv (what, parts));
  g_free (what);
}

static const char *
value_of (const Terms *self,
          const char  *name)
{
  for (guint i = 0; self->names[i] != NULL; i++)
    if (g_str_equal (self->names[i], name))
      return self->values[i];

  return NULL;
}

/* One alone goes to midnight; equal ones, and 00:00 as an end, are the end of the day (payment/tariff/README.md). */
static void
say_window (const Terms *self)
{
  const char *start = value_of (self, "start_time"), *end = value_of (self, "end_time");

  if (start == NULL && end == NULL)
    return;
  if (g_strcmp0 (start, end) == 0)
    start = "00:00";
  if (end == NULL || g_str_equal (end, "00:00") || g_strcmp0 (value_of (self, "start_time"), end) == 0)
    end = "24:00";
  g_ptr_array_add (self->said, g_strdup_printf ("%s-%s", start ? start : "00:00", end));
}

static void
say_date (const Terms *self,
          const char  *name,
          const char  *format,
          int          days)
{
  const char *value = value_of (self, name);
  g_autofree char *midnight = g_strconcat (value ? value : "", "T00:00:00Z", NULL);
  g_autoptr (GDateTime) given = value ? g_date_time_new_from_iso8601 (midnight, NULL) : NULL;
  g_autoptr (GDateTime) day = given ? g_date_time_add_days (given, days) : NULL;

  if (day != NULL)
    /* xgettext:no-c-format */
    say (self, format, g_date_time_format (day, tw_word_in (self->language, "date", "%Y-%m-%d")));
}

/* Three and more in a row are "Mon-Fri". */
static void
say_weekdays (const Terms *self)
{
  static const struct { const char *code, *word; } days[] = {
    { "MONDAY", NC_("weekday", "Mon") }, { "TUESDAY", NC_("weekday", "Tue") }, { "WEDNESDAY", NC_("weekday", "Wed") },
    { "THURSDAY", NC_("weekday", "Thu") }, { "FRIDAY", NC_("weekday", "Fri") }, { "SATURDAY", NC_("weekday", "Sat") },
    { "SUNDAY", NC_("weekday", "Sun") },
  };
  const char *value = value_of (self, "day_of_week");
  g_auto (GStrv) given = g_strsplit (value ? value : "", " ", -1);

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      const char *first = tw_word_in (self->language, "weekday", days[i].word);
      guint end = i;

      while (end < G_N_ELEMENTS (days) && g_strv_contains ((const char *const *) given, days[end].code))
        end++;
      if (end - i >= 3)
        g_ptr_array_add (self->said, g_strdup_printf ("%s-%s", first,
                                                      tw_word_in (self->language, "weekday", days[end - 1].word)));
      else if (end > i)
        g_ptr_array_add (self->said, g_strdup (first));
      if (end - i >= 3)
        i = end;
    }
}

static void
say_number (const Terms *self,
            const char  *name,
            const char  *format)
{
  const char *value = value_of (self, name);

  if (value != NULL)
    say (self, format, figure (self, value));
}

/* Minutes where they are whole, as nobody counts seconds otherwise. */
static void
say_age (const Terms *self,
         const char  *name,
         const char  *minutes,
         const char  *seconds)
{
  const char *value = value_of (self, name);
  gint64 s;

  if (value != NULL && tw_whole_parse (value, 0, G_MAXINT64, &s) && s % 60 == 0)
    say (self, minutes, g_strdup_printf ("%" G_GINT64_FORMAT, s / 60));
  else if (value != NULL)
    say (self, seconds, figure (self, value));
}

static void
say_reservation (const Terms *self)
{
  const char *value = value_of (self, "reservation");

  if (value != NULL)
    g_ptr_array_add (self->said, g_strdup (g_str_equal (value, "RESERVATION")
                                           ? tw_word (self->language, "reservation")
                                           : tw_word (self->language, "reservation that is not used")));
}

static void
say_unknown (const Terms *self)
{
  static const char *const known[] = {
    "start_time", "end_time", "start_date", "end_date", "day_of_week", "min_kwh", "max_kwh", "min_current",
    "max_current", "min_power", "max_power", "min_duration", "max_duration", "reservation", NULL
  };

  for (guint i = 0; self->names[i] != NULL; i++)
    if (!g_strv_contains (known, self->names[i]))
      g_ptr_array_add (self->said, g_strdup_printf ("%s %s", self->names[i], self->values[i]));
}

static void
say_all (const Terms *self)
{
  const char *language = self->language;

  say_reservation (self);
  say_window (self);
  say_weekdays (self);
  say_date (self, "start_date", tw_word (language, "from %s"), 0);
  say_date (self, "end_date", tw_word (language, "until %s"), -1);   /* the file names the day after */
  say_number (self, "min_kwh", tw_word (language, "from %s kWh"));
  say_number (self, "max_kwh", tw_word (language, "up to %s kWh"));
  say_age (self, "min_duration", tw_word (language, "after %s min"), tw_word (language, "after %s s"));
  say_age (self, "max_duration", tw_word (language, "until %s min"), tw_word (language, "until %s s"));
  say_number (self, "min_current", tw_word (language, "from %s A"));
  say_number (self, "max_current", tw_word (language, "below %s A"));
  say_number (self, "min_power", tw_word (language, "from %s kW"));
  say_number (self, "max_power", tw_word (language, "below %s kW"));
  say_unknown (self);
}

char *
tw_tariff_terms_say (const char *terms,
              const char *language)
{
  g_auto (GStrv) names = g_strsplit (terms, ", ", -1);
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names[i] != NULL; i++)
    {
      char *space = strchr (names[i], ' ');

      if (space != NULL)
        *space = '\0';
      g_ptr_array_add (values, space ? space + 1 : names[i] + strlen (names[i]));
    }
  say_all (&(Terms) { language, names, (char **) values->pdata, said });
  g_ptr_array_add (said, NULL);

  return g_strjoinv (", ", (char **) said->pdata);
}
