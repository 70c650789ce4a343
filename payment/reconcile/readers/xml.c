/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/xml.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/reconcile/readers/source.h"

#include <libxml/xmlreader.h>

enum { MAX_DEPTH = 32, MAX_PATH = 4096, MAX_TEXT = 1024 * 1024 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlTextReader, xmlFreeTextReader)

struct _TwXml
{
  TwSource *source;
  xmlTextReader *reader;
  gboolean doctype;
  GString *path, *text;
  gboolean is_leaf;             /* no element has begun in the one whose text this is */
  char *namespace_;
  char *complaint;
  int complaint_line;
  GError *failure;              /* of the file, in a callback of libxml2 */
};

static int
on_read (void *user_data,
         char *bytes,
         int   n)
{
  TwXml *self = user_data;

  return self->failure ? -1 : tw_source_read (self->source, bytes, n, &self->failure);
}

static void
on_error (void        *user_data,
          xmlErrorPtr  found)
{
  TwXml *self = user_data;
  g_autofree char *message = NULL;

  if (self->complaint || found->level < XML_ERR_ERROR || found->message == NULL)
    return;
  message = g_strchomp (g_strdup (found->message));
  self->complaint = tw_text_printable (message, 120);
  self->complaint_line = found->line;
}

TwXml *
tw_xml_open (const char  *path,
             gboolean     doctype,
             GError     **error)
{
  g_autoptr (TwXml) self = g_new0 (TwXml, 1);

  self->doctype = doctype;
  self->path = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->source = tw_source_open (path, error);
  if (self->source == NULL)
    return NULL;
  /* No base address: nothing in the file can be relative to anything. */
  self->reader = xmlReaderForIO (on_read, NULL, self, NULL, NULL, XML_PARSE_NONET);
  g_assert (self->reader);
  xmlTextReaderSetStructuredErrorHandler (self->reader, on_error, self);

  return g_steal_pointer (&self);
}

void
tw_xml_free (TwXml *self)
{
  if (self == NULL)
    return;
  xmlFreeTextReader (self->reader);
  tw_source_free (self->source);
  g_string_free (self->path, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->namespace_);
  g_free (self->complaint);
  g_clear_error (&self->failure);
  g_free (self);
}

static gboolean
refuse (const TwXml  *self,
        GError      **error,
        const char   *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": %s", tw_source_path (self->source),
               tw_xml_line (self), what);

  return FALSE;
}

static TwChars
trimmed (const TwXml *self)
{
  const char *begin = self->text->str, *end = begin + self->text->len;

  while (begin < end && g_ascii_isspace (*begin))
    begin++;
  while (begin < end && g_ascii_isspace (end[-1]))
    end--;

  return (TwChars) { begin, end - begin };
}

static gboolean
push (TwXml       *self,
      const char  *mark,
      const char  *name,
      GError     **error)
{
  g_string_append (self->path, mark);
  g_string_append (self->path, name);

  return self->path->len <= MAX_PATH || refuse (self, error, "names are too long");
}

static gboolean
read_attributes (TwXml             *self,
                 const TwXmlClass  *class_,
                 gpointer           handler,
                 GError           **error)
{
  const gsize above = self->path->len;

  for (int more = xmlTextReaderMoveToFirstAttribute (self->reader); more == 1;
       more = xmlTextReaderMoveToNextAttribute (self->reader))
    {
      if (xmlTextReaderIsNamespaceDecl (self->reader) == 1)
        continue;
      g_string_assign (self->text, (const char *) xmlTextReaderConstValue (self->reader));
      if (!push (self, "/@", (const char *) xmlTextReaderConstLocalName (self->reader), error)
          || !class_->leaf (handler, self->path->str, trimmed (self), error))
        return FALSE;
      g_string_truncate (self->path, above);
    }
  xmlTextReaderMoveToElement (self->reader);

  return TRUE;
}

static gboolean
end_element (TwXml             *self,
             const TwXmlClass  *class_,
             gpointer           handler,
             GError           **error)
{
  const gboolean is_leaf = self->is_leaf;

  self->is_leaf = FALSE;
  if (is_leaf && !class_->leaf (handler, self->path->str, trimmed (self), error))
    return FALSE;
  if (!class_->end (handler, self->path->str, error))
    return FALSE;
  g_string_truncate (self->path, g_strrstr (self->path->str, "/") - self->path->str);

  return TRUE;
}

static gboolean
begin_element (TwXml             *self,
               const TwXmlClass  *class_,
               gpointer           handler,
               GError           **error)
{
  const gboolean is_empty = xmlTextReaderIsEmptyElement (self->reader);

  if (xmlTextReaderDepth (self->reader) >= MAX_DEPTH)
    return refuse (self, error, "nested too deep");
  if (self->namespace_ == NULL)
    self->namespace_ = g_strdup ((const char *) xmlTextReaderConstNamespaceUri (self->reader) ?: "");
  if (!push (self, "/", (const char *) xmlTextReaderConstLocalName (self->reader), error)
      || !read_attributes (self, class_, handler, error)
      || !class_->begin (handler, self->path->str, error))
    return FALSE;
  g_string_truncate (self->text, 0);
  self->is_leaf = TRUE;

  return !is_empty || end_element (self, class_, handler, error);
}

static gboolean
add_text (TwXml   *self,
          GError **error)
{
  g_string_append (self->text, (const char *) xmlTextReaderConstValue (self->reader));

  return self->text->len <= MAX_TEXT || refuse (self, error, "a text of more than 1 MiB");
}

/* A document type may name an outside one, which is not fetched; what it defines itself is not put up with. */
static gboolean
check_doctype (const TwXml  *self,
               GError      **error)
{
  const xmlNode *type = xmlTextReaderCurrentNode (self->reader);

  if (!self->doctype || type->children)
    return refuse (self, error, "a document type, which is not wanted in such a file");

  return TRUE;
}

static gboolean
read_node (TwXml             *self,
           const TwXmlClass  *class_,
           gpointer           handler,
           GError           **error)
{
  switch (xmlTextReaderNodeType (self->reader))
    {
    case XML_READER_TYPE_ELEMENT:
      return begin_element (self, class_, handler, error);
    case XML_READER_TYPE_END_ELEMENT:
      return end_element (self, class_, handler, error);
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
      return add_text (self, error);
    case XML_READER_TYPE_DOCUMENT_TYPE:
      return check_doctype (self, error);
    case XML_READER_TYPE_ENTITY_REFERENCE:
      return refuse (self, error, "an entity, which is not wanted in such a file");
    default:
      return TRUE;
    }
}

gboolean
tw_xml_read (TwXml             *self,
             const TwXmlClass  *class_,
             gpointer           handler,
             GError           **error)
{
  int more;

  while ((more = xmlTextReaderRead (self->reader)) == 1)
    if (!read_node (self, class_, handler, error))
      return FALSE;
  if (self->failure)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }
  if (more < 0 || self->complaint)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %d: not XML: %s", tw_source_path (self->source),
                   self->complaint_line, self->complaint ? self->complaint : "it cannot be read");
      return FALSE;
    }

  return tw_source_check_end (self->source, error);
}

const char *
tw_xml_namespace (const TwXml *self)
{
  return self->namespace_ ? self->namespace_ : "";
}

guint64
tw_xml_line (const TwXml *self)
{
  return MAX (xmlTextReaderGetParserLineNumber (self->reader), 1);
}

guint64
tw_xml_bytes_read (const TwXml *self)
{
  return tw_source_bytes_read (self->source);
}

guint64
tw_xml_size (const TwXml *self)
{
  return tw_source_size (self->source);
}

void
tw_xml_digest (const TwXml *self,
               char        *hex)
{
  tw_source_digest (self->source, hex);
}
