# SPDX-License-Identifier: Apache-2.0
"""What packaging/monitoring says about the numbers, held against a real station's page, and against Prometheus' own
tools."""
import json
import os
import re
import socket
import subprocess
import tempfile
import urllib.parse
import urllib.request

import scrape
import tap
from scrape import Page
from street import SOURCE, Street, end, wait_until

FOLDER = os.path.join(SOURCE, "packaging", "monitoring")


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        return f.read()


def promtool(*args, cwd=FOLDER):
    done = subprocess.run(["promtool", *args], cwd=cwd, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def used(text):
    """{name: {label: values}} of what an expression or a page of rules asks for."""
    found = {}
    for name, labels in re.findall(r"\b(tapwatt_[a-z_]+)(?:\{([^}]*)\})?", text):
        ours = found.setdefault(name, {})
        for label, value in re.findall(r'(\w+)!?=~?\\?"([^"\\]*)', labels):
            ours.setdefault(label, set()).add(value)
    return found


def complaints(text, page):
    """What is asked for and not there. station, instance and job are the scrape's."""
    for name, labels in used(text).items():
        there = page.all(name)
        if not there:
            yield name
        for label, values in labels.items():
            known = {dict(pairs).get(label) for pairs in there}
            if label not in ("station", "instance", "job"):
                yield from (f"{name}{{{label}={value}}}" for value in values - known)


def expressions():
    """Of alerts, and of the dashboard's panels."""
    rules = read("tapwatt.rules.yml")
    for block in re.findall(r"^        expr: (.*?)^        (?:for|labels):", rules, re.MULTILINE | re.DOTALL):
        yield block
    for panel in json.loads(read("tapwatt.dashboard.json"))["panels"]:
        yield from (target["expr"] for target in panel.get("targets", []))


def names_are_on_the_page():
    with Street(conf=scrape.CONF) as street:
        street.start()
        session = street.charge(1, wh=5)   # what is absent until something happened is there now
        assert street.stop(1) is None
        street.wait_connector(1, "free")
        street.wait_settled()
        assert session
        page = Page(street)
    found = list(expressions())
    assert len(found) > 35, len(found)
    wrong = [complaint for text in found for complaint in complaints(text, page)]
    assert not wrong, wrong
    planted = "sum(tapwatt_offer_total) + tapwatt_offers_total"
    assert list(complaints(planted, page)) == ["tapwatt_offer_total"], list(complaints(planted, page))
    planted = 'tapwatt_requests_total{operation="capture",outcome="captured"}'
    assert list(complaints(planted, page)) == ["tapwatt_requests_total{outcome=captured}"]
    listed = set(re.findall(r"`(tapwatt_[a-z_]+)`", open(os.path.join(SOURCE, "app/metrics/README.md")).read()))
    families = set(page.families)
    assert listed == families, listed ^ families


def rules_speak_when_they_must():
    assert promtool("check", "rules", "tapwatt.rules.yml")[0] == 0
    code, text = promtool("test", "rules", "tapwatt.rules.test.yml")
    assert code == 0, text
    names = re.findall(r"- alert: (\w+)", read("tapwatt.rules.yml"))
    tests = read("tapwatt.rules.test.yml")
    assert len(names) == len(set(names)) > 15
    untested = [name for name in names if f'alertname="{name}"' not in tests]
    assert not untested, untested
    for name in names:
        rule = read("tapwatt.rules.yml").split(f"- alert: {name}\n")[1].split("- alert:")[0]
        assert "Do:" in rule and "summary:" in rule and "severity:" in rule, name

    with tempfile.TemporaryDirectory(prefix="tapwatt-") as folder:
        for file, old, new in (("tapwatt.rules.yml", "> 24 * 3600", "> 26 * 3600"), ("tapwatt.rules.test.yml", "", "")):
            with open(os.path.join(folder, file), "w") as f:
                f.write(read(file).replace(old, new) if old else read(file))
        assert promtool("test", "rules", "tapwatt.rules.test.yml", cwd=folder)[0] != 0


def example_is_understood():
    with tempfile.TemporaryDirectory(prefix="tapwatt-") as folder:
        for file, name in (("prometheus.yml.example", "prometheus.yml"), ("tapwatt.rules.yml", "tapwatt.rules.yml")):
            with open(os.path.join(folder, name), "w") as f:
                f.write(read(file))
        code, text = promtool("check", "config", "prometheus.yml", cwd=folder)
        assert code == 0, text


def ask(number, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/api/v1/{path}", timeout=5) as answer:
            return json.load(answer)["data"]
    except OSError:
        return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def prometheus_collects_it():
    with Street(conf=scrape.CONF) as street:
        street.start()
        config = read("prometheus.yml.example").replace("127.0.0.1:9464", f"127.0.0.1:{scrape.port(street)}")
        for name, text in (("prometheus.yml", config.replace("30s", "1s").replace("scrape_timeout: 5s", "")),
                           ("tapwatt.rules.yml", read("tapwatt.rules.yml"))):
            with open(os.path.join(street.dir, name), "w") as f:
                f.write(text)
        number = free_port()
        server = subprocess.Popen(["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=series",
                                   f"--web.listen-address=127.0.0.1:{number}"], cwd=street.dir,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def targets():
                found = (ask(number, "targets") or {}).get("activeTargets", [])
                return [t for t in found if t["health"] != "unknown"]

            assert wait_until("a scrape", targets)[0]["health"] == "up", targets()
            query = urllib.parse.quote('tapwatt_in_service{station="TWT-0001"}')
            value = wait_until("a sample", lambda: (ask(number, f"query?query={query}") or {}).get("result"))
            assert value[0]["value"][1] == "1", value
            kinds = ask(number, "metadata?metric=tapwatt_money_captured_minor_total") or \
                ask(number, "metadata?metric=tapwatt_money_captured_minor")
            assert [k["type"] for k in next(iter(kinds.values()))] == ["counter"], kinds
            rules = [r for group in ask(number, "rules")["groups"] for r in group["rules"]]
            assert len(rules) > 15 and not [r for r in rules if r["health"] == "err"], rules
        finally:
            end(server)


def dashboard_is_whole():
    dashboard = json.loads(read("tapwatt.dashboard.json"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells
        letters = [target["refId"] for target in panel.get("targets", [])]
        assert panel["title"] and len(set(letters)) == len(letters)
        assert panel["type"] == "row" or panel["datasource"]["uid"] == "${source}", panel["title"]


if __name__ == "__main__":
    tap.run([
        ("every name in alerts, dashboard and README is on a real page", names_are_on_the_page),
        ("alerts speak when they must, and say what to do", rules_speak_when_they_must),
        ("Prometheus understands the example", example_is_understood),
        ("Prometheus itself collects a station, and its rules can be worked out", prometheus_collects_it),
        ("the dashboard is whole", dashboard_is_whole),
    ])
