/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/case-file.h"

#include "payment/money/money.h"

TwBooks *
tw_case_file_open (const TwVerb       *self,
                   const TwCaseChoice *choice,
                   TwExit             *exit)
{
  g_autoptr (GError) error = NULL;
  TwBooks *books;

  if (choice->store == NULL)
    {
      tw_verb_complain (self, "of which store? --store sqlite:PATH or postgresql://[USER@]HOST/DATABASE");
      *exit = TW_EXIT_USAGE;
      return NULL;
    }

  books = tw_books_open (choice->store, TW_BOOKS_EXISTING, &error);
  *exit = books != NULL ? TW_EXIT_WELL : tw_verb_complain_of (self, error);

  return books;
}

TwExit
tw_case_file_act (const TwVerb       *self,
                  const TwCaseChoice *choice,
                  TwCaseAct           act,
                  char              **arguments)
{
  const char *who = choice->by != NULL ? choice->by : g_get_user_name ();
  g_autoptr (TwBooks) books = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  TwExit exit;

  books = tw_case_file_open (self, choice, &exit);
  if (books == NULL)
    return exit;
  id = tw_cases_find (books, arguments[0], &error);
  if (id == NULL || !tw_cases_act (books, id, act, who, arguments[1], g_get_real_time (), &error))
    return tw_verb_complain_of (self, error);

  return TW_EXIT_WELL;
}

TwExit
tw_case_file_manual (const TwVerb        *self,
                     const TwCaseChoice  *choice,
                     TwCaseManualFunc     func,
                     const char          *name,
                     const char *const   *to)
{
  const TwManualWord word = {
    .who = choice->by != NULL ? choice->by : g_get_user_name (), .reason = choice->reason != NULL ? choice->reason : "",
    .note = choice->note != NULL ? choice->note : "", .now_us = g_get_real_time (),
  };
  g_autoptr (TwBooks) books = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  TwExit exit;

  books = tw_case_file_open (self, choice, &exit);
  if (books == NULL)
    return exit;
  id = tw_cases_find (books, name, &error);
  if (id == NULL || !func (books, id, to, &word, &error))
    return tw_verb_complain_of (self, error);

  return TW_EXIT_WELL;
}

void
tw_case_put_text (TwJsonOut  *out,
                  const char *key,
                  TwChars     text)
{
  g_autofree char *copy = text.n == 0 ? NULL : g_strndup (text.text, text.n);

  tw_json_out_string (out, key, copy);
}

void
tw_case_put_instant (TwJsonOut  *out,
                     const char *key,
                     gint64      us)
{
  g_autoptr (GDateTime) second = us == TW_NOT_STATED ? NULL : g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autofree char *text = second == NULL ? NULL : g_date_time_format (second, "%Y-%m-%dT%H:%M:%SZ");

  tw_json_out_string (out, key, text);
}

static void
put_number (TwJsonOut  *out,
            const char *key,
            gint64      number)
{
  if (number == TW_NOT_STATED)
    tw_json_out_string (out, key, NULL);
  else
    tw_json_out_int64 (out, key, number);
}

void
tw_case_put_json (TwJsonOut    *out,
                  const TwCase *case_)
{
  g_autofree char *class_name = g_strndup (case_->class_.text, case_->class_.n);
  TwClass class_;

  tw_case_put_text (out, "id", case_->id);
  tw_case_put_text (out, "class", case_->class_);
  tw_case_put_text (out, "state", case_->state);
  tw_json_out_int64 (out, "severity", case_->severity);
  tw_json_out_int64 (out, "amount_minor", case_->stake_minor);
  tw_case_put_text (out, "currency", case_->currency);
  tw_case_put_text (out, "assignee", case_->assignee);
  tw_case_put_text (out, "session", case_->session);
  tw_case_put_text (out, "station", case_->station);
  tw_case_put_text (out, "evse", case_->evse);
  tw_case_put_text (out, "payment_ref", case_->payment_ref);
  tw_case_put_text (out, "psp_ref", case_->psp_ref);
  tw_case_put_text (out, "batch", case_->batch);
  tw_case_put_text (out, "bank_reference", tw_credit_reference (case_->bank_reference));
  tw_case_put_text (out, "detail", case_->detail);
  tw_case_put_text (out, "rule", case_->rule);
  tw_json_out_string (out, "suggested", tw_class_parse (class_name, &class_) ? tw_class_suggested (class_) : NULL);
  put_number (out, "expected", case_->expected);
  put_number (out, "found", case_->found);
  tw_case_put_instant (out, "since", case_->since_us);
  tw_case_put_instant (out, "opened", case_->opened_us);
  tw_case_put_instant (out, "changed", case_->changed_us);
}

char *
tw_case_readable (TwChars text)
{
  return g_strstrip (g_strdelimit (g_strndup (text.n > 0 ? text.text : "", text.n), "\x1f", ' '));
}

char *
tw_case_subject (const TwCase *case_)
{
  const TwChars *texts[] = { &case_->session, &case_->batch, &case_->bank_reference, &case_->payment_ref,
                             &case_->psp_ref, &case_->evse, &case_->station };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i]->n > 0)
      return tw_case_readable (*texts[i]);

  return g_strdup ("-");
}

char *
tw_case_stake (const TwCase *case_)
{
  g_autofree char *currency = g_strndup (case_->currency.text, case_->currency.n);

  return *currency == '\0' ? g_strdup ("-") : tw_money_to_text (tw_money (case_->stake_minor, currency));
}
