# SPDX-License-Identifier: Apache-2.0
"""Made-up EVSEs whose states are known at every second, and their uptime from the rules themselves, in whole seconds:
time is cut at each instant at which anything may change, and each piece is asked by its middle. Shares no code and no
way of thinking with payment/analytics."""
import csv
import dataclasses
import datetime
import itertools
import random
import zoneinfo
from fractions import Fraction

UTC = datetime.timezone.utc
UP = {"AVAILABLE", "CHARGING", "RESERVED"}
BROKEN = {"INOPERATIVE", "OUTOFORDER"}
# From the worst on: of several states of one instant.
WORST = ["OUTOFORDER", "INOPERATIVE", "BLOCKED", "RESERVED", "CHARGING", "AVAILABLE", "UNKNOWN"]
KINDS = [*WORST, None]     # None: nobody tells
ALWAYS = [[(0, 24 * 60)]] * 7


@dataclasses.dataclass
class Evse:
    site: str
    name: str
    zone: str
    power: str = ""
    connectors: tuple = ("1",)
    hours_text: str = ""
    hours: list = dataclasses.field(default_factory=lambda: ALWAYS)   # of each weekday, (from, to) in minutes
    there: tuple = (None, None)
    states: list = dataclasses.field(default_factory=list)            # (second, status, reason, excluded)


def second(text, zone="UTC"):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp())


def stamp(at):
    return datetime.datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_open(evse, at):
    local = datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(evse.zone))
    now = Fraction(local.hour * 3600 + local.minute * 60 + local.second + Fraction(local.microsecond, 10**6)) / 60
    today, before = evse.hours[local.weekday()], evse.hours[local.weekday() - 1]
    return (any(a <= now and (now < b or b <= a) for a, b in today)
            or any(b <= a and now < b for a, b in before))


def edges(evse, begin, end):
    found = {begin, end, *(at for at, *_ in evse.states), *(at for at in evse.there if at is not None)}
    zone = zoneinfo.ZoneInfo(evse.zone)
    if evse.hours is not ALWAYS:
        day = datetime.datetime.fromtimestamp(begin - 86400, zone).date()
        while day <= datetime.datetime.fromtimestamp(end + 86400, zone).date():
            for minute in {0} | {m for spans in evse.hours for span in spans for m in span}:
                wall = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minute)
                found |= {int(wall.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)}
            day += datetime.timedelta(days=1)
        # Clocks change at full quarters of an hour.
        offset = lambda at: datetime.datetime.fromtimestamp(at, zone).utcoffset()
        for at in range(begin // 3600 * 3600, end + 3600, 3600):
            if offset(at) != offset(at + 3600):
                found |= {at + quarter * 900 for quarter in range(5)}
    return sorted(at for at in found if begin <= at <= end)


def state_at(evse, at):
    """(status or None, excluded)."""
    told = [s for s in evse.states if s[0] <= at]
    if not told:
        return None, False
    last = [s for s in told if s[0] == told[-1][0]]
    last = [s for s in last if s[3]] or last
    return min(((s[1], s[3]) for s in last), key=lambda s: KINDS.index(s[0]))


def pieces(evse, begin, end):
    """(seconds, status or None, excluded, open) of the time in which it was there."""
    evse.states.sort()
    for a, b in itertools.pairwise(edges(evse, begin, end)):
        middle = a + (b - a) / 2
        if (evse.there[0] is not None and middle < evse.there[0]) or (evse.there[1] is not None
                                                                      and middle >= evse.there[1]):
            continue
        status, excluded = state_at(evse, middle)
        yield b - a, status, excluded, is_open(evse, middle)


def outages(evse, begin, end):
    """(told, outage, excluded) seconds, as NEVI counts them."""
    told = outage = excluded = 0
    for length, status, marked, opened in pieces(evse, begin, end):
        told += length if status else 0
        if status and status not in UP:
            outage += length
            excluded += length if marked or not opened else 0
    return told, outage, excluded


def nevi(sums, n):
    _, outage, excluded = sums
    return max(Fraction(0), (525600 * n - Fraction(outage - excluded, 60)) / (525600 * n))


def uk(evses, begin, end):
    """(open seconds, uptime, strict uptime, coverage), of evses of which something is told."""
    by = dict.fromkeys(KINDS, 0)
    for evse in evses:
        for length, status, _, opened in pieces(evse, begin, end):
            by[status] += length if opened else 0
    told, broken = sum(by.values()) - by[None], sum(by[s] for s in BROKEN)
    up = sum(by[s] for s in UP)
    return (sum(by.values()), Fraction(told - broken, told), Fraction(up, up + broken) if up + broken else None,
            Fraction(told, sum(by.values())))


def make(seed, begin, end):
    """EVSEs of two sites in two zones: short and long outages, states that follow each other without a good one
    between, at the same instant too, opening hours, and some that came late or went."""
    chance = random.Random(seed)
    shops = [[(8 * 60, 20 * 60)]] * 5 + [[(9 * 60 + 30, 13 * 60), (14 * 60, 1 * 60)], []]
    evses = []
    for number in range(8):
        site, zone = (("Alpha", "Europe/Berlin"), ("Beta", "Australia/Lord_Howe"))[number % 2]
        evse = Evse(site, f"E{number}", zone, power=("22", "50", "49.999", "150", "")[number % 5],
                    connectors=("1", "2") if number == 3 else ("1",))
        if number % 3 == 1:
            evse.hours, evse.hours_text = shops, "Mo-Fr 08:00-20:00; Sa 09:30-13:00,14:00-01:00"
        if number == 5:
            evse.there = (begin + 100 * 86400 + 7, None)
        if number == 6:
            evse.there = (None, begin + 200 * 86400 + 11)
        at = begin - 86400 if number else begin + 40 * 86400
        while at < end and number != 7:
            status = chance.choices(WORST, [3, 2, 1, 2, 6, 12, 1])[0]
            reason = chance.choice(["grid", "vandalism", "contactor"]) if status not in UP else ""
            evse.states.append((at, status, reason, bool(reason) and chance.random() < 0.4))
            hours = chance.choice([0, 0.1, 3, 20, 300])
            at += int(hours * chance.uniform(0.5, 1.5) * 3600)
        evses.append(evse)
    return evses


def write(evses, folder):
    def table(name, header, rows):
        with open(f"{folder}/{name}", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header] + rows)
        return f"{folder}/{name}"

    ports = [[e.site, e.name, c, e.power, *(stamp(at) if at else "" for at in e.there), e.zone, e.hours_text]
             for e in evses for c in e.connectors]
    events = [["", e.name, stamp(at), status, reason, "true" if excluded else ""]
              for e in evses for at, status, reason, excluded in e.states]
    random.Random(1).shuffle(events)
    return (table("ports.csv", ["site_id", "evse_id", "connector_id", "rated_power_kw", "commissioned",
                                "decommissioned", "time_zone", "opening_hours"], ports),
            table("events.csv", ["site_id", "evse_id", "at", "status", "reason", "excluded"], events))
