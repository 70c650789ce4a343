#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints known answers for payment/ocmf as JSON: [{name, record, key, verdict, notes, flip}, ...]. Made while building
the tests by ecdsa.py and meters.py, which share no code with payment/ocmf or OpenSSL. record: base64. flip:
which bits of the record no reader may overlook: "all", or "section" (what comes after the payload)."""

import base64
import json

import ecdsa
from meters import ALGORITHMS, Meter, begin, end

ROWS = []


def b64(data):
    return base64.b64encode(data).decode()


def row(name, record, key, verdict, notes=(), flip=None):
    ROWS.append({'name': name, 'record': b64(record.encode()), 'key': key, 'verdict': verdict, 'notes': sorted(notes),
                 'flip': flip})


def curves():
    for name, curve in ecdsa.CURVES.items():
        meter = Meter(curve=name)
        point = ecdsa.uncompressed(curve, meter.point)
        payload = meter.payload([begin(), end()])
        signature = ecdsa.der(*meter.sign(payload))
        record = meter.seal(payload, signature)
        row(f'{name}/hex', record, meter.key(), 'valid', flip='all' if name == 'secp256r1' else 'section')
        row(f'{name}/base64', meter.seal(payload, signature, 'base64'), meter.key(), 'valid',
            flip='section' if name == 'secp256r1' else None)
        for form, key in (('pem', meter.pem()), ('spki-base64', b64(meter.spki())), ('point-hex', point.hex()),
                          ('point-base64', b64(point)), ('raw-hex', point[1:].hex()), ('raw-base64', b64(point[1:])),
                          ('upper-hex', meter.key().upper()),
                          ('spaced-hex', meter.key()[:20] + ' \n\t' + meter.key()[20:]),
                          ('compressed', ecdsa.compressed(curve, meter.point).hex()),
                          ('spki-compressed', ecdsa.spki(curve, ecdsa.compressed(curve, meter.point)).hex()),
                          ('pem-in-a-line', meter.pem().replace('\n', ''))):
            row(f'{name}/key-{form}', record, key, 'valid')
        row(f'{name}/other-meter', record, Meter('OTHER', name).key(), 'invalid')
        row(f'{name}/changed-reading', record.replace('2945.123', '2945.124'), meter.key(), 'invalid')
        wrong = 'secp384r1' if name == 'secp256r1' else 'secp256r1'
        row(f'{name}/other-curve', record, Meter(curve=wrong).key(), 'key_mismatch')
        row(f'{name}/other-algorithm', meter.seal(payload, signature, SA=ALGORITHMS[wrong]), meter.key(),
            'key_mismatch')
        row(f'{name}/other-algorithm-raw-key', meter.seal(payload, signature, SA=ALGORITHMS[wrong]), point[1:].hex(),
            'key_mismatch')
        off = point[:-1] + bytes([point[-1] ^ 1])
        row(f'{name}/key-off-the-curve', record, ecdsa.spki(curve, off).hex(), 'invalid')
        row(f'{name}/raw-key-off-the-curve', record, off[1:].hex(), 'invalid')
        row(f'{name}/key-at-infinity', record, ecdsa.spki(curve, b'\0').hex(), 'invalid')
        for label, algorithm in (('lower', ALGORITHMS[name].lower()), ('upper', ALGORITHMS[name].upper()),
                                 ('with-p', ALGORITHMS[name].replace('pool', 'poolP')),
                                 ('lower-with-p', ALGORITHMS[name].replace('pool', 'poolP').lower())):
            row(f'{name}/algorithm-{label}', meter.seal(payload, signature, SA=algorithm), meter.key(), 'valid',
                flip='section' if label.endswith('p') else None)


def ladder():
    for name, curve in ecdsa.CURVES.items():
        meter = Meter(curve=name)
        payload = meter.payload([begin(), end()])
        top = 1 << (8 * curve.size - 1)
        high = meter.sign(payload, lambda r, s: r >= top and s >= top)   # pylint: disable=cell-var-from-loop
        low = meter.sign(payload, lambda r, s: r < top and s < top)      # pylint: disable=cell-var-from-loop
        key = meter.key()
        flip = 'section' if name == 'secp256r1' else None
        row(f'{name}/high-numbers', meter.seal(payload, ecdsa.der(*high)), key, 'valid')
        row(f'{name}/low-numbers', meter.seal(payload, ecdsa.der(*low)), key, 'valid')
        row(f'{name}/no-leading-zero', meter.seal(payload, ecdsa.der(*high, zeros=0)), key, 'valid_lenient',
            ['lenient_der'], flip)
        row(f'{name}/extra-zeros', meter.seal(payload, ecdsa.der(*low, zeros=2)), key, 'valid_lenient', ['lenient_der'])
        row(f'{name}/raw', meter.seal(payload, ecdsa.raw(curve, *high)), key, 'valid_lenient', ['raw_signature'],
            flip)
        row(f'{name}/raw-base64', meter.seal(payload, ecdsa.raw(curve, *low), 'base64'), key, 'valid_lenient',
            ['raw_signature'])
        row(f'{name}/base64-said-to-be-hex', meter.seal(payload, ecdsa.der(*low), 'base64', SE=None), key,
            'valid_lenient', ['encoding_mismatch'], flip)
        row(f'{name}/hex-said-to-be-base64', meter.seal(payload, ecdsa.der(*low), 'hex', SE='base64'), key,
            'valid_lenient', ['encoding_mismatch'], flip)
        row(f'{name}/all-at-once', meter.seal(payload, ecdsa.der(*high, zeros=0), 'base64', SE=None), key,
            'valid_lenient', ['encoding_mismatch', 'lenient_der'])
        row(f'{name}/raw-said-to-be-base64', meter.seal(payload, ecdsa.raw(curve, *high), 'hex', SE='base64'), key,
            'valid_lenient', ['encoding_mismatch', 'raw_signature'])
        for label, r, s in (('r-zero', 0, low[1]), ('s-zero', low[0], 0), ('r-order', curve.n, low[1]),
                            ('s-order', low[0], curve.n), ('r-plus-order', low[0] + curve.n, low[1]),
                            ('huge', 1 << 512, low[1])):
            row(f'{name}/{label}', meter.seal(payload, ecdsa.der(r, s)), key, 'invalid')
        whole = ecdsa.der(*low)
        for label, signature in (('trailing', whole + b'\0'), ('cut', whole[:-1]),
                                 ('long-form', b'\x30\x81' + whole[1:]),
                                 ('three', ecdsa.tlv(0x30, whole[2:] + ecdsa.integer(1))), ('empty-sequence', b'0\0'),
                                 ('raw-cut', ecdsa.raw(curve, *low)[:-1]), ('raw-long', ecdsa.raw(curve, *low) + b'\0'),
                                 ('zero', bytes(2 * curve.size))):
            row(f'{name}/signature-{label}', meter.seal(payload, signature), key, 'invalid')


def texts():
    """What is read as a record, whatever its signature says; and what is not."""
    meter = Meter()
    key = meter.key()
    good = meter.record()
    payload, section = good.split('|')[1:]
    signature = json.loads(section)['SD']

    def sealed(text, verdict='malformed', name=None):
        row(f'payload/{name or text[:40]}', meter.seal(text), key, verdict)

    def tail(text, verdict='malformed', name=None):
        row(f'section/{name or text[:40]}', f'OCMF|{payload}|{text}', key, verdict)

    sealed(json.dumps(json.loads(payload), indent=2), 'valid', 'pretty')
    sealed(payload + ' \r\n\t', 'valid', 'white-space-is-signed')
    sealed(payload.replace('2945.123', '2945.1230'), 'valid', 'digits-count')
    sealed(payload.replace('2945.123', '2.945123e3'), 'valid', 'exponent')
    sealed(payload.replace('"FV":"1.4"', '"FV":0.4'), 'valid', 'version-as-number')
    sealed(payload.replace('"FV"', '"VX":{"a":[1]},"FV"'), 'valid', 'vendor-key')
    sealed(payload.replace('4711', 'gr\u00fc\u00df'), 'valid', 'utf-8')
    sealed(payload.replace('4711', '${jndi:ldap://x}%n%s'), 'valid', 'hostile-identification')
    sealed(payload.replace('"4711"', '"' + 'x' * 4096 + '"'), 'valid', 'longest-string')
    sealed(payload.replace('2945.123', '9' * 37 + '.123'), 'valid', 'forty-digits')
    for name, text in (('empty', ''), ('array', '[]'), ('no-readings', '{"PG":"T1","RD":[]}'), ('no-rd', '{"PG":"T1"}'),
                       ('reading-is-no-object', '{"RD":[1]}'), ('rd-is-no-array', '{"RD":{}}'), ('cut', payload[:-1]),
                       ('two', payload + payload), ('bom', '\ufeff' + payload),
                       ('nul', payload.replace('4711', '47\0')),
                       ('lone-surrogate', payload.replace('4711', '\\ud800')),
                       ('duplicate', payload.replace('"FV":"1.4"', '"ID":"1","FV":"1.4"')),
                       ('duplicate-escaped', payload.replace('"FV":"1.4"', '"\\u0049D":"1","FV":"1.4"')),
                       ('duplicate-in-reading', payload.replace('"TX":"B"', '"TX":"B","TX":"E"')),
                       ('deep', payload.replace('"FV"', '"VX":' + '[' * 9 + ']' * 9 + ',"FV"')),
                       ('very-deep', payload.replace('"FV"', '"VX":' + '[' * 20000 + ',"FV"')),
                       ('many-readings', payload.replace('"RD":[', '"RD":[' + '{},' * 1024)),
                       ('huge-exponent', payload.replace('2945.123', '1e999999')),
                       ('tiny-exponent', payload.replace('2945.123', '1e-999999')),
                       ('minus-zero', payload.replace('2945.123', '-0')),
                       ('minus-zero-decimals', payload.replace('2945.123', '-0.000')),
                       ('plus', payload.replace('2945.123', '+2945.123')),
                       ('leading-zero', payload.replace('2945.123', '02945.123')),
                       ('41-digits', payload.replace('2945.123', '9' * 38 + '.123')),
                       ('value-as-text', payload.replace('2945.123', '"2945.123"')),
                       ('long-string', payload.replace('4711', 'x' * 4097)),
                       ('number-as-id', payload.replace('"4711"', '4711')),
                       ('comment', payload.replace('{"FV"', '{/**/"FV"')), ('trailing-comma', payload[:-1] + ',}'),
                       ('single-quotes', payload.replace('"', "'")),
                       ('not-a-number', payload.replace('2945.123', 'NaN')),
                       ('large', payload.replace('"FV"', '"VX":[' + '"' + 'x' * 4000 + '",' * 1 + ','.join(
                           ['"' + 'x' * 4000 + '"'] * 16) + '],"FV"'))):
        sealed(text, name=name)
    sealed(payload.replace('"RD":[', '"RD":[' + '{},' * 1022), 'valid', 'most-readings')

    tail(f'{{"SD":"{signature}"}} \r\n', 'valid', 'white-space-after')
    tail(f' {{ "SD" : "{signature}" }}', 'valid', 'white-space-in')
    tail(f'{{"SD":"{signature.upper()}"}}', 'valid', 'upper-hex')
    tail(f'{{"SD":"{signature}","SE":"HEX","SM":"application/x-der"}}', 'valid', 'all-said')
    tail(f'{{"SD":"{signature}","SM":"application\\/x-der"}}', 'valid', 'escaped-slash')
    tail(f'{{"SD":"\\u0033{signature[1:]}"}}', 'valid', 'escaped-digit')
    tail(f'{{"SD":"{signature}","SM":"app\\u006Cication/x-der"}}', 'valid', 'large-escape')
    tail(f'{{"SD":"{signature}","SE":"hexx"}}', 'unsupported', 'unknown-encoding')
    tail(f'{{"SD":"{signature}","SM":"application/x-pem"}}', 'unsupported', 'unknown-type')
    for algorithm in ('ECDSA-secp521r1-SHA512', 'RSA', '', 'ECDSA-secp256r1-SHA1', 'eCDSA-secp256r1-SHA256',
                      'ECDSA-secp256r1-sHA256', 'ECDSA-secp256R1-SHA256', 'ECDSA--SHA256', '--', '%n%n%n', '${jndi:x}'):
        tail(json.dumps({'SA': algorithm, 'SD': signature}), 'unsupported', f'algorithm-{algorithm}')
    for name, text in (('empty', ''), ('no-object', '[]'), ('no-sd', '{}'), ('sd-empty', '{"SD":""}'),
                       ('sd-number', '{"SD":1}'), ('sd-null', '{"SD":null}'), ('sd-format', '{"SD":"%n%n%n%n"}'),
                       ('sd-lookup', '{"SD":"${jndi:ldap://x}"}'), ('sd-odd', f'{{"SD":"{signature[:-1]}"}}'),
                       ('sd-mixed-case', '{"SD":"' + signature.replace('a', 'A', 1) + '"}'),
                       ('sd-spaced', f'{{"SD":"{signature[:4]} {signature[4:]}"}}'),
                       ('sd-nul', f'{{"SD":"{signature}\\u0000"}}'),
                       ('unknown-key', f'{{"SD":"{signature}","SX":"1"}}'),
                       ('duplicate', f'{{"SD":"{signature}","SD":"{signature}"}}'),
                       ('se-null', f'{{"SD":"{signature}","SE":null}}'), ('bar', f'{{"SD":"{signature}"}}|'),
                       ('two', section + section), ('trailing', section + 'x'), ('lonely-cr', section + '\r'),
                       ('tab-before-lf', section + '\t\n'),
                       ('small-escape', f'{{"SD":"{signature}","SM":"app\\u006cication/x-der"}}')):
        tail(text, name=name)
    tail('{"SD":"c3Vycm91bmRlZA=="}', 'invalid', 'base64-of-something')
    row('envelope/one-bar', f'OCMF|{payload}', key, 'malformed')
    row('envelope/no-payload', f'OCMF||{section}', key, 'malformed')
    row('envelope/header-only', 'OCMF|', key, 'malformed')
    row('envelope/bars', 'OCMF||||', key, 'malformed')
    row('envelope/bar-in-payload', meter.seal(payload.replace('4711', '47|11')), key, 'malformed')


def keys():
    good = Meter().record()
    for name, key in (('empty', ''), ('format', '%n%n%s'), ('lookup', '${jndi:ldap://x}'), ('short', '04'),
                      ('odd-hex', 'abc'), ('mixed-case-hex', Meter().key().replace('a', 'A', 1)),
                      ('base64-unpadded', b64(Meter().spki()).rstrip('=') if len(Meter().spki()) % 3 else 'A'),
                      ('long', 'ab' * 3000), ('pem-empty', '-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----'),
                      ('pem-overlapping', '-----BEGIN PUBLIC KEY-----'), ('latin-1', 'sch\u00fcssel'),
                      ('private-label', Meter().pem().replace('PUBLIC', 'PRIVATE'))):
        row(f'key/{name}', good, key, 'malformed')
    curve = ecdsa.CURVES['secp256r1']
    point = ecdsa.uncompressed(curve, Meter().point)
    hybrid = bytes([6 + (point[-1] & 1)]) + point[1:]
    row('key/hybrid', good, hybrid.hex(), 'malformed')
    row('key/hybrid-spki', good, ecdsa.spki(curve, hybrid).hex(), 'malformed')
    row('key/infinity', good, '00', 'invalid')
    row('key/zeros', good, '00' * 64, 'invalid')
    row('key/trailing', good, Meter().key() + '00', 'malformed')
    row('key/unknown-curve', good, ecdsa.spki(curve._replace(oid='2b81040023'), b'\4' + bytes(132)).hex(), 'malformed')
    row('key/none', good, None, 'no_key')
    row('key/none-and-unknown-algorithm', Meter().seal(Meter().payload([begin(), end()]), SA='X'), None, 'unsupported')
    # A point of P-256 whose compressed form is one of another curve, too: SA says which is meant.
    row('key/compressed-by-algorithm', good, ecdsa.compressed(curve, Meter().point).hex(), 'valid')


curves()
ladder()
texts()
keys()
print(json.dumps(ROWS, indent=0))
