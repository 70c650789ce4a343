# SPDX-License-Identifier: Apache-2.0
"""with-postgresql.py PROGRAM [ARGUMENT ...]: runs it with TAPWATT_TEST_STORE, the URL of a PostgreSQL server that was
made for it: its data and its socket in a directory of its own, no port, gone afterwards."""

import contextlib
import glob
import os
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534


def programs():
    """The folder of initdb and pg_ctl; None: PostgreSQL is not installed."""
    folders = sorted(glob.glob('/usr/lib/postgresql/*/bin'), key=lambda path: int(path.split('/')[4]), reverse=True)
    found = [folder for folder in folders if os.path.exists(os.path.join(folder, 'initdb'))]
    return found[0] if found else None


@contextlib.contextmanager
def server():
    """A server's URL. PostgreSQL refuses to be root's."""
    home = tempfile.mkdtemp(prefix='tapwatt-pg-')
    data = os.path.join(home, 'data')
    who = []
    if os.getuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        who = ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups']
    run = lambda *words: subprocess.run([*who, *words], check=True, cwd=home, stdout=subprocess.DEVNULL,  # noqa: E731
                                        stdin=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C', 'HOME': home})
    ctl = os.path.join(programs(), 'pg_ctl')
    try:
        run(os.path.join(programs(), 'initdb'), '-D', data, '-U', 'tapwatt', '-A', 'trust', '-E', 'UTF8', '--no-sync')
        run(ctl, '-D', data, '-w', '-l', os.path.join(home, 'log'), 'start', '-o',
            f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off")
        try:
            yield f'postgresql:///postgres?host={home}&user=tapwatt'
        finally:
            run(ctl, '-D', data, '-w', '-m', 'immediate', 'stop')
    finally:
        shutil.rmtree(home)


def main():
    if programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed: no /usr/lib/postgresql/*/bin')
        return 0
    with server() as url:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, 'TAPWATT_TEST_STORE': url}).returncode


if __name__ == '__main__':
    sys.exit(main())
