/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of the case list share: which store, which case, and how one is told. */
#pragma once

#include "app/cli/verb.h"
#include "payment/reconcile/books/manual.h"

typedef struct { char *store, *by, *reason, *note; gboolean json; } TwCaseChoice;

#define TW_CASE_STORE(choice_) \
  { "store", 0, 0, G_OPTION_ARG_STRING, &(choice_).store, "sqlite:PATH, or postgresql://[USER@]HOST/DATABASE", "URL" }
#define TW_CASE_BY(choice_) \
  { "by", 0, 0, G_OPTION_ARG_STRING, &(choice_).by, "who does it; without it you, by your login", "NAME" }
#define TW_CASE_REASON(choice_, description_) \
  { "reason", 0, 0, G_OPTION_ARG_STRING, &(choice_).reason, description_, "CODE" }, \
  { "note", 0, 0, G_OPTION_ARG_STRING, &(choice_).note, "and in words", "TEXT" }
#define TW_CASE_JSON(choice_, description_) \
  { "json", 0, 0, G_OPTION_ARG_NONE, &(choice_).json, description_, NULL }

#define TW_CASE_EXITS \
  "Exit status: 0 done; 2 there is no such case, it is not in that state, or wrong arguments; 3 the store is out of\n" \
  "reach.\n"

/* NULL after a complaint, and *exit tells how it went. */
TwBooks *tw_case_file_open (const TwVerb *self, const TwCaseChoice *choice, TwExit *exit);
/* Opens the store and does it to the case that arguments[0] names, with arguments[1] as its words. */
TwExit   tw_case_file_act (const TwVerb *self, const TwCaseChoice *choice, TwCaseAct act, char **arguments);

/* The same with what --reason, --note and --by say; to: what it is matched to, with NULL at the end. */
typedef gboolean (*TwCaseManualFunc) (TwBooks *books, const char *id, const char *const *to, const TwManualWord *word,
                                      GError **error);

TwExit   tw_case_file_manual (const TwVerb *self, const TwCaseChoice *choice, TwCaseManualFunc func, const char *name,
                              const char *const *to);

/* Members of an object that is open. */
void     tw_case_put_json (TwJsonOut *out, const TwCase *case_);
void     tw_case_put_instant (TwJsonOut *out, const char *key, gint64 us);
void     tw_case_put_text (TwJsonOut *out, const char *key, TwChars text);   /* empty: null */
/* "12.34 EUR"; "-" if there is no money in it. */
char    *tw_case_stake (const TwCase *case_);
/* Where to look: session, else payout or bank reference. */
char    *tw_case_subject (const TwCase *case_);
/* A natural key has a separator between its parts that no terminal shows. */
char    *tw_case_readable (TwChars text);
