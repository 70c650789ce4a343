/* SPDX-License-Identifier: Apache-2.0 */
/* Our reading, not legal advice: Regulation (EU) 2023/1804 article 5 (AFIR), the Public Charge Point Regulations 2023
 * (UK), 23 CFR 680 (NEVI), NIST Handbook 44 section 3.40. A change of law is a change of rows.
 */
#include "payment/tariff/rules.h"

#define ALL 0xffu
#define AFIR_50 (1u << TW_PROFILE_AFIR_50KW_AND_UP)
#define AFIR_BELOW_50 (1u << TW_PROFILE_AFIR_BELOW_50KW)
#define AFIR (AFIR_50 | AFIR_BELOW_50)
#define UK (1u << TW_PROFILE_UK_2023)
#define NEVI (1u << TW_PROFILE_NEVI)

#define E TW_LINT_ERROR
#define W TW_LINT_WARNING
#define I TW_LINT_INFO
#define ANY TW_LINE_ADJUSTMENT

const TwRule TW_RULES[] = {
  { "C2", ALL, E, TW_IF_GROSS_UNKNOWN, ANY, 0, NULL, "The price with tax cannot be computed, so that nobody can be "
    "shown what they pay.", "Give vat in percent, or let the prices include tax (tax_included YES)." },
  { "C3", ALL, W, TW_IF_NO_FALLBACK, ANY, 0, NULL, "This kind has a price in some elements, but none that always "
    "applies: outside of them it is free.", "Add a last element without restrictions, with price 0 if it is meant." },
  { "C10", ALL, W, TW_IF_NOT_PRICED, ANY, 0, NULL, "There is a time at which nothing is priced: who charges then, "
    "charges for nothing.", "Add a last element without restrictions." },
  { "C4", ALL, W, TW_IF_STEP_ABOVE, TW_LINE_ENERGY, 1, NULL, "step_size bills energy that was not delivered.",
    "Use step_size 1." },
  { "C4", ALL, W, TW_IF_STEP_ABOVE, TW_LINE_TIME, 60, NULL, "step_size bills more than a started minute.",
    "Use step_size 60 or less." },
  { "C4", ALL, W, TW_IF_STEP_ABOVE, TW_LINE_PARKING_TIME, 60, NULL, "step_size bills more than a started minute.",
    "Use step_size 60 or less." },
  { "C5", ALL, W, TW_IF_WRAP_AND_WEEKDAY, ANY, 0, NULL, "The window goes over midnight, and the weekday or date is "
    "that of each side, not of the evening.", "Make two elements, one until 00:00 and one from 00:00." },
  { "C5", ALL, W, TW_IF_EQUAL_TIMES, ANY, 0, NULL, "start_time and end_time are equal: that is the whole day.",
    "Leave both out." },
  { "C5", ALL, W, TW_IF_UNREACHABLE, ANY, 0, NULL, "This component never applies: its restrictions cannot hold "
    "together, or an earlier element always wins.", "Put it before the element that wins, or remove it." },
  { "C7", ALL, W, TW_IF_LOW_HOLD, ANY, 0, NULL, "The hold is less than the fee, the minimum and 5 kWh together.",
    "Raise preauthorize_amount, or the hold of the connector." },
  { "C11", ALL, W, TW_IF_CHEAP, TW_LINE_ENERGY, 10, NULL, "The price per kWh is next to nothing.",
    "Prices are in whole units of the currency: 0.49, not 0.0049." },
  { "C11", ALL, W, TW_IF_DEAR, TW_LINE_ENERGY, 3000, NULL, "The price per kWh is more than anybody asks.",
    "Prices are in whole units of the currency: 0.49, not 49 or 490." },
  { "C11", ALL, W, TW_IF_CHEAP, TW_LINE_TIME, 50, NULL, "The price of an hour is next to nothing.",
    "TIME is priced per hour, not per minute: 6.00 for 0.10 a minute." },
  { "C11", ALL, W, TW_IF_DEAR, TW_LINE_TIME, 120000, NULL, "The price of an hour is more than anybody asks.",
    "Prices are in whole units of the currency." },
  { "C11", ALL, W, TW_IF_CHEAP, TW_LINE_PARKING_TIME, 50, NULL, "The price of an hour is next to nothing.",
    "PARKING_TIME is priced per hour, not per minute: 6.00 for 0.10 a minute." },
  { "C11", ALL, W, TW_IF_DEAR, TW_LINE_PARKING_TIME, 120000, NULL, "The price of an hour is more than anybody asks.",
    "Prices are in whole units of the currency." },
  { "C11", ALL, W, TW_IF_CHEAP, TW_LINE_FLAT, 10, NULL, "The fee is next to nothing.",
    "Prices are in whole units of the currency: 0.50, not 0.0050." },
  { "C11", ALL, W, TW_IF_DEAR_MINIMUM, ANY, 50000, NULL, "The minimum is more than anybody asks.",
    "Prices are in whole units of the currency." },
  { "C11", ALL, W, TW_IF_DEAR, TW_LINE_FLAT, 50000, NULL, "The fee is more than anybody asks.",
    "Prices are in whole units of the currency." },

  { "C8", ALL, W, TW_IF_TIME_UNSIGNED, ANY, 0, "DE", "Time may be billed in Germany only by a meter that signs it (the "
    "time state of its records), and this one does not.", "Price ENERGY only, or use a meter that does." },
  { "C9", ALL, W, TW_IF_UNTRANSLATED, ANY, 0, NULL, "The screen speaks a language that tariff_alt_text lacks: who "
    "chose it reads another one.", "Give tariff_alt_text in each language of the screen." },
  { "S1", AFIR_50, W, TW_IF_POWER_BELOW, ANY, 50000, "[connector] max_current_a", "The rules for 50 kW and more are "
    "asked of a weaker connector.", "Use afir-below-50kw." },
  { "S1", AFIR_BELOW_50, E, TW_IF_POWER_FROM, ANY, 50000, "[connector] max_current_a", "The rules for less than 50 kW "
    "are asked of a connector with more.", "Use afir-50kw-and-up." },

  { "A50-1", AFIR_50, E, TW_IF_NOT_PRICED, TW_LINE_ENERGY, 0, NULL, "From 50 kW the ad-hoc price is per kWh, and here "
    "is a time without one (AFIR 5(4)).", "Price ENERGY in an element that always applies." },
  { "A50-2", AFIR_50, E, TW_IF_PRICED, TW_LINE_FLAT, 0, NULL, "From 50 kW only a price per kWh and an occupancy fee "
    "per minute are allowed, no fee per session (AFIR 5(4)).", "Put the fee into the price per kWh." },
  { "A50-2", AFIR_50, E, TW_IF_MIN_PRICE, ANY, 0, NULL, "From 50 kW only a price per kWh and an occupancy fee per "
    "minute are allowed, no minimum (AFIR 5(4)).", "Remove min_price." },
  { "A50-3", AFIR_50, E, TW_IF_PRICED_FROM_START, TW_LINE_TIME, 0, NULL, "From 50 kW the time of charging must not be "
    "priced (AFIR 5(4)).", "Price ENERGY, and PARKING_TIME for who stays on." },
  { "A50-3", AFIR_50, W, TW_IF_PRICED_LATER, TW_LINE_TIME, 0, NULL, "A price for time after a while may pass for an "
    "occupancy fee, if it is shown as one (AFIR 5(4)).", "Prefer PARKING_TIME." },
  { "A50-4", AFIR_50, I, TW_IF_PRICED, TW_LINE_PARKING_TIME, 0, NULL, "An occupancy fee: it is shown per minute, "
    "before the start.", "Nothing to do." },
  { "A50-5", AFIR_50, E, TW_IF_NO_CARD_FROM, ANY, 50000, "[reader] bank_cards", "From 50 kW a card reader or a "
    "contactless device must take payment; a QR code alone is not enough (AFIR 5(1)).", "Configure a card reader or "
    "terminal that takes bank cards." },
  { "A50-6", AFIR_50, E, TW_IF_GROSS_UNKNOWN, ANY, 0, NULL, "Prices must be shown with tax, and this one cannot be "
    "(AFIR 5(4)).", "Give vat in percent." },
  { "A50-6", AFIR_50, E, TW_IF_TARIFF_HIDDEN, ANY, 0, "[kiosk]", "Prices must be shown with tax before the start (AFIR "
    "5(4)).", "Put a screen there that shows the tariff in force." },
  { "A49-3", AFIR_BELOW_50, I, TW_IF_NO_CARD_FROM, ANY, 0, "[reader] bank_cards", "Below 50 kW a QR code may be the "
    "only way to pay; it must be legible and protected against being replaced (AFIR 5(1)).", "Nothing to do here." },
  { "A49-4", AFIR, I, TW_IF_PRICED, TW_LINE_TIME, 0, NULL, "A price for time: it is shown per minute, after the price "
    "per kWh.", "Nothing to do." },

  { "UK-1", UK, E, TW_IF_CURRENCY_IS_NOT, ANY, 0, "GBP", "The charging price must be in pence per kWh (regulation 11).",
    "Use currency GBP." },
  { "UK-1", UK, E, TW_IF_NOT_PRICED, TW_LINE_ENERGY, 0, NULL, "The charging price must be in pence per kWh at all "
    "times (regulation 11).", "Price ENERGY in an element that always applies." },
  { "UK-2", UK, E, TW_IF_PRICED, TW_LINE_FLAT, 0, NULL, "A fee per session hides the price per kWh (regulation 11).",
    "Put the fee into the price per kWh." },
  { "UK-2", UK, E, TW_IF_PRICED, TW_LINE_TIME, 0, NULL, "A price for the time of charging hides the price per kWh "
    "(regulation 11).", "Price ENERGY." },
  { "UK-2", UK, E, TW_IF_MIN_PRICE, ANY, 0, NULL, "A minimum hides the price per kWh (regulation 11).",
    "Remove min_price." },
  { "UK-3", UK, I, TW_IF_PRICED, TW_LINE_PARKING_TIME, 0, NULL, "An overstay fee: it is shown beside the kWh price.",
    "Nothing to do." },

  { "UK-4", UK, E, TW_IF_NO_CARD_FROM, ANY, 50000, "[reader] bank_cards", "From 50 kW contactless bank cards must be "
    "taken (regulation 5).", "Configure a card reader or terminal that takes them." },
  { "UK-4", UK, W, TW_IF_NO_CARD_FROM, ANY, 8000, "[reader] bank_cards", "From 8 kW a new charging point must take "
    "contactless bank cards (regulation 5).", "Configure a card reader or terminal that takes them, unless the "
    "point was there before 24 November 2024." },
  { "UK-5", UK, E, TW_IF_NO_HELPLINE, ANY, 0, "[seller] helpline", "A staffed free helpline, 24 hours a day, must be "
    "shown (regulation 9).", "Say its number." },

  { "NV-1", NEVI, E, TW_IF_CURRENCY_IS_NOT, ANY, 0, "USD", "The price must be in dollars per kWh (23 CFR 680.116(a)).",
    "Use currency USD." },
  { "NV-1", NEVI, E, TW_IF_NOT_PRICED, TW_LINE_ENERGY, 0, NULL, "The price must be in dollars per kWh at all times "
    "(23 CFR 680.116(a)).", "Price ENERGY in an element that always applies." },
  { "NV-2", NEVI, E, TW_IF_PRICE_MAY_CHANGE, TW_LINE_ENERGY, 0, NULL, "The price per kWh at the start must hold for "
    "the session (23 CFR 680.116(a)), and here it may change.", "Publish a new tariff instead, valid from a time." },
  { "NV-3", NEVI, E, TW_IF_UNEXPLAINED, ANY, 0, NULL, "Other fees must be explained (23 CFR 680.116(a)).",
    "Explain it in tariff_alt_text, in each language." },
  { "NV-3", NEVI, E, TW_IF_UNEXPLAINED_IN, ANY, 0, NULL, "Other fees must be explained to every driver, and the screen "
    "speaks a language that tariff_alt_text lacks (23 CFR 680.116(a)).", "Explain it in each language of the screen." },
  { "NV-4", NEVI, E, TW_IF_TARIFF_HIDDEN, ANY, 0, "[kiosk]", "The price that is shown must be the real-time price (23 "
    "CFR 680.116(a)).", "Put a screen there that shows the tariff in force." },
  { "NV-5", NEVI, W, TW_IF_STEP_ABOVE, TW_LINE_ENERGY, 1, NULL, "Energy must be billed to 0.001 kWh (AC) or 0.01 kWh "
    "(DC) (Handbook 44, 3.40).", "Use step_size 1." },
};

const guint TW_N_RULES = G_N_ELEMENTS (TW_RULES);
