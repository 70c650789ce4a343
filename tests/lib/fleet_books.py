# SPDX-License-Identifier: Apache-2.0
"""The law of conservation, worked out from the files alone and apart from the engine: what was captured is what was
settled and what is listed, to the last minor unit, in each currency."""
import csv
import re
from collections import Counter

from fleet_money import DIGITS

# Classes whose amount is a piece of captured - settled.
LISTED = ("expected", "missing_in_settlement", "missing_in_journal", "amount_over", "amount_under",
          "matched_within_tolerance", "duplicate_settlement", "ambiguous")


def minor(text, currency):
    """"12.5" or "12,500" to minor units, by shifting digits."""
    sign = -1 if text.startswith("-") else 1
    whole, _point, part = text.lstrip("-").replace(",", ".").partition(".")
    digits = DIGITS[currency]
    assert len(part) <= digits, (text, currency)
    return sign * int(whole + part.ljust(digits, "0"))


def rows_of(path, header_has, delimiter=","):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    top = next(i for i, row in enumerate(rows) if header_has in row)
    return [dict(zip(rows[top], row)) for row in rows[top + 1:]]


def captured(paths):
    """By currency; of each sale once, however many files tell of it."""
    sales = {row["session"]: row for path in paths for row in rows_of(path, "session") if row["test_mode"] != "true"}
    sums = Counter()
    for row in sales.values():
        sums[row["currency"]] += int(row["captured_minor"] or 0) + int(row["second_capture_minor"] or 0)
    return sums


def adyen(path):
    for row in rows_of(path, "Psp Reference"):
        if row["Type"] in ("Settled", "SettledBulk"):
            currency = row["Gross Currency"]
            yield currency, minor(row["Gross Credit (GC)"] or "0", currency) - minor(row["Gross Debit (GC)"] or "0",
                                                                                     currency)


def stripe(path):
    for row in rows_of(path, "balance_transaction_id"):
        if row["reporting_category"] == "charge":
            yield row["currency"].upper(), minor(row["gross"], row["currency"].upper())


def cybersource(path):
    if path.endswith(".csv"):
        for row in rows_of(path, "request_id"):
            if row["transaction_type"] == "ics_bill":
                yield row["currency"], minor(row["amount"], row["currency"])
        return
    with open(path, encoding="utf-8") as file:
        for request in re.findall(r"<Request .*?</Request>", file.read(), re.S):
            currency = re.search(r"<CurrencyCode>(\w+)<", request)[1]
            if "ics_bill" in request:
                yield currency, minor(re.search(r"<Amount>(.*?)<", request)[1], currency)


def generic(path):
    for row in rows_of(path, "Our reference", ";"):
        if row["Kind"] in ("sale", "bulk"):
            yield row["Currency"], minor(row["Gross"], row["Currency"])


READERS = {"zvt": lambda path: (), "adyen": adyen, "stripe": stripe, "cybersource": cybersource, "csv": generic}


def settled(files):
    """files: of (format, path), each file once; gross of sales by currency."""
    sums = Counter()
    for form, path in files:
        for currency, gross in READERS[form](path):
            sums[currency] += gross
    return sums


def named(words, option):
    """The paths of an option among a command's words; formats apart."""
    values = [words[i + 1] for i, word in enumerate(words) if word == option]
    return [tuple(v.split(":", 1)) for v in values] if option in ("--psp", "--bank") else values


def listed(world):
    """What the planted truth says of captured - settled, by currency."""
    sums = Counter()
    for truth in world.truth:
        if truth.class_ in LISTED:
            sums[truth.currency] += truth.amount
    for sale in world.sales:
        if sale.used == "currency_mismatch":           # captured here, settled there
            sums[sale.currency] += sale.captured_minor
            sums[sale.lines[0].currency] -= sale.captured_minor
        if sale.used == "converted":                   # likewise; the truth tells the difference alone
            sums[sale.currency] += sale.lines[0].net + sale.lines[0].fee
            sums[sale.lines[0].currency] -= sale.lines[0].gross
        if sale.used == "told":                        # only the service knows that it was captured
            sums[sale.currency] -= sum(line.gross for line in sale.lines)
    for account in world.accounts:
        for line in account.lines:
            if line.kind == "bulk":
                sums[line.currency or account.currency] -= line.gross
    return sums
