/* SPDX-License-Identifier: Apache-2.0 */
/* Signed records as energy: one row for each sale that the records tell, and one for each record that could not be
 * used. The verdict of a sale is the worse one of its two ends'.
 */
#include "payment/reconcile/readers/energy-formats.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/small-file.h"
#include "payment/money/decimal.h"
#include "payment/ocmf/transaction.h"
#include "payment/reconcile/readers/reading.h"

#include <string.h>

#define MAX_KEY (64 * 1024)
#define MAX_REGISTRY (16 * 1024 * 1024)

typedef struct
{
  TwReading        reading;
  GBytes          *bytes;
  TwOcmfKey       *key;
  TwOcmfRegistry  *registry;
  TwOcmfContainer *container;
  TwOcmfCase      *cases;
  GString         *findings;
  guint            n_fiscal, n_repeated, n_middle, n_malformed;
  int              first_malformed;      /* an index */
} Signed;

static void
signed_clear (Signed *self)
{
  if (self->cases != NULL)
    tw_ocmf_cases_free (self->cases, self->container->items->len);
  g_clear_pointer (&self->container, tw_ocmf_container_free);
  g_clear_pointer (&self->registry, tw_ocmf_registry_free);
  g_clear_pointer (&self->key, tw_ocmf_key_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_string_free (self->findings, TRUE);
  tw_reading_clear (&self->reading);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signed, signed_clear)

static GBytes *
read_file (const char  *path,
           gsize        max_bytes,
           GError     **error)
{
  GBytes *bytes = tw_small_file_read (path, max_bytes, error);

  if (bytes == NULL)
    g_prefix_error (error, "%s: ", path);

  return bytes;
}

static gboolean
read_keys (Signed           *self,
           const TwProfile  *profile,
           GError          **error)
{
  g_autoptr (GBytes) key = NULL, registry = NULL;
  const char *text;
  gsize len;

  if (profile->key != NULL)
    {
      key = read_file (profile->key, MAX_KEY, error);
      if (key == NULL)
        return FALSE;
      text = g_bytes_get_data (key, &len);
      self->key = tw_ocmf_key_new (text, len);
    }
  if (profile->registry == NULL)
    return TRUE;

  registry = read_file (profile->registry, MAX_REGISTRY, error);
  if (registry == NULL)
    return FALSE;
  text = g_bytes_get_data (registry, &len);
  self->registry = tw_ocmf_registry_parse (text, len, error);
  if (self->registry == NULL)
    g_prefix_error (error, "%s: ", profile->registry);

  return self->registry != NULL;
}

static gboolean
judge (Signed  *self,
       GError **error)
{
  const TwOcmfKeys keys = { .given = self->key, .registry = self->registry };
  gsize len;
  const char *text = g_bytes_get_data (self->bytes, &len);

  self->container = tw_ocmf_container_read (text, len, error);
  if (self->container == NULL)
    {
      g_prefix_error (error, "%s: ", self->reading.path);
      return FALSE;
    }
  if (self->container->items->len == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: no record found: none of its texts begins with OCMF|",
                   self->reading.path);
      return FALSE;
    }

  self->cases = tw_ocmf_container_judge (self->container, &keys);
  tw_ocmf_match (self->cases, self->container->items->len, NULL);

  return TRUE;
}

static TwChars
chars (const char *text)
{
  TwChars self = { text, text != NULL ? (guint32) strlen (text) : 0 };

  while (self.n > 0 && g_ascii_isspace (self.text[0]))
    self = (TwChars) { self.text + 1, self.n - 1 };
  while (self.n > 0 && g_ascii_isspace (self.text[self.n - 1]))
    self.n--;

  return self;
}

static void
name_findings (GString *text,
               guint    findings)
{
  g_string_truncate (text, 0);
  for (guint i = 0; i < TW_OCMF_N_FINDINGS; i++)
    if (findings & (1u << i))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", tw_ocmf_finding_name (i));
}

/* What the sale is known by: of a card our reference, of a phone the session (ocmf.md section 6). A key card's number
 * names a driver, not a sale. */
static TwChars
session_of (const TwOcmfRecord *record)
{
  gboolean ours = g_strcmp0 (record->id_type, "CARD_TXN_NR") == 0 || g_strcmp0 (record->id_type, "LOCAL") == 0;

  return ours ? chars (record->id) : (TwChars) { NULL, 0 };
}

static gint64
whole_wh (const char *energy)
{
  gboolean rounded;
  gint64 wh;

  return energy != NULL && tw_decimal_parse_multiple (energy, 1, &wh, &rounded, NULL) ? wh : TW_NOT_STATED;
}

static gint64
time_at (const TwOcmfReading *reading,
         const TwOcmfRecord  *record,
         guint                otherwise)
{
  if (reading == NULL && record->n_readings == 0)
    return TW_NOT_STATED;

  return (reading != NULL ? reading : &record->readings[otherwise])->time_us;
}

static gboolean
hand_over (Signed           *self,
           const TwOcmfCase *begin,
           const TwOcmfCase *end,
           guint             line,
           GError          **error)
{
  const TwOcmfRecord *record = end->record;
  gboolean begin_good = tw_ocmf_verdict_is_good (begin->judgement.verdict);
  TwOcmfVerdict verdict = begin_good && end->judgement.verdict != TW_OCMF_VALID ? end->judgement.verdict
                                                                                : begin->judgement.verdict;
  g_autofree char *digest = tw_hex_encode (record->digest, sizeof record->digest);
  gsize size = g_bytes_get_size (self->bytes);
  TwEnergy row = {
    .origin = { self->reading.index, line }, .kind = TW_METER_SIGNED, .session = session_of (record),
    .evse = g_strcmp0 (record->point_type, "EVSEID") == 0 ? chars (record->point) : (TwChars) { NULL, 0 },
    .meter = chars (tw_ocmf_record_signer (record)), .energy_wh = whole_wh (end->energy_wh),
    .begin_us = time_at (begin->begin, begin->record, 0),
    .end_us = time_at (end->end, record, record->n_readings > 0 ? record->n_readings - 1 : 0),
    .good = tw_ocmf_verdict_is_good (verdict), .verdict = chars (tw_ocmf_verdict_name (verdict)),
    .digest = { digest, (guint32) strlen (digest) },
    .page = record->context == 'T' ? record->page : 0,
    .first_page = begin != end && begin->record->context == 'T' ? begin->record->page : 0,
  };

  /* What lies between two sales is not this file's to say: the number that is missing may be in another one. Who has
   * all files goes by the pages. */
  name_findings (self->findings, (begin->findings | end->findings)
                                 & ~(row.good ? TW_OCMF_FINDING_PAGINATION_GAP : 0u));
  row.findings = (TwChars) { self->findings->str, (guint32) self->findings->len };

  return tw_reading_energy (&self->reading, &row, size, size, error);
}

/* It is known by its own bytes, as a record is by those that were signed. */
static gboolean
hand_over_malformed (Signed           *self,
                     const TwOcmfCase *item,
                     guint             i,
                     GError          **error)
{
  const TwOcmfItem *came = &g_array_index (self->container->items, TwOcmfItem, i);
  gsize len = came->len, size = g_bytes_get_size (self->bytes);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *digest = NULL;
  TwEnergy row = {
    .origin = { self->reading.index, came->line }, .kind = TW_METER_SIGNED, .energy_wh = TW_NOT_STATED,
    .begin_us = TW_NOT_STATED, .end_us = TW_NOT_STATED,
    .verdict = chars (tw_ocmf_verdict_name (item->judgement.verdict)),
  };

  while (len > 0 && g_ascii_isspace (came->text[len - 1]))
    len--;
  bytes = g_bytes_new_static (came->text, len);
  digest = tw_sha256_hex (bytes);
  row.digest = chars (digest);
  if (self->n_malformed++ == 0)
    self->first_malformed = (int) i;

  return tw_reading_energy (&self->reading, &row, size, size, error);
}

static gboolean
hand_over_case (Signed  *self,
                guint    i,
                GError **error)
{
  const TwOcmfCase *item = &self->cases[i];
  const TwOcmfCase *partner = item->partner >= 0 ? &self->cases[item->partner] : item;
  guint line = g_array_index (self->container->items, TwOcmfItem, i).line;

  if (item->record == NULL)
    return hand_over_malformed (self, item, i, error);
  if (item->record->context == 'F')
    {
      self->n_fiscal++;
      return TRUE;
    }
  if (item->findings & TW_OCMF_FINDING_RECORD_REUSED)
    {
      self->n_repeated++;
      return TRUE;
    }
  if (item->partner >= 0 && item->end == NULL)
    return TRUE;   /* told with its end */
  if (item->partner < 0 && item->begin == NULL && item->end == NULL
      && tw_ocmf_verdict_is_good (item->judgement.verdict))
    {
      self->n_middle++;
      return TRUE;
    }

  return hand_over (self, partner, item, line, error);
}

/* The file ends within a record: its last line has no end, and cannot be read. */
static gboolean
is_cut_off (const Signed *self)
{
  guint last = self->container->items->len - 1;
  const TwOcmfItem *item = &g_array_index (self->container->items, TwOcmfItem, last);
  gsize size;
  const char *text = g_bytes_get_data (self->bytes, &size);

  return self->cases[last].record == NULL && text[size - 1] != '\n'
      && (item->wrapped != NULL ? item->wrapped + item->n_wrapped : item->text + item->len) == text + size;
}

static void
note_malformed (Signed *self)
{
  const GArray *items = self->container->items;

  if (self->n_malformed > 0)
    tw_reading_note (&self->reading, "%s: %u records are malformed; the first is in line %u: %s", self->reading.path,
                     self->n_malformed, g_array_index (items, TwOcmfItem, self->first_malformed).line,
                     self->cases[self->first_malformed].judgement.reason);
  if (is_cut_off (self))
    tw_reading_note (&self->reading, "%s: the record in line %u is cut off: the file ends in the middle of it",
                     self->reading.path, g_array_index (items, TwOcmfItem, items->len - 1).line);
}

static void
note (Signed *self)
{
  if (self->n_fiscal > 0)
    tw_reading_note (&self->reading, "%s: %u fiscal records, which are of no sale", self->reading.path,
                     self->n_fiscal);
  if (self->n_repeated > 0)
    tw_reading_note (&self->reading, "%s: %u records came more than once and count once", self->reading.path,
                     self->n_repeated);
  if (self->n_middle > 0)
    tw_reading_note (&self->reading, "%s: %u records of the middle of a sale", self->reading.path, self->n_middle);
  note_malformed (self);
  if (self->container->n_strays > 0)
    tw_reading_note (&self->reading, "%s: %" G_GSIZE_FORMAT " texts are no records; the first is in line %u",
                     self->reading.path, self->container->n_strays,
                     g_array_index (self->container->strays, TwOcmfStray, 0).line);
}

TW_READER (tw_read_ocmf)
{
  g_auto (Signed) self = { .findings = g_string_new (NULL) };
  g_autofree char *digest = NULL;

  tw_reading_init (&self.reading, path, index, intake, import);
  self.bytes = read_file (path, TW_ENERGY_MAX_BYTES, error);
  if (self.bytes == NULL || !read_keys (&self, profile, error) || !judge (&self, error))
    return FALSE;
  for (guint i = 0; i < self.container->items->len; i++)
    if (!hand_over_case (&self, i, error))
      return FALSE;

  digest = tw_sha256_hex (self.bytes);
  g_strlcpy (import->digest, digest, sizeof import->digest);
  import->format = g_strdup ("ocmf");
  note (&self);

  return TRUE;
}
