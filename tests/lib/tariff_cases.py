# SPDX-License-Identifier: Apache-2.0
"""Tariffs and charge detail records to be priced: by plan (every restriction, every two together, the days on which
the clocks change) and at random. Numbers are written as text where a float would change them."""

import itertools
import json
from datetime import datetime, timedelta, timezone

ZONES = ["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC",
         "America/Santiago"]
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY".split()


def stamp(moment):
    text = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{moment.microsecond // 1000:03}" if moment.microsecond else "") + "Z"


def component(kind, price, vat=None, step=1):
    made = {"type": kind, "price": price, "step_size": step}
    if vat is not None:
        made["vat"] = vat
    return made


def element(components, **restrictions):
    made = {"price_components": components}
    if restrictions:
        made["restrictions"] = restrictions
    return made


def tariff(elements, currency="EUR", **members):
    return {"country_code": "DE", "party_id": "TWT", "id": "T", "currency": currency, **members, "elements": elements,
            "last_updated": "2026-01-01T00:00:00Z"}


def period(start, **volumes):
    return {"start_date_time": stamp(start),
            "dimensions": [{"type": kind, "volume": volume} for kind, volume in volumes.items()]}


def cdr(periods, end, **members):
    return {"id": "C", "start_date_time": periods[0]["start_date_time"], "end_date_time": stamp(end),
            "currency": "EUR", **members, "charging_periods": periods}


def session(start, *parts):
    """parts: (minutes, volumes); the record's hours are left to the timestamps."""
    periods, at = [], start
    for minutes, volumes in parts:
        periods.append(period(at, **volumes))
        at += timedelta(minutes=minutes)
    return cdr(periods, at)


# --- by plan ---

# Each is met by some part of the long session below, and not by some other.
RESTRICTIONS = {
    "window": {"start_time": "14:00", "end_time": "16:30"},
    "night": {"start_time": "22:30", "end_time": "05:15"},
    "from": {"start_time": "15:30"},
    "until": {"end_time": "15:30"},
    "all-day": {"start_time": "09:00", "end_time": "09:00"},
    "to-midnight": {"start_time": "21:00", "end_time": "00:00"},
    "dates": {"start_date": "2026-06-13", "end_date": "2026-06-14"},
    "from-date": {"start_date": "2026-06-14"},
    "until-date": {"end_date": "2026-06-14"},
    "weekend": {"day_of_week": ["SATURDAY"]},
    "weekdays": {"day_of_week": ["MONDAY", "SUNDAY"]},
    "min-kwh": {"min_kwh": 7.5},
    "max-kwh": {"max_kwh": 21.125},
    "kwh": {"min_kwh": 4, "max_kwh": 30},
    "min-duration": {"min_duration": 5430},
    "max-duration": {"max_duration": 30000},
    "duration": {"min_duration": 600, "max_duration": 36000},
    "min-current": {"min_current": 20},
    "max-current": {"max_current": 32},
    "current": {"min_current": 16, "max_current": 32.5},
    "min-power": {"min_power": 11},
    "max-power": {"max_power": 11},
    "power": {"min_power": 7.36, "max_power": 22},
}


def utc(*numbers):
    return datetime(*numbers, tzinfo=timezone.utc)


def long_session():
    """Saturday 13:10 to Sunday 07:00 in Berlin, reserved before, at three powers, parked twice."""
    return session(
        utc(2026, 6, 13, 10, 53, 20),
        (16, {"RESERVATION_TIME": "0.2667"}),
        (31, {"ENERGY": "3.717", "MIN_CURRENT": 10, "MAX_CURRENT": 16, "MIN_POWER": 6.9, "MAX_POWER": "7.36"}),
        (77, {"ENERGY": "14.001", "MIN_CURRENT": 16, "MAX_CURRENT": 20, "MIN_POWER": 11, "MAX_POWER": 11}),
        (95, {"PARKING_TIME": "1.5833", "ENERGY": "0.021"}),
        (410, {"ENERGY": "40.333333", "MIN_CURRENT": 32, "MAX_CURRENT": "32.4", "MIN_POWER": 21, "MAX_POWER": 22}),
        (455, {"PARKING_TIME": "7.5833"}))


def inner(name, vat):
    prices = {"ENERGY": "0.61", "TIME": "1.2345", "PARKING_TIME": "4.2", "FLAT": "0.77"}
    return [component(kind, price, vat, step) for (kind, price), step in zip(prices.items(), (10, 60, 300, 1))]


def with_one(name, restrictions):
    return tariff([element(inner(name, 20), **restrictions),
                   element([component("ENERGY", "0.33", 10, 1), component("TIME", "0.6", 10, 900),
                            component("PARKING_TIME", 1, 20, 60)])])


def with_one_alone(name, restrictions):
    return tariff([element([component("ENERGY", "0.49", 19, 0), component("FLAT", 1, 19, 1)], **restrictions)],
                  tax_included="YES")


def with_two(first, second):
    return tariff([element([component("ENERGY", "0.5", 20, 100), component("PARKING_TIME", 3, 7, 60)], **first),
                   element([component("ENERGY", "0.4", 20, 1), component("TIME", "0.9", 7, 600)], **second),
                   element([component("ENERGY", "0.3", 20, 1), component("TIME", "0.1", 20, 1),
                            component("FLAT", 2, 20, 1), component("PARKING_TIME", "0.5", 20, 1)])],
                  min_price={"excl_vat": 1, "incl_vat": 1}, max_price={"excl_vat": 40, "incl_vat": "44.44"})


def merged(first, second):
    """Both in one element; None where they speak of the same thing."""
    return None if set(first) & set(second) else {**first, **second}


def change_days():
    """Sessions over the change of the clocks, in both directions, in zones that do it differently."""
    nights = [("Europe/Berlin", utc(2026, 3, 28, 19, 30)), ("Europe/Berlin", utc(2026, 10, 24, 19, 30)),
              ("Europe/London", utc(2026, 3, 28, 21, 30)), ("Europe/London", utc(2026, 10, 24, 21, 30)),
              ("America/New_York", utc(2026, 3, 8, 2)), ("America/New_York", utc(2026, 11, 1, 2)),
              ("Australia/Lord_Howe", utc(2026, 4, 4, 9)), ("Australia/Lord_Howe", utc(2026, 10, 3, 9)),
              ("America/Santiago", utc(2026, 4, 4, 23)), ("America/Santiago", utc(2026, 9, 5, 23))]
    windows = [{"start_time": "02:15", "end_time": "02:45"}, {"start_time": "22:00", "end_time": "06:00"},
               {"end_time": "02:00"}, {"start_time": "03:00", "end_time": "03:30"},
               {"day_of_week": ["SUNDAY"]}, {"start_time": "23:30", "end_time": "00:30", "day_of_week": ["SATURDAY"]}]
    for (zone, start), window in itertools.product(nights, windows):
        yield (f"change of the clocks in {zone} at {start:%Y-%m-%d}, {json.dumps(window)}",
               tariff([element([component("ENERGY", "0.3", 20), component("TIME", "0.6", 20),
                                component("PARKING_TIME", 6, 20)], **window),
                       element([component("ENERGY", "0.5", 20, 1000), component("TIME", 3, 20, 300)])]),
               session(start, (500, {"ENERGY": "41.417"}), (240, {"PARKING_TIME": 4})), zone)


def limits():
    sides = [{"excl_vat": 4}, {"incl_vat": 5}, {"before_taxes": 4, "after_taxes": "4.5"}, {"before_taxes": 9}]
    energies = [0, "0.001", 5, "12.345", 60]
    forms = [{}, {"tax_included": "YES"}, {"tax_included": "NO"}]
    for which, side, energy, form in itertools.product(("min_price", "max_price"), sides, energies, forms):
        yield (f"{which} {json.dumps(side)} with {energy} kWh {json.dumps(form)}",
               tariff([element([component("ENERGY", "0.3333", 19, 1), component("FLAT", "1.11", 7, 1),
                                component("TIME", "0.5", 0, 60)])], **{which: side}, **form),
               session(utc(2026, 5, 5, 5), (33, {"ENERGY": energy})), "UTC")


def taxes():
    """Rates that are missing, in every form."""
    for form in ({}, {"tax_included": "YES"}, {"tax_included": "NO"}, {"tax_included": "N/A"}):
        vats = [None, 10] if form.get("tax_included") != "N/A" else [None]
        for first, second in itertools.product(vats, vats):
            yield (f"tax {json.dumps(form)} {first} {second}",
                   tariff([element([component("ENERGY", "0.27", first), component("TIME", "0.35", second, 60)])],
                          **form), session(utc(2026, 5, 5, 5), (33, {"ENERGY": "7.77"})), "UTC")


def reservations():
    reserved = [element([component("TIME", 2, 20, 600), component("FLAT", 1, 20)], reservation="RESERVATION")]
    expired = [element([component("FLAT", 4, 20)], reservation="RESERVATION_EXPIRES"),
               element([component("TIME", 3, 10, 300)], reservation="RESERVATION_EXPIRES", end_time="12:30")]
    usual = [element([component("ENERGY", "0.25", 10), component("FLAT", "0.5", 20), component("TIME", 1, 20, 60)])]
    start = utc(2026, 5, 5, 12, 7)
    sessions = {"used": [(15, {"RESERVATION_TIME": "0.25"}), (60, {"ENERGY": 20})],
                "expired": [(61, {"RESERVATION_TIME": 1})],
                "without energy": [(15, {"RESERVATION_TIME": "0.25"}), (60, {"ENERGY": 0})],
                "in one period": [(75, {"RESERVATION_TIME": "0.25", "TIME": 1, "ENERGY": 20})]}
    limits_of = [{}, {"min_price": {"excl_vat": 20}}, {"max_price": {"excl_vat": 2, "incl_vat": "2.2"}}]
    for elements, (name, parts), limit in itertools.product(
            (reserved + usual, expired + usual, expired + reserved + usual), sessions.items(), limits_of):
        yield f"reservation {name}, {len(elements)} elements, {json.dumps(limit)}", tariff(elements, **limit), \
            session(start, *parts), "UTC"


def steps():
    for step, order in itertools.product((0, 1, 7, 60, 900), range(4)):
        parts = [[(12, {"TIME": "0.2", "ENERGY": "3.3333"}), (20, {"PARKING_TIME": "0.3333"})],
                 [(20, {"PARKING_TIME": "0.3333"}), (12, {"TIME": "0.2", "ENERGY": "3.3333"})],
                 [(12, {"TIME": "0.2", "ENERGY": "3.3333"}), (20, {"PARKING_TIME": "0.3333"}), (5, {"ENERGY": 1})],
                 [(32, {"TIME": "0.21", "PARKING_TIME": "0.32333", "ENERGY": "3.3333"})]][order]
        yield (f"step {step}, order {order}",
               tariff([element([component("ENERGY", "0.5", 10, step), component("TIME", "2.4", 10, step),
                                component("PARKING_TIME", "1.5", 20, 3 * step)])]),
               session(utc(2026, 5, 5, 5, 0, 7), *parts), "UTC")


def volumes_of_nothing():
    """A period that took time, and says that it took none."""
    prices = [component("TIME", 6, 20), component("PARKING_TIME", 60, 10), component("ENERGY", "0.5", 20)]
    for zeros in (["TIME"], ["PARKING_TIME"], ["TIME", "PARKING_TIME"]):
        yield (f"step of zero hours, {' '.join(zeros)}", tariff([element(prices)]),
               session(utc(2026, 5, 5, 5), (7, {"ENERGY": 1}), (33, {kind: 0 for kind in zeros})), "UTC")


def interactions():
    """Steps under limits in each form of tax; reservations over the change of the clocks, and in windows; current and
    power beside energy, time and the wall clock in one tariff with limits."""
    limits_of = [{"max_price": {"excl_vat": 3, "incl_vat": "3.4"}}, {"max_price": {"incl_vat": "2.99"}},
                 {"min_price": {"excl_vat": "7.5"}}, {"min_price": {"incl_vat": 2}, "max_price": {"incl_vat": 8}}]
    for step, limit, form in itertools.product((0, 1, 100, 900), limits_of,
                                               ({}, {"tax_included": "YES"}, {"tax_included": "NO"})):
        yield (f"step {step} under {json.dumps(limit)} {json.dumps(form)}",
               tariff([element([component("ENERGY", "0.41", 19, step), component("TIME", "1.2", 7, step),
                                component("PARKING_TIME", "6", 19, step), component("FLAT", "0.35", 0)])],
                      **limit, **form),
               session(utc(2026, 5, 5, 5, 0, 7), (23, {"ENERGY": "7.0707"}), (11, {"PARKING_TIME": "0.1833"})), "UTC")
    for start, window, used in itertools.product(
            (utc(2026, 3, 29, 0, 20), utc(2026, 10, 24, 23, 50)),
            ({"start_time": "02:00", "end_time": "03:00"}, {"day_of_week": ["SUNDAY"]}, {"min_duration": 1800}),
            (True, False)):
        parts = [(85, {"RESERVATION_TIME": "1.4167"})] + ([(95, {"ENERGY": "11.5"})] if used else [])
        yield (f"reservation over a change at {start:%Y-%m-%d}, {json.dumps(window)}, used {used}",
               tariff([element([component("TIME", 4, 20, 60), component("FLAT", 1, 20)], reservation="RESERVATION",
                               **window),
                       element([component("TIME", 2, 20, 600)], reservation="RESERVATION"),
                       element([component("ENERGY", "0.3", 10), component("TIME", "0.6", 20, 60)])]),
               session(start, *parts), "Europe/Berlin")
    for first, second in itertools.product(("current", "power"), ("window", "weekend", "kwh", "min-duration")):
        yield (f"{first} beside {second} under a limit",
               with_two({**RESTRICTIONS[first], **RESTRICTIONS[second]}, RESTRICTIONS[second]), long_session(),
               "Europe/Berlin")


def by_plan():
    long = long_session()
    for name, restrictions in RESTRICTIONS.items():
        yield f"{name}, with a fallback", with_one(name, restrictions), long, "Europe/Berlin"
        yield f"{name}, alone", with_one_alone(name, restrictions), long, "Europe/Berlin"
    for first, second in itertools.combinations(RESTRICTIONS, 2):
        yield (f"{first} before {second}", with_two(RESTRICTIONS[first], RESTRICTIONS[second]), long, "Europe/Berlin")
        both = merged(RESTRICTIONS[first], RESTRICTIONS[second])
        if both:
            yield f"{first} and {second}", with_one(first, both), long, "Europe/Berlin"
    for group in (change_days, limits, taxes, reservations, steps, volumes_of_nothing, interactions):
        yield from group()


# --- at random ---

def random_restrictions(rng):
    made = {}
    if rng.random() < 0.35:
        if rng.random() < 0.8:
            made["start_time"] = f"{rng.randrange(24):02}:{rng.choice((0, 15, 30, 59)):02}"
        if rng.random() < 0.8:
            made["end_time"] = f"{rng.randrange(24):02}:{rng.choice((0, 0, 30, 45)):02}"
    if rng.random() < 0.2:
        made["day_of_week"] = rng.sample(DAYS, rng.randrange(1, 5))
    if rng.random() < 0.1:
        made["start_date"] = f"2026-{rng.choice((3, 4, 10, 11)):02}-{rng.randrange(1, 29):02}"
    if rng.random() < 0.1:
        made["end_date"] = f"2026-{rng.choice((4, 10, 11, 12)):02}-{rng.randrange(1, 29):02}"
    for name, most, share in (("kwh", 40, 0.2), ("current", 40, 0.1), ("power", 30, 0.1), ("duration", 20000, 0.2)):
        for side in ("min_", "max_"):
            if rng.random() < share:
                value = rng.randrange(most)
                whole = name == "duration" or rng.random() < 0.5
                made[side + name] = value if whole else f"{value}.{rng.randrange(1000):03}"
    return made


def random_components(rng, form):
    kinds = rng.sample(["ENERGY", "TIME", "PARKING_TIME", "FLAT"], rng.randrange(1, 5))
    made = []
    for kind in kinds:
        vat = rng.choice((0, 7, 10, 19, 20, "8.875"))
        if form == "N/A" or rng.random() < (0.05 if form else 0.3):
            vat = None
        price = rng.choice(("0", "0.25", "0.49", f"{rng.randrange(4)}.{rng.randrange(10000):04}",
                            f"{rng.randrange(2)}.{rng.randrange(1000000):06}"))
        made.append(component(kind, price, vat, rng.choice((0, 1, 1, 1, 60, 100, 900, 7))))
    return made


def random_tariff(rng):
    form = rng.choice((None, None, "YES", "YES", "NO", "N/A"))
    elements = []
    for _ in range(rng.randrange(1, 7)):
        restrictions = random_restrictions(rng) if rng.random() < 0.8 else {}
        if rng.random() < 0.1:
            restrictions["reservation"] = rng.choice(("RESERVATION", "RESERVATION_EXPIRES"))
        elements.append(element(random_components(rng, form), **restrictions))
    members = {} if form is None else {"tax_included": form}
    if rng.random() < 0.3:
        members["min_price"] = rng.choice(({"excl_vat": 2, "incl_vat": "2.2"}, {"before_taxes": "3.123456"},
                                           {"incl_vat": 4}))
    if rng.random() < 0.3:
        members["max_price"] = rng.choice(({"excl_vat": 10, "incl_vat": 11}, {"excl_vat": "7.77"},
                                           {"after_taxes": 12}))
    return tariff(elements, rng.choice(("EUR", "EUR", "EUR", "JPY", "KWD")), **members)


def random_cdr(rng):
    start = utc(2026, rng.choice((3, 3, 4, 6, 10, 10, 11)), rng.choice((1, 7, 8, 24, 25, 28)), rng.randrange(24),
                rng.randrange(60), rng.randrange(60)) + timedelta(milliseconds=rng.choice((0, 0, 250, 1)))
    periods, at = [], start
    for i in range(rng.randrange(1, 7)):
        volumes = {}
        seconds = rng.choice((0, 60, 61, 900, 1800, 3333, 7200, 20000))
        kind = "RESERVATION_TIME" if i == 0 and rng.random() < 0.2 else rng.choice(
            ("TIME", "TIME", None, "PARKING_TIME", "BOTH"))
        hours = f"{seconds / 3600:.4f}"
        if kind == "BOTH":
            volumes["TIME"] = f"{seconds / 7200:.4f}"
            volumes["PARKING_TIME"] = f"{seconds / rng.choice((7200, 7200, 9000)):.4f}"
        elif kind:
            volumes[kind] = hours
        if kind != "RESERVATION_TIME" and (kind != "PARKING_TIME" or rng.random() < 0.2) and rng.random() < 0.9:
            volumes["ENERGY"] = f"{rng.randrange(30)}.{rng.randrange(1000):03}" + rng.choice(("", "", "333", "5555"))
        for name, most in (("CURRENT", 40), ("POWER", 30)):
            if rng.random() < 0.7:
                low = rng.randrange(most)
                volumes["MIN_" + name] = low
                volumes["MAX_" + name] = f"{low + rng.randrange(3)}.{rng.randrange(1000):03}"
        periods.append(period(at, **volumes))
        at += timedelta(seconds=seconds)
    return cdr(periods, at)


def write(value):
    """JSON in which numbers that came as text stand as they were written."""
    return json.dumps(numbers(value)).replace('"<', "").replace('>"', "")


def numbers(value, name=None):
    if isinstance(value, dict):
        return {key: numbers(member, key) for key, member in value.items()}
    if isinstance(value, list):
        return [numbers(member, name) for member in value]
    texts = {"price", "vat", "volume", "excl_vat", "incl_vat", "before_taxes", "after_taxes"}
    is_number = name in texts or (name or "").startswith(("min_", "max_"))
    return f"<{value}>" if is_number and isinstance(value, str) else value
