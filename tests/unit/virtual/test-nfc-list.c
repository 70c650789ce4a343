/* SPDX-License-Identifier: Apache-2.0 */
/* The witness that the twin is a PN532: Debian's own nfc-list, unmodified, on the other end of the wire. */
#include "hw/virtual/pn532.h"
#include "tests/lib/loop-thread.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  LoopThread   *thread;
  TwPn532      *twin;
  TwPn532Target target;
  char         *dir;
} Fixture;

static void
activate (gpointer       card,
          TwPn532Target *target)
{
  *target = *(TwPn532Target *) card;
}

static gboolean
exchange (gpointer      card,
          const guint8 *command,
          gsize         n,
          GByteArray   *answer)
{
  return FALSE;
}

static const TwPn532CardOps OPS = { activate, exchange };

static void
make_twin (gpointer data)
{
  Fixture *f = data;
  g_autofree char *link = g_build_filename (f->dir, "reader", NULL);

  f->twin = tw_pn532_new (link, NULL);
}

static void
insert_card (gpointer data)
{
  Fixture *f = data;

  tw_pn532_insert (f->twin, &OPS, &f->target);
}

static void
free_twin (gpointer data)
{
  Fixture *f = data;

  tw_pn532_free (f->twin);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->dir = g_dir_make_tmp ("tapwatt-test-XXXXXX", NULL);
  f->thread = loop_thread_new ();
  loop_thread_call (f->thread, make_twin, f);
  g_assert_nonnull (f->twin);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  loop_thread_call (f->thread, free_twin, f);
  loop_thread_free (f->thread);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
}

/* nfc-list's output, with runs of blanks made one. */
static char *
nfc_list (Fixture *f)
{
  g_autofree char *device = g_strdup_printf ("pn532_uart:%s", tw_pn532_path (f->twin));
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), "LIBNFC_AUTO_SCAN", "false", TRUE);
  const char *argv[] = { "nfc-list", NULL };
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GRegex) blanks = g_regex_new ("[ \t]+", 0, 0, NULL);
  int status;

  env = g_environ_setenv (env, "LIBNFC_DEVICE", device, TRUE);
  g_spawn_sync (NULL, (char **) argv, env, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpstr (err, ==, "");
  return g_regex_replace_literal (blanks, out, -1, 0, " ", 0, NULL);
}

static void
assert_says (const char *text,
             const char *line)
{
  if (strstr (text, line) == NULL)
    g_error ("nfc-list did not say \"%s\" but:\n%s", line, text);
}

static void
test_payment_card (Fixture      *f,
                   gconstpointer data)
{
  const TwPn532Target target = { { 0x00, 0x04 }, 0x20, { 0x08, 0x11, 0x22, 0x33 }, 4,
                                 { 0x05, 0x78, 0x80, 0x70, 0x02 }, 5 };
  g_autofree char *out = NULL;

  f->target = target;
  loop_thread_call (f->thread, insert_card, f);
  out = nfc_list (f);

  assert_says (out, "NFC device: user defined device opened");
  assert_says (out, "1 ISO14443A passive target(s) found:");
  assert_says (out, "ATQA (SENS_RES): 00 04");
  assert_says (out, "UID (NFCID3): 08 11 22 33");
  assert_says (out, "SAK (SEL_RES): 20");
  assert_says (out, "ATS: 78 80 70 02");
}

static void
test_classic (Fixture      *f,
              gconstpointer data)
{
  const TwPn532Target target = { { 0x00, 0x04 }, 0x08, { 0xDE, 0xAD, 0xBE, 0xEF }, 4 };
  g_autofree char *out = NULL;

  f->target = target;
  loop_thread_call (f->thread, insert_card, f);
  out = nfc_list (f);

  assert_says (out, "UID (NFCID1): de ad be ef");
  assert_says (out, "SAK (SEL_RES): 08");
  g_assert_null (strstr (out, "ATS:"));
}

static void
test_empty_field (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *out = nfc_list (f);

  assert_says (out, "NFC device: user defined device opened");
  g_assert_null (strstr (out, "found"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/virtual/nfc-list/reads-a-payment-card", Fixture, NULL, set_up, test_payment_card, tear_down);
  g_test_add ("/virtual/nfc-list/reads-a-uid-only-card", Fixture, NULL, set_up, test_classic, tear_down);
  g_test_add ("/virtual/nfc-list/sees-an-empty-field", Fixture, NULL, set_up, test_empty_field, tear_down);

  return g_test_run ();
}
