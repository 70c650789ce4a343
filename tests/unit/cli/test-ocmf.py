# SPDX-License-Identifier: Apache-2.0
"""tapwatt ocmf verify: test-ocmf.py TAPWATT MAKE-JOURNAL SOURCE. The meters are in plain numbers (tests/data/ocmf), and
the openssl command says the same of them."""

import base64
import json
import os
import subprocess
import sys

from program import SOURCE, TAPWATT, directory, tap, tapwatt

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'data', 'ocmf'))
import ecdsa  # noqa: E402
from meters import Meter, begin, end, values  # noqa: E402


def write(path, name, content):
    path = os.path.join(path, name)
    with open(path, 'wb') as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def verify(content, *words, status=0):
    """The records that --json tells of a file with this content."""
    with directory() as path:
        out, _ = tapwatt('ocmf', 'verify', write(path, 'records', content), '--json', *words, status=status)
    return json.loads(out)['records']


def verdicts(*arguments, **more):
    return [record['verdict'] for record in verify(*arguments, **more)]


@tap.case
def openssl_agrees_with_the_meters():
    with directory() as path:
        for name in ecdsa.CURVES:
            meter = Meter(curve=name)
            payload = meter.payload([begin(), end()])
            key = write(path, 'key.pem', meter.pem())
            signature = write(path, 'signature', ecdsa.der(*meter.sign(payload)))
            done = subprocess.run(['openssl', 'dgst', '-sha256', '-verify', key, '-signature', signature,
                                   write(path, 'payload', payload)], capture_output=True, text=True, check=False)
            assert done.stdout == 'Verified OK\n', (name, done)


@tap.case
def each_curve_and_each_kind_of_key_file():
    with directory() as path:
        for name in ecdsa.CURVES:
            meter = Meter(curve=name)
            record = write(path, 'record', meter.record() + '\n')
            for key in (meter.pem(), meter.spki(), meter.key() + '\n', base64.encodebytes(meter.spki()),
                        meter.pem().replace('\n', '\r\n')):
                out, _ = tapwatt('ocmf', 'verify', record, '--key-file', write(path, 'key', key), '--json', status=0)
                [told] = json.loads(out)['records']
                assert (told['verdict'], told['valid'], told['curve'], told['key_source']) == (
                    'valid', True, name, 'given'), told


@tap.case
def what_the_record_says_is_told_word_for_word():
    meter = Meter()
    text = meter.record([begin('2935.600', ST='G'), end('2945.1230')], ID='47\u00fc %n ${x}', FV='0.4')
    [told] = verify(text, '--key', meter.key())
    assert told['meter'] == 'BQ27400330016' and told['gateway'] == 'G-BQ27400330016', told
    assert told['identification'] == '47\u00fc %n ${x}' and told['identification_type'] == 'CARD_TXN_NR', told
    assert told['begin'] == {'event': 'B', 'time': '2026-03-01T13:00:04,000+0100 S', 'value': '2935.600',
                             'unit': 'kWh', 'register': '01-00:B0.08.00*FF', 'current': 'AC', 'errors': '',
                             'state': 'G'}, told
    assert told['end']['value'] == '2945.1230' and told['energy_wh'] == 9523, told
    assert told['pagination'] == 'T12345' and told['version'] == '0.4' and told['findings'] == [], told
    with directory() as path:
        record, key = write(path, 'record', text), write(path, 'key', meter.key())
        out, _ = tapwatt('ocmf', 'verify', record, '--key-file', key, status=0)
        digest = subprocess.run(['sha256sum', record], capture_output=True, text=True, check=True).stdout.split()[0]
    assert told['sha256'] == digest
    assert '2935.600' in out and '2945.1230' in out and '9523' in out and '1 of 1 records good' in out, out


@tap.case
def lines_in_their_order():
    one, other = Meter('A'), Meter('B', 'brainpoolP256r1')
    good, bad, foreign = one.record(page='T1'), one.record(page='T2').replace('2945.123', '2945.124'), other.record()
    text = f'\n{good}\r\n\n  {bad}\n{foreign}\n'
    assert verdicts(text, '--key', one.key(), status=1) == ['valid', 'invalid', 'key_mismatch']
    assert [record['line'] for record in verify(text, '--key', one.key(), status=1)] == [2, 4, 5]
    assert verdicts(text, status=1) == ['no_key'] * 3
    assert verdicts('\ufeff' + good, '--key', one.key()) == ['valid']


@tap.case
def a_payload_may_have_line_ends():
    meter = Meter()
    pretty = meter.seal(json.dumps(json.loads(meter.payload([begin(), end()])), indent=1))
    assert verdicts(f'{pretty}\n{meter.record(page="T12346")}\n', '--key', meter.key()) == ['valid', 'valid']


@tap.case
def a_damaged_record_does_not_vanish():
    meter = Meter()
    good = meter.record()
    for broken in ('NCMF' + good[4:], good.replace('|', 'l', 1), 'x' + good):
        assert verdicts(f'{good}\n{broken}\n', '--key', meter.key(), status=1) == ['valid']
    for broken in (good[:-1], good + '}', good[:200], good.replace('|{"SD', 'l{"SD')):
        assert verdicts(f'{good}\n{broken}\n', '--key', meter.key(), status=1) == ['valid', 'malformed']
        assert verdicts(f'{broken}\n{good}\n', '--key', meter.key(), status=1) == ['malformed', 'valid']


@tap.case
def hex_and_base64_around_the_record():
    meter = Meter()
    record = meter.record().encode()
    for text in (record.hex(), record.hex().upper(), base64.b64encode(record), base64.encodebytes(record),
                 values((record.hex(), None)), values((base64.encodebytes(record).decode(), None))):
        assert verdicts(text, '--key', meter.key()) == ['valid'], text
    tapwatt_on(record.hex().replace('4', '4 ', 1).replace('a', 'A', 1), status=2)
    text = f'{record.hex()}\n{base64.b64encode(meter.record(page="T12346").encode()).decode()}\n'
    assert verdicts(text, '--key', meter.key()) == ['valid', 'valid']


def tapwatt_on(content, *words, status):
    with directory() as path:
        return tapwatt('ocmf', 'verify', write(path, 'records', content), *words, status=status)


@tap.case
def a_container_brings_its_key():
    meter, other = Meter(), Meter('OTHER')
    text = values((meter.record([begin()], page='T1'), meter.key()), (meter.record([end()], page='T2'), meter.pem()))
    records = verify(text)
    assert [(r['verdict'], r['key_source'], r['partner']) for r in records] == [('valid', 'container', 2),
                                                                               ('valid', 'container', 1)], records
    assert (records[0]['energy_wh'], records[1]['energy_wh']) == (None, 9523), records
    assert records[1]['begin'] is None and records[1]['end']['value'] == '2945.123', records
    told = verify(text, '--key', other.key(), status=1)
    assert [(r['verdict'], r['key_source']) for r in told] == [('invalid', 'given')] * 2, told
    assert verdicts(values((meter.record(), other.key())), status=1) == ['invalid']
    assert verdicts(values((meter.record(), None)), status=1) == ['no_key']
    assert verdicts(values((meter.record(), '${jndi:ldap://x}%n')), status=1) == ['malformed']
    root = values((meter.record(), None)).replace('<values>', f'<values><publicKey>{meter.key()}</publicKey>')
    assert verdicts(root) == ['valid']
    plain = f'<a:signedMeterValue xmlns:a="urn:x"><a:publicKey>{meter.key()}</a:publicKey><a:signedData><![CDATA['
    assert verdicts(f'{plain}{meter.record()}]]></a:signedData></a:signedMeterValue>') == ['valid']


@tap.case
def foreign_formats_are_strays():
    meter = Meter()
    text = values((meter.record(), meter.key()), ('AP;0;3;ALFEN', meter.key()))
    with directory() as path:
        out, _ = tapwatt('ocmf', 'verify', write(path, 'x', text), '--json', status=1)
    told = json.loads(out)
    assert [record['verdict'] for record in told['records']] == ['valid'], told
    assert told['strays'] == [{'line': 8, 'what': 'format OCMF: AP;0;3;ALFEN'}], told
    tapwatt_on(values(('AP;0;3;ALFEN', None)), status=2)


@tap.case
def xml_is_not_trusted():
    meter = Meter()
    good = values((meter.record(), meter.key()))
    bomb = '<!DOCTYPE v [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE v [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for text in (good.replace('<values>', bomb + '<values>'), good.replace('<values>', outside + '<values>'),
                 good.replace('<values>', bomb + '<values>').replace('UTF-8', 'UTF-16').encode('utf-16'),
                 good.replace('OCMF|', '&a;OCMF|'), good[:-10], good.replace('</publicKey>', '</publicKez>'),
                 '<values>' * 20 + '</values>' * 20, '<', '<values/>x', '<?xml version="1.0"?>'):
        _, complaint = tapwatt_on(text, status=2)
        assert 'records: ' in complaint, complaint
    assert verdicts(good.replace('UTF-8', 'UTF-16').encode('utf-16')) == ['valid']
    tapwatt_on('<values/>', status=2)


@tap.case
def a_registry_knows_the_signers():
    meter, other, third = Meter(), Meter('OTHER'), Meter('THIRD', 'secp384r1')
    record, container = meter.record(), values((meter.record(), meter.key()))
    with directory() as path:
        def registry(text):
            return '--registry', write(path, 'registry', text)

        right = registry(f'# keys\n\n"{meter.serial}", {meter.key()}; 2026-01-01; by letter\n')
        told = verify(record, *right)[0]
        assert (told['verdict'], told['key_source']) == ('valid', 'registry'), told
        assert verify(container, *right)[0]['key_source'] == 'registry'
        assert verdicts(values((record, other.key())), *right) == ['valid']
        assert verdicts(record, '--key', meter.key(), *right) == ['valid']
        assert verdicts(record, '--key', other.key(), *right, status=1) == ['invalid']

        wrong = registry(f'{meter.serial}\t{other.key()}\n')
        assert verdicts(record, *wrong, status=1) == ['invalid']
        told = verify(container, *wrong, status=1)[0]
        assert (told['verdict'], told['valid'], told['key_source']) == ('untrusted_key', False, 'container'), told
        assert verdicts(record, '--key', meter.key(), *wrong, status=1) == ['untrusted_key']
        assert verdicts(container, *registry(f'{meter.serial} {third.key()}'), status=1) == ['untrusted_key']
        assert verdicts(record, *registry(f'{meter.serial} {third.key()}'), status=1) == ['key_mismatch']

        assert verdicts(record, *registry(f'SOMEBODY {other.key()}\n'), status=1) == ['no_key']
        assert verdicts(container, *registry(f'SOMEBODY {other.key()}\n')) == ['valid']
        assert verdicts(record, *registry(f'G-{meter.serial} {meter.key()}\n')) == ['valid']
        both = f'{meter.serial} {other.key()}\n{meter.serial} {meter.key()}\n'
        assert verdicts(record, *registry(both)) == ['valid']
        for value in (meter.pem(), {'key': meter.key(), 'since': '2026-01-01'}, [other.key(), meter.key()]):
            assert verdicts(record, *registry(json.dumps({meter.serial: value}))) == ['valid']

        for text, what in (('SERIAL\n', 'line 1: a serial number and a key are expected'),
                           ('\nSERIAL abc\n', 'line 2: serial number SERIAL: the public key is neither hex'),
                           ('{"S":{}}', '$.S'), ('{"S":"00"}', 'infinity'), ('{"S":', 'line 1'),
                           (b'\xff\xfe', 'not UTF-8')):
            _, complaint = tapwatt_on(record, *registry(text), status=2)
            assert what in complaint, complaint


@tap.case
def the_end_of_another_sale_is_never_valid():
    meter, other = Meter(), Meter('OTHER')
    first = meter.record([begin()], page='T7')
    cases = ((other.record([end()], page='T8'), 'meter_identity'),
             (meter.record([end()], page='T8', ID='4712'), 'identification_changed'),
             (meter.record([end()], page='T8', IT='LOCAL'), 'identification_changed'),
             (meter.record([end()], page='T9'), 'pagination_gap'),
             (meter.record([end()], page='T7'), 'pagination_gap'),
             (meter.record([end()], page='T6'), 'pagination_gap'))
    for last, finding in cases:
        with directory() as path:
            registry = write(path, 'registry', ''.join(f'{m.serial} {m.key()}\n' for m in (meter, other)))
            earlier = last == cases[-1][0]   # in front of the begin it is the end of the sale before
            for text in (f'{first}\n{last}\n',) + (() if earlier else (f'{last}\n{first}\n',)):
                records = verify(text, '--registry', registry, status=1)
                told = next(record for record in records if record['end'] is not None)
                assert not told['valid'] and told['verdict'] == 'invalid' and told['energy_wh'] is None, told
                assert finding in told['findings'] and 'not the end of the sale' in told['reason'], told
    assert verdicts(f'{first}\n{meter.record([end()], page="T8")}\n', '--key', meter.key()) == ['valid', 'valid']
    assert verdicts(meter.record([end()], page='T8'), '--key', meter.key()) == ['valid']
    assert verdicts(f'{cases[-1][0]}\n{first}\n', '--key', meter.key()) == ['valid', 'valid']


@tap.case
def one_sale_is_not_ended_twice():
    meter = Meter()
    records = [meter.record([begin()], page='T1'), meter.record([end()], page='T2'),
               meter.record([begin('2945.123', 61)], page='T3')]
    text = '\n'.join([*records, records[1]])
    assert verdicts(text, '--key', meter.key(), status=1) == ['valid', 'valid', 'valid', 'invalid']
    payload = meter.payload([end()], page='T2')
    again = meter.seal(payload, ecdsa.der(*meter.sign(payload, lambda r, s: s < meter.curve.n // 2)))
    told = verify('\n'.join([*records, again]), '--key', meter.key(), status=1)[3]
    assert told['verdict'] == 'invalid' and 'record_reused' in told['findings'], told


@tap.case
def keys_that_are_none():
    record = Meter().record()
    assert verdicts(record, '--key', '${jndi:ldap://x}%n%s', status=1) == ['malformed']
    assert verdicts(record, '--key', '', status=1) == ['malformed']
    with directory() as path:
        for kind in (['RSA'], ['EC', '-pkeyopt', 'ec_paramgen_curve:P-521'], ['ED25519'],
                     ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit']):
            private = os.path.join(path, 'private.pem')
            subprocess.run(['openssl', 'genpkey', '-algorithm', *kind, '-out', private], check=True,
                           capture_output=True)
            key = subprocess.run(['openssl', 'pkey', '-in', private, '-pubout'], check=True, capture_output=True).stdout
            assert verdicts(record, '--key-file', write(path, 'key', key), status=1) == ['unsupported'], kind
        tapwatt_on(record, '--key-file', os.path.join(path, 'none'), status=2)
        tapwatt_on(record, '--registry', os.path.join(path, 'none'), status=2)
        tapwatt_on(record, '--key', 'ab', '--key-file', write(path, 'key', 'ab'), status=2)
        tapwatt('ocmf', 'verify', os.path.join(path, 'none'), status=2)
        tapwatt('ocmf', 'verify', path, status=2)


@tap.case
def no_record_is_its_own_status():
    for content in ('', '\n', 'ocmf|{}|{}', 'OCMF', b'\0' * 100, '{"records": []}', '\ufeff', b'\xff\xfe'):
        tapwatt_on(content, status=2)
    with directory() as path:
        done = subprocess.run([TAPWATT, 'ocmf', 'verify', write(path, 'x', 'hello'), '--json'], capture_output=True,
                              text=True, check=False)
    assert done.returncode == 2 and json.loads(done.stdout) == {
        'records': [], 'strays': [{'line': 1, 'what': 'hello'}]}, done


@tap.case
def a_changed_bit_of_a_file_is_never_well():
    meter = Meter()
    text = f'{meter.record([begin()], page="T1")}\n{meter.record([end()], page="T2")}\n'.encode()
    with directory() as path:
        tapwatt('ocmf', 'verify', write(path, 'x', text), '--key', meter.key(), status=0)
        for at in range(0, 8 * len(text), 41):
            changed = bytearray(text)
            changed[at // 8] ^= 1 << at % 8
            done = subprocess.run([TAPWATT, 'ocmf', 'verify', write(path, 'x', bytes(changed)), '--key', meter.key()],
                                  capture_output=True, check=False)
            assert done.returncode in (1, 2), (at, done)


@tap.case
def many_records_keep_their_order():
    meter = Meter()
    good, bad = meter.record(), meter.record().replace('4711', '4712')
    text = ''.join((bad if i % 7 == 0 else good) + '\n' for i in range(500))
    assert verdicts(text, '--key', meter.key(), status=1) == [
        'invalid' if i % 7 == 0 else 'valid' for i in range(500)]


tap.run('/cli/ocmf')
