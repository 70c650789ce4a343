# SPDX-License-Identifier: Apache-2.0
"""A test program in TAP: plan first, each story on its own, run to the end, what broke in full."""
import sys
import traceback


class Skip(Exception):
    """Raised by a story that cannot be told here; its text is the reason."""


def wanted(stories):
    """Those that the command line asks for: all, or those with one of its words in their name."""
    words = [a for a in sys.argv[1:] if not a.startswith("-")]
    return [s for s in stories if not words or any(w in s[0] for w in words)]


def say(line):
    """In one piece, so that stories that are told at the same time do not get into each other's lines."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(stories):
    """stories: list of (name, function). Ends the program."""
    stories = wanted(stories)
    say(f"1..{len(stories)}")
    failed = 0
    for number, (name, story) in enumerate(stories, 1):
        try:
            story()
            say(f"ok {number} - {name}")
        except Skip as why:
            say(f"ok {number} - {name} # SKIP {why}")
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                say(f"# {line}")
            say(f"not ok {number} - {name}")
    sys.exit(1 if failed else 0)


def note(text):
    for line in str(text).splitlines():
        say(f"# {line}")
