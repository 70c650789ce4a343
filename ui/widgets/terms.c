/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/terms.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/offers.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/prices.h"
#include "ui/widgets/text.h"

typedef struct { GtkWidget *price, *badge, *where, *prices, *example, *offer, *hold, *why; } TwTerms;

static void
set_hold (TwTerms              *self,
          const TwView         *view,
          const TwBusConnector *bay,
          const char           *language)
{
  const TwBusCounter *counter = &view->counter;
  gboolean is_said = counter->hold_minor > 0 && counter->currency != NULL;
  gint64 minor = is_said ? counter->hold_minor : bay ? bay->offer_hold_minor : 0;
  g_autofree char *hold = minor > 0 ? tw_amount (minor, is_said ? counter->currency : bay->currency, language)
                                    : NULL;

  tw_text_take (self->hold, hold ? g_strdup_printf (tw_word (language, "%s will be held"), hold) : NULL);
  tw_text_set (self->why, hold ? tw_word (language, "The final amount is known only at the end. The rest is "
                                                    "released at once; your bank may show it for a few days.") : NULL);
}

/* About how many lines the prices need. */
static guint
weigh (const TwBusConnector *bay)
{
  guint n = bay->n_prices + 2 * bay->n_later_prices;

  for (guint i = 0; i < bay->n_prices; i++)
    n += bay->prices[i].step > 1;
  for (guint i = 0; i < bay->n_later_prices; i++)
    n += bay->later_prices[i].step > 1;

  return n;
}

void
tw_terms_set (GtkWidget    *terms,
              const TwView *view)
{
  TwTerms *self = g_object_get_data (G_OBJECT (terms), "terms");
  const TwBusConnector *bay = tw_view_offered (view);
  const char *language = tw_view_language (view);
  gboolean cramped = tw_view_is_cramped (view), tight = view->form.small || view->form.large_text, is_long;
  guint weight = bay ? weigh (bay) : 0;
  g_autofree char *offer = NULL;

  is_long = tw_badge_set (self->badge, bay ? bay->label : NULL);
  gtk_widget_set_visible (self->prices, bay != NULL);
  /* Large text on a small screen: the number stands beside the price, without words. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->price), cramped && !is_long ? GTK_ORIENTATION_HORIZONTAL
                                                                        : GTK_ORIENTATION_VERTICAL);
  tw_text_set (self->where, bay && !cramped && !is_long ? tw_word (language, "Your connector") : NULL);
  if (bay != NULL)
    tw_prices_set (self->prices, bay, language, tight ? 2 : 3);
  /* The prices themselves come first. */
  tw_text_take (self->example, bay == NULL || weight >= 6 || (tight && weight > 3) ? NULL
                : tw_prices_example (bay, language));
  offer = bay == NULL || (cramped && weight > 3) ? NULL : tw_offer_open (view, tight || weight > 3 ? 1 : 2, language);
  tw_text_set (self->offer, offer);
  set_hold (self, view, bay, language);
  /* An offer is worth more than an example and a remark. */
  if (offer != NULL && tight)
    {
      tw_text_set (self->example, NULL);
      tw_text_set (self->why, NULL);
    }
  if (weight >= 6 ? tight : cramped && weight > 3)
    tw_text_set (self->why, NULL);
}

GtkWidget *
tw_terms_new (void)
{
  TwTerms *self = g_new0 (TwTerms, 1);
  GtkWidget *where, *price, *hold, *terms;

  self->badge = tw_badge_new ();
  self->where = tw_text_new ("strong");
  self->prices = tw_prices_new_with_pages ("hero agreed");
  self->example = tw_text_new ("soft example");
  self->offer = tw_text_new ("soft example");
  self->hold = tw_text_new ("title");
  self->why = tw_text_new ("soft fine");
  where = tw_row_new ("gap-3", self->badge, self->where, NULL);
  gtk_widget_set_valign (where, GTK_ALIGN_START);
  self->price = tw_column_new ("gap-3", where, self->prices, NULL);
  price = tw_column_new ("card gap-2", self->price, self->example, self->offer, NULL);
  hold = tw_column_new ("card gap-1", self->hold, self->why, NULL);
  gtk_widget_set_vexpand (price, TRUE);
  terms = tw_column_new ("gap-3", price, hold, NULL);
  g_object_set_data_full (G_OBJECT (terms), "terms", self, g_free);
  return terms;
}
