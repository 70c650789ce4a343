/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "app/base/error.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

/* Where the bytes are and how many: what a GBytes' free function is not told. */
typedef struct
{
  void *bytes;
  gsize n;
} Extent;

static void
extent_wipe (gpointer data)
{
  Extent *self = data;

  tw_wipe (self->bytes, self->n);
  g_free (self->bytes);
  g_free (self);
}

static void
extent_unmap (gpointer data)
{
  Extent *self = data;

  tw_wipe (self->bytes, self->n);
  munmap (self->bytes, self->n); /* unlocks, too: munlock(2) */
  g_free (self);
}

/* What was decoded may be a key: every decoded value is wiped when it goes, not only those known as secrets. */
static GBytes *
bytes_take_wiped (guint8 *bytes,
                  gsize   n)
{
  Extent *extent = g_new (Extent, 1);

  *extent = (Extent) { bytes, n };
  return g_bytes_new_with_free_func (bytes, n, extent_wipe, extent);
}

char *
tw_hex_encode (const guint8 *bytes,
               gsize         n)
{
  static const char digits[] = "0123456789abcdef";
  char *hex = g_malloc (2 * n + 1);

  for (gsize i = 0; i < n; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 0x0f];
    }
  hex[2 * n] = '\0';

  return hex;
}

GBytes *
tw_hex_decode (const char  *hex,
               GError     **error)
{
  gsize n = strlen (hex);
  guint8 *bytes;

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isxdigit (hex[i]))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "character %" G_GSIZE_FORMAT " is not a hex digit", i + 1);
        return NULL;
      }
  if (n % 2 != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "an odd number (%" G_GSIZE_FORMAT ") of hex digits", n);
      return NULL;
    }

  bytes = g_malloc (n / 2 + 1);
  for (gsize i = 0; i < n / 2; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);

  return bytes_take_wiped (bytes, n / 2);
}

char *
tw_base64url_encode (const guint8 *bytes,
                     gsize         n)
{
  char *text = n > 0 ? g_base64_encode (bytes, n) : g_strdup ("");

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

/* Strict by re-encoding: of all texts that a lenient decoder would take for these bytes (padding, the other
 * alphabet, white space, stray last bits) only the one that an encoder makes is accepted. */
GBytes *
tw_base64url_decode (const char  *text,
                     GError     **error)
{
  gsize n = strlen (text), n_bytes = 0;
  g_autofree char *padded = g_strdup_printf ("%s%.*s", text, (int) ((4 - n % 4) % 4), "===");
  g_autofree char *again = NULL;
  guint8 *bytes;
  gboolean same;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  bytes = g_base64_decode (padded, &n_bytes);
  again = tw_base64url_encode (bytes, n_bytes);
  same = g_str_equal (again, text);
  tw_wipe (padded, strlen (padded));
  tw_wipe (again, strlen (again));
  if (same)
    return bytes_take_wiped (bytes, n_bytes);

  tw_wipe (bytes, n_bytes);
  g_free (bytes);
  g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "not base64url without padding (RFC 7515, section 2)");
  return NULL;
}

char *
tw_text_printable (const char *text,
                   gsize       max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  gsize n = 0;

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (n++ == max)
        {
          g_string_append (line, "...");
          break;
        }
      if (g_unichar_iscntrl (character) || character == 0x2028 || character == 0x2029) /* line, paragraph separator */
        g_string_append_printf (line, "\\x%02x", character);
      else
        g_string_append_unichar (line, character);
    }

  return g_string_free (line, FALSE);
}

void
tw_wipe (void  *bytes,
         gsize  n)
{
  if (n > 0)
    explicit_bzero (bytes, n);
}

GBytes *
tw_secret_new (const void *bytes,
               gsize       n)
{
  Extent *extent = g_new (Extent, 1);

  extent->n = MAX (n, 1);
  extent->bytes = mmap (NULL, extent->n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (extent->bytes == MAP_FAILED)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes: %s", n, g_strerror (errno));
  if (mlock (extent->bytes, extent->n) != 0)
    g_error ("cannot lock a secret into memory: %s; raise LimitMEMLOCK (ulimit -l)", g_strerror (errno));
  if (madvise (extent->bytes, extent->n, MADV_DONTDUMP) != 0)
    g_error ("cannot keep a secret out of core dumps: %s", g_strerror (errno));
  if (n > 0)
    memcpy (extent->bytes, bytes, n);

  return g_bytes_new_with_free_func (extent->bytes, n, extent_unmap, extent);
}

char *
tw_random_hex (gsize n_bytes)
{
  g_autofree guint8 *bytes = g_malloc (n_bytes + 1);

  for (gsize done = 0; done < n_bytes;)
    {
      gssize n = getrandom (bytes + done, n_bytes - done, 0);

      if (n < 0 && errno != EINTR)
        g_error ("the kernel gives no random numbers: %s", g_strerror (errno));
      done += MAX (n, 0);
    }

  return tw_hex_encode (bytes, n_bytes);
}

char *
tw_sha256_hex (GBytes *bytes)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}
