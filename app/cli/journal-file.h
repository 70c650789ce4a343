/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/cli/verb.h"
#include "payment/journal/journal.h"

/* Where the configuration is if nobody says so. */
#define TW_DEFAULT_CONFIG "/etc/tapwatt/tapwatt.conf"

/* Which journal a verb is about: --journal PATH, or else the one that --config FILE names. */
typedef struct
{
  char *journal, *config;   /* as the command line says; NULL */
} TwJournalChoice;

#define TW_JOURNAL_CHOICE_OPTIONS(choice) \
  { "journal", 0, 0, G_OPTION_ARG_FILENAME, &(choice).journal, \
    "a journal.db, the directory that it is in, or an export", "PATH" }, \
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &(choice).config, \
    "the journal of this configuration (" TW_DEFAULT_CONFIG ")", "FILE" }

/* PATH of a verb that reads a journal: the file, its directory, or an export. NULL after a complaint, with *exit set.
 * */
TwJournal *tw_journal_file_open (const TwVerb *verb, const char *path, TwExit *exit);
/* path: what was opened, for messages. */
TwJournal *tw_journal_file_choose (const TwVerb *verb, const TwJournalChoice *choice, char **path, TwExit *exit);
