/* SPDX-License-Identifier: Apache-2.0 */
/* Files that records come in: one record, lines of them, each plain or in hex or base64; or XML as the transparency
 * software has it: values/value with signedData and publicKey. What it says about itself (format, encoding, context) is
 * a hint at most: a record is what begins with "OCMF|". Any thread.
 */
#pragma once

#include "payment/ocmf/ocmf.h"

typedef struct
{
  const char      *text;       /* the record, from "OCMF|" on; white space after it may follow */
  gsize            len;
  const char      *wrapped;    /* as it came, where that is another text; else NULL */
  gsize            n_wrapped;
  const TwOcmfKey *key;        /* the container's; NULL: it has none for this record */
  guint            line;       /* of the file, from 1 */
} TwOcmfItem;

/* Something that is no record: a foreign format, a comment, what was a record before it was damaged. */
typedef struct { guint line; char *what; } TwOcmfStray;

typedef struct
{
  GArray *items;     /* of TwOcmfItem */
  GArray *strays;    /* of TwOcmfStray; at most TW_OCMF_MAX_STRAYS of them are kept, and n_strays counts all */
  gsize   n_strays;
  GPtrArray  *owned; /* of GBytes, TwOcmfKey: what the items point to besides the file's bytes */
  GHashTable *keys;
} TwOcmfContainer;

#define TW_OCMF_MAX_STRAYS 100
#define TW_OCMF_MAX_ITEMS 500000
#define TW_OCMF_MAX_XML (64 * 1024 * 1024)

/* text outlives the container. BAD_DATA: XML that is not well-formed or has a document type, too many records, or too
 * much XML. A file without a record is a container without an item. */
TwOcmfContainer *tw_ocmf_container_read (const char *text, gsize len, GError **error);
void             tw_ocmf_container_free (TwOcmfContainer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOcmfContainer, tw_ocmf_container_free)
