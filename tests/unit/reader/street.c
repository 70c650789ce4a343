/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reader/street.h"

#include "app/base/bytes.h"

#include <string.h>

static void
in_thread_make (gpointer data)
{
  Street *s = data;

  s->twin = tw_pn532_new (NULL, NULL);
  tw_pn532_set_timing (s->twin, 0, 0);
}

static void
in_thread_end (gpointer data)
{
  Street *s = data;

  tw_pn532_free (s->twin);
  tw_virtual_card_free (s->card);
}

static void
in_thread_insert (gpointer data)
{
  Street *s = data;
  g_autofree char *file = g_strconcat (s->text, ".card", NULL);
  g_autofree char *path = g_build_filename (CARDS, file, NULL);
  g_autoptr (GError) error = NULL;

  tw_pn532_remove (s->twin);
  tw_virtual_card_free (s->card);
  s->card = tw_virtual_card_new_from_file (path, &error);
  g_assert_no_error (error);
  tw_virtual_card_insert (s->card, s->twin);
}

static void
in_thread_again (gpointer data)
{
  Street *s = data;

  tw_virtual_card_insert (s->card, s->twin);
}

static void
in_thread_remove (gpointer data)
{
  tw_pn532_remove (((Street *) data)->twin);
}

static void
in_thread_fault (gpointer data)
{
  Street *s = data;
  TwPn532Fault fault;
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_pn532_fault_parse (s->text, &fault, &error));
  tw_pn532_add_fault (s->twin, &fault);
}

static void
in_thread_clear (gpointer data)
{
  tw_pn532_clear_faults (((Street *) data)->twin);
}

static void
in_thread_hang_up (gpointer data)
{
  tw_pn532_hang_up (((Street *) data)->twin);
}

static void
in_thread_count (gpointer data)
{
  Street *s = data;

  s->number = tw_pn532_apdus (s->twin);
}

void
street_insert (Street     *s,
        const char *card)
{
  s->text = card;
  loop_thread_call (s->thread, in_thread_insert, s);
}

void
street_fault (Street     *s,
       const char *text)
{
  s->text = text;
  loop_thread_call (s->thread, in_thread_fault, s);
}

guint
street_apdus (Street *s)
{
  loop_thread_call (s->thread, in_thread_count, s);
  return s->number;
}

void
street_set_up (Street       *s,
        gconstpointer data)
{
  s->thread = loop_thread_new ();
  loop_thread_call (s->thread, in_thread_make, s);
  g_assert_nonnull (s->twin);
  s->address = g_strdup_printf ("pn532:%s", tw_pn532_path (s->twin));
}

void
street_tear_down (Street       *s,
           gconstpointer data)
{
  tw_nfc_close (s->nfc);
  loop_thread_call (s->thread, in_thread_end, s);
  loop_thread_free (s->thread);
  g_free (s->address);
}

void
street_open (Street *s)
{
  g_autoptr (GError) error = NULL;

  s->nfc = tw_nfc_open (s->address, &error);
  g_assert_no_error (error);
  g_assert_nonnull (s->nfc);
}

gboolean
street_find (Street *s)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;
  gboolean there = tw_nfc_find (s->nfc, &target, &error);

  g_assert_no_error (error);
  return there;
}

void
street_refuse_open (const char *address,
             TwError     code,
             const char *why)
{
  g_autoptr (GError) error = NULL;
  TwNfc *nfc = tw_nfc_open (address, &error);

  g_assert_null (nfc);
  g_assert_error (error, TW_ERROR, (gint) code);
  if (strstr (error->message, why) == NULL)
    g_error ("%s: %s", address, error->message);
}

/* The answer in hex. */
char *
street_exchange (Street     *s,
          const char *command,
          GError    **error)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (command, NULL);
  guint8 answer[264];
  gsize n;

  if (!tw_nfc_exchange (s->nfc, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), answer, &n, error))
    return NULL;
  return tw_hex_encode (answer, n);
}

void
street_expect_end (Street     *s,
            const char *command,
            const char *end)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = street_exchange (s, command, &error);

  g_assert_no_error (error);
  if (!g_str_has_suffix (answer, end))
    g_error ("expected ..%s, heard %s", end, answer);
}

void
street_expect_failure (Street     *s,
                const char *command,
                TwError     code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = street_exchange (s, command, &error);

  g_assert_null (answer);
  g_assert_error (error, TW_ERROR, (gint) code);
}

void
street_again (Street *s)
{
  loop_thread_call (s->thread, in_thread_again, s);
}

void
street_remove (Street *s)
{
  loop_thread_call (s->thread, in_thread_remove, s);
}

void
street_clear (Street *s)
{
  loop_thread_call (s->thread, in_thread_clear, s);
}

void
street_hang_up (Street *s)
{
  loop_thread_call (s->thread, in_thread_hang_up, s);
}
