/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = { TW_CASE_STORE (choice), TW_CASE_BY (choice), { NULL } };

static const char TEXT[] =
  "Takes back that a case was resolved. REASON is for those who ask later.\n"
  "\n"
  "  tapwatt cases reopen 3f9a 'the refund came back' --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_act (self, &choice, TW_CASE_REOPEN, arguments);
}

const TwVerb TW_VERB_CASES_REOPEN = {
  "cases reopen", "CASE REASON", "not done after all", TEXT, OPTIONS, 2, 2, run,
};
