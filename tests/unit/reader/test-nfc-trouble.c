/* SPDX-License-Identifier: Apache-2.0 */
/* The real libnfc, through reader.h, against a PN532 twin that misbehaves. What kills a process by design of libnfc is
 * done to a subprocess.
 */
#include "tests/unit/reader/street.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
test_status_bytes (Street       *s,
                   gconstpointer data)
{
  static const char *const STATUS[] = { "01", "02", "03", "04", "05", "06", "07", "09", "0a", "0b", "0d", "0e",
                                        "10", "13", "14", "26", "27", "29", "2b", "3f" };

  street_open (s);
  street_insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (STATUS); i++)
    {
      g_autofree char *text = g_strdup_printf ("status=%s,command=40,times=1", STATUS[i]);

      g_assert_true (street_find (s));
      street_fault (s, text);
      street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
    }
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "9000");
}

/* One disturbed reply costs one exchange, never the process, and the next question gets its own answer. */
static void
test_disturbed_exchange (Street       *s,
                         gconstpointer data)
{
  static const char *const FAULTS[] = { "nack", "bad-lcs", "bad-dcs", "wrong-tfi", "wrong-code", "error-frame",
                                        "preamble" };

  street_open (s);
  street_insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s,command=40,times=1", FAULTS[i]);

      g_assert_true (street_find (s));
      street_fault (s, text);
      street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
      g_assert_true (street_find (s));
      street_expect_end (s, SELECT_PPSE, "9000");
    }
}

static void
test_disturbed_look (Street       *s,
                     gconstpointer data)
{
  static const char *const FAULTS[] = { "nack", "bad-lcs", "bad-dcs", "wrong-tfi", "wrong-code", "error-frame",
                                        "preamble", "no-ack", "no-reply", "half-frame", "no-postamble" };

  street_open (s);
  street_insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s,command=4a,times=1", FAULTS[i]);

      street_fault (s, text);
      g_assert_true (street_find (s));
      street_expect_end (s, SELECT_PPSE, "9000");
    }
}

static void
test_dribble (Street       *s,
              gconstpointer data)
{
  street_open (s);
  street_insert (s, "visa-approve");
  street_fault (s, "dribble=1");
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "9000");
}

/* The chip has missed the deadline of an exchange, and its reply comes after the next question was answered: it must
 * not become the answer to the one after that. */
static void
test_late_reply (Street       *s,
                 gconstpointer data)
{
  street_open (s);
  street_insert (s, "visa-approve");
  g_assert_true (street_find (s));
  street_fault (s, "late-reply=3100,command=40,times=1");
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_VISA, "9f37049000");
  street_insert (s, "visa-slow"); /* whose thinking outlasts the late reply's time */
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_VISA, "9f37049000"); /* and not the directory */
}

static void
test_silent_chip (Street       *s,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  street_open (s);
  street_insert (s, "visa-approve");
  street_fault (s, "no-ack");
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "does not answer"));
}

static void
test_chip_without_power (Street       *s,
                         gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  street_open (s);
  street_insert (s, "visa-approve");
  street_fault (s, "asleep,command=4a,times=1");
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  tw_nfc_close (g_steal_pointer (&s->nfc));
  street_open (s); /* and restart is recovery */
  g_assert_true (street_find (s));
}

static void
test_cable (Street       *s,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  street_open (s);
  street_insert (s, "visa-approve");
  g_assert_true (street_find (s));
  street_hang_up (s);
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_GONE);
  g_assert_false (tw_nfc_present (s->nfc));
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "hung up"));
  tw_nfc_close (g_steal_pointer (&s->nfc));
  street_refuse_open (s->address, TW_ERROR_GONE, "no such port");
}

static void
test_cable_during_exchange (Street       *s,
                            gconstpointer data)
{
  street_open (s);
  street_insert (s, "visa-approve");
  g_assert_true (street_find (s));
  street_fault (s, "hang-up,command=40");
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_GONE);
}

static void
test_two_cards (Street       *s,
                gconstpointer data)
{
  TwTarget one, other;

  street_open (s);
  street_insert (s, "visa-approve");
  street_fault (s, "collision,times=2");
  g_assert_false (street_find (s));
  g_assert_false (street_find (s));
  g_assert_true (street_find (s));
  street_fault (s, "uid-change");
  g_assert_true (tw_nfc_find (s->nfc, &one, NULL));
  g_assert_true (tw_nfc_find (s->nfc, &other, NULL));
  g_assert_cmpint (memcmp (one.uid, other.uid, 4), !=, 0);
}

static void
test_open_twice_asked (Street       *s,
                       gconstpointer data)
{
  static const char *const ONCE[] = { "no-ack,command=14,times=1", "no-reply,command=00,times=1",
                                      "bad-dcs,command=02,times=1", "error-frame,command=32,times=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (ONCE); i++)
    {
      street_fault (s, ONCE[i]);
      street_open (s);
      g_assert_false (street_find (s));
      tw_nfc_close (g_steal_pointer (&s->nfc));
    }
}

static void
test_nobody_there (Street       *s,
                   gconstpointer data)
{
  street_fault (s, "no-ack");
  street_refuse_open (s->address, TW_ERROR_GONE, "no PN532 answers");
  street_clear (s);
  street_fault (s, "bad-dcs,command=02"); /* never tells what it is: libnfc goes on, into a null pointer */
  street_refuse_open (s->address, TW_ERROR_GONE, "no PN532 answers");
  street_clear (s);
  street_open (s);
}

/* libnfc's own end: the process dies, and nothing else does. */
static void
die_of (const char *text,
        gboolean    in_exchange)
{
  const struct rlimit none = { 0, 0 };
  Street s = { 0 };

  setrlimit (RLIMIT_CORE, &none);
  street_set_up (&s, NULL);
  street_open (&s);
  street_insert (&s, "visa-approve");
  if (in_exchange)
    g_assert_true (street_find (&s));
  street_fault (&s, text);
  g_print ("ready\n");
  if (in_exchange)
    street_expect_failure (&s, SELECT_PPSE, TW_ERROR_RETRY);
  else
    street_find (&s);
  g_print ("survived\n");
  _exit (0);
}

static void
test_nad_kills (void)
{
  if (g_test_subprocess ())
    {
      die_of ("status=80,command=40", TRUE);
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_assert_false (g_test_trap_reached_timeout ());
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*ready*");
  g_test_trap_assert_stdout_unmatched ("*survived*");
}

static void
test_empty_ats_kills (void)
{
  if (g_test_subprocess ())
    {
      die_of ("ats-tl-zero", FALSE);
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_assert_false (g_test_trap_reached_timeout ());
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*ready*");
  g_test_trap_assert_stdout_unmatched ("*survived*");
}

#define ADD(name, func) \
  g_test_add ("/reader/nfc-trouble/" name, Street, NULL, street_set_up, func, street_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("each-status-byte-is-an-error", test_status_bytes);
  ADD ("disturbed-exchange-is-noticed-and-got-over", test_disturbed_exchange);
  ADD ("disturbed-look-is-taken-once-more", test_disturbed_look);
  ADD ("bytes-one-by-one-are-enough", test_dribble);
  ADD ("late-reply-answers-no-later-question", test_late_reply);
  ADD ("silent-chip-is-gone", test_silent_chip);
  ADD ("chip-that-lost-power-comes-back-with-a-restart", test_chip_without_power);
  ADD ("pulled-cable-is-gone", test_cable);
  ADD ("cable-pulled-in-an-exchange-is-gone", test_cable_during_exchange);
  ADD ("two-cards-are-none-or-flap", test_two_cards);
  ADD ("chip-that-misses-a-command-is-asked-again", test_open_twice_asked);
  ADD ("nobody-there-is-said-so", test_nobody_there);
  g_test_add_func ("/reader/nfc-trouble/status-with-nad-bit-kills-this-process-only", test_nad_kills);
  g_test_add_func ("/reader/nfc-trouble/ats-of-length-zero-kills-this-process-only", test_empty_ats_kills);

  return g_test_run ();
}
