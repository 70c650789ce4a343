/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"
#include "app/cli/sheet.h"

#include <string.h>

static TwCaseChoice choice;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (choice),
  TW_CASE_JSON (choice, "print {case, events, manual, repair}"),
  { NULL }
};

static const char TEXT[] =
  "Shows a case: what was found, where to look for it, what to do, and everything that happened to it. CASE is its id\n"
  "as tapwatt cases list prints it, or the beginning of it.\n"
  "\n"
  "  tapwatt cases show 3f9a --store sqlite:books.db\n"
  "\n"
  "manual_contradicted: it was resolved, and then found with another stake. seen_again: it had closed by itself.\n"
  "\n"
  "Exit status: 0 shown; 2 there is no such case, or wrong arguments; 3 the store is out of reach.\n";

/* repair: the last word about one; NULL: none was asked for. */
typedef struct { TwJsonOut *out; GString *text; TwSheet *events; char *currency, *repair; gboolean open; } Shown;

static void
put_line (GString    *text,
          const char *name,
          TwChars     value)
{
  g_autofree char *shown = tw_case_readable (value);

  if (value.n > 0)
    g_string_append_printf (text, "%-15s %s\n", name, shown);
}

static char *
instant (gint64 us)
{
  g_autoptr (GDateTime) second = us == TW_NOT_STATED ? NULL : g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);

  return second == NULL ? g_strdup ("-") : g_date_time_format (second, "%Y-%m-%d %H:%M");
}

static void
tell (GString      *text,
      const TwCase *case_)
{
  g_autofree char *class_name = g_strndup (case_->class_.text, case_->class_.n);
  g_autofree char *stake = tw_case_stake (case_);
  g_autofree char *since = instant (case_->since_us);
  g_autofree char *opened = instant (case_->opened_us);
  TwClass class_;

  put_line (text, "case", case_->id);
  put_line (text, "class", case_->class_);
  put_line (text, "state", case_->state);
  g_string_append_printf (text, "%-15s %s\n%-15s %s\n%-15s %s\n", "stake", stake, "happened", since, "first found",
                          opened);
  put_line (text, "assigned", case_->assignee);
  put_line (text, "session", case_->session);
  put_line (text, "station", case_->station);
  put_line (text, "evse", case_->evse);
  put_line (text, "payment ref", case_->payment_ref);
  put_line (text, "psp ref", case_->psp_ref);
  put_line (text, "payout", case_->batch);
  put_line (text, "bank reference", tw_credit_reference (case_->bank_reference));
  put_line (text, "rule", case_->rule);
  put_line (text, "detail", case_->detail);
  if (tw_class_parse (class_name, &class_))
    g_string_append_printf (text, "%-15s %s\n", "suggested", tw_class_suggested (class_));
}

static gboolean
on_case (gpointer       user_data,
         const TwCase  *case_,
         GError       **error)
{
  Shown *self = user_data;

  self->currency = g_strndup (case_->currency.text, case_->currency.n);
  self->open = case_->state.n == strlen ("open") && memcmp (case_->state.text, "open", case_->state.n) == 0;
  if (self->out == NULL)
    {
      tell (self->text, case_);
      return TRUE;
    }
  tw_json_out_begin_object (self->out, "case");
  tw_case_put_json (self->out, case_);
  tw_json_out_end (self->out);
  tw_json_out_begin_array (self->out, "events");

  return TRUE;
}

static gboolean
on_event (gpointer            user_data,
          const TwCaseEvent  *event,
          GError            **error)
{
  Shown *self = user_data;
  const TwCase money = { .stake_minor = event->stake_minor,
                         .currency = { self->currency, (guint32) strlen (self->currency) } };
  g_autofree char *when = instant (event->at_us);
  g_autofree char *what = g_strndup (event->what.text, event->what.n);
  g_autofree char *who = g_strndup (event->who.text, event->who.n);
  g_autofree char *reason = g_strndup (event->reason.text, event->reason.n);
  g_autofree char *stake = tw_case_stake (&money);

  if (g_str_has_prefix (what, "repair"))
    {
      g_free (self->repair);
      self->repair = g_strdup (reason);
    }
  if (self->out == NULL)
    {
      tw_sheet_add (self->events, (const char *const[]) { when, what, who, stake, reason });
      return TRUE;
    }
  tw_json_out_begin_object (self->out, NULL);
  tw_case_put_text (self->out, "what", event->what);
  tw_case_put_text (self->out, "who", event->who);
  tw_case_put_instant (self->out, "at", event->at_us);
  tw_json_out_int64 (self->out, "amount_minor", event->stake_minor);
  tw_case_put_text (self->out, "reason", event->reason);
  tw_json_out_end (self->out);

  return TRUE;
}

static gboolean
on_act (gpointer            user_data,
        const TwManualAct  *act,
        GError            **error)
{
  TwJsonOut *out = user_data;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "act", act->act);
  tw_case_put_text (out, "what", act->what);
  if (act->undoes > 0)
    tw_json_out_int64 (out, "undoes", act->undoes);
  tw_case_put_text (out, "who", act->who);
  tw_case_put_instant (out, "at", act->at_us);
  tw_case_put_text (out, "reason", act->reason);
  tw_case_put_text (out, "note", act->note);
  tw_case_put_text (out, "before", act->before);
  tw_case_put_text (out, "after", act->after);
  tw_case_put_text (out, "station", act->station);
  tw_case_put_text (out, "session", act->session);
  tw_case_put_text (out, "account", act->account);
  tw_case_put_text (out, "row", act->key);
  tw_case_put_text (out, "payout_account", act->payout_account);
  tw_case_put_text (out, "batch", act->batch);
  tw_json_out_int64 (out, "amount_minor", act->amount_minor);
  tw_json_out_end (out);

  return TRUE;
}

/* People read it among the events. */
static gboolean
put_manual (TwBooks     *books,
            const char  *id,
            TwJsonOut   *out,
            GError     **error)
{
  if (out == NULL)
    return TRUE;
  tw_json_out_end (out);
  tw_json_out_begin_array (out, "manual");

  return tw_manual_show (books, id, on_act, out, error);
}

/* It proves nothing by itself: the next files do. */
static void
tell_repair (Shown *self)
{
  g_autofree char *repair = self->repair;

  if (self->out != NULL)
    {
      tw_json_out_end (self->out);
      tw_json_out_string (self->out, "repair", repair);
      return;
    }
  if (repair != NULL)
    g_string_append_printf (self->text, "%-15s %s%s\n", "repair", repair,
                            self->open ? "; open until a later file proves it" : "");
  g_string_append_c (self->text, '\n');
}

static TwExit
show (const TwVerb *self,
      TwBooks      *books,
      const char   *id)
{
  static const char *const TITLES[] = { "WHEN", "WHAT", "WHO", ">STAKE", "WORDS", NULL };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (TwSheet) events = tw_sheet_new (TITLES);
  g_autoptr (GError) error = NULL;
  Shown shown = { .text = text, .events = events };
  gboolean well, printed;

  if (choice.json)
    {
      shown.out = tw_json_out_new ();
      tw_json_out_begin_object (shown.out, NULL);
    }
  well = tw_cases_show (books, id, on_case, on_event, &shown, &error) && put_manual (books, id, shown.out, &error);
  g_free (shown.currency);
  if (!well)
    {
      g_free (shown.repair);
      g_clear_pointer (&shown.out, tw_json_out_free);
      return tw_verb_complain_of (self, error);
    }

  tell_repair (&shown);
  tw_sheet_append_to (events, text);
  printed = shown.out != NULL ? tw_verb_print_json (self, shown.out) : tw_verb_print (self, text->str);

  return printed ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwBooks) books = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  TwExit exit;

  books = tw_case_file_open (self, &choice, &exit);
  if (books == NULL)
    return exit;
  id = tw_cases_find (books, arguments[0], &error);

  return id != NULL ? show (self, books, id) : tw_verb_complain_of (self, error);
}

const TwVerb TW_VERB_CASES_SHOW = {
  "cases show", "CASE", "a case, and all that happened to it", TEXT, OPTIONS, 1, 1, run,
};
