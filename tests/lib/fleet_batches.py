# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with a station, a batch, a payout or a bank's entry. A station that this is about sells ten units at
a time, so that a mean sale is ten units by anybody's rounding."""
from fleet_meter import Meter
from fleet_money import DAY, half_up
from fleet_truth import Truth
from fleet_world import START, WEEK, Credit, Line


def station(world, name, n=5, evse=None):
    """Its sales, in order; all of 10.00 EUR, settled in the batches of the first account."""
    account = world.accounts[0]
    world.stations.append((name, account))
    for bay in (1, 2):
        world.meters[f"DE*TWT*E{name}*{bay}"] = Meter(f"MW{name[-2:]}{bay}", world.rng)
    sales = []
    for i in range(n):
        sale = world.sell(name, account, energy_wh=20000, started=START + (3 + i) * DAY + world.rng.randrange(36000))
        sale.used, sale.evse = name, f"DE*TWT*E{name}*1"
        sales.append(sale)
    return sales


def stations(world):
    """Before receipts are numbered: what only a station can show."""
    world.gap = station(world, "FLT-90")
    world.doubled = station(world, "FLT-91")


def meters(world):
    """A meter that lost a number; one that began anew, which is one event."""
    skipped = station(world, "FLT-92")
    skipped[2].skip = 1
    world.truth.append(Truth("pagination_gap", 1000, "EUR", (skipped[2].evse, skipped[2].session)))
    reset = station(world, "FLT-93")
    reset[3].skip = -3
    world.truth.append(Truth("meter_reset", 1000, "EUR", (reset[3].evse, reset[3].session)))


def receipts(world):
    for sale in world.gap[2:]:
        sale.receipt_number += 1
    world.truth.append(Truth("receipt_gap", 1000, "EUR", ("FLT-90",)))
    for sale in world.doubled[3:]:
        sale.receipt_number -= 1
    world.truth.append(Truth("receipt_gap", 1000, "EUR", ("FLT-91",)))


def extra_lines(world):
    """Lines of a batch that are nobody's sale: named remainders."""
    adyen, chf, kwd = world.accounts[0], world.accounts[1], world.accounts[3]
    for account, kind, net, name in ((adyen, "fee", -500, "psp_fee_unallocated"), (adyen, "reserve", -7000, "reserve"),
                                     (adyen, "advance", 2500, "advance"), (adyen, "carry_over", -333, "carry_over"),
                                     (adyen, "adjustment", -41, "adjustment"), (adyen, "other", 17, "unknown"),
                                     (chf, "fee", -250, "psp_fee_unallocated"), (chf, "reserve", -3000, "reserve"),
                                     (chf, "advance", -900, "advance"), (chf, "carry_over", 75, "carry_over"),
                                     (kwd, "fx", -1203, "fx"), (kwd, "advance", 4004, "advance"),
                                     (kwd, "carry_over", -88, "carry_over"), (kwd, "other", -5, "unknown")):
        account.lines.append(Line(account, kind, net, 0, START + 2 * WEEK - DAY, 1))
        world.truth.append(Truth("residual", -net, account.currency, (name,)))
    bulk = Line(adyen, "bulk", 3300, half_up(3300 * 14, 1000), START + 2 * WEEK - DAY, 1, brand="visa")
    adyen.lines.append(bulk)
    world.truth.append(Truth("residual", 3300, "EUR", ("bulk", "unknown")))


def payouts(world):
    """After the batches were made: what a service says that it paid, and paid."""
    adyen, chf, _jpy, kwd = world.accounts[:4]
    adyen.payouts[0].amount -= 1234
    world.truth.append(Truth("batch_sum_mismatch", 1234, "EUR", (adyen.payouts[0].batch,)))
    late = chf.payouts[1]
    late.credit = "never"
    world.truth.append(Truth("payout_not_in_bank", late.amount, "CHF", (late.batch,)))
    both = kwd.payouts[1:3]
    credit = Credit("KWD", sum(p.amount for p in both), (both[1].at // DAY) + 1,
                    "PAYOUTS " + " AND ".join(p.batch for p in both), world.reference("BK", 12), payouts=both)
    for payout in both:
        payout.credit = credit
    world.credits.append(credit)


def bank(world):
    """After the bank booked them."""
    jpy = world.accounts[2]
    short = jpy.payouts[1]
    short.credit.amount -= 500
    world.truth.append(Truth("bank_amount_diff", 500, "JPY", (short.batch, short.credit.reference)))
    stray = Credit("EUR", 4321, START // DAY + 22, "PAYOUT 99999998 OTHER", world.reference("BK", 12))
    world.credits.append(stray)
    world.truth.append(Truth("bank_line_unexplained", 4321, "EUR", (stray.reference,)))
    for currency, amount in (("EUR", -80000), ("CHF", 12345), ("JPY", 90000), ("KWD", -1)):
        world.credits.append(Credit(currency, amount, START // DAY + 20, "RENT MARCH", world.reference("BK", 12),
                                    "Landlord & Sons"))
