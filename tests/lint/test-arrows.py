# SPDX-License-Identifier: Apache-2.0
"""The arrows between folders, from the #include lines."""

import os
import tempfile

import arrows
import source
import tap


def check(root):
    found = []
    for path in source.paths(root, '.c', '.h'):
        folder = source.folder_of(path)
        for line, name, quoted in source.includes(source.read(root, path)):
            what = check_own(root, folder, name) if quoted else check_library(folder, name)
            if what:
                found.append(f'{path}:{line}: {name}: {what}')
    return found


def check_own(root, folder, name):
    if not os.path.exists(os.path.join(root, name)):
        return 'no such file below the root, from which our own headers are written'
    return arrows.complaint(folder, source.folder_of(name), os.path.basename(name))


def check_library(folder, name):
    for library, (headers, _, folders) in arrows.LIBRARIES.items():
        if name.startswith(headers) and folder not in folders and not folder.startswith('tests'):
            return f'only {", ".join(folders)} may know {library}'
    return None


def assert_found(files, *expected):
    """Planted files, with all headers that the includes name, and what must be said of them."""
    with tempfile.TemporaryDirectory() as root:
        source.plant(root, files)
        found = check(root)
    assert len(found) == len(expected), f'found {found}'
    for text, complaint in zip(expected, found):
        assert text in complaint, f'"{text}" is not in "{complaint}"'


HEADERS = dict.fromkeys([
    'app/base/json.h', 'app/base/json-private.h', 'app/bus/bus.h', 'app/daemon/daemon.h', 'app/station/station.h',
    'payment/money/money.h', 'payment/gateway/gateway.h', 'payment/gateway/card-fields.h', 'payment/gateway/codec.h',
    'payment/seal/seal.h', 'hw/port/port.h', 'ui/screen.h', 'tests/lib/clock.h'], '')


@tap.case
def allowed_arrows_are_left_alone():
    assert_found({**HEADERS,
                  'payment/gateway/a.c': '#include "payment/gateway/codec.h"\n#include "payment/money/money.h"\n',
                  'payment/gateway/b.c': '/* #include "hw/port/port.h" */\n#include "app/base/json.h"\n',
                  'app/reader/c.c': '#include "payment/gateway/card-fields.h"\n#include <seccomp.h>\n',
                  'tests/unit/gateway/d.c': '#include "payment/gateway/codec.h"\n#include <curl/curl.h>\n',
                  'ui/welcome.c': '#include "ui/screen.h"\n#include "app/bus/bus.h"\n'})


@tap.case
def payment_and_hw_never_see_each_other():
    assert_found({**HEADERS, 'payment/card/a.c': '\n#include "hw/port/port.h"\n'},
                 'payment/card/a.c:2: hw/port/port.h: payment/card does not see hw/port')
    assert_found({**HEADERS, 'hw/port/a.h': '#include "payment/money/money.h"\n'},
                 'hw/port does not see payment/money')


@tap.case
def base_sees_nothing():
    assert_found({**HEADERS, 'app/base/a.c': '#include "payment/money/money.h"\n'},
                 'app/base does not see payment/money')


@tap.case
def rooms_see_only_what_is_listed():
    assert_found({**HEADERS, 'app/cli/a.c': '#include "app/daemon/daemon.h"\n'}, 'app/cli does not see app/daemon')
    assert_found({**HEADERS, 'ui/a.c': '#include "app/station/station.h"\n'}, 'ui does not see app/station')
    assert_found({**HEADERS, 'app/bench/a.c': '#include "payment/seal/seal.h"\n'},
                 'app/bench does not see payment/seal')
    assert_found({**HEADERS, 'payment/newroom/a.c': '#include "app/base/json.h"\n'},
                 'payment/newroom is not in the table')


@tap.case
def a_folder_is_entered_by_its_front_door():
    assert_found({**HEADERS, 'app/daemon/a.c': '#include "payment/gateway/codec.h"\n'},
                 'codec.h is payment/gateway\'s own: its front door is payment/gateway/gateway.h')
    assert_found({**HEADERS, 'hw/port/a.c': '#include "app/base/json-private.h"\n'},
                 'json-private.h is app/base\'s own')


@tap.case
def the_house_does_not_stand_on_its_tests():
    assert_found({**HEADERS, 'app/station/a.c': '#include "tests/lib/clock.h"\n'},
                 'does not stand on its tests')


@tap.case
def headers_are_written_from_the_root():
    assert_found({**HEADERS, 'app/base/a.c': '#include "json.h"\n'},
                 'app/base/a.c:1: json.h: no such file below the root')


@tap.case
def libraries_live_in_one_place():
    strangers = {'curl/curl.h': 'payment/gateway', 'sqlite3.h': 'app/station', 'nfc/nfc.h': 'app/reader',
                 'libsoup/soup.h': 'payment/http', 'yajl/yajl_gen.h': 'payment/journal', 'openssl/evp.h': 'app/base',
                 'seccomp.h': 'hw/reader', 'systemd/sd-daemon.h': 'app/bus'}
    for header, folder in strangers.items():
        assert_found({**HEADERS, f'{folder}/a.c': f'#  include <{header}>\n'}, f'{folder}/a.c:1: {header}: only ')


@tap.case
def this_house_keeps_its_arrows():
    files = source.paths(source.ROOT, '.c', '.h')
    found = check(source.ROOT)
    assert len(files) > 20, f'only {len(files)} files were looked at'
    assert not found, '\n'.join(found)


@tap.case
def the_tables_name_no_folder_that_is_gone():
    folders = {source.folder_of(path) for path in source.paths(source.ROOT)} | {'ui'}
    named = {*arrows.ALLOWED, *arrows.PUBLIC, *(folder for row in arrows.LIBRARIES.values() for folder in row[2])}
    assert named <= folders, f'in the tables, but not in the tree: {sorted(named - folders)}'


tap.run('/lint/arrows')
