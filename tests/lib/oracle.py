#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an OCPI charge detail record costs by an OCPI tariff: slowly, simply, exactly, and sharing nothing with
payment/tariff. Written from the specification and the published decisions; every number is a Fraction, and local time
is asked of zoneinfo minute by minute.

    oracle.py TARIFF.json CDR.json [ZONE]
    oracle.py --batch < cases.jsonl       each line {"tariff", "cdr", "zone"}, each answer a line of JSON

An answer: "net", "gross" (minor units), "exact_net", "exact_gross" (decimals, cut at twelve), null where unknown, and
"lines": [kind, element, reservation, quantity in mWh or ms] of everything that is billed.
"""

import json
import math
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

DIGITS = {code: 0 for code in "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()}
DIGITS.update({code: 3 for code in "BHD IQD JOD KWD LYD OMR TND".split()})
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY".split()
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE = 60000


def half_up(value):
    return math.floor(Fraction(value) + Fraction(1, 2))


def milliseconds(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(milliseconds=1)


# --- the record: what happened when ---

def split_period(period, end):
    """(phase, start, end, energy, volumes) of one charging period; energy in mWh, times in ms."""
    start = milliseconds(period["start_date_time"])
    volumes = {d["type"]: Fraction(d["volume"]) for d in period["dimensions"]}
    energy = half_up(volumes.get("ENERGY", 0) * 1000000)
    kinds = [(name, phase) for name, phase in
             (("RESERVATION_TIME", "RESERVATION"), ("TIME", "CHARGING"), ("PARKING_TIME", "PARKING"))
             if name in volumes]
    times = [half_up(volumes[name] * 3600000) for name, phase in kinds]
    length = end - start
    if len(kinds) <= 1 or sum(1 for t in times if t) <= 1:
        used = [phase for (name, phase), t in zip(kinds, times) if t] or [phase for name, phase in kinds]
        parts = [(used[0] if used else "CHARGING", start, end)]
    else:
        total, passed, at, parts = sum(times), 0, start, []
        last = max(i for i, t in enumerate(times) if t)
        for i, ((name, phase), t) in enumerate(zip(kinds, times)):
            passed += t
            if abs(total - length) > 1000:
                until = start + half_up(Fraction(length * passed, total))
            else:
                until = start + min(passed, length)
            if i >= last:
                until = end
            parts.append((phase, at, until))
            at = until
    parts = [part for part in parts if part[1] < part[2]] or [parts[0]]
    taker = next((i for i, part in enumerate(parts) if part[0] == "CHARGING"), None)
    if taker is None:
        taker = next((i for i, part in enumerate(parts) if part[0] == "PARKING"), None)
    return [(phase, a, b, energy if i == taker else 0, volumes) for i, (phase, a, b) in enumerate(parts)]


def spans_of(cdr):
    periods = cdr["charging_periods"]
    ends = [milliseconds(p["start_date_time"]) for p in periods[1:]] + [milliseconds(cdr["end_date_time"])]
    spans = [span for period, end in zip(periods, ends) for span in split_period(period, end)]
    spans = [span for span in spans if span[1] < span[2] or span[3]]   # what took no time and no energy was not
    if all(span[0] == "RESERVATION" for span in spans):
        spans = [("EXPIRED",) + span[1:] for span in spans]
    return spans


# --- the tariff: who applies where ---

def minutes_of(text):
    return int(text[:2]) * 60 + int(text[3:])


def holds(restrictions, where):
    r = {name: value for name, value in (restrictions or {}).items() if value is not None}
    local = where["local"]
    if "start_time" in r or "end_time" in r:
        start = minutes_of(r.get("start_time", "00:00"))
        end = minutes_of(r.get("end_time", "00:00")) or 1440
        now = local.hour * 60 + local.minute
        if r.get("start_time") == r.get("end_time"):
            inside = True
        elif start < end:
            inside = start <= now < end
        else:
            inside = now >= start or now < end
        if not inside:
            return False
    day = local.date().isoformat()
    if "start_date" in r and day < r["start_date"] or "end_date" in r and day >= r["end_date"]:
        return False
    if r.get("day_of_week") and DAYS[local.weekday()] not in r["day_of_week"]:
        return False
    for name, value in (("kwh", where["kwh"]), ("duration", where["seconds"])):
        if f"min_{name}" in r and value < r[f"min_{name}"] or f"max_{name}" in r and value >= r[f"max_{name}"]:
            return False
    for name in ("current", "power"):
        low, high = where[name]
        if f"min_{name}" in r and (low is None or low < r[f"min_{name}"]):
            return False
        if f"max_{name}" in r and (high is None or high >= r[f"max_{name}"]):
            return False
    return True


def find(tariff, kind, phase, where):
    """(element index, component) of the first that applies; None."""
    wanted = {"RESERVATION": ["RESERVATION"], "EXPIRED": ["RESERVATION_EXPIRES", "RESERVATION"]}.get(phase, [None])
    for purpose in wanted:
        for index, element in enumerate(tariff["elements"]):
            restrictions = element.get("restrictions") or {}
            if restrictions.get("reservation") != purpose or not holds(restrictions, where):
                continue
            for component in element["price_components"]:
                if component["type"] == kind:
                    return index, component
    return None


# --- the time line: pieces in which nothing changes ---

def pair(volumes, name):
    low = volumes.get("MIN_" + name, volumes.get(name, volumes.get("MAX_" + name)))
    high = volumes.get("MAX_" + name, volumes.get(name, volumes.get("MIN_" + name)))
    return low, high


def bounds(tariff, name):
    found = set()
    for element in tariff["elements"]:
        for side in ("min_", "max_"):
            value = (element.get("restrictions") or {}).get(side + name)
            if value:
                found.add(Fraction(value))
    return sorted(found)


def pieces_of(tariff, zone, spans):
    """Each piece: phase, from, to (ms), register at both ends (exact, mWh), what is known there, where it was cut."""
    kwh_bounds = [b * 1000000 for b in bounds(tariff, "kwh")]
    age_bounds = [int(b * 1000) for b in bounds(tariff, "duration")]
    register, age, pieces = Fraction(0), 0, []
    shift = zone.utcoffset(None) // timedelta(milliseconds=1) % MINUTE if isinstance(zone, timezone) else 0
    for phase, start, end, energy, volumes in spans:
        session = phase in ("CHARGING", "PARKING")
        length = end - start
        cuts = {(start, register, "reading"), (end, register + energy, "reading")}
        for minute in range((start + shift) // MINUTE + 1, (end + shift + MINUTE - 1) // MINUTE):
            at = minute * MINUTE - shift
            cuts.add((at, register + Fraction(energy * (at - start), length), "clock"))
        if session:
            for bound in age_bounds:
                at = start + bound - age
                if start < at < end:
                    cuts.add((at, register + Fraction(energy * (at - start), length), "clock"))
            for bound in kwh_bounds:
                if register < bound < register + energy:
                    at = start + half_up((bound - register) * length / energy)
                    cuts.add((at, bound, "bound"))
        # A bound in kWh and one in time may share a millisecond: the register tells which came first.
        ordered = sorted(cuts, key=lambda cut: (cut[1], cut[0]) if energy else (cut[0], cut[1]))
        for (a, low, how), (b, high, _) in zip(ordered, ordered[1:]):
            if a == b and low == high:
                continue
            where = {
                "local": datetime.fromtimestamp(0, timezone.utc) + timedelta(milliseconds=a),
                "kwh": low / 1000000 if session else Fraction(0),
                "seconds": Fraction(age + a - start, 1000) if session else Fraction(0),
                "current": pair(volumes, "CURRENT"), "power": pair(volumes, "POWER"),
            }
            where["local"] = where["local"].astimezone(zone)
            pieces.append((phase, a, b, low, high, where, how, energy > 0))
        register += energy
        age += length if session else 0
    return pieces, kwh_bounds


def active(tariff, piece):
    phase, a, b, low, high, where, how, flows = piece
    kinds = {"CHARGING": ["ENERGY", "TIME", "FLAT"], "PARKING": ["PARKING_TIME", "FLAT"] + ["ENERGY"] * flows}
    found = {kind: find(tariff, kind, phase, where) for kind in kinds.get(phase, ["TIME", "FLAT"])}
    return {kind: hit for kind, hit in found.items() if hit is not None}


def share_energy(tariff, pieces, kwh_bounds):
    """Element of ENERGY -> mWh. Where the price changes between two readings, the register is read to the Wh."""
    session = [piece for piece in pieces if piece[0] in ("CHARGING", "PARKING")]
    if not session:
        return {}
    chosen = [(find(tariff, "ENERGY", piece[0], piece[5]) or (None,))[0] for piece in session]
    marks = []
    for i in range(1, len(session)):
        if chosen[i] == chosen[i - 1]:
            continue
        exact, how = session[i][3], session[i][6]
        if how == "clock" and session[i][7]:   # a register that stands still is known
            nearest = Fraction(half_up(exact / 1000) * 1000)
            nearest = max([nearest] + [b for b in kwh_bounds if b <= exact])
            exact = min([nearest] + [b for b in kwh_bounds if b > exact])
        marks.append((exact, chosen[i - 1]))
    end = session[-1][4]
    marks.append((end, chosen[-1]))
    shares, given = {}, Fraction(0)
    for at, element in marks:
        at = min(max(at, given), end)
        shares[element] = shares.get(element, 0) + at - given
        given = at
    shares.pop(None, None)
    return shares


# --- the money ---

def rate(component):
    return None if component.get("vat") is None else Fraction(component["vat"]) / 100


def sides(tariff, component, amount):
    """(net, gross) of an amount at the component's given price; None: unknown."""
    tax, form = rate(component), tariff.get("tax_included")
    if form == "YES":
        return (None if tax is None and amount else amount / (1 + (tax or 0))), amount
    if form == "NO" and tax is None and amount:
        return amount, None
    return amount, amount * (1 + (tax or 0))


def price(tariff, cdr, zone):
    spans = spans_of(cdr)
    pieces, kwh_bounds = pieces_of(tariff, zone, spans)
    stated = any(d["type"] == "ENERGY" for p in cdr["charging_periods"] for d in p["dimensions"])
    energy = sum(span[3] for span in spans)
    session_counts = energy > 0 or (not stated and any(s[0] in ("CHARGING", "PARKING") for s in spans))
    part = {"ENERGY": lambda e: ("ENERGY", e, False)}
    quantity, component_of = {}, {}
    last_energy = last_time = last_reserved = None
    flats = set()
    for piece in pieces:
        reserved = piece[0] in ("RESERVATION", "EXPIRED")
        for kind, (element, component) in active(tariff, piece).items():
            key = (kind, element, reserved)
            component_of[key] = component
            if kind == "FLAT":
                if reserved not in flats:
                    flats.add(reserved)
                    quantity[key] = 1
            elif kind == "ENERGY":
                last_energy = key
            elif piece[2] > piece[1]:
                quantity[key] = quantity.get(key, 0) + piece[2] - piece[1]
                if reserved:
                    last_reserved = key
                else:
                    last_time = key
    for element, mwh in share_energy(tariff, pieces, kwh_bounds).items():
        key = part["ENERGY"](element)
        quantity[key] = mwh
        component_of.setdefault(key, find_component(tariff, element))

    def step(key, total, base):
        size = component_of[key].get("step_size", 0) * base
        if size:
            quantity[key] = quantity.get(key, 0) + math.ceil(Fraction(total) / size) * size - total

    if last_time:
        step(last_time, sum(q for k, q in quantity.items() if k[0] == last_time[0] and not k[2]), 1000)
    if last_reserved:
        step(last_reserved, sum(q for k, q in quantity.items() if k[0] == "TIME" and k[2]), 1000)
    if last_energy:
        step(last_energy, energy, 1000)
    quantity = {key: q for key, q in quantity.items() if q > 0 and (session_counts or key[2])}
    net = gross = Fraction(0)
    unit = {"FLAT": 1, "ENERGY": 1000000, "TIME": 3600000, "PARKING_TIME": 3600000}
    for key, q in quantity.items():
        more_net, more_gross = sides(tariff, component_of[key], Fraction(component_of[key]["price"]) * q / unit[key[0]])
        net = None if net is None or more_net is None else net + more_net
        gross = None if gross is None or more_gross is None else gross + more_gross
    first_energy = next((c for e in tariff["elements"] for c in e["price_components"] if c["type"] == "ENERGY"), None)
    used = component_of[last_energy] if last_energy else first_energy
    net, gross = clamp(tariff, net, gross, used, session_counts)
    return net, gross, quantity


def find_component(tariff, element):
    return next(c for c in tariff["elements"][element]["price_components"] if c["type"] == "ENERGY")


def clamp(tariff, net, gross, energy_component, with_minimum):
    before = net, gross
    rates = [rate(c) or 0 for e in tariff["elements"] for c in e["price_components"]]
    for name, pick in (("min_price", max), ("max_price", min)):
        given = tariff.get(name)
        if not given or (name == "min_price" and not with_minimum):
            continue
        net_limit = given.get("excl_vat", given.get("before_taxes"))
        gross_limit = given.get("incl_vat", given.get("after_taxes"))
        net_limit = None if net_limit is None else Fraction(net_limit)
        gross_limit = None if gross_limit is None else Fraction(gross_limit)
        if (gross_limit is None and net is None) or (net_limit is None and gross is None):
            return None, None
        if None in before:
            ratio = None
        elif before[0]:
            ratio = before[1] / before[0]
        else:
            ratio = 1 + (rate(energy_component) or 0) if energy_component else 1 + max(rates)
        if net_limit is not None and gross_limit is not None:
            net = None if net is None else pick(net, net_limit)
            gross = None if gross is None else pick(gross, gross_limit)
        elif net_limit is not None and pick(net, net_limit) != net:
            net, gross = net_limit, None if ratio is None else net_limit * ratio
        elif gross_limit is not None and pick(gross, gross_limit) != gross:
            net, gross = None if ratio is None else gross_limit / ratio, gross_limit
    return net, gross


# --- answers ---

def cut(value, digits):
    """Plain decimals, cut at twelve, at least the currency's."""
    if value is None:
        return None
    whole, rest = divmod(value, 1)
    text = str(int(rest * 10 ** 12)).zfill(12)
    if rest * 10 ** 12 % 1 == 0:
        text = text.rstrip("0").ljust(digits, "0")
    return f"{whole}.{text}" if text else str(whole)


def answer(tariff, cdr, zone):
    net, gross, quantity = price(tariff, cdr, zone)
    digits = DIGITS.get(tariff["currency"], 2)
    minor = [None if value is None else half_up(value * 10 ** digits) for value in (net, gross)]
    lines = sorted([kind, element, reserved, int(q)] for (kind, element, reserved), q in quantity.items())
    return {"net": minor[0], "gross": minor[1], "exact_net": cut(net, digits), "exact_gross": cut(gross, digits),
            "lines": lines}


def parse(text):
    return json.loads(text, parse_float=Fraction, parse_int=int)


def zone_of(cdr, name):
    for member in ("cdr_location", "location"):
        name = name or (cdr.get(member) or {}).get("time_zone")
    if (name or "").startswith("+"):   # +HHMMSS: full minutes of a zone that no place has
        hours, minutes, seconds = (int(name[i:i + 2]) for i in (1, 3, 5))
        return timezone(timedelta(hours=hours, minutes=minutes, seconds=seconds))
    return ZoneInfo(name or "UTC")


def main():
    if sys.argv[1:] == ["--batch"]:
        for line in sys.stdin:
            case = parse(line)
            print(json.dumps(answer(case["tariff"], case["cdr"], zone_of(case["cdr"], case.get("zone")))))
        return
    tariff, cdr = (parse(open(path, encoding="utf-8").read()) for path in sys.argv[1:3])
    print(json.dumps(answer(tariff, cdr, zone_of(cdr, sys.argv[3] if len(sys.argv) > 3 else None))))


if __name__ == "__main__":
    main()
