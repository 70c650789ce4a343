# SPDX-License-Identifier: Apache-2.0
"""How long a driver waits between the tap and the answer on the screen, beyond what the card and the acquirer take.

All times are CLOCK_MONOTONIC of one machine, each stamped by who sees it happen: the board's twin (card there, card
found, each APDU and its answer), the acquirer (request here whole, answer written), and a client on the bus (the
counter shows the outcome). The connection to the acquirer is the station's own time, with both ends of the handshake.
Between
them the station's journal and its log say where its share went. Nothing here fails because a machine is slow."""
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from street import BUILD, Street, end, wait_until

TAPS = 20
AIM_MS = 50
STAGES = ("find the card", "select it", "card kernel, reader's line", "seal, hand over", "commit", "connect, TLS",
          "sign, post", "open the answer", "show it")


class Watch:
    """The counter's changes as a client on the bus sees them."""

    def __init__(self, street):
        self.changes = []
        self.process = subprocess.Popen([os.path.join(BUILD, "tests/bench/watch-counter")], env=street.env(),
                                        stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "watching\n"
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.changes.append((line.split() + [""])[:3])

    def when(self, since_us, state, prompt=None):
        """The first time after since_us that it was so."""
        return wait_until(f"{state} {prompt or ''} on the bus", lambda: next(
            (int(t) for t, s, p in self.changes if int(t) >= since_us and s == state and prompt in (None, p)), 0))

    def close(self):
        end(self.process)
        self.thread.join()
        self.process.stdout.close()


def now_us(clock=time.CLOCK_MONOTONIC):
    return time.clock_gettime_ns(clock) // 1000


def read_log(street, session):
    """(ms of the commit that holds entry seq) by seq, and the connection's part of the session's authorization."""
    commits, secured = [], []
    with open(street.daemon_log, errors="replace") as f:
        for line in f:
            m = re.search(r"up to entry (\d+) durable after (\d+) us", line)
            if m:
                commits.append((int(m[1]), int(m[2]) / 1000))
            m = re.search(r"/payments: (a new|a kept) connection;.* secured ([\d.]+)", line)
            if m:
                secured.append(float(m[2]) if m[1] == "a new" else 0.0)
    return commits, secured


def one_tap(street, watch, connector):
    for order in ("down", "up"):   # the first customer for a while: no connection of an earlier request is left
        street.ctl("acquirer", order)
    assert street.choose(connector) is None
    session = street.wait_counter("asking")["session"]
    watch.when(now_us() - 10_000_000, "asking", "present-card")
    wait_until("the reader asks", lambda: street.counter().get("prompt") == "present-card")
    time.sleep(0.3 + random.random() / 10)   # a person is slower; no two taps at the same point of the reader's rhythm
    street.ctl("card", "tap", "visa-approve")
    street.wait_counter("outcome")
    card = street.ctl("card", "times")
    street.ctl("card", "remove")
    shown = watch.when(card["inserted_us"], "outcome")
    visit = wait_until("the acquirer's time", lambda: [v for v in street.ctl("acquirer", "requests")["times"]
                                                       if v["act"] == "authorize" and v["answered_us"]])[-1]
    stamps = dict(card=card, shown=shown, visit=visit, session=session)
    assert street.counter()["outcome"] == "approved"
    street.wait_connector(connector, "armed")
    assert street.stop(connector) is None
    street.wait_connector(connector, "free")
    street.wait_settled()
    street.wait_counter("welcome")
    return stamps


def stages(street, stamps):
    """Milliseconds of each stage of one tap."""
    card, visit, shown = stamps["card"], stamps["visit"], stamps["shown"]
    boot = now_us(time.CLOCK_BOOTTIME) - now_us()
    when = {kind: (seq, at - boot) for seq, kind, at in street.stamps(stamps["session"])}
    commits, secured = read_log(street, stamps["session"])
    seq, referenced = when["referenced"]
    commit = next(ms for last, ms in commits if last >= seq)
    connect = secured[stamps["n"]]
    card_ms, acquirer_ms = card["card_us"] / 1000, (visit["answered_us"] - visit["arrived_us"]) / 1000
    parts = [(card["found_us"] - card["inserted_us"]) / 1000,
             (card["first_us"] - card["found_us"]) / 1000,
             (card["last_us"] - card["first_us"]) / 1000 - card_ms,
             (referenced - card["last_us"]) / 1000,
             commit,
             connect,
             (visit["arrived_us"] - referenced) / 1000 - commit - connect,
             (when["approved"][1] - visit["answered_us"]) / 1000,
             (shown - when["approved"][1]) / 1000]
    total = (shown - card["inserted_us"]) / 1000
    return parts, total, card_ms, acquirer_ms, visit["fresh"]


def tap_to_answer():
    with Street(conf="[deadlines]\noutcome_s = 1\n") as street:
        street.start()
        watch = Watch(street)
        try:
            taps = [dict(one_tap(street, watch, 1 + n % 2), n=n) for n in range(TAPS)]
        finally:
            watch.close()
        rows = [stages(street, stamps) for stamps in taps]
    report(rows)


def report(rows):
    median = statistics.median
    shares = [total - card - acquirer for _, total, card, acquirer, _ in rows]
    tap.note(f"{len(rows)} taps on {os.cpu_count()} cores; medians: tap to answer {median(r[1] for r in rows):.1f} "
              "ms = "
             f"card {median(r[2] for r in rows):.1f} + acquirer {median(r[3] for r in rows):.1f} + station "
             f"{median(shares):.1f} ms (aim: below {AIM_MS}; least {min(shares):.1f}, most {max(shares):.1f})")
    for i, name in enumerate(STAGES):
        values = [r[0][i] for r in rows]
        tap.note(f"  {name:28} {median(values):6.1f} ms   ({min(values):.1f} to {max(values):.1f})")
    tap.note(f"  on a kept connection: {sum(not r[4] for r in rows)} of {len(rows)}")
    for parts, total, card, acquirer, _ in rows:
        assert abs(sum(parts) + card + acquirer - total) < 0.1, "the stages do not add up"


if __name__ == "__main__":
    tap.run([("the station's share of tap to answer", tap_to_answer)])
