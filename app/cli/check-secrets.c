/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/bytes.h"
#include "app/base/small-file.h"
#include "payment/seal/seal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST (64 * 1024)
#define KEY_HEX 64          /* 32 bytes */
#define LONGEST_EPOCH 16
#define LEAST_SECRET 16     /* bytes; the service gives 32 */

/* What a secret's bytes should be: NULL, or what they are not. */
typedef const char *(*Look) (GBytes *bytes);

/* "epoch hex", as tapwatt-reader takes it: the epoch has 1 to 16 letters, digits, "-" and ".", and one space follows.
 * sscanf would leave copies of the key behind. */
static gboolean
is_key_line (const char *line,
             gsize       len)
{
  gsize epoch = 0, digits = 0;

  while (epoch < len && (g_ascii_isalnum (line[epoch]) || line[epoch] == '-' || line[epoch] == '.'))
    epoch++;
  if (epoch == 0 || epoch > LONGEST_EPOCH || epoch == len || line[epoch] != ' ')
    return FALSE;

  while (epoch + 1 + digits < len && g_ascii_isxdigit (line[epoch + 1 + digits]))
    digits++;

  return digits == KEY_HEX && epoch + 1 + digits == len;
}

static gboolean
is_no_key (const char *line,
           gsize       len)
{
  return len == 0 || *line == '#';
}

static const char *
look_at_fingerprint_key (GBytes *bytes)
{
  gsize n, keys = 0;
  const char *text = g_bytes_get_data (bytes, &n);
  const char *end = text + n;

  while (n > 0 && text < end)
    {
      const char *feed = memchr (text, '\n', end - text);
      gsize line = feed != NULL ? (gsize) (feed - text) : (gsize) (end - text);
      gsize len = line;

      while (len > 0 && g_ascii_isspace (text[len - 1]))
        len--;
      if (!is_no_key (text, len) && (!is_key_line (text, len) || ++keys > 2))
        return "one or two lines \"epoch hex\" with 64 hex digits are expected";
      text += line + 1;
    }

  return keys > 0 ? NULL : "it is empty";
}

static gboolean
is_base64 (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '=' || g_ascii_isspace (c);
}

static const char *
look_at_shared_secret (GBytes *bytes)
{
  gsize n, digits = 0;
  const char *text = g_bytes_get_data (bytes, &n);

  for (gsize i = 0; i < n; i++)
    {
      if (!is_base64 (text[i]))
        return "base64 is expected, as the service gave it";
      digits += g_ascii_isalnum (text[i]) || text[i] == '+' || text[i] == '/';
    }

  return digits * 3 / 4 >= LEAST_SECRET ? NULL : "it is too short to be the service's secret";
}

static const char *
look_at_response_key (GBytes *bytes)
{
  g_autoptr (TwSealKey) key = tw_seal_key_from_private (bytes, NULL);

  return key != NULL ? NULL : "an RSA private key in PEM form without password is expected";
}

static gboolean
check_mode (TwFindings *findings,
            const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *advice = g_strdup_printf ("chmod 0600 %s, and get a new one: others could have read this one", path);
  g_autofree char *dir_advice = g_strdup_printf ("chmod o-w %s", dir);
  struct stat is, dir_is;

  if (stat (path, &is) != 0 || stat (dir, &dir_is) != 0)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "secret", path, "put it there, for the station's user only", "%s",
                       g_strerror (errno));
      return FALSE;
    }

  if (is.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "secret", path, advice, "mode %04o: others than its owner may %s it",
                       (guint) is.st_mode & 07777, is.st_mode & S_IROTH ? "read" : "change");
      return FALSE;
    }

  if ((dir_is.st_mode & S_IWOTH) && !(dir_is.st_mode & S_ISVTX))
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "secret", path, dir_advice,
                       "everybody may write to %s, and so replace it", dir);
      return FALSE;
    }

  return TRUE;
}

static void
check_secret (TwFindings *findings,
              const char *path,
              const char *name,
              Look        look)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *wrong;

  if (path == NULL || !check_mode (findings, path))
    return;

  bytes = tw_small_file_read (path, LARGEST, &error);
  wrong = bytes != NULL ? look (bytes) : NULL;
  if (bytes == NULL)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "secret", path, "let the station's user read it, and nobody else",
                     "%s: %s", name, error->message);
  else if (wrong != NULL)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "secret", path, "put the right file there", "%s: %s", name, wrong);
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "secret", path, NULL, "%s", name);
}

void
tw_check_secrets (TwFindings     *findings,
                  const TwConfig *config)
{
  check_secret (findings, config->fingerprint_key, "fingerprint key", look_at_fingerprint_key);
  check_secret (findings, config->shared_secret_file, "shared secret", look_at_shared_secret);
  check_secret (findings, config->response_key, "response key", look_at_response_key);
}
