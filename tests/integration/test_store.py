# SPDX-License-Identifier: Apache-2.0
"""tapwatt reconcile --store: what a store remembers from run to run. Small books, written out here."""
import contextlib
import fcntl
import json
import os
import pty
import signal
import sqlite3
import subprocess

import tap
from books import TAPWATT, conserved, fleet, in_folder, reconcile, settings, tapwatt, without_origins
import fleet_psp
from fleet_money import DAY
from fleet_sale import COLUMNS, Sale

FRIDAY = 20777 * DAY          # 2026-11-20
AS_OF = "2026-12-20"
MAPPING = """[mapping]
format = csv
name = acquirer
[constants]
currency = EUR
account = ACC
kind = sale
[columns]
reference = Our
psp-reference = Their
change-reference = Booking
time = At
gross = Gross
fee = Fee
net = Net
batch = Payout
"""
BANK_MAPPING = """[mapping]
format = bank-csv
name = bank
[constants]
currency = EUR
account = DE02
[columns]
booked = Booked
amount = Amount
text = Text
counterparty = From
reference = Reference
"""


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    return path


def sale(session, reference, captured=1000, **more):
    return Sale(session=session, station="ST-1", evse="DE*TWT*E1", payment_ref=reference, psp_ref=f"PS-{session}",
                price_minor=captured, repriced_minor=captured, held_minor=6000, captured_minor=captured,
                energy_wh=20000, energy_price_minor=50, energy_part_minor=captured, started=FRIDAY, ended=FRIDAY + 3600,
                captured=FRIDAY + 3700, day=20777, tariff_shown="a" * 64, tariff_priced="a" * 64, **more)


def sales(path, *made):
    rows = [[fleet.cell(name, getattr(one, name)) for name in COLUMNS] for one in made]
    return ["--journal", write(path, fleet_psp.table(COLUMNS, rows, ending="\n"))]


def lines(path, *rows, mapping=MAPPING):
    """rows: (our reference, theirs, gross); all in one payout."""
    rows = [[our, their, f"BK-{their}", "2026-11-21T10:00:00Z", gross, "0.00", gross, "PO-77001"]
            for our, their, gross in rows]
    return ["--psp", "csv:" + write(path, fleet_psp.table(
        ["Our", "Their", "Booking", "At", "Gross", "Fee", "Net", "Payout"], rows)),
            "--mapping", write(path + ".mapping", mapping)]


def bank(path, *rows):
    """rows: (reference, amount, text)."""
    rows = [["2026-11-24", amount, text, "ACQUIRER LTD", reference] for reference, amount, text in rows]
    return ["--bank", "bank-csv:" + write(path, fleet_psp.table(
        ["Booked", "Amount", "Text", "From", "Reference"], rows)),
            "--bank-mapping", write(path + ".mapping", BANK_MAPPING)]


def run(folder, words=(), status=(0, 1), more=()):
    """What the books say after these files."""
    return json.loads(tapwatt(status, "reconcile", "--store", f"sqlite:{folder}/books.db", *words, *more, "--as-of",
                              AS_OF, "--time-zone", "UTC", "--json"))


def found(report):
    return sorted((e["class"], e["amount_minor"], e["session"] or "") for e in report["exceptions"])


@in_folder
def whoever_was_asked(folder):
    """As without a store: where no payment service and no bank was ever asked, nothing is overdue; what was asked once
    stays asked."""
    journal = sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2"))
    assert found(run(folder, journal)) == []
    assert found(run(folder)) == []
    assert found(run(folder, lines(f"{folder}/lines.csv", ("P1", "T1", "10.00")))) == [
        ("missing_in_settlement", 1000, "B")]
    assert found(run(folder, journal)) == [("missing_in_settlement", 1000, "B")]
    assert found(run(folder, bank(f"{folder}/bank.csv", ("R1", "1.00", "rent")))) == [
        ("missing_in_settlement", 1000, "B"), ("payout_not_in_bank", 1000, "")]


@in_folder
def nothing_told_that_is_not_kept(folder):
    """The case list cannot be written: then nothing is printed, and no file is there, as if it had been."""
    journal = sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2"))
    settled = lines(f"{folder}/lines.csv", ("P1", "T1", "10.00"))
    assert found(run(folder, journal)) == []
    with contextlib.closing(sqlite3.connect(f"{folder}/books.db")) as books:
        books.execute("CREATE TRIGGER no BEFORE INSERT ON tapwatt_case BEGIN SELECT RAISE (ABORT, 'no room'); END")
        books.commit()
    for more in ((), ("--json",), ("--output", f"{folder}/out"), ("--json", "--output", f"{folder}/out")):
        told = tapwatt(3, "reconcile", "--store", f"sqlite:{folder}/books.db", *settled, "--as-of", AS_OF,
                       "--time-zone", "UTC", *more)
        assert "no room" in told, told
    assert os.listdir(f"{folder}/out") == []
    with contextlib.closing(sqlite3.connect(f"{folder}/books.db")) as books:
        books.execute("DROP TRIGGER no")
        books.commit()
    assert found(run(folder, settled)) == [("missing_in_settlement", 1000, "B")]


@in_folder
def another_mapping(folder):
    """A mapping that took the wrong column is put right: the file says what it says by the last one, and once."""
    journal = sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2"))
    wrong = MAPPING.replace("reference = Our", "reference = Payout").replace("change-reference = Booking\n", "")
    rows = [("P1", "T1", "10.00"), ("P2", "T2", "10.00")]
    by_wrong = lines(f"{folder}/lines.csv", *rows, mapping=wrong)
    assert {c for c, _amount, _session in found(run(folder, journal + by_wrong))} == {
        "missing_in_journal", "missing_in_settlement"}
    report = run(folder, lines(f"{folder}/lines.csv", *rows), status=0)
    assert report["closed"] and report["totals"]["EUR"]["settled_minor"] == 2000, report["totals"]
    assert report["totals"] == run(folder, lines(f"{folder}/lines.csv", *rows), status=0)["totals"]
    notices = [n for file in report["files"] for n in file["notices"]]
    assert len(notices) == 1 and "what counts is file 3" in notices[0], notices
    assert len(report["files"]) == 3 == len(run(folder, status=0)["files"])


@in_folder
def another_registry(folder):
    """A meter's key is registered later: its records are believed from then on."""
    words = fleet.write(fleet.make(3, 60, cases=[], batches=False), folder)
    at = words.index("--registry") + 1
    with open(words[at], encoding="utf-8") as file:
        keys = file.read().splitlines(keepends=True)
    few = words[:at] + [write(f"{folder}/few", "".join(keys[1:]))] + words[at + 1:]
    store = ["--store", f"sqlite:{folder}/books.db"]
    assert {e["class"] for e in reconcile(store + few, status=1)["exceptions"]} == {"signature_invalid"}
    assert reconcile(store + words, status=0)["closed"]
    tapwatt(0, "cases", "list", *store)


def is_at_work(folder):
    """It has the run's lock, and not the one that others need to load."""
    try:
        with open(f"{folder}/books.db-run", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        pass
    with contextlib.closing(sqlite3.connect(f"{folder}/books.db", timeout=0)) as books:
        try:
            books.execute("BEGIN IMMEDIATE")
            return True
        except sqlite3.OperationalError:
            return False


@contextlib.contextmanager
def stopped_at_work(folder):
    """A run without files that has begun to compare, and goes no further."""
    words = [TAPWATT, "reconcile", "--store", f"sqlite:{folder}/books.db", "--as-of", AS_OF, "--time-zone", "UTC"]
    for _attempt in range(100):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
            while first.poll() is None and not os.path.exists(f"{folder}/books.db-run"):
                pass
            first.send_signal(signal.SIGSTOP)
            if first.poll() is None and is_at_work(folder):
                try:
                    yield first
                finally:
                    first.kill()
                return
            first.send_signal(signal.SIGCONT)
    raise AssertionError("100 runs were too quick to be stopped")


@in_folder
def one_run_at_a_time(folder):
    """A run that waits for its reader is at work: the next is refused, with its files loaded. One that is killed is
    not, and leaves no trace."""
    many = [sale(f"S{i:04d}", f"P{i:04d}") for i in range(600)]
    words = sales(f"{folder}/sales.csv", *many) + lines(f"{folder}/lines.csv", ("P0000", "T0", "10.00"))
    run(folder, words, status=1)
    with stopped_at_work(folder) as first:
        more = sales(f"{folder}/more.csv", sale("Z", "PZ"))
        said = tapwatt(3, "reconcile", "--store", f"sqlite:{folder}/books.db", *more, "--as-of", AS_OF, "--json")
        assert "another run" in said and "loaded" in said, said
        assert all(c["session"] != "Z" for c in cases(folder))
    report = run(folder, status=1)
    assert len(report["exceptions"]) == 600 and "Z" in {e["session"] for e in report["exceptions"]}
    assert not os.path.exists(f"{folder}/books.db-run")


@in_folder
def a_bar(folder):
    """On a terminal it is told how far the store has been read back, and nowhere else."""
    run(folder, sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2")))
    ours, theirs = pty.openpty()
    words = [TAPWATT, "reconcile", "--store", f"sqlite:{folder}/books.db", "--as-of", AS_OF, "--time-zone", "UTC",
             "--json"]
    told = subprocess.run(words, stdout=subprocess.PIPE, stderr=theirs, timeout=300, check=True).stdout
    os.close(theirs)
    assert b"of 2 rows of the store" in os.read(ours, 65536)
    os.close(ours)
    assert json.loads(told) == run(folder)


def cases(folder, *words, status=(0, 1)):
    told = tapwatt(status, "cases", "list", "--store", f"sqlite:{folder}/books.db", "--json", *words)
    return json.loads(told)["cases"]


def case(folder, class_):
    [found] = [c for c in cases(folder, "--all") if c["class"] == class_]
    return found["id"]


def by_hand(folder, verb, class_, *words, status=0):
    return tapwatt(status, "cases", verb, case(folder, class_), *words, "--store", f"sqlite:{folder}/books.db")


def shown(folder, class_):
    return json.loads(by_hand(folder, "show", class_, "--json"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@in_folder
def matched_by_hand(folder):
    """A line that no journal knows is given to a sale; a later file says that it is another's; it is taken back."""
    journal = sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2"))
    run(folder, journal + lines(f"{folder}/lines.csv", ("XX", "T1", "10.00"), ("P2", "T2", "10.00")) +
        bank(f"{folder}/bank.csv", ("R1", "20.00", "PO-77001")))
    assert sorted(c["class"] for c in cases(folder)) == ["missing_in_journal", "missing_in_settlement"]
    said = by_hand(folder, "match", "missing_in_journal", "--to", "A", status=2)
    assert "expected a code" in said, said
    by_hand(folder, "match", "missing_in_journal", "--to", "A", "--reason", "seen_on_paper", "--note", "page 3", "--by",
            "eve")

    report = run(folder, status=0, more=["--output", f"{folder}/out"])
    assert report["closed"] and {m["session"]: m["rule"] for m in report["matched"]} == {
        "A": "manual", "B": "payment-reference"}, report["matched"]
    assert ",manual," in read(f"{folder}/out/matched.csv")
    events = [(e["what"], e["who"], e["reason"]) for e in shown(folder, "missing_in_journal")["events"]]
    assert events == [("opened", "tapwatt", None), ("matched", "eve", "seen_on_paper: with A; page 3")], events

    more = sales(f"{folder}/more.csv", sale("C", "XX"))
    report = run(folder, more, status=1, more=["--output", f"{folder}/out"])
    assert found(report) == [("manual_contradicted", 1000, "A"), ("missing_in_settlement", 1000, "C")]
    [told] = [e for e in report["exceptions"] if e["class"] == "manual_contradicted"]
    assert told["detail"] == case(folder, "missing_in_journal") + " C" and told["rule"] == "payment-reference", told
    assert "manual_contradicted" in read(f"{folder}/out/exceptions.csv")
    assert "contradicts what was matched or written off by hand" in read(f"{folder}/out/report.html")
    assert run(folder, status=1) == run(folder, status=1)

    by_hand(folder, "undo", "manual_contradicted", "--reason", "wrong_sale", "--by", "kim")
    assert found(run(folder, status=1)) == [("missing_in_settlement", 1000, "A")]
    story = shown(folder, "missing_in_journal")
    assert [e["what"] for e in story["events"]] == ["opened", "matched", "undone", "closed"], story
    assert [(m["what"], m["who"], m["reason"], m["before"], m["after"]) for m in story["manual"]] == [
        ("match", "eve", "seen_on_paper", "open", "closed"), ("undo", "kim", "wrong_sale", "closed", "open")], story


@in_folder
def the_money_of_a_match(folder):
    """What was matched by hand is compared as any pair, and the report says by which rule it is one."""
    run(folder, sales(f"{folder}/sales.csv", sale("A", "P1")) + lines(f"{folder}/lines.csv", ("XX", "T1", "9.00")))
    by_hand(folder, "match", "missing_in_settlement", "--to", "T1", "--reason", "told_by_service")
    report = run(folder, status=1, more=["--output", f"{folder}/out"])
    [told] = report["exceptions"]
    assert (told["class"], told["amount_minor"], told["rule"]) == ("amount_under", 100, "manual"), told
    assert ",manual," in read(f"{folder}/out/exceptions.csv") and "manual" in read(f"{folder}/out/report.html")
    assert run(folder, status=0, more=["--tolerance", "1.00"])["closed"]


@in_folder
def written_off(folder):
    """What is written off is no exception; if it comes after all, that is one, until the word is taken back."""
    run(folder, sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2")) +
        lines(f"{folder}/lines.csv", ("P2", "T2", "10.00")))
    by_hand(folder, "write-off", "missing_in_settlement", "--reason", "uncollectable", "--by", "eve")
    report = run(folder, status=0)
    assert [e["class"] for e in report["info"] if e["session"] == "A"] == ["missing_in_settlement"], report["info"]
    assert report["totals"]["EUR"]["listed_minor"] == 1000
    assert [c["state"] for c in cases(folder, "--all")] == ["resolved"]

    report = run(folder, lines(f"{folder}/late.csv", ("P1", "T1", "10.00")), status=1)
    assert found(report) == [("manual_contradicted", 1000, "A")]
    by_hand(folder, "undo", "missing_in_settlement", "--reason", "it_came")
    assert run(folder, status=0)["closed"] and cases(folder) == []


@in_folder
def resolved_is_said(folder):
    """What a person resolved is no exception, and the money is apart all the same: the report says both."""
    run(folder, sales(f"{folder}/sales.csv", sale("A", "P1"), sale("B", "P2")) +
        lines(f"{folder}/lines.csv", ("P1", "T1", "9.00"), ("P2", "T2", "10.00")))
    by_hand(folder, "resolve", "amount_under", "the driver had a voucher", "--by", "eve")
    report = run(folder, status=0, more=["--output", f"{folder}/out"])
    [told] = [e for e in report["info"] if e["class"] == "amount_under"]
    assert (told["resolved_by"], told["resolved_why"]) == ("eve", "the driver had a voucher"), told
    assert report["closed"] and report["resolved"] == [
        {"class": "amount_under", "currency": "EUR", "findings": 1, "lose_minor": 100, "owe_minor": 0}], report
    assert "resolved by eve: the driver had a voucher" in read(f"{folder}/out/report.html")
    assert read(f"{folder}/out/exceptions.csv").count(",eve,the driver had a voucher\n") == 1

    text = tapwatt(0, "reconcile", "--store", f"sqlite:{folder}/books.db", "--as-of", AS_OF, "--time-zone", "UTC")
    assert "amount_under: 1 (resolved by hand), 1.00 EUR to lose" in text and "partial capture" not in text, text
    assert "amount_under, A, 1.00 EUR: resolved by eve: the driver had a voucher" in text, text
    assert text.endswith("no bank file was given; 1 finding resolved by hand, 1.00 EUR.\n"), text
    report = run(folder, lines(f"{folder}/more.csv", ("P1", "T3", "0.40")), status=1)
    assert [e["resolved_by"] for e in report["exceptions"]] == [None] and report["resolved"] == []


@in_folder
def payouts_by_hand(folder):
    """A credit whose text names nothing is given to a payout, and the sale's money is in the bank."""
    words = sales(f"{folder}/sales.csv", sale("A", "P1")) + lines(f"{folder}/lines.csv", ("P1", "T1", "10.00"))
    run(folder, words + bank(f"{folder}/bank.csv", ("R1", "9.50", "SOMETHING")))
    by_hand(folder, "match", "payout_not_in_bank", "--to", "R1", "--reason", "told_by_bank")
    report = run(folder, status=1)
    assert found(report) == [("bank_amount_diff", 50, "")] and report["matched"][0]["link"] == "banked", report
    assert [(p["rule"], p["residual_minor"]) for p in report["payouts"]] == [("manual", 50)], report["payouts"]
    said = by_hand(folder, "write-off", "bank_amount_diff", "--reason", "fee_of_bank", status=2)
    assert "cases resolve" in said, said


@in_folder
def a_fleet_by_hand(folder):
    """In a fleet with every fault, each line that nobody sold is given to a sale that nobody settled: not a cent is
    lost or found, and taken back it is as it was."""
    world = fleet.make(31)
    words = fleet.write(world, folder)
    store = ["--store", f"sqlite:{folder}/books.db"]
    first = reconcile(store + words, status=1)
    sides = {class_: {e["currency"]: e for e in first["exceptions"] if e["class"] == class_}
             for class_ in ("missing_in_journal", "missing_in_settlement")}
    pairs = [(line, sides["missing_in_settlement"][currency])
             for currency, line in sides["missing_in_journal"].items() if currency in sides["missing_in_settlement"]]
    assert len(pairs) >= 2, sides
    for line, unsettled in pairs:
        tapwatt(0, "cases", "match", line["id"], "--to", unsettled["id"], "--reason", "made_up", *store)
    report = reconcile(store + settings(words), status=1)
    conserved(world, words, report)
    left = {e["id"] for e in report["exceptions"]}
    for line, unsettled in pairs:
        assert not {line["id"], unsettled["id"]} & left
        [told] = [e for e in report["exceptions"] if e["session"] == unsettled["session"] and e["rule"] == "manual"]
        assert told["amount_minor"] == unsettled["amount_minor"] + line["amount_minor"], (told, unsettled, line)
    assert not [e for e in report["exceptions"] if e["class"] == "manual_contradicted"]
    for line, _unsettled in pairs:
        tapwatt(0, "cases", "undo", line["id"], *store)
    assert without_origins(reconcile(store + settings(words), status=1)) == without_origins(first)


if __name__ == "__main__":
    tap.run([
        ("nothing is overdue where nobody was ever asked", whoever_was_asked),
        ("what the store does not keep is not told, and not written", nothing_told_that_is_not_kept),
        ("the same file by another mapping takes its own place", another_mapping),
        ("the same records by another registry of keys, too", another_registry),
        ("a terminal sees how far the store has been read back", a_bar),
        ("a line matched by hand: compared, contradicted by a later file, and taken back", matched_by_hand),
        ("the money of what was matched by hand is compared", the_money_of_a_match),
        ("what was written off and comes after all is told", written_off),
        ("what a person resolved is said, with its money", resolved_is_said),
        ("a payout and its entry are brought together by hand", payouts_by_hand),
        ("a fleet's loose ends tied by hand: the books still add up, and untied they are as before", a_fleet_by_hand),
        ("two runs at once: the second is refused, and a dead one is no obstacle", one_run_at_a_time),
    ])
