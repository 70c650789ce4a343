/* SPDX-License-Identifier: Apache-2.0 */
/* What was said, for a run and for people. */
#include "payment/reconcile/books/manual.h"

#include "app/base/error.h"
#include "payment/reconcile/books/shelf.h"

typedef struct { TwManualFunc func; TwManualActFunc act_func; gpointer self; } Listing;

static gboolean
on_manual (gpointer        data,
           const TwValue  *values,
           guint           n,
           GError        **error)
{
  const Listing *listing = data;
  TwManual manual = {
    .kind = (TwManualKind) tw_value_number (&values[0]), .case_id = values[1].text, .station = values[3].text,
    .session = values[4].text, .account = values[5].text, .key = values[6].text, .payout_account = values[7].text,
    .batch = values[8].text, .amount_minor = tw_value_number (&values[10]),
  };
  g_autofree char *class_name = tw_value_dup (&values[2]);
  g_autofree char *currency = tw_value_dup (&values[9]);

  g_strlcpy (manual.currency, currency, sizeof manual.currency);
  if (manual.kind <= TW_MANUAL_WRITE_OFF && tw_class_parse (class_name, &manual.class_))
    return listing->func (listing->self, &manual, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store's table tapwatt_manual: not what Tapwatt wrote");

  return FALSE;
}

gboolean
tw_manual_each (TwBooks       *self,
                TwManualFunc   func,
                gpointer       func_self,
                GError       **error)
{
  Listing listing = { .func = func, .self = func_self };

  return self->engine->class_->ask (self->engine, "SELECT kind, case_id, class, station, session, account, row_name,"
                                    " payout_account, batch, currency, amount_minor FROM tapwatt_manual m"
                                    " WHERE what <> 'undo' AND NOT EXISTS"
                                    " (SELECT 1 FROM tapwatt_manual u WHERE u.undoes = m.act) ORDER BY n",
                                    NULL, 0, on_manual, &listing, error);
}

static gboolean
on_act (gpointer        data,
        const TwValue  *values,
        guint           n,
        GError        **error)
{
  const Listing *listing = data;
  const TwManualAct act = {
    tw_value_number (&values[0]), tw_value_number (&values[1]), tw_value_number (&values[2]),
    tw_value_number (&values[3]), values[4].text, values[5].text, values[6].text, values[7].text, values[8].text,
    values[9].text, values[10].text, values[11].text, values[12].text, values[13].text, values[14].text,
    values[15].text,
  };

  return listing->act_func (listing->self, &act, error);
}

gboolean
tw_manual_show (TwBooks          *self,
                const char       *id,
                TwManualActFunc   func,
                gpointer          func_self,
                GError          **error)
{
  Listing listing = { .act_func = func, .self = func_self };

  return self->engine->class_->ask (self->engine, "SELECT act, undoes, at_us, amount_minor, what, who, reason, note,"
                                    " state_before, state_after, station, session, account, row_name, payout_account,"
                                    " batch FROM tapwatt_manual WHERE case_id = $1 ORDER BY n",
                                    &TW_VALUE_OF_TEXT (id), 1, on_act, &listing, error);
}
