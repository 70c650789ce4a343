/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/words.h"

enum { ENGLISH, GERMAN, N_LANGUAGES };

static const char *const words[TW_N_WORDS][N_LANGUAGES] = {
  [TW_WORD_POINT]           = { ".", "," },
  [TW_WORD_DATE_TIME]       = { "%Y-%m-%d %H:%M:%S %Z", "%d.%m.%Y %H:%M:%S %Z" },
  [TW_WORD_TEST_MODE]       = { "TEST MODE - NO PAYMENT", "TESTBETRIEB - KEINE ZAHLUNG" },
  [TW_WORD_RECEIPT]         = { "RECEIPT", "BELEG" },
  [TW_WORD_RECORD]          = { "SESSION RECORD", "VORGANGSBELEG" },
  [TW_WORD_NUMBER]          = { "Receipt no.", "Beleg-Nr." },
  [TW_WORD_VAT_ID]          = { "VAT ID", "USt-IdNr." },
  [TW_WORD_HELPLINE]        = { "Helpline", "Hotline" },
  [TW_WORD_STATION]         = { "Station", "Ladestation" },
  [TW_WORD_EVSE]            = { "EVSE ID", "EVSE-ID" },
  [TW_WORD_CONNECTOR]       = { "Connector", "Ladepunkt" },
  [TW_WORD_BEGIN]           = { "Begin", "Beginn" },
  [TW_WORD_END]             = { "End", "Ende" },
  [TW_WORD_NOT_STARTED]     = { "Charging did not start.", "Der Ladevorgang hat nicht begonnen." },
  [TW_WORD_DELIVERED]       = { "Energy delivered", "Abgegebene Energie" },
  [TW_WORD_METER_BEGIN]     = { "Meter at begin", "Zählerstand Beginn" },
  [TW_WORD_METER_END]       = { "Meter at end", "Zählerstand Ende" },
  [TW_WORD_MAX_POWER]       = { "Highest power", "Höchste Leistung" },
  [TW_WORD_CURRENT]         = { "Current", "Stromart" },
  [TW_WORD_FLAT]            = { "Start fee", "Startgebühr" },
  [TW_WORD_ENERGY]          = { "Energy", "Energie" },
  [TW_WORD_TIME]            = { "Charging time", "Ladezeit" },
  [TW_WORD_PARKING_TIME]    = { "Time plugged in, not charging", "Standzeit ohne Laden" },
  [TW_WORD_MINIMUM]         = { "Raised to the minimum price", "Aufschlag auf Mindestpreis" },
  [TW_WORD_MAXIMUM]         = { "Lowered to the maximum price", "Abschlag auf Höchstpreis" },
  [TW_WORD_ROUNDING]        = { "Rounding", "Rundung" },
  [TW_WORD_TOTAL]           = { "TOTAL", "SUMME" },
  [TW_WORD_NOTHING_DUE]     = { "Nothing is due.", "Es ist nichts zu zahlen." },
  [TW_WORD_TAX]             = { "Tax", "MwSt" },
  [TW_WORD_NET]             = { "Net", "Netto" },
  [TW_WORD_GROSS]           = { "Gross", "Brutto" },
  [TW_WORD_NO_TAX]          = { "no tax", "ohne" },
  [TW_WORD_LIMIT]           = { "limit", "Grenze" },
  [TW_WORD_TAX_UNKNOWN]     = { "The prices include tax. The tariff does not state at which rate.",
                                "Die Preise enthalten Steuern. Der Tarif nennt ihren Satz nicht." },
  [TW_WORD_PAYMENT]         = { "PAYMENT", "ZAHLUNG" },
  [TW_WORD_APPROVAL]        = { "Approval code", "Genehmigungs-Nr." },
  [TW_WORD_REFERENCE]       = { "Transaction", "Transaktion" },
  [TW_WORD_HOLD]            = { "Reserved on the card", "Reserviert" },
  [TW_WORD_HOLD_ASKED]      = { "Reservation asked for", "Angefragte Reservierung" },
  [TW_WORD_CHARGED]         = { "Charged", "Abgebucht" },
  [TW_WORD_TO_CHARGE]       = { "To be charged", "Wird abgebucht" },
  [TW_WORD_NOT_CHARGED]     = { "Not charged", "Nicht abgebucht" },
  [TW_WORD_RELEASED]        = { "Released", "Freigegeben" },
  [TW_WORD_RELEASING]       = { "Being released", "Wird freigegeben" },
  [TW_WORD_NOT_RELEASED]    = { "Not released yet", "Noch nicht freigegeben" },
  [TW_WORD_ON]              = { "on", "am" },
  [TW_WORD_STATUS_NONE]     = { "No money was reserved, and none was charged.",
                                "Es wurde kein Geld reserviert und keines abgebucht." },
  [TW_WORD_STATUS_UNKNOWN]  = { "The payment service has not answered. Nothing is charged; if money was reserved, the "
                                "reservation is being cancelled.",
                                "Der Zahlungsdienst hat nicht geantwortet. Es wird nichts abgebucht; falls Geld "
                                "reserviert wurde, wird die Reservierung aufgehoben." },
  [TW_WORD_STATUS_PENDING]  = { "The charge is on its way and not confirmed yet.",
                                "Die Abbuchung ist unterwegs und noch nicht bestätigt." },
  [TW_WORD_STATUS_RELEASED] = { "Nothing was charged.", "Es wurde nichts abgebucht." },
  [TW_WORD_STATUS_FAILED]   = { "The payment service refused the charge. Nothing was charged.",
                                "Der Zahlungsdienst hat die Abbuchung abgelehnt. Es wurde nichts abgebucht." },
  [TW_WORD_BANK_SHOWS]      = { "The payment service has confirmed the release. When your account shows it is up to "
                                "your bank.",
                                "Der Zahlungsdienst hat die Freigabe bestätigt. Wann Ihr Konto sie zeigt, bestimmt "
                                "Ihre Bank." },
  [TW_WORD_RELEASE_RUNNING] = { "The release is on its way and not confirmed yet.",
                                "Die Freigabe ist unterwegs und noch nicht bestätigt." },
  [TW_WORD_RELEASE_REFUSED] = { "The payment service refused the release. The reservation runs out at your bank.",
                                "Der Zahlungsdienst hat die Freigabe abgelehnt. Die Reservierung läuft bei Ihrer Bank "
                                "ab." },
  [TW_WORD_REASON]          = { "How it ended:", "Ende des Vorgangs:" },
  [TW_WORD_TARIFF]          = { "Tariff", "Tarif" },
  [TW_WORD_SESSION]         = { "Session", "Vorgang" },
  [TW_WORD_QUESTIONS]       = { "Questions? Call us, naming the session:", "Fragen? Nennen Sie uns den Vorgang:" },
};

/* The codes that end takes (payment/acceptor/acceptor.h), bays and sessions, and what is worth a remark. */
static const struct { const char *code; const char *sentence[N_LANGUAGES]; } codes[] = {
  { "stop", { "Stopped at the screen.", "Am Bildschirm beendet." } },
  { "card", { "Stopped with the same card.", "Mit derselben Karte beendet." } },
  { "operator", { "Stopped by the operator.", "Vom Betreiber beendet." } },
  { "unplugged", { "The cable was unplugged.", "Das Kabel wurde abgezogen." } },
  { "full", { "The vehicle has finished charging.", "Das Fahrzeug hat das Laden beendet." } },
  { "limit", { "The reserved amount was reached.", "Der reservierte Betrag war erreicht." } },
  { "running", { "The session is still running.", "Der Vorgang läuft noch." } },
  { "restart", { "The station was restarted before charging began.",
                 "Die Station wurde vor dem Laden neu gestartet." } },
  { "other-connector", { "Another connector was chosen.", "Es wurde ein anderer Ladepunkt gewählt." } },
  { "journal", { "The station could not keep its records any more.", "Die Station konnte nichts mehr aufzeichnen." } },
  { "not-priced", { "The session could not be priced.", "Der Vorgang konnte nicht berechnet werden." } },
  { "card-in-use", { "This card already has a session here.", "Mit dieser Karte läuft hier schon ein Vorgang." } },
  { "no-answer", { "The payment service did not answer in time.",
                   "Der Zahlungsdienst hat nicht rechtzeitig geantwortet." } },
  { "timeout", { "Nothing happened in the time given.", "Innerhalb der Frist ist nichts geschehen." } },
  { "not-connected", { "No vehicle was plugged in in time.", "Es wurde kein Fahrzeug rechtzeitig angeschlossen." } },
  { "lost", { "The station lost contact with the charging point. Billed is the last reading before that.",
              "Die Verbindung zum Ladepunkt ging verloren. Abgerechnet wird der letzte Zählerstand davor." } },
  { "changed", { "The station was restarted, and the vehicle or meter was not the same after it.",
                 "Die Station wurde neu gestartet, und danach war es nicht mehr dasselbe Fahrzeug oder derselbe "
                 "Zähler." } },
  { "faulted", { "The charging point reported a fault.", "Der Ladepunkt hat eine Störung gemeldet." } },
  { "journal", { "The station could not keep its records any more and stopped.",
                 "Die Station konnte nicht mehr aufzeichnen und hat deshalb beendet." } },
  { "not-priced", { "The session could not be priced. Nothing is charged.",
                    "Der Vorgang konnte nicht berechnet werden. Es wird nichts abgebucht." } },
  { "card-in-use", { "There is a session with this card already.", "Mit dieser Karte läuft bereits ein Vorgang." } },
  { "no-answer", { "The payment service did not answer.", "Der Zahlungsdienst hat nicht geantwortet." } },
  { "cancelled", { "Cancelled before charging.", "Vor dem Laden abgebrochen." } },
  { "declined", { "The card was declined.", "Die Karte wurde abgelehnt." } },
  { "other-card", { "This card cannot be used here; another one may work.",
                    "Diese Karte kann hier nicht benutzt werden; vielleicht geht eine andere." } },
  { "not-accepted", { "This kind of card is not accepted here.", "Diese Kartenart wird hier nicht angenommen." } },
  { "not-known-here", { "This card is not known here.", "Diese Karte ist hier nicht bekannt." } },
  { "see-phone", { "The phone asked for a confirmation that did not come.",
                   "Das Telefon hat um eine Bestätigung gebeten, die nicht kam." } },
  { "reader-lost", { "The card reader failed.", "Der Kartenleser ist ausgefallen." } },
  { "gateway-unreachable", { "The payment service could not be reached.",
                             "Der Zahlungsdienst war nicht erreichbar." } },
  { "capped-at-hold", { "The price was above the reserved amount. Only the reserved amount is charged.",
                        "Der Preis lag über dem reservierten Betrag. Abgebucht wird nur der reservierte Betrag." } },
  { "energy-in-gap", { "Energy that flowed while the station was off is part of the bill.",
                       "Energie, die bei ausgeschalteter Station geflossen ist, ist in der Rechnung enthalten." } },
  { "time-in-gap", { "Time while the station was off is not billed.",
                     "Zeit, in der die Station ausgeschaltet war, wird nicht berechnet." } },
  { "clock-not-synchronised", { "The station's clock was not synchronised: the times may be wrong, durations are not.",
                                "Die Uhr der Station war nicht synchronisiert: Uhrzeiten können falsch sein, Dauern "
                                "nicht." } },
  { "last-reading", { "The final meter reading did not come. Billed is the last one before it.",
                      "Der letzte Zählerstand kam nicht. Abgerechnet wird der davor." } },
};

static const struct { const char *brand, *name; } brands[] = {
  { "visa", "Visa" }, { "mastercard", "Mastercard" }, { "maestro", "Maestro" }, { "amex", "American Express" },
  { "discover", "Discover" }, { "diners", "Diners Club" }, { "jcb", "JCB" }, { "unionpay", "UnionPay" },
  { "girocard", "girocard" },
};

/* Of a tag such as de, de-AT, de_AT.UTF-8 the first part counts. */
static guint
find_language (const char *language)
{
  if (language && g_ascii_strncasecmp (language, "de", 2) == 0 && !g_ascii_isalnum (language[2]))
    return GERMAN;

  return ENGLISH;
}

const char *
tw_receipt_word (TwWord      word,
         const char *language)
{
  g_assert (word < TW_N_WORDS);

  return words[word][find_language (language)];
}

const char *
tw_receipt_word_for_code (const char *code,
                  const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, code))
      return codes[i].sentence[find_language (language)];

  return code;
}

const char *
tw_receipt_word_for_brand (const char *brand)
{
  for (guint i = 0; i < G_N_ELEMENTS (brands); i++)
    if (g_str_equal (brands[i].brand, brand))
      return brands[i].name;

  return brand;
}
