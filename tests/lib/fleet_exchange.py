# SPDX-License-Identifier: Apache-2.0
"""Payouts that a bank booked in another currency than they were made in, and what it kept for itself. All of it is
worked out here, by whole numbers."""
from fleet_money import DIGITS, half_up
from fleet_truth import Truth

RATE_UNIT = 10 ** 6


def exchanged(amount, currency, rate, into):
    """rate: millionths of a unit of the other currency that one unit of this one is."""
    return half_up(amount * rate * 10 ** DIGITS[into], RATE_UNIT * 10 ** DIGITS[currency])


def convert(payout, into, rate, came=None, kept=0):
    """The payout's credit becomes one in another account: came of it, less what the bank kept."""
    credit = payout.credit
    credit.original = (payout.amount if came is None else came, credit.currency)
    credit.rate = rate
    credit.amount = exchanged(credit.original[0], credit.currency, rate, into) - kept
    credit.currency = into


def in_time(account):
    """Payouts that nothing else happened to; those first whose lines are all of before the bank's entry, which is how
    one without an id can be found."""
    untouched = [p for p in account.payouts if p.credit and p.credit.amount == p.amount]
    return sorted(untouched, key=lambda p: (max(line.at for line in p.lines) > p.at, p.week))


def bank(world):
    """After the bank booked them in their own currency."""
    eur, chf, jpy, kwd = world.accounts[:4]
    tell = world.truth.append

    eur.payouts[2].credit.charges = 35                               # the bank's own fee, and nothing else
    eur.payouts[2].credit.amount -= 35
    tell(Truth("residual", 35, "EUR", (eur.payouts[2].batch, "bank_fee")))
    kwd.payouts[0].credit.charges = 120
    kwd.payouts[0].credit.amount -= 120 + 77                         # and a piece that nobody has a name for
    tell(Truth("residual", 120, "KWD", (kwd.payouts[0].batch, "bank_fee")))
    tell(Truth("bank_amount_diff", 77, "KWD", (kwd.payouts[0].batch,)))

    whole, less, dear = in_time(jpy)[:3]
    convert(whole, "EUR", 6123)                                      # all of it, found by what came
    whole.credit.text = "INTERNATIONAL TRANSFER"
    lost = less.amount // 200
    convert(less, "EUR", 6098, came=less.amount - lost)
    tell(Truth("residual", lost, "JPY", (less.batch, "fx")))
    convert(dear, "KWD", 2011, kept=9)                               # by its own rate it should have been more
    tell(Truth("residual", 9, "KWD", (dear.batch, "fx")))
    gone = chf.payouts[2].amount // 20                               # far more than any rate explains
    convert(chf.payouts[2], "EUR", 1043000, came=chf.payouts[2].amount - gone)
    tell(Truth("bank_amount_diff", gone, "CHF", (chf.payouts[2].batch,)))
    unsaid = chf.payouts[3]                                          # the bank names it, and tells neither
    convert(unsaid, "EUR", 1043000)
    unsaid.credit.original = unsaid.credit.rate = None
    tell(Truth("currency_mismatch", unsaid.amount, "CHF", (unsaid.batch,)))
