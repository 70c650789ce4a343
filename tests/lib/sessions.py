# SPDX-License-Identifier: Apache-2.0
"""Made-up charging sessions whose truth is known: how many arrive, how many find all taken, how demand goes with the
price. Written as the sessions CSV, sorted or not."""
import csv
import dataclasses
import datetime
import io
import math
import random

UTC = datetime.timezone.utc
COLUMNS = ["session_id", "site_id", "evse_id", "connector_id", "plug_in", "plug_out", "time_zone", "charge_start",
           "charge_end", "energy_kwh", "rated_power_kw", "start_means", "end_reason", "customer_token", "currency",
           "price_total", "tax_total", "captured", "refunded", "psp_fee", "money_state", "tariff_id"]


@dataclasses.dataclass
class World:
    rows: list
    elasticity: float
    arrivals: int = 0
    turned_away: int = 0
    tokens: set = dataclasses.field(default_factory=set)


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def price_of(day, site):
    """Minor units of a kWh; changes by fortnight, and not for all sites at once: so it can be told from the season."""
    return (40, 48, 58)[(day // 14 + site) % 3]


def make(seed, sites=4, ports=3, days=182, a_day=18, mean_minutes=50, elasticity=-0.8, price_of=price_of):
    """Poisson arrivals to sites whose drivers drive on when all is taken; price_of: a day's price at a site."""
    chance = random.Random(seed)
    first = datetime.datetime(2026, 1, 5, tzinfo=UTC)
    world = World([], elasticity)
    busy = {}
    for site in range(sites):
        at = first
        while True:
            price = price_of((at - first).days, site)
            shape = 1 + 0.8 * math.sin((at.hour - 8) / 24 * 2 * math.pi)
            peak = a_day / 24 * 1.8 * (40 / 40) ** elasticity
            at += datetime.timedelta(hours=chance.expovariate(peak))
            if (at - first).days >= days:
                break
            if chance.random() > shape / 1.8 * (price / 40) ** elasticity:
                continue
            world.arrivals += 1
            free = [p for p in range(ports) if busy.get((site, p), first) <= at]
            if not free:
                world.turned_away += 1
                continue
            port = chance.choice(free)
            until = at + datetime.timedelta(seconds=int(chance.expovariate(1 / (mean_minutes * 60))) + 61)
            busy[site, port] = until
            world.rows.append(row(world, chance, len(world.rows), site, port, at, until, price))
    return world


def row(world, chance, number, site, port, begin, end, price):
    begin, end = begin.replace(microsecond=0), end.replace(microsecond=0)
    charged = begin + (end - begin) * chance.uniform(0.6, 1)
    charged = charged.replace(microsecond=0)
    wh = int((charged - begin).total_seconds() / 3600 * chance.uniform(5000, 11000)) + 600
    minor = (wh * price + 500) // 1000
    captured = minor if chance.random() > 0.01 else 0
    token = f"{int(chance.paretovariate(0.6)) % 900 * 2654435761 + 77:016x}" if chance.random() > 0.1 else ""
    world.tokens.add(token)
    money = lambda amount: f"{amount // 100}.{amount % 100:02d}"
    return dict(zip(COLUMNS, [
        f"s{number}", f"Site {site}", f"DE*TAP*E{site:02d}{port}", "1", instant(begin), instant(end), "Europe/Berlin",
        instant(begin), instant(charged), f"{wh / 1000:.3f}", "11", "card", "driver", token, "EUR", money(minor),
        money(minor * 19 // 119), money(captured), "0.00", money(10 + captured * 14 // 1000), "captured", "std"]))


def write(rows, path):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
