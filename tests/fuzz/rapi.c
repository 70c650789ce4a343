/* SPDX-License-Identifier: Apache-2.0 */
/* needs: power_dep, port_dep */
/* Any bytes give lines, any line a message or none, any message values in their bounds or none; and what we compose is
 * found again in noise. */
#include "hw/port/port.h"
#include "hw/power/rapi-codec.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_values (const TwRapiMessage *message)
{
  TwRapiState state;
  gint64 session_ws, total_wh;
  gint32 ma, mv;
  guint major, minor;

  if (tw_rapi_parse_state (message, &state))
    g_assert (state.elapsed_s >= 0 && state.pilot >= -1 && state.pilot <= 255 && state.vflags >= -1
              && state.vflags <= 0xffff && (state.vflags < 0 || message->n >= 4));
  if (tw_rapi_parse_energy (message, &session_ws, &total_wh))
    g_assert (session_ws >= 0 && session_ws <= G_MAXUINT32 && total_wh >= 0 && total_wh <= G_MAXUINT32);
  if (tw_rapi_parse_current (message, &ma, &mv))
    g_assert (ma >= -1 && mv >= -1);
  if (tw_rapi_parse_version (message, &major, &minor))
    g_assert (major <= 999 && minor <= 999);
}

static void
check_line (const char *text,
            gsize       len)
{
  TwRapiMessage message;

  g_assert (text[0] == '$' && len <= TW_PORT_LINE_MAX && strlen (text) == len);
  if (!tw_rapi_parse (text, &message))
    return;

  g_assert (message.n <= TW_RAPI_TOKENS);
  for (guint i = 0; i < message.n; i++)
    {
      const char *token = message.token[i];

      g_assert (token > message.text && token < message.text + sizeof message.text && *token != '\0');
      g_assert (strchr (token, ' ') == NULL);
    }
  if (message.checked)
    g_assert (strchr (text, '^') != NULL);
  check_values (&message);
}

static void
check_round_trip (const uint8_t *data,
                  size_t         size)
{
  char command[64] = "GS", bytes[TW_RAPI_COMMAND_MAX + 1];
  gsize n = 2;
  guint8 sequence = size > 0 ? data[0] : 0;
  TwPortLine line = { 0 };
  TwRapiMessage message;
  guint lines = 0;

  for (size_t i = 1; i < size && n < sizeof command - 1; i++)
    if (g_ascii_isalnum (data[i]))
      {
        command[n++] = ' ';
        if (n < sizeof command - 1)
          command[n++] = (char) data[i];
      }
  command[n] = '\0';
  if (!tw_rapi_compose (command, sequence, bytes))
    return;

  g_assert (strlen (bytes) <= TW_RAPI_COMMAND_MAX);
  for (size_t i = 0; i < size; i++)
    tw_port_line_push (&line, data[i]);
  for (const char *c = bytes; *c; c++)
    lines += tw_port_line_push (&line, (guint8) *c) ? 1 : 0;
  g_assert (lines == 1);
  g_assert (strncmp (line.text, bytes, strlen (bytes) - 1) == 0);
  if (tw_rapi_parse (line.text, &message))
    g_assert (message.checked && message.kind == TW_RAPI_OTHER);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  TwPortLine line = { 0 };

  for (size_t i = 0; i < size; i++)
    if (tw_port_line_push (&line, data[i]))
      check_line (line.text, line.len);

  check_round_trip (data, size);
  return 0;
}
