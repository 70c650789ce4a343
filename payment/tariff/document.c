/* SPDX-License-Identifier: Apache-2.0 */
/* The tariff object of OCPI 2.2.1 and 2.3.0 (mod_tariffs), all but its elements. Unknown members are ignored out
 * here and refused inside elements and limits, where they would change what is paid (decision 24).
 */
#include "payment/tariff/reader.h"

#include "app/base/error.h"

#include <string.h>

#define MAX_ID_LENGTH 36

gboolean
tw_tariff_refuse (const TwJson  *where,
                  GError       **error,
                  const char    *format,
                  ...)
{
  g_autofree char *path = tw_json_path (where);
  g_autofree char *what = NULL;
  g_autofree char *harmless = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  harmless = g_strescape (what, "\"");   /* it repeats parts of the file, and ends up in logs and terminals */
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: %s", path, harmless);

  return FALSE;
}

gboolean
tw_tariff_optional (const TwJson  *object,
                    const char    *name,
                    TwJsonType     type,
                    const TwJson **member,
                    GError       **error)
{
  *member = tw_json_member (object, name);
  if (*member != NULL && tw_json_type (*member) == TW_JSON_NULL)
    *member = NULL;
  if (*member == NULL)
    return TRUE;

  return tw_json_get (object, name, type, error) != NULL;
}

gboolean
tw_tariff_read_decimal (const TwJson  *number,
                        guint          max_scale,
                        TwDecimal     *decimal,
                        GError       **error)
{
  g_autoptr (GError) why = NULL;

  if (!tw_decimal_parse (tw_json_number_text (number), max_scale, decimal, &why))
    return tw_tariff_refuse (number, error, "%s", why->message);
  if (decimal->units < 0)
    return tw_tariff_refuse (number, error, "%.40s is negative: nothing in a tariff may be below 0",
                             tw_json_number_text (number));

  return TRUE;
}

static gboolean
is_printable (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text))
      return FALSE;

  return TRUE;
}

/* CiString(36): it is printed on receipts and compared by people. */
static gboolean
read_id (TwTariff      *self,
         const TwJson  *root,
         GError       **error)
{
  const char *id = tw_json_get_string (root, "id", error);

  if (id == NULL)
    return FALSE;
  if (id[0] == '\0' || strlen (id) > MAX_ID_LENGTH || !is_printable (id))
    return tw_tariff_refuse (tw_json_member (root, "id"), error, "expected 1 to %d printable ASCII characters",
                             MAX_ID_LENGTH);
  self->id = g_strdup (id);

  return TRUE;
}

/* Whose tariff it is, and of when. OCPI requires these; no price needs them, so that a station goes on selling by a
 * file without them, and a journal can be priced again. Whoever asks about a file is told. */
static gboolean
read_origin (TwTariff      *self,
             const TwJson  *root,
             GError       **error)
{
  const struct { const char *name; gsize longest; } members[] = {
    { "country_code", 2 }, { "party_id", 3 }, { "last_updated", G_MAXINT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *name = members[i].name;
      const TwJson *text = NULL;
      gboolean fine = tw_tariff_optional (root, name, TW_JSON_STRING, &text, error);

      if (fine && self->use == TW_TARIFF_ANY && text == NULL)
        fine = tw_json_get (root, name, TW_JSON_STRING, error) != NULL;
      if (fine && self->use == TW_TARIFF_ANY
          && (tw_json_string (text)[0] == '\0' || strlen (tw_json_string (text)) > members[i].longest))
        fine = tw_tariff_refuse (text, error, "expected 1 to %d characters", (int) members[i].longest);
      if (!tw_tariff_keep_on (self, fine, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_currency (TwTariff      *self,
               const TwJson  *root,
               GError       **error)
{
  const char *currency = tw_json_get_string (root, "currency", error);

  if (currency == NULL)
    return FALSE;
  self->digits = tw_currency_digits (currency);
  if (self->digits < 0)
    {
      self->digits = 2;   /* for who looks for more faults */
      return tw_tariff_refuse (tw_json_member (root, "currency"), error,
                               "\"%.8s\" is no currency: expected three capital letters of ISO 4217, such as EUR",
                               currency);
    }
  memcpy (self->currency, currency, sizeof self->currency);

  return TRUE;
}

/* A walk-up sale uses an AD_HOC_PAYMENT tariff or one for all; the others are for people with a contract. */
static gboolean
read_type (TwTariff      *self,
           const TwJson  *root,
           GError       **error)
{
  const char *const accepted[] = { "AD_HOC_PAYMENT", "REGULAR", NULL };
  const char *const known[] = {
    "AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR", NULL
  };
  const TwJson *type;

  if (!tw_tariff_optional (root, "type", TW_JSON_STRING, &type, error))
    return FALSE;
  if (type && self->use == TW_TARIFF_ANY)
    return g_strv_contains (known, tw_json_string (type))
        || tw_tariff_refuse (type, error, "\"%.40s\" is no TariffType of OCPI", tw_json_string (type));
  if (type && !g_strv_contains (accepted, tw_json_string (type)))
    return tw_tariff_refuse (type, error, "\"%.40s\" is not for walk-up customers: accepted are AD_HOC_PAYMENT, "
                             "REGULAR, or no type", tw_json_string (type));

  return TRUE;
}

static gboolean
read_tax_included (TwTariff      *self,
                   const TwJson  *root,
                   GError       **error)
{
  const struct { const char *word; TwTaxForm form; } forms[] = {
    { "YES", TW_TAX_YES }, { "NO", TW_TAX_NO }, { "N/A", TW_TAX_NOT_APPLICABLE },
  };
  const TwJson *word;

  if (!tw_tariff_optional (root, "tax_included", TW_JSON_STRING, &word, error))
    return FALSE;
  if (word == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_str_equal (tw_json_string (word), forms[i].word))
      {
        self->tax_form = forms[i].form;
        return TRUE;
      }

  return tw_tariff_refuse (word, error, "\"%.40s\": accepted are YES, NO, N/A", tw_json_string (word));
}

/* RFC 3339, always UTC, the Z may be missing. */
gboolean
tw_tariff_read_date_time (const TwJson  *root,
                          const char    *name,
                          gint64        *wall_us,
                          GError       **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date_time = NULL;
  const TwJson *text;

  if (!tw_tariff_optional (root, name, TW_JSON_STRING, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  date_time = g_date_time_new_from_iso8601 (tw_json_string (text), utc);
  if (date_time == NULL)
    return tw_tariff_refuse (text, error, "\"%.40s\" is no date and time: expected one such as 2026-01-31T00:00:00Z",
                             tw_json_string (text));
  *wall_us = g_date_time_to_unix (date_time) * G_USEC_PER_SEC + g_date_time_get_microsecond (date_time);

  return TRUE;
}

static gboolean
read_validity (TwTariff      *self,
               const TwJson  *root,
               GError       **error)
{
  self->start_wall_us = G_MININT64;
  self->end_wall_us = G_MAXINT64;
  if (!tw_tariff_read_date_time (root, "start_date_time", &self->start_wall_us, error)
      || !tw_tariff_read_date_time (root, "end_date_time", &self->end_wall_us, error)
      || !tw_tariff_read_date_time (root, "last_updated", &self->updated_wall_us, error))
    return FALSE;
  if (self->end_wall_us <= self->start_wall_us)
    return tw_tariff_refuse (tw_json_member (root, "end_date_time"), error, "ends before it starts: expected a time "
                             "after start_date_time");

  return TRUE;
}

static gboolean
read_preauthorize (TwTariff      *self,
                   const TwJson  *root,
                   GError       **error)
{
  const TwJson *number;
  TwDecimal amount;

  if (!tw_tariff_optional (root, "preauthorize_amount", TW_JSON_NUMBER, &number, error))
    return FALSE;
  if (number == NULL)
    return TRUE;
  if (!tw_tariff_read_decimal (number, self->digits, &amount, error))
    return FALSE;
  self->preauthorize_minor = amount.units;
  for (int i = amount.scale; i < self->digits; i++)
    if (__builtin_mul_overflow (self->preauthorize_minor, (gint64) 10, &self->preauthorize_minor))
      return tw_tariff_refuse (number, error, "is too large");

  return TRUE;
}

/* One side of a limit under either version's name; versions are mixed in the wild. */
static gboolean
read_limit_side (const TwJson  *limit,
                 const char    *name,
                 const char    *other_name,
                 gboolean      *given,
                 TwFraction    *amount,
                 GError       **error)
{
  const TwJson *number, *other;
  TwDecimal decimal;

  if (!tw_tariff_optional (limit, name, TW_JSON_NUMBER, &number, error)
      || !tw_tariff_optional (limit, other_name, TW_JSON_NUMBER, &other, error))
    return FALSE;
  if (number && other)
    return tw_tariff_refuse (limit, error, "%s and %s say the same: expected one of them", name, other_name);
  if (number == NULL)
    number = other;
  if (number == NULL)
    return TRUE;
  if (!tw_tariff_read_decimal (number, TW_PRICE_DECIMALS, &decimal, error))
    return FALSE;
  *given = TRUE;
  *amount = tw_fraction_from_decimal (decimal);

  return TRUE;
}

/* 2.2.1 Price {excl_vat, incl_vat}, 2.3.0 PriceLimit {before_taxes, after_taxes}. */
static gboolean
read_limit (const TwJson  *root,
            const char    *name,
            TwLimit       *limit,
            GError       **error)
{
  const char *const known[] = { "excl_vat", "incl_vat", "before_taxes", "after_taxes", NULL };
  const TwJson *object;

  if (!tw_tariff_optional (root, name, TW_JSON_OBJECT, &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!tw_json_only (object, known, error)
      || !read_limit_side (object, "excl_vat", "before_taxes", &limit->has_net, &limit->at.net, error)
      || !read_limit_side (object, "incl_vat", "after_taxes", &limit->has_gross, &limit->at.gross, error))
    return FALSE;
  if (!limit->has_net && !limit->has_gross)
    return tw_tariff_refuse (object, error, "says no amount: expected excl_vat and incl_vat, or before_taxes and "
                             "after_taxes");
  if (limit->has_net && limit->has_gross && tw_fraction_compare (limit->at.gross, limit->at.net) < 0)
    return tw_tariff_refuse (object, error, "is lower with tax than without");

  return TRUE;
}

static gboolean
read_limits (TwTariff      *self,
             const TwJson  *root,
             GError       **error)
{
  const TwLimit *low = &self->minimum, *high = &self->maximum;

  if (!read_limit (root, "min_price", &self->minimum, error) || !read_limit (root, "max_price", &self->maximum, error))
    return FALSE;
  if ((low->has_net && high->has_net && tw_fraction_compare (high->at.net, low->at.net) < 0)
      || (low->has_gross && high->has_gross && tw_fraction_compare (high->at.gross, low->at.gross) < 0))
    return tw_tariff_refuse (tw_json_member (root, "max_price"), error, "is lower than min_price");

  return TRUE;
}

/* A maximum without tax and a minimum with it, or the other way round: no tax of this tariff makes room for both. */
static gboolean
check_crossed_limits (TwTariff      *self,
                      const TwJson  *root,
                      GError       **error)
{
  const TwLimit *low = &self->minimum, *high = &self->maximum;
  TwFraction highest;

  if (self->faults != NULL && self->faults->len > 0)
    return TRUE;   /* of what could not be read, no tax is known */
  if (low->has_net && high->has_gross && tw_fraction_compare (high->at.gross, low->at.net) < 0)
    return tw_tariff_refuse (tw_json_member (root, "max_price"), error, "is lower with tax than min_price without");
  for (guint i = 0; i < self->components->len; i++)
    if (tw_tariff_component (self, i)->tax_unknown)
      return TRUE;
  highest = tw_fraction_multiply (high->at.net, tw_tariff_highest_tax_factor (self));
  if (low->has_gross && high->has_net && tw_fraction_fits (highest)
      && tw_fraction_compare (highest, low->at.gross) < 0)
    return tw_tariff_refuse (tw_json_member (root, "max_price"), error, "is lower than min_price, even with the "
                             "highest tax of the tariff");

  return TRUE;
}

static void
forget_alt_text (gpointer data)
{
  g_free (((TwAltText *) data)->language);
  g_free (((TwAltText *) data)->text);
}

/* DisplayText: a language of ISO 639-1 and a text of at most 512 characters. */
static gboolean
read_alt_text (TwTariff      *self,
               const TwJson  *json,
               GError       **error)
{
  const char *language = tw_json_get_string (json, "language", error);
  const char *text = language != NULL ? tw_json_get_string (json, "text", error) : NULL;
  TwAltText alt_text;

  if (text == NULL)
    return FALSE;
  if (strlen (language) != 2 || !g_ascii_islower (language[0]) || !g_ascii_islower (language[1]))
    return tw_tariff_refuse (tw_json_member (json, "language"), error, "\"%.8s\" is no language: expected two letters "
                             "of ISO 639-1, such as en", language);
  alt_text = (TwAltText) { g_strdup (language), g_strdup (text) };
  g_array_append_val (self->alt_texts, alt_text);

  return TRUE;
}

static gboolean
read_alt (TwTariff      *self,
          const TwJson  *root,
          GError       **error)
{
  const TwJson *texts, *url;

  self->alt_texts = g_array_new (FALSE, FALSE, sizeof (TwAltText));
  g_array_set_clear_func (self->alt_texts, forget_alt_text);
  if (!tw_tariff_optional (root, "tariff_alt_text", TW_JSON_ARRAY, &texts, error)
      || !tw_tariff_optional (root, "tariff_alt_url", TW_JSON_STRING, &url, error))
    return FALSE;
  self->alt_url = g_strdup (tw_json_string (url));
  for (guint i = 0; i < tw_json_length (texts); i++)
    {
      if (tw_json_type (tw_json_element (texts, i)) != TW_JSON_OBJECT)
        return tw_tariff_refuse (tw_json_element (texts, i), error, "expected an object with language and text");
      if (!read_alt_text (self, tw_json_element (texts, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_elements (TwTariff      *self,
               const TwJson  *root,
               GError       **error)
{
  const TwJson *elements = tw_json_get (root, "elements", TW_JSON_ARRAY, error);

  return elements != NULL && tw_tariff_read_elements (self, elements, error);
}

gboolean
tw_tariff_read_document (TwTariff      *self,
                         const TwJson  *root,
                         GError       **error)
{
  static gboolean (*const readers[]) (TwTariff *, const TwJson *, GError **) = {
    read_id, read_currency, read_type, read_tax_included, read_validity, read_preauthorize, read_alt, read_limits,
    read_elements, check_crossed_limits, read_origin,
  };

  if (tw_json_type (root) != TW_JSON_OBJECT)
    return tw_tariff_refuse (root, error, "expected one OCPI tariff object");
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (!tw_tariff_keep_on (self, readers[i] (self, root, error), error))
      return FALSE;

  return self->faults == NULL || self->faults->len == 0;
}
