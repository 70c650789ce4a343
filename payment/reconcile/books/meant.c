/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/meant.h"

#include "app/base/error.h"
#include "payment/reconcile/books/cases.h"

#include <string.h>

#define LEAST_OF_CASE 6   /* letters of an id: a shorter name is a row's own, or a slip */

/* Currency and batch as the reconciliation takes them: a line of one currency may name it once, and a payout that is no
 * part of a batch is one of its own. */
#define NET_CURRENCY "CASE WHEN net_currency = '' THEN currency ELSE net_currency END"
#define PAYOUT_KIND "8"
#define BATCH \
  "CASE WHEN batch <> '' OR kind <> " PAYOUT_KIND " THEN batch WHEN psp_ref <> '' THEN psp_ref ELSE bank_trace END"

#define ENTRY_IS "\"key\" = $1 OR end_to_end = $1 OR bank_trace = $1"

G_STATIC_ASSERT (TW_SETTLED_PAYOUT == 8 && TW_SETTLED_CHARGEBACK_REVERSED == 4);

/* by_case: of the case's payment_ref, psp_ref, batch and bank_reference. */
static const struct { const char *what, *by_case, *by_name; } KINDS[TW_N_MEANT] = {
  [TW_MEANT_SALE] = { "sale", NULL,
    "SELECT DISTINCT station, session, currency FROM tapwatt_sale"
    " WHERE session = $1 OR payment_ref = $1 OR psp_ref = $1 OR capture_ref = $1 LIMIT 9" },
  [TW_MEANT_LINE] = { "settlement line",
    "SELECT DISTINCT account, \"key\", '' FROM tapwatt_settled WHERE kind <= 4 AND payment_ref = $1 AND psp_ref = $2"
    " AND batch = $3 AND $4 = ''",
    "SELECT DISTINCT account, \"key\", '' FROM tapwatt_settled WHERE kind <= 4"
    " AND (psp_ref = $1 OR change_ref = $1 OR payment_ref = $1 OR \"key\" = $1) LIMIT 9" },
  [TW_MEANT_ENTRY] = { "entry of the bank",
    "SELECT DISTINCT account, \"key\", currency, original_currency FROM tapwatt_credit WHERE \"key\" = $4"
    " AND $1 = '' AND $2 = '' AND $3 = ''",
    "SELECT DISTINCT account, \"key\", currency, original_currency, CASE WHEN " ENTRY_IS " THEN 1 ELSE 0 END"
    " FROM tapwatt_credit WHERE " ENTRY_IS " OR \"key\" LIKE $2 ESCAPE '!'" },
  [TW_MEANT_PAYOUT] = { "payout",
    "SELECT DISTINCT account, " BATCH ", " NET_CURRENCY " FROM tapwatt_settled WHERE " BATCH " = $3 AND $3 <> ''"
    " AND $1 = '' AND $2 = '' AND $4 = ''",
    "SELECT DISTINCT account, " BATCH ", " NET_CURRENCY " FROM tapwatt_settled"
    " WHERE " BATCH " <> '' AND (" BATCH " = $1 OR bank_trace = $1) LIMIT 9" },
};

void
tw_meant_clear (TwMeant *self)
{
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->second, g_free);
  g_clear_pointer (&self->currency, g_free);
  g_clear_pointer (&self->original, g_free);
}

void
tw_meant_case_clear (TwMeantCase *self)
{
  char **texts[] = { &self->id, &self->state, &self->currency, &self->session, &self->station, &self->payment_ref,
                     &self->psp_ref, &self->batch, &self->bank_reference, &self->detail };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
}

static gboolean
on_case (gpointer        data,
         const TwValue  *values,
         guint           n,
         GError        **error)
{
  TwMeantCase *case_ = data;
  char **texts[] = { &case_->id, &case_->state, &case_->currency, &case_->session, &case_->station,
                     &case_->payment_ref, &case_->psp_ref, &case_->batch, &case_->bank_reference, &case_->detail };
  g_autofree char *class_name = tw_value_dup (&values[G_N_ELEMENTS (texts)]);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = tw_value_dup (&values[i]);
  case_->stake_minor = tw_value_number (&values[G_N_ELEMENTS (texts) + 1]);
  if (tw_class_parse (class_name, &case_->class_))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store's table tapwatt_case: not what Tapwatt wrote");

  return FALSE;
}

gboolean
tw_meant_case_read (TwBooks      *self,
                    const char   *id,
                    TwMeantCase  *case_,
                    GError      **error)
{
  const TwValue value = TW_VALUE_OF_TEXT (id);

  *case_ = (TwMeantCase) { NULL };
  if (!self->engine->class_->ask (self->engine, "SELECT id, state, currency, session, station, payment_ref, psp_ref,"
                                  " batch, bank_reference, detail, class, stake_minor FROM tapwatt_case WHERE id = $1",
                                  &value, 1, on_case, case_, error))
    return FALSE;
  if (case_->id != NULL)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there is no case %s", id);

  return FALSE;
}

typedef struct { const TwMeantCase *case_; const char *name; TwMeant *meant; guint n; } Search;

static void
keep (Search        *self,
      const TwValue *values)
{
  g_autofree char *first = tw_value_dup (&values[0]), *second = tw_value_dup (&values[1]);
  TwMeant *meant = self->meant;

  if (self->n > 0)
    {
      self->n += !g_str_equal (meant->first, first) || !g_str_equal (meant->second, second);
      return;
    }
  self->n = 1;
  meant->first = g_steal_pointer (&first);
  meant->second = g_steal_pointer (&second);
  meant->currency = tw_value_dup (&values[2]);
  if (meant->kind == TW_MEANT_ENTRY)
    meant->original = tw_value_dup (&values[3]);
}

/* A bank's own reference is the second part of an entry's key (readers/camt.c), whose parts end with this. */
#define PART_END "\x1f"

static gboolean
is_own_reference (const TwValue *key,
                  const char    *name)
{
  g_autofree char *text = tw_value_dup (key);
  g_auto (GStrv) parts = g_strsplit (text, PART_END, -1);

  return g_strv_length (parts) > 1 && g_str_equal (parts[1], name);
}

static char *
pattern_of (const char *name)
{
  GString *pattern = g_string_new ("%" PART_END);

  for (; *name != '\0'; name++)
    {
      if (strchr ("%_!", *name) != NULL)
        g_string_append_c (pattern, '!');
      g_string_append_c (pattern, *name);
    }
  g_string_append (pattern, PART_END "%");

  return g_string_free (pattern, FALSE);
}

static gboolean
on_name (gpointer        data,
         const TwValue  *values,
         guint           n,
         GError        **error)
{
  Search *self = data;

  /* LIKE finds other parts, and in SQLite other cases, too. */
  if (self->meant->kind != TW_MEANT_ENTRY || tw_value_number (&values[4]) == 1
      || is_own_reference (&values[1], self->name))
    keep (self, values);

  return TRUE;
}

#define MEMBER(text) { (text), (guint32) strlen (text) }

/* As the reconciliation names what it finds: judge.c, bank.c, payouts.c; and alike.c if several are alike. */
static gboolean
is_identity (const TwMeantCase *case_,
             TwMeantKind        kind,
             const TwValue     *values)
{
  const TwChars members[] = { values[0].text, values[1].text, values[2].text, { 0 } };
  TwException plain = {
    .class_ = case_->class_, .session = MEMBER (case_->session), .station = MEMBER (case_->station),
    .payment_ref = MEMBER (case_->payment_ref), .psp_ref = MEMBER (case_->psp_ref), .batch = MEMBER (case_->batch),
    .bank_reference = MEMBER (case_->bank_reference), .detail = MEMBER (case_->detail),
  };

  g_strlcpy (plain.currency, case_->currency, sizeof plain.currency);
  tw_exception_identify (&plain, members, kind == TW_MEANT_PAYOUT ? 4 : 2);

  return tw_exception_may_be (&plain, (TwChars) MEMBER (case_->id));
}

static gboolean
on_candidate (gpointer        data,
              const TwValue  *values,
              guint           n,
              GError        **error)
{
  Search *self = data;

  if (is_identity (self->case_, self->meant->kind, values))
    keep (self, values);

  return TRUE;
}

gboolean
tw_meant_by_case (TwBooks            *self,
                  const TwMeantCase  *case_,
                  TwMeant            *meant,
                  GError            **error)
{
  const TwValue values[] = { TW_VALUE_OF_TEXT (case_->payment_ref), TW_VALUE_OF_TEXT (case_->psp_ref),
                             TW_VALUE_OF_TEXT (case_->batch), TW_VALUE_OF_TEXT (case_->bank_reference) };
  Search search = { .case_ = case_, .meant = meant };

  *meant = (TwMeant) { .kind = TW_MEANT_SALE };
  if (*case_->session != '\0')
    {
      meant->first = g_strdup (case_->station);
      meant->second = g_strdup (case_->session);
      meant->currency = g_strdup (case_->currency);
      return TRUE;
    }
  for (TwMeantKind kind = TW_MEANT_LINE; search.n == 0 && kind < TW_N_MEANT; kind++)
    {
      meant->kind = kind;
      if (!self->engine->class_->ask (self->engine, KINDS[kind].by_case, values, G_N_ELEMENTS (values), on_candidate,
                                      &search, error))
        return FALSE;
    }
  if (search.n == 1)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the case %s (%s) is not about one row of the store that could be "
               "matched", case_->id, tw_class_name (case_->class_));

  return FALSE;
}

/* name may be a case: two cases are the two sides of one match. */
static gboolean
by_case_id (TwBooks     *self,
            TwMeantKind  kind,
            const char  *name,
            TwMeant     *meant)
{
  g_autofree char *id = strlen (name) < LEAST_OF_CASE ? NULL : tw_cases_find (self, name, NULL);
  g_auto (TwMeantCase) case_ = { NULL };

  if (id != NULL && tw_meant_case_read (self, id, &case_, NULL) && tw_meant_by_case (self, &case_, meant, NULL)
      && meant->kind == kind)
    return TRUE;
  tw_meant_clear (meant);

  return FALSE;
}

gboolean
tw_meant_by_name (TwBooks      *self,
                  TwMeantKind   kind,
                  const char   *name,
                  TwMeant      *meant,
                  GError      **error)
{
  g_autofree char *pattern = pattern_of (name);
  const TwValue values[] = { TW_VALUE_OF_TEXT (name), TW_VALUE_OF_TEXT (pattern) };
  Search search = { .name = name, .meant = meant };

  *meant = (TwMeant) { .kind = kind };
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "a row is named by a reference that it has");
      return FALSE;
    }
  if (!self->engine->class_->ask (self->engine, KINDS[kind].by_name, values,
                                  kind == TW_MEANT_ENTRY ? 2 : 1, on_name, &search, error))
    return FALSE;
  if (search.n == 1 || (search.n == 0 && by_case_id (self, kind, name, meant)))
    return TRUE;
  if (search.n == 0)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no %s of the store has the reference \"%s\", and no case of one"
                 " begins so", KINDS[kind].what, name);
  else
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more than one %s has the reference \"%s\": name it by one that it"
                 " has alone", KINDS[kind].what, name);

  return FALSE;
}
