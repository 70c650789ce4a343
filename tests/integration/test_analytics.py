# SPDX-License-Identifier: Apache-2.0
"""tapwatt report on made-up sessions whose truth is known."""
import collections
import csv
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import page       # noqa: E402
import sessions   # noqa: E402
import tap        # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-analytics-")
WORLD = sessions.make(7)
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def tapwatt(*words, status=(0,)):
    done = subprocess.run([TAPWATT, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
    assert done.returncode in status, f"exit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    return done


def made():
    """The directory of a report of all sessions; made once."""
    out = f"{FOLDER.name}/out"
    if not os.path.exists(out):
        sessions.write(WORLD.rows, f"{FOLDER.name}/sessions.csv")
        tapwatt("report", "--sessions", f"{FOLDER.name}/sessions.csv", "--time-zone", "Europe/Berlin", "--output", out)
    return out


def figure(name, out=None):
    with open(f"{out or made()}/report.json", encoding="utf-8") as file:
        return json.load(file)["figures"][name]


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def minor(text):
    whole, part = text.split(".")
    return int(whole) * 100 + int(part)


def sums_are_what_the_rows_say():
    """Each day's sessions and money, and all of the energy and time, added up here in another way."""
    begun, captured = collections.Counter(), collections.Counter()
    for row in WORLD.rows:
        begun[at(row["plug_in"]).astimezone(BERLIN).date().isoformat()] += 1
        captured[at(row["plug_out"]).astimezone(BERLIN).date().isoformat()] += minor(row["captured"])
    days = collections.Counter()
    for row in figure("revenue_trend")["rows"]:
        days[row["day"]] += row["captured_minor"]
    assert {day: n for day, n in days.items() if n} == {day: n for day, n in captured.items() if n}
    glance = figure("overview")["rows"][0]
    assert glance["sessions"] == len(WORLD.rows) == sum(begun.values())
    assert glance["captured_minor"] == sum(captured.values())
    energy = sum(round(float(row["energy_kwh"]) * 1000) for row in WORLD.rows)
    assert abs(glance["energy_wh"] - energy) <= 1, (glance["energy_wh"], energy)
    occupied = sum((at(row["plug_out"]) - at(row["plug_in"])).total_seconds() for row in WORLD.rows)
    assert glance["occupied_s"] == occupied, (glance["occupied_s"], occupied)
    heat = figure("arrivals")["rows"]
    assert len(heat) == 168


def order_does_not_matter():
    shuffled = sorted(WORLD.rows, key=lambda row: hash(row["session_id"] + "x"))
    sessions.write(shuffled[:len(shuffled) // 2], f"{FOLDER.name}/one.csv")
    sessions.write(shuffled[len(shuffled) // 2:], f"{FOLDER.name}/two.csv")
    tapwatt("report", "--sessions", f"{FOLDER.name}/two.csv", f"{FOLDER.name}/one.csv", "--time-zone", "Europe/Berlin",
            "--output", f"{FOLDER.name}/shuffled")
    made()
    for name in os.listdir(made()):
        if name.endswith(".csv") and name != "quality.csv":
            with open(f"{made()}/{name}", encoding="utf-8") as one, \
                    open(f"{FOLDER.name}/shuffled/{name}", encoding="utf-8") as other:
                assert one.read() == other.read(), name


def what_was_planted_is_found():
    """The elasticity, where connectors never limit demand; and how many drove on, where they do."""
    roomy, out = sessions.make(8, ports=9), f"{FOLDER.name}/roomy"
    assert roomy.turned_away < 10, roomy.turned_away
    sessions.write(roomy.rows, f"{out}.csv")
    tapwatt("report", "--sessions", f"{out}.csv", "--output", out)
    starts = next(row for row in figure("elasticity", out)["rows"] if row["demand"] == "starts")
    assert starts["low"] <= roomy.elasticity <= starts["high"], starts
    assert starts["high"] < -0.3 and starts["high"] - starts["low"] < 0.6, starts
    congestion = figure("congestion")["rows"]
    low, high = sum(row["turned_away_low"] for row in congestion), sum(row["turned_away_high"] for row in congestion)
    assert WORLD.turned_away > 300 and low <= WORLD.turned_away <= high, (low, WORLD.turned_away, high)


def one_price_is_not_enough():
    rows = [dict(row, price_total=price, captured=price) for row in WORLD.rows
            for price in [f"{float(row['energy_kwh']) * 0.5:.2f}"]]
    sessions.write(rows, f"{FOLDER.name}/one-price.csv")
    tapwatt("report", "--sessions", f"{FOLDER.name}/one-price.csv", "--output", f"{FOLDER.name}/one-price")
    told = figure("elasticity", f"{FOLDER.name}/one-price")
    assert told["rows"] == [] and "Not enough variation" in " ".join(told["notes"]), told


def no_customer_leaves():
    """No token in any output, and no group of 1 to 9 people. What would be found is planted first."""
    tokens = [token for token in WORLD.tokens if token]
    assert len(tokens) > 100
    with open(f"{FOLDER.name}/sessions.csv", encoding="utf-8") as file:
        assert any(token in file.read() for token in tokens[:1]), "the search finds nothing that is there"
    for name in os.listdir(made()):
        with open(f"{made()}/{name}", encoding="utf-8") as file:
            text = file.read()
        assert not [token for token in tokens if token in text or str(int(token, 16)) in text], name
        if name == "offers.json":
            met = [entry for rule in json.loads(text)["rules"] for entry in rule["would_have_met"] or []]
            assert met and all(entry["customers"] >= 10 <= entry["charges"] for entry in met), met
        if not name.endswith(".csv"):
            continue
        for row in csv.DictReader(text.splitlines()):
            for column in ("customers", "size", "active"):
                assert not row.get(column) or int(row[column]) == 0 or int(row[column]) >= 10, (name, row)


PROPOSED = {"second-of-month": (2, 0), "third-of-month": (3, 0), "fifth-of-month": (5, 0), "after-30-days": (0, 30),
            "after-60-days": (0, 60), "after-90-days": (0, 90)}


def met_by(rows, begin, end):
    """By rule: who and which charges, each site by its own rows. Another way than the program's: by counting back."""
    visits = collections.defaultdict(list)
    for row in rows:
        if row["customer_token"] and float(row["energy_kwh"]) > 0:
            visits[row["site_id"], row["customer_token"]].append((at(row["plug_in"]), row))
    found = {rule: (set(), []) for rule in PROPOSED}
    for (_, token), charges in visits.items():
        charges.sort(key=lambda charge: charge[0])
        days = [when.astimezone(BERLIN).date() for when, _ in charges]
        for i, (_, row) in enumerate(charges):
            if not begin <= days[i].isoformat() < end:
                continue
            nth = len([day for day in days[:i + 1] if (day.year, day.month) == (days[i].year, days[i].month)])
            away = (days[i] - days[i - 1]).days if i > 0 else -1
            for rule, (number, least) in PROPOSED.items():
                if (number and nth == number) or (least and away >= least):
                    found[rule][0].add(token)
                    found[rule][1].append(row)
    return found


def rough(minor):
    unit = 10 ** max(0, len(str(minor)) - 2)
    return -(-minor // unit) * unit


def offers_are_what_the_rows_say():
    """How many would have met each rule in three months, and its cost at 7.5 %; and no group of fewer than k."""
    made()
    out = f"{FOLDER.name}/offers"
    for k in (10, 40):
        tapwatt("report", "--sessions", f"{FOLDER.name}/sessions.csv", "--from", "2026-03-10", "--to", "2026-06-10",
                "--k", str(k), "--offer-discount", "7.5", "--output", out)
        with open(f"{out}/offers.json", encoding="utf-8") as file:
            offers = json.load(file)
        assert offers["version"] == 1 and [rule["id"] for rule in offers["rules"]] == list(PROPOSED), offers
        truth, told = met_by(WORLD.rows, "2026-03-10", "2026-06-10"), 0
        for rule in offers["rules"]:
            number, least = PROPOSED[rule["id"]]
            wanted = {"charges_in_month": number} if number else {"days_since_last": least}
            assert rule["condition"] == wanted and rule["discount_percent"] == 7.5, rule
            people, charges = truth[rule["id"]]
            if len(people) < k:
                assert rule["would_have_met"] is None, (rule, len(people))
                continue
            told += 1
            cost = sum((minor(row["captured"]) * 750 + 5000) // 10000 for row in charges)
            assert rule["would_have_met"] == [{
                "currency": "EUR", "customers": len(people) // k * k, "charges": len(charges) // k * k,
                "reduction_minor": rough(cost)}], (rule, len(people), len(charges), cost)
        assert told >= 3, [(rule, len(people)) for rule, (people, _) in truth.items()]


def a_discount_is_chosen_by_a_person():
    with open(f"{made()}/offers.json", encoding="utf-8") as file:
        offers = json.load(file)
    for rule in offers["rules"]:
        assert rule["discount_percent"] is None, rule
        assert not rule["would_have_met"] or rule["would_have_met"][0]["reduction_minor"] is None, rule
    told = figure("offers")
    assert "--offer-discount" in " ".join(told["notes"]), told["notes"]
    assert all(row["reduction_minor"] is None for row in told["rows"]), told


def fifth_of(values):
    """Of each: 1 to 5, by how many are below it."""
    ranked = sorted(values)
    below = {value: ranked.index(value) for value in set(values)}
    return {value: 1 + 5 * below[value] // len(values) for value in below}


def segments_are_what_the_rows_say():
    customers = collections.defaultdict(lambda: [None, 0, 0])
    for row in WORLD.rows:
        if row["customer_token"]:
            one = customers[row["customer_token"]]
            day = at(row["plug_in"]).astimezone(BERLIN).date()
            one[0], one[1], one[2] = max(one[0] or day, day), one[1] + 1, one[2] + minor(row["captured"])
    r, f, m = (fifth_of([one[i] for one in customers.values()]) for i in range(3))
    count, sessions_of = collections.Counter(), collections.Counter()
    for last, n, money in customers.values():
        recency, frequency, amount = r[last], f[n], m[money]
        name = ("champions" if recency >= 4 and frequency >= 4 and amount >= 4
                else "regulars" if recency >= 3 and frequency >= 4
                else "regulars who stay away" if frequency >= 4
                else "few but large charges" if recency >= 3 and amount == 5
                else "coming back" if recency >= 3 and frequency >= 2
                else "here lately" if recency >= 4
                else "fading" if recency >= 2 else "gone")
        count[name] += 1
        sessions_of[name] += n
    rows = figure("segments")["rows"]
    assert len(rows) == 8 and len({row["segment"] for row in rows}) == 8, rows
    hidden = [row["segment"] for row in rows if row["customers"] is None]
    assert sum(count[name] for name in hidden) in [0, *range(10, 10000)], (hidden, count)
    assert {name for name, n in count.items() if 0 < n < 10} <= set(hidden), (hidden, count)
    assert len(hidden) <= 4, (hidden, count)
    for row in rows:
        if row["segment"] not in hidden:
            assert row["customers"] == count[row["segment"]] and row["sessions"] == sessions_of[row["segment"]], (
                row, count, sessions_of)


def a_window_is_its_days():
    tapwatt("report", "--sessions", f"{FOLDER.name}/sessions.csv", "--from", "2026-03-01", "--to", "2026-04-01",
            "--output", f"{FOLDER.name}/march")
    glance = {row["period"]: row for row in figure("overview", f"{FOLDER.name}/march")["rows"]}
    for period, begin, end in (("window", "2026-03-01", "2026-04-01"), ("before", "2026-01-29", "2026-03-01")):
        begun = [row for row in WORLD.rows
                 if begin <= at(row["plug_in"]).astimezone(BERLIN).date().isoformat() < end]
        assert glance[period]["sessions"] == len(begun), (period, glance[period], len(begun))
    assert "year_before" not in glance
    hours = {(row["weekday"], row["hour"]) for row in figure("heat_map", f"{FOLDER.name}/march")["rows"]}
    assert len(hours) == 168, "the hour left out in spring is there in the other weeks"


def the_page_works():
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")
    for width, dark in ((1280, False), (1280, True), (390, False)):
        told = page.ask(f"{made()}/report.html", width, dark)
        assert told["errors"] == [] and told["refused"] == [] and told["fetched"] == [], told
        assert told["dark"] == dark and told["width"] == width, (told["dark"], told["width"])
        assert len(told["canvases"]) >= 8 and min(told["canvases"]) >= 3, told["canvases"]
        assert told["faint"] == [], told["faint"]
        assert told["scrolls"] <= told["width"], (told["scrolls"], told["width"])
        assert told["dead"] == [], told["dead"]
    with open(f"{made()}/report.html", encoding="utf-8") as file:
        text = file.read()
    across = re.findall(r'<th class="n">(\d\d)</th>', text[text.index('id="heat_map"'):text.index('id="arrivals"')])
    assert across == [f"{hour:02}" for hour in range(24)], across
    assert len(re.findall('<div class="tile"', text)) >= 10 and ">–</td><td class=\"short\">–<" not in text
    paper = page.pdf(f"{made()}/report.html")
    assert paper.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", paper)) >= 3


def every_figure_has_its_definition_and_its_data():
    with open(f"{made()}/report.json", encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    assert len(figures) >= 20, sorted(figures)
    for name, told in figures.items():
        assert told["title"] and told["definition"] and told["columns"], name
        with open(f"{made()}/{name}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == [column["name"] for column in told["columns"]], name
        assert len(rows) - 1 == len(told["rows"]), name
        assert told["rows"] or told["notes"] or name in ("hold_age", "declines"), f"{name} is empty and says nothing"


def only_what_was_asked_for():
    out = f"{FOLDER.name}/some"
    made()
    tapwatt("report", "--sessions", f"{FOLDER.name}/sessions.csv", "--time-zone", "Europe/Berlin", "--output", out,
            "--figures", "arrivals,station_months")
    assert sorted(os.listdir(out)) == ["arrivals.csv", "report.html", "report.json", "station_months.csv"]
    for name in ("arrivals", "station_months"):
        assert figure(name, out) == figure(name) and figure(name)["rows"], name


def what_is_not_known_is_not_nothing():
    """Days without data make no forecast of zeros; no tax is no tax rate; fees of some are not those of all."""
    gone = {f"2026-04-{day:02}" for day in range(10, 20)}
    rows = [dict(row, tax_total="", psp_fee=row["psp_fee"] if n % 2 else "") for n, row in enumerate(WORLD.rows)
            if at(row["plug_in"]).astimezone(BERLIN).date().isoformat() not in gone]
    sessions.write(rows, f"{FOLDER.name}/holes.csv")
    out = f"{FOLDER.name}/holes"
    tapwatt("report", "--sessions", f"{FOLDER.name}/holes.csv", "--time-zone", "Europe/Berlin", "--to", "2026-04-22",
            "--figures", "forecast,money", "--output", out)
    with open(f"{out}/report.json", encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    usual = len(WORLD.rows) / 182
    assert min(row["value"] for row in figures["forecast"]["rows"]) > usual / 2, figures["forecast"]["rows"]
    assert any("10 days without any session are taken for gaps" in note for note in figures["forecast"]["notes"])
    assert any("no session tells of tax" in note for note in figures["money"]["notes"]), figures["money"]["notes"]
    assert any("fees are known of" in note for note in figures["money"]["notes"]), figures["money"]["notes"]


def what_cannot_be_used_is_told():
    for words, status, said in ((["report"], 2, "of what?"),
                                (["report", "--sessions", "/nowhere.csv"], 3, "/nowhere.csv"),
                                (["report", "--sessions", made() + "/report.html"], 2, "report.html"),
                                (["report", "--sessions", f"{FOLDER.name}/sessions.csv", "--k", "2"], 2, "--k 2"),
                                (["report", "--sessions", "/nowhere.csv", "--figures", "money,art"], 2, "heat_map"),
                                (["report", "--sessions", f"{FOLDER.name}/sessions.csv", "--from", "May"], 2, "May")):
        done = tapwatt(*words, status=(status,))
        assert said in done.stderr, (words, done.stderr)


def the_terminal_says_it_in_a_screenful():
    text = tapwatt("report", "--sessions", f"{FOLDER.name}/sessions.csv").stdout
    assert text.count("\n") < 50 and "▁" in text and f"{len(WORLD.rows):,}" in text, text


tap.run([
    ("/analytics/sums-are-what-the-rows-say", sums_are_what_the_rows_say),
    ("/analytics/order-does-not-matter", order_does_not_matter),
    ("/analytics/what-was-planted-is-found", what_was_planted_is_found),
    ("/analytics/one-price-is-not-enough", one_price_is_not_enough),
    ("/analytics/no-customer-leaves", no_customer_leaves),
    ("/analytics/offers-are-what-the-rows-say", offers_are_what_the_rows_say),
    ("/analytics/a-discount-is-chosen-by-a-person", a_discount_is_chosen_by_a_person),
    ("/analytics/segments-are-what-the-rows-say", segments_are_what_the_rows_say),
    ("/analytics/a-window-is-its-days", a_window_is_its_days),
    ("/analytics/the-page-works", the_page_works),
    ("/analytics/every-figure-has-its-definition-and-its-data", every_figure_has_its_definition_and_its_data),
    ("/analytics/only-what-was-asked-for", only_what_was_asked_for),
    ("/analytics/what-is-not-known-is-not-nothing", what_is_not_known_is_not_nothing),
    ("/analytics/what-cannot-be-used-is-told", what_cannot_be_used_is_told),
    ("/analytics/the-terminal-says-it-in-a-screenful", the_terminal_says_it_in_a_screenful),
])
