/* SPDX-License-Identifier: Apache-2.0 */
/* A card or phone that exists only in a text file, and computes what a real one would: made from a profile
 * (assets/bench/cards, README.md), held to the antenna of a virtual PN532. Main thread of its reader.
 */
#pragma once

#include "hw/virtual/pn532.h"

#include <glib.h>

typedef struct _TwVirtualCard TwVirtualCard;

/* BAD_DATA: what is wrong in which group and key; GONE: the file cannot be read. */
TwVirtualCard *tw_virtual_card_new_from_file (const char *path, GError **error);
TwVirtualCard *tw_virtual_card_new (const char *profile, gsize len, const char *name, GError **error);
void           tw_virtual_card_free (TwVirtualCard *self);

const char    *tw_virtual_card_title (TwVirtualCard *self);

/* Into the field, with the latency and the habit of leaving that the profile gives it. The card must live until it is
 * out of the field again. */
void           tw_virtual_card_insert (TwVirtualCard *self, TwPn532 *reader);

/* The transaction counter of an EMV card; 0 for one that has none. It begins at 0. */
guint16        tw_virtual_card_atc (TwVirtualCard *self);
/* Takes the counter from a file, if there is one, and writes it there before each answer that it went into: a bank that
 * checks counters must not see one twice because the bench was started again. GONE, BAD_DATA. */
gboolean       tw_virtual_card_persist (TwVirtualCard *self, const char *path, GError **error);

/* For those who hold it to another antenna than TwPn532. card: a TwVirtualCard. */
extern const TwPn532CardOps TW_VIRTUAL_CARD_OPS;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwVirtualCard, tw_virtual_card_free)
