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

static TwWordSlot *
slot_of (const TwWords *self,
         const char    *text,
         gsize          n,
         guint64        hash)
{
  guint32 at = (guint32) hash & self->mask, tag = hash >> 32;

  for (;; at = (at + 1) & self->mask)
    {
      TwWordSlot *slot = &self->index[at];

      if (slot->number == 0 || (slot->tag == tag && is_word (&self->words[slot->number - 1], text, n)))
        return slot;
    }
}

static void
grow (TwWords *self)
{
  gsize room = MAX (64, self->room * (gsize) 2);

  tw_budget_take (self->budget, (room - self->room) * (sizeof (TwWord) + 2 * sizeof (TwWordSlot)));
  self->words = g_renew (TwWord, self->words, room);
  self->room = room;
  g_free (self->index);
  self->index = g_new0 (TwWordSlot, room * 2);
  self->mask = room * 2 - 1;
  for (guint32 i = 0; i < self->n; i++)
    {
      guint64 hash = tw_hash_bytes (self->seed, self->words[i].text, self->words[i].n);

      *slot_of (self, self->words[i].text, self->words[i].n, hash) = (TwWordSlot) { i + 1, hash >> 32 };
    }
}

guint32
tw_words_take (TwWords    *self,
               const char *text,
               gsize       n)
{
  TwWordSlot *slot;
  guint64 hash;

  if (self->n > 0 && is_word (&self->words[self->last], text, n))
    return self->last;
  if (self->n == self->room)
    grow (self);
  hash = tw_hash_bytes (self->seed, text, n);
  slot = slot_of (self, text, n, hash);
  if (slot->number == 0)
    {
      tw_budget_take (self->budget, n + 1);
      self->words[self->n] = (TwWord) { g_string_chunk_insert_len (self->texts, n > 0 ? text : "", n), n };
      *slot = (TwWordSlot) { ++self->n, hash >> 32 };
    }
  return self->last = slot->number - 1;
}
