/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = { TW_CASE_STORE (choice), TW_CASE_BY (choice), { NULL } };

static const char TEXT[] =
  "Adds a note to a case, whatever its state. Nothing that was noted can be changed or taken back.\n"
  "\n"
  "  tapwatt cases comment 3f9a 'asked the bank, answer by Friday' --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_act (self, &choice, TW_CASE_COMMENT, arguments);
}

const TwVerb TW_VERB_CASES_COMMENT = {
  "cases comment", "CASE TEXT", "a note on a case", TEXT, OPTIONS, 2, 2, run,
};
