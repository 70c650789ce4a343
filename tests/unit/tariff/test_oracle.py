#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each case priced by the station's engine and by tests/lib/oracle.py, which share nothing but the specification.

    test_oracle.py PRICE-LINES [--random N] [--seed S]
"""

import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import oracle                                                   # noqa: E402
import tariff_cases                                             # noqa: E402


def ask(program, lines, *arguments):
    answer = subprocess.run([program, *arguments], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if answer.returncode != 0:
        return [f"it ended with {answer.returncode}: {answer.stderr.strip()[-300:]}"] * len(lines)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def expected(line):
    case = oracle.parse(line)
    return json.loads(json.dumps(oracle.answer(case["tariff"], case["cdr"], oracle.ZoneInfo(case["zone"]))))


def question(tariff, cdr, zone):
    return f'{{"tariff":{tariff_cases.write(tariff)},"cdr":{tariff_cases.write(cdr)},"zone":"{zone}"}}'


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def result(self, good, name, *notes):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} {name}")
        for note in notes if not good else ():
            print(f"# {note}")

    def group(self, name, lines, answers, wanted):
        wrong = [i for i in range(len(lines)) if answers[i] != wanted[i]]
        notes = []
        for i in wrong[:3]:
            notes += [f"station {answers[i]}", f"oracle  {wanted[i]}", lines[i]]
        self.result(not wrong, f"{name}: {len(lines)} cases" if not wrong else f"{name}: {len(wrong)} wrong", *notes)


def groups():
    found = {}
    for name, tariff, cdr, zone in tariff_cases.by_plan():
        words = name.split(" ")
        group = words[0].rstrip(",") if not name.startswith(("change", "reservation", "tax", "step")) else words[0]
        found.setdefault(group, []).append((name, question(tariff, cdr, zone)))
    return found


def main():
    arguments = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    seed, n_random = int(arguments.get("--seed", random.randrange(1 << 31))), int(arguments.get("--random", 150))
    tap, n_planned = Tap(), 0
    found = groups()
    print(f"1..{len(found) + 5}", flush=True)
    print(f"# seed {seed}")
    for name, cases in found.items():
        lines = [line for _, line in cases]
        wanted = [expected(line) for line in lines]
        n_planned += len(lines)
        tap.group(f"/oracle/plan/{name}", lines, ask(sys.argv[1], lines), wanted)
    tap.result(n_planned >= 200, f"/oracle/plan/{n_planned}-cases-are-at-least-200")

    rng = random.Random(seed)
    lines = [question(tariff_cases.random_tariff(rng), tariff_cases.random_cdr(rng), rng.choice(tariff_cases.ZONES))
             for _ in range(n_random)]
    answers = ask(sys.argv[1], lines)
    priced = [i for i, answer in enumerate(answers) if "error" not in answer]
    lines, answers = [lines[i] for i in priced], [answers[i] for i in priced]
    tap.result(len(lines) > n_random * 3 // 4, "/oracle/random/most-can-be-priced", f"{len(lines)} of {n_random}")
    wanted = [expected(line) for line in lines]
    tap.group("/oracle/random/any-tariff-and-any-record", lines, answers, wanted)
    paid = sum(1 for answer in wanted if answer["lines"])
    tap.result(paid > len(lines) // 2, "/oracle/random/most-cost-something", f"{paid} of {len(lines)}")
    cut = [ask(sys.argv[1], lines, str(seed + i)) for i in range(3)]
    same = [i for i in range(len(lines)) if all(answers[i] == other[i] for other in cut)]
    tap.result(len(same) == len(lines), "/oracle/random/cuts-change-nothing-and-running-is-batch",
               *[line for i, line in enumerate(lines) if i not in same][:2])
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
