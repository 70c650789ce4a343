# SPDX-License-Identifier: Apache-2.0
"""Somebody sets the station's clock, by an hour and by ten years, ahead and back, at the worst moments. libfaketime
gives tapwattd a wall clock that a file moves; boot time stays the kernel's. Time costs money in this tariff."""
import glob
import os
import time

import tap
import witness
from crash import CrashStreet, Parallel, clear_keys, shared_keys
from street import READER, wait_until

KEYS = shared_keys()
HOUR, TEN_YEARS = 3600, 10 * 365 * 86400
STEPS = (("an hour ahead", HOUR), ("an hour back", -HOUR),
         ("ten years ahead", TEN_YEARS), ("ten years back", -TEN_YEARS))
# It opens a file at each look at the clock, which the reader's filter does not forgive: the reader keeps the true time.
READER_ALONE = '#!/bin/sh\nexec env -u LD_PRELOAD {reader} "$@"\n'
# Polls, the way of the last reading, and what a busy machine adds.
SLACK_S = 4


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise tap.Skip("the package libfaketime is not installed")
    return found[0]


class ClockStreet(CrashStreet):
    def __init__(self, **options):
        super().__init__(connectors=1, keys=KEYS, **options)
        self.offset = os.path.join(self.dir, "offset")
        self.step(0)
        self.reader = os.path.join(self.dir, "reader-alone")
        with open(self.reader, "w") as f:
            f.write(READER_ALONE.format(reader=READER))
        os.chmod(self.reader, 0o700)

    def step(self, seconds):
        with open(self.offset + ".new", "w") as f:
            f.write(f"{seconds:+d}\n")
        os.rename(self.offset + ".new", self.offset)
        return time.monotonic()

    def start(self, **options):
        env = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": self.offset, "FAKETIME_NO_CACHE": "1",
               "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
        return super().start(wait=False, env=env, reader=("--reader", self.reader))

    def saw(self, seconds):
        """That the daemon did believe the wrong time, and has its boot time from the kernel."""
        marks = [(p["wall_us"], p["boot_us"]) for p in self.readings()]
        truth = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        offsets = [round((wall - boot) / 1e6 - truth) for wall, boot in marks]
        assert any(abs(offset - seconds) <= 2 for offset in offsets), (seconds, offsets)
        assert all(now >= then for (_, then), (_, now) in zip(marks, marks[1:])), marks

    def billed_s(self):
        bill = witness.payloads(self.entries(), "bill")[0]
        return (bill["charging_ms"] + bill["parking_ms"]) / 1000

    def until_paid(self):
        """One session, captured once."""
        delivered = witness.delivered_wh(self)
        captured = self.verdict()
        paid = [amount for amount in captured.values() if amount > 0]
        assert len(paid) == 1, captured
        bills = witness.payloads(self.entries(), "bill")
        assert len(bills) == 1 and abs(bills[0]["energy_wh"] - delivered) <= witness.TOLERANCE_WH, (bills, delivered)


def while_charging(seconds):
    """The time is wrong for a while, and then right again: price and duration as if nothing had been."""
    with ClockStreet() as street:
        street.start()
        begun = time.monotonic()
        street.until_charging()
        street.step(seconds)
        street.until("readings", lambda: len(street.readings("periodic")) >= 4)
        assert street.is_state(1, "charging"), street.connector(1)     # no deadline has passed
        street.step(0)
        street.until("readings", lambda: len(street.readings("periodic")) >= 6)
        street.until_free()
        took = time.monotonic() - begun
        street.saw(seconds)
        assert 3 <= street.billed_s() <= took, (street.billed_s(), took)
        street.until_paid()


def while_settling(seconds):
    """Nobody believes a station whose time is wrong: the capture waits, and comes once."""
    with ClockStreet(deadlines="settling_s = 2") as street:
        street.start()
        street.until_charging()
        street.step(seconds)
        assert street.stop(1) is None
        street.until_state("free")                                     # the next driver need not wait
        street.until("a capture that is asked again", lambda: (street.open_claims() or [{}])[0].get("attempts", 0) >= 3)
        claim = street.open_claims()[0]
        ledger = street.ledger(claim["session"])
        assert ledger["captured"] == "0.00" and ledger["open"] == "50.00", ledger
        street.step(0)
        street.until("all money settled", lambda: street.open_claims() == [])
        street.saw(seconds)
        street.until_paid()


def while_reading(seconds):
    """The authorization cannot be made, and holds nothing; with the right time the next tap can."""
    with ClockStreet() as street:
        street.start()
        street.until_counter("welcome")
        assert street.choose(1) is None
        street.until_counter("asking")
        street.ctl("card", "tap", "visa-slow")
        street.until("a card that talks", lambda: street.ctl("status")["reader"]["apdus"] > 0)
        street.step(seconds)
        outcome = street.until_counter("outcome", "closed")
        assert outcome.get("outcome") == "gateway-unreachable" or outcome["state"] == "closed", outcome
        street.until("all money settled", lambda: street.open_claims() == [])
        assert all(payment["open"] == "0.00" for payment in street.ledger()), street.ledger()
        street.step(0)
        street.ctl("card", "remove")
        street.until_charging(card="visa-second")
        street.until_free()
        street.until_paid()


def deadlines(seconds):
    """Of boot time: neither sooner nor later than they were meant."""
    with ClockStreet(deadlines="asking_s = 5\narmed_s = 5") as street:
        street.start()
        street.until_counter("welcome")
        assert street.choose(1) is None
        street.until_counter("asking")
        begun = street.step(seconds)
        street.until_counter("welcome", "closed")
        assert 3 <= time.monotonic() - begun <= 5 + SLACK_S, time.monotonic() - begun
        street.step(0)
        street.until_armed()
        begun = street.step(seconds)
        street.until("the release", lambda: not street.is_state(1, "armed"))
        assert 3 <= time.monotonic() - begun <= 5 + SLACK_S, time.monotonic() - begun
        street.step(0)
        street.until("all money settled", lambda: street.open_claims() == [])
        assert all(amount == 0 for amount in street.verdict().values())


def restart_meanwhile(seconds):
    """The daemon comes back to a charging car with a clock that is wrong, as after a flat battery."""
    with ClockStreet() as street:
        street.start()
        begun = time.monotonic()
        street.until_charging()
        street.daemon.kill()
        street.died()
        street.step(seconds)
        street.restart()
        street.until("readings", lambda: street.readings("resumed"))
        assert street.is_state(1, "charging"), street.connector(1)
        assert street.stop(1) is None
        street.until("a bill", lambda: witness.payloads(street.entries(), "bill"))
        wait_until("a closed tap", lambda: witness.is_quiet(street))
        street.step(0)
        street.settle()
        took = time.monotonic() - begun
        street.saw(seconds)
        assert 1 <= street.billed_s() <= took, (street.billed_s(), took)
        street.until_paid()


def other_clock(seconds):
    """Daemon and reader agree, and the payment service has another time: the same as if both of them were wrong."""
    with ClockStreet(deadlines="settling_s = 2") as street:
        street.start()
        street.until_charging()
        street.ctl("acquirer", "clock", **{"offset-s": -seconds})
        assert street.stop(1) is None
        street.until("a capture that is asked again", lambda: (street.open_claims() or [{}])[0].get("attempts", 0) >= 3)
        street.ctl("acquirer", "clock", **{"offset-s": 0})
        street.until_state("free")
        street.until("all money settled", lambda: street.open_claims() == [])
        street.until_paid()


def main():
    parallel = Parallel()
    for how, seconds in STEPS:
        parallel.add(f"{how} while a card is read", while_reading, seconds)
        parallel.add(f"{how} while a car charges", while_charging, seconds)
        parallel.add(f"{how} while the money is settled", while_settling, seconds)
        parallel.add(f"{how}: deadlines keep their time", deadlines, seconds)
        parallel.add(f"{how} while the daemon is down", restart_meanwhile, seconds)
        parallel.add(f"{how} of the payment service", other_clock, seconds)
    tap.run(parallel.told())


if __name__ == "__main__":
    try:
        main()
    finally:
        clear_keys(KEYS)
