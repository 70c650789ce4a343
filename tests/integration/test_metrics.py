# SPDX-License-Identifier: Apache-2.0
"""The numbers that a station shows to collectors, held against the acquirer's ledger and the journal; and what happens
to it when somebody else than a collector knocks."""
import os
import random
import socket
import subprocess
import time

import scrape
import tap
import witness
from scrape import Page
from street import DEST, STATION, Street, wait_until


def listening(pid):
    """The TCP ports that a process listens at, as the kernel says."""
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            inodes.add(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except OSError:
            continue
    ports = []
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}") as f:
            rows = [line.split() for line in f.readlines()[1:]]
        ports += [(int(r[1].split(":")[1], 16), r[1].split(":")[0]) for r in rows
                  if r[3] == "0A" and f"socket:[{r[9]}]" in inodes]
    return ports


def nothing_listens_unless_it_is_said():
    with Street() as street:
        street.start()
        assert listening(street.daemon.pid) == []
        street.kill()
        street.configure("metrics", scrape.CONF)
        street.start()
        assert listening(street.daemon.pid) == [(scrape.port(street), "0100007F")], listening(street.daemon.pid)


def cents(ledger, member):
    return witness.minor(ledger[member])


def counts_agree_with_the_ledger():
    with Street(conf=scrape.CONF) as street:
        street.start()
        before = Page(street)
        assert before.value("tapwatt_money_captured_minor_total", currency="EUR") == 0
        assert before.value("tapwatt_connectors", state="free") == 2
        assert before.maybe("tapwatt_gateway_up") is None

        session = street.charge(1, wh=60)
        running = Page(street)
        assert running.value("tapwatt_holds_open") == 1 and running.value("tapwatt_holds_waiting") == 0
        assert 0 < running.value("tapwatt_holds_oldest_age_seconds") < 60
        assert running.value("tapwatt_connectors", state="charging") == 1
        assert running.value("tapwatt_power_watts", connector="1") > 1000
        assert running.value("tapwatt_power_watts", connector="2") == 0
        assert running.value("tapwatt_money_held_minor_total", currency="EUR") == 5000

        declined = street.offer(2)
        street.ctl("card", "tap", "visa-decline")
        street.wait_counter("outcome")
        assert street.stop(1) is None
        street.wait_connector(1, "free")
        street.wait_settled()

        page = Page(street)
        ledger = street.ledger(session)
        bill = [p for _, _, kind, p in street.entries(session) if kind == "bill"][0]
        assert page.value("tapwatt_money_held_minor_total", currency="EUR") == cents(ledger, "authorized") == 5000
        assert page.value("tapwatt_money_captured_minor_total", currency="EUR") == cents(ledger, "captured") > 0
        assert page.value("tapwatt_money_billed_minor_total", currency="EUR") == bill["price_minor"]
        assert page.value("tapwatt_energy_billed_wh_total") == bill["energy_wh"] >= 60
        assert abs(bill["energy_wh"] - witness.delivered_wh(street)) <= witness.TOLERANCE_WH
        assert page.value("tapwatt_money_refunded_minor_total", currency="EUR") == 0
        assert page.value("tapwatt_holds_open") == 0 and page.value("tapwatt_holds_oldest_age_seconds") == 0

        lines = street.ctl("ledger")["lines"]
        approved = sum(line["move"] == "hold" for line in lines)
        assert page.value("tapwatt_requests_total", operation="authorize", outcome="approved") == approved == 1
        assert page.value("tapwatt_requests_total", operation="authorize", outcome="declined") == 1
        captures = sum(line["move"] == "capture" for line in lines)
        assert page.value("tapwatt_requests_total", operation="capture", outcome="done") == captures == 1
        assert sum(page.all("tapwatt_declines_total").values()) == 1
        assert page.value("tapwatt_declines_total", reason="declined") == 1
        assert page.value("tapwatt_tap_to_result_seconds_count") == 2
        assert 0 < page.value("tapwatt_tap_to_result_seconds_sum") < 40
        assert page.value("tapwatt_offers_total") == 2
        assert page.value("tapwatt_visits_total", reached="approved") == 1   # the one who was declined is still there
        assert street.busctl("call", DEST, STATION, DEST, "Receipt", "sss", session, "qr", "en").returncode == 0
        wait_until("the receipt is a fact",
                   lambda: Page(street).value("tapwatt_receipts_total", how="shown") == 1)
        assert page.value("tapwatt_sessions_started_total") == 1
        assert page.value("tapwatt_sessions_ended_total", reason="stop") == 1
        assert sum(page.all("tapwatt_sessions_ended_total").values()) == 1
        assert page.value("tapwatt_gateway_up") == page.value("tapwatt_payment_path_up") == 1
        assert page.value("tapwatt_reader_up") == page.value("tapwatt_in_service") == 1
        assert page.value("tapwatt_test_mode") == 1
        assert 0 <= time.time() - page.value("tapwatt_last_capture_time_seconds") < 60
        assert page.value("tapwatt_journal_commits_total", outcome="failed") == 0
        assert Page(street).value("tapwatt_journal_entries_total") == len(street.entries())
        assert declined not in page.text


def restart_keeps_the_present():
    with Street(conf=scrape.CONF) as street:
        street.start()
        street.charge(1, wh=20)
        before = Page(street)
        street.kill()
        street.start()
        street.wait_connector(1, "charging")
        after = Page(street)
        assert after.value("tapwatt_holds_open") == 1
        assert after.value("tapwatt_holds_oldest_age_seconds") >= before.value("tapwatt_holds_oldest_age_seconds")
        assert after.value("tapwatt_money_held_minor_total", currency="EUR") == 0
        assert after.value("tapwatt_money_held_minor_created", currency="EUR") \
            > before.value("tapwatt_money_held_minor_created", currency="EUR")
        assert street.stop(1) is None
        street.wait_connector(1, "free")
        street.wait_settled()
        page = Page(street)
        captured = sum(cents(payment, "captured") for payment in street.ledger())
        assert page.value("tapwatt_money_captured_minor_total", currency="EUR") == captured > 0
        assert page.value("tapwatt_sessions_started_total") == 0
        assert page.value("tapwatt_sessions_ended_total", reason="stop") == 1


def says_nothing_of_cards_or_sessions():
    with Street(conf=scrape.CONF) as street:
        street.start()
        session = street.charge(1, wh=20)
        texts = {session}
        for _, _, _, payload in street.entries(session):
            card = payload.get("card", {})
            texts |= {card[key] for key in ("masked", "fingerprint", "aid", "label") if card.get(key)}
            texts |= {payload[key] for key in ("key", "digest", "approval_code") if payload.get(key)}
        assert len(texts) >= 6, texts
        page = Page(street)
        found = [text for text in texts if text in page.text or text[-8:] in page.text]
        assert not found, found
        assert len(page.samples) < 500, len(page.samples)


def both_dialects_are_understood():
    with Street(conf=scrape.CONF) as street:
        street.start()
        new, old = Page(street), Page(street, accept="text/plain")
        assert new.text.endswith("# EOF\n") and "# EOF" not in old.text
        assert {n for n in new.names() if not n.endswith("_created")} == old.names()
        for family in new.families.values():
            assert family.documentation, family.name
            assert not family.unit or family.name.endswith("_" + family.unit), family.name
        assert promtool("check", "metrics", text=old.text) == (0, "")
        assert promtool("check", "metrics", text="# TYPE a_total gauge\na_total 1\n")[0] != 0


def promtool(*args, text=None):
    done = subprocess.run(["promtool", *args], input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def knock(number, data):
    try:
        return scrape.exchange(number, data, seconds=20)
    except OSError:
        return b""


def rude_bytes():
    noise = random.Random(4)
    yield from (noise.randbytes(noise.randrange(1, 5000)) for _ in range(40))
    yield b"GET /metrics HTTP/1.1\r\n" + b"X: " + b"y" * 100000 + b"\r\n\r\n"
    yield b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n"
    yield b"GET /metrics HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % i for i in range(5000)) + b"\r\n"
    yield b"GET /metrics HTTP/9.9\r\n\r\n"
    yield b"GET /metrics%00%0d%0a HTTP/1.1\r\nHost: a\r\n\r\n"
    yield b"POST /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"
    yield b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"
    yield b"\r\n" * 20000
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)


def memory_kib(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def rudeness_does_not_disturb():
    with Street(conf=scrape.CONF) as street:
        street.start()
        number = scrape.port(street)
        session = street.charge(1, wh=5)
        before = memory_kib(street.daemon.pid)
        for data in rude_bytes():
            answer = knock(number, data)
            assert b" 200 " not in answer.split(b"\r\n")[0], (data[:80], answer[:80])
        assert Page(street).value("tapwatt_connectors", state="charging") == 1
        assert memory_kib(street.daemon.pid) - before < 4096

        # All places taken by people who say nothing, or a byte now and then, and more who wait behind them.
        begun = time.monotonic()
        slow = [socket.create_connection(("127.0.0.1", number), timeout=20) for _ in range(20)]
        hung_up = []
        while len(hung_up) < 8 and time.monotonic() - begun < 40:
            for one in slow:
                if one not in hung_up and not drip(one):
                    hung_up.append(one)
            assert street.connector(1)["Session"] == session
            time.sleep(0.2)
        assert len(hung_up) >= 8, f"{len(hung_up)} of those who drip were hung up on"
        assert time.monotonic() - begun >= 9, "they had ten seconds"
        for one in slow:
            one.close()
        assert wait_until("the page again", lambda: b" 200 " in knock(number, b"GET /metrics HTTP/1.0\r\n\r\n")[:20])
        assert street.stop(1) is None
        street.wait_connector(1, "free")
        street.wait_settled()
        assert cents(street.ledger(session), "captured") > 0


def drip(connection):
    """One more byte of a header that never ends. False: the other end has hung up."""
    try:
        connection.settimeout(0.001)
        connection.sendall(b"G")
        return connection.recv(100) not in (b"",)
    except TimeoutError:
        return True
    except OSError:
        return False


def other_requests_are_refused():
    with Street(conf=scrape.CONF) as street:
        street.start()
        number = scrape.port(street)
        assert scrape.get(number, "/")[0] == 404
        assert scrape.get(number, "/metrics/../../etc/passwd")[0] == 404
        assert scrape.get(number, "/metrics?a=b")[0] == 200
        status, headers, body = scrape.get(number, method="HEAD")
        assert status == 200 and int(headers["Content-Length"]) > 1000 and not body
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "BREW"):
            status, headers, _ = scrape.get(number, method=method)
            assert status == 405 and headers["Allow"] == "GET, HEAD", (method, status)
        posted = scrape.exchange(number, b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\nxx")
        assert b" 405 " in posted.split(b"\r\n")[0], posted


if __name__ == "__main__":
    tap.run([
        ("nothing listens unless the configuration says so", nothing_listens_unless_it_is_said),
        ("what was charged, held and declined agrees with the acquirer's ledger", counts_agree_with_the_ledger),
        ("a restart begins the counters anew and keeps the present", restart_keeps_the_present),
        ("nothing of a card or a session is told", says_nothing_of_cards_or_sessions),
        ("OpenMetrics and the older text are read by parsers that are not ours", both_dialects_are_understood),
        ("garbage, floods and slow callers do not disturb a session", rudeness_does_not_disturb),
        ("anything but reading the one page is refused", other_requests_are_refused),
    ])
