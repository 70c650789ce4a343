/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/reader-wire.h"

#include <string.h>

#include "app/base/bytes.h"

#define GET_FIRMWARE_VERSION   0x02
#define IN_DATA_EXCHANGE       0x40
#define IN_LIST_PASSIVE_TARGET 0x4A

/* UM0701-02 section 7. */
static const struct { guint8 code; const char *name; } COMMANDS[] = {
  { 0x00, "Diagnose" }, { 0x02, "GetFirmwareVersion" }, { 0x04, "GetGeneralStatus" }, { 0x06, "ReadRegister" },
  { 0x08, "WriteRegister" }, { 0x0C, "ReadGPIO" }, { 0x0E, "WriteGPIO" }, { 0x10, "SetSerialBaudRate" },
  { 0x12, "SetParameters" }, { 0x14, "SAMConfiguration" }, { 0x16, "PowerDown" }, { 0x32, "RFConfiguration" },
  { 0x40, "InDataExchange" }, { 0x42, "InCommunicateThru" }, { 0x44, "InDeselect" }, { 0x46, "InJumpForPSL" },
  { 0x4A, "InListPassiveTarget" }, { 0x4E, "InPSL" }, { 0x50, "InATR" }, { 0x52, "InRelease" }, { 0x54, "InSelect" },
  { 0x56, "InJumpForDEP" }, { 0x60, "InAutoPoll" },
};

/* ISO/IEC 7816-4 and EMV: what a card may be asked. */
static const struct { guint8 ins; const char *name; } INSTRUCTIONS[] = {
  { 0x84, "GET CHALLENGE" }, { 0x88, "INTERNAL AUTHENTICATE" }, { 0xA4, "SELECT" }, { 0xA8, "GET PROCESSING OPTIONS" },
  { 0xAE, "GENERATE AC" }, { 0xB0, "READ BINARY" }, { 0xB2, "READ RECORD" }, { 0xC0, "GET RESPONSE" },
  { 0xCA, "GET DATA" },
};

static const char *
command_name (guint8 code)
{
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (COMMANDS[i].code == code)
      return COMMANDS[i].name;

  return "unknown command";
}

/* What is selected: a directory's name in letters, an application's number in hex. Both are the terminal's own. */
static char *
selected_name (const guint8 *apdu,
               gsize         n)
{
  gsize length = n > 4 ? MIN (apdu[4], n - 5) : 0;
  g_autofree char *text = g_strndup ((const char *) apdu + 5, length);

  if (length > 16 || length == 0)
    return g_strdup_printf ("%zu bytes", length);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint (apdu[5 + i]))
      return tw_hex_encode (apdu + 5, length);

  return g_steal_pointer (&text);
}

static char *
apdu_words (const guint8 *apdu,
            gsize         n)
{
  const char *name = NULL;

  if (n < 4)
    return g_strdup_printf ("APDU of %zu bytes", n);
  for (guint i = 0; i < G_N_ELEMENTS (INSTRUCTIONS); i++)
    if (INSTRUCTIONS[i].ins == apdu[1])
      name = INSTRUCTIONS[i].name;
  if (name == NULL)
    return g_strdup_printf ("APDU %02X %02X", apdu[0], apdu[1]);
  if (apdu[1] == 0xA4)
    {
      g_autofree char *what = selected_name (apdu, n);

      return g_strdup_printf ("%s %s", name, what);
    }
  if (apdu[1] == 0xB2)
    return g_strdup_printf ("%s %u of file %u", name, apdu[2], apdu[3] >> 3);

  return g_strdup (name);
}

/* data: status byte, then the card's answer. */
static char *
exchange_words (const guint8 *data,
                gsize         n)
{
  static const struct { guint16 sw; const char *means; } STATUS[] = {
    { 0x9000, "well" }, { 0x6283, "blocked" }, { 0x6700, "wrong length" }, { 0x6984, "another interface, please" },
    { 0x6985, "conditions not satisfied" }, { 0x6986, "not allowed now" }, { 0x6A81, "not supported" },
    { 0x6A82, "not found" }, { 0x6A83, "no such record" }, { 0x6D00, "unknown command" }, { 0x6F00, "error" },
  };
  const char *means = "";
  guint16 sw;

  if (n == 0 || (data[0] & 0x3F) != 0)
    return g_strdup_printf ("no answer from the card (status %02x%s)", n > 0 ? data[0] : 0,
                            n > 0 && data[0] == 0x01 ? ", time-out" : "");
  if ((data[0] & 0x40) != 0)
    return g_strdup_printf ("card: a piece of %zu bytes", n - 1);
  if (n < 3)
    return g_strdup ("card: nothing");

  sw = (guint16) (data[n - 2] << 8 | data[n - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (STATUS); i++)
    if (STATUS[i].sw == sw)
      means = STATUS[i].means;

  return g_strdup_printf ("card: %04X%s%s, %zu bytes", sw, *means != '\0' ? " " : "", means, n - 3);
}

/* data: number of targets; Tg, SENS_RES, SEL_RES, UID's length, UID of the first (section 7.3.5). */
static char *
field_words (const guint8 *data,
             gsize         n)
{
  gsize length = n > 5 ? data[5] : 0;

  if (n == 0 || data[0] == 0)
    return g_strdup ("the field is empty");
  if (length < 2 || n < 6 + length)
    return g_strdup ("card found");

  return g_strdup_printf ("card found: SAK %02X, UID of %zu bytes (..%02X%02X)", data[4], length, data[4 + length],
                          data[5 + length]);
}

/* TFI and what follows; NULL: what, in words, came instead (section 6.2.1). */
static const guint8 *
open_frame (const guint8 *frame,
            gsize         n,
            gsize        *length,
            const char  **instead)
{
  gsize at = 0, body;

  while (at + 1 < n && (frame[at] != 0x00 || frame[at + 1] != 0xFF))
    at++;
  *instead = "not a frame";
  if (at + 4 > n)
    return NULL;
  *instead = frame[at + 2] == 0x00 && frame[at + 3] == 0xFF ? "ACK" : "NACK";
  if (frame[at + 2] + frame[at + 3] == 0xFF)
    return NULL;

  body = at + 4;
  *length = frame[at + 2];
  if (*length == 0xFF && frame[at + 3] == 0xFF && at + 7 <= n)
    {
      *length = (gsize) frame[at + 4] << 8 | frame[at + 5];
      body = at + 7;
    }
  *instead = "a frame that is not whole";
  if (*length == 0 || body + *length >= n)
    return NULL;
  for (gsize i = body, sum = 0; i <= body + *length; i++)
    {
      sum += frame[i];
      *instead = (sum & 0xFF) == 0 ? NULL : "a frame with a wrong checksum";
    }
  if (*instead != NULL)
    return NULL;
  *instead = *length == 1 ? "an error frame" : NULL;

  return *length == 1 ? NULL : frame + body;
}

static void
tell (TwReaderWire *self,
      gboolean      from_host,
      const char   *text,
      gsize         n_bytes,
      gboolean      routine)
{
  TwJsonOut *out = tw_happenings_begin (self->happenings, "wire", text);

  if (out == NULL)
    return;
  tw_json_out_string (out, "wire", "reader");
  tw_json_out_string (out, "from", from_host ? "station" : "street");
  tw_json_out_int64 (out, "bytes", (gint64) n_bytes);
  tw_happenings_end (self->happenings, out, routine);
}

static char *
command_words (const guint8 *body,
               gsize         length,
               gboolean     *routine)
{
  *routine = body[1] != IN_DATA_EXCHANGE && body[1] != GET_FIRMWARE_VERSION;
  if (body[1] == IN_DATA_EXCHANGE && length > 3)
    return apdu_words (body + 3, length - 3);

  return g_strdup (command_name (body[1]));
}

static char *
answer_words (TwReaderWire *self,
              const guint8 *body,
              gsize         length,
              gboolean     *routine)
{
  guint8 command = (guint8) (body[1] - 1);
  gboolean there;

  *routine = command != IN_DATA_EXCHANGE && command != GET_FIRMWARE_VERSION;
  if (command == IN_DATA_EXCHANGE)
    return exchange_words (body + 2, length - 2);
  if (command != IN_LIST_PASSIVE_TARGET)
    return g_strdup_printf ("%s: done", command_name (command));

  there = length > 2 && body[2] > 0;
  *routine = there == self->card_there;
  self->card_there = there;

  return field_words (body + 2, length - 2);
}

void
tw_reader_wire_frame (gboolean      from_host,
                      const guint8 *frame,
                      gsize         n,
                      gpointer      user_data)
{
  TwReaderWire *self = user_data;
  const char *instead;
  gsize length = 0;
  const guint8 *body = open_frame (frame, n, &length, &instead);
  g_autofree char *text = NULL;
  gboolean routine;

  if (self->happenings == NULL)
    return;
  if (body == NULL)
    {
      tell (self, from_host, instead, n, strcmp (instead, "ACK") == 0);
      return;
    }
  if (from_host)
    text = command_words (body, length, &routine);
  else
    text = answer_words (self, body, length, &routine);
  tell (self, from_host, text, n, routine);
}
