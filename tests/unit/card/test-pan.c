/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "payment/card/pan.h"

static gboolean
parse_track2 (TwTrack2   *track2,
              const char *hex)
{
  g_autoptr(GBytes) bytes = tw_hex_decode (hex, NULL);

  return tw_track2_from_equivalent (track2, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
parse_pan (TwPan      *pan,
           const char *hex)
{
  g_autoptr(GBytes) bytes = tw_hex_decode (hex, NULL);

  return tw_pan_from_packed (pan, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_track2 (void)
{
  static const struct { const char *hex, *text; } cases[] = {
    { "4111111111111111d30122010000000000000f", "4111111111111111=30122010000000000000" },
    { "4111111111111111d3012201", "4111111111111111=3012201" },
    { "411111111112d3012201000f", "411111111112=3012201000" },
    { "6304000000000000000d30122010000f", "6304000000000000000=30122010000" },
    { "4111111111111111f30122010000000000000f", NULL },     /* no separator */
    { "4111111111111111d30a22010000000000000f", NULL },
    { "4111111111111111d3012f", NULL },                     /* no service code */
    { "41111111111d30122010000000000000", NULL },           /* 11 digits */
    { "63040000000000000000d3012201000f", NULL },           /* 20 digits */
    { "4111111111111111d3012201000000000fff", NULL },       /* pads of which only the last may be */
    { "4111111111111111", NULL },
    { "4111111111111111d301220100000000000000ff", NULL },   /* 20 bytes */
    { "d3012201", NULL }, { "ff", NULL }, { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwTrack2 track2;
      static const TwTrack2 zero;

      g_assert_cmpint (parse_track2 (&track2, cases[i].hex), ==, cases[i].text != NULL);
      if (cases[i].text != NULL)
        g_assert_cmpstr (track2.text, ==, cases[i].text);
      else
        g_assert_cmpmem (&track2, sizeof track2, &zero, sizeof zero);
    }
}

static void
test_packed (void)
{
  static const struct { const char *hex; gboolean good; } cases[] = {
    { "4111111111111111", TRUE }, { "4111111111111111ffff", TRUE }, { "6304000000000000000f", TRUE },
    { "41111111111f", FALSE }, { "4111f11111111111", FALSE }, { "63040000000000000000", FALSE }, { "", FALSE },
    { "ffffffffffffffff", FALSE }, { "4111111111111111ffffff", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwPan pan;

      g_assert_cmpint (parse_pan (&pan, cases[i].hex), ==, cases[i].good);
    }
}

/* Published test numbers of the schemes, and each with one digit changed. */
static void
test_luhn (void)
{
  static const struct { const char *hex; gboolean good; } cases[] = {
    { "4111111111111111", TRUE }, { "4012888888881881", TRUE }, { "4222222222222f", TRUE },
    { "5555555555554444", TRUE },
    { "378282246310005f", TRUE }, { "6011111111111117", TRUE }, { "4242424242424242", TRUE },
    { "4111111111111112", FALSE }, { "4012888888881882", FALSE }, { "5555555555554445", FALSE },
    { "4111111111111121", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwPan pan;

      g_assert_true (parse_pan (&pan, cases[i].hex));
      g_assert_cmpint (tw_pan_passes_luhn (&pan), ==, cases[i].good);
    }
}

static void
test_mask (void)
{
  TwPan pan;
  char masked[20];

  g_assert_true (parse_pan (&pan, "4111111111111111"));
  tw_pan_mask (&pan, masked);
  g_assert_cmpstr (masked, ==, "************1111");
  g_assert_true (parse_pan (&pan, "6304000000000001234f"));
  tw_pan_mask (&pan, masked);
  g_assert_cmpstr (masked, ==, "***************1234");
}

/* hmac.new (bytes (range (32)), b"tapwatt-card-1" + pan, hashlib.sha256).hexdigest ()[:32] in Python 3. */
static void
test_fingerprint (void)
{
  static const struct { const char *pan, *fingerprint; } cases[] = {
    { "4111111111111111", "2026a:3263dbe3fe55a8fef93eb11702895854" },
    { "4242424242424242", "2026a:68a4459218bb731673e128bb3a189fa7" },
  };
  guint8 key[32];

  for (guint i = 0; i < sizeof key; i++)
    key[i] = i;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwPan pan;
      g_autofree char *fingerprint = NULL;

      g_assert_true (parse_pan (&pan, cases[i].pan));
      fingerprint = tw_pan_fingerprint (&pan, "2026a", key, sizeof key);
      g_assert_cmpstr (fingerprint, ==, cases[i].fingerprint);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/pan/track-2-equivalent-becomes-text-or-is-refused", test_track2);
  g_test_add_func ("/card/pan/packed-numbers-are-read-or-refused", test_packed);
  g_test_add_func ("/card/pan/luhn-finds-a-wrong-digit", test_luhn);
  g_test_add_func ("/card/pan/four-digits-are-shown", test_mask);
  g_test_add_func ("/card/pan/fingerprint-is-the-one-that-python-makes", test_fingerprint);
  return g_test_run ();
}
