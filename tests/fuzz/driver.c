/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target without libFuzzer: over its corpus, over mutations of it, over random bytes. The same inputs each
 * time, as many as fit into a few seconds, so that a regression shows in every build: driver NAME CORPUS.
 *
 * A target's property fails by ending the program, so there is nothing to compare here.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { N_RUNS = 3000, MAX_SECONDS = 2, MAX_RANDOM = 600, MAX_CHANGES = 8 };

static const char *corpus;

/* In memory of exactly its size, so that a sanitizer sees a byte read too far. */
static void
try (const guint8 *bytes,
     gsize         n)
{
  g_autofree guint8 *exact = g_memdup2 (bytes, n);
  static guint8 nothing[1];

  LLVMFuzzerTestOneInput (exact ? exact : nothing + 1, n);
}

static GPtrArray *
read_corpus (void)
{
  g_autoptr (GDir) dir = g_dir_open (corpus, 0, NULL);
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (corpus, name, NULL);
      g_autoptr (GError) error = NULL;
      char *bytes;
      gsize n;

      g_file_get_contents (path, &bytes, &n, &error);
      g_assert_no_error (error);
      g_ptr_array_add (seeds, g_bytes_new_take (bytes, n));
    }
  if (seeds->len == 0)
    g_ptr_array_add (seeds, g_bytes_new_static ("{}", 2));

  return seeds;
}

static void
test_corpus (void)
{
  g_autoptr (GPtrArray) seeds = read_corpus ();

  for (guint i = 0; i < seeds->len; i++)
    {
      gsize n;
      const guint8 *bytes = g_bytes_get_data (seeds->pdata[i], &n);

      try (bytes, n);
    }
  g_test_message ("%u files", seeds->len);
}

/* Every beginning of every seed: what arrives when the other end goes away. */
static void
test_truncated (void)
{
  g_autoptr (GPtrArray) seeds = read_corpus ();
  gint64 until = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;

  for (guint i = 0; i < seeds->len; i++)
    {
      gsize n;
      const guint8 *bytes = g_bytes_get_data (seeds->pdata[i], &n);

      for (gsize kept = 0; kept < n && g_get_monotonic_time () < until; kept++)
        try (bytes, kept);
    }
}

static void
change (GByteArray *bytes,
        GRand      *rand)
{
  guint at = bytes->len > 0 ? g_rand_int_range (rand, 0, bytes->len) : 0;
  guint8 byte = g_rand_int_range (rand, 0, 256);

  switch (bytes->len > 0 ? g_rand_int_range (rand, 0, 6) : 0)
    {
    case 0:
      g_byte_array_append (bytes, &byte, 1);
      break;
    case 1:
      bytes->data[at] = byte;
      break;
    case 2:
      bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 3:
      g_byte_array_remove_index (bytes, at);
      break;
    case 4:
      g_byte_array_set_size (bytes, at);
      break;
    case 5: /* a piece of it again at its end */
      {
        guint n = MIN (bytes->len - at, 64);
        g_autofree guint8 *piece = g_memdup2 (bytes->data + at, n);

        g_byte_array_append (bytes, piece, n);
      }
      break;
    }
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) seeds = read_corpus ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gint64 until = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;
  guint n_runs = 0;

  for (; n_runs < N_RUNS && g_get_monotonic_time () < until; n_runs++)
    {
      GBytes *seed = seeds->pdata[g_rand_int_range (rand, 0, seeds->len)];
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
      for (int i = g_rand_int_range (rand, 1, MAX_CHANGES); i > 0; i--)
        change (bytes, rand);
      try (bytes->data, bytes->len);
    }
  g_test_message ("%u runs", n_runs);
  g_assert_cmpuint (n_runs, >, 0);
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  gint64 until = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;
  guint n_runs = 0;

  for (; n_runs < N_RUNS && g_get_monotonic_time () < until; n_runs++)
    {
      guint8 bytes[MAX_RANDOM];
      gsize n = g_rand_int_range (rand, 0, MAX_RANDOM);

      for (gsize i = 0; i < n; i++)
        bytes[i] = g_rand_int_range (rand, 0, 256);
      try (bytes, n);
    }
  g_test_message ("%u runs", n_runs);
  g_assert_cmpuint (n_runs, >, 0);
}

static void
test_shortest (void)
{
  try (NULL, 0);
  for (guint byte = 0; byte < 256; byte++)
    try (&(guint8) { byte }, 1);
}

static void
add (const char *name,
     const char *what,
     GTestFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", name, what);

  g_test_add_func (path, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  corpus = argv[2];

  add (argv[1], "the-shortest-inputs-do-no-harm", test_shortest);
  add (argv[1], "the-corpus-does-no-harm", test_corpus);
  add (argv[1], "truncated-inputs-do-no-harm", test_truncated);
  add (argv[1], "mutated-inputs-do-no-harm", test_mutations);
  add (argv[1], "random-bytes-do-no-harm", test_random);

  return g_test_run ();
}
