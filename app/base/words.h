/* SPDX-License-Identifier: Apache-2.0 */
/* Words for people, in a language that is an argument: two screens may speak two at once. English is the msgid itself;
 * the others are the catalogues of assets/translations, which are part of the program. No locale is needed, none is
 * looked at, and none is set. Any thread.
 *
 *   tw_word (language, "Pay")                            "Pay", "Bezahlen"
 *   tw_word_in (language, "decimal sign", ".")           ".", ","
 *   static const char *const names[] = { N_("Free") };   tw_word (language, names[i])
 *
 * A new msgid: write it, run assets/translations/update, translate what that names.
 */
#pragma once

#include <glib.h>

/* Marks a msgid that is looked up elsewhere. */
#define N_(msgid) msgid
#define NC_(context, msgid) msgid

/* language: a BCP 47 tag or a locale's name, of which the first part counts: de, de-AT, de_CH.UTF-8. One that there is
 * none of, or NULL: English. A msgid without translation is returned as it is; what is returned otherwise lives for
 * ever. A translation has the conversions of its msgid, which lint holds: it may be the format of a printf. */
const char        *tw_word (const char *language, const char *msgid) G_GNUC_FORMAT (2);
const char        *tw_word_in (const char *language, const char *context, const char *msgid) G_GNUC_FORMAT (3);

/* NULL-terminated: "en", then the catalogues' by their names. */
const char *const *tw_words_languages (void);
