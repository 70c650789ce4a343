/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "payment/card/apdu.h"
#include "payment/card/terminal.h"
#include "tests/unit/card/script.h"

static void
init (TwTerminalData *data,
      gint64          amount_minor)
{
  TwTransaction transaction = script_transaction;

  transaction.amount_minor = amount_minor;
  tw_terminal_data_init (data, &script_terminal, &transaction);
}

/* Expected values by hand, from the format column of EMV Book 3 annex A and the rule of section 5.4. */
static void
test_fill (void)
{
  static const struct { const char *dol, *filled; } cases[] = {
    { "", "" },
    { "9f6604", "20804000" },
    { "9f0206", "000000002500" },
    { "9f0208", "0000000000002500" },        /* numeric: zeros on the left */
    { "9f0202", "2500" },                    /* numeric: the right end */
    { "9f0204", "00002500" },
    { "9f3704", "a1b2c3d4" },
    { "9f3702", "a1b2" },                    /* binary: the left end */
    { "9f3706", "a1b2c3d40000" },            /* binary: zeros on the right */
    { "9f1a02", "0276" }, { "9f1a03", "000276" }, { "5f2a02", "0978" }, { "5f2a01", "78" }, { "5f3601", "02" },
    { "9a03", "261122" }, { "9f2103", "101530" }, { "9c01", "00" }, { "9505", "0000000000" },
    { "9f3501", "24" }, { "9f3303", "000800" }, { "9f4005", "6000000000" }, { "9f1502", "5552" },
    { "9f1c08", "5457303030303031" }, { "9f1c0a", "54573030303030310000" }, { "9f4e07", "54617077617474" },
    { "9f4104", "00000007" }, { "9f1b04", "00000000" },
    { "9f0306", "000000000000" },
    { "df810103", "000000" }, { "9f7a01", "00" }, { "e104", "00000000" },    /* not ours: zeros */
    { "9f6600", "" },
    { "9f66049f02069f3704", "20804000000000002500a1b2c3d4" },
  };
  TwTerminalData data;

  init (&data, 2500);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) dol = tw_hex_decode (cases[i].dol, NULL);
      guint8 out[TW_DOL_DATA_MOST];
      g_autofree char *hex = NULL;
      gsize len;

      g_assert_true (tw_dol_fill (&data, g_bytes_get_data (dol, NULL), g_bytes_get_size (dol), out, &len));
      hex = tw_hex_encode (out, len);
      g_assert_cmpstr (hex, ==, cases[i].filled);
    }
}

static void
test_bad (void)
{
  static const char *const cases[] = { "9f", "9f66", "9f66049f", "00", "9f66fd", "9f66fc9f3701", "9a", "dfffffff04" };
  TwTerminalData data;

  init (&data, 2500);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) dol = tw_hex_decode (cases[i], NULL);
      guint8 out[TW_DOL_DATA_MOST];
      gsize len;

      g_assert_false (tw_dol_fill (&data, g_bytes_get_data (dol, NULL), g_bytes_get_size (dol), out, &len));
    }
}

static void
test_longest (void)
{
  static const guint8 dol[] = { 0x9f, 0x66, 0xfc };
  guint8 out[TW_DOL_DATA_MOST];
  TwTerminalData data;
  TwApdu apdu;
  gsize len;

  init (&data, 2500);
  g_assert_true (tw_dol_fill (&data, dol, sizeof dol, out, &len));
  g_assert_cmpuint (len, ==, 252);
  tw_apdu_get_processing_options (&apdu, out, len);
  g_assert_cmpuint (apdu.len, ==, 5 + 255 + 1);
  g_assert_cmphex (apdu.bytes[4], ==, 0xff);
  g_assert_cmphex (apdu.bytes[6], ==, 0x81);
  g_assert_cmphex (apdu.bytes[7], ==, 0xfc);
}

static void
test_commands (void)
{
  static const guint8 name[] = { 0xa0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10 };
  static const struct { guint8 sfi, record; const char *hex; } records[] = {
    { 1, 1, "00b2010c00" }, { 30, 16, "00b210f400" },
  };
  TwApdu apdu;

  tw_apdu_select (&apdu, name, sizeof name);
  {
    g_autofree char *hex = tw_hex_encode (apdu.bytes, apdu.len);
    g_assert_cmpstr (hex, ==, "00a4040007a000000003101000");
  }
  tw_apdu_get_processing_options (&apdu, NULL, 0);
  {
    g_autofree char *hex = tw_hex_encode (apdu.bytes, apdu.len);
    g_assert_cmpstr (hex, ==, "80a8000002830000");
  }
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autofree char *hex = NULL;

      tw_apdu_read_record (&apdu, records[i].sfi, records[i].record);
      hex = tw_hex_encode (apdu.bytes, apdu.len);
      g_assert_cmpstr (hex, ==, records[i].hex);
    }
}

static void
test_limits (void)
{
  static const struct { gint64 amount; gboolean possible, verified; } cases[] = {
    { 1, TRUE, FALSE }, { 4999, TRUE, FALSE }, { 5000, TRUE, TRUE }, { 15000, TRUE, TRUE }, { 15001, FALSE, TRUE },
    { 0, FALSE, FALSE }, { -1, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwTransaction transaction = script_transaction;
      TwTerminalData data;

      transaction.amount_minor = cases[i].amount;
      g_assert_cmpint (tw_card_amount_possible (&script_terminal, &transaction), ==, cases[i].possible);
      if (!cases[i].possible)
        continue;
      init (&data, cases[i].amount);
      g_assert_cmpint (data.cvm_required, ==, cases[i].verified);
      g_assert_cmphex (data.ttq[1], ==, cases[i].verified ? 0xc0 : 0x80);
    }
}

static void
test_identify (void)
{
  TwTransaction transaction = script_transaction;
  TwTerminal terminal = script_terminal;
  TwTerminalData data;
  gsize len;

  transaction.identify_only = TRUE;
  terminal.cvm_limit_minor = 0;
  g_assert_true (tw_card_amount_possible (&terminal, &transaction));
  tw_terminal_data_init (&data, &terminal, &transaction);
  g_assert_cmpmem (tw_terminal_data_get (&data, 0x9f02, &len), 6, "\0\0\0\0\0", 6);
  g_assert_false (data.cvm_required);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/dol/is-filled-by-format", test_fill);
  g_test_add_func ("/card/dol/malformed-and-greedy-lists-are-refused", test_bad);
  g_test_add_func ("/card/dol/the-longest-fits-one-command", test_longest);
  g_test_add_func ("/card/apdu/commands-have-their-bytes", test_commands);
  g_test_add_func ("/card/terminal/limits-decide-before-the-field-goes-on", test_limits);
  g_test_add_func ("/card/terminal/identifying-asks-for-no-money", test_identify);
  return g_test_run ();
}
