/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for people: signs, places and order come from the catalogues (app/base/words.h), the language is an argument.
 * Every space in what is returned is a non-breaking one, so that a value never falls apart at the end of a line. No
 * float, no locale. Pure; free with g_free(). Any thread.
 */
#pragma once

#include <glib.h>

/* "€50.00", "50,00 €"; "CHF 50.00" where we have no sign. ISO 4217; one that we do not know is asserted against. */
char *tw_format_money (gint64 minor, const char *currency, const char *language);

/* decimal: a price's source text, as on the bus. All of its digits, at least the currency's: "€0.4961", "¥0.5". What is
 * no number is returned as it is. */
char *tw_format_price (const char *decimal, const char *currency, const char *language);
/* "65.5p" of 0.655 */
char *tw_format_pence (const char *pounds, const char *language);
/* Tariffs price time by the hour, the law wants minutes: "€0.10" of 6.00. "≈ €0.0833" of 5.00, where 60 does not divide
 * it: rounded half up to four digits, or to one more than the currency has. */
char *tw_format_price_per_minute (const char *per_hour, const char *currency, const char *language);
/* "€0.49 per kWh", "€0.10 per minute", "€5.00 per hour" where a minute's price would not be exact, "€1.00 per session".
 * kind: energy, time, parking-time, flat. */
char *tw_format_price_for (const char *kind, const char *decimal, const char *currency, const char *language);

/* A rate of tax, its source text: "19" of 19.00, "5.5", "5,5". Without the sign. */
char *tw_format_percent (const char *decimal, const char *language);

char *tw_format_energy (gint64 wh, const char *language);          /* "20.45 kWh", cut: never more than was delivered */
char *tw_format_energy_exact (gint64 wh, const char *language);    /* "20.459 kWh" */
char *tw_format_power (gint64 w, const char *language);            /* "11.0 kW"; "150 kW" from 100 on */
char *tw_format_duration (gint64 ms, const char *language);        /* "1 h 05 min", "3 min", "under 1 min", "0 min" */
char *tw_format_countdown (gint64 seconds, const char *language);  /* "2:45", "1:02:45"; "0:00" when it is over */

/* "11:15"; "2026-11-22 11:15". time_zone: IANA name. NULL: no such zone, or no such time. */
char *tw_format_time (gint64 wall_us, const char *time_zone, const char *language);
char *tw_format_date_time (gint64 wall_us, const char *time_zone, const char *language);
