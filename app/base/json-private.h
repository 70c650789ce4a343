/* SPDX-License-Identifier: Apache-2.0 */
/* What the parser, the tree and the writer of JSON share. Not for other folders. */
#pragma once

#include "app/base/json.h"

#include <yajl/yajl_common.h>

struct _TwJson
{
  TwJsonType  type;
  gboolean    truth;
  guint       line, column; /* of its first character, from 1 */
  TwJson     *parent;
  guint       index;        /* in its parent */
  char       *name;         /* if the parent is an object */
  char       *text;         /* of a string: decoded; of a number: as written; in room; else NULL */
  GPtrArray  *items;        /* of a container: of TwJson, owned */
  GHashTable *by_name;      /* name -> item, once an object has more than a few members */
  char        room[];
};

/* yajl's memory may hold card data on its way to encryption: all of it is wiped when freed or moved. */
extern const yajl_alloc_funcs tw_json_memory;

/* Takes the name. text: NULL, or n characters. */
TwJson *tw_json_node_new (TwJsonType type, TwJson *parent, char *name, const char *text, gsize n);

/* "$.a[3]", and the path of a member or element that is not there (yet): name, or NULL for the next element. */
char   *tw_json_path_of_next (const TwJson *container, const char *name);
