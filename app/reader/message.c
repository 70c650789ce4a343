/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/message.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"
#include "app/reader/message-kinds.h"

const char *
tw_message_kind_name (TwMessageKind kind)
{
  return tw_message_kinds[kind].name;
}

static gboolean
text_fits (const TwField *field,
           const char  *text,
           GError     **error)
{
  gsize len = strlen (text);
  gsize most = field->type == TW_FIELD_TEXTS ? TW_TEXT_IN_LIST : (gsize) field->most;
  gsize least = field->type == TW_FIELD_TEXTS ? 1 : (gsize) field->least;

  if (len >= least && len <= most && field->shape (text) &&
      (field->words == NULL || g_strv_contains (field->words, text)))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" has a value that is not allowed",
               field->name);
  return FALSE;
}

static gboolean
number_fits (const TwField *field,
             gint64       value,
             GError     **error)
{
  if (value >= field->least && value <= field->most)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" is out of range", field->name);
  return FALSE;
}

static gboolean
list_fits (const TwField *field,
           char       **texts,
           GError     **error)
{
  if (texts == NULL || g_strv_length (texts) > (guint) field->most)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" has too many or no elements",
                   field->name);
      return FALSE;
    }

  for (; *texts != NULL; texts++)
    if (!text_fits (field, *texts, error))
      return FALSE;
  return TRUE;
}

static gboolean write_fields (TwJsonOut *out, const TwMessage *message, const TwField *field, GError **error);

static gboolean
write_text (TwJsonOut   *out,
            const TwField *field,
            const char  *text,
            GError     **error)
{
  if (text == NULL && field->type == TW_FIELD_MAY_TEXT)
    return TRUE;

  if (!text_fits (field, text != NULL ? text : "", error))
    return FALSE;

  tw_json_out_string (out, field->name, text);
  return TRUE;
}

static gboolean
write_list (TwJsonOut   *out,
            const TwField *field,
            char       **texts,
            GError     **error)
{
  if (!list_fits (field, texts, error))
    return FALSE;

  tw_json_out_begin_array (out, field->name);
  for (; *texts != NULL; texts++)
    tw_json_out_string (out, NULL, *texts);
  tw_json_out_end (out);
  return TRUE;
}

static gboolean
write_field (TwJsonOut       *out,
             const TwMessage *message,
             const TwField     *field,
             GError         **error)
{
  gconstpointer at = G_STRUCT_MEMBER_P (message, field->offset);

  switch (field->type)
    {
    case TW_FIELD_NUMBER:
      if (!number_fits (field, *(const gint64 *) at, error))
        return FALSE;
      tw_json_out_int64 (out, field->name, *(const gint64 *) at);
      return TRUE;

    case TW_FIELD_TRUTH:
      tw_json_out_bool (out, field->name, *(const gboolean *) at);
      return TRUE;

    case TW_FIELD_TEXT:
    case TW_FIELD_MAY_TEXT:
      return write_text (out, field, *(char *const *) at, error);

    case TW_FIELD_TEXTS:
      return write_list (out, field, *(char **const *) at, error);

    case TW_FIELD_GROUP:
      tw_json_out_begin_object (out, field->name);
      if (!write_fields (out, message, field->group, error))
        return FALSE;
      tw_json_out_end (out);
      return TRUE;
    }

  g_return_val_if_reached (FALSE);
}

static gboolean
write_fields (TwJsonOut       *out,
              const TwMessage *message,
              const TwField     *field,
              GError         **error)
{
  for (; field->name != NULL; field++)
    if (!write_field (out, message, field, error))
      return FALSE;
  return TRUE;
}

GBytes *
tw_message_encode (const TwMessage *self,
                   GError         **error)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();
  g_autoptr(GBytes) bytes = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "v", TW_MESSAGE_VERSION);
  tw_json_out_string (out, "kind", tw_message_kinds[self->kind].name);
  tw_json_out_begin_object (out, "content");
  if (!write_fields (out, self, tw_message_kinds[self->kind].fields, error))
    return NULL;

  tw_json_out_end (out);
  bytes = tw_json_out_finish (out);
  if (g_bytes_get_size (bytes) > TW_MESSAGE_MOST)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message \"%s\" is longer than %d bytes",
                   tw_message_kinds[self->kind].name, TW_MESSAGE_MOST);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

static gboolean read_fields (TwMessage *message, const TwJson *object, const TwField *fields, GError **error);

static gboolean
read_text (const TwJson *object,
           const TwField  *field,
           char        **text,
           GError      **error)
{
  const char *value;

  if (field->type == TW_FIELD_MAY_TEXT && tw_json_member (object, field->name) == NULL)
    return TRUE;

  value = tw_json_get_string (object, field->name, error);
  if (value == NULL || !text_fits (field, value, error))
    return FALSE;

  *text = g_strdup (value);
  return TRUE;
}

static gboolean
read_list (const TwJson *object,
           const TwField  *field,
           char       ***texts,
           GError      **error)
{
  const TwJson *array = tw_json_get (object, field->name, TW_JSON_ARRAY, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  if (array == NULL)
    return FALSE;

  for (guint i = 0; i < tw_json_length (array); i++)
    {
      const char *value = tw_json_string (tw_json_element (array, i));

      g_ptr_array_add (list, g_strdup (value != NULL ? value : ""));   /* the empty one does not fit */
    }
  g_ptr_array_add (list, NULL);

  if (!list_fits (field, (char **) list->pdata, error))
    return FALSE;

  *texts = (char **) g_ptr_array_free (g_steal_pointer (&list), FALSE);
  return TRUE;
}

static gboolean
read_field (TwMessage    *message,
            const TwJson *object,
            const TwField  *field,
            GError      **error)
{
  gpointer at = G_STRUCT_MEMBER_P (message, field->offset);
  const TwJson *inner;

  switch (field->type)
    {
    case TW_FIELD_NUMBER:
      return tw_json_get_int64 (object, field->name, at, error) && number_fits (field, *(gint64 *) at, error);

    case TW_FIELD_TRUTH:
      inner = tw_json_get (object, field->name, TW_JSON_BOOL, error);
      *(gboolean *) at = tw_json_is_true (inner);
      return inner != NULL;

    case TW_FIELD_TEXT:
    case TW_FIELD_MAY_TEXT:
      return read_text (object, field, at, error);

    case TW_FIELD_TEXTS:
      return read_list (object, field, at, error);

    case TW_FIELD_GROUP:
      inner = tw_json_get (object, field->name, TW_JSON_OBJECT, error);
      return inner != NULL && read_fields (message, inner, field->group, error);
    }

  g_return_val_if_reached (FALSE);
}

static gboolean
read_fields (TwMessage    *message,
             const TwJson *object,
             const TwField  *fields,
             GError      **error)
{
  const char *names[16] = { NULL };

  for (guint i = 0; fields[i].name != NULL; i++)
    {
      g_assert (i + 1 < G_N_ELEMENTS (names));
      names[i] = fields[i].name;
    }
  if (!tw_json_only (object, names, error))
    return FALSE;

  for (; fields->name != NULL; fields++)
    if (!read_field (message, object, fields, error))
      return FALSE;
  return TRUE;
}

static gboolean
find_kind (const TwJson  *root,
           TwMessageFrom  from,
           TwMessageKind *kind,
           GError       **error)
{
  const char *name = tw_json_get_string (root, "kind", error);

  if (name == NULL)
    return FALSE;

  for (guint i = 0; i < tw_message_n_kinds; i++)
    if (tw_message_kinds[i].from == from && strcmp (tw_message_kinds[i].name, name) == 0)
      {
        *kind = i;
        return TRUE;
      }

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message of a kind that the other side may not send");
  return FALSE;
}

static gboolean
check_version (const TwJson *root,
               GError      **error)
{
  gint64 version;

  if (!tw_json_get_int64 (root, "v", &version, error))
    return FALSE;

  if (version == TW_MESSAGE_VERSION)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the card reader program speaks version %" G_GINT64_FORMAT
               " of the messages, we speak %d: install both programs from one release", version, TW_MESSAGE_VERSION);
  return FALSE;
}

TwMessage *
tw_message_decode (const char   *text,
                   gsize         len,
                   TwMessageFrom from,
                   GError      **error)
{
  static const char *const envelope[] = { "v", "kind", "content", NULL };
  g_autoptr(TwJson) root = tw_json_parse (text, len, &TW_JSON_SMALL, error);
  g_autoptr(TwMessage) message = g_new0 (TwMessage, 1);
  const TwJson *content;

  if (root == NULL || !tw_json_only (root, envelope, error) || !check_version (root, error) ||
      !find_kind (root, from, &message->kind, error))
    return NULL;

  content = tw_json_get (root, "content", TW_JSON_OBJECT, error);
  if (content == NULL || !read_fields (message, content, tw_message_kinds[message->kind].fields, error))
    return NULL;

  return g_steal_pointer (&message);
}

static void
free_fields (TwMessage   *self,
             const TwField *field)
{
  for (; field->name != NULL; field++)
    {
      gpointer at = G_STRUCT_MEMBER_P (self, field->offset);

      if (field->type == TW_FIELD_TEXT || field->type == TW_FIELD_MAY_TEXT)
        g_free (*(char **) at);
      else if (field->type == TW_FIELD_TEXTS)
        g_strfreev (*(char ***) at);
      else if (field->type == TW_FIELD_GROUP)
        free_fields (self, field->group);
    }
}

void
tw_message_free (TwMessage *self)
{
  if (self == NULL)
    return;

  free_fields (self, tw_message_kinds[self->kind].fields);
  g_free (self);
}
