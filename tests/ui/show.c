/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the kiosk's real window into a named state and saves what it shows as a PNG: show NAME FILE [OPTION ...].
 * Options: WxH, de, dark, large, test, bonus, left|right|above, sleep. For looking at the design while one works on it.
 */
#include "ui/window.h"

#include <stdio.h>
#include <string.h>

static void
take_uint (guint       connector,
           gpointer    user_data)
{
  g_print ("connector %u\n", connector);
}

static void
take_language (guint       connector,
               const char *language,
               gpointer    user_data)
{
  g_print ("connector %u %s\n", connector, language);
}

static void
take_nothing (gpointer user_data)
{
}

static void
take_size (int      width,
           int      height,
           gpointer user_data)
{
}

static void
answer (const char    *session,
        const char    *format,
        const char    *language,
        TwReceiptCame  came,
        gpointer       came_data,
        gpointer       user_data)
{
  static const char json[] =
    "{\"session\":\"BENCH-1-000007-4be2a1\",\"currency\":\"EUR\",\"energy\":{\"wh\":12345},"
    "\"items\":[{\"kind\":\"energy\",\"quantity\":\"12.345\",\"unit\":\"kWh\",\"price_per\":\"kWh\",\"unit_price\":"
    "\"0.49\",\"tax_percent\":\"19\",\"amount\":\"6.05\",\"amount_minor\":605,"
    "\"begin\":{\"local\":\"2026-11-22T22:00:05+01:00\"},\"end\":{\"local\":\"2026-11-23T06:00:00+01:00\"},"
    "\"periods\":2,\"reason\":\"start_time 22:00, end_time 06:00, min_kwh 20\",\"step_size\":100,"
    "\"added_by_step\":\"0.050\",\"flags\":[\"interpolated\"]},"
    "{\"kind\":\"parking_time\",\"quantity\":"
    "\"1260.000\",\"unit\":\"s\",\"price_per\":\"h\",\"unit_price\":\"6.00\","
    "\"tax_percent\":\"19\",\"amount\":\"2.10\","
    "\"begin\":{\"local\":\"2026-11-23T06:00:00+01:00\"},\"end\":{\"local\":\"2026-11-23T06:21:00+01:00\"},"
    "\"amount_minor\":210}],\"taxes\":[{\"percent\":\"19\",\"tax\":\"1.30\",\"tax_minor\":130}],"
    "\"total\":{\"gross_minor\":815},\"payment\":{\"status\":\"captured\",\"hold_minor\":4000,\"captured_minor\":815,"
    "\"rest_minor\":3185,\"release\":\"pending\"},\"reason\":\"stop\"}";
  static const char qr[] = "TAPWATT1*BENCH-1-000007-4be2a1*2026-11-22T10:15Z*2026-11-22T12:02Z*12345*EUR*815*130*"
    "DE*TWT*E0001*1*R-000123*Stadtwerke Musterstadt*DE123456789*0f1e2d3c4b5a69788796a5b4c3d2e1f0";

  g_autofree char *long_qr = g_strconcat (qr, qr, qr, NULL);

  came (g_str_equal (format, "qr") ? long_qr : json, came_data);
}

static void
take_goal (const char *kind,
           gint64      value,
           gpointer    user_data)
{
}

static const TwDeeds deeds = {
  .choose = take_language, .accept = take_nothing, .cancel = take_nothing, .stop = take_uint, .dismiss = take_uint,
  .set_goal = take_goal, .set_language = take_language, .receipt = answer,
  .switch_text = take_nothing, .switch_theme = take_nothing, .touched = take_nothing,
  .resized = take_size,
};

static const TwBusPrice prices[] = {
  { "parking-time", "5.04", "6.00", "19", 1 }, { "energy", "0.41", "0.49", "19", 1 },
};

static const TwBusPrice later[] = {
  { .kind = "energy", .gross_price = "0.39", .tax_percent = "19", .from = "22:00", .until = "06:00" },
  { .kind = "energy", .gross_price = "0.59", .tax_percent = "19", .min_wh = 20000 },
  { .kind = "time", .gross_price = "3.00", .tax_percent = "19", .min_ms = 10800000 },
};

static TwBusConnector
bay (guint       number,
     const char *state)
{
  gboolean runs = strcmp (state, "free") != 0 && strcmp (state, "fault") != 0 && strcmp (state, "receipt") != 0;
  TwBusConnector bay = {
    .number = number, .label = number == 1 ? "1" : number == 2 ? "2" : "left", .evse_id = "DE*TWT*E0001*1",
    .state = strcmp (state, "receipt") == 0 ? "free" : state, .car = runs ? "drawing" : "none", .fault = "",
    .session = "", .last_session = "", .money = "", .currency = "EUR", .language = "", .prices = prices, .n_prices = 2,
    .min_price = "", .max_price = "", .offer_hold_minor = 4000, .example_wh = 10000, .example_ms = 9900000,
    .example_minor = 490, .next = { .kind = "" },
  };

  if (runs)
    {
      bay.session = "BENCH-1-000008-111111";
      bay.energy_wh = 12345;
      bay.price_minor = 605;
      bay.charging_ms = 6420000;
      bay.power_w = strcmp (state, "charging") == 0 ? 11040 : 0;
      bay.hold_minor = 4000;
      bay.deadline_boot_us = 272 * G_USEC_PER_SEC;
      bay.idle = (TwBusNextPrice) { "parking-time", "6.00", 0, 0, TRUE };
    }
  if (strcmp (state, "fault") == 0)
    bay.fault = "gfci";
  if (strcmp (state, "receipt") == 0)
    {
      bay.last_session = "BENCH-1-000007-4be2a1";
      bay.receipt_until_boot_us = 100 * G_USEC_PER_SEC;
    }
  return bay;
}

/* "free+charging", "offer", "asking:one-card-only", "outcome:declined/charging", "closed:reader-lost/charging". */
static void
fill (TwView     *view,
      const char *name)
{
  static const char *const counters[] = { "offer", "asking", "authorizing", "outcome", "closed", "welcome" };
  g_auto (GStrv) parts = g_strsplit (name, "/", 2);
  g_auto (GStrv) words = g_strsplit (parts[0], ":", 2);
  const char *bays = parts[1] ? parts[1] : "free+free";
  g_auto (GStrv) states = NULL;

  view->present = strcmp (name, "lost") != 0;
  view->counter.state = "welcome";
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    if (strcmp (counters[i], words[0]) == 0)
      view->counter.state = counters[i];
  if (g_strv_length (parts) == 1 && strcmp (view->counter.state, words[0]) != 0)
    bays = name;
  states = g_strsplit (bays, "+", TW_MAX_CONNECTORS);
  for (guint i = 0; states[i] != NULL; i++)
    view->connectors[view->n_connectors++] = bay (i + 1, g_intern_string (states[i]));
  if (words[1] != NULL)
    view->counter.prompt = view->counter.outcome = view->counter.closed_why = g_intern_string (words[1]);
  if (strcmp (view->counter.state, "welcome") != 0 && strcmp (view->counter.state, "closed") != 0)
    {
      view->counter.connector = 1;
      view->counter.hold_minor = 4000;
      view->counter.currency = "EUR";
      view->counter.deadline_boot_us = 45 * G_USEC_PER_SEC;
    }
}

/* An offer, which this driver's card has earned. */
static void
give_bonus (TwView *view)
{
  static const TwBusOffer offers[] = {
    { .state = "in-force", .rule = "third", .hash = "", .grant = { .charges_in_month = 3, .discount_bp = 1000 } },
    { .state = "in-force", .rule = "back", .hash = "", .grant = { .days_since_last = 30, .discount_bp = 750 } },
  };

  view->station.offers = offers;
  view->station.n_offers = G_N_ELEMENTS (offers);
  if (strcmp (view->counter.state, "authorizing") == 0 || strcmp (view->counter.state, "outcome") == 0)
    view->counter.granted = offers[0].grant;
  for (guint i = 0; i < view->n_connectors; i++)
    if (view->connectors[i].session[0] != '\0')
      view->connectors[i].granted = offers[0].grant;
}

static GtkWidget *
find (GtkWidget  *widget,
      const char *name)
{
  if (strcmp (gtk_widget_get_name (widget), name) == 0 && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Who wants how much: for finding out why something does not fit. */
static void
dump (GtkWidget *widget,
      int        depth)
{
  int width = gtk_widget_get_width (widget), least, wanted, least_width;

  if (!gtk_widget_get_mapped (widget))
    return;
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &least, &wanted, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  printf ("%*s%s %s %dx%d, least %dx%d, wanted %d %s\n", depth * 2, "", G_OBJECT_TYPE_NAME (widget),
          gtk_widget_get_name (widget), width, gtk_widget_get_height (widget), least_width, least, wanted,
          GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : "");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    dump (child, depth + 1);
}

static gboolean
on_timeout (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
spin (guint ms)
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, on_timeout, loop);
  g_main_loop_run (loop);
  g_main_loop_unref (loop);
}

static void
save (TwWindow   *window,
      const char *path)
{
  GtkWidget *widget = GTK_WIDGET (tw_window_gtk (window));
  GdkPaintable *paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GskRenderNode *node;
  GdkTexture *texture;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_texture_save_to_png (texture, path);
  g_object_unref (texture);
  gsk_render_node_unref (node);
  g_object_unref (paintable);
}

int
main (int    argc,
      char **argv)
{
  int width = 1280, height = 800;
  gboolean large = FALSE, sleep = FALSE, dumps = FALSE;
  const char *press = NULL;
  TwWindow *window;
  TwView view = { .auto_accept = TRUE, .helpline = "+49 30 1234567", .language = "en" };

  view.station = (TwBusStation) { "0.1.0", "TWT-0001", "Pedestal at the town hall", "+49 30 1234567", FALSE, 2 };
  gtk_disable_setlocale ();
  gtk_init ();
  fill (&view, argv[1]);
  for (int i = 3; i < argc; i++)
    {
      view.counter.language = strcmp (argv[i], "de") == 0 ? "de" : view.counter.language;
      view.dark |= strcmp (argv[i], "dark") == 0;
      large |= strcmp (argv[i], "large") == 0;
      sleep |= strcmp (argv[i], "sleep") == 0;
      dumps |= strcmp (argv[i], "dump") == 0;
      view.station.test_mode |= strcmp (argv[i], "test") == 0;
      if (strcmp (argv[i], "bonus") == 0)
        give_bonus (&view);
      if (strcmp (argv[i], "manual") == 0)
        view.auto_accept = FALSE;
      view.reader = strcmp (argv[i], "left") == 0 ? TW_READER_LEFT : strcmp (argv[i], "right") == 0 ? TW_READER_RIGHT
        : strcmp (argv[i], "above") == 0 ? TW_READER_ABOVE : view.reader;
      if (g_str_has_prefix (argv[i], "press:"))
        press = argv[i] + 6;
      for (guint k = 0; k < view.n_connectors && strcmp (argv[i], "later") == 0; k++)
        {
          view.connectors[k].later_prices = later;
          view.connectors[k].n_later_prices = G_N_ELEMENTS (later);
        }
      sscanf (argv[i], "%dx%d", &width, &height);
    }
  view.form = tw_form (width, height, 0, large);
  window = tw_window_new (width, height, &deeds, NULL);
  tw_window_update (window, &view);
  gtk_window_present (tw_window_gtk (window));
  spin (120);
  if (press != NULL)
    {
      GtkWidget *button = find (GTK_WIDGET (tw_window_gtk (window)), press);

      if (button == NULL)
        g_printerr ("no %s\n", press);
      else
        g_signal_emit_by_name (button, "clicked");
      spin (120);
    }
  save (window, argv[2]);
  if (tw_window_fit (window) != 100)
    printf ("%s %dx%d%s: fits at %u%%\n", argv[1], width, height, large ? " large" : "", tw_window_fit (window));
  if (dumps)
    dump (GTK_WIDGET (tw_window_gtk (window)), 0);
  if (sleep)
    spin (600000);
  tw_window_free (window);
  return 0;
}
