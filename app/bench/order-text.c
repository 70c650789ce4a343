/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/order-text.h"

#include <string.h>

#include "app/bench/happenings.h"
#include "app/bench/options.h"

char *
tw_order_text (const char        *command,
               const char *const *words,
               const TwJson      *options)
{
  g_autoptr (GString) text = g_string_new (command);

  for (guint i = 0; words[i] != NULL; i++)
    g_string_append_printf (text, " %s", words[i]);
  for (guint i = 0; i < tw_json_length (options); i++)
    {
      const char *name = tw_json_member_name (options, i);
      const char *value = tw_options_text (options, name);

      if (strcmp (name, "cmd") == 0 || strcmp (name, "words") == 0 || value == NULL)
        continue;
      g_string_append_printf (text, " %s=%s", name, strcmp (name, "master-key") == 0 ? "..." : value);
    }

  return tw_happenings_mask (text->str);
}

gboolean
tw_order_only_asks (const char        *command,
                    const char *const *words)
{
  static const struct { const char *command, *word; } QUESTIONS[] = {
    { "status", NULL }, { "ledger", NULL }, { "help", NULL }, { "card", "list" }, { "card", "times" },
    { "acquirer", "requests" }, { "finger", "receipt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (QUESTIONS); i++)
    if (strcmp (QUESTIONS[i].command, command) == 0
        && (QUESTIONS[i].word == NULL || g_strcmp0 (QUESTIONS[i].word, words[0]) == 0))
      return TRUE;

  return FALSE;
}
