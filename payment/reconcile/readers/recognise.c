/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/recognise.h"

#include "payment/reconcile/readers/header.h"

#include <string.h>

#define MT940 "an MT940 statement, which cuts texts and tells no conversions: ask the bank for camt.053"

/* Files that begin with these bytes are not for anybody here. */
static const struct { const char *bytes; gsize n; const char *what; } magics[] = {
  { "PK\x03\x04", 4, "a ZIP archive or a spreadsheet" },
  { "\xd0\xcf\x11\xe0", 4, "an old spreadsheet" },
  { "\x1f\x8b", 2, "a compressed file" },
  { "%PDF", 4, "a PDF" },
  { "\xff\xfe", 2, "UTF-16 text" },
  { "\xfe\xff", 2, "UTF-16 text" },
  { "SQLite format 3", 15, "an SQLite database, such as a station's journal" },
  { "{1:F01", 6, MT940 },
  { ":20:", 4, MT940 },
  { "{", 1, "JSON" },
  { "[", 1, "JSON" },
};

static const struct { TwFileKind kind; const char *what, *names[5]; } tables[] = {
  { TW_FILE_ADYEN, "an Adyen settlement details report", { "Psp Reference" } },
  { TW_FILE_STRIPE, "a Stripe report", { "balance_transaction_id", "reporting_category", "payout_id" } },
  { TW_FILE_CYBERSOURCE, "a Cybersource report", { "request_id", "RequestID" } },
  { TW_FILE_OTHER, "a station's sales", { "captured_minor" } },
};

static gboolean
begins_with (TwChars     bytes,
             const char *text,
             gsize       n)
{
  return bytes.n >= n && memcmp (bytes.text, text, n) == 0;
}

static TwChars
skip_to (TwChars     bytes,
         const char *text)
{
  const char *found = memmem (bytes.text, bytes.n, text, strlen (text));
  const gsize skipped = found ? (gsize) (found - bytes.text) + strlen (text) : bytes.n;

  return (TwChars) { bytes.text + skipped, bytes.n - skipped };
}

static TwChars
skip_blanks (TwChars bytes)
{
  while (bytes.n > 0 && g_ascii_isspace (*bytes.text))
    bytes = (TwChars) { bytes.text + 1, bytes.n - 1 };

  return bytes;
}

/* From the root element's "<" on. What stands before it is declarations and comments. */
static TwChars
find_root (TwChars bytes)
{
  for (bytes = skip_blanks (bytes); bytes.n > 1; bytes = skip_blanks (bytes))
    if (begins_with (bytes, "<!--", 4))
      bytes = skip_to (bytes, "-->");
    else if (bytes.text[1] == '?' || bytes.text[1] == '!')
      bytes = skip_to (bytes, skip_to (bytes, "[").n > skip_to (bytes, ">").n ? "]>" : ">");
    else
      break;

  return bytes;
}

static TwFileKind
recognise_xml (TwChars      bytes,
               const char **what)
{
  const TwChars root = find_root (bytes);
  const char *end = memchr (root.text, '>', root.n);
  const gsize n = end ? (gsize) (end - root.text) : root.n;

  if (memmem (root.text, n, "camt.053.", 9))
    *what = "a camt.053 statement";
  else if (memmem (root.text, n, "camt.054.", 9))
    *what = "a camt.054 notification";
  else if (memmem (root.text, n, "camt.052.", 9))
    *what = "a camt.052 report of the day, which is not final: take the statement (camt.053)";
  else if (begins_with (root, "<Report", 7))
    *what = "a Cybersource report (XML)";
  else
    *what = "XML of a kind that we do not read";

  return strstr (*what, "camt.053 s") ? TW_FILE_CAMT_053 : strstr (*what, "camt.054") ? TW_FILE_CAMT_054
         : strstr (*what, "Cybersource") ? TW_FILE_CYBERSOURCE_XML : TW_FILE_OTHER;
}

/* The first line that is no comment: a time, a blank, and nothing but hex digits. */
static gboolean
is_zvt (TwChars bytes)
{
  const char *p, *end, *blank;

  while (bytes.n > 0 && (*bytes.text == '#' || g_ascii_isspace (*bytes.text)))
    bytes = *bytes.text == '#' ? skip_to (bytes, "\n") : skip_blanks (bytes);
  p = memchr (bytes.text, '\n', bytes.n);
  end = p ? p : bytes.text + bytes.n;
  blank = memchr (bytes.text, ' ', end - bytes.text);
  if (blank == NULL || blank - bytes.text < 19 || bytes.text[4] != '-' || bytes.text[10] != 'T')
    return FALSE;
  for (p = blank; p < end; p++)
    if (!g_ascii_isxdigit (*p) && !g_ascii_isspace (*p))
      return FALSE;

  return TRUE;
}

static TwFileKind
recognise (TwChars      bytes,
           const char  *path,
           const char **what)
{
  const TwChars text = skip_blanks (bytes);

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (begins_with (text, magics[i].bytes, magics[i].n))
      {
        *what = magics[i].what;
        return TW_FILE_OTHER;
      }
  if (begins_with (text, "<", 1))
    return recognise_xml (text, what);
  *what = "end-of-day totals of a ZVT terminal";
  if (is_zvt (bytes))
    return TW_FILE_ZVT;
  *what = "a Cybersource Payment Events report, which does not tell what was sent: take Payment Batch Detail";
  if (begins_with (text, "Payment Events", 14) || begins_with (text, "\"Payment Events", 15))
    return TW_FILE_OTHER;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      TwHeaderPlace place;

      *what = tables[i].what;
      if (tw_header_find (bytes, path, tables[i].names, &place, NULL))
        return tables[i].kind;
    }
  *what = "none of the formats that we know";

  return TW_FILE_UNKNOWN;
}

gboolean
tw_recognise (const char  *path,
              TwFileKind  *kind,
              const char **what,
              GError     **error)
{
  g_autoptr (TwRows) rows = tw_rows_open (path, error);

  if (rows == NULL)
    return FALSE;
  *kind = recognise (tw_rows_peek (rows), path, what);

  return TRUE;
}
