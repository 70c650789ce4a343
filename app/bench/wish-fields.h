/* SPDX-License-Identifier: Apache-2.0 */
/* The table of fields: which request may and must carry which, of what type. Pure. */
#pragma once

#include "app/bench/wish.h"

/* Walks the whole body: what the table does not name, forbids for this act, or finds of the wrong type, length or value
 * becomes a detail of the wish, and so does what must be there and is not. */
void          tw_wish_check_fields (TwWish *wish, const TwJson *body);

/* The value at a path like "orderInformation.amountDetails.currency"; NULL: not there. */
const TwJson *tw_wish_value (const TwJson *body, const char *path);
