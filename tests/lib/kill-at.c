/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into tapwattd by the crash test: finds the places where a crash would hurt most, and dies at one of them.
 *
 *   TAPWATT_KILL_LOG  file to which each place is appended as it is reached, one line
 *   TAPWATT_KILL_AT   the place to die at, word for word as it stands in such a file; not set: only count
 *
 * The places, with what was going on, and "#n" for the n-th time:
 *
 *   commit KINDS: unwritten   a journal commit, before the first byte of it goes to the write-ahead log
 *   commit KINDS: unsynced    it is written; before fdatasync
 *   commit KINDS: synced      after fdatasync: durable, and nobody has been told
 *   sync FILE: unsynced|synced  any other sync in the journal's directory (its birth)
 *   request LINE: unsent      before the first byte goes to TLS
 *   request LINE: sent        after the last byte
 *   request LINE: answered    an answer is there: the other end has acted; libcurl has not seen it
 *
 * KINDS are the entries of the commit: "counter.accepted", "reading.begin+bay.connected". LINE is the request's first
 * line with each number as N. Works by being asked before libc, SQLite and OpenSSL; what it knows of SQLite's user is
 * the order of the columns in payment/journal/sqlite.c. */
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM      "tapwattd"
#define MOST_PLACES  512
#define KIND_COLUMN  7
#define PAYLOAD_COLUMN 8

/* What is known of a TLS connection: whether a request is under way on it. */
typedef struct
{
  void   *ssl;
  char    line[160];
  char    head[8192];
  size_t  n_head;
  size_t  left;       /* bytes of the body still to be written, once the head is complete */
  int     in_head, sent;
} Request;

static const char *log_path, *kill_at;
static char        places[MOST_PLACES][240];   /* all that were reached, without "#n" */
static unsigned    n_places;
static char        kinds[400];                 /* of the commit being put together: the journal's worker only */
static int         writing;
static Request     requests[8];
static __thread int within;

int     fdatasync (int fd);
int     fsync (int fd);
ssize_t pwrite64 (int fd, const void *bytes, size_t n, off64_t at);
int     sqlite3_bind_text (void *row, int column, const char *text, int n, void (*destroy) (void *));
int     sqlite3_bind_blob64 (void *row, int column, const void *bytes, uint64_t n, void (*destroy) (void *));
int     SSL_write (void *ssl, const void *bytes, int n);
int     SSL_read (void *ssl, void *bytes, int n);

/* Not in the reader that the daemon spawns: its filter would end it. */
__attribute__ ((constructor)) static void
set_up (void)
{
  if (strcmp (program_invocation_short_name, PROGRAM) != 0)
    return;
  log_path = getenv ("TAPWATT_KILL_LOG");
  kill_at = getenv ("TAPWATT_KILL_AT");
  unsetenv ("LD_PRELOAD");
}

static void *
next (const char *name)
{
  void *symbol = dlsym (RTLD_NEXT, name);

  if (symbol == NULL)
    abort ();
  return symbol;
}

static void
note (const char *text)
{
  int fd = open (log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  if (fd < 0 || write (fd, text, strlen (text)) < 0 || write (fd, "\n", 1) < 0)
    abort ();
  close (fd);
}

__attribute__ ((format (printf, 1, 2))) static void
reach (const char *format,
       ...)
{
  static volatile int lock;
  char *place = places[n_places], numbered[260];
  unsigned nth = 1;
  va_list args;

  if (log_path == NULL)
    return;
  while (__sync_lock_test_and_set (&lock, 1))
    ;
  if (n_places == MOST_PLACES)
    abort ();
  place = places[n_places];
  va_start (args, format);
  vsnprintf (place, sizeof places[0], format, args);
  va_end (args);
  for (unsigned i = 0; i < n_places; i++)
    nth += strcmp (places[i], place) == 0;
  n_places++;
  snprintf (numbered, sizeof numbered, "%s #%u", place, nth);
  note (numbered);
  if (kill_at != NULL && strcmp (numbered, kill_at) == 0)
    {
      kill (getpid (), SIGKILL);
      for (;;)
        pause ();
    }
  __sync_lock_release (&lock);
}

/* ---- the journal ------------------------------------------------------------------------------------------------ */

/* "journal.db-wal" of a descriptor in a journal's directory; FALSE: another file. */
static int
journal_file (int   fd,
              char *name,
              size_t size)
{
  char link[64], path[512];
  const char *base, *dir;
  ssize_t n;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink (link, path, sizeof path - 1);
  if (n <= 0)
    return 0;
  path[n] = '\0';
  base = strrchr (path, '/');
  dir = strstr (path, "/journal");
  if (base == NULL || dir == NULL)
    return 0;
  snprintf (name, size, "%s", base + 1);
  return 1;
}

static int
is_log (const char *name)
{
  size_t n = strlen (name);

  return n > 4 && strcmp (name + n - 4, "-wal") == 0;
}

static int
sync_with (int  (*real) (int),
           int    fd)
{
  char name[128];
  int is_journal, is_commit, result;

  if (log_path == NULL || within)
    return real (fd);
  within = 1;
  is_journal = journal_file (fd, name, sizeof name);
  is_commit = is_journal && is_log (name) && *kinds != '\0';
  if (is_journal)
    reach (is_commit ? "commit %s: unsynced" : "sync %s: unsynced", is_commit ? kinds : name);
  result = real (fd);
  if (is_journal)
    reach (is_commit ? "commit %s: synced" : "sync %s: synced", is_commit ? kinds : name);
  within = 0;
  return result;
}

int
fdatasync (int fd)
{
  static int (*real) (int);

  if (real == NULL)
    real = next ("fdatasync");
  return sync_with (real, fd);
}

int
fsync (int fd)
{
  static int (*real) (int);

  if (real == NULL)
    real = next ("fsync");
  return sync_with (real, fd);
}

ssize_t
pwrite64 (int         fd,
          const void *bytes,
          size_t      n,
          off64_t     at)
{
  static ssize_t (*real) (int, const void *, size_t, off64_t);
  char name[128];

  if (real == NULL)
    real = next ("pwrite64");
  if (log_path != NULL && !within && !writing && *kinds != '\0'
      && journal_file (fd, name, sizeof name) && is_log (name))
    {
      writing = 1;
      reach ("commit %s: unwritten", kinds);
    }
  return real (fd, bytes, n, at);
}

/* The first entry after a commit's writing belongs to the next one. */
int
sqlite3_bind_text (void       *row,
                   int         column,
                   const char *text,
                   int         n,
                   void      (*destroy) (void *))
{
  static int (*real) (void *, int, const char *, int, void (*) (void *));
  size_t used;

  if (real == NULL)
    real = next ("sqlite3_bind_text");
  if (log_path != NULL && column == KIND_COLUMN)
    {
      if (writing)
        *kinds = '\0';
      writing = 0;
      used = strlen (kinds);
      snprintf (kinds + used, sizeof kinds - used, "%s%s", used > 0 ? "+" : "", text);
    }
  return real (row, column, text, n, destroy);
}

int
sqlite3_bind_blob64 (void       *row,
                     int         column,
                     const void *bytes,
                     uint64_t    n,
                     void      (*destroy) (void *))
{
  static const char *const keys[] = {
    "\"event\":\"", "\"why\":\"", "\"operation\":\"", "\"outcome\":\"", "\"class\":\""
  };
  static int (*real) (void *, int, const void *, uint64_t, void (*) (void *));
  size_t used = strlen (kinds);

  if (real == NULL)
    real = next ("sqlite3_bind_blob64");
  for (size_t i = 0; log_path != NULL && column == PAYLOAD_COLUMN && i < sizeof keys / sizeof keys[0]; i++)
    {
      const char *at = memmem (bytes, n, keys[i], strlen (keys[i]));
      const char *word = at ? at + strlen (keys[i]) : NULL;

      if (word == NULL)
        continue;
      snprintf (kinds + used, sizeof kinds - used, ".%.*s", (int) strcspn (word, "\""), word);
      break;
    }
  return real (row, column, bytes, n, destroy);
}

/* ---- the payment service ---------------------------------------------------------------------------------------- */

static Request *
request_of (void *ssl,
            int   make)
{
  Request *empty = NULL;

  for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
    {
      if (requests[i].ssl == ssl)
        return &requests[i];
      if (requests[i].ssl == NULL && empty == NULL)
        empty = &requests[i];
    }
  if (make && empty == NULL)
    abort ();
  if (make)
    *empty = (Request) { .ssl = ssl };
  return make ? empty : NULL;
}

/* "POST /pts/v2/payments/N/captures" */
static void
name_request (Request    *request,
              const char *bytes,
              int         n)
{
  char *to = request->line, *end = request->line + sizeof request->line - 2;
  int words = 0;

  for (int i = 0; i < n && to < end && bytes[i] != '\r'; i++)
    {
      words += bytes[i] == ' ';
      if (words == 2 || bytes[i] == '?')
        break;
      if (!isdigit ((unsigned char) bytes[i]) || (to > request->line && to[-1] != '/' && to[-1] != 'N'))
        *to++ = bytes[i];
      else if (to[-1] != 'N')
        *to++ = 'N';
    }
  *to = '\0';
}

/* A method and a path, as "POST /". */
static int
begins_request (const char *bytes,
                int         n)
{
  int i = 0;

  while (i < n && bytes[i] >= 'A' && bytes[i] <= 'Z')
    i++;
  return i >= 3 && i + 1 < n && bytes[i] == ' ' && bytes[i + 1] == '/';
}

static size_t
content_length (const char *head)
{
  const char *length = strcasestr (head, "\r\ncontent-length:");

  return length ? strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

static void
follow_request (Request    *request,
                const char *bytes,
                int         n)
{
  const char *end;
  size_t part = (size_t) n, room = sizeof request->head - 1 - request->n_head;

  if (request->in_head)
    {
      size_t kept = part < room ? part : room;
      size_t before = request->n_head;

      memcpy (request->head + before, bytes, kept);
      request->n_head += kept;
      request->head[request->n_head] = '\0';
      end = strstr (request->head, "\r\n\r\n");
      if (end == NULL)
        return;
      request->in_head = 0;
      request->left = content_length (request->head);
      part -= (size_t) (end + 4 - request->head) - before;
    }
  request->left -= part < request->left ? part : request->left;
  if (request->left > 0 || request->sent || *request->line == '\0')
    return;
  request->sent = 1;
  reach ("request %s: sent", request->line);
}

int
SSL_write (void       *ssl,
           const void *bytes,
           int         n)
{
  static int (*real) (void *, const void *, int);
  Request *request;
  int written;

  if (real == NULL)
    real = next ("SSL_write");
  if (log_path == NULL)
    return real (ssl, bytes, n);

  request = request_of (ssl, 1);
  if (begins_request (bytes, n) && !request->in_head && request->left == 0)
    {
      *request = (Request) { .ssl = ssl, .in_head = 1 };
      name_request (request, bytes, n);
      reach ("request %s: unsent", request->line);
    }
  written = real (ssl, bytes, n);
  if (written > 0)
    follow_request (request, bytes, written);
  return written;
}

int
SSL_read (void *ssl,
          void *bytes,
          int   n)
{
  static int (*real) (void *, void *, int);
  Request *request;
  int result;

  if (real == NULL)
    real = next ("SSL_read");
  result = real (ssl, bytes, n);
  request = log_path ? request_of (ssl, 0) : NULL;
  if (result > 0 && request != NULL && request->sent)
    {
      request->sent = 0;
      request->ssl = NULL;
      reach ("request %s: answered", request->line);
    }
  return result;
}
