/* SPDX-License-Identifier: Apache-2.0 */
/* A file's single rows, by the format's own eyes. */
#include "payment/reconcile/readers/reading.h"

#include "app/base/error.h"

#include <string.h>

static const TwTableFormat *const FORMATS[] = { &TW_FORMAT_ADYEN, &TW_FORMAT_SALES_CSV };

struct _TwAgain
{
  const TwTableFormat *format;
  char *path;
  TwReading reading;
  TwImport import;              /* of nobody's interest */
  TwFileStamp stamp;
  gpointer opened;              /* begins with its table */
};

static const TwTableFormat *
find_format (const TwImport *import)
{
  for (guint i = 0; i < G_N_ELEMENTS (FORMATS); i++)
    if (g_strcmp0 (FORMATS[i]->name, import->format) == 0)
      return FORMATS[i];

  return NULL;
}

static gboolean
is_the_same (const TwAgain *self)
{
  TwFileStamp now;

  tw_table_stamp (*(TwTable **) self->opened, &now);

  return memcmp (&now, &self->stamp, sizeof now) == 0;
}

static gboolean
refuse_changed (const TwAgain  *self,
                GError        **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: changed while it was read: wait until it is complete",
               self->path);

  return FALSE;
}

TwAgain *
tw_again_open (const char       *path,
               guint32           index,
               const TwProfile  *profile,
               const TwImport   *import,
               GError          **error)
{
  g_autoptr (TwAgain) self = g_new0 (TwAgain, 1);

  self->format = find_format (import);
  g_return_val_if_fail (self->format != NULL, NULL);
  self->path = g_strdup (path);
  self->stamp = import->stamp;
  tw_import_init (&self->import);
  tw_reading_init (&self->reading, self->path, index, NULL, &self->import);
  self->reading.again = TRUE;
  self->opened = self->format->open (&self->reading, profile, error);

  if (self->opened == NULL || (!is_the_same (self) && !refuse_changed (self, error)))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_again_free (TwAgain *self)
{
  if (self == NULL)
    return;
  if (self->opened != NULL)
    self->format->free (self->opened);
  if (self->path != NULL)
    {
      tw_reading_clear (&self->reading);
      tw_import_clear (&self->import);
    }
  g_free (self->path);
  g_free (self);
}

gboolean
tw_again_row (TwAgain         *self,
              const TwOrigin  *origin,
              const TwIntake  *intake,
              GError         **error)
{
  TwTable *table = *(TwTable **) self->opened;
  g_autoptr (GError) why = NULL;
  gboolean well;

  self->reading.intake = intake;
  well = tw_table_seek (table, origin, &why) && tw_table_next (table, &why)
         && self->format->read_row (self->opened, &why);
  if (!is_the_same (self) || (!well && why == NULL))
    return refuse_changed (self, error);
  if (!well)
    g_propagate_error (error, g_steal_pointer (&why));

  return well;
}
