# SPDX-License-Identifier: Apache-2.0
"""tapwatt report by site and by connector, against sums that are made here hour by hour."""
import collections
import csv
import datetime
import json
import os
import subprocess
import sys
import tempfile
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import page       # noqa: E402
import sessions   # noqa: E402
import tap        # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-patterns-")
# Whole hours from UTC, so that local hours are those of UTC; clocks change in the data.
ZONES = ["Europe/Berlin", "America/New_York"]
WORLD = sessions.make(11, sites=5, days=120)


def at(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def zone_of(site):
    return ZONES[int(site[-1]) % 2]


def report(name, *words):
    out = f"{FOLDER.name}/{name}"
    rows = [dict(row, time_zone=zone_of(row["site_id"])) for row in WORLD.rows]
    sessions.write(rows, f"{FOLDER.name}/sessions.csv")
    done = subprocess.run([TAPWATT, "report", "--sessions", f"{FOLDER.name}/sessions.csv", "--output", out, *words],
                          capture_output=True, text=True, timeout=300, env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stderr}"
    with open(f"{out}/report.json", encoding="utf-8") as file:
        return json.load(file)["figures"]


def week_hour(second, zone):
    local = datetime.datetime.fromtimestamp(second, zoneinfo.ZoneInfo(zone))
    return local.date(), local.weekday(), local.hour


def load_that_could_have_waited():
    """Exact: each hour of a session apart, in whole numbers as the definition says."""
    whole, movable, n = collections.Counter(), collections.Counter(), collections.Counter()
    for row in WORLD.rows:
        zone, end = zone_of(row["site_id"]), at(row["plug_out"])
        begin, full = at(row["charge_start"]), at(row["charge_end"])
        mwh = round(float(row["energy_kwh"]) * 1000) * 1000
        if mwh == 0 or full <= begin:
            continue
        second = begin
        while second < full:
            hour = second // 3600 * 3600
            edge = min(full, hour + 3600)
            spare = (end - full) - max(0, min(end, hour + 3600) - max(full, hour))
            _, _, of_day = week_hour(second, zone)
            whole[of_day] += mwh * (edge - second) // (full - begin)
            movable[of_day] += mwh * min(edge - second, spare) // (full - begin)
            n[of_day] += 1
            second = edge
    rows = report("load", "--figures", "load_shift")["load_shift"]["rows"]
    assert len(rows) == 48 and sum(movable.values()) > 0
    for row in rows:
        of_day = row["hour"]
        mwh = movable[of_day] if row["load"] == "could wait" else whole[of_day] - movable[of_day]
        assert row["energy_wh"] == (mwh + 500) // 1000, (row, mwh)
        assert row["share"] is None or abs(row["share"] - mwh / whole[of_day]) < 1e-9, row
        assert row["load"] == "could wait" or row["sessions"] == n[of_day], row


def each_site_has_its_hours():
    first, end = datetime.date(2026, 2, 1), datetime.date(2026, 4, 15)
    occupied, elapsed, begun = collections.Counter(), collections.Counter(), collections.Counter()
    for zone in ZONES:
        for second in range(at("2026-01-30T00:00:00Z"), at("2026-04-17T00:00:00Z"), 3600):
            day, weekday, hour = week_hour(second, zone)
            if first <= day < end:
                elapsed[zone, weekday, hour] += 3600
    for row in WORLD.rows:
        zone, begin, until = zone_of(row["site_id"]), at(row["plug_in"]), at(row["plug_out"])
        day, *when = week_hour(begin, zone)
        begun[row["site_id"], *when] += first <= day < end
        while begin < until:
            edge = min(until, begin // 3600 * 3600 + 3600)
            day, *when = week_hour(begin, zone)
            occupied[row["site_id"], *when] += edge - begin if first <= day < end else 0
            begin = edge
    rows = report("window", "--from", str(first), "--to", str(end))["heat_map_by_site"]["rows"]
    assert len(rows) == 5 * 168
    for row in rows:
        key = row["weekday"], row["hour"]
        site = row["site"]
        assert row["elapsed_s"] == elapsed[zone_of(site), *key], row
        assert row["occupied_s"] == occupied[site, *key] and row["sessions"] == begun[site, *key], row
        assert abs(row["occupied_ports"] - occupied[site, *key] / elapsed[zone_of(site), *key]) < 1e-9, row
    total = lambda site: sum(row["occupied_s"] for row in rows if row["site"] == site)
    order = list(dict.fromkeys(row["site"] for row in rows))
    assert order == sorted(order, key=total, reverse=True), order
    assert len({row["elapsed_s"] for row in rows}) > 1, "no clock changed"


def the_time_of_connectors_adds_up():
    """Charging, standing full and free are all of the open time, which is from the first to the last session."""
    whole = report("connectors", "--by", "site,station,connector")
    spans, charging, idle = {}, collections.Counter(), collections.Counter()
    for row in WORLD.rows:
        name = f"{row['site_id']} / {row['evse_id']} / 1"
        begin, full, until = (at(row[column]) for column in ("plug_in", "charge_end", "plug_out"))
        old = spans.get(name, (begin, until))
        spans[name] = min(old[0], begin), max(old[1], until)
        charging[name] += full - begin
        idle[name] += until - full
    found = collections.defaultdict(dict)
    for row in whole["port_time"]["rows"]:
        found[row["place"]][row["use"]] = row["seconds"]
        assert abs(row["share"] - row["seconds"] / (spans[row["place"]][1] - spans[row["place"]][0])) < 1e-9, row
    assert len(found) == len(spans) == 15
    for name, uses in found.items():
        opened = spans[name][1] - spans[name][0]
        assert uses == {"charging": charging[name], "idle": idle[name], "occupied": 0,
                        "free": opened - charging[name] - idle[name]}, (name, uses)
    assert "free" not in {row["use"] for row in report("tariff", "--by", "tariff")["port_time"]["rows"]}


def many_sites_are_told_of_if_asked_for():
    global WORLD
    kept = WORLD
    WORLD = sessions.make(12, sites=30, ports=3, days=20, a_day=4)
    try:
        busiest = report("busiest")["heat_map_by_site"]
        every = report("every", "--by", "site")["heat_map_by_site"]
        report("places", "--by", "connector")
    finally:
        WORLD = kept
    assert len(busiest["rows"]) == 12 * 168 and "12 busiest of 30" in busiest["notes"][0], busiest["notes"]
    assert len(every["rows"]) == 30 * 168 and every["rows"][:12 * 168] == busiest["rows"] and not every["notes"]
    with open(f"{FOLDER.name}/every/heat_map_by_site.csv", encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 30 * 168
    with open(f"{FOLDER.name}/every/report.html", encoding="utf-8") as file:
        assert file.read().count('class="panel"') == 24


def the_page_shows_them():
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")
    many_sites_are_told_of_if_asked_for()
    for name, words in (("every", "The first 24 of them."), ("places", "The first 60 of 90")):
        for width in (1280, 390):
            told = page.ask(f"{FOLDER.name}/{name}/report.html", width, width == 390)
            assert told["errors"] == [] and told["refused"] == [] and told["fetched"] == [], told
            assert told["faint"] == [] and told["scrolls"] <= told["width"] and told["dead"] == [], told
            assert words in told["text"], name


tap.run([
    ("/patterns/load-that-could-have-waited", load_that_could_have_waited),
    ("/patterns/each-site-has-its-hours", each_site_has_its_hours),
    ("/patterns/the-time-of-connectors-adds-up", the_time_of_connectors_adds_up),
    ("/patterns/many-sites-are-told-of-if-asked-for", many_sites_are_told_of_if_asked_for),
    ("/patterns/the-page-shows-them", the_page_shows_them),
])
