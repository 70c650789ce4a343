# SPDX-License-Identifier: Apache-2.0
"""tapwatt reconcile --store and tapwatt cases: test-cases.py TAPWATT MAKE-JOURNAL SOURCE. Sales that no settlement file
has are findings, once there is such a file; with a line of it they are none."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time

from program import TAPWATT, directory, tap, tapwatt

COLUMNS = ('session station evse terminal payment_ref psp_ref capture_ref refund_ref settlement_ref trace slip '
           'approval tail brand tariff_shown tariff_priced unknown_operation receipt_number currency state '
           'billed tariff_free test_mode price_minor repriced_minor shown_minor held_minor captured_minor '
           'second_capture_minor refunded_minor unknown_minor advised_minor energy_wh energy_price_minor '
           'energy_part_minor started ended captured refunded hold_until day').split()
TERMS = ('--as-of', '2026-11-01T12:00:00Z', '--time-zone', 'UTC')
VERBS = ('list', 'show', 'assign', 'comment', 'match', 'write-off', 'undo', 'resolve', 'reopen')


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def sales(folder, amounts, name='sales.csv'):
    """One captured sale each; sale n has the payment reference Pn."""
    lines = [','.join(COLUMNS)]
    for n, minor in enumerate(amounts, 1):
        cells = {'session': f'S{n}', 'station': 'ST1', 'evse': 'E1', 'payment_ref': f'P{n}', 'receipt_number': n,
                 'currency': 'EUR', 'state': 'captured', 'billed': 'true', 'tariff_free': 'false',
                 'test_mode': 'false', 'price_minor': minor, 'repriced_minor': minor, 'held_minor': 50000,
                 'captured_minor': minor, 'energy_wh': 20000, 'energy_price_minor': 50, 'energy_part_minor': minor,
                 'tariff_shown': 't', 'tariff_priced': 't', 'started': '2026-10-05T10:00:00Z',
                 'ended': '2026-10-05T11:00:00Z', 'captured': '2026-10-05T11:00:05Z', 'day': '2026-10-05'}
        lines.append(','.join(str(cells.get(column, '')) for column in COLUMNS))
    return write(folder, name, '\n'.join(lines) + '\n')


def settlement(folder, amounts, name='lines.csv'):
    """amounts: {payment reference: minor units}. What comes of it are the words of the command line."""
    mapping = write(folder, 'lines.mapping', """[mapping]
format = csv
name = house

[file]
decimal = point
time-format = YYYY-MM-DD hh:mm:ss
time-zone = UTC

[columns]
kind = Kind
reference = Ref
change-reference = Booking
time = At
currency = Currency
gross = Gross
fee = Fee
net = Net

[kinds]
sale = Sale
""")
    lines = ['Kind,Ref,Booking,At,Currency,Gross,Fee,Net']
    lines += [f'Sale,{ref},B{ref},2026-10-06 10:00:00,EUR,{minor / 100:.2f},0.00,{minor / 100:.2f}'
              for ref, minor in amounts.items()]
    return ('--psp', 'csv:' + write(folder, name, '\n'.join(lines) + '\n'), '--mapping', mapping)


def unsettled(folder, amounts):
    """The words for sales, and for a payment service that was asked and has nothing."""
    return ('--journal', sales(folder, amounts), *settlement(folder, {}, 'nothing.csv'))


def reconcile(url, *words, status=1):
    return json.loads(tapwatt('reconcile', '--store', url, *words, *TERMS, '--json', status=status)[0])


def cases(url, *words, status):
    return json.loads(tapwatt('cases', 'list', '--store', url, '--json', *words, status=status)[0])['cases']


def store_of(folder):
    return f'sqlite:{folder}/books.db'


@tap.case
def the_store_remembers_what_was_loaded():
    with directory() as folder:
        url = store_of(folder)
        first = reconcile(url, *unsettled(folder, [1000, 2000]))
        os.remove(f'{folder}/sales.csv')
        again = reconcile(url)
        assert first['exceptions'] == again['exceptions'] and len(first['exceptions']) == 2
        file = again['files'][0]
        assert len(again['files']) == 2 and file['role'] == 'journal' and file['path'].endswith('sales.csv'), file
        assert again['exceptions'][0]['sale']['path'].endswith('sales.csv')


@tap.case
def with_and_without_a_store_the_findings_are_the_same():
    with directory() as folder:
        words = ('--journal', sales(folder, [1000, 2000, 3000]), *settlement(folder, {'P1': 1000, 'P2': 1500}))
        plain = json.loads(tapwatt('reconcile', *words, *TERMS, '--json', status=1)[0])
        stored = reconcile(store_of(folder), *words)
        assert plain == stored, (plain, stored)


@tap.case
def a_case_closes_when_the_missing_line_arrives():
    with directory() as folder:
        url = store_of(folder)
        reconcile(url, *unsettled(folder, [1000, 2000]))
        assert sorted(c['amount_minor'] for c in cases(url, status=1)) == [1000, 2000]
        reconcile(url, *settlement(folder, {'P1': 1000}))
        [left] = cases(url, status=1)
        assert (left['session'], left['class']) == ('S2', 'missing_in_settlement'), left
        [closed] = cases(url, '--state', 'closed', status=0)
        assert closed['session'] == 'S1', closed
        shown = json.loads(tapwatt('cases', 'show', closed['id'], '--store', url, '--json', status=0)[0])
        assert [(e['what'], e['who']) for e in shown['events']] == [('opened', 'tapwatt'), ('closed', 'tapwatt')], shown


@tap.case
def what_a_person_resolved_is_info_until_its_stake_changes():
    with directory() as folder:
        url = store_of(folder)
        reconcile(url, '--journal', sales(folder, [1000]), *settlement(folder, {'P1': 900}))
        [case] = cases(url, status=1)
        assert case['class'] == 'amount_under' and case['amount_minor'] == 100, case
        tapwatt('cases', 'assign', case['id'], 'kim', '--store', url, '--by', 'eve', status=0)
        tapwatt('cases', 'comment', case['id'], 'asked', '--store', url, '--by', 'eve', status=0)
        tapwatt('cases', 'resolve', case['id'][:8], 'written off', '--store', url, '--by', 'eve', status=0)
        report = reconcile(url, status=0)
        assert not report['exceptions'] and report['closed'], report
        assert [e['id'] for e in report['info']] == [case['id']], report
        tapwatt('cases', 'reopen', case['id'], 'no', '--store', url, '--by', 'kim', status=0)
        assert [e['id'] for e in reconcile(url)['exceptions']] == [case['id']]
        shown = json.loads(tapwatt('cases', 'show', case['id'], '--store', url, '--json', status=0)[0])
        assert shown['case']['assignee'] == 'kim' and shown['case']['state'] == 'open', shown
        assert [(e['what'], e['who'], e['reason']) for e in shown['events']] == [
            ('opened', 'tapwatt', None), ('assigned', 'eve', 'kim'), ('commented', 'eve', 'asked'),
            ('resolved', 'eve', 'written off'), ('reopened', 'kim', 'no')], shown


@tap.case
def people_read_lists_and_cases():
    with directory() as folder:
        url = store_of(folder)
        reconcile(url, *unsettled(folder, [1234]))
        out, _ = tapwatt('cases', 'list', '--store', url, status=1)
        assert '12.34 EUR' in out and 'missing_in_settlement' in out and 'S1' in out, out
        short = out.split('\n')[1].split()[0]
        out, _ = tapwatt('cases', 'show', short, '--store', url, status=0)
        assert 'session         S1' in out and 'opened' in out and 'inquire_then_capture' in out, out
        out, _ = tapwatt('cases', 'list', '--store', url, '--class', 'chargeback', status=0)
        assert 'S1' not in out, out


@tap.case
def a_file_that_cannot_be_used_leaves_nothing_of_it():
    with directory() as folder:
        url = store_of(folder)
        good = sales(folder, [1000])
        with open(sales(folder, [1000, 2000], 'bad.csv'), 'a', encoding='utf-8') as file:
            file.write('broken\n')
        tapwatt('reconcile', '--store', url, '--journal', good, f'{folder}/bad.csv', *TERMS, status=2)
        report = reconcile(url, *settlement(folder, {}))
        assert len(report['exceptions']) == 1 and len(report['files']) == 2, report


def rows_and_files(path):
    """None: there are no tables yet."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'tapwatt_meta'").fetchone():
            return None
        return db.execute('SELECT (SELECT count(*) FROM tapwatt_sale), '
                          '(SELECT count(*) FROM tapwatt_import)').fetchone()


@tap.case
def killed_while_it_loads_it_leaves_nothing_half():
    with directory() as folder:
        url, path = store_of(folder), sales(folder, [1000 + n for n in range(20000)])
        words = [TAPWATT, 'reconcile', '--store', url, '--journal', path, *TERMS]
        for step in range(8):
            child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.02 + 0.06 * step)
            child.send_signal(signal.SIGKILL)
            child.wait()
            if os.path.exists(f'{folder}/books.db'):
                assert rows_and_files(f'{folder}/books.db') in (None, (0, 0), (20000, 1))
        words = ('--journal', path, *settlement(folder, {'P1': 1000}))
        whole = reconcile(url, *words)
        plain = json.loads(tapwatt('reconcile', *words, *TERMS, '--json', status=1)[0])
        assert whole == plain
        assert len(cases(url, status=1)) == 19999


@tap.case
def a_store_out_of_reach_is_3_and_no_store_is_2():
    with directory() as folder:
        path = sales(folder, [1000])
        for url in (f'sqlite:{folder}/no/such/folder/books.db', f'postgresql:///tapwatt?host={folder}'):
            _, said = tapwatt('reconcile', '--store', url, '--journal', path, *TERMS, status=3)
            assert 'store' in said, said
            tapwatt('cases', 'list', '--store', url, status=3)
        for url in ('mysql://books', 'books.db', ''):
            _, said = tapwatt('reconcile', '--store', url, '--journal', path, *TERMS, status=2)
            assert 'sqlite:PATH or postgresql://' in said, said
        write(folder, 'text.db', 'not a database, but long enough to be looked at as one' * 20)
        tapwatt('reconcile', '--store', f'sqlite:{folder}/text.db', '--journal', path, *TERMS, status=2)


@tap.case
def a_misspelt_store_is_not_made():
    with directory() as folder:
        tapwatt('cases', 'list', '--store', store_of(folder), status=3)
        assert os.listdir(folder) == []


@tap.case
def wrong_words_are_explained():
    with directory() as folder:
        url = store_of(folder)
        reconcile(url, *unsettled(folder, [1000]))
        [case] = cases(url, status=1)
        for words, said in ((('list', '--state', 'new'), 'open, closed or resolved'),
                            (('list', '--class', 'nonsense'), 'no such class'),
                            (('show', 'ffff'), 'no case ffff'), (('show', ''), 'by its id'),
                            (('resolve', case['id']), 'too little'), (('resolve', case['id'], ''), 'must be there'),
                            (('reopen', case['id'], 'x'), 'only what is resolved'),
                            (('assign', 'zz', 'kim'), 'no case zz'),
                            (('match', case['id'], '--reason', 'x'), 'to what'),
                            (('match', case['id'], '--to', 'x', '--reason', 'x'), 'no settlement line'),
                            (('undo', case['id']), 'neither matched nor written off'),
                            (('write-off', case['id']), 'expected a code')):
            _, complaint = tapwatt('cases', *words, '--store', url, status=2)
            assert said in complaint, (words, complaint)
        for words in (('list',), ('show', 'a'), ('assign', 'a', 'b')):
            assert 'which store' in tapwatt('cases', *words, status=2)[1]


@tap.case
def every_verb_teaches():
    for verb in VERBS:
        out, _ = tapwatt('cases', verb, '--help', status=0)
        assert f'tapwatt cases {verb}' in out and 'Exit status' in out and '--store' in out, out
    assert '--store URL' in tapwatt('reconcile', '--help', status=0)[0]


tap.run('/cli/cases')
