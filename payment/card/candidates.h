/* SPDX-License-Identifier: Apache-2.0 */
/* Which applications of the card to try, and in which order (Book B section 3.3). Any thread. */
#pragma once

#include <glib.h>

#include "payment/card/tlv.h"

#define TW_AID_MOST        16
#define TW_CANDIDATES_MOST 16

typedef struct
{
  guint8 aid[TW_AID_MOST];
  gsize  aid_len;
  guint8 priority;             /* 1 best ... 15; 16: the card does not say */
  guint8 kernel;
} TwCandidate;

typedef struct
{
  TwCandidate items[TW_CANDIDATES_MOST];
  guint       n;
} TwCandidates;

typedef enum { TW_PPSE_LIST, TW_PPSE_NONE, TW_PPSE_UNREADABLE } TwPpse;

/* answer: to SELECT 2PAY.SYS.DDF01, with its status word. LIST may be empty: applications, but none that we speak. */
TwPpse   tw_candidates_from_ppse (TwCandidates *self, const guint8 *answer, gsize len);

extern const guint8 TW_PPSE_NAME[14];

/* What a final SELECT answers. */
typedef struct { TwTlv name, pdol, label, preferred_name, code_table; } TwFci;    /* value NULL: the card has none */

/* FALSE: malformed, or not of this application. self points into answer, which has no status word. */
gboolean tw_fci_parse (TwFci *self, const guint8 *answer, gsize len, const TwCandidate *candidate);

/* A text that a card gave, made fit to be shown: printable ASCII, spaces trimmed, at most 16; out[0] = 0: nothing is
 * left. A text with eight digits in a row is dropped: whatever that is, it is no name. */
void     tw_label_clean (char out[17], const TwTlv *label);
