# SPDX-License-Identifier: Apache-2.0
"""How long things are: functions, files, headers, lines."""

import re
import subprocess
import tempfile

import source
import tap

MAX_FUNCTION = 70   # a screen
MAX_FILE = 450      # aim: 400
MAX_TEST_FILE = 800 # tables of cases are read row by row
MAX_HEADER = 110    # aim: 80
MAX_LINE = 120      # columns, in everything that people write

WRITTEN = ('.c', '.h', '.py', '.build', '.xml', '.md', '.css', '.sql')


def functions(root, paths):
    """(lines, path, name), by universal-ctags."""
    command = ['ctags', '-f', '-', '--languages=C', '--kinds-C=f', '--fields=+ne', '--excmd=number', '-L', '-']
    done = subprocess.run(command, input='\n'.join(paths) + '\n', capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, f'universal-ctags is needed: {done.stderr}'
    found = []
    for line in done.stdout.splitlines():
        name, path = line.split('\t')[:2]
        begin, end = re.search(r'\tline:(\d+)', line), re.search(r'\tend:(\d+)', line)
        if begin and end:
            found.append((int(end[1]) - int(begin[1]) + 1, path, name))
    return sorted(found, reverse=True)


def files(root):
    """(lines, path, most)."""
    found = []
    for path in source.paths(root, '.c', '.h', '.py'):
        most = MAX_HEADER if path.endswith('.h') else MAX_TEST_FILE if path.startswith('tests/') else MAX_FILE
        found.append((source.read(root, path).count('\n'), path, most))
    return sorted(found, reverse=True)


def long_functions(root):
    return [f'{path}: {name} has {n} lines, at most {MAX_FUNCTION}'
            for n, path, name in functions(root, source.paths(root, '.c', '.h')) if n > MAX_FUNCTION]


def long_files(root):
    return [f'{path} has {n} lines, at most {most}' for n, path, most in files(root) if n > most]


def long_lines(root):
    return [f'{path}:{number}: {len(line)} columns, at most {MAX_LINE}'
            for path in source.paths(root) if path.endswith(WRITTEN) or source.is_script(root, path)
            for number, line in enumerate(source.read(root, path).split('\n'), 1)
            if len(line) > MAX_LINE and '://' not in line]


def planted(files_, check):
    with tempfile.TemporaryDirectory() as root:
        source.plant(root, files_)
        return check(root)


def function_of(n_lines):
    return 'int\nbig (void)\n{\n' + '  work ();\n' * (n_lines - 3) + '}\n'


@tap.case
def a_function_too_long_is_found():
    found = planted({'app/a/ok.c': function_of(70), 'app/a/bad.c': function_of(71)}, long_functions)
    assert found == ['app/a/bad.c: big has 71 lines, at most 70'], found


@tap.case
def a_file_too_long_is_found():
    found = planted({'app/a/ok.c': 'x\n' * 450, 'app/a/bad.c': 'x\n' * 451, 'hw/b/bad.h': 'x\n' * 111,
                     'hw/b/ok.h': 'x\n' * 110, 'tests/unit/t/ok.c': 'x\n' * 800}, long_files)
    assert found == ['app/a/bad.c has 451 lines, at most 450', 'hw/b/bad.h has 111 lines, at most 110'], found


@tap.case
def a_line_too_long_is_found():
    found = planted({'app/a/ok.c': 'ü' * 120 + '\n', 'app/a/bad.c': '\n' + 'x' * 121, 'app/data.json': 'x' * 200,
                     'tests/run': '#!/bin/sh' + ' ' * 200}, long_lines)
    assert found == ['app/a/bad.c:2: 121 columns, at most 120', 'tests/run:1: 209 columns, at most 120'], found


@tap.case
def functions_fit_a_screen():
    found = functions(source.ROOT, source.paths(source.ROOT, '.c', '.h'))
    lengths = [n for n, _, _ in found]
    assert len(found) > 100, f'only {len(found)} functions were found'
    print(f'# {len(found)} functions, median {sorted(lengths)[len(lengths) // 2]} lines, longest:')
    for n, path, name in found[:5]:
        print(f'# {n} {path}: {name}')
    assert not long_functions(source.ROOT), '\n'.join(long_functions(source.ROOT))


@tap.case
def files_are_short():
    for n, path, _ in files(source.ROOT)[:5]:
        print(f'# {n} {path}')
    assert not long_files(source.ROOT), '\n'.join(long_files(source.ROOT))


@tap.case
def headers_are_short():
    headers = [(n, path) for n, path, _ in files(source.ROOT) if path.endswith('.h')]
    for n, path in headers[:5]:
        print(f'# {n} {path}')
    assert headers and headers[0][0] <= MAX_HEADER, f'{headers[0][1]} has {headers[0][0]} lines, at most {MAX_HEADER}'


@tap.case
def lines_are_short():
    assert not long_lines(source.ROOT), '\n'.join(long_lines(source.ROOT))


tap.run('/lint/lengths')
