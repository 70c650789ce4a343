/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/card.h"

#include "app/base/error.h"
#include "hw/virtual/emv-card.h"

#include <string.h>

struct _TwVirtualCard
{
  TwCardProfile *profile;
  TwEmvCard     *emv;    /* NULL: a card that has nothing but a UID */
  char          *store;  /* where the counter is kept; NULL */
};

TwVirtualCard *
tw_virtual_card_new (const char *profile,
                     gsize       len,
                     const char *name,
                     GError    **error)
{
  g_autoptr (TwVirtualCard) self = g_new0 (TwVirtualCard, 1);

  self->profile = tw_card_profile_parse (profile, len, name, error);
  if (self->profile == NULL)
    return NULL;
  if (self->profile->emv)
    {
      self->emv = tw_emv_card_new (self->profile, name, error);
      if (self->emv == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

TwVirtualCard *
tw_virtual_card_new_from_file (const char *path,
                               GError    **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) why = NULL;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, &why))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "cannot read the card: %s", why->message);
      return NULL;
    }
  return tw_virtual_card_new (text, len, name, error);
}

void
tw_virtual_card_free (TwVirtualCard *self)
{
  if (self == NULL)
    return;

  tw_emv_card_free (self->emv);
  tw_card_profile_free (self->profile);
  g_free (self->store);
  g_free (self);
}

const char *
tw_virtual_card_title (TwVirtualCard *self)
{
  return self->profile->title;
}

/* A made-up UID begins with 08 (ISO/IEC 14443-3 6.4.4). */
static void
activate (gpointer       card,
          TwPn532Target *target)
{
  TwVirtualCard *self = card;

  *target = self->profile->target;
  if (self->emv)
    tw_emv_card_reset (self->emv);
  if (!self->profile->random_uid)
    return;

  target->uid[0] = 0x08;
  for (gsize i = 1; i < target->uid_len; i++)
    target->uid[i] = g_random_int_range (0, 256);
}

/* No memory worth the name: an Ultralight shows its UID in block 0, which is how libnfc asks whether it is there; an
 * ISO 14443-4 card knows no application; a Classic is silent to everything. */
static gboolean
exchange_uid_only (TwVirtualCard *self,
                   const guint8  *command,
                   gsize          n,
                   GByteArray    *answer)
{
  const guint8 not_found[] = { 0x6A, 0x82 };
  guint8 blocks[16] = { 0 };

  if (self->profile->target.ats_len > 0)
    {
      g_byte_array_append (answer, not_found, sizeof not_found);
      return TRUE;
    }
  if (self->profile->target.sak != 0x00 || n != 2 || command[0] != 0x30)
    return FALSE;

  memcpy (blocks, self->profile->target.uid, self->profile->target.uid_len);
  g_byte_array_append (answer, blocks, sizeof blocks);
  return TRUE;
}

static void
store_atc (TwVirtualCard *self)
{
  g_autofree char *text = g_strdup_printf ("[card]\natc=%u\n", tw_emv_card_atc (self->emv));
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (self->store, text, -1, &error))
    g_warning ("virtual card %s: cannot keep its counter: %s", self->profile->title, error->message);
}

static gboolean
exchange (gpointer      card,
          const guint8 *command,
          gsize         n,
          GByteArray   *answer)
{
  TwVirtualCard *self = card;
  guint16 atc;

  if (self->profile->garbage)
    {
      gsize len;
      const guint8 *bytes = g_bytes_get_data (self->profile->garbage, &len);

      if (len > 0)
        g_byte_array_append (answer, bytes, len);
      return TRUE;
    }
  if (self->emv == NULL)
    return exchange_uid_only (self, command, n, answer);

  atc = tw_emv_card_atc (self->emv);
  tw_emv_card_exchange (self->emv, command, n, answer);
  if (self->store && atc != tw_emv_card_atc (self->emv))
    store_atc (self);
  return TRUE;
}

const TwPn532CardOps TW_VIRTUAL_CARD_OPS = { activate, exchange };

void
tw_virtual_card_insert (TwVirtualCard *self,
                        TwPn532       *reader)
{
  tw_pn532_insert (reader, &TW_VIRTUAL_CARD_OPS, self);
  tw_pn532_set_card_latency (reader, self->profile->latency_ms);
  if (self->profile->tear_after >= 0)
    tw_pn532_tear_after (reader, self->profile->tear_after);
}

guint16
tw_virtual_card_atc (TwVirtualCard *self)
{
  return self->emv ? tw_emv_card_atc (self->emv) : 0;
}

gboolean
tw_virtual_card_persist (TwVirtualCard *self,
                         const char    *path,
                         GError       **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) why = NULL;
  int atc;

  if (self->emv == NULL)
    return TRUE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      atc = 0;
      if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &why))
        atc = g_key_file_get_integer (file, "card", "atc", &why);
      if (why || atc < 0 || atc > G_MAXUINT16)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s does not hold a card's counter: %s", path,
                       why ? why->message : "atc is out of range");
          return FALSE;
        }
      tw_emv_card_set_atc (self->emv, atc);
    }
  g_free (self->store);
  self->store = g_strdup (path);
  return TRUE;
}
