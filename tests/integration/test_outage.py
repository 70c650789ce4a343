# SPDX-License-Identifier: Apache-2.0
"""The world does not wait for a station that is down: the car leaves, another one comes, energy flows on. And programs
that are killed from outside: the reader, both, the daemon with two bays in different states."""
import os
import signal
import time

import tap
import witness
from crash import CrashStreet, Dead, Parallel, clear_keys, shared_keys
from street import wait_until

KEYS = shared_keys()
READING = "commit reading.periodic: synced #2"      # charging, and some Wh have flowed: below 3 all cars are alike
STOPPED = "commit bay.stop: unsynced #1"            # power is off already, the last reading not taken
UNBILLED = "commit reading.final+bill+bay.billed+request.capture: unwritten #1"
OLD = "5.2"   # a firmware that does not know the heartbeat: nobody notices that we are gone
SMALL_HOLD = 130


def killed_street(place, firmware=None, **options):
    """A street in whose session the daemon died at the place."""
    street = CrashStreet(connectors=1, keys=KEYS, **options)
    street.__enter__()
    try:
        if firmware:
            street.ctl("controller", 1, "firmware", firmware)
        street.start_with_shim(place)
        street.until("a controller that was told to sleep",
                     lambda: street.ctl("status")["controller"]["1"]["state"] == "fe", 30)
        try:
            street.whole_session(2)
        except Dead:
            pass
        street.died(place)
        return street
    except BaseException:
        street.__exit__(None, None, None)
        raise


def findings(street):
    return [p["class"] for p in witness.payloads(street.entries(), "finding")]


def billed_wh(street):
    return sum(bill["energy_wh"] for bill in witness.payloads(street.entries(), "bill"))


def read_wh(street):
    """By the readings of the first daemon's life."""
    marks = [p["register_wh"] for p in street.readings() if p["why"] in ("begin", "phase", "periodic")]
    return marks[-1] - marks[0]


def nothing_happens(place, firmware):
    street = killed_street(place, firmware)
    with street.entered():
        time.sleep(2)
        street.come_back()
        delivered = witness.delivered_wh(street)
        captured = street.verdict()
        assert sum(captured.values()) > 0 and findings(street) == [], captured
        assert abs(billed_wh(street) - delivered) <= witness.TOLERANCE_WH, (billed_wh(street), delivered)


def car_leaves(place, firmware):
    """The counter still shows whose energy it was: all of it is billed."""
    street = killed_street(place, firmware)
    with street.entered():
        time.sleep(1)
        street.ctl("car", 1, "unplug")
        delivered = witness.delivered_wh(street)
        street.come_back()
        captured = street.verdict()
        assert sum(captured.values()) > 0 and findings(street) == [], findings(street)
        assert abs(billed_wh(street) - delivered) <= witness.TOLERANCE_WH, (billed_wh(street), delivered)


def other_car(place, firmware):
    """Nobody pays for another's energy, and the stranger gets no more of it."""
    street = killed_street(place, firmware)
    with street.entered():
        street.ctl("car", 1, "unplug")
        mine = witness.delivered_wh(street)
        street.ctl("car", 1, "plug")
        if place == READING:   # the controller was told to give energy and still does
            wait_until("the other car draws", lambda: witness.delivered_wh(street) > mine + 20)
        street.come_back()
        captured = street.verdict()
        assert sum(captured.values()) > 0, captured
        assert findings(street) == ["energy-unattributed"], findings(street)
        assert billed_wh(street) == read_wh(street) <= mine, (billed_wh(street), read_wh(street), mine)
        last = [p for p in witness.payloads(street.entries(), "bay") if p["to"] == "finishing"][-1]
        assert last["reason"] == ("changed" if place == READING else "stop"), last


def past_the_hold(place, firmware):
    street = killed_street(place, firmware, hold=SMALL_HOLD)
    with street.entered():
        street.ctl("controller", 1, "energy", 150)
        wait_until("more than the hold", lambda: witness.delivered_wh(street) > 250)
        street.come_back()
        delivered = witness.delivered_wh(street)
        captured = street.verdict()
        assert list(captured.values()) == [SMALL_HOLD], captured
        assert findings(street) == ["over-hold"], findings(street)
        bill = witness.payloads(street.entries(), "bill")[0]
        over = witness.payloads(street.entries(), "finding")[0]["amount_minor"]
        assert over == bill["price_minor"] - SMALL_HOLD > 0, (bill, over)
        assert abs(billed_wh(street) - delivered) <= witness.TOLERANCE_WH, (billed_wh(street), delivered)


def cable_pulled(firmware):
    """A controller that is gone when the station comes back: billed up to the last reading."""
    street = killed_street(READING, firmware, deadlines="finishing_s = 4")
    with street.entered():
        street.ctl("controller", 1, "cable", "pull")
        street.restart()
        street.until_state("fault", seconds=40)
        street.until("all money settled", lambda: street.open_claims() == [])
        assert billed_wh(street) == read_wh(street)
        street.ctl("controller", 1, "cable", "back")
        street.until_state("free", seconds=40)   # its first word to a controller that is back: off
        assert sum(street.verdict().values()) > 0


def crash_while_frozen():
    """Another car, found at a restart that dies, too."""
    street = killed_street(READING)
    with street.entered():
        street.ctl("car", 1, "unplug")
        street.ctl("car", 1, "plug")
        street.ctl("card", "remove")
        found = "commit finding.energy-unattributed+bay.changed: synced #1"
        street.start_with_shim(found)
        street.died(found)
        street.come_back()
        assert sum(street.verdict().values()) > 0
        assert findings(street) == ["energy-unattributed"], findings(street)
        assert billed_wh(street) == read_wh(street)


def ended_by_the_system():
    """SIGTERM while a car charges: the energy stops with the daemon, and the session goes on with it."""
    with CrashStreet(connectors=1, keys=KEYS) as street:
        street.start(wait=False)
        street.until_charging()
        street.ends_well()
        wait_until("no energy", lambda: witness.is_quiet(street), 10)
        street.come_back()
        delivered = witness.delivered_wh(street)
        assert sum(street.verdict().values()) > 0
        assert abs(billed_wh(street) - delivered) <= witness.TOLERANCE_WH, (billed_wh(street), delivered)


# ---- kill -9 of whichever program ----------------------------------------------------------------------------------

def until_asking(street):
    street.start(wait=False)
    street.until_counter("welcome")
    assert street.choose(1) is None
    street.until_counter("asking")


def before_the_tap(street):
    until_asking(street)


def mid_tap(street):
    until_asking(street)
    before = street.ctl("status")["reader"]["apdus"]
    street.ctl("card", "tap", "visa-slow")
    street.until("a card that talks", lambda: street.ctl("status")["reader"]["apdus"] > before)


def after_sealing(street):
    """The acquirer has acted, and its answer is on its way."""
    until_asking(street)
    street.ctl("acquirer", "fault", "hold", op="authorize", when="after")
    street.ctl("card", "tap", "visa-approve")
    street.until("the acquirer acts", lambda: street.ctl("acquirer", "requests")["acted"]["authorize"] == 1)


def kill_reader(street):
    pid = street.until("a reader", street.reader_pid)
    os.kill(pid, signal.SIGKILL)


def serve_the_next(street):
    """Whatever happened before: the station is open, and a driver pays once for what he gets."""
    street.ctl("card", "remove")
    street.until("a free counter", lambda: street.call("Cancel") is None and street.counter_state() == "welcome", 40)
    street.until_charging(card="visa-second")
    street.until_free()
    captured = street.verdict()
    paid = [session for session, amount in captured.items() if amount > 0]
    assert len(paid) == 1, captured
    return captured


def reader_dies(when):
    with CrashStreet(connectors=1, keys=KEYS) as street:
        when(street)
        kill_reader(street)
        street.until_counter("outcome", "welcome", "offer", "closed")
        serve_the_next(street)


def reader_dies_after_sealing():
    """What is sealed needs no reader any more."""
    with CrashStreet(connectors=1, keys=KEYS) as street:
        after_sealing(street)
        kill_reader(street)
        street.ctl("card", "remove")
        street.ctl("acquirer", "go-on")
        street.until_state("armed")
        street.ctl("car", 1, "plug")
        street.until_state("charging")
        street.until("readings", lambda: street.readings("periodic"))
        street.until_free()
        assert [amount > 0 for amount in street.verdict().values()] == [True]


def both_die(when):
    with CrashStreet(connectors=1, keys=KEYS) as street:
        when(street)
        reader = street.until("a reader", street.reader_pid)
        street.daemon.kill()
        os.kill(reader, signal.SIGKILL)
        street.died()
        street.ctl("acquirer", "go-on")
        street.restart()
        street.until("all money settled", lambda: street.open_claims() == [])
        assert all(payment["open"] == "0.00" for payment in street.ledger())
        serve_the_next(street)


def authorization_overtaken():
    """The reversal of a lost authorization comes before the authorization itself, and finds nothing: it is asked again
    for as long as the authorization may still arrive."""
    with CrashStreet(connectors=1, keys=KEYS, late_s=4) as street:
        until_asking(street)
        street.ctl("acquirer", "fault", "hold", op="authorize", when="before")
        street.ctl("card", "tap", "visa-approve")
        street.until("the acquirer has it", lambda: street.ctl("acquirer", "requests")["waiting"] == 1)
        street.daemon.kill()
        street.died()
        street.restart()
        street.until("a reversal that found nothing",
                     lambda: street.ctl("acquirer", "requests")["came"]["timeout-reversal"] > 0)
        assert street.ledger() == [] or street.ledger()[0]["authorized"] == "0.00", street.ledger()
        assert len(street.open_claims()) == 1, street.open_claims()
        street.ctl("acquirer", "go-on")
        street.until("the late authorization", lambda: street.ctl("acquirer", "requests")["acted"]["authorize"] == 1)
        street.until("all money settled", lambda: street.open_claims() == [], 30)
        assert list(street.verdict().values()) == [0]


# ---- two bays -------------------------------------------------------------------------------------------------------

def charging_and_armed():
    with CrashStreet(connectors=2, keys=KEYS) as street:
        street.start(wait=False)
        street.until_charging(1)
        street.ctl("card", "remove")
        street.until_armed(2, "visa-second")
        street.daemon.kill()
        street.died()
        street.come_back(connectors=(1, 2))
        captured = street.verdict((1, 2))
        assert len(captured) == 2 and all(amount > 0 for amount in captured.values()), captured
        assert not findings(street), findings(street)


def settling_and_charging():
    with CrashStreet(connectors=2, keys=KEYS) as street:
        street.start(wait=False)
        street.until_charging(1)
        street.ctl("card", "remove")
        street.until_charging(2, 3, "visa-second")
        street.ctl("acquirer", "down")
        assert street.stop(1) is None
        street.until_state("settling", connector=1)
        street.daemon.kill()
        street.died()
        street.ctl("acquirer", "up")
        street.come_back(connectors=(1, 2))
        captured = street.verdict((1, 2))
        assert len(captured) == 2 and all(amount > 0 for amount in captured.values()), captured
        assert not findings(street), findings(street)


def main():
    parallel = Parallel()
    moments = (("charging", READING), ("stopped", STOPPED), ("being billed", UNBILLED))
    for when, place in moments:
        for firmware in (None, OLD):
            about = f"killed while {when}" + (", no heartbeat" if firmware else "")
            parallel.add(f"{about}: nothing happens meanwhile", nothing_happens, place, firmware)
            parallel.add(f"{about}: the car leaves", car_leaves, place, firmware)
            parallel.add(f"{about}: another car comes", other_car, place, firmware)
    for firmware in (None, OLD):
        without = ", no heartbeat" if firmware else ""
        parallel.add(f"killed while charging{without}: energy flows past the hold", past_the_hold, READING, firmware)
        parallel.add(f"killed while charging{without}: the controller's cable is pulled", cable_pulled, firmware)
    parallel.add("killed while charging, and again when another car is found", crash_while_frozen)
    parallel.add("asked to end while charging: no energy without a daemon", ended_by_the_system)
    parallel.add("the reader is killed before the tap", reader_dies, before_the_tap)
    parallel.add("the reader is killed during the tap", reader_dies, mid_tap)
    parallel.add("the reader is killed after it has sealed", reader_dies_after_sealing)
    parallel.add("daemon and reader are killed before the tap", both_die, before_the_tap)
    parallel.add("daemon and reader are killed during the tap", both_die, mid_tap)
    parallel.add("daemon and reader are killed after the sealing", both_die, after_sealing)
    parallel.add("a lost authorization is overtaken by its reversal", authorization_overtaken)
    parallel.add("killed with one bay charging and one armed", charging_and_armed)
    parallel.add("killed with one bay settling and one charging", settling_and_charging)
    tap.run(parallel.told())


if __name__ == "__main__":
    try:
        main()
    finally:
        clear_keys(KEYS)
