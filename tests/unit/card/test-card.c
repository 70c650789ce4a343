/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "tests/unit/card/script.h"

typedef struct
{
  const char   *name;
  TwCardEnd     end;
  gint64        amount_minor;    /* 0: 25.00 */
  Step          steps[8];
} Case;

#define SW_ONLY(sw) { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, sw } }
#define GPO_IS(hex) { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, hex } }

#define TRACK "57134111111111111111d30122010000000000000f"
#define REST  "9f100706011203a00000" "9f26080102030405060708" "9f36020042"

static const Case cases[] = {
  { "a-visa-card-goes-online", TW_CARD_ONLINE, 0, GPO_IS (GPO_ARQC) },
  { "no-payment-application-is-rfid", TW_CARD_NOT_PAYMENT, 0, { { PPSE_COMMAND, "6a82" } } },
  { "an-unreadable-directory-is-tried-again", TW_CARD_UNREADABLE, 0, { { PPSE_COMMAND, "6f80" "9000" } } },
  { "an-empty-directory-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0,
    { { PPSE_COMMAND, "6f15840e325041592e5359532e4444463031a503bf0c00" "9000" } } },
  { "mastercard-is-not-accepted-yet", TW_CARD_NOT_ACCEPTED, 0, { { PPSE_COMMAND, PPSE_MASTER } } },
  { "an-amount-over-the-limit-is-not-tried", TW_CARD_OVER_LIMIT, 15001, { { 0 } } },

  { "status-6984-wants-another-interface", TW_CARD_OTHER, 0, SW_ONLY ("6984") },
  { "status-6986-wants-a-look-at-the-phone", TW_CARD_SEE_PHONE, 0, SW_ONLY ("6986") },
  { "status-6985-with-no-other-candidate-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0, SW_ONLY ("6985") },
  { "status-6a81-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0, SW_ONLY ("6a81") },
  { "status-6a82-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0, SW_ONLY ("6a82") },
  { "status-6d00-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0, SW_ONLY ("6d00") },
  { "status-6e00-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0, SW_ONLY ("6e00") },
  { "status-6700-is-unreadable", TW_CARD_UNREADABLE, 0, SW_ONLY ("6700") },
  { "status-6300-is-unreadable", TW_CARD_UNREADABLE, 0, SW_ONLY ("6300") },
  { "one-byte-is-unreadable", TW_CARD_UNREADABLE, 0, SW_ONLY ("90") },
  { "no-byte-is-unreadable", TW_CARD_UNREADABLE, 0, SW_ONLY ("") },
  { "a-bare-9000-is-unreadable", TW_CARD_UNREADABLE, 0, SW_ONLY ("9000") },

  { "a-blocked-application-is-skipped", TW_CARD_ONLINE, 0,
    { { PPSE_COMMAND, PPSE_TWO }, { SELECT_VISA, "6a81" }, { SELECT_ELECTRON, FCI_ELECTRON },
      { GPO_COMMAND, GPO_ARQC } } },
  { "an-application-that-is-another-is-skipped", TW_CARD_ONLINE, 0,
    { { PPSE_COMMAND, PPSE_TWO }, { SELECT_VISA, FCI_ELECTRON }, { SELECT_ELECTRON, FCI_ELECTRON },
      { GPO_COMMAND, GPO_ARQC } } },
  { "status-6985-selects-the-next", TW_CARD_ONLINE, 0,
    { { PPSE_COMMAND, PPSE_TWO }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, "6985" }, { SELECT_ELECTRON, FCI_ELECTRON },
      { GPO_COMMAND, GPO_ARQC } } },
  { "both-blocked-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0,
    { { PPSE_COMMAND, PPSE_TWO }, { SELECT_VISA, "6283" }, { SELECT_ELECTRON, "6a82" } } },
  { "a-card-that-does-not-ask-what-we-are-is-not-accepted", TW_CARD_NOT_ACCEPTED, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, "6f0b" "8407a0000000031010" "a500" "9000" } } },
  { "a-malformed-pdol-is-unreadable", TW_CARD_UNREADABLE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, "6f13" "8407a0000000031010" "a508" "9f38059f66049f02" "9000" } } },

  { "a-decline-by-the-card-is-a-decline", TW_CARD_DECLINED, 0,
    GPO_IS ("7733" "82022000" TRACK "9f100706011203800000" "9f26080102030405060708" "9f36020042" "9000") },
  { "an-offline-approval-is-a-decline", TW_CARD_DECLINED, 0,
    GPO_IS ("7737" "82022000" TRACK REST "9f270140" "9000") },
  { "without-cryptogram-it-is-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("7728" "82022000" TRACK "9f100706011203a00000" "9f36020042" "9000") },
  { "without-number-it-is-unreadable", TW_CARD_UNREADABLE, 0, GPO_IS ("771e" "82022000" REST "9000") },
  { "a-number-that-fails-luhn-is-another-card", TW_CARD_OTHER, 0,
    GPO_IS ("7733" "82022000" "57134111111111111112d30122010000000000000f" REST "9000") },
  { "57-and-5a-that-agree-are-good", TW_CARD_ONLINE, 0,
    GPO_IS ("773d" "82022000" TRACK "5a084111111111111111" REST "9000") },
  { "57-and-5a-that-differ-are-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("773d" "82022000" TRACK "5a084012888888881881" REST "9000") },
  { "a-track-that-is-none-is-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("7722" "82022000" "57024111" REST "9000") },
  { "a-doubled-object-is-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("7737" "82022000" "82022000" TRACK REST "9000") },
  { "something-behind-the-template-is-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("7733" "82022000" TRACK REST "00" "9000") },
  { "indefinite-length-is-unreadable", TW_CARD_UNREADABLE, 0,
    GPO_IS ("7780" "82022000" TRACK REST "0000" "9000") },
  { "another-template-is-unreadable", TW_CARD_UNREADABLE, 0, GPO_IS ("7004" "82022000" "9000") },
  { "format-1-of-one-byte-is-unreadable", TW_CARD_UNREADABLE, 0, GPO_IS ("800120" "9000") },
  { "format-1-without-records-is-unreadable", TW_CARD_UNREADABLE, 0, GPO_IS ("80022000" "9000") },

  { "over-the-cvm-limit-a-plain-card-cannot", TW_CARD_OTHER, 5000,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { "80a800002383212" "0c04000" "000000005000", GPO_ARQC } } },
  { "over-the-cvm-limit-a-phone-can", TW_CARD_ONLINE, 5000,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { "80a800002383212" "0c04000" "000000005000", "7738" "82022000" TRACK REST "9f6c020080" "9000" } } },

  { "records-are-read-in-both-files", TW_CARD_ONLINE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { GPO_COMMAND, "7728" "82022000" "9408" "08010100" "10020300" REST "9000" },
      { "00b2010c00", "7015" TRACK "9000" }, { "00b2021400", "7004" "5f340101" "9000" },
      { "00b2031400", "700a" "5a084111111111111111" "9000" } } },
  { "format-1-with-all-in-records-goes-online", TW_CARD_ONLINE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, "8006" "2000" "08010100" "9000" },
      { "00b2010c00", "702f" TRACK REST "9000" } } },
  { "a-doubled-object-across-records-is-unreadable", TW_CARD_UNREADABLE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { GPO_COMMAND, "7724" "82022000" "9404" "08010200" REST "9000" },
      { "00b2010c00", "7015" TRACK "9000" }, { "00b2020c00", "7015" TRACK "9000" } } },
  { "a-missing-record-is-unreadable", TW_CARD_UNREADABLE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { GPO_COMMAND, "7724" "82022000" "9404" "08010100" REST "9000" }, { "00b2010c00", "6a83" } } },
  { "a-record-of-another-template-is-unreadable", TW_CARD_UNREADABLE, 0,
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { GPO_COMMAND, "7724" "82022000" "9404" "08010100" REST "9000" }, { "00b2010c00", "7715" TRACK "9000" } } },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr(TwCardRead) read = tw_card_read_new ();
  TwTransaction transaction = script_transaction;
  TwCardEnd end;

  if (c->amount_minor != 0)
    transaction.amount_minor = c->amount_minor;
  end = script_run (read, c->steps, &script_terminal, &transaction);
  g_assert_cmpstr (tw_card_end_name (end), ==, tw_card_end_name (c->end));
}

/* Each file locator is wrong in one way; a good one next to it is asked for its record. */
static void
test_locators (void)
{
  static const struct { const char *afl; gboolean sound; } locators[] = {
    { "08010100", TRUE }, { "f0010101", TRUE },
    { "080101", FALSE }, { "0801010010", FALSE },
    { "00010100", FALSE },      /* SFI 0 */
    { "f8010100", FALSE },      /* SFI 31 */
    { "09010100", FALSE },      /* low bits */
    { "08000100", FALSE },      /* record 0 */
    { "08020100", FALSE },      /* last before first */
    { "08010102", FALSE },      /* two of one are signed */
    { "0801ff00", FALSE },      /* 255 records */
    { "08012010" "10010100", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (locators); i++)
    {
      g_autoptr(TwCardRead) read = tw_card_read_new ();
      guint n = strlen (locators[i].afl) / 2;
      g_autofree char *gpo = g_strdup_printf ("77%02x" "82022000" "94%02x%s" REST "9000", 4 + 2 + n + 26, n,
                                              locators[i].afl);
      const Step sound[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, gpo },
                             { "00b201", "7015" TRACK "9000" }, { 0 } };
      const Step unsound[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, gpo }, { 0 } };
      TwCardEnd end = script_run (read, locators[i].sound ? sound : unsound, &script_terminal, &script_transaction);

      g_assert_cmpint (end, ==, locators[i].sound ? TW_CARD_ONLINE : TW_CARD_UNREADABLE);
    }
}

/* The longest record there is: 253 bytes of value in 81-coded template, 256 in all, and the status word. */
static void
test_long_record (void)
{
  g_autoptr(TwCardRead) read = tw_card_read_new ();
  g_autofree char *filler = g_strnfill (2 * (253 - 21 - 4), '5');
  g_autofree char *record = g_strdup_printf ("7081fd" TRACK "df0181%02x%s" "9000", 253 - 21 - 4, filler);
  const Step steps[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
                         { GPO_COMMAND, "7724" "82022000" "9404" "08010100" REST "9000" }, { "00b2010c00", record },
                         { 0 } };

  g_assert_cmpuint (strlen (record) / 2, ==, 258);
  g_assert_cmpint (script_run (read, steps, &script_terminal, &script_transaction), ==, TW_CARD_ONLINE);
}

static void
test_torn (void)
{
  static const Step torn[][5] = {
    { { PPSE_COMMAND, "!" } },
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, "!" } },
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, "!" } },
    { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
      { GPO_COMMAND, "7724" "82022000" "9404" "08010100" REST "9000" }, { "00b2010c00", "!" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (torn); i++)
    {
      g_autoptr(TwCardRead) read = tw_card_read_new ();
      g_autoptr(GError) error = NULL;
      Script script = { torn[i], 0 };
      TwCardEnd end;

      g_assert_false (tw_card_read_run (read, &script_terminal, &script_transaction, script_exchange, &script, &end,
                                        &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
      g_assert_cmpuint (script.at, ==, i + 1);
    }
}

static void
test_result (void)
{
  static const Step steps[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA }, { GPO_COMMAND, GPO_ARQC },
                                { 0 } };
  g_autoptr(TwCardRead) read = tw_card_read_new ();
  g_autoptr(GBytes) key = g_bytes_new ("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
                                       "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f", 32);
  g_autofree char *fingerprint = NULL, *tags = NULL;
  const guint8 *bytes;
  gsize len;

  g_assert_cmpint (script_run (read, steps, &script_terminal, &script_transaction), ==, TW_CARD_ONLINE);
  g_assert_cmpstr (tw_card_read_brand (read), ==, "visa");
  g_assert_cmpstr (tw_card_read_aid (read), ==, "a0000000031010");
  g_assert_cmpstr (tw_card_read_label (read), ==, "VISA DEBIT");
  g_assert_cmpstr (tw_card_read_masked (read), ==, "************1111");
  g_assert_cmpstr (tw_card_read_track2 (read), ==, "4111111111111111=30122010000000000000");
  g_assert_cmpint (tw_card_read_sequence (read), ==, 1);
  g_assert_cmpint (tw_card_read_amount (read), ==, 2500);
  g_assert_false (tw_card_read_device_cvm (read));
  fingerprint = tw_card_read_fingerprint (read, "e1", key);
  g_assert_cmpstr (fingerprint, ==, "e1:3263dbe3fe55a8fef93eb11702895854");   /* Python's hmac, see test-pan.c */

  /* The same objects strung together by a few lines of Python. */
  bytes = tw_card_read_emv_tags (read, &len);
  tags = tw_hex_encode (bytes, len);
  g_assert_cmpstr (tags, ==,
                   "9a032611229c01005f2a0209789f1a0202769f02060000000025009f03060000000000009f360200428202200084"
                   "07a0000000031010950500000000009f100706011203a000009f260801020304050607089f33030008009f3704a1b2c3d4"
                   "9f6e04207000005f3401019f2701809f34031f00009f6c020000");
}

static void
test_identify (void)
{
  static const Step steps[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
                                { "80a80000238321" "20804000" "000000000000", GPO_ARQC }, { 0 } };
  static const Step refusing[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, FCI_VISA },
                                   { "80a80000238321", "7737" "82022000" TRACK REST "9f270100" "9000" }, { 0 } };
  g_autoptr(TwCardRead) read = tw_card_read_new ();
  g_autoptr(TwCardRead) second = tw_card_read_new ();
  TwTransaction transaction = script_transaction;
  gsize len;

  transaction.identify_only = TRUE;
  g_assert_cmpint (script_run (read, steps, &script_terminal, &transaction), ==, TW_CARD_IDENTIFIED);
  g_assert_cmpstr (tw_card_read_masked (read), ==, "************1111");
  g_assert_null (tw_card_read_track2 (read));
  g_assert_null (tw_card_read_emv_tags (read, &len));
  g_assert_cmpuint (len, ==, 0);

  /* A card that would decline is somebody's card all the same. */
  g_assert_cmpint (script_run (second, refusing, &script_terminal, &transaction), ==, TW_CARD_IDENTIFIED);
}

/* 9F12 is shown if 9F11 says Latin-1's part 1, else 50. */
static void
test_labels (void)
{
  static const struct { const char *fci, *label; } labels[] = {
    { "6f22" "8407a0000000031010" "a517" "500456495341" "9f120443415244" "9f110101" "9f38039f6604", "CARD" },
    { "6f22" "8407a0000000031010" "a517" "500456495341" "9f120443415244" "9f110102" "9f38039f6604", "VISA" },
    { "6f1e" "8407a0000000031010" "a513" "500456495341" "9f120443415244" "9f38039f6604", "VISA" },
    { "6f14" "8407a0000000031010" "a509" "5001" "0a" "9f38039f6604", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr(TwCardRead) read = tw_card_read_new ();
      g_autofree char *fci = g_strconcat (labels[i].fci, "9000", NULL);
      const Step steps[] = { { PPSE_COMMAND, PPSE_VISA }, { SELECT_VISA, fci },
                             { "80a800000683042080400000", GPO_ARQC }, { 0 } };

      g_assert_cmpint (script_run (read, steps, &script_terminal, &script_transaction), ==, TW_CARD_ONLINE);
      g_assert_cmpstr (tw_card_read_label (read), ==, labels[i].label);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/card/read/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/card/read/unsound-file-locators-are-refused", test_locators);
  g_test_add_func ("/card/read/the-longest-record-is-read", test_long_record);
  g_test_add_func ("/card/read/a-torn-exchange-decides-nothing", test_torn);
  g_test_add_func ("/card/read/the-result-has-what-the-host-needs", test_result);
  g_test_add_func ("/card/read/identifying-keeps-no-cryptogram", test_identify);
  g_test_add_func ("/card/read/the-card's-own-words-are-chosen", test_labels);
  return g_test_run ();
}
