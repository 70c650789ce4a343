# SPDX-License-Identifier: Apache-2.0
"""A test program in TAP: plan first, each story on its own, run to the end, what broke in full."""
import sys
import traceback


class Skip(Exception):
    """Raised by a story that cannot be told here; its text is the reason."""


def run(stories):
    """stories: list of (name, function). Ends the program."""
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    if wanted:
        stories = [s for s in stories if any(w in s[0] for w in wanted)]
    print("TAP version 13", flush=True)
    print(f"1..{len(stories)}", flush=True)
    failed = 0
    for number, (name, story) in enumerate(stories, 1):
        try:
            story()
            print(f"ok {number} - {name}", flush=True)
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}", flush=True)
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
            print(f"not ok {number} - {name}", flush=True)
    sys.exit(1 if failed else 0)


def note(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)
