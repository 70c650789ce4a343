/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"
#include "app/cli/sheet.h"

#define SHORT_ID 10
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static struct { TwCaseChoice choice; char *state, *class_name; gboolean all; } options;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (options.choice),
  { "state", 0, 0, G_OPTION_ARG_STRING, &options.state, "open (without it), closed, resolved", "STATE" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, "in every state", NULL },
  { "class", 0, 0, G_OPTION_ARG_STRING, &options.class_name, "only of this class", "CLASS" },
  TW_CASE_JSON (options.choice, "print {cases}"),
  { NULL }
};

static const char TEXT[] =
  "Lists what the reconciliations with --store found and nobody has done away with: worst first, then oldest. AGE is\n"
  "in days since it was first found. STAKE: what may be lost, or with - what is owed to others.\n"
  "\n"
  "  tapwatt cases list --store sqlite:books.db\n"
  "  tapwatt cases list --store postgresql://books.example/tapwatt --class chargeback --json\n"
  "\n"
  "A case is open; closed, when a later file or a match by hand explained it; or resolved by a person, as done or as\n"
  "written off. It comes back when it is found again, or with another stake than the one that was resolved.\n"
  "\n"
  "Exit status: 0 no open case is listed; 1 there are some; 2 wrong arguments, or no store; 3 the store is out of\n"
  "reach.\n";

typedef struct { TwSheet *table; TwJsonOut *out; gint64 now_us; guint n_open; } Listing;

static gboolean
on_case (gpointer       user_data,
         const TwCase  *case_,
         GError       **error)
{
  Listing *self = user_data;
  g_autofree char *id = g_strndup (case_->id.text, MIN (case_->id.n, SHORT_ID));
  g_autofree char *class_name = g_strndup (case_->class_.text, case_->class_.n);
  g_autofree char *state = g_strndup (case_->state.text, case_->state.n);
  g_autofree char *assignee = case_->assignee.n > 0 ? g_strndup (case_->assignee.text, case_->assignee.n)
    : g_strdup ("");
  g_autofree char *age = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (self->now_us - case_->opened_us, 0) / DAY_US);
  g_autofree char *severity = g_strdup_printf ("%" G_GINT64_FORMAT, case_->severity);
  g_autofree char *stake = tw_case_stake (case_);
  g_autofree char *subject = tw_case_subject (case_);

  self->n_open += g_str_equal (state, "open");
  if (self->out != NULL)
    {
      tw_json_out_begin_object (self->out, NULL);
      tw_case_put_json (self->out, case_);
      tw_json_out_end (self->out);
    }
  else
    tw_sheet_add (self->table,
                  (const char *const[]) { id, severity, class_name, stake, age, state, assignee, subject });

  return TRUE;
}

static gboolean
print (const TwVerb *self,
       Listing      *listing)
{
  g_autoptr (GString) text = NULL;

  if (listing->out != NULL)
    return tw_verb_print_json (self, g_steal_pointer (&listing->out));
  text = g_string_new (NULL);
  tw_sheet_append_to (listing->table, text);

  return tw_verb_print (self, text->str);
}

static gboolean
check_options (const TwVerb *self)
{
  static const char *const STATES[] = { "open", "closed", "resolved", NULL };
  TwClass class_;

  if (options.state != NULL && (options.all || !g_strv_contains (STATES, options.state)))
    tw_verb_complain (self, "--state %s: expected open, closed or resolved, and no --all", options.state);
  else if (options.class_name != NULL && !tw_class_parse (options.class_name, &class_))
    tw_verb_complain (self, "--class %s: there is no such class", options.class_name);
  else
    return TRUE;

  return FALSE;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  static const char *const TITLES[] = { "CASE", ">SEV", "CLASS", ">STAKE", ">AGE", "STATE", "ASSIGNED", "OF", NULL };
  g_autoptr (TwSheet) table = tw_sheet_new (TITLES);
  g_autoptr (TwJsonOut) out = NULL;
  g_autoptr (TwBooks) books = NULL;
  g_autoptr (GError) error = NULL;
  Listing listing = { .table = table, .now_us = g_get_real_time () };
  const char *state = options.all ? NULL : options.state != NULL ? options.state : "open";
  TwExit exit;

  if (!check_options (self))
    return TW_EXIT_USAGE;
  books = tw_case_file_open (self, &options.choice, &exit);
  if (books == NULL)
    return exit;
  if (options.choice.json)
    {
      out = tw_json_out_new ();
      tw_json_out_begin_object (out, NULL);
      tw_json_out_begin_array (out, "cases");
    }
  listing.out = out;
  if (!tw_cases_list (books, state, options.class_name, on_case, &listing, &error))
    return tw_verb_complain_of (self, error);
  out = NULL;                       /* printing frees it */
  if (!print (self, &listing))
    return TW_EXIT_UNKNOWN;

  return listing.n_open > 0 ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_CASES_LIST = {
  "cases list", "", "what the reconciliations found, and is still open", TEXT, OPTIONS, 0, 0, run,
};
