/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/tariff-file.h"

#include "app/base/bytes.h"
#include "app/base/words.h"
#include "payment/tariff/lint.h"

static struct
{
  char    *profile, *config, *time_zone;
  int      connector, power_w;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "profile", 0, 0, G_OPTION_ARG_STRING, &options.profile,
    "afir-50kw-and-up, afir-below-50kw, uk-2023, nevi or none; without it that of --config, else none", "NAME" },
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &options.config,
    "a station's tapwatt.conf: rules about power, means of payment, languages, helpline, hold are asked too", "FILE" },
  { "connector", 0, 0, G_OPTION_ARG_INT, &options.connector, "of --config; without it what the strictest needs", "N" },
  { "power-w", 0, 0, G_OPTION_ARG_INT, &options.power_w, "of the connector, if --config does not say", "N" },
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone, "of the location; without it that of --config, else "
    "UTC", "ZONE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json,
    "print {tariff_id, tariff_hash, profile, edition, blocks, findings, not_checked}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Reads a tariff as the station does, and then looks for what makes no sense (elements that never apply, times at\n"
  "which nothing is priced), what looks like a slip (a price of 0.0049 or of 490), and what the rules of a market do\n"
  "not allow. Each finding says where, why, and what to do. Our reading of the rules, not legal advice.\n"
  "\n"
  "A tariff that cannot be loaded has a finding (C1) for each place that is wrong; other rules wait until it can.\n"
  "Some rules are about the place where it is sold: --config or --power-w say what that is like. What could not\n"
  "be asked is listed as not checked, with what it needs. A finding about the place names the configuration key.\n"
  "\n"
  "  tapwatt tariff lint tariff.json\n"
  "  tapwatt tariff lint tariff.json --profile afir-50kw-and-up --power-w 150000 --json\n"
  "  tapwatt tariff lint tariff.json --config /etc/tapwatt/tapwatt.conf --connector 2\n"
  "\n"
  "Exit status: 0 nothing, or remarks only; 1 warnings or errors, a tariff that cannot be loaded among them; 2 not a\n"
  "JSON file of at most 64 KiB without names said twice, and where; or options that make no sense.\n";

static gboolean
choose_profile (const TwVerb   *self,
                const TwConfig *config,
                TwProfile      *profile)
{
  g_autoptr (GString) names = g_string_new (NULL);

  *profile = TW_PROFILE_NONE;
  if (options.profile == NULL && config != NULL)
    return tw_profile_parse (config->tariff_profile, profile);   /* checked when it was read */
  if (options.profile == NULL || tw_profile_parse (options.profile, profile))
    return TRUE;
  for (guint i = 0; i < TW_N_PROFILES; i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "", tw_profile_name (i));
  tw_verb_complain (self, "there is no profile \"%.40s\": expected one of %s", options.profile, names->str);

  return FALSE;
}

static gboolean
has_connector (const TwConfig *config,
               int             number)
{
  for (guint i = 0; i < config->n_connectors; i++)
    if (config->connectors[i].number == (guint) number)
      return TRUE;

  return FALSE;
}

/* FALSE after a complaint. */
static gboolean
choose_site (const TwVerb   *self,
             const TwConfig *config,
             TwSite         *site)
{
  *site = (TwSite) { .languages = tw_words_languages () };   /* the screen's are ours, wherever it stands */
  if (options.connector != 0 && (config == NULL || !has_connector (config, options.connector)))
    {
      tw_verb_complain (self, "--connector %d: expected the number of a [connector N] of --config", options.connector);
      return FALSE;
    }
  if (options.power_w < 0)
    {
      tw_verb_complain (self, "--power-w %d: expected the power of the connector in watts", options.power_w);
      return FALSE;
    }
  if (config != NULL)
    *site = tw_site_of_config (config, (guint) options.connector);
  if (options.power_w > 0)
    site->power_w = options.power_w;

  return TRUE;
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
      tw_json_out_string (out, "severity", tw_lint_level_name (complaint->level));
      tw_json_out_string (out, "path", complaint->path);
      tw_json_out_string (out, "why", complaint->why);
      tw_json_out_string (out, "suggestion", complaint->suggestion);
      tw_json_out_string (out, "sample", complaint->sample);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

/* What was read, by whose rules, and what came out. tariff NULL: it cannot be loaded. */
typedef struct
{
  GBytes    *bytes;
  TwTariff  *tariff;
  TwProfile  profile;
  GPtrArray *complaints;
  GArray    *unasked;      /* NULL: no rule was asked */
} Report;

static void
clear_report (Report *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->tariff, tw_tariff_unref);
  g_clear_pointer (&self->complaints, g_ptr_array_unref);
  g_clear_pointer (&self->unasked, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, clear_report)

static gboolean
print_json (const TwVerb *self,
            const Report *report)
{
  g_autofree char *hash = tw_sha256_hex (report->bytes);
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "tariff_id", report->tariff ? tw_tariff_id (report->tariff) : NULL);
  tw_json_out_string (out, "tariff_hash", hash);
  tw_json_out_string (out, "profile", tw_profile_name (report->profile));
  tw_json_out_string (out, "edition", tw_profile_edition (report->profile));
  tw_json_out_bool (out, "blocks", tw_tariff_lint_blocks (report->complaints));
  write_findings (out, report->complaints);
  tw_json_out_begin_array (out, "not_checked");
  for (guint i = 0; report->unasked != NULL && i < report->unasked->len; i++)
    {
      const TwUnasked *unasked = &g_array_index (report->unasked, TwUnasked, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "rule", unasked->id);
      tw_json_out_string (out, "needs", unasked->needs);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);

  return tw_verb_print_json (self, out);
}

static gboolean
print_text (const TwVerb *self,
            const Report *report)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "Tariff %s, profile %s (%s): %s\n",
                          report->tariff ? tw_tariff_id (report->tariff) : "that cannot be loaded",
                          tw_profile_name (report->profile), tw_profile_edition (report->profile),
                          report->complaints->len == 0 ? "nothing found" : "");
  for (guint i = 0; i < report->complaints->len; i++)
    {
      const TwComplaint *complaint = report->complaints->pdata[i];

      g_string_append_printf (text, "\n%s %s at %s\n  %s%s%s\n  %s\n", tw_lint_level_name (complaint->level),
                              complaint->id, complaint->path, complaint->why, complaint->sample ? " Such as: " : "",
                              complaint->sample ? complaint->sample : "", complaint->suggestion);
    }
  for (guint i = 0; report->unasked != NULL && i < report->unasked->len; i++)
    {
      const TwUnasked *unasked = &g_array_index (report->unasked, TwUnasked, i);

      g_string_append_printf (text, "%snot checked: %s needs %s\n", i == 0 ? "\n" : "", unasked->id, unasked->needs);
    }

  return tw_verb_print (self, text->str);
}

static gboolean
has_more_than_remarks (const GPtrArray *complaints)
{
  for (guint i = 0; i < complaints->len; i++)
    if (((const TwComplaint *) complaints->pdata[i])->level != TW_LINT_INFO)
      return TRUE;

  return FALSE;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_auto (Report) report = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = options.config ? tw_config_load (options.config, &error) : NULL;
  g_autoptr (GTimeZone) zone = NULL;
  TwSite site;
  gboolean printed;

  if (error != NULL)
    return tw_verb_complain_of (self, error);
  if (!choose_profile (self, config, &report.profile) || !choose_site (self, config, &site))
    return TW_EXIT_USAGE;
  zone = tw_zone_choose (self, options.time_zone == NULL && config != NULL ? config->time_zone : options.time_zone);
  if (zone == NULL)
    return TW_EXIT_USAGE;
  report.bytes = tw_input_read (self, arguments[0], TW_TARIFF_MAX_BYTES);
  if (report.bytes == NULL)
    return TW_EXIT_USAGE;
  report.complaints = tw_tariff_lint_bytes (report.bytes, zone, TW_TARIFF_ANY, (TwLintOrder) { report.profile, &site },
                                            &report.tariff, &error);
  if (report.complaints == NULL)
    {
      tw_verb_complain (self, "%s: %s", arguments[0], error->message);
      return TW_EXIT_USAGE;
    }
  if (report.tariff != NULL)
    report.unasked = tw_tariff_lint_unasked (report.tariff, (TwLintOrder) { report.profile, &site });
  printed = options.json ? print_json (self, &report) : print_text (self, &report);
  if (!printed)
    return TW_EXIT_UNKNOWN;

  return has_more_than_remarks (report.complaints) ? TW_EXIT_FOUND : TW_EXIT_WELL;
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
