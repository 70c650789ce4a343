# SPDX-License-Identifier: Apache-2.0
"""tapwatt report --svg: a file of each picture, drawn by gnuplot, whatever the names in the data are."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import sessions   # noqa: E402
import tap        # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-pictures-")
PLANTED = f"{FOLDER.name}/planted"
# What a script, a shell, a file of data and XML each end a name by.
HOSTILE = (f"""end 'a' "b" <script>alert(1)</script> & `touch {PLANTED}` """
           f"""$(touch {PLANTED}) \\n #\n! touch {PLANTED}\n'""")
PICTURES = {"line", "bars", "stack", "heat", "funnel", "waterfall", "cohort", "scatter", "band"}


def report(rows, out, *words, status=0, path=None):
    sessions.write(rows, f"{FOLDER.name}/sessions.csv")
    done = subprocess.run([TAPWATT, "report", "--sessions", f"{FOLDER.name}/sessions.csv", *words], text=True,
                          capture_output=True, timeout=300, env=dict(os.environ, LC_ALL="C.UTF-8",
                                                                     **({"PATH": path} if path else {})))
    assert done.returncode == status, f"exit {done.returncode}\n{done.stderr}"
    return done.stderr


def texts(path):
    """Of a file of which nothing is fetched and nothing runs."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    drawn = xml.dom.minidom.parseString(text)
    names = {element.tagName for element in drawn.getElementsByTagName("*")}
    assert not names & {"script", "image", "foreignObject", "a", "iframe"}, (path, names)
    assert not re.search(r"""(href|src)\s*=\s*['"](?!#)|\son\w+\s*=|url\((?!#)""", text), path
    assert len(drawn.getElementsByTagName("path")) + len(drawn.getElementsByTagName("polygon")) > 3, path
    return ["".join(node.data for node in element.childNodes if node.nodeType == node.TEXT_NODE)
            for element in drawn.getElementsByTagName("text")]


def gnuplot():
    if shutil.which("gnuplot") is None:
        raise tap.Skip("gnuplot is not installed")


def each_picture_is_a_file():
    gnuplot()
    out = f"{FOLDER.name}/out"
    report(sessions.make(3, sites=3, days=70).rows, out, "--output", out, "--svg")
    with open(f"{out}/report.html", encoding="utf-8") as file:
        page = file.read()
    drawn = set(re.findall(r'<section class="figure" id="([a-z_]+)">(?:(?!</section>).)*?<canvas', page, re.S))
    drawn |= set(re.findall(r'<section class="figure" id="([a-z_]+)">(?:(?!</section>).)*?class="matrix"', page, re.S))
    files = [name for name in os.listdir(out) if name.endswith(".svg")]
    assert {re.sub(r"(-EUR|-\d+)?\.svg$", "", name) for name in files} == drawn and len(drawn) > 12, (files, drawn)
    assert {f"heat_map_by_site-{i}.svg" for i in (1, 2, 3)} < set(files) and "revenue_trend-EUR.svg" in files
    assert not [name for name in os.listdir(out) if name.startswith(".")], os.listdir(out)
    with open(f"{out}/report.json", encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    for name in files:
        told = texts(f"{out}/{name}")
        assert figures[re.sub(r"(-EUR|-\d+)?\.svg$", "", name)]["title"] in told, (name, told)
    assert {"Mon", "Sun", "00:00", "23:00"} <= set(texts(f"{out}/heat_map.svg"))
    assert texts(f"{out}/heat_map.svg").count("Mon") == 1
    assert "charging" in texts(f"{out}/port_time.svg") and "Site 2 / DE*TAP*E020" in texts(f"{out}/port_time.svg")
    assert "10\u201320" in texts(f"{out}/dwell.svg")


def names_are_texts_and_nothing_else():
    gnuplot()
    out = f"{FOLDER.name}/hostile"
    rows = [dict(row, site_id=HOSTILE if row["site_id"] == "Site 1" else row["site_id"], tariff_id=HOSTILE)
            for row in sessions.make(4, sites=2, days=60).rows]
    report(rows, out, "--output", out, "--svg", "--by", "site,tariff")
    assert not os.path.exists(PLANTED), "a name was run"
    told = [text for name in os.listdir(out) if name.endswith(".svg") for text in texts(f"{out}/{name}")]
    assert [text for text in told if "<script>alert(1)</script>" in text and f"`touch {PLANTED}`" in text], told


def what_nobody_knows_has_no_picture():
    """One session, and states of an EVSE of which nobody tells: gnuplot is asked for nothing that it would stop at."""
    gnuplot()
    out = f"{FOLDER.name}/little"
    row = sessions.make(6, sites=1, days=2).rows[0]
    with open(f"{FOLDER.name}/events.csv", "w", encoding="utf-8") as file:
        file.write("evse_id,at,status\nelsewhere,2026-01-01T00:00:00Z,AVAILABLE\n")
    report([row], out, "--output", out, "--svg", "--events", f"{FOLDER.name}/events.csv")
    with open(f"{out}/report.json", encoding="utf-8") as file:
        assert [row["outage_s"] for row in json.load(file)["figures"]["uptime_ports"]["rows"]] == [None]
    assert not os.path.exists(f"{out}/uptime_ports.svg") and not os.path.exists(f"{out}/cohorts.svg")
    assert os.path.exists(f"{out}/heat_map.svg")


def without_gnuplot_it_says_what_is_missing():
    rows, out = sessions.make(5, sites=1, days=20).rows, f"{FOLDER.name}/without"
    os.mkdir(f"{FOLDER.name}/nothing")
    said = report(rows, out, "--output", out, "--svg", status=3, path=f"{FOLDER.name}/nothing")
    assert "gnuplot-nox" in said, said
    assert not [name for name in os.listdir(out) if name.endswith(".svg") or name.startswith(".")], os.listdir(out)
    assert "--output" in report(rows, out, "--svg", status=2)


tap.run([
    ("/pictures/each-picture-is-a-file", each_picture_is_a_file),
    ("/pictures/names-are-texts-and-nothing-else", names_are_texts_and_nothing_else),
    ("/pictures/what-nobody-knows-has-no-picture", what_nobody_knows_has_no_picture),
    ("/pictures/without-gnuplot-it-says-what-is-missing", without_gnuplot_it_says_what_is_missing),
])
