# SPDX-License-Identifier: Apache-2.0
"""The stories of drivers and of what can go wrong around them, on the real wires. The acquirer's ledger is the
witness."""
import os
import signal
import subprocess
import sys
import time

import tap
from street import SOURCE, Street, wait_until

PRICER = os.path.join(SOURCE, "tests", "lib", "pricer.py")

# Deadlines that a test can wait for; everything else as it is sold.
SHORT = """
[deadlines]
asking_s = 20
authorizing_s = 6
outcome_s = 1
armed_s = 3
finishing_s = 8
settling_s = 5
retry_first_s = 0.3
retry_most_s = 2
[gateway]
authorize_timeout_s = 3
follow_up_timeout_s = 3
late_s = 3
"""


def street(conf=SHORT, **more):
    return Street(conf=conf, **more)


def minor(decimal):
    """Exact: the ledger always writes two decimals."""
    whole, _, cents = decimal.partition(".")
    return int(whole + cents.ljust(2, "0"))


def price_of(street, session):
    """By the separate calculator, from the journalled readings."""
    readings = [p for _, _, kind, p in street.entries(session) if kind == "reading"]
    energy = readings[-1]["register_wh"] - readings[0]["register_wh"]
    times = {"charging": 0, "parking": 0, "grace": 0, "blocked": 0}
    for before, after in zip(readings, readings[1:]):
        times[before["phase"]] += (after["boot_us"] - before["boot_us"]) // 1000
    tariff = [p for _, _, kind, p in street.entries(session) if kind == "offered"][0]["tariff"]
    done = subprocess.run([sys.executable, PRICER, street.tariff_file(tariff), str(energy),
                           str(times["charging"] / 1000), str(times["parking"] / 1000)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[0])


def assert_captured_once(street, session):
    """Captured what the shown tariff makes of the metered energy, once; nothing is left open."""
    street.wait_over(session)
    street.wait_settled()
    ledger = street.ledger(session)
    captures = [line for line in street.ledger_lines(session)
                if line["op"] == "capture" and line["status"] in ("PENDING", "TRANSMITTED")]
    distinct = {line["transactionId"] for line in captures}
    hold = minor(ledger["authorized"])
    assert minor(ledger["captured"]) == min(price_of(street, session), hold) > 0, ledger
    assert minor(ledger["open"]) == 0, ledger
    assert len(distinct) == 1, captures
    return ledger


def assert_released(street, session):
    """Nothing was taken and nothing is held."""
    street.wait_over(session)
    street.wait_settled()
    wait_until("the hold is gone", lambda: minor(street.ledger(session).get("open", "0.00")) == 0)
    ledger = street.ledger(session)
    assert not ledger or minor(ledger["captured"]) == 0, ledger
    return ledger


def relay_is_open(street, number):
    return not street.ctl("status")["controller"][str(number)]["relay"]


# ---- drivers ---------------------------------------------------------------------------------------------------------

def declined():
    with street() as s:
        s.start()
        session = s.offer(1)
        s.ctl("card", "tap", "visa-decline")
        s.wait_counter("outcome")
        assert s.counter()["outcome"] == "declined", s.counter()
        assert s.connector(1)["State"] == "free"
        ledger = assert_released(s, session)
        assert minor(ledger.get("authorized", "0.00")) == 0, ledger


def never_plugs_in():
    with street() as s:
        s.start()
        session = s.pay(1)
        assert minor(s.ledger(session)["open"]) == 5000
        begin = time.monotonic()
        s.wait_connector(1, "free")
        assert_released(s, session)
        assert 2 < time.monotonic() - begin < 12


def unplugged_mid_charge():
    with street() as s:
        s.start()
        session = s.charge(1, wh=40)
        s.ctl("car", 1, "unplug")
        s.wait_connector(1, "free")
        assert_captured_once(s, session)


def stopped_by_the_same_card():
    with street() as s:
        s.start()
        session = s.charge(1, wh=40)
        s.wait_counter("welcome")
        wait_until("the first tap is over", lambda: s.ctl("status")["card"]["held"] is None)
        s.ctl("card", "tap", "visa-approve")
        s.wait_connector(1, "finishing", "settling", "free")
        assert_captured_once(s, session)
        assert len(s.ledger()) == 1, s.ledger()


def one_card_one_hold():
    with street() as s:
        s.start()
        session = s.charge(1, wh=20)
        s.wait_counter("welcome")
        wait_until("the first tap is over", lambda: s.ctl("status")["card"]["held"] is None)
        s.offer(2)
        s.ctl("card", "tap", "visa-approve")
        outcome = s.wait_counter("outcome")
        assert outcome["outcome"] == "card-in-use", outcome
        assert len(s.ledger()) == 1
        assert s.connector(2)["State"] == "free"
        s.stop(1)
        assert_captured_once(s, session)


def tap_without_an_offer():
    with street() as s:
        s.start()
        s.ctl("card", "tap", "visa-approve")
        time.sleep(4)   # it has been read, and left
        assert s.ledger() == []
        assert s.ctl("status")["acquirer"]["came"]["authorize"] == 0


def rfid_is_not_known():
    with street() as s:
        s.start()
        s.ctl("card", "tap", "rfid-classic")
        wait_until("not known here", lambda: s.counter().get("prompt") == "not-known-here")
        session = s.offer(1)
        s.ctl("card", "tap", "rfid-desfire")
        outcome = s.wait_counter("outcome")
        assert outcome["outcome"] == "not-known-here", outcome
        assert s.ledger(session) == {}


def mastercard_is_not_accepted_yet():
    with street() as s:
        s.start()
        session = s.offer(1)
        s.ctl("card", "tap", "mastercard")
        outcome = s.wait_counter("outcome")
        assert outcome["outcome"] == "not-accepted", outcome
        assert s.ledger(session) == {}


def card_leaves_too_early():
    with street() as s:
        s.start()
        session = s.offer(1)
        s.ctl("card", "tap", "visa-tear")
        time.sleep(3)
        assert s.counter_state() == "asking", s.counter()
        assert s.ledger(session) == {}
        s.ctl("card", "tap", "visa-approve")
        s.wait_connector(1, "armed")
        s.ctl("car", 1, "plug")
        s.wait_connector(1, "charging")
        wait_until("some energy", lambda: s.connector(1)["EnergyWh"] > 20)
        s.stop(1)
        assert_captured_once(s, session)


def cost_reaches_the_hold():
    with street(SHORT + "[connector 1]\nhold_minor = 20\n") as s:
        s.start()
        session = s.charge(1)
        s.wait_connector(1, "finishing", "settling", "free", seconds=60)
        s.wait_connector(1, "free")
        ledger = assert_captured_once(s, session)
        assert 0 < minor(ledger["captured"]) <= 20, ledger
        ends = [p for _, _, kind, p in s.entries(session) if kind == "bay" and p["to"] == "finishing"]
        assert ends[0]["reason"] == "limit", ends
        assert not [p for _, _, kind, p in s.entries(session) if kind == "finding"]


def two_bays_overlap():
    with street() as s:
        s.start()
        first = s.charge(1, "visa-approve", wh=30)
        s.wait_counter("welcome")
        wait_until("the first tap is over", lambda: s.ctl("status")["card"]["held"] is None)
        second = s.charge(2, "visa-second", wh=30)
        assert s.connector(1)["State"] == s.connector(2)["State"] == "charging"
        s.ctl("acquirer", "fault", "delay", op="capture", ms=2000, count=2)
        s.stop(1)
        s.stop(2)
        wait_until("both settling", lambda: s.connector(1)["State"] == s.connector(2)["State"] == "settling")
        assert_captured_once(s, first)
        assert_captured_once(s, second)
        numbers = sorted(p["receipt"] for _, _, kind, p in s.entries() if kind == "bill")
        assert numbers == [1, 2], numbers


# ---- what goes wrong -------------------------------------------------------------------------------------------------

def silent_gateway(when):
    with street() as s:
        s.start()
        s.ctl("acquirer", "fault", "silent", op="authorize", when=when)
        session = s.offer(1)
        s.ctl("card", "tap", "visa-approve")
        s.wait_counter("outcome", seconds=30)
        assert s.connector(1)["State"] == "free"
        s.ctl("car", 1, "plug")
        assert_released(s, session)
        assert relay_is_open(s, 1)
        assert s.connector(1)["EnergyWh"] == 0


def dropped_capture_answer():
    with street() as s:
        s.start()
        session = s.charge(1, wh=40)
        s.ctl("acquirer", "fault", "drop", op="capture", when="after", count=2)
        s.stop(1)
        s.wait_connector(1, "free", seconds=30)
        assert_captured_once(s, session)


def capture_answer(kind):
    with street() as s:
        s.start()
        session = s.charge(1, wh=40)
        s.ctl("acquirer", "fault", kind, op="capture", when="after", count=1)
        s.stop(1)
        s.wait_connector(1, "free", seconds=30)
        assert_captured_once(s, session)


def reader_killed_mid_tap():
    with street() as s:
        s.start()
        session = s.offer(1)
        s.ctl("card", "tap", "visa-slow")
        wait_until("the card is being read", lambda: s.ctl("status")["reader"]["apdus"] >= 2)
        os.kill(s.reader_pid(), signal.SIGKILL)
        s.wait_counter("outcome", "welcome", "offer", seconds=20)
        assert s.ledger(session) == {} or minor(s.ledger(session)["open"]) == 0
        s.ctl("card", "remove")
        s.call("Cancel")
        wait_until("the reader is back", lambda: s.counter_state() == "welcome", 20)
        again = s.charge(1, wh=20)
        s.stop(1)
        assert_captured_once(s, again)


def controller_cable_pulled():
    with street() as s:
        s.start()
        session = s.charge(1, wh=60)
        last = s.connector(1)["EnergyWh"]
        s.ctl("controller", 1, "cable", "pull")
        s.wait_connector(1, "fault", seconds=40)
        ledger = assert_captured_once(s, session)
        bill = [p for _, _, kind, p in s.entries(session) if kind == "bill"][0]
        assert last <= bill["energy_wh"] <= last + 40, (last, bill)
        s.ctl("controller", 1, "cable", "back")
        s.wait_connector(1, "free", seconds=20)
        wait_until("and no energy for nothing", lambda: relay_is_open(s, 1))


def controller_fault_mid_charge():
    with street() as s:
        s.start()
        session = s.charge(1, wh=40)
        s.ctl("controller", 1, "fault", "gfci")
        s.wait_connector(1, "fault", seconds=30)
        assert_captured_once(s, session)
        assert s.choose(1) is not None
        s.ctl("controller", 1, "clear")
        s.wait_connector(1, "free", seconds=30)


def asked_to_end():
    """The command to open waits in line behind whatever the controller was asked last; ten moments of the poll."""
    with street() as s:
        s.start()
        s.charge(1)
        s.ctl("card", "remove")
        for i in range(10):
            wait_until("a car that draws", lambda: s.connector(1)["Car"] == "drawing", 20)
            time.sleep(0.09 * i)
            s.kill(signal.SIGTERM)
            assert relay_is_open(s, 1), f"round {i}: the station is gone, and the car charges on"
            assert s.exits[-1] == 0, s.exits
            s.start()


def nobody_opens():
    """A contactor that cannot be opened keeps nobody for longer than 4 s."""
    with street() as s:
        s.start()
        s.charge(1)
        s.ctl("controller", 1, "misbehave", "silent")
        began = time.monotonic()
        s.kill(signal.SIGTERM)
        assert 1 < time.monotonic() - began < 6, time.monotonic() - began
        assert s.exits[-1] == 0, s.exits


def what_screens_are_told():
    with street(connectors=2) as s:
        s.start()
        free = s.connector(1)
        assert free["Prices"] and all("kind" in p and "price" in p for p in free["Prices"]), free["Prices"]
        assert free["Example"][0] in (10000, 20000) and free["Example"][2] > 0, free["Example"]
        assert free["OfferHoldMinor"] > 0 and free["Language"] == "" and free["ReceiptUntilBootUs"] == 0, free
        session = s.charge(1, wh=50)
        assert s.at_connector(1, "SetLanguage", "s", "de") is None
        charging = s.connector(1)
        assert charging["Language"] == "de" and charging["PowerW"] > 1000, charging
        assert s.counter()["language"] == "en", s.counter()
        assert "no-such-language" in s.at_connector(1, "SetLanguage", "s", "xx")
        assert "no-such-session" in s.at_connector(2, "SetLanguage", "s", "de")
        assert "no-such-session" in s.call("Receipt", "sss", "X-1", "qr", "de")
        assert "no-such-format" in s.call("Receipt", "sss", session, "html", "de")
        assert s.stop(1) is None
        left = s.wait_connector(1, "free", seconds=30)
        assert left["LastSession"] == session and left["Language"] == "de" and left["ReceiptUntilBootUs"] > 0, left
        assert s.call("Receipt", "sss", session, "qr", "de") is None
        s.kill(signal.SIGTERM)
        s.start()
        again = s.connector(1)
        assert again["ReceiptUntilBootUs"] > 0 and again["Language"] == "de", again
        assert s.at_connector(1, "Dismiss") is None
        gone = s.connector(1)
        assert gone["ReceiptUntilBootUs"] == 0 and gone["Language"] == "" and gone["LastSession"] == session, gone
        languages = [p["language"] for _, _, kind, p in s.entries(session) if kind in ("offered", "language")]
        assert languages == ["en", "de"], languages


def late_approval():
    with street() as s:
        s.start()
        s.ctl("acquirer", "fault", "delay", op="authorize", when="after", ms=8000)
        s.configure("unhurried", "[gateway]\nauthorize_timeout_s = 20\n")
        s.kill(signal.SIGTERM)
        s.start()
        session = s.offer(1)
        s.ctl("card", "tap", "visa-approve")
        s.wait_counter("outcome", seconds=20)      # the deadline of the person, not the answer
        s.ctl("car", 1, "plug")
        wait_until("the late approval came", lambda: any(k == "approved" for _, _, k, _ in s.entries(session)), 30)
        assert_released(s, session)
        assert s.connector(1)["Session"] != session
        assert relay_is_open(s, 1)


def partial_approval_is_declined():
    with street() as s:
        s.start()
        s.ctl("acquirer", "rule", "partial", count=1)
        session = s.offer(1)
        s.ctl("card", "tap", "visa-approve")
        outcome = s.wait_counter("outcome")
        assert outcome["outcome"] == "declined", outcome
        assert_released(s, session)


def connection_ahead_of_time():
    with street() as s:
        s.start()
        session = s.offer(1)
        knock = wait_until("a connection to the acquirer", lambda: [v for v in s.ctl("acquirer", "requests")["times"]
                                                                    if v["answered_us"]])
        assert len(knock) == 1 and knock[0]["fresh"], knock
        s.ctl("card", "tap", "visa-approve")
        s.wait_counter("outcome")
        visit = s.ctl("acquirer", "requests")["times"][1]
        assert visit["act"] == "authorize" and not visit["fresh"], visit
        assert [line["op"] for line in s.ledger_lines(session)] == ["authorize"], "the knock is in the book"


if __name__ == "__main__":
    tap.run([
        ("declined: no hold, no energy", declined),
        ("never plugs in: the hold is released within its deadline", never_plugs_in),
        ("unplugged mid-charge: captured what flowed", unplugged_mid_charge),
        ("the same card stops the session", stopped_by_the_same_card),
        ("one card, one hold", one_card_one_hold),
        ("a tap without an offer on the screen takes no money", tap_without_an_offer),
        ("an RFID card is not known here", rfid_is_not_known),
        ("a Mastercard is not accepted yet", mastercard_is_not_accepted_yet),
        ("a card that leaves too early may come again", card_leaves_too_early),
        ("the cost reaches the hold and never passes it", cost_reaches_the_hold),
        ("two bays overlap in charging and in settling", two_bays_overlap),
        ("gateway silent on authorization, request lost: no energy, no orphan hold", lambda: silent_gateway("before")),
        ("gateway silent on authorization, answer lost: no energy, no orphan hold", lambda: silent_gateway("after")),
        ("answer to a capture dropped: captured once", dropped_capture_answer),
        ("answer to a capture truncated: captured once", lambda: capture_answer("truncate")),
        ("answer to a capture sent twice: captured once", lambda: capture_answer("twice")),
        ("capture delivered twice: captured once", lambda: capture_answer("duplicate")),
        ("capture answered 502: captured once", lambda: capture_answer("502")),
        ("reader killed mid-tap: no money, and the next driver is served", reader_killed_mid_tap),
        ("controller cable pulled mid-charge: billed to the last reading", controller_cable_pulled),
        ("controller fault mid-charge: billed, then out of order until cleared", controller_fault_mid_charge),
        ("asked to end, the station leaves no contactor closed", asked_to_end),
        ("asked to end, the station waits no longer than it must", nobody_opens),
        ("what screens are told: language, power, example, receipt", what_screens_are_told),
        ("a late approval for a driver who left is released", late_approval),
        ("a partial approval is reversed and shown as declined", partial_approval_is_declined),
        ("the connection to the acquirer is there before the tap", connection_ahead_of_time),
    ])
