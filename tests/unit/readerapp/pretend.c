/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/readerapp/pretend.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/reader/message.h"

#define LOOK_MS     50
#define TURNS_MOST  20000

static const char *
or_none (const char *text)
{
  return text != NULL ? text : "-";
}

static void
hear (Pretend         *self,
      const TwMessage *message)
{
  if (message->kind == TW_MESSAGE_ALIVE)
    {
      self->alives++;
      return;
    }

  g_string_append (self->log, tw_message_kind_name (message->kind));
  if (message->request != 0)
    g_string_append_printf (self->log, " %d", (int) message->request);

  if (message->kind == TW_MESSAGE_HINT)
    g_string_append_printf (self->log, " %s", message->prompt);
  else if (message->kind == TW_MESSAGE_FAILED)
    g_string_append_printf (self->log, " %s %d", message->code, message->retry);
  else if (message->kind == TW_MESSAGE_READY)
    for (char **capability = message->capabilities; *capability != NULL; capability++)
      g_string_append_printf (self->log, " %s", *capability);
  else if (message->kind == TW_MESSAGE_CARD)
    g_string_append_printf (self->log, " %s %s %s %s %s %s %s %d", message->card_kind, or_none (message->masked),
                            or_none (message->brand), or_none (message->label), or_none (message->aid),
                            or_none (message->fingerprint), or_none (message->fingerprint_old), message->test_mode);
  else if (message->kind == TW_MESSAGE_SEALED)
    {
      g_string_append_printf (self->log, " %s %s", message->cvm, message->cryptogram);
      g_free (self->sealed);
      g_free (self->digest);
      self->sealed = g_strdup (message->sealed);
      self->digest = g_strdup (message->digest);
    }
  g_string_append_c (self->log, ';');
}

static void
listen_to_service (Pretend *self)
{
  char text[20000];
  gssize n;

  while (self->ends[0] >= 0 && (n = recv (self->ends[0], text, sizeof text, MSG_DONTWAIT)) > 0)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TwMessage) message = tw_message_decode (text, n, TW_MESSAGE_FROM_READER, &error);

      g_assert_no_error (error);
      hear (self, message);
    }
}

/* The daemon's turn. */
static void
take_turn (Pretend *self)
{
  const PretendLine *line = &self->lines[self->line];

  if (++self->turns > TURNS_MOST)
    g_error ("nothing comes to an end: %s", self->log->str);

  listen_to_service (self);
  if (self->ends[0] < 0 || strstr (self->log->str + self->heard, line->cue) == NULL)
    return;

  self->heard = self->log->len;
  self->line++;
  if (line->text != NULL)
    {
      g_assert_cmpint (send (self->ends[0], line->text, strlen (line->text), 0), ==, strlen (line->text));
      return;
    }
  close (self->ends[0]);
  self->ends[0] = -1;
}

static void
on_pause (gpointer data,
          int      fd,
          guint    ms)
{
  Pretend *self = data;

  tw_virtual_clock_advance (self->clock, ms);
  take_turn (self);
}

static const char *
name (gpointer nfc)
{
  return "pretended";
}

static void
leave (Pretend *self)
{
  self->here = FALSE;
  self->card++;
  self->looks = self->answer = self->stayed = 0;
}

static gboolean
find (gpointer  nfc,
      TwTarget *target,
      GError  **error)
{
  Pretend *self = nfc;

  tw_virtual_clock_advance (self->clock, LOOK_MS);
  g_assert_true (self->field_on);
  if (self->lost_at_find)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "cable pulled");
      return FALSE;
    }
  if (strstr (self->log->str, "ready") == NULL)
    return self->lies_there > 0;   /* the look before anybody asked */
  if (++self->looks == self->two_cards_at)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "two cards");
      return FALSE;
    }
  if (!self->here && (self->card >= self->n_cards || self->looks <= self->cards[self->card].after))
    return FALSE;

  self->here = TRUE;
  *target = (TwTarget) { .uid = { self->cards[self->card].uid, 1, 2, 3 }, .uid_len = 4,
                         .iso_dep = !self->cards[self->card].plain };
  return TRUE;
}

static gboolean
present (gpointer nfc)
{
  Pretend *self = nfc;

  if (self->lies_there > 0)
    return --self->lies_there > 0;
  if (self->here && ++self->stayed > self->cards[self->card].stays)
    leave (self);
  return self->here;
}

static void
release (gpointer nfc)
{
}

static void
field (gpointer nfc,
       gboolean on)
{
  Pretend *self = nfc;

  self->field_on = on;
  self->ever_on |= on && strstr (self->log->str, "ready") != NULL;
}

static guint8
digit (char c)
{
  return c >= 'g' ? c - 'g' : g_ascii_xdigit_value (c);
}

static gboolean
exchange (gpointer      nfc,
          const guint8 *command,
          gsize         command_len,
          guint8        answer[264],
          gsize        *answer_len,
          GError      **error)
{
  Pretend *self = nfc;
  const char *hex = self->here ? self->cards[self->card].answers[self->answer] : NULL;

  g_ptr_array_add (self->commands, tw_hex_encode (command, command_len));
  take_turn (self);
  if (hex == NULL || hex[0] == '!')
    {
      gboolean lost = hex != NULL && hex[1] == '!';

      leave (self);
      g_set_error (error, TW_ERROR, lost ? TW_ERROR_GONE : TW_ERROR_RETRY, lost ? "cable pulled" : "card left");
      return FALSE;
    }

  self->answer++;
  *answer_len = strlen (hex) / 2;
  for (gsize i = 0; i < *answer_len; i++)
    answer[i] = digit (hex[2 * i]) << 4 | digit (hex[2 * i + 1]);
  return TRUE;
}

static const TwReaderPort port = { name, find, present, release, field, exchange };

void
pretend_init (Pretend *self)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) pem = NULL;
  g_autoptr(GError) error = NULL;
  guint8 key[32];
  gsize n;

  memset (self, 0, sizeof *self);
  self->clock = tw_virtual_clock_new ();
  self->log = g_string_new (NULL);
  self->commands = g_ptr_array_new_with_free_func (g_free);
  self->config = (TwConfig) { .reader_device = (char *) "pn532:/dev/null", .gateway_kind = (char *) "cybersource",
                              .country = (char *) "DE", .currency = (char *) "EUR", .terminal_type = 24,
                              .terminal_id = (char *) "TW000001", .merchant_name = (char *) "Tapwatt",
                              .merchant_category = 5552, .bank_cards_test = TRUE };
  g_assert_true (g_file_get_contents (TEST_DATA "/seal/certificate.pem", &text, &n, &error));
  pem = g_bytes_new (text, n);
  self->seal_key = tw_seal_key_from_certificate (pem, 1795000000, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < sizeof key; i++)
    key[i] = i;
  self->epochs.epochs[0].name = g_strdup ("2026a");
  self->epochs.epochs[0].key = g_bytes_new (key, sizeof key);
  self->epochs.n = 1;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, self->ends), ==, 0);
}

void
pretend_clear (Pretend *self)
{
  if (self->ends[0] >= 0)
    close (self->ends[0]);
  close (self->ends[1]);
  tw_virtual_clock_free (self->clock);
  tw_seal_key_free (self->seal_key);
  tw_epoch_keys_clear (&self->epochs);
  g_string_free (self->log, TRUE);
  g_ptr_array_unref (self->commands);
  g_free (self->sealed);
  g_free (self->digest);
}

gboolean
pretend_run (Pretend           *self,
             const PretendCard *cards,
             guint              n_cards,
             const PretendLine *lines,
             GError           **error)
{
  const TwService service = { .fd = self->ends[1], .port = &port, .nfc = self, .config = &self->config,
                              .clock = tw_virtual_clock_clock (self->clock), .seal_key = self->seal_key,
                              .epochs = &self->epochs, .pause = on_pause, .pause_data = self,
                              .hang_s = self->hang_s };
  gboolean well;

  self->cards = cards;
  self->n_cards = n_cards;
  self->lines = lines;
  well = tw_service_run (&service, error);
  listen_to_service (self);
  return well;
}
