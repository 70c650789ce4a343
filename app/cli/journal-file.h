/* SPDX-License-Identifier: Apache-2.0 */
/* The journal that a verb was given by its path. */
#pragma once

#include "app/cli/verb.h"
#include "payment/journal/journal.h"

/* NULL: it has complained, and exit is how the verb ends. */
TwJournal *tw_journal_file_open (const TwVerb *verb, const char *path, TwExit *exit);
