/* SPDX-License-Identifier: Apache-2.0 */
/* The twin driven by raw bytes, without libnfc: what the wire notes say of dialogue, registers, chaining, waiting,
 * aborting, and of each fault. Silence is shown without waiting for it: what comes next is the answer to a question
 * that was asked afterwards.
 */
#include "app/base/bytes.h"
#include "app/base/error.h"
#include "hw/virtual/pn532-frame.h"
#include "hw/virtual/pn532.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ACK "0000ff00ff00"

typedef struct
{
  TwPn532      *twin;
  int           fd;
  GString      *heard;    /* hex */
  TwPn532Target target;
  GByteArray   *answer;   /* of the card */
  GByteArray   *asked;    /* the last C-APDU */
  guint         activations;
} Fixture;

static void
activate (gpointer       card,
          TwPn532Target *target)
{
  Fixture *f = card;

  f->activations++;
  *target = f->target;
}

static gboolean
exchange (gpointer      card,
          const guint8 *command,
          gsize         n,
          GByteArray   *answer)
{
  Fixture *f = card;

  g_byte_array_set_size (f->asked, 0);
  g_byte_array_append (f->asked, command, n);
  g_byte_array_append (answer, f->answer->data, f->answer->len);
  return f->answer->len > 0;
}

static const TwPn532CardOps CARD = { activate, exchange };
static const TwPn532Target PAYMENT = { { 0x00, 0x04 }, 0x20, { 0x08, 0x11, 0x22, 0x33 }, 4,
                                       { 0x05, 0x78, 0x80, 0x70, 0x02 }, 5 };
static const TwPn532Target CLASSIC = { { 0x00, 0x04 }, 0x08, { 0xDE, 0xAD, 0xBE, 0xEF }, 4 };
static const TwPn532Target DESFIRE = { { 0x03, 0x44 }, 0x20, { 0x04, 1, 2, 3, 4, 5, 6 }, 7,
                                       { 0x06, 0x75, 0x77, 0x81, 0x02, 0x80 }, 6 };

static void
set_hex (GByteArray *array,
         const char *text)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (text, NULL);

  g_byte_array_set_size (array, 0);
  g_byte_array_append (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
send_all (Fixture      *f,
          const guint8 *bytes,
          gsize         n)
{
  while (n > 0)
    {
      gssize done = write (f->fd, bytes, n);

      g_assert_true (done > 0 || errno == EAGAIN);
      if (done <= 0)
        g_main_context_iteration (NULL, FALSE);
      else
        {
          bytes += done;
          n -= done;
        }
    }
}

static void
say (Fixture    *f,
     const char *text)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (text, NULL);

  send_all (f, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
ask (Fixture    *f,
     const char *payload)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (payload, NULL);
  guint8 frame[TW_PN532_FRAME_MAX];
  gsize n = tw_pn532_frame_build (TW_PN532_FROM_HOST, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                  TW_PN532_FORM_SHORTEST, frame);

  send_all (f, frame, n);
}

static char *
answer_frame (const char *payload)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (payload, NULL);
  guint8 frame[TW_PN532_FRAME_MAX];
  gsize n = tw_pn532_frame_build (TW_PN532_FROM_CHIP, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                  TW_PN532_FORM_SHORTEST, frame);

  return tw_hex_encode (frame, n);
}

static gboolean
on_deadline (gpointer data)
{
  g_error ("the twin stayed silent; heard so far: %s", ((Fixture *) data)->heard->str);
  return G_SOURCE_REMOVE;
}

static void
listen_once (Fixture *f)
{
  GPollFD near_end = { .fd = f->fd, .events = G_IO_IN };
  guint8 bytes[512];
  gssize n;

  g_main_context_iteration (NULL, FALSE);
  n = read (f->fd, bytes, sizeof bytes);
  if (n > 0)
    {
      g_autofree char *text = tw_hex_encode (bytes, n);

      g_string_append (f->heard, text);
    }
  else
    g_poll (&near_end, 1, 1);
}

static void
expect (Fixture    *f,
        const char *text)
{
  guint deadline = g_timeout_add_seconds (10, on_deadline, f);

  while (f->heard->len < strlen (text))
    listen_once (f);
  g_source_remove (deadline);

  if (!g_str_has_prefix (f->heard->str, text))
    g_error ("expected %s, heard %s", text, f->heard->str);
  g_string_erase (f->heard, 0, strlen (text));
}

static void
expect_answer (Fixture    *f,
               const char *payload)
{
  g_autofree char *frame = answer_frame (payload);

  expect (f, ACK);
  expect (f, frame);
}

/* Nothing but the answer to a new question is there. */
static void
expect_nothing_more (Fixture *f)
{
  ask (f, "02");
  expect_answer (f, "0332010607");
  g_assert_cmpstr (f->heard->str, ==, "");
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->twin = tw_pn532_new (NULL, &error);
  g_assert_no_error (error);
  tw_pn532_set_timing (f->twin, 0, 0);
  f->fd = open (tw_pn532_path (f->twin), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (f->fd, >=, 0);
  f->heard = g_string_new (NULL);
  f->answer = g_byte_array_new ();
  f->asked = g_byte_array_new ();
  f->target = PAYMENT;
  set_hex (f->answer, "6a82");

  say (f, "55550000000000000000000000000000");
  ask (f, "1401");
  expect_answer (f, "15");
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->fd >= 0)
    close (f->fd);
  tw_pn532_free (f->twin);
  g_string_free (f->heard, TRUE);
  g_byte_array_unref (f->answer);
  g_byte_array_unref (f->asked);
}

static void
select_card (Fixture *f)
{
  tw_pn532_insert (f->twin, &CARD, f);
  ask (f, "4a0100");
  expect_answer (f, "4b010100042004081122330578807002");
}

static void
fault (Fixture    *f,
       const char *text)
{
  TwPn532Fault one;
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_pn532_fault_parse (text, &one, &error));
  g_assert_no_error (error);
  tw_pn532_add_fault (f->twin, &one);
}

static void
test_dialogue (Fixture      *f,
               gconstpointer data)
{
  static const char *const STEPS[][2] = {
    { "00006c69626e6663", "01006c69626e6663" }, { "02", "0332010607" }, { "1214", "13" },
    { "0663026303630d6338633d", "070000000000" }, { "08630280630380", "09" }, { "320100", "33" }, { "320101", "33" },
    { "3205ffffff", "33" }, { "06630263036305633c633d", "078080000000" }, { "08630540633c10", "09" },
    { "06630563ff633cff26", "0740001000" }, { "3205000102", "33" }, { "4a0100", "4b00" }, { "420a", "4301" },
    { "4a010100ffff0100", "4b00" }, { "4a010300", "4b00" }, { "4a0104", "4b00" }, { "04", "0500000080" },
    { "5200", "5300" }, { "320100", "33" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (STEPS); i++)
    {
      ask (f, STEPS[i][0]);
      expect_answer (f, STEPS[i][1]);
    }
}

static void
test_sleep (Fixture      *f,
            gconstpointer data)
{
  ask (f, "16f0");
  expect_answer (f, "1700");
  ask (f, "02"); /* not heard */
  say (f, "5555000000000000");
  expect_nothing_more (f);

  tw_pn532_power_cycle (f->twin);
  ask (f, "02");
  say (f, "55");
  expect_nothing_more (f);
}

static void
test_unknown (Fixture      *f,
              gconstpointer data)
{
  static const char *const BAD[] = { "fe", "0201", "066302ff", "086302", "3205ff", "3299ff", "4a0000", "4a01", "44",
                                     "60ff01" };

  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      ask (f, BAD[i]);
      expect (f, ACK "0000ff01ff7f8100");
    }
  say (f, "0000ff02fed4022b00"); /* checksum */
  say (f, "0000ff02fed5022900"); /* from a chip */
  expect_nothing_more (f);
}

static void
test_exchange (Fixture      *f,
               gconstpointer data)
{
  ask (f, "400100a4"); /* before anything was selected */
  expect_answer (f, "4127");
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 0);

  select_card (f);
  say (f, "0000ff17e9d4400100a404000e325041592e5359532e4444463031008f00");
  expect (f, ACK "0000ff05fbd541006a82fe00");
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 1);
  g_assert_cmpuint (f->asked->len, ==, 20);

  ask (f, "42b2");
  expect_answer (f, "4300a3");
  ask (f, "04");
  expect_answer (f, "0500000101000010" "80");
  ask (f, "4400");
  expect_answer (f, "4500");
  ask (f, "400100b2");
  expect_answer (f, "4127");
  ask (f, "4a0100");
  expect_answer (f, "4b010100042004081122330578807002");
  ask (f, "320100"); /* field off: the card forgets */
  expect_answer (f, "33");
  ask (f, "400100b2");
  expect_answer (f, "4127");
}

static void
test_removal (Fixture      *f,
              gconstpointer data)
{
  select_card (f);
  tw_pn532_remove (f->twin);
  g_assert_false (tw_pn532_has_card (f->twin));
  ask (f, "400100b2");
  expect_answer (f, "4101");
  ask (f, "42b2");
  expect_answer (f, "4301");
  ask (f, "3205000102");
  expect_answer (f, "33");
  ask (f, "4a0100");
  expect_answer (f, "4b00");

  select_card (f);
  tw_pn532_remove (f->twin);
  tw_pn532_insert (f->twin, &CARD, f); /* back, but not the activated one any more */
  ask (f, "400100b2");
  expect_answer (f, "4101");
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 0);
}

static void
test_tear (Fixture      *f,
           gconstpointer data)
{
  select_card (f);
  tw_pn532_tear_after (f->twin, 2);
  for (guint i = 0; i < 2; i++)
    {
      ask (f, "400100b2");
      expect_answer (f, "41006a82");
    }
  g_assert_true (tw_pn532_has_card (f->twin));
  ask (f, "400100b2");
  expect_answer (f, "4101");
  g_assert_false (tw_pn532_has_card (f->twin));
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 2);

  select_card (f); /* and is forgotten */
  for (guint i = 0; i < 5; i++)
    {
      ask (f, "400100b2");
      expect_answer (f, "41006a82");
    }
}

static void
test_leaves_while_thinking (Fixture      *f,
                            gconstpointer data)
{
  select_card (f);
  tw_pn532_set_timing (f->twin, 20, 0);
  ask (f, "400100b2");
  expect (f, ACK);
  tw_pn532_remove (f->twin);
  expect (f, "0000ff03fdd54101e900");
}

static void
test_uid_only (Fixture      *f,
               gconstpointer data)
{
  f->target = CLASSIC;
  tw_pn532_insert (f->twin, &CARD, f);
  ask (f, "4a0100");
  expect (f, ACK "0000ff0cf4d54b010100040804deadbeef9600");
  ask (f, "4a0100deadbeef");
  expect_answer (f, "4b010100040804deadbeef");
  ask (f, "42b2");
  expect_answer (f, "4301");
  ask (f, "3205000102");
  expect_answer (f, "33");
  ask (f, "4a0100deadbeee");
  expect_answer (f, "4b00");

  f->target = DESFIRE;
  ask (f, "4a010088040102030405" "06"); /* with its cascade tag */
  expect_answer (f, "4b010103442007040102030405" "06067577810280");
}

static void
test_long_answers (Fixture      *f,
                   gconstpointer data)
{
  GString *text = g_string_new (NULL);
  g_autofree char *whole = NULL;

  for (guint i = 0; i < 256; i++)
    g_string_append_printf (text, "%02x", i);
  g_string_append (text, "9000");
  set_hex (f->answer, text->str);
  select_card (f);

  ask (f, "400100b2010c00");
  whole = g_strconcat ("4100", text->str, NULL);
  expect_answer (f, whole); /* one extended frame */

  fault (f, "chain=64");
  for (guint at = 0; at < text->len; at += 128)
    {
      g_autofree char *piece = g_strndup (text->str + at, 128);
      g_autofree char *answer = g_strconcat (at + 128 < text->len ? "4140" : "4100", piece, NULL);

      ask (f, at == 0 ? "400100b2010c00" : "4001");
      expect_answer (f, answer);
    }
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 2);
  g_string_free (text, TRUE);
}

static void
test_waiting (Fixture      *f,
              gconstpointer data)
{
  ask (f, "3205ffffff");
  expect_answer (f, "33");

  ask (f, "4a0100"); /* infinite: no answer until a card comes */
  expect (f, ACK);
  tw_pn532_insert (f->twin, &CARD, f);
  expect (f, "0000ff11efd54b010100042004081122330578807002d900");

  tw_pn532_remove (f->twin);
  ask (f, "4a0100");
  expect (f, ACK);
  say (f, ACK); /* abort: it is forgotten */
  expect_nothing_more (f);
  tw_pn532_insert (f->twin, &CARD, f);
  expect_nothing_more (f);

  tw_pn532_remove (f->twin);
  ask (f, "4a0100");
  expect (f, ACK);
  ask (f, "4a010300"); /* a new command aborts as well */
  expect (f, ACK);
  expect_nothing_more (f);
}

static void
test_auto_poll (Fixture      *f,
                gconstpointer data)
{
  ask (f, "6001012010");
  expect_answer (f, "6100"); /* after 2 x 150 ms */

  ask (f, "60ff012010");
  expect (f, ACK);
  tw_pn532_insert (f->twin, &CARD, f);
  expect (f, "0000ff13edd56101200e0100042004081122330578807002" "9500");

  f->target = CLASSIC;
  ask (f, "6001012010");
  expect_answer (f, "61011009" "0100040804deadbeef");
}

static void
test_nack (Fixture      *f,
           gconstpointer data)
{
  expect_nothing_more (f);
  say (f, "0000ffff0000");
  expect (f, "0000ff06fad50332010607e800"); /* again */
}

static void
test_dribbled_and_glued (Fixture      *f,
                         gconstpointer data)
{
  static const char COMMAND[] = "0000ff02fed4022a00";

  for (gsize i = 0; i < strlen (COMMAND); i += 2)
    {
      g_autofree char *byte = g_strndup (COMMAND + i, 2);

      say (f, byte);
      listen_once (f);
    }
  expect_answer (f, "0332010607");

  say (f, "0000ff00ff00" "0000ff02fed4022a00");
  expect_answer (f, "0332010607");
}

/* Whatever comes, it is bounded, and what comes after it is understood. */
static void
test_garbage (Fixture      *f,
              gconstpointer data)
{
  guint8 noise[64];

  for (guint round = 0; round < 300; round++)
    {
      for (gsize i = 0; i < sizeof noise; i++)
        noise[i] = g_test_rand_int_range (0, 256) & ~(g_test_rand_int () & 1 ? 0 : 0x07);
      send_all (f, noise, sizeof noise);
      for (guint i = 0; i < 3; i++)
        listen_once (f);
    }
  for (guint i = 0; i < 5; i++) /* ends any frame that the noise began */
    {
      memset (noise, 0, sizeof noise);
      send_all (f, noise, sizeof noise);
      listen_once (f);
    }
  tw_pn532_power_cycle (f->twin);
  say (f, "55");
  for (guint i = 0; i < 100; i++)
    listen_once (f);
  g_string_truncate (f->heard, 0);
  expect_nothing_more (f);
}

static void
test_reader_does_not_read (Fixture      *f,
                           gconstpointer data)
{
  for (guint i = 0; i < 8000; i++)
    {
      ask (f, "02");
      g_main_context_iteration (NULL, FALSE);
    }
  for (guint i = 0; i < 1000; i++)
    listen_once (f);
  g_string_truncate (f->heard, 0);
  expect_nothing_more (f);
}

static void
test_spoiled_replies (Fixture      *f,
                      gconstpointer data)
{
  static const struct { const char *fault, *heard; } CASES[] = {
    { "nack,times=1", "0000ffff0000" },
    { "no-reply,times=1", ACK },
    { "bad-lcs,times=1", ACK "0000ff06fbd50332010607e800" },
    { "bad-dcs,times=1", ACK "0000ff06fad50332010607e900" },
    { "wrong-tfi,times=1", ACK "0000ff06fad40332010607e900" },
    { "wrong-code,times=1", ACK "0000ff06fad50432010607e700" },
    { "error-frame,times=1", ACK "0000ff01ff7f8100" },
    { "preamble,times=1", ACK "00000000ff06fad50332010607e800" },
    { "no-postamble,times=1", ACK "0000ff06fad50332010607e8" },
    { "half-frame,times=1", ACK "0000ff06fad5" },
    { "extended,times=1", ACK "0000ffffff0006fad50332010607e800" },
    { "dribble=1,times=1", ACK "0000ff06fad50332010607e800" },
    { "late-reply=1,times=1", ACK "0000ff06fad50332010607e800" },
    { "no-ack,times=1", "" },
    { "asleep,times=1", "" },
    { "no-reply,command=02,skip=1,times=1", ACK "0000ff06fad50332010607e800" },
    { "no-reply,command=40", ACK "0000ff06fad50332010607e800" },
    { "status=29", ACK "0000ff06fad50332010607e800" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      tw_pn532_clear_faults (f->twin);
      fault (f, CASES[i].fault);
      ask (f, "02");
      expect (f, CASES[i].heard);
      if (CASES[i].heard[0] != '\0')
        tw_pn532_clear_faults (f->twin);
      if (g_str_has_prefix (CASES[i].fault, "asleep"))
        say (f, "55");
      expect_nothing_more (f);
    }
}

static void
test_exchange_faults (Fixture      *f,
                      gconstpointer data)
{
  static const char *const STATUS[] = { "01", "02", "13", "14", "27", "29", "80" };

  for (gsize i = 0; i < G_N_ELEMENTS (STATUS); i++)
    {
      g_autofree char *text = g_strdup_printf ("status=%s,times=1", STATUS[i]);
      g_autofree char *answer = g_strdup_printf ("41%s", STATUS[i]);

      select_card (f);
      fault (f, text);
      ask (f, "400100b2");
      expect_answer (f, answer);
    }
  g_assert_cmpuint (tw_pn532_apdus (f->twin), ==, 0);

  fault (f, "ats-tl-zero,times=1");
  ask (f, "4a0100");
  expect_answer (f, "4b010100042004081122330078807002");

  fault (f, "uid-change,times=2");
  ask (f, "4a0100");
  expect_answer (f, "4b010100042004081122340578807002");
  ask (f, "4a0100");
  expect_answer (f, "4b010100042004081122350578807002");

  fault (f, "collision,times=1");
  ask (f, "4a0100");
  expect_answer (f, "4b00");
  select_card (f);
}

/* The answer to a question that nobody waits for any more: as it is with a chip that does not honour an abort. */
static void
test_late_reply (Fixture      *f,
                 gconstpointer data)
{
  select_card (f);
  fault (f, "late-reply=30,command=40,times=1");
  ask (f, "400100b2");
  expect (f, ACK);
  ask (f, "02");
  expect_answer (f, "0332010607");
  expect (f, "0000ff05fbd541006a82fe00");
}

static void
test_hang_up (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("tapwatt-test-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (dir, "reader", NULL);
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;
  guint8 byte;

  close (f->fd);
  tw_pn532_free (f->twin);
  f->twin = tw_pn532_new (link, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tw_pn532_path (f->twin), ==, link);
  first = g_file_read_link (link, NULL);

  f->fd = open (link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  fault (f, "hang-up,command=02,times=1");
  say (f, "55");
  ask (f, "02");
  while (g_file_test (link, G_FILE_TEST_IS_SYMLINK))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (read (f->fd, &byte, 1), <=, 0);
  g_assert_cmpint (errno, !=, EAGAIN);
  close (f->fd);

  g_assert_true (tw_pn532_return (f->twin, &error));
  g_assert_no_error (error);
  g_assert_true (tw_pn532_return (f->twin, &error)); /* is there already */
  f->fd = open (link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (f->fd, >=, 0);
  say (f, "55");
  expect_nothing_more (f);

  tw_pn532_hang_up (f->twin);
  g_assert_false (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static void
test_link_taken (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("tapwatt-test-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (dir, "precious", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "missing", "reader", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (link, "data", -1, NULL));
  g_assert_null (tw_pn532_new (link, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_REFUSED);
  g_assert_true (g_file_get_contents (link, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "data");
  g_clear_error (&error);

  g_assert_null (tw_pn532_new (nowhere, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  g_unlink (link);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static void
on_trace (gboolean      from_host,
          const guint8 *frame,
          gsize         n,
          gpointer      user_data)
{
  g_autofree char *text = tw_hex_encode (frame, n);

  g_string_append_printf (user_data, "%c%s\n", from_host ? '>' : '<', text);
}

static void
test_trace (Fixture      *f,
            gconstpointer data)
{
  g_autoptr (GString) open = g_string_new (NULL);
  g_autoptr (GString) redacted = g_string_new (NULL);

  select_card (f);
  tw_pn532_set_trace (f->twin, on_trace, FALSE, open);
  ask (f, "400100b2");
  expect_answer (f, "41006a82");
  g_assert_cmpstr (open->str, ==, ">0000ff05fbd4400100b23900\n<" ACK "\n<0000ff05fbd541006a82fe00\n");

  tw_pn532_set_trace (f->twin, on_trace, TRUE, redacted);
  ask (f, "400100b2");
  expect_answer (f, "41006a82");
  ask (f, "02");
  expect_answer (f, "0332010607");
  g_assert_cmpstr (redacted->str, ==,
                   ">0000ff05fbd4400100000000\n<" ACK "\n<0000ff05fbd5410000000000\n"
                   ">0000ff02fed4022a00\n<" ACK "\n<0000ff06fad50332010607e800\n");
}

static void
test_fault_texts (void)
{
  static const char *const BAD[] = { "", "nonsense", "status", "status=", "status=100", "status=xy", "no-ack=1",
                                     "chain=0", "chain=263", "no-ack,times=x", "no-ack,when=1", "no-ack,command=123",
                                     "no-ack,", "dribble=-1" };
  TwPn532Fault one;

  g_assert_true (tw_pn532_fault_parse ("status=2b,command=40,skip=2,times=3", &one, NULL));
  g_assert_cmpint (one.kind, ==, TW_PN532_FAULT_STATUS);
  g_assert_cmphex (one.argument, ==, 0x2b);
  g_assert_cmphex (one.command, ==, 0x40);
  g_assert_cmpuint (one.skip, ==, 2);
  g_assert_cmpuint (one.times, ==, 3);

  for (TwPn532FaultKind kind = TW_PN532_FAULT_NO_ACK; kind <= TW_PN532_FAULT_UID_CHANGE; kind++)
    {
      g_autofree char *with = g_strdup_printf ("%s=10", tw_pn532_fault_name (kind));

      gboolean alone = tw_pn532_fault_parse (tw_pn532_fault_name (kind), &one, NULL);

      g_assert_true (alone != tw_pn532_fault_parse (with, &one, NULL)); /* an argument, or none */
      g_assert_cmpint (one.kind, ==, kind);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (tw_pn532_fault_parse (BAD[i], &one, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

#define ADD(name, func) g_test_add ("/virtual/pn532/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("speaks-the-whole-dialogue-of-libnfc", test_dialogue);
  ADD ("sleeps-until-it-is-woken", test_sleep);
  ADD ("answers-nonsense-with-an-error-frame", test_unknown);
  ADD ("exchanges-apdus-with-a-selected-card-only", test_exchange);
  ADD ("notices-that-the-card-is-gone", test_removal);
  ADD ("card-leaves-after-so-many-apdus", test_tear);
  ADD ("card-that-leaves-while-thinking-gives-no-answer", test_leaves_while_thinking);
  ADD ("finds-cards-by-uid", test_uid_only);
  ADD ("long-answers-go-whole-or-in-pieces", test_long_answers);
  ADD ("waits-for-a-card-until-aborted", test_waiting);
  ADD ("polls-by-itself", test_auto_poll);
  ADD ("says-it-again-when-asked", test_nack);
  ADD ("takes-commands-in-any-pieces", test_dribbled_and_glued);
  ADD ("survives-garbage", test_garbage);
  ADD ("is-not-stopped-by-a-host-that-does-not-read", test_reader_does_not_read);
  ADD ("spoils-replies-as-told", test_spoiled_replies);
  ADD ("spoils-exchanges-as-told", test_exchange_faults);
  ADD ("late-reply-outlives-its-command", test_late_reply);
  ADD ("cable-is-pulled-and-put-back", test_hang_up);
  ADD ("leaves-foreign-files-alone", test_link_taken);
  ADD ("trace-shows-frames-and-can-hide-card-data", test_trace);
  g_test_add_func ("/virtual/pn532/faults-are-named-in-text", test_fault_texts);

  return g_test_run ();
}
