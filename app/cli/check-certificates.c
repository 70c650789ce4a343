/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/small-file.h"
#include "payment/seal/seal.h"

#define LARGEST (1024 * 1024)
#define DAY_S (24 * 60 * 60)
#define WARN_DAYS 30

static const char GET_NEW[] = "get a new one from the payment service, put it there and restart the station";

static void
report_end (TwFindings *findings,
            const char *path,
            const char *name,
            gint64      end_s,
            gint64      now_s)
{
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_utc (end_s);
  g_autofree char *day = end != NULL ? g_date_time_format (end, "%Y-%m-%d") : g_strdup ("an impossible date");
  gint64 days = (end_s - now_s) / DAY_S;

  if (end_s <= now_s)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "certificate", path, GET_NEW, "%s: expired on %s", name, day);
  else if (days < WARN_DAYS)
    tw_findings_add (findings, TW_SEVERITY_WARN, "certificate", path, GET_NEW,
                     "%s: expires on %s, in %" G_GINT64_FORMAT " days", name, day, days);
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "certificate", path, NULL, "%s: until %s", name, day);
}

static void
check_encryption (TwFindings *findings,
                  const char *path,
                  gint64      now_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = tw_small_file_read (path, LARGEST, &error);
  g_autoptr (TwSealKey) key = pem != NULL ? tw_seal_key_from_certificate (pem, now_s, &error) : NULL;

  if (key == NULL)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "certificate", path, GET_NEW, "message encryption: %s",
                     error->message);
  else
    report_end (findings, path, "message encryption", tw_seal_key_expiry_s (key), now_s);
}

static void
check_authorities (TwFindings *findings,
                   const char *path,
                   gint64      now_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = tw_small_file_read (path, LARGEST, &error);
  gint64 end_s;
  guint n;

  if (pem != NULL && tw_seal_authorities_expiry_s (pem, &end_s, &n, &error))
    report_end (findings, path, n == 1 ? "authority" : "first of the authorities", end_s, now_s);
  else
    tw_findings_add (findings, TW_SEVERITY_FAIL, "certificate", path,
                     "put the certificate of the authority there that signs the payment service's, in PEM form",
                     "authorities: %s", error->message);
}

void
tw_check_certificates (TwFindings     *findings,
                       const TwConfig *config,
                       gint64          now_s)
{
  if (config->mle_certificate != NULL)
    check_encryption (findings, config->mle_certificate, now_s);
  if (config->gateway_ca_file != NULL)
    check_authorities (findings, config->gateway_ca_file, now_s);
}
