# SPDX-License-Identifier: Apache-2.0
"""What a collector reads from a station, by parsers that are not ours: the Prometheus project's own, for Python."""
import re
import socket
import sys

from street import wait_until

sys.path.append("/usr/lib/python3/dist-packages")   # where Debian keeps them, for another Python, too
from prometheus_client.openmetrics import parser as openmetrics  # noqa: E402
from prometheus_client import parser as older  # noqa: E402

CONF = "[metrics]\nlisten = 127.0.0.1:0\n"
OPEN = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
TYPES = {"open": "application/openmetrics-text; version=1.0.0; charset=utf-8",
         "older": "text/plain; version=0.0.4; charset=utf-8"}


def port(street):
    """As the log names it."""
    def named():
        with open(street.daemon_log, errors="replace") as log:
            log.seek(street.log_start)
            found = re.search(r"metrics at \S+, port (\d+)", log.read())
        return found and int(found.group(1))

    return wait_until("the metrics' port in the log", named)


def exchange(number, request, seconds=10):
    """All that comes back for these bytes, until the station hangs up."""
    with socket.create_connection(("127.0.0.1", number), timeout=seconds) as connection:
        connection.settimeout(seconds)
        connection.sendall(request)
        answer = b""
        while True:
            some = connection.recv(65536)
            if not some:
                return answer
            answer += some


def get(number, path="/metrics", accept=OPEN, method="GET"):
    """(status, headers, text)."""
    request = f"{method} {path} HTTP/1.1\r\nHost: here\r\nAccept: {accept}\r\n\r\n"
    head, _, body = exchange(number, request.encode()).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return int(lines[0].split()[1]), dict(line.split(": ", 1) for line in lines[1:]), body.decode()


class Page:
    """One scrape: value("tapwatt_offers_total"), value("tapwatt_connectors", state="free")."""

    def __init__(self, street_or_text, accept=OPEN):
        text = street_or_text
        if not isinstance(text, str):
            status, headers, text = get(port(street_or_text), accept=accept)
            assert status == 200, (status, text)
            assert headers["Content-Type"] == TYPES["open" if accept == OPEN else "older"], headers
        self.text = text
        parse = openmetrics if accept == OPEN else older
        self.families = {family.name: family for family in parse.text_string_to_metric_families(text)}
        self.samples = {}
        for family in self.families.values():
            for sample in family.samples:
                key = (sample.name, tuple(sorted(sample.labels.items())))
                assert key not in self.samples, f"twice: {key}"
                self.samples[key] = sample.value

    def value(self, name, **labels):
        return self.samples[name, tuple(sorted(labels.items()))]

    def maybe(self, name, **labels):
        return self.samples.get((name, tuple(sorted(labels.items()))))

    def all(self, name):
        return {labels: value for (found, labels), value in self.samples.items() if found == name}

    def names(self):
        return {name for name, _ in self.samples}
