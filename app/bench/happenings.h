/* SPDX-License-Identifier: Apache-2.0 */
/* What happened in the street, in order, as JSON lines: what went over the wires as their far end saw it, what the
 * acquirer wrote into its book, and what a hand did. The latest ones are kept, the rest is forgotten; whoever follows
 * is told at once. README.md describes the lines. No card number gets here: who adds a text that came from outside
 * masks it. Main thread only; self may be NULL in every call: nobody looks.
 */
#pragma once

#include "app/base/json.h"

typedef struct _TwHappenings TwHappenings;

/* routine: what a wire says all the time while nothing happens. n: 1, 2, 3 ...; 0: a state, which has no number. */
typedef void (*TwHappened) (GBytes *line, guint64 n, gboolean routine, gpointer user_data);

TwHappenings *tw_happenings_new (void);
void          tw_happenings_free (TwHappenings *self);

/* Begins one: kind "wire", "ledger" or "hand", and text for people. The caller adds members and must end it. NULL if
 * self is. */
TwJsonOut    *tw_happenings_begin (TwHappenings *self, const char *kind, const char *text);
/* Takes over out; NULL is allowed. */
void          tw_happenings_end (TwHappenings *self, TwJsonOut *out, gboolean routine);

/* How everything is: an object as text. Only told when it differs from the one before. */
void          tw_happenings_state (TwHappenings *self, const char *state);

/* First what is still known after number since (0: all), then, as it comes, what happens, until unfollowed, which must
 * not be done from within func. */
guint         tw_happenings_follow (TwHappenings *self, guint64 since, TwHappened func, gpointer user_data);
void          tw_happenings_unfollow (TwHappenings *self, guint id);
gboolean      tw_happenings_followed (TwHappenings *self);
/* Another number for each street that there ever was. */
gint64        tw_happenings_street (TwHappenings *self);

/* A copy in which every run of 12 to 19 digits that can be a card number (ISO/IEC 7812-1 annex B) keeps only its last
 * four. Free with g_free(). */
char         *tw_happenings_mask (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHappenings, tw_happenings_free)
