/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt-reader: one card reader, in a process that can afford to die. The order of starting is the point of it: what
 * must be opened is opened, then everything else is given up, and only then is a card looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/reader/nfc-port.h"
#include "app/reader/sandbox.h"

#define READER_USER "tapwatt-reader"
/* The daemon gives a silent reader 6 s; but one that systemd started it cannot end, only leave. */
#define HANG_S 20

typedef struct
{
  TwConfig   *config;
  TwClock    *clock;
  TwNfc      *nfc;
  TwSealKey  *seal_key;
  TwEpochKeys epochs;
  int         fd;
} Program;

/* libnfc codes "no port" as descriptor 0, so that a port which gets it can never be opened (pn532.md section 5, 4). */
static void
keep_standard_descriptors (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO)
    close (fd);
}

/* sd_listen_fds(3): LISTEN_PID is us, LISTEN_FDS is one, and that is descriptor 3. A library for these two variables
 * would be more code in this process than the rest of it. */
static int
find_passed_socket (void)
{
  g_autofree char *us = g_strdup_printf ("%d", (int) getpid ());

  return g_strcmp0 (g_getenv ("LISTEN_PID"), us) == 0 && g_strcmp0 (g_getenv ("LISTEN_FDS"), "1") == 0 ? 3 : -1;
}

static gboolean
is_seqpacket (int       fd,
              gboolean *listening)
{
  struct sockaddr_un address = { 0 };
  socklen_t address_len = sizeof address, type_len = sizeof (int), accepts_len = sizeof (int);
  int type = 0, accepts = 0;

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &type_len) != 0 || type != SOCK_SEQPACKET ||
      getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &accepts_len) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &address_len) != 0 || address.sun_family != AF_UNIX)
    return FALSE;

  *listening = accepts != 0;
  return TRUE;
}

/* From the daemon that started us, or from systemd: connected, or listening with the daemon waiting at it. */
static int
take_socket (int      fd,
             GError **error)
{
  gboolean listening = FALSE;
  int connected;

  if (fd < 0)
    fd = find_passed_socket ();
  if (fd < 0 || !is_seqpacket (fd, &listening))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "no SOCK_SEQPACKET socket: give --socket-fd N, or start this "
                   "from tapwattd or its systemd unit");
      return -1;
    }
  if (!listening)
    return fd;

  connected = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);
  if (connected < 0)
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "nobody connects: %s", g_strerror (errno));
  close (fd);
  return connected;
}

static TwSealKey *
load_certificate (const Program *self,
                  GError       **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) pem = NULL;
  TwSealKey *key;
  gsize n;

  if (!g_file_get_contents (self->config->mle_certificate, &text, &n, error))
    return NULL;

  pem = g_bytes_new_take (g_steal_pointer (&text), n);
  /* An expired one too: the daemon does not sell with it, and it is no reason to restart for ever. */
  key = tw_seal_key_from_certificate (pem, G_MININT64, error);
  if (key == NULL)
    g_prefix_error (error, "%s: ", self->config->mle_certificate);
  return key;
}

/* Everything that needs a file, in the order in which an operator would look for what is wrong. */
static gboolean
open_everything (Program    *self,
                 const char *config_path,
                 int         socket_fd,
                 GError    **error)
{
  self->config = tw_config_load (config_path, error);
  if (self->config == NULL)
    return FALSE;
  if (self->config->reader_device == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: there is no group [reader]", config_path);
      return FALSE;
    }

  /* No money depends on our clock, and asking the kernel for its opinion would be one more system call. */
  self->clock = tw_clock_new_system (TRUE);
  self->fd = take_socket (socket_fd, error);
  if (self->fd < 0)
    return FALSE;

  self->nfc = tw_nfc_open (self->config->reader_device, error);
  if (self->nfc == NULL)
    return FALSE;

  if (self->config->bank_cards_test && self->config->mle_certificate != NULL)
    {
      self->seal_key = load_certificate (self, error);
      if (self->seal_key == NULL)
        return FALSE;
    }
  return self->config->fingerprint_key == NULL || tw_epoch_keys_load (&self->epochs, self->config->fingerprint_key,
                                                                      error);
}

static gboolean
serve (Program *self,
       GError **error)
{
  TwService service = { .fd = self->fd, .port = &tw_nfc_port, .nfc = self->nfc, .clock = self->clock,
                        .config = self->config, .seal_key = self->seal_key, .epochs = &self->epochs, .hang_s = HANG_S };
  g_autofree char *who = NULL;

  if (!tw_sandbox_become (READER_USER, &who, error))
    return FALSE;

  service.memory_locked = tw_sandbox_hold_memory ();
  if (!service.memory_locked)
    tw_log_warning ("LimitMEMLOCK is too small to lock all memory; card data is locked all the same");
  if (!tw_service_warm_up (&service, error))
    return FALSE;

  tw_log_info ("card reader %s; %s", tw_nfc_name (self->nfc), who);
  if (!tw_sandbox_enter (error))
    return FALSE;

  service.sandboxed = TRUE;
  return tw_service_run (&service, error);
}

static void
close_everything (Program *self)
{
  g_clear_pointer (&self->nfc, tw_nfc_close);
  g_clear_pointer (&self->seal_key, tw_seal_key_free);
  tw_epoch_keys_clear (&self->epochs);
  g_clear_pointer (&self->clock, tw_clock_free);
  g_clear_pointer (&self->config, tw_config_free);
}

/* As the other programs': what will not mend itself, and what may be there at the next start. */
static int
exit_code_for (const Program *self,
               const GError  *error)
{
  return self->config == NULL || g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA)
         || g_error_matches (error, TW_ERROR, TW_ERROR_BAD_STATE) || error->domain != TW_ERROR ? 2 : 3;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *config_path = NULL;
  static const char usage[] = "usage: tapwatt-reader --config FILE --socket-fd N [--verbose]";
  int socket_fd = -1;
  gboolean verbose = FALSE, parsed, opened, well;
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path, "tapwatt.conf", "FILE" },
    { "socket-fd", 0, 0, G_OPTION_ARG_INT, &socket_fd, "Inherited socket to the daemon", "N" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Say more", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("- tapwattd's card reader");
  g_autoptr(GError) error = NULL;
  Program program = { .fd = -1 };
  int code;

  keep_standard_descriptors ();
  (void) setlocale (LC_ALL, "C.UTF-8");
  (void) setenv ("TZ", "UTC0", TRUE);    /* or localtime() looks at /etc/localtime when that is not possible any more */
  g_option_context_add_main_entries (context, entries, NULL);
  parsed = g_option_context_parse (context, &argc, &argv, &error) && config_path != NULL && argc == 1;
  tw_log_init ("tapwatt-reader", verbose);
  if (!parsed)
    {
      tw_log_warning ("%s", error != NULL ? error->message : usage);
      return 2;
    }

  opened = open_everything (&program, config_path, socket_fd, &error);
  well = opened && serve (&program, &error);
  code = well ? 0 : opened ? 1 : exit_code_for (&program, error);
  if (!well)
    tw_log_warning ("%s", error->message);
  close_everything (&program);
  _exit (code);    /* what libraries do at exit is not on the list of system calls */
}
