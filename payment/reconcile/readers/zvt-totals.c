/* SPDX-License-Identifier: Apache-2.0 */
/* End-of-day totals of ZVT terminals (README.md has the file's form): a line a packet, the time at which it came, and
 * its bytes in hex. The terminal's own date has no year and its time no zone; the line's has both.
 */
#include "payment/reconcile/readers/formats.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/small-file.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"
#include "payment/reconcile/readers/zvt-packet.h"

#include <string.h>

enum { MAX_BYTES = 16 * 1024 * 1024, DAY_S = 24 * 3600 };

typedef struct
{
  TwReading *reading;
  TwZone *zone;
  GHashTable *last;                      /* terminal to its last end of day, microseconds */
  TwZvtPacket before;                    /* a completion repeats what its status said */
  guint line;
  gsize n_bytes;
} Totals;

static gboolean
refuse (const Totals *self,
        const char   *what,
        GError      **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %u: %s", self->reading->path, self->line, what);

  return FALSE;
}

/* The year is that which puts the terminal's date nearest to the day on which the packet came. */
static gboolean
find_day (const TwZvtPacket *packet,
          gint64             received_us,
          gint32            *day)
{
  const gint32 received = received_us / G_USEC_PER_SEC / DAY_S;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (received_us / G_USEC_PER_SEC);
  gint32 best = G_MAXINT32, found;

  for (int year = g_date_time_get_year (time) - 1; year <= g_date_time_get_year (time) + 1; year++)
    if (tw_day_from_parts (year, packet->month, packet->day, &found) && ABS (found - received) < best)
      {
        best = ABS (found - received);
        *day = found;
      }

  return best <= 31;
}

static gboolean
check_sums (const TwZvtPacket *packet,
            gint64            *count)
{
  gint64 sum = 0;

  *count = packet->has_groups ? 0 : TW_NOT_STATED;
  for (guint i = 0; packet->has_groups && i < TW_ZVT_N_GROUPS; i++)
    {
      sum += packet->groups[i].total_minor;
      if (packet->groups[i].count == 255)        /* saturated: there may be more */
        *count = TW_NOT_STATED;
      if (*count != TW_NOT_STATED)
        *count += packet->groups[i].count;
    }

  return !packet->has_groups || packet->total_minor == TW_NOT_STATED || sum == packet->total_minor;
}

static gboolean
hand_over (Totals             *self,
           const TwZvtPacket  *packet,
           TwTotal             total,
           GError            **error)
{
  if (packet->total_minor != TW_NOT_STATED
      && !tw_reading_total (self->reading, &total, self->n_bytes, self->n_bytes, error))
    return FALSE;
  for (guint i = 0; packet->has_groups && i < TW_ZVT_N_GROUPS; i++)
    {
      const char *name = tw_zvt_group_name (i);

      total.brand = (TwChars) { name, strlen (name) };
      total.total_minor = packet->groups[i].total_minor;
      total.count = packet->groups[i].count == 255 ? TW_NOT_STATED : packet->groups[i].count;
      if ((total.total_minor != 0 || packet->groups[i].count != 0)
          && !tw_reading_total (self->reading, &total, self->n_bytes, self->n_bytes, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_totals (Totals             *self,
             const TwZvtPacket  *packet,
             gint64              received_us,
             GError            **error)
{
  const gint64 *last = g_hash_table_lookup (self->last, packet->terminal);
  TwTotal total = {
    .origin = { self->reading->index, self->line }, .terminal = { packet->terminal, strlen (packet->terminal) },
    .total_minor = packet->total_minor, .from_us = last ? *last : TW_NOT_STATED, .until_us = received_us,
    .first_slip = packet->has_groups ? packet->first_slip : -1,
    .last_slip = packet->has_groups ? packet->last_slip : -1,
  };

  memcpy (total.currency, packet->currency, 4);
  if (*packet->terminal == '\0' || *packet->currency == '\0' || packet->month == 0)
    return refuse (self, "totals without a terminal (29), a currency (49) or a date (0D)", error);
  if (!find_day (packet, received_us, &total.day))
    return refuse (self, "the terminal's date is more than a month away from the time at which it was received", error);
  if (!check_sums (packet, &total.count))
    return refuse (self, "the totals of its brands (60) do not add up to its total (04)", error);
  if (last && *last >= received_us)
    return refuse (self, "older than the end of day before it", error);
  if (!hand_over (self, packet, total, error))
    return FALSE;
  g_hash_table_replace (self->last, g_strdup (packet->terminal), g_memdup2 (&received_us, sizeof received_us));
  self->before = *packet;

  return TRUE;
}

/* Its status and its completion tell the same end of day. */
static gboolean
is_repeated (const Totals      *self,
             const TwZvtPacket *packet)
{
  const TwZvtPacket *before = &self->before;

  return before->total_minor == packet->total_minor && strcmp (before->terminal, packet->terminal) == 0
      && before->month == packet->month && before->day == packet->day && before->seconds == packet->seconds;
}

static gboolean
read_packet (Totals   *self,
             gint64    received_us,
             GBytes   *bytes,
             GError  **error)
{
  g_autofree char *what = NULL;
  TwZvtPacket packet;
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  if (!tw_zvt_packet_parse (data, n, &packet, &what))
    return refuse (self, what, error);
  if (packet.command == 0x061e || packet.result > 0)
    {
      tw_reading_note (self->reading, "%s, line %u: the end of day was refused with code %02X", self->reading->path,
                       self->line, packet.result & 0xff);
      return TRUE;
    }
  if ((packet.total_minor == TW_NOT_STATED && !packet.has_groups) || is_repeated (self, &packet))
    return TRUE;

  return read_totals (self, &packet, received_us, error);
}

static gboolean
read_line (Totals   *self,
           char     *text,
           GError  **error)
{
  const char *blank = strchr (text, ' ');
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) pairs = NULL;
  g_autofree char *hex = NULL;
  gint64 received_us;

  if (*text == '\0' || *text == '#')
    return TRUE;
  if (blank == NULL || !tw_instant_parse ((TwChars) { text, blank - text }, self->zone, &received_us)
      || received_us < 0)
    return refuse (self, "expected the time at which the packet came, such as 2026-03-01T23:50:00+01:00, a blank, and "
                   "its bytes in hex", error);
  pairs = g_strsplit (blank, " ", -1);
  hex = g_strjoinv ("", pairs);
  bytes = tw_hex_decode (hex, NULL);
  if (bytes == NULL)
    return refuse (self, "its bytes are not pairs of hex digits", error);

  return read_packet (self, received_us, bytes, error);
}

static gboolean
read_lines (Totals  *self,
            GBytes  *bytes,
            GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  char *next;

  self->n_bytes = g_bytes_get_size (bytes);
  self->line = 1;
  if (strlen (text) != self->n_bytes)
    return refuse (self, "a NUL byte: this is not text", error);
  for (char *line = text; line; line = next, self->line++)
    {
      next = strchr (line, '\n');
      if (next)
        *next++ = '\0';
      if (!read_line (self, g_strstrip (line), error))
        return FALSE;
    }

  return TRUE;
}

TW_READER (tw_read_zvt_totals)
{
  g_autoptr (GBytes) bytes = tw_small_file_read (path, MAX_BYTES, error);
  g_autoptr (TwZones) zones = bytes ? tw_zones_new (profile->time_zone, error) : NULL;
  g_autoptr (GHashTable) last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (TwReading) reading = { 0 };
  g_autofree char *digest = NULL;
  Totals self = { .reading = &reading, .last = last, .before.total_minor = TW_NOT_STATED };

  tw_reading_init (&reading, path, index, intake, import);
  if (zones == NULL)
    return FALSE;
  self.zone = tw_zones_find (zones, (TwChars) { "", 0 });
  if (!read_lines (&self, bytes, error))
    return FALSE;
  digest = tw_sha256_hex (bytes);
  g_strlcpy (import->digest, digest, sizeof import->digest);
  import->format = g_strdup ("zvt");

  return TRUE;
}
