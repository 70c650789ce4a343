# SPDX-License-Identifier: Apache-2.0
"""The books of made-up fleets whose truth is known: tests/lib/fleet*.py makes them and shares nothing with payment/."""
import json
import os
import random
import shutil
import tempfile

import tap
from books import (TERMS, assert_same, conserved, fleet, fleet_books, in_folder, inputs, judged, read_down, reconcile,
                   settings, split, tapwatt, without_origins, words_of)
import fleet_bank
import fleet_cases
import fleet_station
import fleet_truth
import fleet_world


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
        assert {t.class_ for t in world.truth} == fleet_truth.CLASSES, fleet_truth.CLASSES
        named = {name for t in world.truth if t.class_ == "residual" for name in t.where}
        assert named >= fleet_truth.RESIDUALS, fleet_truth.RESIDUALS - named


def converted(world, report):
    """Every payout that the bank booked in another currency tells what became of it, and by which rate."""
    told = {p["batch"]: p["conversion"] for p in report["payouts"]}
    for payout in (p for account in world.accounts if account.pays_out for p in account.payouts):
        credit = payout.credit if payout.credit != "never" else None
        if credit is None or credit.currency == payout.account.currency:
            assert told[payout.batch] is None, told[payout.batch]
            continue
        assert told[payout.batch] == {
            "currency": credit.currency, "credited_minor": credit.amount,
            "rate": credit.rate and fleet_bank.millionths(credit.rate).rstrip("0").rstrip("."),
            "rate_of": credit.rate and payout.account.currency}, (told[payout.batch], credit)


@in_folder
def every_class(folder):
    for seed in range(6):
        world = fleet.make(seed)
        words = fleet.write(world, folder)
        report = reconcile(words, status=1)
        judged(world, report)
        conserved(world, words, report)
        assert not any(e["class"] == "unclassified" for e in report["exceptions"])
        for payout in report["payouts"]:
            assert payout["residual"] is not None or not payout["residual_minor"], payout
        told = tapwatt(1, "reconcile", *words, *TERMS)
        assert read_down(told) == (4 * len(report["totals"]), len(report["totals"])), told
        converted(world, report)


@in_folder
def nothing_wrong(folder):
    """Refunds, parts, disputes that were won, released holds, notifications: and the books are closed."""
    world = fleet.make(11, cases=(fleet_cases.all_is_well,), batches=False)
    words = fleet.write(world, folder)
    report = reconcile(words, status=0)
    assert report["closed"] is True and report["exceptions"] == [] and world.truth == []
    conserved(world, words, report)
    assert len(report["matched"]) == sum(
        1 for s in world.sales if s.state in ("captured", "unknown") and not s.test_mode)


@in_folder
def who_was_asked(folder):
    """Without bank or settlement file nothing is overdue there; and the report does not say that all of it agrees."""
    words = fleet.write(fleet.make(11, cases=(fleet_cases.all_is_well,), batches=False), folder)
    files, rest = inputs(words), settings(words)
    for left_out, verdict, compared in (
            ((), "Closed to the cent.", ["journal", "meter", "psp", "bank"]),
            (("--bank",), "Closed as far as the journals, the meters and the payment service go; no bank file was "
             "given.", ["journal", "meter", "psp"])):
        given = words_of([f for f in files if f[0] not in left_out]) + rest
        report = reconcile(given, status=0)
        assert report["compared"] == compared, (left_out, report["compared"])
        told = tapwatt(0, "reconcile", *given, *TERMS)
        assert told.endswith(f"\n{verdict}\n"), told[-200:]

    given = words_of([f for f in files if f[0] == "--journal"]) + rest
    report = reconcile(given, status=1)              # only the service could say what came of a request
    assert report["compared"] == ["journal"] and "expected" in {e["class"] for e in report["info"]}
    classes = {e["class"] for e in report["exceptions"]}
    assert "outcome_unknown" in classes <= {"outcome_unknown", "hold_expired"}, report["exceptions"]
    told = tapwatt(1, "reconcile", *given, *TERMS)
    assert "  No settlement file was given, so that" in told and "not yet due" not in told, told


@in_folder
def any_order(folder):
    """Rows of all files in another order, and the files themselves."""
    world = fleet.make(21)
    first = reconcile(fleet.write(world, folder), status=1)
    for order in range(1, 5):
        words = fleet.write(world, folder, order)
        pairs = list(zip(words[::2], words[1::2]))
        random.Random(order).shuffle(pairs)
        again = reconcile([word for pair in pairs for word in pair], status=1)
        assert without_origins(again) == without_origins(first), order


def in_pieces(words):
    """The same files, where they are CSV each as three that overlap."""
    rng, pieces = random.Random(3), []
    for option, form, path in inputs(words):
        if not path.endswith(".csv"):
            pieces.append((option, form, path))
            continue
        with open(path, encoding="utf-8", newline="") as file:
            parts = split(file.read(), 2 if form == "cybersource" else 1, 3, rng)
        for i, part in enumerate(parts):
            with open(f"{path}.{i}.csv", "w", encoding="utf-8", newline="") as out:
                out.write(part)
            pieces.append((option, form, f"{path}.{i}.csv"))
    return pieces


@in_folder
def twice_and_overlapping(folder):
    """The same files again under other names, and the same rows in other files: nothing is counted twice."""
    world = fleet.make(31)
    words = fleet.write(world, folder)
    first = reconcile(words, status=1)
    copies = [(option, form, shutil.copy(path, f"{path}.again{os.path.splitext(path)[1]}"))
              for option, form, path in inputs(words)]
    assert without_origins(reconcile(words + words_of(copies), status=1)) == without_origins(first)

    pieces = in_pieces(words)
    assert without_origins(reconcile(settings(words) + words_of(pieces), status=1)) == without_origins(first)


@in_folder
def by_way_of_a_store(folder):
    """File by file into a store, twice, in pieces that overlap: at the end the same books, and a case a finding."""
    words = fleet.write(fleet.make(31), folder)
    first = reconcile(words, status=1)
    whole = ["--store", f"sqlite:{folder}/whole.db"]
    for _twice in range(2):
        assert_same(reconcile(whole + words, status=1), first)

    store = ["--store", f"sqlite:{folder}/pieces.db"]
    pieces = in_pieces(words)
    random.Random(5).shuffle(pieces)
    for at in range(0, len(pieces), 8):
        last = reconcile(store + settings(words) + words_of(pieces[at:at + 8]))
    assert_same(last, first)
    told = json.loads(tapwatt(1, "cases", "list", *store, "--json"))["cases"]
    assert {case["id"]: case["amount_minor"] for case in told} == {
        e["id"]: e["amount_minor"] for e in first["exceptions"]}


@in_folder
def wrong_formats(folder):
    """Every settlement file as every other format, and as a bank's, and as a journal: named, and nothing is printed."""
    words = fleet.write(fleet.make(41), folder)
    files = [file for file in inputs(words) if file[0] in ("--psp", "--bank") and file[1] not in ("csv", "bank-csv")]
    for _option, form, path in files:
        for option, other in (("--psp", "adyen"), ("--psp", "stripe"), ("--psp", "cybersource"), ("--bank", "camt.053"),
                              ("--bank", "camt.054")):
            if other != form:
                said = tapwatt(2, "reconcile", option, f"{other}:{path}", "--time-zone", "UTC", "--json")
                assert path in said and form in said.lower(), (other, form, said)
        said = tapwatt(2, "reconcile", "--journal", path, "--json")
        assert path in said, said


@in_folder
def hostile_files(folder):
    """Cut off, doubled, spoilt: exit 2 with file and place, or 1 with another finding; never a crash, never silence."""
    rng = random.Random(51)
    words = fleet.write(fleet.make(51), folder)
    for option, form, path in inputs(words):
        with open(path, "rb") as file:
            data = file.read()
        for spoil in range(12):
            bad = bytearray(data)
            if spoil % 3 == 0:
                del bad[rng.randrange(len(bad)):]
            elif spoil % 3 == 1:
                bad[rng.randrange(len(bad))] = rng.choice(b"\0\"<&,;\xff\n9-")
            else:
                at = rng.randrange(len(bad))
                bad[at:at] = rng.choice((b"\0", b"\"", b"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
                                         b"9" * 4000, b"\xc3\x28", b"," * 300))
            name = f"{folder}/bad{os.path.splitext(path)[1]}"
            with open(name, "wb") as out:
                out.write(bad)
            said = tapwatt((0, 1, 2), "reconcile", *words_of([(option, form, name)]), "--time-zone", "UTC",
                           *settings(words), "--json")
            assert "root:" not in said and (said.startswith("{") or folder in said), said
    for bad in (b"", b"\0" * 100, b"a,b\n1,2\n", b"\x1f\x8b" * 50, b"<a>" * 5000):
        with open(f"{folder}/bad", "wb") as out:
            out.write(bad)
        for option in ("--journal", "--psp", "--bank"):
            assert f"{folder}/bad" in tapwatt(2, "reconcile", option, f"{folder}/bad", "--time-zone", "UTC", "--json")
    assert "nowhere" in tapwatt((2, 3), "reconcile", "--psp", f"adyen:{folder}/nowhere", "--json")


@in_folder
def sales_of_journals(folder):
    """What tapwatt tells of a journal as its sales, beside what was sold."""
    world = fleet_world.World(3, 120)
    world.numbers()
    for kind, sale in zip(("no-hold", "held", "refused", "unknown", "open", "released"), world.sales[::7]):
        sale.state, sale.billed = kind, kind in ("refused", "unknown", "held")
        sale.captured_minor = None
    for station, _account in world.stations:
        sales = {s.session: s for s in world.sales if s.station == station}
        path = fleet_station.journal_of(station, sales.values()).write(f"{folder}/{station}")
        with open(f"{folder}/{station}.csv", "w", encoding="utf-8", newline="") as out:
            out.write(tapwatt(0, "journal", "export", path, "--sales"))
        told = {row["session"]: row for row in fleet_books.rows_of(f"{folder}/{station}.csv", "session")}
        assert set(told) == set(sales), station
        for session, sale in sales.items():
            row = told[session]
            assert row["state"] == sale.state and row["currency"] == sale.currency, (sale, row)
            if sale.state == "captured":
                for name in ("station", "evse", "payment_ref", "psp_ref", "capture_ref", "approval", "tail", "brand",
                             "price_minor", "repriced_minor", "held_minor", "captured_minor", "energy_wh",
                             "receipt_number", "energy_price_minor", "energy_part_minor", "day"):
                    assert row[name] == fleet.cell(name, getattr(sale, name)), (name, row[name], sale)


if __name__ == "__main__":
    tap.run([
        ("a journal written from its documentation is taken, and no byte may change", journals_of_others),
        ("a meter record signed by others is taken, and no byte may change", meters_of_others),
        ("in a made-up fleet, captured is settled and planted", fleet_adds_up),
        ("a journal's sales are what was sold", sales_of_journals),
        ("everything that was planted is found, and nothing else", every_class),
        ("where nothing is wrong, the books are closed", nothing_wrong),
        ("the report says who was asked, and how far that goes", who_was_asked),
        ("rows and files in any order make the same books", any_order),
        ("files that are given twice or overlap make the same books", twice_and_overlapping),
        ("by way of a store, file by file, they make the same books", by_way_of_a_store),
        ("a file of another format is named, not half read", wrong_formats),
        ("spoilt files are refused with their name, or found", hostile_files),
    ])
