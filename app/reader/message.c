/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/message.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

/* The allow-list is data: encoder and decoder walk the same table, so that neither knows a member that the other
 * does not. */
typedef enum { NUMBER, TRUTH, TEXT, MAY_TEXT, TEXTS, GROUP } Type;

typedef gboolean (*Shape) (const char *text);

typedef struct _Field Field;
struct _Field
{
  const char  *name;
  Type         type;
  gsize        offset;
  gint64       least, most;     /* NUMBER: the range; TEXT: the length; TEXTS: the count */
  Shape        shape;
  const char **words;           /* TEXT: one of these */
  const Field *group;
};

#define AT(member) G_STRUCT_OFFSET (TwMessage, member)
#define REQUEST    { "request", NUMBER, AT (request), 1, G_MAXINT64 }
#define DEADLINE   { "deadline_ms", NUMBER, AT (deadline_ms), 1, 3600 * 1000 }

#define TEXTS_MOST      8
#define TEXT_IN_LIST    64
#define BODY_MOST       12000

static const char *prompts[] = { "present-card", "hold-still", "see-phone", "one-card-only", "try-again", "other-card",
                                 "removed", NULL };
static const char *codes[] = { "cancelled", "timeout", "declined", "other-card", "not-accepted", "not-known-here",
                               "see-phone", "bad-request", "not-sealed", NULL };
static const char *card_kinds[] = { "emv", "uid", "stripe", NULL };
static const char *cvms[] = { "none", "device", NULL };
static const char *cryptograms[] = { "arqc", NULL };
static const char *authentications[] = { "not-performed", NULL };

static gboolean
all_of (const char *text,
        gboolean  (*fits) (char c))
{
  for (; *text != '\0'; text++)
    if (!fits (*text))
      return FALSE;
  return TRUE;
}

static gboolean
fits_printable (char c)
{
  return c >= 0x20 && c <= 0x7e;
}

static gboolean
fits_digit (char c)
{
  return g_ascii_isdigit (c);
}

static gboolean
fits_upper (char c)
{
  return g_ascii_isupper (c);
}

static gboolean
fits_hex (char c)
{
  return g_ascii_isxdigit (c) && !g_ascii_isupper (c);
}

static gboolean
printable (const char *text)
{
  return all_of (text, fits_printable);
}

static gboolean
digits (const char *text)
{
  return all_of (text, fits_digit);
}

static gboolean
capitals (const char *text)
{
  return all_of (text, fits_upper);
}

static gboolean
hex (const char *text)
{
  return strlen (text) % 2 == 0 && all_of (text, fits_hex);
}

static gboolean
anything (const char *text)
{
  return TRUE;
}

/* Stars and the last four: whatever goes wrong in the reader, a whole number does not pass here. */
static gboolean
masked (const char *text)
{
  gsize stars = strspn (text, "*");

  return stars >= 8 && strlen (text + stars) == 4 && digits (text + stars);
}

/* emv-contactless.md section 10: the epoch's name, a colon, 16 bytes in hex. */
static gboolean
fingerprint (const char *text)
{
  const char *colon = strchr (text, ':');

  return colon != NULL && colon != text && strlen (colon + 1) == 32 && hex (colon + 1) && printable (text);
}

static const Field hello_fields[] = {
  { "device", TEXT, AT (device), 1, 256, printable },
  { "gateway", TEXT, AT (gateway), 1, 32, printable },
  { "key_ids", TEXTS, AT (key_ids), 0, TEXTS_MOST, printable },
  { NULL }
};

static const Field identify_fields[] = { REQUEST, DEADLINE, { NULL } };

static const Field terminal_fields[] = {
  { "type", NUMBER, AT (terminal.type), 0, 99 },
  { "id", TEXT, AT (terminal.id), 1, 8, printable },
  { "name", TEXT, AT (terminal.name), 1, 64, anything },
  { "category", NUMBER, AT (terminal.category), 0, 9999 },
  { "contactless_limit_minor", NUMBER, AT (terminal.contactless_limit_minor), 0, G_MAXINT64 },
  { "cvm_limit_minor", NUMBER, AT (terminal.cvm_limit_minor), 0, G_MAXINT64 },
  { "date", TEXT, AT (terminal.date), 6, 6, digits },
  { "time", TEXT, AT (terminal.time), 6, 6, digits },
  { NULL }
};

static const Field authorize_fields[] = {
  REQUEST, DEADLINE,
  { "amount_minor", NUMBER, AT (amount_minor), 1, G_GINT64_CONSTANT (999999999999) },    /* 9F02 is n12 */
  { "currency", TEXT, AT (currency), 3, 3, capitals },
  { "country", TEXT, AT (country), 2, 2, capitals },
  { "transaction_type", NUMBER, AT (transaction_type), 0, 0 },
  { "key_id", TEXT, AT (key_id), 1, TEXT_IN_LIST, printable },
  { "terminal", GROUP, .group = terminal_fields },
  { "body", TEXT, AT (body), 2, BODY_MOST, anything },
  { NULL }
};

static const Field cancel_fields[] = { REQUEST, { NULL } };

static const Field ready_fields[] = {
  { "version", TEXT, AT (version), 1, 32, printable },
  { "device", TEXT, AT (device), 1, 256, printable },
  { "capabilities", TEXTS, AT (capabilities), 0, TEXTS_MOST, printable },
  { "kernels", TEXTS, AT (kernels), 0, TEXTS_MOST, printable },
  { "key_table", TEXT, AT (key_table), 1, TEXT_IN_LIST, printable },
  { NULL }
};

static const Field hint_fields[] = { REQUEST, { "prompt", TEXT, AT (prompt), 1, 32, printable, prompts }, { NULL } };

static const Field card_fields[] = {
  REQUEST,
  { "kind", TEXT, AT (card_kind), 1, 8, printable, card_kinds },
  { "masked", MAY_TEXT, AT (masked), 12, 19, masked },
  { "brand", MAY_TEXT, AT (brand), 1, 16, printable },
  { "aid", MAY_TEXT, AT (aid), 10, 32, hex },
  { "label", MAY_TEXT, AT (label), 1, 16, printable },
  { "fingerprint", MAY_TEXT, AT (fingerprint), 34, 64, fingerprint },
  { "fingerprint_old", MAY_TEXT, AT (fingerprint_old), 34, 64, fingerprint },
  { "test_mode", TRUTH, AT (test_mode) },
  { NULL }
};

static const Field sealed_fields[] = {
  REQUEST,
  { "sealed", TEXT, AT (sealed), 2, 15000, printable },
  { "digest", TEXT, AT (digest), 64, 64, hex },
  { "cvm", TEXT, AT (cvm), 1, 8, printable, cvms },
  { "cryptogram", TEXT, AT (cryptogram), 1, 8, printable, cryptograms },
  { "offline_authentication", TEXT, AT (offline_authentication), 1, 32, printable, authentications },
  { "in_field_ms", NUMBER, AT (in_field_ms), 0, 3600 * 1000 },
  { NULL }
};

static const Field failed_fields[] = {
  REQUEST,
  { "code", TEXT, AT (code), 1, 32, printable, codes },
  { "retry", TRUTH, AT (retry) },
  { NULL }
};

static const Field alive_fields[] = { { NULL } };

static const struct
{
  const char   *name;
  TwMessageFrom from;
  const Field  *fields;
} kinds[] = {
  [TW_MESSAGE_HELLO]     = { "hello", TW_MESSAGE_FROM_DAEMON, hello_fields },
  [TW_MESSAGE_IDENTIFY]  = { "identify", TW_MESSAGE_FROM_DAEMON, identify_fields },
  [TW_MESSAGE_AUTHORIZE] = { "authorize", TW_MESSAGE_FROM_DAEMON, authorize_fields },
  [TW_MESSAGE_CANCEL]    = { "cancel", TW_MESSAGE_FROM_DAEMON, cancel_fields },
  [TW_MESSAGE_READY]     = { "ready", TW_MESSAGE_FROM_READER, ready_fields },
  [TW_MESSAGE_HINT]      = { "hint", TW_MESSAGE_FROM_READER, hint_fields },
  [TW_MESSAGE_CARD]      = { "card", TW_MESSAGE_FROM_READER, card_fields },
  [TW_MESSAGE_SEALED]    = { "sealed", TW_MESSAGE_FROM_READER, sealed_fields },
  [TW_MESSAGE_FAILED]    = { "failed", TW_MESSAGE_FROM_READER, failed_fields },
  [TW_MESSAGE_ALIVE]     = { "alive", TW_MESSAGE_FROM_READER, alive_fields },
};

const char *
tw_message_kind_name (TwMessageKind kind)
{
  return kinds[kind].name;
}

static gboolean
text_fits (const Field *field,
           const char  *text,
           GError     **error)
{
  gsize len = strlen (text);
  gsize most = field->type == TEXTS ? TEXT_IN_LIST : (gsize) field->most;
  gsize least = field->type == TEXTS ? 1 : (gsize) field->least;

  if (len >= least && len <= most && field->shape (text) && (field->words == NULL || g_strv_contains (field->words, text)))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" has a value that is not allowed", field->name);
  return FALSE;
}

static gboolean
number_fits (const Field *field,
             gint64       value,
             GError     **error)
{
  if (value >= field->least && value <= field->most)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" is out of range", field->name);
  return FALSE;
}

static gboolean
list_fits (const Field *field,
           char       **texts,
           GError     **error)
{
  if (texts == NULL || g_strv_length (texts) > (guint) field->most)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message: \"%s\" has too many or no elements", field->name);
      return FALSE;
    }

  for (; *texts != NULL; texts++)
    if (!text_fits (field, *texts, error))
      return FALSE;
  return TRUE;
}

static gboolean write_fields (TwJsonOut *out, const TwMessage *message, const Field *field, GError **error);

static gboolean
write_text (TwJsonOut   *out,
            const Field *field,
            const char  *text,
            GError     **error)
{
  if (text == NULL && field->type == MAY_TEXT)
    return TRUE;

  if (!text_fits (field, text != NULL ? text : "", error))
    return FALSE;

  tw_json_out_string (out, field->name, text);
  return TRUE;
}

static gboolean
write_list (TwJsonOut   *out,
            const Field *field,
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
             const Field     *field,
             GError         **error)
{
  gconstpointer at = G_STRUCT_MEMBER_P (message, field->offset);

  switch (field->type)
    {
    case NUMBER:
      if (!number_fits (field, *(const gint64 *) at, error))
        return FALSE;
      tw_json_out_int64 (out, field->name, *(const gint64 *) at);
      return TRUE;

    case TRUTH:
      tw_json_out_bool (out, field->name, *(const gboolean *) at);
      return TRUE;

    case TEXT:
    case MAY_TEXT:
      return write_text (out, field, *(char *const *) at, error);

    case TEXTS:
      return write_list (out, field, *(char **const *) at, error);

    case GROUP:
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
              const Field     *field,
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
  tw_json_out_string (out, "kind", kinds[self->kind].name);
  tw_json_out_begin_object (out, "content");
  if (!write_fields (out, self, kinds[self->kind].fields, error))
    return NULL;

  tw_json_out_end (out);
  bytes = tw_json_out_finish (out);
  if (g_bytes_get_size (bytes) > TW_MESSAGE_MOST)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message \"%s\" is longer than %d bytes",
                   kinds[self->kind].name, TW_MESSAGE_MOST);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

static gboolean read_fields (TwMessage *message, const TwJson *object, const Field *fields, GError **error);

static gboolean
read_text (const TwJson *object,
           const Field  *field,
           char        **text,
           GError      **error)
{
  const char *value;

  if (field->type == MAY_TEXT && tw_json_member (object, field->name) == NULL)
    return TRUE;

  value = tw_json_get_string (object, field->name, error);
  if (value == NULL || !text_fits (field, value, error))
    return FALSE;

  *text = g_strdup (value);
  return TRUE;
}

static gboolean
read_list (const TwJson *object,
           const Field  *field,
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
            const Field  *field,
            GError      **error)
{
  gpointer at = G_STRUCT_MEMBER_P (message, field->offset);
  const TwJson *inner;

  switch (field->type)
    {
    case NUMBER:
      return tw_json_get_int64 (object, field->name, at, error) && number_fits (field, *(gint64 *) at, error);

    case TRUTH:
      inner = tw_json_get (object, field->name, TW_JSON_BOOL, error);
      *(gboolean *) at = tw_json_is_true (inner);
      return inner != NULL;

    case TEXT:
    case MAY_TEXT:
      return read_text (object, field, at, error);

    case TEXTS:
      return read_list (object, field, at, error);

    case GROUP:
      inner = tw_json_get (object, field->name, TW_JSON_OBJECT, error);
      return inner != NULL && read_fields (message, inner, field->group, error);
    }

  g_return_val_if_reached (FALSE);
}

static gboolean
read_fields (TwMessage    *message,
             const TwJson *object,
             const Field  *fields,
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

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].from == from && strcmp (kinds[i].name, name) == 0)
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
  if (content == NULL || !read_fields (message, content, kinds[message->kind].fields, error))
    return NULL;

  return g_steal_pointer (&message);
}

static void
free_fields (TwMessage   *self,
             const Field *field)
{
  for (; field->name != NULL; field++)
    {
      gpointer at = G_STRUCT_MEMBER_P (self, field->offset);

      if (field->type == TEXT || field->type == MAY_TEXT)
        g_free (*(char **) at);
      else if (field->type == TEXTS)
        g_strfreev (*(char ***) at);
      else if (field->type == GROUP)
        free_fields (self, field->group);
    }
}

void
tw_message_free (TwMessage *self)
{
  if (self == NULL)
    return;

  free_fields (self, kinds[self->kind].fields);
  g_free (self);
}
