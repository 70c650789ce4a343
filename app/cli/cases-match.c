/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

static struct { TwCaseChoice choice; char **to; } options;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (options.choice),
  { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.to,
    "what it belongs to: a session, a reference, or a case; may be given often", "REFERENCE" },
  TW_CASE_REASON (options.choice, "why, as a code of your own: seen_on_paper"),
  TW_CASE_BY (options.choice),
  { NULL }
};

static const char TEXT[] =
  "Says which rows belong together where their references do not: a settlement line and its sale, a sale and its\n"
  "lines, an entry of the bank and its payouts, a payout and its entry. CASE is what lacks its other side (ambiguous,\n"
  "missing_in_journal, missing_in_settlement, refund_unmatched, a chargeback without a sale, bank_line_unexplained,\n"
  "payout_not_in_bank). The next tapwatt reconcile --store goes by it, by the rule \"manual\", and still compares the\n"
  "money. If a later file says otherwise, that is an exception of its own: manual_contradicted.\n"
  "\n"
  "  tapwatt cases match 3f9a77 --to BENCH-1-000007-4be2a1 --reason seen_on_paper --store sqlite:books.db\n"
  "  tapwatt cases match 81c0d2 --to po_1Nx2 po_1Nx9 --reason told_by_bank --note 'on 3 May' --store sqlite:books.db\n"
  "\n"
  TW_CASE_EXITS;

/* References that follow one without an option of their own are meant, too. */
static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GPtrArray) to = g_ptr_array_new ();

  for (char **reference = options.to; reference != NULL && *reference != NULL; reference++)
    g_ptr_array_add (to, *reference);
  if (to->len == 0)
    {
      tw_verb_complain (self, "to what? --to SESSION or another reference");
      return TW_EXIT_USAGE;
    }
  for (char **reference = arguments + 1; *reference != NULL; reference++)
    g_ptr_array_add (to, *reference);
  g_ptr_array_add (to, NULL);

  return tw_case_file_manual (self, &options.choice, tw_manual_match, arguments[0],
                              (const char *const *) to->pdata);
}

const TwVerb TW_VERB_CASES_MATCH = {
  "cases match", "CASE", "which rows belong together, by a person's word", TEXT, OPTIONS, 1, 100, run,
};
