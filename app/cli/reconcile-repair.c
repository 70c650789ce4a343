/* SPDX-License-Identifier: Apache-2.0 */
/* A case's repair, by the station's own verb: shown, confirmed by a person, noted on the case, asked for, and its
 * outcome noted. What may be done is the station's word, not ours. */
#include "app/cli/case-file.h"

#include "app/base/error.h"
#include "app/bus/client.h"
#include "payment/money/money.h"
#include "payment/reconcile/proposal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct { TwCaseChoice choice; char *amount; gboolean yes, dry_run; } options;

static const GOptionEntry OPTIONS[] = {
  TW_CASE_STORE (options.choice),
  { "amount", 0, 0, G_OPTION_ARG_STRING, &options.amount, "another amount than the proposed one, such as 1.23",
    "AMOUNT" },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, "show what would be done, and nothing else", NULL },
  { "yes", 0, 0, G_OPTION_ARG_NONE, &options.yes, "you have seen it and confirm it; without it you are asked", NULL },
  { "by", 0, 0, G_OPTION_ARG_STRING, &options.choice.by, "who confirms it; without it you, by your login", "NAME" },
  TW_CASE_JSON (options.choice, "print {case, proposal, repair}"),
  { NULL }
};

static const char TEXT[] =
  "Mends a case by the station's own verb: gives money back, releases a hold, captures what a hold can still give, or\n"
  "asks the payment service what became of a request. Runs at the station of the case. Shows the proposal first;\n"
  "nothing that moves money is done before a person has confirmed it. The station holds it against its own journal\n"
  "and refuses what that does not allow.\n"
  "\n"
  "  tapwatt reconcile repair 3f9a --store sqlite:books.db --dry-run\n"
  "  tapwatt reconcile repair 3f9a --store postgresql://books.example/tapwatt --amount 1.20 --by 'Ann Operator'\n"
  "\n"
  "A case is repaired once: asked again, the station tells what came of it and moves nothing, unless it was refused.\n"
  "Without a definite answer the station asks on by itself; run it again later. The case stays open until a later\n"
  "file proves the effect (tapwatt reconcile --store). What needs no money of the driver's is ended with\n"
  "tapwatt cases resolve.\n"
  "\n"
  "Exit status: 0 done, or shown; 1 refused; 2 no such case, nothing that the station can do, not confirmed, or wrong\n"
  "arguments; 3 nobody knows yet, or the store or the station is out of reach.\n";

/* What is known of the case, copied, and what is to be done for it. */
typedef struct
{
  char      *id, *class_, *state, *session, *station, *detail, *rule;
  char       currency[4];
  gint64     stake_minor, expected, found;
  TwProposal proposal;
  gboolean   asked;            /* it was asked for before */
  TwBusMoney money;            /* by the station's journal; currency NULL: it did not tell */
  char      *why_not;          /* why it did not */
} Repair;

static void
repair_clear (Repair *self)
{
  char *texts[] = { self->id, self->class_, self->state, self->session, self->station, self->detail, self->rule,
                    self->why_not };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Repair, repair_clear)

static char *
copy (TwChars text)
{
  return g_strndup (text.n > 0 ? text.text : "", text.n);
}

static gboolean
on_case (gpointer       user_data,
         const TwCase  *case_,
         GError       **error)
{
  Repair *self = user_data;
  g_autofree char *currency = copy (case_->currency);

  *self = (Repair) { .id = copy (case_->id), .class_ = copy (case_->class_), .state = copy (case_->state),
                     .session = copy (case_->session), .station = copy (case_->station),
                     .detail = copy (case_->detail), .rule = copy (case_->rule), .stake_minor = case_->stake_minor,
                     .expected = case_->expected, .found = case_->found };
  g_strlcpy (self->currency, currency, sizeof self->currency);

  return TRUE;
}

static gboolean
on_event (gpointer            user_data,
          const TwCaseEvent  *event,
          GError            **error)
{
  g_autofree char *what = copy (event->what);

  ((Repair *) user_data)->asked |= g_str_equal (what, "repair_asked");

  return TRUE;
}

static gboolean
parse_amount (const TwVerb *verb,
              Repair       *self)
{
  TwMoney amount;

  if (options.amount == NULL)
    return TRUE;
  if (self->proposal.amount_minor > 0 && tw_money_parse (options.amount, self->currency, &amount, NULL)
      && amount.minor > 0)
    {
      self->proposal.amount_minor = amount.minor;
      return TRUE;
    }

  tw_verb_complain (verb, "--amount %s: expected an amount of %s above 0, and a repair that moves money",
                    options.amount, *self->currency != '\0' ? self->currency : "money");
  return FALSE;
}

/* What the station's journal allows of it. What was asked for before is told whatever the journal says by now; of what
 * is not owed any more nothing is asked for anew. */
static void
limit (Repair  *self,
       TwClass  class_)
{
  const TwBusMoney *money = &self->money;
  const TwProposal within = tw_propose_within (self->proposal, class_, &(TwSaleMoney) {
    money->held_minor, money->price_minor, money->captured_minor, money->refunded_minor });

  if (within.operation != NULL || !self->asked)
    self->proposal = within;
  else
    self->proposal.amount_minor = 0;
}

/* Whether the station can do anything for it; what else, is said. */
static gboolean
propose (const TwVerb *verb,
         Repair       *self)
{
  TwClass class_;

  if (!g_str_equal (self->state, "open"))
    {
      tw_verb_complain (verb, "the case %s is %s: there is nothing to repair", self->id, self->state);
      return FALSE;
    }
  if (!tw_class_parse (self->class_, &class_))
    {
      tw_verb_complain (verb, "the case %s is of a class that this version does not know: %s", self->id, self->class_);
      return FALSE;
    }
  self->proposal = tw_propose (class_, self->stake_minor, self->expected, self->found);
  if (self->money.currency != NULL && self->proposal.operation != NULL)
    limit (self, class_);
  if (self->proposal.operation == NULL || *self->session == '\0')
    {
      tw_verb_complain (verb, "%s (%s) is not repaired by the station: %s. When that is done: tapwatt cases resolve "
                        "%.10s 'what was done' --store %s", self->class_, tw_class_suggested (class_),
                        self->proposal.operation == NULL ? self->proposal.why : "no session of a station is named",
                        self->id, options.choice.store);
      return FALSE;
    }

  return parse_amount (verb, self);
}

/* "refund 1.00 EUR". */
static char *
sentence (const char *operation,
          gint64      amount_minor,
          const char *currency)
{
  g_autofree char *amount = NULL;

  if (amount_minor == 0)
    return g_strdup (operation);
  amount = tw_money_to_text (tw_money (amount_minor, currency));

  return g_strdup_printf ("%s %s", operation, amount);
}

static void
put_proposal (const Repair *self,
              TwJsonOut    *out)
{
  tw_json_out_string (out, "case", self->id);
  tw_json_out_begin_object (out, "proposal");
  tw_json_out_string (out, "class", self->class_);
  tw_json_out_string (out, "operation", self->proposal.operation);
  tw_json_out_int64 (out, "amount_minor", self->proposal.amount_minor);
  tw_json_out_string (out, "currency", self->currency);
  tw_json_out_string (out, "session", self->session);
  tw_json_out_string (out, "station", self->station);
  tw_json_out_string (out, "why", self->proposal.why);
  tw_json_out_end (out);
}

static void
tell_journal (GString      *text,
              const Repair *self)
{
  const char *currency = self->money.currency;
  g_autofree char *held = NULL, *price = NULL, *captured = NULL, *refunded = NULL;

  if (currency == NULL || tw_currency_digits (currency) < 0)
    {
      g_string_append_printf (text, "%-10s not known: %s\n", "journal",
                              self->why_not != NULL ? self->why_not : "the station does not tell");
      return;
    }
  held = tw_money_to_text (tw_money (self->money.held_minor, currency));
  price = tw_money_to_text (tw_money (self->money.price_minor, currency));
  captured = tw_money_to_text (tw_money (self->money.captured_minor, currency));
  refunded = tw_money_to_text (tw_money (self->money.refunded_minor, currency));
  g_string_append_printf (text, "%-10s %s: held %s, price %s, captured %s, refunded %s\n", "journal",
                          self->money.money, held, price, captured, refunded);
}

static gboolean
show (const TwVerb *verb,
      const Repair *self)
{
  g_autofree char *what = sentence (self->proposal.operation, self->proposal.amount_minor, self->currency);
  g_autofree char *stake = *self->currency != '\0' ? tw_money_to_text (tw_money (self->stake_minor, self->currency))
                                                   : g_strdup ("-");
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%-10s %s\n%-10s %s, at stake %s, by rule %s%s%s\n%-10s %s, station %s\n", "case",
                          self->id, "evidence", self->class_, stake, self->rule, *self->detail != '\0' ? ": " : "",
                          self->detail, "session", self->session, *self->station != '\0' ? self->station : "-");
  if (self->expected != TW_NOT_STATED && self->found != TW_NOT_STATED && *self->currency != '\0'
      && !g_str_equal (self->class_, "energy_mismatch"))
    {
      g_autofree char *expected = tw_money_to_text (tw_money (self->expected, self->currency));
      g_autofree char *found = tw_money_to_text (tw_money (self->found, self->currency));

      g_string_append_printf (text, "%-10s expected %s, found %s\n", "", expected, found);
    }
  tell_journal (text, self);
  g_string_append_printf (text, "%-10s %s\n%-10s %s\n", "proposal", what, "", self->proposal.why);

  return tw_verb_print (verb, text->str);
}

/* A finger on Enter is no confirmation. */
static gboolean
confirm (const TwVerb *verb,
         const Repair *self)
{
  char line[16] = "";

  if (options.yes || self->proposal.amount_minor == 0)
    return TRUE;
  if (options.choice.json || !isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    {
      tw_verb_complain (verb, "it moves money: look at it with --dry-run, then confirm it with --yes");
      return FALSE;
    }
  fprintf (stderr, "It moves money. Type yes to do it: ");
  if (fgets (line, sizeof line, stdin) != NULL && g_str_equal (line, "yes\n"))
    return TRUE;

  tw_verb_complain (verb, "not confirmed, nothing was done");
  return FALSE;
}

static gboolean
note (const TwVerb *verb,
      TwBooks      *books,
      const Repair *self,
      TwCaseAct     act,
      const char   *text)
{
  const char *who = options.choice.by != NULL ? options.choice.by : g_get_user_name ();
  g_autoptr (GError) error = NULL;

  if (tw_cases_act (books, self->id, act, who, text, g_get_real_time (), &error))
    return TRUE;

  tw_verb_complain_of (verb, error);
  return FALSE;
}

static TwExit
exit_of (const char *outcome)
{
  return g_str_equal (outcome, "done") ? TW_EXIT_WELL : g_str_equal (outcome, "refused") ? TW_EXIT_FOUND
                                                                                         : TW_EXIT_UNKNOWN;
}

static gboolean
print_answer (const TwVerb        *verb,
              const Repair        *self,
              const TwBusRepaired *answer,
              const char          *text)
{
  g_autofree char *line = g_strconcat (answer->before ? "before     " : "answer     ", text, "\n", NULL);
  TwJsonOut *out;

  if (!options.choice.json)
    return tw_verb_print (verb, line);
  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  put_proposal (self, out);
  tw_json_out_begin_object (out, "repair");
  tw_json_out_string (out, "outcome", answer->outcome);
  tw_json_out_string (out, "operation", answer->operation);
  tw_json_out_int64 (out, "amount_minor", answer->amount_minor);
  tw_json_out_string (out, "key", answer->key);
  tw_json_out_string (out, "detail", *answer->detail != '\0' ? answer->detail : NULL);
  tw_json_out_bool (out, "before", answer->before);

  return tw_verb_print_json (verb, out);
}

static TwExit
tell (const TwVerb        *verb,
      TwBooks             *books,
      const Repair        *self,
      const TwBusRepaired *answer)
{
  g_autofree char *what = sentence (answer->operation, answer->amount_minor, self->currency);
  g_autofree char *text = g_strdup_printf ("%s: %s%s%s%s (%s)", what, answer->outcome, answer->before ? " before" : "",
                                           *answer->detail != '\0' ? ", " : "", answer->detail, answer->key);
  gboolean noted = note (verb, books, self, TW_CASE_REPAIRED, text);

  if (!print_answer (verb, self, answer, text) || !noted)
    return TW_EXIT_UNKNOWN;

  return exit_of (answer->outcome);
}

/* What the station's journal has of it. error: it is out of reach, another one's, or has no such session. */
static gboolean
ask_station (Repair       *self,
             TwBusClient  *client,
             GError      **error)
{
  const char *station;

  if (!tw_bus_client_refresh (client, error))
    return FALSE;
  station = tw_bus_client_station (client).station_id;
  if (*self->station == '\0' || g_str_equal (station, self->station))
    return tw_bus_client_money (client, self->session, &self->money, error);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the case is of station %s, and this is %s: run it there",
               self->station, station);
  return FALSE;
}

static TwExit
repair (const TwVerb *verb,
        TwBooks      *books,
        const Repair *self,
        TwBusClient  *client)
{
  g_autoptr (GError) error = NULL;
  const TwBusRepair order = {
    .session = self->session, .operation = self->proposal.operation, .amount_minor = self->proposal.amount_minor,
    .currency = self->currency, .case_ = self->id,
    .by = options.choice.by != NULL ? options.choice.by : g_get_user_name (),
  };
  g_autofree char *what = sentence (order.operation, order.amount_minor, order.currency);
  g_autofree char *text = NULL;
  TwBusRepaired answer;

  if (!note (verb, books, self, TW_CASE_ASK_REPAIR, what))
    return TW_EXIT_UNKNOWN;
  if (tw_bus_client_repair (client, &order, &answer, &error))
    return tell (verb, books, self, &answer);

  text = g_strdup_printf ("%s: %s: %s", what, g_error_matches (error, TW_ERROR, TW_ERROR_GONE) ? "nobody knows"
                                                                                                : "not done",
                          error->message);
  note (verb, books, self, TW_CASE_REPAIRED, text);
  if (g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED))
    {
      tw_verb_complain (verb, "not done: %s", error->message);
      return TW_EXIT_FOUND;
    }

  return tw_verb_complain_of (verb, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwBooks) books = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unreachable = NULL;
  g_autofree char *id = NULL;
  g_auto (Repair) work = { 0 };
  g_autoptr (TwBusClient) client = NULL;
  TwExit exit;

  books = tw_case_file_open (self, &options.choice, &exit);
  if (books == NULL)
    return exit;
  id = tw_cases_find (books, arguments[0], &error);
  if (id == NULL || !tw_cases_show (books, id, on_case, on_event, &work, &error))
    return tw_verb_complain_of (self, error);
  client = tw_bus_client_new (NULL, &unreachable);
  if (client != NULL && *work.session != '\0')
    ask_station (&work, client, &unreachable);
  work.why_not = unreachable != NULL ? g_strdup (unreachable->message) : NULL;
  if (!propose (self, &work))
    return TW_EXIT_USAGE;

  if (options.dry_run && options.choice.json)
    {
      TwJsonOut *out = tw_json_out_new ();

      tw_json_out_begin_object (out, NULL);
      put_proposal (&work, out);
      return tw_verb_print_json (self, out) ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
    }
  if (!options.choice.json && !show (self, &work))
    return TW_EXIT_UNKNOWN;
  if (options.dry_run)
    return TW_EXIT_WELL;
  if (unreachable != NULL)
    return tw_verb_complain_of (self, unreachable);

  return confirm (self, &work) ? repair (self, books, &work, client) : TW_EXIT_USAGE;
}

const TwVerb TW_VERB_RECONCILE_REPAIR = {
  "reconcile repair", "CASE", "refund, release, capture or inquire, for a case", TEXT, OPTIONS, 1, 1, run,
};
