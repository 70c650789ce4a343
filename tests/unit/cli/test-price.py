# SPDX-License-Identifier: Apache-2.0
"""tapwatt price: test-price.py TAPWATT MAKE-JOURNAL SOURCE MAKE-STORY. The worked examples of OCPI as they stand in its
own documents (corrected where they contradict themselves), the contract of --json, and input that cannot be used."""

import json
import os
import resource
import sys
from fractions import Fraction

from program import directory, tap, tapwatt

SOURCE = sys.argv[3]
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'lib'))
from tariff_cases import cdr, component, element, period, session, tariff, utc, write   # noqa: E402

ENERGY = component('ENERGY', '0.25', '10.0')
START = component('FLAT', '0.50', '20.0')
WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY']
TEN = utc(2026, 6, 9, 10)


def hours(minutes):
    return f'{Fraction(minutes, 60).limit_denominator(10 ** 6).numerator / Fraction(minutes, 60).denominator:.4f}'


def charged(kwh, minutes=120, **more):
    return (minutes, {'ENERGY': kwh, **more})


def parked(minutes):
    return (minutes, {'PARKING_TIME': hours(minutes)})


def timed(minutes, **more):
    return (minutes, {'TIME': hours(minutes), **more})


def reserved(minutes):
    return (minutes, {'RESERVATION_TIME': hours(minutes)})


T02 = [element([START, ENERGY])]
T13 = [element([component('FLAT', '2.50', 15)]),
       element([component('TIME', 1, 20, 900)], max_current=32),
       element([component('TIME', 2, 20, 600)], min_current=32, day_of_week=WEEKDAYS),
       element([component('TIME', '1.25', 20, 600)], min_current=32, day_of_week=['SATURDAY', 'SUNDAY']),
       element([component('PARKING_TIME', 5, 10, 300)], start_time='09:00', end_time='18:00', day_of_week=WEEKDAYS),
       element([component('PARKING_TIME', 6, 10, 300)], start_time='10:00', end_time='17:00',
               day_of_week=['SATURDAY'])]
S03 = [element([component('TIME', '2.40', None, 900)]),
       element([component('PARKING_TIME', '1.00', None, 900)], end_time='20:00')]
R01 = [element([component('ENERGY', '0.20')], max_power=16), element([component('ENERGY', '0.35')], max_power=32),
       element([component('ENERGY', '0.50')])]
RESERVED = element([component('TIME', 5, 20, 60)], reservation='RESERVATION')
EXPIRED = [element([component('FLAT', 4, 20)], reservation='RESERVATION_EXPIRES'),
           element([component('TIME', 2, 20, 600)], reservation='RESERVATION')]

# id, tariff, session, exact amounts without and with tax
EXAMPLES = [
    ('T01', tariff([element([ENERGY])]), session(TEN, charged(20)), '5.00', '5.50'),
    ('T02', tariff(T02), session(TEN, charged(20)), '5.50', '6.10'),
    ('T04', tariff([element([ENERGY])], min_price={'excl_vat': '0.50', 'incl_vat': '0.55'}),
     session(TEN, charged('1.2')), '0.50', '0.55'),
    ('T05', tariff([element([START, ENERGY, component('PARKING_TIME', 2, 20, 900)])]),
     session(TEN, charged(20), parked(40)), '7.00', '7.90'),
    ('T06', tariff(T02, max_price={'excl_vat': 10, 'incl_vat': 11}), session(TEN, charged(50)), '10.00', '11.00'),
    ('T09', tariff([element([component('TIME', 3, 10, 60), component('PARKING_TIME', 5, 20, 300)])]),
     session(TEN, timed(150), parked(42)), '11.25', '12.75'),
    ('T11', tariff([element([START, component('ENERGY', '0.25', 10, 100)])]), session(TEN, charged('20.45')),
     '5.625', '6.2375'),
    ('T13', tariff(T13), session(utc(2026, 6, 13, 13, 30), timed(114, MAX_CURRENT=43), parked(71)),
     '12.375', '13.975'),
    ('T15', tariff([RESERVED, *T02]), session(TEN, reserved(15), charged(20)), '6.75', '7.60'),
    ('T17b', tariff(EXPIRED), session(TEN, reserved(60)), '6.00', '7.20'),
    ('S03', tariff(S03), session(utc(2026, 6, 9, 19, 40), timed(12), parked(20)), '0.73', '0.73'),
    ('R01', tariff(R01), session(TEN, charged(1, 10, MAX_POWER=6), charged(40, 50, MAX_POWER=48),
                                 charged('0.5', 7, MAX_POWER=4)), '20.30', '20.30'),
]


def put(folder, name, value):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(value if isinstance(value, str) else write(value))
    return path


def priced(tariff_value, cdr_value, *more):
    with directory() as folder:
        return json.loads(tapwatt('price', '--tariff', put(folder, 'tariff.json', tariff_value), '--cdr',
                                  put(folder, 'cdr.json', cdr_value), '--json', *more, status=0)[0])


@tap.case
def worked_examples():
    for name, tariff_value, cdr_value, net, gross in EXAMPLES:
        answer = priced(tariff_value, cdr_value)
        exact = answer['exact_cost']
        assert (exact['excl_vat'], exact['incl_vat']) == (net, gross), (name, answer)


@tap.case
def rounding_is_half_up_once():
    answer = priced(*EXAMPLES[6][1:3])
    assert answer['total_cost'] == {'excl_vat': '5.63', 'incl_vat': '6.24'}, answer


NAMES = ['total_fixed_cost', 'total_energy_cost', 'total_time_cost', 'total_parking_cost', 'total_reservation_cost']


@tap.case
def names_and_sums():
    for _, tariff_value, cdr_value, _, _ in EXAMPLES:
        answer = priced(tariff_value, cdr_value)
        for side in ('excl_vat', 'incl_vat'):
            lines = sum(Fraction(line[side]) for line in answer['lines'])
            adjusted = sum(Fraction(line[side]) for line in answer['lines'] if line['type'] == 'ADJUSTMENT')
            assert lines == Fraction(answer['total_cost'][side]), answer
            assert sum(Fraction(answer[name][side]) for name in NAMES) == lines - adjusted, answer
        for name in NAMES + ['total_cost']:
            assert all(len(text.split('.')[1]) == 2 for text in answer[name].values()), answer


@tap.case
def each_line_by_pocket_calculator():
    for _, tariff_value, cdr_value, _, _ in EXAMPLES:
        for line in priced(tariff_value, cdr_value)['lines']:
            if line['type'] == 'ADJUSTMENT':
                continue
            quantity = Fraction(line['quantity']) / (3600 if line['unit'] == 's' else 1)
            amount = quantity * Fraction(line['unit_price'])
            net = amount / (1 + Fraction(line['vat'] or 0) / 100) if line['price_includes_vat'] else amount
            assert abs(net - Fraction(line['excl_vat'])) < Fraction(1, 100), line


@tap.case
def totals_of_what_happened():
    answer = priced(tariff([RESERVED, *T02]), session(TEN, reserved(15), charged(20, 90), parked(40)))
    assert (answer['total_energy'], answer['total_time'], answer['total_parking_time']) == (20, 2.1667, 0.6667), answer
    assert answer['total_reservation_cost'] == {'excl_vat': '1.25', 'incl_vat': '1.50'}, answer
    assert answer['currency'] == 'EUR'


@tap.case
def unknown_is_null():
    energy = [element([component('ENERGY', '0.25')])]
    without = priced(tariff(energy, tax_included='YES'), session(TEN, charged(20)))
    assert without['total_cost'] == {'excl_vat': None, 'incl_vat': '5.00'}, without
    assert without['total_energy_cost'] == {'excl_vat': None, 'incl_vat': '5.00'}
    assert without['total_time_cost'] == {'excl_vat': '0.00', 'incl_vat': '0.00'}
    other = priced(tariff(energy, tax_included='NO'), session(TEN, charged(20)))
    assert other['total_cost'] == {'excl_vat': '5.00', 'incl_vat': None}, other
    none = priced(tariff(energy), session(TEN, charged(20)))
    assert none['total_cost'] == {'excl_vat': '5.00', 'incl_vat': '5.00'}


@tap.case
def no_energy_is_no_session():
    free = priced(tariff([RESERVED, *T02], min_price={'excl_vat': 3}), session(TEN, reserved(15), charged(0)))
    assert free['total_cost'] == {'excl_vat': '1.25', 'incl_vat': '1.50'}, free


@tap.case
def volumes_that_do_not_fit():
    both = tariff([element([component('TIME', 6, None, 0), component('PARKING_TIME', 60, None, 0), ENERGY])])
    half = priced(both, session(TEN, (60, {'TIME': 1, 'PARKING_TIME': 1, 'ENERGY': 1})))
    assert [line['quantity'] for line in half['lines']] == ['1', '1800', '1800'], half
    assert all('volume_mismatch' in line['flags'] for line in half['lines']), half
    fits = priced(both, session(TEN, (60, {'TIME': '0.2502', 'PARKING_TIME': '0.75', 'ENERGY': 1})))
    assert [line['quantity'] for line in fits['lines']] == ['1', '900.72', '2699.28'], fits
    assert not any(line['flags'] for line in fits['lines']), fits
    fine = priced(both, session(TEN, (60, {'ENERGY': '1.0000005'})))
    assert fine['lines'][0]['quantity'] == '1.001' and 'volume_rounded' in fine['lines'][0]['flags'], fine


@tap.case
def time_zone():
    night = tariff([element([component('TIME', 1, None, 1)], start_time='12:00', end_time='13:00')])
    noon = session(TEN, timed(60))
    assert priced(night, noon)['total_cost']['incl_vat'] == '0.00'
    assert priced(night, noon, '--time-zone', 'Europe/Berlin')['total_cost']['incl_vat'] == '1.00'
    for member in ('cdr_location', 'location'):
        located = dict(noon, **{member: {'time_zone': 'Europe/Berlin'}})
        answer = priced(night, located)
        assert (answer['total_cost']['incl_vat'], answer['time_zone']) == ('1.00', 'Europe/Berlin')
        assert priced(night, located, '--time-zone', 'UTC')['total_cost']['incl_vat'] == '0.00'


@tap.case
def explain():
    with directory() as folder:
        out, _ = tapwatt('price', '--tariff', put(folder, 't', EXAMPLES[7][1]), '--cdr',
                         put(folder, 'c', EXAMPLES[7][2]), '--explain', status=0)
    for text in ('12.375', '13.975', 'elements[3]', 'min_current 32, day_of_week SATURDAY SUNDAY', '1:15 h', 'step',
                 '2026-06-13 15:24:00'):
        assert text in out, out


@tap.case
def explain_says_what_a_step_adds():
    with directory() as folder:
        path = put(folder, 't', tariff([element([component('ENERGY', '0.39', 19, 5000),
                                                 component('PARKING_TIME', 6, 19, 3600)])]))
        out, _ = tapwatt('price', '--tariff', path, '--energy-wh', '5001', '--minutes', '40', '--parking-minutes', '61',
                         '--start', '2026-11-22T12:00:00Z', '--explain', status=0)
        assert '5.001 kWh counted, 4.999 kWh more as each 5 kWh that is started is billed' in out, out
        assert '1:01 h counted, 0:59 h more as each 1:00 h that is started is billed' in out, out
        out, _ = tapwatt('price', '--tariff', path, '--energy-wh', '5000', '--minutes', '40', '--start',
                         '2026-11-22T12:00:00Z', '--explain', status=0)
        assert 'started' not in out, out


@tap.case
def what_is_not_billed_is_said():
    timed_too = tariff([element([START, ENERGY, component('TIME', 6, 20)])], min_price={'excl_vat': 3})
    with directory() as folder:
        path = put(folder, 't', timed_too)
        for words, note, sentence in (
                (['--energy-wh', '20000'], ['no_time'], 'Without --minutes'),
                (['--energy-wh', '20000', '--minutes', '0'], ['no_time'], 'Without --minutes'),
                (['--energy-wh', '0', '--minutes', '9'], ['no_energy'], 'No energy was delivered: no fee, no minimum'),
                (['--energy-wh', '20000', '--minutes', '9'], [], None)):
            ask = ['price', '--tariff', path, *words, '--start', '2026-11-22T12:00']
            assert json.loads(tapwatt(*ask, '--json', status=0)[0])['notes'] == note, words
            out, _ = tapwatt(*ask, '--explain', status=0)
            assert (sentence or 'total') in out and ('No energy' in out or 'Without' in out) == bool(note), out
    assert priced(timed_too, session(TEN, charged(0)))['notes'] == ['no_energy']
    assert priced(timed_too, session(TEN, timed(5)))['notes'] == []


@tap.case
def the_limit_that_applied_is_said():
    limited = tariff([element([ENERGY])], min_price={'excl_vat': 3}, max_price={'excl_vat': 10})
    with directory() as folder:
        path = put(folder, 't', limited)
        for energy, name, note in (
                ('4000', 'minimum price ', '$.min_price: the lines above come to 1.00 without tax and 1.10 with it, '
                 'which is less'),
                ('60000', 'maximum price ', '$.max_price: the lines above come to 15.00 without tax and 16.50 with it, '
                 'which is more'), ('20000', None, None)):
            out, _ = tapwatt('price', '--tariff', path, '--energy-wh', energy, '--minutes', '5', '--explain', status=0)
            assert (name in out and note in out) if name else 'm price' not in out, out


@tap.case
def pieces_name_their_phase():
    both = tariff([element([component('TIME', 5, 20)], reservation='RESERVATION'),
                   element([ENERGY, component('PARKING_TIME', 1, 20)])])
    for parts, phases in (((reserved(60),), ['RESERVATION_EXPIRED']),
                          ((reserved(15), charged(20), parked(5)), ['RESERVATION', 'CHARGING', 'PARKING'])):
        answer = priced(both, session(TEN, *parts), '--explain')
        assert [piece['phase'] for piece in answer['pieces']] == phases, answer


@tap.case
def what_if():
    with directory() as folder:
        path = put(folder, 't', tariff([element([component('ENERGY', '0.30', 20)], start_time='22:00'),
                                        element([component('ENERGY', '0.50', 20)])]))
        ask = ['price', '--tariff', path, '--energy-wh', '20000', '--minutes', '60', '--start']
        answers = [json.loads(tapwatt(*ask, *more, '--json', status=0)[0])['total_cost']['incl_vat'] for more in
                   (['2026-11-22T21:30'], ['2026-11-22T21:30', '--time-zone', 'Europe/Berlin'],
                    ['2026-11-22T21:30:00Z', '--time-zone', 'Europe/Berlin'])]
        assert answers == ['9.60', '9.60', '7.20'], answers
        out, _ = tapwatt('price', '--tariff', path, '--energy-wh', '0', '--minutes', '10', '--json', status=0)
        assert json.loads(out)['total_cost']['incl_vat'] == '0.00'


GOOD_TARIFF, GOOD_CDR = tariff([element([ENERGY])]), session(TEN, charged(1))
DIMENSION = '$.charging_periods[0].dimensions[0]'


def changed(value, text, other):
    written = write(value)
    assert text in written, (text, written)
    return written.replace(text, other, 1)


BAD_TARIFFS = [
    ('', ''), ('{', ''), ('null', '$'), ('[]', '$'), ('{"id":1}', '$.id'), ('NaN', ''), ('\x00', ''), ('\ufeff{}', ''),
    ('{"a":' * 1000 + '1' + '}' * 1000, ''), ('[' * 60000, ''), (' ' * 70000, '$'),
    (changed(GOOD_TARIFF, '"EUR"', '"XXX"'), '$.currency'),
    (changed(GOOD_TARIFF, '"price": 0.25', '"price": NaN'), ''),
    (changed(GOOD_TARIFF, '"price": 0.25', '"price": -1'), '$.elements[0].price_components[0].price'),
    (changed(GOOD_TARIFF, '"price": 0.25', '"price": 1e999'), '$.elements[0].price_components[0].price'),
    (changed(GOOD_TARIFF, '"price": 0.25', '"price": "0.25"'), '$.elements[0].price_components[0].price'),
    (changed(GOOD_TARIFF, '"price": 0.25', '"price": 1, "price": 2'), '$.elements[0].price_components[0].price'),
    (changed(GOOD_TARIFF, '"price": 0.25, ', ''), '$.elements[0].price_components[0]'),
    (changed(GOOD_TARIFF, '"ENERGY"', '"energy"'), '$.elements[0].price_components[0].type'),
    (changed(GOOD_TARIFF, '"price_components"', '"restrictions": {"min_soc": 1}, "price_components"'),
     '$.elements[0].restrictions.min_soc'),
]
BAD_TARIFFS += [(changed(GOOD_TARIFF, text, ''), '"' + text.split('"')[1] + '" is missing') for text in (
    '"country_code": "DE", ', '"party_id": "TWT", ', '"id": "T", ', '"currency": "EUR", ',
    ', "last_updated": "2026-01-01T00:00:00Z"')]
BAD_TARIFFS += [(changed(GOOD_TARIFF, text, other), where) for text, other, where in (
    ('"DE"', '5', '$.country_code'), ('"DE"', '"DEU"', '$.country_code'), ('"DE"', 'null', '$.country_code'),
    ('"TWT"', '[]', '$.party_id'), ('"TWT"', '""', '$.party_id'),
    ('"2026-01-01T00:00:00Z"', '20260101', '$.last_updated'), ('"2026-01-01T00:00:00Z"', '"today"', '$.last_updated'),
    ('"id": "T"', '"id": 7', '$.id'))]
BAD_CDRS = [
    ('', ''), ('{', ''), ('7', '$'), ('{}', '$'),
    (changed(GOOD_CDR, '"volume": 1', '"volume": -1'), DIMENSION + '.volume'),
    (changed(GOOD_CDR, '"volume": 1', '"volume": 1e30'), DIMENSION + '.volume'),
    (changed(GOOD_CDR, '"volume": 1', '"volume": ' + '9' * 5000), DIMENSION + '.volume'),
    (changed(GOOD_CDR, '"volume": 1', '"volume": "1"'), DIMENSION),
    (changed(GOOD_CDR, '"volume": 1', '"volume": Infinity'), ''),
    (changed(GOOD_CDR, '"volume": 1', '"volume": null'), DIMENSION),
    (changed(GOOD_CDR, '"type": "ENERGY"', '"type": "FUEL"'), DIMENSION + '.type'),
    (changed(GOOD_CDR, '"type": "ENERGY", ', ''), DIMENSION),
    (changed(GOOD_CDR, '"volume": 1}', '"volume": 1}, {"type": "ENERGY", "volume": 2}'),
     '$.charging_periods[0].dimensions[1]'),
    (changed(GOOD_CDR, '"currency": "EUR"', '"currency": "EURO"'), '$.currency'),
    (changed(GOOD_CDR, '"currency": "EUR"', '"currency": "USD"'), '$.currency'),
    (changed(GOOD_CDR, '"end_date_time": "2026-06-09T12', '"end_date_time": "2026-06-09T09'), '$.end_date_time'),
    (changed(GOOD_CDR, '"end_date_time": "2026-06-09T12:00:00Z"', '"end_date_time": "noon"'), '$.end_date_time'),
    (changed(GOOD_CDR, '"end_date_time": "2026-06-09T12:00:00Z", ', ''), '$'),
    (changed(GOOD_CDR, '"currency": "EUR"', '"currency": "EUR", "cdr_location": {"time_zone": 1}'),
     '$.cdr_location'),
    (changed(GOOD_CDR, '"end_date_time": "2026', '"end_date_time": "9999'), '$.end_date_time'),
    (write(dict(GOOD_CDR, charging_periods=[])), '$.charging_periods'),
    (write(dict(GOOD_CDR, charging_periods=[1])), '$.charging_periods[0]'),
    (write(session(TEN, charged(1), reserved(10))), '$.charging_periods[1]'),
]


def refused(*arguments):
    _, err = tapwatt('price', *arguments, status=2)
    assert err[:-1].isprintable() and len(err) < 2000, err
    return err


@tap.case
def bad_input():
    with directory() as folder:
        good_tariff, good_cdr = put(folder, 'good-t', GOOD_TARIFF), put(folder, 'good-c', GOOD_CDR)
        for text, where in BAD_TARIFFS:
            err = refused('--tariff', put(folder, 'bad', text), '--cdr', good_cdr)
            assert 'bad' in err and where in err, (text[:80], err)
        for text, where in BAD_CDRS:
            err = refused('--tariff', good_tariff, '--cdr', put(folder, 'bad', text))
            assert 'bad' in err and where in err, (text[:200], err)


@tap.case
def bad_arguments():
    with directory() as folder:
        good = put(folder, 'good', GOOD_TARIFF)
        for arguments in (['--tariff', good], ['--cdr', good], ['--tariff', good, '--cdr', os.path.join(folder, 'no')],
                          ['--tariff', folder, '--energy-wh', '1'], ['--tariff', good, '--energy-wh', '-5'],
                          ['--tariff', good, '--energy-wh', 'many'], ['--tariff', good, '--energy-wh', '1', 'x'],
                          ['--tariff', good, '--energy-wh', '1', '--start', 'yesterday'],
                          ['--tariff', good, '--energy-wh', '1', '--minutes', '99999999'],
                          ['--tariff', good, '--energy-wh', '1', '--time-zone', 'Berlin'],
                          ['--tariff', good, '--energy-wh', '1', '--time-zone', '../../etc/passwd'],
                          ['--tariff', good, '--cdr', good, '--energy-wh', '1'],
                          ['--tariff', good, '--cdr', good, '--parking-minutes', '0'],
                          ['--tariff', good, '--energy-wh', '1', '--parking-minutes', '-2']):
            refused(*arguments)


@tap.case
def a_hundred_megabytes():
    with directory() as folder:
        good, large = put(folder, 'good', GOOD_TARIFF), os.path.join(folder, 'large')
        with open(large, 'w', encoding='ascii') as file:
            for _ in range(100):
                file.write('[' * (1 << 20))
        for arguments in (['--tariff', large, '--energy-wh', '1'], ['--tariff', good, '--cdr', large]):
            assert '$: ' in refused(*arguments)
        period = '{"start_date_time":"2026-05-05T12:07:00Z","dimensions":[{"type":"ENERGY","volume":0}]}'
        dense = put(folder, 'dense', '{"id":"C","charging_periods":[' + ','.join([period] * 45000) + ']}')
        assert os.path.getsize(dense) < 4 << 20 and 'values' in refused('--tariff', good, '--cdr', dense)
    # KiB, of the largest child so far: all of them had megabytes to refuse. AddressSanitizer keeps what was freed.
    with open(sys.argv[1], 'rb') as program:
        most = 64 if b'__asan_init' not in program.read() else 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < most * 1024


tap.run('/cli/price')
