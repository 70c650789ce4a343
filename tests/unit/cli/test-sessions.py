# SPDX-License-Identifier: Apache-2.0
"""tapwatt sessions and tapwatt receipt: test-sessions.py TAPWATT MAKE-JOURNAL SOURCE MAKE-STORY. Journals are written
by the real journal from entries that are scripted here, as payment/journal/README.md lists them; every expected amount
was worked out by hand."""

import contextlib
import datetime
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys

from program import directory, tap, tapwatt, untouched

MAKE_STORY = sys.argv[4]
TARIFF = json.dumps({
    'country_code': 'DE', 'party_id': 'TWT', 'id': 'T-1', 'currency': 'EUR', 'type': 'AD_HOC_PAYMENT',
    'tax_included': 'YES', 'last_updated': '2026-11-01T00:00:00Z',
    'elements': [{'price_components': [{'type': 'ENERGY', 'price': 0.49, 'vat': 19, 'step_size': 1}]}]})
SELLER = {
    'station_id': 'CLI-1', 'station_name': 'Pedestal', 'address': 'Teststrasse 1', 'country': 'DE',
    'time_zone': 'Europe/Berlin', 'seller': 'Stadtwerke', 'seller_address': 'Werkstrasse 2', 'vat_id': 'DE123456789',
    'helpline': '+49 30 1234567', 'connectors': [{'number': 1, 'label': 'left', 'max_power_w': 11000}]}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def utc_us(text):
    return int(datetime.datetime.fromisoformat(text + '+00:00').timestamp()) * 1000000


class Story:
    """The entries of a journal, one after the other; time goes on by a second each."""

    def __init__(self):
        self.lines, self.blobs, self.now_us = [], set(), utc_us('2026-11-22T13:03:00')
        self.say(None, 'station-started', version='0.1.0')

    def at(self, text):
        self.now_us = utc_us(text)
        return self

    def say(self, session, kind, **payload):
        self.now_us += 1000000
        self.lines.append({'session': session, 'kind': kind, 'wall_us': self.now_us, 'boot_us': self.now_us,
                           'payload': json.dumps(payload)})
        return self

    def keep(self, text):
        if text not in self.blobs:
            self.blobs.add(text)
            self.lines.append({'blob': text})
            self.say(None, 'counter', event='timeout', to='welcome', place='over')
        return digest(text)

    def offer(self, session, tariff=TARIFF, seller=SELLER, currency='EUR', test_mode=True, language='en'):
        hashes = self.keep(tariff), self.keep(json.dumps(seller))
        return self.say(session, 'offered', connector=1, evse_id='DE*TWT*E0001*1', tariff=hashes[0], seller=hashes[1],
                        currency=currency, hold_minor=5000, language=language, test_mode=test_mode)

    def approve(self, session):
        card = {'kind': 'emv', 'masked': '************1111', 'brand': 'visa', 'aid': 'a0000000031010'}
        self.say(session, 'referenced', operation='authorize', key=session + '-authorize-1', reference='{}', card=card)
        return self.say(session, 'approved', end='approved', held_minor=5000, approval_code='123456', reference='{}')

    def step(self, session, to, place='bay', reason=None):
        more = {'reason': reason} if reason else {}
        return self.say(session, 'bay', event='x', to=to, place=place, connector=1, **more)

    def reading(self, session, register_wh, phase='charging'):
        return self.say(session, 'reading', phase=phase, register_wh=register_wh, wall_us=self.now_us,
                        boot_us=self.now_us)

    def charge(self, session, wh):
        return self.approve(session).step(session, 'charging').reading(session, 100000).reading(session, 100000 + wh)

    def bill(self, session, price, capture=None, receipt=1):
        self.step(session, 'finishing', reason='stop')
        return self.say(session, 'bill', price_minor=price, capture_minor=price if capture is None else capture,
                        receipt=receipt)

    def ask(self, session, operation, amount):
        return self.say(session, 'request', n=2, operation=operation, key=f'{session}-{operation}-2',
                        amount_minor=amount)

    def answer(self, session, outcome, detail=None):
        more = {'detail': detail} if detail else {}
        return self.say(session, 'answer', n=2, key='x', outcome=outcome, **more)

    def paid(self, session, wh, price, **offer):
        """From the tap to the end."""
        self.offer(session, **offer).charge(session, wh).bill(session, price).ask(session, 'capture', price)
        return self.answer(session, 'done').step(session, 'free', place='over')

    def write(self, path):
        text = ''.join(json.dumps(line) + '\n' for line in self.lines)
        subprocess.run([MAKE_STORY, path, 'CLI-1'], input=text, text=True, check=True)
        return os.path.join(path, 'journal.db')


def usual_story():
    """10 kWh at 0.49 are 4.90; 2 kWh are 0.98; 110 kWh are 53.90, of which the hold pays 50.00."""
    story = Story().paid('S-1', 10000, 490)
    story.offer('S-2').say('S-2', 'not-approved', end='declined', reason='declined')
    story.say('S-2', 'counter', event='declined', to='welcome', place='over')
    story.offer('S-3').charge('S-3', 110000).bill('S-3', 5390, capture=5000, receipt=2)
    story.say('S-3', 'finding', **{'class': 'over-hold'}, amount_minor=390, text='The car took more than was held.')
    story.ask('S-3', 'capture', 5000).answer('S-3', 'refused', 'EXPIRED').say(
        'S-3', 'finding', **{'class': 'capture-refused'}, amount_minor=5000, text='Claim it by hand.', ends_claim=True)
    story.step('S-3', 'free', place='over')
    story.offer('S-4').approve('S-4').step('S-4', 'armed').ask('S-4', 'release', 5000)
    story.step('S-4', 'free', place='over', reason='timeout').answer('S-4', 'unknown', 'gateway-unreachable')
    story.offer('S-5').charge('S-5', 2000)
    return story


@contextlib.contextmanager
def journal(story=None):
    with directory() as path:
        yield (story or usual_story()).write(path)


def rows(text):
    """{session: the words of its row}."""
    return {words[0]: words for words in (line.lstrip('! ').split() for line in text.splitlines()) if words}


@tap.case
def a_table_tells_what_became_of_the_money():
    with journal() as database, untouched(os.path.dirname(database)):
        text, _ = tapwatt('sessions', '--journal', database, status=1)
    found = rows(text)
    assert 'TEST MODE' in text, text
    expected = {
        'S-1': ['000001', '2026-11-22', '14:03', '1', 'over:', 'stop', '10.000', '4.90', '4.90', '50.00', 'EUR',
                'captured', 'TEST'],
        'S-2': ['-', '2026-11-22', '14:03', '1', 'over:', 'declined', '-', '-', '-', '-', 'EUR', 'no-hold', 'TEST'],
        'S-3': ['000002', '2026-11-22', '14:03', '1', 'over:', 'stop', '110.000', '53.90', '-', '50.00', 'EUR',
                'refused', 'TEST'],
        'S-4': ['-', '2026-11-22', '14:03', '1', 'over:', 'timeout', '-', '-', '-', '50.00', 'EUR', 'release-pending',
                'TEST'],
        'S-5': ['-', '2026-11-22', '14:03', '1', 'charging', '2.000', '-', '-', '50.00', 'EUR', 'held', 'TEST'],
        # 4.90 + 53.90; only the first was captured.
        'TOTAL': ['of', '5', '122.000', '58.80', '4.90', 'EUR', '2', 'to', 'look', 'at', 'TEST'],
    }
    for session, words in expected.items():
        assert found[session][1:] == words, (found[session], words)


@tap.case
def columns_stand_below_each_other():
    with journal() as database:
        text, _ = tapwatt('sessions', '--journal', database, status=1)
    lines = [line for line in text.splitlines() if re.match(r'[! ]  (S-|SESSION|TOTAL)', line)]
    for title in ('MONEY', 'SESSION', 'BEGIN', 'STATE'):
        column = lines[0].index(title)
        assert all(line[column - 1:column].strip() == '' for line in lines), text
    for title in ('PRICE', 'CAPTURED', 'HELD', 'KWH'):      # to the right
        end = lines[0].index(title) + len(title)
        assert all(line[end:end + 1].strip() == '' for line in lines), text
    assert max(map(len, text.splitlines())) <= 160, text


@tap.case
def what_needs_a_person_stands_out():
    with journal() as database:
        text, _ = tapwatt('sessions', '--journal', database, status=1)
    marked = [line for line in text.splitlines() if line.startswith('!')]
    assert [line[1:].split()[0] for line in marked] == ['S-3', 'over-hold,', 'capture-refused,', 'S-4', 'unfinished:']
    assert '3.90 EUR: The car took more than was held.' in marked[1], text
    assert 'S-4-release-2' in marked[4] and 'gateway-unreachable' in marked[4], text


@tap.case
def a_quiet_journal_is_well():
    with journal(Story().paid('S-1', 10000, 490)) as database:
        text, _ = tapwatt('sessions', '--journal', os.path.dirname(database), status=0)
        assert '!' not in text, text


@tap.case
def no_sessions_are_told():
    with journal(Story()) as database:
        assert tapwatt('sessions', '--journal', database, status=0)[0] == 'no sessions\n'


@tap.case
def json_has_the_same_figures():
    with journal() as database, untouched(os.path.dirname(database)):
        report = json.loads(tapwatt('sessions', '--journal', database, '--json', status=1)[0])
    sessions = {session['session']: session for session in report['sessions']}
    assert report['test_mode'] is True and report['broken'] is None
    assert list(sessions) == [f'S-{n}' for n in range(1, 6)]
    assert sessions['S-1']['captured_minor'] == sessions['S-1']['price_minor'] == 490
    assert sessions['S-1']['begin'].startswith('2026-11-22T14:03:') and sessions['S-1']['begin'].endswith('+01:00')
    assert (sessions['S-3']['captured_minor'], sessions['S-3']['money']) == (0, 'refused')
    assert [finding['class'] for finding in sessions['S-3']['findings']] == ['over-hold', 'capture-refused']
    assert [session for session in sessions if sessions[session]['stands_out']] == ['S-3', 'S-4']
    assert [session for session in sessions if not sessions[session]['closed']] == ['S-4', 'S-5']
    assert report['totals'] == [{'test_mode': True, 'currency': 'EUR', 'sessions': 5, 'stand_out': 2,
                                 'energy_wh': 122000, 'price_minor': 5880, 'captured_minor': 490}]


@tap.case
def test_money_is_never_added_to_real_money():
    yen = TARIFF.replace('"EUR"', '"JPY"').replace('0.49', '49')
    story = Story().paid('S-1', 10000, 490).paid('S-2', 10000, 490, test_mode=False)
    story.paid('S-3', 10000, 490, tariff=yen, currency='JPY', test_mode=False)
    with journal(story) as database:
        text, _ = tapwatt('sessions', '--journal', database, status=0)
        totals = json.loads(tapwatt('sessions', '--journal', database, '--json', status=0)[0])['totals']
    assert [(total['test_mode'], total['currency'], total['captured_minor']) for total in totals] == [
        (True, 'EUR', 490), (False, 'EUR', 490), (False, 'JPY', 490)], totals
    lines = [line.split() for line in text.splitlines() if 'TOTAL' in line]
    assert [line[4:] for line in lines] == [['4.90', '4.90', 'EUR', 'TEST'], ['4.90', '4.90', 'EUR'],
                                            ['490', '490', 'JPY']], text


@tap.case
def days_are_those_of_the_station():
    """23:30 on the 21st in UTC is half past midnight on the 22nd in Berlin."""
    story = Story().at('2026-11-21T22:30:00').paid('S-1', 10000, 490)
    story.at('2026-11-21T23:30:00').paid('S-2', 10000, 490).at('2026-11-22T12:00:00').paid('S-3', 10000, 490)
    with journal(story) as database:
        for since, expected in (('2026-11-21', 3), ('2026-11-22', 2), ('2026-11-23', 0)):
            report = json.loads(tapwatt('sessions', '--journal', database, '--since', since, '--json', status=0)[0])
            assert len(report['sessions']) == expected, (since, report)
        text, _ = tapwatt('sessions', '--journal', database, '--limit', '1', status=0)
        assert 'S-3' in text and 'S-2' not in text and 'TOTAL of 1' in text, text
        text, _ = tapwatt('sessions', '--journal', database, '--limit', '9', status=0)
        assert 'TOTAL of 3' in text, text


@tap.case
def without_a_zone_times_are_utc():
    seller = dict(SELLER, time_zone='Mars/Olympus_Mons')
    with journal(Story().paid('S-1', 10000, 490, seller=seller)) as database:
        text, _ = tapwatt('sessions', '--journal', database, status=0)
        assert '2026-11-22 13:03Z' in text, text


@tap.case
def what_a_journal_says_cannot_move_the_cursor():
    story = Story().offer('S-1').say('S-1', 'finding', **{'class': 'x'}, text='\u001b[2J\nTOTAL', amount_minor=0)
    with journal(story) as database:
        text, _ = tapwatt('sessions', '--journal', database, status=1)
        assert '\u001b' not in text and r'\x1b[2J\x0aTOTAL' in text, text


@tap.case
def a_receipt_is_printed_again():
    with journal() as database, untouched(os.path.dirname(database)):
        text, _ = tapwatt('receipt', 'S-1', '--journal', database, status=0)
        german, _ = tapwatt('receipt', 'S-1', '--journal', database, '--language', 'de', status=0)
        paper = json.loads(tapwatt('receipt', 'S-1', '--journal', database, '--json', status=0)[0])
        declined, _ = tapwatt('receipt', 'S-2', '--journal', database, status=0)
        refused, _ = tapwatt('receipt', 'S-3', '--journal', database, status=0)
    assert 'TEST MODE' in text and '4.90 EUR' in text and '****1111' in text and 'CLI-1-000001' in text, text
    assert 'TESTBETRIEB' in german and '4,90 EUR' in german, german
    assert (paper['total']['gross_minor'], paper['test_mode'], paper['session']) == (490, True, 'S-1'), paper
    assert 'SESSION RECORD' in declined and 'TEST MODE' in declined, declined
    assert 'refused the charge' in refused, refused


@tap.case
def a_receipt_speaks_the_driver_s_language():
    with journal(Story().paid('S-1', 10000, 490, language='de')) as database:
        assert 'BELEG' in tapwatt('receipt', 'S-1', '--journal', database, status=0)[0]
        assert 'RECEIPT' in tapwatt('receipt', 'S-1', '--journal', database, '--language', 'en', status=0)[0]


@tap.case
def one_session_s_export_is_enough():
    with journal() as database, directory() as path:
        file = os.path.join(path, 'S-1.jsonl')
        tapwatt('journal', 'export', database, '--session', 'S-1', '--output', file, status=0)
        from_database, _ = tapwatt('receipt', 'S-1', '--journal', database, status=0)
        from_export, _ = tapwatt('receipt', 'S-1', '--journal', file, status=0)
        text, _ = tapwatt('sessions', '--journal', file, status=0)
    assert from_database == from_export
    assert 'nothing vouches for it' in text and 'S-1' in text, text


@tap.case
def a_price_that_the_readings_do_not_make_is_refused():
    with journal(Story().paid('S-1', 10000, 491)) as database, untouched(os.path.dirname(database)):
        _, err = tapwatt('receipt', 'S-1', '--journal', database, status=2)
        assert database in err and 'billed 491' in err and 'make 490' in err, err


@tap.case
def who_is_not_there_is_told():
    with journal() as database:
        _, err = tapwatt('receipt', 'S-9', '--journal', database, status=2)
        assert database in err and '"S-9"' in err and 'tapwatt sessions' in err, err


@tap.case
def a_kind_that_is_not_known_is_refused():
    with journal(Story().offer('S-1').say('S-1', 'teleported', to='Mars')) as database:
        for words in (('sessions',), ('receipt', 'S-1')):
            _, err = tapwatt(*words, '--journal', database, status=2)
            assert database in err and 'entry 5' in err and 'teleported' in err, err


def vandalise(database, statement):
    with sqlite3.connect(database) as db:
        for kind in ('update', 'delete', 'insert'):
            db.execute(f'DROP TRIGGER IF EXISTS entry_{kind}')
            db.execute(f'DROP TRIGGER IF EXISTS blob_{kind}')
        db.execute(statement)
    db.close()


@tap.case
def after_a_broken_entry_nothing_is_believed():
    with journal() as database:
        with sqlite3.connect(database) as db:
            broken = db.execute("SELECT seq FROM entry WHERE session = 'S-3' AND kind = 'bill'").fetchone()[0]
        db.close()
        vandalise(database, f"UPDATE entry SET payload = CAST (replace (payload, '5390', '5389') AS BLOB) "
                            f"WHERE seq = {broken}")
        with untouched(os.path.dirname(database)):
            text, _ = tapwatt('sessions', '--journal', database, status=1)
            report = json.loads(tapwatt('sessions', '--journal', database, '--json', status=1)[0])
            _, err = tapwatt('receipt', 'S-1', '--journal', database, status=2)
    assert '! BROKEN' in text and f'entry {broken}' in text and 'S-3' in text and 'S-4' not in text, text
    assert '53.89' not in text and f'entry {broken}' in report['broken'], text
    assert 'the chain is broken' in err and f'entry {broken}' in err, err


@tap.case
def a_newer_journal_is_left_alone():
    with journal() as database:
        with sqlite3.connect(database) as db:
            db.execute('PRAGMA user_version = 99')
        db.close()
        with untouched(os.path.dirname(database)):
            for words in (('sessions',), ('receipt', 'S-1')):
                _, err = tapwatt(*words, '--journal', database, status=2)
                assert database in err and 'schema 99 is newer' in err, err


@tap.case
def a_lost_tariff_is_told():
    with journal(Story().paid('S-1', 10000, 490)) as database:
        vandalise(database, f"DELETE FROM blob WHERE hash = '{digest(TARIFF)}'")
        _, err = tapwatt('receipt', 'S-1', '--journal', database, status=2)
        assert digest(TARIFF) in err, err


@tap.case
def wrong_words_are_told_in_a_line():
    with journal() as database, directory() as path:
        config = os.path.join(path, 'tapwatt.conf')
        with open(config, 'w', encoding='utf-8') as out:
            out.write('[station]\ncolour = red\n')
        for words, part in ((('sessions', '--journal', database, '--config', config), 'give one of them'),
                            (('sessions', '--journal', os.path.join(path, 'no.db')), 'no.db: No such file'),
                            (('sessions', '--config', os.path.join(path, 'no.conf')), 'no.conf: cannot be read'),
                            (('sessions', '--config', config), f'{config}:2: [station] colour'),
                            (('sessions', '--journal', config), f'{config}: '),
                            (('sessions', '--journal', database, '--since', 'yesterday'), 'as in 2026-11-22'),
                            (('sessions', '--journal', database, '--since', '2026-13-01'), 'as in 2026-11-22'),
                            (('sessions', '--journal', database, '--since', ''), 'as in 2026-11-22'),
                            (('sessions', '--journal', database, '--limit', '-1'), 'above 0'),
                            (('sessions', '--journal', database, '--limit', 'all'), '--limit'),
                            (('sessions', database), 'too much'),
                            (('receipt',), 'SESSION'),
                            (('receipt', 'S-1', '--journal', database, '--language', 'fr'), 'accepted are en, de'),
                            (('receipt', 'S-1', '--journal', '/dev/null'), '/dev/null: '),
                            (('status', 'now'), 'too much')):
            _, err = tapwatt(*words, status=2)
            assert part in err, (words, err)


@tap.case
def a_config_names_the_journal():
    with journal() as database, directory() as path:
        config = os.path.join(path, 'tapwatt.conf')
        with open(config, 'w', encoding='utf-8') as out:
            out.write('[station]\nid = CLI-1\nname = P\naddress = A\ncountry = DE\ntime_zone = UTC\ncurrency = EUR\n'
                      '[seller]\nname = S\naddress = A\nhelpline = 1\n'
                      f'[journal]\ndirectory = {os.path.dirname(database)}\n'
                      '[connector 1]\nevse_id = DE*TWT*E1\npower = rapi:/dev/ttyS1\ntariff = t.json\nhold_minor = 1\n')
        by_config = tapwatt('sessions', '--config', config, status=1)
        assert by_config == tapwatt('sessions', '--journal', database, status=1)
        assert tapwatt('receipt', 'S-1', '--config', config, status=0)


@tap.case
def nobody_answers_is_told():
    with directory() as path:
        os.environ['DBUS_SYSTEM_BUS_ADDRESS'] = f'unix:path={path}/nobody'
        for words in (('status',), ('status', '--json')):
            _, err = tapwatt(*words, status=3)
            assert 'no system bus' in err and 'is the station running' in err, err


tap.run('/cli/sessions')
