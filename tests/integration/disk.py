# SPDX-License-Identifier: Apache-2.0
"""A disk of its own for the journal, small enough to be filled: a tmpfs in a mount namespace that lives as long as this
object. Root needs nothing for it; others need user namespaces."""
import errno
import os
import subprocess

import tap


class Disk:
    def __init__(self, path, size):
        self.path = path
        as_other = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        script = f'mount -t tmpfs -o size={size},mode=0700 tapwatt "$0" && echo mounted && cat >/dev/null'
        self.holder = subprocess.Popen(["unshare", "--mount"] + as_other + ["sh", "-c", script, path],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline().strip() != "mounted":
            why = self.holder.communicate()[1].strip()
            raise tap.Skip(f"no small disk can be made here: {why}")

    def wrapper(self):
        """In front of a command that shall see the disk."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", str(self.holder.pid), "--mount"] + user

    def seen_from_outside(self):
        return f"/proc/{self.holder.pid}/root{self.path}"

    def fill(self):
        """To the last byte."""
        with open(os.path.join(self.seen_from_outside(), "filler"), "ab", buffering=0) as f:
            for size in (65536, 4096, 512, 1):
                try:
                    while f.write(bytes(size)):
                        pass
                except OSError as error:
                    assert error.errno == errno.ENOSPC, error

    def empty(self):
        os.unlink(os.path.join(self.seen_from_outside(), "filler"))

    def free_bytes(self):
        room = os.statvfs(self.seen_from_outside())
        return room.f_bavail * room.f_frsize

    def end(self):
        self.holder.communicate()
