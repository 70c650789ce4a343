# SPDX-License-Identifier: Apache-2.0
"""The databases that bench_report.py compares with: see rivals.py. Each gives the command that reads the two files of
make-sessions and writes the figures into OUT, a directory."""
import contextlib
import datetime
import os
import re
import zoneinfo

import rivals

HERE = os.path.dirname(os.path.abspath(__file__))
ZONES = ("Europe/Berlin", "Europe/London")           # in the order of the column zone
FROM, TO = datetime.date(2025, 7, 1), datetime.date(2026, 7, 1)
EDGES = (0, 10, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440)


def days_of(date):
    return (date - datetime.date(1970, 1, 1)).days


def offset(zone, at):
    return int(datetime.datetime.fromtimestamp(at, zone).utcoffset().total_seconds())


def local_of(expression):
    """The site's clock in SQL. A look at two or three instants costs less than what a database knows of time zones."""
    zones = []
    for number, zone in enumerate(map(zoneinfo.ZoneInfo, ZONES)):
        begin, end = ((days_of(day) + more) * 86400 for day, more in ((FROM, -100), (TO, 100)))
        changes = [at for at in range(begin, end, 3600) if offset(zone, at) != offset(zone, at - 3600)]
        cases = "".join(f" WHEN {expression} < {at} THEN {offset(zone, at - 3600)}" for at in changes)
        zones.append(f" WHEN {number} THEN CASE{cases} ELSE {offset(zone, end)} END")
    return f"({expression} + CASE zone{''.join(zones)} END)"


def text_of(name, files, out):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("--"))
    text = re.sub(r"LOCAL \((\w+)\)", lambda match: local_of(match[1]), text)
    edges = ", ".join(f"({low}, {high})" for low, high in zip(EDGES, EDGES[1:] + (1 << 30,)))
    words = {"SESSIONS": f"{files}/sessions.csv", "PORTS": f"{files}/ports.csv", "OUT/": f"{out}/", "EDGES": edges,
             "FIRST_DAY": days_of(FROM), "END_DAY": days_of(TO),
             "FIRST_MONTH": (FROM.year - 1970) * 12 + FROM.month - 2}
    return re.sub("|".join(words), lambda match: str(words[match[0]]), text)


@contextlib.contextmanager
def duckdb(files, out, scratch):
    statements = [s for s in re.split(r";\n", text_of("report-duckdb.sql", files, out)) if s.strip()]
    yield rivals.duckdb_of(scratch, statements)


@contextlib.contextmanager
def sqlite(files, out, scratch):
    text = text_of("report-sqlite.sql", files, out)
    yield rivals.sqlite_of(f"{scratch}/report.sqlite", f"{scratch}/report.sql", text)
