# SPDX-License-Identifier: Apache-2.0
"""The books of N sales against N settlement lines and the bank, by tapwatt and by databases that answer the same
question in SQL: the same three files in, the same findings out, compared byte for byte after sorting. Wall time, CPU
time and peak memory as ratios, in runs that take turns. Nobody writes down what matched.

    TAPWATT_BENCH_ROWS=500000      how many sales; 5000000 is what a large fleet has
    TAPWATT_BENCH_SCALE=100000,... further sizes for tapwatt alone: is the cost of a row flat?
    TAPWATT_BENCH_ROUNDS=3         the best of
    TAPWATT_BENCH_RIVALS=duckdb,sqlite,postgresql
    TAPWATT_BENCH_SCRATCH=DIR      where to put it all (about 600 bytes a sale, and what the rivals need)
"""
import csv
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import race
import rivals
import tap

BUILD = os.environ.get("TAPWATT_BUILD", os.getcwd())
TAPWATT = os.path.join(BUILD, "app/cli/tapwatt")
MAKE_BOOKS = os.path.join(BUILD, "tests/bench/make-books")
ROWS = int(os.environ.get("TAPWATT_BENCH_ROWS", "500000"))
SCALE = [int(n) for n in os.environ.get("TAPWATT_BENCH_SCALE", "100000").split(",") if n]
ROUNDS = int(os.environ.get("TAPWATT_BENCH_ROUNDS", "3"))
RIVALS = [name for name in os.environ.get("TAPWATT_BENCH_RIVALS", "duckdb,sqlite,postgresql").split(",") if name]

BANK_MAPPING = """# What make-books writes.
[mapping]
format = bank-csv
name = bank
[columns]
account = Account
booked = Booked
value = Value
amount = Amount
currency = Currency
text = Text
counterparty = Counterparty
reference = Reference
"""


def make(books, n):
    os.makedirs(books)
    subprocess.run([MAKE_BOOKS, books, str(n)], check=True)
    with open(f"{books}/bank.mapping", "w", encoding="utf-8") as out:
        out.write(BANK_MAPPING)


def reconcile(books, out):
    return [TAPWATT, "reconcile", "--journal", f"{books}/sales.csv", "--psp", f"adyen:{books}/settlement.csv",
            "--bank", f"bank-csv:{books}/bank.csv", "--bank-mapping", f"{books}/bank.mapping", "--time-zone", "UTC",
            "--as-of", "2026-06-01T00:00:00Z", "--without-matched", "--output", out]


def told(out):
    """What tapwatt wrote, in the four columns that everybody writes."""
    with open(os.path.join(out, "exceptions.csv"), encoding="utf-8", newline="") as file:
        return sorted(",".join((row["class"], row["amount_minor"], row["currency"], row["payment_ref"] or row["batch"]))
                      for row in csv.DictReader(file) if int(row["severity"]) >= 2)


def found(path):
    with open(path, encoding="utf-8", newline="") as file:
        return sorted(",".join(row) for row in csv.reader(file) if row)


def compete():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TAPWATT_BENCH_SCRATCH")) as scratch:
        books, ours = f"{scratch}/books", f"{scratch}/tapwatt"
        make(books, ROWS)
        os.mkdir(ours)
        size = sum(os.path.getsize(f"{books}/{name}") for name in os.listdir(books))
        tap.note(f"{ROWS} sales, {size / 1e6:.0f} MB in three files, best of {ROUNDS}")
        runs, names = {}, ["tapwatt"] + RIVALS
        for turn in range(ROUNDS):
            for name in list(names):
                try:
                    if name == "tapwatt":
                        runs.setdefault(name, []).append(race.measured(reconcile(books, ours), (0, 1)))
                        continue
                    with getattr(rivals, name)(books, f"{scratch}/{name}.csv", scratch) as words:
                        runs.setdefault(name, []).append(race.measured(words))
                except rivals.Missing as why:
                    tap.note(f"without {name}: {why}")
                    names.remove(name)
            if turn == 0:
                compare({name: f"{scratch}/{name}.csv" for name in names if name != "tapwatt"}, ours)
        race.ratio_lines(race.best_of(runs), ROWS, "sale")


def compare(files, ours):
    truth = told(ours)
    assert len(truth) > ROWS // 250, f"{len(truth)} findings in {ROWS} sales"
    for name, path in files.items():
        theirs = found(path)
        assert truth == theirs, f"{name}: {len(theirs)} findings, we have {len(truth)}; first differences: " \
            f"{sorted(set(theirs) - set(truth))[:5]} and {sorted(set(truth) - set(theirs))[:5]}"
    tap.note(f"{len(truth)} findings, byte for byte the same in all of {', '.join(['tapwatt', *files])}")


def flat():
    """The cost of a row at other sizes, by tapwatt alone."""
    for n in sorted({*SCALE, ROWS}):
        with tempfile.TemporaryDirectory(dir=os.environ.get("TAPWATT_BENCH_SCRATCH")) as scratch:
            make(f"{scratch}/books", n)
            os.mkdir(f"{scratch}/out")
            race.flat_line(n, race.measured(reconcile(f"{scratch}/books", f"{scratch}/out"), (0, 1)), "sales")


if __name__ == "__main__":
    tap.run([("the books of a large fleet, against databases", compete), ("the cost of a row is flat", flat)])
