/* SPDX-License-Identifier: Apache-2.0 */
/* Each case in a child of its own: what is shut stays shut. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "app/reader/sandbox.h"

/* Directly, so that no wrapper makes another call of it. */
static void call_open (void)     { syscall (SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY); }
static void call_socket (void)   { syscall (SYS_socket, AF_INET, SOCK_STREAM, 0); }
static void call_unix (void)     { syscall (SYS_socket, AF_UNIX, SOCK_STREAM, 0); }
static void call_pair (void)     { int ends[2]; syscall (SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends); }
static void call_connect (void)  { struct sockaddr_in to = { AF_INET }; syscall (SYS_connect, 0, &to, sizeof to); }
static void call_bind (void)     { struct sockaddr_in to = { AF_INET }; syscall (SYS_bind, 0, &to, sizeof to); }
static void call_execve (void)   { syscall (SYS_execve, "/bin/true", NULL, NULL); }
static void call_fork (void)     { syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL); }
static void call_kill (void)     { syscall (SYS_kill, getppid (), 0); }
static void call_ptrace (void)   { syscall (SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL); }
static void call_unlink (void)   { syscall (SYS_unlinkat, AT_FDCWD, "/nowhere", 0); }
static void call_stat (void)     { char about[256]; syscall (SYS_newfstatat, AT_FDCWD, "/etc/passwd", about, 0); }
static void call_dup (void)      { syscall (SYS_dup, 0); }
static void call_inject (void)   { char c = '\n'; ioctl (0, TIOCSTI, &c); }
static void call_code (void)     { syscall (SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                                            -1, 0); }
static void call_protect (void)  { syscall (SYS_mprotect, (gsize) call_code & ~4095ul, 4096, PROT_READ | PROT_EXEC); }
static void call_readv (void)    { syscall (SYS_process_vm_readv, getppid (), NULL, 0, NULL, 0, 0); }
static void call_mount (void)    { syscall (SYS_mount, "none", "/mnt", "tmpfs", 0, NULL); }
static void call_prctl (void)    { prctl (PR_SET_DUMPABLE, 1, 0, 0, 0); }

static const struct { const char *name; void (*call) (void); } shut[] = {
  { "open", call_open }, { "socket", call_socket }, { "unix-socket", call_unix }, { "socketpair", call_pair },
  { "connect", call_connect }, { "bind", call_bind }, { "execve", call_execve }, { "fork", call_fork },
  { "kill", call_kill },
  { "ptrace", call_ptrace }, { "unlink", call_unlink }, { "stat", call_stat }, { "dup", call_dup },
  { "tty-injection", call_inject }, { "executable-memory", call_code }, { "executable-again", call_protect },
  { "other-process-memory", call_readv }, { "mount", call_mount }, { "dumpable-again", call_prctl },
};

static int
status_of (void (*act) (void),
           gboolean shut_first)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      signal (SIGSYS, SIG_DFL);
      if (shut_first && (!tw_sandbox_hold_memory () || TRUE) && !tw_sandbox_enter (NULL))
        _exit (99);
      act ();
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return status;
}

static void
test_shut (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  int status = status_of (shut[i].call, TRUE);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
}

/* The same calls without the filter do not end a process with SIGSYS: it is the filter that does. */
static void
test_open_before (void)
{
  g_assert_cmpint (status_of (call_open, FALSE), ==, 0);
  g_assert_cmpint (status_of (call_socket, FALSE), ==, 0);
  g_assert_cmpint (status_of (call_dup, FALSE), ==, 0);
}

static void
work (void)
{
  char text[256] = { 0 };
  struct timespec moment;
  void *memory = mmap (NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_autofree char *block = g_malloc0 (3 << 20);
  int zero = 0;

  if (memory == MAP_FAILED || block[1] != 0 || clock_gettime (CLOCK_BOOTTIME, &moment) != 0 ||
      munmap (memory, 1 << 20) != 0)
    _exit (1);
  if (send (STDIN_FILENO, "hello", 5, MSG_DONTWAIT) != 5 || recv (STDOUT_FILENO, text, sizeof text, 0) != 5)
    _exit (2);
  if (ioctl (STDIN_FILENO, FIONREAD, &zero) != 0 || zero != 0 || fcntl (STDIN_FILENO, F_GETFL) < 0)
    _exit (3);
  if (syscall (SYS_getrandom, text, 4, 0) != 4)
    _exit (4);
  g_free (g_steal_pointer (&block));
  _exit (42);
}

static void
hang (void)
{
  (void) alarm (1);
  for (;;)
    (void) poll (NULL, 0, 60 * 1000);
}

static void
test_alarm (void)
{
  int status = status_of (hang, TRUE);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGALRM);
}

/* What serving takes is left. */
static void
test_left (void)
{
  int saved_in = dup (STDIN_FILENO), saved_out = dup (STDOUT_FILENO);
  int ends[2], status;
  pid_t pid;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, ends), ==, 0);
  fflush (NULL);
  pid = fork ();
  if (pid == 0)
    {
      dup2 (ends[0], STDIN_FILENO);
      dup2 (ends[1], STDOUT_FILENO);
      if (!tw_sandbox_enter (NULL))
        _exit (99);
      work ();
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 42);
  close (ends[0]);
  close (ends[1]);
  close (saved_in);
  close (saved_out);
}

static void
look_at_memory (void)
{
  struct rlimit limit;

  tw_sandbox_hold_memory ();
  if (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
    _exit (1);
  if (getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0 || limit.rlim_max != 0)
    _exit (2);
  _exit (42);
}

static void
test_memory (void)
{
  int status = status_of (look_at_memory, FALSE);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 42);
}

static void
become_nobody (void)
{
  g_autofree char *who = NULL, *again = NULL;

  if (!tw_sandbox_become ("nobody", &who, NULL) || geteuid () == 0 || getuid () == 0 || getegid () == 0)
    _exit (1);
  if (g_strcmp0 (who, "runs as nobody") != 0)
    _exit (2);
  if (setuid (0) == 0)
    _exit (3);
  if (!tw_sandbox_become ("nobody", &again, NULL))
    _exit (4);
  _exit (42);
}

static void
become_unknown (void)
{
  g_autofree char *who = NULL;

  if (!tw_sandbox_become ("no-such-user-here", &who, NULL) || geteuid () != 0)
    _exit (1);
  _exit (g_str_has_prefix (who, "runs as root: there is no user") ? 42 : 2);
}

static void
test_user (void)
{
  if (geteuid () != 0)
    {
      g_autofree char *who = NULL;

      g_assert_true (tw_sandbox_become ("nobody", &who, NULL));
      g_assert_true (g_str_has_prefix (who, "runs as user"));
      return;
    }
  g_assert_cmpint (WEXITSTATUS (status_of (become_nobody, FALSE)), ==, 42);
  g_assert_cmpint (WEXITSTATUS (status_of (become_unknown, FALSE)), ==, 42);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shut); i++)
    {
      g_autofree char *path = g_strdup_printf ("/readerapp/sandbox/shut/%s", shut[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_shut);
    }
  g_test_add_func ("/readerapp/sandbox/it-is-the-filter-that-kills", test_open_before);
  g_test_add_func ("/readerapp/sandbox/what-serving-takes-is-left", test_left);
  g_test_add_func ("/readerapp/sandbox/an-alarm-still-ends-who-hangs", test_alarm);
  g_test_add_func ("/readerapp/sandbox/no-dumps-are-made", test_memory);
  g_test_add_func ("/readerapp/sandbox/root-is-given-up-for-good", test_user);
  return g_test_run ();
}
