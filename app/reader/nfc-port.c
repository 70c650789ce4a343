/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/nfc-port.h"

static const char *
name (gpointer nfc)
{
  return tw_nfc_name (nfc);
}

static gboolean
find (gpointer  nfc,
      TwTarget *target,
      GError  **error)
{
  return tw_nfc_find (nfc, target, error);
}

static gboolean
present (gpointer nfc)
{
  return tw_nfc_present (nfc);
}

static void
release (gpointer nfc)
{
  tw_nfc_release (nfc);
}

static void
field (gpointer nfc,
       gboolean on)
{
  tw_nfc_field (nfc, on);
}

static gboolean
exchange (gpointer      nfc,
          const guint8 *command,
          gsize         command_len,
          guint8        answer[264],
          gsize        *answer_len,
          GError      **error)
{
  return tw_nfc_exchange (nfc, command, command_len, answer, answer_len, error);
}

const TwReaderPort tw_nfc_port = { name, find, present, release, field, exchange };
