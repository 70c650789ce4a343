/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/page/new-file.h"

#include "app/base/error.h"

#include <errno.h>
#include <glib/gstdio.h>

static gboolean
failed (const char  *what,
        GError     **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", what, g_strerror (errno));

  return FALSE;
}

gboolean
tw_new_file_open (TwNewFile   *self,
                  const char  *directory,
                  const char  *name,
                  GError     **error)
{
  self->name = g_build_filename (directory, name, NULL);
  self->draft = g_strconcat (self->name, ".part", NULL);
  self->file = fopen (self->draft, "we");

  return self->file != NULL ? TRUE : failed (self->draft, error);
}

gboolean
tw_new_file_finish (TwNewFile  *self,
                    GError    **error)
{
  gboolean well = fflush (self->file) == 0 && !ferror (self->file);

  well = fclose (g_steal_pointer (&self->file)) == 0 && well;

  return well ? TRUE : failed (self->draft, error);
}

gboolean
tw_new_file_place (TwNewFile  *self,
                   GError    **error)
{
  if (g_rename (self->draft, self->name) != 0)
    return failed (self->name, error);
  g_clear_pointer (&self->draft, g_free);

  return TRUE;
}

void
tw_new_file_clear (TwNewFile *self)
{
  if (self->file != NULL)
    fclose (g_steal_pointer (&self->file));
  if (self->draft != NULL)
    g_unlink (self->draft);
  g_clear_pointer (&self->draft, g_free);
  g_clear_pointer (&self->name, g_free);
}
