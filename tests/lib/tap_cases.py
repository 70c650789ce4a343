# SPDX-License-Identifier: Apache-2.0
"""Runs functions as TAP test cases, all of them to their end. The sentence of a case is its name with blanks."""

import traceback


def collect(namespace):
    """The module's own functions whose only argument is the street, in the order in which they stand."""
    def is_case(value):
        code = getattr(value, "__code__", None)
        return (code is not None and value.__module__ == "__main__"
                and code.co_varnames[:code.co_argcount] == ("street",))

    return [value for value in namespace.values() if is_case(value)]


def run(cases, prefix, *arguments, after=None):
    print("1..%d" % len(cases), flush=True)
    failed = 0
    for number, case in enumerate(cases, 1):
        name = "%s/%s" % (prefix, case.__name__.replace("_", "-"))
        try:
            case(*arguments)
            if after:
                after(*arguments)
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print("not ok %d - %s" % (number, name), flush=True)
    return 1 if failed else 0
