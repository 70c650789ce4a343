#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fleets of stations whose truth is known: sales, meter records, settlement files of each format, bank statements, and
what has gone wrong, at known places. Nothing of payment/ is used. A seed makes one fleet.

    fleet.py SEED DIRECTORY     writes it, with truth.json and the command's words
"""
import json
import os
import random
import sys

import fleet_bank
import fleet_batches
import fleet_cases
import fleet_exchange
import fleet_logs
import fleet_psp
import fleet_terminal
from fleet_money import day_text, utc
from fleet_sale import COLUMNS, INSTANTS
from fleet_world import AS_OF, FEE_FIXED, FEE_PERCENT_E6, World


def make(seed, n_sales=300, cases=fleet_cases.SALES, batches=True):
    """A world in which these cases went wrong. batches: and those of stations, meters, batches and the bank."""
    world = World(seed, n_sales)
    for case in cases:
        case(world)
    if batches:
        fleet_batches.stations(world)
        fleet_batches.meters(world)
        fleet_batches.extra_lines(world)
    world.numbers()
    if batches:
        fleet_batches.receipts(world)
    world.settle()
    if batches:
        fleet_batches.payouts(world)
    world.bank()
    if batches:
        fleet_batches.bank(world)
        fleet_exchange.bank(world)
        fleet_logs.plant(world)
    world.metered()
    world.packets = []
    if batches:
        fleet_terminal.install(world)
        world.packets = list(fleet_terminal.texts(world))
    return world


def cell(name, value):
    if value is None or (name == "receipt_number" and value == 0):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if name == "day":
        return day_text(value)
    return utc(value, "%Y-%m-%dT%H:%M:%SZ") if name in INSTANTS else str(value)


def sales_csv(sales, rng):
    rows = [[cell(name, getattr(sale, name)) for name in COLUMNS] for sale in sales]
    rng.shuffle(rows)
    return fleet_psp.table(COLUMNS, rows, ending="\n")


def settlement(account, rng):
    """(format, extension, text) of each file: Cybersource's last two weeks come as XML."""
    if account.form == "cybersource":
        yield "cybersource", "csv", fleet_psp.cybersource_csv(account, account.payouts[:2], rng)
        yield "cybersource", "xml", fleet_psp.cybersource_xml(account, account.payouts[2:], rng)
    else:
        maker = {"adyen": fleet_psp.adyen, "stripe": fleet_psp.stripe, "csv": fleet_psp.generic}[account.form]
        yield account.form, "csv", maker(account, account.payouts, rng)


def statements(world, rng):
    of = {currency: [c for c in world.credits if c.currency == currency] for currency in ("EUR", "CHF", "JPY", "KWD")}
    yield "camt.053", "eur.xml", fleet_bank.camt053("EUR", of["EUR"], "08", rng)
    yield "camt.054", "eur-told.xml", fleet_bank.camt054("EUR", of["EUR"][:3], "08")
    yield "camt.053", "chf.xml", fleet_bank.camt053("CHF", of["CHF"], "02", rng)
    yield "camt.053", "jpy.xml", fleet_bank.camt053("JPY", of["JPY"], "13", rng)
    yield "bank-csv", "kwd.csv", fleet_bank.bank_csv("KWD", of["KWD"], rng)


def write(world, directory, order=0):
    """All files, rows shuffled by order; the words after "tapwatt reconcile" that name them."""
    rng = random.Random(order)
    words = ["--as-of", utc(AS_OF, "%Y-%m-%dT%H:%M:%SZ")]

    def put(name, text):
        path = os.path.join(directory, name)
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        return path

    half = len(world.sales) // 2
    for i, sales in enumerate((world.sales[:half], world.sales[half:])):
        words += ["--journal", put(f"sales-{i}.csv", sales_csv(sales, rng))]
    for account in world.accounts:
        for form, extension, text in settlement(account, rng):
            words += ["--psp", f"{form}:{put(f'{account.name}.{extension}', text)}"]
    for i, text in enumerate(world.packets):
        words += ["--psp", f"zvt:{put(f'terminal-{i}.txt', text)}"]
    for form, name, text in statements(world, rng):
        words += ["--bank", f"{form}:{put(name, text)}"]
    records = [record for sale in world.sales for record in sale.records] + world.stray_records
    rng.shuffle(records)
    words += ["--meter", put("records.ocmf", "\n".join(records) + "\n")]
    if hasattr(world, "log_wh"):
        words += ["--meter", put("controllers.csv", fleet_logs.log_csv(world, rng))]
        words += ["--meter", put("cdrs.json", fleet_logs.cdr_json(world, rng))]
    keys = "".join(f"{m.serial} {m.public_key()}\n" for m in world.meters.values())
    return words + ["--registry", put("keys.txt", keys), "--mapping", put("lines.mapping", fleet_psp.GENERIC_MAPPING),
                    "--bank-mapping", put("bank.mapping", fleet_bank.BANK_MAPPING)]


def main(seed, directory):
    os.makedirs(directory, exist_ok=True)
    world = make(int(seed))
    words = write(world, directory)
    with open(os.path.join(directory, "truth.json"), "w", encoding="utf-8") as out:
        json.dump([t.__dict__ for t in world.truth], out, indent=1)
    print(" ".join(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
