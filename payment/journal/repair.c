/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/repair.h"

#include "app/base/error.h"

struct _TwRepairs { GPtrArray *all; };

static void
repair_free (gpointer data)
{
  TwRepair *repair = data;

  g_free (repair->operation);
  g_free (repair->key);
  g_free (repair->case_);
  g_free (repair->by);
  g_free (repair->detail);
  g_free (repair);
}

TwRepairs *
tw_repairs_new (void)
{
  TwRepairs *self = g_new0 (TwRepairs, 1);

  self->all = g_ptr_array_new_with_free_func (repair_free);
  return self;
}

void
tw_repairs_free (TwRepairs *self)
{
  g_ptr_array_unref (self->all);
  g_free (self);
}

/* What is not understood must not be taken for something else: it would be asked for again after a restart. */
static gboolean
is_known (const char *operation,
          gint64      n,
          gint64      amount_minor,
          GError    **error)
{
  static const char *const names[] = { "refund", "release", "capture", NULL };

  if (g_strv_contains (names, operation) && n > 0 && n <= G_MAXINT && amount_minor > 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.operation: \"%.16s\" number %" G_GINT64_FORMAT " of %"
               G_GINT64_FORMAT " minor units is no repair", operation, n, amount_minor);
  return FALSE;
}

gboolean
tw_repairs_request (TwRepairs     *self,
                    const TwEntry *entry,
                    const TwJson  *payload,
                    GError       **error)
{
  const char *operation = tw_json_get_string (payload, "operation", error);
  const char *key = operation != NULL ? tw_json_get_string (payload, "key", error) : NULL;
  const char *case_ = key != NULL ? tw_json_get_string (payload, "case", error) : NULL;
  TwRepair *repair;
  gint64 n, amount_minor;

  if (case_ == NULL || !tw_json_get_int64 (payload, "n", &n, error)
      || !tw_json_get_int64 (payload, "amount_minor", &amount_minor, error)
      || !is_known (operation, n, amount_minor, error))
    return FALSE;

  repair = g_new0 (TwRepair, 1);
  *repair = (TwRepair) { .n = (guint) n, .operation = g_strdup (operation), .key = g_strdup (key),
                         .case_ = g_strdup (case_), .amount_minor = amount_minor, .state = TW_REQUEST_OPEN,
                         .by = g_strdup (tw_json_string (tw_json_member (payload, "by"))), .asked_at = entry->at };
  g_ptr_array_add (self->all, repair);
  return TRUE;
}

/* A definite answer stands: what comes after it is an echo. */
gboolean
tw_repairs_answer (TwRepairs     *self,
                   guint          n,
                   const TwEntry *entry,
                   const TwJson  *payload)
{
  const char *outcome = tw_json_string (tw_json_member (payload, "outcome"));
  TwRepair *repair = NULL;

  for (guint i = 0; i < self->all->len && repair == NULL; i++)
    if (((TwRepair *) self->all->pdata[i])->n == n)
      repair = self->all->pdata[i];
  if (repair == NULL)
    return FALSE;
  if (repair->state != TW_REQUEST_OPEN)
    return TRUE;

  repair->in_doubt = TRUE;
  if (g_strcmp0 (outcome, "done") == 0)
    repair->state = TW_REQUEST_DONE;
  if (g_strcmp0 (outcome, "refused") == 0)
    repair->state = TW_REQUEST_REFUSED;
  repair->answered_at = entry->at;
  g_free (repair->detail);
  repair->detail = g_strdup (tw_json_string (tw_json_member (payload, "detail")));
  return TRUE;
}

guint
tw_repairs_n (const TwRepairs *self)
{
  return self->all->len;
}

const TwRepair *
tw_repairs_nth (const TwRepairs *self,
                guint            i)
{
  return self->all->pdata[i];
}

const TwRepair *
tw_repairs_open (const TwRepairs *self)
{
  for (guint i = 0; i < self->all->len; i++)
    if (tw_repairs_nth (self, i)->state == TW_REQUEST_OPEN)
      return tw_repairs_nth (self, i);
  return NULL;
}

const TwRepair *
tw_repairs_of_case (const TwRepairs *self,
                    const char      *case_)
{
  for (guint i = self->all->len; i > 0; i--)
    if (g_str_equal (tw_repairs_nth (self, i - 1)->case_, case_))
      return tw_repairs_nth (self, i - 1);
  return NULL;
}

const TwRepair *
tw_repairs_end_of_hold (const TwRepairs *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const TwRepair *repair = tw_repairs_nth (self, i);

      if (repair->state == TW_REQUEST_DONE && !g_str_equal (repair->operation, "refund"))
        return repair;
    }
  return NULL;
}

gint64
tw_repairs_refunded_minor (const TwRepairs *self,
                           gboolean         with_open)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->all->len; i++)
    {
      const TwRepair *repair = tw_repairs_nth (self, i);
      gboolean counts = repair->state == TW_REQUEST_DONE || (with_open && repair->state == TW_REQUEST_OPEN);

      if (counts && g_str_equal (repair->operation, "refund")
          && __builtin_add_overflow (sum, repair->amount_minor, &sum))
        return G_MAXINT64;
    }
  return sum;
}
