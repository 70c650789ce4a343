/* SPDX-License-Identifier: Apache-2.0 */
/* A reader program that behaves as its first argument says; what it sends is written out here, so that it shares
 * nothing with the codec. Usage: fake-reader MODE --socket-fd N
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READY "{\"v\":1,\"kind\":\"ready\",\"content\":{\"version\":\"0\",\"device\":\"fake %d\"," \
              "\"capabilities\":[\"identify\"],"  \
              "\"kernels\":[\"visa-3\"],\"key_table\":\"none\"}}"
#define CARD "{\"v\":1,\"kind\":\"card\",\"content\":{\"request\":%lld,\"kind\":\"emv\"," \
             "\"masked\":\"************1111\"," \
             "\"brand\":\"visa\",\"aid\":\"a0000000031010\",\"label\":\"VISA\"," \
             "\"fingerprint\":\"e1:00112233445566778899aabbccddeeff\",\"test_mode\":true}}"
/* printf '{"encryptedRequest":"x"}' | openssl dgst -sha256 */
#define DIGEST "01decfff1a4e1968a6214abc625405a773d868a32a2f485a8b6e78ac52dc3a48"
#define SEALED "{\"v\":1,\"kind\":\"sealed\",\"content\":{\"request\":%lld," \
               "\"sealed\":\"{\\\"encryptedRequest\\\":\\\"x\\\"}\"," \
               "\"digest\":\"%s\",\"cvm\":\"device\",\"cryptogram\":\"arqc\"," \
               "\"offline_authentication\":\"not-performed\"," \
               "\"in_field_ms\":310}}"
#define FAILED "{\"v\":1,\"kind\":\"failed\",\"content\":{\"request\":%lld,\"code\":\"cancelled\",\"retry\":true}}"
#define HINT "{\"v\":1,\"kind\":\"hint\",\"content\":{\"request\":%lld,\"prompt\":\"present-card\"}}"
#define ALIVE "{\"v\":1,\"kind\":\"alive\",\"content\":{}}"
#define WHOLE_NUMBER "{\"v\":1,\"kind\":\"card\",\"content\":{\"request\":%lld,\"kind\":\"emv\"," \
                     "\"masked\":\"4111111111111111\",\"test_mode\":true}}"

static int fd;

static void __attribute__ ((format (printf, 1, 2)))
say (const char *format,
     ...)
{
  char message[4096];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  if (send (fd, message, strlen (message), MSG_NOSIGNAL) < 0)
    exit (3);
}

/* The kind of the next message and its request; exits when the daemon is gone. */
static long long
hear (char kind[32])
{
  char text[20000];
  ssize_t n;
  const char *at;

  do
    n = recv (fd, text, sizeof text - 1, 0);
  while (n < 0);
  if (n == 0)
    exit (0);
  text[n] = '\0';
  at = strstr (text, "\"kind\":\"");
  if (at == NULL || sscanf (at + 8, "%31[a-z]", kind) != 1)
    exit (4);
  at = strstr (text, "\"request\":");
  return at != NULL ? strtoll (at + 10, NULL, 10) : 0;
}

static void
stay (void)
{
  while (1)
    pause ();
}

static void
flood (void)
{
  while (1)
    say (ALIVE);
}

static void
send_huge (void)
{
  static char text[17000];

  memset (text, ' ', sizeof text);
  (void) !send (fd, text, sizeof text, MSG_NOSIGNAL);
}

/* What the odd ones do as soon as they are asked for a card. */
static void
misbehave (const char *mode,
           long long   request)
{
  if (strcmp (mode, "die") == 0)
    exit (7);
  if (strcmp (mode, "abort") == 0)
    abort ();
  if (strcmp (mode, "hang") == 0 || strcmp (mode, "stubborn") == 0)
    stay ();
  if (strcmp (mode, "flood") == 0)
    flood ();
  if (strcmp (mode, "huge") == 0)
    send_huge ();
  if (strcmp (mode, "garbage") == 0)
    say ("\x01\x02%lld", request);
  if (strcmp (mode, "unknown-kind") == 0)
    say ("{\"v\":1,\"kind\":\"pan\",\"content\":{\"request\":%lld}}", request);
  if (strcmp (mode, "unknown-member") == 0)
    say ("{\"v\":1,\"kind\":\"hint\",\"content\":{\"request\":%lld,\"prompt\":\"removed\",\"track2\":\"x\"}}", request);
  if (strcmp (mode, "daemon-kind") == 0)
    say ("{\"v\":1,\"kind\":\"cancel\",\"content\":{\"request\":%lld}}", request);
  if (strcmp (mode, "whole-number") == 0)
    say (WHOLE_NUMBER, request);
  if (strcmp (mode, "other-request") == 0)
    say (CARD, request + 1);
  if (strcmp (mode, "ready-twice") == 0)
    say (READY, 0);
  if (strcmp (mode, "version-2") == 0)
    say ("{\"v\":2,\"kind\":\"alive\",\"content\":{}}");
  if (strcmp (mode, "early-seal") == 0)
    say (SEALED, request, DIGEST);
  if (strcmp (mode, "wrong-digest") == 0)
    {
      say (CARD, request);
      say (SEALED, request, "00000000000000000000000000000000000000000000000000000000000000ff");
    }
}

static void
answer (const char *mode,
        const char *kind,
        long long   request)
{
  misbehave (mode, request);
  if (strcmp (mode, "good") != 0)
    return;

  if (strcmp (kind, "identify") == 0)
    {
      say (HINT, request);
      say (CARD, request);
    }
  else if (strcmp (kind, "authorize") == 0)
    {
      say (CARD, request);
      say (SEALED, request, DIGEST);
    }
}

int
main (int    argc,
      char **argv)
{
  const char *mode = argc > 3 ? argv[1] : "";
  char kind[32];

  if (argc != 4 || strcmp (argv[2], "--socket-fd") != 0)
    return 2;
  fd = (int) strtol (argv[3], NULL, 10);
  alarm (120);    /* whatever the test forgets */
  if (strcmp (mode, "never-ready") == 0)
    stay ();
  if (strcmp (mode, "die-early") == 0)
    return 1;

  hear (kind);
  if (strcmp (kind, "hello") != 0)
    return 5;
  if (strcmp (mode, "card-before-ready") == 0)
    say (CARD, 1LL);
  say (READY, (int) getpid ());

  while (1)
    {
      long long request = hear (kind);

      if (strcmp (kind, "cancel") == 0)
        say (FAILED, request);
      else
        answer (mode, kind, request);
    }
}
