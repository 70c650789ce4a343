# SPDX-License-Identifier: Apache-2.0
"""What the operator is told of a running station: tapwatt status, sessions, receipt and doctor beside the real daemon.
Held against D-Bus as busctl sees it, the acquirer's ledger and the separate price calculator."""
import json
import os
import re
import signal
import subprocess
import time

import tap
from street import DEST, STATION, TAPWATT, Street, wait_until
from test_stories import SHORT, minor, price_of


def street(conf=SHORT, **more):
    return Street(conf=conf, **more)


def config(s):
    return os.path.join(s.dir, "tapwatt.conf")


def tapwatt(s, status, *words):
    """Insists on the exit status; what it said, or the parsed JSON."""
    done = s.tapwatt(*words)
    said = f"tapwatt {' '.join(words)}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.returncode == status, said
    if status in (2, 3):
        assert done.stderr.count("\n") == 1 and not done.stdout, said
        return done.stderr
    assert not done.stderr, said
    return json.loads(done.stdout) if "--json" in words else done.stdout


def nobody_there():
    with street() as s:
        said = tapwatt(s, 3, "status")
        assert "is the station running (systemctl status tapwattd)?" in said and "tapwatt sessions" in said, said
        tapwatt(s, 3, "status", "--json")
        done = subprocess.run([TAPWATT, "status"], capture_output=True, text=True, timeout=60,
                              env=dict(s.env(), DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={s.dir}/no-bus"))
        assert done.returncode == 3 and "no system bus" in done.stderr and done.stderr.count("\n") == 1, done
        s.start()
        s.kill(signal.SIGKILL)
        tapwatt(s, 3, "status")


def status_of_a_day():
    """Each state of a session, in words and in JSON, beside what busctl reads from the same bus."""
    with street() as s:
        s.start()
        text = tapwatt(s, 0, "status")
        assert "TEST MODE" in text and "BENCH-1" in text and "welcome" in text and "nothing on its way" in text, text
        assert len(re.findall(r"^connector [12] +free, car: none$", text, re.M)) == 2, text
        assert text.count("0.49 per kWh, 6.00 per hour of parking (EUR)") == 2, text   # assets/tariffs/demo.json

        session = s.offer(1)
        text = tapwatt(s, 0, "status")
        assert re.search(r"asking, connector 1, hold of 50\.00 EUR, shows \"[a-z-]+\", \d+ s left", text), text
        assert session in text, text

        s.ctl("card", "tap", "visa-approve")
        s.wait_connector(1, "armed")
        s.ctl("car", 1, "plug")
        s.wait_connector(1, "charging")
        wait_until("some energy", lambda: s.connector(1)["EnergyWh"] > 20)
        before, report, after = s.connector(1), tapwatt(s, 0, "status", "--json"), s.connector(1)
        one, two = report["connectors"]
        assert report["station"]["test_mode"] is True and report["station"]["id"] == "BENCH-1"
        assert (one["state"], one["session"], one["hold_minor"]) == ("charging", session, 5000), one
        assert before["EnergyWh"] <= one["energy_wh"] <= after["EnergyWh"], (before, one, after)
        assert before["PriceMinor"] <= one["price_minor"] <= after["PriceMinor"], (before, one, after)
        assert one["power_wanted"] is True and one["current_ma"] > 0 and one["money"] == "held", one
        assert [(p["kind"], p["gross_price"], p["tax_percent"]) for p in one["prices"]] == [
            ("energy", "0.49", "19"), ("parking-time", "6.00", "19")], one
        assert (two["state"], two["session"], two["number"]) == ("free", "", 2), two
        assert report["claims"] == []
        text = tapwatt(s, 0, "status")
        assert re.search(rf"session {session}: 0\.\d{{3}} kWh, 0\.\d\d EUR of a hold of 50\.00 EUR, held", text), text

        s.ctl("acquirer", "fault", "502", op="capture", count=3)
        s.stop(1)
        wait_until("a claim that is asked again", lambda: any(c.get("attempts", 0) > 0 for c in s.open_claims()))
        done = s.tapwatt("status")
        if s.open_claims():        # it may just have been answered
            assert done.returncode == 1 and "! capture 0." in done.stdout and session in done.stdout, done.stdout
        s.wait_settled()
        text = tapwatt(s, 0, "status")
        assert "nothing on its way" in text, text


def out_of_order():
    with street() as s:
        s.start()
        s.ctl("controller", 1, "cable", "pull")
        wait_until("the controller is missed", lambda: s.connector(1)["Fault"] == "controller-lost", 40)
        text = tapwatt(s, 1, "status")
        assert re.search(r"^connector 1 +\w+ !  controller-lost, ", text, re.M), text
        assert tapwatt(s, 1, "status", "--json")["connectors"][0]["fault"] == "controller-lost"
        s.ctl("controller", 1, "cable", "back")
        wait_until("it is well again", lambda: s.tapwatt("status").returncode == 0, 40)


def sessions_and_receipts():
    with street() as s:
        s.start()
        declined = s.offer(1)
        s.ctl("card", "tap", "visa-decline")
        s.wait_counter("outcome")
        s.wait_counter("welcome")
        s.ctl("card", "remove")
        paid = s.charge(1, wh=60)
        running = tapwatt(s, 0, "sessions", "--config", config(s), "--json")["sessions"]
        assert [(e["session"], e["money"], e["over"]) for e in running] == [
            (declined, "no-hold", True), (paid, "held", False)], running
        s.stop(1)
        s.wait_over(paid)
        s.wait_settled()

        ledger, price = s.ledger(paid), price_of(s, paid)
        assert minor(ledger["captured"]) == price > 0
        for where in (("--config", config(s)), ("--journal", s.journal_path()),
                      ("--journal", os.path.dirname(s.journal_path()))):
            report = tapwatt(s, 0, "sessions", *where, "--json")
            entry = [e for e in report["sessions"] if e["session"] == paid][0]
            assert (entry["price_minor"], entry["captured_minor"], entry["money"]) == (price, price, "captured"), entry
            assert report["totals"] == [{
                "test_mode": True, "currency": "EUR", "sessions": 2, "stand_out": 0, "energy_wh": entry["energy_wh"],
                "price_minor": price, "captured_minor": price}], report
        text = tapwatt(s, 0, "sessions", "--config", config(s))
        amount = f"{price // 100}.{price % 100:02d}"
        assert "TEST MODE" in text, text
        row = rf"^ +{paid} +000001 .* 1 +over: stop +0\.\d{{3}} +{amount} +{amount} +50\.00 +EUR +captured +TEST$"
        assert re.search(row, text, re.M), text
        assert re.search(rf"^ +{declined} .* over: declined .* no-hold +TEST$", text, re.M), text

        paper = tapwatt(s, 0, "receipt", paid, "--config", config(s))
        answer = s.busctl("call", DEST, STATION, DEST, "Receipt", "sss", paid, "text", "en")
        live = json.loads(answer.stdout)["data"][0]
        assert paper == live and "TEST MODE" in paper and f"{amount} EUR" in paper, paper
        report = tapwatt(s, 0, "receipt", paid, "--config", config(s), "--json")
        assert report["total"]["gross_minor"] == price and report["payment"]["captured_minor"] == price, report
        assert report["test_mode"] is True
        s.kill(signal.SIGKILL)      # and years later, from what was left
        assert tapwatt(s, 0, "receipt", paid, "--config", config(s)) == paper
        assert "SESSION RECORD" in tapwatt(s, 0, "receipt", declined, "--config", config(s))


def unfinished_money_stands_out():
    with street() as s:
        s.start()
        session = s.charge(1, wh=20)
        s.ctl("acquirer", "down")
        s.stop(1)
        s.wait_over(session)
        text = tapwatt(s, 1, "sessions", "--config", config(s))
        assert re.search(rf"^! +{session} .* capture-pending +TEST$", text, re.M), text
        assert re.search(rf"^! +unfinished: {session}-capture-\d", text, re.M), text
        s.ctl("acquirer", "up")
        s.wait_settled()
        tapwatt(s, 0, "sessions", "--config", config(s))


# ---- doctor ---------------------------------------------------------------------------------------------------------

def findings(s, status):
    report = tapwatt(s, status, "doctor", "--config", config(s), "--json")
    return {(f["check"], f["subject"].split("/")[-1]): f for f in report["findings"]}


def doctor_before_and_beside():
    with street() as s:
        found = findings(s, 0)
        assert all(f["severity"] == "ok" and f["advice"] is None for f in found.values()), found
        assert {check for check, _ in found} == {
            "config", "tariff", "device", "secret", "clock", "certificate", "gateway", "journal", "space",
            "zones"}, found
        assert "virtual street" in found["device", "reader"]["text"], found
        s.start()
        session = s.charge(1, wh=20)
        before = len(s.entries())
        found = findings(s, 0)
        assert "(tapwattd, process" in found["device", "controller-1"]["text"], found
        assert "(tapwatt-reader, process" in found["device", "reader"]["text"], found
        assert "the chain is whole" in found["journal", "journal.db"]["text"], found
        assert "answers what we sign" in found["gateway", "apitest.cybersource.com"]["text"], found
        assert s.connector(1)["State"] == "charging" and len(s.entries()) >= before
        reader, energy = s.reader_pid(), s.connector(1)["EnergyWh"]
        for _ in range(3):
            tapwatt(s, 0, "doctor", "--config", config(s))
        wait_until("the car charges on", lambda: s.connector(1)["EnergyWh"] > energy)
        assert s.reader_pid() == reader and s.connector(1)["Fault"] == ""
        s.stop(1)
        s.wait_over(session)
        s.wait_settled()
        assert s.ledger(session)["open"] == "0.00" and len(s.ledger()) == 1     # its search made no payment


def doctor_and_the_gateway():
    with street() as s:
        gateway = ("gateway", "apitest.cybersource.com")
        for order, part, advice in (("untrusted", "its certificate does not verify", "ca_file"),
                                    ("wrong-name", "its certificate does not verify", "host"),
                                    ("expired", "its certificate does not verify", "clock")):
            s.ctl("acquirer", "tls", order)
            found = findings(s, 1)
            assert found[gateway]["severity"] == "fail" and part in found[gateway]["text"], found[gateway]
            assert advice in found[gateway]["advice"], found[gateway]
            assert [f for f in found.values() if f["severity"] != "ok"] == [found[gateway]], found
        s.ctl("acquirer", "tls", "right")
        s.ctl("acquirer", "down")
        found = findings(s, 1)
        assert "nobody listens there" in found[gateway]["text"], found[gateway]
        assert "firewall" in found[gateway]["advice"], found[gateway]
        s.ctl("acquirer", "up")
        s.configure("zz", "[gateway]\nconnect_to = nobody.invalid:443\n")
        assert "name is not known" in findings(s, 1)[gateway]["text"]
        s.configure("zz", "[gateway]\nkey_id = 00000000-0000-0000-0000-000000000000\n")
        found = findings(s, 1)
        assert "refuses our signature (401)" in found[gateway]["text"], found[gateway]
        assert "key_id" in found[gateway]["advice"], found[gateway]
        s.configure("zz", "")
        s.ctl("acquirer", "fault", "502", op="search")
        found = findings(s, 1)
        assert found[gateway]["severity"] == "warn" and "502" in found[gateway]["text"], found[gateway]
        findings(s, 0)
        assert s.ctl("acquirer", "requests")["came"]["authorize"] == 0 and s.ledger() == []


def quick():
    """status is for watch -n 1, and sessions for scripts: neither waits for anything."""
    with street() as s:
        s.start()
        for words in (("status",), ("sessions", "--config", config(s))):
            begin = time.monotonic()
            for _ in range(5):
                tapwatt(s, 0, *words)
            assert time.monotonic() - begin < 30, words     # the machine may be busy; a time-out would be 10 s each


if __name__ == "__main__":
    tap.run([
        ("nobody answers: 3, and what to do", nobody_there),
        ("status tells each state of a session, as busctl sees it", status_of_a_day),
        ("status tells what is out of order", out_of_order),
        ("sessions and receipts agree with the ledger and the calculator", sessions_and_receipts),
        ("unfinished money stands out until it is settled", unfinished_money_stands_out),
        ("doctor beside a running station disturbs nothing", doctor_before_and_beside),
        ("doctor asks the gateway for real", doctor_and_the_gateway),
        ("status and sessions do not wait", quick),
    ])
