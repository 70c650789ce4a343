/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/receipts.h"

#include <string.h>

#define AGAIN_S 2       /* until the payment service has answered, and until there is a receipt at all */

struct _TwReceipts
{
  TwReceiptAsk ask;
  gpointer     user_data;
  void       (*changed) (gpointer data);
  gpointer     data;
  GPtrArray   *papers;      /* of TwPaper */
  GPtrArray   *errands;     /* of Errand: what is on its way */
  guint        again;       /* timer; 0: nothing can change any more */
};

typedef struct
{
  TwReceipts *receipts;
  char       *session, *language;
  gboolean    qr;
} Errand;

static void
paper_free (gpointer data)
{
  TwPaper *self = data;

  g_free (self->session);
  g_free (self->language);
  g_free (self->qr);
  g_clear_pointer (&self->json, tw_json_free);
  g_free (self);
}

static void
errand_free (gpointer data)
{
  Errand *self = data;

  g_free (self->session);
  g_free (self->language);
  g_free (self);
}

TwReceipts *
tw_receipts_new (TwReceiptAsk ask,
                 gpointer     user_data,
                 void       (*changed) (gpointer data),
                 gpointer     data)
{
  TwReceipts *self = g_new0 (TwReceipts, 1);

  self->ask = ask;
  self->user_data = user_data;
  self->changed = changed;
  self->data = data;
  self->papers = g_ptr_array_new_with_free_func (paper_free);
  self->errands = g_ptr_array_new_with_free_func (errand_free);
  return self;
}

void
tw_receipts_free (TwReceipts *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  g_ptr_array_unref (self->papers);
  g_ptr_array_unref (self->errands);
  g_free (self);
}

static TwPaper *
find (TwReceipts *self,
      const char *session,
      const char *language)
{
  for (guint i = 0; i < self->papers->len; i++)
    {
      TwPaper *paper = self->papers->pdata[i];

      if (g_str_equal (paper->session, session) && g_str_equal (paper->language, language))
        return paper;
    }
  return NULL;
}

static void
take (TwPaper    *paper,
      gboolean    qr,
      const char *text)
{
  TwJson *json;

  if (text == NULL)
    {
      paper->failed = TRUE;
      return;
    }
  if (qr)
    {
      g_free (paper->qr);
      paper->qr = g_strdup (text);
      return;
    }
  json = tw_json_parse (text, strlen (text), &TW_JSON_LARGE, NULL);
  paper->failed |= json == NULL;
  if (json == NULL)
    return;
  g_clear_pointer (&paper->json, tw_json_free);
  paper->json = json;
  paper->failed = FALSE;
}

static void
on_came (const char *text,
         gpointer    came_data)
{
  Errand *errand = came_data;
  TwReceipts *self = errand->receipts;
  TwPaper *paper = find (self, errand->session, errand->language);

  if (paper != NULL)
    take (paper, errand->qr, text);
  g_ptr_array_remove_fast (self->errands, errand);
  if (paper != NULL)
    self->changed (self->data);
}

static void
send (TwReceipts    *self,
      const TwPaper *paper,
      gboolean       qr)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->receipts = self;
  errand->session = g_strdup (paper->session);
  errand->language = g_strdup (paper->language);
  errand->qr = qr;
  g_ptr_array_add (self->errands, errand);
  self->ask (errand->session, qr ? "qr" : "json", errand->language, on_came, errand, self->user_data);
}

/* A capture may be answered after the receipt was first asked for, and the connector says nothing about it. */
static gboolean
is_final (const TwPaper *paper)
{
  const TwJson *payment = tw_json_member (paper->json, "payment");
  const char *status = tw_json_string (tw_json_member (payment, "status"));
  const char *release = tw_json_string (tw_json_member (payment, "release"));

  return paper->qr != NULL && paper->json != NULL && !paper->failed && g_strcmp0 (status, "pending") != 0
    && g_strcmp0 (status, "unknown") != 0 && g_strcmp0 (release, "pending") != 0;
}

static gboolean
on_again (gpointer data)
{
  TwReceipts *self = data;
  gboolean all_final = TRUE;

  for (guint i = 0; i < self->papers->len; i++)
    {
      TwPaper *paper = self->papers->pdata[i];

      if (is_final (paper) && paper->checked)
        continue;
      all_final = FALSE;
      if (self->errands->len > 0)
        continue;   /* patience: the last question is not answered yet */
      paper->checked = is_final (paper);   /* the code may be older than the rest */
      send (self, paper, TRUE);
      send (self, paper, FALSE);
    }
  if (!all_final)
    return G_SOURCE_CONTINUE;
  self->again = 0;
  return G_SOURCE_REMOVE;
}

const TwPaper *
tw_receipts_get (TwReceipts *self,
                 const char *session,
                 const char *language)
{
  TwPaper *paper = find (self, session, language);

  if (paper != NULL)
    return paper;

  paper = g_new0 (TwPaper, 1);
  paper->session = g_strdup (session);
  paper->language = g_strdup (language);
  g_ptr_array_add (self->papers, paper);
  if (self->again == 0)
    self->again = g_timeout_add_seconds (AGAIN_S, on_again, self);
  send (self, paper, TRUE);
  send (self, paper, FALSE);
  return paper;
}

void
tw_receipts_renew (TwReceipts *self,
                   const char *session)
{
  for (guint i = 0; i < self->papers->len; i++)
    {
      TwPaper *paper = self->papers->pdata[i];

      if (!g_str_equal (paper->session, session))
        continue;
      paper->failed = FALSE;
      send (self, paper, FALSE);
      if (paper->qr == NULL)
        send (self, paper, TRUE);
    }
}

void
tw_receipts_keep (TwReceipts        *self,
                  const char *const *sessions,
                  guint              n_sessions)
{
  for (guint i = self->papers->len; i-- > 0;)
    {
      TwPaper *paper = self->papers->pdata[i];
      gboolean kept = FALSE;

      for (guint k = 0; k < n_sessions && !kept; k++)
        kept = g_strcmp0 (sessions[k], paper->session) == 0;
      if (!kept)
        g_ptr_array_remove_index_fast (self->papers, i);
    }
}
