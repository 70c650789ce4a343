/* SPDX-License-Identifier: Apache-2.0 */
/* "Explain this amount": each line of the bill as quantity x price = amount, its tax, and what became of the hold. */
#include "ui/screens/screen.h"

#include "app/base/whole.h"
#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/bill-line.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/qr.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen         screen;
  const TwContext *context;
  guint            connector;
  GtkWidget       *halves, *title, *scroll, *lines, *code, *qr, *hint, *back;
} TwExplainScreen;

static void
on_back (TwExplainScreen *self)
{
  self->context->explain (0, self->context->explainer);
}

static gint64
minor_of (const TwJson *object,
          const char   *name)
{
  gint64 minor = 0;

  tw_json_get_int64 (object, name, &minor, NULL);
  return minor;
}

static const char *
text_of (const TwJson *object,
         const char   *name)
{
  const char *text = tw_json_string (tw_json_member (object, name));

  return text ? text : "";
}

static void
add (TwExplainScreen *self,
     const char      *class,
     const char      *what,
     const char      *how,
     char            *amount)
{
  GtkWidget *left = tw_text_new (class), *middle = tw_text_new ("soft"), *right = tw_text_new (class);

  tw_text_set (left, what);
  tw_text_set (middle, how);
  tw_text_set_figure (right, amount);
  gtk_widget_set_hexpand (left, TRUE);
  gtk_widget_set_valign (right, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self->lines), tw_row_new ("gap-4", tw_column_new ("", left, middle, NULL), right, NULL));
  g_free (amount);
}

static void
add_rule (TwExplainScreen *self)
{
  gtk_box_append (GTK_BOX (self->lines), tw_row_new ("rule", NULL, NULL));
}

static void
add_items (TwExplainScreen *self,
           const TwJson    *json,
           const char      *currency,
           const char      *language)
{
  const TwJson *items = tw_json_member (json, "items");

  for (guint i = 0; i < tw_json_length (items); i++)
    {
      const TwJson *item = tw_json_element (items, i);
      g_autofree char *how = tw_bill_line_details (item, json, language);

      add (self, "strong", tw_bill_line_name (item, language), how,
           tw_amount (minor_of (item, "amount_minor"), currency, language));
    }
  if (tw_json_length (items) == 0)
    add (self, "strong", tw_word (language, "Nothing is due."), NULL, NULL);
}

static void
add_taxes (TwExplainScreen *self,
           const TwJson    *json,
           const char      *currency,
           const char      *language)
{
  const TwJson *taxes = tw_json_member (json, "taxes");

  for (guint i = 0; i < tw_json_length (taxes); i++)
    {
      const TwJson *tax = tw_json_element (taxes, i);
      const char *percent = text_of (tax, "percent");
      g_autofree char *words = NULL, *digits = NULL;

      if (percent[0] == '\0' || tw_json_string (tw_json_member (tax, "tax")) == NULL)
        continue;
      digits = tw_format_percent (percent, language);
      words = g_strdup_printf (tw_word (language, "of which %s%% VAT"), digits);
      add (self, "soft", words, NULL, tw_amount (minor_of (tax, "tax_minor"), currency, language));
    }
}

static const char *
release_words (const TwJson *payment)
{
  const char *release = text_of (payment, "release");

  if (g_str_equal (release, "released"))
    return N_("Released. Your bank may show it for a few days.");
  if (g_str_equal (release, "refused"))
    return N_("Your bank did not take the release; the hold runs out there by itself.");
  return N_("Being released.");
}

/* Of a session that is not over, this is what it comes to so far. */
static gboolean
is_running (const TwJson *json)
{
  return g_str_equal (text_of (json, "reason"), "running");
}

/* What a full car stood for free, where standing has a price. */
static void
add_grace (TwExplainScreen *self,
           const TwJson    *json,
           const char      *currency,
           const char      *language)
{
  g_auto (GStrv) parts = g_strsplit (text_of (json, "free_parking_s"), ".", 2);
  gint64 seconds = 0;
  g_autofree char *time = NULL;

  if (parts[0] == NULL || !tw_whole_parse (parts[0], 0, G_MAXINT32, &seconds))
    return;
  time = tw_format_duration (seconds * 1000, language);
  add (self, "strong", tw_word (language, "Plugged in for free after charging"), time,
       tw_amount (0, currency, language));
}

static void
add_payment (TwExplainScreen *self,
             const TwJson    *json,
             const char      *currency,
             const char      *language)
{
  const TwJson *payment = tw_json_member (json, "payment");
  gint64 hold = minor_of (payment, "hold_minor"), rest = minor_of (payment, "rest_minor");
  gboolean pending = g_str_equal (text_of (payment, "status"), "pending");
  gboolean runs = is_running (json);

  if (hold <= 0)
    return;
  add_rule (self);
  add (self, "", tw_word (language, "Held on your card"), NULL, tw_amount (hold, currency, language));
  if (runs)
    return;
  add (self, "", pending ? tw_word (language, "Will be charged") : tw_word_in (language, "money", "Charged"), NULL,
       tw_amount (minor_of (payment, "captured_minor"), currency, language));
  if (rest > 0)
    add (self, "", tw_word (language, "Not charged"), tw_word (language, release_words (payment)),
         tw_amount (rest, currency, language));
}

static void
fill (TwExplainScreen *self,
      const TwJson    *json,
      const char      *language)
{
  const char *currency = text_of (json, "currency");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->lines)) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), child);
  if (json == NULL)
    return;
  add_items (self, json, currency, language);
  add_grace (self, json, currency, language);
  add_rule (self);
  add (self, "title", is_running (json) ? tw_word (language, "Total so far") : tw_word (language, "Total"), NULL,
       tw_amount (minor_of (tw_json_member (json, "total"), "gross_minor"), currency, language));
  add_taxes (self, json, currency, language);
  add_payment (self, json, currency, language);
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwExplainScreen *self = (TwExplainScreen *) screen;

  for (guint i = 0; i < view->n_connectors; i++)
    if (view->connectors[i].number == self->connector && tw_view_bill (view, i) != NULL)
      {
        const char *language = tw_view_bay_language (view, i);
        const TwPaper *paper = tw_receipts_get (self->context->receipts, tw_view_bill (view, i), language);
        gboolean paid = tw_view_panel (view, i) == TW_PANEL_RECEIPT;

        tw_text_set (self->title, tw_word (language, "How this amount came about"));
        tw_name_set (self->scroll, tw_word (language, "How this amount came about"));
        tw_button_set_words (self->back, tw_word (language, "Back"));
        gtk_orientable_set_orientation (GTK_ORIENTABLE (self->halves), view->form.portrait ? GTK_ORIENTATION_VERTICAL
                                                                                          : GTK_ORIENTATION_HORIZONTAL);
        /* On two large panels it has been seen already; in rows, here is the only place for it. */
        gtk_widget_set_visible (self->code, paid && (!view->form.small || view->n_connectors > 2));
        tw_qr_set (TW_QR (self->qr), paper->qr, view->form.dpi);
        tw_name_set (self->qr, tw_word (language, "Your receipt as a QR code"));
        tw_text_set (self->hint, paper->qr ? tw_word (language, "Scan it to keep your receipt.") : NULL);
        /* Rows that nobody changed stay: whoever is reading keeps the place. */
        if (g_object_get_data (G_OBJECT (self->lines), "paper") == paper->json)
          return;
        g_object_set_data (G_OBJECT (self->lines), "paper", paper->json);
        fill (self, paper->json, language);
      }
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return ((TwExplainScreen *) screen)->back;
}

static gboolean
escape (TwScreen *screen)
{
  on_back ((TwExplainScreen *) screen);
  return TRUE;
}

void
tw_explain_screen_choose (TwScreen *explain,
                          guint     connector)
{
  TwExplainScreen *self = (TwExplainScreen *) explain;

  self->connector = connector;
  g_object_set_data (G_OBJECT (self->lines), "paper", NULL);
  fill (self, NULL, "");   /* nobody sees what somebody else paid */
}

TwScreen *
tw_explain_screen_new (const TwContext *context)
{
  TwExplainScreen *self = g_new0 (TwExplainScreen, 1);

  self->context = context;
  self->title = tw_text_new ("headline");
  self->scroll = gtk_scrolled_window_new ();
  self->lines = tw_column_new ("gap-2", NULL, NULL);
  self->back = tw_button_new ("explain-back", "action", TW_ICON_BACK, G_CALLBACK (on_back), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), self->lines);
  gtk_widget_set_vexpand (self->scroll, TRUE);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (self->scroll), FALSE);   /* there is more */
  gtk_widget_set_focusable (self->scroll, TRUE);   /* and it can be read with keys */
  gtk_widget_set_hexpand (self->scroll, TRUE);
  self->qr = tw_qr_new ("qr");
  self->hint = tw_text_new ("caption");
  gtk_label_set_xalign (GTK_LABEL (self->hint), 0.5);
  gtk_label_set_justify (GTK_LABEL (self->hint), GTK_JUSTIFY_CENTER);
  self->code = tw_column_new ("gap-1", self->qr, self->hint, NULL);
  gtk_widget_set_valign (self->code, GTK_ALIGN_CENTER);
  self->halves = tw_row_new ("gap-6", self->scroll, self->code, NULL);
  self->screen.root = tw_column_new ("page card gap-3", self->title, self->halves, self->back, NULL);
  gtk_widget_set_name (self->screen.root, "explain");
  self->screen.update = update;
  self->screen.main = main_action;
  self->screen.escape = escape;
  return tw_screen_bind (&self->screen);
}
