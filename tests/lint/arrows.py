# SPDX-License-Identifier: Apache-2.0
"""Who may see whom: DESIGN.md, section 2, as tables. A folder sees itself; everything else is listed."""

BASE = 'app/base'
PAYMENT = ['payment/money', 'payment/offer', 'payment/tariff', 'payment/card', 'payment/seal', 'payment/ocmf',
           'payment/gateway', 'payment/http', 'payment/acceptor', 'payment/journal', 'payment/receipt']
RECONCILE = ['payment/page', 'payment/reconcile', 'payment/reconcile/readers', 'payment/reconcile/books',
             'payment/reconcile/report', 'payment/reconcile/evidence']
ANALYTICS = ['payment/analytics', 'payment/analytics/measures', 'payment/analytics/models',
             'payment/analytics/pages', 'payment/analytics/sources']

ALLOWED = {
    BASE: [],

    'payment/money': [BASE],
    'payment/offer': [BASE, 'payment/money'],
    'payment/tariff': [BASE, 'payment/money'],
    'payment/card': [BASE, 'payment/money'],
    'payment/seal': [BASE],
    'payment/ocmf': [BASE],
    'payment/gateway': [BASE, 'payment/money'],
    'payment/http': [BASE],
    'payment/journal': [BASE, 'payment/money', 'payment/offer', 'payment/tariff'],   # a record adds its usage up
    'payment/receipt': [BASE, 'payment/money', 'payment/offer', 'payment/tariff', 'payment/journal'],
    'payment/page': [BASE],
    'payment/reconcile': [BASE, 'payment/money'],
    'payment/reconcile/readers': [BASE, 'payment/money', 'payment/tariff', 'payment/ocmf', 'payment/journal',
                                  'payment/receipt', 'payment/reconcile'],
    'payment/reconcile/report': [BASE, 'payment/money', 'payment/page', 'payment/reconcile'],
    'payment/reconcile/evidence': [BASE, 'payment/money', 'payment/page', 'payment/journal', 'payment/reconcile',
                                   'payment/reconcile/report'],
    # A store keeps rows and cases; it does not read files.
    'payment/reconcile/books': [BASE, 'payment/money', 'payment/reconcile'],
    'payment/analytics': [BASE],
    'payment/analytics/sources': [BASE, 'payment/money', 'payment/tariff', 'payment/journal', 'payment/reconcile',
                                  'payment/reconcile/readers', 'payment/reconcile/books', 'payment/analytics'],
    'payment/analytics/measures': [BASE, 'payment/money', 'payment/offer', 'payment/tariff', 'payment/analytics',
                                   'payment/analytics/models'],
    'payment/analytics/pages': [BASE, 'payment/money', 'payment/page', 'payment/analytics'],
    'payment/analytics/models': [BASE],
    # Not payment/card: what a card says is read in another process.
    'payment/acceptor': [BASE, 'payment/money', 'payment/seal', 'payment/gateway', 'payment/http'],

    'hw/port': [BASE],
    'hw/power': [BASE, 'hw/port'],
    'hw/reader': [BASE, 'hw/port'],
    'hw/virtual': [BASE, 'hw/port'],

    'app/station': [BASE, 'payment/money', 'payment/offer', 'payment/tariff', 'payment/acceptor', 'payment/journal',
                    'payment/receipt', 'hw/power'],
    'app/bus': [BASE, 'app/station', 'payment/money', 'payment/journal', 'payment/receipt'],
    'app/reader': [BASE, 'payment/money', 'payment/card', 'payment/seal', 'payment/gateway', 'payment/acceptor',
                   'hw/reader'],
    'app/metrics': [BASE, 'app/station', 'payment/money', 'payment/tariff', 'payment/journal'],
    'app/daemon': [BASE, 'app/station', 'app/bus', 'app/reader', 'app/metrics', *PAYMENT, 'hw/port', 'hw/power'],
    'app/cli': [BASE, 'app/station', 'app/bus', *PAYMENT, *RECONCILE, *ANALYTICS, 'hw/port', 'hw/power'],
    # The sandbox acquirer shares nothing with payment/gateway and payment/seal.
    'app/bench': [BASE, 'app/bus', 'payment/money', 'hw/port', 'hw/virtual'],

    'app/bench/glass': [],
    # The panel shows the station's journal beside the acquirer's ledger.
    'app/bench/panel': [BASE, 'app/bench', 'payment/money', 'payment/journal'],

    'ui': [BASE, 'app/bus', 'payment/money'],
}

# The headers of a folder that others may include besides its front door, <folder>/<folder>.h.
PUBLIC = {
    BASE: ['bytes.h', 'clock.h', 'config.h', 'error.h', 'json.h', 'log.h', 'offer-words.h', 'small-file.h',
           'tariff-terms.h', 'whole.h', 'words.h', 'worker.h', 'zones.h'],
    'payment/money': ['decimal.h', 'fraction.h'],
    'payment/tariff': ['cdr.h', 'hold.h', 'in-force.h', 'lint.h', 'price-board.h', 'pricer.h'],
    'payment/card': ['pan.h'],
    'payment/gateway': ['card-fields.h'],
    'payment/acceptor': ['card-link.h', 'card.h', 'take.h'],
    'payment/journal': ['entry.h', 'claim.h', 'locked.h', 'record.h', 'sessions.h'],
    'payment/ocmf': ['container.h', 'transaction.h'],
    'payment/receipt': ['reprint.h'],
    'payment/page': ['new-file.h'],
    'payment/analytics': ['accumulator.h', 'analysis.h', 'cells.h', 'figure.h', 'quality.h', 'session-row.h',
                          'snapshot.h', 'states.h', 'table.h', 'zone.h'],
    'payment/analytics/measures': ['what-if.h'],
    'payment/reconcile': ['exception.h', 'intake.h', 'proposal.h', 'sale.h', 'witness.h'],
    'payment/reconcile/books': ['cases.h', 'manual.h'],
    # The splitter and the ways of writing times and amounts are for all who read CSV files.
    'payment/reconcile/readers': ['cell.h', 'header.h', 'instant.h', 'mapping.h', 'marks.h', 'rows.h',
                                  'sale-fold.h', 'sales-journal.h', 'when.h'],
    'payment/reconcile/evidence': ['set.h'],
    'payment/analytics/models': ['before-after.h', 'bootstrap.h', 'capacity.h', 'draw.h', 'erlang.h', 'forecast.h',
                                 'quantile.h', 'regression.h', 'survival.h', 'uptime.h'],
    'payment/reconcile/report': ['outlet.h', 'values.h'],
    'hw/port': ['line.h'],
    'hw/power': ['meter.h', 'rapi.h'],
    'hw/virtual': ['card.h', 'pn532.h', 'rapi.h'],
    'app/bench': ['ctl.h'],
    'app/reader': ['link.h'],
    'app/bus': ['client.h', 'watch.h'],
}

# Libraries by their headers and by their symbols, and the folders that may know them. Tests may know all.
LIBRARIES = {
    'libcurl': (('curl/',), ('curl_',), ['payment/http']),
    'sqlite': (('sqlite3.h',), ('sqlite3_',), ['payment/journal', 'payment/reconcile/books']),
    'libpq': (('libpq-fe.h', 'postgresql/'), ('PQ',), ['payment/reconcile/books']),
    'LAPACKE': (('lapacke', 'cblas'), ('LAPACKE_', 'cblas_'), ['payment/analytics/models']),
    'xxhash': (('xxhash.h',), ('XXH',), ['payment/analytics', 'payment/analytics/sources']),
    'libnfc': (('nfc/',), ('nfc_',), ['hw/reader']),
    'libseccomp': (('seccomp.h',), ('seccomp_',), ['app/reader']),
    'libsoup': (('libsoup/',), ('soup_',), ['app/bench']),
    'yajl': (('yajl/',), ('yajl_',), ['app/base']),
    'openssl': (('openssl/',), ('EVP_', 'X509_', 'RSA_', 'PEM_', 'OSSL_'),
                ['payment/seal', 'payment/card', 'payment/ocmf', 'payment/reconcile/readers', 'hw/virtual',
                 'app/bench']),
    'libxml2': (('libxml/',), ('xml',), ['payment/ocmf', 'payment/reconcile/readers']),
    'libmicrohttpd': (('microhttpd.h',), ('MHD_',), ['app/metrics']),
    'systemd': (('systemd/',), ('sd_',), ['app/daemon', 'app/reader']),
    'D-Bus': (('gio/gdbus',), ('g_dbus_', 'g_variant_', 'g_bus_'),
              ['app/bus', 'app/bench/glass']),
}

# What a program never loads, and which folders' code is never in it.
PROGRAMS = {
    'tapwattd': ('app/daemon', ['libnfc', 'libsoup-3', 'libgtk-4'],
                 ['payment/card', 'hw/reader', 'hw/virtual', 'app/bench', 'app/cli']),
    'tapwatt-reader': ('app/reader', ['libcurl', 'libsqlite3', 'libsoup-3', 'libgtk-4', 'libmicrohttpd'],
                       ['payment/http', 'payment/journal', 'payment/acceptor', 'payment/tariff', 'payment/receipt',
                        'app/station', 'app/bus', 'app/daemon', 'app/bench', 'hw/power', 'hw/virtual']),
    'tapwatt': ('app/cli', ['libnfc', 'libsoup-3', 'libseccomp', 'libgtk-4', 'libmicrohttpd'],
                ['payment/card', 'hw/reader', 'hw/virtual', 'app/daemon', 'app/bench']),
    'tapwatt-bench': ('app/bench', ['libnfc', 'libcurl', 'libsqlite3', 'libseccomp', 'libgtk-4'],
                      ['payment/seal', 'payment/gateway', 'payment/http', 'payment/acceptor', 'payment/journal',
                       'payment/card', 'app/station', 'app/daemon', 'app/reader', 'hw/reader', 'hw/power']),
}


def complaint(source, target, header):
    """Why a file of folder source may not include target/header; None if it may."""
    if source == target or source.startswith('tests/') or source == 'tests':
        return None
    if target.startswith('tests'):
        return 'the house does not stand on its tests'
    if source not in ALLOWED:
        return f'the folder {source} is not in the table of tests/lint/arrows.py'
    if target not in ALLOWED[source]:
        return f'{source} does not see {target}'
    if header != target.split('/')[-1] + '.h' and header not in PUBLIC.get(target, []):
        return f'{header} is {target}\'s own: its front door is {target}/{target.split("/")[-1]}.h'
    return None
