/* SPDX-License-Identifier: Apache-2.0 */
/* OCMF 1.4.1: the three sections, the payload's fields, and the readings' inheritance. */
#include "payment/ocmf/ocmf.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"
#include "app/base/whole.h"
#include "payment/ocmf/moment.h"
#include "payment/ocmf/quantity.h"

#include <openssl/sha.h>

#include <string.h>

static const char HEADER[] = "OCMF|";

enum { MAX_DEPTH = 8, MAX_VALUES = 20000, MAX_READINGS = 1024, MAX_STRING = 4096 };

static const TwJsonLimits LIMITS = { TW_OCMF_MAX_BYTES, MAX_DEPTH, MAX_VALUES };

/* Where the sections are. */
typedef struct { const char *payload, *signature; gsize n_payload, n_signature; } Sections;

/* The signature section is not signed, so what can be written in two ways that are one bit apart may be written in one
 * way only: CR stands before LF and a tab does not; a letter is not escaped as \u004a and \u004A. */
static gboolean
check_spelling (const char  *text,
                gsize        len,
                GError     **error)
{
  for (gsize i = 0; i < len; i++)
    {
      gboolean before_lf = i + 1 < len && text[i + 1] == '\n';

      if ((text[i] == '\r' && !before_lf) || (text[i] == '\t' && before_lf))
        return tw_bad_data (error, "the signature section has a line end that is none");
      if (text[i] != '\\' || i + 5 >= len || text[i + 1] != 'u')
        continue;
      for (guint j = 2; j < 6; j++)
        if (g_ascii_islower (text[i + j]))
          return tw_bad_data (error, "the signature section has an escape with small hex digits");
    }

  return TRUE;
}

static gsize
length_without_white (const char *text,
                      gsize       len)
{
  while (len > 0 && memchr (" \t\r\n", text[len - 1], 4) != NULL)
    len--;

  return len;
}

static gboolean
split (const char  *text,
       gsize        len,
       Sections    *sections,
       GError     **error)
{
  const char *end = text + len;
  const char *bar;

  if (len > TW_OCMF_MAX_BYTES)
    return tw_bad_data (error, "more than %d bytes", TW_OCMF_MAX_BYTES);
  if (len < strlen (HEADER) || memcmp (text, HEADER, strlen (HEADER)) != 0)
    return tw_bad_data (error, "it does not begin with %s", HEADER);

  sections->payload = text + strlen (HEADER);
  bar = memchr (sections->payload, '|', end - sections->payload);
  if (bar == NULL)
    return tw_bad_data (error, "there is no second bar: the signature section is missing");

  sections->n_payload = bar - sections->payload;
  sections->signature = bar + 1;
  sections->n_signature = end - sections->signature;
  if (memchr (sections->signature, '|', sections->n_signature) != NULL)
    return tw_bad_data (error, "there are more than two bars");

  return check_spelling (sections->signature, sections->n_signature, error);
}

/* Strings and numbers within the limits, wherever they are. */
static gboolean
check_values (const TwJson  *json,
              GError       **error)
{
  const char *string = tw_json_string (json);
  const char *number = tw_json_number_text (json);
  TwOcmfQuantity quantity;
  g_autofree char *path = NULL;
  guint n = tw_json_length (json);

  for (guint i = 0; i < n; i++)
    if (!check_values (tw_json_element (json, i), error))
      return FALSE;

  if (string != NULL && strlen (string) > MAX_STRING && g_utf8_strlen (string, -1) > MAX_STRING)
    {
      path = tw_json_path (json);
      return tw_bad_data (error, "%s: more than %d characters", path, MAX_STRING);
    }

  if (number != NULL && !tw_ocmf_quantity_parse (number, &quantity))
    {
      path = tw_json_path (json);
      return tw_bad_data (error, "%s: minus zero, or a number of more than %d digits", path, TW_OCMF_MAX_DIGITS);
    }

  return TRUE;
}

/* Copies texts into one block. It is as large as the record, and each text stood there with a quote or a comma. */
typedef struct { char *at; const char *end; GError **error; gboolean failed; } Keeper;

static const char *
keep (Keeper     *self,
      const char *text)
{
  gsize n = text == NULL ? 0 : strlen (text) + 1;
  char *kept = self->at;

  if (text == NULL)
    return NULL;

  g_assert (n <= (gsize) (self->end - kept));
  memcpy (kept, text, n);
  self->at += n;

  return kept;
}

typedef enum { TEXT = 1, NUMBER = 2, EITHER = TEXT | NUMBER } Kind;

/* A member with a name of two letters, and where its text goes. */
typedef struct { char name[3]; Kind kind; gsize offset; } Field;

#define FIELD(name, kind, type, member) { name, kind, G_STRUCT_OFFSET (type, member) }

static const char *
text_of (Keeper       *self,
         const TwJson *member,
         Kind          kind)
{
  const char *text = kind & TEXT ? tw_json_string (member) : NULL;
  g_autofree char *path = NULL;

  if (text == NULL && kind & NUMBER)
    text = tw_json_number_text (member);
  if (text != NULL || self->failed || tw_json_type (member) == TW_JSON_NULL)
    return keep (self, text);

  path = tw_json_path (member);
  self->failed = TRUE;
  tw_bad_data (self->error, "%s: %s is expected", path,
               kind == TEXT ? "a text" : kind == NUMBER ? "a number" : "a text or a number");

  return NULL;
}

/* Goes through the object's members once, because looking up each field in turn costs as much as parsing. */
static void
fill (Keeper       *self,
      const TwJson *object,
      const Field  *fields,
      guint         n,
      gpointer      target)
{
  guint n_members = tw_json_length (object);

  for (guint i = 0; i < n_members; i++)
    {
      const char *name = tw_json_member_name (object, i);

      for (guint j = 0; j < n; j++)
        if (name[0] == fields[j].name[0] && name[1] == fields[j].name[1] && name[1] != '\0' && name[2] == '\0')
          G_STRUCT_MEMBER (const char *, target, fields[j].offset) =
            text_of (self, tw_json_element (object, i), fields[j].kind);
    }
}

static void
inherit (const char **field,
         const char  *previous)
{
  if (*field == NULL)
    *field = previous;
}

static void
read_reading (Keeper              *keeper,
              const TwJson        *json,
              TwOcmfReading       *self,
              const TwOcmfReading *previous)
{
  static const Field fields[] = {
    FIELD ("TM", TEXT, TwOcmfReading, time), FIELD ("TX", TEXT, TwOcmfReading, event),
    FIELD ("RV", NUMBER, TwOcmfReading, value), FIELD ("RI", TEXT, TwOcmfReading, register_id),
    FIELD ("RU", TEXT, TwOcmfReading, unit), FIELD ("RT", TEXT, TwOcmfReading, current),
    FIELD ("CL", NUMBER, TwOcmfReading, loss), FIELD ("EF", TEXT, TwOcmfReading, errors),
    FIELD ("ST", TEXT, TwOcmfReading, state),
  };

  *self = (TwOcmfReading) { 0 };
  fill (keeper, json, fields, G_N_ELEMENTS (fields), self);
  if (previous != NULL)
    {
      inherit (&self->time, previous->time);
      inherit (&self->event, previous->event);
      inherit (&self->value, previous->value);
      inherit (&self->register_id, previous->register_id);
      inherit (&self->unit, previous->unit);
      inherit (&self->current, previous->current);
      inherit (&self->loss, previous->loss);
      inherit (&self->errors, previous->errors);
      inherit (&self->state, previous->state);
    }
  self->time_us = tw_ocmf_moment (self->time, &self->time_state);
}

static gboolean
read_readings (TwOcmfRecord  *self,
               Keeper        *keeper,
               const TwJson  *payload,
               GError       **error)
{
  const TwJson *readings = tw_json_get (payload, "RD", TW_JSON_ARRAY, error);
  guint n = tw_json_length (readings);

  if (readings == NULL)
    return FALSE;
  if (n == 0 || n > MAX_READINGS)
    return tw_bad_data (error, "$.RD: %u readings; 1 to %d are expected", n, MAX_READINGS);

  self->readings = g_new (TwOcmfReading, n);
  for (guint i = 0; i < n; i++)
    {
      const TwJson *reading = tw_json_element (readings, i);

      if (tw_json_type (reading) != TW_JSON_OBJECT)
        return tw_bad_data (error, "$.RD[%u]: an object is expected", i);
      read_reading (keeper, reading, &self->readings[i], i > 0 ? &self->readings[i - 1] : NULL);
    }
  self->n_readings = n;

  return TRUE;
}

/* "T12345": the letter, and digits without zeros in front. */
static void
read_pagination (TwOcmfRecord *self)
{
  const char *digits = self->pagination == NULL ? "" : self->pagination + 1;

  if (self->pagination == NULL || (self->pagination[0] != 'T' && self->pagination[0] != 'F')
      || !g_ascii_isdigit (digits[0]) || (digits[0] == '0' && digits[1] != '\0')
      || !tw_whole_parse_unsigned (digits, 10, 0, G_MAXUINT64, &self->page))
    return;

  self->context = self->pagination[0];
}

/* In LC's own order of members a change of anything shows. */
static void
read_cable_loss (TwOcmfRecord *self,
                 Keeper       *keeper,
                 const TwJson *loss)
{
  char *text = keeper->at;

  if (tw_json_type (loss) != TW_JSON_OBJECT)
    return;

  for (guint i = 0; i < tw_json_length (loss); i++)
    {
      const TwJson *member = tw_json_element (loss, i);
      const char *value = tw_json_string (member) != NULL ? tw_json_string (member) : tw_json_number_text (member);

      (void) keep (keeper, tw_json_member_name (loss, i));
      keeper->at[-1] = ' ';
      (void) keep (keeper, value != NULL ? value : "");
      keeper->at[-1] = ' ';
    }
  (void) keep (keeper, "");
  self->cable_loss = text;
}

static gboolean
read_payload (TwOcmfRecord  *self,
              Keeper        *keeper,
              const TwJson  *payload,
              GError       **error)
{
  static const Field fields[] = {
    FIELD ("FV", EITHER, TwOcmfRecord, version), FIELD ("GI", TEXT, TwOcmfRecord, gateway),
    FIELD ("GS", TEXT, TwOcmfRecord, gateway_serial), FIELD ("GV", TEXT, TwOcmfRecord, gateway_version),
    FIELD ("MV", TEXT, TwOcmfRecord, vendor), FIELD ("MM", TEXT, TwOcmfRecord, model),
    FIELD ("MS", TEXT, TwOcmfRecord, serial), FIELD ("MF", TEXT, TwOcmfRecord, firmware),
    FIELD ("PG", TEXT, TwOcmfRecord, pagination), FIELD ("IL", TEXT, TwOcmfRecord, level),
    FIELD ("IT", TEXT, TwOcmfRecord, id_type), FIELD ("ID", TEXT, TwOcmfRecord, id),
    FIELD ("TT", TEXT, TwOcmfRecord, tariff), FIELD ("CF", TEXT, TwOcmfRecord, controller),
    FIELD ("CT", TEXT, TwOcmfRecord, point_type), FIELD ("CI", TEXT, TwOcmfRecord, point),
  };

  if (tw_json_type (payload) != TW_JSON_OBJECT)
    return tw_bad_data (error, "$: an object is expected");
  if (!check_values (payload, error))
    return FALSE;

  fill (keeper, payload, fields, G_N_ELEMENTS (fields), self);
  self->is_assigned = tw_json_is_true (tw_json_member (payload, "IS"));
  read_pagination (self);
  read_cable_loss (self, keeper, tw_json_member (payload, "LC"));

  return !keeper->failed && read_readings (self, keeper, payload, error) && !keeper->failed;
}

static gboolean
read_signature (TwOcmfRecord  *self,
                Keeper        *keeper,
                const TwJson  *json,
                GError       **error)
{
  /* Others are refused: with one bit of "SA" changed the default would be taken instead. */
  static const char *const names[] = { "SA", "SE", "SM", "SD", NULL };
  static const Field fields[] = {
    FIELD ("SA", TEXT, TwOcmfRecord, algorithm), FIELD ("SE", TEXT, TwOcmfRecord, encoding),
    FIELD ("SM", TEXT, TwOcmfRecord, mime), FIELD ("SD", TEXT, TwOcmfRecord, signature),
  };

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_bad_data (error, "$: an object is expected");
  if (!tw_json_only (json, names, error) || !check_values (json, error))
    return FALSE;
  if (tw_json_get_string (json, "SD", error) == NULL)
    return FALSE;

  for (guint i = 0; i < tw_json_length (json); i++)
    if (tw_json_get_string (json, tw_json_member_name (json, i), error) == NULL)
      return FALSE;

  fill (keeper, json, fields, G_N_ELEMENTS (fields), self);
  inherit (&self->algorithm, "ECDSA-secp256r1-SHA256");
  inherit (&self->encoding, "hex");
  inherit (&self->mime, "application/x-der");

  return TRUE;
}

static gboolean
read_sections (TwOcmfRecord    *self,
               const Sections  *sections,
               GError         **error)
{
  gsize room = sections->n_payload + sections->n_signature + 16;
  g_autoptr (TwJson) payload = NULL;
  g_autoptr (TwJson) signature = NULL;
  Keeper keeper = { .error = error };

  self->texts = keeper.at = g_malloc (room);
  keeper.end = keeper.at + room;

  payload = tw_json_parse (sections->payload, sections->n_payload, &LIMITS, error);
  if (payload == NULL || !read_payload (self, &keeper, payload, error))
    {
      g_prefix_error (error, "payload: ");
      return FALSE;
    }

  signature = tw_json_parse (sections->signature, sections->n_signature, &LIMITS, error);
  if (signature == NULL || !read_signature (self, &keeper, signature, error))
    {
      g_prefix_error (error, "signature section: ");
      return FALSE;
    }

  return TRUE;
}

TwOcmfRecord *
tw_ocmf_record_parse (const char  *text,
                      gsize        len,
                      GError     **error)
{
  g_autoptr (TwOcmfRecord) self = g_new0 (TwOcmfRecord, 1);
  Sections sections = { 0 };

  if (!split (text, len, &sections, error) || !read_sections (self, &sections, error))
    return NULL;

  (void) SHA256 ((const guint8 *) sections.payload, sections.n_payload, self->digest);
  self->n_bytes = length_without_white (text, len);

  return g_steal_pointer (&self);
}

void
tw_ocmf_record_free (TwOcmfRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->readings);
  g_free (self->texts);
  g_free (self);
}

const char *
tw_ocmf_record_signer (const TwOcmfRecord *self)
{
  return self->serial != NULL ? self->serial : self->gateway_serial;
}
