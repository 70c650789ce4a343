# SPDX-License-Identifier: Apache-2.0
"""The tree's own files, and C with its comments and texts taken out."""

import os
import re

import arrows

TOP = ('app', 'ui', 'hw', 'payment', 'assets', 'packaging', 'tests')
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]*)"|<([^>]*)>)', re.MULTILINE)


def paths(root, *endings):
    """Sorted, relative to root, of files in the top folders whose names end so; all files if no ending is given."""
    found = []
    for top in TOP:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [name for name in folders if not name.startswith('.') and name != '__pycache__']
            found += [os.path.relpath(os.path.join(folder, name), root) for name in names
                      if not endings or name.endswith(endings)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def is_script(root, path):
    return '.' not in os.path.basename(path) and read(root, path).startswith('#!')


def folder_of(path):
    """"payment/card" for all that is in or below it; "ui" is one folder, and so is each folder right below tests. A
    room inside of a room is one of its own where the table of arrows says so."""
    parts = path.split('/')
    inner = '/'.join(parts[:-1][:3])
    if inner in arrows.ALLOWED:
        return inner
    depth = 1 if parts[0] in ('ui', 'assets', 'packaging') else 2
    return '/'.join(parts[:-1][:depth])


def blank(match):
    """Keeps the lines and, of texts, the quotes."""
    text = match[0]
    kept = re.sub(r'[^\n]', ' ', text)
    return kept if text.startswith('/') else text[0] + kept[1:-1] + text[-1]


def code(text):
    return TOKEN.sub(blank, text)


def includes(text):
    """(line, name, is it written with quotes)."""
    bare = re.sub(r'/\*.*?\*/', blank, text, flags=re.DOTALL)
    return [(bare.count('\n', 0, match.start()) + 1, match[1] or match[2], match[1] is not None)
            for match in INCLUDE.finditer(bare)]


def plant(root, files):
    """Writes {path: text} below root: a house with something wrong in it, to see whether a lint finds it."""
    for path, text in files.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as file:
            file.write(text)
