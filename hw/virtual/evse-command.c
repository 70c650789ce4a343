/* SPDX-License-Identifier: Apache-2.0 */
/* RAPI as the firmware speaks it: facts page "Power-controller wires" sections 1.1 to 1.5. */
#include "hw/virtual/evse-private.h"

#include "app/base/whole.h"

#include <string.h>

#define WORDS_MAX 10

typedef struct
{
  char    *word[WORDS_MAX];
  guint    n;
  GString *data;            /* what follows $OK or $NK */
} Command;

typedef gboolean (*Run) (TwEvse *self, Command *command);   /* FALSE: $NK */

/* The firmware does not look whether these are digits, and cuts to 8 bits. */
static guint8
number (Command *command,
        guint    i)
{
  guint value = 0;

  if (i >= command->n)
    return 0;
  for (const char *c = command->word[i]; *c; c++)
    value = value * 10 + (guint) (*c - '0');

  return (guint8) value;
}

static gboolean
is_word (Command    *command,
         guint       i,
         const char *word)
{
  return i < command->n && strcmp (command->word[i], word) == 0;
}

static gboolean
get_version (TwEvse  *self,
             Command *command)
{
  g_string_printf (command->data, "%s %s", self->firmware->version, self->firmware->rapi);
  return TRUE;
}

static gboolean
get_state (TwEvse  *self,
           Command *command)
{
  guint state = tw_evse_state (self), pilot = tw_evse_pilot (self);
  guint64 elapsed = (guint64) self->elapsed_ms / 1000;

  if (self->firmware->state_words == 2)
    g_string_printf (command->data, "%u %" G_GUINT64_FORMAT, state, elapsed);
  else if (self->firmware->state_words == 3)
    g_string_printf (command->data, "%02x %" G_GUINT64_FORMAT " %02x", state, elapsed, pilot);
  else
    g_string_printf (command->data, "%02x %" G_GUINT64_FORMAT " %02x %04x", state, elapsed, pilot,
                     tw_evse_vflags (self));
  return TRUE;
}

static gboolean
get_car (TwEvse  *self,
         Command *command)
{
  g_string_printf (command->data, "%d", self->mode == TW_EVSE_DISABLED ? 2 : self->sees_car ? 1 : 0);
  return TRUE;
}

static gboolean
get_current (TwEvse  *self,
             Command *command)
{
  g_string_printf (command->data, "%u %d", tw_evse_current_ma (self),
                   self->firmware->state_words == 2 ? -1 : (int) self->options.voltage_v * 1000);
  return TRUE;
}

static gboolean
get_energy (TwEvse  *self,
            Command *command)
{
  g_string_printf (command->data, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, self->session_ws,
                   self->total_wh & G_MAXUINT32);
  return TRUE;
}

static gboolean
get_capacity (TwEvse  *self,
              Command *command)
{
  g_string_printf (command->data, "6 %u", self->options.max_current_a);
  if (self->firmware->capacity_words >= 3)
    g_string_append_printf (command->data, " %u", self->amps);
  if (self->firmware->capacity_words >= 4)
    g_string_append_printf (command->data, " %u", self->stored_amps);
  return TRUE;
}

static gboolean
get_settings (TwEvse  *self,
              Command *command)
{
  g_string_printf (command->data, "%u %04x", self->amps, 0x0021 | (self->button_off ? 0x8000 : 0));
  return TRUE;
}

static gboolean
get_fault_counters (TwEvse  *self,
                    Command *command)
{
  g_string_printf (command->data, "%X %X %X", self->gfi, self->no_ground, self->stuck);
  return TRUE;
}

static gboolean
get_temperatures (TwEvse  *self,
                  Command *command)
{
  g_string_printf (command->data, "%d -2560 -2560", self->cause == 0x0a ? 880 : 235);
  return TRUE;
}

static gboolean
get_calibration (TwEvse  *self,
                 Command *command)
{
  g_string_assign (command->data, "220 0");
  return TRUE;
}

static gboolean
get_delay_timer (TwEvse  *self,
                 Command *command)
{
  g_string_assign (command->data, "0 0 0 0");
  return TRUE;
}

static gboolean
get_time (TwEvse  *self,
          Command *command)
{
  g_string_assign (command->data, "165 165 165 165 165 85");
  return TRUE;
}

/* $NK n: clamped (section 1.3). */
static gboolean
set_current (TwEvse  *self,
             Command *command)
{
  guint8 asked = number (command, 1);
  guint8 set = CLAMP (asked, 6, (guint8) self->options.max_current_a);

  if (command->n < 2 || is_word (command, 2, "M"))
    return FALSE;

  self->amps = set;
  if (!is_word (command, 2, "V"))
    self->stored_amps = set;
  g_string_printf (command->data, "%u", set);
  return set == asked;
}

static gboolean
enable (TwEvse  *self,
        Command *command)
{
  tw_evse_enable (self);
  return TRUE;
}

static gboolean
go_to_sleep (TwEvse  *self,
             Command *command)
{
  tw_evse_sleep (self);
  return TRUE;
}

static gboolean
disable (TwEvse  *self,
         Command *command)
{
  tw_evse_disable (self);
  return TRUE;
}

static gboolean
may_set_limit (TwEvse *self)
{
  return tw_evse_state (self) == 2 || tw_evse_state (self) == 3;
}

static gboolean
set_energy_limit (TwEvse  *self,
                  Command *command)
{
  if (!may_set_limit (self) || command->n < 2)
    return FALSE;

  self->limit_kwh = number (command, 1);
  return TRUE;
}

static gboolean
set_time_limit (TwEvse  *self,
                Command *command)
{
  if (!may_set_limit (self) || command->n < 2)
    return FALSE;

  self->limit_quarters = number (command, 1);
  return TRUE;
}

static gboolean
get_energy_limit (TwEvse  *self,
                  Command *command)
{
  g_string_printf (command->data, "%u", self->limit_kwh);
  return TRUE;
}

static gboolean
get_time_limit (TwEvse  *self,
                Command *command)
{
  g_string_printf (command->data, "%u", self->limit_quarters);
  return TRUE;
}

static gboolean
has_heart (TwEvse *self)
{
  return self->options.heartbeat && self->firmware->heart;
}

static gboolean
get_heart (TwEvse  *self,
           Command *command)
{
  if (!has_heart (self))
    return FALSE;

  g_string_printf (command->data, "%u %u %u", self->heart_s, self->heart_a, self->heart_trigger);
  return TRUE;
}

static gboolean
beat (TwEvse  *self,
      Command *command)
{
  if (!has_heart (self))
    return FALSE;

  if (command->n == 2 && number (command, 1) == 165)
    {
      /* Restores the configured maximum, not the last volatile value. */
      if (self->heart_trigger == 2)
        self->amps = self->stored_amps;
      self->heart_trigger = self->heart_trigger == 2 ? 1 : self->heart_trigger;
    }
  else if (command->n >= 3)
    {
      self->heart_s = number (command, 1);
      self->heart_a = number (command, 2);
      self->heart_trigger = 0;
    }

  self->pulse_ms = self->now_ms;
  get_heart (self, command);
  return self->heart_trigger != 2;
}

/* "$FF E" turns the echo on, whatever its argument (section 1.3). */
static gboolean
set_feature (TwEvse  *self,
             Command *command)
{
  if (command->n < 3 || strlen (command->word[1]) != 1 || strchr ("BDEFGRTV", command->word[1][0]) == NULL)
    return FALSE;

  if (is_word (command, 1, "E"))
    self->echo = TRUE;
  if (is_word (command, 1, "B"))
    self->button_off = is_word (command, 2, "0");
  return TRUE;
}

static gboolean
accept (TwEvse  *self,
        Command *command)
{
  return TRUE;
}

static const struct { const char *name; Run run; } commands[] = {
  { "GV", get_version },  { "GS", get_state },         { "G0", get_car },         { "GG", get_current },
  { "GU", get_energy },   { "GC", get_capacity },      { "GE", get_settings },    { "GF", get_fault_counters },
  { "GP", get_temperatures }, { "GA", get_calibration }, { "GD", get_delay_timer }, { "GT", get_time },
  { "SC", set_current },  { "FE", enable },            { "FS", go_to_sleep },     { "FD", disable },
  { "SH", set_energy_limit }, { "GH", get_energy_limit }, { "S3", set_time_limit }, { "G3", get_time_limit },
  { "SY", beat },         { "GY", get_heart },         { "FF", set_feature },     { "F0", accept },
  { "FB", accept },       { "FP", accept },            { "SL", accept },          { "S1", accept },
};

static void
answer (TwEvse     *self,
        gboolean    ok,
        const char *data,
        const char *sequence)
{
  g_autofree char *body = g_strconcat (ok ? "$OK" : "$NK", *data ? " " : "", data, sequence, NULL);

  tw_evse_tell (self, body);
}

/* " :ss", the last word; taken off where this firmware knows it. */
static void
take_sequence (TwEvse  *self,
               Command *command,
               char     sequence[5])
{
  const char *last = command->n > 0 ? command->word[command->n - 1] : "";

  sequence[0] = '\0';
  if (!self->firmware->sequence || last[0] != ':' || strlen (last) != 3 || strcmp (last, ":00") == 0)
    return;

  g_snprintf (sequence, 5, " %c%c%c", ':', g_ascii_toupper (last[1]), g_ascii_toupper (last[2]));
  command->n--;
}

static void
run (TwEvse  *self,
     Command *command)
{
  char sequence[5];

  take_sequence (self, command, sequence);
  /* It does not answer any more: the watchdog bites first. */
  if (is_word (command, 0, "FR"))
    {
      tw_evse_reboot (self);
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (is_word (command, 0, commands[i].name))
      {
        gboolean ok = commands[i].run (self, command);

        answer (self, ok, command->data->str, sequence);
        tw_evse_settle (self);
        return;
      }

  answer (self, FALSE, "", sequence);
}

/* FALSE: a check is there and wrong. text ends before it. */
static gboolean
take_check (char *text)
{
  char *mark = strpbrk (text, "^*");
  guint8 xor = 0, sum = 0;
  guint64 told;

  if (mark == NULL)
    return TRUE;
  if (!tw_whole_parse_unsigned (mark + 1, 16, 0, 255, &told))
    return FALSE;

  for (const char *c = text; c < mark; c++)
    {
      xor ^= (guint8) *c;
      sum = (guint8) (sum + (guint8) *c);
    }
  told ^= *mark == '^' ? xor : sum;
  *mark = '\0';
  return told == 0;
}

static void
run_line (TwEvse *self)
{
  g_autoptr (GString) data = g_string_new (NULL);
  Command command = { .data = data };
  char *rest = self->heard + 1, *word;

  self->heard[self->heard_len] = '\0';
  if (!take_check (self->heard))
    {
      answer (self, FALSE, "", "");
      return;
    }
  while ((word = strsep (&rest, " ")) != NULL)
    {
      if (command.n == WORDS_MAX)
        {
          answer (self, FALSE, "", "");
          return;
        }
      command.word[command.n++] = word;
    }

  run (self, &command);
}

void
tw_evse_hear (TwEvse *self,
              guint8  byte)
{
  char echoed[2] = { (char) byte, '\0' };

  if (self->now_ms < self->boot_until_ms)
    return;
  if (self->echo)
    self->say (echoed, FALSE, self->user_data);

  if (byte == '$')
    {
      self->listening = TRUE;
      self->heard_len = 0;
    }
  if (!self->listening)
    return;
  if (byte == '\r')
    {
      self->listening = FALSE;
      run_line (self);
      return;
    }
  /* '$' to before CR at most 31 bytes; a longer line is dropped without any answer. */
  if (byte == '\0' || self->heard_len == TW_EVSE_BUFFER - 1)
    {
      self->listening = FALSE;
      return;
    }

  self->heard[self->heard_len++] = (char) byte;
}
