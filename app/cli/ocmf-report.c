/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/ocmf-report.h"

#include "app/base/bytes.h"
#include "app/cli/sheet.h"

#include <string.h>

enum { CHUNK = 64 * 1024 };

static const char *const KEY_SOURCES[] = { NULL, "given", "container", "registry" };
static const char *const NOTES[] = { "encoding_mismatch", "lenient_der", "raw_signature" };
static const char *const TITLES[] = {
  ">LINE", "VERDICT", "METER", "NUMBER", "IDENTIFICATION", ">BEGIN", ">END", "", ">WH", "KEY", NULL
};

static const TwOcmfItem *
item_of (const TwOcmfReport *self,
         guint               i)
{
  return &g_array_index (self->container->items, TwOcmfItem, i);
}

gboolean
tw_ocmf_report_is_good (const TwOcmfReport *self)
{
  for (guint i = 0; i < self->container->items->len; i++)
    if (!tw_ocmf_verdict_is_good (self->cases[i].judgement.verdict))
      return FALSE;

  return self->container->n_strays == 0;
}

static void
put_reading (TwJsonOut           *out,
             const char          *name,
             const TwOcmfReading *reading)
{
  if (reading == NULL)
    {
      tw_json_out_string (out, name, NULL);
      return;
    }

  tw_json_out_begin_object (out, name);
  tw_json_out_string (out, "event", reading->event);
  tw_json_out_string (out, "time", reading->time);
  tw_json_out_string (out, "value", reading->value);
  tw_json_out_string (out, "unit", reading->unit);
  tw_json_out_string (out, "register", reading->register_id);
  tw_json_out_string (out, "current", reading->current);
  tw_json_out_string (out, "errors", reading->errors);
  tw_json_out_string (out, "state", reading->state);
  tw_json_out_end (out);
}

static void
put_bits (TwJsonOut         *out,
          const char        *name,
          const char *const *names,
          guint              n,
          guint              bits)
{
  tw_json_out_begin_array (out, name);
  for (guint i = 0; i < n; i++)
    if (bits >> i & 1)
      tw_json_out_string (out, NULL, names != NULL ? names[i] : tw_ocmf_finding_name (i));
  tw_json_out_end (out);
}

/* Its texts, as they were written. */
static void
put_record (TwJsonOut          *out,
            const TwOcmfRecord *record)
{
  static const TwOcmfRecord none = { 0 };

  record = record != NULL ? record : &none;
  tw_json_out_string (out, "algorithm", record->algorithm);
  tw_json_out_string (out, "meter", tw_ocmf_record_signer (record));
  tw_json_out_string (out, "meter_vendor", record->vendor);
  tw_json_out_string (out, "meter_model", record->model);
  tw_json_out_string (out, "gateway", record->gateway_serial);
  tw_json_out_string (out, "identification", record->id);
  tw_json_out_string (out, "identification_type", record->id_type);
  tw_json_out_string (out, "identification_level", record->level);
  tw_json_out_string (out, "pagination", record->pagination);
  tw_json_out_string (out, "tariff_text", record->tariff);
  tw_json_out_string (out, "version", record->version);
}

static void
put_case (TwJsonOut        *out,
          const TwOcmfCase *item_case,
          const TwOcmfItem *item)
{
  const TwOcmfJudgement *judgement = &item_case->judgement;
  gsize n = item_case->record != NULL ? item_case->record->n_bytes : item->len;
  g_autoptr (GBytes) bytes = g_bytes_new_static (item->text, n);
  g_autofree char *sha256 = tw_sha256_hex (bytes);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "valid", tw_ocmf_verdict_is_good (judgement->verdict));
  tw_json_out_string (out, "verdict", tw_ocmf_verdict_name (judgement->verdict));
  tw_json_out_string (out, "reason", judgement->reason);
  put_bits (out, "notes", NOTES, G_N_ELEMENTS (NOTES), judgement->notes);
  tw_json_out_string (out, "key_source", KEY_SOURCES[judgement->key_source]);
  tw_json_out_string (out, "key_sha256", *judgement->key_id != '\0' ? judgement->key_id : NULL);
  tw_json_out_string (out, "curve", judgement->curve);
  put_record (out, item_case->record);
  put_reading (out, "begin", item_case->begin);
  put_reading (out, "end", item_case->end);
  if (item_case->energy_wh != NULL)
    tw_json_out_number (out, "energy_wh", item_case->energy_wh);
  else
    tw_json_out_string (out, "energy_wh", NULL);
  if (item_case->partner >= 0)
    tw_json_out_int64 (out, "partner", item_case->partner + 1);
  else
    tw_json_out_string (out, "partner", NULL);
  put_bits (out, "findings", NULL, TW_OCMF_N_FINDINGS, item_case->findings);
  tw_json_out_int64 (out, "line", item->line);
  tw_json_out_string (out, "sha256", sha256);
  tw_json_out_end (out);
}

static gboolean
flush (const TwVerb *verb,
       GString      *text,
       gsize         when)
{
  gboolean good = text->len < when || tw_verb_print (verb, text->str);

  if (text->len >= when)
    g_string_truncate (text, 0);

  return good;
}

static void
append_finished (GString   *text,
                 TwJsonOut *out)
{
  g_autoptr (GBytes) bytes = tw_json_out_finish (out);

  g_string_append_len (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  tw_json_out_free (out);
}

static void
append_strays (GString               *text,
               const TwOcmfContainer *container)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_array (out, NULL);
  for (guint i = 0; i < container->strays->len; i++)
    {
      const TwOcmfStray *stray = &g_array_index (container->strays, TwOcmfStray, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_int64 (out, "line", stray->line);
      tw_json_out_string (out, "what", stray->what);
      tw_json_out_end (out);
    }
  append_finished (text, out);
}

/* Record by record: the whole may be large. */
gboolean
tw_ocmf_report_print_json (const TwOcmfReport *self,
                           const TwVerb       *verb)
{
  g_autoptr (GString) text = g_string_new ("{\"records\":[");

  for (guint i = 0; i < self->container->items->len; i++)
    {
      TwJsonOut *out = tw_json_out_new ();

      if (i > 0)
        g_string_append_c (text, ',');
      put_case (out, &self->cases[i], item_of (self, i));
      append_finished (text, out);
      if (!flush (verb, text, CHUNK))
        return FALSE;
    }

  g_string_append (text, "],\"strays\":");
  append_strays (text, self->container);
  g_string_append (text, "}\n");

  return flush (verb, text, 0);
}

static char *
findings_text (guint findings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < TW_OCMF_N_FINDINGS; i++)
    if (findings >> i & 1)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", tw_ocmf_finding_name (i));

  return g_string_free (text, FALSE);
}

static void
add_case (TwSheet          *table,
          const TwOcmfCase *item_case,
          const TwOcmfItem *item)
{
  static const TwOcmfRecord none = { 0 };
  static const TwOcmfReading no_reading = { 0 };
  const TwOcmfRecord *record = item_case->record != NULL ? item_case->record : &none;
  const TwOcmfReading *begin = item_case->begin != NULL ? item_case->begin : &no_reading;
  const TwOcmfReading *end = item_case->end != NULL ? item_case->end : &no_reading;
  const TwOcmfJudgement *judgement = &item_case->judgement;
  const char *source = KEY_SOURCES[judgement->key_source];
  const char *meter = tw_ocmf_record_signer (record);
  const char *unit = end->unit != NULL ? end->unit : begin->unit;
  g_autofree char *line = g_strdup_printf ("%u", item->line);
  g_autofree char *findings = findings_text (item_case->findings);
  const char *const texts[] = {
    line, tw_ocmf_verdict_name (judgement->verdict), meter, record->pagination, record->id, begin->value, end->value,
    unit, item_case->energy_wh, source, NULL
  };
  const char *cells[G_N_ELEMENTS (texts)];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    cells[i] = texts[i] == NULL ? "" : texts[i];
  tw_sheet_add (table, cells);
  if (judgement->reason != NULL)
    tw_sheet_note (table, "      %s", judgement->reason);
  if (*findings != '\0')
    tw_sheet_note (table, "      findings: %s", findings);
}

gboolean
tw_ocmf_report_print (const TwOcmfReport *self,
                      const TwVerb       *verb)
{
  const TwOcmfContainer *container = self->container;
  g_autoptr (TwSheet) table = tw_sheet_new (TITLES);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_good = 0;

  for (guint i = 0; i < container->items->len; i++)
    {
      add_case (table, &self->cases[i], item_of (self, i));
      n_good += tw_ocmf_verdict_is_good (self->cases[i].judgement.verdict);
    }
  tw_sheet_append_to (table, text);
  for (guint i = 0; i < container->strays->len; i++)
    {
      const TwOcmfStray *stray = &g_array_index (container->strays, TwOcmfStray, i);

      g_string_append_printf (text, "line %u is no record: %s\n", stray->line, stray->what);
    }
  if (container->n_strays > container->strays->len)
    g_string_append_printf (text, "... and %" G_GSIZE_FORMAT " more\n", container->n_strays - container->strays->len);
  g_string_append_printf (text, "%u of %u records good\n", n_good, container->items->len);

  return tw_verb_print (verb, text->str);
}
