/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/emv-card.h"

#include "app/base/error.h"
#include "hw/virtual/ber.h"
#include "hw/virtual/emv-data.h"

#include <string.h>

#define SW_OK 0x9000
#define SW_WRONG_LENGTH 0x6700
#define SW_CONDITIONS 0x6985
#define SW_WRONG_DATA 0x6A80
#define SW_NOT_FOUND 0x6A82
#define SW_NO_RECORD 0x6A83
#define SW_WRONG_P1P2 0x6A86
#define SW_UNKNOWN_INSTRUCTION 0x6D00
#define SW_UNKNOWN_CLASS 0x6E00

#define FILLER 0xDF01 /* a tag of nobody, to make a record as long as it should be */

static const char PPSE[] = "2PAY.SYS.DDF01";

struct _TwEmvCard
{
  const TwCardProfile     *profile;
  const TwCardApplication *selected;
  guint16                  atc;
  guint                    taps;      /* GPOs so far, for profiles that answer each differently */
  gboolean                 spent;     /* a second GPO needs a new SELECT */
};

static void
put_bytes (GByteArray *out,
           GBytes     *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  if (n > 0)
    g_byte_array_append (out, data, n);
}

static guint16
finish (GByteArray *answer,
        GByteArray *body)
{
  if (body->len > 256) /* more than a short R-APDU carries */
    return SW_WRONG_LENGTH;
  g_byte_array_append (answer, body->data, body->len);
  return SW_OK;
}

/* Book B 3.3: one directory entry. */
static void
put_entry (GByteArray              *out,
           const TwCardApplication *app)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  guint8 priority = app->priority;

  tw_ber_put (entry, 0x4F, g_bytes_get_data (app->aid, NULL), g_bytes_get_size (app->aid));
  if (app->label)
    tw_ber_put (entry, 0x50, (const guint8 *) app->label, strlen (app->label));
  if (priority > 0)
    tw_ber_put (entry, 0x87, &priority, 1);
  if (app->kernel)
    tw_ber_put (entry, 0x9F2A, g_bytes_get_data (app->kernel, NULL), g_bytes_get_size (app->kernel));
  tw_ber_wrap (entry, 0x61);
  g_byte_array_append (out, entry->data, entry->len);
}

static guint16
select_ppse (TwEmvCard  *self,
             GByteArray *answer)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GByteArray) fci = g_byte_array_new ();

  self->selected = NULL;
  for (guint i = 0; i < self->profile->listed->len; i++)
    put_entry (body, g_ptr_array_index (self->profile->listed, i));
  tw_ber_wrap (body, 0xBF0C);
  tw_ber_wrap (body, 0xA5);

  tw_ber_put (fci, 0x84, (const guint8 *) PPSE, strlen (PPSE));
  g_byte_array_append (fci, body->data, body->len);
  tw_ber_wrap (fci, 0x6F);
  return finish (answer, fci);
}

static guint16
select_application (TwEmvCard               *self,
                    const TwCardApplication *app,
                    GByteArray              *answer)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GByteArray) fci = g_byte_array_new ();
  g_autoptr (GByteArray) pdol = g_byte_array_new ();
  guint8 priority = app->priority;

  self->selected = app;
  self->spent = FALSE;
  for (guint i = 0; i < app->pdol->len; i++)
    {
      const TwDolEntry *entry = &g_array_index (app->pdol, TwDolEntry, i);

      tw_ber_put_tag (pdol, entry->tag);
      tw_ber_put_length (pdol, entry->len);
    }
  if (app->label)
    tw_ber_put (body, 0x50, (const guint8 *) app->label, strlen (app->label));
  if (priority > 0)
    tw_ber_put (body, 0x87, &priority, 1);
  if (pdol->len > 0)
    tw_ber_put (body, 0x9F38, pdol->data, pdol->len);
  tw_ber_wrap (body, 0xA5);

  tw_ber_put (fci, 0x84, g_bytes_get_data (app->aid, NULL), g_bytes_get_size (app->aid));
  g_byte_array_append (fci, body->data, body->len);
  tw_ber_wrap (fci, 0x6F);
  return finish (answer, fci);
}

/* A name may be the beginning of an application's (EMV 4.3 Book 1 12.3.1). */
static const TwCardApplication *
find_application (TwEmvCard    *self,
                  const guint8 *name,
                  gsize         n)
{
  for (guint i = 0; i < self->profile->applications->len; i++)
    {
      const TwCardApplication *app = g_ptr_array_index (self->profile->applications, i);

      if (n >= 5 && n <= g_bytes_get_size (app->aid) && memcmp (g_bytes_get_data (app->aid, NULL), name, n) == 0)
        return app;
    }
  return NULL;
}

/* A whole R-APDU of the profile, status word included. TRUE: that was it. */
static gboolean
answer_by_hand (GBytes     *by_hand,
                GByteArray *answer)
{
  if (by_hand == NULL)
    return FALSE;
  put_bytes (answer, by_hand);
  return TRUE;
}

static guint16
on_select (TwEmvCard    *self,
           const guint8 *command,
           gsize         n,
           GByteArray   *answer)
{
  const TwCardApplication *app;
  gsize len = n > 4 ? command[4] : 0;

  if (command[2] != 0x04 || command[3] != 0x00)
    return SW_WRONG_P1P2;
  if (n < 6 || (n != 5 + len && n != 6 + len))
    return SW_WRONG_LENGTH;

  if (len == strlen (PPSE) && memcmp (command + 5, PPSE, len) == 0)
    return answer_by_hand (self->profile->ppse_answer, answer) ? 0 : select_ppse (self, answer);

  app = find_application (self, command + 5, len);
  if (app == NULL)
    return SW_NOT_FOUND;
  if (answer_by_hand (app->select_answer, answer))
    {
      self->selected = app;
      self->spent = FALSE;
      return 0;
    }
  return select_application (self, app, answer);
}

static guint16
gpo_status (TwEmvCard *self)
{
  const GArray *words = self->selected->gpo_sw;
  guint tap = self->taps++;

  return words->len > 0 ? g_array_index (words, guint16, MIN (tap, words->len - 1)) : SW_OK;
}

/* The command's data field: 83, a length, and as many bytes as the PDOL asks for (EMV 4.3 Book 3 6.5.8). */
static guint16
find_pdol_data (const guint8  *field,
                gsize          n,
                gsize          expected,
                const guint8 **value)
{
  gsize head = n > 1 && field[1] == 0x81 ? 3 : 2;

  if (n < head || field[0] != 0x83 || (head == 2 && field[1] >= 0x80))
    return SW_WRONG_DATA;
  if (field[head - 1] != expected || n != head + expected)
    return SW_WRONG_LENGTH;
  *value = field + head;
  return SW_OK;
}

static guint16
put_options (const TwCardApplication *app,
             const TwCardTap         *tap,
             GByteArray              *answer)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (guint i = 0; i < app->gpo->len; i++)
    tw_emv_data_put (body, app, tap, g_array_index (app->gpo, guint32, i));
  tw_ber_wrap (body, 0x77);
  g_byte_array_set_size (body, body->len - MIN (body->len, app->gpo_cut));
  return finish (answer, body);
}

static guint16
on_gpo (TwEmvCard    *self,
        const guint8 *command,
        gsize         n,
        GByteArray   *answer)
{
  const TwCardApplication *app = self->selected;
  gsize len = n > 4 ? command[4] : 0;
  TwCardTap tap = { 0 };
  guint16 sw;

  if (app == NULL || self->spent || self->atc == G_MAXUINT16)
    return SW_CONDITIONS;
  if (command[2] != 0x00 || command[3] != 0x00)
    return SW_WRONG_P1P2;
  if (n != 5 + len && n != 6 + len)
    return SW_WRONG_LENGTH;
  sw = find_pdol_data (command + 5, len, app->pdol_len, &tap.pdol_data);
  if (sw != SW_OK)
    return sw;

  self->spent = TRUE;
  tap.atc = ++self->atc;
  sw = gpo_status (self);
  if (sw != SW_OK)
    return sw;
  return answer_by_hand (app->gpo_answer, answer) ? 0 : put_options (app, &tap, answer);
}

/* Fills the record up to its size: a tag of two bytes, a length, zeros. */
static void
fill_up (GByteArray *body,
         gsize       size)
{
  gsize head = size > 129 ? 3 : 2; /* of the template 70 around it */
  gsize room = size > head + body->len ? size - head - body->len : 0;
  gsize filler_head = room > 130 ? 4 : 3;
  g_autofree guint8 *zeros = g_malloc0 (size);

  if (room >= filler_head)
    tw_ber_put (body, FILLER, zeros, room - filler_head);
}

static guint16
put_record (const TwCardApplication *app,
            const TwCardRecord      *record,
            const TwCardTap         *tap,
            GByteArray              *answer)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (guint i = 0; i < record->tags->len; i++)
    tw_emv_data_put (body, app, tap, g_array_index (record->tags, guint32, i));
  fill_up (body, record->size);
  tw_ber_wrap (body, 0x70);
  return finish (answer, body);
}

static guint16
on_read_record (TwEmvCard    *self,
                const guint8 *command,
                gsize         n,
                GByteArray   *answer)
{
  const TwCardTap tap = { .atc = self->atc };

  if (self->selected == NULL)
    return SW_CONDITIONS;
  if ((command[3] & 0x07) != 0x04)
    return SW_WRONG_P1P2;
  if (n != 4 && n != 5)
    return SW_WRONG_LENGTH;

  for (guint i = 0; i < self->selected->records->len; i++)
    {
      const TwCardRecord *record = g_ptr_array_index (self->selected->records, i);

      if (record->sfi == command[3] >> 3u && record->number == command[2])
        return answer_by_hand (record->answer, answer) ? 0 : put_record (self->selected, record, &tap, answer);
    }
  return SW_NO_RECORD;
}

static guint16
run (TwEmvCard    *self,
     const guint8 *command,
     gsize         n,
     GByteArray   *answer)
{
  if (n < 4)
    return SW_WRONG_LENGTH;
  if (command[0] != 0x00 && command[0] != 0x80)
    return SW_UNKNOWN_CLASS;
  if (command[0] == 0x00 && command[1] == 0xA4)
    return on_select (self, command, n, answer);
  if (command[0] == 0x00 && command[1] == 0xB2)
    return on_read_record (self, command, n, answer);
  if (command[0] == 0x80 && command[1] == 0xA8)
    return on_gpo (self, command, n, answer);
  return SW_UNKNOWN_INSTRUCTION;
}

void
tw_emv_card_exchange (TwEmvCard    *self,
                      const guint8 *command,
                      gsize         n,
                      GByteArray   *answer)
{
  guint16 sw = run (self, command, n, answer);

  const guint8 bytes[2] = { sw >> 8, sw & 0xFF };

  if (sw != 0) /* else the profile wrote one, or meant that there is none */
    g_byte_array_append (answer, bytes, sizeof bytes);
}

static gboolean
blame (GError                 **error,
       const char              *name,
       const TwCardApplication *app,
       const char              *why)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card %s: [application %s] %s", name, app->name, why);
  return FALSE;
}

static gboolean
has_all (const TwCardApplication *app,
         GArray                  *tags,
         const char              *name,
         GError                 **error)
{
  for (guint i = 0; i < tags->len; i++)
    {
      guint32 tag = g_array_index (tags, guint32, i);
      g_autoptr (GByteArray) value = g_byte_array_new ();
      g_autofree char *why = NULL;

      if (tw_emv_data_put_value (value, app, &(TwCardTap) { 0 }, tag))
        continue;
      why = g_strdup_printf ("lists tag %X, and nothing gives it a value", tag);
      return blame (error, name, app, why);
    }
  return TRUE;
}

/* All that the answers will need must be there and fit, so that a profile with a slip is refused when it is read. */
static gboolean
check (const TwCardApplication *app,
       const char              *name,
       GError                 **error)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  if (app->expiry && (memcmp (app->expiry + 2, "01", 2) < 0 || memcmp (app->expiry + 2, "12", 2) > 0))
    return blame (error, name, app, "expires in no month");
  if (!has_all (app, app->gpo, name, error))
    return FALSE;
  if (put_options (app, &(TwCardTap) { 0 }, answer) != SW_OK)
    return blame (error, name, app, "has a gpo answer that is longer than 256 bytes");

  for (guint i = 0; i < app->records->len; i++)
    {
      const TwCardRecord *record = g_ptr_array_index (app->records, i);

      if (!has_all (app, record->tags, name, error))
        return FALSE;
      g_byte_array_set_size (answer, 0);
      if (put_record (app, record, &(TwCardTap) { 0 }, answer) != SW_OK)
        return blame (error, name, app, "has a record that is longer than 256 bytes");
      if (record->size > 0 && answer->len != record->size)
        return blame (error, name, app, "has a record that cannot be made exactly as long as its size");
    }
  return TRUE;
}

TwEmvCard *
tw_emv_card_new (const TwCardProfile *profile,
                 const char          *name,
                 GError             **error)
{
  g_autoptr (TwEmvCard) self = g_new0 (TwEmvCard, 1);
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  self->profile = profile;
  for (guint i = 0; i < profile->applications->len; i++)
    if (!check (g_ptr_array_index (profile->applications, i), name, error))
      return NULL;
  if (select_ppse (self, answer) != SW_OK)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card %s: [ppse] is longer than 256 bytes", name);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
tw_emv_card_free (TwEmvCard *self)
{
  g_free (self);
}

void
tw_emv_card_reset (TwEmvCard *self)
{
  self->selected = NULL;
  self->spent = FALSE;
}

guint16
tw_emv_card_atc (TwEmvCard *self)
{
  return self->atc;
}

void
tw_emv_card_set_atc (TwEmvCard *self,
                     guint16     atc)
{
  self->atc = atc;
}
