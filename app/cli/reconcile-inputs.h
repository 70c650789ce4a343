/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a reconciliation, as the command line names them, and the reading of them: as many at a time as there
 * are processors, with a bar on the terminal. */
#pragma once

#include "app/cli/verb.h"
#include "payment/reconcile/readers/readers.h"
#include "payment/reconcile/reconcile.h"

typedef enum { TW_INPUT_JOURNAL, TW_INPUT_PSP, TW_INPUT_BANK, TW_INPUT_METER } TwInputRole;

typedef struct
{
  TwInputRole role;
  char       *format;       /* NULL: recognise */
  char       *path;
  TwProfile   profile;      /* format aside, borrowed */
  TwImport    import;       /* after reading */
} TwInput;

typedef struct { GPtrArray *all; } TwInputs;   /* of TwInput */

/* An intake for one file; called once for each, from the main thread. NULL: error. */
typedef TwIntake (*TwIntakeFunc) (gpointer user_data);

/* text: PATH, or FORMAT:PATH with one of the formats of that role. G_OPTION_ERROR: neither. */
gboolean    tw_inputs_add (TwInputs *self, TwInputRole role, const char *text, GError **error);
const char *tw_input_role_name (TwInputRole role);
/* Of the option that names such files: "--journal". */
TwInputRole tw_input_role_of (const char *option);
/* The first error in the order of the command line. with_bar: on stderr. */
gboolean    tw_inputs_read (TwInputs *self, TwIntakeFunc intake, gpointer user_data, gboolean with_bar,
                            GError **error);
/* Into a store, one file after the other. begin and end are called from the reader's thread, for each file that was
 * come to; well: it was read to its end. */
typedef struct
{
  gboolean (*begin) (gpointer user_data, const TwInput *input, TwIntake *intake, GError **error);
  gboolean (*end)   (gpointer user_data, const TwInput *input, gboolean well, GError **error);
} TwInputLoader;

gboolean    tw_inputs_load (TwInputs *self, const TwInputLoader *loader, gpointer user_data, gboolean with_bar,
                            GError **error);
/* All once more as they were read before, one after the other: journals first, whose references name the rest; the bank
 * last. */
gboolean    tw_inputs_read_again (TwInputs *self, const TwIntake *intake, GError **error);
/* Single rows of them again, for the books; nothing where keeping all rows is the faster way. */
void        tw_inputs_offer_again (TwInputs *self, TwReconciliation *books);
/* Their names by number, into the terms, whose errors name them; free the array, after the run. */
const char **tw_inputs_paths (const TwInputs *self, TwReconcileTerms *terms);
void        tw_inputs_clear (TwInputs *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwInputs, tw_inputs_clear)
