/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/card-application.h"

#include "app/base/bytes.h"
#include "app/base/whole.h"
#include "hw/virtual/ber.h"

#include <string.h>

#define DEFAULT_IAD "06011203A00000" /* key index 01, cryptogram version 18 */

/* "9F66/4 9F02/6": tags and lengths; EMV 4.3 Book 3 5.4 holds what all of them ask for to what one APDU can carry. */
static gboolean
read_pdol (TwProfileReader   *reader,
           TwCardApplication *app)
{
  g_autofree char *text = tw_profile_text (reader, "pdol");
  g_auto (GStrv) words = text ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; words && words[i]; i++)
    {
      char *slash = strchr (words[i], '/');
      TwDolEntry entry;
      guint64 len;

      if (words[i][0] == '\0')
        continue;
      if (slash == NULL)
        return tw_profile_blame (reader, "pdol", "is not a list of tags and lengths like 9F66/4 9F02/6");
      *slash = '\0';
      if (!tw_ber_read_tag (words[i], &entry.tag) || !tw_whole_parse_unsigned (slash + 1, 10, 1, 127, &len))
        return tw_profile_blame (reader, "pdol", "is not a list of tags and lengths like 9F66/4 9F02/6");
      entry.len = len;
      app->pdol_len += len;
      g_array_append_val (app->pdol, entry);
    }
  return app->pdol_len <= 250 || tw_profile_blame (reader, "pdol", "asks for more than 250 bytes");
}

static void
record_free (gpointer data)
{
  TwCardRecord *record = data;

  g_array_unref (record->tags);
  g_clear_pointer (&record->answer, g_bytes_unref);
  g_free (record);
}

static gint
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const TwCardRecord *one = *(TwCardRecord *const *) a, *other = *(TwCardRecord *const *) b;

  return (gint) (one->sfi << 8 | one->number) - (gint) (other->sfi << 8 | other->number);
}

static TwCardRecord *
get_record (TwCardApplication *app,
            guint              sfi,
            guint              number)
{
  TwCardRecord *record;

  for (guint i = 0; i < app->records->len; i++)
    {
      record = g_ptr_array_index (app->records, i);
      if (record->sfi == sfi && record->number == number)
        return record;
    }
  record = g_new0 (TwCardRecord, 1);
  record->sfi = sfi;
  record->number = number;
  record->tags = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_ptr_array_add (app->records, record);
  return record;
}

/* "record-2-1", "record-2-1-size" or "record-2-1-answer". */
static gboolean
read_record (TwProfileReader   *reader,
             TwCardApplication *app,
             const char        *key)
{
  g_auto (GStrv) parts = g_strsplit (key, "-", 5);
  guint n = g_strv_length (parts), size = 0;
  guint64 sfi, number;
  TwCardRecord *record;

  if (n < 3 || n > 4 || !tw_whole_parse_unsigned (parts[1], 10, 1, 30, &sfi)
      || !tw_whole_parse_unsigned (parts[2], 10, 1, 255, &number))
    return tw_profile_blame (reader, key, "is not record-SFI-NUMBER");
  record = get_record (app, sfi, number);

  if (n == 3)
    return tw_profile_tags (reader, key, record->tags);
  if (strcmp (parts[3], "answer") == 0)
    return tw_profile_hex (reader, key, 0, 300, &record->answer);
  if (strcmp (parts[3], "size") != 0)
    return tw_profile_blame (reader, key, "is not a known key");
  if (!tw_profile_number (reader, key, 256, &size))
    return FALSE;
  record->size = size;
  return TRUE;
}

static gboolean
read_data (TwProfileReader   *reader,
           TwCardApplication *app,
           const char        *key)
{
  GBytes *value = NULL;
  guint32 tag;

  if (!tw_ber_read_tag (key + strlen ("data-"), &tag))
    return tw_profile_blame (reader, key, "does not name a tag");
  if (!tw_profile_hex (reader, key, 0, 252, &value))
    return FALSE;
  g_hash_table_insert (app->data, GUINT_TO_POINTER (tag), value);
  return TRUE;
}

static gboolean
read_cryptogram (TwProfileReader   *reader,
                 TwCardApplication *app)
{
  g_autofree char *text = tw_profile_text (reader, "cryptogram");

  if (text == NULL || strcmp (text, "arqc") == 0)
    app->cryptogram = 0x80;
  else if (strcmp (text, "tc") == 0)
    app->cryptogram = 0x40;
  else if (strcmp (text, "aac") == 0)
    app->cryptogram = 0x00;
  else
    return tw_profile_blame (reader, "cryptogram", "is none of arqc, tc, aac");
  return TRUE;
}

static gboolean
read_key (TwProfileReader   *reader,
          TwCardApplication *app)
{
  g_autoptr (GBytes) key = NULL;

  if (!tw_profile_hex (reader, "master-key", 16, 16, &key))
    return FALSE;
  app->has_key = key != NULL;
  if (key)
    memcpy (app->issuer_key, g_bytes_get_data (key, NULL), 16);
  return TRUE;
}

/* Keys that are read one by one in read_application(). */
static const char *const APPLICATION_KEYS[] = {
  "aid", "label", "priority", "kernel", "pan", "expiry", "service", "discretionary", "sequence", "master-key",
  "cryptogram", "iad", "aip", "pdol", "gpo", "gpo-cut", "gpo-sw", "gpo-answer", "select-answer", NULL
};

static gboolean
read_families (TwProfileReader   *reader,
               TwCardApplication *app)
{
  g_auto (GStrv) keys = g_key_file_get_keys (reader->file, reader->group, NULL, NULL);

  for (guint i = 0; keys[i]; i++)
    {
      if (g_str_has_prefix (keys[i], "record-"))
        {
          if (!read_record (reader, app, keys[i]))
            return FALSE;
        }
      else if (g_str_has_prefix (keys[i], "data-"))
        {
          if (!read_data (reader, app, keys[i]))
            return FALSE;
        }
      else if (!g_strv_contains (APPLICATION_KEYS, keys[i]))
        return tw_profile_blame (reader, keys[i], "is not a known key");
    }
  g_ptr_array_sort (app->records, compare_records);
  return TRUE;
}

/* EMV 4.3 Book 3 10.2: a group of records for each run of numbers in a file. None takes part in offline data
 * authentication: the seam is the last byte. */
static void
make_afl (TwCardApplication *app)
{
  g_autoptr (GByteArray) afl = g_byte_array_new ();

  for (guint i = 0; i < app->records->len; i++)
    {
      TwCardRecord *record = g_ptr_array_index (app->records, i);
      guint8 group[4] = { record->sfi << 3, record->number, record->number, 0 };
      guint8 *last = afl->len > 0 ? afl->data + afl->len - 4 : NULL;

      if (last && last[0] == group[0] && last[2] + 1 == group[1])
        last[2]++;
      else
        g_byte_array_append (afl, group, sizeof group);
    }
  if (afl->len > 0)
    app->afl = g_byte_array_free_to_bytes (g_steal_pointer (&afl));
}

void
tw_card_application_free (gpointer data)
{
  TwCardApplication *app = data;

  g_free (app->name);
  g_free (app->label);
  g_free (app->pan);
  g_free (app->expiry);
  g_free (app->service);
  g_free (app->discretionary);
  g_clear_pointer (&app->aid, g_bytes_unref);
  g_clear_pointer (&app->kernel, g_bytes_unref);
  g_clear_pointer (&app->iad, g_bytes_unref);
  g_clear_pointer (&app->aip, g_bytes_unref);
  g_clear_pointer (&app->gpo_answer, g_bytes_unref);
  g_clear_pointer (&app->select_answer, g_bytes_unref);
  g_clear_pointer (&app->afl, g_bytes_unref);
  g_array_unref (app->pdol);
  g_array_unref (app->gpo);
  g_array_unref (app->gpo_sw);
  g_ptr_array_unref (app->records);
  g_hash_table_unref (app->data);
  tw_wipe (app->issuer_key, sizeof app->issuer_key);
  g_free (app);
}

TwCardApplication *
tw_card_application_new (const char *name)
{
  TwCardApplication *app = g_new0 (TwCardApplication, 1);

  app->name = g_strdup (name);
  app->service = g_strdup ("201");
  app->discretionary = g_strdup ("");
  app->iad = tw_hex_decode (DEFAULT_IAD, NULL);
  app->aip = tw_hex_decode ("2000", NULL);
  app->pdol = g_array_new (FALSE, FALSE, sizeof (TwDolEntry));
  app->gpo = g_array_new (FALSE, FALSE, sizeof (guint32));
  app->gpo_sw = g_array_new (FALSE, FALSE, sizeof (guint16));
  app->records = g_ptr_array_new_with_free_func (record_free);
  app->data = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  return app;
}

gboolean
tw_card_application_read (TwProfileReader   *reader,
                          TwCardApplication *app)
{
  guint gpo_cut = 0;

  if (!tw_profile_hex (reader, "aid", 5, 16, &app->aid) || !tw_profile_number (reader, "priority", 15, &app->priority)
      || !tw_profile_hex (reader, "kernel", 1, 8, &app->kernel) || !tw_profile_digits (reader, "pan", 12, 19, &app->pan)
      || !tw_profile_digits (reader, "expiry", 4, 4, &app->expiry)
      || !tw_profile_digits (reader, "service", 3, 3, &app->service)
      || !tw_profile_digits (reader, "discretionary", 0, 13, &app->discretionary)
      || !tw_profile_number (reader, "sequence", 99, &app->sequence) || !read_key (reader, app)
      || !read_cryptogram (reader, app) || !tw_profile_hex (reader, "iad", 7, 32, &app->iad)
      || !tw_profile_hex (reader, "aip", 2, 2, &app->aip) || !read_pdol (reader, app)
      || !tw_profile_tags (reader, "gpo", app->gpo) || !tw_profile_number (reader, "gpo-cut", 255, &gpo_cut)
      || !tw_profile_status_words (reader, "gpo-sw", app->gpo_sw)
      || !tw_profile_hex (reader, "gpo-answer", 0, 300, &app->gpo_answer)
      || !tw_profile_hex (reader, "select-answer", 0, 300, &app->select_answer) || !read_families (reader, app))
    return FALSE;

  app->gpo_cut = gpo_cut;
  app->label = tw_profile_text (reader, "label");
  if (app->label && strlen (app->label) > 16)
    return tw_profile_blame (reader, "label", "has more than 16 characters");
  if (app->aid == NULL)
    return tw_profile_blame (reader, "aid", "is missing");
  make_afl (app);
  return TRUE;
}
