/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"
#include "tests/unit/card/script.h"
#include "tests/unit/readerapp/pretend.h"

#define READY "ready identify authorize test-mode;"
#define PRESENT(n) "hint " n " present-card;"
#define REMOVED(n) "hint " n " removed;"
#define VISA(n) "card " n " emv ************1111 visa VISA DEBIT a0000000031010 " \
                "2026a:3263dbe3fe55a8fef93eb11702895854 - 1;"

#define GPO_AAC "7733" "82022000" "57134111111111111111d30122010000000000000f" "9f100706011203800000" \
                "9f26080102030405060708" "9f36020042" "9000"
#define GPO_PIN "7738" "82022000" "57134111111111111111d30122010000000000000f" "9f100706011203a00000" \
                "9f26080102030405060708" "9f36020042" "9f6c028000" "9000"

static const char *const visa[] = { PPSE_VISA, FCI_VISA, GPO_ARQC, NULL };
static const char *const master[] = { PPSE_MASTER, NULL };
static const char *const no_payment[] = { "6a82", NULL };
static const char *const declining[] = { PPSE_VISA, FCI_VISA, GPO_AAC, NULL };
static const char *const wants_pin[] = { PPSE_VISA, FCI_VISA, GPO_PIN, NULL };
static const char *const torn[] = { PPSE_VISA, FCI_VISA, "!", NULL };
static const char *const lost[] = { PPSE_VISA, "!!", NULL };
static const char *const garbage_thrice[] = { "9000", "9000", "6700", NULL };
static const char *const garbage_once[] = { "9000", PPSE_VISA, FCI_VISA, GPO_ARQC, NULL };
static const char *const phone[] = { PPSE_VISA, FCI_VISA, "6986", PPSE_VISA, FCI_VISA, GPO_ARQC, NULL };
static const char *const shy_phone[] = { PPSE_VISA, FCI_VISA, "6986", PPSE_VISA, FCI_VISA, "6986", "!", NULL };

#define SAY(n) { "", PRETEND_HELLO }, { "ready", n }
#define AUTHORIZE SAY (PRETEND_AUTHORIZE ("1"))
#define IDENTIFY  SAY (PRETEND_IDENTIFY ("1"))

typedef struct
{
  const char  *name;
  PretendCard  cards[4];
  PretendLine  lines[6];
  const char  *log;                  /* behind "ready" */
} Story;

/* The first card with answers == NULL ends the list, except a plain one. */
static const Story stories[] = {
  { "a-card-is-identified", { { 1, .after = 3, .answers = visa } }, { IDENTIFY, { "removed", NULL } },
    PRESENT ("1") VISA ("1") REMOVED ("1") },
  { "an-authorization-is-sealed", { { 1, .answers = visa } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "a-plain-card-is-identified-as-uid", { { 1, .plain = TRUE } }, { IDENTIFY, { "removed", NULL } },
    PRESENT ("1") "card 1 uid - - - - - - 0;" REMOVED ("1") },
  { "a-card-without-payment-is-uid-too", { { 1, .answers = no_payment } }, { IDENTIFY, { "removed", NULL } },
    PRESENT ("1") "card 1 uid - - - - - - 0;" REMOVED ("1") },
  { "a-plain-card-cannot-pay", { { 1, .plain = TRUE } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "failed 1 not-known-here 0;" REMOVED ("1") },
  { "an-rfid-card-cannot-pay", { { 1, .answers = no_payment } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "failed 1 not-known-here 0;" REMOVED ("1") },
  { "mastercard-is-not-accepted-yet", { { 1, .answers = master } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "failed 1 not-accepted 0;" REMOVED ("1") },
  { "a-decline-by-the-card-ends-it", { { 1, .answers = declining } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "failed 1 declined 0;" REMOVED ("1") },
  { "a-declining-card-is-still-somebody's", { { 1, .answers = declining } }, { IDENTIFY, { "removed", NULL } },
    PRESENT ("1") VISA ("1") REMOVED ("1") },

  { "torn-twice-it-is-read-the-third-time",
    { { 1, .answers = torn }, { 1, .after = 2, .answers = torn }, { 1, .after = 2, .answers = visa } },
    { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 hold-still;hint 1 hold-still;" VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "torn-thrice-it-is-another-card's-turn", { { 1, .answers = torn }, { 1, .answers = torn }, { 1, .answers = torn } },
    { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 hold-still;hint 1 hold-still;failed 1 other-card 1;" REMOVED ("1") },
  { "garbage-is-tried-again", { { 1, .answers = garbage_once } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 try-again;" VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "garbage-thrice-it-is-another-card's-turn", { { 1, .answers = garbage_thrice } },
    { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 try-again;hint 1 try-again;failed 1 other-card 1;" REMOVED ("1") },
  { "two-cards-that-take-turns-are-noticed",
    { { 1, .answers = torn }, { 9, .answers = torn }, { 1, .after = 2, .answers = visa } },
    { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 hold-still;hint 1 one-card-only;" VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "a-phone-is-looked-at-and-tapped-again", { { 8, .answers = phone } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 see-phone;" VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "a-card-that-wants-a-pin-makes-room-for-another",
    { { 1, .stays = 5, .answers = wants_pin }, { 2, .after = 3, .answers = visa } }, { AUTHORIZE, { "removed", NULL } },
    PRESENT ("1") "hint 1 other-card;" VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },

  { "a-cancel-ends-the-looking", { { 0 } }, { AUTHORIZE, { "present-card", PRETEND_CANCEL ("1") }, { "failed", NULL } },
    PRESENT ("1") "failed 1 cancelled 1;" },
  { "a-cancel-of-another-request-does-not", { { 1, .after = 5, .answers = visa } },
    { AUTHORIZE, { "present-card", PRETEND_CANCEL ("7") }, { "removed", NULL } },
    PRESENT ("1") VISA ("1") "sealed 1 none arqc;" REMOVED ("1") },
  { "a-late-cancel-is-not-minded", { { 1, .stays = 3, .answers = visa } },
    { AUTHORIZE, { "sealed", PRETEND_CANCEL ("1") }, { "removed", PRETEND_IDENTIFY ("2") }, { "failed", NULL } },
    PRESENT ("1") VISA ("1") "sealed 1 none arqc;" REMOVED ("1") PRESENT ("2") "failed 2 timeout 1;" },
  { "nobody-comes", { { 0 } }, { AUTHORIZE, { "failed", NULL } }, PRESENT ("1") "failed 1 timeout 1;" },
  { "only-a-shy-phone-comes", { { 8, .answers = shy_phone } }, { AUTHORIZE, { "failed", NULL } },
    PRESENT ("1") "hint 1 see-phone;hint 1 see-phone;hint 1 hold-still;failed 1 other-card 1;" },

  { "a-card-that-lies-there-is-no-tap", { { 1, .stays = 20, .answers = visa }, { 1, .after = 3, .answers = visa } },
    { IDENTIFY, { "VISA", PRETEND_AUTHORIZE ("2") }, { "hint 2 removed", NULL } },
    PRESENT ("1") VISA ("1") REMOVED ("1") PRESENT ("2") VISA ("2") "sealed 2 none arqc;" REMOVED ("2") },
  { "a-key-that-is-not-ours-is-refused", { { 0 } },
    { SAY (PRETEND_AUTHORIZE_OF ("1", "2500", "25.00", "EUR", "other")), { "failed", NULL } },
    "failed 1 bad-request 0;" },
  { "a-currency-that-nobody-knows-is-refused", { { 0 } },
    { SAY (PRETEND_AUTHORIZE_OF ("1", "2500", "25.00", "QQQ", "mle-0815")), { "failed", NULL } },
    "failed 1 bad-request 0;" },
  { "an-amount-over-the-limit-is-refused", { { 0 } },
    { SAY (PRETEND_AUTHORIZE_OF ("1", "15001", "150.01", "EUR", "mle-0815")), { "failed", NULL } },
    "failed 1 not-accepted 0;" },
  { "another-amount-in-the-body-is-not-sealed", { { 1, .answers = visa } },
    { SAY (PRETEND_AUTHORIZE_OF ("1", "2500", "25.01", "EUR", "mle-0815")), { "removed", NULL } },
    PRESENT ("1") "failed 1 not-sealed 0;" REMOVED ("1") },
  { "the-same-amount-in-another-currency-is-not-sealed", { { 1, .answers = visa } },
    { SAY (PRETEND_AUTHORIZE_OF ("1", "2500", "25.00", "CHF", "mle-0815")), { "removed", NULL } },
    PRESENT ("1") "failed 1 not-sealed 0;" REMOVED ("1") },
};

static guint
count (const PretendCard *cards)
{
  guint n = 0;

  while (n < 4 && (cards[n].answers != NULL || cards[n].plain))
    n++;
  return n;
}

static void
expect_log (Pretend    *p,
            const char *behind_ready)
{
  g_autofree char *log = g_strconcat (READY, behind_ready, NULL);

  g_assert_cmpstr (p->log->str, ==, log);
}

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  g_autoptr(GError) error = NULL;
  Pretend p;

  pretend_init (&p);
  g_assert_true (pretend_run (&p, story->cards, count (story->cards), story->lines, &error));
  g_assert_no_error (error);
  expect_log (&p, story->log);
  g_assert_false (p.field_on);
  g_assert_cmpint (p.ever_on, ==, strstr (story->log, "present-card") != NULL);
  pretend_clear (&p);
}

static void
test_sealed (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa } };
  static const PretendLine lines[] = { AUTHORIZE, { "removed", NULL } };
  g_autofree char *pem_text = NULL, *digest = NULL;
  g_autoptr(GBytes) pem = NULL, plain = NULL, sealed = NULL;
  g_autoptr(TwSealKey) key = NULL;
  g_autoptr(TwJson) wrapper = NULL, body = NULL;
  g_autoptr(GError) error = NULL;
  const TwJson *pos;
  Pretend p;
  gsize n;

  pretend_init (&p);
  g_assert_true (pretend_run (&p, cards, 1, lines, &error));
  sealed = g_bytes_new (p.sealed, strlen (p.sealed));
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, sealed);
  g_assert_cmpstr (p.digest, ==, digest);
  g_assert_null (strstr (p.sealed, "4111"));

  g_assert_true (g_file_get_contents (TEST_DATA "/seal/private.pem", &pem_text, &n, &error));
  pem = g_bytes_new (pem_text, n);
  key = tw_seal_key_from_private (pem, &error);
  wrapper = tw_json_parse (p.sealed, strlen (p.sealed), &TW_JSON_SMALL, &error);
  plain = tw_jwe_decrypt (key, tw_json_get_string (wrapper, "encryptedRequest", &error), &error);
  g_assert_no_error (error);
  body = tw_json_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), &TW_JSON_SMALL, &error);
  g_assert_no_error (error);
  pos = tw_json_member (body, "pointOfSaleInformation");
  g_assert_cmpstr (tw_json_string (tw_json_member (pos, "trackData")), ==, ";4111111111111111=30122010000000000000?");
  g_assert_cmpstr (tw_json_string (tw_json_member (pos, "entryMode")), ==, "contactless");
  g_assert_cmpstr (tw_json_string (tw_json_member (pos, "terminalId")), ==, "TW000001");
  g_assert_nonnull (strcasestr (tw_json_string (tw_json_member (tw_json_member (pos, "emv"), "tags")),
                                "9f26080102030405060708"));
  pretend_clear (&p);
}

/* Both epochs' values while two are valid. */
/* A daemon or a reader that starts again finds a card in the field: that is no tap. */
static void
test_lying_card (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa } };
  static const PretendLine lines[] = { AUTHORIZE, { "failed", NULL } };
  Pretend p;

  pretend_init (&p);
  p.lies_there = G_MAXUINT;
  g_assert_true (pretend_run (&p, cards, 1, lines, NULL));
  g_assert_nonnull (strstr (p.log->str, "failed 1 timeout"));
  g_assert_null (strstr (p.log->str, "card 1"));
  pretend_clear (&p);
}

static void
test_epochs (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa } };
  static const PretendLine lines[] = { IDENTIFY, { "removed", NULL } };
  Pretend p;

  pretend_init (&p);
  p.epochs.epochs[1].name = g_strdup ("2025");
  p.epochs.epochs[1].key = g_bytes_ref (p.epochs.epochs[0].key);
  p.epochs.n = 2;
  g_assert_true (pretend_run (&p, cards, 1, lines, NULL));
  expect_log (&p, PRESENT ("1") "card 1 emv ************1111 visa VISA DEBIT a0000000031010 "
              "2026a:3263dbe3fe55a8fef93eb11702895854 2025:3263dbe3fe55a8fef93eb11702895854 1;" REMOVED ("1"));
  pretend_clear (&p);
}

/* A number that the card has seen once is not used again: not in the next try either. */
static void
test_unpredictable (void)
{
  static const PretendCard cards[] = { { 1, .answers = torn }, { 1, .answers = torn }, { 1, .answers = visa } };
  static const PretendLine lines[] = { AUTHORIZE, { "removed", NULL } };
  g_autoptr(GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Pretend p;

  pretend_init (&p);
  g_assert_true (pretend_run (&p, cards, 3, lines, NULL));
  for (guint i = 0; i < p.commands->len; i++)
    {
      const char *command = p.commands->pdata[i];
      gsize n = strlen (command);

      if (!g_str_has_prefix (command, "80a8"))
        continue;
      g_assert_true (g_str_has_prefix (command, "80a8000023832120804000" "000000002500"));
      g_hash_table_add (numbers, g_strndup (command + n - 10, 8));
    }
  g_assert_cmpuint (g_hash_table_size (numbers), ==, 3);
  pretend_clear (&p);
}

static void
test_life (void)
{
  static const PretendLine lines[] = { IDENTIFY, { "failed", NULL } };
  Pretend p;

  pretend_init (&p);
  g_assert_true (pretend_run (&p, NULL, 0, lines, NULL));
  g_assert_cmpuint (p.alives, >=, 13);       /* 30 s at one in 2 s, less what hints and the answer said */
  g_assert_cmpuint (p.alives, <=, 15);
  pretend_clear (&p);
}

/* Each ends the process, with a reason that an operator reads. */
static void
test_ends (void)
{
  static const PretendCard cards[] = { { 1, .answers = lost } };
  static const struct { const char *reason; PretendLine lines[4]; } cases[] = {
    { "cable pulled", { IDENTIFY, { "never", NULL } } },
    { "did not begin with", { { "", PRETEND_IDENTIFY ("1") }, { "never", NULL } } },
    { "did not begin with", { { "never", NULL } } },
    { "expects another device", { { "", "{\"v\":1,\"kind\":\"hello\",\"content\":{\"device\":\"pn532:/dev/null\","
                                        "\"gateway\":\"cybersource\",\"key_ids\":[\"other\"]}}" },
                                 { "never", NULL } } },
    { "expects another device", { { "", "{\"v\":1,\"kind\":\"hello\",\"content\":{\"device\":\"pn532:/dev/ttyS9\","
                                        "\"gateway\":\"cybersource\",\"key_ids\":[]}}" }, { "never", NULL } } },
    { "out of turn", { { "", PRETEND_HELLO }, { "ready", PRETEND_HELLO }, { "never", NULL } } },
    { "while a request was running", { IDENTIFY, { "present-card", PRETEND_IDENTIFY ("2") }, { "never", NULL } } },
    { "may not send", { { "", PRETEND_HELLO },
                        { "ready", "{\"v\":1,\"kind\":\"alive\",\"content\":{}}" }, { "never", NULL } } },
    { "not known", { { "", PRETEND_HELLO },
                     { "ready", "{\"v\":1,\"kind\":\"cancel\",\"content\":{\"request\":1,\"x\":1}}" },
                     { "never", NULL } } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      Pretend p;

      pretend_init (&p);
      g_assert_false (pretend_run (&p, cards, 1, cases[i].lines, &error));
      if (strstr (error->message, cases[i].reason) == NULL)
        g_error ("case %u: %s", i, error->message);
      g_assert_false (p.field_on);
      pretend_clear (&p);
    }
}

static void
test_lost_while_looking (void)
{
  static const PretendLine lines[] = { IDENTIFY, { "never", NULL } };
  g_autoptr(GError) error = NULL;
  Pretend p;

  pretend_init (&p);
  p.lost_at_find = TRUE;
  g_assert_false (pretend_run (&p, NULL, 0, lines, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  expect_log (&p, PRESENT ("1"));
  pretend_clear (&p);
}

static void
test_collision (void)
{
  static const PretendCard cards[] = { { 1, .after = 3, .answers = visa } };
  static const PretendLine lines[] = { IDENTIFY, { "removed", NULL } };
  Pretend p;

  pretend_init (&p);
  p.two_cards_at = 2;
  g_assert_true (pretend_run (&p, cards, 1, lines, NULL));
  expect_log (&p, PRESENT ("1") "hint 1 one-card-only;" VISA ("1") REMOVED ("1"));
  pretend_clear (&p);
}

/* The card is asked whether it is one, and nothing that would tell whose. */
static void
test_bank_cards_off (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa }, { 2, .answers = no_payment } };
  static const PretendLine lines[] = { { "", PRETEND_HELLO }, { "ready", PRETEND_IDENTIFY ("1") },
                                       { "removed", PRETEND_IDENTIFY ("2") }, { "removed", NULL } };
  Pretend p;

  pretend_init (&p);
  p.config.bank_cards_test = FALSE;
  g_assert_true (pretend_run (&p, cards, 2, lines, NULL));
  g_assert_cmpstr (p.log->str, ==, "ready identify;" PRESENT ("1") "failed 1 not-accepted 0;" REMOVED ("1")
                   PRESENT ("2") "card 2 uid - - - - - - 0;" REMOVED ("2"));
  g_assert_cmpuint (p.commands->len, ==, 2);
  g_assert_cmpstr (p.commands->pdata[0], ==, PPSE_COMMAND);
  g_assert_cmpstr (p.commands->pdata[1], ==, PPSE_COMMAND);
  pretend_clear (&p);
}

/* Stopped between two commands: the card gets no further one. */
static void
test_cancel_between_exchanges (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa } };
  static const PretendLine lines[] = { { "", PRETEND_HELLO }, { "ready", PRETEND_AUTHORIZE ("1") },
                                       { "present-card", PRETEND_CANCEL ("1") }, { "failed", NULL } };
  Pretend p;

  pretend_init (&p);
  g_assert_true (pretend_run (&p, cards, 1, lines, NULL));
  expect_log (&p, PRESENT ("1") "failed 1 cancelled 1;");
  g_assert_cmpuint (p.commands->len, <, 3);
  pretend_clear (&p);
}

static void
test_warm_up (void)
{
  Pretend p;
  TwService service;

  pretend_init (&p);
  service = (TwService) { .clock = tw_virtual_clock_clock (p.clock), .seal_key = p.seal_key };
  g_assert_true (tw_service_warm_up (&service, NULL));
  service.seal_key = NULL;
  g_assert_true (tw_service_warm_up (&service, NULL));
  pretend_clear (&p);
}

/* Wound up at each turn, and never put off for good. */
static void
test_hang (void)
{
  static const PretendCard cards[] = { { 1, .answers = visa } };
  static const PretendLine lines[] = { IDENTIFY, { "removed", NULL } };
  guint left[2];

  for (guint i = 0; i < 2; i++)
    {
      Pretend p;

      pretend_init (&p);
      p.hang_s = i * 1000;
      g_assert_true (pretend_run (&p, cards, 1, lines, NULL));
      left[i] = alarm (0);
      pretend_clear (&p);
    }
  g_assert_cmpuint (left[0], ==, 0);
  g_assert_cmpuint (left[1], >, 900);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);    /* refusals are warned of, as they should */
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/readerapp/service/%s", stories[i].name);

      g_test_add_data_func (path, &stories[i], test_story);
    }
  g_test_add_func ("/readerapp/service/the-sealed-body-has-the-card's-fields", test_sealed);
  g_test_add_func ("/readerapp/service/two-epochs-give-two-fingerprints", test_epochs);
  g_test_add_func ("/readerapp/service/a-card-that-lies-there-at-the-start-is-no-tap", test_lying_card);
  g_test_add_func ("/readerapp/service/each-try-has-its-own-unpredictable-number", test_unpredictable);
  g_test_add_func ("/readerapp/service/signs-of-life-go-on-while-looking", test_life);
  g_test_add_func ("/readerapp/service/what-ends-the-process", test_ends);
  g_test_add_func ("/readerapp/service/a-reader-lost-while-looking-ends-the-process", test_lost_while_looking);
  g_test_add_func ("/readerapp/service/two-cards-at-once-are-told-of", test_collision);
  g_test_add_func ("/readerapp/service/bank-cards-off-reads-no-bank-card", test_bank_cards_off);
  g_test_add_func ("/readerapp/service/a-cancel-is-seen-between-two-commands", test_cancel_between_exchanges);
  g_test_add_func ("/readerapp/service/an-alarm-is-wound-up-against-hanging", test_hang);
  g_test_add_func ("/readerapp/service/the-warm-up-works-with-and-without-a-key", test_warm_up);
  return g_test_run ();
}
