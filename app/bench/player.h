/* SPDX-License-Identifier: Apache-2.0 */
/* Plays a scenario: a text file, one step a line (README.md). A line whose first word is none of the player's verbs
 * is a command for the street. Blocks; belongs to the program that plays, not to the one that runs the street.
 */
#pragma once

#include <glib.h>

typedef struct _TwPlayer TwPlayer;

/* dir: of a running street. touch_program: the finger on a screen, called with the words of "finger ..." and with
 * "picture NAME"; NULL: there is none. story: print only what the scenario tells, not its steps. */
TwPlayer *tw_player_new (const char *dir, const char *touch_program, gboolean story);
void      tw_player_free (TwPlayer *self);

/* The first step that fails ends it: BAD_DATA, a line that cannot be understood; REFUSED, an expectation that was not
 * met, or what the street said. The message begins with file and line. */
gboolean  tw_player_play (TwPlayer *self, const char *file, GError **error);
/* "verb  what it does" lines. Free with g_free(). */
char     *tw_player_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPlayer, tw_player_free)
