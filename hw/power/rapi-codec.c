/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-codec.h"

#include "app/base/whole.h"

#include <string.h>

guint8
tw_rapi_check (const char *text,
               gsize       n)
{
  guint8 check = 0;

  for (gsize i = 0; i < n; i++)
    check ^= (guint8) text[i];

  return check;
}

gboolean
tw_rapi_compose (const char *command,
                 guint8      sequence,
                 char        out[TW_RAPI_COMMAND_MAX + 1])
{
  char body[TW_RAPI_COMMAND_MAX + 1];
  int n = sequence ? g_snprintf (body, sizeof body, "$%s :%02X", command, sequence)
                   : g_snprintf (body, sizeof body, "$%s", command);

  /* Check and CR still have to fit. */
  if (n < 0 || n + 4 > TW_RAPI_COMMAND_MAX)
    return FALSE;

  g_snprintf (out, TW_RAPI_COMMAND_MAX + 1, "%s^%02X\r", body, tw_rapi_check (body, (gsize) n));
  return TRUE;
}

static TwRapiKind
kind_of (const char *line)
{
  static const struct { char name[4]; TwRapiKind kind; } kinds[] = {
    { "$OK", TW_RAPI_OK }, { "$NK", TW_RAPI_NK },
    { "$AT", TW_RAPI_STATE }, { "$ST", TW_RAPI_STATE }, { "$AB", TW_RAPI_BOOT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strncmp (line, kinds[i].name, 3) == 0)
      return kinds[i].kind;

  return TW_RAPI_OTHER;
}

/* Exactly two digits, in either case. */
static gboolean
hex_pair (const char *text,
          guint8     *value)
{
  if (!g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1]) || text[2] != '\0')
    return FALSE;

  *value = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
  return TRUE;
}

/* Takes "^XX" off the end of text. FALSE: it is there and wrong. */
static gboolean
take_check (char     *text,
            gboolean *checked)
{
  char *caret = strrchr (text, '^');
  guint8 told;

  *checked = caret != NULL;
  if (caret == NULL)
    return TRUE;
  if (!hex_pair (caret + 1, &told) || told != tw_rapi_check (text, (gsize) (caret - text)))
    return FALSE;

  *caret = '\0';
  return TRUE;
}

static gboolean
split (TwRapiMessage *self)
{
  char *rest = self->text + 3;
  char *word;

  /* $GI answers with two spaces after OK: empty words do not count. */
  while ((word = strsep (&rest, " ")) != NULL)
    {
      if (*word == '\0')
        continue;
      if (self->n == TW_RAPI_TOKENS)
        return FALSE;
      self->token[self->n++] = word;
    }

  return TRUE;
}

/* The last token " :ss" of an answer; 00 is no sequence. */
static gboolean
take_sequence (TwRapiMessage *self)
{
  if (self->n == 0 || self->token[self->n - 1][0] != ':')
    return TRUE;
  if (self->kind != TW_RAPI_OK && self->kind != TW_RAPI_NK)
    return TRUE;

  self->n--;
  return hex_pair (self->token[self->n] + 1, &self->sequence) && self->sequence != 0;
}

gboolean
tw_rapi_parse (const char    *line,
               TwRapiMessage *out)
{
  gsize n = strlen (line);

  memset (out, 0, sizeof *out);
  if (n < 3 || n >= sizeof out->text || line[0] != '$')
    return FALSE;

  memcpy (out->text, line, n + 1);
  out->kind = kind_of (line);
  if (!take_check (out->text, &out->checked) || strlen (out->text) < 3)
    return FALSE;
  if (out->text[3] != '\0' && out->text[3] != ' ')
    return FALSE;

  return split (out) && take_sequence (out);
}

gboolean
tw_rapi_decimal (const TwRapiMessage *message,
                 guint                i,
                 gint64               min,
                 gint64               max,
                 gint64              *value)
{
  if (i >= message->n || message->token[i][0] == '+')
    return FALSE;

  return tw_whole_parse (message->token[i], min, max, value);
}

gboolean
tw_rapi_hex (const TwRapiMessage *message,
             guint                i,
             guint                max,
             guint               *value)
{
  guint64 parsed;

  /* GLib takes a sign and "0x", which no firmware sends. */
  if (i >= message->n || strspn (message->token[i], "0123456789abcdefABCDEF") != strlen (message->token[i]))
    return FALSE;
  if (!tw_whole_parse_unsigned (message->token[i], 16, 0, max, &parsed))
    return FALSE;

  *value = (guint) parsed;
  return TRUE;
}

static gboolean
parse_old_state (const TwRapiMessage *message,
                 TwRapiState         *out)
{
  gint64 state;

  if (!tw_rapi_decimal (message, 0, 0, 255, &state) || !tw_rapi_decimal (message, 1, 0, G_MAXUINT32, &out->elapsed_s))
    return FALSE;

  out->state = (guint8) state;
  out->pilot = -1;
  out->vflags = -1;
  return TRUE;
}

gboolean
tw_rapi_parse_state (const TwRapiMessage *message,
                     TwRapiState         *out)
{
  guint state, pilot, vflags;

  if (message->n == 2)
    return parse_old_state (message, out);
  if (!tw_rapi_hex (message, 0, 255, &state) || !tw_rapi_decimal (message, 1, 0, G_MAXUINT32, &out->elapsed_s)
      || !tw_rapi_hex (message, 2, 255, &pilot))
    return FALSE;

  out->state = (guint8) state;
  out->pilot = (gint) pilot;
  out->vflags = -1;
  if (message->n == 3)
    return TRUE;
  if (!tw_rapi_hex (message, 3, 0xffff, &vflags))
    return FALSE;

  out->vflags = (gint) vflags;
  return TRUE;
}

gboolean
tw_rapi_parse_energy (const TwRapiMessage *message,
                      gint64              *session_ws,
                      gint64              *total_wh)
{
  return tw_rapi_decimal (message, 0, 0, G_MAXUINT32, session_ws)
         && tw_rapi_decimal (message, 1, 0, G_MAXUINT32, total_wh);
}

gboolean
tw_rapi_parse_current (const TwRapiMessage *message,
                       gint32              *ma,
                       gint32              *mv)
{
  gint64 a, v;

  if (!tw_rapi_decimal (message, 0, G_MININT32, G_MAXINT32, &a)
      || !tw_rapi_decimal (message, 1, G_MININT32, G_MAXINT32, &v))
    return FALSE;

  *ma = a < 0 ? -1 : (gint32) a;
  *mv = v < 0 ? -1 : (gint32) v;
  return TRUE;
}

gboolean
tw_rapi_parse_version (const TwRapiMessage *message,
                       guint               *major,
                       guint               *minor)
{
  const char *text;
  char *end;
  guint64 parsed;

  if (message->n < 2 || strchr (message->token[0], '.') == NULL || strchr (message->token[1], '.') == NULL)
    return FALSE;

  /* "D6.1.3": a letter may stand in front. */
  text = message->token[0] + (g_ascii_isalpha (message->token[0][0]) ? 1 : 0);
  if (!g_ascii_isdigit (text[0]))
    return FALSE;
  parsed = g_ascii_strtoull (text, &end, 10);
  if (parsed > 999 || end[0] != '.' || !g_ascii_isdigit (end[1]))
    return FALSE;
  *major = (guint) parsed;

  parsed = g_ascii_strtoull (end + 1, NULL, 10);
  *minor = (guint) MIN (parsed, 999);
  return parsed <= 999;
}

const char *
tw_rapi_fault_name (guint8 state)
{
  /* J1772EvseController.h; 0f to 11 from OpenEVSE_Lib openevse.h. */
  static const char *const names[] = {
    [0x04] = "ventilation-required", [0x05] = "diode-check",    [0x06] = "gfci",              [0x07] = "no-ground",
    [0x08] = "stuck-relay",          [0x09] = "gfci-self-test", [0x0a] = "over-temperature",  [0x0b] = "over-current",
    [0x0e] = "relay-closure",        [0x0f] = "proximity-shorted", [0x10] = "proximity-missing", [0x11] = "eeprom",
  };

  if (state <= TW_RAPI_STATE_C || state >= TW_RAPI_STATE_SLEEPING)
    return NULL;
  if (state < G_N_ELEMENTS (names) && names[state] != NULL)
    return names[state];

  return "unknown-state";
}
