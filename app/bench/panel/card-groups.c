/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/card-groups.h"

#include <glib.h>

static const struct { const char *name; TwCardGroup group; } CARDS[] = {
  { "visa-approve", TW_GROUP_APPROVE },
  { "visa-second", TW_GROUP_APPROVE },
  { "phone", TW_GROUP_APPROVE },
  { "phone-look-first", TW_GROUP_APPROVE },
  { "visa-slow", TW_GROUP_APPROVE },
  { "visa-two-files", TW_GROUP_APPROVE },
  { "visa-long-record", TW_GROUP_APPROVE },
  { "two-applications", TW_GROUP_APPROVE },
  { "visa-6985-then-other", TW_GROUP_APPROVE },
  { "kernel-unknown", TW_GROUP_APPROVE },

  { "visa-decline", TW_GROUP_DECLINE },
  { "visa-aac", TW_GROUP_DECLINE },
  { "visa-expired", TW_GROUP_DECLINE },
  { "visa-blocked", TW_GROUP_DECLINE },
  { "visa-6985", TW_GROUP_DECLINE },
  { "mastercard", TW_GROUP_DECLINE },

  { "visa-tc", TW_GROUP_ODD },
  { "visa-6984", TW_GROUP_ODD },
  { "visa-insists-on-pin", TW_GROUP_ODD },
  { "visa-insists-on-signature", TW_GROUP_ODD },
  { "visa-tear", TW_GROUP_ODD },
  { "visa-tear-at-record", TW_GROUP_ODD },

  { "visa-no-cryptogram", TW_GROUP_BROKEN },
  { "visa-pan-mismatch", TW_GROUP_BROKEN },
  { "visa-duplicate-tag", TW_GROUP_BROKEN },
  { "visa-truncated", TW_GROUP_BROKEN },
  { "visa-indefinite-length", TW_GROUP_BROKEN },
  { "ppse-empty", TW_GROUP_BROKEN },
  { "ppse-error", TW_GROUP_BROKEN },
  { "ppse-truncated", TW_GROUP_BROKEN },
  { "silent-answer", TW_GROUP_BROKEN },
  { "garbage", TW_GROUP_BROKEN },

  { "rfid-classic", TW_GROUP_RFID },
  { "rfid-ultralight", TW_GROUP_RFID },
  { "rfid-desfire", TW_GROUP_RFID },
};

TwCardGroup
tw_card_group (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (CARDS); i++)
    if (g_str_equal (CARDS[i].name, name))
      return CARDS[i].group;

  return TW_GROUP_OTHER;
}

unsigned
tw_card_rank (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (CARDS); i++)
    if (g_str_equal (CARDS[i].name, name))
      return i;

  return G_N_ELEMENTS (CARDS);
}

const char *
tw_card_group_title (TwCardGroup group)
{
  static const char *const TITLES[TW_N_GROUPS] = {
    "Pay", "Are declined", "Want something else", "Are broken", "RFID, not for money", "Others",
  };

  return TITLES[group];
}
