/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/stand.h"

#include "app/base/error.h"
#include "app/bench/stand-options.h"
#include "app/bench/tap-times.h"
#include "hw/virtual/card.h"

#include <string.h>

#define CARD_HELP   "tap NAME [HOLD_MS] | hold NAME | remove | tear APDUS | times | list"
#define READER_HELP "fault FAULT | clear | power-cycle | cable pull | cable back"
/* How long a person holds a card to a reader without being asked to. */
#define TAP_MS 2500

struct _TwReaderStand
{
  char       *cards;
  TwPn532    *board;
  GHashTable *wallet;   /* name -> TwVirtualCard: a card keeps its counter */
  char       *held;     /* name; NULL: none */
  guint       removal;
  TwTapTimes  times;    /* of the last card that was held there */
};

static TwVirtualCard *
take_out (TwReaderStand *self,
          const char    *name,
          GError       **error)
{
  TwVirtualCard *card = g_hash_table_lookup (self->wallet, name);
  g_autofree char *file = g_strconcat (name, ".card", NULL);
  g_autofree char *path = g_build_filename (self->cards, file, NULL);

  if (card != NULL)
    return card;
  if (strchr (name, '/') != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "\"%s\" is not the name of a card", name);
      return NULL;
    }
  card = tw_virtual_card_new_from_file (path, error);
  if (card != NULL)
    g_hash_table_insert (self->wallet, g_strdup (name), card);
  return card;
}

static void
remove_card (TwReaderStand *self)
{
  g_clear_handle_id (&self->removal, g_source_remove);
  g_clear_pointer (&self->held, g_free);
  tw_pn532_remove (self->board);
}

static gboolean
on_removal (gpointer user_data)
{
  TwReaderStand *self = user_data;

  self->removal = 0;
  remove_card (self);
  return G_SOURCE_REMOVE;
}

static gboolean
hold_card (TwReaderStand *self,
           const char    *name,
           gint64         ms,
           GError       **error)
{
  TwVirtualCard *card = take_out (self, name, error);

  if (card == NULL)
    return FALSE;
  remove_card (self);
  tw_tap_times_begin (&self->times);
  tw_virtual_card_insert (card, self->board);
  self->held = g_strdup (name);
  if (ms > 0)
    self->removal = g_timeout_add ((guint) ms, on_removal, self);
  return TRUE;
}

static int
by_name (gconstpointer a,
         gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static gboolean
list_cards (TwReaderStand *self,
            TwJsonOut     *out,
            GError       **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->cards, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *file;

  if (dir == NULL)
    return FALSE;
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".card"))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (".card")));
  g_ptr_array_sort (names, by_name);
  tw_json_out_begin_array (out, "cards");
  for (guint i = 0; i < names->len; i++)
    tw_json_out_string (out, NULL, names->pdata[i]);
  tw_json_out_end (out);
  return TRUE;
}

static gboolean
control_card (gpointer           device,
              const char *const *words,
              const TwJson      *options,
              TwJsonOut         *out,
              GError           **error)
{
  TwReaderStand *self = device;
  guint n = g_strv_length ((char **) words);
  gint64 number = TAP_MS;

  if (n >= 2 && g_str_equal (words[0], "tap"))
    return (n == 2 || tw_stand_number (words, 2, 1, 600000, &number, error))
           && hold_card (self, words[1], number, error);
  if (n == 2 && g_str_equal (words[0], "hold"))
    return hold_card (self, words[1], 0, error);
  if (n == 1 && g_str_equal (words[0], "list"))
    return list_cards (self, out, error);
  if (n == 1 && g_str_equal (words[0], "times"))
    {
      tw_tap_times_write (&self->times, out);
      return TRUE;
    }
  if (n == 2 && g_str_equal (words[0], "tear"))
    {
      if (!tw_stand_number (words, 1, 0, 100, &number, error))
        return FALSE;
      tw_pn532_tear_after (self->board, (guint) number);
      return TRUE;
    }
  if (n == 1 && g_str_equal (words[0], "remove"))
    {
      remove_card (self);
      return TRUE;
    }
  return tw_stand_usage ("card", CARD_HELP, error);
}

static gboolean
control_reader (gpointer           device,
                const char *const *words,
                const TwJson      *options,
                TwJsonOut         *out,
                GError           **error)
{
  TwReaderStand *self = device;
  guint n = g_strv_length ((char **) words);
  TwPn532Fault fault;

  if (n == 2 && g_str_equal (words[0], "fault"))
    {
      if (!tw_pn532_fault_parse (words[1], &fault, error))
        return FALSE;
      tw_pn532_add_fault (self->board, &fault);
      return TRUE;
    }
  if (n == 1 && g_str_equal (words[0], "clear"))
    tw_pn532_clear_faults (self->board);
  else if (n == 1 && g_str_equal (words[0], "power-cycle"))
    tw_pn532_power_cycle (self->board);
  else if (n == 2 && g_str_equal (words[0], "cable") && g_str_equal (words[1], "pull"))
    tw_pn532_hang_up (self->board);
  else if (n == 2 && g_str_equal (words[0], "cable") && g_str_equal (words[1], "back"))
    return tw_pn532_return (self->board, error);
  else
    return tw_stand_usage ("reader", READER_HELP, error);
  return TRUE;
}

static void
describe_card (gpointer   device,
               TwJsonOut *out)
{
  TwReaderStand *self = device;

  if (!tw_pn532_has_card (self->board))
    g_clear_pointer (&self->held, g_free);   /* it left by itself */
  tw_json_out_string (out, "held", self->held);
}

static void
describe_reader (gpointer   device,
                 TwJsonOut *out)
{
  TwReaderStand *self = device;

  tw_json_out_string (out, "path", tw_pn532_path (self->board));
  tw_json_out_int64 (out, "apdus", tw_pn532_apdus (self->board));
}

static void
stand_free (gpointer device)
{
  TwReaderStand *self = device;

  remove_card (self);
  tw_pn532_free (self->board);
  g_hash_table_unref (self->wallet);
  g_free (self->cards);
  g_free (self);
}

TwReaderStand *
tw_reader_stand_new (TwDevices  *devices,
                     const char *cards,
                     const char *link,
                     GError    **error)
{
  static const TwDeviceFuncs reader = { READER_HELP, control_reader, describe_reader, stand_free };
  static const TwDeviceFuncs card = { CARD_HELP, control_card, describe_card, NULL };
  TwPn532 *board = tw_pn532_new (link, error);
  TwReaderStand *self;

  if (board == NULL)
    return NULL;
  self = g_new0 (TwReaderStand, 1);
  self->board = board;
  tw_pn532_set_trace (board, tw_tap_times_frame, FALSE, &self->times);
  self->cards = g_strdup (cards);
  self->wallet = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tw_virtual_card_free);
  tw_devices_add (devices, "reader", &reader, self);
  tw_devices_add (devices, "card", &card, self);
  return self;
}
