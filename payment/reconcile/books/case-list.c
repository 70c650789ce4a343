/* SPDX-License-Identifier: Apache-2.0 */
/* What people see of the cases, and do with them. */
#include "payment/reconcile/books/cases.h"
#include "payment/reconcile/books/shelf.h"

#include "app/base/error.h"

#include <string.h>

#define COLUMNS \
  "id, class, state, currency, assignee, session, station, evse, payment_ref, psp_ref, batch, bank_reference, detail," \
  " rule, severity, stake_minor, expected, found, since_us, opened_us, changed_us"

static const struct { const char *what, *from; } ACTS[] = {
  [TW_CASE_ASSIGN]  = { "assigned", NULL },
  [TW_CASE_COMMENT] = { "commented", NULL },
  [TW_CASE_RESOLVE] = { "resolved", "open" },
  [TW_CASE_REOPEN]  = { "reopened", "resolved" },
  [TW_CASE_ASK_REPAIR] = { "repair_asked", "open" },
  [TW_CASE_REPAIRED] = { "repaired", NULL },
};

typedef struct { TwCaseFunc func; TwCaseEventFunc event_func; gpointer self; guint n; } Listing;

static gboolean
on_case (gpointer        data,
         const TwValue  *values,
         guint           n,
         GError        **error)
{
  Listing *listing = data;
  const TwCase case_ = {
    values[0].text, values[1].text, values[2].text, values[3].text, values[4].text, values[5].text, values[6].text,
    values[7].text, values[8].text, values[9].text, values[10].text, values[11].text, values[12].text,
    values[13].text, tw_value_number (&values[14]), tw_value_number (&values[15]), tw_value_number (&values[16]),
    tw_value_number (&values[17]), tw_value_number (&values[18]), tw_value_number (&values[19]),
    tw_value_number (&values[20]),
  };

  listing->n++;

  return listing->func (listing->self, &case_, error);
}

static gboolean
on_event (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  Listing *listing = data;
  const TwCaseEvent event = {
    values[0].text, values[1].text, values[2].text, tw_value_number (&values[3]), tw_value_number (&values[4]),
  };

  return listing->event_func (listing->self, &event, error);
}

gboolean
tw_cases_list (TwBooks      *self,
               const char   *state,
               const char   *class_name,
               TwCaseFunc    func,
               gpointer      func_self,
               GError      **error)
{
  Listing listing = { .func = func, .self = func_self };
  TwValue values[2] = { TW_VALUE_OF_TEXT (state != NULL ? state : ""),
                        TW_VALUE_OF_TEXT (class_name != NULL ? class_name : "") };

  return self->engine->class_->ask (self->engine, "SELECT " COLUMNS " FROM tapwatt_case"
                                    " WHERE (state = $1 OR $1 = '') AND (class = $2 OR $2 = '')"
                                    " ORDER BY severity DESC, opened_us, id", values, 2, on_case, &listing, error);
}

static gboolean
on_id (gpointer        data,
       const TwValue  *values,
       guint           n,
       GError        **error)
{
  g_ptr_array_add (data, g_strndup (values[0].text.text, values[0].text.n));

  return TRUE;
}

char *
tw_cases_find (TwBooks     *self,
               const char  *beginning,
               GError     **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  gint64 length = (gint64) strlen (beginning);

  if (!g_utf8_validate (beginning, -1, NULL) || length == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "a case is named by its id, or by what it begins with");
      return NULL;
    }
  if (!self->engine->class_->ask (self->engine, "SELECT id FROM tapwatt_case WHERE substr (id, 1, CAST ($1 AS INTEGER))"
                                  " = $2 ORDER BY id LIMIT 2",
                                  (TwValue[]) { TW_VALUE_OF_NUMBER (MIN (length, 1000)), TW_VALUE_OF_TEXT (beginning) },
                                  2, on_id, found, error))
    return NULL;
  if (found->len == 1)
    return g_strdup (g_ptr_array_index (found, 0));
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, found->len == 0 ? "there is no case %s"
               : "%s is the beginning of several cases: give more of it", beginning);

  return NULL;
}

gboolean
tw_cases_show (TwBooks          *self,
               const char       *id,
               TwCaseFunc        func,
               TwCaseEventFunc   event_func,
               gpointer          func_self,
               GError          **error)
{
  Listing listing = { func, event_func, func_self, 0 };
  const TwValue value = TW_VALUE_OF_TEXT (id);

  return self->engine->class_->ask (self->engine, "SELECT " COLUMNS " FROM tapwatt_case WHERE id = $1", &value, 1,
                                    on_case, &listing, error)
    && self->engine->class_->ask (self->engine, "SELECT what, who, reason, at_us, stake_minor FROM tapwatt_event"
                                  " WHERE case_id = $1 ORDER BY n", &value, 1, on_event, &listing, error);
}

static gboolean
on_state (gpointer        data,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  char **state = data;

  *state = g_strndup (values[0].text.text, values[0].text.n);

  return TRUE;
}

/* Under the lock, so that nobody else resolves it between the question and the answer. */
static gboolean
check_state (TwBooks     *self,
             const char  *id,
             TwCaseAct    act,
             GError     **error)
{
  const TwValue value = TW_VALUE_OF_TEXT (id);
  g_autofree char *state = NULL;

  if (!self->engine->class_->ask (self->engine, "SELECT state FROM tapwatt_case WHERE id = $1", &value, 1, on_state,
                                  &state, error))
    return FALSE;
  if (state == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there is no case %s", id);
  else if (ACTS[act].from != NULL && !g_str_equal (state, ACTS[act].from))
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the case %s is %s: only what is %s can be %s", id, state,
                 ACTS[act].from, ACTS[act].what);
  else
    return TRUE;

  return FALSE;
}

static gboolean
write_act (TwBooks     *self,
           const char  *id,
           TwCaseAct    act,
           const char  *who,
           const char  *text,
           gint64       now_us,
           GError     **error)
{
  static const char *const CHANGES[] = {
    [TW_CASE_ASSIGN] = "UPDATE tapwatt_case SET assignee = $1, changed_us = $2 WHERE id = $3",
    [TW_CASE_COMMENT] = "UPDATE tapwatt_case SET changed_us = $2 WHERE id = $3 AND $1 <> ''",
    [TW_CASE_ASK_REPAIR] = "UPDATE tapwatt_case SET changed_us = $2 WHERE id = $3 AND $1 <> ''",
    [TW_CASE_REPAIRED] = "UPDATE tapwatt_case SET changed_us = $2 WHERE id = $3 AND $1 <> ''",
    [TW_CASE_RESOLVE] = "UPDATE tapwatt_case SET state = 'resolved', changed_us = $2 WHERE id = $3 AND $1 <> ''",
    [TW_CASE_REOPEN] = "UPDATE tapwatt_case SET state = 'open', changed_us = $2 WHERE id = $3 AND $1 <> ''",
  };
  const TwValue change[] = { TW_VALUE_OF_TEXT (text), TW_VALUE_OF_NUMBER (now_us), TW_VALUE_OF_TEXT (id) };

  return tw_shelf_write_event (self, id, ACTS[act].what, who, text, now_us, error)
    && self->engine->class_->ask (self->engine, CHANGES[act], change, G_N_ELEMENTS (change), NULL, NULL, error);
}

gboolean
tw_cases_act (TwBooks     *self,
              const char  *id,
              TwCaseAct    act,
              const char  *who,
              const char  *text,
              gint64       now_us,
              GError     **error)
{
  if (*who == '\0' || *text == '\0' || !g_utf8_validate (who, -1, NULL) || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "who does it, and a text in UTF-8, must be there");
      return FALSE;
    }
  if (!tw_shelf_run (self, self->engine->class_->begin_write, NULL, error))
    return FALSE;
  if (check_state (self, id, act, error) && write_act (self, id, act, who, text, now_us, error)
      && tw_shelf_run (self, "COMMIT", NULL, error))
    return TRUE;

  tw_shelf_roll_back (self);

  return FALSE;
}
