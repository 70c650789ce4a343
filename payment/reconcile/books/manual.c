/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/manual.h"

#include "app/base/error.h"
#include "payment/reconcile/books/meant.h"

#include <string.h>

#define MOST_REASON 32

/* Of tapwatt_manual m: neither an undoing nor undone. */
#define STANDS "m.what <> 'undo' AND NOT EXISTS (SELECT 1 FROM tapwatt_manual u WHERE u.undoes = m.act)"

/* One word under way: the rows that it makes have one number. */
typedef struct
{
  TwBooks            *books;
  const TwManualWord *word;
  const TwMeantCase  *case_;
  const char         *what, *after;
  gint64              act, n, undoes;
} Act;

static gboolean
check_word (const TwManualWord  *word,
            gboolean             with_reason,
            GError             **error)
{
  gsize n = strlen (word->reason);

  if (*word->who == '\0' || !g_utf8_validate (word->who, -1, NULL) || !g_utf8_validate (word->note, -1, NULL))
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "who does it, and what is noted, must be texts in UTF-8");
  else if (n > MOST_REASON || strspn (word->reason, "abcdefghijklmnopqrstuvwxyz0123456789-_") != n
           || (n == 0 && with_reason))
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the reason \"%s\": expected a code of lower-case letters, digits,"
                 " - and _, at most %d, such as seen_on_paper; words go into the note", word->reason, MOST_REASON);
  else
    return TRUE;

  return FALSE;
}

static gboolean
write_row (Act              *self,
           const TwManual   *manual,
           GError          **error)
{
  TwValue values[] = {
    TW_VALUE_OF_NUMBER (self->n++), TW_VALUE_OF_NUMBER (self->act), TW_VALUE_OF_NUMBER (self->undoes),
    TW_VALUE_OF_TEXT (self->what), TW_VALUE_OF_TEXT (self->case_->id),
    TW_VALUE_OF_TEXT (tw_class_name (self->case_->class_)), TW_VALUE_OF_NUMBER (manual->kind),
    TW_VALUE_OF_TEXT (self->word->who), TW_VALUE_OF_NUMBER (self->word->now_us),
    TW_VALUE_OF_TEXT (self->word->reason), TW_VALUE_OF_TEXT (self->word->note), TW_VALUE_OF_TEXT (self->case_->state),
    TW_VALUE_OF_TEXT (self->after), TW_VALUE_OF_CHARS (manual->station), TW_VALUE_OF_CHARS (manual->session),
    TW_VALUE_OF_CHARS (manual->account), TW_VALUE_OF_CHARS (manual->key), TW_VALUE_OF_CHARS (manual->payout_account),
    TW_VALUE_OF_CHARS (manual->batch), TW_VALUE_OF_TEXT (manual->currency), TW_VALUE_OF_NUMBER (manual->amount_minor),
  };

  return self->books->engine->class_->ask (self->books->engine, "INSERT INTO tapwatt_manual (n, act, undoes, what,"
    " case_id, class, kind, who, at_us, reason, note, state_before, state_after, station, session, account, row_name,"
    " payout_account, batch, currency, amount_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
    " $14, $15, $16, $17, $18, $19, $20, $21)", values, G_N_ELEMENTS (values), NULL, NULL, error);
}

/* What the history of the case says of it: the code, what it is about, and the note. */
static gboolean
end_act (Act         *self,
         const char  *event,
         const char  *about,
         GError     **error)
{
  const TwManualWord *word = self->word;
  g_autoptr (GString) text = g_string_new (word->reason);
  const TwValue change[] = { TW_VALUE_OF_TEXT (self->after), TW_VALUE_OF_NUMBER (word->now_us),
                             TW_VALUE_OF_TEXT (self->case_->id) };

  if (*about != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", about);
  if (*word->note != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", word->note);

  return tw_shelf_write_event (self->books, self->case_->id, event, word->who, text->str, word->now_us, error)
    && self->books->engine->class_->ask (self->books->engine, "UPDATE tapwatt_case SET state = $1, changed_us = $2"
                                         " WHERE id = $3", change, G_N_ELEMENTS (change), NULL, NULL, error);
}

static gboolean
standing (TwBooks     *self,
          const char  *id,
          gint64      *act,
          GError     **error)
{
  return tw_shelf_number (self, "SELECT max (act) FROM tapwatt_manual m WHERE case_id = $1 AND " STANDS,
                          &TW_VALUE_OF_TEXT (id), 1, act, error);
}

/* A new word takes the place of the one before it: that is taken back first. */
static gboolean
begin_act (Act      *self,
           GError  **error)
{
  const char *what = self->what, *after = self->after;
  gint64 last, before;

  if (!tw_shelf_number (self->books, "SELECT max (n) FROM tapwatt_manual", NULL, 0, &last, error)
      || !standing (self->books, self->case_->id, &before, error))
    return FALSE;
  self->act = self->n = last + 1;
  if (before == 0)
    return TRUE;
  self->what = "undo";
  self->after = self->case_->state;
  self->undoes = before;
  if (!write_row (self, &(TwManual) { .kind = TW_MANUAL_LINE }, error))
    return FALSE;
  *self = (Act) { self->books, self->word, self->case_, what, after, last + 2, last + 2, 0 };

  return TRUE;
}

#define CHARS(text_) ((TwChars) { (text_), (guint32) strlen (text_) })

/* Which of the two is the one, and which the other. */
static gboolean
make_pair (const TwMeant  *subject,
           const TwMeant  *other,
           TwManual       *manual,
           GError        **error)
{
  gboolean is_sale = subject->kind == TW_MEANT_SALE || subject->kind == TW_MEANT_LINE;
  const TwMeant *row = subject->kind == TW_MEANT_LINE || subject->kind == TW_MEANT_ENTRY ? subject : other;
  const TwMeant *whole = row == subject ? other : subject;

  *manual = (TwManual) { .kind = is_sale ? TW_MANUAL_LINE : TW_MANUAL_ENTRY, .account = CHARS (row->first),
                         .key = CHARS (row->second) };
  if (is_sale)
    {
      manual->station = CHARS (whole->first);
      manual->session = CHARS (whole->second);
      return TRUE;
    }
  manual->payout_account = CHARS (whole->first);
  manual->batch = CHARS (whole->second);
  g_strlcpy (manual->currency, whole->currency, sizeof manual->currency);
  if (g_str_equal (row->currency, whole->currency) || g_strcmp0 (row->original, whole->currency) == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the bank's entry is in %s and the payout in %s: currencies are"
               " never mixed", row->currency, whole->currency);

  return FALSE;
}

static gboolean
on_id (gpointer        data,
       const TwValue  *values,
       guint           n,
       GError        **error)
{
  char **id = data;

  g_free (*id);
  *id = tw_value_dup (&values[0]);

  return TRUE;
}

/* A row is one row's: a line is one sale's, a payout is one entry. */
static gboolean
check_free (Act             *self,
            const TwManual  *manual,
            GError         **error)
{
  const TwValue line[] = { TW_VALUE_OF_CHARS (manual->account), TW_VALUE_OF_CHARS (manual->key) };
  const TwValue payout[] = { TW_VALUE_OF_CHARS (manual->payout_account), TW_VALUE_OF_CHARS (manual->batch),
                             TW_VALUE_OF_TEXT (manual->currency) };
  g_autofree char *id = NULL;
  gboolean asked;

  if (manual->kind == TW_MANUAL_LINE)
    asked = self->books->engine->class_->ask (self->books->engine, "SELECT case_id FROM tapwatt_manual m WHERE"
                                              " account = $1 AND row_name = $2 AND kind = 0 AND " STANDS, line, 2,
                                              on_id, &id, error);
  else
    asked = self->books->engine->class_->ask (self->books->engine, "SELECT case_id FROM tapwatt_manual m WHERE"
                                              " payout_account = $1 AND batch = $2 AND currency = $3 AND kind = 1 AND "
                                              STANDS, payout, 3, on_id, &id, error);
  if (asked && id != NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "what is named was matched by hand already, for the case %s: undo"
                 " that first", id);

  return asked && id == NULL;
}

static gboolean
match_one (Act            *self,
           const TwMeant  *subject,
           const char     *name,
           GError        **error)
{
  static const TwMeantKind OTHERS[] = {
    [TW_MEANT_SALE] = TW_MEANT_LINE, [TW_MEANT_LINE] = TW_MEANT_SALE, [TW_MEANT_ENTRY] = TW_MEANT_PAYOUT,
    [TW_MEANT_PAYOUT] = TW_MEANT_ENTRY,
  };
  g_auto (TwMeant) other = { .kind = TW_MEANT_SALE };
  TwManual manual;

  return tw_meant_by_name (self->books, OTHERS[subject->kind], name, &other, error)
    && make_pair (subject, &other, &manual, error)
    && check_free (self, &manual, error)
    && write_row (self, &manual, error);
}

static gboolean
refuse (const TwMeantCase  *case_,
        const char         *why,
        GError            **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the case %s (%s, %s) %s", case_->id, tw_class_name (case_->class_),
               case_->state, why);

  return FALSE;
}

static gboolean
can_match (const TwMeantCase  *case_,
           GError            **error)
{
  static const TwClass CLASSES[] = {
    TW_CLASS_AMBIGUOUS, TW_CLASS_MISSING_IN_JOURNAL, TW_CLASS_MISSING_IN_SETTLEMENT, TW_CLASS_REFUND_UNMATCHED,
    TW_CLASS_CHARGEBACK, TW_CLASS_BANK_LINE_UNEXPLAINED, TW_CLASS_PAYOUT_NOT_IN_BANK,
  };

  if (!g_str_equal (case_->state, "open"))
    return refuse (case_, "cannot be matched: only what is open can be", error);
  for (guint i = 0; i < G_N_ELEMENTS (CLASSES); i++)
    if (CLASSES[i] == case_->class_ && (case_->class_ != TW_CLASS_CHARGEBACK || *case_->session == '\0'))
      return TRUE;

  return refuse (case_, "cannot be matched: it is about no row that lacks its other side", error);
}

static gboolean
match (Act                *self,
       const char *const  *to,
       GError            **error)
{
  g_auto (TwMeant) subject = { .kind = TW_MEANT_SALE };
  g_autofree char *names = g_strjoinv (", ", (char **) to), *about = g_strconcat ("with ", names, NULL);

  if (!can_match (self->case_, error) || !tw_meant_by_case (self->books, self->case_, &subject, error))
    return FALSE;
  if (to[0] == NULL || (to[1] != NULL && (subject.kind == TW_MEANT_LINE || subject.kind == TW_MEANT_PAYOUT)))
    return refuse (self->case_, subject.kind == TW_MEANT_LINE ? "is a settlement line, which is one sale's: name one"
                   : subject.kind == TW_MEANT_PAYOUT ? "is a payout, which is one entry of the bank: name one"
                   : "is matched to what? name it", error);
  if (!begin_act (self, error))
    return FALSE;
  for (; *to != NULL; to++)
    if (!match_one (self, &subject, *to, error))
      return FALSE;

  return end_act (self, "matched", about, error);
}

static gboolean
write_off (Act                *self,
           const char *const  *to,
           GError            **error)
{
  static const TwClass CLASSES[] = {
    TW_CLASS_MISSING_IN_SETTLEMENT, TW_CLASS_AMOUNT_UNDER, TW_CLASS_UNDER_CAPTURED, TW_CLASS_DELIVERED_NOT_CAPTURED,
    TW_CLASS_HOLD_EXPIRED, TW_CLASS_OUTCOME_UNKNOWN, TW_CLASS_CHARGEBACK, TW_CLASS_PAYOUT_NOT_IN_BANK,
  };
  const TwMeantCase *case_ = self->case_;
  g_auto (TwMeant) subject = { .kind = TW_MEANT_SALE };
  TwManual manual = { .kind = TW_MANUAL_WRITE_OFF, .amount_minor = case_->stake_minor };
  gboolean is_loss = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (CLASSES); i++)
    is_loss |= CLASSES[i] == case_->class_;
  if (!g_str_equal (case_->state, "open"))
    return refuse (case_, "cannot be written off: only what is open can be", error);
  if (!is_loss || case_->stake_minor <= 0)
    return refuse (case_, "is no money of ours that is lost: tapwatt cases resolve ends it with a reason", error);
  if (!tw_meant_by_case (self->books, case_, &subject, error))
    return FALSE;
  if (subject.kind != TW_MEANT_SALE && subject.kind != TW_MEANT_PAYOUT)
    return refuse (case_, "is of no sale and no payout that could come after all: tapwatt cases resolve ends it",
                   error);
  *(subject.kind == TW_MEANT_SALE ? &manual.station : &manual.payout_account) = CHARS (subject.first);
  *(subject.kind == TW_MEANT_SALE ? &manual.session : &manual.batch) = CHARS (subject.second);
  g_strlcpy (manual.currency, case_->currency, sizeof manual.currency);

  return begin_act (self, error) && write_row (self, &manual, error) && end_act (self, "written_off", "", error);
}

/* Of the case itself, or of the one that it says was contradicted. */
static gboolean
undo (Act                *self,
      const char *const  *to,
      GError            **error)
{
  const TwMeantCase *case_ = self->case_;
  g_auto (TwMeantCase) first = { NULL };
  g_auto (GStrv) words = g_strsplit (case_->detail, " ", 2);
  gint64 last;

  if (case_->class_ == TW_CLASS_MANUAL_CONTRADICTED && words[0] != NULL)
    {
      if (!tw_meant_case_read (self->books, words[0], &first, error))
        return FALSE;
      self->case_ = &first;
    }
  if (!standing (self->books, self->case_->id, &self->undoes, error)
      || !tw_shelf_number (self->books, "SELECT max (n) FROM tapwatt_manual", NULL, 0, &last, error))
    return FALSE;
  if (self->undoes == 0)
    return refuse (self->case_, "was neither matched nor written off by hand", error);
  self->act = self->n = last + 1;

  return write_row (self, &(TwManual) { .kind = TW_MANUAL_LINE }, error) && end_act (self, "undone", "", error);
}

typedef gboolean (*ActFunc) (Act *self, const char *const *to, GError **error);

/* Under the lock, so that nobody else says something of the case between the question and the answer. */
static gboolean
act (TwBooks             *books,
     const char          *id,
     const TwManualWord  *word,
     const char          *what,
     const char          *after,
     ActFunc              func,
     const char *const   *to,
     GError             **error)
{
  g_auto (TwMeantCase) case_ = { NULL };
  Act self = { books, word, &case_, what, after, 0, 0, 0 };

  if (!check_word (word, func != undo, error)
      || !tw_shelf_run (books, books->engine->class_->begin_write, NULL, error))
    return FALSE;
  if (tw_meant_case_read (books, id, &case_, error) && func (&self, to, error)
      && tw_shelf_run (books, "COMMIT", NULL, error))
    return TRUE;

  tw_shelf_roll_back (books);

  return FALSE;
}

gboolean
tw_manual_match (TwBooks             *self,
                 const char          *id,
                 const char *const   *to,
                 const TwManualWord  *word,
                 GError             **error)
{
  return act (self, id, word, "match", "closed", match, to, error);
}

gboolean
tw_manual_write_off (TwBooks             *self,
                     const char          *id,
                     const TwManualWord  *word,
                     GError             **error)
{
  return act (self, id, word, "write_off", "resolved", write_off, NULL, error);
}

gboolean
tw_manual_undo (TwBooks             *self,
                const char          *id,
                const TwManualWord  *word,
                GError             **error)
{
  return act (self, id, word, "undo", "open", undo, NULL, error);
}
