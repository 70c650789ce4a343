# SPDX-License-Identifier: Apache-2.0
"""The real tapwatt-kiosk on a virtual display, and the station that is all show (stage.c)."""
import os
import queue
import re
import signal
import subprocess
import threading
import time

from display import BUILD, FOCUSED, Display, end, wait_until
from street import SOURCE

KIOSK = os.path.join(BUILD, "ui/tapwatt-kiosk")
STAGE = os.path.join(BUILD, "tests/ui/stage")
SAMPLE = os.path.join(SOURCE, "assets/tapwatt.conf.sample")
MSG = re.compile(r'^(msgctxt .*\n)?msgid (?P<id>(?:".*"\n)+)msgstr (?P<text>(?:".*"\n?)+)', re.MULTILINE)


def load_words(language):
    """A catalogue as a dict, without what has a context."""
    if language == "en":
        return {}
    with open(os.path.join(SOURCE, "assets/translations", language + ".po"), encoding="utf-8") as f:
        text = f.read()

    def joined(lines):
        return "".join(re.findall(r'"(.*)"', lines)).replace('\\"', '"').replace("\\n", "\n")

    return {joined(m["id"]): joined(m["text"]) for m in MSG.finditer(text) if not m[1]}


WORDS = {language: load_words(language) for language in ("en", "de")}


def word(language, msgid):
    text = WORDS[language].get(msgid, msgid)
    assert language == "en" or msgid in WORDS[language], f"no {language} for \"{msgid}\""
    return text


CODE = re.compile(r'\{ (?:"([a-z-]+)"|NULL), TW_ICON_\w+, TW_TONE_\w+,\s*N_\("([^"]*)"\)')


def load_codes():
    """The kiosk's own headlines, table by table: what a code is called may change, what it means not."""
    with open(os.path.join(SOURCE, "ui/codes.c"), encoding="utf-8") as f:
        tables = re.split(r"static const TwCode (\w+)\[\] = \{", f.read())
    return {name: dict(CODE.findall(body.split("\n};")[0])) for name, body in zip(tables[1::2], tables[2::2])}


CODES = load_codes()


def headline(table, code, language="en"):
    return word(language, CODES[table][code])


COUNTER = "the counter"


def bay(number, language="en"):
    """How the name of a connector's group begins."""
    return word(language, "Connector %s: %s").split("%s:")[0] + f"{number}:"


def is_within(thing, within):
    if within is COUNTER:
        return not any(g.startswith(bay("", language)[:-1]) for g in thing["around"] for language in WORDS)
    return within is None or any(g.startswith(within) for g in thing["around"])


class Kiosk:
    """One kiosk program after another on one display: start(), kill(), start() ..."""

    def __init__(self, display, system_bus, folder=None, config=None, size=None, kiosk_conf=""):
        self.display, self.bus = display, system_bus
        self.size = size or (display.width, display.height)
        self.folder = folder or display.dir
        self.config = config or self._write_config()
        self.process = None
        self.log_path = os.path.join(self.folder, "kiosk.log")
        drop_ins = self.config + ".d"
        os.makedirs(drop_ins, exist_ok=True)
        with open(os.path.join(drop_ins, "kiosk.conf"), "w") as f:
            f.write("[kiosk]\nfullscreen = off\n" + kiosk_conf)

    def _write_config(self):
        path = os.path.join(self.folder, "tapwatt.conf")
        with open(SAMPLE) as sample, open(path, "w") as f:
            f.write(sample.read())
        os.makedirs(path + ".d", exist_ok=True)
        with open(os.path.join(path + ".d", "cards.conf"), "w") as f:   # as the scenes say: no real money
            f.write("[reader]\nbank_cards = test\nfingerprint_key = fingerprint.key\n")
        return path

    def start(self, env=None, backend=None):
        self.log_start = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        log = open(self.log_path, "a")
        self.process = subprocess.Popen(
            [KIOSK, "--config", self.config, "--size", f"{self.size[0]}x{self.size[1]}", "--verbose"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env=self.display.env({"DBUS_SYSTEM_BUS_ADDRESS": self.bus, **(env or {})}))
        log.close()
        return self

    def log(self):
        with open(self.log_path, errors="replace") as f:
            f.seek(self.log_start)
            return f.read()

    def kill(self, sig=signal.SIGKILL):
        self.process.send_signal(sig)
        self.process.wait(20)

    def close(self):
        end(self.process)

    # ---- what it shows ----------------------------------------------------------------------------------------------

    def look(self):
        assert self.process.poll() is None, f"the kiosk ended with {self.process.returncode}:\n{self.log()}"
        return self.display.eyes.look(self.process.pid)

    def texts(self):
        """Every word that is shown, in the order of the tree."""
        return [t["name"] for t in self.look() if t["role"] == "label" and t["name"]]

    def signature(self):
        """What it shows without what runs on by itself: figures, and who has the focus."""
        return [(t["role"], re.sub(r"\d+", "#", t["name"])) for t in self.look()]

    def find(self, role, name, within=None):
        """within: how the name of a group around it begins; COUNTER: in no connector's group."""
        return next((t for t in self.look() if t["role"] == role and t["name"] == name and is_within(t, within)), None)

    def wait(self, role, name, within=None, seconds=25):
        return wait_until(f"{role} \"{name}\"" + (f" in \"{within}\"" if within else "") + " on the screen",
                          lambda: self.find(role, name, within), seconds, 0.05)

    def wait_text(self, *texts, seconds=25):
        """Until all of them are somewhere on the screen, as whole labels or in them."""
        def there():
            shown = "\n".join(t["name"] for t in self.look())
            return all(text in shown for text in texts)
        try:
            return wait_until(f"{texts} on the screen", there, seconds, 0.05)
        except AssertionError as late:
            raise AssertionError(f"{late}; instead: {self.texts()}")

    def still(self, seconds=25):
        """The signature, once it says the same twice; what still moves is not compared with anything."""
        seen = []

        def settled():
            seen.append(self.signature())
            return len(seen) > 1 and seen[-1] and seen[-1] == seen[-2] and seen[-1]
        return wait_until("a screen that stands still", settled, seconds, 0.05)

    # ---- three kinds of hand ----------------------------------------------------------------------------------------

    def click(self, name, within=None):
        """A finger. What was found may have moved meanwhile: it has to be twice in the same place."""
        def steady():
            a, b = self.find("button", name, within), self.find("button", name, within)
            return a and b and a["box"] == b["box"] and a
        self.display.click(wait_until(f"the button \"{name}\"", steady, 25, 0.05))

    def do(self, name, within=None):
        """What a screen reader's user does."""
        self.display.eyes.do(self.wait("button", name, within))

    def type(self, name, within=None):
        """Tab until the button has the focus, then Enter."""
        self.wait("button", name, within)
        self.display.focus_window(self.process.pid)
        for _ in range(60):
            focused = [t for t in self.look() if t["states"] & FOCUSED and t["role"] == "button"]
            if any(t["name"] == name and is_within(t, within) for t in focused):
                self.display.key("Return")
                return
            self.display.key("Tab")
        raise AssertionError(f"Tab does not lead to \"{name}\"")


class Stage:
    """stage.c: show() puts a scene on the bus, verb() waits for what the kiosk asked of the station."""

    def __init__(self, display, system_bus):
        self.process = subprocess.Popen([STAGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=display.env({"DBUS_SYSTEM_BUS_ADDRESS": system_bus}))
        self.lines = queue.Queue()
        self.verbs = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.split())

    def close(self):
        end(self.process)
        self.thread.join()
        self.process.stdout.close()

    def say(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def next(self, kind, seconds=25):
        """The next line of that kind; verbs that come before it are kept."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                words = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"the stage heard no {kind} within {seconds} s")
            assert words[0] != "error", words
            if words[0] == kind:
                return words[1:]
            if words[0] == "verb":
                self.verbs.append(words[1:])

    def show(self, scene, language="en"):
        """(screen, panels) that have to come."""
        self.say("show", scene, language)
        _, screen, *panels = self.next("shown")
        return screen, panels

    def scenes(self):
        self.say("scenes")
        names = []
        while True:
            words = self.lines.get(timeout=25)
            if words == ["done"]:
                return names
            if words[0] == "scene":
                names.append(words[1])

    def verb(self, *expected, seconds=25):
        """Waits for that verb; receipts, which the kiosk fetches when it likes, are no surprise. Others are."""
        wanted = list(map(str, expected))
        while True:
            got = self.verbs.pop(0) if self.verbs else self.next("verb", seconds)
            if got == wanted:
                return
            assert got[0] == "receipt", f"{got} instead of {wanted}"


class Show:
    """with Show() as show: show.stage.show("home"); show.kiosk.click("Start")"""

    def __init__(self, width=1280, height=800, kiosk_conf=""):
        self.display = Display(width, height)
        self.kiosk_conf = kiosk_conf

    def __enter__(self):
        self.display.__enter__()
        try:
            self.bus = self.display.start_bus("system")
            self.stage = Stage(self.display, self.bus)
            self.kiosk = Kiosk(self.display, self.bus, kiosk_conf=self.kiosk_conf)
        except BaseException:
            self.display.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *why):
        self.kiosk.close()
        self.stage.close()
        self.display.__exit__(*why)
