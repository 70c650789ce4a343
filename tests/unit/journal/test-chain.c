/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "payment/journal/chain.h"
#include "tests/unit/journal/fixture.h"

#include <string.h>

/* Printed by chain-vectors.py (Python's hashlib), which knows only the words of entry.h. */
static const char *const EXPECTED[] = {
  "fd291df50b9783e406df9a21013b49abd67090547bbd9a34ae4991c212ffeaa4",
  "beec6245862d08267ce77efd1c73d422a148e15fdc1f8f18a9000e464b3a14f2",
  "454156d08bbe94688eaba2347088ce6ce00dc61c681e5c345e760c968933c28f",
};

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static TwEntry *
story (guint i)
{
  TwInstant first = { .wall_us = G_GINT64_CONSTANT (1795342530123456), .boot_us = 5000001, .synced = TRUE };
  TwInstant second = { .wall_us = G_GINT64_CONSTANT (1795342531000000), .boot_us = 6000000, .synced = FALSE };
  TwInstant third = { 0 };

  for (guint8 n = 0; n < 16; n++)
    first.boot_id[n] = second.boot_id[n] = n;

  if (i == 0)
    return tw_entry_new (first, NULL, "station-started", bytes_of ("{\"schema\":1}"));
  if (i == 1)
    return tw_entry_new (second, "a1b2", "hold-wanted", bytes_of ("{\"text\":\"Z\303\274rich \\\" \342\232\241\"}"));

  return tw_entry_new (third, "", "k", bytes_of (""));
}

static void
test_known_answers (void)
{
  TwChain chain = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (EXPECTED); i++)
    {
      g_autoptr (TwEntry) entry = story (i);
      g_autofree char *hash = NULL;

      tw_chain_append (&chain, entry);
      hash = tw_hex_encode (entry->hash, sizeof entry->hash);
      g_assert_cmpuint (entry->seq, ==, i + 1);
      g_assert_cmpstr (hash, ==, EXPECTED[i]);
    }
}

static void
change (TwEntry *entry,
        guint    field)
{
  switch (field)
    {
    case 0: entry->seq++; break;
    case 1: entry->at.wall_us++; break;
    case 2: entry->at.boot_us ^= G_GINT64_CONSTANT (1) << 62; break;
    case 3: entry->at.boot_id[15] ^= 1; break;
    case 4: entry->at.synced = !entry->at.synced; break;
    case 5: g_clear_pointer (&entry->session, g_free); break;
    case 6: entry->kind[0] ^= 1; break;
    case 7: g_bytes_unref (entry->payload); entry->payload = bytes_of ("{}"); break;
    default: g_assert_not_reached ();
    }
}

static void
test_every_field_counts (void)
{
  for (guint field = 0; field < 8; field++)
    {
      g_autoptr (TwEntry) entry = story (1);
      guint8 zeros[32] = { 0 };
      guint8 before[32], after[32];

      tw_entry_hash (entry, zeros, before);
      change (entry, field);
      tw_entry_hash (entry, zeros, after);
      g_assert_cmpint (memcmp (before, after, sizeof before), !=, 0);
    }
}

static void
test_previous_counts (void)
{
  g_autoptr (TwEntry) entry = story (1);
  guint8 zeros[32] = { 0 }, other[32] = { [31] = 1 };
  guint8 before[32], after[32];

  tw_entry_hash (entry, zeros, before);
  tw_entry_hash (entry, other, after);
  g_assert_cmpint (memcmp (before, after, sizeof before), !=, 0);
}

/* "ab" + "c" and "a" + "bc" would be one text without the lengths. */
static void
test_texts_do_not_run_into_each_other (void)
{
  TwInstant at = { 0 };
  g_autoptr (TwEntry) one = tw_entry_new (at, "ab", "c", bytes_of (""));
  g_autoptr (TwEntry) two = tw_entry_new (at, "a", "bc", bytes_of (""));
  guint8 zeros[32] = { 0 };
  guint8 first[32], second[32];

  tw_entry_hash (one, zeros, first);
  tw_entry_hash (two, zeros, second);
  g_assert_cmpint (memcmp (first, second, sizeof first), !=, 0);
}

static void
test_what_does_not_follow_is_named (void)
{
  TwChain chain = { 0 }, reading = { 0 };
  g_autoptr (TwEntry) one = story (0);
  g_autoptr (TwEntry) two = story (1);
  g_autofree char *gap = NULL, *changed = NULL;

  tw_chain_append (&chain, one);
  tw_chain_append (&chain, two);

  gap = tw_chain_follow (&reading, two);
  g_assert_nonnull (strstr (gap, "entry 1 is not there"));
  g_assert_null (tw_chain_follow (&reading, one));
  two->at.wall_us++;
  changed = tw_chain_follow (&reading, two);
  g_assert_nonnull (strstr (changed, "entry 2 does not fit"));
  two->at.wall_us--;
  g_assert_null (tw_chain_follow (&reading, two));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/chain/hashes-are-those-of-an-independent-program", test_known_answers);
  g_test_add_func ("/journal/chain/every-field-counts", test_every_field_counts);
  g_test_add_func ("/journal/chain/the-entry-before-counts", test_previous_counts);
  g_test_add_func ("/journal/chain/texts-do-not-run-into-each-other", test_texts_do_not_run_into_each_other);
  g_test_add_func ("/journal/chain/what-does-not-follow-is-named", test_what_does_not_follow_is_named);

  return g_test_run ();
}
