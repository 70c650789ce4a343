# SPDX-License-Identifier: Apache-2.0
"""The bench panel, by real clicks on what assistive technology finds in it: a paid session, weather, a lost answer. The
witness is the acquirer's ledger; what the panel shows is read from its accessibility tree."""
import contextlib
import json
import os
import signal
import subprocess
import sys

import tap
from needles import Haystack
from street import BENCH, SOURCE, Street, end, wait_until

sys.path.insert(0, os.path.join(SOURCE, "tests", "ui"))
from display import Display  # noqa: E402

LOST_ANSWER = """
[gateway]
authorize_timeout_s = 3
follow_up_timeout_s = 3
[deadlines]
retry_first_s = 0.5
"""


class Panel:
    """The panel beside a street, with a hand and an eye for it."""

    def __init__(self, street, display):
        self.street, self.display = street, display
        self.process = subprocess.Popen([BENCH, "panel", "--dir", street.dir], env=display.env(street_env(street)))
        self.pid = self.process.pid

    def see(self, role, name):
        return self.display.eyes.wait(self.pid, role, name)

    def names(self):
        return [thing["name"] for thing in self.display.eyes.look(self.pid)]

    def shows(self, *parts):
        """The first name in the tree that has all these parts in it; None."""
        return next((name for name in self.names() if all(part in name for part in parts)), None)

    def wait_shown(self, *parts, seconds=20):
        return wait_until(f"shown: {parts}", lambda: self.shows(*parts), seconds)

    def click(self, role, name):
        self.display.click(self.see(role, name))

    def ends_well(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0, self.process.returncode


def street_env(street):
    return {"DBUS_SYSTEM_BUS_ADDRESS": street.address, "G_DEBUG": "fatal-criticals"}


@contextlib.contextmanager
def panel_beside_a_station(conf=""):
    with Display(1280, 800) as display, Street(conf=conf) as street:
        street.start()
        panel = Panel(street, display)
        try:
            panel.wait_shown("street: connected")
            panel.see("button", "Tap Visa, approved")
            yield street, panel
            panel.ends_well()
        finally:
            end(panel.process)


def pay_by_click(street, panel):
    session = street.offer(1)
    panel.click("button", "Tap Visa, approved")
    street.wait_connector(1, "armed", "charging")
    return session


def paid_session():
    with panel_beside_a_station() as (street, panel):
        panel.wait_shown("no card")
        panel.wait_shown("All sessions, Held 0.00")
        session = pay_by_click(street, panel)
        assert street.ledger(session)["authorized"] == "50.00"
        panel.wait_shown(f"{session}, Held 50.00, Captured 0.00, Released 0.00, Open 50.00, ✓ Held")
        panel.click("button", "Plug in, connector 1")
        street.wait_connector(1, "charging")
        panel.wait_shown("charging 5")
        for lane in (", Wire: reader → SELECT", ", Wire: acquirer → authorize", ", Wire: controller 1 ←",
                     ", Journal: approved: 50.00 held", ", Ledger: authorize 50.00 EUR", ", Hand: hand: car 1 plug"):
            wait_until(f"a row {lane}", lambda: in_record(street, panel, session, lane))
        wait_until("some energy", lambda: street.connector(1)["EnergyWh"] >= 40, 60)
        panel.click("button", "Unplug, connector 1")
        street.wait_over(session)
        street.wait_settled()
        ledger = street.ledger(session)
        assert ledger["open"] == "0.00" and ledger["captures"] == 1, ledger
        panel.wait_shown(f"{session}, Held 50.00, Captured {ledger['captured']}, Released {ledger['reversed']}, "
                         "Open 0.00, ✓ Captured")
        panel.wait_shown(", Ledger: capture " + ledger["captured"], session)
        assert panel.shows("✗ DISAGREE") is None


def in_record(street, panel, session, part):
    """Rows that are not in sight are not in the tree: what is saved tells of all. Here: in sight, or in the stream."""
    return panel.shows(part, session) or scrolled(panel, part, session)


def scrolled(panel, *parts):
    """Looks further up, as a person would, and comes back."""
    listing = panel.see("list", "What happened")
    x, y, width, height = listing["box"]
    panel.display.xdotool("mousemove", x + width // 2, y + height // 2)
    found = None
    for _ in range(12):
        panel.display.xdotool("click", "4")
        found = panel.shows(*parts)
        if found:
            break
    panel.display.xdotool("click", "--repeat", "40", "--delay", "5", "5")
    return found


def lost_answer_and_clear_skies():
    """After "drop" by clicks the capture's answer is lost; the panel says so, and that nobody disagrees in the end."""
    with panel_beside_a_station(LOST_ANSWER) as (street, panel):
        session = pay_by_click(street, panel)
        panel.click("button", "Plug in, connector 1")
        street.wait_connector(1, "charging")
        wait_until("some energy", lambda: street.connector(1)["EnergyWh"] >= 40, 60)
        street.ctl("acquirer", "fault", "drop", op="capture", when="after")
        panel.click("tab", "Network")
        panel.wait_shown("capture: drop, after acting, once")
        street.stop(1)
        street.wait_over(session)
        panel.wait_shown("capture: connection ended without an answer", session)
        street.wait_settled()
        assert street.ledger(session)["captures"] == 1
        panel.wait_shown(session, "✓ Captured")
        panel.wait_shown("Clear skies: requests go through")
        panel.click("button", "Line down")
        wait_until("nobody listens", lambda: street.ctl("status")["acquirer"]["listening"] is False)
        panel.wait_shown("the acquirer is down")
        panel.click("button", "Clear skies")
        wait_until("it listens again", lambda: street.ctl("status")["acquirer"]["listening"] is True)


def it_outlives_the_street():
    with panel_beside_a_station() as (street, panel):
        session = pay_by_click(street, panel)
        panel.wait_shown(session, "✓ Held")
        street.ctl("card", "remove")
        end(street.bench)
        panel.wait_shown("street: not there")
        street._start_bench()
        panel.wait_shown("street: connected")
        # The new street's acquirer has forgotten the hold that the journal knows of: that is what the mark is for.
        panel.wait_shown(session, "✗ DISAGREE", "the ledger 0.00", seconds=30)


def no_card_number_is_shown_or_saved():
    haystack = Haystack(SOURCE)
    with panel_beside_a_station() as (street, panel):
        session = pay_by_click(street, panel)
        panel.wait_shown(session, "✓ Held")
        street.ctl("acquirer", "card", pan="4012888888881881", **{"master-key": "5a" * 16})
        panel.wait_shown("************1881")
        shown = "\n".join(panel.names()).encode()
        assert not haystack.search(shown), haystack.search(shown)
        panel.display.focus_window(panel.pid)
        panel.display.key("ctrl+s")
        panel.see("text box", "File to save in")
        panel.display.key("Return")
        saved = wait_until("the file", lambda: [n for n in os.listdir(street.dir) if n.startswith("happened-")])
        with open(os.path.join(street.dir, saved[0]), "rb") as f:
            data = f.read()
        lines = [json.loads(line) for line in data.splitlines()]
        kinds = {line["kind"] for line in lines if line.get("session") == session}
        assert kinds == {"wire", "journal", "ledger"} and "hand" in {line["kind"] for line in lines}, kinds
        assert data == b"".join(sorted(data.splitlines(True), key=lambda line: json.loads(line)["time_us"])), "by time"
        assert not haystack.search(data), haystack.search(data)
        assert haystack.search(data + b"4012888888881881"), "the search finds nothing at all"


def without_display_it_says_so():
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([BENCH, "panel", "--dir", "/nowhere"], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 3 and "no display" in done.stderr and "watch text" in done.stderr, done
    done = subprocess.run([BENCH, "panel", "--help"], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0 and "--journal DIR" in done.stdout and "F1" in done.stdout, done
    for wrong in ([], ["--dir", "x", "--size", "big"], ["--dir", "x", "--connectors", "9"], ["--dri", "x"],
                  ["--dir", "x", "y"]):
        done = subprocess.run([BENCH, "panel", *wrong], capture_output=True, text=True, env=env, timeout=60)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, (wrong, done)


if __name__ == "__main__":
    tap.run([
        ("a paid session by real clicks is in all three columns, and the sums are the ledger's", paid_session),
        ("a lost answer is seen, and clear skies undo the weather", lost_answer_and_clear_skies),
        ("it outlives the street, and marks a ledger that forgot a hold", it_outlives_the_street),
        ("no card number is shown or saved", no_card_number_is_shown_or_saved),
        ("without a display it says what to do instead", without_display_it_says_so),
    ])
