/* SPDX-License-Identifier: Apache-2.0 */
/* Who is spoken to in which language. */
#pragma once

#include "app/station/core.h"

gboolean   tw_language_check (const char *language, GError **error);
void       tw_language_use (TwStation *self, const char *language);   /* at the counter, for who comes next */
void       tw_language_idle (TwStation *self);                        /* nobody is there (any more) */
void       tw_language_busy (TwStation *self);
