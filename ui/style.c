/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/style.h"

#include "ui/widgets/text.h"

#define PRIORITY GTK_STYLE_PROVIDER_PRIORITY_APPLICATION
#define FOLDER   "/org/tapwatt/kiosk/style/"

/* Made by glib-compile-resources from assets/kiosk.gresource.xml. */
GResource *tw_kiosk_get_resource (void);

struct _TwStyle
{
  GdkDisplay     *display;
  GtkCssProvider *looks, *colours, *glass;
  TwForm          form;
  gboolean        dark;
};

static GtkCssProvider *
add (GdkDisplay *display)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider), PRIORITY);
  return provider;
}

TwStyle *
tw_style_new (GdkDisplay *display)
{
  TwStyle *self = g_new0 (TwStyle, 1);

  /* GTK's theme without rules: ours are then all there are, which is also what makes a frame cheap. */
  g_object_set (gtk_settings_get_for_display (display), "gtk-theme-name", "Empty", NULL);
  g_resources_register (tw_kiosk_get_resource ());
  self->display = g_object_ref (display);
  self->colours = add (display);
  self->glass = add (display);
  self->looks = add (display);
  gtk_css_provider_load_from_resource (self->looks, FOLDER "kiosk.css");
  return self;
}

static void
drop (GdkDisplay     *display,
      GtkCssProvider *provider)
{
  gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (provider));
  g_object_unref (provider);
}

void
tw_style_free (TwStyle *self)
{
  drop (self->display, self->looks);
  drop (self->display, self->colours);
  drop (self->display, self->glass);
  g_object_unref (self->display);
  g_free (self);
}

/* CSS millimetres go by -gtk-dpi, which is the text's own resolution unless somebody says better. */
static void
set_glass (TwStyle *self,
           guint    dpi)
{
  g_autofree char *css = g_strdup_printf ("* { -gtk-dpi: %u; }", dpi);

  gtk_css_provider_load_from_data (self->glass, css, -1);
}

void
tw_style_set (TwStyle      *self,
              GtkWidget    *window,
              const TwForm *form,
              gboolean      dark)
{
  gboolean first = self->form.dpi == 0;

  if (!first && tw_form_equal (&self->form, form) && self->dark == dark)
    return;
  if (first || self->dark != dark)
    gtk_css_provider_load_from_resource (self->colours, dark ? FOLDER "dark.css" : FOLDER "light.css");
  if (self->form.dpi != form->dpi)
    set_glass (self, form->dpi);
  tw_class_set (window, "small", form->small);
  tw_class_set (window, "roomy", !form->small);
  tw_class_set (window, "portrait", form->portrait);
  tw_class_set (window, "large", form->large_text);
  tw_class_set (window, "dark", dark);
  self->form = *form;
  self->dark = dark;
}
