# SPDX-License-Identifier: Apache-2.0
"""tapwatt reconcile repair: a case that a real reconciliation found, mended by the real station at the street's payment
service over HTTPS. The witness is that service's own ledger: money goes back once, whatever dies in between."""
import csv
import datetime
import io
import json
import os
import pty
import subprocess

import tap
import witness
from crash import CrashStreet, Dead, clear_keys, shared_keys
from street import TAPWATT, wait_until

KEYS = shared_keys()
# Enough to give something back of: 5 EUR for the start.
TARIFF = {"country_code": "DE", "party_id": "TWT", "id": "REPAIR", "currency": "EUR", "tax_included": "YES",
          "elements": [{"price_components": [{"type": "FLAT", "price": 5.00, "vat": 19, "step_size": 1},
                                             {"type": "ENERGY", "price": 0.50, "vat": 19, "step_size": 1}]}],
          "last_updated": "2026-11-01T00:00:00Z"}
CONF = """
[gateway]
follow_up_timeout_s = {follow_up}
late_s = 1
[deadlines]
outcome_s = 1
retry_first_s = 0.2
retry_most_s = 1
[connector 1]
tariff = {tariff}
hold_minor = 2000
"""
MAPPING = """[mapping]
format = csv
name = street
[file]
time-zone = UTC
[columns]
kind = kind
reference = reference
psp-reference = psp
change-reference = change
time = time
currency = currency
gross = gross
fee = fee
net = net
batch = batch
"""
CASE = "3f9a0000000000000000000000000000"


class RepairStreet(CrashStreet):
    """One connector, a store of books, and the settlement files that its service might write."""

    def __init__(self, follow_up=2):
        super().__init__(connectors=1, keys=KEYS)
        with open(os.path.join(self.dir, "tariff.json"), "w") as f:
            json.dump(TARIFF, f)
        self.conf = CONF.format(tariff=os.path.join(self.dir, "tariff.json"), follow_up=follow_up)
        self.store = "sqlite:" + os.path.join(self.dir, "books.db")
        self.lines = []
        self.otherwise = {}      # columns of the station's sales that are to say something else

    def paid(self):
        """A session that is over and paid; its id."""
        session = self.charge(1, wh=20)
        assert self.stop(1) is None
        self.wait_settled()
        self.wait_connector(1, "free")
        self.ctl("car", 1, "unplug")
        return session

    def captured(self, session):
        return witness.minor(self.ledger(session)["captured"])

    def settle(self, session, kind, minor, change):
        """The next line of the settlement file."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        text = f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
        self.lines.append(f"{kind},{session},P-{session},{change},{now},EUR,{text},0.00,{text},B1")

    def sales(self):
        """The station's sales. On the street no money is real, and the books keep test money apart: here it counts."""
        directory = os.path.dirname(self.journal_path())
        done = self.tapwatt("journal", "export", directory, "--sales")
        assert done.returncode == 0, done.stderr
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        path = os.path.join(self.dir, "sales.csv")
        with open(path, "w", newline="") as f:
            out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
            out.writeheader()
            out.writerows(dict(row, test_mode="false", **self.otherwise) for row in rows)
        return path

    def reconcile(self, *status, as_of=None):
        """Loads what there is now, compares, and returns the report."""
        paths = {name: os.path.join(self.dir, name) for name in ("mapping.conf", "settlement.csv")}
        with open(paths["mapping.conf"], "w") as f:
            f.write(MAPPING)
        with open(paths["settlement.csv"], "w") as f:
            f.write("\n".join(["kind,reference,psp,change,time,currency,gross,fee,net,batch"] + self.lines) + "\n")
        files = ["--psp", "csv:" + paths["settlement.csv"], "--mapping", paths["mapping.conf"]] if self.lines else []
        files += ["--as-of", as_of] if as_of else []
        done = self.tapwatt("reconcile", "--store", self.store, "--journal", self.sales(), *files, "--json")
        assert done.returncode in (status or (0, 1)), (done.returncode, done.stdout[:1500], done.stderr)
        return json.loads(done.stdout)

    def case(self, class_name, state="open"):
        """The only case of that class and state."""
        done = self.tapwatt("cases", "list", "--store", self.store, "--class", class_name, "--state", state, "--json")
        cases = json.loads(done.stdout)["cases"]
        assert len(cases) == 1, (class_name, state, cases)
        return cases[0]["id"]

    def repair(self, case, *words, status=0):
        done = self.tapwatt("reconcile", "repair", case, "--store", self.store, "--by", "Ann", *words)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stderr if status == 2 else done.stdout

    def typed(self, case, answer):
        """The same at a terminal, where a person types an answer; the exit status."""
        ours, theirs = pty.openpty()
        try:
            with subprocess.Popen([TAPWATT, "reconcile", "repair", case, "--store", self.store, "--by", "Ann"],
                                  stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL, env=self.env()) as asked:
                os.write(ours, answer.encode())
                return asked.wait(60)
        finally:
            os.close(ours)
            os.close(theirs)

    def ask(self, session, operation, minor, case=CASE):
        """The station's verb without the books; its answer, or the error's text."""
        done = self.busctl("call", "org.tapwatt.Station1", "/org/tapwatt/Station1", "org.tapwatt.Station1", "Repair",
                           "ssxsss", session, operation, "--", str(minor), "EUR", case, "Ann")
        return json.loads(done.stdout)["data"] if done.returncode == 0 else done.stderr

    def ask_later(self, session, operation, minor, case=CASE):
        """Who asks and does not hear."""
        return subprocess.Popen(["busctl", f"--address={self.address}", "--timeout=30", "call", "org.tapwatt.Station1",
                                 "/org/tapwatt/Station1", "org.tapwatt.Station1", "Repair", "ssxsss", session,
                                 operation, str(minor), "EUR", case, "Ann"], stderr=subprocess.DEVNULL)

    def events(self, case):
        done = self.tapwatt("cases", "show", case, "--store", self.store, "--json")
        return [(e["what"], e["who"], e["reason"]) for e in json.loads(done.stdout)["events"]]

    def assert_refunded(self, session, minor):
        """Once, and all of it in one piece; or not at all."""
        lines = [line for line in self.ledger_lines(session) if line["move"] == "refund"]
        assert len(lines) == (1 if minor else 0), lines
        assert witness.minor(self.ledger(session)["refunded"]) == minor, self.ledger(session)


def too_much_settled(street):
    """A paid session of which 2 EUR more were settled than captured, and its case."""
    session = street.paid()
    street.settle(session, "sale", street.captured(session) + 200, "C1")
    report = street.reconcile(1)
    found = [e for e in report["exceptions"] if e["class"] == "amount_over"]
    assert [(e["session"], e["amount_minor"], e["suggested"]) for e in found] == [
        (session, -200, "refund_difference")], report["exceptions"]
    return session, street.case("amount_over")


def from_finding_to_proof():
    with RepairStreet() as street:
        street.start()
        session, case = too_much_settled(street)

        shown = street.repair(case, "--dry-run")
        assert "refund 2.00 EUR" in shown and session in shown and "amount_over" in shown, shown
        captured = street.captured(session)
        assert f"captured {captured // 100}.{captured % 100:02} EUR, refunded 0.00 EUR" in shown, shown
        assert "--yes" in street.repair(case, status=2)
        for amount in ("0", "-1", "1.234", "x"):
            street.repair(case, "--yes", f"--amount={amount}", status=2)
        error = street.repair(case, "--yes", "--amount", "900.00", status=2)
        assert "can still be refunded" in error, error
        for answer in ("\n", "y\n", "no\n", "yes please\n"):
            assert street.typed(case, answer) == 2, answer
        street.assert_refunded(session, 0)

        assert street.typed(case[:8], "yes\n") == 0
        street.assert_refunded(session, 200)
        for _ in range(2):
            again = json.loads(street.repair(case, "--yes", "--json"))
            assert again["repair"]["before"] and again["repair"]["outcome"] == "done", again
            assert again["repair"]["amount_minor"] == 200, again
        street.assert_refunded(session, 200)
        told = street.events(case)
        assert [e[:2] for e in told[1:]] == [("repair_asked", "Ann"), ("repaired", "Ann")] * 4, told
        assert "not done" in told[2][2] and told[4][2].startswith("refund 2.00 EUR: done ("), told
        seen = street.tapwatt("cases", "show", case, "--store", street.store).stdout
        assert "repair          refund 2.00 EUR: done before" in seen and "until a later file proves it" in seen, seen
        entries = [p for p in witness.payloads(street.entries(session), "request") if p.get("case")]
        assert [(p["operation"], p["amount_minor"], p["case"], p["by"]) for p in entries] == [
            ("refund", 200, case, "Ann")], entries

        paper = street.tapwatt("receipt", session, "--journal", os.path.dirname(street.journal_path())).stdout
        assert "Refunded" in paper and "2.00 EUR" in paper.split("Refunded")[1].splitlines()[0], paper
        listed = street.tapwatt("sessions", "--journal", os.path.dirname(street.journal_path())).stdout
        assert f"refund, 2.00 EUR, for case {case[:10]} by Ann: done" in listed, listed

        street.reconcile(1)                         # our word alone is no proof
        assert street.case("amount_over") == case
        street.settle(session, "refund", -200, "R1")
        report = street.reconcile()
        assert not [e for e in report["exceptions"] if e["session"] == session], report["exceptions"]
        closed = [e for e in report["info"] if e["class"] == "amount_over"]
        assert [(e["amount_minor"], e["detail"]) for e in closed] == [(0, "refunded")], closed
        assert street.case("amount_over", "closed") == case
        assert "is closed" in street.repair(case, "--yes", status=2)


def one_mistake_with_two_findings():
    """The wrong tariff was shown and charged by: two cases say so, and the driver gets the difference back once. A case
    that was asked for before, and refused, is no way around that."""
    with RepairStreet() as street:
        street.start()
        session = street.paid()
        captured = street.captured(session)
        less = str(captured - 30)
        street.otherwise = {"repriced_minor": less, "shown_minor": less, "tariff_shown": "a" * 64,
                            "tariff_priced": "b" * 64}
        street.settle(session, "sale", captured, "C1")
        street.reconcile(1)
        first, second = street.case("tariff_mismatch"), street.case("price_display_mismatch")
        street.repair(second, "--yes", "--amount", "900.00", status=2)
        for case in (first, second):
            assert "refund 0.30 EUR" in street.repair(case, "--dry-run")
        street.repair(first, "--yes")
        street.assert_refunded(session, 30)
        street.reconcile(1)
        street.repair(second, "--yes", status=2)
        street.assert_refunded(session, 30)
        assert json.loads(street.repair(first, "--yes", "--json"))["repair"]["before"]
        street.assert_refunded(session, 30)


def killed_at_each_commit():
    """Of the request and of its answer: before it is written, written, and durable without anybody knowing."""
    with RepairStreet() as street:
        for kinds in ("request.refund", "answer.done"):
            for moment in ("unwritten", "unsynced", "synced"):
                street.start()
                session = street.paid()
                street.kill()
                street.start_with_shim(f"commit {kinds}: {moment} #1")
                street.until_counter("welcome")
                assert isinstance(street.ask(session, "refund", 150), str)
                street.daemon.wait(20)
                street.start()
                street.wait_settled()
                asked = [p for p in witness.payloads(street.entries(session), "request") if p.get("case")]
                street.assert_refunded(session, 150 if asked else 0)
                assert asked or (kinds, moment) != ("request.refund", "synced"), "a durable request was forgotten"
                answer = street.ask(session, "refund", 150)
                assert answer[0] == "done" and answer[5] == bool(asked), (kinds, moment, answer)
                street.assert_refunded(session, 150)
                street.kill()


def killed_while_it_is_on_its_way():
    """The service has the request and has not acted on it; who comes back asks again, and then both arrive."""
    with RepairStreet() as street:
        street.start()
        session = street.paid()
        street.ctl("acquirer", "fault", "hold", op="refund", count=1)
        waiting = street.ctl("acquirer", "requests")["waiting"]
        asking = street.ask_later(session, "refund", 150)
        wait_until("the request at the service", lambda: street.ctl("acquirer", "requests")["waiting"] > waiting)
        street.kill()
        asking.wait(20)
        street.assert_refunded(session, 0)
        street.start()
        street.wait_settled()
        street.ctl("acquirer", "go-on")
        street.assert_refunded(session, 150)
        assert street.ask(session, "refund", 150)[0] == "done"
        street.assert_refunded(session, 150)


def killed_when_the_answer_was_lost():
    with RepairStreet() as street:
        street.start()
        session = street.paid()
        street.ctl("acquirer", "fault", "drop", op="refund", when="after", count=1)
        street.ctl("acquirer", "lag", **{"search-ms": 3000})    # its index does not show it yet
        answer = street.ask(session, "refund", 150)
        assert answer[0] == "unknown", answer
        street.kill()
        street.assert_refunded(session, 150)
        street.start()
        street.wait_settled()
        street.assert_refunded(session, 150)
        answer = street.ask(session, "refund", 150)
        assert answer[:3] == ["done", "refund", 150] and answer[5], answer


def never_answered():
    """Exit 3: nobody knows. The station asks on, and another run tells."""
    with RepairStreet(follow_up=1) as street:
        street.start()
        session, case = too_much_settled(street)
        street.ctl("acquirer", "fault", "silent", op="refund", count=1)
        assert "unknown" in street.repair(case, "--yes", status=3)
        street.wait_settled()
        street.assert_refunded(session, 200)
        assert "done" in street.repair(case, "--yes")
        street.assert_refunded(session, 200)
        street.ctl("acquirer", "down")
        answer = json.loads(street.repair(case, "--yes", "--json"))
        assert answer["repair"]["before"], answer     # needs nobody
        street.kill()
        street.repair(case, "--yes", status=3)


def holds():
    """What the service refused once: a capture is made good while the hold lives; nothing else is done to it."""
    with RepairStreet() as street:
        street.start()
        session = street.charge(1, wh=20)
        street.ctl("acquirer", "fault", "refuse", op="capture", reason="INVALID_DATA", count=1)
        street.stop(1)
        street.wait_over(session)
        street.wait_settled()
        street.ctl("car", 1, "unplug")
        price = witness.payloads(street.entries(session), "bill")[0]["price_minor"]
        street.reconcile(1)
        case = street.case("delivered_not_captured")
        assert "can be captured" in street.repair(case, "--yes", "--amount", "19.99", status=2)
        assert "done" in street.repair(case, "--yes")
        ledger = street.ledger(session)
        assert witness.minor(ledger["captured"]) == price and ledger["open"] == "0.00", ledger
        paper = street.tapwatt("receipt", session, "--journal", os.path.dirname(street.journal_path())).stdout
        assert "Charged" in paper and "Not charged" not in paper, paper
        assert "captured" in street.ask(session, "release", 2000, "77ab"), "a hold has one end"
        assert "captured" in street.ask(session, "capture", price, "88ab"), "a hold has one end"

        street.settle(session, "sale", price, "C1")
        report = street.reconcile()
        assert street.case("delivered_not_captured", "closed") == case
        assert not [e for e in report["exceptions"] if e["session"] == session], report["exceptions"]


def a_hold_that_stayed():
    with RepairStreet() as street:
        street.start()
        session = street.pay(1)
        street.ctl("acquirer", "fault", "refuse", op="reversal", reason="INVALID_DATA", count=1)
        street.stop(1)
        street.wait_over(session)
        street.wait_settled()
        assert street.ledger(session)["open"] == "20.00", street.ledger(session)
        street.reconcile(1)
        case = street.case("auth_never_released")
        assert "done" in street.repair(case, "--yes")
        assert street.ledger(session)["open"] == "0.00", street.ledger(session)
        street.reconcile()
        assert street.case("auth_never_released", "closed") == case


def a_question():
    """What was captured and never settled: the service is asked, and nothing moves."""
    with RepairStreet() as street:
        street.start()
        session = street.paid()
        street.settle("NOBODY-1", "sale", 700, "C2")    # of a service that tells nothing nothing is missing
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).strftime("%Y-%m-%d")
        street.reconcile(1, as_of=later)
        case = street.case("missing_in_settlement")
        lines = len(street.entries(session))
        assert "inquire: done" in street.repair(case)
        assert len(street.entries(session)) == lines
        street.assert_refunded(session, 0)
        street.kill()
        assert "not known: tapwattd does not answer" in street.repair(case, "--dry-run")


def by_hand():
    """What the station cannot mend is said, with what to do instead."""
    with RepairStreet() as street:
        street.start()
        session = street.paid()
        street.settle(session, "sale", street.captured(session) - 100, "C1")
        street.settle("NOBODY-1", "sale", 700, "C2")
        street.reconcile(1)
        for class_name in ("amount_under", "missing_in_journal"):
            case = street.case(class_name)
            error = street.repair(case, "--yes", status=2)
            assert f"tapwatt cases resolve {case[:10]}" in error and error.count("\n") == 1, error
        assert "there is no case" in street.repair("ffff", status=2)
        assert street.ask(session, "refund", 1, "") .startswith("Call failed"), "a case must be named"
        street.assert_refunded(session, 0)


if __name__ == "__main__":
    try:
        tap.run([
            ("from a finding to a refund to its proof", from_finding_to_proof),
            ("one mistake that two findings tell is given back once", one_mistake_with_two_findings),
            ("killed at each commit it refunds at most once", killed_at_each_commit),
            ("killed while the request is on its way", killed_while_it_is_on_its_way),
            ("killed when the answer was lost", killed_when_the_answer_was_lost),
            ("a service that never answers", never_answered),
            ("a capture is made good while the hold lives", holds),
            ("a hold that stayed is released", a_hold_that_stayed),
            ("a question moves nothing", a_question),
            ("what the station cannot mend", by_hand),
        ])
    finally:
        clear_keys(KEYS)
