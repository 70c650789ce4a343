/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a receipt's JSON (payment/receipt/README.md) in words and figures for the screen. Pure; any thread.
 */
#pragma once

#include "app/base/json.h"

const char *tw_bill_line_name (const TwJson *item, const char *language);
/* What it takes to check the amount, a line each: how much times which price; from when to when; why at this price;
 * what a step added, a limit replaced, or was not simply read. receipt: all of it. Free with g_free(); NULL: nothing.
 */
char       *tw_bill_line_details (const TwJson *item, const TwJson *receipt, const char *language);
