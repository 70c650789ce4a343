/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (choice), TW_CASE_REASON (choice, "why, as a code of your own: below_1_eur"), TW_CASE_BY (choice),
  { NULL }
};

static const char TEXT[] =
  "Says that the money of an open case is lost: of a sale that was not settled, not captured or disputed, or of a\n"
  "payout that did not arrive. It is no exception any more, as if it were resolved; but if the money comes after all,\n"
  "that is one: manual_contradicted. What is owed to others cannot be written off.\n"
  "\n"
  "  tapwatt cases write-off 3f9a77 --reason below_1_eur --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static gboolean
write_off (TwBooks             *books,
           const char          *id,
           const char *const   *to,
           const TwManualWord  *word,
           GError             **error)
{
  return tw_manual_write_off (books, id, word, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_manual (self, &choice, write_off, arguments[0], NULL);
}

const TwVerb TW_VERB_CASES_WRITE_OFF = {
  "cases write-off", "CASE", "the money is lost, and why", TEXT, OPTIONS, 1, 1, run,
};
