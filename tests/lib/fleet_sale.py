# SPDX-License-Identifier: Apache-2.0
"""One sale of a made-up station, as its journal would tell it: the fields of payment/reconcile/sale.h, where None is
"not stated". Beside it the other witnesses' rows that it caused; who plants a difference changes one of them."""
from dataclasses import dataclass, field, fields

STATES = ("no-hold", "held", "released", "captured", "refused", "unknown", "open")


@dataclass
class Sale:
    session: str = ""
    station: str = ""
    evse: str = ""
    terminal: str = ""
    payment_ref: str = ""
    psp_ref: str = ""
    capture_ref: str = ""
    settlement_ref: str = ""
    refund_ref: str = ""
    trace: str = ""
    slip: str = ""
    approval: str = ""
    tail: str = ""
    brand: str = ""
    tariff_shown: str = ""
    tariff_priced: str = ""
    unknown_operation: str = ""
    receipt_number: int = 0
    currency: str = "EUR"
    state: str = "captured"
    billed: bool = True
    tariff_free: bool = False
    test_mode: bool = False
    price_minor: int = None
    repriced_minor: int = None
    shown_minor: int = None
    held_minor: int = None
    captured_minor: int = None
    second_capture_minor: int = None
    refunded_minor: int = None
    unknown_minor: int = None
    advised_minor: int = None
    energy_wh: int = None
    energy_price_minor: int = None
    energy_part_minor: int = None
    started: int = None          # seconds since 1970
    ended: int = None
    captured: int = None
    refunded: int = None
    hold_until: int = None
    day: int = None

    # not the journal's
    account: object = field(default=None, repr=False)
    used: str = ""                                                # what was planted here
    lines: list = field(default_factory=list, repr=False)         # of the settlement files
    records: list = field(default_factory=list, repr=False)       # signed by the meter
    signed_wh: int = None                                         # what the meter says, if it is something else
    signed_more: dict = field(default_factory=dict, repr=False)   # members of the record that are others
    apart: tuple = ()                                             # tariff texts of begin and end, two records
    skip: int = 0                                                 # numbers that the meter lost before it
    spoilt: bool = False                                          # one character of the record is another one


COLUMNS = [f.name for f in fields(Sale)][:[f.name for f in fields(Sale)].index("account")]
INSTANTS = ("started", "ended", "captured", "refunded", "hold_until")
