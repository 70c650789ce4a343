# SPDX-License-Identifier: Apache-2.0
"""How long a station with years of trade in its journal takes to be there again. After a clean end and after kill
-9."""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from street import BUILD, Street, wait_until

SESSIONS = int(os.environ.get("TAPWATT_BENCH_SESSIONS", "20000"))
FILL = os.path.join(BUILD, "tests/bench/fill-journal")


def one_session(street):
    session = street.charge(1, wh=30)
    assert street.stop(1) is None
    street.wait_connector(1, "free")
    street.wait_settled()
    street.ctl("car", 1, "unplug")
    street.ctl("card", "remove")
    return session


def start(street):
    """Seconds from the start of the program until the station is on the bus, and its peak of memory."""
    began = time.monotonic()
    street.start(wait=False)
    wait_until("the station on the bus", lambda: street.counter_state() is not None, seconds=300, step=0.01)
    seconds = time.monotonic() - began
    with open(f"/proc/{street.daemon.pid}/status") as f:
        peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
    return seconds, peak


def starts(street, what, how, n=3):
    times = []
    for _ in range(n):
        if street.daemon.poll() is None:
            street.kill(how)
        times.append(start(street))
    tap.note(f"{what}: on the bus after {sorted(t for t, _ in times)[n // 2]:.2f} s, peak RSS "
             f"{max(p for _, p in times) / 1024:.1f} MB")


def long_journal():
    with Street(conf="[deadlines]\noutcome_s = 1\n") as street:
        street.start()
        starts(street, "an empty journal, clean end", signal.SIGTERM)
        one_session(street)
        starts(street, "one session, clean end", signal.SIGTERM)
        street.kill(signal.SIGTERM)
        path = street.journal_path()
        began = time.monotonic()
        done = subprocess.run([FILL, os.path.dirname(path), "BENCH-1", str(SESSIONS)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        tap.note(f"{SESSIONS} sessions, {done.stdout.strip()} entries, {os.path.getsize(path) / 1e6:.0f} MB of "
                  "journal, "
                 f"made in {time.monotonic() - began:.0f} s")
        starts(street, f"{SESSIONS} sessions, clean end", signal.SIGTERM)
        starts(street, f"{SESSIONS} sessions, kill -9", signal.SIGKILL)
        one_session(street)   # and it still sells


if __name__ == "__main__":
    tap.run([("a station with a long journal is soon there again", long_journal)])
