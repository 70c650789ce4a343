/* SPDX-License-Identifier: Apache-2.0 */
/* Files: what is read from them, and what is refused, where and why. */
#include "tests/unit/tariff/case.h"

#include "app/base/error.h"

#include <string.h>

#define HEAD "{'id':'T','currency':'EUR',"
#define ELEMENTS "'elements':[{'price_components':[{'type':'ENERGY','price':0.25,'vat':10,'step_size':1}]}]}"
#define UMLAUTS "\\u00e4\\u00e4\\u00e4\\u00e4\\u00e4"
#define FIRST "$.elements[0].price_components[0]"
#define COMPONENTS(c) HEAD "'elements':[{'price_components':[" c "]}]}"
#define RESTRICTIONS(r) HEAD "'elements':[{'price_components':[{'type':'ENERGY','price':1,'step_size':1}]," \
                        "'restrictions':" r "}]}"

/* Every refusal: the text, the path that it names, and a word of what it says. */
static const struct { const char *text, *path, *word; } refusals[] = {
  { "", "", "" },
  { "[]", "$", "tariff object" },
  { "{'currency':'EUR'," ELEMENTS, "$", "\"id\"" },
  { "{'id':'','currency':'EUR'," ELEMENTS, "$.id", "1 to 36" },
  { "{'id':'0123456789012345678901234567890123456','currency':'EUR'," ELEMENTS, "$.id", "1 to 36" },
  { "{'id':'T\\u0007','currency':'EUR'," ELEMENTS, "$.id", "printable" },
  { "{'id':7,'currency':'EUR'," ELEMENTS, "$.id", "string" },
  { "{'id':'T'," ELEMENTS, "$", "\"currency\"" },
  { "{'id':'T','currency':'eur'," ELEMENTS, "$.currency", "ISO 4217" },
  { "{'id':'T','currency':'Euro'," ELEMENTS, "$.currency", "ISO 4217" },
  { "{'id':'T','currency':'XXX'," ELEMENTS, "$.currency", "ISO 4217" },
  { "{'id':'T','currency':978," ELEMENTS, "$.currency", "string" },
  { HEAD "'type':'PROFILE_CHEAP'," ELEMENTS, "$.type", "AD_HOC_PAYMENT" },
  { HEAD "'type':'PROFILE_GREEN'," ELEMENTS, "$.type", "AD_HOC_PAYMENT" },
  { HEAD "'type':'ad_hoc_payment'," ELEMENTS, "$.type", "AD_HOC_PAYMENT" },
  { HEAD "'type':'\\u001b[2J" UMLAUTS UMLAUTS UMLAUTS UMLAUTS "'," ELEMENTS,
    "$.type", "\\033[2J" },
  { HEAD "'type':false," ELEMENTS, "$.type", "string" },
  { HEAD "'tax_included':'yes'," ELEMENTS, "$.tax_included", "YES, NO, N/A" },
  { HEAD "'tax_included':true," ELEMENTS, "$.tax_included", "string" },
  { HEAD "'tax_included':'N/A'," ELEMENTS, FIRST ".vat", "no vat" },
  { HEAD "'tax_included':'NO','elements':[{'price_components':[{'type':'FLAT','price':1,'step_size':1}]}]}",
    FIRST, "with tax is unknown" },
  { HEAD "'tax_included':'YES','max_price':{'before_taxes':9},'elements':[{'price_components':"
    "[{'type':'FLAT','price':1,'step_size':1}]}]}", "$.max_price", "after_taxes" },
  { HEAD "'start_date_time':'yesterday'," ELEMENTS, "$.start_date_time", "2026-01-31T00:00:00Z" },
  { HEAD "'start_date_time':1767225600," ELEMENTS, "$.start_date_time", "string" },
  { HEAD "'start_date_time':'2026-02-01T00:00:00Z','end_date_time':'2026-01-01T00:00:00Z'," ELEMENTS,
    "$.end_date_time", "before" },
  { HEAD "'end_date_time':'2026-02-30T00:00:00Z'," ELEMENTS, "$.end_date_time", "2026-01-31T00:00:00Z" },
  { HEAD "'last_updated':'?'," ELEMENTS, "$.last_updated", "2026-01-31T00:00:00Z" },
  { HEAD "'preauthorize_amount':-1," ELEMENTS, "$.preauthorize_amount", "negative" },
  { HEAD "'preauthorize_amount':40.005," ELEMENTS, "$.preauthorize_amount", "2 decimals" },
  { HEAD "'preauthorize_amount':'40'," ELEMENTS, "$.preauthorize_amount", "number" },
  { HEAD "'preauthorize_amount':92233720368547758.08," ELEMENTS, "$.preauthorize_amount", "digits" },
  { HEAD "'min_price':1," ELEMENTS, "$.min_price", "object" },
  { HEAD "'min_price':{}," ELEMENTS, "$.min_price", "excl_vat" },
  { HEAD "'min_price':{'excl_vat':-1}," ELEMENTS, "$.min_price.excl_vat", "negative" },
  { HEAD "'min_price':{'excl_vat':1.0000001}," ELEMENTS, "$.min_price.excl_vat", "6 decimals" },
  { HEAD "'min_price':{'excl_vat':1,'before_taxes':1}," ELEMENTS, "$.min_price", "the same" },
  { HEAD "'min_price':{'excl_vat':1,'after_tax':1}," ELEMENTS, "$.min_price.after_tax", "known are" },
  { HEAD "'min_price':{'excl_vat':1,'incl_vat':0.9}," ELEMENTS, "$.min_price", "lower" },
  { HEAD "'min_price':{'excl_vat':2},'max_price':{'excl_vat':1}," ELEMENTS, "$.max_price", "lower than min_price" },
  { HEAD "'min_price':{'after_taxes':2},'max_price':{'after_taxes':1}," ELEMENTS, "$.max_price",
    "lower than min_price" },
  { "{'id':'T','currency':'EUR'}", "$", "\"elements\"" },
  { HEAD "'elements':[]}", "$.elements", "at least one element" },
  { HEAD "'elements':{}}", "$.elements", "array" },
  { HEAD "'elements':[7]}", "$.elements[0]", "object" },
  { HEAD "'elements':[{}]}", "$.elements[0]", "price_components" },
  { HEAD "'elements':[{'price_components':[]}]}", "$.elements[0].price_components", "at least one" },
  { HEAD "'elements':[{'price_components':[],'restriction':{}}]}", "$.elements[0].restriction", "known are" },
  { COMPONENTS ("null"), FIRST, "object" },
  { COMPONENTS ("{'price':1,'step_size':1}"), FIRST, "\"type\"" },
  { COMPONENTS ("{'type':'SESSION','price':1,'step_size':1}"), FIRST ".type", "accepted are" },
  { COMPONENTS ("{'type':'energy','price':1,'step_size':1}"), FIRST ".type", "accepted are" },
  { COMPONENTS ("{'type':'ENERGY','step_size':1}"), FIRST, "\"price\"" },
  { COMPONENTS ("{'type':'ENERGY','price':'1','step_size':1}"), FIRST ".price", "number" },
  { COMPONENTS ("{'type':'ENERGY','price':-0.01,'step_size':1}"), FIRST ".price", "negative" },
  { COMPONENTS ("{'type':'ENERGY','price':0.1234567,'step_size':1}"), FIRST ".price", "6 decimals" },
  { COMPONENTS ("{'type':'ENERGY','price':1e-7,'step_size':1}"), FIRST ".price", "6 decimals" },
  { COMPONENTS ("{'type':'ENERGY','price':1e300,'step_size':1}"), FIRST ".price", "digits" },
  { COMPONENTS ("{'type':'ENERGY','price':1000000000000,'step_size':1}"), "$", "smaller prices" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'vat':19.00001,'step_size':1}"), FIRST ".vat", "4 decimals" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'vat':-1,'step_size':1}"), FIRST ".vat", "negative" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'vat':100.0001,'step_size':1}"), FIRST ".vat", "100" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'vat':'19','step_size':1}"), FIRST ".vat", "number" },
  { COMPONENTS ("{'type':'ENERGY','price':1}"), FIRST, "step_size" },
  { COMPONENTS ("{'type':'TIME','price':1,'step_size':-1}"), FIRST ".step_size", "seconds" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'step_size':1000000001}"), FIRST ".step_size", "Wh" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'step_size':1.5}"), FIRST ".step_size", "whole number" },
  { COMPONENTS ("{'type':'ENERGY','price':1,'step_size':1,'tax':1}"), FIRST ".tax", "known are" },
  { COMPONENTS ("{'type':'FLAT','price':1,'step_size':1},{'type':'FLAT','price':1,'step_size':1}"),
    "$.elements[0].price_components[1]", "second FLAT" },
  { RESTRICTIONS ("{'start_time':'24:00'}"), "$.elements[0].restrictions.start_time", "time of day" },
  { RESTRICTIONS ("{'start_time':'8:00'}"), "$.elements[0].restrictions.start_time", "time of day" },
  { RESTRICTIONS ("{'end_time':'08:60'}"), "$.elements[0].restrictions.end_time", "time of day" },
  { RESTRICTIONS ("{'start_time':'2000'}"), "$.elements[0].restrictions.start_time", "time of day" },
  { RESTRICTIONS ("{'start_time':8}"), "$.elements[0].restrictions.start_time", "string" },
  { RESTRICTIONS ("{'start_date':'2026-02-29'}"), "$.elements[0].restrictions.start_date", "2026-12-24" },
  { RESTRICTIONS ("{'end_date':'2026-2-28'}"), "$.elements[0].restrictions.end_date", "2026-12-24" },
  { RESTRICTIONS ("{'start_date':'0000-01-01'}"), "$.elements[0].restrictions.start_date", "2026-12-24" },
  { RESTRICTIONS ("{'end_date':'20260101T0'}"), "$.elements[0].restrictions.end_date", "2026-12-24" },
  { RESTRICTIONS ("{'end_date':[]}"), "$.elements[0].restrictions.end_date", "string" },
  { RESTRICTIONS ("{'min_kwh':-1}"), "$.elements[0].restrictions.min_kwh", "negative" },
  { RESTRICTIONS ("{'max_kwh':'1'}"), "$.elements[0].restrictions.max_kwh", "number" },
  { RESTRICTIONS ("{'min_kwh':0.0000001}"), "$.elements[0].restrictions.min_kwh", "6 decimals" },
  { RESTRICTIONS ("{'max_kwh':9300000000000}"), "$.elements[0].restrictions.max_kwh", "too large" },
  { RESTRICTIONS ("{'min_current':-0.5}"), "$.elements[0].restrictions.min_current", "negative" },
  { RESTRICTIONS ("{'max_current':true}"), "$.elements[0].restrictions.max_current", "number" },
  { RESTRICTIONS ("{'min_power':1e-7}"), "$.elements[0].restrictions.min_power", "6 decimals" },
  { RESTRICTIONS ("{'max_power':-1}"), "$.elements[0].restrictions.max_power", "negative" },
  { RESTRICTIONS ("{'min_duration':0.5}"), "$.elements[0].restrictions.min_duration", "0 decimals" },
  { RESTRICTIONS ("{'max_duration':'60'}"), "$.elements[0].restrictions.max_duration", "number" },
  { RESTRICTIONS ("{'min_duration':-1}"), "$.elements[0].restrictions.min_duration", "negative" },
  { RESTRICTIONS ("{'day_of_week':'MONDAY'}"), "$.elements[0].restrictions.day_of_week", "array" },
  { RESTRICTIONS ("{'reservation':'EXPIRES'}"), "$.elements[0].restrictions.reservation", "RESERVATION_EXPIRES" },
  { RESTRICTIONS ("{'reservation':true}"), "$.elements[0].restrictions.reservation", "string" },
  { RESTRICTIONS ("{'day_of_week':['MONDAY','Tuesday']}"), "$.elements[0].restrictions.day_of_week[1]", "TUESDAY" },
  { RESTRICTIONS ("{'day_of_week':[1]}"), "$.elements[0].restrictions.day_of_week[0]", "MONDAY" },
  { RESTRICTIONS ("{'moon_phase':'FULL'}"), "$.elements[0].restrictions.moon_phase", "not a restriction" },
  { RESTRICTIONS ("[]"), "$.elements[0].restrictions", "object" },
  { "{'id':'T','id':'U','currency':'EUR'," ELEMENTS, "$.id", "" },
  { HEAD ELEMENTS " x", "", "" },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_strconcat (refusals[i].path, ": ", NULL);
      TwTariff *tariff = case_parse (refusals[i].text, &error);

      g_test_message ("%s -> %s", refusals[i].text, error ? error->message : "accepted");
      g_assert_null (tariff);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      if (refusals[i].path[0] != '\0')
        g_assert_nonnull (strstr (error->message, path));
      g_assert_nonnull (strstr (error->message, refusals[i].word));
      g_assert_true (g_str_is_ascii (error->message));
    }
}

static void
test_hostile_size (void)
{
  g_autofree char *text = g_strnfill (TW_TARIFF_MAX_BYTES + 1, ' ');
  g_autofree char *brackets = g_strnfill (60000, '[');
  g_autoptr (GBytes) large = NULL;
  g_autoptr (GBytes) deep = g_bytes_new (brackets, strlen (brackets));
  g_autoptr (GError) error = NULL;

  memcpy (text, "{}", 2);
  large = g_bytes_new (text, strlen (text));
  g_assert_null (tw_tariff_parse (large, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_assert_null (tw_tariff_parse (deep, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

static void
test_what_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTariff) tariff = case_parse ("{'country_code':'DE','party_id':'ABC','id':'16','currency':'EUR',"
    "'type':'REGULAR','tariff_alt_text':[{'language':'en','text':'x'}],'energy_mix':{'is_green_energy':true},"
    "'zzz':[1,{}],"
    "'start_date_time':'2026-01-01T00:00:00Z','end_date_time':'2027-01-01T00:00:00','min_price':null,"
    "'max_price':{'excl_vat':20,'incl_vat':null},'preauthorize_amount':4e1," ELEMENTS, &error);
  const gint64 second = G_USEC_PER_SEC;

  g_assert_no_error (error);
  g_assert_cmpstr (tw_tariff_id (tariff), ==, "16");
  g_assert_cmpstr (tw_tariff_currency (tariff), ==, "EUR");
  g_assert_cmpint (tw_tariff_preauthorize_minor (tariff), ==, 4000);
  g_assert_null (tw_tariff_min_gross (tariff));
  g_assert_cmpstr (tw_tariff_max_gross (tariff), ==, "22.00");
  /* date -u -d 2026-01-01 +%s, date -u -d 2027-01-01 +%s */
  g_assert_false (tw_tariff_valid_at (tariff, 1767225600 * second - 1));
  g_assert_true (tw_tariff_valid_at (tariff, 1767225600 * second));
  g_assert_true (tw_tariff_valid_at (tariff, 1798761600 * second - 1));
  g_assert_false (tw_tariff_valid_at (tariff, 1798761600 * second));
}

/* printf '{"id":"T","currency":"EUR","elements":[{"price_components":[{"type":"FLAT","price":1,"step_size":1}]}]}' |
 * sha256sum */
static void
test_hash (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", "{'type':'FLAT','price':1,'step_size':1}");

  g_assert_cmpstr (tw_tariff_hash (tariff), ==, "93db90ea3e239ab40db87c0a1f3a8cc8d417f181208994d0a265cc44192b3249");
  g_assert_cmpuint (g_bytes_get_size (tw_tariff_bytes (tariff)), ==, 103);
  g_assert_cmpint (tw_tariff_preauthorize_minor (tariff), ==, 0);
  g_assert_true (tw_tariff_valid_at (tariff, 0));
}

static void
test_tags (void)
{
  /* Every order of the four components. */
  const char *const parts[] = {
    "{'type':'FLAT','price':0.5,'vat':20,'step_size':1}",
    "{'type':'PARKING_TIME','price':6.00,'vat':20,'step_size':60}",
    "{'type':'TIME','price':1.2,'step_size':1}", "{'type':'ENERGY','price':0.25,'vat':10,'step_size':100}",
  };
  const struct { TwLineKind kind; const char *price, *gross, *tax; gint64 step; } expected[] = {
    { TW_LINE_ENERGY, "0.25", "0.275", "10", 100 }, { TW_LINE_TIME, "1.2", "1.20", NULL, 1 },
    { TW_LINE_PARKING_TIME, "6.00", "7.20", "20", 60 }, { TW_LINE_FLAT, "0.5", "0.60", "20", 0 },
  };

  for (guint n = 0; n < 4 * 4 * 4 * 4; n++)
    {
      guint a = n % 4, b = n / 4 % 4, c = n / 16 % 4, d = n / 64;
      g_autofree char *components = g_strjoin (",", parts[a], parts[b], parts[c], parts[d], NULL);
      g_autoptr (TwTariff) tariff = NULL;

      if (((1u << a) | (1u << b) | (1u << c) | (1u << d)) != 0xf)
        continue;
      tariff = case_tariff ("EUR", "", components);
      g_assert_cmpuint (tw_tariff_n_tags (tariff), ==, 4);
      for (guint i = 0; i < 4; i++)
        {
          const TwPriceTag *tag = tw_tariff_tag (tariff, i);

          g_assert_cmpint (tag->kind, ==, expected[i].kind);
          g_assert_cmpstr (tag->price, ==, expected[i].price);
          g_assert_cmpstr (tag->gross_price, ==, expected[i].gross);
          g_assert_cmpstr (tag->tax_percent, ==, expected[i].tax);
          g_assert_cmpint (tag->step_size, ==, expected[i].step);
        }
    }
}

static void
test_examples_load (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("TW_ASSETS"), "tariffs", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      tariff = case_parse (text, &error);
      g_assert_no_error (error);
      n++;
    }
  g_assert_cmpuint (n, >=, 3);
}

static void
test_demo_prices (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TW_ASSETS"), "tariffs", "demo.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (TwTariff) tariff = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  tariff = case_parse (text, NULL);
  g_assert_cmpuint (tw_tariff_n_tags (tariff), ==, 2);
  g_assert_cmpstr (tw_tariff_tag (tariff, 0)->gross_price, ==, "0.49");
  g_assert_cmpint (tw_tariff_tag (tariff, 1)->kind, ==, TW_LINE_PARKING_TIME);
  g_assert_cmpstr (tw_tariff_tag (tariff, 1)->gross_price, ==, "6.00");
  g_assert_cmpint (tw_tariff_preauthorize_minor (tariff), ==, 4000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tariff/what-cannot-be-priced-is-refused-with-its-path", test_refusals);
  g_test_add_func ("/tariff/hostile-size-is-refused", test_hostile_size);
  g_test_add_func ("/tariff/document-is-read", test_what_is_read);
  g_test_add_func ("/tariff/hash-is-of-the-bytes", test_hash);
  g_test_add_func ("/tariff/price-tags-are-in-legal-order", test_tags);
  g_test_add_func ("/tariff/examples-load", test_examples_load);
  g_test_add_func ("/tariff/demonstration-tariff-says-what-its-readme-says", test_demo_prices);

  return g_test_run ();
}
