# SPDX-License-Identifier: Apache-2.0
"""A station that dies and is started again: streets with short deadlines, a driver who goes on as far as he can, many
at once."""
import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time

import tap
import witness
from street import BUILD, Street, wait_until

OUR_KEYS = "tapwatt-keys-"
SHIM = os.path.join(BUILD, "tests", "lib", "kill-at.so")
# Time costs money here, so that a second that is billed twice shows.
TARIFF = {
    "country_code": "DE", "party_id": "TWT", "id": "CRASH-1", "currency": "EUR", "tax_included": "YES",
    "elements": [{"price_components": [
        {"type": "FLAT", "price": 0.35, "vat": 19, "step_size": 1},
        {"type": "ENERGY", "price": 4.90, "vat": 19, "step_size": 1},
        {"type": "TIME", "price": 18.00, "vat": 19, "step_size": 1},
        {"type": "PARKING_TIME", "price": 36.00, "vat": 19, "step_size": 1}]}],
    "last_updated": "2026-11-01T00:00:00Z",
}
CONF = """[gateway]
late_s = {late_s}
[deadlines]
outcome_s = 1
retry_first_s = 0.2
retry_most_s = 1
{deadlines}
[readings]
idle_grace_s = 0
every_s = 0.5
"""
CONNECTOR = """[connector {n}]
tariff = {tariff}
hold_minor = {hold}
"""


class Dead(Exception):
    """The daemon died while the driver was waiting for something."""


class CrashStreet(Street):
    """A street whose driver notices when the station dies under his hands."""

    def __init__(self, hold=5000, deadlines="", late_s=1, **options):
        super().__init__(**options)
        self.hold = hold
        tariff = os.path.join(self.dir, "tariff.json")
        with open(tariff, "w") as f:
            json.dump(TARIFF, f)
        self.conf = CONF.format(deadlines=deadlines, late_s=late_s)
        for n in range(1, self.connectors + 1):
            self.conf += CONNECTOR.format(n=n, tariff=tariff, hold=hold)
        self.places = os.path.join(self.dir, "places")

    @contextlib.contextmanager
    def entered(self):
        """with, for a street that was entered elsewhere."""
        try:
            yield self
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        self.__exit__(None, None, None)

    def start_with_shim(self, kill_at=None):
        if os.path.exists(self.places):
            os.unlink(self.places)
        env = {"LD_PRELOAD": SHIM, "TAPWATT_KILL_LOG": self.places}
        if kill_at:
            env["TAPWATT_KILL_AT"] = kill_at
        self.start(wait=False, env=env)

    def reached(self):
        """The places that the shim saw, in their order."""
        if not os.path.exists(self.places):
            return []
        with open(self.places) as f:
            return f.read().splitlines()

    def until(self, what, condition, seconds=20):
        """wait_until for a station that may die meanwhile."""
        def alive_and():
            if self.daemon.poll() is not None:
                raise Dead(what)
            return condition()
        return wait_until(what, alive_and, seconds, 0.07)

    def is_state(self, connector, *states):
        now = self.connector(connector)
        return now and now["State"] in states and now

    def is_counter(self, *states):
        now = self.counter()
        return now and now["state"] in states and now

    def until_state(self, *states, connector=1, seconds=20):
        return self.until(f"connector {connector} in {states}", lambda: self.is_state(connector, *states), seconds)

    def until_counter(self, *states, seconds=20):
        return self.until(f"counter in {states}", lambda: self.is_counter(*states), seconds)

    def readings(self, why=None):
        return [p for p in witness.payloads(self.entries(), "reading") if why in (None, p["why"])]

    # ---- the driver -------------------------------------------------------------------------------------------------

    def until_armed(self, connector=1, card="visa-approve"):
        self.until_counter("welcome", "outcome")
        self.until("the choice", lambda: self.choose(connector) is None)
        self.until_counter("asking")
        self.ctl("card", "tap", card)
        self.until_state("armed", connector=connector)

    def until_charging(self, connector=1, n_readings=1, card="visa-approve"):
        self.until_armed(connector, card)
        self.ctl("car", connector, "plug")
        self.until_state("charging", connector=connector)
        self.until("readings", lambda: len(self.readings("periodic")) >= n_readings)

    def until_free(self, connector=1):
        self.until("the stop", lambda: self.stop(connector) is None)
        self.until_state("free", connector=connector)
        self.until("all money settled", lambda: self.open_claims() == [])

    def whole_session(self, n_readings):
        self.until_charging(1, n_readings)
        self.until_counter("welcome")
        self.until_free()

    # ---- after the crash --------------------------------------------------------------------------------------------

    def died(self, kill_at=None):
        self.daemon.wait(30)
        self.exits.append(self.daemon.returncode)
        assert self.daemon.returncode == -signal.SIGKILL, f"ended with {self.daemon.returncode}, not by the kill"
        if kill_at:
            assert self.reached()[-1] == kill_at, (kill_at, self.reached()[-3:])

    def settle(self, plug=True, connectors=(1,), seconds=60):
        """The driver goes on with what he finds, until nothing is left to be done."""
        end = time.monotonic() + seconds
        for connector in connectors:
            while not self.is_state(connector, "free"):
                assert time.monotonic() < end, (self.connector(connector), self.open_claims())
                self.until_state("free", "armed", "charging", "paused", connector=connector, seconds=seconds)
                if self.is_state(connector, "armed") and plug:
                    self.ctl("car", connector, "plug")
                    self.until_state("charging", "free", connector=connector)
                elif self.is_state(connector, "charging", "paused"):
                    self.until("something sold", lambda: witness.delivered_wh(self, connector) > 5
                               or not self.is_state(connector, "charging", "paused"))
                    self.stop(connector)
                time.sleep(0.1)
        self.until("all money settled", lambda: self.open_claims() == [], seconds)

    def restart(self):
        """The driver takes the card away from a dark screen; then the station is there again."""
        self.ctl("card", "remove")
        self.start(wait=False)
        self.until("the station on the bus", self.counter_state)

    def come_back(self, **options):
        self.restart()
        self.settle(**options)

    def verdict(self, connectors=(1,)):
        """Everything that must hold once nothing is open; {session: captured}."""
        for connector in connectors:
            wait_until("a closed tap", lambda: witness.is_quiet(self, connector))
        captured = witness.judge_all(self, TARIFF, self.hold)
        witness.chain(self.journal_path())
        verified = self.tapwatt("journal", "verify", self.journal_path())
        assert verified.returncode == 0, verified.stdout + verified.stderr
        self.ends_well()
        return captured

    def ends_well(self):
        self.daemon.terminate()
        assert self.daemon.wait(20) == 0, f"tapwattd ended with {self.daemon.returncode}"
        with open(self.daemon_log, errors="replace") as log:
            bad = [line for line in log if "CRITICAL" in line or "cannot happen" in line]
        assert not bad, bad


class Parallel:
    """Stories that mostly wait, told many at a time; told in full even if nobody asks for the first."""

    def __init__(self, workers=6):
        self.pool = concurrent.futures.ThreadPoolExecutor(workers)
        self.stories, self.futures = [], None

    def add(self, name, function, *args):
        self.stories.append((name, function, args))

    def _begin(self):
        self.futures = {name: self.pool.submit(function, *args) for name, function, args in tap.wanted(self.stories)}

    def _result(self, name):
        if self.futures is None:
            self._begin()
        self.futures[name].result()

    def told(self):
        return [(name, lambda name=name: self._result(name)) for name, _, _ in self.stories]


def shared_keys():
    """One folder of keys for all streets of this program; made by a first one, before many want to at once."""
    keys = os.environ.get("TAPWATT_TEST_KEYS") or tempfile.mkdtemp(prefix=OUR_KEYS)
    with Street(connectors=1, keys=keys):
        return keys


def clear_keys(keys):
    if os.path.basename(keys).startswith(OUR_KEYS):
        shutil.rmtree(keys, ignore_errors=True)
