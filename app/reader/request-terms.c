/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/request-terms.h"

#include "app/base/log.h"
#include "app/reader/country.h"
#include "payment/money/money.h"

/* "YYMMDD" as three bytes of BCD. */
static void
pack (guint8      out[3],
      const char *digits)
{
  for (guint i = 0; i < 3; i++)
    out[i] = (digits[2 * i] - '0') << 4 | (digits[2 * i + 1] - '0');
}

static void
prepare_identify (const TwService *service,
                  TwTerminal      *terminal,
                  TwTransaction   *transaction)
{
  const TwConfig *config = service->config;
  gint64 wall_s = tw_clock_now (service->clock).wall_us / G_USEC_PER_SEC;
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (wall_s);
  g_autofree char *date = now != NULL ? g_date_time_format (now, "%y%m%d") : NULL;
  g_autofree char *time = now != NULL ? g_date_time_format (now, "%H%M%S") : NULL;

  transaction->identify_only = TRUE;
  pack (transaction->date, date != NULL ? date : "000101");
  pack (transaction->time, time != NULL ? time : "000000");
  *terminal = (TwTerminal) {
    .type = config->terminal_type, .country = tw_country_number (config->country),
    .currency = tw_currency_number (config->currency),
    .currency_digits = MAX (tw_currency_digits (config->currency), 0),
    .id = config->terminal_id, .name = config->merchant_name, .category = config->merchant_category,
  };
}

static void
prepare_authorize (const TwMessage *message,
                   TwTerminal      *terminal,
                   TwTransaction   *transaction)
{
  transaction->amount_minor = message->amount_minor;
  pack (transaction->date, message->terminal.date);
  pack (transaction->time, message->terminal.time);
  *terminal = (TwTerminal) {
    .type = message->terminal.type, .country = tw_country_number (message->country),
    .currency = tw_currency_number (message->currency),
    .currency_digits = MAX (tw_currency_digits (message->currency), 0),
    .id = message->terminal.id, .name = message->terminal.name, .category = message->terminal.category,
    .contactless_limit_minor = message->terminal.contactless_limit_minor,
    .cvm_limit_minor = message->terminal.cvm_limit_minor,
  };
}

/* NULL: it can be tried; otherwise the code to answer with before any field goes on. */
static const char *
refusal (const TwService     *service,
         const TwMessage     *message,
         const TwTerminal    *terminal,
         const TwTransaction *transaction)
{
  if (message->kind != TW_MESSAGE_AUTHORIZE)
    return NULL;

  if (service->seal_key == NULL || g_strcmp0 (tw_seal_key_id (service->seal_key), message->key_id) != 0)
    {
      tw_log_warning ("authorization refused: it asks for an encryption key that this reader has not loaded");
      return "bad-request";
    }
  if (terminal->country == 0 || terminal->currency == 0)
    {
      tw_log_warning ("authorization refused: country or currency is not known to the card kernels");
      return "bad-request";
    }
  if (!tw_card_amount_possible (terminal, transaction))
    {
      tw_log_warning ("authorization refused: the hold is above [emv] contactless_limit");
      return "not-accepted";
    }
  return NULL;
}

const char *
tw_request_terms (const TwService *service,
                  const TwMessage *message,
                  TwTerminal      *terminal,
                  TwTransaction   *transaction)
{
  *transaction = (TwTransaction) { .sequence = message->request % 100000000 };    /* 9F41 is n8 */
  if (message->kind == TW_MESSAGE_AUTHORIZE)
    prepare_authorize (message, terminal, transaction);
  else
    prepare_identify (service, terminal, transaction);

  return refusal (service, message, terminal, transaction);
}
