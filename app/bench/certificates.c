/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/certificates.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"

#define SERVER_NAMES "DNS:apitest.cybersource.com,DNS:localhost,IP:127.0.0.1"
#define DAY_S (24 * 60 * 60)

/* What goes into one certificate. */
typedef struct
{
  const char *common_name;
  const char *serial_number;    /* the subject's attribute, which the payment service uses as kid; NULL */
  const char *alt_names;        /* NULL: none */
  gboolean    authority;
  long        from_s, until_s;  /* relative to now */
} Wish;

static const char *const TLS_FILES[] = { "server.pem", "server-untrusted.pem", "server-wrong-name.pem",
                                         "server-expired.pem" };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)

static void
extend (X509       *certificate,
        X509       *issuer,
        int         nid,
        const char *value)
{
  g_autoptr (X509_EXTENSION) extension = NULL;
  X509V3_CTX context;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert (extension != NULL);
  X509_add_ext (certificate, extension, -1);
}

static void
put_name (X509_NAME  *name,
          const char *field,
          const char *value)
{
  if (value != NULL)
    X509_NAME_add_entry_by_txt (name, field, MBSTRING_UTF8, (const guint8 *) value, -1, -1, 0);
}

/* issuer NULL: signs itself. */
static X509 *
make_certificate (const Wish *wish,
                  EVP_PKEY   *key,
                  X509       *issuer,
                  EVP_PKEY   *issuer_key)
{
  X509 *certificate = X509_new ();
  X509 *by = issuer != NULL ? issuer : certificate;
  guint64 serial;

  RAND_bytes ((guint8 *) &serial, sizeof serial);
  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), serial >> 1 | 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), wish->from_s);
  X509_gmtime_adj (X509_getm_notAfter (certificate), wish->until_s);
  put_name (X509_get_subject_name (certificate), "O", "Tapwatt bench");
  put_name (X509_get_subject_name (certificate), "CN", wish->common_name);
  put_name (X509_get_subject_name (certificate), "serialNumber", wish->serial_number);
  X509_set_issuer_name (certificate, X509_get_subject_name (by));
  X509_set_pubkey (certificate, key);

  extend (certificate, by, NID_basic_constraints, wish->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend (certificate, by, NID_key_usage,
          wish->authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,keyEncipherment");
  extend (certificate, by, NID_subject_key_identifier, "hash");
  if (wish->alt_names != NULL)
    {
      extend (certificate, by, NID_subject_alt_name, wish->alt_names);
      extend (certificate, by, NID_ext_key_usage, "serverAuth");
    }
  g_assert (X509_sign (certificate, issuer_key, EVP_sha256 ()) > 0);

  return certificate;
}

/* certificate or key may be NULL. */
static gboolean
save_pem (const char *dir,
          const char *name,
          X509       *certificate,
          EVP_PKEY   *key,
          GError    **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long n;

  if (certificate != NULL)
    PEM_write_bio_X509 (memory, certificate);
  if (key != NULL)
    PEM_write_bio_PKCS8PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL);
  n = BIO_get_mem_data (memory, &text);

  return g_file_set_contents_full (path, text, n, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
save_text (const char *dir,
           const char *name,
           const char *text,
           GError    **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
make_tls (const char *dir,
          X509       *authority,
          EVP_PKEY   *authority_key,
          GError    **error)
{
  const Wish wishes[] = {
    { "apitest.cybersource.com", NULL, SERVER_NAMES, FALSE, -DAY_S, 3650L * DAY_S },
    { "apitest.cybersource.com", NULL, SERVER_NAMES, FALSE, -DAY_S, 3650L * DAY_S },
    { "somebody.example", NULL, "DNS:somebody.example", FALSE, -DAY_S, 3650L * DAY_S },
    { "apitest.cybersource.com", NULL, SERVER_NAMES, FALSE, -20 * DAY_S, -DAY_S },
  };
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (2048);

  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      gboolean trusted = i != TW_TLS_UNTRUSTED;
      g_autoptr (X509) certificate =
        make_certificate (&wishes[i], key, trusted ? authority : NULL, trusted ? authority_key : key);

      if (!save_pem (dir, TLS_FILES[i], certificate, key, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
make_mle (const char *dir,
          X509       *authority,
          EVP_PKEY   *authority_key,
          const char *mle_kid,
          const char *response_kid,
          GError    **error)
{
  const Wish request = { "Tapwatt bench request encryption", mle_kid, NULL, FALSE, -DAY_S, 3650L * DAY_S };
  const Wish response = { "Tapwatt bench response encryption", response_kid, NULL, FALSE, -DAY_S, 3650L * DAY_S };
  g_autoptr (EVP_PKEY) request_key = EVP_RSA_gen (2048);
  g_autoptr (EVP_PKEY) response_key = EVP_RSA_gen (2048);
  g_autoptr (X509) request_certificate = make_certificate (&request, request_key, authority, authority_key);
  g_autoptr (X509) response_certificate = make_certificate (&response, response_key, authority, authority_key);

  return save_pem (dir, "mle.pem", request_certificate, NULL, error)
         && save_pem (dir, "mle-key.pem", NULL, request_key, error)
         && save_pem (dir, "response.pem", response_certificate, NULL, error)
         && save_pem (dir, "response-key.pem", NULL, response_key, error);
}

static gboolean
make_secrets (const char *dir,
              const char *mle_kid,
              const char *response_kid,
              GError    **error)
{
  guint8 secret[32];
  g_autofree char *base64 = NULL;
  g_autofree char *random = tw_random_hex (16);
  g_autofree char *fingerprint = tw_random_hex (32);
  g_autofree char *fingerprint_line = g_strdup_printf ("b1 %s\n", fingerprint);
  g_autofree char *key_id = g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", random, random + 8, random + 12,
                                             random + 16, random + 20);
  g_autofree char *names = g_strdup_printf ("merchant_id=tapwatt_bench\nkey_id=%s\nresponse_key_id=%s\nmle_kid=%s\n",
                                            key_id, response_kid, mle_kid);

  RAND_bytes (secret, sizeof secret);
  base64 = g_base64_encode (secret, sizeof secret);

  return save_text (dir, "shared-secret", base64, error)
         && save_text (dir, "fingerprint-key", fingerprint_line, error)
         && save_text (dir, "names", names, error);   /* last: its presence means that all is there */
}

static gboolean
make_all (const char *dir,
          GError    **error)
{
  const Wish wish = { "Tapwatt bench authority", NULL, NULL, TRUE, -30 * DAY_S, 3650L * DAY_S };
  g_autofree char *digits = g_strdup_printf ("%010u%06u", g_random_int (), g_random_int () % 1000000);
  g_autofree char *mle_kid = g_strdup_printf ("1%s", digits);
  g_autofree char *response_kid = g_strdup_printf ("2%s", digits);
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (2048);
  g_autoptr (X509) authority = make_certificate (&wish, key, NULL, key);

  return save_pem (dir, "ca.pem", authority, NULL, error)
         && make_tls (dir, authority, key, error)
         && make_mle (dir, authority, key, mle_kid, response_kid, error)
         && make_secrets (dir, mle_kid, response_kid, error);
}

static char *
read_file (const char *dir,
           const char *name,
           GError    **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, error) ? g_strstrip (text) : NULL;
}

static gboolean
read_keys (TwCertificates *self,
           GError        **error)
{
  g_autofree char *private_pem = read_file (self->dir, "mle-key.pem", error);
  g_autofree char *public_pem = private_pem != NULL ? read_file (self->dir, "response.pem", error) : NULL;
  g_autoptr (BIO) private_memory = NULL;
  g_autoptr (BIO) public_memory = NULL;
  g_autoptr (X509) certificate = NULL;

  if (public_pem == NULL)
    return FALSE;

  private_memory = BIO_new_mem_buf (private_pem, -1);
  public_memory = BIO_new_mem_buf (public_pem, -1);
  self->mle_private = PEM_read_bio_PrivateKey (private_memory, NULL, NULL, NULL);
  certificate = PEM_read_bio_X509 (public_memory, NULL, NULL, NULL);
  if (certificate != NULL)
    self->response_public = X509_get_pubkey (certificate);
  if (self->mle_private != NULL && self->response_public != NULL)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: mle-key.pem or response.pem is not a key: remove the folder",
               self->dir);
  return FALSE;
}

static gboolean
read_names (TwCertificates *self,
            GError        **error)
{
  g_autofree char *names = read_file (self->dir, "names", error);
  g_autofree char *secret = names != NULL ? read_file (self->dir, "shared-secret", error) : NULL;
  g_auto (GStrv) lines = NULL;
  gsize n = 0;
  g_autofree guint8 *bytes = NULL;

  if (secret == NULL)
    return FALSE;

  bytes = g_base64_decode (secret, &n);
  self->shared_secret = g_bytes_new (bytes, n);
  lines = g_strsplit (names, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *value = strchr (lines[i], '=');

      if (value == NULL)
        continue;
      *value++ = '\0';
      if (strcmp (lines[i], "merchant_id") == 0)
        self->merchant_id = g_strdup (value);
      else if (strcmp (lines[i], "key_id") == 0)
        self->key_id = g_strdup (value);
      else if (strcmp (lines[i], "response_key_id") == 0)
        self->response_key_id = g_strdup (value);
      else if (strcmp (lines[i], "mle_kid") == 0)
        self->mle_kid = g_strdup (value);
    }
  if (self->merchant_id != NULL && self->key_id != NULL && self->response_key_id != NULL && self->mle_kid != NULL)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s/names is not complete: remove the folder", self->dir);
  return FALSE;
}

static void
remove_folder (const char *dir)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);

  for (const char *name = g_dir_read_name (listing); name != NULL; name = g_dir_read_name (listing))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

/* In a folder beside it that is then renamed, so that two benches which share the folder find all of it or nothing. */
static gboolean
make_folder (const char *dir,
             GError    **error)
{
  g_autofree char *parent = g_path_get_dirname (dir);
  g_autofree char *fresh = g_strconcat (dir, ".XXXXXX", NULL);

  if (g_mkdir_with_parents (parent, 0700) != 0 || g_mkdtemp_full (fresh, 0700) == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "folder %s cannot be made: %s", dir, g_strerror (errno));
      return FALSE;
    }
  if (!make_all (fresh, error))
    {
      remove_folder (fresh);
      return FALSE;
    }
  if (g_rename (fresh, dir) != 0)
    remove_folder (fresh);   /* somebody was faster, or the folder holds something else: reading it will tell */

  return TRUE;
}

TwCertificates *
tw_certificates_open (const char *dir,
                      GError    **error)
{
  g_autoptr (TwCertificates) self = g_new0 (TwCertificates, 1);
  g_autofree char *names = g_build_filename (dir, "names", NULL);

  self->dir = g_strdup (dir);
  if (!g_file_test (names, G_FILE_TEST_EXISTS) && !make_folder (dir, error))
    return NULL;
  if (!read_names (self, error) || !read_keys (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_certificates_free (TwCertificates *self)
{
  if (self == NULL)
    return;
  g_free (self->dir);
  g_free (self->merchant_id);
  g_free (self->key_id);
  g_free (self->response_key_id);
  g_free (self->mle_kid);
  g_clear_pointer (&self->shared_secret, g_bytes_unref);
  EVP_PKEY_free (self->mle_private);
  EVP_PKEY_free (self->response_public);
  g_free (self);
}

char *
tw_certificates_tls_file (const TwCertificates *self,
                          TwTlsKind             kind)
{
  return g_build_filename (self->dir, TLS_FILES[kind], NULL);
}
