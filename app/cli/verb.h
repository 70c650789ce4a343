/* SPDX-License-Identifier: Apache-2.0 */
/* What every verb of tapwatt is made of: one file a verb, one row in main.c. A verb reads its arguments, prints to
 * stdout and returns how it went; what keeps it from its work is one line on stderr: what and where.
 */
#pragma once

#include "app/base/json.h"

typedef enum
{
  TW_EXIT_WELL,
  TW_EXIT_FOUND,     /* it did its work, and there is something to look at */
  TW_EXIT_USAGE,     /* wrong arguments, or input that cannot be used */
  TW_EXIT_UNKNOWN,   /* it could not find out: daemon, gateway or store out of reach */
} TwExit;

typedef struct _TwVerb TwVerb;

struct _TwVerb
{
  const char         *name;        /* "journal verify" */
  const char         *arguments;   /* "PATH"; "" if there are none */
  const char         *summary;     /* a line in tapwatt --help */
  const char         *text;        /* the rest of its --help: what it tells, examples */
  const GOptionEntry *options;     /* with static targets */
  guint               n_min, n_max;/* of arguments that are not options */
  TwExit            (*run) (const TwVerb *self, char **arguments);
};

/* One row each in main.c. */
extern const TwVerb TW_VERB_CASES_ASSIGN;
extern const TwVerb TW_VERB_CASES_COMMENT;
extern const TwVerb TW_VERB_CASES_LIST;
extern const TwVerb TW_VERB_CASES_MATCH;
extern const TwVerb TW_VERB_CASES_REOPEN;
extern const TwVerb TW_VERB_CASES_RESOLVE;
extern const TwVerb TW_VERB_CASES_SHOW;
extern const TwVerb TW_VERB_CASES_UNDO;
extern const TwVerb TW_VERB_CASES_WRITE_OFF;
extern const TwVerb TW_VERB_DOCTOR;
extern const TwVerb TW_VERB_EVIDENCE;
extern const TwVerb TW_VERB_JOURNAL_EXPORT;
extern const TwVerb TW_VERB_JOURNAL_VERIFY;
extern const TwVerb TW_VERB_OCMF_VERIFY;
extern const TwVerb TW_VERB_OFFERS_ACTIVATE;
extern const TwVerb TW_VERB_OFFERS_LINT;
extern const TwVerb TW_VERB_OFFERS_SHOW;
extern const TwVerb TW_VERB_OFFERS_WITHDRAW;
extern const TwVerb TW_VERB_PRICE;
extern const TwVerb TW_VERB_RECEIPT;
extern const TwVerb TW_VERB_RECONCILE;
extern const TwVerb TW_VERB_RECONCILE_REPAIR;
extern const TwVerb TW_VERB_REPORT;
extern const TwVerb TW_VERB_SESSIONS;
extern const TwVerb TW_VERB_STATUS;
extern const TwVerb TW_VERB_TARIFF_ACTIVATE;
extern const TwVerb TW_VERB_TARIFF_LINT;
extern const TwVerb TW_VERB_TARIFF_LIST;
extern const TwVerb TW_VERB_TARIFF_SHOW;

/* First of all: whoever reads stdout may go away (| head), and nothing is left half done because of it. */
void     tw_verb_ignore_broken_pipe (void);
/* Whether that has happened; then there is nobody to complain to, and it is no error of the work. */
gboolean tw_verb_has_lost_reader (void);
/* Last of all: ends as other programs do that have lost their reader, by SIGPIPE; else returns the exit status. */
int      tw_verb_end (int status);

/* Prints its --help. */
void     tw_verb_teach (const TwVerb *self);
/* words: of the command line after the verb's name. Parses options and runs. */
TwExit   tw_verb_run (const TwVerb *self, char **words);

/* "tapwatt journal verify: " and the message, on one line of stderr. */
void     tw_verb_complain (const TwVerb *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same with an error's message; returns what it means to the caller of the program. */
TwExit   tw_verb_complain_of (const TwVerb *self, const GError *error);

/* To stdout, as it is; FALSE and a complaint if stdout takes no more. */
gboolean tw_verb_print (const TwVerb *self, const char *text);
/* Closes what is open and prints it with a line feed. Frees out. */
gboolean tw_verb_print_json (const TwVerb *self, TwJsonOut *out);
