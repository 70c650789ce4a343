# SPDX-License-Identifier: Apache-2.0
"""Signed records for test-energy.c: records.py SOURCE-OF-METERS RECORDS KEYS XML. Signed in plain numbers, without the
library that verifies them."""

import sys

sys.path.insert(0, sys.argv[1])
from meters import Meter, begin, end, number, reading, values   # noqa: E402

SALE = {'IT': 'CARD_TXN_NR', 'IL': 'TRUSTED', 'CT': 'EVSEID', 'CI': 'DE*TWT*E1'}


def main(records, keys, xml):
    meter, other, stranger = Meter(), Meter('OTHER-1'), Meter('OTHER-1', seed='another key')
    whole = meter.record([begin(), end()], page='T10', ID='S1', **SALE)
    lines = [
        whole,
        meter.record([begin('2945.123', 70)], page='T11', ID='S2', **SALE),
        meter.record([end('2950.000', 80)], page='T12', ID='S2', **SALE),
        whole,
        meter.record([begin('2950.000', 90), end('2951.000', 95)], page='T13', ID='S3', **SALE).replace('2951', '2952'),
        meter.record([reading('B', 100, number('2951.000'), TX=None)], page='F1'),
        'OCMF|{"FV":|{"SD":"00"}',
        stranger.record([begin('1.000', 0), end('3.500', 30)], page='T1', ID='S4', **dict(SALE, CI='DE*TWT*E2')),
        'hello',
        meter.record([begin('2952.000', 110), end('2952.000', 115)], page='T14', IT='ISO14443', ID='04A1B2C3'),
    ]
    with open(records, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')
    with open(keys, 'w', encoding='utf-8') as file:
        file.write(f'{meter.serial} {meter.key()}\n{other.serial} {other.key()}\n')
    with open(xml, 'w', encoding='utf-8') as file:
        file.write(values((whole, meter.key())))


main(*sys.argv[2:])
