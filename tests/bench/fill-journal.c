/* SPDX-License-Identifier: Apache-2.0 */
/* Years of trade in a minute: appends copies of the first session in a journal to it, through the real writer, each
 * under a name of its own. The station must be down.
 *
 *   fill-journal DIR STATION SESSIONS
 */
#include "payment/journal/journal.h"

#include <stdlib.h>
#include <string.h>

#define SESSIONS_A_COMMIT 100

typedef struct
{
  char      *session;
  GPtrArray *entries;   /* of TwEntry: the model's */
  guint64    last;      /* seq */
} Model;

static void
on_answer (GPtrArray    *entries,
           const GError *error,
           gpointer      user_data)
{
  if (error != NULL)
    g_error ("%s", error->message);
  *(gboolean *) user_data = TRUE;
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Model *model = user_data;

  model->last = entry->seq;
  if (entry->session == NULL)
    return TRUE;
  if (model->session == NULL)
    model->session = g_strdup (entry->session);
  if (g_str_equal (entry->session, model->session))
    g_ptr_array_add (model->entries, tw_entry_new (entry->at, entry->session, entry->kind,
                                                   g_bytes_ref (entry->payload)));
  return TRUE;
}

/* The model's name stands in keys and references, too. */
static GBytes *
renamed (GBytes     *payload,
         const char *from,
         const char *to)
{
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (payload, NULL), (gssize) g_bytes_get_size (payload));

  g_string_replace (text, from, to, 0);
  return g_bytes_new (text->str, text->len);
}

static void
add_copy (GPtrArray   *batch,
          const Model *model,
          const char  *station,
          guint        number)
{
  g_autofree char *name = g_strdup_printf ("%s-%06u-%06x", station, number + 2, number);

  for (guint i = 0; i < model->entries->len; i++)
    {
      const TwEntry *entry = model->entries->pdata[i];

      g_ptr_array_add (batch, tw_entry_new (entry->at, name, entry->kind, renamed (entry->payload, model->session,
                                                                                   name)));
    }
}

static void
fill (TwJournal   *journal,
      const Model *model,
      const char  *station,
      guint        n)
{
  for (guint done = 0; done < n;)
    {
      g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
      gboolean answered = FALSE;

      for (guint i = 0; i < SESSIONS_A_COMMIT && done < n; i++)
        add_copy (batch, model, station, done++);
      tw_journal_commit (journal, batch, NULL, on_answer, &answered);
      while (!answered)
        g_main_context_iteration (NULL, TRUE);
    }
}

int
main (int    argc,
      char **argv)
{
  TwJournalOptions options = { .station_id = argc == 4 ? argv[2] : NULL };
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  Model model = { 0 };

  if (argc != 4)
    g_error ("usage: fill-journal DIR STATION SESSIONS");
  journal = tw_journal_open (argv[1], &options, &error);
  if (journal == NULL)
    g_error ("%s", error->message);
  model.entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  if (!tw_journal_each (journal, NULL, on_entry, &model, &error) || model.session == NULL)
    g_error ("no session to copy");

  fill (journal, &model, options.station_id, (guint) atoi (argv[3]));
  g_print ("%u\n", (guint) model.last + model.entries->len * (guint) atoi (argv[3]));
  g_ptr_array_unref (model.entries);
  g_free (model.session);
  return 0;
}
