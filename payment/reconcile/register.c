/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/register.h"

#include <string.h>

/* bytes: of each text its length in two bytes, and then all texts: beside each other, to be compared at once. */
typedef struct { guint64 hash; guint32 number; guint16 n_bytes, n_texts; char bytes[]; } Name;

/* One line of the processor's cache: most names are short enough to be compared right here. */
#define AT_HAND 40
typedef struct _TwKnownName
{
  guint64     hash;
  const Name *name;
  guint32     number;
  guint16     n_bytes, n_texts;
  char        bytes[AT_HAND];
} Known;

G_STATIC_ASSERT (sizeof (Known) == 64);

typedef TwAskedName Asked;

G_STATIC_ASSERT (G_STRUCT_OFFSET (Name, bytes) == G_STRUCT_OFFSET (Asked, bytes));

static guint
hash_name (gconstpointer data)
{
  return (guint) ((const Name *) data)->hash;
}

static gboolean
same_name (gconstpointer a, gconstpointer b)
{
  const Name *x = a, *y = b;

  return x->hash == y->hash && x->n_texts == y->n_texts && x->n_bytes == y->n_bytes &&
         memcmp (x->bytes, y->bytes, x->n_bytes) == 0;
}

void
tw_register_init (TwRegister *self, gsize most)
{
  *self = (TwRegister) {
    .names = g_hash_table_new (hash_name, same_name), .all = g_ptr_array_new_with_free_func (g_free), .most = most,
  };
  g_mutex_init (&self->lock);
}

void
tw_register_clear (TwRegister *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->all);
  g_mutex_clear (&self->lock);
}

guint32
tw_register_n (const TwRegister *self)
{
  return self->all->len;
}

void
tw_register_texts (const TwRegister *self, guint32 number, TwChars texts[TW_NAME_TEXTS])
{
  const Name *name = self->all->pdata[number];
  const char *at = name->bytes + name->n_texts * sizeof (guint16);

  for (guint i = 0; i < name->n_texts; i++)
    {
      guint16 n;

      memcpy (&n, name->bytes + i * sizeof n, sizeof n);
      texts[i] = (TwChars) { at, n };
      at += n;
    }
}

/* NULL: there is no more room. */
static const Name *
take (TwRegister *self, const Asked *asked)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Name *name = g_hash_table_lookup (self->names, asked);
  gsize size = sizeof *name + asked->n_bytes;

  if (name != NULL)
    return name;
  if (self->n_bytes + size + 64 > self->most)
    return NULL;
  self->n_bytes += size + 64;
  name = g_memdup2 (asked, size);
  name->number = self->all->len;
  g_ptr_array_add (self->all, name);
  g_hash_table_add (self->names, name);
  return name;
}

static inline gboolean
is_known (const Known *self, const Name *name)
{
  if (self->hash != name->hash)
    return FALSE;
  if (name->n_bytes > AT_HAND)
    return same_name (self->name, name);
  return self->n_texts == name->n_texts && self->n_bytes == name->n_bytes &&
         memcmp (self->bytes, name->bytes, name->n_bytes) == 0;
}

static Known *
slot_of (TwRegistrar *self, const Name *name)
{
  guint32 mask = self->size - 1, at = (guint32) name->hash & mask;

  while (self->known[at].name != NULL && !is_known (&self->known[at], name))
    at = (at + 1) & mask;
  return &self->known[at];
}

static void
grow (TwRegistrar *self)
{
  g_autofree Known *before = self->known;
  guint32 size = self->size;

  self->size = MAX (64, 2 * size);
  self->known = g_new0 (Known, self->size);
  for (guint32 i = 0; i < size; i++)
    if (before[i].name != NULL)
      *slot_of (self, before[i].name) = before[i];
}

/* FALSE: it is too long for a name. */
static gboolean
spell (Asked *self, const TwChars *texts, guint n)
{
  char *at = self->bytes + n * sizeof (guint16);

  for (guint i = 0; i < n; i++)
    {
      guint16 size = (guint16) texts[i].n;

      if (texts[i].n > (gsize) (self->bytes + sizeof self->bytes - at))
        return FALSE;
      memcpy (self->bytes + i * sizeof size, &size, sizeof size);
      at = (char *) tw_chars_copy ((guint8 *) at, texts[i]);
    }
  self->n_texts = (guint16) n;
  self->n_bytes = (guint16) (at - self->bytes);
  self->hash = tw_hash_text (TW_ROOM_NATURAL, (TwChars) { self->bytes, self->n_bytes });
  return TRUE;
}

void
tw_registrar_ask (TwRegistrar *self, TwAskedName *asked, const TwChars *texts, guint n)
{
  asked->n_texts = 0;
  if (!spell (asked, texts, n))
    return;
  if (2 * self->n >= self->size)
    grow (self);
  __builtin_prefetch (&self->known[asked->hash & (self->size - 1)]);
}

guint32
tw_registrar_number (TwRegistrar *self, const TwAskedName *asked)
{
  const Name *name;
  Known *known;

  if (asked->n_texts == 0)
    return TW_NO_NAME;
  known = slot_of (self, (const Name *) asked);
  if (known->name != NULL)
    return known->number;
  name = take (self->names, asked);
  if (name == NULL)
    return TW_NO_NAME;
  *known = (Known) { .hash = asked->hash, .name = name, .number = name->number, .n_bytes = name->n_bytes,
                      .n_texts = name->n_texts };
  memcpy (known->bytes, asked->bytes, MIN (asked->n_bytes, AT_HAND));
  self->n++;
  return name->number;
}

void
tw_registrar_clear (TwRegistrar *self)
{
  g_free (self->known);
  *self = (TwRegistrar) { 0 };
}
