/* SPDX-License-Identifier: Apache-2.0 */
/* The allow-list of the messages, as data: the encoder and the decoder of message.c walk the same tables, so that
 * neither knows a member that the other does not. app/reader's own header.
 */
#pragma once

#include "app/reader/message.h"

typedef enum
{
  TW_FIELD_NUMBER, TW_FIELD_TRUTH, TW_FIELD_TEXT, TW_FIELD_MAY_TEXT, TW_FIELD_TEXTS, TW_FIELD_GROUP
} TwFieldType;

typedef struct _TwField TwField;
struct _TwField
{
  const char     *name;
  TwFieldType     type;
  gsize           offset;                  /* in TwMessage */
  gint64          least, most;             /* of a number, of a text's length, of a list's count */
  gboolean      (*shape) (const char *text);
  const char    **words;                   /* a text is one of these; NULL: any */
  const TwField  *group;
};

#define TW_TEXT_IN_LIST 64

typedef struct
{
  const char    *name;
  TwMessageFrom  from;
  const TwField *fields;                   /* ends with a NULL name */
} TwMessageKindInfo;

extern const TwMessageKindInfo tw_message_kinds[];
extern const guint             tw_message_n_kinds;
