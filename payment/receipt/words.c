/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/words.h"

#include "app/base/words.h"
#include "payment/tariff/tariff.h"

#define CONTEXT "receipt"

static const char *const words[TW_N_WORDS] = {
  /* Translators: a receipt has 42 columns; most of its words share a line with a value. */
  [TW_WORD_TEST_MODE]       = NC_("receipt", "TEST MODE - NO PAYMENT"),
  [TW_WORD_RECEIPT]         = NC_("receipt", "RECEIPT"),
  [TW_WORD_RECORD]          = NC_("receipt", "SESSION RECORD"),
  [TW_WORD_NUMBER]          = NC_("receipt", "Receipt no."),
  [TW_WORD_VAT_ID]          = NC_("receipt", "VAT ID"),
  [TW_WORD_HELPLINE]        = NC_("receipt", "Helpline"),
  [TW_WORD_STATION]         = NC_("receipt", "Station"),
  [TW_WORD_EVSE]            = NC_("receipt", "EVSE ID"),
  [TW_WORD_CONNECTOR]       = NC_("receipt", "Connector"),
  [TW_WORD_BEGIN]           = NC_("receipt", "Begin"),
  [TW_WORD_END]             = NC_("receipt", "End"),
  [TW_WORD_NOT_STARTED]     = NC_("receipt", "Charging did not start."),
  [TW_WORD_DELIVERED]       = NC_("receipt", "Energy delivered"),
  [TW_WORD_METER_BEGIN]     = NC_("receipt", "Meter at begin"),
  [TW_WORD_METER_END]       = NC_("receipt", "Meter at end"),
  [TW_WORD_MAX_POWER]       = NC_("receipt", "Highest power"),
  [TW_WORD_CURRENT]         = NC_("receipt", "Current"),
  [TW_WORD_FLAT]            = NC_("receipt", "Start fee"),
  [TW_WORD_ENERGY]          = NC_("receipt", "Energy"),
  [TW_WORD_TIME]            = NC_("receipt", "Charging time"),
  [TW_WORD_PARKING_TIME]    = NC_("receipt", "Time plugged in, not charging"),
  [TW_WORD_MINIMUM]         = NC_("receipt", "Raised to the minimum price"),
  [TW_WORD_MAXIMUM]         = NC_("receipt", "Lowered to the maximum price"),
  [TW_WORD_RESERVATION]     = NC_("receipt", "Reservation"),
  [TW_WORD_RESERVATION_FEE] = NC_("receipt", "Reservation fee"),
  [TW_WORD_ROUNDED_ONCE]    = NC_("receipt", "Only the total is rounded, from exact amounts. This is the difference."),
  [TW_WORD_GRACE]           = NC_("receipt", "Plugged in, free"),
  [TW_WORD_REDUCTION]       = NC_("receipt", "Reduction"),
  [TW_WORD_ROUNDING]        = NC_("receipt", "Rounding"),
  [TW_WORD_TOTAL]           = NC_("receipt", "TOTAL"),
  [TW_WORD_NOTHING_DUE]     = NC_("receipt", "Nothing is due."),
  [TW_WORD_TAX]             = NC_("receipt", "Tax"),
  [TW_WORD_NET]             = NC_("receipt", "Net"),
  [TW_WORD_GROSS]           = NC_("receipt", "Gross"),
  [TW_WORD_NO_TAX]          = NC_("receipt", "no tax"),
  [TW_WORD_LIMIT]           = NC_("receipt", "limit"),
  [TW_WORD_TAX_UNKNOWN]     = NC_("receipt", "The prices include tax. The tariff does not state at which rate."),
  [TW_WORD_PAYMENT]         = NC_("receipt", "PAYMENT"),
  [TW_WORD_APPROVAL]        = NC_("receipt", "Approval code"),
  [TW_WORD_REFERENCE]       = NC_("receipt", "Transaction"),
  [TW_WORD_HOLD]            = NC_("receipt", "Reserved on the card"),
  [TW_WORD_HOLD_ASKED]      = NC_("receipt", "Reservation asked for"),
  [TW_WORD_CHARGED]         = NC_("receipt", "Charged"),
  [TW_WORD_REFUNDED]        = NC_("receipt", "Refunded"),
  [TW_WORD_TO_CHARGE]       = NC_("receipt", "To be charged"),
  [TW_WORD_NOT_CHARGED]     = NC_("receipt", "Not charged"),
  [TW_WORD_RELEASED]        = NC_("receipt", "Released"),
  [TW_WORD_RELEASING]       = NC_("receipt", "Being released"),
  [TW_WORD_NOT_RELEASED]    = NC_("receipt", "Not released yet"),
  [TW_WORD_ON]              = NC_("receipt", "on"),
  [TW_WORD_STATUS_NONE]     = NC_("receipt", "No money was reserved, and none was charged."),
  [TW_WORD_STATUS_UNKNOWN]  = NC_("receipt", "The payment service has not answered. Nothing is charged; if money was "
                                             "reserved, the reservation is being cancelled."),
  [TW_WORD_STATUS_PENDING]  = NC_("receipt", "The charge is on its way and not confirmed yet."),
  [TW_WORD_STATUS_RELEASED] = NC_("receipt", "Nothing was charged."),
  [TW_WORD_STATUS_FAILED]   = NC_("receipt", "The payment service refused the charge. Nothing was charged."),
  [TW_WORD_BANK_SHOWS]      = NC_("receipt", "The payment service has confirmed the release. When your account shows "
                                             "it is up to your bank."),
  [TW_WORD_RELEASE_RUNNING] = NC_("receipt", "The release is on its way and not confirmed yet."),
  [TW_WORD_RELEASE_REFUSED] = NC_("receipt", "The payment service refused the release. The reservation runs out at "
                                             "your bank."),
  [TW_WORD_REASON]          = NC_("receipt", "How it ended:"),
  [TW_WORD_TARIFF]          = NC_("receipt", "Tariff"),
  [TW_WORD_SESSION]         = NC_("receipt", "Session"),
  [TW_WORD_QUESTIONS]       = NC_("receipt", "Questions? Call us, naming the session:"),
};

/* The codes that end takes (payment/acceptor/acceptor.h), bays and sessions, and what is worth a remark. */
static const struct { const char *code, *sentence; } codes[] = {
  { "stop", NC_("receipt", "Stopped at the screen.") },
  { "card", NC_("receipt", "Stopped with the same card.") },
  { "operator", NC_("receipt", "Stopped by the operator.") },
  { "unplugged", NC_("receipt", "The cable was unplugged.") },
  { "full", NC_("receipt", "The vehicle has finished charging.") },
  { "limit", NC_("receipt", "The reserved amount was reached.") },
  { "goal-energy", NC_("receipt", "The energy you chose is reached.") },
  { "goal-amount", NC_("receipt", "The amount you chose is reached.") },
  { "goal-time", NC_("receipt", "The time you chose is over.") },
  { "running", NC_("receipt", "The session is still running.") },
  { "restart", NC_("receipt", "The station was restarted before charging began.") },
  { "other-connector", NC_("receipt", "Another connector was chosen.") },
  { "other-goal", NC_("receipt", "Another amount, energy or time was chosen.") },
  { "journal", NC_("receipt", "The station could not keep its records any more.") },
  { "not-priced", NC_("receipt", "The session could not be priced.") },
  { "card-in-use", NC_("receipt", "This card already has a session here.") },
  { "no-answer", NC_("receipt", "The payment service did not answer in time.") },
  { "timeout", NC_("receipt", "Nothing happened in the time given.") },
  { "not-connected", NC_("receipt", "No vehicle was plugged in in time.") },
  { "lost", NC_("receipt", "The station lost contact with the charging point. Billed is the last reading before "
                           "that.") },
  { "changed", NC_("receipt", "The station was restarted, and the vehicle or meter was not the same after it.") },
  { "faulted", NC_("receipt", "The charging point reported a fault.") },
  { "cancelled", NC_("receipt", "Cancelled before charging.") },
  { "declined", NC_("receipt", "The card was declined.") },
  { "other-card", NC_("receipt", "This card cannot be used here; another one may work.") },
  { "not-accepted", NC_("receipt", "This kind of card is not accepted here.") },
  { "not-known-here", NC_("receipt", "This card is not known here.") },
  { "see-phone", NC_("receipt", "The phone asked for a confirmation that did not come.") },
  { "reader-lost", NC_("receipt", "The card reader failed.") },
  { "gateway-unreachable", NC_("receipt", "The payment service could not be reached.") },
  { "capped-at-hold", NC_("receipt", "The price was above the reserved amount. Only the reserved amount is charged.") },
  { "energy-in-gap", NC_("receipt", "Energy that flowed while the station was off is part of the bill.") },
  { "time-in-gap", NC_("receipt", "Time while the station was off is not billed.") },
  { "clock-not-synchronised", NC_("receipt", "The station's clock was not synchronised: the times may be wrong, "
                                             "durations are not.") },
  { "last-reading", NC_("receipt", "The final meter reading did not come. Billed is the last one before it.") },
};

static const struct { const char *brand, *name; } brands[] = {
  { "visa", "Visa" }, { "mastercard", "Mastercard" }, { "maestro", "Maestro" }, { "amex", "American Express" },
  { "discover", "Discover" }, { "diners", "Diners Club" }, { "jcb", "JCB" }, { "unionpay", "UnionPay" },
  { "girocard", "girocard" },
};

const char *
tw_receipt_word (TwWord      word,
                 const char *language)
{
  g_assert (word < TW_N_WORDS);

  return tw_word_in (language, CONTEXT, words[word]);
}

const char *
tw_receipt_word_for_code (const char *code,
                          const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, code))
      return tw_word_in (language, CONTEXT, codes[i].sentence);

  return code;
}

const char *
tw_receipt_word_for_flag (guint       flag,
                          const char *language)
{
  static const struct { guint flag; const char *sentence; } flags[] = {
    { TW_FLAG_INTERPOLATED, NC_("receipt", "Meter at the price change: computed.") },
    { TW_FLAG_UNKNOWN_CURRENT, NC_("receipt", "Current not known: priced without it.") },
    { TW_FLAG_UNKNOWN_POWER, NC_("receipt", "Power not known: priced without it.") },
    { TW_FLAG_VOLUME_MISMATCH, NC_("receipt", "Hours scaled to the times recorded.") },
    { TW_FLAG_VOLUME_ROUNDED, NC_("receipt", "Recorded volume rounded.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (flags[i].flag == flag)
      return tw_word_in (language, CONTEXT, flags[i].sentence);

  return NULL;
}

const char *
tw_receipt_word_for_brand (const char *brand)
{
  for (guint i = 0; i < G_N_ELEMENTS (brands); i++)
    if (g_str_equal (brands[i].brand, brand))
      return brands[i].name;

  return brand;
}
