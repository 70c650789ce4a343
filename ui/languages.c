/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/languages.h"

#include "app/base/words.h"

#include <string.h>

static const struct { const char *language, *name; } names[] = { { "en", "English" }, { "de", "Deutsch" } };

/* "de" and "de-AT" are one. */
static gboolean
is_same (const char *a,
         const char *b)
{
  gsize len = strcspn (a, "-_.@");

  return strcspn (b, "-_.@") == len && g_ascii_strncasecmp (a, b, len) == 0;
}

const char *
tw_language_next (const char *language)
{
  const char *const *all = tw_words_languages ();

  for (guint i = 0; all[i] != NULL; i++)
    if (is_same (all[i], language))
      return all[i + 1] ? all[i + 1] : all[0];

  return all[0];
}

const char *
tw_language_name (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (is_same (names[i].language, language))
      return names[i].name;

  return language;
}
