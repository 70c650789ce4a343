/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/energy-formats.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/recognise.h"
#include "payment/reconcile/readers/rows.h"

#include <string.h>

typedef gboolean (*Reader) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                            TwImport *import, GError **error);

typedef enum { ENERGY_OCMF, ENERGY_CSV, ENERGY_CDR, N_ENERGY } Energy;

static const struct { const char *format; Reader read; } formats[N_ENERGY] = {
  [ENERGY_OCMF] = { "ocmf", tw_read_ocmf },
  [ENERGY_CSV] = { "meter-csv", tw_read_meter_csv },
  [ENERGY_CDR] = { "cdr", tw_read_cdr },
};

static gboolean
has (TwChars     head,
     const char *text)
{
  return memmem (head.text, head.n, text, strlen (text)) != NULL;
}

/* A record in hex or base64 begins with these digits of "OCMF|". */
static gboolean
is_ocmf (TwChars head)
{
  return has (head, "OCMF|") || has (head, "4f434d467c") || has (head, "4F434D467C") || has (head, "T0NNRn")
         || (has (head, "<values") && has (head, "<value"));
}

/* Of the file's first bytes. N_ENERGY: none of ours. CDRs may carry records, and records carry no CDRs. */
static Energy
recognise (TwChars head)
{
  gsize blanks = 0;

  while (blanks < head.n && g_ascii_isspace (head.text[blanks]))
    blanks++;
  if (blanks < head.n && (head.text[blanks] == '{' || head.text[blanks] == '['))
    return ENERGY_CDR;
  if (is_ocmf (head))
    return ENERGY_OCMF;
  for (guint i = 0; TW_METER_CSV_HAS[i] != NULL; i++)
    if (has (head, TW_METER_CSV_HAS[i]) && !has (head, "settlement_ref"))
      return ENERGY_CSV;

  return N_ENERGY;
}

static gboolean
refuse_name (const char  *format,
             GError     **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "\"%s\" is no format of meter files: accepted are ocmf, meter-csv, "
               "cdr", format);

  return FALSE;
}

static gboolean
refuse_file (const char  *path,
             const char  *wanted,
             GError     **error)
{
  TwFileKind kind;
  const char *what;

  if (!tw_recognise (path, &kind, &what, error))
    return FALSE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is %s, not %s", path, what, wanted != NULL ? wanted
               : "signed meter records, a meter's log (CSV) or CDRs");

  return FALSE;
}

gboolean
tw_read_energy (const char       *path,
                guint32           index,
                const TwProfile  *profile,
                const TwIntake   *intake,
                TwImport         *import,
                GError          **error)
{
  g_autoptr (TwRows) rows = NULL;
  gboolean is_format = profile->format == NULL;
  Energy energy;

  for (guint i = 0; i < N_ENERGY; i++)
    is_format |= g_strcmp0 (profile->format, formats[i].format) == 0;
  if (!is_format)
    return refuse_name (profile->format, error);

  rows = tw_rows_open (path, error);
  if (rows == NULL)
    return FALSE;
  energy = recognise (tw_rows_peek (rows));
  if (energy == N_ENERGY || (profile->format != NULL && !g_str_equal (profile->format, formats[energy].format)))
    return refuse_file (path, profile->format, error);

  return formats[energy].read (path, index, profile, intake, import, error);
}
