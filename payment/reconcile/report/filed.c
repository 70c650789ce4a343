/* SPDX-License-Identifier: Apache-2.0 */
/* An outlet that needs a file of its own, with one. */
#include "payment/page/new-file.h"
#include "payment/reconcile/report/outlet.h"

typedef struct
{
  TwOutlet  outlet;
  TwOutlet *inner;
  TwNewFile file;
} Filed;

static gboolean
on_totals (gpointer                 outlet,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  Filed *self = outlet;

  return self->inner->class_->totals == NULL || self->inner->class_->totals (self->inner, totals, error);
}

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  Filed *self = outlet;

  return self->inner->class_->payout == NULL || self->inner->class_->payout (self->inner, payout, error);
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  Filed *self = outlet;

  return self->inner->class_->exception (self->inner, exception, error);
}

static gboolean
close_filed (TwOutlet  *outlet,
             GError   **error)
{
  Filed *self = (Filed *) outlet;

  return tw_outlet_close (self->inner, error) && tw_new_file_finish (&self->file, error)
    && tw_new_file_place (&self->file, error);
}

static void
free_filed (TwOutlet *outlet)
{
  Filed *self = (Filed *) outlet;

  tw_outlet_free (self->inner);
  tw_new_file_clear (&self->file);
  g_free (self);
}

static const TwResultClass CLASS = { on_totals, on_payout, NULL, on_exception, NULL };

static TwOutlet *
new_filed (const char          *directory,
           const char          *name,
           TwOutlet          *(*make) (FILE *file, const TwReportHead *head),
           const TwReportHead  *head,
           GError             **error)
{
  Filed *self = g_new0 (Filed, 1);

  self->outlet = (TwOutlet) { &CLASS, close_filed, free_filed };
  if (!tw_new_file_open (&self->file, directory, name, error))
    {
      free_filed (&self->outlet);
      return NULL;
    }
  self->inner = make (self->file.file, head);

  return &self->outlet;
}

TwOutlet *
tw_outlet_new_page (const char          *directory,
                    const TwReportHead  *head,
                    GError             **error)
{
  return new_filed (directory, "report.html", tw_outlet_new_html, head, error);
}

TwOutlet *
tw_outlet_new_lines (const char          *directory,
                     const TwReportHead  *head,
                     GError             **error)
{
  return new_filed (directory, "exceptions.jsonl", tw_outlet_new_jsonl, head, error);
}
