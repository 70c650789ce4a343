# SPDX-License-Identifier: Apache-2.0
"""The books of made-up fleets whose truth is known: tests/lib/fleet*.py makes them and shares nothing with payment/."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet           # noqa: E402
import fleet_books     # noqa: E402
import fleet_station   # noqa: E402
import fleet_world     # noqa: E402
import tap             # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")


def tapwatt(status, *words):
    """Insists on the exit status, or one of several; what it said."""
    done = subprocess.run([TAPWATT, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    said = f"tapwatt {' '.join(words)}\nexit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    assert done.returncode in (status if isinstance(status, tuple) else (status,)), said
    return done.stderr if done.returncode in (2, 3) else done.stdout


def journals_of_others():
    """Written by somebody who has only read the documentation: taken as the station's own, and no byte may change."""
    world = fleet_world.World(1, 60)
    world.numbers()
    for kind, sale in zip(("no-hold", "held", "refused", "unknown", "open"), world.sales):
        sale.state = kind
        sale.billed = kind not in ("no-hold", "open")
    with tempfile.TemporaryDirectory() as folder:
        for station, _account in world.stations:
            sales = [s for s in world.sales if s.station == station]
            journal = fleet_station.journal_of(station, sales)
            path, export = journal.write(f"{folder}/{station}"), journal.export(f"{folder}/{station}.jsonl")
            for form in (path, export):
                told = json.loads(tapwatt(0, "journal", "verify", form, "--json"))
                assert told["head"] == journal.head.hex(), told
            told = json.loads(tapwatt((0, 1), "sessions", "--journal", path, "--json"))["sessions"]
            assert {e["session"]: e["price_minor"] for e in told if e["money"] == "captured"} == {
                s.session: s.price_minor for s in sales if s.state == "captured"}, station
            with open(export, "rb") as file:
                data = bytearray(file.read())
            at = data.index(b'price_minor\\":') + 14
            data[at] = ord("8") if data[at] != ord("8") else ord("7")
            with open(export, "wb") as file:
                file.write(data)
            tapwatt(1, "journal", "verify", export)


def meters_of_others():
    """Signed with python3-cryptography; the registry has every meter's key. One other energy is one bad record."""
    world = fleet_world.World(2, 60)
    world.metered()
    records = [record for sale in world.sales for record in sale.records]
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/keys", "w", encoding="utf-8") as out:
            out.writelines(f"{meter.serial} {meter.public_key()}\n" for meter in world.meters.values())
        for broken in (None, 17):
            lines = list(records)
            if broken is not None:
                lines[broken] = lines[broken].replace('"PG":"T', '"PG":"T9')
            with open(f"{folder}/records", "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
            told = json.loads(tapwatt(0 if broken is None else 1, "ocmf", "verify", f"{folder}/records", "--registry",
                                      f"{folder}/keys", "--json"))["records"]
            assert [i for i, r in enumerate(told) if not r["valid"]] == ([] if broken is None else [broken]), told[:3]
            assert [r["energy_wh"] for i, r in enumerate(told) if i != broken] == [
                s.energy_wh for i, s in enumerate(world.sales) if i != broken]


def fleet_adds_up():
    """The truth against the made-up files, before anybody else reads them."""
    for seed in range(5):
        world = fleet.make(seed)
        with tempfile.TemporaryDirectory() as folder:
            words = fleet.write(world, folder)
            captured = fleet_books.captured(fleet_books.named(words, "--journal"))
            settled = fleet_books.settled(fleet_books.named(words, "--psp"))
        listed = fleet_books.listed(world)
        for currency in set(captured) | set(settled) | set(listed):
            assert captured[currency] == settled[currency] + listed[currency], (seed, currency)
        assert len({t.class_ for t in world.truth}) >= 25 and len(world.truth) >= 50, len(world.truth)


if __name__ == "__main__":
    tap.run([
        ("a journal written from its documentation is taken, and no byte may change", journals_of_others),
        ("a meter record signed by others is taken, and no byte may change", meters_of_others),
        ("in a made-up fleet, captured is settled and planted", fleet_adds_up),
    ])
