/* SPDX-License-Identifier: Apache-2.0 */
/* What it cost, and a receipt to take along without an account. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/qr.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel          panel;
  const TwContext *context;
  guint            connector;
  GtkWidget       *qr, *total, *usage, *reason, *status;
  GtkWidget       *explain, *done, *language;
} TwReceiptPanel;

static void
on_explain (TwReceiptPanel *self)
{
  self->context->explain (self->connector, self->context->explainer);
}

static void
on_done (TwReceiptPanel *self)
{
  self->context->deeds->dismiss (self->connector, self->context->user_data);
}

/* "12.345 kWh" */
static char *
usage (const TwPaper *paper,
       const char    *language)
{
  gint64 wh;

  if (paper->json == NULL || !tw_json_get_int64 (tw_json_member (paper->json, "energy"), "wh", &wh, NULL))
    return NULL;
  return tw_format_energy_exact (wh, language);
}

static char *
total (const TwPaper *paper,
       const char    *language)
{
  const char *currency = paper->json ? tw_json_string (tw_json_member (paper->json, "currency")) : NULL;
  gint64 gross;

  if (currency == NULL || !tw_json_get_int64 (tw_json_member (paper->json, "total"), "gross_minor", &gross, NULL))
    return NULL;
  return tw_amount (gross, currency, language);
}

static void
set_paper (TwReceiptPanel *self,
           const TwView   *view,
           const TwPaper  *paper,
           const char     *language)
{
  g_autofree char *amount = total (paper, language);
  const TwCode *reason = tw_code_of_reason (paper->json ? tw_json_string (tw_json_member (paper->json, "reason"))
                                                        : NULL);

  tw_text_set_figure (self->total, amount);
  tw_text_take (self->usage, usage (paper, language));
  tw_text_set (self->reason, reason->headline[0] && !tw_view_is_tight (view) ? tw_word (language, reason->headline)
                                                                             : NULL);
  tw_qr_set (TW_QR (self->qr), paper->qr, view->form.dpi);
  tw_name_set (self->qr, tw_word (language, "Your receipt as a QR code"));
  if (paper->qr != NULL)
    tw_text_set (self->status, tw_word (language, "Scan it to keep your receipt."));
  else if (paper->failed)
    tw_text_take (self->status, g_strdup_printf (tw_word (language, "The receipt could not be shown. Please note its "
                                                                    "number: %s"), paper->session));
  else
    tw_text_set (self->status, tw_word (language, "Your receipt is being made."));
  gtk_widget_set_sensitive (self->explain, paper->json != NULL);
}

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwReceiptPanel *self = (TwReceiptPanel *) panel;
  const char *language = tw_view_bay_language (view, i);
  const TwPaper *paper = tw_receipts_get (self->context->receipts, view->connectors[i].last_session, language);

  set_paper (self, view, paper, language);
  tw_button_set_words (self->explain, tw_word (language, "Explain amount"));
  tw_button_set_words (self->done, tw_word (language, "Done"));
  tw_panel_language_set (self->language, language, view->form.small);
}

TwPanel *
tw_receipt_panel_new (const TwContext *context,
                      guint            connector)
{
  TwReceiptPanel *self = g_new0 (TwReceiptPanel, 1);
  g_autofree char *explain = g_strdup_printf ("explain-%u", connector);
  g_autofree char *done = g_strdup_printf ("done-%u", connector);
  g_autofree char *qr = g_strdup_printf ("qr-%u", connector);
  GtkWidget *words, *row;

  self->context = context;
  self->connector = connector;
  self->qr = tw_qr_new (qr);
  self->total = tw_text_new ("price");
  self->usage = tw_text_new ("strong fine");
  self->reason = tw_text_new ("caption");
  self->status = tw_text_new ("caption");
  self->explain = tw_button_new (explain, "", TW_ICON_NONE, G_CALLBACK (on_explain), self);
  self->done = tw_button_new (done, "action beside", TW_ICON_NONE, G_CALLBACK (on_done), self);
  self->language = tw_panel_language_new (context, connector);
  gtk_widget_set_hexpand (self->explain, TRUE);
  gtk_widget_set_hexpand (self->done, TRUE);
  words = tw_column_new ("gap-2", self->total, self->usage, self->reason, self->status, NULL);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  row = tw_row_new ("gap-4", self->qr, words, NULL);
  gtk_widget_set_vexpand (row, TRUE);
  self->panel.root = tw_column_new ("gap-3", row, tw_row_new ("gap-2", self->done, self->explain, self->language, NULL),
                                    NULL);
  self->panel.main = self->explain;
  self->panel.update = update;
  return tw_panel_bind (&self->panel);
}
