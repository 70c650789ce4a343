/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/foreign-inside.h"

#include <string.h>

const char *const TW_FOREIGN_KEYS[TW_N_SESSION_COLUMNS] = {
  [TW_AT_SESSION] = "session", [TW_AT_SITE] = "site", [TW_AT_EVSE] = "evse", [TW_AT_CONNECTOR] = "connector",
  [TW_AT_PLUG_IN] = "plug-in", [TW_AT_PLUG_OUT] = "plug-out", [TW_AT_ZONE] = "time-zone",
  [TW_AT_CHARGE_START] = "charge-start", [TW_AT_CHARGE_END] = "charge-end", [TW_AT_CHARGING_S] = "charging",
  [TW_AT_OCCUPIED_S] = "occupied", [TW_AT_ENERGY] = "energy", [TW_AT_MAX_POWER] = "max-power",
  [TW_AT_RATED_POWER] = "rated-power", [TW_AT_KIND] = "kind", [TW_AT_MEANS] = "means", [TW_AT_ENDING] = "ending",
  [TW_AT_CUSTOMER] = "customer", [TW_AT_CURRENCY] = "currency", [TW_AT_PRICE] = "price", [TW_AT_TAX] = "tax",
  [TW_AT_CAPTURED] = "captured", [TW_AT_REFUNDED] = "refunded", [TW_AT_FEE] = "fee",
  [TW_AT_CHARGEBACK] = "chargeback", [TW_AT_MONEY_STATE] = "money-state", [TW_AT_TARIFF] = "tariff",
  [TW_AT_METER_BEGIN] = "meter-begin", [TW_AT_METER_END] = "meter-end",
};

static const TwMappingKey keys[] = {
  { "mapping", "format", "sessions-csv", TRUE }, { "mapping", "name" },
  { "file", "header" }, { "file", "decimal", "point comma" },
  { "file", "thousands", "none point comma blank apostrophe" }, { "file", "time-format" }, { "file", "time-zone" },
  { "file", "abbreviations" }, { "file", "century", "as-written 2000" },
  { "file", "energy-unit", "kWh Wh" }, { "file", "power-unit", "kW W" },
  { "file", "duration", "seconds minutes hours clock" }, { "file", "amounts", "exact round" }, { "file", "unknown" },
  { "constants", "site" }, { "constants", "evse" }, { "constants", "connector" }, { "constants", "currency" },
  { "constants", "kind", "AC DC" }, { "constants", "means", "card phone_qr rfid app pnc free unknown" },
  { "constants", "money-state", "priced captured settled banked unknown" }, { "constants", "tariff" },
  { "constants", "rated-power" },
  { "columns", "session" }, { "columns", "site" }, { "columns", "evse" }, { "columns", "connector" },
  { "columns", "plug-in", NULL, TRUE }, { "columns", "plug-out" }, { "columns", "time-zone" },
  { "columns", "charge-start" }, { "columns", "charge-end" }, { "columns", "charging" }, { "columns", "occupied" },
  { "columns", "energy", NULL, TRUE }, { "columns", "max-power" }, { "columns", "rated-power" }, { "columns", "kind" },
  { "columns", "means" }, { "columns", "ending" }, { "columns", "customer" }, { "columns", "currency" },
  { "columns", "price" }, { "columns", "tax" }, { "columns", "captured" }, { "columns", "refunded" },
  { "columns", "fee" }, { "columns", "chargeback" }, { "columns", "money-state" }, { "columns", "tariff" },
  { "columns", "meter-begin" }, { "columns", "meter-end" },
  { "kinds", "AC" }, { "kinds", "DC" },
  { "means", "card" }, { "means", "phone_qr" }, { "means", "rfid" }, { "means", "app" }, { "means", "pnc" },
  { "means", "free" }, { "means", "unknown" },
  { "endings", "driver" }, { "endings", "car_full" }, { "endings", "limit" }, { "endings", "fault" },
  { "endings", "power_loss" }, { "endings", "remote" }, { "endings", "unknown" },
  { "money-states", "priced" }, { "money-states", "captured" }, { "money-states", "settled" },
  { "money-states", "banked" }, { "money-states", "unknown" },
};

static void
abbreviation_clear (gpointer data)
{
  g_free (((TwAbbreviation *) data)->name);
}

static void
zone_free (gpointer data)
{
  TwForeignZone *self = data;

  g_time_zone_unref (self->zone);
  g_free (self->name);
  g_free (self);
}

static char
group_of (const char *name)
{
  static const struct { const char *name; char group; } groups[] = {
    { "point", '.' }, { "comma", ',' }, { "blank", ' ' }, { "apostrophe", '\'' },
  };

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (groups); i++)
    if (strcmp (name, groups[i].name) == 0)
      return groups[i].group;
  return 0;
}

/* "PDT -07:00, PST -08:00" */
static gboolean
read_abbreviations (TwForeign  *self,
                    GError    **error)
{
  const char *said = tw_mapping_get (self->mapping, "file", "abbreviations");
  g_auto (GStrv) pairs = g_strsplit (said ? said : "", ",", -1);

  for (char **pair = pairs; said != NULL && *pair; pair++)
    {
      g_auto (GStrv) two = g_strsplit (g_strstrip (*pair), " ", 2);
      TwAbbreviation one = { 0 };

      if (!two[0] || !two[1]
          || !tw_wall_offset ((TwChars) { g_strstrip (two[1]), (guint32) strlen (two[1]) }, &one.offset_s))
        return tw_mapping_refuse (self->mapping, "file", "abbreviations", error, "expected PDT -07:00, PST -08:00");
      one.name = g_strdup (two[0]);
      g_array_append_val (self->abbreviations, one);
    }
  return TRUE;
}

static gboolean
read_times (TwForeign  *self,
            const char *time_zone,
            GError    **error)
{
  static const char *const iso[TW_N_ISO] = { "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss", "YYYY-MM-DD hh:mm",
                                             "YYYY-MM-DDThh:mm" };
  const char *pattern = tw_mapping_get (self->mapping, "file", "time-format");
  const char *zone = tw_mapping_get (self->mapping, "file", "time-zone");
  const gboolean repair = tw_mapping_is (self->mapping, "file", "century", "2000");
  const char *why;

  for (guint i = 0; i < TW_N_ISO; i++)
    self->iso[i] = tw_wall_times_new (iso[i], repair, &why);
  if (pattern != NULL)
    self->times = tw_wall_times_new (pattern, repair, &why);
  if (pattern != NULL && self->times == NULL)
    return tw_mapping_refuse (self->mapping, "file", "time-format", error, "%s: such as DD.MM.YYYY hh:mm:ss", why);
  self->zone = g_strdup (zone ? zone : time_zone);
  self->zone_assumed = zone == NULL;
  self->zones = tw_zones_new (self->zone, error);
  return self->zones != NULL && read_abbreviations (self, error);
}

static void
read_units (TwForeign *self)
{
  static const char *const names[] = { "seconds", "minutes", "hours", "clock", NULL };
  const char *lasts = tw_mapping_get (self->mapping, "file", "duration");
  const char *unknown = tw_mapping_get (self->mapping, "file", "unknown");

  self->point = tw_mapping_is (self->mapping, "file", "decimal", "comma") ? ',' : '.';
  self->group = group_of (tw_mapping_get (self->mapping, "file", "thousands"));
  self->energy = tw_mapping_is (self->mapping, "file", "energy-unit", "Wh") ? TW_UNIT_WH : TW_UNIT_KWH;
  self->power = tw_mapping_is (self->mapping, "file", "power-unit", "W") ? TW_UNIT_WH : TW_UNIT_KWH;
  self->round = tw_mapping_is (self->mapping, "file", "amounts", "round");
  self->lasts = lasts ? (TwLasts) tw_value_word (tw_value_chars (lasts), names) : TW_LASTS_SECONDS;
  self->unknown = g_strsplit (unknown ? unknown : "", ",", -1);
  for (char **word = self->unknown; *word; word++)
    g_strstrip (*word);
}

static gboolean
check (const TwForeign  *self,
       GError          **error)
{
  static const char *const either[] = { "site", "evse" };

  if (self->point == self->group)
    return tw_mapping_refuse (self->mapping, "file", "thousands", error, "the same as the decimal sign");
  for (guint i = 0; i < G_N_ELEMENTS (either); i++)
    if (!tw_mapping_get (self->mapping, "columns", either[i])
        && !tw_mapping_get (self->mapping, "constants", either[i]))
      return tw_mapping_refuse (self->mapping, "columns", either[i], error, "is missing, here and in [constants]: "
                                "without ports nothing can be said of their use");
  return TRUE;
}

TwForeign *
tw_foreign_new (const char *mapping,
                const char *time_zone,
                GError    **error)
{
  g_autoptr (TwForeign) self = g_new0 (TwForeign, 1);

  self->abbreviations = g_array_new (FALSE, FALSE, sizeof (TwAbbreviation));
  g_array_set_clear_func (self->abbreviations, abbreviation_clear);
  self->foreign_zones = g_ptr_array_new_with_free_func (zone_free);
  for (guint i = 0; i < TW_N_FOREIGN_WORDS; i++)
    self->last_words[i].n = G_MAXUINT32;
  self->mapping = tw_mapping_load (mapping, keys, G_N_ELEMENTS (keys), error);
  if (self->mapping == NULL || !read_times (self, time_zone, error))
    return NULL;
  read_units (self);
  return check (self, error) ? g_steal_pointer (&self) : NULL;
}

void
tw_foreign_free (TwForeign *self)
{
  if (self == NULL)
    return;
  tw_mapping_free (self->mapping);
  tw_wall_times_free (self->times);
  for (guint i = 0; i < TW_N_ISO; i++)
    tw_wall_times_free (self->iso[i]);
  g_clear_pointer (&self->zones, tw_zones_free);
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    if (self->joined[i])
      g_string_free (self->joined[i], TRUE);
  g_ptr_array_unref (self->foreign_zones);
  g_array_unref (self->abbreviations);
  g_strfreev (self->unknown);
  g_free (self->zone);
  g_free (self);
}

/* "Start Date + Start Time" is both, with a blank between them. */
static char **
names_of (const TwForeign *self,
          guint            column)
{
  const char *key = TW_FOREIGN_KEYS[column], *said = key ? tw_mapping_get (self->mapping, "columns", key) : NULL;
  char **names = said ? g_strsplit (said, " + ", 2) : NULL;

  for (char **name = names; name && *name; name++)
    g_strstrip (*name);
  return names;
}

char **
tw_foreign_header (const TwForeign *self)
{
  const char *said = tw_mapping_get (self->mapping, "file", "header");
  char **names = said ? g_new0 (char *, 2) : names_of (self, TW_AT_PLUG_IN);

  if (said)
    names[0] = g_strdup (said);
  return names;
}

gboolean
tw_foreign_find (TwForeign       *self,
                 const TwHeader  *header,
                 GError         **error)
{
  self->header = header;
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    {
      g_auto (GStrv) names = names_of (self, i);
      int *at[] = { &self->first[i], &self->second[i] };

      self->first[i] = self->second[i] = -1;
      for (guint k = 0; names && names[k]; k++)
        {
          *at[k] = tw_header_find_column (header, (const char *[]) { names[k], NULL });
          if (*at[k] < 0)
            return tw_mapping_refuse (self->mapping, "columns", TW_FOREIGN_KEYS[i], error,
                                      "the file has no column \"%s\"", names[k]);
        }
    }
  return TRUE;
}

int
tw_foreign_column (const TwForeign *self,
                   TwSessionColumn  column)
{
  return self->first[column];
}

gboolean
tw_foreign_uses (const TwForeign *self,
                 int              column)
{
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    if (self->first[i] == column || self->second[i] == column)
      return TRUE;
  return FALSE;
}
