/* SPDX-License-Identifier: Apache-2.0 */
/* needs: ocmf_dep */
/* Unwrap, read, verify, match: a file becomes records with verdicts, or is refused. What lies between two lines of "-"
 * at its beginning is a key, and what lies between them and a third is a registry. */
#include "app/base/error.h"
#include "payment/ocmf/container.h"
#include "payment/ocmf/transaction.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Takes what is in front of the next line of "-" off *data; FALSE: there is none. */
static gboolean
take_part (const char **data,
           size_t      *size,
           const char **part,
           gsize       *n)
{
  const char *end = memmem (*data, *size, "\n-\n", 3);

  if (end == NULL)
    return FALSE;

  *part = *data;
  *n = end - *data;
  *size -= *n + 3;
  *data = end + 3;

  return TRUE;
}

static void
judge (const TwOcmfItem *item,
       const TwOcmfKeys *given,
       TwOcmfCase       *found)
{
  TwOcmfKeys keys = *given;
  g_autoptr (GError) error = NULL;
  TwOcmfRecord *record = tw_ocmf_record_parse (item->text, item->len, &error);

  g_assert_true (item->len >= 5 && memcmp (item->text, "OCMF|", 5) == 0);
  found->record = record;
  if (record == NULL)
    {
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      found->judgement.verdict = TW_OCMF_MALFORMED;
      return;
    }

  keys.container = item->key;
  tw_ocmf_verify (record, &keys, &found->judgement);
  g_assert_true (record->n_bytes <= item->len && record->n_readings > 0);
  /* Good only with a key, and never for nothing. */
  if (tw_ocmf_verdict_is_good (found->judgement.verdict))
    g_assert_true (*found->judgement.key_id != '\0' && found->judgement.curve != NULL);
  else
    g_assert_nonnull (found->judgement.reason);
}

static void
judge_all (const TwOcmfContainer *container,
           const TwOcmfKeys      *keys)
{
  guint n = container->items->len;
  g_autofree TwOcmfCase *cases = g_new0 (TwOcmfCase, n);

  for (guint i = 0; i < n; i++)
    judge (&g_array_index (container->items, TwOcmfItem, i), keys, &cases[i]);
  tw_ocmf_match (cases, n, NULL);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (cases[i].partner < (int) n);
      g_assert_true (cases[i].partner < 0 || cases[cases[i].partner].partner == (int) i);
      tw_ocmf_case_clear (&cases[i]);
      tw_ocmf_record_free ((TwOcmfRecord *) cases[i].record);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = (const char *) data, *part;
  g_autoptr (TwOcmfKey) key = NULL;
  g_autoptr (TwOcmfRegistry) registry = NULL;
  g_autoptr (TwOcmfContainer) container = NULL;
  g_autoptr (GError) error = NULL;
  TwOcmfKeys keys = { 0 };
  gsize n;

  if (size > 256 * 1024)
    return 0;

  if (take_part (&text, &size, &part, &n) && n > 0)
    keys.given = key = tw_ocmf_key_new (part, n);
  if (take_part (&text, &size, &part, &n))
    keys.registry = registry = tw_ocmf_registry_parse (part, n, NULL);

  container = tw_ocmf_container_read (text, size, &error);
  g_assert_true ((container == NULL) == g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA));
  if (container != NULL)
    judge_all (container, &keys);

  return 0;
}
