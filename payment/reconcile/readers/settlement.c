/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/choose.h"
#include "payment/reconcile/readers/formats.h"

static const TwFormat formats[] = {
  { "adyen", TW_FILE_ADYEN, tw_read_adyen },
  { "stripe", TW_FILE_STRIPE, tw_read_stripe },
  { "cybersource", TW_FILE_CYBERSOURCE, tw_read_cybersource_csv },
  { "cybersource", TW_FILE_CYBERSOURCE_XML, tw_read_cybersource_xml },
  { "zvt", TW_FILE_ZVT, tw_read_zvt_totals },
  { "csv", TW_FILE_UNKNOWN, tw_read_mapped_settlement },
};

gboolean
tw_read_settlement (const char       *path,
                    guint32           index,
                    const TwProfile  *profile,
                    const TwIntake   *intake,
                    TwImport         *import,
                    GError          **error)
{
  const TwReadFile read = tw_choose (formats, G_N_ELEMENTS (formats), "csv", "a settlement file", path, profile, error);

  return read && read (path, index, profile, intake, import, error);
}
