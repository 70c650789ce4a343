/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/words.h"

#include "app/base/catalogue.h"
#include "app/base/log.h"

#include <gio/gio.h>
#include <string.h>

#define FOLDER "/org/tapwatt/words/"

/* Made by glib-compile-resources from assets/translations. */
GResource *tw_words_get_resource (void);

/* Both have the same order; English has no catalogue. */
typedef struct { GPtrArray *languages, *catalogues; } Words;

static TwCatalogue *
open_catalogue (const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) mo = g_resource_lookup_data (tw_words_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  TwCatalogue *catalogue = mo ? tw_catalogue_new (mo, &error) : NULL;

  /* Only a program that was put together wrongly gets here; its customers can still read English. */
  if (catalogue == NULL)
    tw_log_warning ("words: %s: %s", name, error->message);

  return catalogue;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Of resources such as de.mo, in the order of their names. */
static gpointer
load (gpointer unused)
{
  Words *words = g_new0 (Words, 1);
  g_auto (GStrv) names = g_resource_enumerate_children (tw_words_get_resource (), FOLDER,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  guint n = names ? g_strv_length (names) : 0;

  words->languages = g_ptr_array_new ();
  words->catalogues = g_ptr_array_new ();
  g_ptr_array_add (words->languages, g_strdup ("en"));
  g_ptr_array_add (words->catalogues, NULL);
  if (n > 1)
    qsort (names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      TwCatalogue *catalogue = open_catalogue (names[i]);

      if (catalogue == NULL)
        continue;
      g_ptr_array_add (words->languages, g_strndup (names[i], strcspn (names[i], ".")));
      g_ptr_array_add (words->catalogues, catalogue);
    }
  g_ptr_array_add (words->languages, NULL);

  return words;
}

static const Words *
words_of_program (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load, NULL);
}

/* NULL: English. */
static const TwCatalogue *
find_catalogue (const char *language)
{
  const Words *words = words_of_program ();
  gsize n = language ? strcspn (language, "-_.@") : 0;

  for (guint i = 0; n > 0 && i < words->catalogues->len; i++)
    {
      const char *name = words->languages->pdata[i];

      if (strlen (name) == n && g_ascii_strncasecmp (name, language, n) == 0)
        return words->catalogues->pdata[i];
    }

  return NULL;
}

const char *
tw_word_in (const char *language,
            const char *context,
            const char *msgid)
{
  const TwCatalogue *catalogue = find_catalogue (language);
  const char *word = NULL;

  /* "" is the key of a catalogue's header. */
  if (catalogue && *msgid != '\0')
    word = tw_catalogue_find (catalogue, context, msgid);

  return word ? word : msgid;
}

const char *
tw_word (const char *language,
         const char *msgid)
{
  return tw_word_in (language, NULL, msgid);
}

const char *const *
tw_words_languages (void)
{
  return (const char *const *) words_of_program ()->languages->pdata;
}
