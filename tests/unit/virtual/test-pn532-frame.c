/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors: the worked frames of the wire notes, taken from a real exchange with libnfc 1.8.0 and checked by hand. */
#include "app/base/bytes.h"
#include "hw/virtual/pn532-frame.h"

#include <string.h>

static GBytes *
hex (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = tw_hex_decode (text, &error);

  g_assert_no_error (error);
  return bytes;
}

static const struct
{
  const char *name;
  guint8      tfi;
  const char *payload;
  const char *frame;
} WORKED[] = {
  { "SAMConfiguration", 0xD4, "1401", "0000ff03fdd414011700" },
  { "SAMConfiguration answer", 0xD5, "15", "0000ff02fed5151600" },
  { "GetFirmwareVersion", 0xD4, "02", "0000ff02fed4022a00" },
  { "GetFirmwareVersion answer", 0xD5, "0332010607", "0000ff06fad50332010607e800" },
  { "SELECT PPSE", 0xD4, "400100a404000e325041592e5359532e444446303100",
    "0000ff17e9d4400100a404000e325041592e5359532e4444463031008f00" },
  { "not found", 0xD5, "41006a82", "0000ff05fbd541006a82fe00" },
  { "type 4 target", 0xD5, "4b010100042004081122330578807002", "0000ff11efd54b010100042004081122330578807002d900" },
  { "Classic target", 0xD5, "4b01010004" "0804deadbeef", "0000ff0cf4d54b010100040804deadbeef9600" },
  { "look for type A", 0xD4, "4a0100", "0000ff04fcd44a0100e100" },
  { "nothing found", 0xD5, "4b00", "0000ff03fdd54b00e000" },
  { "PowerDown", 0xD4, "16f0", "0000ff03fdd416f02600" },
  { "PowerDown answer", 0xD5, "1700", "0000ff03fdd517001400" },
};

static void
test_build (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (WORKED); i++)
    {
      g_autoptr (GBytes) payload = hex (WORKED[i].payload);
      g_autofree char *text = NULL;
      guint8 frame[TW_PN532_FRAME_MAX];
      gsize n = tw_pn532_frame_build (WORKED[i].tfi, g_bytes_get_data (payload, NULL), g_bytes_get_size (payload),
                                      TW_PN532_FORM_SHORTEST, frame);

      text = tw_hex_encode (frame, n);
      g_assert_cmpstr (text, ==, WORKED[i].frame);
    }
}

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (WORKED); i++)
    {
      g_autoptr (GBytes) bytes = hex (WORKED[i].frame);
      g_autoptr (GBytes) payload = hex (WORKED[i].payload);
      TwPn532Frame frame;
      gsize n = tw_pn532_frame_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &frame);

      g_assert_cmpint (frame.kind, ==, TW_PN532_FRAME_DATA);
      g_assert_cmpuint (n, ==, g_bytes_get_size (bytes) - 1); /* the postamble waits */
      g_assert_cmphex (frame.tfi, ==, WORKED[i].tfi);
      g_assert_cmpmem (frame.payload, frame.payload_len, g_bytes_get_data (payload, NULL), g_bytes_get_size (payload));
    }
}

static TwPn532FrameKind
kind_of (const char *text,
         gsize      *done)
{
  g_autoptr (GBytes) bytes = hex (text);
  TwPn532Frame frame;

  *done = tw_pn532_frame_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &frame);
  return frame.kind;
}

static void
test_short_frames (void)
{
  gsize done;

  g_assert_cmpint (kind_of ("0000ff00ff00", &done), ==, TW_PN532_FRAME_ACK);
  g_assert_cmpuint (done, ==, 5);
  g_assert_cmpint (kind_of ("0000ffff0000", &done), ==, TW_PN532_FRAME_NACK);
  g_assert_cmpint (kind_of ("55550000000000000000000000000000" "0000ff02fed4022a00", &done), ==, TW_PN532_FRAME_DATA);
  g_assert_cmpuint (done, ==, 16 + 8);
}

static void
test_damaged (void)
{
  gsize done;

  g_assert_cmpint (kind_of ("0000ff02ffd4022a00", &done), ==, TW_PN532_FRAME_BAD_LENGTH);
  g_assert_cmpuint (done, ==, 3); /* the next start code may be anywhere */
  g_assert_cmpint (kind_of ("0000ff02fed4022b00", &done), ==, TW_PN532_FRAME_BAD_DATA);
  g_assert_cmpuint (done, ==, 8);
  g_assert_cmpint (kind_of ("0000ff0000", &done), ==, TW_PN532_FRAME_BAD_LENGTH);
  g_assert_cmpint (kind_of ("0000ffffff010bf4" "d4", &done), ==, TW_PN532_FRAME_BAD_LENGTH); /* 267 bytes */
  g_assert_cmpint (kind_of ("0000ffffff010bf5" "d4", &done), ==, TW_PN532_FRAME_BAD_LENGTH); /* checksum */
  g_assert_cmpint (kind_of ("0102030405", &done), ==, TW_PN532_FRAME_NONE);
  g_assert_cmpuint (done, ==, 5);
  g_assert_cmpint (kind_of ("01020300", &done), ==, TW_PN532_FRAME_NONE);
  g_assert_cmpuint (done, ==, 3);
}

/* Every length there is, in both forms, cut at every place: nothing is understood too early, all of it at the end. */
static void
test_every_length (void)
{
  guint8 payload[TW_PN532_PAYLOAD_MAX], bytes[TW_PN532_FRAME_MAX];

  for (gsize i = 0; i < sizeof payload; i++)
    payload[i] = i * 7;

  for (gsize len = 1; len <= sizeof payload; len++)
    for (TwPn532Form form = TW_PN532_FORM_SHORTEST; form <= TW_PN532_FORM_EXTENDED; form++)
      {
        gsize n = tw_pn532_frame_build (TW_PN532_FROM_HOST, payload, len, form, bytes);
        TwPn532Frame frame;

        g_assert_cmpuint (n, ==, len + (form == TW_PN532_FORM_EXTENDED || len > 254 ? 11 : 8));
        for (gsize cut = 0; cut < n - 1; cut++)
          {
            g_assert_cmpuint (tw_pn532_frame_parse (bytes, cut, &frame), <=, MIN (cut, 1));
            g_assert_cmpint (frame.kind, ==, TW_PN532_FRAME_NONE);
          }
        g_assert_cmpuint (tw_pn532_frame_parse (bytes, n, &frame), ==, n - 1);
        g_assert_cmpint (frame.kind, ==, TW_PN532_FRAME_DATA);
        g_assert_cmpmem (frame.payload, frame.payload_len, payload, len);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/virtual/pn532-frame/is-built-as-worked-by-hand", test_build);
  g_test_add_func ("/virtual/pn532-frame/is-understood-as-worked-by-hand", test_parse);
  g_test_add_func ("/virtual/pn532-frame/ack-nack-and-wake-up-are-told-apart", test_short_frames);
  g_test_add_func ("/virtual/pn532-frame/damage-is-noticed", test_damaged);
  g_test_add_func ("/virtual/pn532-frame/every-length-comes-back", test_every_length);

  return g_test_run ();
}
