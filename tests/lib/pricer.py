#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prices a session by an OCPI tariff, independently of payment/tariff.

    pricer.py TARIFF.json ENERGY_WH CHARGING_S PARKING_S [--last charging|parking] [--exact]
    pricer.py --batch < cases.jsonl

Prints "GROSS NET" in minor units, NET is "unknown" where the tariff does not tell. Seconds may have a fraction.
--last: which phase came last; without it parking, if there was any. --exact: the amounts before rounding, as
fractions, on a second line. --batch: each line is {"tariff": {...}, "usage": {"energy_wh", "charging_ms",
"parking_ms", "last"}}, each answer a line as above, or "refused" for a tariff that cannot be priced.

Written from the specification and the published rules only, with fractions of unbounded integers, so that it can be
the witness of tests. Elements with restrictions are refused, as they are in the station.
"""

import argparse
import json
import math
import sys
from fractions import Fraction

DIGITS = {code: 0 for code in "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()}
DIGITS.update({code: 3 for code in "BHD IQD JOD KWD LYD OMR TND".split()})


class Refused(Exception):
    pass


def parse(text):
    return json.loads(text, parse_float=Fraction, parse_int=int)


def round_half_up(amount):
    """Half away from zero; no total is ever below zero."""
    assert isinstance(amount, Fraction)
    return math.floor(amount + Fraction(1, 2))


def up_to_multiple(quantity, step):
    return Fraction(quantity if step == 0 else math.ceil(Fraction(quantity) / step) * step)


def components(tariff):
    """The first component of each dimension in the order of the elements."""
    found = {}
    for element in tariff["elements"]:
        if any(value is not None for value in (element.get("restrictions") or {}).values()):
            raise Refused("restrictions")
        for component in element["price_components"]:
            found.setdefault(component["type"], component)
    return found


def rate(component):
    vat = component.get("vat")
    return None if vat is None else Fraction(vat) / 100


def sides(tariff, component, quantity):
    """(net, gross) of a quantity in the component's own unit; net None: unknown."""
    amount = Fraction(component["price"]) * quantity
    tax, form = rate(component), tariff.get("tax_included")
    if form == "YES":
        return (None if tax is None else amount / (1 + tax)), amount
    if form == "NO" and tax is None:
        raise Refused("gross unknown")
    return amount, amount * (1 + (tax or 0))


def limit(tariff, name):
    given = tariff.get(name) or {}
    net = given.get("excl_vat", given.get("before_taxes"))
    gross = given.get("incl_vat", given.get("after_taxes"))
    return (None if net is None else Fraction(net)), (None if gross is None else Fraction(gross))


def quantities(found, usage):
    """Hours, kWh, sessions after the steps."""
    energy = up_to_multiple(usage["energy_wh"], found.get("ENERGY", {}).get("step_size", 0))
    seconds = {"TIME": Fraction(usage["charging_ms"], 1000), "PARKING_TIME": Fraction(usage["parking_ms"], 1000)}
    order = ["PARKING_TIME", "TIME"] if usage["last"] == "parking" else ["TIME", "PARKING_TIME"]
    for kind in order:
        if kind in found and seconds[kind] > 0:
            seconds[kind] = up_to_multiple(seconds[kind], found[kind]["step_size"])
            break
    return {"ENERGY": Fraction(energy, 1000), "FLAT": Fraction(1),
            "TIME": seconds["TIME"] / 3600, "PARKING_TIME": seconds["PARKING_TIME"] / 3600}


def ratio(tariff, found, net, gross):
    if net != 0:
        return gross / net
    if "ENERGY" in found:
        return 1 + (rate(found["ENERGY"]) or 0)
    return 1 + max((rate(component) or 0)
                   for element in tariff["elements"] for component in element["price_components"])


def clamp(tariff, found, net, gross):
    bare_net, bare_gross = net, gross
    for name, better in (("min_price", lambda value, bound: max(value, bound)),
                         ("max_price", lambda value, bound: min(value, bound))):
        net_limit, gross_limit = limit(tariff, name)
        if net_limit is not None and gross_limit is not None:
            net, gross = better(net, net_limit), better(gross, gross_limit)
        elif net_limit is not None and better(net, net_limit) != net:
            net, gross = net_limit, net_limit * ratio(tariff, found, bare_net, bare_gross)
        elif gross_limit is not None and better(gross, gross_limit) != gross:
            net, gross = gross_limit / ratio(tariff, found, bare_net, bare_gross), gross_limit
    return net, gross


def clamp_gross(tariff, gross):
    for name, better in (("min_price", max), ("max_price", min)):
        net_limit, gross_limit = limit(tariff, name)
        if gross_limit is not None:
            gross = better(gross, gross_limit)
        elif net_limit is not None:
            raise Refused("a limit before taxes and an unknown tax")
    return gross


def price(tariff, usage):
    """(gross, net) exactly; net None: unknown."""
    found = components(tariff)
    if usage["energy_wh"] == 0:
        return Fraction(0), Fraction(0)
    billed = quantities(found, usage)
    parts = [sides(tariff, component, billed[kind]) for kind, component in found.items()]
    gross = sum((part[1] for part in parts), Fraction(0))
    if any(part[0] is None for part in parts):
        return clamp_gross(tariff, gross), None
    net, gross = clamp(tariff, found, sum((part[0] for part in parts), Fraction(0)), gross)
    return gross, net


def minor(tariff, usage):
    gross, net = price(tariff, usage)
    unit = 10 ** DIGITS.get(tariff["currency"], 2)
    return round_half_up(gross * unit), None if net is None else round_half_up(net * unit)


def answer(tariff, usage):
    gross, net = minor(tariff, usage)
    return f"{gross} {'unknown' if net is None else net}"


def batch():
    for line in sys.stdin:
        case = parse(line)
        try:
            print(answer(case["tariff"], case["usage"]))
        except Refused:
            print("refused")


def milliseconds(text):
    ms = Fraction(text) * 1000
    if ms.denominator != 1 or ms < 0:
        raise argparse.ArgumentTypeError("expected seconds with at most three decimals")
    return int(ms)


def main():
    if sys.argv[1:] == ["--batch"]:
        return batch()
    parser = argparse.ArgumentParser(description="Prices a session by an OCPI tariff.")
    parser.add_argument("tariff")
    parser.add_argument("energy_wh", type=int)
    parser.add_argument("charging_s", type=milliseconds)
    parser.add_argument("parking_s", type=milliseconds)
    parser.add_argument("--last", choices=["charging", "parking"])
    parser.add_argument("--exact", action="store_true")
    options = parser.parse_args()
    with open(options.tariff, encoding="utf-8") as file:
        tariff = parse(file.read())
    usage = {"energy_wh": options.energy_wh, "charging_ms": options.charging_s, "parking_ms": options.parking_s,
             "last": options.last or ("parking" if options.parking_s else "charging")}
    try:
        print(answer(tariff, usage))
        if options.exact:
            gross, net = price(tariff, usage)
            print(gross, "unknown" if net is None else net)
    except Refused as reason:
        sys.exit(f"pricer.py: {options.tariff}: refused: {reason}")


if __name__ == "__main__":
    main()
