/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/message-kinds.h"

#include <string.h>

#define AT(member) G_STRUCT_OFFSET (TwMessage, member)
#define REQUEST    { "request", TW_FIELD_NUMBER, AT (request), 1, G_MAXINT64 }
#define DEADLINE   { "deadline_ms", TW_FIELD_NUMBER, AT (deadline_ms), 1, 3600 * 1000 }

#define TEXTS_MOST      8
#define BODY_MOST       12000

static const char *prompts[] = { "present-card", "hold-still", "see-phone", "one-card-only", "try-again", "other-card",
                                 "removed", NULL };
static const char *codes[] = { "cancelled", "timeout", "declined", "other-card", "not-accepted", "not-known-here",
                               "see-phone", "bad-request", "not-sealed", NULL };
static const char *card_kinds[] = { "emv", "uid", "stripe", NULL };
static const char *cvms[] = { "none", "device", NULL };
static const char *cryptograms[] = { "arqc", NULL };
static const char *authentications[] = { "not-performed", NULL };

static gboolean
all_of (const char *text,
        gboolean  (*fits) (char c))
{
  for (; *text != '\0'; text++)
    if (!fits (*text))
      return FALSE;
  return TRUE;
}

static gboolean
fits_printable (char c)
{
  return c >= 0x20 && c <= 0x7e;
}

static gboolean
fits_digit (char c)
{
  return g_ascii_isdigit (c);
}

static gboolean
fits_upper (char c)
{
  return g_ascii_isupper (c);
}

static gboolean
fits_hex (char c)
{
  return g_ascii_isxdigit (c) && !g_ascii_isupper (c);
}

static gboolean
printable (const char *text)
{
  return all_of (text, fits_printable);
}

static gboolean
digits (const char *text)
{
  return all_of (text, fits_digit);
}

static gboolean
capitals (const char *text)
{
  return all_of (text, fits_upper);
}

static gboolean
hex (const char *text)
{
  return strlen (text) % 2 == 0 && all_of (text, fits_hex);
}

static gboolean
anything (const char *text)
{
  return TRUE;
}

/* Stars and the last four: whatever goes wrong in the reader, a whole number does not pass here. */
static gboolean
masked (const char *text)
{
  gsize stars = strspn (text, "*");

  return stars >= 8 && strlen (text + stars) == 4 && digits (text + stars);
}

/* emv-contactless.md section 10: the epoch's name, a colon, 16 bytes in hex. */
static gboolean
fingerprint (const char *text)
{
  const char *colon = strchr (text, ':');

  return colon != NULL && colon != text && strlen (colon + 1) == 32 && hex (colon + 1) && printable (text);
}

static const TwField hello_fields[] = {
  { "device", TW_FIELD_TEXT, AT (device), 1, 256, printable },
  { "gateway", TW_FIELD_TEXT, AT (gateway), 1, 32, printable },
  { "key_ids", TW_FIELD_TEXTS, AT (key_ids), 0, TEXTS_MOST, printable },
  { NULL }
};

static const TwField identify_fields[] = { REQUEST, DEADLINE, { NULL } };

static const TwField terminal_fields[] = {
  { "type", TW_FIELD_NUMBER, AT (terminal.type), 0, 99 },
  { "id", TW_FIELD_TEXT, AT (terminal.id), 1, 8, printable },
  { "name", TW_FIELD_TEXT, AT (terminal.name), 1, 64, anything },
  { "category", TW_FIELD_NUMBER, AT (terminal.category), 0, 9999 },
  { "contactless_limit_minor", TW_FIELD_NUMBER, AT (terminal.contactless_limit_minor), 0, G_MAXINT64 },
  { "cvm_limit_minor", TW_FIELD_NUMBER, AT (terminal.cvm_limit_minor), 0, G_MAXINT64 },
  { "date", TW_FIELD_TEXT, AT (terminal.date), 6, 6, digits },
  { "time", TW_FIELD_TEXT, AT (terminal.time), 6, 6, digits },
  { NULL }
};

static const TwField authorize_fields[] = {
  REQUEST, DEADLINE,
  { "amount_minor", TW_FIELD_NUMBER, AT (amount_minor), 1, G_GINT64_CONSTANT (999999999999) },    /* 9F02 is n12 */
  { "currency", TW_FIELD_TEXT, AT (currency), 3, 3, capitals },
  { "country", TW_FIELD_TEXT, AT (country), 2, 2, capitals },
  { "transaction_type", TW_FIELD_NUMBER, AT (transaction_type), 0, 0 },
  { "key_id", TW_FIELD_TEXT, AT (key_id), 1, TW_TEXT_IN_LIST, printable },
  { "terminal", TW_FIELD_GROUP, .group = terminal_fields },
  { "body", TW_FIELD_TEXT, AT (body), 2, BODY_MOST, anything },
  { NULL }
};

static const TwField cancel_fields[] = { REQUEST, { NULL } };

static const TwField ready_fields[] = {
  { "version", TW_FIELD_TEXT, AT (version), 1, 32, printable },
  { "device", TW_FIELD_TEXT, AT (device), 1, 256, printable },
  { "capabilities", TW_FIELD_TEXTS, AT (capabilities), 0, TEXTS_MOST, printable },
  { "kernels", TW_FIELD_TEXTS, AT (kernels), 0, TEXTS_MOST, printable },
  { "key_table", TW_FIELD_TEXT, AT (key_table), 1, TW_TEXT_IN_LIST, printable },
  { NULL }
};

static const TwField hint_fields[] = { REQUEST, { "prompt", TW_FIELD_TEXT, AT (prompt), 1, 32, printable, prompts },
                                       { NULL } };

static const TwField card_fields[] = {
  REQUEST,
  { "kind", TW_FIELD_TEXT, AT (card_kind), 1, 8, printable, card_kinds },
  { "masked", TW_FIELD_MAY_TEXT, AT (masked), 12, 19, masked },
  { "brand", TW_FIELD_MAY_TEXT, AT (brand), 1, 16, printable },
  { "aid", TW_FIELD_MAY_TEXT, AT (aid), 10, 32, hex },
  { "label", TW_FIELD_MAY_TEXT, AT (label), 1, 16, printable },
  { "fingerprint", TW_FIELD_MAY_TEXT, AT (fingerprint), 34, 64, fingerprint },
  { "fingerprint_old", TW_FIELD_MAY_TEXT, AT (fingerprint_old), 34, 64, fingerprint },
  { "test_mode", TW_FIELD_TRUTH, AT (test_mode) },
  { NULL }
};

static const TwField sealed_fields[] = {
  REQUEST,
  { "sealed", TW_FIELD_TEXT, AT (sealed), 2, 15000, printable },
  { "digest", TW_FIELD_TEXT, AT (digest), 64, 64, hex },
  { "cvm", TW_FIELD_TEXT, AT (cvm), 1, 8, printable, cvms },
  { "cryptogram", TW_FIELD_TEXT, AT (cryptogram), 1, 8, printable, cryptograms },
  { "offline_authentication", TW_FIELD_TEXT, AT (offline_authentication), 1, 32, printable, authentications },
  { "in_field_ms", TW_FIELD_NUMBER, AT (in_field_ms), 0, 3600 * 1000 },
  { NULL }
};

static const TwField failed_fields[] = {
  REQUEST,
  { "code", TW_FIELD_TEXT, AT (code), 1, 32, printable, codes },
  { "retry", TW_FIELD_TRUTH, AT (retry) },
  { NULL }
};

static const TwField alive_fields[] = { { NULL } };

const TwMessageKindInfo tw_message_kinds[] = {
  [TW_MESSAGE_HELLO]     = { "hello", TW_MESSAGE_FROM_DAEMON, hello_fields },
  [TW_MESSAGE_IDENTIFY]  = { "identify", TW_MESSAGE_FROM_DAEMON, identify_fields },
  [TW_MESSAGE_AUTHORIZE] = { "authorize", TW_MESSAGE_FROM_DAEMON, authorize_fields },
  [TW_MESSAGE_CANCEL]    = { "cancel", TW_MESSAGE_FROM_DAEMON, cancel_fields },
  [TW_MESSAGE_READY]     = { "ready", TW_MESSAGE_FROM_READER, ready_fields },
  [TW_MESSAGE_HINT]      = { "hint", TW_MESSAGE_FROM_READER, hint_fields },
  [TW_MESSAGE_CARD]      = { "card", TW_MESSAGE_FROM_READER, card_fields },
  [TW_MESSAGE_SEALED]    = { "sealed", TW_MESSAGE_FROM_READER, sealed_fields },
  [TW_MESSAGE_FAILED]    = { "failed", TW_MESSAGE_FROM_READER, failed_fields },
  [TW_MESSAGE_ALIVE]     = { "alive", TW_MESSAGE_FROM_READER, alive_fields },
};

const guint tw_message_n_kinds = G_N_ELEMENTS (tw_message_kinds);
