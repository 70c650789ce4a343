# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with a sale: one function for each class that a single sale or line can show, by the closed table of
facts/reconciliation.md. Each takes sales that nothing has happened to yet, breaks them, and tells what must be found.
"""
import copy

from fleet_money import DAY, DIGITS, half_up
from fleet_truth import Truth
from fleet_world import AS_OF, Line


def take(world, *forms, least=0):
    """A sale of an account with one of these formats that no other case has touched."""
    for sale in world.sales:
        if not sale.used and sale.account.form in (forms or (sale.account.form,)) and sale.captured_minor >= least:
            return sale
    raise AssertionError(f"no sale is left for {forms}: make a larger world")


def tell(world, class_, amount, sale, currency=None, where=None):
    sale.used = class_
    world.truth.append(Truth(class_, amount, currency or sale.currency, where or (sale.session,)))


def expected(world):
    for station, account in world.stations[:3]:
        sale = world.sell(station, account, started=AS_OF - DAY)
        sale.lines.clear()
        tell(world, "expected", sale.captured_minor, sale)


def missing_in_settlement(world):
    for form in ("adyen", "stripe", "cybersource", "csv"):
        sale = take(world, form)
        sale.lines.clear()
        tell(world, "missing_in_settlement", sale.captured_minor, sale)


def missing_in_journal(world):
    for form in ("adyen", "stripe", "cybersource", "csv"):
        account = next(a for a in world.accounts if a.form == form)
        line = Line(account, "sale", 1777, 35, AS_OF - 30 * DAY, 1, f"XX{world.number():06d}", world.reference("PS"),
                    world.capture_reference(account), "visa")
        account.lines.append(line)
        world.truth.append(Truth("missing_in_journal", -1777, account.currency, (line.payment_ref, line.psp_ref)))


def amounts(world):
    for form in ("adyen", "stripe", "cybersource", "csv"):
        for class_, more in (("amount_over", 150), ("amount_under", -150)):
            sale = take(world, form, least=1000)
            sale.lines = [world.line_of(sale, gross=sale.captured_minor + more)]
            tell(world, class_, -more, sale)


def within_tolerance(world):
    """One minor unit, which --tolerance 0.02,0.1% lets pass where the currency has cents or smaller; and says so."""
    for form, more in (("adyen", -1), ("adyen", 1), ("csv", 2)):
        sale = take(world, form, least=500)
        sale.lines = [world.line_of(sale, gross=sale.captured_minor + more, fee=sale.lines[0].fee)]
        tell(world, "matched_within_tolerance", -more, sale)


def duplicate_settlement(world):
    for form in ("adyen", "stripe", "cybersource", "csv"):
        sale = take(world, form)
        again = copy.copy(sale.lines[0])
        again.week = (again.week + 1) % 4
        sale.lines.append(again)
        tell(world, "duplicate_settlement", -again.gross, sale)


def duplicate_capture(world):
    sale = take(world, "adyen")
    sale.second_capture_minor = sale.captured_minor
    sale.lines.append(world.line_of(sale, change_ref=world.reference("CP")))
    tell(world, "duplicate_capture", -sale.captured_minor, sale)


def over_captured(world):
    for held, more in ((9000, 300), (1200, 0)):
        sale = take(world, "adyen", "stripe", least=1500)
        sale.held_minor, sale.captured_minor = held, sale.price_minor + more
        sale.lines = [world.line_of(sale)]
        tell(world, "over_captured", -(more or sale.price_minor - held), sale)


def under_captured(world):
    sale = take(world, "adyen", least=1500)
    sale.held_minor = sale.captured_minor = 1200
    sale.lines = [world.line_of(sale)]
    tell(world, "under_captured", sale.price_minor - 1200, sale)


def captured_not_delivered(world):
    sale = take(world, "stripe")
    sale.energy_wh, sale.repriced_minor = 0, None
    tell(world, "captured_not_delivered", -sale.captured_minor, sale)


def delivered_not_captured(world):
    for state in ("released", "refused"):
        sale = take(world, "adyen", "csv")
        sale.state, sale.captured_minor, sale.captured, sale.lines = state, 0, None, []
        sale.hold_until = AS_OF + DAY
        tell(world, "delivered_not_captured", sale.price_minor, sale)


def tariff_mismatch(world):
    sale = take(world, least=500)
    sale.repriced_minor -= 120
    tell(world, "tariff_mismatch", 120, sale)
    sale = take(world)
    sale.repriced_minor += 33
    tell(world, "tariff_mismatch", -33, sale)


def price_display_mismatch(world):
    sale = take(world, least=500)
    sale.tariff_shown, sale.tariff_priced, sale.shown_minor = "a" * 64, "b" * 64, sale.price_minor - 200
    tell(world, "price_display_mismatch", 200, sale)


def auth_never_released(world):
    sale = take(world)
    sale.state, sale.billed, sale.energy_wh, sale.lines = "held", False, 0, []
    sale.price_minor = sale.repriced_minor = sale.energy_part_minor = sale.captured_minor = sale.captured = None
    tell(world, "auth_never_released", sale.held_minor, sale)


def outcome_unknown(world):
    sale = take(world)
    sale.state, sale.unknown_operation, sale.unknown_minor, sale.lines = "unknown", "capture", sale.price_minor, []
    sale.captured_minor = sale.captured = None
    sale.hold_until = AS_OF + DAY
    tell(world, "outcome_unknown", sale.price_minor, sale)


def refund_unmatched(world):
    sale = take(world, "adyen", least=800)
    sale.lines.append(world.line_of(sale, "refund", -700, change_ref=world.reference("RF")))
    tell(world, "refund_unmatched", 700, sale)
    sale = take(world, "stripe", least=800)
    sale.refunded_minor, sale.refunded, sale.refund_ref = 640, sale.captured + DAY, world.reference("RF")
    tell(world, "refund_unmatched", 640, sale)


def chargeback(world):
    for form in ("adyen", "stripe"):
        sale = take(world, form)
        sale.lines.append(world.line_of(sale, "chargeback", -sale.captured_minor, fee=1500,
                                        change_ref=world.reference("CB")))
        tell(world, "chargeback", sale.captured_minor + 1500, sale)


def currency_mismatch(world):
    sale = take(world, "cybersource")
    sale.lines[0].currency = "USD"
    tell(world, "currency_mismatch", sale.captured_minor, sale, "USD")


def converted(world):
    """The card was billed in another currency, and paid out in the sale's: up to one percent is the rate's."""
    for currency, rate, lost in (("USD", 921300, -4), ("JPY", 6100, 3)):
        sale = take(world, "adyen", least=1500)
        paid = sale.captured_minor - lost
        unit = 10 ** DIGITS["EUR"] * rate
        gross = half_up(paid * 10 ** DIGITS[currency] * 10 ** 6, unit)
        paid = half_up(gross * unit, 10 ** DIGITS[currency] * 10 ** 6)          # as the service converts it
        sale.lines = [world.line_of(sale, gross=gross, fee=25, currency=currency, rate=rate, paid=paid - 25)]
        tell(world, "matched_within_tolerance", sale.captured_minor - paid, sale)
        sale.used = "converted"


def fee_deviation(world):
    for form in ("adyen", "stripe", "csv"):
        sale = take(world, form, least=1000)
        sale.lines[0].fee += 90
        tell(world, "fee_deviation", 90, sale)


def advice_mismatch(world):
    sale = take(world)
    sale.advised_minor = sale.captured_minor - 100
    tell(world, "advice_mismatch", 100, sale)


def ambiguous(world):
    """Two sales that go by one name, and one line that could be either's: never assigned by the file's order."""
    station, account = world.stations[3]
    first, second = (world.sell(station, account, energy_wh=20000) for _ in range(2))
    second.payment_ref, second.psp_ref, second.capture_ref = first.payment_ref, first.psp_ref, first.capture_ref
    second.lines = []
    for sale in (first, second):
        sale.signed_more = {"IT": "LOCAL", "ID": sale.session}
    for sale in (first, second):
        tell(world, "ambiguous", sale.captured_minor, sale)
    tell(world, "ambiguous", -first.captured_minor, first, where=(first.payment_ref, first.psp_ref))


def hold_expired(world):
    """Too late is one finding; that the energy was given away for it is another."""
    sale = take(world)
    sale.state, sale.captured_minor, sale.captured, sale.lines = "refused", 0, None, []
    sale.hold_until = sale.ended - 60
    tell(world, "hold_expired", sale.price_minor, sale)
    tell(world, "delivered_not_captured", sale.price_minor, sale)


def energy_mismatch(world):
    for more in (1000, -2000):
        sale = take(world)
        sale.signed_wh = sale.energy_wh + more
        tell(world, "energy_mismatch", half_up(abs(more) * sale.energy_price_minor, 1000), sale)


def signature_invalid(world):
    sale = take(world)
    sale.spoilt = True
    tell(world, "signature_invalid", sale.energy_part_minor, sale)


def identification_changed(world):
    sale = take(world)
    sale.signed_more = {"IL": "MISMATCH"}
    tell(world, "identification_changed", sale.energy_part_minor, sale)


def meter_identity(world):
    """Begin and end of two makes of meter: a foreign end, and so no good one."""
    sale = take(world)
    sale.apart, sale.signed_more = ("TW1;A;1111111111111111",) * 2, {"MM": "Two"}
    tell(world, "meter_identity", sale.energy_part_minor, sale)
    tell(world, "signature_invalid", sale.energy_part_minor, sale)


def meter_structure(world):
    """The meter itself says that its value is not to be used."""
    sale = take(world)
    sale.signed_more = {"reading": {"ST": "M"}}
    tell(world, "meter_structure", sale.energy_part_minor, sale)


def tariff_text_mismatch(world):
    """Begin and end in records of their own, with another text in the second."""
    sale = take(world)
    sale.apart = ("TW1;A;1111111111111111", "TW1;B;2222222222222222")
    tell(world, "tariff_text_mismatch", sale.energy_part_minor, sale)


def all_is_well(world):
    """What looks odd and is in order."""
    for form in ("adyen", "stripe", "csv"):
        sale = take(world, form, least=1000)                                 # a refund that was asked for
        sale.refunded_minor, sale.refunded, sale.refund_ref = 500, sale.captured + DAY, world.reference("RF")
        sale.lines.append(world.line_of(sale, "refund", -500, change_ref=sale.refund_ref, at=sale.refunded + DAY))
        sale.used = "refunded"
        sale = take(world, form, least=1000)                                 # one capture, settled in two parts
        sale.lines = [world.line_of(sale, gross=600), world.line_of(sale, gross=sale.captured_minor - 600,
                                                                    change_ref=sale.capture_ref + "B")]
        sale.used = "parts"
    sale = take(world, "adyen")                                              # a dispute that was won
    for kind, sign in (("chargeback", -1), ("chargeback_reversed", 1)):
        sale.lines.append(world.line_of(sale, kind, sign * sale.captured_minor, change_ref=world.reference("CB")))
    sale.used = "won"
    sale = take(world, "stripe")                                             # nobody knew, until the service told
    sale.state, sale.unknown_operation, sale.unknown_minor = "unknown", "capture", sale.price_minor
    sale.captured_minor = sale.captured = None
    sale.used = "told"
    sale = take(world)                                                       # begin and end in records of their own
    sale.apart, sale.used = ("TW1;A;1111111111111111",) * 2, "apart"
    sale = take(world, "adyen")                                              # declined: no hold, no sale
    sale.state, sale.billed, sale.energy_wh, sale.lines = "no-hold", False, None, []
    sale.price_minor = sale.repriced_minor = sale.held_minor = sale.captured_minor = sale.captured = None
    sale.energy_part_minor = sale.hold_until = None
    sale.used = "declined"
    sale = take(world, "stripe")                                             # the technician tried it out
    sale.test_mode, sale.lines, sale.used = True, [], "test"
    sale = take(world, "csv")                                                # nothing drawn, hold released
    sale.state, sale.energy_wh, sale.lines, sale.captured = "released", 0, [], None
    sale.price_minor = sale.repriced_minor = sale.captured_minor = sale.energy_part_minor = 0
    sale.used = "nothing"


SALES = (all_is_well, expected, missing_in_settlement, missing_in_journal, amounts, within_tolerance,
         duplicate_settlement, duplicate_capture, over_captured, under_captured, captured_not_delivered,
         delivered_not_captured, tariff_mismatch, price_display_mismatch, auth_never_released, outcome_unknown,
         refund_unmatched, chargeback, currency_mismatch, converted, fee_deviation, advice_mismatch, ambiguous,
         hold_expired, energy_mismatch, signature_invalid, identification_changed, meter_identity, meter_structure,
         tariff_text_mismatch)
