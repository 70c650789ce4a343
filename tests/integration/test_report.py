# SPDX-License-Identifier: Apache-2.0
"""The reconciliation's page as a browser shows it, of made-up books whose truth is known."""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet   # noqa: E402
import page    # noqa: E402
import tap     # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
HOSTILE = '"></script><script>alert(1)</script><img src=x onerror=alert(2)>'
WORLD = fleet.make(7)
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-report-")


def tapwatt(*words, status=(0, 1)):
    done = subprocess.run([TAPWATT, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    assert done.returncode in status, f"exit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    return done


def made():
    """The directory with the report; made once. A sale has a name that wants to break out of the page."""
    out = f"{FOLDER.name}/out"
    if not os.path.exists(out):
        unpaid = next(t for t in WORLD.truth if t.class_ == "missing_in_settlement")
        next(s for s in WORLD.sales if s.session in unpaid.where).payment_ref = HOSTILE
        os.mkdir(f"{FOLDER.name}/in")
        words = fleet.write(WORLD, f"{FOLDER.name}/in")
        tapwatt("reconcile", *words, "--output", out, status=(1,))
    return out


def page_of(out):
    with open(f"{out}/report.html", encoding="utf-8") as file:
        return file.read()


def browser():
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")


def all_forms_say_the_same():
    out = made()
    with open(f"{out}/exceptions.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(f"{out}/exceptions.jsonl", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert len(rows) == len(lines) > 50, (len(rows), len(lines))
    for row, line in zip(rows, lines):
        assert list(row) == list(line), (list(row), list(line))
        for name, value in line.items():
            told = "" if value is None else str(value)
            assert row[name] in (told, "'" + told), (name, row[name], value)
    assert not [name for name in os.listdir(out) if name.endswith(".part")], os.listdir(out)


def the_page_works():
    browser()
    for width, dark in ((1280, False), (1280, True), (390, False)):
        told = page.ask(f"{made()}/report.html", width, dark)
        assert told["errors"] == [] and told["refused"] == [] and told["fetched"] == [], told
        assert told["dark"] == dark and told["width"] == width, (told["dark"], told["width"])
        assert len(told["canvases"]) >= 8 and min(told["canvases"]) >= 4, told["canvases"]
        assert told["faint"] == [], told["faint"]
        assert told["scrolls"] <= told["width"], (told["scrolls"], told["width"])
        assert told["dead"] == [], told["dead"]
        assert HOSTILE in told["text"]
        assert re.search(r"Not closed: \d+ exceptions", told["text"])


def each_session_unfolds():
    """What is listed leads to what each witness says, and that is what the files say."""
    text = page_of(made())
    with open(f"{made()}/exceptions.csv", encoding="utf-8", newline="") as file:
        sessions = {row["session"] for row in csv.DictReader(file) if row["session"] and int(row["severity"]) >= 2}
    parts = dict(re.findall(r'<details id="session-(\d+)"><summary><strong>([^<]*)</strong>', text))
    assert set(parts.values()) == sessions and len(sessions) > 20, set(parts.values()) ^ sessions
    linked = dict(re.findall(r'<a href="#session-(\d+)"><code>([^<]*)</code>', text))
    assert linked == parts
    where = next(t.where for t in WORLD.truth if t.class_ == "chargeback")
    disputed = next(s for s in WORLD.sales if s.session in where)
    number = next(n for n, session in parts.items() if session == disputed.session)
    part = text.split(f'<details id="session-{number}">')[1].split("</details>")[0]
    for said in (disputed.payment_ref, disputed.psp_ref, f"{disputed.energy_wh} Wh", "signed record", "chargeback"):
        assert said in part, (said, part)
    assert part.count("Nothing from") == 0, part
    unpaid = next(s for s in WORLD.sales if s.payment_ref == HOSTILE)
    number = next(n for n, session in parts.items() if session == unpaid.session)
    part = text.split(f'<details id="session-{number}">')[1].split("</details>")[0]
    assert "Nothing from a payment service." in part and "Nothing from a bank." in part, part


def the_page_prints():
    browser()
    paper = page.pdf(f"{made()}/report.html")
    assert paper.startswith(b"%PDF-") and paper.rstrip().endswith(b"%%EOF"), paper[:20]
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) >= 5, "what was folded is not on paper"


def steps_add_up():
    """Each chart's sums are what the steps above them make."""
    with open(f"{made()}/report.html", encoding="utf-8") as file:
        charts = [json.loads(c.replace("&quot;", '"')) for c in re.findall(r'data-chart="([^"]*)"', file.read())]
    flows = [c["steps"] for c in charts if c["kind"] == "waterfall"]
    assert len(flows) == 5, len(flows)
    for steps in flows:
        level = 0
        for i, step in enumerate(steps):
            if step["tone"] == "total":
                assert step["from"] == 0 and (i == 0 or step["to"] == level), steps
            else:
                assert step["from"] == level and step["to"] != level, steps
            level = step["to"]


def nothing_is_left_of_a_run_that_stops():
    with tempfile.TemporaryDirectory() as folder:
        out, broken = f"{folder}/out", f"{folder}/sales.csv"
        os.mkdir(out)
        with open(f"{out}/report.html", "w", encoding="utf-8") as file:
            file.write("of yesterday")
        with open(broken, "w", encoding="utf-8") as file:
            file.write("session,station\nonly,half\n")
        tapwatt("reconcile", "--journal", broken, "--output", out, status=(2,))
        assert os.listdir(out) == ["report.html"], os.listdir(out)
        with open(f"{out}/report.html", encoding="utf-8") as file:
            assert file.read() == "of yesterday"


if __name__ == "__main__":
    tap.run([
        ("the lines in JSON are the table's rows", all_forms_say_the_same),
        ("the page opens without an error or a request, wide, narrow and dark", the_page_works),
        ("each session that is listed unfolds to its witnesses", each_session_unfolds),
        ("the page prints, unfolded", the_page_prints),
        ("the steps from captured to banked add up", steps_add_up),
        ("a run that stops leaves yesterday's report alone", nothing_is_left_of_a_run_that_stops),
    ])
