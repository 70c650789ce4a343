# SPDX-License-Identifier: Apache-2.0
"""A day of a real station on the virtual street, as the rows that the books are made of: each must say what the
acquirer's ledger says. "tapwatt journal export --sales" tells them."""
import csv
import io
import json
import os

import tap
import witness
from street import Street, wait_until

CONF = """
[deadlines]
outcome_s = 1
armed_s = 3
finishing_s = 8
settling_s = 5
retry_first_s = 0.3
retry_most_s = 1
[gateway]
follow_up_timeout_s = 3
late_s = 3
[connector 2]
hold_minor = 300
tariff = {tariff}
"""
# 20 EUR a kWh: what the controller can be believed to have let through in seconds is more than the hold.
DEAR = {"country_code": "DE", "party_id": "TWT", "id": "DEAR", "currency": "EUR",
        "last_updated": "2026-01-01T00:00:00Z",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 20, "vat": 0, "step_size": 1}]}]}


def at_welcome(street):
    street.wait_counter("welcome")
    wait_until("the tap is over", lambda: street.ctl("status")["card"]["held"] is None)


def captured(street):
    session = street.charge(1, wh=40)
    street.stop(1)
    street.wait_over(session)
    street.ctl("car", 1, "unplug")
    return session


def released(street):
    session = street.pay(1)
    street.wait_over(session)
    return session


def declined(street):
    session = street.offer(1)
    street.ctl("card", "tap", "visa-decline")
    street.wait_counter("outcome")
    street.wait_over(session)
    return session


def refused(street):
    session = street.charge(1, wh=40)
    street.ctl("acquirer", "fault", "refuse", op="capture", reason="EXCEEDS_AUTH_AMOUNT", count=1)
    street.stop(1)
    street.wait_over(session)
    street.ctl("car", 1, "unplug")
    return session


def over_hold(street):
    """Energy flowed on while the station was down."""
    session = street.charge(2, "visa-second", wh=5)
    street.kill()
    street.ctl("controller", 2, "energy", 190)
    street.start()
    street.wait_over(session)
    return session


def unknown(street):
    session = street.charge(1, wh=40)
    street.ctl("acquirer", "down")
    street.stop(1)
    wait_until("a capture that nobody answers",
               lambda: any(p["outcome"] == "unknown" for p in witness.payloads(street.entries(session), "answer")))
    return session


def rows_of(street):
    directory = os.path.dirname(street.journal_path())
    done = street.tapwatt("journal", "export", directory, "--sales")
    assert done.returncode == 0, done.stderr
    exported = os.path.join(street.dir, "journal.jsonl")
    assert street.tapwatt("journal", "export", directory, "--output", exported).returncode == 0
    again = street.tapwatt("journal", "export", exported, "--sales")
    assert again.stdout == done.stdout, (done.stdout, again.stdout, again.stderr)
    return {row["session"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def assert_as_the_ledger_says(street, row):
    session = row["session"]
    ledger, lines = street.ledger(session), street.ledger_lines(session)
    entries = street.entries(session)
    taken = [line for line in lines if line["move"] == "capture"]
    assert row["payment_ref"] == session and row["currency"] == "EUR" and row["test_mode"] == "true", row
    assert int(row["captured_minor"]) == witness.minor(ledger.get("captured", "0.00")), (row, ledger)
    assert int(row["held_minor"]) == witness.minor(ledger.get("authorized", "0.00")), (row, ledger)
    assert int(row["second_capture_minor"]) == int(row["refunded_minor"]) == 0, row
    held = [line for line in lines if line["move"] == "hold"]
    assert row["psp_ref"] == (held[0]["id"] if held else ""), (row, held)
    assert len(taken) <= 1 and row["capture_ref"] == (taken[0]["id"] if taken else ""), (row, taken)
    assert row["settlement_ref"] == (taken[0]["id"][7:] + "C" if taken else ""), (row, taken)   # app/bench/answers.c
    assert (row["captured"] != "") == bool(taken), row
    bills, readings = witness.payloads(entries, "bill"), witness.payloads(entries, "reading")
    assert (row["billed"] == "true") == bool(bills), row
    if bills:
        energy = readings[-1]["register_wh"] - readings[0]["register_wh"]
        assert int(row["energy_wh"]) == bills[0]["energy_wh"] == energy, (row, bills)
        assert row["price_minor"] == row["repriced_minor"] == str(bills[0]["price_minor"]), (row, bills)
        assert row["tariff_shown"] == row["tariff_priced"] == bills[0]["tariff"] and row["shown_minor"] == "", row
        assert int(row["receipt_number"]) == bills[0]["receipt"], (row, bills)


def a_day():
    with Street() as street:
        tariff = os.path.join(street.dir, "dear.json")
        with open(tariff, "w") as out:
            json.dump(DEAR, out)
        street.configure("test", CONF.format(tariff=tariff))
        street.start()
        played = {}
        for story in (captured, released, declined, refused, over_hold, unknown):
            played[story.__name__] = story(street)
            if story is not unknown:
                at_welcome(street)
        street.kill()
        rows = rows_of(street)
        for name, session in played.items():
            assert_as_the_ledger_says(street, rows[session])
        state = {name: rows[session]["state"] for name, session in played.items()}
        assert state == {"captured": "captured", "released": "released", "declined": "no-hold", "refused": "refused",
                         "over_hold": "captured", "unknown": "unknown"}, state
        assert len(rows) == len(played), rows.keys()

        row = rows[played["over_hold"]]
        assert int(row["price_minor"]) > int(row["captured_minor"]) == int(row["held_minor"]) == 300, row
        row = rows[played["unknown"]]
        assert row["unknown_operation"] == "capture" and row["unknown_minor"] == row["price_minor"], row
        assert all(rows[played[name]]["unknown_minor"] == "" for name in played if name != "unknown"), rows
        row = rows[played["captured"]]
        assert row["captured"] >= row["ended"] >= row["started"] and row["hold_until"] > row["captured"], row
        assert (row["tail"], row["brand"]) == ("1111", "visa") and row["approval"] and row["evse"], row


if __name__ == "__main__":
    tap.run([("a day's sales are what the acquirer's ledger says", a_day)])
