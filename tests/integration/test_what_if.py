# SPDX-License-Identifier: Apache-2.0
"""tapwatt report --what-if against tests/lib/oracle.py, a calculator of its own: every sum to the cent."""
import collections
import csv
import datetime
import hashlib
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import types
import zoneinfo
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet_station   # noqa: E402
import oracle     # noqa: E402
import page       # noqa: E402
import sessions   # noqa: E402
import tap        # noqa: E402
from tariff_cases import component, element, tariff   # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-what-if-")
UTC = datetime.timezone.utc
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
# In these nights clocks change.
NIGHTS = [(0, "2026-03-29"), (0, "2026-10-25"), (1, "2026-03-08"), (1, "2026-11-01"), (2, "2026-04-05"),
          (2, "2026-10-04")]

OLD = tariff([element([component("ENERGY", 0.45, 19), component("FLAT", 0.35, 19), component("TIME", 0.6, 19, 60)])],
             tax_included="YES")
OTHERS = {
    "old": OLD,
    "night": tariff([element([component("ENERGY", 0.29, 19), component("TIME", 0.6, 19, 60)], start_time="22:00",
                             end_time="06:30"),
                     element([component("ENERGY", 0.55, 19, 100), component("PARKING_TIME", 6, 19, 300)])],
                    tax_included="YES"),
    "weekend": tariff([element([component("ENERGY", 0.3333, 19)], day_of_week=["SATURDAY", "SUNDAY"]),
                       element([component("ENERGY", 0.61, 19), component("FLAT", 1.11, 7)])]),
    "limits": tariff([element([component("ENERGY", 0.5, 20, 1000), component("TIME", 1.2, 20, 900),
                               component("PARKING_TIME", 4.2, 20, 900)])],
                     min_price={"excl_vat": 4, "incl_vat": 5}, max_price={"incl_vat": 18.5}),
    "idle": tariff([element([component("ENERGY", 0.42, 19), component("PARKING_TIME", 0, 19)], max_duration=5430),
                    element([component("ENERGY", 0.42, 19), component("PARKING_TIME", 12, 19, 60)])]),
    "steps": tariff([element([component("ENERGY", 0.7, 10, 500)], max_kwh=7.5),
                     element([component("ENERGY", 0.35, 10, 500), component("TIME", 2.4, 20, 600)])]),
    "power": tariff([element([component("ENERGY", 0.39, 19)], max_power=7.36),
                     element([component("ENERGY", 0.59, 19), component("PARKING_TIME", 3, 19)], min_power=7.36),
                     element([component("PARKING_TIME", 1.5, 19, 60)])]),
    "gap": tariff([element([component("ENERGY", 0.3, 20), component("TIME", 0.6, 20), component("PARKING_TIME", 6, 20)],
                           start_time="02:15", end_time="02:45"),
                   element([component("ENERGY", 0.5, 20), component("TIME", 3, 20, 300)])]),
}
COLUMNS = sessions.COLUMNS


def stamp(at):
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def made_times(chance):
    """Sessions at any time of the year, and many in nights in which clocks change."""
    for number in range(150):
        if number % 2:
            site, night = chance.choice(NIGHTS)
            at = datetime.datetime.fromisoformat(night).replace(tzinfo=zoneinfo.ZoneInfo(ZONES[site]))
            at = (at.astimezone(UTC) + datetime.timedelta(hours=chance.uniform(-6, 5)))
        else:
            site = chance.randrange(3)
            at = datetime.datetime(2026, 2, 1, tzinfo=UTC) + datetime.timedelta(hours=chance.uniform(0, 24 * 280))
        begin = at.replace(microsecond=at.microsecond // 1000 * 1000 if number % 3 else 0)
        charged = begin + datetime.timedelta(seconds=chance.randrange(300, 20000))
        until = charged + datetime.timedelta(seconds=chance.choice([0, 30, 700, chance.randrange(20000)]))
        yield site, begin, charged, until


def cdr_of(begin, charged, until, wh):
    milli = lambda a, b: (b - a) // datetime.timedelta(milliseconds=1)
    length = milli(begin, charged)
    power = Fraction(wh * 1000 * 3600000 // length, 1000000)
    dimensions = lambda **volumes: [{"type": kind, "volume": volume} for kind, volume in volumes.items()]
    periods = [{"start_date_time": stamp(begin), "dimensions": dimensions(
        ENERGY=Fraction(wh, 1000), TIME=Fraction(length, 3600000), POWER=power)}]
    if until > charged:
        periods.append({"start_date_time": stamp(charged), "dimensions": dimensions(
            PARKING_TIME=Fraction(milli(charged, until), 3600000), POWER=0)})
    return {"charging_periods": periods, "end_date_time": stamp(until)}


def asked(other, cdr, zone):
    """(gross, net) in cents, by the oracle."""
    net, gross, _quantity = oracle.price(oracle.parse(json.dumps(other)), cdr, zoneinfo.ZoneInfo(zone))
    return oracle.half_up(gross * 100), oracle.half_up(net * 100)


class World:
    """Rows, and what each costs under each tariff."""
    def __init__(self, seed):
        chance = random.Random(seed)
        self.rows, self.priced = [], []
        for site, begin, charged, until in made_times(chance):
            wh = chance.randrange(400, 60000)
            cdr = cdr_of(begin, charged, until, wh)
            prices = {name: asked(other, cdr, ZONES[site]) for name, other in OTHERS.items()}
            token = f"{(chance.randrange(40) + 1) * 2654435761 + 77:016x}"
            row = self.row(site, chance.randrange(2), begin, until, charged, wh, prices["old"][0], token)
            self.rows.append(row)
            self.priced.append((row, prices, wh))

    def row(self, site, station, begin, until, charged, wh, price, token=""):
        money = "" if price is None else f"{price // 100}.{price % 100:02d}"
        return dict.fromkeys(COLUMNS, "") | {
            "session_id": f"s{len(self.rows)}", "site_id": f"Site {site}", "evse_id": f"E{site}{station}",
            "plug_in": stamp(begin), "plug_out": stamp(until) if until else "", "time_zone": ZONES[site],
            "charge_start": stamp(begin), "charge_end": stamp(charged) if charged else "",
            "energy_kwh": "" if wh is None else f"{wh / 1000:.3f}", "customer_token": token,
            "currency": "" if price is None else "EUR", "price_total": money, "captured": money, "tariff_id": "T"}


def report(name, rows, others, *words, status=(0,)):
    out = f"{FOLDER.name}/{name}"
    os.makedirs(out, exist_ok=True)
    sessions.write(rows, f"{out}/sessions.csv")
    files = []
    for other, text in others.items():
        files.append(f"{out}/{other}.json")
        with open(files[-1], "w", encoding="utf-8") as file:
            json.dump(text, file)
    done = subprocess.run([TAPWATT, "report", "--sessions", f"{out}/sessions.csv", "--output", out, "--what-if",
                           *files, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
    assert done.returncode in status, f"exit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    if done.returncode == 2:
        return done.stderr
    with open(f"{out}/report.json", encoding="utf-8") as file:
        return {name: told["rows"] for name, told in json.load(file)["figures"].items()}


WORLD = World(5)
TOLD = None


def told():
    global TOLD
    if TOLD is None:
        TOLD = report("all", WORLD.rows, OTHERS)
    return TOLD


def of(rows, name, **wanted):
    return [row for row in rows if row["what_if"] == f"{name}.json"
            and all(row[key] == value for key, value in wanted.items())]


def totals_are_the_oracles():
    before = sum(prices["old"][0] for _row, prices, _wh in WORLD.priced)
    different = set()
    for name in OTHERS:
        sold, = of(told()["what_if"], name, case="as_sold")
        under, = of(told()["what_if"], name, case="under_it")
        after = sum(prices[name][0] for _row, prices, _wh in WORLD.priced)
        assert sold["sessions"] == under["sessions"] == len(WORLD.priced)
        assert sold["amount_minor"] == sold["captured_minor"] == before, (name, sold, before)
        assert under["amount_minor"] == after, (name, under, after)
        assert under["net_minor"] == sum(prices[name][1] for _row, prices, _wh in WORLD.priced), (name, under)
        assert under["change_minor"] == after - before and abs(under["change"] - (after - before) / before) < 1e-9
        assert sold["energy_wh"] == sum(wh for _row, _prices, wh in WORLD.priced)
        different.add(after)
    assert len(different) == len(OTHERS), "tariffs that all ask the same prove nothing"
    assert not of(told()["what_if"], "old", case="without_amount")


def every_place_is_the_oracles():
    sums = collections.defaultdict(lambda: [0, 0, 0, 0, 0])
    for row, prices, _wh in WORLD.priced:
        for name in OTHERS:
            change = prices[name][0] - prices["old"][0]
            more = (1, prices["old"][0], prices[name][0], change > 0, change < 0)
            sums[row["evse_id"], name] = [a + b for a, b in zip(sums[row["evse_id"], name], more)]
    rows = {(row["station"], row["what_if"][:-5]): [row["sessions"], row["asked_minor"], row["after_minor"],
                                                    row["dearer"], row["cheaper"]]
            for row in told()["what_if_places"]}
    assert rows == dict(sums)


def every_hour_is_the_oracles():
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for row, prices, _wh in WORLD.priced:
        local = datetime.datetime.fromisoformat(row["plug_in"].replace("Z", "+00:00")).astimezone(
            zoneinfo.ZoneInfo(row["time_zone"]))
        for name in OTHERS:
            key = (name, local.weekday(), local.hour)
            sums[key] = [a + b for a, b in zip(sums[key], (1, prices["old"][0], prices[name][0]))]
    rows = {(row["what_if"][:-5], row["weekday"], row["hour"]): [row["sessions"], row["asked_minor"],
                                                                 row["after_minor"]]
            for row in told()["what_if_hours"]}
    assert rows == dict(sums)


def drivers_are_told_as_they_are():
    """Quantiles by nearest rank; customers by what all of their sessions come to, and none of fewer than ten."""
    rank = lambda values, share: sorted(values)[max(1, math.ceil(share * len(values))) - 1]
    hidden = 0
    for name in OTHERS:
        changes = [prices[name][0] - prices["old"][0] for _row, prices, _wh in WORLD.priced]
        people = collections.Counter()
        for (row, _prices, _wh), change in zip(WORLD.priced, changes):
            people[row["customer_token"]] += change
        for direction, sign in (("more", 1), ("less", -1), ("same", 0)):
            row, = of(told()["what_if_drivers"], name, direction=direction)
            these = [abs(change) for change in changes if (change > 0) - (change < 0) == sign]
            n = sum((change > 0) - (change < 0) == sign for change in people.values())
            assert row["sessions"] == len(these) and row["total_minor"] == sum(these), (name, row)
            assert row["customers"] is None or row["customers"] == n and (n == 0 or n >= 10), (name, row, n)
            hidden += row["customers"] is None
            if direction != "same" and len(these) >= 10:
                assert [row["p10_minor"], row["median_minor"], row["p90_minor"]] \
                    == [rank(these, 0.1), rank(these, 0.5), rank(these, 0.9)], (name, row)
            elif direction != "same":
                assert row["median_minor"] is None, "of so few sessions no amount is told"
        classes = of(told()["what_if_change"], name)
        assert sum(row["sessions"] for row in classes) == len(changes)
        assert sum(row["sessions"] for row in classes if row["change"] == "same") == changes.count(0)
    assert hidden > 0, "no group was small: nothing was proved"


def pricing_again_gives_what_was_asked():
    """The old tariff has the id of the sessions' tariff, and so have the others, which did not make these prices."""
    checks = {row["what_if"]: row for row in told()["what_if_check"]}
    assert checks["old.json"]["same_share"] == 1 and checks["old.json"]["sessions"] == len(WORLD.priced)
    assert checks["night.json"]["same_share"] < 0.1, checks["night.json"]


def places_are_what_the_report_is_broken_down_by():
    """By tariff: some sessions name theirs, some the beginning of its file's hash, as the fleet's books do."""
    hashed = hashlib.sha256(json.dumps(OLD).encode()).hexdigest()[:12]
    rows = [dict(row, tariff_id=("T", hashed, "other")[i % 3]) for i, row in enumerate(WORLD.rows)]
    figures = report("tariffs", rows, {"old": OLD, "night": OTHERS["night"]}, "--by", "tariff")
    for number, name in enumerate(("T", hashed, "other")):
        these = WORLD.priced[number::3]
        row, = of(figures["what_if_places"], "night", tariff=name)
        assert row["place"] == name and row["station"] is None and row["sessions"] == len(these), row
        assert row["after_minor"] == sum(prices["night"][0] for _row, prices, _wh in these), row
    checks = {row["what_if"]: row for row in figures["what_if_check"]}
    assert checks["old.json"]["same"] == checks["old.json"]["sessions"] == 100, checks
    assert checks["night.json"]["sessions"] == 50, "it has the id, and not the hash"


def nothing_disappears():
    """One row of each kind that cannot be priced, or only with a guess; all of them are in the coverage."""
    begin = datetime.datetime(2026, 6, 1, 10, tzinfo=UTC)
    hour = datetime.timedelta(hours=1)
    make = lambda **changes: WORLD.row(0, 0, begin, begin + 2 * hour, begin + hour, 10000, 500) | changes
    rows = [make(session_id="plain", held="8.50"), make(session_id="open", plug_out="", charge_end=""),
            make(session_id="unmetered", energy_kwh=""), make(session_id="nothing", energy_kwh="0"),
            make(session_id="francs", currency="CHF"),
            make(session_id="instant", plug_out=stamp(begin), charge_end=stamp(begin)),
            make(session_id="endless", charge_end=""), make(session_id="duration", charge_end="", charging_s="3600"),
            make(session_id="unpaid", currency="", price_total="", captured=""),
            make(session_id="captured", price_total="", captured="4.00"),
            make(session_id="waited", charge_start=stamp(begin + hour / 2)),
            make(session_id="before", plug_in=stamp(begin - 240 * hour), plug_out=stamp(begin - 239 * hour),
                 charge_start="", charge_end="")]
    extra = COLUMNS + ["charging_s", "held"]
    saved, sessions.COLUMNS = sessions.COLUMNS, extra
    rows = [dict.fromkeys(extra, "") | row for row in rows]
    idle = tariff([element([component("ENERGY", 0.5), component("TIME", 1, None, 60), component("PARKING_TIME", 6)])])
    ampere = tariff([element([component("ENERGY", 0.5)], min_current=16), element([component("ENERGY", 0.4)]),
                     element([component("FLAT", 9)], reservation="RESERVATION")])
    try:
        figures = report("kinds", rows, {"idle": idle, "ampere": ampere}, "--from", "2026-05-30", "--as-of",
                         "2026-06-10", status=(0, 1))
    finally:
        sessions.COLUMNS = saved
    coverage = {row["result"]: row["sessions"] for row in of(figures["what_if_coverage"], "idle")}
    assert coverage == {"priced": 5, "priced_charge_end_unknown": 1, "priced_nothing_flowed": 1, "open": 1,
                        "energy_unknown": 1, "other_currency": 1, "no_times": 1}, coverage
    # 5.00 for the energy, 1.00 an hour of charging, 6.00 an hour of parking.
    parts = {"plain": 1200, "nothing": 0, "endless": 700, "duration": 1200, "captured": 1200, "waited": 1150}
    under, = of(figures["what_if"], "idle", case="under_it")
    sold, = of(figures["what_if"], "idle", case="as_sold")
    assert under["amount_minor"] == sum(parts.values()) and under["sessions"] == len(parts), under
    assert sold["amount_minor"] == 500 * 5 + 400, sold
    assert (under["above_hold"], under["above_hold_minor"]) == (1, 350), under
    unpaid, = of(figures["what_if"], "idle", case="without_amount")
    assert unpaid["amount_minor"] == 1200 and unpaid["sessions"] == 1, unpaid
    coverage = {row["result"]: row["sessions"] for row in of(figures["what_if_coverage"], "ampere")}
    assert coverage["current_unknown"] == 6 and "priced" not in coverage, coverage
    with open(f"{FOLDER.name}/kinds/report.json", encoding="utf-8") as file:
        notes = " ".join(json.load(file)["figures"]["what_if"]["notes"])
    for said in ("reservation", "when charging ended", "3.50 EUR in all", "could not be priced"):
        assert said in notes, (said, notes)


def an_answer_to_the_price_has_an_interval():
    """The elasticity that was planted lies in it; without variation only the same sessions are told."""
    world = sessions.make(8, ports=9)
    dearer = tariff([element([component("ENERGY", 0.55, 19)])], tax_included="YES")
    figures = report("reaction", world.rows, {"dearer": dearer, "twice": dearer})
    row, = of(figures["what_if_reaction"], "dearer")
    assert row["elasticity_low"] <= world.elasticity <= row["elasticity_high"], row
    hours = of(figures["what_if_hours"], "dearer")
    answer = lambda b: sum(h["after_minor"] * (h["after_minor"] / h["asked_minor"]) ** b for h in hours)
    grid = [answer(row["elasticity_low"] + (row["elasticity_high"] - row["elasticity_low"]) * i / 1000)
            for i in range(1001)]
    close = lambda a, b: abs(a - b) <= 1e-6 * abs(b)
    assert close(row["amount_minor"], answer(row["elasticity"])), row
    assert close(row["low_minor"], min(grid)) and close(row["high_minor"], max(grid)), (row, min(grid), max(grid))
    under, = of(figures["what_if"], "dearer", case="under_it")
    assert row["base_minor"] == under["amount_minor"] > row["amount_minor"], "who pays more takes less"
    with open(f"{FOLDER.name}/reaction/report.json", encoding="utf-8") as file:
        said, = [note for note in json.load(file)["figures"]["what_if"]["notes"] if note.startswith("dearer.json: if")]
    assert f"about {row['amount_minor'] / 100:.2f} EUR" in said and f"{row['low_minor'] / 100:.2f} EUR to" in said, said
    assert row["energy_kwh"] < under["energy_wh"] / 1000
    assert of(figures["what_if"], "twice")[1]["amount_minor"] == under["amount_minor"]
    flat = [dict(r, price_total=price, captured=price) for r in world.rows
            for price in [f"{float(r['energy_kwh']) * 0.5:.2f}"]]
    figures = report("flat", flat, {"dearer": dearer})
    assert figures["what_if_reaction"] == [] and len(figures["what_if"]) == 2
    with open(f"{FOLDER.name}/flat/report.json", encoding="utf-8") as file:
        assert "Not enough variation" in " ".join(json.load(file)["figures"]["what_if_reaction"]["notes"])


def sale_of(journal, chance, number, blob, marks):
    """What a station writes of a sale by the old tariff; marks: (second, phase that begins, Wh)."""
    start, end = marks[0][0], marks[-1][0]
    periods = [{"start_date_time": stamp(datetime.datetime.fromtimestamp(at, UTC)), "dimensions": [
        {"type": "TIME" if phase == "charging" else "PARKING_TIME", "volume": Fraction(until - at, 3600)},
        {"type": "ENERGY", "volume": Fraction(more - wh, 1000)}]}
        for (at, phase, wh), (until, _next, more) in zip(marks, marks[1:])]
    cdr = {"charging_periods": periods, "end_date_time": stamp(datetime.datetime.fromtimestamp(end, UTC))}
    gross, _net = asked(OLD, cdr, "Europe/Berlin")
    sale = types.SimpleNamespace(
        session=f"S{number:04}", started=start - 10, ended=end, evse=f"DE*TW1*E{number % 2}", energy_wh=marks[-1][2],
        held_minor=50000, currency="EUR", tariff_shown=blob, tariff_priced=blob, test_mode=False, state="captured",
        payment_ref=f"R{number}", psp_ref=f"P{number}", tail="1234", brand="visa", approval="A1", billed=True,
        price_minor=gross, captured_minor=gross, receipt_number=number + 1, capture_ref=f"C{number}",
        register_wh=chance.randrange(10 ** 6), booted_us=journal.booted_us, marks=marks)
    return sale, cdr


def readings_of(sale):
    last = len(sale.marks) - 1
    for i, (at, phase, wh) in enumerate(sale.marks):
        yield at, "reading", {
            "why": "begin" if i == 0 else "final" if i == last else "periodic", "phase": phase, "epoch": 1,
            "register_wh": sale.register_wh + wh, "session_ws": wh * 3600, "plugged_s": at - sale.marks[0][0],
            "wall_us": at * 10 ** 6, "boot_us": at * 10 ** 6 - sale.booted_us}


def marks_of(chance, start):
    """A minute each: charging unevenly, a pause of the car, charging again, and parking at the end."""
    at, wh, marks = start, 0, []
    for phase, minutes in (("charging", chance.randrange(3, 30)), ("parking", chance.randrange(2, 9)),
                           ("charging", chance.randrange(2, 30)), ("parking", chance.randrange(1, 40))):
        for _minute in range(minutes):
            marks.append((at, phase, wh))
            at += 60
            wh += chance.randrange(20, 400) if phase == "charging" else 0
    return marks + [(at, "parking", wh)]


def a_journal_is_priced_reading_by_reading():
    """What was asked comes out of every sale again, though the car paused; and another tariff is the oracle's."""
    chance = random.Random(3)
    first = int(datetime.datetime(2026, 10, 24, 18, tzinfo=UTC).timestamp())
    journal = fleet_station.start("DE*TW1", first)
    blob = journal.blob(json.dumps(OLD).encode())
    sales = [sale_of(journal, chance, i, blob, marks_of(chance, first + 60 + i * 7200)) for i in range(8)]
    saved, fleet_station.readings = fleet_station.readings, readings_of
    try:
        entries = [(at, i, kind, payload, sale.session) for i, (sale, _cdr) in enumerate(sales)
                   for at, kind, payload in fleet_station.steps(sale, journal)]
    finally:
        fleet_station.readings = saved
    for at, _i, kind, payload, session in sorted(entries, key=lambda entry: entry[:2]):
        journal.add(at * 10 ** 6, kind, payload, session)
    journal.write(f"{FOLDER.name}/station")
    out = f"{FOLDER.name}/journal"
    for name in ("night", "gap"):
        with open(f"{FOLDER.name}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(OTHERS[name], file)
    subprocess.run([TAPWATT, "report", "--journal", f"{FOLDER.name}/station", "--what-if",
                    f"{FOLDER.name}/night.json", f"{FOLDER.name}/gap.json", "--output", out], check=True,
                   capture_output=True, env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
    with open(f"{out}/report.json", encoding="utf-8") as file:
        figures = {name: figure["rows"] for name, figure in json.load(file)["figures"].items()}
    check, = [row for row in figures["what_if_check"] if row["basis"] == "journal"]
    assert check["sessions"] == check["same"] == len(sales) and check["same_share"] == 1, check
    for name in ("night", "gap"):
        under, = of(figures["what_if"], name, case="under_it")
        assert under["amount_minor"] == sum(asked(OTHERS[name], cdr, "Europe/Berlin")[0] for _s, cdr in sales), under


def order_does_not_matter():
    other = report("reversed", WORLD.rows[::-1], OTHERS)
    assert [name for name in told() if name.startswith("what_if") and told()[name] != other[name]] == []


def only_some_figures_are_asked_for():
    """They say the same as in the whole report; the answer to prices needs the figure of prices and finds it."""
    named = lambda names, others=None: report("some", WORLD.rows, others or OTHERS, "--figures", names)
    few = named("overview,what_if,what_if_check")
    assert list(few) == ["overview", "what_if", "what_if_check"], list(few)
    assert few["what_if"] == told()["what_if"]
    assert named("what_if_reaction") == {"what_if_reaction": told()["what_if_reaction"]}
    unnamed = named("overview")
    assert {name: rows for name, rows in told().items() if name in unnamed} == unnamed and len(unnamed) == 9
    done = subprocess.run([TAPWATT, "report", "--sessions", f"{FOLDER.name}/all/sessions.csv", "--figures", "what_if"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "of which tariff?" in done.stderr, done


def a_wrong_tariff_is_named_with_its_place():
    for text, said in (({"elements": []}, "$"), (tariff([element([{"type": "ENERGY", "price": -1}])]), "$.elements[0]"),
                       (tariff([element([component("ENERGY", 1)], lunar_phase="full")]), "lunar_phase"),
                       (tariff([element([component("ENERGY", 1)])], type="PROFILE_GREEN"), "$.type")):
        error = report("wrong", WORLD.rows[:3], {"wrong": text}, status=(2,))
        assert "wrong.json" in error and said in error and error.count("\n") == 1, error
    error = report("many", WORLD.rows[:3], {f"t{i}": OLD for i in range(9)}, status=(2,))
    assert "at most 8" in error, error


def the_terminal_and_the_page_show_it():
    out = f"{FOLDER.name}/all"
    told()
    text = subprocess.run([TAPWATT, "report", "--sessions", f"{out}/sessions.csv", "--what-if", f"{out}/night.json"],
                          capture_output=True, text=True, check=True, env=dict(os.environ, LC_ALL="C.UTF-8")).stdout
    assert "What another tariff would have brought" in text and "night.json" in text and text.count("\n") < 60, text
    tokens = {row["customer_token"] for row in WORLD.rows}
    for name in os.listdir(out):
        if name == "sessions.csv":
            continue
        with open(f"{out}/{name}", encoding="utf-8") as file:
            written = file.read()
        assert not [token for token in tokens if token in written or str(int(token, 16)) in written], name
        if name.startswith("what_if"):
            figure = name[:-4]
            assert len(list(csv.reader(written.splitlines()))) == len(told()[figure]) + 1, name
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")
    seen = page.ask(f"{out}/report.html", 1280, False)
    assert seen["errors"] == [] and seen["fetched"] == [] and min(seen["canvases"]) >= 3, seen


tap.run([
    ("/what-if/totals-are-the-oracle's", totals_are_the_oracles),
    ("/what-if/every-place-is-the-oracle's", every_place_is_the_oracles),
    ("/what-if/every-hour-is-the-oracle's", every_hour_is_the_oracles),
    ("/what-if/drivers-are-told-as-they-are", drivers_are_told_as_they_are),
    ("/what-if/pricing-again-gives-what-was-asked", pricing_again_gives_what_was_asked),
    ("/what-if/places-are-what-the-report-is-broken-down-by", places_are_what_the_report_is_broken_down_by),
    ("/what-if/nothing-disappears", nothing_disappears),
    ("/what-if/an-answer-to-the-price-has-an-interval", an_answer_to_the_price_has_an_interval),
    ("/what-if/a-journal-is-priced-reading-by-reading", a_journal_is_priced_reading_by_reading),
    ("/what-if/order-does-not-matter", order_does_not_matter),
    ("/what-if/only-some-figures-are-asked-for", only_some_figures_are_asked_for),
    ("/what-if/a-wrong-tariff-is-named-with-its-place", a_wrong_tariff_is_named_with_its_place),
    ("/what-if/the-terminal-and-the-page-show-it", the_terminal_and_the_page_show_it),
])
