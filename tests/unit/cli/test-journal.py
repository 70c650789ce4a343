# SPDX-License-Identifier: Apache-2.0
"""tapwatt journal: test-journal.py TAPWATT MAKE-JOURNAL SOURCE. The chain is computed again here, with hashlib from
the words of payment/journal/entry.h, out of the database and out of the export."""

import base64
import hashlib
import json
import os
import sqlite3
import stat
import subprocess

from program import TAPWATT, directory, make_journal, running_station, tap, tapwatt, untouched

GUARDS = ('entry_insert', 'entry_update', 'entry_delete', 'blob_insert', 'blob_update', 'blob_delete')


def next_hash(previous, seq, wall_us, boot_us, boot_id, synced, session, kind, payload):
    def text(value):
        return (2**64 - 1).to_bytes(8, 'big') if value is None else len(value).to_bytes(8, 'big') + value
    numbers = b''.join(value.to_bytes(8, 'big') for value in (seq, wall_us, boot_us))
    return hashlib.sha256(previous + numbers + boot_id + bytes([synced]) + text(session) + text(kind)
                          + text(payload)).digest()


def head_of_database(path):
    db = sqlite3.connect(f'file:{path}?mode=ro&immutable=1', uri=True)
    head = bytes(32)
    for row in db.execute('SELECT seq, wall_us, boot_us, boot_id, synced, session, kind, payload, hash FROM entry '
                          'ORDER BY seq'):
        session = None if row[5] is None else row[5].encode()
        head = next_hash(head, *row[:5], session, row[6].encode(), row[7])
        assert head == row[8]
    db.close()
    return head.hex()


def head_of_export(text):
    head = bytes(32)
    for line in text.splitlines():
        item = json.loads(line)
        if 'blob' in item:
            assert hashlib.sha256(base64.b64decode(item['bytes'])).hexdigest() == item['blob']
            continue
        session = None if item['session'] is None else item['session'].encode()
        head = next_hash(head, item['seq'], item['wall_us'], item['boot_us'], bytes.fromhex(item['boot_id']),
                         item['synced'], session, item['kind'].encode(), item['payload'].encode())
        assert head.hex() == item['hash']
    return head.hex()


def vandalise(path, sql):
    db = sqlite3.connect(path)
    for guard in GUARDS:
        db.execute(f'DROP TRIGGER {guard}')
    db.executescript(sql)
    db.commit()
    db.close()


@tap.case
def a_good_journal_is_good_and_is_left_alone():
    with directory() as path:
        database = make_journal(path)
        with untouched(path):
            out, _ = tapwatt('journal', 'verify', database, status=0)
            by_directory, _ = tapwatt('journal', 'verify', path, '--json', status=0)
        head = head_of_database(database)
        assert f'{database}: good\nentries 6\nhead    {head}\n' == out, out
        assert json.loads(by_directory) == {'good': True, 'entries': 6, 'head': head, 'broken_seq': None,
                                            'reason': None}


@tap.case
def sales_are_told_as_csv_from_what_can_be_proven():
    with directory() as path:
        database = make_journal(path)
        out, err = tapwatt('journal', 'export', database, '--sales', '--session', 'x', status=2)
        assert out == '' and 'make no books' in err, err
        target = os.path.join(path, 'sales.csv')
        vandalise(database, "UPDATE entry SET payload = CAST ('{}' AS BLOB) WHERE seq = 1")
        _, err = tapwatt('journal', 'export', database, '--sales', '--output', target, status=2)
        assert 'entry 1 does not fit its hash' in err and not os.path.exists(target), err


@tap.case
def a_running_stations_journal_is_read_with_its_log():
    with directory() as path, running_station(path):
        with untouched(path, scratch=('journal.db-shm',)):
            out, _ = tapwatt('journal', 'verify', path, status=0)
            text, _ = tapwatt('journal', 'export', path, status=0)
        assert 'entries 6\n' in out, out
        assert head_of_export(text) in out


@tap.case
def a_killed_stations_journal_is_read_with_its_log():
    with directory() as path:
        with running_station(path):
            pass
        assert os.path.getsize(os.path.join(path, 'journal.db-wal')) > 0
        with untouched(path, scratch=('journal.db-shm',)):
            out, _ = tapwatt('journal', 'verify', path, status=0)
        assert 'entries 6\n' in out, out


@tap.case
def a_broken_chain_is_found():
    with directory() as path:
        database = make_journal(path)
        vandalise(database, "UPDATE entry SET payload = CAST ('{\"energy_wh\":1}' AS BLOB) WHERE seq = 5")
        with untouched(path):
            out, _ = tapwatt('journal', 'verify', database, status=1)
            as_json, _ = tapwatt('journal', 'verify', '--json', database, status=1)
        assert 'BROKEN: entry 5 does not fit its hash' in out and 'good    4 entries' in out, out
        verdict = json.loads(as_json)
        assert (verdict['good'], verdict['entries'], verdict['broken_seq']) == (False, 4, 5), verdict


@tap.case
def a_cut_tail_is_found_by_whoever_noted_the_head():
    with directory() as path:
        database = make_journal(path)
        head = head_of_database(database)
        tapwatt('journal', 'verify', database, '--head', head, status=0)
        tapwatt('journal', 'verify', database, '--head', head.upper(), status=0)
        vandalise(database, 'DELETE FROM entry WHERE seq = 6')
        tapwatt('journal', 'verify', database, status=0)
        out, _ = tapwatt('journal', 'verify', database, '--head', head, status=1)
        assert f'no entry has the hash {head}' in out, out


@tap.case
def a_newer_journal_is_refused():
    with directory() as path:
        database = make_journal(path)
        vandalise(database, 'PRAGMA user_version = 99')
        with untouched(path):
            for verb in ('verify', 'export'):
                _, err = tapwatt('journal', verb, database, status=2)
                assert database in err and 'schema 99 is newer' in err, err


@tap.case
def what_is_not_a_journal_is_refused():
    with directory() as path:
        for name, content in (('list', b'milk, eggs and a very long loaf of bread'), ('empty', b''),
                              ('nul', bytes(9000))):
            file = os.path.join(path, name)
            with open(file, 'wb') as out:
                out.write(content)
            with untouched(path):
                for verb in ('verify', 'export'):
                    _, err = tapwatt('journal', verb, file, status=2)
                    assert file in err, err


@tap.case
def what_is_not_there_is_refused():
    with directory() as path:
        with untouched(path):
            for missing in (os.path.join(path, 'no.db'), path, '/dev/null/x'):
                _, err = tapwatt('journal', 'verify', missing, status=2)
                assert missing in err, err


@tap.case
def a_wrong_head_is_refused():
    with directory() as path:
        database = make_journal(path)
        for head in ('', 'abc', 'g' * 64, '0' * 65):
            _, err = tapwatt('journal', 'verify', database, '--head', head, status=2)
            assert '64 hex digits' in err, err


@tap.case
def an_export_is_the_journal_in_text():
    with directory() as path:
        database = make_journal(path)
        with untouched(path):
            text, _ = tapwatt('journal', 'export', database, status=0)
        assert head_of_export(text) == head_of_database(database)
        assert [line for line in text.splitlines() if '"blob":' in line][0].startswith('{"blob":"ba7816bf')
        file = os.path.join(path, 'journal.jsonl')
        tapwatt('journal', 'export', path, '--output', file, status=0)
        with open(file, encoding='utf-8') as written:
            assert written.read() == text
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        out, _ = tapwatt('journal', 'verify', file, '--head', head_of_database(database), status=0)
        assert 'entries 6\n' in out, out


@tap.case
def a_changed_export_is_found():
    with directory() as path:
        database = make_journal(path)
        text, _ = tapwatt('journal', 'export', database, status=0)
        file = os.path.join(path, 'changed.jsonl')
        for old, new in (('1250', '1251'), ('YWJj', 'YWJk'), ('"session":"S2"', '"session":"S1"')):
            assert old in text
            with open(file, 'w', encoding='utf-8') as out:
                out.write(text.replace(old, new, 1))
            tapwatt('journal', 'verify', file, status=1)
        with open(file, 'w', encoding='utf-8') as out:
            out.write(text[:-100])
        out, _ = tapwatt('journal', 'verify', file, status=1)
        assert 'line 7' in out, out


@tap.case
def one_session_comes_with_what_it_names():
    with directory() as path:
        database = make_journal(path)
        text, _ = tapwatt('journal', 'export', database, '--session', 'S1', status=0)
        items = [json.loads(line) for line in text.splitlines()]
        assert [item.get('seq') for item in items] == [None, 2, 4], text
        assert {item['session'] for item in items[1:]} == {'S1'}
        _, err = tapwatt('journal', 'export', database, '--session', 'S9', status=2)
        assert '"S9"' in err, err


@tap.case
def an_export_never_overwrites():
    with directory() as path:
        database = make_journal(path)
        with untouched(path):
            _, err = tapwatt('journal', 'export', database, '--output', database, status=2)
            assert database in err, err
            tapwatt('journal', 'export', database, '--output', os.path.join(path, 'no', 'where'), status=2)


@tap.case
def a_full_disk_is_told():
    with directory() as path:
        database = make_journal(path)
        for verb in ('verify', 'export'):
            with open('/dev/full', 'w', encoding='utf-8') as full:
                done = subprocess.run([TAPWATT, 'journal', verb, database], stdout=full, stderr=subprocess.PIPE,
                                      text=True, check=False)
            assert done.returncode == 3 and done.stderr.count('\n') == 1, (done.returncode, done.stderr)


@tap.case
def wrong_words_are_told_in_a_line():
    for words, part in ((('journl',), 'no verb "journl"'),
                        (('journal',), 'journal verify'),
                        (('journal', 'burn', 'x'), 'journal verify'),
                        (('--jsn',), 'no verb "--jsn"'),
                        (('journal', 'verify'), 'too little'),
                        (('journal', 'verify', 'a', 'b'), 'too much'),
                        (('journal', 'verify', '--fast', 'a'), '--fast'),
                        (('journal', 'verify', '--head'), '--head'),
                        (('doctor', 'me'), 'too much'),
                        (('journal', 'verify', '--', '--help'), '--help: No such file')):
        _, err = tapwatt(*words, status=2)
        assert part in err, (words, err)


@tap.case
def every_verb_teaches():
    out, _ = tapwatt('--help', status=0)
    assert tapwatt(status=0)[0] == out
    verbs = [line[2:].split('  ')[0] for line in out.splitlines() if line.startswith('  ')
             and not line.startswith('  tapwatt ')]
    assert len(verbs) >= 6, out
    for verb in verbs:
        words = [word for word in verb.split() if word.islower()]
        text, _ = tapwatt(*words, '--help', status=0)
        assert text.startswith(f'tapwatt {" ".join(words)}'), text
        assert f'\n  tapwatt {" ".join(words)}' in text, f'no example: {text}'
        assert 'Exit status: 0' in text, text
    out, _ = tapwatt('--version', status=0)
    assert out.startswith('tapwatt '), out


tap.run('/cli/journal')
