#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every line of a receipt, computed again from what is printed on it, as somebody with a pocket calculator would.

    test_lines.py RECEIPT-LINES [--seed S]

The receipts are of the tariffs and records in tests/lib/tariff_cases.py, by plan and at random, in both languages.
"""

import json
import math
import os
import random
import re
import subprocess
import sys
from datetime import datetime
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import tariff_cases                                             # noqa: E402

PRODUCT = re.compile(r"([\d:.,]+) (kWh|min|h) x ([\d.,]+) ([A-Z]{3})/(kWh|min|h)$")
INSTEAD = re.compile(r"([-\d.,]+) [A-Z]{3} (?:instead of|statt) ([-\d.,]+) [A-Z]{3}$")
PERIOD = re.compile(r"((?:\d\d[-.]\d\d\.? )?\d\d:\d\d:\d\d) - ((?:\d\d[-.]\d\d\.? )?\d\d:\d\d:\d\d)$")
STEP = re.compile(r"(?:incl\.|inkl\.) ([\d:.,]+) (kWh|min|h), "
                  r"(?:billed in steps of|Abrechnung je) ([\d:.,]+) (kWh|min|h)$")
SECONDS = {"min": 60, "h": 3600}
DIGITS = {"JPY": 0, "KWD": 3}


class Wrong(Exception):
    pass


def hold(condition, what):
    if not condition:
        raise Wrong(what)


def number(text):
    return Fraction(text.replace(",", "."))


def quantity(text, unit):
    """In its own unit, from "20.450", "62:03" minutes, "1:02:03" hours."""
    if unit == "kWh":
        return number(text)
    parts = [number(part) for part in text.split(":")]
    value = Fraction(0)
    for part in parts:
        value = value * 60 + part
    hold(len(parts) == (3 if unit == "h" else 2) and all(part < 60 for part in parts[1:]), f"no duration: {text}")
    return value / SECONDS[unit]


def half_up(amount, digits):
    return Fraction(math.floor(amount * 10 ** digits + Fraction(1, 2)), 10 ** digits)


def sections(text):
    return [part.strip("\n").split("\n") for part in re.split(r"^-{42}$", text, flags=re.M)]


def read_items(lines):
    """[name, amount, [detail]]: what wraps stays one detail where it can be told, which figures always can."""
    items = []
    for line in lines:
        if line.startswith("  "):
            items[-1][2].append(line.strip())
        else:
            name, figure = line.rsplit(" ", 1)
            items.append([name.strip(), number(figure), []])
    return items


def unwrap(details):
    """Ends of lines are not ends of sentences: each line alone and each with the next."""
    return details + [f"{first} {second}" for first, second in zip(details, details[1:])]


def matches(pattern, details):
    return [match for match in map(pattern.match, unwrap(details)) if match]


def seconds_of(text, language):
    day, _, clock = text.rpartition(" ")
    moment = datetime.strptime(clock, "%H:%M:%S")
    if day:
        moment = datetime.strptime(f"2026 {day} {clock}", f"%Y {'%m-%d' if language == 'en' else '%d.%m.'} %H:%M:%S")
    return moment.timestamp()


def check_period(product, details, language, seen):
    """Time that was billed is the time between both ends, as long as nothing lies in between."""
    for match in matches(PERIOD, details):
        begin, end = (seconds_of(match[i], language) for i in (1, 2))
        hold(begin <= end, f"ends before it begins: {match[0]}")
        step = matches(STEP, details)
        added = quantity(step[0][1], step[0][2]) * SECONDS.get(step[0][2], 0) if step else 0
        if product[2] != "kWh":
            lasted = quantity(product[1], product[2]) * SECONDS[product[2]] - added
            hold(abs(lasted - Fraction(end - begin)) <= 2, f"{lasted} s, from {match[1]} to {match[2]}")
            seen["periods"] += 1


def check_step(product, details, seen):
    for match in matches(STEP, details):
        added, step = (quantity(match[i], match[i + 1]) * SECONDS.get(match[i + 1], 1) for i in (1, 3))
        hold(0 < added < step, f"added {added} by a step of {step}")
        seen["steps"] += 1


def check_item(item, digits, total, others, language, seen):
    name, amount, details = item
    for match in matches(PRODUCT, details):
        product = quantity(match[1], match[2]) * number(match[3])
        hold((match[2] == match[5]) and amount == half_up(product, digits), f"{name}: {details[0]} is not {amount}")
        check_period(match, details, language, seen)
        check_step(match, details, seen)
        seen["products"] += 1
        return
    for match in matches(INSTEAD, details):
        hold(number(match[1]) == total and number(match[2]) == others, f"{name}: {details}")
        hold(amount == total - others, f"{name}: {amount} for {details}")
        seen["limits"] += 1
        return
    if name in ("Rounding", "Rundung"):
        hold(amount == total - others and amount != 0, f"{name}: {amount}")
        seen["roundings"] += 1
        return
    hold("fee" in name or "gebühr" in name, f"a line without figures: {name}")


def check_taxes(lines, total, unit, n_items):
    rows = [re.match(r"([A-Z] )?(.*?) +(-?[\d.,]+) +(-?[\d.,]+) +(-?[\d.,]+)$", line) for line in lines[1:]]
    if not all(rows) or not rows:
        return   # "the prices include tax", in words
    net, tax, gross = [], [], []
    for row in rows:
        figures = [number(row[i]) for i in (3, 4, 5)]
        hold(figures[0] + figures[1] == figures[2], f"net and tax are not gross: {row[0]}")
        rate = re.match(r"([\d.,]+) %$", row[2])
        if rate:
            exact = figures[2] * number(rate[1]) / (100 + number(rate[1]))
            hold(abs(figures[1] - exact) <= unit * (n_items + 1), f"tax that is not {rate[1]} %: {row[0]}")
        if row is not rows[-1] or len(rows) == 1:
            net.append(figures[0]), tax.append(figures[1]), gross.append(figures[2])
    last = [number(rows[-1][i]) for i in (3, 4, 5)]
    hold([sum(net), sum(tax), sum(gross)] == last and last[2] == total, "the rates do not add up")


def check_text(text, language, currency, seen):
    """Its items, for comparing languages."""
    priced = next((lines for lines in sections(text) if "=" * 42 in lines), None)
    if priced is None:
        return []
    first = priced.index("=" * 42)
    items = read_items(priced[:first])
    total = number(priced[first + 1].split()[1])
    digits = DIGITS.get(currency, 2)
    for i, item in enumerate(items):
        check_item(item, digits, total, sum(other[1] for j, other in enumerate(items) if j != i), language, seen)
    hold(sum(item[1] for item in items) == total, "the lines do not add up to the total")
    check_taxes(priced[first + 3:], total, Fraction(1, 10 ** digits), len(items))
    return [(item[1], [match[0].replace(",", ".") for match in matches(PRODUCT, item[2])]) for item in items]


def check_json(receipt, seen):
    digits, total = DIGITS.get(receipt["currency"], 2), Fraction(0)
    for item in receipt["items"]:
        amount = Fraction(item["amount"])
        total += amount
        if "unit_price" in item:
            per = {"kWh": 1, "h": 3600, "session": 1}[item["price_per"]]
            exact = Fraction(item["quantity"]) / per * Fraction(item["unit_price"])
            hold(amount == half_up(exact, digits), f"not its product: {item}")
            hold(item["begin"]["utc"] <= item["end"]["utc"], f"ends before it begins: {item}")
            hold(("step" in item["flags"]) == (Fraction(item["added_by_step"]) > 0), f"a step and no flag: {item}")
            seen["reasons"] += item["reason"] is not None
    hold(total == Fraction(receipt["total"]["gross"]), "the items do not add up to the total")


def check(answer, seen):
    english = check_text(answer["en"], "en", answer["json"]["currency"], seen)
    german = check_text(answer["de"], "de", answer["json"]["currency"], seen)
    hold(english == german, "the languages differ")
    hold(len(english) == len(answer["json"]["items"]), "text and JSON differ")
    check_json(answer["json"], seen)


def questions(seed):
    rng = random.Random(seed)
    for name, tariff, cdr, zone in tariff_cases.by_plan():
        yield name, tariff, cdr, zone
    for i in range(400):
        yield (f"random {i}", tariff_cases.random_tariff(rng), tariff_cases.random_cdr(rng),
               rng.choice(tariff_cases.ZONES))


def planted(answers):
    """A receipt with one figure changed must be found, or nothing here can be believed."""
    answer = next(answer for answer in answers if "x 0.39" in answer.get("en", ""))
    changed = {**answer, "en": answer["en"].replace("x 0.39", "x 0.49")}
    try:
        check(changed, {key: 0 for key in ("products", "periods", "steps", "limits", "roundings", "reasons")})
    except Wrong:
        return True
    return False


def main():
    arguments = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    seed = int(arguments.get("--seed", random.randrange(1 << 31)))
    cases = list(questions(seed))
    lines = [f'{{"tariff":{tariff_cases.write(tariff)},"cdr":{tariff_cases.write(cdr)},"zone":"{zone}"}}'
             for _, tariff, cdr, zone in cases]
    done = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    seen = {key: 0 for key in ("products", "periods", "steps", "limits", "roundings", "reasons")}
    wrong = []
    priced = [(case, line, answer) for case, line, answer in zip(cases, lines, answers) if "error" not in answer]
    for case, line, answer in priced:
        try:
            check(answer, seen)
        except Wrong as error:
            wrong.append((case[0], str(error), line, answer["en"]))
    print(f"1..4\n# seed {seed}; {len(priced)} of {len(cases)} receipts; {seen}")
    print(f"{'not ok' if wrong else 'ok'} 1 /receipt/lines/each-is-what-is-printed-on-it")
    for name, error, line, text in wrong[:3]:
        print(f"# {len(wrong)} wrong; {name}: {error}\n# {line}\n" +
              "\n".join(f"#   {row}" for row in text.split("\n")))
    enough = all(seen.values()) and seen["products"] > 2000
    print(f"{'ok' if enough else 'not ok'} 2 /receipt/lines/everything-was-there-to-be-checked")
    print(f"{'ok' if len(priced) > len(cases) * 3 // 4 else 'not ok'} 3 /receipt/lines/most-sessions-have-a-receipt")
    found = planted(answers)
    print(f"{'ok' if found else 'not ok'} 4 /receipt/lines/a-planted-error-is-found")
    return 1 if wrong or not enough or not found else 0


if __name__ == "__main__":
    sys.exit(main())
