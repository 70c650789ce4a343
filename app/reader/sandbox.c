/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "app/base/error.h"
#include "app/base/log.h"

/* The wire: the socket to the daemon, the port's tty, the log. Nothing here makes a new descriptor. */
static const int wire[] = {
  SCMP_SYS (read), SCMP_SYS (write), SCMP_SYS (readv), SCMP_SYS (writev), SCMP_SYS (close), SCMP_SYS (poll),
  SCMP_SYS (ppoll), SCMP_SYS (select), SCMP_SYS (pselect6), SCMP_SYS (recvfrom), SCMP_SYS (recvmsg), SCMP_SYS (sendto),
  SCMP_SYS (sendmsg), SCMP_SYS (getpeername), SCMP_SYS (getsockname), SCMP_SYS (fstat), SCMP_SYS (lseek),
  SCMP_SYS (flock),
};

/* The process itself: memory, time, signals, its end. */
static const int self[] = {
  SCMP_SYS (brk), SCMP_SYS (munmap), SCMP_SYS (mremap), SCMP_SYS (madvise), SCMP_SYS (mlock), SCMP_SYS (munlock),
  SCMP_SYS (clock_gettime), SCMP_SYS (clock_getres), SCMP_SYS (clock_nanosleep), SCMP_SYS (nanosleep),
  SCMP_SYS (gettimeofday), SCMP_SYS (time), SCMP_SYS (getrandom), SCMP_SYS (futex), SCMP_SYS (sched_yield),
  SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask), SCMP_SYS (rt_sigreturn), SCMP_SYS (sigreturn),
  SCMP_SYS (restart_syscall), SCMP_SYS (getpid), SCMP_SYS (gettid), SCMP_SYS (tgkill), SCMP_SYS (exit),
  SCMP_SYS (exit_group), SCMP_SYS (alarm), SCMP_SYS (setitimer),
};

/* What a sanitizer's run-time library does before each end of the process. */
#if defined (__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined (__has_feature)
#if __has_feature (address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
static const int sanitizer[] = { SCMP_SYS (sigaltstack) };
#else
static const int sanitizer[] = { SCMP_SYS (read) };
#endif

/* What termios and a serial port's owner ask of a tty, and no other ioctl. */
static const unsigned long tty_requests[] = {
  TCGETS, TCSETS, TCSETSW, TCSETSF, TCFLSH, TCSBRK, TIOCMGET, TIOCMBIS, TIOCMBIC, TIOCEXCL, TIOCNXCL, FIONREAD,
  TIOCOUTQ,
};

static const int descriptor_requests[] = { F_GETFL, F_SETFL, F_GETFD, F_SETFD };

static gboolean
allow_all (scmp_filter_ctx filter,
           const int      *calls,
           gsize           n)
{
  for (gsize i = 0; i < n; i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
allow_some (scmp_filter_ctx filter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tty_requests); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (ioctl), 1, SCMP_A1 (SCMP_CMP_EQ, tty_requests[i])) != 0)
      return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (descriptor_requests); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1,
                          SCMP_A1 (SCMP_CMP_EQ, descriptor_requests[i])) != 0)
      return FALSE;

  /* No new code; and of files only those that are open (glibc asks by an empty path). */
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
         seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
         seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (newfstatat), 1,
                           SCMP_A3 (SCMP_CMP_EQ, AT_EMPTY_PATH)) == 0;
}

gboolean
tw_sandbox_enter (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  gboolean loaded;

  loaded = filter != NULL && allow_all (filter, wire, G_N_ELEMENTS (wire)) &&
           allow_all (filter, self, G_N_ELEMENTS (self)) &&
           allow_all (filter, sanitizer, G_N_ELEMENTS (sanitizer)) && allow_some (filter) && seccomp_load (filter) == 0;
  seccomp_release (filter);
  if (loaded)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "the system-call filter cannot be loaded (does the kernel have "
               "CONFIG_SECCOMP_FILTER?); no card is read without it");
  return FALSE;
}

static gboolean
switch_user (const struct passwd *user,
             GError             **error)
{
  if (initgroups (user->pw_name, user->pw_gid) == 0 && setgid (user->pw_gid) == 0 && setuid (user->pw_uid) == 0 &&
      setuid (0) != 0)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "cannot become the user %s: %s", user->pw_name, g_strerror (errno));
  return FALSE;
}

gboolean
tw_sandbox_become (const char *user,
                   char      **who,
                   GError    **error)
{
  const struct passwd *entry;
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

  if (geteuid () != 0)
    {
      *who = g_strdup_printf ("runs as user %u", (guint) geteuid ());
      return TRUE;
    }

  entry = getpwnam (user);
  if (entry == NULL)
    {
      *who = g_strdup_printf ("runs as root: there is no user %s", user);
      return TRUE;
    }

  (void) setrlimit (RLIMIT_MEMLOCK, &none);     /* what root may lock, its successor may go on to lock */
  if (!switch_user (entry, error))
    return FALSE;

  *who = g_strdup_printf ("runs as %s", user);
  return TRUE;
}

gboolean
tw_sandbox_hold_memory (void)
{
  const struct rlimit none = { 0, 0 };
  struct rlimit limit;

  (void) setrlimit (RLIMIT_CORE, &none);
  (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);

  /* With a finite limit MCL_FUTURE turns a later allocation into a crash: then only card data is locked. */
  if (geteuid () != 0 && (getrlimit (RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY))
    return FALSE;

  return mlockall (MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}
