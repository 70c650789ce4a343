# SPDX-License-Identifier: Apache-2.0
"""tapwatt report where prices changed at some sites and stayed at others: a planted elasticity must be found."""
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import sessions   # noqa: E402
import tap        # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-prices-")
FIRST = datetime.date(2026, 1, 5)
CHANGE = 84     # days after it


def report(rows):
    sessions.write(rows, f"{FOLDER.name}/sessions.csv")
    done = subprocess.run([TAPWATT, "report", "--sessions", f"{FOLDER.name}/sessions.csv", "--json"],
                          capture_output=True, text=True, timeout=300, env=dict(os.environ, LC_ALL="C.UTF-8"))
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stderr}"
    figures = json.loads(done.stdout)["figures"]
    return figures["price_changes"], figures.get("price_change_weeks")


def dearer(day, site):
    """Sites 0 to 2 become dearer; the others do not, and do not all cost the same."""
    return 52 if site < 3 and day >= CHANGE else (40, 40, 40, 44, 40, 47)[site]


def fleet(seed, price_of=dearer, elasticity=-0.8):
    return sessions.make(seed, sites=6, ports=9, elasticity=elasticity, price_of=price_of)


def the_planted_elasticity_is_found():
    """In its interval, which is narrow enough to say something; in one of twenty it would not be."""
    held = 0
    for seed, elasticity in ((1, -0.8), (2, -0.8), (3, -1.6), (4, 0)):
        found, weeks = report(fleet(seed, elasticity=elasticity).rows)
        assert [row["demand"] for row in found["rows"]] == ["energy", "starts"], found
        for row in found["rows"]:
            assert row["change"] in (str(FIRST + datetime.timedelta(days=CHANGE + late)) for late in (0, 1)), row
            assert (row["treated_sites"], row["control_sites"]) == (3, 3) and "Site 2" in row["treated"], row
            assert (row["days_before"], row["days_after"]) in ((84, 98), (84, 91)), row
            assert abs(row["price_before_minor"] - 40) < 0.1 and abs(row["price_after_minor"] - 52) < 0.1, row
            assert row["high"] - row["low"] < 1.2 and row["low"] < row["elasticity"] < row["high"], row
            held += row["low"] <= elasticity <= row["high"]
        assert [row["week"] for row in weeks["rows"]] == list(range(-12, 14)), weeks
    assert held >= 7, held
    assert "parallel trends" in found["definition"]


def weekly_ratios_are_those_of_the_rows():
    world = fleet(5)
    _, weeks = report(world.rows)
    sums = {}
    for row in world.rows:
        week = (datetime.date.fromisoformat(local_day(row)) - FIRST).days // 7 - CHANGE // 7
        sums.setdefault((week, int(row["site_id"][-1]) < 3), []).append(row)
    share = lambda chosen: (sum(len(v) for (w, treated), v in sums.items() if treated and w in chosen)
                            / sum(len(v) for (w, treated), v in sums.items() if not treated and w in chosen))
    for row in weeks["rows"]:
        expected = share([row["week"]]) / share(range(-12, 0))
        assert abs(row["ratio"] - expected) < 1e-6, (row, expected)


def local_day(row):
    import zoneinfo
    at = datetime.datetime.fromisoformat(row["plug_in"].replace("Z", "+00:00"))
    return at.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).date().isoformat()


def sites_that_went_other_ways_before_are_warned_of():
    """The treated ones grow by a twelfth each week."""
    chance = random.Random(6)
    rows = [row for row in fleet(6).rows if int(row["site_id"][-1]) >= 3
            or chance.random() < 1.08 ** ((datetime.date.fromisoformat(local_day(row)) - FIRST).days / 7 - 26)]
    found, _ = report(rows)
    assert found["rows"] and all(row["trends_differ"] == "yes" for row in found["rows"]), found
    assert all(row["trend"] > 0.04 for row in found["rows"])
    assert any("not to be believed" in note for note in found["notes"]), found["notes"]


def without_anybody_to_compare_there_is_a_reason():
    for price_of, reason in ((lambda day, site: 52 if day >= CHANGE else 40, "while others kept theirs"),
                             (lambda day, site: 52 if site < 3 and day >= 160 else 40, "while others kept theirs"),
                             (sessions.price_of, "while others kept theirs"),
                             (lambda day, site: 40 + site, "no price changed")):
        found, weeks = report(fleet(7, price_of).rows)
        assert found["rows"] == [] and weeks is None, found
        assert reason in " ".join(found["notes"]), found["notes"]


def what_changed_meanwhile_shortens_the_comparison():
    """The only others change six weeks after: they tell of no more than these."""
    later = lambda day, site: 52 if site < 3 and day >= CHANGE else 45 if site >= 3 and day >= CHANGE + 45 else 40
    found, _ = report(fleet(8, later).rows)
    first = [row for row in found["rows"] if row["change"] < str(FIRST + datetime.timedelta(days=CHANGE + 3))]
    assert [(row["days_before"], row["days_after"]) for row in first] == [(42, 42)] * 2, found


tap.run([
    ("/prices/the-planted-elasticity-is-found", the_planted_elasticity_is_found),
    ("/prices/weekly-ratios-are-those-of-the-rows", weekly_ratios_are_those_of_the_rows),
    ("/prices/sites-that-went-other-ways-before-are-warned-of", sites_that_went_other_ways_before_are_warned_of),
    ("/prices/without-anybody-to-compare-there-is-a-reason", without_anybody_to_compare_there_is_a_reason),
    ("/prices/what-changed-meanwhile-shortens-the-comparison", what_changed_meanwhile_shortens_the_comparison),
])
