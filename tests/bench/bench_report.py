# SPDX-License-Identifier: Apache-2.0
"""The figures of N sessions by tapwatt report and by databases that answer the same questions in SQL: the same two
files in, the same numbers out, compared to the last digit. Wall time, CPU time and peak memory as ratios, in runs that
take turns. What tapwatt does besides stays in its time: it judges each row and looks for copies, and writes the page.

    TAPWATT_BENCH_ROWS=200000      how many sessions; 5000000 is what a large fleet has in a year
    TAPWATT_BENCH_SCALE=50000,...  further sizes for tapwatt alone: is the cost of a row flat?
    TAPWATT_BENCH_ROUNDS=3         the best of; a rival that takes more than five times as long as we takes part once
    TAPWATT_BENCH_RIVALS=duckdb,sqlite
    TAPWATT_BENCH_SCRATCH=DIR      where to put it all (about 220 bytes a session, and what the rivals need)
"""
import csv
import datetime
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import race
import report_rivals
import rivals
import tap

BUILD = os.environ.get("TAPWATT_BUILD", os.getcwd())
TAPWATT = os.path.join(BUILD, "app/cli/tapwatt")
MAKE_SESSIONS = os.path.join(BUILD, "tests/bench/make-sessions")
ROWS = int(os.environ.get("TAPWATT_BENCH_ROWS", "200000"))
SCALE = [int(n) for n in os.environ.get("TAPWATT_BENCH_SCALE", "50000").split(",") if n]
ROUNDS = int(os.environ.get("TAPWATT_BENCH_ROUNDS", "3"))
RIVALS = [name for name in os.environ.get("TAPWATT_BENCH_RIVALS", "duckdb,sqlite").split(",") if name]
SLOW = 5
FIGURES = ("station_months", "arrivals", "heat_map", "trend_days", "dwell", "dwell_summary", "customers",
           "revenue_trend")
K = 10      # groups of fewer customers are not told


def make(files, n):
    os.makedirs(files)
    subprocess.run([MAKE_SESSIONS, files, str(n)], check=True)


def report(files, out, *words):
    return [TAPWATT, "report", "--sessions", f"{files}/sessions.csv", "--ports", f"{files}/ports.csv", "--from",
            report_rivals.FROM.isoformat(), "--to", report_rivals.TO.isoformat(), "--time-zone", "UTC", "--output", out,
            *words]


def rows_of(out, name):
    with open(f"{out}/{name}.csv", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def month_of(text):
    return (int(text[:4]) - 1970) * 12 + int(text[5:7]) - 1


def day_of(text):
    return report_rivals.days_of(datetime.date.fromisoformat(text))


def told(out):
    """What tapwatt wrote, as the rivals write it: of each of their files, {key: numbers}."""
    hours = list(rows_of(out, "heat_map"))
    people = {}
    for row in rows_of(out, "customers"):
        people.setdefault((month_of(row["month"]),), {})[row["kind"]] = row["customers"]
    states = {"reconciled": 1, "not_yet": 0}
    return {
        "months": {(r["station"], month_of(r["month"]), r["currency"]): tuple(
            int(r[c]) for c in ("sessions", "energy_wh", "occupied_s", "gross_minor"))
            for r in rows_of(out, "station_months")},
        "arrivals": {(int(r["weekday"]), int(r["hour"])): (int(r["sessions"]),) for r in rows_of(out, "arrivals")},
        "hours": {(int(r["weekday"]), int(r["hour"])): (int(r["occupied_s"]), int(r["energy_wh"])) for r in hours},
        "taken": {(int(r["weekday"]), int(r["hour"])): (round(float(r["all_taken"]) * int(r["elapsed_s"])),)
                  for r in hours},
        "days": {(day_of(r["day"]),): tuple(int(r[c]) for c in ("occupied_s", "charging_s", "idle_s", "energy_wh"))
                 for r in rows_of(out, "trend_days")},
        "dwell": {(int(r["from_min"]),): tuple(int(r[c]) for c in ("occupied", "charging", "idle"))
                  for r in rows_of(out, "dwell")},
        "stay": {(r["station"],): tuple(int(r[c]) for c in ("sessions", "occupied_median_s", "occupied_p90_s"))
                 for r in rows_of(out, "dwell_summary")},
        "customers": {month: tuple(int(of[kind]) if of[kind] else None for kind in ("new", "returning"))
                      for month, of in people.items()},
        "money": {(day_of(r["day"]), r["currency"], states[r["state"]]): (int(r["captured_minor"]),)
                  for r in rows_of(out, "revenue_trend")},
    }


def number(cell):
    return int(float(cell)) if cell.replace(".", "", 1).isdigit() else cell


def found(path, n_keys):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [tuple(number(cell) for cell in row) for row in csv.reader(file) if row]
    return {row[:n_keys]: row[n_keys:] for row in rows}


def is_same(ours, theirs):
    """A group that is too small is not told; a key that is not there has nothing."""
    theirs = theirs or (0,) * len(ours)
    return all(b < K if a is None else a == b for a, b in zip(ours, theirs)) and len(ours) == len(theirs)


def compare(name, out, truth):
    n = 0
    for figure, ours in truth.items():
        theirs = found(f"{out}/{figure}.csv", len(next(iter(ours))))
        differ = [(key, value, theirs.get(key)) for key, value in ours.items() if not is_same(value, theirs.get(key))]
        assert not differ and theirs.keys() <= ours.keys(), \
            f"{name}, {figure}: {len(differ)} of {len(ours)} differ: {differ[:3]}; {list(theirs.keys() - ours)[:3]}"
        n += sum(map(len, ours.values()))
    tap.note(f"{n} numbers of {name} in {len(truth)} figures, the same to the last digit")


def turn_of(name, files, scratch):
    out = f"{scratch}/{name}"
    os.makedirs(out, exist_ok=True)
    if name == race.OURS:
        return race.measured(report(files, out, "--figures", ",".join(FIGURES)))
    with getattr(report_rivals, name)(files, out, scratch) as words:
        return race.measured(words)


def compete():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TAPWATT_BENCH_SCRATCH")) as scratch:
        files, runs, names = f"{scratch}/files", {}, [race.OURS] + RIVALS
        make(files, ROWS)
        tap.note(f"{ROWS} sessions, {os.path.getsize(f'{files}/sessions.csv') / 1e6:.0f} MB, best of {ROUNDS}")
        for turn in range(ROUNDS):
            for name in list(names):
                try:
                    runs.setdefault(name, []).append(turn_of(name, files, scratch))
                except rivals.Missing as why:
                    tap.note(f"without {name}: {why}")
                    names.remove(name)
                    del runs[name]
                    continue
                if turn == 0 and name != race.OURS:
                    compare(name, f"{scratch}/{name}", told(f"{scratch}/{race.OURS}"))
            names = [name for name in names if runs[name][0][0] < SLOW * runs[race.OURS][0][0]]
        race.ratio_lines(race.best_of(runs), ROWS, "session")


def flat():
    """The cost of a row at other sizes; and all of the report, whose models no database has."""
    for n in sorted({*SCALE, ROWS}):
        with tempfile.TemporaryDirectory(dir=os.environ.get("TAPWATT_BENCH_SCRATCH")) as scratch:
            make(f"{scratch}/files", n)
            race.flat_line(n, turn_of(race.OURS, f"{scratch}/files", scratch), "sessions")
            race.flat_line(n, race.measured(report(f"{scratch}/files", f"{scratch}/all")), "sessions, all figures")


if __name__ == "__main__":
    tap.run([("the figures of a large fleet, against databases", compete), ("the cost of a row is flat", flat)])
