/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a P-256 record, from its bytes to its verdict, against OpenSSL alone: the SHA-256 of the payload and the
 * verification of a signature that is decoded already, with the key that is read already. */
#include "payment/ocmf/transaction.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

enum { N_ROUNDS = 15, N_RECORDS = 1000 };

typedef struct
{
  EVP_PKEY  *pkey;
  TwOcmfKey *key;
  char      *records[N_RECORDS];
  guint8     signatures[N_RECORDS][80];
  gsize      n_signatures[N_RECORDS];
} Bench;

static char *
make_payload (guint i)
{
  return g_strdup_printf (
    "{\"FV\":\"1.4\",\"GI\":\"Maker SBC-301\",\"GS\":\"808829900001\",\"GV\":\"1.4p3\",\"PG\":\"T%u\",\"MV\":\"Maker\","
    "\"MM\":\"EEM-350-D-MCB\",\"MS\":\"BQ27400330016\",\"MF\":\"1.0\",\"IS\":true,\"IL\":\"TRUSTED\","
    "\"IF\":[\"RFID_PLAIN\",\"OCPP_RS_TLS\"],\"IT\":\"CARD_TXN_NR\",\"ID\":\"%08u\",\"TT\":\"TW1;day;0123456789abcdef;"
    "EUR;0.49/kWh\",\"RD\":[{\"TM\":\"2026-03-01T13:22:04,000+0100 S\",\"TX\":\"B\",\"RV\":2935.600,"
    "\"RI\":\"01-00:B0.08.00*FF\",\"RU\":\"kWh\",\"RT\":\"AC\",\"EF\":\"\",\"ST\":\"G\"},"
    "{\"TM\":\"2026-03-01T14:22:04,000+0100 S\",\"TX\":\"E\",\"RV\":2945.%03u,\"RI\":\"01-00:B0.08.00*FF\","
    "\"RU\":\"kWh\",\"RT\":\"AC\",\"EF\":\"\",\"ST\":\"G\"}]}", i + 1, i, i);
}

static void
sign (Bench      *self,
      guint       i,
      const char *payload)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  g_autoptr (GString) hex = g_string_new (NULL);

  self->n_signatures[i] = sizeof self->signatures[i];
  g_assert_cmpint (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, self->pkey), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, self->signatures[i], &self->n_signatures[i], (const guint8 *) payload,
                                   strlen (payload)), ==, 1);
  for (gsize at = 0; at < self->n_signatures[i]; at++)
    g_string_append_printf (hex, "%02x", self->signatures[i][at]);
  self->records[i] = g_strdup_printf ("OCMF|%s|{\"SA\":\"ECDSA-secp256r1-SHA256\",\"SD\":\"%s\"}", payload, hex->str);
  EVP_MD_CTX_free (context);
}

static void
set_up (Bench *self)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *pem;
  long n;

  self->pkey = EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-256");
  g_assert_cmpint (PEM_write_bio_PUBKEY (bio, self->pkey), ==, 1);
  n = BIO_get_mem_data (bio, &pem);
  self->key = tw_ocmf_key_new (pem, n);
  BIO_free (bio);
  for (guint i = 0; i < N_RECORDS; i++)
    {
      g_autofree char *payload = make_payload (i);

      sign (self, i, payload);
    }
}

/* Of this thread: what other programs do meanwhile does not count. */
static gint64
cpu_us (void)
{
  struct timespec now;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
  return (gint64) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static gint64
measure_ours (const Bench *self)
{
  gint64 begin = cpu_us ();
  const TwOcmfKeys keys = { .given = self->key };

  for (guint i = 0; i < N_RECORDS; i++)
    {
      g_autoptr (TwOcmfRecord) record = tw_ocmf_record_parse (self->records[i], strlen (self->records[i]), NULL);
      g_auto (TwOcmfJudgement) judgement = { 0 };

      tw_ocmf_verify (record, &keys, &judgement);
      g_assert_cmpint (judgement.verdict, ==, TW_OCMF_VALID);
    }

  return cpu_us () - begin;
}

static gint64
measure_openssl (const Bench *self)
{
  gint64 begin = cpu_us ();

  for (guint i = 0; i < N_RECORDS; i++)
    {
      const char *payload = self->records[i] + strlen ("OCMF|");
      EVP_MD_CTX *context = EVP_MD_CTX_new ();

      g_assert_cmpint (EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, self->pkey), ==, 1);
      g_assert_cmpint (EVP_DigestVerify (context, self->signatures[i], self->n_signatures[i], (const guint8 *) payload,
                                         strchr (payload, '|') - payload), ==, 1);
      EVP_MD_CTX_free (context);
    }

  return cpu_us () - begin;
}

/* What a file of them takes, on all processors; by the clock. */
static gint64
measure_file (const Bench *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const TwOcmfKeys keys = { .given = self->key };
  g_autoptr (TwOcmfContainer) container = NULL;
  TwOcmfCase *cases;
  gint64 begin;

  for (guint i = 0; i < N_RECORDS; i++)
    g_string_append_printf (text, "%s\n", self->records[i]);

  begin = g_get_monotonic_time ();
  container = tw_ocmf_container_read (text->str, text->len, NULL);
  cases = tw_ocmf_container_judge (container, &keys);
  tw_ocmf_match (cases, N_RECORDS, NULL);
  for (guint i = 0; i < N_RECORDS; i++)
    g_assert_cmpint (cases[i].judgement.verdict, ==, TW_OCMF_VALID);
  tw_ocmf_cases_free (cases, N_RECORDS);

  return g_get_monotonic_time () - begin;
}

static void
test_ratio (void)
{
  g_autofree Bench *self = g_new0 (Bench, 1);
  gint64 ours_us = G_MAXINT64, openssl_us = G_MAXINT64, file_us = G_MAXINT64;

  set_up (self);
  for (int i = 0; i < N_ROUNDS; i++) /* in turns: a busy moment hits both */
    {
      ours_us = MIN (ours_us, measure_ours (self));
      openssl_us = MIN (openssl_us, measure_openssl (self));
      file_us = MIN (file_us, measure_file (self));
    }

  g_test_message ("one thread: records verified %.0f/s, OpenSSL alone %.0f/s, ratio %.2f (aim: 0.90)",
                  1e6 * N_RECORDS / ours_us, 1e6 * N_RECORDS / openssl_us, (double) openssl_us / ours_us);
  g_test_message ("%u processors: records of a file %.0f/s, ratio to OpenSSL alone on one %.2f (aim: 0.90)",
                  g_get_num_processors (), 1e6 * N_RECORDS / file_us, (double) openssl_us / file_us);
  g_assert_cmpint (ours_us, <, 2 * openssl_us);
  for (guint i = 0; i < N_RECORDS; i++)
    g_free (self->records[i]);
  tw_ocmf_key_free (self->key);
  EVP_PKEY_free (self->pkey);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bench/ocmf/reading-a-record-costs-little-beside-its-signature", test_ratio);

  return g_test_run ();
}
