/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/card-profile.h"

#include "app/base/error.h"
#include "hw/virtual/card-application.h"

#include <string.h>

#define APPLICATION "application "

static const char *const CARD_KEYS[] = {
  "title", "kind", "atqa", "sak", "uid", "ats", "tear-after", "latency-ms", "garbage", NULL
};
static const char *const PPSE_KEYS[] = { "applications", "answer", NULL };

static gboolean
read_applications (TwProfileReader *reader,
                   TwCardProfile   *self)
{
  g_auto (GStrv) groups = g_key_file_get_groups (reader->file, NULL);

  for (guint i = 0; groups[i]; i++)
    {
      TwCardApplication *app;

      reader->group = groups[i];
      if (strcmp (groups[i], "card") == 0 || strcmp (groups[i], "ppse") == 0)
        continue;
      if (!g_str_has_prefix (groups[i], APPLICATION))
        return tw_profile_blame (reader, "", "is none of [card], [ppse], [application NAME]");
      app = tw_card_application_new (groups[i] + strlen (APPLICATION));
      g_ptr_array_add (self->applications, app);
      if (!tw_card_application_read (reader, app))
        return FALSE;
    }
  return TRUE;
}

static TwCardApplication *
application_by_name (TwCardProfile *self,
                     const char    *name)
{
  for (guint i = 0; i < self->applications->len; i++)
    {
      TwCardApplication *app = g_ptr_array_index (self->applications, i);

      if (strcmp (app->name, name) == 0)
        return app;
    }
  return NULL;
}

static gboolean
read_ppse (TwProfileReader *reader,
           TwCardProfile   *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) names = NULL;

  reader->group = "ppse";
  if (!tw_profile_only (reader, PPSE_KEYS) || !tw_profile_hex (reader, "answer", 0, 300, &self->ppse_answer))
    return FALSE;

  text = tw_profile_text (reader, "applications");
  if (text == NULL)
    {
      g_ptr_array_extend (self->listed, self->applications, NULL, NULL);
      return TRUE;
    }
  names = g_strsplit (text, " ", -1);
  for (guint i = 0; names[i]; i++)
    {
      TwCardApplication *app = application_by_name (self, names[i]);

      if (names[i][0] == '\0')
        continue;
      if (app == NULL)
        return tw_profile_blame (reader, "applications", "names an application that has no group");
      g_ptr_array_add (self->listed, app);
    }
  return TRUE;
}

static gboolean
read_uid (TwProfileReader *reader,
          TwCardProfile   *self)
{
  g_autofree char *text = tw_profile_text (reader, "uid");
  g_autoptr (GBytes) uid = NULL;

  if (g_strcmp0 (text, "random") == 0)
    {
      self->random_uid = TRUE;
      self->target.uid_len = 4;
      return TRUE;
    }
  if (!tw_profile_hex (reader, "uid", 4, 10, &uid))
    return FALSE;
  if (uid == NULL)
    return tw_profile_blame (reader, "uid", "is missing");
  self->target.uid_len = g_bytes_get_size (uid);
  if (self->target.uid_len != 4 && self->target.uid_len != 7 && self->target.uid_len != 10)
    return tw_profile_blame (reader, "uid", "has neither 4, 7 nor 10 bytes, and is not \"random\"");
  memcpy (self->target.uid, g_bytes_get_data (uid, NULL), self->target.uid_len);
  return TRUE;
}

static gboolean
read_target (TwProfileReader *reader,
             TwCardProfile   *self)
{
  g_autoptr (GBytes) atqa = NULL;
  g_autoptr (GBytes) sak = NULL;
  g_autoptr (GBytes) ats = NULL;

  if (!tw_profile_hex (reader, "atqa", 2, 2, &atqa) || !tw_profile_hex (reader, "sak", 1, 1, &sak)
      || !read_uid (reader, self)
      || !tw_profile_hex (reader, "ats", 1, sizeof self->target.ats, &ats))
    return FALSE;
  if (atqa == NULL || sak == NULL)
    return tw_profile_blame (reader, atqa ? "sak" : "atqa", "is missing");

  memcpy (self->target.atqa, g_bytes_get_data (atqa, NULL), 2);
  memcpy (&self->target.sak, g_bytes_get_data (sak, NULL), 1);
  if ((ats != NULL) != ((self->target.sak & 0x20) != 0))
    return tw_profile_blame (reader, "ats", "goes with bit 20 of sak, and with nothing else");
  if (ats == NULL)
    return TRUE;

  self->target.ats_len = g_bytes_get_size (ats);
  memcpy (self->target.ats, g_bytes_get_data (ats, NULL), self->target.ats_len);
  return self->target.ats[0] == self->target.ats_len
         || tw_profile_blame (reader, "ats", "does not begin with its own length");
}

static gboolean
read_card (TwProfileReader *reader,
           TwCardProfile   *self)
{
  g_autofree char *kind = NULL;
  guint tear_after = G_MAXUINT;

  reader->group = "card";
  kind = tw_profile_text (reader, "kind");
  self->title = tw_profile_text (reader, "title");
  if (self->title == NULL)
    return tw_profile_blame (reader, "title", "is missing");
  if (g_strcmp0 (kind, "emv") != 0 && g_strcmp0 (kind, "uid") != 0)
    return tw_profile_blame (reader, "kind", "is neither emv nor uid");
  self->emv = strcmp (kind, "emv") == 0;

  if (!tw_profile_only (reader, CARD_KEYS) || !read_target (reader, self)
      || !tw_profile_number (reader, "tear-after", 1000, &tear_after)
      || !tw_profile_number (reader, "latency-ms", 60000, &self->latency_ms)
      || !tw_profile_hex (reader, "garbage", 0, 300, &self->garbage))
    return FALSE;
  self->tear_after = tear_after == G_MAXUINT ? -1 : (gint) tear_after;
  return TRUE;
}

TwCardProfile *
tw_card_profile_parse (const char *text,
                       gsize       len,
                       const char *name,
                       GError    **error)
{
  g_autoptr (TwCardProfile) self = g_new0 (TwCardProfile, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) why = NULL;
  TwProfileReader reader = { file, name, "", error };

  self->applications = g_ptr_array_new_with_free_func (tw_card_application_free);
  self->listed = g_ptr_array_new ();
  if (len > 65536 || !g_key_file_load_from_data (file, text, len, G_KEY_FILE_NONE, &why))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card %s: %s", name,
                   why ? why->message : "is longer than 64 KiB");
      return NULL;
    }
  if (!read_card (&reader, self) || !read_applications (&reader, self) || !read_ppse (&reader, self))
    return NULL;
  if (!self->emv && self->applications->len > 0)
    {
      tw_profile_blame (&reader, "applications", "are for a card of kind emv");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
tw_card_profile_free (TwCardProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_clear_pointer (&self->garbage, g_bytes_unref);
  g_clear_pointer (&self->ppse_answer, g_bytes_unref);
  g_ptr_array_unref (self->listed);
  g_ptr_array_unref (self->applications);
  g_free (self);
}
