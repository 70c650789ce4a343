/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/offers-file.h"

static const char TEXT[] =
  "Takes all offers back at the running station, those that are to come, too. What was granted to a session stays\n"
  "granted.\n"
  "\n"
  "  tapwatt offers withdraw\n"
  "\n"
  "Exit status: 0 it is durable; 1 the station cannot do it now; 3 no station answers, and nobody knows: look with\n"
  "tapwatt offers show.\n";

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_offers_order (self, NULL, &(TwBusOffersOrder) { NULL });
}

const TwVerb TW_VERB_OFFERS_WITHDRAW = {
  .name = "offers withdraw",
  .arguments = "",
  .summary = "take all offers back, at the running station",
  .text = TEXT,
  .run = run,
};
