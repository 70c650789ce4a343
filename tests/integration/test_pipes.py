# SPDX-License-Identifier: Apache-2.0
"""tapwatt VERB | head: whoever reads goes away, and nothing is left half done because of it."""
import functools
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet           # noqa: E402
import fleet_station   # noqa: E402
import tap             # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-pipes-")
ENV = dict(os.environ, LC_ALL="C.UTF-8")


@functools.cache
def words():
    """Books with every fault, and more to say of them than a pipe holds."""
    os.mkdir(f"{FOLDER.name}/in")
    return fleet.write(fleet.make(7), f"{FOLDER.name}/in")


@functools.cache
def journal():
    world = fleet.make(7)
    station, _account = world.stations[0]
    return fleet_station.journal_of(station, [s for s in world.sales if s.station == station]).write(
        f"{FOLDER.name}/journal")


def unread(*command, read=0, **more):
    """Exit status and complaint of a command whose reader takes so many bytes and goes; 0: is gone before it begins."""
    ours, theirs = os.pipe()
    if read == 0:
        os.close(ours)
    with subprocess.Popen([TAPWATT, *command], stdout=theirs, stderr=subprocess.PIPE, text=True, env=ENV,
                          **more) as done:
        os.close(theirs)
        if read > 0:
            os.read(ours, read)
            os.close(ours)
        said = done.stderr.read()
    return done.returncode, said


def files(folder):
    return sorted(os.path.relpath(path, folder) for path in glob.glob(f"{folder}/**", recursive=True)
                  if os.path.isfile(path))


def told(*command):
    return subprocess.run([TAPWATT, *command], capture_output=True, text=True, env=ENV, timeout=300)


def whole(name, *command, read=0):
    """What is written with a reader and without one is the same, and there are no drafts of it."""
    read_by_all, gone = f"{FOLDER.name}/{name}-read", f"{FOLDER.name}/{name}-gone"
    assert told(*command, "--output", read_by_all).returncode in (0, 1)
    assert unread(*command, "--output", gone, read=read) == (-signal.SIGPIPE, "")
    assert files(gone) == files(read_by_all) and files(gone), files(gone)
    assert not [path for path in files(gone) if path.endswith(".part")]
    for path in files(gone):
        if path.endswith((".csv", ".jsonl")):
            with open(f"{gone}/{path}", "rb") as one, open(f"{read_by_all}/{path}", "rb") as other:
                assert one.read() == other.read(), path


def books_are_written():
    whole("text", "reconcile", *words())
    whole("json", "reconcile", *words(), "--json", read=1)


def books_are_kept():
    """The store has what the run found, although nobody read it."""
    store = f"sqlite:{FOLDER.name}/books.db"
    assert unread("reconcile", "--store", store, *words(), "--json", read=1) == (-signal.SIGPIPE, "")
    cases = json.loads(told("cases", "list", "--store", store, "--json").stdout)["cases"]
    listed = json.loads(told("reconcile", *words(), "--json").stdout)["exceptions"]
    assert {c["id"] for c in cases} == {e["id"] for e in listed} and listed
    assert not os.path.exists(f"{FOLDER.name}/books.db-run")


def a_report_is_written():
    whole("report", "report", "--journal", journal(), "--time-zone", "UTC")
    whole("report-json", "report", "--journal", journal(), "--time-zone", "UTC", "--json")


def other_verbs_end():
    """Without a word, as other programs do; and with one, if they were told not to die of it."""
    for command in (("journal", "export", journal()), ("journal", "export", journal(), "--sales"),
                    ("sessions", "--journal", journal(), "--json"), ("reconcile", *words(), "--json"), ("--help",)):
        assert unread(*command) == (-signal.SIGPIPE, ""), command
    status, said = unread("journal", "export", journal(), preexec_fn=lambda: signal.signal(signal.SIGPIPE,
                                                                                          signal.SIG_IGN))
    assert status == 3 and said.count("\n") == 1 and "tapwatt journal export:" in said, (status, said)


def an_error_is_told():
    """Of something else than the reader."""
    status, said = unread("journal", "export", "/nowhere/at/all")
    assert status == 2 and said.count("\n") == 1, (status, said)


if __name__ == "__main__":
    tap.run([
        ("the books' files are whole, whoever reads the summary", books_are_written),
        ("and the store has its cases", books_are_kept),
        ("a report's files are whole", a_report_is_written),
        ("other verbs end as programs do that have lost their reader", other_verbs_end),
        ("any other error is told", an_error_is_told),
    ])
