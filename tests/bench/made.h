/* SPDX-License-Identifier: Apache-2.0 */
/* What the makers of large files share. */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64: https://prng.di.unimi.it */
static inline uint64_t
made_mix (uint64_t x)
{
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/* A new file, with its header. */
static inline FILE *
made_begin (const char *dir,
            const char *name,
            const char *header)
{
  char path[4096];
  FILE *file;

  snprintf (path, sizeof path, "%s/%s", dir, name);
  file = fopen (path, "w");
  if (file == NULL)
    {
      fprintf (stderr, "%s: %s\n", path, strerror (errno));
      exit (1);
    }
  setvbuf (file, NULL, _IOFBF, 1 << 20);
  fputs (header, file);
  return file;
}
