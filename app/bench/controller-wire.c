/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/controller-wire.h"

#include "app/base/whole.h"

#include <string.h>

/* The facts page "Power-controller wires" section 1. */
static const struct { const char *command, *name; } COMMANDS[] = {
  { "$GS", "state?" }, { "$GG", "current and voltage?" }, { "$GU", "energy?" }, { "$GV", "version?" },
  { "$GF", "fault counters?" }, { "$GP", "temperatures?" }, { "$GC", "limits?" }, { "$GE", "settings?" },
  { "$GA", "ammeter settings?" }, { "$GI", "serial number?" }, { "$GD", "delay timer?" }, { "$GM", "voltmeter?" },
  { "$GH", "energy limit?" }, { "$G3", "time limit?" }, { "$GT", "clock?" }, { "$GO", "overtemperature limits?" },
  { "$SC", "offer current" }, { "$SY", "heartbeat" }, { "$SB", "boot lock" }, { "$SH", "energy limit" },
  { "$S3", "time limit" }, { "$SL", "service level" }, { "$S4", "authentication lock" }, { "$SV", "voltage" },
  { "$FE", "power on allowed" }, { "$FS", "sleep: power off" }, { "$FD", "disable: power off" }, { "$FR", "restart" },
  { "$FF", "feature" }, { "$F0", "display" }, { "$FB", "backlight" }, { "$FP", "show text" },
};

static const struct { const char *state, *name; } STATES[] = {
  { "00", "starting" }, { "01", "no car" }, { "02", "car plugged in" }, { "03", "charging" },
  { "04", "ventilation required" }, { "05", "diode check failed" }, { "06", "ground fault" }, { "07", "no ground" },
  { "08", "stuck relay" }, { "09", "ground-fault self-test failed" }, { "0a", "too hot" }, { "0b", "too much current" },
  { "0e", "relay did not close" }, { "fe", "asleep" }, { "ff", "disabled" },
};

/* Without sequence number and check: what follows ':' or '^'. */
static void
bare (const char *line,
      char       *out,
      gsize       size)
{
  gsize n = strcspn (line, ":^");

  g_strlcpy (out, line, MIN (n + 1, size));
  g_strchomp (out);
}

static const char *
command_name (const char *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (strncmp (line, COMMANDS[i].command, 3) == 0)
      return COMMANDS[i].name;

  return "";
}

static const char *
state_name (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (STATES); i++)
    if (strcmp (state, STATES[i].state) == 0)
      return STATES[i].name;

  return "";
}

static void
tell (TwControllerWire *self,
      gboolean          from_station,
      const char       *line,
      const char       *name,
      gboolean          routine)
{
  g_autofree char *masked = tw_happenings_mask (line);
  g_autofree char *text = *name != '\0' ? g_strdup_printf ("%s  %s", masked, name) : g_strdup (masked);
  TwJsonOut *out = tw_happenings_begin (self->happenings, "wire", text);

  tw_json_out_string (out, "wire", "controller");
  tw_json_out_int64 (out, "connector", self->connector);
  tw_json_out_string (out, "from", from_station ? "station" : "street");
  tw_happenings_end (self->happenings, out, routine);
}

/* Questions do not change anything, and the heartbeat's only says that the station lives. */
static gboolean
is_routine (const char *command)
{
  return g_str_has_prefix (command, "$G") || g_str_has_prefix (command, "$SY");
}

static void
from_station_came (TwControllerWire *self,
                   const char       *line)
{
  char command[48];

  bare (line, command, sizeof command);
  if (*self->question != '\0' && !self->silent)
    {
      g_autofree char *text = g_strdup_printf ("(no answer to %s)", self->question);

      tell (self, FALSE, text, "", FALSE);
      self->silent = TRUE;
    }
  g_strlcpy (self->question, command, sizeof self->question);
  tell (self, TRUE, line, command_name (command), is_routine (command));
}

/* "$OK 03 ..." to $GS, or the unasked "$AT 03 ..." / "$ST 03": two hex digits. FALSE: it says no state. Up to firmware
 * 5.1 the answer to $GS has two values, in decimal (section 1.2). */
static gboolean
read_state (TwControllerWire *self,
            const char       *answer,
            char              state[4])
{
  gboolean asked = g_str_has_prefix (answer, "$OK ") && g_str_has_prefix (self->question, "$GS");
  g_auto (GStrv) words = g_strsplit (answer, " ", 4);
  guint64 value = 0;

  if (!asked && !g_str_has_prefix (answer, "$AT ") && !g_str_has_prefix (answer, "$ST "))
    return FALSE;
  if (!tw_whole_parse_unsigned (words[1], asked && g_strv_length (words) == 3 ? 10 : 16, 0, 255, &value))
    return FALSE;

  g_snprintf (state, 4, "%02x", (guint) value);
  return TRUE;
}

static void
from_controller_came (TwControllerWire *self,
                      const char       *line)
{
  char answer[48], state[4];
  gboolean routine, tells_state, asked = g_str_has_prefix (line, "$OK") || g_str_has_prefix (line, "$NK");

  bare (line, answer, sizeof answer);
  tells_state = read_state (self, answer, state);
  routine = g_str_has_prefix (answer, "$OK") && is_routine (self->question);
  if (tells_state)
    {
      routine = routine && strcmp (state, self->state) == 0;
      g_strlcpy (self->state, state, sizeof self->state);
    }
  tell (self, FALSE, line, tells_state ? state_name (state) : "", routine);
  if (asked)
    {
      *self->question = '\0';
      self->silent = FALSE;
    }
}

void
tw_controller_wire_line (gboolean    from_station,
                         const char *line,
                         gpointer    user_data)
{
  TwControllerWire *self = user_data;

  if (self->happenings == NULL || *line == '\0')
    return;
  if (from_station)
    from_station_came (self, line);
  else
    from_controller_came (self, line);
}
