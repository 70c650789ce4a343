/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "payment/card/candidates.h"
#include "tests/unit/card/script.h"

#define NAME  "840e325041592e5359532e4444463031"
#define VISA  "4f07a0000000031010"
#define ELECTRON "4f07a0000000032010"

/* 6F { 84, A5 { BF0C { entries } } }, lengths of one byte. */
static GBytes *
ppse (const char *entries,
      const char *status)
{
  gsize n = strlen (entries) / 2;
  g_autofree char *hex = g_strdup_printf ("6f%02x" NAME "a5%02xbf0c%02x%s%s", (guint) n + 16 + 2 + 3, (guint) n + 3,
                                          (guint) n, entries, status);

  return tw_hex_decode (hex, NULL);
}

static TwPpse
parse (TwCandidates *candidates,
       GBytes       *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  return tw_candidates_from_ppse (candidates, data, n);
}

/* Which Visa applications come out, by their sixth byte, in order. */
static void
test_entries (void)
{
  static const struct { const char *entries, *order; } cases[] = {
    { "", "" },
    { "6109" VISA, "10" },
    { "610c" ELECTRON "870102" "610c" VISA "870101", "1020" },
    { "6109" ELECTRON "610c" VISA "87010f", "1020" },                 /* without priority comes last */
    { "610c" ELECTRON "870100" "610c" VISA "87010e", "1020" },        /* 0 is without */
    { "610c" ELECTRON "870101" "610c" VISA "870101", "2010" },        /* a tie keeps the card's order */
    { "610c" ELECTRON "870181" "610c" VISA "870101", "2010" },        /* the high nibble does not count */
    { "610d" VISA "9f2a0103", "10" },
    { "610d" VISA "9f2a0100", "10" },                                 /* the choice is ours */
    { "610f" VISA "9f2a03030000", "10" },
    { "610d" VISA "9f2a0102", "" },                                   /* a kernel that we do not speak */
    { "610d" VISA "9f2a0183", "" },                                   /* a domestic one */
    { "610c" VISA "9f2a00", "" },
    { "6115" VISA "9f2a09030000000000000000", "" },
    { "610d" "4f07a0000000041010" "9f2a0103", "" },                   /* Mastercard does not get Visa's kernel */
    { "6109" "4f07a0000000041010", "" },                              /* not accepted yet */
    { "6109" "4f07a0000003591010", "" },                              /* unknown */
    { "610a" "4f08a000000003101001", "10" },                          /* longer: begins with ours */
    { "6108" "4f06a00000000310", "" },                                /* shorter */
    { "6113" "4f11a000000003101000000000000000000000", "" },          /* malformed: 17 bytes, and too short an entry */
    { "6106" "4f04a0000000", "" },
    { "6109" "5007" "56495341202020", "" },                           /* no 4F */
    { "6108" VISA "6109" ELECTRON, "" },                              /* the first entry cuts itself off ... */
    { "610b" VISA "8701" "6109" ELECTRON, "20" },                     /* ... malformed inside: only this one */
    { "6112" VISA VISA "6109" ELECTRON, "20" },                       /* two names in one entry */
    { "610d" VISA "87020101" "6109" ELECTRON, "20" },
    { "610b" VISA "9f29" "6109" VISA, "10" },
    { "9f4d0101" "6109" VISA "420300aabb", "10" },                    /* unknown tags are skipped */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = ppse (cases[i].entries, "9000");
      g_autoptr(GString) order = g_string_new (NULL);
      TwCandidates candidates;

      (void) parse (&candidates, bytes);
      for (guint k = 0; k < candidates.n; k++)
        g_string_append_printf (order, "%02x", candidates.items[k].aid[5]);
      if (g_strcmp0 (order->str, cases[i].order) != 0)
        g_error ("case %u: %s, expected %s", i, order->str, cases[i].order);
    }
}

static void
test_answers (void)
{
  static const struct { const char *hex; TwPpse result; } cases[] = {
    { PPSE_VISA, TW_PPSE_LIST },
    { PPSE_MASTER, TW_PPSE_LIST },
    { "6a82", TW_PPSE_NONE },
    { "6a81", TW_PPSE_UNREADABLE }, { "6283", TW_PPSE_UNREADABLE }, { "9000", TW_PPSE_UNREADABLE },
    { "90", TW_PPSE_UNREADABLE }, { "", TW_PPSE_UNREADABLE },
    { "6f07a505bf0c0261009000", TW_PPSE_UNREADABLE },                       /* no 84 */
    { "6f10" NAME "9000", TW_PPSE_UNREADABLE },                             /* no A5 */
    { "6f12" NAME "a500" "9000", TW_PPSE_UNREADABLE },                      /* no BF0C */
    { "6f15" NAME "a503bf0c00" "9000", TW_PPSE_LIST },                      /* none in it */
    { "6f15" NAME "a503bf0c00" "00" "9000", TW_PPSE_UNREADABLE },           /* something behind */
    { "6f16" NAME "a503bf0c00" "9000", TW_PPSE_UNREADABLE },                /* cut off */
    { "6f80" NAME "a503bf0c00" "0000" "9000", TW_PPSE_UNREADABLE },         /* indefinite length */
    { "6f16" NAME "a504bf0c0161" "9000", TW_PPSE_UNREADABLE },
    { "6f25" NAME NAME "a503bf0c00" "9000", TW_PPSE_UNREADABLE },           /* 84 twice */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = tw_hex_decode (cases[i].hex, NULL);
      TwCandidates candidates;

      if (parse (&candidates, bytes) != cases[i].result)
        g_error ("case %u", i);
    }
}

static void
test_many (void)
{
  g_autoptr(GString) entries = g_string_new (NULL);
  TwCandidates candidates;

  for (guint i = 0; i < TW_CANDIDATES_MOST + 3; i++)
    g_string_append (entries, "6109" VISA);

  /* More than one length byte can say: built by hand. */
  {
    guint n = entries->len / 2;
    g_autofree char *hex = g_strdup_printf ("6f81%02x" NAME "a581%02xbf0c81%02x%s9000", n + 4 + 3 + 16, n + 4, n,
                                            entries->str);
    g_autoptr(GBytes) bytes = tw_hex_decode (hex, NULL);

    g_assert_cmpint (parse (&candidates, bytes), ==, TW_PPSE_LIST);
    g_assert_cmpuint (candidates.n, ==, TW_CANDIDATES_MOST);
  }
}

static void
test_fci (void)
{
  static const struct { const char *hex; gboolean good; } cases[] = {
    { "6f0b" "8407a0000000031010" "a500", TRUE },
    { "6f0f" "8407a0000000031010" "a5049f380100", TRUE },
    { "6f0b" "8407a0000000032010" "a500", FALSE },           /* another name */
    { "6f0a" "8406a00000000310" "a500", FALSE },             /* a part of it */
    { "6f09" "8407a0000000031010", FALSE },
    { "6f02" "a500", FALSE },
    { "6f0b" "8407a0000000031010" "a501", FALSE },
    { "6f12" "8407a0000000031010" "a507" "9f38009f380100", FALSE },    /* two PDOLs */
    { "", FALSE }, { "70", FALSE },
  };
  TwCandidate candidate = { .aid = { 0xa0, 0, 0, 0, 0x03, 0x10, 0x10 }, .aid_len = 7 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = tw_hex_decode (cases[i].hex, NULL);
      TwFci fci;

      if (tw_fci_parse (&fci, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &candidate) != cases[i].good)
        g_error ("case %u", i);
    }
}

static void
test_labels (void)
{
  static const struct { const char *raw, *clean; } cases[] = {
    { "VISA DEBIT", "VISA DEBIT" }, { "  VISA  ", "VISA" }, { "VI\nSA\x1b[2J", "VISA[2J" }, { "\xc3\x84 VISA", "VISA" },
    { "A LABEL OF MORE THAN SIXTEEN", "A LABEL OF MORE" }, { "", "" }, { "\x01\x02", "" },
    { "4111111111111111", "" }, { "VISA 41111111", "" }, { "VISA 4111111", "VISA 4111111" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwTlv label = { 0x50, (const guint8 *) cases[i].raw, strlen (cases[i].raw) };
      char clean[17];

      tw_label_clean (clean, &label);
      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/candidates/entries-are-sorted-and-bad-ones-skipped", test_entries);
  g_test_add_func ("/card/candidates/answers-to-ppse-are-told-apart", test_answers);
  g_test_add_func ("/card/candidates/a-long-list-is-bounded", test_many);
  g_test_add_func ("/card/candidates/the-selected-application-must-be-the-wanted-one", test_fci);
  g_test_add_func ("/card/candidates/labels-are-fit-to-be-shown", test_labels);
  return g_test_run ();
}
