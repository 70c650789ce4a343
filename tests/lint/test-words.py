# SPDX-License-Identifier: Apache-2.0
"""What stands in files and what may not: calls, types, licences, READMEs."""

import os
import re
import tempfile

import source
import tap

# (what, pattern, where, why). Patterns are held against code without comments and texts.
MONEY = ('payment/money/', 'payment/tariff/', 'payment/journal/', 'payment/receipt/', 'payment/acceptor/',
         'payment/gateway/', 'app/station/')
EVERYWHERE = ('',)
HOUSE = ('app/', 'hw/', 'payment/', 'ui/')
FORBIDDEN = [
    ('unbounded copies', r'\b(?:strcpy|strcat|stpcpy|sprintf|vsprintf|gets|wcscpy)\s*\(', EVERYWHERE),
    ('a shell', r'\b(?:system|popen)\s*\(', EVERYWHERE),
    ('guessable numbers', r'\b(?:rand|srand|random|srandom|drand48)\s*\(', HOUSE),
    ('conversions that cannot fail', r'\b(?:atoi|atol|atoll|atof|strtod|strtof|strtok|g_ascii_strtod|g_strtod)\s*\(',
     HOUSE),
    ('numbers that fail by another thread (app/base/whole.h)', r'\bg_ascii_string_to_(?:un)?signed\s*\(', HOUSE),
    ('memory from the stack', r'\b(?:alloca|g_alloca|g_newa|g_newa0)\s*\(', EVERYWHERE),
    ('a floating point type near money', r'\b(?:float|double|gfloat|gdouble)\b', MONEY),
    ('goto', r'\bgoto\s+\w+', EVERYWHERE),
    ('printing from a library', r'\b(?:printf|vprintf|puts|putchar|g_print|g_printerr|perror)\s*\(',
     ('payment/', 'hw/', 'app/base/', 'app/station/', 'app/bus/', 'app/reader/', 'ui/')),
    ('sleeping in a unit test', r'\b(?:sleep|usleep|nanosleep|g_usleep)\s*\(', ('tests/unit/', 'tests/model/')),
    ('D-Bus outside its room', r'\b(?:GVariant\w*|g_variant_\w+|GDBus\w*|g_dbus_\w+)\b',
     ('app/base/', 'app/station/', 'app/daemon/', 'app/reader/', 'app/cli/', 'payment/', 'hw/', 'ui/')),
    ('a switched-off certificate check', r'\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\b[^;]*\b0L?\b', EVERYWHERE),
]

LICENSE = 'SPDX-License-Identifier: Apache-2.0'
LICENSED = ('.c', '.h', '.py', '.build', '.xml', '.css', '.sql', '.ui')


def forbidden(root):
    found = []
    for path in source.paths(root, '.c', '.h'):
        text = source.code(source.read(root, path))
        for what, pattern, where in FORBIDDEN:
            if path.startswith(where):
                found += [f'{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}: {what}'
                          for match in re.finditer(pattern, text)]
    return found


def unlicensed(root):
    """The licence is the first line, or comes right after #!, <?xml or a <!DOCTYPE of two lines."""
    found = []
    for path in source.paths(root):
        if not path.endswith(LICENSED) and not source.is_script(root, path):
            continue
        lines = source.read(root, path).split('\n')
        n_before = 1 if lines[0].startswith(('#!', '<?xml')) else 2 if lines[0].startswith('<!DOCTYPE') else 0
        if LICENSE not in ''.join(lines[n_before:n_before + 1]):
            found.append(f'{path}: the first line is not {LICENSE}')
    return found


def undescribed(root):
    """Top folders, and rooms with sources in them."""
    folders = {path.split('/')[0] for path in source.paths(root)}
    folders |= {source.folder_of(path) for path in source.paths(root, '.c') if not path.startswith('tests/')}
    return [f'{folder}: no README.md' for folder in sorted(folders)
            if not os.path.exists(os.path.join(root, folder, 'README.md'))]


def unguarded(root):
    return [f'{path}: no #pragma once' for path in source.paths(root, '.h')
            if '\n#pragma once\n' not in source.read(root, path)]


def planted(files, check):
    with tempfile.TemporaryDirectory() as root:
        source.plant(root, files)
        return check(root)


# For each row of FORBIDDEN a line that has it, where it matters.
PLANTED = [
    ('app/cli/a.c', 'strcpy (a, b);'), ('tests/unit/a.c', 'x = sprintf(a, "%d");'), ('app/cli/b.c', 'gets (a);'),
    ('hw/port/a.c', 'system ("reboot");'), ('payment/card/a.c', 'n = rand () % 7;'), ('app/bus/a.c', 'atoi (x)'),
    ('payment/tariff/z.c', 'g_ascii_strtod (x, NULL)'), ('app/cli/c.c', 'p = g_alloca (7);'),
    ('payment/money/a.h', 'typedef double Money;'), ('app/station/a.c', 'float x;'), ('app/cli/d.c', 'goto out;'),
    ('hw/port/b.c', 'g_ascii_string_to_signed (x, 10);'),
    ('hw/power/a.c', 'printf ("x");'), ('app/base/a.c', 'g_print ("x");'), ('tests/unit/x/a.c', 'g_usleep (1);'),
    ('app/daemon/a.c', 'GVariant *v;'), ('payment/http/a.c', 'curl_easy_setopt (c, CURLOPT_SSL_VERIFYPEER, 0L);'),
]

HARMLESS = [
    ('app/cli/a.c', '/* strcpy (a, b); goto out; */\n'), ('app/cli/b.c', 'puts ("system (x)");'),
    ('app/cli/c.c', 'g_strdup_printf ("%d", 1); my_sprintf_like (1); g_random (); operand (1);'),
    ('tests/lib/a.c', 'g_usleep (1);'), ('app/bus/a.c', 'GVariant *v = g_variant_new ("s", "x");'),
    ('hw/power/b.c', 'double volts;'), ('payment/http/b.c', 'set (c, CURLOPT_SSL_VERIFYPEER, 1L);'),
]


@tap.case
def each_forbidden_thing_is_found():
    for path, text in PLANTED:
        found = planted({path: f'\n  {text}\n'}, forbidden)
        assert len(found) == 1 and found[0].startswith(f'{path}:2: '), f'{path}: {text}: {found}'
    kinds = {found.rsplit(': ', 1)[1] for path, text in PLANTED for found in planted({path: text}, forbidden)}
    assert kinds == {row[0] for row in FORBIDDEN}, f'nothing planted for {({row[0] for row in FORBIDDEN} - kinds)}'


@tap.case
def what_only_looks_forbidden_is_left_alone():
    for path, text in HARMLESS:
        found = planted({path: text}, forbidden)
        assert not found, found


@tap.case
def a_file_without_licence_is_found():
    found = planted({'app/a.c': 'int x;\n', 'app/b.c': f'/* {LICENSE} */\n', 'tests/run': f'#!/bin/sh\n# {LICENSE}\n',
                     'tests/bad': '#!/bin/sh\n', 'tests/data/x.json': '{}',
                     'app/c.xml': f'<!DOCTYPE x\n "y">\n<!-- {LICENSE} -->\n',
                     'ui/meson.build': f'\n# {LICENSE}\n'},
                    unlicensed)
    assert [line.split(':')[0] for line in found] == ['app/a.c', 'tests/bad', 'ui/meson.build'], found


@tap.case
def a_folder_without_readme_is_found():
    found = planted({'app/README.md': '', 'app/x/a.c': '', 'app/y/README.md': '', 'app/y/a.c': '', 'hw/port/a.h': '',
                     'tests/README.md': '', 'tests/unit/x/a.c': ''}, undescribed)
    assert found == ['app/x: no README.md', 'hw: no README.md'], found


@tap.case
def a_header_without_guard_is_found():
    found = planted({'app/a.h': '/* x */\n#pragma once\nint x;\n', 'app/b.h': '/* #pragma once */\n'}, unguarded)
    assert found == ['app/b.h: no #pragma once'], found


@tap.case
def nothing_forbidden_is_in_this_house():
    found = forbidden(source.ROOT)
    assert not found, '\n'.join(found)


@tap.case
def every_file_says_its_licence():
    found = unlicensed(source.ROOT)
    assert not found, '\n'.join(found)


@tap.case
def every_folder_says_what_it_is():
    found = undescribed(source.ROOT)
    assert not found, '\n'.join(found)


@tap.case
def every_header_is_guarded():
    found = unguarded(source.ROOT)
    assert not found, '\n'.join(found)


@tap.case
def every_fuzz_target_is_built():
    targets = [os.path.basename(path)[:-2] for path in source.paths(source.ROOT, '.c')
               if path.startswith('tests/fuzz/') and path != 'tests/fuzz/driver.c']
    table = source.read(source.ROOT, 'tests/fuzz/meson.build')
    missing = [name for name in targets if f"'{name}': [" not in table and f"'{name}.c'" not in table]
    assert not missing, f'not in tests/fuzz/meson.build: {missing}'


tap.run('/lint/words')
