# SPDX-License-Identifier: Apache-2.0
"""What a program leaves behind, from outside: what is said on the bus, what it writes anywhere, what is in its
memory."""
import glob
import os
import re
import shutil
import subprocess

import tap
from street import end, wait_until

WRITES = "openat,open,creat,rename,renameat,renameat2,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg"


class Monitor:
    """Everything that is said on the street's bus, as a pcap file."""

    def __init__(self, street):
        self.path = os.path.join(street.dir, "traffic.pcap")
        with open(self.path, "wb") as out:
            self.process = subprocess.Popen(["dbus-monitor", "--address", street.address, "--pcap"], stdout=out,
                                            stderr=subprocess.PIPE)
        wait_until("the monitor", lambda: os.path.getsize(self.path) > 0 or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stderr.read()
        self.street = street

    def say(self, text):
        """A message of our own; returns when it is on record, and with it everything that was said before."""
        before = os.path.getsize(self.path)
        done = self.street.busctl("emit", "/org/tapwatt/Test", "org.tapwatt.Test", "Said", "s", text)
        assert done.returncode == 0, done.stderr

        def recorded():
            with open(self.path, "rb") as f:
                f.seek(before)
                return text.encode() in f.read()
        wait_until(f"{text} on record", recorded)

    def end(self):
        self.process.stderr.close()
        end(self.process)


def without_tracing():
    """A process of ours may look into its equals', as any two programs of one user may, and no further: root may look
    anywhere."""
    return ["setpriv", "--bounding-set", "-sys_ptrace"] if os.geteuid() == 0 else []


def tracer(street):
    """Keeps each write of tapwattd and of what it starts; tapwattd stays our child, strace is the grandchild."""
    if shutil.which("strace") is None:
        raise tap.Skip("strace is not installed")
    return ["strace", "-D", "-ff", "-xx", "-s", "4000000", "-e", f"trace={WRITES}", "-o",
            os.path.join(street.dir, "strace")
            ] + without_tracing()


def status_of(pid):
    with open(f"/proc/{pid}/status") as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def memory_of(pid):
    """All that a process may write to."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            begin, finish = (int(address, 16) for address in span.split("-"))
            if rights.startswith("rw") and finish - begin < 1 << 30:   # a sanitizer maps terabytes that nobody wrote to
                memory.seek(begin)
                parts.append(memory.read(finish - begin))
    return b"\n".join(parts)


STRING = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


def strings_of(line):
    return [bytes.fromhex(s.replace(b"\\x", b"").decode()) for s in STRING.findall(line)]


class Trace:
    """What strace saw: everything that was written, wherever to, and the files that were opened for writing or
    renamed."""

    def __init__(self, street):
        written, self.paths = [], set()
        for path in glob.glob(os.path.join(street.dir, "strace.*")):
            with open(path, "rb") as f:
                for line in f:
                    call = line.split(b"(", 1)[0]
                    strings = strings_of(line)
                    if call.startswith((b"rename", b"creat")):
                        self.paths.update(os.fsdecode(s) for s in strings)
                    elif call.startswith(b"open"):
                        if b"O_WRONLY" in line or b"O_RDWR" in line or b"O_CREAT" in line:
                            self.paths.update(os.fsdecode(s) for s in strings)
                    elif strings:
                        written.append(b"".join(strings))
        self.written = b"\n".join(written)
        if os.geteuid() == 0:   # else strace itself may not look into a process that is not dumpable
            assert b'"kind":"sealed"' in self.written, "the reader's messages are not in its trace"

    def files(self):
        """Neither devices nor what the kernel keeps; the controllers' names are links to ptys."""
        return {p for p in map(os.path.realpath, self.paths) if not p.startswith(("/dev/", "/proc/", "/sys/"))}
