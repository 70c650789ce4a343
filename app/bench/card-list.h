/* SPDX-License-Identifier: Apache-2.0 */
/* What cards there are, told by their own profiles: name, title, and the comment that says what each does. */
#pragma once

#include "app/base/json.h"

/* Arrays of the object that is open in out: "cards", names in order, and "profiles", {name, title, what}. */
gboolean tw_card_list_write (const char *dir, TwJsonOut *out, GError **error);
