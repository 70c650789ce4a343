# SPDX-License-Identifier: Apache-2.0
"""A fleet in which nothing is wrong: stations, sales of four weeks, what each account's service settled, paid out, and
what the bank got. fleet_cases.py breaks it. March 2026: the clocks change on the 29th, and most payouts meet a weekend.
"""
import random
from dataclasses import dataclass, field

from fleet_meter import Meter
from fleet_money import DAY, banking_day, half_up, instant, local_day
from fleet_sale import Sale

START = instant(2026, 3, 2)                       # a Monday
AS_OF = instant(2026, 4, 20, 12)
WEEK = 7 * DAY
FEE_FIXED, FEE_PERCENT_E6 = 10, 1400000           # the contract of all accounts: 10 minor units and 1.4 %
BRANDS = ("visa", "mastercard", "girocard", "amex")


@dataclass
class Account:
    """At a payment service. The files of one account have one format; its payouts go to one bank account."""
    name: str
    form: str                 # adyen, stripe, cybersource, csv
    currency: str
    price_minor: int          # of 1 kWh
    pays_out: bool = True     # the service's file tells payouts or batches that were paid
    lines: list = field(default_factory=list)
    payouts: list = field(default_factory=list)


@dataclass
class Line:
    """Of a settlement file; money in is positive."""
    account: Account
    kind: str                 # sale, refund, refund_reversed, chargeback, chargeback_reversed, fee, reserve, bulk, ...
    gross: int
    fee: int
    at: int
    week: int                 # of the batch
    payment_ref: str = ""
    psp_ref: str = ""
    change_ref: str = ""
    brand: str = ""
    currency: str = ""        # "": the account's
    sale: Sale = None
    rate: int = None          # millionths of the account's currency that one unit of the line's is
    paid: int = None          # net in the account's currency, where the line has another

    @property
    def net(self):
        return self.gross - self.fee if self.paid is None else self.paid


@dataclass
class Payout:
    account: Account
    batch: str
    week: int
    lines: list
    amount: int               # what the service says that it paid
    at: int
    credit: object = None     # the bank's; None: it did not come


@dataclass
class Credit:
    """A booked entry of a bank account."""
    currency: str
    amount: int
    day: int
    text: str                 # remittance information
    reference: str
    party: str = "Acquirer Payments N.V."
    payouts: list = field(default_factory=list)
    original: tuple = None    # (amount, currency) before the bank converted it
    rate: int = None          # millionths of currency that one unit of the original is
    charges: int = 0          # the bank's own


def expected_fee(gross):
    return FEE_FIXED + half_up(gross * FEE_PERCENT_E6, 100000000)


class World:
    def __init__(self, seed, n_sales=240):
        self.rng = random.Random(seed)
        self.truth, self.sales, self.credits, self.totals = [], [], [], []
        self.n_numbers, self.taken = 0, {}          # taken: of each EVSE, when somebody charges
        self.unsigned, self.stray_records = [], []  # (session, EVSE, began, ended, Wh) that a meter signs, and it did
        self.accounts = [Account("TapwattDE", "adyen", "EUR", 50), Account("acct_ch", "stripe", "CHF", 60),
                         Account("acct_jp", "stripe", "JPY", 70), Account("TapwattKW", "csv", "KWD", 150),
                         Account("tapwatt_eu", "cybersource", "EUR", 50, False)]
        self.stations = [(f"FLT-{i:02d}", self.accounts[i % len(self.accounts)]) for i in range(10)]
        self.meters = {}
        for station, _account in self.stations:
            for bay in (1, 2):
                self.meters[f"DE*TWT*E{station}*{bay}"] = Meter(f"MW{station[-2:]}{bay}", self.rng)
        for number in range(n_sales):
            self.sell(*self.stations[number % len(self.stations)])

    def number(self):
        self.n_numbers += 1
        return self.n_numbers

    def reference(self, prefix, digits=14):
        return prefix + "".join(self.rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(digits))

    def capture_reference(self, account):
        """Cybersource's requests have numbers."""
        if account.form == "cybersource":
            return "".join(self.rng.choice("0123456789") for _ in range(22))
        return self.reference("CP")

    def free(self, station, length, started=None):
        """An EVSE and a time at which nobody charges there; ten minutes between two cars."""
        while True:
            evse = f"DE*TWT*E{station}*{self.rng.choice((1, 2))}"
            at = started or START + self.rng.randrange(4 * WEEK)
            if all(at + length + 600 < b or at > e + 600 for b, e in self.taken.setdefault(evse, [])):
                self.taken[evse].append((at, at + length))
                return evse, at

    def sell(self, station, account, **given):
        """A sale that all witnesses agree on."""
        rng, number = self.rng, self.number()
        energy = given.pop("energy_wh", rng.randrange(20, 600) * 100)
        price = half_up(energy * account.price_minor, 1000)
        length = 600 + energy // 20
        evse, started = self.free(station, length, given.pop("started", None))
        ended = started + length
        sale = Sale(session=f"{station}-{number:06d}-{rng.randrange(1 << 24):06x}", station=station,
                    evse=evse, payment_ref=f"TW{number:06d}{rng.randrange(10000):04d}",
                    psp_ref=self.reference("PS"), capture_ref=self.capture_reference(account),
                    approval=f"{rng.randrange(1000000):06d}", tail=f"{rng.randrange(10000):04d}",
                    brand=rng.choice(BRANDS), currency=account.currency, price_minor=price, repriced_minor=price,
                    held_minor=max(5000, price + 100), captured_minor=price, energy_wh=energy,
                    energy_price_minor=account.price_minor, energy_part_minor=price, started=started, ended=ended,
                    captured=ended + 5, hold_until=started + 6 * DAY, day=local_day(ended + 5), account=account)
        if account.form == "cybersource":
            sale.settlement_ref = self.reference("RC", 10)
        for name, value in given.items():
            setattr(sale, name, value)
        sale.lines.append(self.line_of(sale))
        self.sales.append(sale)
        return sale

    def line_of(self, sale, kind="sale", gross=None, fee=None, week=None, **more):
        """What the service would settle of it, in the batch of the next day's week."""
        gross = sale.captured_minor if gross is None else gross
        at = more.pop("at", (sale.captured or sale.ended) + DAY // 2)
        fee = (expected_fee(gross) if kind == "sale" else 0) if fee is None else fee
        fields = {"payment_ref": sale.payment_ref, "psp_ref": sale.psp_ref, "change_ref": sale.capture_ref,
                  "brand": sale.brand, "sale": sale}
        fields.update(more)
        return Line(sale.account, kind, gross, fee, at, (at - START) // WEEK if week is None else week, **fields)

    def numbers(self):
        """Receipt numbers of each station, without a gap, in the order of the bills."""
        for station, _account in self.stations:
            mine = [s for s in self.sales if s.station == station and s.billed]
            mine.sort(key=lambda s: (s.ended, s.session))
            for number, sale in enumerate(mine, 1001):
                sale.receipt_number = number

    def settle(self):
        """Batches of a week for each account, and what the bank gets of them: the second banking day after."""
        for account in self.accounts:
            account.lines += [line for sale in self.sales if sale.account is account for line in sale.lines]
            for week in sorted({line.week for line in account.lines}):
                lines = [line for line in account.lines if line.week == week]
                at = START + (week + 1) * WEEK + DAY + 9 * 3600
                batch = f"{account.name[-2:].upper()}{self.rng.randrange(100000):05d}{week:02d}"
                if account.form in ("adyen", "csv"):
                    batch = str(self.rng.randrange(100, 900) * 100 + week)
                account.payouts.append(Payout(account, batch, week, lines, sum(line.net for line in lines), at))

    def bank(self):
        for payout in (p for a in self.accounts if a.pays_out for p in a.payouts if p.credit is None and p.amount):
            payout.credit = Credit(payout.account.currency, payout.amount, banking_day(payout.at // DAY, 2),
                                   f"PAYOUT {payout.batch} {payout.account.name}", self.reference("BK", 12),
                                   payouts=[payout])
            self.credits.append(payout.credit)

    def metered(self):
        """One signed record for each sale with energy, in the order in which each meter saw them; and for energy of
        which no journal knows."""
        sales = [(s.ended, s.session, s) for s in self.sales if s.energy_wh is not None]
        for ended, session, sale in sorted(sales + [(u[3], u[0], u) for u in self.unsigned], key=lambda s: s[:2]):
            if isinstance(sale, tuple):
                _session, evse, began, _ended, energy = sale
                self.stray_records.append(self.meters[evse].record(energy, began, ended, session))
            elif sale.apart:
                sale.records += self.meters[sale.evse].records(sale.energy_wh, sale.started, sale.ended,
                                                               sale.payment_ref, sale.apart, **sale.signed_more)
            else:
                energy = sale.energy_wh if sale.signed_wh is None else sale.signed_wh
                record = self.meters[sale.evse].record(energy, sale.started, sale.ended, sale.payment_ref,
                                                       skip=sale.skip, **sale.signed_more)
                sale.records.append(record.replace('"MV":"Meterworks"', '"MV":"Meterw0rks"') if sale.spoilt else record)
