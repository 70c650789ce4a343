/* SPDX-License-Identifier: Apache-2.0 */
/* HB44 3.40: what is printed as quantity and unit price, multiplied and rounded, is what is printed as amount. Read
 * back from the text of random sessions, with an arithmetic of this test's own.
 */
#include "tests/unit/receipt/sample.h"

#include <stdlib.h>
#include <string.h>

typedef __int128 Wide;

enum { N_SESSIONS = 500 };

/* "12.345" as 12345 of scale 3. */
static Wide
digits_of (const char *text,
           guint      *scale)
{
  gboolean behind = FALSE;
  Wide value = 0;

  *scale = 0;
  for (; g_ascii_isdigit (*text) || *text == '.'; text++)
    {
      behind = behind || *text == '.';
      if (*text == '.')
        continue;
      value = value * 10 + (*text - '0');
      *scale += behind;
    }

  return value;
}

static Wide
power_of_ten (guint n)
{
  return n == 0 ? 1 : 10 * power_of_ten (n - 1);
}

/* "20.450 kWh", "62:03.250 min", "1:02:03 h": thousandths of kWh, or of seconds. */
static Wide
quantity_of (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_auto (GStrv) parts = g_strsplit (words[0], ":", 3);
  Wide whole = 0, value;
  guint scale, n = g_strv_length (parts);

  for (guint i = 0; i + 1 < n; i++)
    whole = (whole + atoi (parts[i])) * 60;
  value = digits_of (parts[n - 1], &scale);

  return whole * 1000 + value * power_of_ten (3 - scale);
}

/* How many thousandths the price is for. */
static Wide
divisor_of (const char *per)
{
  return g_str_equal (per, "kWh") ? 1000 : g_str_equal (per, "min") ? 60 * 1000 : 3600 * 1000;
}

/* detail: "20.450 kWh x 0.49 EUR/kWh". Cents. */
static gint64
product_of (const char *detail)
{
  g_auto (GStrv) factors = g_strsplit (detail, " x ", 2);
  const char *per = strchr (factors[1], '/') + 1;
  guint scale;
  Wide price = digits_of (factors[1], &scale);
  Wide over = quantity_of (factors[0]) * price * 100, under = divisor_of (per) * power_of_ten (scale);

  return (gint64) ((2 * over + under) / (2 * under));
}

/* The figure at the end of a line, "      -3.99"; *found FALSE: none. */
static gint64
cents_at_end (const char *line)
{
  const char *figure = strrchr (line, ' ') + 1;
  gboolean negative = *figure == '-';
  guint scale;
  gint64 cents = (gint64) digits_of (figure + negative, &scale);

  g_assert_cmpuint (scale, ==, 2);

  return negative ? -cents : cents;
}

static guint
find_line (char       **lines,
           const char  *prefix,
           guint        from)
{
  for (guint i = from; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], prefix))
      return i;
  g_assert_not_reached ();
}

/* Between the second and the third rule are the items; "TOTAL" follows. Under each item are its details, the product
 * first where there is one; test_lines.py reads the others. */
static void
check_text (const char *text,
            guint      *n_products)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint total = find_line (lines, "TOTAL", 0), end = total - 1, i = end;
  g_autofree char *figure = g_strdup (lines[total]);
  gint64 sum = 0;

  while (!g_str_has_prefix (lines[i - 1], "----"))
    i--;
  for (; i < end; i++)
    {
      gint64 amount;

      if (g_str_has_prefix (lines[i], "  "))
        continue;
      amount = cents_at_end (lines[i]);
      sum += amount;
      if (strstr (lines[i + 1], " x ") == NULL)
        continue;
      g_assert_cmpint (product_of (lines[i + 1] + 2), ==, amount);
      (*n_products)++;
    }
  figure[strlen (figure) - strlen (" EUR")] = '\0';
  g_assert_cmpint (sum, ==, cents_at_end (figure));
}

static int
random_below (int n)
{
  return g_test_rand_int_range (0, n);
}

static char *
random_tariff (void)
{
  const char *const forms[] = { "", "'tax_included':'YES',", "'tax_included':'NO',",
                                "'max_price':{'excl_vat':5,'incl_vat':5.9}," };
  const char *const rates[] = { "19", "8.875", "0", "7.7" };
  const char *const steps[] = { "0", "1", "60" };

  return g_strdup_printf ("{'id':'R','currency':'EUR',%s'elements':[{'price_components':["
                          "{'type':'FLAT','price':0.%03d,'vat':%s,'step_size':1},"
                          "{'type':'ENERGY','price':0.%04d,'vat':%s,'step_size':%s},"
                          "{'type':'TIME','price':%d.%02d,'vat':%s,'step_size':%s},"
                          "{'type':'PARKING_TIME','price':%d,'vat':%s,'step_size':%s}]}]}",
                          forms[random_below (4)],
                          random_below (1000), rates[random_below (4)],
                          random_below (10000), rates[random_below (4)], steps[random_below (3)],
                          random_below (10), random_below (100), rates[random_below (4)], steps[random_below (3)],
                          random_below (10), rates[random_below (4)], steps[random_below (3)]);
}

static void
test_printed_products (void)
{
  guint n_products = 0, n_rounded = 0;

  for (guint i = 0; i < N_SESSIONS; i++)
    {
      g_autoptr (TwReceipt) receipt = sample_blank ("EUR");
      g_autofree char *tariff = random_tariff ();
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      sample_price (receipt, tariff, g_test_rand_int_range (1, 100000), g_test_rand_int_range (0, 20000000),
                    g_test_rand_int_range (0, 20000000));
      text = tw_receipt_to_text (receipt, "en", &error);
      g_assert_no_error (error);
      check_text (text, &n_products);
      n_rounded += strstr (text, "\nRounding ") != NULL;
    }
  g_assert_cmpuint (n_products, >, N_SESSIONS * 2);
  g_assert_cmpuint (n_rounded, >, 0);
}

/* 0.004 + 0.004 + 0.003 are 0.01 together and nothing each: the cent is an item of its own. */
static void
test_rounding_is_an_item (void)
{
  g_autoptr (TwReceipt) receipt = sample_blank ("EUR");
  const TwReceiptItem *last;

  sample_price (receipt, "{'id':'R','currency':'EUR','elements':[{'price_components':["
                "{'type':'ENERGY','price':0.003,'step_size':1},{'type':'TIME','price':0.004,'step_size':1},"
                "{'type':'PARKING_TIME','price':0.004,'step_size':1}]}]}", 1000, 3600000, 3600000);
  last = &g_array_index (receipt->items, TwReceiptItem, receipt->items->len - 1);
  g_assert_cmpuint (receipt->items->len, ==, 4);
  g_assert_cmpint (last->kind, ==, TW_ITEM_ROUNDING);
  g_assert_cmpint (last->amount_minor, ==, 1);
  g_assert_cmpint (receipt->gross_minor, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/receipt/printed-quantity-times-printed-price-is-the-printed-amount", test_printed_products);
  g_test_add_func ("/receipt/what-rounding-leaves-is-an-item", test_rounding_is_an_item);

  return g_test_run ();
}
