/* SPDX-License-Identifier: Apache-2.0 */
/* A translator's catalogue as msgfmt(1) compiles it: "The Format of GNU MO Files", GNU gettext manual 10.3, revision 0,
 * either byte order, UTF-8. All is checked once, when it is opened; after that nothing can go wrong. Not here: plural
 * forms and system dependent strings, which are refused. Any thread.
 */
#pragma once

#include <glib.h>

typedef struct _TwCatalogue TwCatalogue;

/* Keeps a reference to mo. BAD_DATA: not such a file, or anything in it is not as the manual says; the message names
 * the string. */
TwCatalogue *tw_catalogue_new (GBytes *mo, GError **error);
void         tw_catalogue_free (TwCatalogue *self);

/* The translation of msgid in context (NULL: in none), which lives as long as the catalogue; NULL: there is none, or it
 * is empty. Allocates nothing. */
const char  *tw_catalogue_find (const TwCatalogue *self, const char *context, const char *msgid);

/* Every entry in the file's order, the header ("") too. key is "msgid", or "context\004msgid". */
guint        tw_catalogue_length (const TwCatalogue *self);
void         tw_catalogue_entry (const TwCatalogue *self, guint i, const char **key, const char **translation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCatalogue, tw_catalogue_free)
