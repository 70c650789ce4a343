/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a scenario: "NAME=VALUE" as a person would write the value, or "NAME>=NUMBER". Pure. */
#pragma once

#include "app/base/json.h"

/* The value as a person would write it: "absent", "none" and "a group" too. */
const char *tw_condition_text (const TwJson *value);

/* The value of a member of a member ...: "station.1.car"; NULL: there is none. */
const TwJson *tw_condition_find (const TwJson *root, const char *path);

/* Each word is one. BAD_DATA names the one that is not. */
gboolean    tw_conditions_check (const char *const *conditions, GError **error);
/* What comes after "name="; NULL: it is not among them. */
const char *tw_conditions_value (const char *const *conditions, const char *name);
/* All of them hold for the object, except "count" and "within", which are about something else. miss, which may be
 * NULL: the first that does not, and what is so instead; g_free(). */
gboolean    tw_conditions_hold (const char *const *conditions, const TwJson *object, char **miss);
