# SPDX-License-Identifier: Apache-2.0
"""What a station's bank terminal says at the end of each day (ZVT 04 0F, facts: zvt.md section 3), as the text file of
packets that tapwatt reads. Of two terminals: one tells brands and receipt numbers, the other its total alone."""
from fleet_money import instant, local, local_day
from fleet_truth import Truth

GROUPS = ("girocard", "jcb", "mastercard", "amex", "visa", "diners", "others")


def bcd(number, n_bytes):
    return f"{number:0{2 * n_bytes}d}"


def packet(terminal, total, seconds, groups=None):
    """groups: (first receipt, last receipt, {brand: (count, total)})."""
    body = f"2700 29{terminal} 490978 0C{local(seconds, '%H%M%S')} 0D{local(seconds, '%m%d')} 04{bcd(total, 6)}"
    if groups:
        first, last, brands = groups
        block = bcd(first, 2) + bcd(last, 2)
        for brand in GROUPS:
            count, amount = brands.get(brand, (0, 0))
            block += bcd(count, 1) + bcd(amount, 6)
        body += f" 60F0F5F3{block}"
    data = body.replace(" ", "")
    pairs = f"040F{len(data) // 2:02X}{data}"
    zone = local(seconds, "%z")
    stamp = local(seconds, "%Y-%m-%dT%H:%M:%S") + f"{zone[:3]}:{zone[3:]}"
    return f"{stamp} " + " ".join(pairs[i:i + 2] for i in range(0, len(pairs), 2)) + "\n"


def install(world):
    """Two stations get their terminals."""
    world.terminals = {world.stations[0][0]: "10000001", world.stations[5][0]: "10000002"}


def days(world, station):
    """{day: its captured sales, in order}."""
    sales = sorted((s for s in world.sales if s.station == station and s.captured_minor), key=lambda s: s.captured)
    told = {}
    for number, sale in enumerate(sales, 1):
        sale.terminal = world.terminals[station]
        sale.slip = str(number) if sale.terminal.endswith("1") else ""
        told.setdefault(local_day(sale.captured), []).append(sale)
    return told


def end_of_day(day):
    """The last second but one of the site's day."""
    noon = instant(1970, 1, 1, 12) + day * 86400
    year, month, date = (int(part) for part in local(noon, "%Y-%m-%d").split("-"))
    return next(at for at in range(instant(year, month, date, 20), instant(year, month, date, 23, 59))
                if local(at, "%H:%M:%S") == "23:59:58")


def captured(sale):
    return sale.captured_minor + (sale.second_capture_minor or 0)


def texts(world):
    """The files, one for each terminal; the second one's have a day that is wrong, and a day cut too early."""
    first, second = (days(world, station) for station in world.terminals)
    lines = []
    for day, sales in sorted(first.items()):
        brands = {}
        for sale in sales:
            count, amount = brands.get(sale.brand, (0, 0))
            brands[sale.brand] = (count + 1, amount + captured(sale))
        groups = int(sales[0].slip), int(sales[-1].slip), brands
        lines.append(packet(sales[0].terminal, sum(map(captured, sales)), end_of_day(day), groups))
    yield "".join(lines)

    totals = {day: sum(map(captured, sales)) for day, sales in second.items()}
    wrong, *rest = sorted(totals)
    cut = next(day for day in rest[1:] if day + 1 in totals)
    totals[wrong] += 250
    world.truth.append(Truth("terminal_total_mismatch", -250, "EUR", ("10000002",)))
    late = captured(second[cut][-1])
    totals[cut] -= late
    totals[cut + 1] += late
    world.truth += [Truth("cutoff_shift", 0, "EUR", ("10000002",))] * 2
    yield "".join(packet("10000002", total, end_of_day(day)) for day, total in sorted(totals.items()))
