/* SPDX-License-Identifier: Apache-2.0 */
/* A card as a list of what it answers, in order. Hex all over; an answer starting with '!' is no answer but an
 * error. */
#pragma once

#include "payment/card/card.h"

typedef struct
{
  const char *expect;     /* how the command must begin; NULL: any */
  const char *answer;     /* with the status word; "!": torn */
} Step;

typedef struct
{
  const Step *steps;      /* ends with a NULL answer */
  guint       at;
} Script;

gboolean     script_exchange (gpointer data, const guint8 *command, gsize command_len, guint8 answer[264],
                              gsize *answer_len, GError **error);

/* An offer of 25.00 EUR in Germany on 2026-11-22; below the limits. */
extern const TwTerminal    script_terminal;
extern const TwTransaction script_transaction;

/* Runs the steps, checks that all were used, and gives the end. */
TwCardEnd    script_run (TwCardRead *read, const Step *steps, const TwTerminal *terminal,
                         const TwTransaction *transaction);

/* Answers of a Visa card, made with a TLV encoder of a few lines of Python (bytes([tag...]) + len + value), not with
 * the code under test. The number is the well-known test number 4111111111111111. */
#define PPSE_COMMAND  "00a404000e325041592e5359532e444446303100"
#define PPSE_VISA \
  "6f33840e325041592e5359532e4444463031a521bf0c1e611c4f07a0000000031010500a56495341" \
  "2044454249548701019f2a0103" "9000"
#define PPSE_TWO \
  "6f31840e325041592e5359532e4444463031a51fbf0c1c610c4f07a0000000032010870102610c4f" \
  "07a0000000031010870101" "9000"
#define PPSE_MASTER   "6f23840e325041592e5359532e4444463031a511bf0c0e610c4f07a0000000041010870101" "9000"
#define SELECT_VISA   "00a4040007a000000003101000"
#define SELECT_ELECTRON "00a4040007a000000003201000"
#define FCI_VISA \
  "6f328407a0000000031010a527500a564953412044454249549f38189f66049f02069f03069f1a02" \
  "95055f2a029a039c019f3704" "9000"
#define FCI_ELECTRON \
  "6f328407a0000000032010a527500a564953412044454249549f38189f66049f02069f03069f1a02" \
  "95055f2a029a039c019f3704" "9000"
#define GPO_COMMAND   "80a8000023832120804000" "000000002500" "000000000000" "0276" "0000000000" "0978" "261122" "00" \
  "a1b2c3d4" "00"
#define GPO_ARQC      "774782022000" "57134111111111111111d30122010000000000000f" "5f340101" "9f100706011203a00000" \
                      "9f26080102030405060708" "9f270180" "9f36020042" "9f6c020000" "9f6e0420700000" "9000"
