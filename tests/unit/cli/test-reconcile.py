# SPDX-License-Identifier: Apache-2.0
"""tapwatt reconcile: test-reconcile.py TAPWATT. What a command line may not say; nothing of it is taken without a
thought."""

import json

from program import directory, tap, tapwatt

SALES = ('session,station,evse,terminal,payment_ref,psp_ref,capture_ref,refund_ref,settlement_ref,trace,slip,approval,'
         'tail,brand,tariff_shown,tariff_priced,unknown_operation,receipt_number,currency,state,billed,tariff_free,'
         'test_mode,price_minor,repriced_minor,shown_minor,held_minor,captured_minor,second_capture_minor,'
         'refunded_minor,unknown_minor,advised_minor,energy_wh,energy_price_minor,energy_part_minor,started,ended,'
         'captured,refunded,hold_until,day\n')
STRIPE = ('automatic_payout_id,balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,'
          'reporting_category,source_id,charge_id,payment_intent_id,card_brand,payment_metadata[session],'
          'automatic_payout_effective_at_utc\n'
          'po_1,txn_1,2026-03-01 10:00:00,2026-03-05 00:00:00,eur,10.00,0.40,9.60,charge,ch_1,ch_1,pi_1,visa,tw-1,\n')
MAPPING = """[mapping]
format = csv
name = shop
[file]
time-zone = UTC
[constants]
currency = EUR
kind = sale
[columns]
time = When
gross = Gross
"""


def put(folder, name, text):
    path = f'{folder}/{name}'
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def refused(*words, status=2):
    return tapwatt('reconcile', *words, '--time-zone', 'UTC', status=status)[1]


@tap.case
def numbers_have_bounds():
    with directory() as folder:
        sales = put(folder, 'sales.csv', SALES)
        for option, bad in (('--memory', ('-1', '0', '1048577')),
                            ('--settlement-days', ('-1', '-3', '367')), ('--payout-days', ('-1', '367'))):
            for number in bad:
                assert f'{option} {number}: expected' in refused('--journal', sales, option, number), number
        tapwatt('reconcile', '--journal', sales, '--memory', '1', '--settlement-days', '0', '--payout-days', '366',
                status=0)


@tap.case
def a_format_is_known_or_refused():
    with directory() as folder:
        name = put(folder, 'stripe.csv', STRIPE)
        for option in ('--psp', '--bank', '--meter'):
            said = refused(option, f'foo:{name}')
            assert f'{option} foo:{name}: format foo is not known' in said and 'accepted are' in said, said
        assert 'expected a file' in refused('--psp', 'stripe:')
        assert 'expected a file' in refused('--journal', '')
        assert 'nowhere' in refused('--psp', f'{folder}/no:nowhere', status=3)


@tap.case
def a_path_may_have_colons():
    with directory() as folder:
        name = put(folder, '2026:03.csv', STRIPE)
        for word in (name, f'stripe:{name}'):
            report = json.loads(tapwatt('reconcile', '--psp', word, '--json', '--time-zone', 'UTC', status=1)[0])
            assert report['files'][0]['format'] == 'stripe', report['files']


@tap.case
def nothing_is_written_nowhere():
    with directory() as folder:
        sales = put(folder, 'sales.csv', SALES)
        assert '--output "": expected' in refused('--journal', sales, '--output', '')
        assert 'where to?' in tapwatt('evidence', 'S', '--journal', sales, '--output', '', status=2)[1]


@tap.case
def files_that_say_how_to_read_are_opened():
    """Whether one of the others needs them or not."""
    with directory() as folder:
        sales = put(folder, 'sales.csv', SALES)
        for option in ('--mapping', '--bank-mapping', '--registry', '--meter-key'):
            assert f'{option} {folder}/nope: ' in refused('--journal', sales, option, f'{folder}/nope', status=3)
        assert '--registry' in refused('--journal', sales, '--registry', put(folder, 'eur.xml', '<a/>\n'))


@tap.case
def a_mapping_is_for_what_is_not_recognised():
    with directory() as folder:
        words = ('--psp', put(folder, 'stripe.csv', STRIPE), '--psp',
                 put(folder, 'shop.csv', 'When,Gross\n2026-03-01 10:00:00,5.00\n'), '--mapping',
                 put(folder, 'shop.mapping', MAPPING))
        report = json.loads(tapwatt('reconcile', *words, '--time-zone', 'UTC', '--json', status=1)[0])
        assert [file['format'] for file in report['files']] == ['stripe', 'csv'], report['files']
        assert 'stripe.csv' in refused('--psp', f'csv:{folder}/stripe.csv', '--mapping', f'{folder}/shop.mapping')


@tap.case
def an_amount_that_is_none_is_placed_in_its_file():
    with directory() as folder:
        shop = put(folder, 'shop.csv', 'When,Gross\n2026-03-01 10:00:00,5.00\n2026-03-01 10:00:00,99999999999999.00\n')
        mapping = put(folder, 'shop.mapping', MAPPING)
        said = refused('--journal', put(folder, 'sales.csv', SALES), '--psp', f'csv:{shop}', '--mapping', mapping)
        assert said.startswith(f'tapwatt reconcile: {shop}, line 3: an amount of 9999999999999900'), said
        assert said.endswith(f'(read by {mapping})\n'), said


tap.run('/cli/reconcile')
