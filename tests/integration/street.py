# SPDX-License-Identifier: Apache-2.0
"""A whole station on real wires: a private bus, the virtual street, tapwattd and tapwatt-reader as they are built.
Everything lives in one temporary folder and ends with it. The witness of every story about money is the acquirer's own
ledger."""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import tap

BUILD = os.environ.get("TAPWATT_BUILD", os.getcwd())
SOURCE = os.environ.get("TAPWATT_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DEST = "org.tapwatt.Station1"
STATION = "/org/tapwatt/Station1"


def program(name, folder):
    return os.path.join(BUILD, folder, name)


TAPWATTD = program("tapwattd", "app/daemon")
READER = program("tapwatt-reader", "app/reader")
BENCH = program("tapwatt-bench", "app/bench")
TAPWATT = program("tapwatt", "app/cli")

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/>
<allow eavesdrop="true"/><allow receive_type="method_call"/></policy></busconfig>
"""


def wait_until(what, condition, seconds=20.0, step=0.02):
    """Waits for a condition that will come; the value that it gave. What did not come is an assertion with its name."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {seconds} s: {what}")
        time.sleep(step)


class Street:
    """with Street() as street: street.start() ..."""

    def __init__(self, connectors=2, conf="", keys=None, env=None):
        self.dir = tempfile.mkdtemp(prefix="tapwatt-")
        self.connectors, self.conf, self.extra_env = connectors, conf, env or {}
        self.keys = keys or os.environ.get("TAPWATT_TEST_KEYS")
        self.bench = self.daemon = self.bus = None
        self.daemon_log = os.path.join(self.dir, "tapwattd.log")
        self.address = f"unix:path={self.dir}/bus"
        self.exits = []

    # ---- coming and going -------------------------------------------------------------------------------------------

    def __enter__(self):
        try:
            self._start_bus()
            self._start_bench()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and os.path.exists(self.daemon_log):
            with open(self.daemon_log, errors="replace") as log:
                for line in log.readlines()[-60:]:
                    tap.note("  " + line.rstrip())
        for process in (self.daemon, self.bench, self.bus):
            end(process)
        if os.environ.get("TAPWATT_KEEP"):
            tap.note(f"kept: {self.dir}")
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def _start_bus(self):
        path = os.path.join(self.dir, "bus.conf")
        with open(path, "w") as f:
            f.write(BUS_CONFIG.format(path=os.path.join(self.dir, "bus")))
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--config-file", path], stderr=subprocess.DEVNULL)
        wait_until("the bus", lambda: os.path.exists(os.path.join(self.dir, "bus")))

    def _start_bench(self):
        keys = ["--keys", self.keys] if self.keys else []
        log = open(os.path.join(self.dir, "bench.log"), "w")
        self.bench = subprocess.Popen([BENCH, "run", "--dir", self.dir, "--connectors", str(self.connectors),
                                       "--with-parent"] + keys,
                                      stdin=subprocess.PIPE, stdout=log, stderr=log, env=self.env())
        ready = os.path.join(self.dir, "street.json")
        wait_until("the street", lambda: os.path.exists(ready) or self.bench.poll() is not None)
        assert self.bench.poll() is None, open(os.path.join(self.dir, "bench.log")).read()
        if self.conf:
            self.configure("test", self.conf)

    def configure(self, name, text):
        os.makedirs(os.path.join(self.dir, "tapwatt.conf.d"), exist_ok=True)
        with open(os.path.join(self.dir, "tapwatt.conf.d", name + ".conf"), "w") as f:
            f.write(text)

    def env(self, extra=None):
        env = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address, G_DEBUG="fatal-criticals", LC_ALL="C.UTF-8")
        env.update(self.extra_env)
        env.update(extra or {})
        return env

    def start(self, wait=True, wrapper=(), env=None, reader=("--reader", READER)):
        """Starts tapwattd; returns when it is open for business (or closed with a reason)."""
        log = open(self.daemon_log, "a")
        self.log_start = log.tell()
        config = os.path.join(self.dir, "tapwatt.conf")
        self.daemon = subprocess.Popen([*wrapper, TAPWATTD, "--config", config, *reader, "--verbose"],
                                       stdout=log, stderr=log, env=self.env(env))
        if wait:
            wait_until("the station on the bus",
                       lambda: self.daemon.poll() is not None or self.counter_state() is not None)
            assert self.daemon.poll() is None, f"tapwattd ended with {self.daemon.returncode}"
            wait_until("the station open", lambda: self.counter_state() == "welcome")
            wait_until("the reader ready", lambda: self.counter_state() != "welcome" or self.reader_is_ready())
        return self.daemon

    def reader_is_ready(self):
        """A card that lies there when the reader starts is no tap: who taps at once must find it ready."""
        with open(self.daemon_log, errors="replace") as log:
            log.seek(self.log_start)
            return " is ready (" in log.read()

    def kill(self, sig=signal.SIGKILL):
        self.daemon.send_signal(sig)
        self.daemon.wait(20)
        self.exits.append(self.daemon.returncode)

    # ---- the street -------------------------------------------------------------------------------------------------

    def ctl(self, *words, **options):
        """One order to the street; its answer as a dict."""
        args = [BENCH, "ctl", "--dir", self.dir] + [str(w) for w in words] + [f"{k}={v}" for k, v in options.items()]
        done = subprocess.run(args, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, f"ctl {' '.join(map(str, words))}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def ledger(self, session=None):
        """The acquirer's summary of one session ({} if it never heard of it), or of all."""
        answer = self.ctl("ledger", **({"code": session} if session else {}))
        payments = answer.get("payments", [])
        return (payments[0] if payments else {}) if session else payments

    def ledger_lines(self, session):
        """The acquirer's own book of one session, line by line."""
        with open(os.path.join(self.dir, "ledger.jsonl")) as f:
            return [line for line in map(json.loads, f) if line.get("code") == session]

    def reader_pid(self):
        """Of the reader that our tapwattd started."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as f:
                    fields = f.read().rsplit(")", 1)[1].split()
                if int(fields[1]) == self.daemon.pid and os.readlink(f"/proc/{pid}/exe").endswith("tapwatt-reader"):
                    return int(pid)
            except (OSError, IndexError):
                continue
        raise AssertionError("no tapwatt-reader under tapwattd")

    # ---- the station ------------------------------------------------------------------------------------------------

    def busctl(self, *args):
        return subprocess.run(["busctl", f"--address={self.address}", "--json=short", "--timeout=10"] + list(args),
                              capture_output=True, text=True, timeout=30)

    def properties(self, path=STATION, iface=DEST):
        done = self.busctl("call", DEST, path, "org.freedesktop.DBus.Properties", "GetAll", "s", iface)
        if done.returncode != 0:
            return None
        return {k: plain(v) for k, v in json.loads(done.stdout)["data"][0].items()}

    def call(self, method, *args, path=STATION, iface=DEST):
        """Calls a verb; None if it was done, else the error's text."""
        done = self.busctl("call", DEST, path, iface, method, *args)
        return None if done.returncode == 0 else done.stderr.strip()

    def choose(self, connector, language="en"):
        return self.call("Choose", "us", str(connector), language)

    def at_connector(self, connector, method, *args):
        return self.call(method, *args, path=f"/org/tapwatt/Connector1/{connector}", iface="org.tapwatt.Connector1")

    def stop(self, connector):
        return self.at_connector(connector, "Stop")

    def counter(self):
        properties = self.properties()
        if not properties:
            return None
        state, details = properties["Counter"]
        return dict(details, state=state)

    def counter_state(self):
        counter = self.counter()
        return counter and counter["state"]

    def connector(self, number):
        return self.properties(f"/org/tapwatt/Connector1/{number}", "org.tapwatt.Connector1")

    def wait_counter(self, *states, seconds=20):
        return wait_until(f"counter in {states}", lambda: self.counter_state() in states and self.counter(), seconds)

    def wait_connector(self, number, *states, seconds=20):
        def there():
            connector = self.connector(number)
            return connector and connector["State"] in states and connector

        return wait_until(f"connector {number} in {states}", there, seconds)

    def open_claims(self):
        properties = self.properties()
        return None if properties is None else properties["OpenClaims"]

    def wait_over(self, session, seconds=60):
        """The session has left counter and connector; its money may still be on its way."""
        wait_until(f"{session} is over",
                   lambda: any(p.get("place") == "over" for _, _, _, p in self.entries(session)), seconds)

    def wait_settled(self, seconds=40):
        wait_until("all money settled", lambda: self.open_claims() == [], seconds)

    # ---- the journal, read from outside -----------------------------------------------------------------------------

    def journal_path(self):
        for line in open(os.path.join(self.dir, "tapwatt.conf")):
            if line.startswith("directory ="):
                return os.path.join(line.split("=", 1)[1].strip(), "journal.db")
        raise AssertionError("no journal in tapwatt.conf")

    def database(self):
        """Closed at the end of "with": a reader that stays keeps SQLite from recovering what a dead daemon wrote."""
        return contextlib.closing(sqlite3.connect(f"file:{self.journal_path()}?mode=ro", uri=True))

    def entries(self, session=None):
        with self.database() as db:
            rows = db.execute("SELECT seq, session, kind, payload FROM entry ORDER BY seq").fetchall()
        return [(seq, s, kind, json.loads(payload)) for seq, s, kind, payload in rows if session in (None, s)]

    def stamps(self, session):
        """(seq, kind, boot time in microseconds) of a session's entries."""
        with sqlite3.connect(f"file:{self.journal_path()}?mode=ro", uri=True) as db:
            return db.execute("SELECT seq, kind, boot_us FROM entry WHERE session = ? ORDER BY seq",
                              (session,)).fetchall()

    def tariff_file(self, digest):
        """The bytes that were locked at the offer, from the journal."""
        path = os.path.join(self.dir, f"tariff-{digest}.json")
        with self.database() as db:
            (data,) = db.execute("SELECT bytes FROM blob WHERE hash = ?", (digest,)).fetchone()
        with open(path, "wb") as f:
            f.write(data)
        return path

    def tapwatt(self, *args):
        return subprocess.run([TAPWATT] + list(args), capture_output=True, text=True, timeout=60, env=self.env())

    # ---- whole chapters of a story ----------------------------------------------------------------------------------

    def offer(self, connector=1):
        """Opens the offer and returns its session once the reader waits for the card."""
        error = self.choose(connector)
        assert error is None, error
        return self.wait_counter("asking")["session"]

    def pay(self, connector=1, card="visa-approve"):
        """Offer, tap, approval. Returns the session."""
        session = self.offer(connector)
        self.ctl("card", "tap", card)
        self.wait_counter("outcome", "closed")
        self.wait_connector(connector, "armed", "charging")
        return session

    def charge(self, connector=1, card="visa-approve", wh=0):
        session = self.pay(connector, card)
        self.ctl("car", connector, "plug")
        self.wait_connector(connector, "charging")
        if wh:
            wait_until(f"{wh} Wh", lambda: self.connector(connector)["EnergyWh"] >= wh, 60)
        return session


def plain(value):
    """busctl's JSON without its type marks."""
    if isinstance(value, dict) and set(value) == {"type", "data"}:
        return plain(value["data"])
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def end(process):
    """Only what we started."""
    if process is None:
        return
    if process.stdin:
        process.stdin.close()
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
