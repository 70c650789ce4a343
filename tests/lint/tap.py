# SPDX-License-Identifier: Apache-2.0
"""TAP from Python: a case is a function marked @tap.case; its name is the sentence; an exception fails it."""

import sys
import traceback

CASES = []


def case(function):
    CASES.append(function)
    return function


def run(prefix):
    """Runs every case to its end, prints TAP, and exits with 1 if one failed."""
    print(f'1..{len(CASES)}')
    n_failed = 0
    for number, function in enumerate(CASES, 1):
        sentence = function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {prefix}/{sentence}')
        except Exception as error:  # whatever it is, the other cases run
            n_failed += 1
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            for line in text.splitlines():
                print(f'# {line}')
            print(f'not ok {number} {prefix}/{sentence}')
        sys.stdout.flush()
    sys.exit(1 if n_failed else 0)
