# SPDX-License-Identifier: Apache-2.0
"""Meters that sign records as real ones do, and as broken and hostile ones do."""

import base64
import hashlib
import json
import re

import ecdsa

# Each as the standard prints it.
ALGORITHMS = {
    'secp192k1': 'ECDSA-secp192k1-SHA256', 'secp192r1': 'ECDSA-secp192r1-SHA256',
    'secp256k1': 'ECDSA-secp256k1-SHA256', 'secp256r1': 'ECDSA-secp256r1-SHA256',
    'brainpoolP256r1': 'ECDSA-brainpool256r1-SHA256', 'secp384r1': 'ECDSA-secp384r1-SHA256',
    'brainpoolP384r1': 'ECDSA-brainpool384r1-SHA256',
}


def reading(event, minute, value, **more):
    """A reading of the 1st of March 2026; fields that are None are left out."""
    fields = {'TM': f'2026-03-01T{13 + minute // 60:02d}:{minute % 60:02d}:04,000+0100 S', 'TX': event, 'RV': value,
              'RI': '01-00:B0.08.00*FF', 'RU': 'kWh', 'RT': 'AC', 'EF': '', 'ST': 'G', **more}
    return {name: field for name, field in fields.items() if field is not None}


def number(text):
    """Stands for a JSON number with these very digits."""
    return f'#{text}#'


def begin(value='2935.600', minute=0, **more):
    return reading('B', minute, number(value), **more)


def end(value='2945.123', minute=60, **more):
    return reading('E', minute, number(value), **more)


class Meter:
    def __init__(self, serial='BQ27400330016', curve='secp256r1', seed=None):
        self.serial, self.name, self.curve = serial, curve, ecdsa.CURVES[curve]
        seed = hashlib.sha512(f'{serial} {curve} {seed}'.encode()).digest()
        self.private = int.from_bytes(seed, 'big') % (self.curve.n - 1) + 1
        self.point = ecdsa.public(self.curve, self.private)

    def spki(self):
        return ecdsa.spki(self.curve, ecdsa.uncompressed(self.curve, self.point))

    def key(self):
        return self.spki().hex()

    def pem(self):
        text = base64.encodebytes(self.spki()).decode().replace('\n', '')
        lines = [text[i:i + 64] for i in range(0, len(text), 64)]
        return '\n'.join(['-----BEGIN PUBLIC KEY-----', *lines, '-----END PUBLIC KEY-----', ''])

    def payload(self, readings, page='T12345', **more):
        """Compact JSON; fields that are None are left out."""
        fields = {'FV': '1.4', 'GI': 'Tapwatt test', 'GS': 'G-' + self.serial, 'GV': '1', 'PG': page, 'MV': 'Maker',
                  'MM': 'M-1', 'MS': self.serial, 'MF': '1.0', 'IS': True, 'IL': 'TRUSTED', 'IF': ['RFID_PLAIN'],
                  'IT': 'CARD_TXN_NR', 'ID': '4711', 'TT': 'TW1;day;0123456789abcdef;EUR;0.49/kWh', 'RD': readings,
                  **more}
        fields = {name: field for name, field in fields.items() if field is not None}
        text = json.dumps(fields, separators=(',', ':'), ensure_ascii=False)
        return re.sub('"#([^"#]*)#"', r'\1', text)

    def sign(self, payload, want=None):
        """(r, s); want: a condition on them, tried until it holds."""
        data = payload if isinstance(payload, bytes) else payload.encode()
        start = 0
        while True:
            r, s = ecdsa.sign(self.curve, self.private, data, start)
            if want is None or want(r, s):
                assert ecdsa.verify(self.curve, self.point, data, r, s)
                return r, s
            start += 1

    def seal(self, payload, signature=None, encoding='hex', **more):
        """The record. signature: its bytes; without it they are made. SA is left out where it is the default."""
        if signature is None:
            signature = ecdsa.der(*self.sign(payload))
        section = {'SA': None if self.name == 'secp256r1' else ALGORITHMS[self.name],
                   'SE': None if encoding == 'hex' else encoding,
                   'SD': signature.hex() if encoding == 'hex' else base64.b64encode(signature).decode(), **more}
        section = {name: field for name, field in section.items() if field is not None}
        return f'OCMF|{payload}|{json.dumps(section, separators=(",", ":"))}'

    def record(self, readings=None, **more):
        return self.seal(self.payload([begin(), end()] if readings is None else readings, **more))


def values(*pairs):
    """The transparency software's container of (record, key); a key of None is left out."""
    def escape(text):
        return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    text = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<values>\n'
    for i, (record, key) in enumerate(pairs):
        context = 'Transaction.Begin' if i == 0 else 'Transaction.End'
        text += f'  <value transactionId="1" context="{context}">\n    <signedData format="OCMF" encoding="plain">'
        text += f'{escape(record)}</signedData>\n'
        if key is not None:
            text += f'    <publicKey encoding="plain">{key}</publicKey>\n'
        text += '  </value>\n'
    return text + '</values>\n'
