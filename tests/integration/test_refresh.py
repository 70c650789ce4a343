# SPDX-License-Identifier: Apache-2.0
"""tapwatt report --refresh on made-up sessions that keep coming. The witness is the same report without it."""
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import sessions   # noqa: E402
import tap        # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
MAPPING = """[file]
time-zone=Europe/Berlin

[columns]
session=session_id
site=site_id
evse=evse_id
plug-in=plug_in
plug-out=plug_out
energy=energy_kwh
"""


def folder():
    return tempfile.TemporaryDirectory(prefix="tapwatt-refresh-")


def run(*words, env=None, wrapper=()):
    return subprocess.run([*wrapper, TAPWATT, "report", *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", **(env or {})))


def files_of(path):
    found = {}
    for name in sorted(os.listdir(path)):
        with open(f"{path}/{name}", "rb") as file:
            found[name] = file.read()
    return found


def assert_same(place, *words, notice=None, env=None):
    """One report from what was kept and what is new, one of everything: all that they tell is the same. notice: what
    the one says of its state; None: nothing."""
    for name in ("kept", "whole"):
        shutil.rmtree(f"{place}/{name}", ignore_errors=True)
    kept = run(*words, "--refresh", f"{place}/state", "--output", f"{place}/kept", "--json", env=env)
    whole = run(*words, "--output", f"{place}/whole", "--json", env=env)
    assert kept.returncode == whole.returncode, (kept.returncode, whole.returncode, kept.stderr, whole.stderr)
    assert kept.stdout == whole.stdout, "they differ"
    if whole.returncode > 1:
        assert whole.stderr.splitlines()[-1] == kept.stderr.splitlines()[-1], (whole.stderr, kept.stderr)
        return
    one, other = files_of(f"{place}/kept"), files_of(f"{place}/whole")
    assert list(one) == list(other) and len(one) > 10, (list(one), list(other))
    for name, data in one.items():
        assert data == other[name], f"{name} differs"
    told = [line for line in kept.stderr.splitlines() if line not in whole.stderr.splitlines()]
    assert (notice is None) == (told == []) and (notice is None or notice in told[0]), (notice, kept.stderr)
    assert "state.part" not in os.listdir(place), os.listdir(place)


def text_of(rows):
    """Lines of the CSV, the header first."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        sessions.write(rows, file.name)
        with open(file.name, encoding="utf-8") as written:
            return written.read().splitlines(keepends=True)


def fleet(seed, days=24):
    """Sessions in the order of their ends; some are told before, when they had none yet, some twice, some late."""
    chance = random.Random(seed)
    rows = sessions.make(seed, sites=2, ports=2, days=days).rows
    rows.sort(key=lambda row: row["plug_out"])
    told = []
    for row in rows:
        kind = chance.random()
        if kind < 0.05:
            told.insert(max(0, len(told) - chance.randrange(3)), dict(row, plug_out="", charge_end=""))
        if kind < 0.95:
            told.append(row)
        else:
            told.insert(max(0, len(told) - 40), dict(row, tariff_id=chance.choice(["night", "day", "zone"])))
        if 0.5 < kind < 0.52:
            told.append(row)
    return told


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def state_of(place):
    return os.stat(f"{place}/state").st_mtime_ns, os.stat(f"{place}/state").st_ino


def any_growth_gives_the_same():
    """By any number of characters, also in the middle of a line, and in files that are new."""
    for seed in range(1, 6):
        chance = random.Random(seed)
        lines = text_of(fleet(seed))
        text, words = "".join(lines), ["--time-zone", "Europe/Berlin", "--by", "connector,tariff"]
        if seed % 2:
            words += ["--from", "2026-01-10", "--to", "2026-01-20"]
        with folder() as place:
            paths = [f"{place}/a.csv"]
            at = chance.randrange(len(text) // 3, len(text) // 2)
            append(paths[0], text[:at])
            while True:
                assert_same(place, "--sessions", *paths, *words)
                if at == len(text):
                    break
                end = min(len(text), at + chance.choice([0, 1, 90, 2000, len(text) // 5]))
                if chance.random() < 0.3:
                    # The rest of a line stays in its file; the next one gets a header.
                    cut = text.find("\n", at) + 1 if text[at - 1] != "\n" else at
                    end = max(end, cut)
                    append(paths[-1], text[at:cut])
                    paths.append(f"{place}/{chr(ord('a') + len(paths))}.csv")
                    append(paths[-1], lines[0] + text[cut:end])
                else:
                    append(paths[-1], text[at:end])
                at = end


def only_what_is_new_is_read():
    """The state stays as it is while what is new is little; and what is new is there."""
    rows = fleet(9, days=60)
    lines = text_of(rows)
    with folder() as place:
        append(f"{place}/a.csv", "".join(lines[:-4]))
        assert_same(place, "--sessions", f"{place}/a.csv")
        before = state_of(place)
        append(f"{place}/a.csv", "".join(lines[-4:]))
        assert_same(place, "--sessions", f"{place}/a.csv")
        assert state_of(place) == before
        # Later there is so much that it is kept, too.
        append(f"{place}/a.csv", "".join(text_of(sessions.make(10, sites=2, ports=2, days=10).rows)[1:]))
        assert_same(place, "--sessions", f"{place}/a.csv")
        assert state_of(place) != before


def other_sources_are_read_whole():
    """Lists of connectors and of their states, which may change; and files of other people."""
    lines = text_of(fleet(4))
    with folder() as place:
        half = len(lines) * 49 // 50
        append(f"{place}/a.csv", "".join(lines[:half]))
        append(f"{place}/ports.csv",
               "site_id,evse_id,connector_id,rated_power_kw,time_zone,opening_hours,commissioned\n"
               "Site 0,DE*TAP*E000,1,22,Europe/Berlin,Mo-Fr 06:00-22:00,2026-01-07T00:00:00Z\n")
        append(f"{place}/events.csv", "evse_id,at,status\nDE*TAP*E010,2026-01-09T00:00:00Z,inoperative\n")
        words = ["--ports", f"{place}/ports.csv", "--events", f"{place}/events.csv", "--sessions", f"{place}/a.csv"]
        assert_same(place, *words)
        append(f"{place}/a.csv", "".join(lines[half:]))
        append(f"{place}/ports.csv", "Site 1,DE*TAP*E010,1,11,Europe/Berlin,,2026-01-06T00:00:00Z\n")
        append(f"{place}/events.csv", "DE*TAP*E010,2026-01-12T00:00:00Z,available\n")
        assert_same(place, *words)
        tariff = os.path.join(os.environ.get("TAPWATT_SOURCE", os.path.join(os.path.dirname(__file__), "..", "..")),
                              "assets", "tariffs", "demo.json")
        assert_same(place, *words, "--what-if", tariff, notice="shown all rows")
        append(f"{place}/map", MAPPING)
        assert_same(place, "--sessions", f"{place}/a.csv", "--map", f"{place}/map", notice="another --map")
        assert_same(place, "--sessions", f"{place}/a.csv", "--map", f"{place}/map")


def what_does_not_fit_is_told():
    lines = text_of(fleet(5))
    text = "".join(lines)
    with folder() as place:
        a, b = f"{place}/a.csv", f"{place}/b.csv"
        append(a, text)
        append(b, lines[0] + text_of(sessions.make(6, sites=3, ports=1, days=5).rows)[1].replace("s0,", "b0,"))
        assert_same(place, "--sessions", a, b)
        assert_same(place, "--sessions", b, a, notice="another order")
        assert_same(place, "--sessions", a, notice=f"{b} was read before")
        assert_same(place, "--sessions", a, "--from", "2026-01-09", notice="another --from")
        assert_same(place, "--sessions", a, "--from", "2026-01-09")
        assert_same(place, "--sessions", a, "--time-zone", "Asia/Tokyo", notice="another --time-zone")
        assert_same(place, "--sessions", a, "--time-zone", "Asia/Tokyo", "--k", "20", "--by", "site")
        assert_same(place, "--sessions", a, notice="another --time-zone")
        with open(a, "w", encoding="utf-8") as file:
            file.write(text.replace("driver", "remote", 1))
        assert_same(place, "--sessions", a, notice=f"{a} has changed before")
        with open(a, "w", encoding="utf-8") as file:
            file.write(text[:-2000])
        assert_same(place, "--sessions", a, notice="shorter than it was")
        assert_same(place, "--sessions", a)
        assert_same(place, "--sessions", a, a, notice="named twice")


def a_damaged_state_is_told():
    with folder() as place:
        append(f"{place}/a.csv", "".join(text_of(fleet(8))))
        assert_same(place, "--sessions", f"{place}/a.csv")
        with open(f"{place}/state", "rb") as file:
            good = file.read()
        chance = random.Random(8)
        for damage in (lambda s: b"", lambda s: s[:5000], lambda s: s[:len(s) // 2], lambda s: s + b"x",
                       lambda s: (lambda i: s[:i] + bytes([s[i] ^ 4]) + s[i + 1:])(chance.randrange(8, len(s)))):
            with open(f"{place}/state", "wb") as file:
                file.write(damage(good))
            assert_same(place, "--sessions", f"{place}/a.csv", notice="all is read again")
            with open(f"{place}/state", "rb") as file:
                assert file.read(8) == b"TWREPORT"
            assert_same(place, "--sessions", f"{place}/a.csv")


def what_is_no_state_is_left_alone():
    """A slip of the finger: the CSV itself, a journal, a note. None is written over, and nothing is reported."""
    with folder() as place:
        append(f"{place}/a.csv", "".join(text_of(fleet(3))))
        append(f"{place}/note", "what I must not lose\n")
        with open(f"{place}/journal.db", "wb") as file:
            file.write(b"SQLite format 3\0" + bytes(9000))
        os.symlink(f"{place}/note", f"{place}/link")
        before = {name: open(f"{place}/{name}", "rb").read() for name in ("a.csv", "note", "journal.db", "link")}
        for name in before:
            done = run("--sessions", f"{place}/a.csv", "--refresh", f"{place}/{name}")
            assert done.returncode == 2 and "is no report's state" in done.stderr and not done.stdout, done
        assert {name: open(f"{place}/{name}", "rb").read() for name in before} == before
        assert os.path.islink(f"{place}/link") and len(os.listdir(place)) == 4
        append(f"{place}/state", "")
        assert_same(place, "--sessions", f"{place}/a.csv", notice="all is read again")


def clocks_may_be_set_by_other_rules():
    """As when a government changes its mind, and the system's zones are brought up to date."""
    with folder() as place:
        append(f"{place}/a.csv", "".join(text_of(fleet(8))))
        assert_same(place, "--sessions", f"{place}/a.csv")
        shutil.copytree("/usr/share/zoneinfo", f"{place}/zones", symlinks=True)
        os.unlink(f"{place}/zones/Europe/Berlin")
        shutil.copyfile("/usr/share/zoneinfo/Europe/Moscow", f"{place}/zones/Europe/Berlin")
        zones = {"TZDIR": f"{place}/zones"}
        assert_same(place, "--sessions", f"{place}/a.csv", notice="Europe/Berlin are set by other rules", env=zones)
        assert not os.path.exists(f"{place}/state")
        assert_same(place, "--sessions", f"{place}/a.csv", env=zones)
        assert_same(place, "--sessions", f"{place}/a.csv", env=zones)


def what_cannot_be_kept_is_told():
    """And the report is made nevertheless."""
    lines = text_of(fleet(3))
    with folder() as place:
        append(f"{place}/a.csv", "".join(lines))
        os.mkdir(f"{place}/state.part")
        kept = run("--sessions", f"{place}/a.csv", "--refresh", f"{place}/state", "--json")
        whole = run("--sessions", f"{place}/a.csv", "--json")
        assert kept.stdout == whole.stdout and "cannot be kept" in kept.stderr, kept.stderr
        os.rmdir(f"{place}/state.part")
        with open(f"{place}/a.csv", "ab") as file:
            file.write(("z\xe4hler" + lines[1][lines[1].index(","):]).encode("latin-1"))
        assert_same(place, "--sessions", f"{place}/a.csv", notice="not UTF-8")
        assert not os.path.exists(f"{place}/state")


def who_is_killed_leaves_the_old_one():
    """At each call by which the state is written. Then the next report is right, and from it the one after."""
    strace = shutil.which("strace")
    if strace is None:
        raise tap.Skip("strace is not installed")
    lines = text_of(fleet(2))
    with folder() as place:
        append(f"{place}/a.csv", "".join(lines[:len(lines) // 2]))
        assert_same(place, "--sessions", f"{place}/a.csv")
        append(f"{place}/a.csv", "".join(lines[len(lines) // 2:]))
        with open(f"{place}/state", "rb") as file:
            old = file.read()
        died = 0
        for call in ("ftruncate", "write", "pwrite64", "fsync", "rename"):
            for time in (1, 2):
                with open(f"{place}/state", "wb") as file:
                    file.write(old)
                done = run("--sessions", f"{place}/a.csv", "--refresh", f"{place}/state", "--json",
                           wrapper=[strace, "-f", "-qq", "-o", "/dev/null", "-P", f"{place}/state.part", "-e",
                                    f"inject={call}:signal=KILL:when={time}"])
                if done.returncode in (0, 1):
                    continue
                assert done.returncode in (-9, 137), (call, done.returncode, done.stderr)
                died += 1
                with open(f"{place}/state", "rb") as file:
                    assert file.read() == old, call
                assert_same(place, "--sessions", f"{place}/a.csv")
        assert died >= 5, died


def the_state_is_for_its_owner():
    """Nobody else reads it, and it names no card."""
    rows = fleet(2)
    with folder() as place:
        sessions.write(rows, f"{place}/a.csv")
        old = os.umask(0)
        try:
            assert_same(place, "--sessions", f"{place}/a.csv")
        finally:
            os.umask(old)
        assert stat.S_IMODE(os.stat(f"{place}/state").st_mode) == 0o600
        with open(f"{place}/state", "rb") as file:
            state = file.read()
        tokens = {row["customer_token"] for row in rows if row["customer_token"]}
        assert len(tokens) > 50 and rows[0]["evse_id"].encode() in state
        for token in tokens:
            assert token.encode() not in state, token


tap.run([("any growth gives the same", any_growth_gives_the_same),
         ("only what is new is read", only_what_is_new_is_read),
         ("other sources are read whole", other_sources_are_read_whole),
         ("what does not fit is told", what_does_not_fit_is_told),
         ("a damaged state is told", a_damaged_state_is_told),
         ("what is no state is left alone", what_is_no_state_is_left_alone),
         ("clocks may be set by other rules", clocks_may_be_set_by_other_rules),
         ("what cannot be kept is told", what_cannot_be_kept_is_told),
         ("who is killed leaves the old one", who_is_killed_leaves_the_old_one),
         ("the state is for its owner", the_state_is_for_its_owner)])
