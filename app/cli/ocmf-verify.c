/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"
#include "app/base/small-file.h"
#include "app/cli/ocmf-report.h"

#include <string.h>

#define MAX_FILE (256 * 1024 * 1024)
#define MAX_KEY_FILE (64 * 1024)
#define MAX_REGISTRY (16 * 1024 * 1024)

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

static TwExit
report (const TwVerb          *self,
        const TwOcmfContainer *container,
        const TwOcmfCase      *cases,
        const char            *path)
{
  const TwOcmfReport told = { container, cases };
  guint n = container->items->len;
  gboolean printed = options.json ? tw_ocmf_report_print_json (&told, self) : n == 0
                                                                              || tw_ocmf_report_print (&told, self);

  if (n == 0)
    tw_verb_complain (self, "%s: no record found: none of its texts begins with OCMF|", path);
  if (!printed)
    return TW_EXIT_UNKNOWN;
  if (n == 0)
    return TW_EXIT_USAGE;

  return tw_ocmf_report_is_good (&told) ? TW_EXIT_WELL : TW_EXIT_FOUND;
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
  g_autoptr (TwOcmfContainer) container = NULL;
  TwOcmfKeys keys = { 0 };
  TwOcmfCase *cases;
  const char *text;
  gsize len;
  TwExit exit;

  if (!read_key (self, &key) || !read_registry (self, &registry))
    return TW_EXIT_USAGE;
  bytes = read_file (self, arguments[0], MAX_FILE);
  if (bytes == NULL)
    return TW_EXIT_USAGE;

  text = g_bytes_get_data (bytes, &len);
  container = tw_ocmf_container_read (text, len, &error);
  if (container == NULL)
    {
      tw_verb_complain (self, "%s: %s", arguments[0], error->message);
      return TW_EXIT_USAGE;
    }

  keys = (TwOcmfKeys) { .given = key, .registry = registry };
  cases = tw_ocmf_container_judge (container, &keys);
  tw_ocmf_match (cases, container->items->len, NULL);
  exit = report (self, container, cases, arguments[0]);
  tw_ocmf_cases_free (cases, container->items->len);

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
