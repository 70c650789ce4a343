/* SPDX-License-Identifier: Apache-2.0 */
/* The classes in an operator's words: what it is, and what to do about it (facts: reconciliation.md section 6). */
#include "payment/reconcile/report/verdict.h"

static const struct { const char *meaning, *advice; } SENTENCES[TW_N_CLASSES] = {
  [TW_CLASS_MATCHED_WITHIN_TOLERANCE] = {
    "Equal within the tolerance that you gave; the difference is booked as a residual.", "Nothing." },
  [TW_CLASS_EXPECTED] = {
    "Captured, and the payment service is not yet due to settle it.", "Wait until the due date." },
  [TW_CLASS_MISSING_IN_SETTLEMENT] = {
    "Captured, overdue, and in no settlement file.",
    "Ask the payment service by the reference. Capture again only if it says that nothing was captured and the hold "
    "still lives." },
  [TW_CLASS_MISSING_IN_JOURNAL] = {
    "The payment service settled a sale that no journal knows.",
    "Search the terminal's own log. If there is no sale, refund it." },
  [TW_CLASS_AMOUNT_OVER] = { "More was settled than was captured.", "Refund the difference." },
  [TW_CLASS_AMOUNT_UNDER] = {
    "Less was settled than was captured.",
    "Look for a partial capture. Capture the rest while the hold lives, else write it off." },
  [TW_CLASS_DUPLICATE_SETTLEMENT] = {
    "The same capture was settled twice.", "Claim it from the payment service, and refund the driver." },
  [TW_CLASS_DUPLICATE_CAPTURE] = { "We captured one sale twice.", "Void or refund the second capture." },
  [TW_CLASS_OVER_CAPTURED] = {
    "More was captured than the hold or the price allowed.", "Refund the difference." },
  [TW_CLASS_UNDER_CAPTURED] = {
    "Less was captured than the hold would have paid of the price.",
    "Look at the margin that charging stops with. Write it off." },
  [TW_CLASS_CAPTURED_NOT_DELIVERED] = {
    "Money was captured, and no energy was delivered.", "Refund all of it, with an apology." },
  [TW_CLASS_DELIVERED_NOT_CAPTURED] = {
    "Energy was delivered, and nothing was captured.", "Capture while the hold lives, else write it off." },
  [TW_CLASS_ENERGY_MISMATCH] = {
    "The journal's energy is not the meter's.", "Bill what the meter signed. Refund if that is less." },
  [TW_CLASS_SIGNATURE_INVALID] = {
    "The signed record that was billed by is not valid, or is missing.",
    "Hold the capture back. Check how the meter's key is registered." },
  [TW_CLASS_PAGINATION_GAP] = {
    "A number of the meter's transactions is missing or repeated.",
    "Look for lost transactions in the controller's log." },
  [TW_CLASS_RECORD_REUSED] = {
    "One signed record was used for two sales.", "Refund one. Take the EVSE out of use until it is checked." },
  [TW_CLASS_TARIFF_MISMATCH] = {
    "Priced again from its readings, the sale costs something else than was charged.",
    "Refund if too much was charged. Report it: this is a defect of ours." },
  [TW_CLASS_PRICE_DISPLAY_MISMATCH] = {
    "The tariff at the tap was not the tariff of the bill.", "Honour the lower price, and refund." },
  [TW_CLASS_AUTH_NEVER_RELEASED] = {
    "A hold was neither captured nor released: the driver's money is blocked.",
    "Send the reversal again, and keep the proof." },
  [TW_CLASS_OUTCOME_UNKNOWN] = {
    "A request about money was sent, and nobody knows what came of it.",
    "Ask for its outcome. Never send it as a new one." },
  [TW_CLASS_REFUND_UNMATCHED] = {
    "A refund that we did not ask for, or one that we asked for and that is overdue.", "Ask the payment service." },
  [TW_CLASS_CHARGEBACK] = {
    "The card's holder disputes the sale.", "Send the evidence before the deadline: tapwatt evidence SESSION." },
  [TW_CLASS_CURRENCY_MISMATCH] = {
    "Sale and settlement are in different currencies, and nothing says how they convert.",
    "Check the terminal's configuration." },
  [TW_CLASS_FEE_DEVIATION] = {
    "The fee is not what the contract says.", "Put it on the month's list of claims." },
  [TW_CLASS_BATCH_SUM_MISMATCH] = {
    "The lines of a payout do not add up to it.", "Import the files again. Ask the payment service." },
  [TW_CLASS_PAYOUT_NOT_IN_BANK] = {
    "A payout is overdue at the bank.", "Ask the payment service to trace it." },
  [TW_CLASS_BANK_AMOUNT_DIFF] = {
    "The bank's credit is not the payout and its named residuals.", "Find out what the difference is, and name it." },
  [TW_CLASS_BANK_LINE_UNEXPLAINED] = {
    "The bank booked something that looks like a payout and is none that we know.",
    "Assign it, or mark it as foreign." },
  [TW_CLASS_TERMINAL_TOTAL_MISMATCH] = {
    "The terminal's end of day is not the journal's sum.", "List the sales by their receipt numbers." },
  [TW_CLASS_ADVICE_MISMATCH] = {
    "What was reported as captured is not what was captured.", "Send a corrected advice." },
  [TW_CLASS_CUTOFF_SHIFT] = { "It is in the neighbouring batch or day.", "Nothing: it closes itself." },
  [TW_CLASS_AMBIGUOUS] = {
    "More than one row could be the other side of it.", "Choose by hand, with a reason." },
  [TW_CLASS_RESIDUAL] = { "What is left of a payout, by name.", "Review it." },
  [TW_CLASS_HOLD_EXPIRED] = {
    "The hold's life ended before its capture was sent or accepted.",
    "Ask for the outcome. Then write it off, or bill by agreement." },
  [TW_CLASS_RECEIPT_GAP] = {
    "A receipt number of a station is missing or doubled.",
    "Look for lost entries: tapwatt journal verify." },
  [TW_CLASS_MANUAL_CONTRADICTED] = {
    "A later file contradicts what was matched or written off by hand.",
    "Look at the case that the detail names; if the file is right: tapwatt cases undo." },
  [TW_CLASS_METER_IDENTITY] = {
    "Begin and end of the record are not of the same meter.", "Ask the meter's maker. Check its registration." },
  [TW_CLASS_IDENTIFICATION_CHANGED] = {
    "The record's identification changed between begin and end.",
    "Ask the meter's maker. Check its registration." },
  [TW_CLASS_TARIFF_TEXT_MISMATCH] = {
    "The tariff's text in the signed record is not that of the sale.", "Check what the meter is told at the begin." },
  [TW_CLASS_METER_STRUCTURE] = {
    "The readings of the signed record do not make a sale.", "Ask the meter's maker." },
  [TW_CLASS_METER_RESET] = { "The meter began anew within the sale.", "Ask the meter's maker. Check its register." },
  [TW_CLASS_UNCLASSIFIED] = {
    "Something that no class fits.", "Report it: this is a defect of ours." },
};

/* Nobody was asked who could have settled it: that is no answer. */
static gboolean
nobody_asked (const TwReportHead *head,
              TwClass             class_)
{
  return class_ == TW_CLASS_EXPECTED && !tw_report_asked (head, TW_ASKED_PSP);
}

const char *
tw_report_meaning (const TwReportHead *head,
                   TwClass             class_)
{
  if (nobody_asked (head, class_))
    return "No settlement file was given, so that nothing says whether it was settled.";

  return SENTENCES[class_].meaning;
}

const char *
tw_report_advice (const TwReportHead *head,
                  TwClass             class_)
{
  if (nobody_asked (head, class_))
    return "Give the payment service's files: --psp.";

  return SENTENCES[class_].advice;
}
