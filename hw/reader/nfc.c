/* SPDX-License-Identifier: Apache-2.0 */
/* libnfc 1.8.0 behind reader.h. Most of this file is about what that library does when it is treated carelessly: it
 * aborts, overflows and blocks on what a hostile device may send, which is why it lives in a process of its own.
 */
#include "hw/reader/reader.h"

#include "app/base/error.h"
#include "app/base/whole.h"

#include <nfc/nfc.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define DRIVER "pn532:"
#define DEFAULT_SPEED 115200
#define OPEN_TRIES 3      /* a chip that is woken from power-down may miss the first command */
#define FDS_TO_COME 8     /* libnfc opens the port and a pipe, and cannot select() above FD_SETSIZE */
#define COMMAND_MAX 261   /* 5 + 255 + 1; libnfc copies more than 262 beyond its buffer */
#define ANSWER_MAX 264
#define EXCHANGE_MS 3000  /* the chip itself gives up on a card before that */
#define LATE_MS 500       /* and a reply that is later than both is not expected any more */

struct _TwNfc
{
  nfc_context *context;
  nfc_device  *device;
  int          fd;   /* ours, of the same tty: holds the lock for as long as we live */
  char        *path; /* of the tty itself, not of a link to it */
  char        *name;
};

/* nfc_exit() frees what all contexts share, so there may be one in a process, and no more. */
static gint context_in_use;

static gboolean
fail (GError    **error,
      TwError     code,
      const char *path,
      const char *what)
{
  g_set_error (error, TW_ERROR, code, "NFC reader at %s: %s", path, what);
  return FALSE;
}

/* "pn532:PATH[?speed=N]" */
static gboolean
parse_address (const char *address,
               char      **path,
               guint      *speed,
               GError    **error)
{
  static const guint SPEEDS[] = { 9600, 19200, 38400, 57600, 115200, 230400, 460800 };
  g_auto (GStrv) parts = NULL;
  guint64 number;

  if (!g_str_has_prefix (address, DRIVER) || address[strlen (DRIVER)] != '/')
    return fail (error, TW_ERROR_BAD_DATA, address, "is not an address of the form pn532:/dev/ttyS2[?speed=115200]");

  parts = g_strsplit (address + strlen (DRIVER), "?", 2);
  *path = g_strdup (parts[0]);
  *speed = DEFAULT_SPEED;
  if (parts[1] == NULL)
    return TRUE;

  if (!g_str_has_prefix (parts[1], "speed=")
      || !tw_whole_parse_unsigned (parts[1] + 6, 10, 1, G_MAXUINT32, &number))
    return fail (error, TW_ERROR_BAD_DATA, address, "knows no option but speed=NUMBER");
  for (gsize i = 0; i < G_N_ELEMENTS (SPEEDS); i++)
    if (SPEEDS[i] == number)
      {
        *speed = number;
        return TRUE;
      }
  return fail (error, TW_ERROR_BAD_DATA, address, /* libnfc would log it and go on with another */
               "speed must be 9600, 19200, 38400, 57600, 115200, 230400 or 460800");
}

/* libnfc takes a port on descriptor 0 for "none", and must not find our port where programs expect standard output. */
static void
occupy_standard_fds (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

static gboolean
open_port (TwNfc   *self,
           GError **error)
{
  struct stat st;

  self->fd = open (self->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->fd < 0 && errno == EBUSY)
    return fail (error, TW_ERROR_BAD_STATE, self->path, "another process has the port for itself; end it first");
  if (self->fd < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "NFC reader at %s: cannot open the port: %s", self->path,
                   g_strerror (errno));
      return FALSE;
    }
  if (fstat (self->fd, &st) != 0 || !S_ISCHR (st.st_mode) || !isatty (self->fd))
    return fail (error, TW_ERROR_BAD_DATA, self->path, "is not a serial port (not a tty)");
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    return fail (error, TW_ERROR_BAD_STATE, self->path, "another process has the port for itself; end it first");
  if (self->fd + FDS_TO_COME >= FD_SETSIZE)
    return fail (error, TW_ERROR_BAD_STATE, self->path, "too many files are open in this process");
  return TRUE;
}

static gboolean
hung_up (TwNfc *self)
{
  struct pollfd port = { .fd = self->fd };

  return poll (&port, 1, 0) > 0 && (port.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* The defaults of libnfc that matter here: it would probe other ports and other people's configuration, and log to
 * standard error. nfc_init() reads the environment, and writes it. */
static void
make_context (TwNfc *self)
{
  g_setenv ("LIBNFC_AUTO_SCAN", "false", TRUE);
  g_setenv ("LIBNFC_INTRUSIVE_SCAN", "false", TRUE);
  g_setenv ("LIBNFC_LOG_LEVEL", "0", TRUE);
  g_unsetenv ("LIBNFC_DEVICE");
  g_unsetenv ("LIBNFC_DEFAULT_DEVICE");
  nfc_init (&self->context);
}

/* After nfc_open() the chip has echoed a test, but it may not have told what it can: then libnfc has no list of
 * modulations, and would look for one at address 0. */
static gboolean
set_up_device (nfc_device *device)
{
  const nfc_modulation_type *types = NULL;

  return nfc_device_get_supported_modulation (device, N_INITIATOR, &types) == NFC_SUCCESS && types != NULL
         && nfc_initiator_init (device) == NFC_SUCCESS
         && nfc_device_set_property_bool (device, NP_INFINITE_SELECT, false) == NFC_SUCCESS;
}

static gboolean
open_device (TwNfc   *self,
             guint    speed,
             GError **error)
{
  nfc_connstring where;

  if (g_snprintf (where, sizeof where, "pn532_uart:%s:%u", self->path, speed) >= (int) sizeof where
      || strchr (self->path, ':'))
    return fail (error, TW_ERROR_BAD_DATA, self->path, "libnfc takes no port with such a name");

  for (guint i = 0; i < OPEN_TRIES && !hung_up (self); i++)
    {
      self->device = nfc_open (self->context, where);
      if (self->device == NULL)
        continue;
      if (set_up_device (self->device))
        return TRUE;
      nfc_close (self->device);
      self->device = NULL;
    }
  return fail (error, TW_ERROR_GONE, self->path,
               hung_up (self) ? "the port has hung up" : "no PN532 answers there; check cable, power and speed");
}

/* "PN532 v1.6 at /dev/ttyS2" */
static char *
make_name (TwNfc *self)
{
  char *text = NULL;
  const char *chip;
  char *name = NULL;

  if (nfc_device_get_information_about (self->device, &text) >= 0 && text && (chip = strstr (text, "chip: ")) != NULL)
    name = g_strdup_printf ("%.*s at %s", (int) strcspn (chip + 6, "\r\n"), chip + 6, self->path);
  if (text)
    nfc_free (text);
  return name ? name : g_strdup_printf ("PN532 at %s", self->path);
}

static gboolean
find_tty (TwNfc      *self,
          const char *path,
          GError    **error)
{
  char *real = realpath (path, NULL);

  if (real == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "NFC reader at %s: there is no such port: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  self->path = g_strdup (real);
  free (real);
  return TRUE;
}

TwNfc *
tw_nfc_open (const char *address,
             GError    **error)
{
  g_autoptr (TwNfc) self = NULL;
  g_autofree char *path = NULL;
  guint speed;

  if (!parse_address (address, &path, &speed, error))
    return NULL;
  if (!g_atomic_int_compare_and_exchange (&context_in_use, 0, 1))
    {
      fail (error, TW_ERROR_BAD_STATE, path, "this process has a reader open already");
      return NULL;
    }

  self = g_new0 (TwNfc, 1);
  self->fd = -1;
  occupy_standard_fds ();
  if (!find_tty (self, path, error) || !open_port (self, error))
    return NULL;
  make_context (self);
  if (self->context == NULL)
    {
      fail (error, TW_ERROR_GONE, self->path, "libnfc cannot be started");
      return NULL;
    }
  if (!open_device (self, speed, error))
    return NULL;

  ioctl (self->fd, TIOCEXCL); /* not before: it would keep libnfc out as well */
  self->name = make_name (self);
  return g_steal_pointer (&self);
}

void
tw_nfc_close (TwNfc *self)
{
  if (self == NULL)
    return;

  if (self->device)
    {
      nfc_close (self->device); /* field off, chip asleep */
      ioctl (self->fd, TIOCNXCL);
    }
  if (self->context)
    nfc_exit (self->context);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
  g_atomic_int_set (&context_in_use, 0);
}

const char *
tw_nfc_name (TwNfc *self)
{
  return self->name;
}

static void
read_target (const nfc_target *from,
             TwTarget         *target)
{
  const nfc_iso14443a_info *info = &from->nti.nai;

  memset (target, 0, sizeof *target);
  target->uid_len = MIN (info->szUidLen, sizeof target->uid);
  memcpy (target->uid, info->abtUid, target->uid_len);
  memcpy (target->atqa, info->abtAtqa, sizeof target->atqa);
  target->sak = info->btSak;
  target->iso_dep = (info->btSak & 0x20) != 0;                          /* ISO/IEC 14443-3 table 9 */
  target->random_uid = target->uid_len == 4 && target->uid[0] == 0x08;  /* ISO/IEC 14443-3 6.4.4 */
}

static gboolean
lost (TwNfc   *self,
      GError **error)
{
  return fail (error, TW_ERROR_GONE, self->path,
               hung_up (self) ? "the port has hung up" : "the PN532 does not answer any more, or not to the question");
}

/* A look at the field can fail only because of the chip or the line. Once more, as a single disturbed byte does that;
 * libnfc itself never repeats anything. */
gboolean
tw_nfc_find (TwNfc    *self,
             TwTarget *target,
             GError  **error)
{
  const nfc_modulation type_a = { .nmt = NMT_ISO14443A, .nbr = NBR_106 };
  nfc_target found;

  for (guint i = 0; i < 2 && !hung_up (self); i++)
    {
      int n = nfc_initiator_select_passive_target (self->device, type_a, NULL, 0, &found);

      if (n > 0)
        read_target (&found, target);
      if (n >= 0)
        return n > 0;
    }
  return lost (self, error);
}

gboolean
tw_nfc_present (TwNfc *self)
{
  return nfc_initiator_target_is_present (self->device, NULL) == NFC_SUCCESS;
}

void
tw_nfc_release (TwNfc *self)
{
  nfc_initiator_deselect_target (self->device);
}

void
tw_nfc_field (TwNfc   *self,
              gboolean on)
{
  nfc_device_set_property_bool (self->device, NP_ACTIVATE_FIELD, on);
}

/* After a reply that was lost or damaged, the next one might be the answer to the last question: the R-APDU of one
 * command taken for that of another. Two commands of another kind, whose codes cannot be mistaken, end what the chip is
 * still doing (a new command does), show that it is alive and in step, and drop the card. Before that, a reply that is
 * only late is given time to come, and is thrown away by libnfc with the next command. */
static gboolean
get_in_step (TwNfc   *self,
             gboolean late)
{
  struct pollfd port = { .fd = self->fd, .events = POLLIN };

  if (late)
    poll (&port, 1, LATE_MS);
  for (guint i = 0; i < 2 && !hung_up (self); i++)
    if (nfc_device_set_property_bool (self->device, NP_ACTIVATE_FIELD, false) == NFC_SUCCESS
        && nfc_device_set_property_bool (self->device, NP_ACTIVATE_FIELD, true) == NFC_SUCCESS)
      return TRUE;
  return FALSE;
}

static gboolean
explain_exchange (TwNfc   *self,
                  int      result,
                  GError **error)
{
  switch (result)
    {
    case 0:
    case 1:
      return fail (error, TW_ERROR_RETRY, self->path, "the card answered without a status word");
    case NFC_ERFTRANS:
    case NFC_ETGRELEASED:
    case NFC_EMFCAUTHFAIL:
      return fail (error, TW_ERROR_RETRY, self->path, "the card has left the field or was not understood");
    case NFC_EINVARG:
    case NFC_ECHIP:
      return fail (error, TW_ERROR_RETRY, self->path, "the PN532 has no card selected, or could not hold its answer");
    default: /* NFC_EIO, NFC_ETIMEOUT, NFC_EOVFLOW: the line. Its strerror() does not always know. */
      break;
    }
  if (!get_in_step (self, result == NFC_ETIMEOUT))
    return lost (self, error);
  return fail (error, TW_ERROR_RETRY, self->path, "an answer was lost or damaged on the line");
}

gboolean
tw_nfc_exchange (TwNfc        *self,
                 const guint8 *command,
                 gsize         command_len,
                 guint8        answer[ANSWER_MAX],
                 gsize        *answer_len,
                 GError      **error)
{
  int n;

  *answer_len = 0;
  if (command_len == 0 || command_len > COMMAND_MAX)
    return fail (error, TW_ERROR_BAD_DATA, self->path, "a command for a card has 1 to 261 bytes");

  n = nfc_initiator_transceive_bytes (self->device, command, command_len, answer, ANSWER_MAX, EXCHANGE_MS);
  if (n < 2)
    return explain_exchange (self, n, error);

  *answer_len = n;
  return TRUE;
}
