# SPDX-License-Identifier: Apache-2.0
"""The counter of packaging/check: every way of a test program to go wrong must show in the last line."""

import json
import os
import subprocess
import sys
import tempfile

import tap

COUNTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tap-count')


def count(stdout='', returncode=0, result='OK', allow=None, arguments=(), records=None, expected=None):
    """(exit status, last line, everything printed) for one program's output, or for whole records."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, 'testlog.json')
        command = [sys.executable, COUNTER, *arguments]
        if records is None:
            records = [{'name': 'tapwatt:unit / prog', 'stdout': stdout, 'returncode': returncode, 'result': result}]
        with open(log, 'w', encoding='utf-8') as file:
            file.writelines(json.dumps(record) + '\n' for record in records)
        if allow is not None:
            path = os.path.join(folder, 'allowed')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(allow)
            command += ['--allow', path]
        argument = f'gcc={log}'
        if expected is not None:
            path = os.path.join(folder, 'list')
            with open(path, 'w', encoding='utf-8') as file:
                file.writelines(name + '\n' for name in expected)
            argument += f'={path}'
        done = subprocess.run(command + [argument], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    return done.returncode, lines[-1] if lines else '', done.stdout + done.stderr


def expect(found, status, last, *mentions):
    assert found[:2] == (status, last), f'found {found[:2]}, expected {(status, last)}:\n{found[2]}'
    for mention in mentions:
        assert mention in found[2], f'no "{mention}" in:\n{found[2]}'


@tap.case
def everything_passing_is_counted_per_case():
    expect(count('# seed\n1..2\n# Start of a\nok 1 /a/x\nok 2 /a/y\n# End of a\n'), 0, '2 passed, 0 failed, 0 skipped')


@tap.case
def the_plan_may_come_last():
    expect(count('ok 1 - x\nok 2 - y\n1..2\n'), 0, '2 passed, 0 failed, 0 skipped')


@tap.case
def a_failed_case_is_one():
    expect(count('1..2\nok 1 /x\nnot ok 2 /y - why\n', 1), 1, '1 passed, 1 failed, 0 skipped', 'FAILED gcc prog: /y')


@tap.case
def a_program_that_says_nothing_failed():
    expect(count(''), 1, '0 passed, 1 failed, 0 skipped', 'no plan')


@tap.case
def a_program_without_plan_failed():
    expect(count('ok 1 /x\n'), 1, '1 passed, 1 failed, 0 skipped', 'no plan')


@tap.case
def a_program_that_died_before_its_plan_failed():
    expect(count('', -11, 'ERROR'), 1, '0 passed, 1 failed, 0 skipped', 'no plan; ended by signal 11')


@tap.case
def a_program_that_died_within_its_plan_failed():
    expect(count('1..3\nok 1 /x\n', -6, 'ERROR'), 1, '1 passed, 1 failed, 0 skipped', '1 of 3 planned results')


@tap.case
def a_program_that_stopped_early_with_status_0_failed():
    expect(count('1..3\nok 1 /x\n'), 1, '1 passed, 1 failed, 0 skipped', '1 of 3 planned results')


@tap.case
def a_program_that_bailed_out_failed():
    expect(count('1..1\nBail out! assertion\n', -6, 'ERROR'), 1, '0 passed, 1 failed, 0 skipped', 'Bail out! assertion')


@tap.case
def an_exit_status_needs_a_failed_case():
    expect(count('1..1\nok 1 /x\n', 1, 'ERROR'), 1, '1 passed, 1 failed, 0 skipped', 'exit status 1 without')


@tap.case
def more_results_than_planned_failed():
    expect(count('1..1\nok 1 /x\nok 2 /y\n'), 1, '2 passed, 1 failed, 0 skipped', '2 of 1 planned results')


@tap.case
def a_result_given_twice_failed():
    expect(count('1..2\nok 1 /x\nok 1 /x\n'), 1, '2 passed, 1 failed, 0 skipped', 'result 1 given twice')


@tap.case
def a_second_plan_failed():
    expect(count('1..1\nok 1 /x\n1..1\n'), 1, '1 passed, 1 failed, 0 skipped', 'a second plan')


@tap.case
def out_of_time_failed():
    expect(count('1..2\nok 1 /x\n', -15, 'TIMEOUT'), 1, '1 passed, 1 failed, 0 skipped', 'out of time')


@tap.case
def todo_failed():
    expect(count('1..2\nnot ok 1 /x # TODO later\nok 2 /y # TODO later\n'), 1, '0 passed, 2 failed, 0 skipped',
           '/y (marked TODO)')


@tap.case
def an_allowed_skip_is_listed_with_its_reason():
    expect(count('1..2\nok 1 /x\nok 2 /y/z # SKIP no radio here\n', allow='# c\n\n/y/*  radio\n'),
           0, '1 passed, 0 failed, 1 skipped', 'SKIPPED gcc prog: /y/z: no radio here')


@tap.case
def an_allowed_program_may_skip_itself():
    records = [{'name': 's / a', 'stdout': '1..0 # SKIP no printer\n', 'returncode': 0, 'result': 'SKIP'},
               {'name': 's / b', 'stdout': '1..1\nok 1 /x\n', 'returncode': 0, 'result': 'OK'}]
    expect(count(records=records, allow='[ac]  because\n'), 0, '1 passed, 0 failed, 1 skipped', 'no printer')


@tap.case
def nothing_but_skips_failed():
    expect(count('1..0 # SKIP no printer\n', allow='prog  because\n'), 1, '0 passed, 1 failed, 1 skipped')


@tap.case
def a_skip_that_nobody_allowed_failed():
    expect(count('1..1\nok 1 /y/z # SKIP lazy\n', allow='/x/*  other\n'), 1, '0 passed, 1 failed, 0 skipped', 'lazy')
    expect(count('1..1\nok 1 /y/z # SKIP lazy\n'), 1, '0 passed, 1 failed, 0 skipped', 'lazy')


@tap.case
def a_program_that_skips_itself_unallowed_failed():
    expect(count('1..0 # skip\n', 77, 'SKIP'), 1, '0 passed, 1 failed, 0 skipped')


@tap.case
def a_listed_program_that_never_ran_failed():
    records = [{'name': 'tapwatt:unit / a', 'stdout': '1..1\nok 1 /x\n', 'returncode': 0, 'result': 'OK'}]
    expect(count(records=records, expected=['tapwatt:unit / a']), 0, '1 passed, 0 failed, 0 skipped')
    expect(count(records=records, expected=['tapwatt:unit / a', 'tapwatt:unit / b']),
           1, '1 passed, 1 failed, 0 skipped', 'FAILED gcc b: (never ran)')


@tap.case
def a_step_that_failed_elsewhere_counts():
    expect(count('1..1\nok 1 /x\n', arguments=['--failed', 'build with gcc']),
           1, '1 passed, 1 failed, 0 skipped', 'FAILED build with gcc')


def second_run(first, second):
    """What is counted when a program was run twice."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, 'again.json')
        with open(log, 'w', encoding='utf-8') as file:
            file.write(json.dumps({'name': 's / prog', 'stdout': second, 'returncode': 'not ok' in second,
                                   'result': 'ERROR' if 'not ok' in second else 'OK'}) + '\n')
        return count(first, 1, arguments=['--again', f'gcc={log}'])


@tap.case
def a_second_run_counts_and_the_unsteady_are_named():
    expect(second_run('1..2\nnot ok 1 /x\nok 2 /y\n', '1..2\nok 1 /x\nok 2 /y\n'),
           0, '2 passed, 0 failed, 0 skipped', 'UNSTEADY gcc prog: /x')
    expect(second_run('1..2\nnot ok 1 /x\nok 2 /y\n', '1..2\nnot ok 1 /x\nok 2 /y\n'),
           1, '1 passed, 1 failed, 0 skipped', 'FAILED gcc prog: /x')
    expect(second_run('1..2\nnot ok 1 /x\nok 2 /y\n', '1..2\nok 1 /x\nnot ok 2 /y\n'),
           1, '1 passed, 1 failed, 0 skipped', 'FAILED gcc prog: /y')


@tap.case
def who_failed_can_be_asked():
    found = count('1..1\nnot ok 1 /x\n', 1, arguments=['--names'])
    assert found[0] == 0 and found[2].strip() == 'prog', found
    assert count('1..1\nok 1 /x\n', arguments=['--names'])[2].strip() == ''


@tap.case
def nothing_tested_failed():
    expect(count(records=[]), 1, '0 passed, 1 failed, 0 skipped', 'nothing was tested')


@tap.case
def an_unusable_log_failed():
    done = subprocess.run([sys.executable, COUNTER, 'gcc=/nonexistent'], capture_output=True, text=True, check=False)
    expect((done.returncode, done.stdout.splitlines()[-1], done.stdout), 1, '0 passed, 1 failed, 0 skipped')


@tap.case
def an_unusable_allow_list_is_said():
    found = count('1..1\nok 1 /x\n', allow='/x\n')
    assert found[0] == 2 and 'a glob without a reason' in found[2], found


@tap.case
def output_of_the_failed_is_shown():
    expect(count('1..1\n# the cause\nnot ok 1 /x\n', 1), 1, '0 passed, 1 failed, 0 skipped', '# the cause')


tap.run('/tap-count')
