/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "payment/card/card-data.h"
#include "payment/card/tlv.h"

static GBytes *
from_hex (const char *hex)
{
  GBytes *bytes = tw_hex_decode (hex, NULL);

  g_assert_nonnull (bytes);
  return bytes;
}

static void
start (TwTlvReader *reader,
       GBytes      *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  tw_tlv_reader_init (reader, data, n);
}

static void
test_objects (void)
{
  static const struct { const char *hex; guint32 tag; gsize len, header; } cases[] = {
    { "8201ff", 0x82, 1, 2 },
    { "9f2600", 0x9f26, 0, 3 },
    { "df810101aa", 0xdf8101, 1, 4 },
    { "5a8102aabb", 0x5a, 2, 3 },         /* padded length */
    { "5a820001aa", 0x5a, 1, 4 },
    { "0000008201ff", 0x82, 1, 5 },       /* zeros before */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = from_hex (cases[i].hex);
      TwTlvReader reader;
      TwTlv tlv;

      start (&reader, bytes);
      g_assert_cmpint (tw_tlv_next (&reader, &tlv), ==, TW_TLV_ONE);
      g_assert_cmphex (tlv.tag, ==, cases[i].tag);
      g_assert_cmpuint (tlv.len, ==, cases[i].len);
      g_assert_true (tlv.value == (const guint8 *) g_bytes_get_data (bytes, NULL) + cases[i].header);
      g_assert_cmpint (tw_tlv_next (&reader, &tlv), ==, TW_TLV_NONE);
    }
}

static void
test_malformed (void)
{
  static const char *const cases[] = {
    "82", "9f", "9f26", "8202ff", "5a80aa0000", "5a81", "5a8200", "5a83000001aa", "5aff", "9f26087f",
    "1f818181", "dfffffff01aa", "5a81ff00", "5a82ffff00",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = from_hex (cases[i]);
      TwTlvReader reader;
      TwTlv tlv;

      start (&reader, bytes);
      g_assert_cmpint (tw_tlv_next (&reader, &tlv), ==, TW_TLV_MALFORMED);
    }
}

static void
test_find (void)
{
  static const struct { const char *hex; TwTlvResult result; } cases[] = {
    { "8201aa9501bb", TW_TLV_ONE },
    { "8201aa", TW_TLV_NONE },
    { "", TW_TLV_NONE },
    { "9501bb9501bb", TW_TLV_MALFORMED },   /* twice */
    { "9501bb82", TW_TLV_MALFORMED },       /* what follows counts too */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = from_hex (cases[i].hex);
      TwTlv tlv;

      g_assert_cmpint (tw_tlv_find (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0x95, &tlv), ==,
                       cases[i].result);
      if (cases[i].result == TW_TLV_ONE)
        g_assert_cmphex (tlv.value[0], ==, 0xbb);
    }
}

static void
test_whole (void)
{
  static const struct { const char *hex; gboolean whole; } cases[] = {
    { "77038201aa", TRUE }, { "7700", TRUE }, { "77038201aa00", FALSE }, { "007700", FALSE }, { "70038201aa", FALSE },
    { "77048201aa", FALSE }, { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = from_hex (cases[i].hex);
      TwTlv tlv;

      g_assert_cmpint (tw_tlv_whole (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0x77, &tlv), ==,
                       cases[i].whole);
    }
}

static void
test_write (void)
{
  guint8 value[0x180] = { 0xab };
  guint8 out[0x200];
  TwTlvWriter writer = { out, sizeof out, 0 };
  static const guint8 expected[] = { 0x82, 0x01, 0xab, 0x9f, 0x26, 0x00 };

  g_assert_true (tw_tlv_write (&writer, 0x82, value, 1));
  g_assert_true (tw_tlv_write (&writer, 0x9f26, NULL, 0));
  g_assert_cmpmem (out, writer.used, expected, sizeof expected);
  g_assert_true (tw_tlv_write (&writer, 0xdf8101, value, 0x180));
  g_assert_cmpuint (writer.used, ==, sizeof expected + 6 + 0x180);
  g_assert_cmphex (out[sizeof expected + 3], ==, 0x82);
  g_assert_false (tw_tlv_write (&writer, 0x5a, value, 0x80));
  g_assert_cmpuint (writer.used, ==, sizeof expected + 6 + 0x180);
  g_assert_true (tw_tlv_write (&writer, 0x5a, value, 4));
}

static void
test_store_takes_each_once (void)
{
  g_autofree TwCardData *data = g_new0 (TwCardData, 1);
  g_autoptr(GBytes) first = from_hex ("8202200057015ae203840100");
  g_autoptr(GBytes) second = from_hex ("820220015f340101");
  gsize len;
  TwTlv template = { 0x77, g_bytes_get_data (first, NULL), g_bytes_get_size (first) };
  TwTlv again = { 0x70, g_bytes_get_data (second, NULL), g_bytes_get_size (second) };

  g_assert_true (tw_card_data_add_all (data, &template));
  g_assert_nonnull (tw_card_data_get (data, 0x82, 2, 2, &len));
  g_assert_null (tw_card_data_get (data, 0x82, 3, 4, &len));
  g_assert_true (tw_card_data_has (data, 0x82));
  g_assert_false (tw_card_data_has (data, 0x84));      /* inside a constructed one */
  g_assert_false (tw_card_data_add_all (data, &again));
}

static void
test_store_is_bounded (void)
{
  g_autofree TwCardData *data = g_new0 (TwCardData, 1);
  guint8 value[250] = { 0 };
  guint n = 0;

  for (TwTlv tlv = { 0x9f01, value, 250 }; tw_card_data_add (data, &tlv); tlv.tag++)
    n++;
  g_assert_cmpuint (n, ==, TW_CARD_BYTES_MOST / 250);

  memset (data, 0, sizeof *data);
  n = 0;
  for (TwTlv tlv = { 0x9f01, value, 0 }; tw_card_data_add (data, &tlv); tlv.tag++)
    n++;
  g_assert_cmpuint (n, ==, TW_CARD_OBJECTS_MOST);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/tlv/objects-are-read", test_objects);
  g_test_add_func ("/card/tlv/malformed-objects-are-refused", test_malformed);
  g_test_add_func ("/card/tlv/one-object-is-found-and-two-are-refused", test_find);
  g_test_add_func ("/card/tlv/a-template-has-nothing-behind-it", test_whole);
  g_test_add_func ("/card/tlv/what-does-not-fit-is-not-written", test_write);
  g_test_add_func ("/card/tlv/the-card-may-say-each-thing-once", test_store_takes_each_once);
  g_test_add_func ("/card/tlv/a-card-cannot-fill-our-memory", test_store_is_bounded);
  return g_test_run ();
}
