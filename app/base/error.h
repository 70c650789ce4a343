/* SPDX-License-Identifier: Apache-2.0 */
/* The few ways a thing can go wrong, told apart by what the caller does next. "Declined" is not among
 * them: it is a result. Any thread.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_ERROR_RETRY,     /* the same request may succeed later: ask again after a pause */
  TW_ERROR_TIMEOUT,   /* nobody answered within the deadline; what was asked may have happened */
  TW_ERROR_GONE,      /* the other end is not there any more: open it again first */
  TW_ERROR_BAD_DATA,  /* what came cannot be understood; asking again will not help */
  TW_ERROR_BAD_STATE, /* not now: something else must happen first */
  TW_ERROR_REFUSED,   /* understood, and answered with a definite no */
} TwError;

#define TW_ERROR (tw_error_quark ())
GQuark tw_error_quark (void);

/* Always FALSE: "return tw_refuse (error, TW_ERROR_REFUSED, "no card %u", n);". error may be NULL. */
gboolean tw_refuse (GError **error, TwError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
#define tw_bad_data(error, ...) tw_refuse ((error), TW_ERROR_BAD_DATA, __VA_ARGS__)
