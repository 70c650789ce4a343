/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/transaction.h"

enum { BATCH = 64, MAX_THREADS = 16 };

typedef struct
{
  const TwOcmfContainer *container;
  const TwOcmfKeys      *keys;
  TwOcmfCase            *cases;
} Work;

static void
judge_one (const Work *self,
           guint       i)
{
  const TwOcmfItem *item = &g_array_index (self->container->items, TwOcmfItem, i);
  TwOcmfCase *found = &self->cases[i];
  TwOcmfKeys keys = *self->keys;
  g_autoptr (GError) error = NULL;

  keys.container = item->key;
  found->partner = -1;
  found->record = tw_ocmf_record_parse (item->text, item->len, &error);
  if (found->record != NULL)
    {
      tw_ocmf_verify (found->record, &keys, &found->judgement);
      return;
    }

  found->judgement.verdict = TW_OCMF_MALFORMED;
  found->judgement.reason = g_strdup (error->message);
}

static void
judge_batch (gpointer data,
             gpointer user_data)
{
  const Work *self = user_data;
  guint begin = GPOINTER_TO_UINT (data) - 1;   /* a pool takes no NULL */

  for (guint i = begin; i < MIN (begin + BATCH, self->container->items->len); i++)
    judge_one (self, i);
}

TwOcmfCase *
tw_ocmf_container_judge (const TwOcmfContainer *container,
                         const TwOcmfKeys      *keys)
{
  guint n = container->items->len;
  Work work = { container, keys, g_new0 (TwOcmfCase, n) };
  GThreadPool *pool = n <= BATCH ? NULL
    : g_thread_pool_new (judge_batch, &work, CLAMP (g_get_num_processors (), 1, MAX_THREADS), TRUE, NULL);

  for (guint i = 0; i < n; i += BATCH)
    if (pool != NULL)
      g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
    else
      judge_batch (GUINT_TO_POINTER (i + 1), &work);
  if (pool != NULL)
    g_thread_pool_free (pool, FALSE, TRUE);

  return work.cases;
}

void
tw_ocmf_cases_free (TwOcmfCase *cases,
                    guint       n)
{
  for (guint i = 0; i < n; i++)
    {
      tw_ocmf_case_clear (&cases[i]);
      tw_ocmf_record_free ((TwOcmfRecord *) cases[i].record);
    }
  g_free (cases);
}
