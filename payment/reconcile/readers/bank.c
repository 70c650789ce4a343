/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/choose.h"
#include "payment/reconcile/readers/formats.h"

static const TwFormat formats[] = {
  { "camt.053", TW_FILE_CAMT_053, tw_read_camt },
  { "camt.054", TW_FILE_CAMT_054, tw_read_camt },
  { "bank-csv", TW_FILE_UNKNOWN, tw_read_mapped_bank },
};

gboolean
tw_read_bank (const char       *path,
              guint32           index,
              const TwProfile  *profile,
              const TwIntake   *intake,
              TwImport         *import,
              GError          **error)
{
  const TwReadFile read = tw_choose (formats, G_N_ELEMENTS (formats), "bank-csv", "a bank's file", path, profile,
                                     error);

  return read && read (path, index, profile, intake, import, error);
}
