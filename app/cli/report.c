/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/report-offers.h"
#include "app/cli/report-refresh.h"

#include "app/base/error.h"
#include "app/base/small-file.h"
#include "app/cli/tariff-file.h"
#include "payment/analytics/measures/measures.h"
#include "payment/analytics/measures/what-if.h"
#include "payment/analytics/pages/pages.h"
#include "payment/offer/offer.h"

#include <malloc.h>
#include <unistd.h>

#define FEWEST_IN_GROUP 5

static struct
{
  TwFeeds    feeds;
  GPtrArray *what_ifs;           /* of const char *; NULL: none */
  TwFeedRole role;               /* of the words that follow */
  gboolean   role_given, words_are_what_ifs, json, svg;
  char      *map, *from, *to, *time_zone, *by, *figures, *output, *as_of, *discount, *state;
  int        k, memory_mib;
} options = { .k = 10 };

static gboolean
on_role (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  options.role = tw_feed_role_of (name);
  options.role_given = TRUE;
  options.words_are_what_ifs = FALSE;
  tw_feeds_add (&options.feeds, options.role, value);
  return TRUE;
}

static gboolean
on_what_if (const char  *name,
            const char  *value,
            gpointer     user_data,
            GError     **error)
{
  if (options.what_ifs == NULL)
    options.what_ifs = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (options.what_ifs, g_strdup (value));
  options.words_are_what_ifs = TRUE;
  return TRUE;
}

/* More files of the option before, as a shell's pattern makes them. */
static gboolean
on_word (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  if (options.words_are_what_ifs)
    return on_what_if (name, value, user_data, error);
  if (options.role_given)
    {
      tw_feeds_add (&options.feeds, options.role, value);
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: what is it? expected --journal or --sessions "
               "before it", value);
  return FALSE;
}

#define ROLE(name, description, argument) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_role, description, argument }

static const GOptionEntry OPTIONS[] = {
  ROLE ("journal", "a station's journal, its directory, or an export of it; may be given often", "PATH"),
  ROLE ("store", "the fleet's books, which reconcile --store keeps", "URL"),
  ROLE ("sessions", "a CSV of sessions; may be given often", "CSV"),
  ROLE ("ports", "a CSV of the connectors there are, which utilisation is measured against", "CSV"),
  ROLE ("events", "a CSV of the states of connectors, for uptime", "CSV"),
  { "map", 0, 0, G_OPTION_ARG_FILENAME, &options.map, "what that CSV's columns mean, if they are not ours", "FILE" },
  { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, "the first day of the window, by the clock of each site (all "
    "there is)", "YYYY-MM-DD" },
  { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, "the day after its last one", "YYYY-MM-DD" },
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone, "of rows that state none, and of the report (this "
    "machine's)", "ZONE" },
  { "by", 0, 0, G_OPTION_ARG_STRING, &options.by, "break figures down: site, station, connector, tariff, with commas "
    "(station)", "LIST" },
  { "figures", 0, 0, G_OPTION_ARG_STRING, &options.figures, "only these, with commas, and only the work they need "
    "(all)", "LIST" },
  { "what-if", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_what_if, "what would this tariff have "
    "brought? OCPI, as tariff activate takes it; up to 8", "TARIFF.json" },
  { "k", 0, 0, G_OPTION_ARG_INT, &options.k, "tell of no group of fewer customers (10; at least 5)", "N" },
  { "offer-discount", 0, 0, G_OPTION_ARG_STRING, &options.discount, "what offers to people who come back would take "
    "off the price with tax, to tell their cost (none is chosen for you)", "PERCENT" },
  { "as-of", 0, 0, G_OPTION_ARG_STRING, &options.as_of, "when the data ends: what is open is open until then (its last "
    "instant)", "TIME" },
  { "memory", 0, 0, G_OPTION_ARG_INT, &options.memory_mib, "how much to work in, in MiB (1024)", "N" },
  { "refresh", 0, 0, G_OPTION_ARG_FILENAME, &options.state, "keep here what the CSVs of sessions have told; the next "
    "report reads only what is new", "STATE" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "a directory for the page (report.html), report.json, a "
    "CSV of each figure, and offers.json", "DIR" },
  { "svg", 0, 0, G_OPTION_ARG_NONE, &options.svg, "put an SVG of each picture there, too; gnuplot draws them", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print all of it for programs", NULL },
  { G_OPTION_REMAINING, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_word, "", "" },
  { NULL }
};

static const char TEXT[] =
  "Tells when and how people charge, where revenue comes from and where it leaks away, who comes back, and what to do\n"
  "about it: prices, connectors, the next weeks. Every figure says how it is computed, and shows its numbers.\n"
  "\n"
  "  tapwatt report --journal /var/lib/tapwatt\n"
  "  tapwatt report --sessions sessions.csv --ports ports.csv --output november\n"
  "  tapwatt report --sessions 2025.csv 2026.csv --from 2026-10-01 --to 2026-11-01 --time-zone Europe/Berlin\n"
  "  tapwatt report --sessions other.csv --map other.mapping --by site,tariff --json\n"
  "  tapwatt report --journal /var/lib/tapwatt --output november --svg\n"
  "  tapwatt report --journal /var/lib/tapwatt --figures station_months,arrivals --output november\n"
  "  tapwatt report --journal /var/lib/tapwatt --what-if night.json flat.json --output prices\n"
  "  tapwatt report --sessions 2025.csv 2026.csv --refresh sessions.state --output today\n"
  "\n"
  "With --refresh the report is the same, only sooner. The first one makes STATE; then CSVs may grow at their ends,\n"
  "and new ones may follow. What does not fit - a CSV that changed before its end, another window, zone or mapping, a\n"
  "damaged state - is told, and all is read again. STATE holds each session in short, and cards as the report knows\n"
  "them, without a number; it is for its owner only.\n"
  "\n"
  "The columns of the sessions CSV are in payment/analytics/sources/README.md; ports.csv and events.csv beside it say\n"
  "which connectors there are and when they could not be used. Of customers only groups of at least K are told, and a\n"
  "card is nowhere. offers.json has rules (\"third charge this month\") that a station can apply by its own journal,\n"
  "with what each would have met and, for --offer-discount, cost; payment/offer/README.md documents it.\n"
  "\n"
  "With --what-if every session of the window is priced again by the engine that stations sell with: what it would\n"
  "have brought as it was, where and when, who would have paid more or less, which sessions cannot be priced and why,\n"
  "and how many come out at what was asked under the tariff they were really sold by. Where past prices tell how\n"
  "demand answers a price, the same with that answer and its interval.\n"
  "\n"
  "Exit status: 0 the report is made; 1 it is made, and rows were left out (the chapter on the data says which); 2 an\n"
  "input cannot be used, and where; 3 a file is out of reach.\n";

static gboolean
choose_day (const TwVerb *verb,
            const char   *name,
            const char   *text,
            gint32       *day)
{
  g_autofree char *instant = text == NULL ? NULL : g_strconcat (text, "T00:00:00Z", NULL);
  g_autoptr (GDateTime) at = text == NULL || strlen (text) != 10 ? NULL
                             : g_date_time_new_from_iso8601 (instant, NULL);

  if (text == NULL)
    return TRUE;
  if (at == NULL)
    {
      tw_verb_complain (verb, "%s %s: expected a day, as 2026-11-22", name, text);
      return FALSE;
    }
  *day = (gint32) (g_date_time_to_unix (at) / 86400);
  return TRUE;
}

static gboolean
choose_groups (const TwVerb    *verb,
               TwAnalysisTerms *terms)
{
  g_auto (GStrv) words = g_strsplit (options.by != NULL ? options.by : "station", ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_str_equal (words[i], "site"))
        terms->by_site = TRUE;
      else if (g_str_equal (words[i], "station"))
        terms->by_station = TRUE;
      else if (g_str_equal (words[i], "connector"))
        terms->by_connector = TRUE;
      else if (g_str_equal (words[i], "tariff"))
        terms->by_tariff = TRUE;
      else
        {
          tw_verb_complain (verb, "--by %s: expected site, station, connector or tariff", words[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/* NULL: one of them is none. Without the option, an empty list. */
static char **
choose_figures (const TwVerb *verb)
{
  g_auto (GStrv) names = g_strsplit (options.figures != NULL ? options.figures : "", ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (tw_what_if_knows (names[i]) && options.what_ifs == NULL)
      {
        tw_verb_complain (verb, "--figures %s: of which tariff? --what-if TARIFF.json", names[i]);
        return NULL;
      }
    else if (!tw_measure_knows (names[i]) && !tw_what_if_knows (names[i]))
      {
        g_autofree char *all = tw_measure_names ();

        tw_verb_complain (verb, "--figures %s: expected some of %s", names[i], all);
        return NULL;
      }
  return g_steal_pointer (&names);
}

static gboolean
choose_discount (const TwVerb    *verb,
                 TwAnalysisTerms *terms)
{
  g_autoptr (GError) error = NULL;

  if (options.discount == NULL || tw_offer_parse_percent (options.discount, &terms->offer_discount_bp, &error))
    return TRUE;
  tw_verb_complain (verb, "--offer-discount: %s", error->message);
  return FALSE;
}

static gboolean
choose_terms (const TwVerb    *verb,
              TwAnalysisTerms *terms)
{
  g_autoptr (GTimeZone) zone = options.time_zone != NULL ? tw_zone_choose (verb, options.time_zone)
                                                         : g_time_zone_new_local ();
  gint64 as_of_ms;

  tw_analysis_terms_init (terms);
  if (zone == NULL || !choose_day (verb, "--from", options.from, &terms->from_day)
      || !choose_day (verb, "--to", options.to, &terms->to_day) || !choose_groups (verb, terms))
    return FALSE;
  terms->time_zone = g_intern_string (g_time_zone_get_identifier (zone));
  if (options.as_of != NULL && !tw_time_choose (verb, "--as-of", options.as_of, zone, &as_of_ms))
    return FALSE;
  if (options.as_of != NULL)
    terms->as_of_us = as_of_ms * 1000;
  if (terms->from_day >= terms->to_day)
    {
      tw_verb_complain (verb, "--from %s --to %s: the window has no day", options.from, options.to);
      return FALSE;
    }
  if (options.k < FEWEST_IN_GROUP)
    {
      tw_verb_complain (verb, "--k %d: expected at least %d, or people could be told apart", options.k,
                        FEWEST_IN_GROUP);
      return FALSE;
    }
  terms->k = (guint) options.k;
  if (!choose_discount (verb, terms))
    return FALSE;
  if (options.memory_mib > 0)
    terms->memory_bytes = (gsize) options.memory_mib << 20;
  return TRUE;
}

/* NULL: none was asked for, or the error is set. */
static TwWhatIf *
read_what_ifs (const TwAnalysisTerms  *terms,
               GError                **error)
{
  g_autoptr (TwWhatIf) what_if = options.what_ifs != NULL ? tw_what_if_new (terms) : NULL;

  for (guint i = 0; what_if != NULL && i < options.what_ifs->len; i++)
    {
      const char *path = options.what_ifs->pdata[i];
      g_autoptr (GBytes) file = tw_small_file_read (path, TW_TARIFF_MAX_BYTES, error);
      g_autofree char *base = g_path_get_basename (path), *name = g_utf8_make_valid (base, -1);

      if (file == NULL || !tw_what_if_add (what_if, name, file, error))
        {
          g_prefix_error (error, "--what-if %s: ", path);
          return NULL;
        }
    }
  return g_steal_pointer (&what_if);
}

static gboolean
write_forms (const TwPagesHead  *head,
             const GPtrArray    *figures,
             guint               discount_bp,
             GError            **error)
{
  if (options.output != NULL
      && (!tw_pages_write_all (options.output, head, figures, error)
          || (options.svg && !tw_pages_write_svg (options.output, head, figures, error))
          || !tw_report_write_offers (options.output, head, figures, discount_bp, error)))
    return FALSE;
  return options.json ? tw_pages_write_json (stdout, head, figures, error)
         : tw_pages_write_text (stdout, head, figures, isatty (STDOUT_FILENO), g_get_charset (NULL), error);
}

static gboolean
report (const TwAnalysisTerms  *terms,
        char                  **names,
        TwWhatIf               *what_if,
        guint64                *n_left_out,
        GError                **error)
{
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  g_autofree const char **paths = tw_feeds_paths (&options.feeds);
  TwPagesHead head = { .time_zone = terms->time_zone, .sources = paths, .k = terms->k };
  TwAccumulator accumulator = { NULL, NULL };

  if (what_if != NULL)
    accumulator = tw_what_if_accumulator (what_if);
  analysis = tw_refresh (&options.feeds, terms, accumulator, options.state, isatty (STDERR_FILENO), notices, error);
  if (analysis == NULL)
    return FALSE;
  for (guint i = 0; i < notices->len; i++)
    g_printerr ("tapwatt report: %s\n", (char *) g_ptr_array_index (notices, i));
  if (names[0] != NULL)
    tw_measure_some (analysis, (const char *const *) names, figures);
  else
    tw_measure_all (analysis, figures);
  if (what_if != NULL)
    tw_measure_what_if (analysis, what_if, (const char *const *) names, figures);
  head.from_day = tw_analysis_first_day (analysis);
  head.to_day = tw_analysis_end_day (analysis);
  head.as_of_us = tw_analysis_as_of (analysis);
  head.n_sessions = tw_analysis_quality (analysis)->n_used;
  *n_left_out = tw_analysis_quality (analysis)->n_left_out;
  return write_forms (&head, figures, terms->offer_discount_bp, error);
}

/* Tables that grow by the gigabyte move without being copied and give back what they shed, if each is a mapping of its
 * own. Left to itself, malloc makes them parts of a heap after the first one that was freed: a quarter more memory. */
static void
keep_large_blocks_apart (void)
{
  mallopt (M_MMAP_THRESHOLD, 1 << 20);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwWhatIf) what_if = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  TwAnalysisTerms terms;
  guint64 n_left_out = 0;
  gboolean well;

  if (!tw_feeds_have_sessions (&options.feeds))
    {
      tw_verb_complain (self, "of what? --journal PATH, --sessions CSV or --store URL (tapwatt report --help tells "
                        "more)");
      return TW_EXIT_USAGE;
    }
  if (options.svg && options.output == NULL)
    {
      tw_verb_complain (self, "--svg: where to? --output DIR says it");
      return TW_EXIT_USAGE;
    }
  if (!choose_terms (self, &terms) || (names = choose_figures (self)) == NULL)
    return TW_EXIT_USAGE;
  options.feeds.mapping = options.map;
  options.feeds.time_zone = options.time_zone;
  what_if = read_what_ifs (&terms, &error);
  keep_large_blocks_apart ();
  well = error == NULL && report (&terms, names, what_if, &n_left_out, &error);
  tw_feeds_clear (&options.feeds);
  g_clear_pointer (&options.what_ifs, g_ptr_array_unref);
  if (!well)
    return tw_verb_complain_of (self, error);
  return n_left_out > 0 ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_REPORT = {
  "report", "",
  "when do people charge, what does it bring, and what to do about it?", TEXT, OPTIONS, 0, 0, run,
};
