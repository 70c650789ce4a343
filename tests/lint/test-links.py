# SPDX-License-Identifier: Apache-2.0
"""What our libraries and programs link, from the built files: test-links.py BUILD_ROOT.

The #include lines tell what was meant; symbols tell what is there. A folder's library may refer only to what the
arrows allow, and a program neither loads a library nor contains a folder that is not for it.
"""

import functools
import json
import os
import re
import subprocess
import sys
import tempfile

import arrows
import source
import tap

BUILD = sys.argv[1] if len(sys.argv) > 1 else '.'


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f'{" ".join(command)}: {done.stderr}'
    return done.stdout


@functools.lru_cache(maxsize=None)
def symbols(path):
    """(defined, undefined) names of an object, archive or program that are seen from outside it."""
    defined, undefined = set(), set()
    for line in run('nm', '-g', path).splitlines():
        match = re.match(r'^[0-9a-f]* *([A-Za-z]) (\S+)$', line)
        if match:
            (undefined if match[1] in 'Uwv' else defined).add(match[2].split('@')[0])
    return defined, undefined - defined


def needed(path):
    return re.findall(r'\(NEEDED\).*\[(.*)\]', run('readelf', '-d', path))


def archives(build):
    """{folder: path} of our static libraries."""
    found = {}
    for folder, _, names in os.walk(build):
        for name in names:
            if re.match(r'^libtapwatt_.*\.a$', name):
                found[os.path.join(folder, name)] = source.folder_of(os.path.relpath(folder, build) + '/')
    return found


def owners(libraries):
    """{symbol: folder} of everything that our libraries define; those of the tests may contain others whole."""
    return {name: folder for path, folder in libraries.items() if not folder.startswith('tests')
            for name in symbols(path)[0]}


def library_complaints(path, folder, owner_of):
    if folder.startswith('tests'):
        return []
    found = []
    for name in sorted(symbols(path)[1]):
        target = owner_of.get(name)
        if target and target != folder and target not in arrows.ALLOWED.get(folder, []):
            found.append(f'{os.path.basename(path)}: {name}: {folder} does not see {target}')
        for library, (_, prefixes, folders) in arrows.LIBRARIES.items():
            if not target and name.startswith(prefixes) and folder not in folders:
                found.append(f'{os.path.basename(path)}: {name}: only {", ".join(folders)} may know {library}')
    return found


def program_complaints(path, libraries, folders, owner_of):
    loaded = [name for name in needed(path) if name.startswith(tuple(libraries))]
    contained = {owner_of[name]: name for name in symbols(path)[0] if owner_of.get(name) in folders}
    return ([f'{os.path.basename(path)} loads {name}' for name in loaded]
            + [f'{os.path.basename(path)} contains {folder} ({name})' for folder, name in sorted(contained.items())])


def programs(build):
    """{name: path} of what is built; where it is, meson knows."""
    with open(os.path.join(build, 'meson-info', 'intro-targets.json'), encoding='utf-8') as file:
        targets = json.load(file)
    return {target['name']: target['filename'][0] for target in targets if target['type'] == 'executable'}


# A small house of three folders, built by the compiler at hand: with what is asked for as undefined or defined.
def build(root, folder, text):
    name = folder.replace('/', '_')
    folder_path = os.path.join(root, folder)
    os.makedirs(folder_path, exist_ok=True)
    run('cc', '-c', '-x', 'c', '-', '-o', os.path.join(folder_path, 'a.o'), input=text)
    archive = os.path.join(folder_path, f'libtapwatt_{name}.a')
    run('ar', 'rc', archive, os.path.join(folder_path, 'a.o'))
    return archive


@tap.case
def a_library_that_reaches_too_far_is_found():
    with tempfile.TemporaryDirectory() as root:
        build(root, 'hw/port', 'void tw_port_open (void) {}')
        build(root, 'app/base', 'void tw_base (void) {}')
        bad = build(root, 'payment/card', 'void tw_port_open (void); void tw_base (void); void sqlite3_open (void);\n'
                                          'void tw_card (void) { tw_port_open (); tw_base (); sqlite3_open (); }')
        libraries = archives(root)
        found = library_complaints(bad, 'payment/card', owners(libraries))
    assert len(libraries) == 3, libraries
    assert found == ['libtapwatt_payment_card.a: sqlite3_open: only payment/journal, '
                     'payment/reconcile/books may know sqlite',
                     'libtapwatt_payment_card.a: tw_port_open: payment/card does not see hw/port'], found


@tap.case
def a_program_that_contains_or_loads_too_much_is_found():
    with tempfile.TemporaryDirectory() as root:
        journal = build(root, 'payment/journal', 'void tw_journal_open (void) {}')
        program = os.path.join(root, 'tapwatt-reader')
        run('cc', '-x', 'c', '-', '-x', 'none', journal, '-Wl,--no-as-needed', '-lz', '-o', program,
            input='void tw_journal_open (void); int main (void) { tw_journal_open (); return 0; }')
        found = program_complaints(program, ['libz'], ['payment/journal', 'payment/http'], owners(archives(root)))
        good = program_complaints(program, ['libcurl'], ['payment/http'], owners(archives(root)))
    assert found == ['tapwatt-reader loads libz.so.1',
                     'tapwatt-reader contains payment/journal (tw_journal_open)'], found
    assert good == [], good


@tap.case
def our_libraries_keep_to_the_arrows():
    libraries = archives(BUILD)
    owner_of = owners(libraries)
    found = [what for path, folder in libraries.items() for what in library_complaints(path, folder, owner_of)]
    assert 'app/base' in libraries.values(), f'no libraries in {BUILD}'
    assert not found, '\n'.join(found)


@tap.case
def our_programs_keep_to_their_rooms():
    owner_of = owners(archives(BUILD))
    built = programs(BUILD)
    found = []
    for name, (folder, libraries, folders) in arrows.PROGRAMS.items():
        if not os.path.exists(os.path.join(source.ROOT, folder, 'main.c')):
            print(f'# {name} is not written yet')
        elif name not in built:
            found.append(f'{folder}/main.c is there, but the build makes no {name}')
        else:
            found += program_complaints(built[name], libraries, folders, owner_of)
    assert not found, '\n'.join(found)


tap.run('/lint/links')
