# SPDX-License-Identifier: Apache-2.0
"""A virtual display of a given size with everything a screen's program needs: X, a session bus, accessibility. And the
hands and eyes for it: real clicks and keys (xdotool), what assistive technology perceives (app/bench/glass/eyes.c),
pictures (import).
All of it lives in one temporary folder, takes whatever display number is free, and ends with it."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from street import BUILD, BUS_CONFIG, end, wait_until

REGISTRY = next((p for p in ("/usr/libexec/at-spi2-registryd", "/usr/lib/at-spi2-core/at-spi2-registryd")
                 if os.path.exists(p)), "at-spi2-registryd")
EYES = os.path.join(BUILD, "app/bench/glass/tapwatt-bench-eyes")
FOCUSABLE, FOCUSED, VISIBLE = 1 << 11, 1 << 12, 1 << 30   # bits of an AT-SPI state set
SESSION_BUS = BUS_CONFIG.replace("<type>system</type>", "<type>session</type>")


class Display:
    """with Display(1280, 800) as display: subprocess.Popen(..., env=display.env())"""

    def __init__(self, width=1280, height=800, accessible=True):
        self.width, self.height, self.accessible = width, height, accessible
        self.dir = tempfile.mkdtemp(prefix="tapwatt-ui-")
        self.processes = []
        self.eyes = None

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))   # whoever is stopped puts away as well
        try:
            self._start_x()
            self.session = self.start_bus("session")
            if self.accessible:
                self.accessibility = self.start_bus("accessibility")
                self._start([REGISTRY])
                self.eyes = Eyes(self)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        if self.eyes:
            self.eyes.close()
        for process in reversed(self.processes):
            end(process)
        shutil.rmtree(self.dir, ignore_errors=True)

    def _start(self, command, **options):
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, env=self.env(), **options))
        return self.processes[-1]

    def _start_x(self):
        ours, theirs = os.pipe()
        try:
            self.number = ""   # not told yet; env() leaves it out
            self._start(["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{self.width}x{self.height}x24",
                         "-nolisten", "tcp", "-noreset"], pass_fds=[theirs])
            os.close(theirs)
            theirs = None
            with os.fdopen(ours) as pipe:
                self.number = pipe.readline().strip()
        finally:
            if theirs is not None:
                os.close(theirs)
                os.close(ours)
        assert self.number, "Xvfb ended before it had a display (package xvfb)"

    def start_bus(self, name):
        path, conf = os.path.join(self.dir, name), os.path.join(self.dir, name + ".conf")
        with open(conf, "w") as f:
            f.write(SESSION_BUS.format(path=path))
        self._start(["dbus-daemon", "--nofork", "--nopidfile", "--config-file", conf])
        wait_until(f"the {name} bus", lambda: os.path.exists(path))
        return f"unix:path={path}"

    def env(self, extra=None):
        """No window manager, no GPU, no input method, no settings daemon: only what we started."""
        env = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "DISPLAY", "G_DEBUG", "XAUTHORITY")}
        env.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", LC_ALL="C.UTF-8", GSETTINGS_BACKEND="memory",
                   HOME=self.dir, XDG_RUNTIME_DIR=self.dir, XDG_CONFIG_HOME=self.dir, XDG_CACHE_HOME=self.dir)
        if self.number:
            env["DISPLAY"] = ":" + self.number
        if hasattr(self, "session"):
            env["DBUS_SESSION_BUS_ADDRESS"] = self.session
        if hasattr(self, "accessibility"):
            env["AT_SPI_BUS_ADDRESS"] = self.accessibility
        elif not self.accessible:
            env["GTK_A11Y"] = "none"
        env.update(extra or {})
        return env

    # ---- hands ------------------------------------------------------------------------------------------------------

    def xdotool(self, *words):
        done = subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True, timeout=30, env=self.env())
        assert done.returncode == 0, f"xdotool {' '.join(map(str, words))}: {done.stderr}"
        return done.stdout

    def click(self, thing):
        """A finger on the middle of what the eyes found."""
        x, y, width, height = thing["box"]
        assert width > 0 and height > 0, thing
        self.xdotool("mousemove", x + width // 2, y + height // 2, "click", 1)

    def focus_window(self, pid):
        """No window manager gives the keyboard to anybody."""
        window = wait_until("the window", lambda: subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(pid)], capture_output=True, text=True, timeout=30,
            env=self.env()).stdout.split())[-1]
        self.xdotool("windowfocus", "--sync", window)
        return window

    def key(self, *keys):
        self.xdotool("key", *keys)

    def picture(self, path):
        done = subprocess.run(["import", "-window", "root", path], capture_output=True, text=True, timeout=60,
                              env=self.env())
        assert done.returncode == 0, done.stderr
        return path


class Eyes:
    """The tree of a program as assistive technology has it."""

    def __init__(self, display):
        self.process = subprocess.Popen([EYES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=display.env())

    def close(self):
        end(self.process)
        self.process.stdout.close()

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def look(self, pid):
        """Everything that is shown, in the order of the tree; empty while the program is coming up or changing."""
        tree = self.ask("tree", pid)
        return [] if "error" in tree else list(flat(tree, []))

    def find(self, pid, role, name, within=None):
        """The first thing of that role whose name is or begins with name; None. within: name of a group around it."""
        return next((t for t in self.look(pid) if t["role"] == role and t["name"].startswith(name)
                     and (within is None or any(g.startswith(within) for g in t["around"]))), None)

    def wait(self, pid, role, name, within=None, seconds=25):
        return wait_until(f"{role} \"{name}\"" + (f" in {within}" if within else ""),
                          lambda: self.find(pid, role, name, within), seconds)

    def texts(self, pid):
        return [t["name"] for t in self.look(pid) if t["role"] in ("label", "static") and t["name"]]

    def do(self, thing):
        assert self.ask("do", thing["bus"], thing["path"]) is True, thing


def flat(node, around):
    """Depth first; of what is not shown nothing is left. (GTK 4.8 says "showing" of windows only.)"""
    if node["role"] != "application" and (not node["states"] & VISIBLE or 0 in node["box"][2:]):
        return
    yield {**{k: v for k, v in node.items() if k != "children"}, "around": around}
    for child in node["children"]:
        yield from flat(child, around + [node["name"]] if node["name"] else around)


def main():
    """display.py WIDTHxHEIGHT COMMAND...: runs it with a display, a session bus and a system bus of its own."""
    width, height = map(int, sys.argv[1].split("x"))
    with Display(width, height, accessible=False) as display:
        system = display.start_bus("system")
        env = display.env({"DBUS_SYSTEM_BUS_ADDRESS": system, "G_DEBUG": "fatal-criticals",
                           "GTK_A11Y": "test"})   # names are kept, and told to nobody
        process = subprocess.Popen(sys.argv[2:], env=env)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        sys.exit(process.wait())


if __name__ == "__main__":
    main()
