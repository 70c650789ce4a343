/* SPDX-License-Identifier: Apache-2.0 */
/* The transparency software's container: <values><value><signedData>OCMF|...</signedData><publicKey>...</publicKey>.
 * Read forward only, by libxml2's reader: nothing is fetched, no entity but XML's own five is replaced, a document type
 * ends it, and libxml2's own limits on names, texts and amplification stay on.
 */
#include "payment/ocmf/container-private.h"

#include "app/base/error.h"

#include <libxml/xmlreader.h>

#include <string.h>

enum { MAX_DEPTH = 16 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlTextReader, xmlFreeTextReader)

typedef enum { INTO_NOTHING, INTO_DATA, INTO_KEY } Into;

typedef struct
{
  TwOcmfContainer *container;
  GString         *data;         /* of the signedData that was read last */
  GString         *key;          /* of the publicKey of this value */
  GString         *common_key;   /* of a publicKey outside of any value */
  char            *format;
  guint            line;         /* of the signedData */
  gboolean         has_data;
  int              value_depth;  /* -1: outside of a value */
  int              into_depth;
  Into             into;
  char            *complaint;
  int              complaint_line;
} Reading;

static void
on_error (void        *user_data,
          xmlErrorPtr  found)
{
  Reading *self = user_data;

  if (self->complaint != NULL || found->level < XML_ERR_ERROR || found->message == NULL)
    return;

  self->complaint = g_strdelimit (g_strchomp (g_strdup (found->message)), "\n", ' ');
  self->complaint_line = found->line;
}

static gboolean
refuse (GError    **error,
        int         line,
        const char *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "line %d: %s", line, what);
  return FALSE;
}

/* The records of the value that ends here, with its key. */
static gboolean
finish_value (Reading  *self,
              GError  **error)
{
  TwOcmfContainer *container = self->container;
  guint first = container->items->len;
  GString *key = self->key->len > 0 ? self->key : self->common_key;
  g_autofree char *hint = self->format == NULL ? NULL : g_strdup_printf ("format %.20s", self->format);
  GBytes *bytes;
  gsize n;
  const char *text;

  if (!self->has_data)
    return TRUE;

  bytes = g_bytes_new (self->data->str, self->data->len);
  text = g_bytes_get_data (bytes, &n);
  g_ptr_array_add (container->owned, bytes);
  if (n > 0 && !tw_ocmf_container_add_text (container, text, n, self->line, hint, error))
    return FALSE;

  for (guint i = first; i < container->items->len; i++)
    g_array_index (container->items, TwOcmfItem, i).key =
      key->len > 0 ? tw_ocmf_container_key (container, key->str) : NULL;
  self->has_data = FALSE;
  g_string_truncate (self->key, 0);

  return TRUE;
}

static gboolean
begin_data (Reading           *self,
            xmlTextReaderPtr   reader,
            GError           **error)
{
  xmlChar *format;

  if (!finish_value (self, error))   /* a second one in the same value */
    return FALSE;

  format = xmlTextReaderGetAttribute (reader, BAD_CAST "format");
  g_free (self->format);
  self->format = g_strdup ((const char *) format);
  xmlFree (format);
  g_string_truncate (self->data, 0);
  self->line = MAX (xmlGetLineNo (xmlTextReaderCurrentNode (reader)), 1);
  self->has_data = TRUE;
  self->into = INTO_DATA;

  return TRUE;
}

static gboolean
begin_element (Reading           *self,
               xmlTextReaderPtr   reader,
               GError           **error)
{
  const char *name = (const char *) xmlTextReaderConstLocalName (reader);
  int depth = xmlTextReaderDepth (reader);

  if (depth >= MAX_DEPTH)
    return refuse (error, xmlTextReaderGetParserLineNumber (reader), "nested too deep");
  if (g_str_equal (name, "value") && self->value_depth < 0)
    {
      self->value_depth = xmlTextReaderIsEmptyElement (reader) ? -1 : depth;
      g_string_truncate (self->key, 0);
      return TRUE;
    }

  if (xmlTextReaderIsEmptyElement (reader) || self->into != INTO_NOTHING)
    return TRUE;

  self->into_depth = depth;
  if (g_str_equal (name, "signedData"))
    return begin_data (self, reader, error);

  if (g_str_equal (name, "publicKey"))
    {
      g_string_truncate (self->value_depth >= 0 ? self->key : self->common_key, 0);
      self->into = INTO_KEY;
    }

  return TRUE;
}

static gboolean
end_element (Reading           *self,
             xmlTextReaderPtr   reader,
             GError           **error)
{
  int depth = xmlTextReaderDepth (reader);

  if (self->into != INTO_NOTHING && depth == self->into_depth)
    self->into = INTO_NOTHING;
  if (depth != self->value_depth)
    return TRUE;

  self->value_depth = -1;
  return finish_value (self, error);
}

static gboolean
on_node (Reading           *self,
         xmlTextReaderPtr   reader,
         GError           **error)
{
  const char *text = (const char *) xmlTextReaderConstValue (reader);

  switch (xmlTextReaderNodeType (reader))
    {
    case XML_READER_TYPE_ELEMENT:
      return begin_element (self, reader, error);
    case XML_READER_TYPE_END_ELEMENT:
      return end_element (self, reader, error);
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
      return refuse (error, xmlTextReaderGetParserLineNumber (reader), "a document type or an entity is not taken");
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
      if (self->into == INTO_DATA)
        g_string_append (self->data, text);
      else if (self->into == INTO_KEY)
        g_string_append (self->value_depth >= 0 ? self->key : self->common_key, text);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
read_nodes (Reading           *self,
            xmlTextReaderPtr   reader,
            GError           **error)
{
  int more;

  while ((more = xmlTextReaderRead (reader)) == 1)
    if (!on_node (self, reader, error))
      return FALSE;

  if (more != 0 || self->complaint != NULL)
    return refuse (error, self->complaint_line, self->complaint != NULL ? self->complaint : "XML cannot be read");

  return finish_value (self, error);
}

gboolean
tw_ocmf_xml_read (TwOcmfContainer  *self,
                  const char       *text,
                  gsize             len,
                  GError          **error)
{
  Reading reading = { .container = self, .value_depth = -1 };
  g_autoptr (xmlTextReader) reader = NULL;
  gboolean good;

  if (len > TW_OCMF_MAX_XML)
    return refuse (error, 1, "more XML than is taken; split the file");
  /* Before libxml2 looks at it: its declarations need not be read to be refused. */
  if (memmem (text, len, "<!DOCTYPE", strlen ("<!DOCTYPE")) != NULL)
    return refuse (error, 1, "a document type is not taken");

  reader = xmlReaderForMemory (text, (int) len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_COMPACT);
  if (reader == NULL)
    return refuse (error, 1, "no memory for XML");

  xmlTextReaderSetStructuredErrorHandler (reader, on_error, &reading);
  reading.data = g_string_new (NULL);
  reading.key = g_string_new (NULL);
  reading.common_key = g_string_new (NULL);
  good = read_nodes (&reading, reader, error);

  g_string_free (reading.data, TRUE);
  g_string_free (reading.key, TRUE);
  g_string_free (reading.common_key, TRUE);
  g_free (reading.format);
  g_free (reading.complaint);

  return good;
}
