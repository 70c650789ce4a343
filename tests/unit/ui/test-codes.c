/* SPDX-License-Identifier: Apache-2.0 */
/* Every code that the station's sources can say has words of its own on the screen. The codes are taken out of the
 * sources, so that a new one without words fails here. */
#include "ui/codes.h"

#include "app/base/words.h"

#include <string.h>

typedef const TwCode *(*Find) (const char *code);

/* A place in the sources: the text between two marks, and the quoted codes in it. */
typedef struct { const char *file, *from, *to; Find find; guint least; const char *without; } Place;

static const Place places[] = {
  { "app/reader/message-kinds.c", "*prompts[] = {", "};", tw_code_of_prompt, 7 },
  { "payment/acceptor/tapping.c", "known[] = {", "};", tw_code_of_outcome, 9 },
  { "payment/acceptor/take.h", "How a take ends.", "typedef enum", tw_code_of_outcome, 9 },
  { "payment/acceptor/take.h", "What the person should do now", "void (*progress)", tw_code_of_prompt, 9 },
  { "app/station/desk.c", "tw_desk_identified (", "\n}", tw_code_of_banner, 5, " emv unaccepted card " },
  { "app/station/service.c", "service_gap (", "look_at_acceptor", tw_code_of_closed, 5 },
  { "app/station/service.c", "is_as_configured (", "look_again_soon", tw_code_of_closed, 2 },
  { "payment/acceptor/line.c", "tw_line_ready (", "\n}", tw_code_of_closed, 1 },
  { "app/reader/link-requests.c", "*why_not = ", ";", tw_code_of_closed, 2 },
  { "hw/power/rapi-codec.c", "tw_rapi_fault_name (", "\n}", tw_code_of_fault, 8 },
};

/* What is said in code that is spread too widely to be marked: taking.c, desk.c, station.c, publish.c. */
static const struct { const char *code; Find find; } others[] = {
  { "approved", tw_code_of_outcome }, { "card-in-use", tw_code_of_outcome }, { "no-answer", tw_code_of_outcome },
  { "busy", tw_code_of_banner }, { "connector-armed", tw_code_of_banner }, { "connector-charging", tw_code_of_banner },
  { "connector-paused", tw_code_of_banner }, { "connector-finishing", tw_code_of_banner },
  { "connector-settling", tw_code_of_banner }, { "connector-fault", tw_code_of_banner },
  { "no-offer", tw_code_of_banner }, { "goal-too-small", tw_code_of_banner }, { "goal-too-large", tw_code_of_banner },
  { "goal-energy", tw_code_of_reason }, { "goal-amount", tw_code_of_reason }, { "goal-time", tw_code_of_reason },
  { "bank-cards-off", tw_code_of_closed }, { "gateway-unreachable", tw_code_of_closed },
  { "controller-lost", tw_code_of_fault }, { "unknown-state", tw_code_of_fault },
  { "unplugged", tw_code_of_reason }, { "full", tw_code_of_reason }, { "limit", tw_code_of_reason },
  { "stop", tw_code_of_reason }, { "card", tw_code_of_reason }, { "not-connected", tw_code_of_reason },
  { "lost", tw_code_of_reason }, { "faulted", tw_code_of_reason }, { "changed", tw_code_of_reason },
  { "journal", tw_code_of_reason }, { "not-priced", tw_code_of_reason }, { "restart", tw_code_of_reason },
  { "timeout", tw_code_of_reason }, { "cancelled", tw_code_of_reason },
};

static void
assert_said (const char *code,
             Find        find,
             const char *where)
{
  const TwCode *found = find (code);

  if (g_strcmp0 (found->code, code) != 0)
    g_error ("%s: \"%s\" has no words in ui/codes.c", where, code);
  g_assert_cmpstr (found->headline, !=, "");
  if (found->advice != NULL && found->advice[0] != '\0')
    g_assert_cmpstr (tw_word ("de", found->advice), !=, found->advice);
  g_assert_cmpstr (tw_word ("de", found->headline), !=, found->headline);
}

static void
check_place (const Place *place)
{
  g_autofree char *path = g_build_filename (TW_SOURCE, place->file, NULL), *text = NULL, *part = NULL;
  g_autoptr (GRegex) quoted = g_regex_new ("\"([a-z][a-z-]+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  const char *from, *to;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  from = strstr (text, place->from);
  g_assert_nonnull (from);
  to = strstr (from + strlen (place->from), place->to);
  g_assert_nonnull (to);
  part = g_strndup (from, to - from);
  for (g_regex_match (quoted, part, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *code = g_match_info_fetch (match, 1);
      g_autofree char *padded = g_strdup_printf (" %s ", code);

      if (place->without != NULL && strstr (place->without, padded) != NULL)
        continue;
      assert_said (code, place->find, place->file);
      n++;
    }
  if (n < place->least)
    g_error ("%s: only %u codes behind \"%s\": has it moved?", place->file, n, place->from);
}

static void
every_code_of_the_sources_has_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    check_place (&places[i]);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_said (others[i].code, others[i].find, "test-codes.c");
}

static void
an_unknown_code_gets_honest_words (void)
{
  static const Find finds[] = { tw_code_of_outcome, tw_code_of_prompt, tw_code_of_banner, tw_code_of_closed,
                                tw_code_of_fault };

  for (guint i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      const TwCode *unknown = finds[i] ("of-another-version");

      g_assert_null (unknown->code);
      g_assert_cmpstr (unknown->headline, !=, "");
      g_assert_true (finds[i] (NULL) == unknown);
    }
  g_assert_cmpstr (tw_code_of_reason ("of-another-version")->headline, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/codes/every-code-of-the-sources-has-words", every_code_of_the_sources_has_words);
  g_test_add_func ("/ui/codes/an-unknown-code-gets-honest-words", an_unknown_code_gets_honest_words);
  return g_test_run ();
}
