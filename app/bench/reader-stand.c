/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/stand.h"

#include "app/base/error.h"
#include "app/bench/card-list.h"
#include "app/bench/reader-wire.h"
#include "app/bench/stand-options.h"
#include "app/bench/tap-times.h"
#include "hw/virtual/card.h"

#include <string.h>

#define CARD_HELP   "tap NAME [HOLD_MS [APDUS]] | hold NAME [APDUS] | remove | tear APDUS | times | list"
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
  TwReaderWire wire;
  char       *fault;    /* the last one ordered, until they are cleared; NULL */
  gboolean    unplugged;
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

  g_autofree char *text = g_strdup_printf ("the card %s is taken away", self->held);

  self->removal = 0;
  remove_card (self);
  tw_happenings_end (self->wire.happenings, tw_happenings_begin (self->wire.happenings, "hand", text), FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
hold_card (TwReaderStand *self,
           const char    *name,
           gint64         ms,
           gint64         apdus,    /* -1: it stays */
           GError       **error)
{
  TwVirtualCard *card = take_out (self, name, error);

  if (card == NULL)
    return FALSE;
  remove_card (self);
  tw_tap_times_begin (&self->times);
  tw_virtual_card_insert (card, self->board);
  self->held = g_strdup (name);
  if (apdus >= 0)
    tw_pn532_tear_after (self->board, (guint) apdus);
  if (ms > 0)
    self->removal = g_timeout_add ((guint) ms, on_removal, self);
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
  gint64 number = TAP_MS, apdus = -1;

  if (n >= 2 && n <= 4 && g_str_equal (words[0], "tap"))
    return (n == 2 || tw_stand_number (words, 2, 1, 600000, &number, error))
           && (n < 4 || tw_stand_number (words, 3, 0, 100, &apdus, error))
           && hold_card (self, words[1], number, apdus, error);
  if ((n == 2 || n == 3) && g_str_equal (words[0], "hold"))
    return (n == 2 || tw_stand_number (words, 2, 0, 100, &apdus, error))
           && hold_card (self, words[1], 0, apdus, error);
  if (n == 1 && g_str_equal (words[0], "list"))
    return tw_card_list_write (self->cards, out, error);
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

static void
clear_faults (TwReaderStand *self)
{
  tw_pn532_clear_faults (self->board);
  g_clear_pointer (&self->fault, g_free);
}

static gboolean
plug_back (TwReaderStand *self,
           GError       **error)
{
  if (!tw_pn532_return (self->board, error))
    return FALSE;
  self->unplugged = FALSE;
  return TRUE;
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
      g_free (self->fault);
      self->fault = g_strdup (words[1]);
      return TRUE;
    }
  if (n == 1 && g_str_equal (words[0], "clear"))
    clear_faults (self);
  else if (n == 1 && g_str_equal (words[0], "power-cycle"))
    tw_pn532_power_cycle (self->board);
  else if (n == 2 && g_str_equal (words[0], "cable") && g_str_equal (words[1], "pull"))
    {
      tw_pn532_hang_up (self->board);
      self->unplugged = TRUE;
    }
  else if (n == 2 && g_str_equal (words[0], "cable") && g_str_equal (words[1], "back"))
    return plug_back (self, error);
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
state_of_card (gpointer   device,
               TwJsonOut *out)
{
  describe_card (device, out);
}

static void
state_of_reader (gpointer   device,
                 TwJsonOut *out)
{
  TwReaderStand *self = device;

  tw_json_out_bool (out, "plugged", !self->unplugged);
  tw_json_out_string (out, "fault", self->fault);
}

static gboolean
mend_reader (gpointer device,
             GError **error)
{
  TwReaderStand *self = device;

  clear_faults (self);
  tw_pn532_keep (self->board);
  return plug_back (self, error);
}

/* Each frame of the line has two who look on. */
static void
on_frame (gboolean      from_host,
          const guint8 *frame,
          gsize         n,
          gpointer      user_data)
{
  TwReaderStand *self = user_data;

  tw_tap_times_frame (from_host, frame, n, &self->times);
  tw_reader_wire_frame (from_host, frame, n, &self->wire);
}

static void
stand_free (gpointer device)
{
  TwReaderStand *self = device;

  remove_card (self);
  tw_pn532_free (self->board);
  g_hash_table_unref (self->wallet);
  g_free (self->fault);
  g_free (self->cards);
  g_free (self);
}

TwReaderStand *
tw_reader_stand_new (TwDevices    *devices,
                     const char   *cards,
                     const char   *link,
                     TwHappenings *happenings,
                     GError      **error)
{
  static const TwDeviceFuncs reader = {
    READER_HELP, control_reader, describe_reader, stand_free, state_of_reader, mend_reader,
  };
  static const TwDeviceFuncs card = { CARD_HELP, control_card, describe_card, NULL, state_of_card, NULL };
  TwPn532 *board = tw_pn532_new (link, error);
  TwReaderStand *self;

  if (board == NULL)
    return NULL;
  self = g_new0 (TwReaderStand, 1);
  self->board = board;
  self->wire.happenings = happenings;
  tw_pn532_set_trace (board, on_frame, FALSE, self);
  self->cards = g_strdup (cards);
  self->wallet = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tw_virtual_card_free);
  tw_devices_add (devices, "reader", &reader, self);
  tw_devices_add (devices, "card", &card, self);
  return self;
}
