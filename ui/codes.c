/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/codes.h"

#include "app/base/words.h"

/* payment/acceptor/take.h and app/station (desk.c, taking.c). The last row is for what we do not know. */
static const TwCode outcomes[] = {
  { "approved", TW_ICON_CHECK, TW_TONE_GOOD, N_("Approved"), N_("Plug in your car. Charging starts by itself.") },
  { "declined", TW_ICON_CROSS, TW_TONE_CAUTION, N_("The card was declined"),
    N_("Nothing was charged. Please try another card. Your bank can tell you why."), TRUE },
  { "other-card", TW_ICON_CARD, TW_TONE_CAUTION, N_("This card does not work here"),
    N_("Nothing was charged. Please try another card."), TRUE },
  { "not-accepted", TW_ICON_CARD, TW_TONE_CAUTION, N_("We do not take this kind of card"),
    N_("Nothing was charged. Please use a contactless bank card or your phone."), TRUE },
  { "not-known-here", TW_ICON_CARD, TW_TONE_CAUTION, N_("This card is not known here"),
    N_("Nothing was charged. Please use a contactless bank card or your phone."), TRUE },
  { "see-phone", TW_ICON_DEVICE, TW_TONE_CAUTION, N_("Your phone wants you to confirm"),
    N_("Unlock your phone, confirm there, and try again. Nothing was charged."), TRUE },
  { "timeout", TW_ICON_CLOCK, TW_TONE_CAUTION, N_("That took too long"),
    N_("Nothing will be charged. Please try again."), TRUE },
  { "cancelled", TW_ICON_CROSS, TW_TONE_PLAIN, N_("Cancelled"),
    N_("Nothing will be charged. If money was reserved, it is released.") },
  { "reader-lost", TW_ICON_WARNING, TW_TONE_CAUTION, N_("The card reader had a problem"),
    N_("Nothing was charged. The reader is restarting; please try again in a moment."), TRUE },
  { "gateway-unreachable", TW_ICON_LINK, TW_TONE_CAUTION, N_("The bank cannot be reached"),
    N_("Nothing will be charged. Your card is not the problem; please try again in a minute."), TRUE },
  { "no-answer", TW_ICON_LINK, TW_TONE_CAUTION, N_("The bank has not answered"),
    N_("Nothing will be charged. If money was reserved, it is being released."), TRUE },
  { "card-in-use", TW_ICON_CARD, TW_TONE_CAUTION, N_("This card is already charging here"),
    N_("Nothing more was reserved. To end that session, press Stop there or show the card on the start screen.") },
  { "other-connector", TW_ICON_INFO, TW_TONE_PLAIN, N_("Another connector was chosen"), N_("Nothing was charged.") },
  { NULL, TW_ICON_WARNING, TW_TONE_CAUTION, N_("That did not work"),
    N_("Please try again. If it happens again, call the helpline."), TRUE },
};

/* app/reader/message-kinds.c, payment/acceptor/take.h. */
static const TwCode prompts[] = {
  { "present-card", TW_ICON_CARD, TW_TONE_PLAIN, N_("Hold your card or phone to the reader"), "" },
  { "hold-still", TW_ICON_CARD, TW_TONE_PLAIN, N_("Hold it still a little longer"), "" },
  { "see-phone", TW_ICON_DEVICE, TW_TONE_CAUTION, N_("Look at your phone"),
    N_("Unlock it and confirm there, then hold it to the reader again.") },
  { "one-card-only", TW_ICON_WARNING, TW_TONE_CAUTION, N_("One card only, please"),
    N_("Take it out of the wallet first.") },
  { "try-again", TW_ICON_CARD, TW_TONE_CAUTION, N_("Please try again"), N_("Hold the card flat and still.") },
  { "other-card", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Please try another card"), N_("This one does not work here.") },
  { "removed", TW_ICON_CARD, TW_TONE_CAUTION, N_("That was too short"),
    N_("Hold the card to the reader until it is read.") },
  { "remove-card", TW_ICON_CHECK, TW_TONE_PLAIN, N_("Take your card away"), "" },
  { "authorizing", TW_ICON_CHECK, TW_TONE_GOOD, N_("Your card was read"), N_("You can take it away.") },
  { "scan-qr", TW_ICON_DEVICE, TW_TONE_PLAIN, N_("Scan the code with your phone"), "" },
  { NULL, TW_ICON_CARD, TW_TONE_PLAIN, N_("Hold your card or phone to the reader"), "" },
};

/* app/station/desk.c (banners), station.c (refusals of a finger). */
static const TwCode banners[] = {
  { "stopped-by-card", TW_ICON_CHECK, TW_TONE_GOOD, N_("Charging was stopped with your card."), "" },
  { "not-accepted", TW_ICON_CARD, TW_TONE_CAUTION,
    N_("This card is not accepted. Try a bank card or your phone."), "" },
  { "not-known-here", TW_ICON_CARD, TW_TONE_CAUTION,
    N_("This card is not known. Try a bank card or your phone."), "" },
  { "choose-connector", TW_ICON_INFO, TW_TONE_PLAIN, N_("Nothing is paid yet. Press Start at your connector."), "" },
  { "closed", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Nothing was paid. No new sessions at the moment."), "" },
  { "busy", TW_ICON_INFO, TW_TONE_PLAIN, N_("One moment please, somebody is just paying."), "" },
  { "connector-armed", TW_ICON_INFO, TW_TONE_PLAIN, N_("This connector is already taken."), "" },
  { "connector-charging", TW_ICON_INFO, TW_TONE_PLAIN, N_("This connector is already taken."), "" },
  { "connector-paused", TW_ICON_INFO, TW_TONE_PLAIN, N_("This connector is already taken."), "" },
  { "connector-finishing", TW_ICON_INFO, TW_TONE_PLAIN, N_("One moment please, the last session is being ended."), "" },
  { "connector-settling", TW_ICON_INFO, TW_TONE_PLAIN, N_("One moment please, the last session is being ended."), "" },
  { "connector-fault", TW_ICON_WARNING, TW_TONE_CAUTION, N_("This connector is out of order."), "" },
  { "no-tariff", TW_ICON_INFO, TW_TONE_CAUTION, N_("No price is in force at this connector now."), "" },
  { "no-offer", TW_ICON_INFO, TW_TONE_PLAIN, N_("That was too late: the offer is over or your card is being asked."),
    "" },
  { "goal-too-small", TW_ICON_INFO, TW_TONE_PLAIN, N_("That is too little to begin with. Please choose more."), "" },
  { "goal-too-large", TW_ICON_INFO, TW_TONE_PLAIN, N_("That is more than can be held here. Please choose less."), "" },
  { NULL, TW_ICON_INFO, TW_TONE_CAUTION, N_("That did not work. Please try again."), "" },
};

/* app/station/service.c service_gap(), payment/acceptor (card.c, line.c), app/reader/link-requests.c. */
static const TwCode closed[] = {
  { "closing", TW_ICON_CLOCK, TW_TONE_PLAIN, N_("Back in a moment"),
    N_("This station is being restarted. Please wait a minute.") },
  { "journal-stuck", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("This station cannot keep its records, so it sells nothing.") },
  { "storage-full", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("This station has no room left for records, so it sells nothing.") },
  { "no-acceptor", TW_ICON_CARD, TW_TONE_CAUTION, N_("No payment possible here"),
    N_("This station has no card reader.") },
  { "no-tariff", TW_ICON_INFO, TW_TONE_CAUTION, N_("No price at the moment"),
    N_("There is no price in force here now, so nothing is sold.") },
  { "bank-cards-off", TW_ICON_CARD, TW_TONE_CAUTION, N_("No payment possible here"),
    N_("Bank cards are switched off at this station.") },
  { "gateway-not-configured", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Not set up yet"),
    N_("This station cannot take payments yet.") },
  { "gateway-certificate-expired", TW_ICON_LINK, TW_TONE_CAUTION, N_("Out of order"),
    N_("The connection to the bank cannot be trusted, so no payment is taken.") },
  { "gateway-unreachable", TW_ICON_LINK, TW_TONE_CAUTION, N_("The bank cannot be reached"),
    N_("No payment can be taken now. It comes back by itself.") },
  { "reader-starting", TW_ICON_CARD, TW_TONE_CAUTION, N_("One moment please"),
    N_("The card reader is starting.") },
  { "reader-lost", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"), N_("The card reader does not answer.") },
  { NULL, TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"), N_("No new sessions can be started now.") },
};

/* hw/power/rapi-codec.c tw_rapi_fault_name(), app/daemon/publish.c. */
static const TwCode faults[] = {
  { "controller-lost", TW_ICON_LINK, TW_TONE_CAUTION, N_("Out of order"), N_("This connector does not answer.") },
  { "ventilation-required", TW_ICON_CAR, TW_TONE_CAUTION, N_("Your car cannot charge here"),
    N_("It asks for a ventilated place, which this is not.") },
  { "diode-check", TW_ICON_CAR, TW_TONE_CAUTION, N_("Your car or cable was not recognised"),
    N_("Unplug it, wait a moment, and plug it in again.") },
  { "gfci", TW_ICON_WARNING, TW_TONE_DANGER, N_("Switched off for safety"),
    N_("A leakage current was found. Unplug your car, and do not use this connector.") },
  { "no-ground", TW_ICON_WARNING, TW_TONE_DANGER, N_("Switched off for safety"),
    N_("The earth connection is missing. Please do not use this connector.") },
  { "stuck-relay", TW_ICON_WARNING, TW_TONE_DANGER, N_("Out of order"),
    N_("A switch inside is stuck. Please do not use this connector.") },
  { "gfci-self-test", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("The safety test failed. Please do not use this connector.") },
  { "over-temperature", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Too hot"),
    N_("This connector is cooling down. It comes back by itself.") },
  { "over-current", TW_ICON_CAR, TW_TONE_CAUTION, N_("Your car took too much current"),
    N_("Unplug it. If that happens again, have the car looked at.") },
  { "relay-closure", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("A switch inside does not close. Please do not use this connector.") },
  { "proximity-shorted", TW_ICON_PLUG, TW_TONE_CAUTION, N_("Your cable was not recognised"),
    N_("Unplug it, wait a moment, and plug it in again.") },
  { "proximity-missing", TW_ICON_PLUG, TW_TONE_CAUTION, N_("Your cable was not recognised"),
    N_("Unplug it, wait a moment, and plug it in again.") },
  { "eeprom", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("The memory of this connector has failed. Please do not use it.") },
  { "unknown-state", TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"),
    N_("This connector reports something that we do not understand.") },
  { NULL, TW_ICON_WARNING, TW_TONE_CAUTION, N_("Out of order"), N_("Please use another connector.") },
};

/* payment/receipt/words.c: how a session ended. */
static const TwCode reasons[] = {
  { "stop", TW_ICON_STOP, TW_TONE_PLAIN, N_("You stopped it here.") },
  { "card", TW_ICON_CARD, TW_TONE_PLAIN, N_("You stopped it with your card.") },
  { "operator", TW_ICON_INFO, TW_TONE_PLAIN, N_("The operator stopped it.") },
  { "unplugged", TW_ICON_PLUG, TW_TONE_PLAIN, N_("The cable was unplugged.") },
  { "full", TW_ICON_CHECK, TW_TONE_PLAIN, N_("Your car has finished charging.") },
  { "limit", TW_ICON_INFO, TW_TONE_PLAIN, N_("The reserved amount was reached.") },
  { "goal-energy", TW_ICON_CHECK, TW_TONE_PLAIN, N_("The energy you chose is reached.") },
  { "goal-amount", TW_ICON_CHECK, TW_TONE_PLAIN, N_("The amount you chose is reached.") },
  { "goal-time", TW_ICON_CHECK, TW_TONE_PLAIN, N_("The time you chose is over.") },
  { "timeout", TW_ICON_CLOCK, TW_TONE_PLAIN, N_("The longest time for one session was reached.") },
  { "not-connected", TW_ICON_PLUG, TW_TONE_PLAIN, N_("No car was plugged in in time.") },
  { "lost", TW_ICON_LINK, TW_TONE_CAUTION,
    N_("The connector stopped answering. You pay up to the last reading before that.") },
  { "faulted", TW_ICON_WARNING, TW_TONE_CAUTION, N_("The connector reported a fault.") },
  { "changed", TW_ICON_INFO, TW_TONE_CAUTION, N_("After a restart the car or the meter was not the same.") },
  { "journal", TW_ICON_WARNING, TW_TONE_CAUTION, N_("The station could not keep its records any more.") },
  { "not-priced", TW_ICON_WARNING, TW_TONE_CAUTION, N_("The price could not be calculated. You pay nothing.") },
  { "restart", TW_ICON_INFO, TW_TONE_CAUTION, N_("The station was restarted before charging began.") },
  { "cancelled", TW_ICON_CROSS, TW_TONE_PLAIN, N_("Cancelled before charging.") },
  { NULL, TW_ICON_NONE, TW_TONE_PLAIN, "" },
};

static const TwCode *
find (const TwCode *rows,
      const char   *code)
{
  while (rows->code != NULL && g_strcmp0 (rows->code, code) != 0)
    rows++;
  return rows;
}

const TwCode *
tw_code_of_outcome (const char *outcome)
{
  return find (outcomes, outcome);
}

const TwCode *
tw_code_of_prompt (const char *prompt)
{
  return find (prompts, prompt);
}

const TwCode *
tw_code_of_banner (const char *prompt)
{
  return find (banners, prompt);
}

const TwCode *
tw_code_of_closed (const char *why)
{
  return find (closed, why);
}

const TwCode *
tw_code_of_fault (const char *fault)
{
  return find (faults, fault);
}

const TwCode *
tw_code_of_reason (const char *reason)
{
  return find (reasons, reason);
}

const TwCode *
tw_code_at (const TwBusConnector *bay)
{
  gboolean faulty = bay->fault != NULL && bay->fault[0] != '\0';
  gboolean closed_here = bay->closed_why != NULL && bay->closed_why[0] != '\0';

  return closed_here && !faulty ? tw_code_of_closed (bay->closed_why) : tw_code_of_fault (bay->fault);
}

const char *
tw_tone_class (TwTone tone)
{
  static const char *const classes[] = { "good", "", "caution", "danger" };

  return classes[tone];
}
