/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = { TW_CASE_STORE (choice), TW_CASE_BY (choice), { NULL } };

static const char TEXT[] =
  "Ends an open case. REASON is for those who ask later. As long as its stake is the same it is no exception to\n"
  "tapwatt reconcile any more, which lists it as information. With another stake it comes back by itself.\n"
  "\n"
  "  tapwatt cases resolve 3f9a 'written off, below 1 EUR' --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_act (self, &choice, TW_CASE_RESOLVE, arguments);
}

const TwVerb TW_VERB_CASES_RESOLVE = {
  "cases resolve", "CASE REASON", "done: it is no exception any more", TEXT, OPTIONS, 2, 2, run,
};
