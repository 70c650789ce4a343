#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Seeds of the fuzz target ocmf, into tests/data/corpus/ocmf: run by hand, its output is committed. Each has a key, a
registry and a file, with lines of "-" between them."""

import base64
import os

import ecdsa
from meters import Meter, begin, end, values

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, text, key='', registry=''):
    with open(os.path.join(HERE, '..', 'corpus', 'ocmf', name), 'w', encoding='utf-8', newline='') as file:
        file.write(f'{key}\n-\n{registry}\n-\n{text}')


def main():
    for name, curve in ecdsa.CURVES.items():
        meter = Meter(curve=name)
        payload = meter.payload([begin(), end()])
        top = 1 << (8 * curve.size - 1)
        r, s = meter.sign(payload, lambda r, s: r >= top)  # pylint: disable=cell-var-from-loop
        write(f'{name}-hex', meter.seal(payload, ecdsa.der(r, s)), meter.key())
        write(f'{name}-base64', meter.seal(payload, ecdsa.der(r, s), 'base64'), meter.pem())
        write(f'{name}-lenient', meter.seal(payload, ecdsa.der(r, s, zeros=0), SE='base64'), meter.key())
        write(f'{name}-raw', meter.seal(payload, ecdsa.raw(curve, r, s)),
              ecdsa.uncompressed(curve, meter.point).hex()[2:])
    meter, other = Meter(), Meter('OTHER', 'secp384r1')
    first, last = meter.record([begin()], page='T1'), meter.record([end()], page='T2')
    write('container', values((first, meter.key()), (last, meter.pem())))
    write('foreign', f'{first}\r\n{other.record([end()], page="T2")}\n',
          registry=f'# keys\nBQ27400330016 {meter.key()}\n"OTHER", {other.key()}; since 2026\n')
    write('untrusted', values((first, meter.key())), registry='{"BQ27400330016":["%s"]}' % other.key())
    write('wrapped', f'{first.encode().hex()}\n{base64.encodebytes(last.encode()).decode()}', meter.key())
    write('stray', 'AP;0;3;X\nOCMF|\n\n<x/>\n', '00')


main()
