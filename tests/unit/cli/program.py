# SPDX-License-Identifier: Apache-2.0
"""The real tapwatt as a child process, and the files that it must not touch."""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'lint'))
import tap  # noqa: E402,F401

TAPWATT, MAKE_JOURNAL, SOURCE = sys.argv[1:4]


def tapwatt(*words, status, stdout=subprocess.PIPE):
    """Runs it, insists on its exit status, and returns (stdout, stderr). Errors are one line."""
    done = subprocess.run([TAPWATT, *words], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    said = f'tapwatt {" ".join(words)}\nexit {done.returncode}\n{done.stdout}{done.stderr}'
    assert done.returncode == status, said
    if status in (2, 3):
        assert done.stderr.count('\n') == 1 and done.stderr.startswith('tapwatt'), said
        assert not done.stdout, said
    else:
        assert not done.stderr, said
    return done.stdout, done.stderr


@contextlib.contextmanager
def directory():
    with tempfile.TemporaryDirectory(prefix='tapwatt-test-cli-') as path:
        yield path


def make_journal(path, station='CLI-1', reserve_kib=64):
    subprocess.run([MAKE_JOURNAL, path, station, str(reserve_kib)], check=True)
    return os.path.join(path, 'journal.db')


@contextlib.contextmanager
def running_station(path):
    """Six entries are committed and the log is not folded in; afterwards the station is killed."""
    child = subprocess.Popen([MAKE_JOURNAL, path, 'CLI-1', '64', '--stay'], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    try:
        assert child.stdout.readline() == b'ready\n'
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def digests(path, scratch=()):
    """What is below path, by name; without SQLite's scratch paper where it may be made."""
    found = {}
    for folder, _, names in os.walk(path):
        for name in names:
            if name not in scratch:
                with open(os.path.join(folder, name), 'rb') as file:
                    found[os.path.relpath(os.path.join(folder, name), path)] = hashlib.sha256(file.read()).hexdigest()
    return found


@contextlib.contextmanager
def untouched(path, scratch=()):
    before = digests(path, scratch)
    yield
    after = digests(path, scratch)
    assert before == after, f'{before}\n{after}'
