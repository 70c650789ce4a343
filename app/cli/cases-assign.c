/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = { TW_CASE_STORE (choice), TW_CASE_BY (choice), { NULL } };

static const char TEXT[] =
  "Notes who looks after a case, whatever its state. WHO is a name as you use it among yourselves.\n"
  "\n"
  "  tapwatt cases assign 3f9a kim --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_act (self, &choice, TW_CASE_ASSIGN, arguments);
}

const TwVerb TW_VERB_CASES_ASSIGN = {
  "cases assign", "CASE WHO", "who looks after a case", TEXT, OPTIONS, 2, 2, run,
};
