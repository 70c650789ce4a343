# SPDX-License-Identifier: Apache-2.0
"""Clear card data exists in tapwatt-reader, for as long as a request lasts, and nowhere else (SECURITY.md). Drivers'
stories are told on
the real wires while everything that leaves a trace is kept: files, logs, the bus, each write of both programs,
tapwattd's memory,
what the operator's verbs print. Then it is searched for card numbers and tracks in every form of needles.py.

A search proves nothing until it has found something: each form is found in a copy of each place, and a street whose
station
is called like a card number shows that what is collected is what the programs wrote."""
import base64
import functools
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys

import street as streets
import tap
from needles import EXPIRY_SERVICE, Haystack
from street import DEST, SOURCE, STATION, Street, end, wait_until
from traces import Monitor, Trace, memory_of, status_of, tracer, without_tracing

HAYSTACK = Haystack(SOURCE)
PLANTED = "4111111111111111"

# Deadlines that a test can wait for.
SHORT = """
[deadlines]
asking_s = 20
authorizing_s = 6
outcome_s = 2
retry_first_s = 0.3
retry_most_s = 2
[gateway]
authorize_timeout_s = 3
follow_up_timeout_s = 3
late_s = 3
"""


# ---- the drivers -----------------------------------------------------------------------------------------------------

def card_is_gone(s):
    wait_until("the card is gone", lambda: s.ctl("status")["card"]["held"] is None)


def at_rest(s):
    s.call("Cancel")
    s.ctl("card", "remove")
    s.wait_counter("welcome")
    card_is_gone(s)


def approved(s, kept):
    session = s.charge(1, "visa-approve", wh=20)
    kept["memory"]["after an approval"] = memory_of(s.daemon.pid)
    s.stop(1)
    s.wait_connector(1, "free")
    s.wait_settled()
    s.ctl("car", 1, "unplug")
    kept["sessions"].append(session)
    for form in ("text", "json"):
        for language in ("en", "de"):
            done = s.busctl("call", DEST, STATION, DEST, "Receipt", "sss", session, form, language)
            assert done.returncode == 0 and "1111" in done.stdout, done
            kept["receipts"][f"{form} {language}"] = done.stdout.encode()


def declined(s, kept):
    s.ctl("acquirer", "rule", "decline", count=1)
    kept["sessions"].append(s.offer(1))
    s.ctl("card", "tap", "visa-decline")
    assert s.wait_counter("outcome")["outcome"] == "declined"
    kept["memory"]["after a refusal"] = memory_of(s.daemon.pid)


def refused_mastercard(s, kept):
    s.offer(1)
    s.ctl("card", "tap", "mastercard")
    assert s.wait_counter("outcome")["outcome"] == "not-accepted"


def torn(s, kept):
    s.offer(1)
    before = s.ctl("status")["reader"]["apdus"]
    s.ctl("card", "tap", "visa-tear")
    wait_until("the card was being read", lambda: s.ctl("status")["reader"]["apdus"] >= before + 2)
    wait_until("it is said", lambda: s.counter().get("prompt") in ("try-again", "hold-still", "removed"))


def identified(s, kept):
    came = s.ctl("status")["acquirer"]["came"]["authorize"]
    s.ctl("card", "tap", "visa-second")
    s.wait_counter("offer", "asking")
    assert s.ctl("status")["acquirer"]["came"]["authorize"] == came
    at_rest(s)
    s.ctl("card", "tap", "rfid-classic")
    wait_until("not known here", lambda: s.counter().get("prompt") == "not-known-here")


def reader_killed(s, kept):
    s.offer(1)
    before = s.ctl("status")["reader"]["apdus"]
    s.ctl("card", "tap", "visa-slow")
    wait_until("the card is being read", lambda: s.ctl("status")["reader"]["apdus"] >= before + 2)
    os.kill(s.reader_pid(), signal.SIGKILL)
    s.wait_counter("outcome", "welcome", "offer")


def gateway_silent(s, kept):
    s.ctl("acquirer", "fault", "silent", op="authorize", when="after", count=1)
    kept["sessions"].append(s.offer(1))
    s.ctl("card", "tap", "visa-second")
    s.wait_counter("outcome", seconds=30)
    s.wait_settled()
    kept["memory"]["after an authorization without an answer"] = memory_of(s.daemon.pid)


def verbs(s, kept):
    """What the operator's programs print."""
    session = kept["sessions"][0]
    help_text = s.tapwatt("--help").stdout
    for words in (["doctor"], ["journal", "verify"], ["journal", "export"], ["status"], ["sessions"],
                  ["receipt", session]):
        name = " ".join(words[:2] if words[0] == "journal" else words[:1])
        if not re.search(rf"^  {name}\b", help_text, re.MULTILINE):
            continue
        if words[0] == "journal":
            words = words + [s.journal_path()]
        for more in ([], ["--json"]):
            done = s.tapwatt(*words, *more)
            kept["verbs"][" ".join([name] + more)] = (done.stdout + done.stderr).encode()
    assert {"doctor", "journal verify", "journal export"} <= set(kept["verbs"]), help_text


# ---- what is kept ----------------------------------------------------------------------------------------------------

def files_below(folder):
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield os.path.relpath(path, folder), path


def keep_files(s, kept, when):
    for name, path in files_below(s.dir):
        if not name.startswith("strace."):   # hexadecimal, and searched as what it means
            with open(path, "rb") as f:
                kept["files"][f"{name} ({when})"] = f.read()


def keep_rows(s, kept):
    """A row that is longer than a page lies in pieces in the file."""
    with sqlite3.connect(f"file:{s.journal_path()}?mode=ro", uri=True) as db:
        for table, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = db.execute(f'SELECT * FROM "{table}"').fetchall()
            kept["journal rows"][table] = b"\n".join(
                value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def verbose_reader(s):
    path = os.path.join(s.dir, "verbose-reader")
    with open(path, "w") as f:
        f.write(f'#!/bin/sh\nexec "{streets.READER}" --verbose "$@"\n')
    os.chmod(path, 0o755)
    return path


class reader_at:
    """tapwattd starts this reader as long as it lasts."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.before, streets.READER = streets.READER, self.path

    def __exit__(self, *why):
        streets.READER = self.before


def record(stories, conf="", env=None, plant=None):
    """Tells the stories and returns what is left of them: {place: {name: bytes}}."""
    kept = {place: {} for place in ("files", "journal rows", "receipts", "verbs", "memory", "traffic", "written")}
    kept["sessions"], kept["reader"] = [], None
    with Street(conf=SHORT + conf, connectors=1) as s:
        monitor = Monitor(s)
        with open(os.path.join(s.dir, "watch.jsonl"), "wb") as f:
            watch = subprocess.Popen([streets.BENCH, "ctl", "--dir", s.dir, "watch", "all"], stdout=f)
        try:
            with reader_at(verbose_reader(s)):
                s.start(wrapper=tracer(s), env=env)
            tracing = status_of(s.daemon.pid)["TracerPid"]
            for story in stories:
                story(s, kept)
                at_rest(s)
            kept["reader"] = look_at_reader(s)
            if plant:
                plant(s, monitor)
            s.wait_settled()
            keep_rows(s, kept)
            verbs(s, kept)
            monitor.say("that is all")
            keep_files(s, kept, "running")
        finally:
            monitor.end()
            end(watch)
        s.kill(signal.SIGTERM)
        wait_until("strace has written everything", lambda: not os.path.exists(f"/proc/{tracing}"))
        keep_files(s, kept, "ended")
        trace = Trace(s)
        kept["written"]["by tapwattd and tapwatt-reader"] = trace.written
        kept["paths"] = {p: p.startswith(os.path.realpath(s.dir) + "/") for p in trace.files()}
    kept["traffic"]["of the whole run"] = kept["files"].pop("traffic.pcap (running)")
    return kept


ALL = [approved, declined, refused_mastercard, torn, identified, reader_killed, gateway_silent]


@functools.lru_cache(None)
def attempt(kind):
    """The same stories with --verbose and with everything that libraries can say, and one with a plant; or why they
    failed."""
    try:
        return collect(kind)
    except Exception as why:
        return why


def evidence(kind):
    kept = attempt(kind)
    if isinstance(kept, Exception):
        raise kept
    return kept


def collect(kind):
    if kind == "verbose":
        return record(ALL)
    if kind == "debug":
        return record(ALL, env={"G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all", "LIBNFC_LOG_LEVEL": "3"})
    return record([approved], conf=f"[station]\nid = {PLANTED}\n", plant=lambda s,
                  monitor: monitor.say(f"card {PLANTED}"))


# ---- the reader's own walls ------------------------------------------------------------------------------------------

LOOK = """
import os, sys
pid = sys.argv[1]
try:
    with open(f"/proc/{pid}/maps") as maps:
        begin = next(int(line.split("-")[0], 16) for line in maps if " rw" in line)
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    os.pread(memory, 16, begin)
    print("seen")
except PermissionError:
    print("closed")
"""


def equal_of(pid):
    """Makes us whoever that process is."""
    uid, gid = (status_of(pid)[key].split()[0] for key in ("Uid", "Gid"))
    become = ["--reuid", uid, "--regid", gid, "--clear-groups"] if os.geteuid() == 0 and uid != "0" else []
    return without_tracing() + become


def look_into(pid, as_equal_of):
    done = subprocess.run(equal_of(as_equal_of) + [sys.executable, "-c", LOOK, str(pid)], capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def look_at_reader(s):
    pid = s.reader_pid()
    with open(f"/proc/{pid}/limits") as f:
        core = next(line.split()[4:6] for line in f if line.startswith("Max core file size"))
    equal = subprocess.Popen(equal_of(pid) + ["sleep", "600"])
    try:
        wait_until("an equal", lambda: status_of(equal.pid)["Name"] == "sleep")
        return {"core": core, "status": status_of(pid), "equal": look_into(equal.pid, pid),
                 "itself": look_into(pid, pid),
                "uid": os.stat(f"/proc/{pid}/mem").st_uid}
    finally:
        end(equal)


def reader_is_closed():
    for kind in ("verbose", "debug"):
        reader = evidence(kind)["reader"]
        assert reader["core"] == ["0", "0"], reader
        assert reader["status"]["Seccomp"] == "2", reader["status"]
        assert reader["status"]["NoNewPrivs"] == "1", reader["status"]
        assert int(reader["status"]["VmLck"].split()[0]) > 0, reader["status"]
        assert reader["equal"] == "seen", "who may not look at its equal does not show that the reader is closed"
        assert reader["itself"] == "closed", reader
        assert reader["uid"] == 0, "what belongs to its user can be read by it"


# ---- the search ------------------------------------------------------------------------------------------------------

def assert_planted_is_found(name, data):
    """In a copy, each form at a place of its own: also at both ends."""
    chance = random.Random(name)
    for needle, form in HAYSTACK.needles.items():
        at = chance.choice((0, len(data), chance.randrange(len(data) + 1)))
        copy = data[max(0, at - 4096):at] + needle + data[at:at + 4096]
        assert HAYSTACK.search(copy), f"{name}: {form} at {at} is not found"


def search_place(place, least=()):
    def story():
        for kind in ("verbose", "debug"):
            artefacts = evidence(kind)[place]
            for wanted in least:
                assert any(name.startswith(wanted) for name in artefacts), f"{wanted} is not among {sorted(artefacts)}"
            for name, data in sorted(artefacts.items()):
                assert_planted_is_found(f"{place}: {name}", data)
                found = HAYSTACK.search(data)
                assert not found, f"{place}: {name}, {kind}: {found}"
            tap.note(f"{kind}: {len(artefacts)} searched, {sum(map(len, artefacts.values()))} bytes")
    return story


def forms_are_found():
    """By encoders of their own, at every alignment."""
    noise = random.Random(1).randbytes(97)
    for pan in HAYSTACK.numbers:
        track = bytes.fromhex((pan + "D" + EXPIRY_SERVICE + "0F")[:24])
        for what in (pan.encode(), track, f";{pan}={EXPIRY_SERVICE}123?".encode()):
            for lead in range(6):
                inside = noise[:lead] + what + noise[lead:]
                for shown in (inside, base64.b64encode(inside), base64.urlsafe_b64encode(inside), inside.hex().encode(),
                              inside.hex(" ").upper().encode(), str(inside).encode() if what.isascii() else inside):
                    assert HAYSTACK.search(shown), (pan[-4:], lead, shown)
        shifted = bytes.fromhex("7" + pan + "D" + EXPIRY_SERVICE + "00F")
        assert HAYSTACK.search(shifted), shifted
        assert HAYSTACK.search(f"card {pan[:4]} {pan[4:8]} {pan[8:12]} {pan[12:]}".encode())
        assert HAYSTACK.search(pan.encode("utf-16"))
        assert not HAYSTACK.search(f"************{pan[12:]}".encode())
    assert not HAYSTACK.search(random.Random(2).randbytes(1000000))


def a_real_plant_is_found_everywhere():
    kept = evidence("planted")
    for place, wanted in (("files", "journal.db ("), ("files", "journal.db-wal (running"), ("files", "tapwattd.log"),
                          ("files", "ledger.jsonl"), ("journal rows", "entry"), ("receipts", "text en"),
                            ("receipts", "json de"),
                          ("verbs", "journal export"), ("memory", "after an approval"), ("traffic", "of the whole run"),
                          ("written", "by tapwattd")):
        hits = [name for name, data in kept[place].items() if wanted in name and HAYSTACK.search(data)]
        assert hits, f"{wanted} in {place}: the card number that is the station's name is not found"
    assert f"card {PLANTED}".encode() in kept["traffic"]["of the whole run"]


def every_written_file_is_searched():
    for kind in ("verbose", "debug"):
        kept = evidence(kind)
        outside = [path for path, inside in kept["paths"].items() if not inside]
        assert not outside, f"written outside of the street: {outside}"
        assert any(path.endswith("journal.db") for path in kept["paths"]), kept["paths"]
        searched = {name.rsplit(" (", 1)[0] for name in kept["files"]}
        gone = [path for path in kept["paths"] if not any(path.endswith("/" + name) for name in searched)]
        tap.note(f"{kind}: opened for writing: {sorted(os.path.basename(p) for p in kept['paths'])}; gone at the "
                  "end: {gone}")


def what_callers_say_stays_outside():
    """Somebody types a card number where a language or a session is asked for."""
    kept = {"files": {}, "journal rows": {}}
    with Street(conf=SHORT, connectors=1) as s:
        s.start()
        assert "no-such-language" in s.choose(1, PLANTED)
        assert "no-such-language" in s.call("SetLanguage", "s", PLANTED)
        assert s.call("Receipt", "sss", PLANTED, "text", "en") is not None
        assert s.counter_state() == "welcome"
        assert s.choose(1, "") is None and s.counter()["language"] == "en"
        keep_rows(s, kept)
        keep_files(s, kept, "running")
    for place in kept:
        for name, data in kept[place].items():
            assert not HAYSTACK.search(data), (place, name)


if __name__ == "__main__":
    tap.run([
        ("each form of card data is found wherever it begins", forms_are_found),
        ("a card number as the station's name is found in every place", a_real_plant_is_found_everywhere),
        ("no card data in any file of station, street and acquirer",
         search_place("files", ("journal/journal.db", "journal/journal.db-wal", "journal/journal.db-shm",
                                "journal/reserve", "tapwattd.log",
                                "bench.log", "ledger.jsonl", "watch.jsonl", "tapwatt.conf"))),
        ("no card data in the journal's rows", search_place("journal rows", ("entry", "blob"))),
        ("no card data in receipts", search_place("receipts", ("text", "json"))),
        ("no card data on the bus", search_place("traffic")),
        ("no card data in what the operator's verbs print", search_place("verbs")),
        ("no card data in anything that tapwattd and tapwatt-reader write", search_place("written")),
        ("every file that they opened for writing is among the searched", every_written_file_is_searched),
        ("no card data in tapwattd's memory", search_place("memory", ("after an approval", "after a refusal"))),
        ("no card data that somebody says on the bus goes any further", what_callers_say_stays_outside),
        ("tapwatt-reader: no dump, no core, filtered, locked", reader_is_closed),
    ])
