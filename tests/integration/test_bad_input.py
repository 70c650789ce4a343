# SPDX-License-Identifier: Apache-2.0
"""Input that cannot be used, of every kind and at every door: what the programs end with, the one line that they say,
that the journal is as it was before, and that no process is left behind."""
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess

import tap
from street import BENCH, READER, SOURCE, TAPWATTD, Street, wait_until

BAD_DATA, OUT_OF_REACH = 2, 3
SHORT = """
[deadlines]
outcome_s = 1
armed_s = 3
settling_s = 5
retry_first_s = 0.3
retry_most_s = 2
[gateway]
authorize_timeout_s = 3
follow_up_timeout_s = 3
late_s = 3
"""


def digests(folder):
    """What is in the journal's directory, by name. The lock's text is the number of the last process that had it; a log
    with nothing in it, and the index to it, is SQLite's scratch paper."""
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name not in ("journal.lock", "journal.db-shm") and (name != "journal.db-wal" or os.path.getsize(path)):
            with open(path, "rb") as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return None


def marked(mark):
    """The processes that carry it in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read().split(b"\0") and parent_of(pid) is not None:
                    found.append(pid)
        except OSError:
            continue
    return found


def refused(street, status, *parts, config=None):
    """tapwattd does not start: its status, its one line, no process of it left, the journal untouched."""
    journal = os.path.dirname(street.journal_path())
    before = digests(journal)
    mark = f"TAPWATT_TEST_MARK={street.dir}"
    name, value = mark.split("=")
    words = [TAPWATTD, "--config", config or in_dir(street, "tapwatt.conf"), "--reader", READER]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, env=street.env({name: value}))
    said = f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.returncode == status, said
    assert done.stdout == "" and done.stderr.startswith("tapwattd: ") and done.stderr.count("\n") == 1, said
    for part in parts:
        assert part in done.stderr, f"{part} is not in\n{said}"
    wait_until("none of its processes stays", lambda: not marked(mark), 10)
    assert digests(journal) == before, said
    return done.stderr


class Closed:
    """A street whose station sold something and was ended: its journal is not empty."""

    def __enter__(self):
        self.street = Street(conf=SHORT)
        self.street.__enter__()
        try:
            self.street.start()
            self.street.kill(signal.SIGTERM)
            assert self.street.exits == [0], self.street.exits
        except BaseException:
            self.street.__exit__(None, None, None)
            raise
        return self.street

    def __exit__(self, *why):
        self.street.__exit__(*why)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def in_dir(street, name):
    return os.path.join(street.dir, name)


def tapwatt(street, status, *words):
    done = street.tapwatt(*words)
    said = f"tapwatt {' '.join(words)}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.returncode == status, said
    if status in (BAD_DATA, OUT_OF_REACH):
        assert done.stderr.count("\n") == 1 and not done.stdout, said
    return done.stdout + done.stderr


# ---- the configuration ----------------------------------------------------------------------------------------------

CONFIGURATIONS = [
    ("[station]\ncolour = red\n", 2, "[station] colour"),
    ("[colours]\nstation = red\n", 1, "[colours]"),
    ("[station]\nid = TWO WORDS\n", 2, "letters, the digits and -"),
    ("[station]\nclock = sundial\n", 2, "kernel, trusted"),
    ("[station]\nname = A\nname = B\n", 3, "said before, in line 2"),
    ("[reader]\nbank_cards = yes\n", 2, "off, test"),
    ("[connector 1]\nhold_minor = -5000\n", 2, "[connector 1] hold_minor = -5000"),
    ("[connector 1]\nhold_minor = 50.00\n", 2, "[connector 1] hold_minor = 50.00"),
    ("[connector 1]\npower = /dev/ttyS1\n", 2, "rapi:/dev/DEVICE"),
    ("[connector 4]\nhold_minor = 1\n", 1, "numbers run from 1 without gaps"),
    ("[deadlines]\nasking_s = soon\n", 2, "[deadlines] asking_s = soon"),
    ("hello\n", 1, "accepted are [group], key = value and # comment"),
    ("[station]\nname = \xff\n", 2, "not UTF-8"),
]


def configurations():
    with Closed() as street:
        for text, line, part in CONFIGURATIONS:
            path = in_dir(street, "tapwatt.conf.d/zz.conf")
            with open(path, "wb") as file:
                file.write(text.encode("latin-1"))
            refused(street, BAD_DATA, f"{path}:{line}: ", part)
            for words in (("sessions",), ("receipt", "X")):
                said = tapwatt(street, BAD_DATA, *words, "--config", in_dir(street, "tapwatt.conf"))
                assert f"{path}:{line}: " in said, said
            found = tapwatt(street, 1, "doctor", "--config", in_dir(street, "tapwatt.conf"))
            assert f"{path}:{line}: " in found and "fail  config" in found, found
        os.unlink(path)
        refused(street, BAD_DATA, in_dir(street, "none.conf"), "No such file", config=in_dir(street, "none.conf"))
        refused(street, BAD_DATA, "/dev/null: ", "not a regular file", config="/dev/null")
        street.start()          # what was refused left nothing in the way


# ---- the tariff -----------------------------------------------------------------------------------------------------

def demo_tariff():
    with open(os.path.join(SOURCE, "assets", "tariffs", "demo.json")) as file:
        return file.read()


def connector_2(street):
    return json.loads(street.tapwatt("status", "--json").stdout)["connectors"][1]


def unsold(street, *parts):
    """The station starts, sells nothing at connector 2, and says why."""
    street.start()
    connector, text = connector_2(street), street.tapwatt("status").stdout
    street.kill(signal.SIGTERM)
    for part in parts:
        assert part in connector["tariff_refused"], f"{part} is not in {connector['tariff_refused']}"
    assert not connector["prices"], connector
    assert f"tariff file not used: {connector['tariff_refused']}" in text, text
    return connector["tariff_refused"]


def tariffs():
    demo = demo_tariff()
    cases = [
        (demo.replace('"EUR"', '"CHF"'), "$.currency is CHF", "EUR"),
        (demo.replace("0.49", "-0.49"), "$.elements[0].price_components[0].price", "-0.49"),
        (demo.replace("0.49", "0.49e"), "line 12"),
        (demo.replace('"ENERGY"', '"CHARM"'), "$.elements[0].price_components[0].type", "ENERGY"),
        (demo.replace('"id": "DEMO-1",', '"id": "DEMO-1", "id": "DEMO-2",'), "$.id"),
        (demo.replace('"currency": "EUR",', ""), "$", "currency"),
        ("[" * 30000, "line 1"),
        ("[" * 300000, "65536"),
        ("", "tariff.json"),
        (demo[:-20], "tariff.json"),
    ]
    with Closed() as street:
        path = in_dir(street, "tariff.json")
        street.configure("zz", f"[connector 2]\ntariff = {path}\n")
        unsold(street, f"[connector 2] tariff = {path}: No such file")
        for text, *parts in cases:
            write(path, text)
            said = unsold(street, path, *parts)
            assert len(said) < 500, said
            found = tapwatt(street, 1, "doctor", "--config", in_dir(street, "tapwatt.conf"))
            assert f"fail  tariff       {path}: connector 2: " in found, found
        street.configure("zz", "[connector 2]\ntariff = /dev/zero\n")
        unsold(street, "[connector 2] tariff = /dev/zero", "plain file")
        breaks = demo.replace('"elements": [', '"min_price": {"before_taxes": 1, "after_taxes": 1}, "elements": [')
        assert breaks != demo
        write(path, breaks)
        street.configure("zz", f"[station]\ntariff_profile = afir-50kw-and-up\n[connector 2]\ntariff = {path}\n")
        unsold(street, path, "tariff_profile = afir-50kw-and-up", "A50-2 $.min_price")
        found = tapwatt(street, 1, "doctor", "--config", in_dir(street, "tapwatt.conf"))
        assert "connector 2: it breaks the rules of tariff_profile = afir-50kw-and-up" in found, found
        street.configure("zz", f"[connector 2]\ntariff = {write(path, demo)}\n")
        street.start()
        assert connector_2(street)["tariff_refused"] == ""


# ---- secrets and certificates ---------------------------------------------------------------------------------------

def secrets():
    with Closed() as street:
        junk, none = write(in_dir(street, "junk"), "hello\n"), in_dir(street, "none")
        for key, part in (("shared_secret_file", "at least 16 bytes"), ("mle_certificate", "certificate"),
                          ("response_key", junk), ("ca_file", "PEM")):
            street.configure("zz", f"[gateway]\n{key} = {junk}\n")
            refused(street, BAD_DATA, junk, part)
            street.configure("zz", f"[gateway]\n{key} = {none}\n")
            refused(street, BAD_DATA, none, "No such file")


# ---- the journal ----------------------------------------------------------------------------------------------------

def change_journal(street, *statements):
    db = sqlite3.connect(street.journal_path())
    triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    kept = db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    for (text,) in kept:
        db.execute(text)
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    for name in ("-wal", "-shm"):
        if os.path.exists(street.journal_path() + name):
            os.unlink(street.journal_path() + name)


def newer_journal():
    with Closed() as street:
        change_journal(street, "PRAGMA user_version = 99")
        refused(street, BAD_DATA, "schema 99 is newer")
        path = street.journal_path()
        for words in (("journal", "verify", path), ("journal", "export", path), ("sessions", "--journal", path),
                      ("receipt", "X", "--journal", path)):
            before = digests(os.path.dirname(street.journal_path()))
            assert "schema 99 is newer" in tapwatt(street, BAD_DATA, *words)
            assert digests(os.path.dirname(street.journal_path())) == before


def broken_chain():
    with Closed() as street:
        change_journal(street, "UPDATE entry SET wall_us = wall_us + 1 WHERE seq = 1")
        refused(street, BAD_DATA, "the chain is broken", "entry 1", "tapwatt journal verify")
        before = digests(os.path.dirname(street.journal_path()))
        assert "BROKEN" in tapwatt(street, 1, "journal", "verify", street.journal_path())
        assert "BROKEN" in tapwatt(street, 1, "sessions", "--journal", street.journal_path())
        assert "the chain is broken" in tapwatt(street, BAD_DATA, "receipt", "X", "--journal", street.journal_path())
        assert digests(os.path.dirname(street.journal_path())) == before


def not_our_journal():
    with Closed() as street:
        street.configure("zz", "[station]\nid = OTHER-1\n")
        refused(street, BAD_DATA, "BENCH-1", "OTHER-1")
        street.configure("zz", "")
        write(street.journal_path(), "milk, eggs\n" * 100)
        refused(street, BAD_DATA, street.journal_path())


def nowhere_for_a_journal():
    with Closed() as street:
        street.configure("zz", "[journal]\ndirectory = /proc/tapwatt\n")
        refused(street, OUT_OF_REACH, "/proc/tapwatt")
        everybody = in_dir(street, "everybody")
        os.mkdir(everybody)
        os.chmod(everybody, 0o777)
        street.configure("zz", f"[journal]\ndirectory = {everybody}\n")
        refused(street, BAD_DATA, everybody, "chmod 0700")
        assert os.listdir(everybody) == []


# ---- ports and other daemons ----------------------------------------------------------------------------------------

def not_a_tty():
    with Closed() as street:
        plain = write(in_dir(street, "plain"), "hello\n")
        for path in ("/dev/null", plain, street.dir):
            street.configure("zz", f"[connector 2]\npower = rapi:{path}\n")
            refused(street, BAD_DATA, "[connector 2] power: ", path, "not a serial port")
            street.configure("zz", f"[reader]\ndevice = pn532:{path}\n")
            refused(street, BAD_DATA, "[reader] device: ", path, "not a tty")
        street.configure("zz", "[connector 2]\npower = rapi:/dev/ttyS1?speed=7\n")
        refused(street, BAD_DATA, "[connector 2]", "speed=N")


def second_daemon_on_the_journal():
    with Street(conf=SHORT) as street:
        street.start()
        journal = os.path.dirname(street.journal_path())
        entries = street.entries()
        with open(os.path.join(journal, "journal.lock")) as file:
            assert int(file.read()) == street.daemon.pid
        refused(street, BAD_DATA, "journal.lock", f"process {street.daemon.pid}", "stop it first")
        with open(os.path.join(journal, "journal.lock")) as file:
            assert int(file.read()) == street.daemon.pid
        assert street.entries() == entries and street.counter_state() == "welcome"
        session = street.charge(1, wh=10)       # and the first one never noticed
        assert street.stop(1) is None
        street.wait_over(session)


def other_journal(street, *lines):
    """A second configuration beside the first: its own journal, and what the lines say."""
    path = in_dir(street, "second/tapwatt.conf")
    os.makedirs(os.path.dirname(path) + "/tapwatt.conf.d", exist_ok=True)
    shutil.copy(in_dir(street, "tapwatt.conf"), path)
    text = [f"[journal]\ndirectory = {in_dir(street, 'second/journal')}", *lines]
    write(path + ".d/second.conf", "\n".join(text) + "\n")
    return path


def second_daemon_on_the_port():
    with Street(conf=SHORT) as street:
        street.start()
        session = street.charge(1, wh=10)
        said = refused(street, BAD_DATA, "[connector 1] power: ", in_dir(street, "controller-1"), "in use",
                       config=other_journal(street))
        assert "another process" in said, said
        before = street.connector(1)["EnergyWh"]
        wait_until("the car charges on", lambda: street.connector(1)["EnergyWh"] > before + 5)
        assert street.connector(1)["State"] == "charging" and street.connector(1)["Session"] == session


def second_daemon_at_the_reader():
    """Ports of its own, a bus of its own, but the first one's reader: it never becomes ready, and says why."""
    with Street(conf=SHORT) as street, Street(connectors=1) as other:
        street.start()
        other.configure("reader", f"[reader]\ndevice = pn532:{in_dir(street, 'reader')}\n")
        other.start(wait=False)
        wait_until("the second is closed", lambda: (other.counter() or {}).get("closed_why") == "reader-lost", 30)
        with open(other.daemon_log) as log:
            assert "another process has the port for itself" in log.read()
        assert "connector-" not in (other.choose(1) or ""), "the second may not sell"
        session = street.pay(1)                 # the first one does
        assert session
        status = other.tapwatt("status")
        assert status.returncode == 1 and "closed !  reader-lost" in status.stdout, status.stdout


# ---- what comes over wires ------------------------------------------------------------------------------------------

def certificates_that_do_not_verify():
    with Street(conf=SHORT) as street:
        street.start()
        for kind, part in (("untrusted", "SSL certificate"), ("wrong-name", "SSL"), ("expired", "SSL certificate")):
            street.ctl("acquirer", "tls", kind)
            came = street.ctl("acquirer", "requests")["came"]["authorize"]
            session = street.offer(1)
            street.ctl("card", "tap", "visa-approve")
            outcome = street.wait_counter("outcome")
            assert outcome["outcome"] == "gateway-unreachable", outcome
            assert street.ledger(session) == {} and street.ctl("acquirer", "requests")["came"]["authorize"] == came
            ends = [p for _, _, k, p in street.entries(session) if k == "not-approved"]
            assert [end["end"] for end in ends] == ["failed"], ends
            street.wait_settled()
            with open(street.daemon_log) as log:
                lines = [line for line in log if session in line and part in line]
            assert lines and "nothing was sent" in lines[0], lines
            found = tapwatt(street, 1, "doctor", "--config", in_dir(street, "tapwatt.conf"))
            assert "its certificate does not verify" in found, found
            street.wait_counter("welcome")
            street.ctl("card", "remove")
        street.ctl("acquirer", "tls", "right")
        session = street.charge(1, wh=10)       # the same station, the right certificate
        street.stop(1)
        street.wait_over(session)
        street.wait_settled()
        assert street.ledger(session)["open"] == "0.00"


def bad_answers(kind):
    """The service acted, but its answer cannot be used: a hold is undone, a capture is found to have happened."""
    with Street(conf=SHORT) as street:
        street.start()
        street.ctl("acquirer", "fault", kind, op="authorize")
        session = street.offer(1)
        street.ctl("card", "tap", "visa-approve")
        street.wait_counter("outcome")
        assert street.connector(1)["State"] == "free"
        street.wait_over(session)
        street.wait_settled()
        ledger = street.ledger(session)
        assert (ledger["authorized"], ledger["captured"], ledger["open"]) == ("50.00", "0.00", "0.00"), ledger
        street.wait_counter("welcome")
        street.ctl("card", "remove")
        again = street.charge(1, wh=40)
        street.ctl("acquirer", "fault", kind, op="capture", count=2)
        street.stop(1)
        street.wait_over(again)
        street.wait_settled()
        ledger = street.ledger(again)
        captures = [line for line in street.ledger_lines(again)
                    if line["op"] == "capture" and line["status"] in ("PENDING", "TRANSMITTED")]
        bill = [p for _, _, k, p in street.entries(again) if k == "bill"][0]
        assert len({line["transactionId"] for line in captures}) == 1, captures
        assert int(ledger["captured"].replace(".", "")) == bill["capture_minor"] > 0, ledger
        assert ledger["open"] == "0.00", ledger


def ask(street, text):
    """Raw bytes to the street's control socket: its answer, or None if it hung up."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(20)
        wire.connect(in_dir(street, "ctl.sock"))
        try:
            wire.sendall(text + b"\n")
            answer = wire.makefile("rb").readline()
        except (BrokenPipeError, ConnectionResetError):
            return None
    return json.loads(answer) if answer else None


def bad_orders_to_the_street():
    with Street() as street:
        for text, part in ((b'{"cmd":"status","cmd":"quit"}', "cmd"), (b"[" * 10000, "deep"), (b"{", ""),
                           (b'{"cmd":7}', "$.cmd"), (b'{"words":[]}', "cmd"), (b'{"cmd":"fly"}', "fly"),
                           (b'{"cmd":"status","words":[1]}', "words"), (b"\xff\xfe", "")):
            answer = ask(street, text)
            assert answer and answer["ok"] is False and part in answer["error"], (text[:40], answer)
        answer = ask(street, b"[" * 300000)
        assert answer is None or answer["ok"] is False, answer
        for words, part in ((("acquirer", "fault", "drop", "op=capture", "op=read"), "op"),
                            (("acquirer", "fault", "[" * 10000), "accepted are"), (("fly",), "fly"),
                            (("controller", "9", "fault", "gfci"), "1 to 2")):
            done = subprocess.run([BENCH, "ctl", "--dir", street.dir, *words], capture_output=True, text=True,
                                  timeout=60)
            assert done.returncode == 1, (words, done)
            assert json.loads(done.stdout)["ok"] is False and part in done.stdout, (words, done.stdout[:400])
        assert street.ctl("status")["controller"]["1"]         # it is well all the same


# ---- the reader -----------------------------------------------------------------------------------------------------

def reader_says(street, config, *words):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        os.set_inheritable(theirs.fileno(), True)
        done = subprocess.run([READER, "--config", config, "--socket-fd", str(theirs.fileno()), *words],
                              capture_output=True, text=True, timeout=60, env=street.env(), close_fds=False)
    assert done.stdout == "" and done.stderr.count("\n") == 1 and done.stderr.startswith("tapwatt-reader: "), done
    return done.returncode, done.stderr


def reader_input():
    with Street() as street:
        main = in_dir(street, "tapwatt.conf")
        junk = write(in_dir(street, "junk"), "hello\n")
        os.chmod(junk, 0o600)
        street.configure("zz", "[reader]\nbank_cards = yes\n")
        code, said = reader_says(street, main)
        assert code == BAD_DATA and "zz.conf:2: [reader] bank_cards = yes" in said and "off, test" in said, said
        for text, part in ((f"[reader]\nfingerprint_key = {junk}\n", "64 hex digits"),
                           (f"[gateway]\nmle_certificate = {junk}\n", "certificate"),
                           (f"[gateway]\nmle_certificate = {in_dir(street, 'none')}\n", "No such file"),
                           (f"[reader]\ndevice = pn532:{junk}\n", "not a tty"),
                           ("[reader]\ndevice = pn532:/dev/null\n", "not a tty")):
            street.configure("zz", text)
            code, said = reader_says(street, main)
            assert code == BAD_DATA and part in said, (code, said)
        street.configure("zz", "[reader]\ndevice = pn532:/dev/tapwatt-none\n")
        code, said = reader_says(street, main)
        assert code == OUT_OF_REACH and "/dev/tapwatt-none" in said, (code, said)
        done = subprocess.run([READER, "--flavour"], capture_output=True, text=True, timeout=60)
        assert done.returncode == BAD_DATA and done.stderr.count("\n") == 1, done


# ---- what is switched off -------------------------------------------------------------------------------------------

OFF = "[reader]\nbank_cards = off\n"


def bank_cards_off():
    with Street(conf=SHORT) as street:
        street.configure("zz", OFF)
        street.start(wait=False)
        counter = wait_until("closed", lambda: street.counter_state() == "closed" and street.counter(), 20)
        assert counter["closed_why"] == "bank-cards-off", counter
        wait_until("the reader ready", street.reader_is_ready)
        assert street.properties()["TestMode"] is False
        assert "bank-cards-off" in street.choose(1)
        for card, prompt in (("rfid-classic", "not-known-here"), ("rfid-desfire", "not-known-here"),
                             ("visa-approve", "not-accepted")):
            street.ctl("card", "tap", card)
            wait_until(f"{card}: {prompt}", lambda: street.counter().get("prompt") == prompt)
            street.ctl("card", "remove")
            wait_until("the word goes", lambda: street.counter().get("prompt") is None)
        street.ctl("car", 1, "plug")
        wait_until("the car is there", lambda: street.connector(1)["Car"] == "connected")
        assert street.connector(1)["State"] == "free" and not street.connector(1)["PowerWanted"]
        assert street.ledger() == [] and street.ctl("acquirer", "requests")["came"]["authorize"] == 0
        assert not [kind for _, _, kind, _ in street.entries() if kind == "offered"]
        status = street.tapwatt("status")
        assert status.returncode == 1 and "closed !  bank-cards-off" in status.stdout, status.stdout
        assert "TEST MODE" not in status.stdout


def switched_off_with_money_on_its_way():
    """What was taken before is settled all the same."""
    with Street(conf=SHORT) as street:
        street.start()
        session = street.charge(1, wh=20)
        street.ctl("acquirer", "down")
        street.stop(1)
        wait_until("asked in vain", lambda: any(claim.get("attempts", 0) > 0 for claim in street.open_claims()))
        street.kill(signal.SIGTERM)
        street.configure("zz", OFF)
        street.ctl("acquirer", "up")
        street.start(wait=False)
        wait_until("closed", lambda: street.counter_state() == "closed")
        street.wait_over(session)
        street.wait_settled()
        ledger = street.ledger(session)
        assert ledger["open"] == "0.00" and ledger["captured"] != "0.00", ledger


if __name__ == "__main__":
    tap.run([
        ("configurations that cannot be used", configurations),
        ("tariffs that cannot be used", tariffs),
        ("secrets and certificates that cannot be used", secrets),
        ("a newer journal is left alone", newer_journal),
        ("a broken chain is not gone on with", broken_chain),
        ("a journal that is not ours", not_our_journal),
        ("nowhere for a journal", nowhere_for_a_journal),
        ("a port that is not a tty", not_a_tty),
        ("a second daemon on the same journal", second_daemon_on_the_journal),
        ("a second daemon on the same port", second_daemon_on_the_port),
        ("a second daemon at the same reader", second_daemon_at_the_reader),
        ("certificates that do not verify: nothing is sent", certificates_that_do_not_verify),
        ("the acquirer answers 250,000 brackets", lambda: bad_answers("deep")),
        ("the acquirer answers 300,000 brackets", lambda: bad_answers("too-deep")),
        ("the acquirer names a member twice", lambda: bad_answers("twice-named")),
        ("orders to the street that cannot be used", bad_orders_to_the_street),
        ("what the reader is started with", reader_input),
        ("bank cards off: nothing is sold, and everybody is told why", bank_cards_off),
        ("switched off with money on its way: it is settled", switched_off_with_money_on_its_way),
    ])
