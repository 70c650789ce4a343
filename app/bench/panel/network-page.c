/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/network-page.h"

#include <string.h>

struct _TwNetworkPage
{
  TwDesk    *desk;
  GtkWidget *widget, *says, *down, *up;
  GtkWidget *kind, *what, *op, *when, *ms, *often, *wrong;
  GtkWidget *go_on, *clear_faults, *lag, *tls;
  GtkWidget *rule, *reason, *rule_often, *cents;
  GtkWidget *offset;
  gboolean   updating;
};

/* app/bench/README.md, the table of faults. before, after: has this choice a meaning. */
static const struct { const char *kind, *name, *tip; gboolean before, after, ms; } KINDS[] = {
  { "delay", "is late", "Acts and answers so much later, even if the station has left; or acts at once and answers "
                        "later",
    TRUE, TRUE, TRUE },
  { "hold", "waits for \"Go on\"", "The same, until you say \"Go on\"", TRUE, TRUE, FALSE },
  { "silent", "is never answered", "The connection stays open and nothing ever comes", TRUE, TRUE, FALSE },
  { "drop", "loses its connection", "The connection ends without an answer", TRUE, TRUE, FALSE },
  { "502", "fails with 502", "SYSTEM_ERROR, although it may have acted", TRUE, TRUE, FALSE },
  { "401", "is not let in (401)", "Authentication failed", TRUE, FALSE, FALSE },
  { "429", "is one too many (429)", "Too many requests", TRUE, FALSE, FALSE },
  { "refuse", "is refused (400)", "PROCESSOR_UNAVAILABLE, not acted on", TRUE, FALSE, FALSE },
  { "truncate", "gets half the JSON", "A whole HTTP answer with half of its JSON", FALSE, TRUE, FALSE },
  { "cut", "gets half the bytes", "Half of the announced bytes, then the connection ends", FALSE, TRUE, FALSE },
  { "wrong-type", "gets an HTML page", "What a hotel's network says, with status 200", FALSE, TRUE, FALSE },
  { "twice", "is answered twice", "The answer two times on one connection", FALSE, TRUE, FALSE },
  { "deep", "gets 250,000 brackets", "JSON nested as deep as just still allowed by size", FALSE, TRUE, FALSE },
  { "too-deep", "gets 300,000 brackets", "The same, longer than any answer may be", FALSE, TRUE, FALSE },
  { "twice-named", "gets a member twice", "JSON with its first member named two times", FALSE, TRUE, FALSE },
  { "duplicate", "is delivered twice", "The request comes two times; the second answer is given", FALSE, TRUE, FALSE },
  { NULL, NULL, NULL, FALSE, FALSE, FALSE },
};
static const char *const OPS[] = {
  "any", "authorize", "increment", "capture", "reversal", "timeout-reversal", "void", "timeout-void", "refund", "read",
  "search", "search-again", "refresh", NULL,
};
static const char *const OP_NAMES[] = {
  "any request", "authorize", "increment", "capture", "reversal", "timeout reversal", "void", "timeout void", "refund",
  "details", "search", "search again", "refresh", NULL,
};
static const char *const WHEN_NAMES[] = { "before acting", "after acting", NULL };
static const char *const OFTEN_NAMES[] = { "once", "3 times", "until cleared", NULL };
static const int OFTEN[] = { 1, 3, -1 };
static const char *const TLS[] = { "right", "untrusted", "wrong-name", "expired", NULL };
static const char *const RULES[] = { "approve", "decline", "partial", "review", "risk", "pending", "odd", NULL };
static const char *const RULE_NAMES[] = {
  "approves any card", "declines any card", "approves half", "wants to review", "finds it risky", "leaves it pending",
  "says something new", NULL,
};
static const char *const REASONS[] = {
  "PROCESSOR_DECLINED", "INSUFFICIENT_FUND", "EXPIRED_CARD", "STOLEN_LOST_CARD", "ISSUER_UNAVAILABLE",
  "UNAUTHORIZED_CARD", "EXCEEDS_CREDIT_LIMIT", "BLOCKED_BY_CARDHOLDER", "SUSPENDED_ACCOUNT", "INVALID_ACCOUNT",
  "GENERAL_DECLINE", NULL,
};

static guint
chosen (GtkWidget *choice)
{
  guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (choice));

  return i == GTK_INVALID_LIST_POSITION ? 0 : i;
}

static void
on_wrong (GtkButton *button,
          gpointer   user_data)
{
  TwNetworkPage *self = user_data;
  guint kind = chosen (self->kind);

  tw_desk_order (self->desk, "acquirer fault %s op=%s when=%s ms=%d count=%d", KINDS[kind].kind, OPS[chosen (self->op)],
                 KINDS[kind].after && (!KINDS[kind].before || chosen (self->when) == 1) ? "after" : "before",
                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->ms)) * 1000, OFTEN[chosen (self->often)]);
}

static void
on_kind (GObject    *object,
         GParamSpec *property,
         gpointer    user_data)
{
  TwNetworkPage *self = user_data;
  guint kind = chosen (self->kind);
  gboolean both = KINDS[kind].before && KINDS[kind].after;

  gtk_label_set_text (GTK_LABEL (self->what), KINDS[kind].tip);
  if (!both)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->when), KINDS[kind].after ? 1 : 0);
  tw_widget_allow (self->when, both, KINDS[kind].after ? "This always comes after acting"
                                                       : "This always comes before acting");
  tw_widget_allow (self->ms, KINDS[kind].ms, "Only for \"is late\"");
}

static void
on_lag (GtkButton *button,
        gpointer   user_data)
{
  TwNetworkPage *self = user_data;
  int ms = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->lag)) * 1000;

  tw_desk_order (self->desk, "acquirer lag search-ms=%d details-ms=%d", ms, ms);
}

static void
on_tls (GObject    *object,
        GParamSpec *property,
        gpointer    user_data)
{
  TwNetworkPage *self = user_data;

  if (!self->updating)
    tw_desk_order (self->desk, "acquirer tls %s", TLS[chosen (self->tls)]);
}

static void
on_rule (GtkButton *button,
         gpointer   user_data)
{
  TwNetworkPage *self = user_data;
  guint rule = chosen (self->rule);

  if (strcmp (RULES[rule], "decline") == 0)
    tw_desk_order (self->desk, "acquirer rule decline reason=%s count=%d", REASONS[chosen (self->reason)],
                   OFTEN[chosen (self->rule_often)]);
  else
    tw_desk_order (self->desk, "acquirer rule %s count=%d", RULES[rule], OFTEN[chosen (self->rule_often)]);
}

static void
on_rule_kind (GObject    *object,
              GParamSpec *property,
              gpointer    user_data)
{
  TwNetworkPage *self = user_data;

  tw_widget_allow (self->reason, strcmp (RULES[chosen (self->rule)], "decline") == 0, "Only a decline has a reason");
}

static void
on_cents (GtkCheckButton *button,
          gpointer        user_data)
{
  TwNetworkPage *self = user_data;

  if (!self->updating)
    tw_desk_order (self->desk, "acquirer cents %s", gtk_check_button_get_active (button) ? "on" : "off");
}

static void
on_offset (GtkButton *button,
           gpointer   user_data)
{
  TwNetworkPage *self = user_data;

  tw_desk_order (self->desk, "acquirer clock offset-s=%d",
                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->offset)) * 60);
}

static GtkWidget *
button_for (TwNetworkPage *self,
            const char    *label,
            const char    *name,
            const char    *tip,
            GCallback      clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  tw_widget_name (button, name, tip);
  g_signal_connect (button, "clicked", clicked, self);

  return button;
}

static GtkWidget *
group (GtkWidget  *page,
       const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (box, "group");
  gtk_box_append (GTK_BOX (box), tw_heading (title));
  gtk_box_append (GTK_BOX (page), box);

  return box;
}

static void
fill_requests (TwNetworkPage *self,
               GtkWidget     *box)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; KINDS[i].name != NULL; i++)
    g_ptr_array_add (names, (gpointer) KINDS[i].name);
  g_ptr_array_add (names, NULL);
  self->op = tw_choice ("Which request", "Which request goes wrong", OP_NAMES);
  self->kind = tw_choice ("What happens to it", "What happens to the request or its answer",
                          (const char *const *) names->pdata);
  self->when = tw_choice ("Before or after acting", "Whether the money has moved when it goes wrong", WHEN_NAMES);
  self->ms = tw_number ("How late, in seconds", "How late the answer is", 1, 600, 1, 8, 0);
  self->often = tw_choice ("How often", "How often", OFTEN_NAMES);
  self->what = tw_note ("");
  self->wrong = button_for (self, "Let it happen", NULL, "The next such request goes wrong", G_CALLBACK (on_wrong));
  gtk_widget_add_css_class (self->wrong, "suggested-action");
  self->clear_faults = tw_desk_button (self->desk, "Forget", "What was ordered here and has not happened yet is "
                                                             "forgotten",
                                       "acquirer fault clear");
  self->go_on = tw_desk_button (self->desk, "Go on", "Requests that wait for it are answered now", "acquirer go-on");
  g_signal_connect (self->kind, "notify::selected", G_CALLBACK (on_kind), self);
  gtk_box_append (GTK_BOX (box), tw_line (self->op, self->kind, NULL));
  gtk_box_append (GTK_BOX (box), tw_line (self->when, self->often, NULL));
  gtk_box_append (GTK_BOX (box), self->what);
  gtk_box_append (GTK_BOX (box), tw_line (gtk_label_new ("Late by"), self->ms, gtk_label_new ("s"), NULL));
  gtk_box_append (GTK_BOX (box), tw_line (self->wrong, self->go_on, self->clear_faults, NULL));
  on_kind (NULL, NULL, self);
}

static void
fill_line (TwNetworkPage *self,
           GtkWidget     *box)
{
  self->down = tw_desk_button (self->desk, "Line down", "Nobody listens at the acquirer's address", "acquirer down");
  self->up = tw_desk_button (self->desk, "Line up", "The acquirer listens again", "acquirer up");
  self->tls = tw_choice ("Certificate", "Which certificate the acquirer shows; connections end when it changes", TLS);
  self->lag = tw_number ("Lookups lag, in seconds", "Searches and details find a transaction only so much later",
                         0, 3600, 1, 0, 0);
  g_signal_connect (self->tls, "notify::selected", G_CALLBACK (on_tls), self);
  gtk_box_append (GTK_BOX (box), tw_line (self->down, self->up, NULL));
  gtk_box_append (GTK_BOX (box), tw_line (gtk_label_new ("Its certificate is"), self->tls, NULL));
  gtk_box_append (GTK_BOX (box),
                  tw_line (gtk_label_new ("Lookups lag"), self->lag, gtk_label_new ("s"),
                           button_for (self, "Set", "Set lag", "From now on", G_CALLBACK (on_lag)), NULL));
}

static void
fill_bank (TwNetworkPage *self,
           GtkWidget     *box)
{
  self->rule = tw_choice ("What the bank does", "What the bank does with the next authorization", RULE_NAMES);
  self->reason = tw_choice ("Reason of a decline", "Reason of a decline", REASONS);
  self->rule_often = tw_choice ("How often the bank does so", "How often", OFTEN_NAMES);
  self->cents = gtk_check_button_new_with_label ("Cents of an amount decide (x.61 to x.80)");
  tw_widget_name (self->cents, NULL, "Amounts with these cents are declined in twenty ways: app/bench/README.md");
  g_signal_connect (self->rule, "notify::selected", G_CALLBACK (on_rule_kind), self);
  g_signal_connect (self->cents, "toggled", G_CALLBACK (on_cents), self);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->rule), 1);
  gtk_box_append (GTK_BOX (box), tw_line (self->rule, self->rule_often, NULL));
  gtk_box_append (GTK_BOX (box), tw_line (self->reason,
                                          button_for (self, "Decide so", "Add rule", "A rule for the next ones",
                                                      G_CALLBACK (on_rule)), NULL));
  gtk_box_append (GTK_BOX (box), self->cents);
  gtk_box_append (GTK_BOX (box),
                  tw_line (tw_desk_button (self->desk, "Close the day", "The daily batch: what was captured can no "
                                                                        "longer "
                                           "be voided", "acquirer settle"),
                           tw_desk_button (self->desk, "Holds run out", "Every open hold expires at the bank, now",
                                           "acquirer expire"), NULL));
}

static void
fill_clock (TwNetworkPage *self,
            GtkWidget     *box)
{
  self->offset = tw_number ("Acquirer's clock ahead by, in minutes", "Negative: behind. From 2 minutes on it refuses "
                                                                     "the "
                            "station's tokens", -100000, 100000, 1, 0, 0);
  gtk_box_append (GTK_BOX (box),
                  tw_line (gtk_label_new ("Acquirer ahead by"), self->offset, gtk_label_new ("min"),
                           button_for (self, "Set", "Set clock", "From now on", G_CALLBACK (on_offset)), NULL));
  gtk_box_append (GTK_BOX (box), tw_note ("Only the acquirer's clock can be moved. The station's is this machine's "
                                          "own, "
                                          "and its deadlines run in real time: nothing here can hurry them. To try "
                                          "one, "
                                          "shorten it under [deadlines] in DIR/tapwatt.conf.d/ and start the station "
                                          "again."));
}

TwNetworkPage *
tw_network_page_new (TwDesk *desk)
{
  TwNetworkPage *self = g_new0 (TwNetworkPage, 1);
  GtkWidget *box;

  self->desk = desk;
  self->updating = TRUE;
  self->widget = g_object_ref_sink (tw_page (&box));
  self->says = tw_note ("");
  gtk_widget_add_css_class (self->says, "weather");
  gtk_box_append (GTK_BOX (box), self->says);
  fill_requests (self, group (box, "The next request"));
  fill_line (self, group (box, "The line"));
  fill_bank (self, group (box, "The bank"));
  fill_clock (self, group (box, "Clock"));
  self->updating = FALSE;

  return self;
}

void
tw_network_page_free (TwNetworkPage *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->widget);
  g_free (self);
}

GtkWidget *
tw_network_page_widget (TwNetworkPage *self)
{
  return self->widget;
}

void
tw_network_page_update (TwNetworkPage *self,
                        const TwJson  *state)
{
  g_autofree char *words = tw_weather_words (state);
  gboolean listening = tw_state_is (state, "listening");

  self->updating = TRUE;
  gtk_label_set_text (GTK_LABEL (self->says), words != NULL ? words : "Clear skies: requests go through, the bank "
                                                                      "decides "
                      "by itself.");
  tw_widget_allow (self->down, listening, "It is down already");
  tw_widget_allow (self->up, !listening, "It is up");
  tw_widget_allow (self->go_on, tw_state_number (state, "waiting") > 0, "No request waits");
  tw_widget_allow (self->clear_faults, tw_json_length (tw_json_member (state, "faults")) > 0, "Nothing was ordered");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->cents), tw_state_is (state, "cents"));
  for (guint i = 0; TLS[i] != NULL; i++)
    if (strcmp (TLS[i], tw_state_text (state, "tls")) == 0 && chosen (self->tls) != i)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->tls), i);
  self->updating = FALSE;
}
