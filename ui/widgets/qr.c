/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/qr.h"

#include <qrencode.h>
#include <string.h>

#define QUIET 4              /* modules on each side, ISO/IEC 18004 section 6.3.8 */
#define MANY_MODULES    78   /* from here on there may not be room for good ones */
#define LEAST_MODULE_UM 330  /* what phones still read at arm's length */
#define GOOD_MODULE_UM  570
#define MOST_MODULE_UM  900

struct _TwQr
{
  GtkWidget  parent;
  char      *text;
  QRcode    *code;
  guint      dpi;
};

G_DEFINE_FINAL_TYPE (TwQr, tw_qr, GTK_TYPE_WIDGET)

static int
n_modules (TwQr *self)
{
  return self->code ? self->code->width + 2 * QUIET : 0;
}

static int
module_px (TwQr *self,
           guint um)
{
  return MAX (2, (int) ((self->dpi * um + 12700) / 25400));
}

static void
measure (GtkWidget      *widget,
         GtkOrientation  orientation,
         int             for_size,
         int            *minimum,
         int            *natural,
         int            *minimum_baseline,
         int            *natural_baseline)
{
  TwQr *self = TW_QR (widget);

  *minimum = n_modules (self) * module_px (self, n_modules (self) < MANY_MODULES ? GOOD_MODULE_UM : LEAST_MODULE_UM);
  *natural = n_modules (self) * module_px (self, GOOD_MODULE_UM);
}

static void
snapshot (GtkWidget   *widget,
          GtkSnapshot *snapshot)
{
  TwQr *self = TW_QR (widget);
  const GdkRGBA white = { 1, 1, 1, 1 }, black = { 0, 0, 0, 1 };
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), n = n_modules (self);
  int module, left, top;

  if (self->code == NULL)
    return;
  module = CLAMP (MIN (width, height) / n, 1, module_px (self, MOST_MODULE_UM));
  left = (width - n * module) / 2;
  top = (height - n * module) / 2;
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (left, top, n * module, n * module));
  for (int y = 0; y < self->code->width; y++)
    for (int x = 0, run; x < self->code->width; x += MAX (run, 1))
      {
        const guchar *row = self->code->data + y * self->code->width;

        for (run = 0; x + run < self->code->width && (row[x + run] & 1); run++)
          ;
        if (run > 0)
          gtk_snapshot_append_color (snapshot, &black, &GRAPHENE_RECT_INIT (left + (x + QUIET) * module,
                                                                            top + (y + QUIET) * module,
                                                                            run * module, module));
      }
}

static void
finalize (GObject *object)
{
  TwQr *self = TW_QR (object);

  g_clear_pointer (&self->code, QRcode_free);
  g_free (self->text);
  G_OBJECT_CLASS (tw_qr_parent_class)->finalize (object);
}

static void
tw_qr_class_init (TwQrClass *class)
{
  GTK_WIDGET_CLASS (class)->measure = measure;
  GTK_WIDGET_CLASS (class)->snapshot = snapshot;
  G_OBJECT_CLASS (class)->finalize = finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tw_qr_init (TwQr *self)
{
  self->dpi = 96;
}

GtkWidget *
tw_qr_new (const char *name)
{
  GtkWidget *self = g_object_new (TW_TYPE_QR, "name", name, "visible", FALSE, NULL);

  gtk_widget_add_css_class (self, "qr");
  return self;
}

void
tw_qr_set (TwQr       *self,
           const char *text,
           guint       dpi)
{
  const char *said = text ? text : "";

  if (g_strcmp0 (self->text, said) == 0 && self->dpi == dpi)
    return;
  g_free (self->text);
  self->text = g_strdup (said);
  self->dpi = dpi;
  g_clear_pointer (&self->code, QRcode_free);
  if (said[0] != '\0')
    self->code = QRcode_encodeData ((int) strlen (said), (const guchar *) said, 0, QR_ECLEVEL_L);
  gtk_widget_set_visible (GTK_WIDGET (self), self->code != NULL);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
