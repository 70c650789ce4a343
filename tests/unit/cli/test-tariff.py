# SPDX-License-Identifier: Apache-2.0
"""tapwatt tariff: test-tariff.py TAPWATT MAKE-JOURNAL SOURCE MAKE-STORY. For each rule a tariff that breaks it, and the
same tariff mended."""

import json
import os
import sys
from decimal import Decimal

from program import directory, tap, tapwatt

SOURCE = sys.argv[3]
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'lib'))
from tariff_cases import component, element, tariff, write   # noqa: E402

ENERGY = component('ENERGY', '0.49', 19)
PLAIN = tariff([element([ENERGY])])
PARKING = component('PARKING_TIME', 6, 19)
DOLLARS = tariff([element([component('ENERGY', '0.49', 8)])], 'USD')
POUNDS = tariff([element([component('ENERGY', '0.79', 20)])], 'GBP')
FIRST = '$.elements[0].price_components[0]'


def lint(value, profile, status=None):
    with directory() as folder:
        path = os.path.join(folder, 'tariff.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(value if isinstance(value, str) else write(value))
        out, _ = tapwatt('tariff', 'lint', path, '--profile', profile, '--json', status=status)
        return json.loads(out)


def found(value, profile):
    """(rule, severity, path) of all findings; the exit status must fit them."""
    for status in (0, 1):
        try:
            answer = lint(value, profile, status)
        except AssertionError:
            continue
        findings = {(f['rule'], f['severity'], f['path']) for f in answer['findings']}
        assert (status == 1) == any(f[1] != 'info' for f in findings), findings
        assert answer['blocks'] == any(f[1] == 'error' for f in findings), findings
        assert all(f['why'] and f['suggestion'] for f in answer['findings'])
        return findings
    raise AssertionError(lint(value, profile, 1))


# rule, severity, path, profile, the tariff that breaks it
BROKEN = [
    ('C2', 'error', FIRST, 'none', tariff([element([component('ENERGY', '0.49')])], tax_included='NO')),
    ('C3', 'warning', FIRST, 'none', tariff([element([ENERGY], max_kwh=10), element([component('TIME', 1, 19)])])),
    ('C10', 'warning', '$.elements', 'none', tariff([element([ENERGY], end_time='20:00')])),
    ('C4', 'warning', FIRST + '.step_size', 'none', tariff([element([component('ENERGY', '0.49', 19, 100)])])),
    ('C4', 'warning', FIRST + '.step_size', 'none', tariff([element([component('TIME', 3, 19, 900), ENERGY])])),
    ('C5', 'warning', '$.elements[0].restrictions.start_time', 'none',
     tariff([element([ENERGY], start_time='22:00', end_time='06:00', day_of_week=['FRIDAY']), element([ENERGY])])),
    ('C5', 'warning', '$.elements[0].restrictions.end_time', 'none',
     tariff([element([ENERGY], start_time='10:00', end_time='10:00')])),
    ('C5', 'warning', '$.elements[1].price_components[0]', 'none', tariff([element([ENERGY]), element([ENERGY])])),
    ('C5', 'warning', FIRST, 'none', tariff([element([ENERGY], min_kwh=10, max_kwh=10), element([ENERGY])])),
    ('C5', 'warning', FIRST, 'none', tariff([element([PARKING], reservation='RESERVATION'), element([ENERGY])])),
    ('C5', 'warning', FIRST, 'none', tariff([element([ENERGY], start_date='2026-02-01', end_date='2026-01-01'),
                                             element([ENERGY])])),
    ('C7', 'warning', '$.preauthorize_amount', 'none', tariff([element([ENERGY])], preauthorize_amount=2)),
    ('C11', 'warning', FIRST + '.price', 'none', tariff([element([component('ENERGY', '0.0049', 19)])])),
    ('C11', 'warning', FIRST + '.price', 'none', tariff([element([component('ENERGY', 490, 19)])])),
    ('C11', 'warning', FIRST + '.price', 'none', tariff([element([component('TIME', '0.02', 19), ENERGY])])),
    ('A50-1', 'error', '$.elements', 'afir-50kw-and-up', tariff([element([PARKING])])),
    ('A50-1', 'error', '$.elements', 'afir-50kw-and-up', tariff([element([ENERGY], day_of_week=['MONDAY'])])),
    ('A50-2', 'error', FIRST + '.price', 'afir-50kw-and-up', tariff([element([component('FLAT', 1, 19), ENERGY])])),
    ('A50-2', 'error', '$.min_price', 'afir-50kw-and-up', tariff([element([ENERGY])], min_price={'excl_vat': 1})),
    ('A50-3', 'error', FIRST + '.price', 'afir-50kw-and-up', tariff([element([component('TIME', 1, 19), ENERGY])])),
    ('A50-3', 'warning', FIRST + '.price', 'afir-50kw-and-up',
     tariff([element([component('TIME', 1, 19)], min_duration=3600), element([ENERGY])])),
    ('A50-4', 'info', FIRST + '.price', 'afir-50kw-and-up', tariff([element([PARKING, ENERGY])])),
    ('UK-1', 'error', '$.currency', 'uk-2023', PLAIN),
    ('UK-1', 'error', '$.elements', 'uk-2023', tariff([element([component('TIME', 3, 20)])], 'GBP')),
    ('UK-2', 'error', FIRST + '.price', 'uk-2023', tariff([element([component('FLAT', 1, 20), ENERGY])], 'GBP')),
    ('UK-2', 'error', FIRST + '.price', 'uk-2023', tariff([element([component('TIME', 1, 20), ENERGY])], 'GBP')),
    ('UK-2', 'error', '$.min_price', 'uk-2023', tariff([element([ENERGY])], 'GBP', min_price={'incl_vat': 1})),
    ('UK-3', 'info', FIRST + '.price', 'uk-2023', tariff([element([PARKING, ENERGY])], 'GBP')),
    ('NV-1', 'error', '$.currency', 'nevi', PLAIN),
    ('NV-1', 'error', '$.elements', 'nevi', tariff([element([component('TIME', 3, 8)])], 'USD')),
    ('NV-2', 'error', FIRST, 'nevi', tariff([element([component('ENERGY', '0.39', 19)], max_kwh=10), element([ENERGY])],
                                            'USD')),
    ('NV-3', 'error', FIRST, 'nevi', tariff([element([PARKING, ENERGY])], 'USD')),
    ('NV-5', 'warning', FIRST + '.step_size', 'nevi', tariff([element([component('ENERGY', '0.49', 8, 10)])], 'USD')),
]


@tap.case
def each_rule_finds_what_breaks_it():
    for rule, severity, path, profile, value in BROKEN:
        assert (rule, severity, path) in found(value, profile), (rule, found(value, profile), value)


@tap.case
def lawful_tariffs_pass():
    for value, profile in ((PLAIN, 'none'), (PLAIN, 'afir-50kw-and-up'), (PLAIN, 'afir-below-50kw'),
                           (POUNDS, 'uk-2023'), (DOLLARS, 'nevi')):
        assert found(value, profile) == set(), (profile, found(value, profile))


@tap.case
def what_is_free_breaks_nothing():
    free = tariff([element([component('FLAT', 0, 19), component('TIME', 0, 19), ENERGY])], min_price={'excl_vat': 0})
    assert found(free, 'afir-50kw-and-up') == set(), found(free, 'afir-50kw-and-up')
    shadowed = tariff([element([ENERGY, component('FLAT', 0, 19)]), element([component('FLAT', 9, 19)])])
    assert {f[0] for f in found(shadowed, 'afir-50kw-and-up')} == {'C5'}


@tap.case
def slips_are_told_in_every_currency():
    for currency, usual in (('EUR', '0.49'), ('GBP', '0.79'), ('SEK', '5.50'), ('PLN', '2.10'), ('CZK', 12),
                            ('JPY', 55), ('HUF', 250), ('KWD', '0.060'), ('IDR', 2466), ('VND', 3858), ('TRY', 12),
                            ('INR', 22), ('KRW', 347), ('ISK', 60), ('CHF', '0.65'), ('USD', '0.56')):
        for value, slips in ((usual, False), ('0.0001', True), (100 * Decimal(usual), True)):
            value = tariff([element([component('ENERGY', str(value), 19)])], currency)
            assert found(value, 'none') == ({('C11', 'warning', FIRST + '.price')} if slips else set()), value
    for slip in ('SEK', 'PLN', 'CZK', 'JPY'):
        assert any(f[0] == 'C11' for f in found(tariff([element([component('ENERGY', '0.0049')])], slip), 'none'))
    assert any(f[0] == 'C11' for f in found(tariff([element([component('ENERGY', 490)])], 'SEK'), 'none'))


@tap.case
def fees_and_minima_slip_too():
    for value, path in ((tariff([element([component('FLAT', '0.005', 19), ENERGY])]), FIRST + '.price'),
                        (tariff([element([component('FLAT', 51, 19), ENERGY])]), FIRST + '.price'),
                        (tariff([element([ENERGY])], min_price={'excl_vat': 50}), '$.min_price')):
        assert found(value, 'none') == {('C11', 'warning', path)}, found(value, 'none')


@tap.case
def limits_that_cross_are_refused():
    for low, high, is_crossed in (({'incl_vat': 20}, {'excl_vat': 1}, True), ({'excl_vat': 20}, {'incl_vat': 19}, True),
                                  ({'incl_vat': '11.90'}, {'excl_vat': 10}, False),
                                  ({'incl_vat': '11.91'}, {'excl_vat': 10}, True)):
        findings = found(tariff([element([ENERGY])], min_price=low, max_price=high), 'none')
        assert findings == ({('C1', 'error', '$.max_price')} if is_crossed else set()), findings


@tap.case
def a_hold_pays_for_fee_minimum_and_energy_together():
    for hold, is_low in ((11, True), ('17.49', True), ('17.50', False)):
        value = tariff([element([component('FLAT', 5, 0), component('ENERGY', '0.5', 0)])],
                       min_price={'excl_vat': 10, 'incl_vat': 10}, preauthorize_amount=float(hold))
        assert any(f[0] == 'C7' for f in found(value, 'none')) == is_low, hold


@tap.case
def a_hole_is_named():
    answer = lint(tariff([element([ENERGY], start_time='06:00', end_time='22:00', max_kwh=20)]), 'none', 1)
    samples = {f['rule']: f['sample'] for f in answer['findings']}
    assert samples['C10'] == 'Monday 00:00', samples


def valid(elements, start=None, end=None):
    return tariff(elements, **({'start_date_time': start} if start else {}), **({'end_date_time': end} if end else {}))


YEAR = {'start_date': '2026-01-01', 'end_date': '2027-01-01'}
NEW_YEAR = ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']


@tap.case
def only_what_is_within_the_validity_counts():
    assert {f[0] for f in found(valid([element([ENERGY], **YEAR)], *NEW_YEAR), 'afir-50kw-and-up')} == {'C3'}
    for start, end, sample in ((NEW_YEAR[0], '2027-01-01T00:00:01Z', '2027-01-01, Friday 00:00'),
                               ('2025-12-31T23:59:59Z', NEW_YEAR[1], '2025-12-31, Wednesday 00:00')):
        answer = lint(valid([element([ENERGY], **YEAR)], start, end), 'afir-50kw-and-up', 1)
        assert {f['rule']: f['sample'] for f in answer['findings']}['A50-1'] == sample, answer


@tap.case
def the_validity_is_asked_by_the_clock_of_the_place():
    value = valid([element([ENERGY], **YEAR)], '2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z')
    for more, status in ((['--time-zone', 'Europe/Berlin', '--profile', 'afir-50kw-and-up'], False), ([], True)):
        findings, _, _ = lint_at(value, 1, '--profile', 'afir-50kw-and-up', '--time-zone', 'UTC', *more)
        assert any(f[0] == 'A50-1' for f in findings) == status, (more, findings)
    assert not any(f[0] == 'A50-1' for f in lint_at(value, 1, '--profile', 'afir-50kw-and-up')[0])   # its own: Berlin


@tap.case
def a_tariff_with_too_many_cases_is_no_all_clear():
    many = tariff([element([ENERGY], min_kwh=i + 1, min_duration=60 * i + 60, min_power=i + 1, min_current=i + 1)
                   for i in range(40)])
    answer = lint(many, 'afir-50kw-and-up', 1)
    assert {'C5', 'C10', 'A50-1'} <= {u['rule'] for u in answer['not_checked']}, answer['not_checked']


@tap.case
def what_applies_only_outside_of_the_validity_never_applies():
    late = '$.elements[1].price_components[0]'
    for start, end, dates, is_found in (
            (None, NEW_YEAR[1], {'start_date': '2028-01-01'}, True),
            (None, NEW_YEAR[1], {'start_date': '2026-12-31'}, False),
            (NEW_YEAR[0], None, {'end_date': '2026-01-01'}, True),
            (NEW_YEAR[0], None, {'end_date': '2026-01-02'}, False),
            (NEW_YEAR[0], '2026-01-03T00:00:00Z', {'day_of_week': ['SUNDAY']}, True),
            (NEW_YEAR[0], '2026-01-03T00:00:00Z', {'day_of_week': ['FRIDAY']}, False),
            (NEW_YEAR[0], '2026-01-01T06:00:00Z', {'start_time': '06:00', 'end_time': '07:00'}, True),
            (NEW_YEAR[0], '2026-01-01T06:00:01Z', {'start_time': '06:00', 'end_time': '07:00'}, False),
            (None, None, {'end_date': '2027-01-01', 'day_of_week': ['MONDAY']}, False)):
        findings = found(valid([element([ENERGY]), element([PARKING], **dates)], start, end), 'none')
        assert (('C5', 'warning', late) in findings) == is_found, (start, end, dates, findings)


@tap.case
def our_own_examples_can_be_sold():
    folder = os.path.join(SOURCE, 'assets', 'tariffs')
    names = [name for name in os.listdir(folder) if name.endswith('.json')]
    assert len(names) >= 3
    for name in names:
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            assert not any(f[1] == 'error' for f in found(file.read(), 'none')), name


@tap.case
def what_cannot_be_loaded_is_a_finding_with_its_path():
    for text, where in (('[]', '$'), (write(PLAIN).replace('"EUR"', '"E"'), '$.currency'),
                        (write(tariff([element([ENERGY], min_kwh=-1)])), '$.elements[0].restrictions.min_kwh'),
                        (write(PLAIN).replace('"ENERGY"', '7'), FIRST + '.type'),
                        (write(tariff([element([ENERGY])], min_price={'excl_vat': 2}, max_price={'excl_vat': 1})),
                         '$.max_price')):
        assert found(text, 'uk-2023') == {('C1', 'error', where)}, found(text, 'uk-2023')
    answer = lint('{"elements": 7}', 'none', 1)
    assert answer['tariff_id'] is None and len(answer['tariff_hash']) == 64 and answer['blocks'], answer
    assert answer['not_checked'] == [], answer


@tap.case
def what_ocpi_requires_is_missed():
    for name in ('country_code', 'party_id', 'last_updated'):
        value = {key: member for key, member in PLAIN.items() if key != name}
        answer = lint(value, 'none', 1)
        assert answer['blocks'] and [f['rule'] for f in answer['findings']] == ['C1'], answer
        assert name in answer['findings'][0]['why'], answer
        findings = found(dict(PLAIN, **{name: 7}), 'none')
        assert findings == {('C1', 'error', '$.' + name)}, findings


@tap.case
def each_broken_element_is_found_at_once():
    bad = [element([component('ENERGY', '-1', 19)]), element([component('TIM', 1)]), element([]), 7,
           element([ENERGY, component('TIME', 1, 19, -1)], start_time='25:00'), element([ENERGY], moon=1),
           element([component('FLAT', 1, 101)])]
    paths = {path for _, _, path in found(tariff([element([ENERGY]), *bad], 'EURO', id='', type='X'), 'none')}
    assert {'$.currency', '$.id', '$.type'} <= paths, paths
    for i in range(1, 8):
        assert any(path.startswith(f'$.elements[{i}]') for path in paths), (i, paths)
    assert {'$.elements[5].restrictions.start_time', '$.elements[5].price_components[1].step_size'} <= paths, paths
    assert not any(path.startswith('$.elements[0]') for path in paths), paths


CONFIG = """[station]
id = LINT-1
name = L
address = A
country = {country}
time_zone = Europe/Berlin
currency = {currency}
tariff_profile = {profile}
[seller]
name = S
address = A
helpline = {helpline}
[journal]
directory = journal
[connector 1]
evse_id = DE*TWT*E1
power = rapi:/dev/null
meter = power
tariff = t.json
hold_minor = {hold}
max_current_a = {current}
phases = {phases}
voltage_v = 230
"""


def lint_at(value, status, *more, **site):
    site = {'country': 'DE', 'currency': 'EUR', 'profile': 'none', 'helpline': '+49 30 1', 'hold': 5000,
            'current': 32, 'phases': 3, **site}
    with directory() as folder:
        for name, text in (('t.json', write(value)), ('c.conf', CONFIG.format(**site))):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write(text)
        out, _ = tapwatt('tariff', 'lint', os.path.join(folder, 't.json'), '--config', os.path.join(folder, 'c.conf'),
                         '--json', *more, status=status)
    answer = json.loads(out)
    return ({(f['rule'], f['severity'], f['path']) for f in answer['findings']},
            {u['rule'] for u in answer['not_checked']}, answer['profile'])


TEXTS = [{'language': 'en', 'text': 'A fee.'}, {'language': 'de', 'text': 'Eine Gebühr.'}]


@tap.case
def rules_about_the_place_are_asked_of_the_configuration():
    card = '[reader] bank_cards'
    for rule, value, status, more, site in (
            (('A50-5', 'error', card), PLAIN, 1, ('--power-w', '50000'), {'profile': 'afir-50kw-and-up'}),
            (('S1', 'warning', '[connector] max_current_a'), PLAIN, 1, (), {'profile': 'afir-50kw-and-up'}),
            (('S1', 'error', '[connector] max_current_a'), PLAIN, 1, ('--power-w', '50000'),
             {'profile': 'afir-below-50kw'}),
            (('A49-3', 'info', card), PLAIN, 0, (), {'profile': 'afir-below-50kw'}),
            (('A50-6', 'error', FIRST), tariff([element([component('ENERGY', '0.49')])], tax_included='NO'), 1, (),
             {'profile': 'afir-50kw-and-up'}),
            (('UK-4', 'error', card), POUNDS, 1, ('--power-w', '50000'), {'profile': 'uk-2023', 'currency': 'GBP'}),
            (('UK-4', 'warning', card), POUNDS, 1, (), {'profile': 'uk-2023', 'currency': 'GBP'}),
            (('C7', 'warning', '[connector] hold_minor'), PLAIN, 1, (), {'hold': 100}),
            (('C8', 'warning', FIRST + '.price'), tariff([element([PARKING]), element([ENERGY])]), 1, (), {}),
            (('C9', 'warning', '$.tariff_alt_text'), tariff([element([ENERGY])], tariff_alt_text=TEXTS[:1]), 1, (), {}),
            (('NV-3', 'error', '$.tariff_alt_text'),
             tariff([element([PARKING, ENERGY])], 'USD', tariff_alt_text=TEXTS[:1]), 1, (),
             {'profile': 'nevi', 'currency': 'USD', 'country': 'US'})):
        findings, unasked, profile = lint_at(value, status, *more, **site)
        assert rule in findings, (rule, findings)
        assert not unasked and profile == site.get('profile', 'none'), (unasked, profile)


@tap.case
def a_fee_is_explained_in_every_language_of_the_screen():
    for texts, where in ((TEXTS, None), (TEXTS[:1], '$.tariff_alt_text'), (TEXTS[1:], '$.tariff_alt_text'),
                         ([TEXTS[0], {'language': 'de', 'text': ' '}], '$.tariff_alt_text'),
                         ([], '$.elements[0].price_components[0]')):
        findings = found(tariff([element([component('FLAT', 1, 8), component('ENERGY', '0.39', 8)])], 'USD',
                                tariff_alt_text=texts), 'nevi')
        assert {path for rule, _, path in findings if rule == 'NV-3'} == ({where} if where else set()), findings


@tap.case
def the_same_price_is_no_change_of_price():
    for second, changes in (('0.39', False), ('0.390', False), ('0.40', True)):
        value = tariff([element([component('ENERGY', second, 8)], min_kwh=10),
                        element([component('ENERGY', '0.39', 8)])], 'USD')
        assert any(f[0] == 'NV-2' for f in found(value, 'nevi')) == changes, second
    free = tariff([element([component('ENERGY', 0, 8)], min_kwh=10)], 'USD')
    assert not any(f[0] == 'NV-2' for f in found(free, 'nevi'))
    assert any(f[0] == 'NV-2' for f in found(tariff([element([ENERGY], min_kwh=10)], 'USD'), 'nevi'))


@tap.case
def the_same_places_mended_break_nothing():
    for value, site in ((PLAIN, {}), (tariff([element([ENERGY])], tariff_alt_text=TEXTS), {}),
                        (tariff([element([PARKING]), element([ENERGY])]), {'country': 'AT'}),
                        (POUNDS, {'profile': 'uk-2023', 'currency': 'GBP', 'current': 16, 'phases': 1}),
                        (tariff([element([PARKING, ENERGY])], 'USD', tariff_alt_text=TEXTS),
                         {'profile': 'nevi', 'currency': 'USD', 'country': 'US'})):
        findings, unasked, _ = lint_at(value, 0, **site)
        assert findings == set() and unasked == set(), (site, findings, unasked)


@tap.case
def what_could_not_be_asked_is_said():
    timed = tariff([element([PARKING]), element([ENERGY])], tariff_alt_text=TEXTS[:1])
    for value, profile, rules in ((PLAIN, 'none', {'C7'}), (timed, 'none', {'C7', 'C8'}),
                                  (PLAIN, 'afir-50kw-and-up', {'C7', 'S1', 'A50-5', 'A50-6'}),
                                  (PLAIN, 'afir-below-50kw', {'C7', 'S1', 'A49-3'}),
                                  (POUNDS, 'uk-2023', {'C7', 'UK-4', 'UK-5'}), (DOLLARS, 'nevi', {'C7', 'NV-4'})):
        answer = lint(value, profile, int(value is timed))
        assert {u['rule'] for u in answer['not_checked']} == rules, (profile, answer['not_checked'])
        assert all(u['needs'] for u in answer['not_checked'])
    with directory() as folder:
        path = os.path.join(folder, 't')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(write(POUNDS))
        out, _ = tapwatt('tariff', 'lint', path, '--profile', 'uk-2023', status=0)
        assert 'not checked: UK-5 needs the helpline of the site' in out, out
        assert '--connector' in tapwatt('tariff', 'lint', path, '--connector', '2', status=2)[1]
        assert 'gone.conf' in tapwatt('tariff', 'lint', path, '--config', os.path.join(folder, 'gone.conf'),
                                      status=3)[1]


@tap.case
def what_is_not_json_is_refused():
    with directory() as folder:
        path = os.path.join(folder, 'bad')
        for text, where in (('{', 'bad: '), ('{"id": 1, "id": 2}', '$.id: '), ('{"id": NaN}', '$.id: '),
                            ('[' * 1000, 'bad: '), (' ' * 70000, '$: ')):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            assert where in tapwatt('tariff', 'lint', path, status=2)[1], where
        with open(path, 'w', encoding='utf-8') as file:
            file.write(write(PLAIN))
        assert 'uk-2023' in tapwatt('tariff', 'lint', path, '--profile', 'de', status=2)[1]


@tap.case
def people_read_it_too():
    with directory() as folder:
        path = os.path.join(folder, 't')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(write(BROKEN[17][4]))
        out, _ = tapwatt('tariff', 'lint', path, '--profile', 'afir-50kw-and-up', status=1)
        assert 'error A50-2 at $.elements[0].price_components[0].price' in out, out


NIGHT = tariff([element([component('FLAT', '0.50', 19), PARKING]),
                element([component('ENERGY', '0.29', 19)], start_time='22:00', end_time='06:00'),
                element([component('ENERGY', '0.59', 19)], min_kwh=30), element([ENERGY])],
               tax_included='YES', max_price={'after_taxes': 60, 'before_taxes': 50},
               tariff_alt_text=[{'language': 'de', 'text': 'Von hier.'}, {'language': 'en', 'text': 'From here.'}])


def shown(value, *more, status=0):
    with directory() as folder:
        path = os.path.join(folder, 'tariff.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(write(value))
        return tapwatt('tariff', 'show', path, *more, status=status)


@tap.case
def show_speaks_in_the_lawful_order():
    where = ['--at', '2026-06-13T20:00', '--time-zone', 'Europe/Berlin']
    assert shown(NIGHT, *where)[0].splitlines() == [
        '0.49 EUR per kWh (now, in all other cases)', '0.59 EUR per kWh (until 22:00, from 30 kWh)',
        '0.29 EUR per kWh (from 22:00 until 2026-06-14 06:00)',
        '0.59 EUR per kWh (from 2026-06-14 06:00, from 30 kWh)', 'After charging: 0.10 EUR per minute',
        '0.50 EUR per session', 'At most 60.00 EUR per session', '19% VAT is included.',
        'Example: 20 kWh in 40 min cost 10.30 EUR', 'From here.']
    assert shown(NIGHT, *where, '--language', 'de')[0].splitlines() == [
        '0,49 EUR pro kWh (jetzt, in allen anderen Fällen)', '0,59 EUR pro kWh (bis 22:00, ab 30 kWh)',
        '0,29 EUR pro kWh (ab 22:00 bis 14.06.2026 06:00)', '0,59 EUR pro kWh (ab 14.06.2026 06:00, ab 30 kWh)',
        'Nach dem Laden: 0,10 EUR pro Minute', '0,50 EUR je Ladevorgang', 'Höchstens 60,00 EUR pro Vorgang',
        'Enthält 19 % MwSt.', 'Beispiel: 20 kWh in 40 Min. kosten 10,30 EUR', 'Von hier.']


@tap.case
def show_for_programs():
    answer = json.loads(shown(NIGHT, '--at', '2026-06-13T20:00', '--time-zone', 'Europe/Berlin', '--json')[0])
    assert [(p['type'], p['price_incl_vat'], p['from'], p['until'], p.get('min_kwh')) for p in answer['prices']] == [
        ('ENERGY', '0.49', '2026-06-13T20:00:00+02:00', None, None),
        ('ENERGY', '0.59', None, '2026-06-13T22:00:00+02:00', '30'),
        ('ENERGY', '0.29', '2026-06-13T22:00:00+02:00', '2026-06-14T06:00:00+02:00', None),
        ('ENERGY', '0.59', '2026-06-14T06:00:00+02:00', None, '30'),
        ('PARKING_TIME', '6.00', '2026-06-13T20:00:00+02:00', None, None),
        ('FLAT', '0.50', '2026-06-13T20:00:00+02:00', None, None)], answer
    assert [p['in_all_other_cases'] for p in answer['prices']] == [True] + 5 * [False]
    assert len(answer['sentences']) == 10


def step(kind, price, size):
    return component(kind, price, 19, size)


# What a driver must be told of each, on a Sunday at noon in Berlin at 22 kW: in English, and in German.
TOLD = [
    ('a first hour that is free', tariff([
        element([ENERGY]), element([component('PARKING_TIME', 0, 19)], max_duration=3600),
        element([step('PARKING_TIME', 12, 60)])], tax_included='YES'),
     ['0.49 EUR per kWh', 'The time after charging is free (now, until 60 min after the start)',
      'After charging: 0.20 EUR per started minute (from 60 min after the start)'],
     ['0,49 EUR pro kWh', 'Die Zeit nach dem Laden ist kostenlos (jetzt, bis 60 Min. nach Beginn)',
      'Nach dem Laden: 0,20 EUR je angefangene Minute (ab 60 Min. nach Beginn)']),
    ('free time at first, and nothing else', tariff([
        element([component('TIME', 0, 19)], max_duration=1800), element([component('TIME', 60, 19)])],
        tax_included='YES'),
     ['The time of charging is free (now, until 30 min after the start)',
      'While charging: 1.00 EUR per minute (from 30 min after the start)'],
     ['Die Ladezeit ist kostenlos (jetzt, bis 30 Min. nach Beginn)',
      'Beim Laden: 1,00 EUR pro Minute (ab 30 Min. nach Beginn)']),
    ('a teaser by kWh', tariff([element([component('ENERGY', '0.29', 19)], max_kwh='20.5'),
                               element([component('ENERGY', '0.89', 19)])], tax_included='YES'),
     ['0.29 EUR per kWh (now, up to 20.5 kWh)', '0.89 EUR per kWh (from 20.5 kWh)'],
     ['0,29 EUR pro kWh (jetzt, bis 20,5 kWh)', '0,89 EUR pro kWh (ab 20,5 kWh)']),
    ('dear for the slow', tariff([element([component('ENERGY', '0.39', 19)], min_power=11),
                                  element([component('ENERGY', '0.79', 19)])], tax_included='YES'),
     ['0.39 EUR per kWh (now, from 11 kW)', '0.79 EUR per kWh (below 11 kW)'],
     ['0,39 EUR pro kWh (jetzt, ab 11 kW)', '0,79 EUR pro kWh (unter 11 kW)']),
    ('a window and a bound', tariff([
        element([component('ENERGY', '0.99', 19)], min_kwh=20, start_time='22:00', end_time='23:00',
                day_of_week=['SUNDAY']), element([component('ENERGY', '0.39', 19)])], tax_included='YES'),
     ['0.39 EUR per kWh (now, in all other cases)', '0.99 EUR per kWh (from 22:00 until 23:00, from 20 kWh)'],
     ['0,39 EUR pro kWh (jetzt, in allen anderen Fällen)', '0,99 EUR pro kWh (ab 22:00 bis 23:00, ab 20 kWh)']),
    ('a window that is not today', tariff([
        element([component('ENERGY', '0.99', 19)], day_of_week=['WEDNESDAY']),
        element([component('ENERGY', '0.39', 19)])], tax_included='YES'),
     ['0.39 EUR per kWh'], ['0,39 EUR pro kWh']),
    ('steps', tariff([element([step('ENERGY', '0.39', 5000), step('TIME', 3, 900), step('PARKING_TIME', 6, 3600)])],
                     tax_included='YES'),
     ['0.39 EUR per kWh, per started 5 kWh',
      'While charging: 0.05 EUR per minute, per started 15 min',
      'After charging: 0.10 EUR per minute, per started hour'],
     ['0,39 EUR pro kWh, je angefangene 5 kWh',
      'Beim Laden: 0,05 EUR pro Minute, je angefangene 15 min',
      'Nach dem Laden: 0,10 EUR pro Minute, je angefangene Stunde']),
    ('free energy beside a fee', tariff([element([component('ENERGY', 0, 19), component('PARKING_TIME', 30, 19)])],
                                        tax_included='YES'),
     ['Energy is free', 'After charging: 0.50 EUR per minute'],
     ['Energie ist kostenlos', 'Nach dem Laden: 0,50 EUR pro Minute']),
]


@tap.case
def show_tells_every_price_and_when_it_holds():
    where = ['--at', '2026-11-22T12:00', '--time-zone', 'Europe/Berlin', '--power-w', '22000']
    for name, value, english, german in TOLD:
        said = shown(value, *where)[0].splitlines()
        assert said[:-2] == english and said[-2] == '19% VAT is included.', (name, said)
        said = shown(value, *where, '--language', 'de')[0].splitlines()
        assert said[:-2] == german, (name, said)


@tap.case
def show_is_in_pence_where_the_law_says_so():
    said = shown(tariff([element([component('ENERGY', '0.655', 20), component('PARKING_TIME', 6, 20)])], 'GBP',
                        tax_included='YES'))[0].splitlines()
    assert said[:3] == ['65.5p per kWh', 'After charging: 0.10 GBP per minute', '20% VAT is included.'], said


@tap.case
def show_says_free_only_of_what_is():
    assert shown(tariff([element([component('ENERGY', 0, 19)])]))[0].splitlines()[0] == 'Free of charge'
    for _, value, _, _ in TOLD:
        assert 'Free of charge' not in shown(value)[0]
    assert 'VAT is not included.' in shown(tariff([element([component('ENERGY', 1)])], tax_included='NO'))[0]


@tap.case
def show_does_not_depend_on_the_order_of_elements():
    parts = [element([component('FLAT', 1, 19)]), element([PARKING]), element([component('TIME', 5, 19)]),
             element([ENERGY])]
    said = {shown(tariff(parts[i:] + parts[:i]), '--at', '2026-06-13T20:00')[0] for i in range(4)}
    assert len(said) == 1, said
    first_words = [line.split(' ')[0] for line in said.pop().splitlines()]
    assert first_words == ['0.5831', 'While', 'After', '1.19', '19%', 'Example:'], first_words


@tap.case
def show_refuses_what_it_does_not_know():
    assert 'de' in shown(PLAIN, '--language', 'xx', status=2)[1]
    assert 'Europe/Berlin' in shown(PLAIN, '--time-zone', 'Mars', status=2)[1]
    assert '--at' in shown(PLAIN, '--at', 'noon', status=2)[1]


tap.run('/cli/tariff')
