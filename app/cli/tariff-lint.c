/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/tariff-file.h"

#include "payment/tariff/lint.h"

static struct
{
  char    *profile;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "profile", 0, 0, G_OPTION_ARG_STRING, &options.profile,
    "afir-50kw-and-up, afir-below-50kw, uk-2023, nevi or none; without it none", "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json,
    "print {tariff_id, tariff_hash, profile, edition, blocks, findings}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Reads a tariff as the station does, and then looks for what makes no sense (elements that never apply, times at\n"
  "which nothing is priced), what looks like a slip (a price of 0.0049 or of 490), and what the rules of a market do\n"
  "not allow. Each finding says where, why, and what to do. Our reading of the rules, not legal advice.\n"
  "\n"
  "  tapwatt tariff lint tariff.json\n"
  "  tapwatt tariff lint tariff.json --profile afir-50kw-and-up --json\n"
  "\n"
  "Exit status: 0 nothing, or remarks only; 1 warnings or errors; 2 no tariff that can be read, and where.\n";

static gboolean
choose_profile (const TwVerb *self,
                TwProfile    *profile)
{
  g_autoptr (GString) names = g_string_new (NULL);

  *profile = TW_PROFILE_NONE;
  if (options.profile == NULL || tw_profile_parse (options.profile, profile))
    return TRUE;
  for (guint i = 0; i < TW_N_PROFILES; i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "", tw_profile_name (i));
  tw_verb_complain (self, "there is no profile \"%.40s\": expected one of %s", options.profile, names->str);

  return FALSE;
}

static void
write_findings (TwJsonOut       *out,
                const GPtrArray *complaints)
{
  tw_json_out_begin_array (out, "findings");
  for (guint i = 0; i < complaints->len; i++)
    {
      const TwComplaint *complaint = complaints->pdata[i];

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "rule", complaint->id);
      tw_json_out_string (out, "severity", tw_severity_name (complaint->severity));
      tw_json_out_string (out, "path", complaint->path);
      tw_json_out_string (out, "why", complaint->why);
      tw_json_out_string (out, "suggestion", complaint->suggestion);
      tw_json_out_string (out, "sample", complaint->sample);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static gboolean
print_json (const TwVerb    *self,
            const TwTariff  *tariff,
            TwProfile        profile,
            const GPtrArray *complaints)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "tariff_id", tw_tariff_id (tariff));
  tw_json_out_string (out, "tariff_hash", tw_tariff_hash (tariff));
  tw_json_out_string (out, "profile", tw_profile_name (profile));
  tw_json_out_string (out, "edition", tw_profile_edition (profile));
  tw_json_out_bool (out, "blocks", tw_tariff_lint_blocks (complaints));
  write_findings (out, complaints);

  return tw_verb_print_json (self, out);
}

static gboolean
print_text (const TwVerb    *self,
            const TwTariff  *tariff,
            TwProfile        profile,
            const GPtrArray *complaints)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "Tariff %s, profile %s (%s): %s\n", tw_tariff_id (tariff), tw_profile_name (profile),
                          tw_profile_edition (profile), complaints->len == 0 ? "nothing found" : "");
  for (guint i = 0; i < complaints->len; i++)
    {
      const TwComplaint *complaint = complaints->pdata[i];

      g_string_append_printf (text, "\n%s %s at %s\n  %s%s%s\n  %s\n", tw_severity_name (complaint->severity),
                              complaint->id, complaint->path, complaint->why, complaint->sample ? " Such as: " : "",
                              complaint->sample ? complaint->sample : "", complaint->suggestion);
    }

  return tw_verb_print (self, text->str);
}

static gboolean
has_more_than_remarks (const GPtrArray *complaints)
{
  for (guint i = 0; i < complaints->len; i++)
    if (((const TwComplaint *) complaints->pdata[i])->severity != TW_SEVERITY_INFO)
      return TRUE;

  return FALSE;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwTariff) tariff = NULL;
  g_autoptr (GPtrArray) complaints = NULL;
  TwProfile profile;
  gboolean printed;

  if (!choose_profile (self, &profile))
    return TW_EXIT_USAGE;
  tariff = tw_tariff_file_read (self, arguments[0], NULL, TW_TARIFF_ANY);
  if (tariff == NULL)
    return TW_EXIT_USAGE;
  complaints = tw_tariff_lint (tariff, profile);
  printed = options.json ? print_json (self, tariff, profile, complaints)
                         : print_text (self, tariff, profile, complaints);
  if (!printed)
    return TW_EXIT_UNKNOWN;

  return has_more_than_remarks (complaints) ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_TARIFF_LINT = {
  .name = "tariff lint",
  .arguments = "FILE",
  .summary = "what is wrong with a tariff, by the rules of a market",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
