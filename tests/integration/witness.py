# SPDX-License-Identifier: Apache-2.0
"""What became of the money, asked of those who have no reason to flatter the station: the acquirer's ledger, the
controller at the car, the price calculator of tests/lib, and a chain of hashes computed here."""
import contextlib
import hashlib
import json
import os
import sqlite3
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import pricer  # noqa: E402

# Counters are cut to whole Wh at several places, and the register moves on between the last look and the open relay.
TOLERANCE_WH = 3


def chain(path):
    """The number of entries of a journal whose every hash is right, by the rule in payment/journal/entry.h."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT seq, wall_us, boot_us, boot_id, synced, session, kind, payload, hash"
                          " FROM entry ORDER BY seq")
        previous, count = bytes(32), 0
        for seq, wall, boot, boot_id, synced, session, kind, payload, digest in rows.fetchall():
            count += 1
            assert seq == count, f"entry {count} is missing"
            data = previous + struct.pack(">QqQ", seq, wall, boot) + boot_id + bytes([synced])
            data += struct.pack(">Q", 2 ** 64 - 1) if session is None else text(session.encode())
            data += text(kind.encode()) + text(bytes(payload))
            previous = hashlib.sha256(data).digest()
            assert previous == digest, f"entry {seq} does not fit its hash"
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return count


def text(value):
    return struct.pack(">Q", len(value)) + value


def payloads(entries, kind):
    return [p for _, _, k, p in entries if k == kind]


def usage(entries):
    """Energy and times from the readings alone; a slice lasts whole milliseconds and has the phase that it began in."""
    marks = payloads(entries, "reading")
    found = {"energy_wh": 0, "charging_ms": 0, "parking_ms": 0, "grace_ms": 0, "last": "charging"}
    for then, now in zip(marks, marks[1:]):
        assert now["register_wh"] >= then["register_wh"] and now["boot_us"] >= then["boot_us"], (then, now)
        found["energy_wh"] += now["register_wh"] - then["register_wh"]
        if then["phase"] != "blocked":
            found[then["phase"] + "_ms"] += (now["boot_us"] - then["boot_us"]) // 1000
            found["last"] = "charging" if then["phase"] == "charging" else "parking"   # a grace is free parking
    return found


def minor(amount):
    """"12.34" in cents."""
    return int(amount.replace(".", ""))


def price(entries, tariff):
    gross, _ = pricer.minor(pricer.parse(json.dumps(tariff)), usage(entries))
    return gross


def delivered_wh(street, connector=1, since=1234000):
    """What the controller let through, all cars together."""
    status = street.ctl("status")["controller"][str(connector)]
    return status["total_wh"] - since + (status["session_ws"] // 3600 if status["plugged"] else 0)


def is_quiet(street, connector=1):
    status = street.ctl("status")["controller"][str(connector)]
    return not status["relay"] and status["current_ma"] == 0


def judge(street, session, tariff, hold=5000):
    """Holds one session that is over against the rules: nothing twice, nothing open, capture = min (price, hold) or all
    given back. Returns what was captured, in cents."""
    entries = street.entries(session)
    bills = payloads(entries, "bill")
    ledger = street.ledger(session)
    lines = [line for line in ledger_lines(street) if line["code"] == session]
    holds = [line for line in lines if line["move"] == "hold"]

    assert len(bills) <= 1, bills
    assert len(holds) <= 1, holds
    due = 0
    if bills:
        due = min(price(entries, tariff), hold)
        assert bills[0]["capture_minor"] == due, (bills[0], usage(entries), price(entries, tariff))
    if not holds:
        assert due == 0 and (not ledger or ledger["authorized"] == "0.00"), (due, ledger)
        return 0
    assert minor(ledger["authorized"]) == hold, ledger
    assert minor(ledger["captured"]) == due, (ledger, due)
    assert minor(ledger["reversed"]) == hold - due, ledger
    assert ledger["open"] == "0.00" and ledger["expired"] == "0.00" and ledger["refunded"] == "0.00", ledger
    assert [line["move"] for line in lines].count("capture") == (1 if due else 0), lines
    assert [line["move"] for line in lines].count("release") == (1 if due < hold else 0), lines
    return due


def ledger_lines(street):
    return street.ctl("ledger").get("lines", [])


def judge_all(street, tariff, hold=5000):
    """Every session that the journal or the acquirer knows. Returns {session: captured}."""
    sessions = {s for _, s, _, _ in street.entries() if s is not None}
    sessions |= {line["code"] for line in ledger_lines(street) if line["code"]}
    return {session: judge(street, session, tariff, hold) for session in sorted(sessions)}
