/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"
#include "app/base/small-file.h"
#include "app/cli/ocmf-report.h"

#include <string.h>

#define MAX_FILE (256 * 1024 * 1024)
#define MAX_KEY_FILE (64 * 1024)
#define MAX_REGISTRY (16 * 1024 * 1024)

enum { BATCH = 64, MAX_THREADS = 16 };

static struct
{
  char    *key;
  char    *key_file;
  char    *registry;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "key", 0, 0, G_OPTION_ARG_STRING, &options.key, "the public key: hex or base64 of a SubjectPublicKeyInfo or of a "
    "point", "KEY" },
  { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &options.key_file, "a file with the public key: the same, PEM or DER",
    "FILE" },
  { "registry", 0, 0, G_OPTION_ARG_FILENAME, &options.registry, "which key signs for which meter, lines of SERIAL KEY",
    "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {records, strays}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Verifies signed meter records (OCMF): did this key sign exactly these bytes, and are a begin and an end one sale?\n"
  "FILE is one record (OCMF|...|...), lines of them, or the transparency software's XML. Needs no running station,\n"
  "and changes nothing.\n"
  "\n"
  "  tapwatt ocmf verify record.txt --key-file meter.pem\n"
  "  tapwatt ocmf verify receipt.xml\n"
  "  tapwatt ocmf verify meters.log --registry keys.txt --json | jq '.records[] | select (.valid | not)'\n"
  "\n"
  "The key is the one given, else the one registered for the record's meter (MS) or gateway (GS), else the one that\n"
  "came with the record in XML: that one only shows that record and key belong together. A good signature by another\n"
  "key than the registered one is untrusted_key.\n"
  "\n"
  "Verdicts: valid; valid_lenient (good, and written not quite as the standard asks); invalid; no_key;\n"
  "untrusted_key; key_mismatch (another curve than the record says); unsupported; malformed. The end of another sale\n"
  "than the one that begins in the file is invalid. Findings tell what else is wrong: see payment/ocmf/README.md.\n"
  "\n"
  "Exit status: 0 all records are valid; 1 one or more are not, or the file has something else in it; 2 no record was\n"
  "found, or a file or an argument cannot be used; 3 the output could not be written.\n";

typedef struct
{
  TwOcmfContainer *container;
  TwOcmfCase      *cases;
  TwOcmfRecord   **records;
  TwOcmfKeys       keys;      /* but for the container's */
} Work;

static void
judge_one (Work  *self,
           guint  i)
{
  const TwOcmfItem *item = &g_array_index (self->container->items, TwOcmfItem, i);
  TwOcmfKeys keys = self->keys;
  g_autoptr (GError) error = NULL;

  keys.container = item->key;
  self->records[i] = tw_ocmf_record_parse (item->text, item->len, &error);
  self->cases[i].record = self->records[i];
  if (self->records[i] != NULL)
    {
      tw_ocmf_verify (self->records[i], &keys, &self->cases[i].judgement);
      return;
    }

  self->cases[i].judgement.verdict = TW_OCMF_MALFORMED;
  self->cases[i].judgement.reason = g_steal_pointer (&error->message);
}

static void
judge_batch (gpointer data,
             gpointer user_data)
{
  Work *self = user_data;
  guint begin = GPOINTER_TO_UINT (data) - 1;   /* a pool takes no NULL */

  for (guint i = begin; i < MIN (begin + BATCH, self->container->items->len); i++)
    judge_one (self, i);
}

/* Each record alone: as many at a time as there are processors. */
static void
judge_all (Work *self)
{
  guint n = self->container->items->len;
  GThreadPool *pool = n <= BATCH ? NULL
    : g_thread_pool_new (judge_batch, self, CLAMP (g_get_num_processors (), 1, MAX_THREADS), TRUE, NULL);

  for (guint i = 0; i < n; i += BATCH)
    if (pool != NULL)
      g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
    else
      judge_batch (GUINT_TO_POINTER (i + 1), self);
  if (pool != NULL)
    g_thread_pool_free (pool, FALSE, TRUE);
}

static TwExit
work (Work         *self,
      const TwVerb *verb,
      const char   *path)
{
  guint n = self->container->items->len;
  TwOcmfReport report = { self->container, NULL };
  gboolean printed;

  report.cases = self->cases = g_new0 (TwOcmfCase, n);
  self->records = g_new0 (TwOcmfRecord *, n);
  judge_all (self);
  tw_ocmf_match (self->cases, n, NULL);

  printed = options.json ? tw_ocmf_report_print_json (&report, verb) : n == 0 || tw_ocmf_report_print (&report, verb);
  if (n == 0)
    tw_verb_complain (verb, "%s: no record found: none of its texts begins with OCMF|", path);
  if (!printed)
    return TW_EXIT_UNKNOWN;
  if (n == 0)
    return TW_EXIT_USAGE;

  return tw_ocmf_report_is_good (&report) ? TW_EXIT_WELL : TW_EXIT_FOUND;
}

static void
work_clear (Work *self)
{
  for (guint i = 0; self->cases != NULL && i < self->container->items->len; i++)
    {
      tw_ocmf_case_clear (&self->cases[i]);
      tw_ocmf_record_free (self->records[i]);
    }
  g_free (self->cases);
  g_free (self->records);
  g_clear_pointer (&self->container, tw_ocmf_container_free);
}

/* NULL after a complaint. */
static GBytes *
read_file (const TwVerb *self,
           const char   *path,
           gsize         max_bytes)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = tw_small_file_read (path, max_bytes, &error);

  if (bytes == NULL)
    tw_verb_complain (self, "%s: %s", path, error->message);

  return bytes;
}

/* FALSE after a complaint. A key that is none is no wrong argument: every record says so. */
static gboolean
read_key (const TwVerb  *self,
          TwOcmfKey    **key)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  gsize len;

  if (options.key != NULL && options.key_file != NULL)
    {
      tw_verb_complain (self, "--key and --key-file: one of them is enough");
      return FALSE;
    }

  if (options.key != NULL)
    *key = tw_ocmf_key_new (options.key, strlen (options.key));
  if (options.key_file == NULL)
    return TRUE;

  bytes = read_file (self, options.key_file, MAX_KEY_FILE);
  if (bytes == NULL)
    return FALSE;

  text = g_bytes_get_data (bytes, &len);
  *key = tw_ocmf_key_new (text, len);
  return TRUE;
}

static gboolean
read_registry (const TwVerb    *self,
               TwOcmfRegistry **registry)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;
  gsize len;

  if (options.registry == NULL)
    return TRUE;

  bytes = read_file (self, options.registry, MAX_REGISTRY);
  if (bytes == NULL)
    return FALSE;

  text = g_bytes_get_data (bytes, &len);
  *registry = tw_ocmf_registry_parse (text, len, &error);
  if (*registry == NULL)
    tw_verb_complain (self, "%s: %s", options.registry, error->message);

  return *registry != NULL;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwOcmfKey) key = NULL;
  g_autoptr (TwOcmfRegistry) registry = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  Work all = { 0 };
  const char *text;
  gsize len;
  TwExit exit;

  if (!read_key (self, &key) || !read_registry (self, &registry))
    return TW_EXIT_USAGE;
  bytes = read_file (self, arguments[0], MAX_FILE);
  if (bytes == NULL)
    return TW_EXIT_USAGE;

  text = g_bytes_get_data (bytes, &len);
  all.keys = (TwOcmfKeys) { .given = key, .registry = registry };
  all.container = tw_ocmf_container_read (text, len, &error);
  if (all.container == NULL)
    {
      tw_verb_complain (self, "%s: %s", arguments[0], error->message);
      return TW_EXIT_USAGE;
    }

  exit = work (&all, self, arguments[0]);
  work_clear (&all);

  return exit;
}

const TwVerb TW_VERB_OCMF_VERIFY = {
  .name = "ocmf verify",
  .arguments = "FILE",
  .summary = "did the meter sign this, and is it one sale?",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
