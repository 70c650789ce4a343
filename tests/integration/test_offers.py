# SPDX-License-Identifier: Apache-2.0
"""Offers to people who come back, on real wires: an operator makes one, a card earns it by what the journal knows, and
screen, ledger, receipt and books say the same. Judged by the oracle in tests/lib and by the acquirer's ledger."""
import csv
import datetime
import io
import json
import os

import tap
from street import DEST, STATION, Street, wait_until
from test_stories import SHORT, minor
from test_tariff import component, price_by_oracle, tariff, write

# Euros for a few Wh, so that a tenth of it can be seen; a fee and a price at two tax rates.
FEE = dict(component("FLAT", 3.33), vat=7)
DEAR = tariff("DEAR", {"price_components": [component("ENERGY", 89.00), FEE]})
LATER = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


def offers(*rules):
    return {"version": 1, "rules": [{"id": name, "condition": condition, "discount_percent": percent}
                                    for name, condition, percent in rules]}


THIRD = offers(("third-of-month", {"charges_in_month": 3}, 12.5), ("back", {"days_since_last": 30}, 20))


class OfferStreet(Street):
    def __init__(self):
        super().__init__(conf=SHORT)
        path = write(self, "dear.json", DEAR)
        self.configure("tariff", f"[connector 1]\ntariff = {path}\n[connector 2]\ntariff = {path}\n")

    def offers(self, status, verb, *words):
        done = self.tapwatt("offers", verb, *words)
        assert done.returncode == status, (verb, done)
        return done.stdout + done.stderr

    def in_force(self):
        return json.loads(self.offers(0, "show", "--json"))["offers"]

    def paid(self, card="visa-approve", connector=1, meanwhile=lambda: None):
        session = self.charge(connector, card, wh=40)
        meanwhile()
        assert self.stop(connector) is None
        self.wait_over(session)
        self.wait_settled()
        self.wait_connector(connector, "free")
        self.ctl("car", connector, "unplug")
        return session

    def pay(self, connector=1, card="visa-approve"):
        session = self.offer(connector)
        self.ctl("card", "tap", card)
        self.told = self.wait_counter("outcome").get("granted")
        self.wait_connector(connector, "armed", "charging")
        return session

    def granted(self, session):
        return [p for _, _, kind, p in self.entries(session) if kind == "offer-granted"]

    def receipt(self, session, form="json"):
        done = self.busctl("call", DEST, STATION, DEST, "Receipt", "sss", session, form, "en")
        return json.loads(done.stdout)["data"][0]

    def is_dear(self, session):
        """Nothing is taken off: captured is what the oracle makes of the readings."""
        price, captured = price_by_oracle(self, session), minor(self.ledger(session)["captured"])
        assert captured == price > 300 and self.granted(session) == [] and self.told is None, (captured, price)
        assert "Reduction" not in self.receipt(session, "text") and "offer" not in json.loads(self.receipt(session))
        return price


def reduced(price, bp):
    return price - (price * bp + 5000) // 10000


def the_third_charge_is_cheaper():
    with OfferStreet() as s:
        s.start()
        said = s.offers(0, "activate", write(s, "offers.json", THIRD), "--valid-until", LATER)
        assert "activated" in said, said
        assert [(o["rule"], o["state"]) for o in s.in_force()] == [("third-of-month", "in-force"), ("back", "in-force")]
        first = s.paid()
        s.is_dear(first)
        s.kill()
        s.start()
        assert [o["rule"] for o in s.in_force()] == ["third-of-month", "back"], "forgotten over a restart"
        second = s.paid()
        s.is_dear(second)
        s.kill()
        s.start()
        told = []

        def look():
            bay = s.connector(1)
            assert bay["Granted"] == {"charges_in_month": 3, "discount_bp": 1250}, bay["Granted"]
            told.append(bay["PriceMinor"])

        third = s.paid(meanwhile=look)
        assert s.told == {"charges_in_month": 3, "discount_bp": 1250}, s.told
        cheaper(s, third, told[0])
        s.is_dear(s.paid("visa-second"))           # another card: its own first
        fourth = s.paid()
        s.is_dear(fourth)                         # the fourth, not the third
        books_agree(s, third)
        s.offers(0, "withdraw")
        assert s.in_force() == []


def cheaper(s, session, running):
    """The acquirer's ledger, the receipt and a print of it, from the oracle's price."""
    price = price_by_oracle(s, session)
    captured = minor(s.ledger(session)["captured"])
    assert captured == reduced(price, 1250) < price, (captured, price)
    assert 0 < running <= captured, (running, captured)
    kinds = [kind for _, _, kind, _ in s.entries(session)]
    assert kinds.index("offer-granted") < kinds.index("approved"), kinds   # journalled before any money is asked for
    (granted,) = s.granted(session)
    assert (granted["rule"], granted["discount_bp"], granted["charges_in_month"], granted["days_since_last"]) == (
        "third-of-month", 1250, 3, 0), granted
    paper = json.loads(s.receipt(session))
    off = [item for item in paper["items"] if item["kind"] == "reduction"]
    assert sum(item["amount_minor"] for item in off) == captured - price, off
    assert sorted(item["tax_percent"] for item in off) == ["19", "7"], off
    assert paper["offer"]["discount_percent"] == "12.5" and paper["offer"]["before_minor"] == price, paper["offer"]
    assert paper["total"]["gross_minor"] == captured == sum(tax["gross_minor"] for tax in paper["taxes"]), paper
    for tax in paper["taxes"]:                    # the tax of what is paid, to the cent
        net = round(tax["gross_minor"] / (1 + int(tax["percent"]) / 100))
        assert abs(net - tax["net_minor"]) <= 1, tax
    done = s.tapwatt("receipt", session, "--config", os.path.join(s.dir, "tapwatt.conf"))
    assert done.returncode == 0, done.stderr
    for text in (done.stdout, s.receipt(session, "text")):
        assert "Reduction" in text and "Your third charge this month" in text, text
        assert f"12.5% of {price // 100}.{price % 100:02} EUR" in text, text
        assert f"{captured // 100}.{captured % 100:02}" in text, text
    assert done.stdout == s.receipt(session, "text")


def books_agree(s, third):
    """Reconciliation prices all of it again."""
    exported = s.tapwatt("journal", "export", os.path.dirname(s.journal_path()), "--sales")
    assert exported.returncode == 0, exported.stderr
    rows = {row["session"]: row for row in csv.DictReader(io.StringIO(exported.stdout))}
    assert len(rows) == 5, rows
    captured = minor(s.ledger(third)["captured"])
    assert int(rows[third]["repriced_minor"]) == captured == int(rows[third]["captured_minor"]), rows[third]
    done = s.tapwatt("reconcile", "--journal", os.path.dirname(s.journal_path()), "--json")
    report = json.loads(done.stdout)
    classes = {e["class"] for e in report["exceptions"] + report["info"]}
    assert not classes & {"tariff_mismatch", "overcharged_session"}, classes


def what_cannot_be_granted_is_refused():
    with OfferStreet() as s:
        s.start()
        good = write(s, "good.json", THIRD)
        s.offers(0, "activate", good, "--valid-until", LATER)
        before = s.in_force()
        unchosen = write(s, "unchosen.json", offers(("third", {"charges_in_month": 3}, None)))
        for status, words, says in (
                (2, [write(s, "broken.json", "{"), "--valid-until", LATER], "$"),
                (2, [unchosen, "--valid-until", LATER], "rule third has no discount"),
                (2, [good], "--valid-until"),
                (2, [good, "--valid-until", "2020-01-01T00:00:00Z"], "over before they begin"),
                (2, [good, "--valid-until", LATER, "--valid-from", "soon"], "--valid-from"),
                (2, [write(s, "all.json", offers(("all", {}, 10))), "--valid-until", LATER], "that is a tariff")):
            said = s.offers(status, "activate", *words)
            assert says in said and said.count("\n") == 1, said
            assert s.in_force() == before
        s.offers(1, "lint", unchosen)
        assert "third charge in a month" in s.offers(0, "lint", good)
        s.offers(2, "lint", os.path.join(s.dir, "broken.json"))
        # To come, and over when it is: nobody is told a reduction that is not granted.
        s.offers(0, "withdraw")
        s.offers(0, "activate", good, "--valid-from", LATER, "--valid-until", LATER.replace("20", "21", 1))
        assert {o["state"] for o in s.in_force()} == {"coming"}, s.in_force()
        kinds = [(kind, session) for _, session, kind, _ in s.entries() if kind.startswith("offers-")]
        assert kinds == [("offers-activated", None), ("offers-withdrawn", None), ("offers-activated", None)], kinds


if __name__ == "__main__":
    tap.run([
        ("the third charge of a card in a month is cheaper, and everybody says so", the_third_charge_is_cheaper),
        ("offers that cannot be granted are refused, and the old ones stay", what_cannot_be_granted_is_refused),
    ])
