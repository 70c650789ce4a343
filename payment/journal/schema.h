/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of journal.db, how a new one is made, how an older one becomes this one. Private to payment/journal. */
#pragma once

#include "payment/journal/database.h"

#define TW_JOURNAL_MARK 0x54774a6c   /* PRAGMA application_id: "TwJl" */

/* Turns schema n into n + 1, inside a transaction of its own. */
typedef gboolean (*TwMigration) (sqlite3 *db, GError **error);

/* Makes the tables in one transaction. */
gboolean tw_schema_create (sqlite3 *db, const char *station_id, GError **error);

/* Brings db from its version to `to`; steps[n] is the step from n + 1. The file is first copied, durably, to
 * PATH.schema-N, which is left for the operator. */
gboolean tw_schema_migrate (sqlite3 *db, const char *path, const TwMigration *steps, guint to, GError **error);
/* The same with the steps of this program, to TW_JOURNAL_SCHEMA. */
gboolean tw_schema_update (sqlite3 *db, const char *path, GError **error);

/* Station, guards and pages are as they should be. BAD_DATA otherwise. */
gboolean tw_schema_check (sqlite3 *db, const char *station_id, GError **error);
