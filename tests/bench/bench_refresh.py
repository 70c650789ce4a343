# SPDX-License-Identifier: Apache-2.0
"""tapwatt report after one more day: what it costs with --refresh, as a share of what it costs to read all again, in
runs that take turns; all that they write is compared. The figures are those of bench_report.py, without models.

    TAPWATT_BENCH_ROWS=200000      how many sessions of 400 days; 5000000 is what a large fleet has in a year
    TAPWATT_BENCH_ROUNDS=3         the best of
    TAPWATT_BENCH_SCRATCH=DIR      where to put it all (about 400 bytes a session)
"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import bench_report
import race
import tap

DAYS = 400      # of make-sessions


def hold_back(path):
    """Takes the last day's rows off the file, and returns them."""
    with open(path, "r+b") as file:
        text = file.read()
        n = max(1, bench_report.ROWS // DAYS)
        at = len(text)
        for _ in range(n + 1):
            at = text.rindex(b"\n", 0, at)
        file.truncate(at + 1)
    return text[at + 1:]


def report(files, out, listed, *words):
    """With its list of connectors, or without."""
    command = bench_report.report(files, out, "--figures", ",".join(bench_report.FIGURES), *words)
    at = command.index("--ports")
    return command if listed else command[:at] + command[at + 2:]


def same(one, other):
    names = sorted(os.listdir(one))
    assert names == sorted(os.listdir(other)) and len(names) > 5, names
    for name in names:
        with open(f"{one}/{name}", "rb") as a, open(f"{other}/{name}", "rb") as b:
            assert a.read() == b.read(), f"{name} differs"


def refresh(listed):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TAPWATT_BENCH_SCRATCH")) as scratch:
        files, state, runs = f"{scratch}/files", f"{scratch}/state", {"whole": [], "refreshed": []}
        bench_report.make(files, bench_report.ROWS)
        day = hold_back(f"{files}/sessions.csv")
        first = race.measured(report(files, f"{scratch}/first", listed, "--refresh", state))
        kept = os.stat(state)
        with open(f"{files}/sessions.csv", "ab") as file:
            file.write(day)
        for _ in range(bench_report.ROUNDS):
            runs["whole"].append(race.measured(report(files, f"{scratch}/whole", listed)))
            runs["refreshed"].append(race.measured(report(files, f"{scratch}/refreshed", listed, "--refresh", state)))
            same(f"{scratch}/whole", f"{scratch}/refreshed")
        assert os.stat(state).st_ino == kept.st_ino, "all was read again"
    best = race.best_of(runs)
    (whole, whole_cpu, whole_peak), (again, again_cpu, again_peak) = best["whole"], best["refreshed"]
    tap.note(f"{bench_report.ROWS} sessions, {len(day.splitlines())} of them new, connectors "
             f"{'listed' if listed else 'not listed'}: whole {whole:.2f} s, {whole_cpu:.2f} s of CPU, "
             f"{whole_peak:.0f} MB; the first with its state {first[0]:.2f} s, {kept.st_size / 1e6:.0f} MB")
    tap.note(f"refreshed {again:.2f} s, {again_cpu:.2f} s of CPU, {again_peak:.0f} MB: {again / whole:.1%} of its "
             f"time, {again_cpu / whole_cpu:.1%} of its CPU")
    assert again_cpu < whole_cpu / 2, "a refresh costs more than half of all"


if __name__ == "__main__":
    tap.run([("one more day", lambda: refresh(False)),
             ("one more day, with a list of connectors", lambda: refresh(True))])
