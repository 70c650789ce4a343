# SPDX-License-Identifier: Apache-2.0
"""tapwatt report on states of connectors, against tests/lib/uptimes.py: from events.csv and from journals."""
import datetime
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet_station   # noqa: E402
import page            # noqa: E402
import tap             # noqa: E402
import uptimes         # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-uptime-")
HEADER = "session_id,site_id,evse_id,connector_id,plug_in,plug_out,time_zone,energy_kwh\n"
SECOND = 1000000


def report(name, words):
    out = f"{FOLDER.name}/{name}"
    done = subprocess.run([TAPWATT, "report", *words, "--output", out], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    with open(f"{out}/report.json", encoding="utf-8") as file:
        return json.load(file)["figures"], done.stdout


def sessions(evses, at):
    """One short session at each, so that there is something to report on."""
    path = f"{FOLDER.name}/sessions.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEADER)
        for number, evse in enumerate(evses):
            file.write(f"s{number},{evse.site},{evse.name},1,{uptimes.stamp(at)},{uptimes.stamp(at + 600 + number)},"
                       f"{evse.zone},1\n")
    return path


def is_near(found, expected):
    return found is not None and abs(Fraction(found) - expected) < Fraction(1, 10**9)


def check_year(seed, year, last_day):
    """NEVI's twelve months until the end of a day in Berlin, and the UK's calendar years up to it."""
    end = uptimes.second(last_day + "T00:00:00", "Europe/Berlin")
    begin = end - (366 if year % 4 == 0 else 365) * 86400
    evses = uptimes.make(seed, begin, end)
    ports, events = uptimes.write(evses, FOLDER.name)
    figures, _ = report(f"year-{seed}", [
        "--sessions", sessions(evses, end - 86400), "--ports", ports, "--events", events, "--time-zone",
        "Europe/Berlin", "--as-of", uptimes.stamp(end)])
    rows = {row["station"]: row for row in figures["uptime_ports"]["rows"]}
    assert sorted(rows) == [evse.name for evse in evses]
    n_failing = 0
    for evse in evses:
        row, sums = rows[evse.name], uptimes.outages(evse, begin, end)
        assert row["from"] == uptimes.stamp(begin) and row["to"] == uptimes.stamp(end), row
        if not sums[0]:
            assert row["nevi"] is None and row["verdict"] == "not covered", row
            continue
        assert (row["told_s"], row["outage_s"], row["excluded_s"]) == sums, (evse.name, row, sums)
        expected, covered = uptimes.nevi(sums, 1), sums[0] == end - begin
        assert is_near(row["nevi"], expected), (row, float(expected))
        assert is_near(row["coverage"], Fraction(sums[0], end - begin)), row
        verdict = "not covered" if not covered else "pass" if expected > Fraction(97, 100) else "fail"
        assert row["verdict"] == verdict, (row, verdict)
        n_failing += expected <= Fraction(97, 100)
    check_sites(figures, evses, begin, end, n_failing)
    return figures, evses, begin, end


def check_sites(figures, evses, begin, end, n_failing):
    rows = {row["station"]: row for row in figures["uptime"]["rows"]}
    assert list(rows) == ["all", "Alpha", "Beta"]
    assert rows["all"]["failing"] == n_failing > 0 and rows["all"]["untold"] == 1, rows["all"]
    for name, row in rows.items():
        told = [s for e in evses if name in ("all", e.site) for s in [uptimes.outages(e, begin, end)] if s[0]]
        sums = tuple(map(sum, zip(*told)))
        assert row["ports"] == len(told) and (row["outage_s"], row["excluded_s"]) == sums[1:], (row, sums)
        assert is_near(row["nevi"], uptimes.nevi(sums, len(told))), row
        assert is_near(row["observed"], 1 - Fraction(sums[1] - sums[2], sums[0])), row
        assert row["payment_path"] is None and row["success"] is None and row["taps"] == 0, row
    months = [row for row in figures["reliability"]["rows"] if row["rate"] == "uptime"]
    sums = tuple(map(sum, zip(*[uptimes.outages(e, begin, end) for e in evses])))
    assert 12 <= len(months) <= 13 and len(months) == len(figures["reliability"]["rows"])
    assert sum(row["all"] for row in months) == sums[0]
    assert sum(row["good"] for row in months) == sums[0] - sums[1] + sums[2]


def check_uk(figures, evses, end):
    for row in figures["uptime_uk"]["rows"]:
        first = uptimes.second(f"{row['year']}-01-01T00:00:00", "Europe/Berlin")
        last = uptimes.second(f"{int(row['year']) + 1}-01-01T00:00:00", "Europe/Berlin")
        for evse in evses:      # what comes after the end nobody tells
            evse.states = [s for s in evse.states if s[0] < end] + [(end, None, "", False)]
        strong = [e for e in evses if e.power in ("50", "150")
                  and any(status for _, status, _, _ in uptimes.pieces(e, first, last))]
        opened, uptime, strict, coverage = uptimes.uk(strong, first, last)
        assert row["points"] == len(strong) and row["unrated"] == 1, row
        assert row["open_s"] == opened, (row, opened)
        assert is_near(row["uptime"], uptime) and is_near(row["strict"], strict), (row, float(uptime), float(strict))
        assert is_near(row["coverage"], coverage), (row, float(coverage))
        covered = coverage == 1 and not row["untold"]
        assert row["verdict"] == ("not covered" if not covered else "pass" if uptime >= Fraction(99, 100) else "fail")


def a_year_is_what_its_seconds_say():
    """An ordinary year, twelve months across two clock changes that are not those of the year before, and more luck."""
    for seed, year, last in ((1, 2026, "2027-01-01"), (2, 2025, "2026-03-29"), (3, 2026, "2026-10-25"),
                             (4, 2025, "2025-03-01")):
        figures, evses, _, end = check_year(seed, year, last)
        check_uk(figures, evses, end)
        assert not [note for note in figures["uptime"]["notes"] if "366" in note]


def a_leap_year_keeps_its_525600_minutes():
    figures, evses, begin, end = check_year(5, 2024, "2025-01-01")
    assert end - begin == 366 * 86400
    assert [note for note in figures["uptime"]["notes"] if "366 days" in note], figures["uptime"]["notes"]
    check_uk(figures, evses, end)


def the_end_of_february_has_its_twelve_months():
    for last, days in (("2024-02-29", 365), ("2024-03-01", 366), ("2025-02-28", 366), ("2025-03-01", 365)):
        end = uptimes.second(last + "T00:00:00")
        evse = uptimes.Evse("S", "E", "UTC", states=[(end - 800 * 86400, "AVAILABLE", "", False)])
        ports, events = uptimes.write([evse], FOLDER.name)
        figures, _ = report("february", ["--sessions", sessions([evse], end - 86400), "--ports", ports, "--events",
                                         events, "--time-zone", "UTC", "--as-of", uptimes.stamp(end)])
        row = figures["uptime_ports"]["rows"][0]
        assert row["told_s"] == days * 86400 and row["verdict"] == "pass", (last, row)


def nobody_tells():
    figures, _ = report("nobody", ["--sessions", sessions([uptimes.Evse("S", "E", "UTC")], 1780000000)])
    assert figures["uptime"]["rows"] == [] and "--events" in figures["uptime"]["notes"][0], figures["uptime"]
    assert not {"uptime_ports", "uptime_uk", "reliability"} & set(figures)


def what_never_worked_again_is_still_broken():
    """Its last session was months ago, and nobody says when the data ends: the last state that is told does."""
    at = 1780000000
    broken, other = uptimes.Evse("S", "E0", "UTC"), uptimes.Evse("S", "E1", "UTC")
    stray = uptimes.Evse("S", "E2", "UTC", states=[(at, "OUTOFORDER", "", False)])
    broken.states = [(at - 400 * 86400, "AVAILABLE", "", False), (at + 3600, "INOPERATIVE", "", False)]
    other.states = [(at - 400 * 86400, "AVAILABLE", "", False), (at + 90 * 86400, "CHARGING", "", False)]
    _, events = uptimes.write([broken, other, stray], FOLDER.name)
    figures, text = report("broken", ["--sessions", sessions([broken, other], at), "--events", events])
    rows = {row["station"]: row for row in figures["uptime_ports"]["rows"]}
    assert rows["E0"]["outage_s"] == 90 * 86400 - 3600 and rows["E0"]["verdict"] == "fail", rows["E0"]
    assert rows["E1"]["outage_s"] == 0 and rows["E1"]["verdict"] == "pass", rows["E1"]
    assert "1 EVSEs" in figures["uptime"]["notes"][0], figures["uptime"]["notes"]
    assert "E0 of S was up 75.4 %" in text and "uptime " in text, text


def visit(journal, at, name, outcome, **card):
    """A card at connector 1: declined, or approved and charged, or approved and nothing, or hardly anything."""
    reference = json.dumps({"gateway": "cybersource", "id": name})
    say = lambda after, kind, payload: journal.add((at + after) * SECOND, kind, payload, name)
    say(0, "offered", {"connector": 1, "evse_id": "DE*TWT*E1", "tariff": journal.tariff, "seller": journal.seller,
                       "time_zone": "Europe/Berlin", "currency": "EUR", "hold_minor": 4000, "language": "de",
                       "test_mode": False})
    say(2, "referenced", {"operation": "authorize", "key": f"{name}-authorize-1", "reference": reference,
                          "card": dict(card, kind="contactless", brand="visa")})
    if outcome == "declined":
        say(5, "not-approved", {"end": "declined", "reason": "declined", "reference": reference})
        say(6, "counter", {"event": "declined", "from": "authorizing", "to": "outcome", "place": "over"})
        return
    say(5, "approved", {"end": "approved", "held_minor": 4000, "approval_code": "1", "reference": reference})
    say(6, "bay", {"event": "connected", "from": "armed", "to": "charging", "place": "bay", "connector": 1})
    wh = {"charged": 5000, "a sip": 99, "nothing": 0}[outcome]
    for after, why, register in ((10, "begin", 1000), (600, "final", 1000 + wh)):
        say(after, "reading", {"why": why, "phase": "charging" if why == "begin" else "parking",
                               "register_wh": register, "session_ws": -1, "plugged_s": after,
                               "wall_us": (at + after) * SECOND, "boot_us": 0})
    say(601, "bill", {"tariff": journal.tariff, "energy_wh": wh, "net_minor": wh // 20, "price_minor": wh // 20,
                      "capture_minor": wh // 20, "charging_ms": 1, "parking_ms": 0, "exact_gross": "1"})
    operation = "capture" if wh else "release"
    say(601, "request", {"n": 2, "operation": operation, "key": f"{name}-{operation}-2", "amount_minor": wh // 20})
    say(602, "answer", {"n": 2, "key": f"{name}-{operation}-2", "outcome": "done"})
    say(603, "bay", {"event": "settled", "from": "settling", "to": "free", "place": "over", "connector": 1,
                     "reason": "unplugged"})


def a_journal_tells_of_paying_too():
    """Forty days: a fault of a day, a counter that was closed for two hours, half an hour of both, an hour between
    stopping and starting, and a loss of power that nobody saw begin."""
    at = uptimes.second("2026-03-01T12:00:00")
    journal = fleet_station.start("BERLIN-7", at)
    journal.tariff = journal.blob(fleet_station.tariff("EUR", 50))
    start, hour = at - 60, 3600
    step = lambda when, kind, **payload: journal.add(when * SECOND, kind, dict(payload, event="e", place="over"))
    begin = lambda when: journal.add(when * SECOND, "station-started", {
        "version": "1", "config": "0" * 64, "connectors": 1, "test_mode": False})
    for number, outcome in enumerate(["charged", "declined", "a sip", "nothing"]):
        visit(journal, at + number * hour, f"S{number}", outcome, fingerprint=f"7:{str(number + 1) * 32}")
        if outcome == "declined":
            visit(journal, at + number * hour + 300, "S1-again", "charged", fingerprint=f"7:{str(number + 1) * 32}")
    step(at + 10 * hour, "bay", **{"from": "free", "to": "fault", "connector": 1, "reason": "faulted"})
    step(at + 33 * hour + 1800, "counter", **{"from": "welcome", "to": "closed", "reason": "reader-lost"})
    step(at + 34 * hour, "bay", **{"from": "fault", "to": "free", "connector": 1})
    step(at + 35 * hour + 1800, "counter", **{"from": "closed", "to": "welcome"})
    step(at + 50 * hour, "counter", **{"from": "welcome", "to": "closed", "reason": "closing"})
    begin(at + 51 * hour)
    visit(journal, at + 60 * hour, "S4", "charged")
    lost = at + 60 * hour + 603
    begin(at + 63 * hour)
    end = at + 40 * 24 * hour
    visit(journal, end - 603, "S5", "charged")
    figures, text = report("journal", ["--journal", journal.write(f"{FOLDER.name}/berlin"), "--time-zone", "UTC"])
    row = figures["uptime_ports"]["rows"][0]
    outage = 24 * hour + 1800 + hour + hour + (at + 63 * hour - lost)
    assert (row["told_s"], row["outage_s"], row["excluded_s"]) == (end - start, outage, 0), (row, outage)
    assert row["verdict"] == "not covered" and is_near(row["coverage"], Fraction(end - start, 365 * 86400)), row
    everything = figures["uptime"]["rows"][0]
    told = end - start - (at + 63 * hour - lost)
    assert is_near(everything["payment_path"], 1 - Fraction(2 * hour + hour, told)), (everything, told)
    success = figures["success"]["rows"][0]
    assert (success["taps"], success["tries"], success["charged"]) == (6, 7, 4), success
    for row in (everything, success):
        assert is_near(row["success"], Fraction(4, 6)) and is_near(row["first_try"], Fraction(3, 6)), row
    months = {(row["month"], row["rate"]): row for row in figures["reliability"]["rows"]}
    assert months["2026-03", "successful charges"]["all"] == 5 and months["2026-04", "payment path"]["share"] == 1
    assert (months["2026-03", "uptime"]["all"] + months["2026-04", "uptime"]["all"]) == end - start
    assert "payment path " in text and "successful charges " in text, text


def the_page_draws_it():
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")
    end = uptimes.second("2027-01-01T00:00:00")
    evses = uptimes.make(9, end - 365 * 86400, end)
    ports, events = uptimes.write(evses, FOLDER.name)
    report("page", ["--sessions", sessions(evses, end - 86400), "--ports", ports, "--events", events])
    for width, dark in ((1280, True), (390, False)):
        told = page.ask(f"{FOLDER.name}/page/report.html", width, dark)
        assert told["errors"] == [] and told["refused"] == [] and told["fetched"] == [], told
        assert told["faint"] == [] and told["scrolls"] <= told["width"] and told["dead"] == [], told
        assert "Up, and useful" in told["text"] and "525600" in told["text"]


tap.run([
    ("/uptime/a-year-is-what-its-seconds-say", a_year_is_what_its_seconds_say),
    ("/uptime/a-leap-year-keeps-its-525600-minutes", a_leap_year_keeps_its_525600_minutes),
    ("/uptime/the-end-of-february-has-its-twelve-months", the_end_of_february_has_its_twelve_months),
    ("/uptime/nobody-tells", nobody_tells),
    ("/uptime/what-never-worked-again-is-still-broken", what_never_worked_again_is_still_broken),
    ("/uptime/a-journal-tells-of-paying-too", a_journal_tells_of_paying_too),
    ("/uptime/the-page-draws-it", the_page_draws_it),
])
