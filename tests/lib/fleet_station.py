# SPDX-License-Identifier: Apache-2.0
"""What a station writes into its journal about a sale, from the table of kinds in payment/journal/README.md."""
import json

from fleet_journal import Journal
from fleet_money import decimal

SECOND = 1000000


def tariff(currency, price_minor):
    """Of energy alone, tax included: price_minor for 1 kWh."""
    price = json.loads(decimal(price_minor, currency))
    return json.dumps({
        "country_code": "DE", "party_id": "TWT", "id": f"FLEET-{currency}-{price_minor}", "type": "AD_HOC_PAYMENT",
        "currency": currency, "tax_included": "YES", "last_updated": "2026-01-01T00:00:00Z",
        "elements": [{"price_components": [{"type": "ENERGY", "price": price, "vat": 19, "step_size": 1}]}],
    }, separators=(",", ":")).encode()


def start(station, at):
    journal = Journal(station)
    journal.add((at - 60) * SECOND, "station-started", {"version": "1", "config": "0" * 64, "connectors": 2,
                                                        "test_mode": False})
    seller = {"seller": "Fleet GmbH", "seller_address": "Ring 1, 10115 Berlin", "vat_id": "DE123456789",
              "helpline": "+49 30 1234", "station_id": station, "station_name": station, "address": "Ring 2, Berlin",
              "time_zone": "Europe/Berlin",
              "connectors": [{"number": 1, "label": "1", "max_power_w": 22000}]}
    journal.seller = journal.blob(json.dumps(seller).encode())
    return journal


def steps(sale, journal):
    """(second, kind, payload) of the sale, in order."""
    reference = {"gateway": "cybersource", "code": sale.payment_ref, "transaction_id": f"{sale.session}-T",
                 "amount_minor": sale.held_minor or 1, "currency": sale.currency}
    card = {"kind": "contactless", "masked": f"****{sale.tail}", "brand": sale.brand}
    yield sale.started, "offered", {
        "connector": 1, "evse_id": sale.evse, "tariff": sale.tariff_shown, "seller": journal.seller,
        "time_zone": "Europe/Berlin", "currency": sale.currency, "hold_minor": sale.held_minor or 1, "language": "de",
        "test_mode": sale.test_mode}
    yield sale.started + 1, "counter", {"event": "card", "from": "offer", "to": "asking", "place": "counter"}
    yield sale.started + 2, "referenced", {
        "operation": "authorize", "key": f"{sale.session}-authorize-1", "reference": json.dumps(reference),
        "card": card}
    if sale.state == "no-hold":
        yield sale.started + 5, "not-approved", {"end": "declined", "reason": "declined",
                                                 "reference": json.dumps(reference)}
        yield sale.started + 6, "counter", {"event": "outcome", "from": "asking", "to": "over", "place": "over"}
        return

    reference["id"] = sale.psp_ref
    yield sale.started + 5, "approved", {"end": "approved", "held_minor": sale.held_minor, "card": card,
                                         "approval_code": sale.approval, "reference": json.dumps(reference)}
    yield sale.started + 6, "bay", {"event": "armed", "from": "armed", "to": "charging", "place": "bay", "connector": 1}
    yield from readings(sale)
    if sale.state == "open":
        return
    yield from money(sale, reference)
    yield sale.ended + 20, "bay", {"event": "settled", "from": "settling", "to": "over", "place": "over",
                                   "connector": 1, "reason": "driver"}


def readings(sale):
    ends = [(sale.started + 10, "begin", "charging", 0)]
    if sale.state != "open":
        ends.append((sale.ended, "final", "parking", sale.energy_wh))
    for at, why, phase, wh in ends:
        yield at, "reading", {"why": why, "phase": phase, "register_wh": sale.register_wh + wh, "session_ws": wh * 3600,
                              "plugged_s": at - sale.started, "epoch": 1, "wall_us": at * SECOND,
                              "boot_us": at * SECOND - sale.booted_us}


def money(sale, reference):
    operation = "capture" if sale.billed and sale.captured_minor != 0 else "release"
    amount = sale.captured_minor if sale.captured_minor is not None else min(sale.price_minor, sale.held_minor)
    if sale.billed:
        bill = {"tariff": sale.tariff_priced, "energy_wh": sale.energy_wh, "parking_ms": 0,
                "charging_ms": (sale.ended - sale.started - 10) * 1000, "price_minor": sale.price_minor,
                "exact_gross": decimal(sale.price_minor, sale.currency), "net_minor": sale.price_minor * 100 // 119,
                "capture_minor": amount}
        if sale.receipt_number:
            bill["receipt"] = sale.receipt_number
        yield sale.ended + 1, "bill", bill
    if sale.state == "held":
        return
    key = f"{sale.session}-{operation}-2"
    yield sale.ended + 1, "request", {"n": 2, "operation": operation, "key": key,
                                      "amount_minor": amount if operation == "capture" else sale.held_minor}
    outcome = {"captured": "done", "released": "done", "refused": "refused", "unknown": "unknown"}[sale.state]
    answer = {"n": 2, "key": key, "outcome": outcome}
    if sale.state == "captured":
        answer["reference"] = json.dumps(dict(reference, capture_id=sale.capture_ref))
    yield sale.ended + 5, "answer", answer


def journal_of(station, sales):
    """Of one station; sales: each with all that the journal tells. Entries of two bays come mixed, as they happen."""
    journal = start(station, min(sale.started for sale in sales))
    entries = []
    registers = {}
    for number, sale in enumerate(sorted(sales, key=lambda s: (s.started, s.session))):
        blob = journal.blob(tariff(sale.currency, sale.energy_price_minor))
        sale.tariff_shown = sale.tariff_shown or blob
        sale.tariff_priced = sale.tariff_priced or blob
        sale.register_wh = registers.get(sale.evse, 1000000)
        registers[sale.evse] = sale.register_wh + (sale.energy_wh or 0)
        sale.booted_us = journal.booted_us
        entries += [(at, number, kind, payload, sale.session) for at, kind, payload in steps(sale, journal)]
    for at, _number, kind, payload, session in sorted(entries, key=lambda e: e[:2]):
        journal.add(at * SECOND, kind, payload, session)
    return journal
