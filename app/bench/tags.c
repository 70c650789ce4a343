/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/tags.h"

#include <string.h>

#include "app/base/bytes.h"

typedef struct
{
  guint        tag;
  const guint8 *value;
  gsize        n;
} Entry;

struct _TwTags
{
  GBytes *bytes;
  GArray *entries;
};

/* cybersource-ev.md section 4: sensitive, must not appear. */
static const guint FORBIDDEN[] = { 0x56, 0x57, 0x5A, 0x5F20, 0x5F24, 0x99, 0x9F0B, 0x9F1F, 0x9F20 };
static const char *const FORBIDDEN_TEXT[] = {
  "tag 56 is forbidden", "tag 57 is forbidden", "tag 5A is forbidden", "tag 5F20 is forbidden",
  "tag 5F24 is forbidden", "tag 99 is forbidden", "tag 9F0B is forbidden", "tag 9F1F is forbidden",
  "tag 9F20 is forbidden",
};
G_STATIC_ASSERT (G_N_ELEMENTS (FORBIDDEN) == G_N_ELEMENTS (FORBIDDEN_TEXT));

typedef struct
{
  guint       tag;
  const char *name;
  gboolean    mastercard_only;
} Mandatory;

static const Mandatory MANDATORY[] = {
  { 0x9A, "9A" },     { 0x9C, "9C" },     { 0x5F2A, "5F2A" }, { 0x9F1A, "9F1A" },       { 0x9F02, "9F02" },
  { 0x9F03, "9F03" }, { 0x9F36, "9F36" }, { 0x82, "82" },     { 0x84, "84" },           { 0x95, "95" },
  { 0x9F10, "9F10" }, { 0x9F26, "9F26" }, { 0x9F33, "9F33" }, { 0x9F37, "9F37" },       { 0x9F27, "9F27", TRUE },
  { 0x9F34, "9F34", TRUE },
};

void
tw_tags_free (TwTags *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_array_unref (self->entries);
  g_free (self);
}

/* One tag and its length at *p; FALSE: does not fit. */
static gboolean
take_entry (const guint8 **p,
            const guint8  *end,
            Entry         *entry)
{
  entry->tag = *(*p)++;
  if ((entry->tag & 0x1F) == 0x1F)
    {
      if (*p == end || **p & 0x80)
        return FALSE;   /* no three-byte tags in this field */
      entry->tag = entry->tag << 8 | *(*p)++;
    }
  if (*p == end)
    return FALSE;
  entry->n = *(*p)++;
  if (entry->n == 0x81)
    {
      if (*p == end || **p < 0x80)
        return FALSE;
      entry->n = *(*p)++;
    }
  else if (entry->n > 0x7F)
    return FALSE;
  if (entry->n > (gsize) (end - *p))
    return FALSE;

  entry->value = *p;
  *p += entry->n;

  return TRUE;
}

static const char *
entry_is_wrong (const TwTags *self,
                const Entry  *entry)
{
  guint first = entry->tag > 0xFF ? entry->tag >> 8 : entry->tag;
  gsize n;

  for (guint i = 0; i < G_N_ELEMENTS (FORBIDDEN); i++)
    if (FORBIDDEN[i] == entry->tag)
      return FORBIDDEN_TEXT[i];
  if (first & 0x20)
    return "constructed tags do not belong here";
  if (tw_tags_get (self, entry->tag, &n) != NULL)
    return "a tag comes twice";

  return NULL;
}

TwTags *
tw_tags_parse (const char  *hex,
               const char **why)
{
  g_autoptr (TwTags) self = NULL;
  const guint8 *p, *end;
  gsize n;
  g_autoptr (GBytes) bytes = NULL;

  *why = "longer than 252 characters";
  if (strlen (hex) > TW_TAGS_MAX_CHARACTERS)
    return NULL;
  *why = "not hexadecimal TLV";
  bytes = tw_hex_decode (hex, NULL);
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;

  self = g_new0 (TwTags, 1);
  self->bytes = g_steal_pointer (&bytes);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  p = g_bytes_get_data (self->bytes, &n);
  for (end = p + n; p < end;)
    {
      Entry entry;

      *why = "a tag or its length does not fit";
      if (!take_entry (&p, end, &entry))
        return NULL;
      *why = entry_is_wrong (self, &entry);
      if (*why != NULL)
        return NULL;
      g_array_append_val (self->entries, entry);
    }
  *why = NULL;

  return g_steal_pointer (&self);
}

const guint8 *
tw_tags_get (const TwTags *self,
             guint         tag,
             gsize        *n)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->tag != tag)
        continue;
      *n = entry->n;
      return entry->value;
    }

  return NULL;
}

const char *
tw_tags_missing (const TwTags *self,
                 gboolean      mastercard)
{
  gsize n;

  for (guint i = 0; i < G_N_ELEMENTS (MANDATORY); i++)
    if ((mastercard || !MANDATORY[i].mastercard_only) && tw_tags_get (self, MANDATORY[i].tag, &n) == NULL)
      return MANDATORY[i].name;

  return NULL;
}

/* ISO/IEC 7812-1 annex B. */
static gboolean
luhn_is_right (const char *digits)
{
  guint sum = 0;
  gsize n = strlen (digits);

  for (gsize i = 0; i < n; i++)
    {
      guint digit = digits[n - 1 - i] - '0';

      if (i % 2 == 1)
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }

  return sum % 10 == 0;
}

const char *
tw_track_parse (const char *text,
                TwTrack    *track)
{
  const char *p = text;
  gsize n_pan, n_rest;

  memset (track, 0, sizeof *track);
  if (*p == '%')   /* track 1, ISO/IEC 7813: up to 76 characters between its sentinels */
    {
      const char *end = strchr (p, '?');

      if (end == NULL || end - p > 77)
        return "track 1 has no end sentinel";
      p = end + 1;
    }
  if (*p++ != ';')
    return "track 2 has no start sentinel";

  n_pan = strspn (p, "0123456789");
  if (n_pan < 12 || n_pan > 19 || p[n_pan] != '=')
    return "track 2 has no card number of 12 to 19 digits before '='";
  n_rest = strspn (p + n_pan + 1, "0123456789");
  if (n_rest < 7)
    return "track 2 has no expiry and service code";
  if (n_pan + n_rest + 3 > 40)
    return "track 2 is longer than 40 characters";
  if (strcmp (p + n_pan + 1 + n_rest, "?") != 0)
    return "track 2 does not end with its sentinel";

  memcpy (track->pan, p, n_pan);
  memcpy (track->expiry, p + n_pan + 1, 4);
  memcpy (track->service_code, p + n_pan + 5, 3);
  if (track->expiry[2] > '1' || (track->expiry[2] == '1' && track->expiry[3] > '2')
      || (track->expiry[2] == '0' && track->expiry[3] == '0'))
    return "track 2 has no month of expiry";
  if (!luhn_is_right (track->pan))
    return "the card number's check digit is wrong";

  return NULL;
}

const char *
tw_track_card_type (const TwTrack *track)
{
  guint64 four = 0;

  for (guint i = 0; i < 4; i++)
    four = four * 10 + (track->pan[i] - '0');
  if (track->pan[0] == '4')
    return "001";
  if ((four >= 5100 && four <= 5599) || (four >= 2221 && four <= 2720))
    return "002";

  return NULL;
}
