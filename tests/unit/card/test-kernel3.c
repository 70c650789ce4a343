/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "payment/card/emv-tags.h"
#include "payment/card/kernel3.h"
#include "tests/unit/card/script.h"

#define AIP    "82022000"
#define IAD    "9f100706011203a00000"        /* CVR byte 2 = A0: bits 6-5 = 10, ARQC */
#define IAD_TC "9f10070601120390" "0000"
#define IAD_AAC "9f10070601120380" "0000"
#define AC     "9f26080102030405060708"
#define ATC    "9f36020042"
#define ARQC   "9f270180"

static TwCardData *
card_says (const char *hex)
{
  g_autoptr(GBytes) bytes = tw_hex_decode (hex, NULL);
  TwTlv template = { 0x77, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
  TwCardData *data = g_new0 (TwCardData, 1);

  g_assert_true (tw_card_data_add_all (data, &template));
  return data;
}

static void
test_cryptogram (void)
{
  static const struct { const char *hex; TwCryptogram type; } cases[] = {
    { "9f270180", TW_CRYPTOGRAM_ARQC }, { "9f270140", TW_CRYPTOGRAM_TC }, { "9f270100", TW_CRYPTOGRAM_AAC },
    { "9f2701c0", TW_CRYPTOGRAM_UNKNOWN }, { "9f270190", TW_CRYPTOGRAM_ARQC }, { "9f27028000", TW_CRYPTOGRAM_UNKNOWN },
    { "9f2700" IAD, TW_CRYPTOGRAM_UNKNOWN },           /* there, and wrong: not guessed at */
    { IAD, TW_CRYPTOGRAM_ARQC }, { IAD_TC, TW_CRYPTOGRAM_TC }, { IAD_AAC, TW_CRYPTOGRAM_AAC },
    { "9f1007060112" "03b00000", TW_CRYPTOGRAM_UNKNOWN },
    { "9f10060601120" "3a000", TW_CRYPTOGRAM_UNKNOWN },
    { ARQC IAD_AAC, TW_CRYPTOGRAM_ARQC },              /* 9F27 says it */
    { "", TW_CRYPTOGRAM_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree TwCardData *data = card_says (cases[i].hex);

      if (tw_kernel3_cryptogram (data) != cases[i].type)
        g_error ("case %u", i);
    }
}

/* The table "CVM decision for a terminal without PIN pad and signature", row by row, and the check of 9F69. */
static void
test_holder (void)
{
  static const struct { gboolean required; const char *hex; TwHolder holder; } cases[] = {
    { FALSE, ARQC, TW_HOLDER_NOT_VERIFIED },
    { FALSE, ARQC "9f6c020000", TW_HOLDER_NOT_VERIFIED },
    { FALSE, ARQC "9f6c020080", TW_HOLDER_NOT_VERIFIED },
    { FALSE, ARQC "9f6c028000", TW_HOLDER_NOT_POSSIBLE },
    { FALSE, ARQC "9f6c024000", TW_HOLDER_NOT_POSSIBLE },
    { FALSE, ARQC "9f6c02c080", TW_HOLDER_BY_DEVICE },
    { FALSE, ARQC "9f6c023800", TW_HOLDER_NOT_VERIFIED },     /* the ODA and expiry bits do not matter here */
    { TRUE, ARQC "9f6c020080", TW_HOLDER_BY_DEVICE },
    { TRUE, ARQC "9f6c028080", TW_HOLDER_BY_DEVICE },
    { TRUE, ARQC "9f6c020000", TW_HOLDER_NOT_POSSIBLE },
    { TRUE, ARQC "9f6c028000", TW_HOLDER_NOT_POSSIBLE },
    { TRUE, ARQC "9f6c024000", TW_HOLDER_NOT_POSSIBLE },
    { TRUE, ARQC, TW_HOLDER_NOT_POSSIBLE },
    { TRUE, ARQC "9f6c0100", TW_HOLDER_NOT_POSSIBLE },      /* malformed */
    { TRUE, ARQC "9f6c020080" "9f690701aabbccdd0080", TW_HOLDER_BY_DEVICE },
    { TRUE, ARQC "9f6c020080" "9f690701aabbccdd0000", TW_HOLDER_NOT_POSSIBLE },
    { TRUE, ARQC "9f6c020080" "9f690601aabbccdd00", TW_HOLDER_NOT_POSSIBLE },
    { TRUE, "9f270140" "9f6c020080", TW_HOLDER_NOT_POSSIBLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree TwCardData *data = card_says (cases[i].hex);

      if (tw_kernel3_holder (data, cases[i].required) != cases[i].holder)
        g_error ("case %u", i);
    }
}

static void
test_decide (void)
{
  static const struct { gint64 amount; const char *hex; TwCardEnd end; } cases[] = {
    { 2500, AIP IAD AC ATC ARQC, TW_CARD_ONLINE },
    { 2500, AIP IAD AC ATC, TW_CARD_ONLINE },
    { 2500, AIP IAD_AAC AC ATC, TW_CARD_DECLINED },
    { 2500, AIP IAD_TC AC ATC, TW_CARD_DECLINED },
    { 2500, AIP IAD AC ATC "9f2701c0", TW_CARD_UNREADABLE },
    { 2500, IAD AC ATC ARQC, TW_CARD_UNREADABLE },
    { 2500, AIP AC ATC ARQC, TW_CARD_UNREADABLE },
    { 2500, AIP IAD ATC ARQC, TW_CARD_UNREADABLE },
    { 2500, AIP IAD AC ARQC, TW_CARD_UNREADABLE },
    { 2500, AIP IAD "9f260701020304050607" ATC ARQC, TW_CARD_UNREADABLE },
    { 5000, AIP IAD AC ATC ARQC, TW_CARD_OTHER },
    { 5000, AIP IAD AC ATC ARQC "9f6c020080", TW_CARD_ONLINE },
    { 5000, AIP IAD_AAC AC ATC "9f6c028000", TW_CARD_DECLINED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree TwCardData *data = card_says (cases[i].hex);
      TwTransaction transaction = script_transaction;
      TwTerminalData terminal;
      TwHolder holder;

      transaction.amount_minor = cases[i].amount;
      tw_terminal_data_init (&terminal, &script_terminal, &transaction);
      if (tw_kernel3_decide (data, &terminal, &holder) != cases[i].end)
        g_error ("case %u", i);
    }
}

static gboolean
build (const char *hex,
       gsize       aid_len,
       gboolean    device,
       char      **tags)
{
  g_autofree TwCardData *data = card_says (hex);
  TwCandidate application = { .aid = { 0xa0, 0, 0, 0, 0x03, 0x10, 0x10 }, .aid_len = aid_len };
  guint8 out[TW_EMV_TAGS_MOST];
  TwTerminalData terminal;
  gsize len;

  tw_terminal_data_init (&terminal, &script_terminal, &script_transaction);
  if (!tw_emv_tags_build (out, &len, data, &terminal, &application, device))
    return FALSE;

  *tags = tw_hex_encode (out, len);
  return TRUE;
}

#define MANDATORY \
  "9a03261122" "9c0100" "5f2a020978" "9f1a020276" "9f0206000000002500" "9f0306000000000000" "9f36020042" "82022000" \
  "8407a0000000031010" "95050000000000" "9f100706011203a00000" "9f26080102030405060708" "9f3303000800" "9f3704a1b2c3d4"

#define IAD_32 "9f10201f" "120103a0" "000000000000000000000000000000000000000000000000000000"

static void
test_tags (void)
{
  g_autofree char *all = NULL, *device = NULL, *least = NULL, *full = NULL;

  g_assert_true (build (AIP IAD AC ATC ARQC "5f340101" "9f6c020000" "9f6e0420700000", 7, FALSE, &all));
  g_assert_cmpstr (all, ==, MANDATORY "9f6e0420700000" "5f340101" "9f270180" "9f34031f0000" "9f6c020000");

  g_assert_true (build (AIP IAD AC ATC, 7, TRUE, &device));
  g_assert_cmpstr (device, ==, MANDATORY "9f34033f0000" "9f660420804000");

  /* 120 bytes: an optional one fits only if it is short. */
  g_assert_true (build (AIP IAD_32 AC ATC ARQC "9f6e0420700000", 7, FALSE, &full));
  g_assert_cmpuint (strlen (full), ==, 2 * (120 + 4));
  g_assert_true (g_str_has_suffix (full, "9f3704a1b2c3d4" "9f270180"));

  g_assert_false (build (AIP IAD_32 AC ATC ARQC, 16, FALSE, &least));          /* refused, not truncated */
  g_assert_false (build (AIP IAD AC ARQC, 7, FALSE, &least));
}

/* Whatever the card says, and however it is called: never in the field. */
static void
test_forbidden (void)
{
  g_autofree char *tags = NULL;

  g_assert_true (build (AIP IAD AC ATC ARQC "560141" "57084111111111111111" "5a084111111111111111" "5f20024142"
                        "5f2403301231" "990112" "9f0b0141" "9f1f0141" "9f200141"
                        "9f0206000000000001", 7, FALSE, &tags));
  g_assert_cmpstr (tags, ==, MANDATORY "9f270180" "9f34031f0000" "9f660420804000");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/kernel3/the-cryptogram-type-is-found", test_cryptogram);
  g_test_add_func ("/card/kernel3/the-holder-is-verified-as-the-table-says", test_holder);
  g_test_add_func ("/card/kernel3/only-an-arqc-goes-online", test_decide);
  g_test_add_func ("/card/kernel3/tags-come-mandatory-first-and-never-cut", test_tags);
  g_test_add_func ("/card/kernel3/sensitive-tags-cannot-slip-through", test_forbidden);
  return g_test_run ();
}
