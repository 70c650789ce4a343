# SPDX-License-Identifier: Apache-2.0
"""tapwatt reconcile on a made-up fleet, and what of its report must not depend on how the files were handed over."""
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet         # noqa: E402
import fleet_books   # noqa: E402
import fleet_truth   # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
TERMS = ("--time-zone", "Europe/Berlin", "--tolerance", "0.02,0.1%", "--fee", "10,1.4%")


def tapwatt(status, *words, **more):
    """Insists on the exit status, or one of several; what it said."""
    done = subprocess.run([TAPWATT, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8"), **more)
    said = f"tapwatt {' '.join(words)}\nexit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    assert done.returncode in (status if isinstance(status, tuple) else (status,)), said
    if done.returncode in (2, 3):
        assert done.stderr.count("\n") == 1 and not done.stdout, said
        return done.stderr
    return done.stdout


def reconcile(words, status=(0, 1), terms=TERMS):
    """The report; that it is no exception and that the program says so go together."""
    report = json.loads(tapwatt(status, "reconcile", *words, *terms, "--json"))
    assert report["closed"] == (not report["exceptions"]), report["closed"]
    assert all(e["severity"] >= 2 for e in report["exceptions"]) and all(e["severity"] < 2 for e in report["info"])
    ids = [e["id"] for e in report["exceptions"] + report["info"]]
    assert len(set(ids)) == len(ids), "two findings have one identity"
    return report


def without_origins(report):
    """Everything but where the rows stood."""
    def bare(value):
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in ("files", "sale", "other", "bank")}
        return [bare(v) for v in value] if isinstance(value, list) else value
    return json.dumps(bare(report))


def assert_same(one, other):
    """The same books, wherever their rows stood; else what the one says that the other does not."""
    if without_origins(one) == without_origins(other):
        return
    for name in sorted(set(one) | set(other)):
        told = [{without_origins(part) for part in (r[name] if isinstance(r.get(name), list) else [r.get(name)])}
                for r in (one, other)]
        if told[0] != told[1]:
            print(f"# {name}: only in the one: {sorted(told[0] - told[1])[:5]}")
            print(f"# {name}: only in the other: {sorted(told[1] - told[0])[:5]}")
    raise AssertionError("not the same books")


def stepped(currency, totals):
    """Each sum is the one before it and the steps between, all of them by name."""
    t = {name.removesuffix("_minor"): value for name, value in totals.items()}
    assert t["settled"] == t["captured"] - t["listed"], (currency, t)
    assert t["net"] == (t["settled"] - t["settled_refund"] - t["chargeback"] - t["fee"] + t["account_fee"]
                        + t["reserve"] + t["adjustment"] + t["advance"] + t["carry_over"] + t["fx"] + t["other"]
                        + t["exchanged"] + t["without_net"] + t["uneven"]), (currency, t)
    assert t["paid_out"] == (t["net"] - t["with_service"] - t["only_sent"] - t["payout_apart"]
                             - t["payout_unknown"]), (currency, t)
    assert t["banked"] == t["paid_out"] - t["converted"] - t["residual"] - t["not_banked"], (currency, t)


def read_down(text):
    """As a reader adds up the summary on the terminal: how many sums stood in it, of how many currencies."""
    level, n_sums, n_currencies = None, 0, 0
    for line in text.splitlines():
        found = re.fullmatch(r"  (= |  )([A-Z][A-Za-z ]+?) +(-?[\d,]+(?:\.\d+)?) [A-Z]{3}(?:   .*)?", line)
        if not found:
            level = None
            continue
        amount = decimal.Decimal(found[3].replace(",", ""))
        if level is None:
            assert found[2] == "Captured", line
            level, n_currencies = amount, n_currencies + 1
        elif found[1] == "= ":
            assert level == amount, (line, level)
            n_sums += 1
        else:
            level += amount
    return n_sums, n_currencies


def conserved(world, words, report):
    """From the files themselves: captured = settled + listed; and what the report calls captured and settled is it.
    A capture that only the service can confirm is captured, too."""
    captured = fleet_books.captured(fleet_books.named(words, "--journal"))
    settled = fleet_books.settled(fleet_books.named(words, "--psp"))
    for sale in world.sales:
        if sale.used == "told":
            captured[sale.currency] += sum(line.gross for line in sale.lines)
    for currency, totals in report["totals"].items():
        told = totals["captured_minor"], totals["settled_minor"], totals["listed_minor"]
        assert told[0] == told[1] + told[2], (currency, told)
        assert told[:2] == (captured[currency], settled[currency]), (currency, told, captured, settled)
        away = sum(e["expected"] for e in report["exceptions"] + report["info"]
                   if e["class"] == "payout_not_in_bank" and e["currency"] == currency)
        assert totals["paid_out_minor"] == (totals["banked_minor"] + totals["converted_minor"]
                                            + totals["residual_minor"] + away), (currency, totals)
        stepped(currency, totals)
    assert set(report["totals"]) >= {c for c in set(captured) | set(settled) if captured[c] or settled[c]}


def judged(world, report):
    missed, more = fleet_truth.differences(world.truth, report["exceptions"] + report["info"])
    brief = [(e["class"], e["amount_minor"], e["currency"], e["session"], e["references"], e["detail"]) for e in more]
    assert not missed and not more, f"not found: {missed}\nnot true: {brief}"


def split(text, head_lines, parts, rng):
    """The rows of a CSV in several files that overlap: every row is in one, some are in two."""
    lines = text.splitlines(keepends=True)
    head, rows = lines[:head_lines], lines[head_lines:]
    files = [[] for _ in range(parts)]
    for row in rows:
        for at in rng.sample(range(parts), 1 + (rng.random() < 0.3)):
            files[at].append(row)
    return ["".join(head + rows) for rows in files]


def inputs(words):
    """[(option, format or "", path)] of the files among a command's words."""
    pairs = zip(words[::2], words[1::2])
    parts = [(option, *value.rpartition(":")) for option, value in pairs
             if option in ("--journal", "--meter", "--psp", "--bank")]
    return [(option, form, path) for option, form, _colon, path in parts]


def settings(words):
    """Words that are no files of witnesses."""
    return [word for option, value in zip(words[::2], words[1::2])
            if option not in ("--journal", "--meter", "--psp", "--bank") for word in (option, value)]


def words_of(files):
    return [word for option, form, path in files for word in (option, f"{form}:{path}" if form else path)]


def in_folder(story):
    """The story gets a folder of its own."""
    def told():
        with tempfile.TemporaryDirectory() as folder:
            story(folder)
    return told


__all__ = ["TAPWATT", "TERMS", "conserved", "fleet", "fleet_books", "in_folder", "inputs", "judged", "read_down",
           "reconcile", "settings", "split", "tapwatt", "without_origins", "words_of"]
