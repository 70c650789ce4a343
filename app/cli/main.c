/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt: the operator's verbs. Finds the verb; everything else is the verb's own. */
#include "app/cli/verb.h"

#include "app/base/log.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const TwVerb *const VERBS[] = {
  &TW_VERB_STATUS,
  &TW_VERB_SESSIONS,
  &TW_VERB_RECEIPT,
  &TW_VERB_RECONCILE_REPAIR,   /* before the verb that it begins with */
  &TW_VERB_RECONCILE,
  &TW_VERB_REPORT,
  &TW_VERB_CASES_LIST,
  &TW_VERB_CASES_SHOW,
  &TW_VERB_CASES_ASSIGN,
  &TW_VERB_CASES_COMMENT,
  &TW_VERB_CASES_MATCH,
  &TW_VERB_CASES_WRITE_OFF,
  &TW_VERB_CASES_UNDO,
  &TW_VERB_CASES_RESOLVE,
  &TW_VERB_CASES_REOPEN,
  &TW_VERB_EVIDENCE,
  &TW_VERB_PRICE,
  &TW_VERB_TARIFF_SHOW,
  &TW_VERB_TARIFF_LINT,
  &TW_VERB_TARIFF_ACTIVATE,
  &TW_VERB_TARIFF_LIST,
  &TW_VERB_OFFERS_LINT,
  &TW_VERB_OFFERS_ACTIVATE,
  &TW_VERB_OFFERS_SHOW,
  &TW_VERB_OFFERS_WITHDRAW,
  &TW_VERB_DOCTOR,
  &TW_VERB_JOURNAL_VERIFY,
  &TW_VERB_JOURNAL_EXPORT,
  &TW_VERB_OCMF_VERIFY,
};

static const char INTRODUCTION[] =
  "tapwatt VERB [ARGUMENT ...] - ask a Tapwatt station, or the files that it left\n"
  "\n"
  "status, tariff list, tariff activate, offers activate, show and withdraw, and reconcile repair ask the running\n"
  "station over D-Bus. All others work on files and need no running station. Nothing is changed by any of them but\n"
  "tariff activate and offers, which set prices, and reconcile repair, which moves money; reconcile --store and cases\n"
  "keep a store of their own.\n"
  "\n";

static const char AFTERWORD[] =
  "\n"
  "  tapwatt status                                       is it open, and what is it doing?\n"
  "  tapwatt sessions --since 2026-11-01                  who charged this month, and was all of it paid?\n"
  "  tapwatt receipt BENCH-1-000007-4be2a1 --language de  print a driver's receipt again\n"
  "  tapwatt doctor                                       something is wrong, or will be\n"
  "\n"
  "tapwatt VERB --help tells what a verb does, with examples. tapwatt --version tells the version.\n"
  "Whatever prints to be read by people prints for programs with --json.\n"
  "\n"
  "Exit status: 0 all is well; 1 something was found; 2 the arguments or the input cannot be used;\n"
  "3 it could not find out, because the station, the payment service or the store is out of reach.\n";

static void
teach (void)
{
  printf ("%s", INTRODUCTION);
  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    {
      g_autofree char *usage = g_strjoin (" ", VERBS[i]->name, VERBS[i]->arguments, NULL);

      printf ("  %-26s %s\n", g_strchomp (usage), VERBS[i]->summary);
    }
  printf ("%s", AFTERWORD);
}

/* How many of the words are the verb's name; 0: it is another verb. */
static guint
match (const TwVerb  *verb,
       char         **words)
{
  g_auto (GStrv) name = g_strsplit (verb->name, " ", -1);
  guint n = 0;

  while (name[n] != NULL && g_strcmp0 (name[n], words[n]) == 0)
    n++;

  return name[n] == NULL ? n : 0;
}

/* "journal" alone is not a verb, but we know what it is the beginning of. */
static char *
continuations (const char *word)
{
  g_autofree char *beginning = g_strconcat (word, " ", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    if (g_str_has_prefix (VERBS[i]->name, beginning))
      g_ptr_array_add (names, (char *) VERBS[i]->name);
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

static int
complain (const char *word)
{
  g_autofree char *known = continuations (word);

  if (*known != '\0')
    fprintf (stderr, "tapwatt: \"%s\" needs another word: %s\n", word, known);
  else
    fprintf (stderr, "tapwatt: there is no verb \"%s\" (tapwatt --help lists them)\n", word);

  return TW_EXIT_USAGE;
}

static int
run (char **words)
{
  if (*words == NULL || g_str_equal (*words, "--help") || g_str_equal (*words, "-h"))
    {
      teach ();
      return fflush (stdout) == 0 ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
    }

  if (g_str_equal (*words, "--version"))
    {
      printf ("tapwatt %s\n", TW_VERSION);
      return fflush (stdout) == 0 ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
    }

  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    if (match (VERBS[i], words) > 0)
      return tw_verb_run (VERBS[i], words + match (VERBS[i], words));

  return complain (*words);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  tw_log_init ("tapwatt", FALSE);
  tw_verb_ignore_broken_pipe ();

  return tw_verb_end (run (argv + MIN (argc, 1)));
}
