# SPDX-License-Identifier: Apache-2.0
"""What the station's programs take at rest: processor time while they wait for a card, and memory."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from street import Street, wait_until

SECONDS = 40
SESSIONS = 30
QUICK = "[deadlines]\noutcome_s = 0.3\nretry_first_s = 0.3\n"


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid):
    """PSS, whose share of the libraries depends on who else runs; and heap and stacks, which do not."""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        kb = {line.split(":")[0]: int(line.split()[1]) for line in f if line.rstrip().endswith("kB")}
    return kb["Pss"], kb["Anonymous"]


def programs(street):
    return {"tapwattd": street.daemon.pid, "tapwatt-reader": street.reader_pid()}


def note_memory(street, when):
    for name, pid in programs(street).items():
        pss, own = memory_kb(pid)
        tap.note(f"{when}: {name} PSS {pss / 1024:.1f} MB, of it {own / 1024:.1f} MB anonymous"
                 + (" (aim: below 20 MB)" if name == "tapwattd" else ""))


def session(street, connector):
    street.charge(connector)
    assert street.stop(connector) is None
    street.wait_connector(connector, "free")
    street.wait_settled()
    street.ctl("car", connector, "unplug")
    street.ctl("card", "remove")
    street.wait_counter("welcome")


def at_rest():
    with Street(conf=QUICK) as street:
        street.start()
        time.sleep(3)
        before = {name: cpu_s(pid) for name, pid in programs(street).items()}
        began = time.monotonic()
        time.sleep(SECONDS)
        seconds = time.monotonic() - began
        percent = {name: 100 * (cpu_s(pid) - before[name]) / seconds for name, pid in programs(street).items()}
        tap.note(f"processor at rest over {seconds:.0f} s, two connectors: " + ", ".join(
            f"{name} {value:.2f} %" for name, value in percent.items())
            + f", together {sum(percent.values()):.2f} % of a core (aim: below 1 %)")
        note_memory(street, "at rest")
        session(street, 1)
        note_memory(street, "after a session")


def many_sessions():
    with Street(conf=QUICK) as street:
        street.start()
        grown = []
        for n in range(SESSIONS):
            session(street, 1 + n % 2)
            grown.append([memory_kb(pid) for pid in programs(street).values()])
        settled = SESSIONS // 3
        for i, name in enumerate(programs(street)):
            own = [row[i][1] for row in grown]
            tap.note(f"{name}, anonymous memory after 1, {settled}, {2 * settled}, {SESSIONS} sessions: "
                     + ", ".join(f"{own[n - 1]} kB" for n in (1, settled, 2 * settled, SESSIONS))
                     + f"; {(own[-1] - own[settled - 1]) / (SESSIONS - settled):+.1f} kB a session in the last "
                     f"{SESSIONS - settled}")


if __name__ == "__main__":
    tap.run([("at rest the station's programs take next to nothing", at_rest),
             ("memory does not grow with sessions", many_sessions)])
