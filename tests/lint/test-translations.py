# SPDX-License-Identifier: Apache-2.0
"""Every word of the sources is in every catalogue, translated, and nothing else is."""

import os
import re
import shutil
import struct
import subprocess
import tempfile

import source
import tap

FOLDER = 'assets/translations'
MARK = re.compile(r'\b(?:tw_word|tw_word_in|N_|NC_) *\(')
# xgettext reads before the preprocessor does: it would not see the texts that such a macro is given.
HIDING = re.compile(r'^[ \t]*#[ \t]*define\b[^\n]*\btw_word(?:_in)? *\(', re.MULTILINE)
DEFINITIONS = ('app/base/words.c', 'app/base/words.h')
HINT = f'run {FOLDER}/update'


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def marked(root):
    return [path for path in source.paths(root, '.c', '.h')
            if path.startswith(('app/', 'hw/', 'payment/', 'ui/')) and path not in DEFINITIONS
            and MARK.search(source.code(source.read(root, path)))]


def keys(po):
    """{msgid or context EOT msgid: translation} of what msgfmt takes from a .po file; without the header."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'words.mo')
        done = run('msgfmt', '--endianness=little', '--output-file=' + path, po)
        assert done.returncode == 0, done.stderr
        with open(path, 'rb') as file:
            mo = file.read()
    n, originals, translations = struct.unpack_from('<3I', mo, 8)

    def text(table, i):
        length, offset = struct.unpack_from('<2I', mo, table + 8 * i)
        return mo[offset:offset + length].decode()

    found = {text(originals, i): text(translations, i) for i in range(n)}
    found.pop('', None)
    return found


def every_key(po, folder):
    """Untranslated and fuzzy ones too: msgen gives each a translation, its msgid where there is none."""
    full = os.path.join(folder, 'full.po')
    for command in (['msgattrib', '--clear-fuzzy', '--no-obsolete', '--force-po'], ['msgen', '--force-po']):
        done = run(*command, '--output-file=' + full, po)
        assert done.returncode == 0, done.stderr
        po = full
    return set(keys(full))


def shown(key):
    return ' in the context '.join(f'"{part}"' for part in reversed(key.split('\004')))


def problems_of_language(path, wanted, folder):
    found = []
    name = os.path.basename(path)
    if not os.path.exists(path):
        return [f'{name}: LINGUAS names it, and it is not there']
    done = run('msgfmt', '--check', '--output-file=' + os.path.join(folder, 'checked.mo'), path)
    if done.returncode != 0 or 'warning' in done.stderr:
        return [f'{name}: {done.stderr}']
    translated = keys(path)
    found += [f'{name}: not translated: {shown(key)}; {HINT}' for key in sorted(wanted - set(translated))]
    found += [f'{name}: no source has {shown(key)}; {HINT}' for key in sorted(every_key(path, folder) - wanted)]
    with open(path, encoding='utf-8') as file:
        found += [f'{name}: {line.strip()}: obsolete; {HINT}' for line in file if line.startswith('#~ msgid')]
    return found


def problems(root):
    here = os.path.join(root, FOLDER)
    marks = marked(root)
    listed = source.read(root, FOLDER + '/POTFILES').split()
    languages = source.read(root, FOLDER + '/LINGUAS').split()
    found = [f'{path}: not in POTFILES; {HINT}' for path in marks if path not in listed]
    found += [f'POTFILES: {path} has no words; {HINT}' for path in listed if path not in marks]
    found += [f'{path}: a template is made when it is needed, not kept' for path in source.paths(root, '.pot')]
    found += [f'{path}: LINGUAS does not name it' for path in source.paths(root, '.po')
              if path.startswith(FOLDER) and os.path.basename(path)[:-3] not in languages]
    found += [f'{path}: a macro around tw_word(): xgettext does not see what it is given' for path in
              source.paths(root, '.c', '.h') if HIDING.search(source.read(root, path)) and path not in DEFINITIONS]
    with tempfile.TemporaryDirectory() as folder:
        done = run(os.path.join(here, 'update'), '--pot')
        pot = os.path.join(folder, 'words.pot')
        assert done.returncode == 0, done.stderr
        with open(pot, 'w', encoding='utf-8') as file:
            file.write(done.stdout)
        wanted = every_key(pot, folder)
        for language in languages:
            found += problems_of_language(os.path.join(here, language + '.po'), wanted, folder)
    return found


HEADER = '''msgid ""
msgstr ""
"Project-Id-Version: x\\n"
"PO-Revision-Date: 2026-11-22 12:00+0000\\n"
"Last-Translator: x\\n"
"Language-Team: x\\n"
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
'''
PAY = '\nmsgid "Pay"\nmsgstr "Bezahlen"\n'
COUNT = '\n#, c-format\nmsgid "%d of them"\nmsgstr "%d davon"\n'
DOOR = '\nmsgctxt "door"\nmsgid "Open"\nmsgstr "Offen"\n'
SOURCE = ('x = tw_word (language, "Pay"); y = g_strdup_printf (tw_word (f (a, b), "%d of them"), 1);\n'
          'z = tw_word_in (language, "door", "Open"); s = "tw_word (a, \\"none\\")"; /* tw_word (a, "b") */\n')


def planted(po=HEADER + PAY + COUNT + DOOR, potfiles='ui/a.c\n', **files):
    with tempfile.TemporaryDirectory() as root:
        source.plant(root, {'ui/a.c': SOURCE, f'{FOLDER}/de.po': po, f'{FOLDER}/POTFILES': potfiles,
                            f'{FOLDER}/LINGUAS': 'de\n',
                            **{path.replace('__', '/'): text for path, text in files.items()}})
        shutil.copy(os.path.join(source.ROOT, FOLDER, 'update'), os.path.join(root, FOLDER))
        return problems(root)


def assert_one(found, *texts):
    assert len(found) == 1 and all(text in found[0] for text in texts), found


@tap.case
def what_is_complete_is_left_alone():
    assert planted() == [], planted()


@tap.case
def a_source_that_is_not_listed_is_found():
    assert_one(planted(potfiles=''), 'ui/a.c: not in POTFILES')


@tap.case
def a_listed_file_without_words_is_found():
    assert_one(planted(potfiles='ui/a.c\nui/b.c\n', **{'ui__b.c': '/* tw_word (a, "b") */\n'}),
               'POTFILES: ui/b.c has no words')


@tap.case
def a_missing_word_is_found():
    assert_one(planted(po=HEADER + COUNT + DOOR), 'not translated: "Pay"')


@tap.case
def a_word_in_another_context_is_found():
    assert_one(planted(po=HEADER + PAY + COUNT, **{'ui__a.c': SOURCE}), 'not translated: "Open" in the context "door"')


@tap.case
def a_marked_word_is_wanted_too():
    assert_one(planted(**{'ui__a.c': SOURCE + 'static const char *const a[] = { N_("Free"), };\n'}),
               'not translated: "Free"')


@tap.case
def an_untranslated_word_is_found():
    assert_one(planted(po=HEADER + PAY.replace('Bezahlen', '') + COUNT + DOOR), 'not translated: "Pay"')


@tap.case
def a_fuzzy_word_is_found():
    assert_one(planted(po=HEADER + PAY.replace('msgid', '#, fuzzy\nmsgid') + COUNT + DOOR), 'not translated: "Pay"')


@tap.case
def a_format_that_differs_is_found():
    assert_one(planted(po=HEADER + PAY + COUNT.replace('%d davon', '%s davon') + DOOR), 'de.po', "'msgid' and 'msgstr'")


@tap.case
def dead_words_are_found():
    assert_one(planted(po=HEADER + PAY + COUNT + DOOR + '\nmsgid "Gone"\nmsgstr "Weg"\n'), 'no source has "Gone"')
    assert_one(planted(po=HEADER + PAY + COUNT + DOOR + '\n#~ msgid "Gone"\n#~ msgstr "Weg"\n'), 'obsolete')


@tap.case
def a_template_and_a_macro_are_found():
    assert_one(planted(**{f'{FOLDER}/words.pot': HEADER}), 'words.pot')
    assert_one(planted(potfiles='ui/a.c\nui/b.h\n', **{'ui__b.h': '#define T(text) tw_word (language, text)\n'}),
               'ui/b.h: a macro')


@tap.case
def a_language_that_nobody_names_is_found():
    assert_one(planted(**{f'{FOLDER}/fr.po': HEADER}), 'fr.po: LINGUAS does not name it')


@tap.case
def everything_is_translated_in_this_house():
    found = problems(source.ROOT)
    assert not found, '\n'.join(found)


tap.run('/lint/translations')
