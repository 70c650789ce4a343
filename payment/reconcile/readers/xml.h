/* SPDX-License-Identifier: Apache-2.0 */
/* An XML file as a stream of leaves: where each element stands, by local names, and the text in it. Read forward only
 * by libxml2's reader with its limits on: nothing is fetched, no entity but XML's own five is replaced, nothing may be
 * nested deeper than 32. Memory is that of the longest text. One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

typedef struct _TwXml TwXml;

typedef struct
{
  /* path: "/Document/BkToCstmrStmt"; of an attribute "/Report/Batches/Batch/@BatchID", and its text before the element
   * begins. FALSE stops. text: trimmed, until the call ends. */
  gboolean (*begin) (gpointer self, const char *path, GError **error);
  gboolean (*leaf)  (gpointer self, const char *path, TwChars text, GError **error);
  gboolean (*end)   (gpointer self, const char *path, GError **error);
} TwXmlClass;

/* doctype: a document type that defines nothing is put up with. */
TwXml   *tw_xml_open (const char *path, gboolean doctype, GError **error);
void     tw_xml_free (TwXml *self);
gboolean tw_xml_read (TwXml *self, const TwXmlClass *class_, gpointer handler, GError **error);
const char *tw_xml_namespace (const TwXml *self);             /* of the root; "": none */
guint64  tw_xml_line (const TwXml *self);                     /* about where the parser is */
guint64  tw_xml_bytes_read (const TwXml *self);
guint64  tw_xml_size (const TwXml *self);
void     tw_xml_digest (const TwXml *self, char *hex);        /* 65 bytes; complete after tw_xml_read() */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwXml, tw_xml_free)
