# SPDX-License-Identifier: Apache-2.0
"""What the kiosk takes: time to its first picture, time from a touch to the next one, memory and processor, and whether
it grows with the sessions that it has shown. The station is all show (tests/ui/stage.c), the kiosk is the real program;
beside it, in the same run, the least that a kiosk could be: a window with one button (ui-bare.c). Nothing here fails
because a machine is slow."""
import contextlib
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "integration"), os.path.join(HERE, "..", "ui")]
import tap
from bench_rest import cpu_s, memory_kb
from display import Display, end, wait_until
from kiosk import BUILD, Kiosk, Show, Stage

BARE = os.path.join(BUILD, "tests/bench/ui-bare")
TOUCH = os.path.join(BUILD, "tests/bench/ui-touch")
STARTS, TOUCHES = 9, 200
SECONDS = 30
SESSIONS = int(os.environ.get("TAPWATT_BENCH_SESSIONS", "1000"))
A_SESSION = ("home", "offer", "present-present-card", "authorizing", "outcome-approved", "plug-in", "charging",
             "finishing", "receipt")


def seconds_until(process, line):
    """From now, which is right after the start, to that line of its output."""
    began = time.monotonic()
    for said in process.stdout:
        if line in said:
            return time.monotonic() - began
    raise AssertionError(f"ended without \"{line}\"")


def first_frame():
    with Show() as show:
        show.stage.show("home")
        ours, bare = [], []
        for _ in range(STARTS):   # in turns: a busy moment hits both
            began = time.monotonic()
            show.kiosk.start()
            wait_until("the first frame", lambda: "first frame after" in show.kiosk.log(), 30, 0.002)
            ours.append(time.monotonic() - began)
            show.kiosk.kill()
            process = subprocess.Popen([BARE, "1280x800"], stdout=subprocess.PIPE, text=True, env=show.display.env())
            bare.append(seconds_until(process, "first frame"))
            end(process)
            process.stdout.close()
        tap.note(f"first frame at 1280x800 under Xvfb, median of {STARTS} starts: {statistics.median(ours):.2f} s, "
                 f"worst {max(ours):.2f} s (aim: below 0.7 s); a window with one button {statistics.median(bare):.2f} "
                 "s")


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def touches(display, x, y):
    done = subprocess.run([TOUCH, str(x), str(y), str(TOUCHES)], capture_output=True, text=True, timeout=300,
                          env=display.env())
    assert done.returncode == 0, done.stderr
    times = [int(line) / 1000 for line in done.stdout.split()]
    assert len(times) == TOUCHES and min(times) > 0, f"{times.count(-0.001)} of {len(times)} touches changed nothing"
    return times


def touch_to_frame():
    with Display(1280, 800, accessible=False) as display:
        process = subprocess.Popen([BARE, "1280x800"], stdout=subprocess.PIPE, text=True, env=display.env())
        seconds_until(process, "first frame")
        bare = touches(display, 200, 100)
        end(process)
        process.stdout.close()
    with Show() as show:
        show.stage.show("home")
        show.kiosk.start()
        show.kiosk.still()
        for scene, name in (("home", "Start"), ("charging-two", "Stop"), ("present-present-card", "Cancel")):
            show.stage.show(scene)
            thing = show.kiosk.wait("button", name)
            show.kiosk.still()
            x, y, width, height = show.kiosk.find("button", name)["box"]
            ours = touches(show.display, x + width // 2, y + height // 2)
            tap.note(f"touch of \"{name}\" to the next frame at 1280x800: 99th percentile {percentile(ours, 99):.1f} "
                     f"ms, median {statistics.median(ours):.1f} ms (aim: below 50 ms); a window with one button "
                     f"{percentile(bare, 99):.1f} and {statistics.median(bare):.1f} ms")
            assert thing


@contextlib.contextmanager
def on_wayland(width=1280, height=800):
    """The kiosk as in the image: a Wayland compositor, nothing of X."""
    with Display(16, 16, accessible=False) as display:
        socket = os.path.join(display.dir, "wayland-test")
        os.chmod(display.dir, 0o700)
        weston = subprocess.Popen(["weston", "--backend=headless-backend.so", "--use-pixman", "--socket=wayland-test",
                                   f"--width={width}", f"--height={height}", "--idle-time=0", "--no-config"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=display.env())
        try:
            wait_until("the compositor (package weston)", lambda: os.path.exists(socket) or weston.poll() is not None)
            assert weston.poll() is None, f"weston ended with {weston.returncode}"
            bus = display.start_bus("system")
            stage = Stage(display, bus)
            kiosk = Kiosk(display, bus, size=(width, height))
            wayland = {"WAYLAND_DISPLAY": "wayland-test", "GDK_BACKEND": "wayland", "DISPLAY": ""}
            stage.show("home")
            kiosk.start(wayland)
            wait_until("the first frame", lambda: "first frame after" in kiosk.log())
            yield stage, kiosk, display.env(wayland)
            kiosk.close()
            stage.close()
        finally:
            end(weston)


def note_memory(pid, when):
    pss, own = memory_kb(pid)
    with open(f"/proc/{pid}/smaps_rollup") as f:
        rss = next(int(line.split()[1]) for line in f if line.startswith("Rss:"))
    tap.note(f"{when}: PSS {pss / 1024:.1f} MB, of it {own / 1024:.1f} MB anonymous (aim: below 100 MB); with all that "
             f"it shares with others {rss / 1024:.1f} MB")


def memory():
    with on_wayland() as (stage, kiosk, env):
        bare = subprocess.Popen([BARE, "1280x800"], stdout=subprocess.PIPE, text=True, env=env)
        seconds_until(bare, "first frame")
        time.sleep(1)
        note_memory(bare.pid, "on Wayland at 1280x800, cairo: a window with one button")
        end(bare)
        bare.stdout.close()
        time.sleep(2)
        note_memory(kiosk.process.pid, "the kiosk, start screen")
        for scene in ("charging-two", "receipt", "present-present-card"):
            stage.show(scene)
            time.sleep(2)
            note_memory(kiosk.process.pid, f"the kiosk, {scene}")


def charging():
    """Two cars: every second another meter reading and another second on the clock."""
    with on_wayland() as (stage, kiosk, _):
        for scene, what in (("home", "at rest"), ("charging-two", "two charging panels, updated each second")):
            stage.show(scene)
            time.sleep(2)
            before, began = cpu_s(kiosk.process.pid), time.monotonic()
            for i in range(SECONDS):
                if scene != "home":
                    stage.say("energy", 1, 12345 + 3 * i)
                    stage.say("energy", 2, 98765 + i)
                time.sleep(1)
            percent = 100 * (cpu_s(kiosk.process.pid) - before) / (time.monotonic() - began)
            tap.note(f"{what}, {SECONDS} s on Wayland at 1280x800, cairo: {percent:.2f} % of a core"
                     + (" (aim: below 3 %)" if scene != "home" else ""))


def many_sessions():
    with on_wayland() as (stage, kiosk, _):
        grown = []
        for n in range(SESSIONS):
            stage.say("number", n)
            for scene in A_SESSION:
                stage.show(scene, "de" if n % 2 else "en")
                time.sleep(0.02)   # a frame at least
            stage.verbs.clear()
            if n + 1 in (1, SESSIONS // 10, SESSIONS // 4, SESSIONS // 2, SESSIONS):
                stage.show("home")
                time.sleep(1)
                grown.append((n + 1, *memory_kb(kiosk.process.pid)))
        for n, pss, own in grown:
            tap.note(f"after {n} sessions: PSS {pss / 1024:.1f} MB, of it {own / 1024:.1f} MB anonymous")
        (early, _, before), (late, _, after) = grown[1], grown[-1]
        tap.note(f"{(after - before) / (late - early):+.2f} kB a session between the {early}th and the {late}th "
                 "(aim: no growth)")


if __name__ == "__main__":
    tap.run([("the first frame comes soon", first_frame),
             ("a touch is answered at once", touch_to_frame),
             ("the kiosk needs little memory", memory),
             ("a charging screen costs next to nothing", charging),
             ("memory does not grow with sessions", many_sessions)])
