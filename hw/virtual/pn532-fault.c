/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-fault.h"

#include "app/base/error.h"
#include "app/base/whole.h"

#include <string.h>

typedef struct
{
  const char *name;
  guint       argument_max; /* 0: has none */
  guint8      commands[3];  /* none: can befall any */
} Kind;

static const Kind KINDS[] = {
  [TW_PN532_FAULT_NO_ACK] = { "no-ack" },
  [TW_PN532_FAULT_NACK] = { "nack" },
  [TW_PN532_FAULT_NO_REPLY] = { "no-reply" },
  [TW_PN532_FAULT_BAD_LCS] = { "bad-lcs" },
  [TW_PN532_FAULT_BAD_DCS] = { "bad-dcs" },
  [TW_PN532_FAULT_WRONG_TFI] = { "wrong-tfi" },
  [TW_PN532_FAULT_WRONG_CODE] = { "wrong-code" },
  [TW_PN532_FAULT_ERROR_FRAME] = { "error-frame" },
  [TW_PN532_FAULT_PREAMBLE] = { "preamble" },
  [TW_PN532_FAULT_NO_POSTAMBLE] = { "no-postamble" },
  [TW_PN532_FAULT_HALF_FRAME] = { "half-frame" },
  [TW_PN532_FAULT_DRIBBLE] = { "dribble", 1000 },
  [TW_PN532_FAULT_STATUS] = { "status", 255, { 0x40, 0x42 } },
  [TW_PN532_FAULT_ATS_TL_ZERO] = { "ats-tl-zero", 0, { 0x4A } },
  [TW_PN532_FAULT_CHAIN] = { "chain", 262, { 0x40 } },
  [TW_PN532_FAULT_EXTENDED] = { "extended" },
  [TW_PN532_FAULT_LATE_REPLY] = { "late-reply", 60000 },
  [TW_PN532_FAULT_ASLEEP] = { "asleep" },
  [TW_PN532_FAULT_HANG_UP] = { "hang-up" },
  [TW_PN532_FAULT_COLLISION] = { "collision", 0, { 0x4A, 0x60 } },
  [TW_PN532_FAULT_UID_CHANGE] = { "uid-change", 0, { 0x4A } },
};

const char *
tw_pn532_fault_name (TwPn532FaultKind kind)
{
  return KINDS[kind].name;
}

static gboolean
bad (GError    **error,
     const char *text,
     const char *why)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "fault \"%s\": %s", text, why);
  return FALSE;
}

static gboolean
read_number (const char *text,
             guint       base,
             guint       max,
             guint      *value)
{
  guint64 number;

  if (!tw_whole_parse_unsigned (text, base, 0, max, &number))
    return FALSE;
  *value = number;
  return TRUE;
}

static gboolean
read_option (const char   *option,
             TwPn532Fault *fault)
{
  guint code;

  if (g_str_has_prefix (option, "skip="))
    return read_number (option + 5, 10, G_MAXUINT16, &fault->skip);
  if (g_str_has_prefix (option, "times="))
    return read_number (option + 6, 10, G_MAXUINT16, &fault->times);
  if (!g_str_has_prefix (option, "command=") || !read_number (option + 8, 16, 0xFF, &code))
    return FALSE;

  fault->command = code;
  return TRUE;
}

gboolean
tw_pn532_fault_parse (const char   *text,
                      TwPn532Fault *fault,
                      GError      **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 5);
  char *argument = parts[0] ? strchr (parts[0], '=') : NULL;
  guint kind;

  memset (fault, 0, sizeof *fault);
  if (argument)
    *argument++ = '\0';

  for (kind = 0; kind < G_N_ELEMENTS (KINDS); kind++)
    if (g_strcmp0 (parts[0], KINDS[kind].name) == 0)
      break;
  if (kind == G_N_ELEMENTS (KINDS))
    return bad (error, text, "there is no such fault");
  fault->kind = kind;

  if ((argument != NULL) != (KINDS[kind].argument_max > 0))
    return bad (error, text, argument ? "it takes no argument" : "it needs an argument, NAME=NUMBER");
  if (argument && !read_number (argument, kind == TW_PN532_FAULT_STATUS ? 16 : 10, KINDS[kind].argument_max,
                                &fault->argument))
    return bad (error, text, "its argument is not a number in range");
  if (kind == TW_PN532_FAULT_CHAIN && fault->argument == 0)
    return bad (error, text, "a piece has at least one byte");

  for (guint i = 1; parts[i]; i++)
    if (!read_option (parts[i], fault))
      return bad (error, text, "options are command=HEX, skip=N and times=N");
  return TRUE;
}

static gboolean
can_befall (const TwPn532Fault *fault,
            guint8              command)
{
  const guint8 *commands = KINDS[fault->kind].commands;

  if (fault->command != 0 && fault->command != command)
    return FALSE;
  if (commands[0] == 0)
    return TRUE;
  return command != 0 && (commands[0] == command || commands[1] == command);
}

gboolean
tw_pn532_fault_strikes (TwPn532Fault *fault,
                        guint8        command)
{
  if (!can_befall (fault, command))
    return FALSE;
  if (fault->skip > 0)
    {
      fault->skip--;
      return FALSE;
    }
  if (fault->times == 0)
    return TRUE;
  if (fault->times == G_MAXUINT) /* used up */
    return FALSE;
  fault->times = fault->times == 1 ? G_MAXUINT : fault->times - 1;
  return TRUE;
}
