/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (choice), TW_CASE_REASON (choice, "why, as a code of your own"), TW_CASE_BY (choice), { NULL }
};

static const char TEXT[] =
  "Takes back what was matched or written off for a case, which is open again. CASE is that case, or the one of\n"
  "manual_contradicted that came of it. Both words stay in the history; the next tapwatt reconcile --store goes by\n"
  "neither.\n"
  "\n"
  "  tapwatt cases undo 3f9a77 --reason wrong_sale --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

static gboolean
undo (TwBooks             *books,
      const char          *id,
      const char *const   *to,
      const TwManualWord  *word,
      GError             **error)
{
  return tw_manual_undo (books, id, word, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  return tw_case_file_manual (self, &choice, undo, arguments[0], NULL);
}

const TwVerb TW_VERB_CASES_UNDO = {
  "cases undo", "CASE", "a match or a write-off, taken back", TEXT, OPTIONS, 1, 1, run,
};
