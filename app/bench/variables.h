/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario remembers, and where its lines say it: ${NAME}, or ${NAME,WIDTH} filled up with spaces on its left
 * (WIDTH below zero: on its right). Pure. One thread.
 */
#pragma once

#include <glib.h>

typedef struct _TwVariables TwVariables;

TwVariables *tw_variables_new (void);
void         tw_variables_free (TwVariables *self);

void         tw_variables_set (TwVariables *self, const char *name, const char *value);

/* The value of a name that was not set; NULL and error: there is none either. Free with g_free(). */
typedef char *(*TwVariablesLookup) (const char *name, gpointer user_data, GError **error);

/* text with every value in its place. BAD_DATA: a "${" without "}"; or what lookup says. Free with g_free(). */
char        *tw_variables_expand (TwVariables *self, const char *text, TwVariablesLookup lookup, gpointer user_data,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwVariables, tw_variables_free)
