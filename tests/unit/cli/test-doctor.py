# SPDX-License-Identifier: Apache-2.0
"""tapwatt doctor: test-doctor.py TAPWATT MAKE-JOURNAL SOURCE. A station with which all is well; then each thing around
it is spoilt once, and doctor must find that one thing, say what to do, and change nothing. Certificates are made by
the openssl program, the payment service is Python's ssl."""

import contextlib
import functools
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

from program import SOURCE, directory, make_journal, tap, tapwatt, untouched

CONFIG = '''[station]
id = CLI-1
name = Pedestal
address = Teststrasse 1
country = DE
time_zone = Europe/Berlin
currency = EUR
clock = trusted

[seller]
name = Stadtwerke
address = Werkstrasse 2
helpline = +49 30 1234567

[journal]
directory = journal
reserve_kib = 64

[reader]
device = pn532:{reader}
bank_cards = test
fingerprint_key = fingerprint.key

[emv]
terminal_id = TWT00001
merchant_name = Stadtwerke
contactless_limit_minor = 10000
cvm_limit_minor = 5000

[gateway]
kind = cybersource
host = gateway.test
connect_to = 127.0.0.1:{port}
ca_file = ca.pem
merchant_id = tapwatt_test
key_id = 08c94330-f618-42a3-b09d-e1e43be5efda
shared_secret_file = gateway.secret
mle_certificate = mle.pem
response_key = response.pem
response_key_id = 1757970970891045729358

[connector 1]
evse_id = DE*TWT*E0001*1
power = rapi:{power}
tariff = tariff.json
hold_minor = 4000
'''


def openssl(*words, cwd):
    done = subprocess.run(['openssl', *words], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout


CURVE = ('ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1')


def certificate(path, name, subject, days, *more, key=CURVE):
    openssl('req', '-x509', '-newkey', *key, '-nodes', '-keyout', f'{name}.key', '-out', f'{name}.pem', '-days',
            str(days), '-subj', subject, *more, cwd=path)


@functools.cache
def certificates():
    """Made once. The folder goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix='tapwatt-test-cli-certificates-')
    certificate(folder.name, 'ca', '/CN=gateway.test', 365, '-addext', 'subjectAltName=DNS:gateway.test')
    certificate(folder.name, 'other-ca', '/CN=other.test', 365)
    certificate(folder.name, 'old-ca', '/CN=old.test', 7)
    certificate(folder.name, 'mle', '/CN=mle/serialNumber=1234', 365, key=('rsa:2048',))
    certificate(folder.name, 'old-mle', '/CN=mle/serialNumber=1234', 7, key=('rsa:2048',))
    return folder


class Service(http.server.BaseHTTPRequestHandler):
    """Answers what is signed as it is told to, and 404 to the rest."""

    def answer(self, status, body=b''):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):  # noqa: N802
        self.answer(404)

    def do_POST(self):  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        signed = self.headers.get('Authorization', '').startswith('Bearer ey')
        signed = signed and body['encryptedRequest'].count('.') == 4
        self.answer(*(self.server.told if signed else (404,)))

    def log_message(self, format, *args):  # noqa: A002
        pass


@contextlib.contextmanager
def service(told=(201, b'{}')):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(certificates().name, 'ca.pem'), os.path.join(certificates().name, 'ca.key'))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Service)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.told = told
    server.handle_error = lambda *_: None       # a client that does not believe us is what some cases are about
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def pty():
    """A serial port that nobody has open: we keep its other end."""
    master, slave = os.openpty()
    name = os.ttyname(slave)
    os.close(slave)
    yield name
    os.close(master)


@contextlib.contextmanager
def program_with(command, port):
    """A process that has the port open, as its standard input; it never becomes anybody's controlling terminal."""
    descriptor = os.open(port, os.O_RDONLY | os.O_NOCTTY)
    child = subprocess.Popen(command, stdin=descriptor, stdout=subprocess.PIPE)
    os.close(descriptor)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def write(path, name, text, mode=0o600):
    file = os.path.join(path, name)
    if os.path.exists(file):
        os.unlink(file)
    with open(file, 'w', encoding='utf-8') as out:
        out.write(text)
    os.chmod(file, mode)
    return file


class Station:
    def __init__(self, path, port, reader, power):
        self.path, self.reader, self.power = path, reader, power
        self.config = write(path, 'tapwatt.conf', CONFIG.format(port=port, reader=reader, power=power))
        write(path, 'fingerprint.key', '2 ' + 'ab' * 32 + '\n1 ' + 'CD' * 32 + '\n')
        write(path, 'gateway.secret', 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA==\n')
        shutil.copy(os.path.join(SOURCE, 'assets', 'tariffs', 'demo.json'), os.path.join(path, 'tariff.json'))
        self.put('ca.pem', 'ca.pem')
        self.put('mle.pem', 'mle.pem')
        self.put('mle.key', 'response.pem', 0o600)
        self.journal = os.path.join(path, 'journal')
        make_journal(self.journal)

    def put(self, made, name, mode=0o644):
        target = os.path.join(self.path, name)
        shutil.copy(os.path.join(certificates().name, made), target)
        os.chmod(target, mode)

    def edit(self, old, new):
        with open(self.config, encoding='utf-8') as file:
            text = file.read()
        assert old in text
        write(self.path, 'tapwatt.conf', text.replace(old, new))


@contextlib.contextmanager
def station(*told):
    with directory() as path, service(*told) as port, pty() as reader, pty() as power:
        yield Station(path, port, reader, power)


def findings(config, status):
    out, _ = tapwatt('doctor', '--config', config, '--json', status=status)
    report = json.loads(out)
    assert {'worst', 'findings'} == set(report)
    return report['worst'], report['findings']


def assert_found(place, severity, check, part):
    """Exactly this one, and an advice with it."""
    with untouched(place.path):
        worst, all_of_them = findings(place.config, 1)
        text, _ = tapwatt('doctor', '--config', place.config, status=1)
    bad = [finding for finding in all_of_them if finding['severity'] != 'ok']
    assert len(bad) == 1, bad
    assert (worst, bad[0]['severity'], bad[0]['check']) == (severity, severity, check), bad
    assert part in bad[0]['text'] and bad[0]['advice'], bad
    assert f'{severity}  {check} ' in text and 'do: ' in text, text


@tap.case
def a_healthy_station_is_told_so():
    with station() as place:
        with untouched(place.path):
            worst, all_of_them = findings(place.config, 0)
            text, _ = tapwatt('doctor', '--config', place.config, status=0)
        assert worst == 'ok'
        assert {finding['check'] for finding in all_of_them} == {
            'config', 'tariff', 'device', 'secret', 'clock', 'zones', 'certificate', 'gateway', 'journal', 'reserve',
            'space'}
        assert 'TEST MODE: no real money' in text and 'answers what we sign' in text and '6 entries' in text, text
        assert 'do: ' not in text, text


@tap.case
def a_new_station_has_no_journal_yet():
    with station() as place:
        shutil.rmtree(place.journal)
        _, all_of_them = findings(place.config, 0)
        assert any('not there yet' in finding['text'] for finding in all_of_them), all_of_them


@tap.case
def a_missing_device_is_found():
    with station() as place:
        place.edit(f'rapi:{place.power}', 'rapi:/dev/tapwatt-not-there')
        assert_found(place, 'fail', 'device', 'No such file')


@tap.case
def what_is_no_tty_is_found():
    for wrong in ('/dev/null', '/etc/passwd', '/dev'):
        with station() as place:
            place.edit(f'pn532:{place.reader}', f'pn532:{wrong}')
            assert_found(place, 'fail', 'device', 'not a tty')


@tap.case
def a_device_that_somebody_else_has_is_found():
    with station() as place, program_with(['cat'], place.power) as child:
        assert_found(place, 'fail', 'device', f'in use by cat, process {child.pid}')


@tap.case
def a_device_of_the_virtual_street_is_called_so():
    with station() as place, directory() as elsewhere:
        program = shutil.copy(shutil.which('cat'), os.path.join(elsewhere, 'tapwatt-bench'))
        with program_with([program], place.reader):
            _, all_of_them = findings(place.config, 0)
        assert any('of the virtual street' in finding['text'] for finding in all_of_them), all_of_them


@tap.case
def a_device_that_the_station_has_is_as_it_should_be():
    with station() as place, directory() as elsewhere:
        program = shutil.copy(shutil.which('cat'), os.path.join(elsewhere, 'tapwatt-reader'))
        with program_with([program], place.reader):
            _, all_of_them = findings(place.config, 0)
        assert any('in use by the station (tapwatt-reader' in finding['text'] for finding in all_of_them), all_of_them


@tap.case
def a_secret_that_others_can_read_is_found():
    for name in ('fingerprint.key', 'gateway.secret', 'response.pem'):
        with station() as place:
            os.chmod(os.path.join(place.path, name), 0o604)
            assert_found(place, 'fail', 'secret', 'others than its owner may read it')


@tap.case
def a_secret_that_others_can_replace_is_found():
    with station() as place:
        os.chmod(os.path.join(place.path, 'gateway.secret'), 0o620)
        assert_found(place, 'fail', 'secret', 'may change it')


@tap.case
def a_missing_secret_is_found():
    with station() as place:
        os.unlink(os.path.join(place.path, 'gateway.secret'))
        assert_found(place, 'fail', 'secret', 'No such file')


@tap.case
def keys_are_accepted_as_the_reader_accepts_them():
    for text in ('b1 ' + 'ab' * 32 + '\n', '2026-a ' + 'AB' * 32 + '\r\n',
                 '# new\n2 ' + 'ab' * 32 + '\n\n1 ' + 'cd' * 32):
        with station() as place:
            write(place.path, 'fingerprint.key', text)
            findings(place.config, 0)


@tap.case
def a_secret_of_the_wrong_kind_is_found():
    for name, text, part in (('fingerprint.key', '1 abcd\n', 'epoch hex'),
                             ('fingerprint.key', 'ab' * 32 + '\n', 'epoch hex'),
                             ('fingerprint.key', ('1 ' + 'ab' * 32 + '\n') * 3, 'epoch hex'),
                             ('fingerprint.key', 'a_b ' + 'ab' * 32 + '\n', 'epoch hex'),
                             ('fingerprint.key', '1  ' + 'ab' * 32 + '\n', 'epoch hex'),
                             ('fingerprint.key', '', 'empty'),
                             ('gateway.secret', 'this is { no base64 }', 'base64'),
                             ('gateway.secret', 'c2Vj', 'too short'),
                             ('response.pem', 'hello', 'private key'),
                             ('response.pem', 'x' * 100000, 'at most')):
        with station() as place:
            write(place.path, name, text)
            assert_found(place, 'fail', 'secret', part)


@tap.case
def a_secret_is_never_printed():
    with station() as place:
        write(place.path, 'fingerprint.key', '1 ' + 'ab' * 30 + '\n')
        out, _ = tapwatt('doctor', '--config', place.config, '--json', status=1)
        assert 'ababab' not in out and 'c2Vjcm' not in out, out


@contextlib.contextmanager
def zones_of(heading):
    """A tz database that is this machine's but for the release that it says: TZDIR is what the C library asks."""
    system = '/usr/share/zoneinfo'
    with directory() as path:
        for name in os.listdir(system):
            if name not in ('tzdata.zi', '+VERSION'):
                os.symlink(os.path.join(system, name), os.path.join(path, name))
        if heading:
            write(path, 'tzdata.zi', heading)
        before = os.environ.get('TZDIR')
        os.environ['TZDIR'] = path
        try:
            yield
        finally:
            del os.environ['TZDIR']
            if before is not None:
                os.environ['TZDIR'] = before


def start(journal, tzdata):
    """The station says at its start which rules it has; journals from before it did so say nothing."""
    payload = {'version': '0.1.0', **({'tzdata': tzdata} if tzdata else {})}
    line = {'session': None, 'kind': 'station-started', 'wall_us': 1, 'boot_us': 1, 'payload': json.dumps(payload)}
    subprocess.run([sys.argv[4], journal, 'CLI-1'], input=json.dumps(line) + '\n', text=True, check=True)


@tap.case
def a_tz_database_without_a_release_is_found():
    with station() as place, zones_of(''):
        assert_found(place, 'warn', 'zones', 'no tz database says its release')


@tap.case
def a_tz_database_older_than_at_the_last_start_is_found():
    with station() as place, zones_of('# version 2024a\n# more\n'):
        start(place.journal, '2025b')
        assert_found(place, 'warn', 'zones', 'last started with 2025b')
        start(place.journal, '2024a')   # whoever went back on purpose was told once
        _, all_of_them = findings(place.config, 0)
    assert [finding['subject'] for finding in all_of_them if finding['check'] == 'zones'] == ['2024a'], all_of_them


@tap.case
def a_newer_tz_database_is_well():
    for last in ('2024b', 'unknown', None):
        with station() as place, zones_of('# version 2025a\n'):
            start(place.journal, last)
            _, all_of_them = findings(place.config, 0)
            zones, = [finding for finding in all_of_them if finding['check'] == 'zones']
            assert ('2024b' in zones['text']) == (last == '2024b'), zones


@tap.case
def a_certificate_that_ends_soon_is_found():
    with station() as place:
        place.put('old-mle.pem', 'mle.pem')
        assert_found(place, 'warn', 'certificate', 'in 6 days')
    with station() as place:
        both = ''
        for made in ('ca.pem', 'old-ca.pem'):
            with open(os.path.join(certificates().name, made), encoding='ascii') as file:
                both += file.read()
        write(place.path, 'ca.pem', both)
        assert_found(place, 'warn', 'certificate', 'first of the authorities: expires on')


@tap.case
def an_expired_certificate_is_found():
    with station() as place:
        shutil.copy(os.path.join(SOURCE, 'tests', 'data', 'seal', 'expired.pem'), os.path.join(place.path, 'mle.pem'))
        assert_found(place, 'fail', 'certificate', 'expired')


@tap.case
def what_is_no_certificate_is_found():
    with station() as place:
        write(place.path, 'mle.pem', 'hello')
        assert_found(place, 'fail', 'certificate', 'no certificate')


@tap.case
def a_service_that_cannot_be_reached_is_found():
    with station() as place, contextlib.closing(socket.socket()) as taken:
        taken.bind(('127.0.0.1', 0))       # bound and not listening: it refuses
        with open(place.config, encoding='utf-8') as file:
            line = [line for line in file if line.startswith('connect_to')][0]
        place.edit(line, f'connect_to = 127.0.0.1:{taken.getsockname()[1]}\n')
        assert_found(place, 'fail', 'gateway', 'nobody listens there')


@tap.case
def a_service_whose_certificate_does_not_verify_is_found():
    with station() as place:
        place.put('other-ca.pem', 'ca.pem')
        assert_found(place, 'fail', 'gateway', 'its certificate does not verify')
    with station() as place:
        place.edit('host = gateway.test', 'host = elsewhere.test')
        assert_found(place, 'fail', 'gateway',
                     'https://elsewhere.test/tss/v2/searches: its certificate does not verify')


@tap.case
def a_service_whose_name_is_not_known_is_found():
    with station() as place:
        place.edit('connect_to = 127.0.0.1', 'connect_to = nobody.invalid')     # RFC 6761, 6.4: never a name
        assert_found(place, 'fail', 'gateway', "the host's name is not known")


@tap.case
def what_does_not_speak_tls_is_found():
    with station() as place, contextlib.closing(socket.socket()) as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        thread = threading.Thread(target=lambda: [other.accept()[0].sendall(b'220 mail\r\n') for _ in range(4)],
                                  daemon=True)
        thread.start()
        with open(place.config, encoding='utf-8') as file:
            line = [line for line in file if line.startswith('connect_to')][0]
        place.edit(line, f'connect_to = 127.0.0.1:{other.getsockname()[1]}\n')
        assert_found(place, 'fail', 'gateway', 'TLS')


@tap.case
def a_service_that_refuses_our_signature_is_found():
    with station((401, b'{"response":{"rmsg":"Authentication Failed"}}')) as place:
        assert_found(place, 'fail', 'gateway', 'refuses our signature (401)')


@tap.case
def a_service_in_trouble_is_found():
    with station((502,)) as place:
        assert_found(place, 'warn', 'gateway', 'answered 502')


@tap.case
def an_answer_for_another_key_is_found():
    with station((201, b'{"encryptedResponse":"ey.a.b.c.d"}')) as place:
        assert_found(place, 'fail', 'gateway', 'cannot be decrypted')


@tap.case
def a_broken_journal_is_found():
    with station() as place:
        file = os.path.join(place.journal, 'journal.db')
        with open(file, 'rb') as before:
            content = before.read()
        assert b'"energy_wh":1250' in content
        with open(file, 'wb') as after:
            after.write(content.replace(b'"energy_wh":1250', b'"energy_wh":9250'))
        assert_found(place, 'fail', 'journal', 'entry 5 does not fit')


@tap.case
def a_journal_that_is_none_is_found():
    with station() as place:
        write(place.journal, 'journal.db', 'x' * 5000)
        assert_found(place, 'fail', 'journal', 'not a database')


@tap.case
def a_journal_open_to_all_is_found():
    with station() as place:
        os.chmod(place.journal, 0o777)
        assert_found(place, 'fail', 'journal', 'everybody may write')
    with station() as place:
        os.chmod(place.journal, 0o755)
        assert_found(place, 'warn', 'journal', 'everybody may look')


@tap.case
def a_reserve_that_was_given_up_is_found():
    with station() as place:
        os.unlink(os.path.join(place.journal, 'reserve'))
        assert_found(place, 'warn', 'reserve', 'of 64 KiB, 0 KiB are there')


@tap.case
def a_disk_too_small_for_the_reserve_is_found():
    with station() as place:
        place.edit('directory = journal', 'directory = /proc/journal')   # a file system without any room, everywhere
        assert_found(place, 'fail', 'space', '0 KiB free, less than the reserve')


@tap.case
def a_wrong_tariff_is_found():
    for old, new, part in (('"EUR"', '"USD"', 'it is in USD'),
                           ('0.49', '-0.49', 'connector 1'),
                           ('"last_updated"', '"start_date_time": "2095-01-01T00:00:00Z", "last_updated"',
                            'not valid now'),
                           ('{', '{' * 300000, 'at most')):
        with station() as place:
            file = os.path.join(place.path, 'tariff.json')
            with open(file, encoding='utf-8') as before:
                text = before.read()
            assert old in text
            with open(file, 'w', encoding='utf-8') as after:
                after.write(text.replace(old, new, 1))
            assert_found(place, 'fail', 'tariff', part)
    with station() as place:
        os.unlink(os.path.join(place.path, 'tariff.json'))
        assert_found(place, 'fail', 'tariff', 'No such file')


@tap.case
def a_wrong_configuration_is_found_with_its_line():
    with station() as place:
        place.edit('currency = EUR', 'currency = EUR\ncolour = green')
        assert_found(place, 'fail', 'config', 'tapwatt.conf:8: [station] colour')
    with station() as place:
        place.edit('bank_cards = test', 'bank_cards = yes')
        assert_found(place, 'fail', 'config', 'accepted are off, test')


@tap.case
def a_missing_configuration_is_refused():
    with directory() as path:
        missing = os.path.join(path, 'none.conf')
        _, err = tapwatt('doctor', '--config', missing, status=2)
        assert missing in err, err


tap.run('/cli/doctor')
