/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/words.h"

#include "payment/analytics/hash.h"

#define BLOCK 4096

void
tw_words_init (TwWords  *self,
               guint64   seed,
               TwBudget *budget)
{
  *self = (TwWords) { .seed = seed, .texts = g_string_chunk_new (BLOCK), .budget = budget };
}

void
tw_words_clear (TwWords *self)
{
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->index, g_free);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  self->n = self->room = self->mask = self->last = 0;
}

static gboolean
is_word (const TwWord *word,
         const char   *text,
         gsize         n)
{
  return word->n == n && (n == 0 || memcmp (word->text, text, n) == 0);
}

static guint32 *
slot_of (const TwWords *self,
         const char    *text,
         gsize          n)
{
  guint32 at = (guint32) tw_hash_bytes (self->seed, text, n) & self->mask;

  while (self->index[at] != 0 && !is_word (&self->words[self->index[at] - 1], text, n))
    at = (at + 1) & self->mask;
  return &self->index[at];
}

static void
grow (TwWords *self)
{
  gsize room = MAX (64, self->room * (gsize) 2);

  tw_budget_take (self->budget, (room - self->room) * (sizeof (TwWord) + 2 * sizeof (guint32)));
  self->words = g_renew (TwWord, self->words, room);
  self->room = room;
  g_free (self->index);
  self->index = g_new0 (guint32, room * 2);
  self->mask = room * 2 - 1;
  for (guint32 i = 0; i < self->n; i++)
    *slot_of (self, self->words[i].text, self->words[i].n) = i + 1;
}

guint32
tw_words_take (TwWords    *self,
               const char *text,
               gsize       n)
{
  guint32 *slot;

  if (self->n > 0 && is_word (&self->words[self->last], text, n))
    return self->last;
  if (self->n == self->room)
    grow (self);
  slot = slot_of (self, text, n);
  if (*slot == 0)
    {
      tw_budget_take (self->budget, n + 1);
      self->words[self->n] = (TwWord) { g_string_chunk_insert_len (self->texts, n > 0 ? text : "", n), n };
      *slot = ++self->n;
    }
  return self->last = *slot - 1;
}
