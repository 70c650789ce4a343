# SPDX-License-Identifier: Apache-2.0
"""Whether our driver and the libFuzzer runner find what is planted: test-finders.py DRIVER [RUNNER FUZZER]."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lint'))
import tap  # noqa: E402


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


@tap.case
def the_driver_dies_of_a_planted_bug():
    done = run(sys.argv[1], '--tap', '-k', 'planted', '/nonexistent')
    assert done.returncode != 0 and 'found' in done.stdout, done.stdout
    assert 'ok 2 /fuzz/planted/the-corpus-does-no-harm' in done.stdout, done.stdout
    assert 'ok 4 ' not in done.stdout, done.stdout


def the_runner_reports_a_planted_bug():
    done = run(sys.argv[2], 'planted', sys.argv[3], '/nonexistent', '20')
    assert done.returncode == 1, done.stdout
    assert 'not ok 1 /libfuzzer/planted/no-input-does-harm' in done.stdout, done.stdout


if len(sys.argv) > 2:
    tap.case(the_runner_reports_a_planted_bug)
tap.run('/fuzz')
