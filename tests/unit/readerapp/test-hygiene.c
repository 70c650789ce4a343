/* SPDX-License-Identifier: Apache-2.0 */
/* After a request nothing of a card's number is left in the memory of the process that read it: not on the heap, not
 * on the stack, not in a library's buffer. Each run is a child of its own, which searches itself; the number stands
 * in this program only in a disguise. A search that cannot find proves nothing, so that planted copies are searched
 * for first.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/readerapp/pretend.h"

#define MASK 0xa5

/* A Visa card with the published test number that ends in 1881; g..v for 0..f, so that no form of it stands here. */
static const char *const disguised[] = {
  "mvijokgujilgkhlpiuljlpljiukkkkkmjgjhqlhhrvgsgumhgskvgnqggggggggjhghgonghghpggg",
  "mvjiokgnqggggggggjhghgqlinlggqlmkpljkhigkkklkikplkpvjohopvmmgkpvgigmpvgjgmpvhqgiplgllviqgipqgjpsghpv"
  "jngkpggg",
  "nnjnoigiiggglnhjkghioooooooohoohtjghiighgggggggggggggvpvhggngmghhigjqgggggpvimgoghgigjgkglgmgngopvin"
  "ghogpvjmgiggkipggg",
  NULL
};

typedef struct { guint8 bytes[16]; gsize n; const char *name; } Pattern;

/* The 16 digits as text, packed, and their middle in text, each XORed with MASK. */
static void
make_patterns (Pattern patterns[3])
{
  static const guint8 digits[16] = { 4, 0, 1, 2, 8, 8, 8, 8, 8, 8, 8, 8, 1, 8, 8, 1 };

  memset (patterns, 0, 3 * sizeof *patterns);
  patterns[0].n = 16;
  patterns[0].name = "text";
  patterns[1].n = 8;
  patterns[1].name = "packed";
  patterns[2].n = 12;
  patterns[2].name = "part";
  for (guint i = 0; i < 16; i++)
    patterns[0].bytes[i] = (digits[i] + '0') ^ MASK;
  for (guint i = 0; i < 8; i++)
    patterns[1].bytes[i] = (digits[2 * i] << 4 | digits[2 * i + 1]) ^ MASK;
  memcpy (patterns[2].bytes, patterns[0].bytes, 12);
}

/* An address sanitizer has its own opinion on reading all of memory, and maps terabytes that nobody wrote to. */
#define UNSANITIZED  __attribute__ ((noinline, no_sanitize ("address")))
#define MAPPING_MOST (1ul << 30)

static gboolean UNSANITIZED
matches (const guint8  *at,
         const Pattern *pattern)
{
  for (gsize i = 0; i < pattern->n; i++)
    if ((at[i] ^ MASK) != pattern->bytes[i])
      return FALSE;
  return TRUE;
}

static guint UNSANITIZED
search_range (const guint8  *from,
              const guint8  *to,
              const Pattern *patterns,
              const char    *where)
{
  guint found = 0;

  for (const guint8 *at = from; at + 16 <= to; at++)
    for (guint i = 0; i < 3; i++)
      if (matches (at, &patterns[i]))
        {
          fprintf (stderr, "# %s at %p: %s", patterns[i].name, (const void *) at, where);
          found++;
        }
  return found;
}

typedef enum { EVERYWHERE, ON_STACK, OFF_STACK } Where;

static gboolean
is_wanted (const char *line,
           Where       where)
{
  return where == EVERYWHERE || (strstr (line, "[stack]") != NULL) == (where == ON_STACK);
}

/* Every writable mapping of this process. */
static guint
search_memory (Where where)
{
  Pattern patterns[3];
  FILE *maps = fopen ("/proc/self/maps", "re");
  char line[512];
  guint found = 0;

  make_patterns (patterns);
  while (fgets (line, sizeof line, maps) != NULL)
    {
      unsigned long from, to;
      char rights[5];

      if (sscanf (line, "%lx-%lx %4s", &from, &to, rights) == 3 && rights[0] == 'r' && rights[1] == 'w' &&
          to - from < MAPPING_MOST && is_wanted (line, where))
        found += search_range ((const guint8 *) from, (const guint8 *) to, patterns, line);
    }
  fclose (maps);
  return found;
}

static void __attribute__ ((noinline))
undisguise (volatile guint8 *out)
{
  Pattern patterns[3];

  make_patterns (patterns);
  for (guint i = 0; i < 16; i++)
    out[i] = patterns[0].bytes[i] ^ MASK;
}

static void
be_clean (void)
{
  _exit (search_memory (EVERYWHERE) == 0 ? 42 : 1);
}

static void
plant_on_heap (void)
{
  guint8 *planted = malloc (64);

  undisguise (planted + 24);
  free (planted);               /* and forgotten, as a careless library would */
  _exit (search_memory (OFF_STACK) > 0 ? 42 : 1);
}

static void __attribute__ ((noinline))
leave_on_stack (void)
{
  volatile guint8 planted[8192];

  undisguise (planted + 100);
}

static void
plant_on_stack (void)
{
  leave_on_stack ();
  _exit (search_memory (ON_STACK) > 0 ? 42 : 1);
}

static const PretendCard the_card = { 1, .answers = disguised };

static void
serve (const char *request)
{
  const PretendLine lines[] = { { "", PRETEND_HELLO }, { "ready", request }, { "removed", NULL } };
  Pretend pretend;

  pretend_init (&pretend);
  if (!pretend_run (&pretend, &the_card, 1, lines, NULL) || strstr (pretend.log->str, "************1881") == NULL)
    _exit (2);
  if (strstr (request, "authorize") != NULL && strstr (pretend.log->str, "sealed 1") == NULL)
    _exit (3);
  be_clean ();
}

static void
identify (void)
{
  serve (PRETEND_IDENTIFY ("1"));
}

static void
authorize (void)
{
  serve (PRETEND_AUTHORIZE ("1"));
}

/* Read, and then refused: the body says another amount. */
static void
refuse (void)
{
  const PretendLine lines[] = { { "", PRETEND_HELLO },
                                { "ready", PRETEND_AUTHORIZE_OF ("1", "2500", "25.01", "EUR", "mle-0815") },
                                { "removed", NULL } };
  Pretend pretend;

  pretend_init (&pretend);
  if (!pretend_run (&pretend, &the_card, 1, lines, NULL) || strstr (pretend.log->str, "not-sealed") == NULL)
    _exit (2);
  be_clean ();
}

static void
test_child (gconstpointer data)
{
  void (*act) (void) = (void (*) (void)) data;
  pid_t pid;
  int status;

  fflush (NULL);
  pid = fork ();
  if (pid == 0)
    {
      g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
      act ();
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 42);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/readerapp/hygiene/nothing-is-found-where-nothing-is", (gconstpointer) be_clean, test_child);
  g_test_add_data_func ("/readerapp/hygiene/a-planted-number-is-found-on-the-heap", (gconstpointer) plant_on_heap,
                        test_child);
  g_test_add_data_func ("/readerapp/hygiene/a-planted-number-is-found-on-the-stack", (gconstpointer) plant_on_stack,
                        test_child);
  g_test_add_data_func ("/readerapp/hygiene/identifying-leaves-nothing", (gconstpointer) identify, test_child);
  g_test_add_data_func ("/readerapp/hygiene/authorizing-leaves-nothing", (gconstpointer) authorize, test_child);
  g_test_add_data_func ("/readerapp/hygiene/refusing-leaves-nothing", (gconstpointer) refuse, test_child);
  return g_test_run ();
}
