/* SPDX-License-Identifier: Apache-2.0 */
/* The languages by their own names. Pure; any thread.
 */
#pragma once

/* The one after this, round and round: what a language button offers. Static. */
const char *tw_language_next (const char *language);
/* "Deutsch" for "de"; one without a name is returned as it is. */
const char *tw_language_name (const char *language);
