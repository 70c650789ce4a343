# SPDX-License-Identifier: Apache-2.0
"""packaging/try, as a newcomer runs it, on programs that are built already. What it tells is held against the
acquirer's ledger and the separate calculator; and whatever happens to it, none of its processes stays."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ui"))
import tap
from display import Display
from street import BENCH, BUILD, READER, SOURCE, wait_until

TRY = os.path.join(SOURCE, "packaging", "try")
PRICER = os.path.join(SOURCE, "tests", "lib", "pricer.py")
TARIFF = os.path.join(SOURCE, "assets", "tariffs", "demo.json")


class Demonstration:
    """One run in a folder of its own: with Demonstration() as demo: ..."""

    def __init__(self, *options, build=BUILD, display=None):
        self.dir = tempfile.mkdtemp(prefix="tw-try-")
        self.mark = f"TAPWATT_TEST_MARK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        env = dict(display or os.environ, TAPWATT_BUILD=build, TMPDIR=self.dir, **{name: value})
        if display is None:
            env = {key: value for key, value in env.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        self.log = open(os.path.join(self.dir, "out"), "w+")
        self.process = subprocess.Popen([TRY, *options], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT, env=env, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            tap.note(self.text())
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def text(self):
        with open(self.log.name, errors="replace") as file:
            return file.read()

    def processes(self):
        """Of ours, by what they inherit, or by the folder in their command line where that may not be read."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    command = file.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    inherited = file.read()
            except OSError:
                inherited = b""
            if self.mark.encode() in inherited or f"{self.dir}/tapwatt-street" in command:
                found.append((int(pid), command))
        return found

    def wait_for(self, text, seconds=120):
        wait_until(text, lambda: text in self.text() or self.process.poll() is not None, seconds)
        assert text in self.text(), "it ended before it said: " + text

    def ended(self, seconds=300):
        return self.process.wait(seconds)

    def assert_alone(self):
        """Kernel and init need a moment to bury those whose parent was killed; nobody else does."""
        wait_until("no process is left", lambda: not self.processes(), 20)
        assert not glob.glob(self.dir + "/tapwatt-street.*/bus") or self.process.returncode == -signal.SIGKILL


def minor(text):
    whole, _, cents = text.partition(".")
    return int(whole + cents.ljust(2, "0"))


def price_of(receipt):
    """By the separate calculator, from the meter's two readings. Nobody parks in the demonstration."""
    energy = receipt["energy"]["meter_end_wh"] - receipt["energy"]["meter_begin_wh"]
    done = subprocess.run([sys.executable, PRICER, TARIFF, str(energy), "0", "0"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[0])


def read(folder, name):
    with open(os.path.join(folder, name)) as file:
        return file.read()


def assert_receipt(folder, name, told):
    """The receipt, the acquirer's ledger, the calculator and what was told agree to the cent."""
    receipt = json.loads(read(folder, f"receipt-{name}.json"))
    text = read(folder, f"receipt-{name}.txt")
    payments = [p for p in json.loads(read(folder, "ledger.json")) if p["code"] == receipt["session"]]
    lines = [json.loads(line) for line in read(folder, "ledger.jsonl").splitlines()]
    captures = [line for line in lines if line["code"] == receipt["session"] and line["op"] == "capture"]
    assert len(payments) == 1 and len(captures) == 1, (payments, lines)

    book = {key: minor(payments[0][key]) for key in ("authorized", "captured", "reversed", "open")}
    assert book["captured"] == price_of(receipt) == receipt["payment"]["captured_minor"] > 0, book
    assert book["captured"] == minor(captures[0]["amount"]), captures
    assert book["authorized"] == receipt["payment"]["hold_minor"] == 5000, book
    assert book["captured"] + book["reversed"] == book["authorized"] and book["open"] == 0, book
    amount = payments[0]["captured"].replace(".", "," if name == "ben" else ".")   # who asked for German
    assert receipt["test_mode"] is True and f"{amount} EUR" in text, text
    assert ("TESTBETRIEB" if name == "ben" else "TEST MODE") in text, text
    pays = f"{name.capitalize()} pays {payments[0]['captured']} EUR; {payments[0]['reversed']} EUR of the hold"
    assert pays in told, told
    row = [payments[0][key] for key in ("authorized", "captured", "reversed", "open")]
    assert re.search(r"\s+".join(map(re.escape, [name.capitalize(), receipt["session"], *row])), told), told
    return receipt


def assert_demonstrated(demo):
    assert demo.ended() == 0, demo.text()
    demo.assert_alone()
    told = demo.text()
    folder = re.search(r"Left in (\S+)", told)[1]
    assert "TEST MODE" in told and "0.49 EUR per kWh" in told and "50.00 EUR held, 0.00 taken" in told, told
    wide = [line for line in told.splitlines() if len(line) > 80 and "/" not in line]
    assert not wide, wide
    anna = assert_receipt(folder, "anna", told)
    ben = assert_receipt(folder, "ben", told)
    assert anna["begin"]["utc"] < ben["begin"]["utc"] < anna["end"]["utc"] < ben["end"]["utc"], "they did not overlap"
    assert read(folder, "receipt-anna.txt").splitlines()[2].strip() in told, "the receipt was not shown"
    for log in ("dbus.log", "bench.log", "tapwattd.log"):
        assert os.path.exists(os.path.join(folder, "logs", log)), log
    return folder


def two_at_once():
    folder = os.path.join(tempfile.gettempdir(), f"tw-{uuid.uuid4()}")
    with Demonstration("--headless") as one, Demonstration("--headless", "--output", folder) as two:
        first = assert_demonstrated(one)
        second = assert_demonstrated(two)
        assert first.startswith(one.dir) and second == folder
        shutil.rmtree(second)


PICTURES = ["welcome", "offer", "plug-in", "charging", "offer-while-charging", "two-languages", "receipt",
            "two-receipts"]


def on_a_virtual_display():
    """Real clicks. What the drivers can scan off the last picture is what the bank's book says."""
    with Demonstration() as demo:
        folder = assert_demonstrated(demo)
        assert "There is no display" in demo.text(), demo.text()
        pictures = sorted(os.listdir(os.path.join(folder, "screenshots")))
        assert pictures == [f"{i + 1:02}-{name}.png" for i, name in enumerate(PICTURES)], pictures
        done = subprocess.run(["zbarimg", "--quiet", "--raw", os.path.join(folder, "screenshots", pictures[-1])],
                              capture_output=True, text=True, timeout=60)
        for payment in json.loads(read(folder, "ledger.json")):
            assert payment["code"] in done.stdout, (payment, done)


def windows(display, name):
    done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name], capture_output=True, text=True,
                          timeout=30, env=display.env())
    return done.stdout.split()


def on_a_display():
    """Both windows open; Ctrl-C ends it well, with the bank's book."""
    with Display(2560, 800, accessible=False) as display, Demonstration(display=display.env()) as demo:
        demo.wait_for("press Ctrl-C, to end")
        wait_until("the kiosk", lambda: windows(display, "Tapwatt"))
        wait_until("the panel", lambda: windows(display, "Bench panel"))
        demo.process.send_signal(signal.SIGINT)
        assert demo.ended() == 0, demo.text()
        demo.assert_alone()
        folder = re.search(r"Left in (\S+)", demo.text())[1]
        assert json.loads(read(folder, "ledger.json"))["payments"] == [], read(folder, "ledger.json")


def stopped(sig, status, seconds):
    """seconds into the story that it tells."""
    def story():
        with Demonstration("--headless") as demo:
            demo.wait_for(f"  0:{seconds:02}  ")
            assert len(demo.processes()) >= 6, demo.processes()   # bash, bus, street, station, reader, player
            demo.process.send_signal(sig)
            assert demo.ended() == status, demo.process.returncode
            demo.assert_alone()
            if status > 0:
                folder = re.search(r"what the programs said is in (\S+)/logs", demo.text())[1]
                assert "at the step: the story" in demo.text(), demo.text()
                assert "open for business" in read(folder, "logs/tapwattd.log")
    return story


def spoiled_build(folder, name, script):
    """A build of which one program is not what it was."""
    for program in (BENCH, READER, os.path.join(BUILD, "app", "daemon", "tapwattd")):
        target = os.path.join(folder, os.path.relpath(program, BUILD))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.basename(program) != name:
            os.symlink(program, target)
            continue
        with open(target, "w") as file:
            file.write(script)
        os.chmod(target, 0o755)
    return folder


def failing(name, script, words):
    def story():
        with tempfile.TemporaryDirectory(prefix="tw-spoiled-") as folder:
            with Demonstration("--headless", build=spoiled_build(folder, name, script)) as demo:
                assert demo.ended() == 1, demo.process.returncode
                demo.assert_alone()
                for word in [*words, "did not come to its end, at the step: ", "/logs"]:
                    assert word in demo.text(), demo.text()
    return story


def usage():
    for options, status, words in [(["--help"], 0, "usage: packaging/try [--virtual | --headless]"),
                                   (["--headles"], 2, "no such option"),
                                   (["--headless", "--output"], 2, "needs a folder")]:
        done = subprocess.run([TRY, *options], capture_output=True, text=True, timeout=30)
        assert done.returncode == status and words in done.stdout + done.stderr, (options, done)


if __name__ == "__main__":
    tap.run([
        ("two demonstrations at once: receipts, ledger and calculator agree to the cent", two_at_once),
        ("without a display: real clicks on a virtual one, and pictures", on_a_virtual_display),
        ("with a display: the kiosk and the panel", on_a_display),
        ("interrupted: says where, and leaves no process", stopped(signal.SIGINT, 130, 3)),
        ("terminated: says where, and leaves no process", stopped(signal.SIGTERM, 143, 1)),
        ("killed: leaves no process", stopped(signal.SIGKILL, -signal.SIGKILL, 2)),
        ("a station that does not start: says so, shows why, leaves no process",
         failing("tapwattd", "#!/bin/sh\necho the fuse is out >&2\nexit 3\n",
                 ["tapwattd ended before it was ready", "the fuse is out"])),
        ("a reader that does not start: the story stops at the first tap that nobody can take",
         failing("tapwatt-reader", "#!/bin/sh\nexit 1\n", ["the story stopped", "station.counter is closed"])),
        ("its options explain themselves", usage),
    ])
