# SPDX-License-Identifier: Apache-2.0
"""The databases that bench_reconcile.py compares with. Each is a context that makes ready what is not to be timed, and
gives the command that reads the three files of make-books and writes the findings to OUT. None is a dependency."""
import contextlib
import json
import os
import pwd
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
DUCKDB = "@duckdb/node-api"

with open(os.path.join(HERE, "books.sql"), encoding="utf-8") as _file:
    FINDINGS = _file.read()

LINES = """SELECT "Type" AS kind, "Merchant Reference" AS ref, "Psp Reference" AS psp, "Modification Reference" AS mod,
  "Gross Currency" AS currency, {gross} AS gross, "Net Currency" AS net_currency, {net} AS net, {paid} AS paid,
  "Batch Number" AS batch FROM """
SALES = "SELECT payment_ref, currency, CAST(captured_minor AS BIGINT) AS captured FROM "


class Missing(Exception):
    """This rival cannot be had here; why."""


def lines_of(form):
    """form: of SQL, from a decimal text in %s to minor units."""
    return LINES.format(gross=form % '"Gross Credit (GC)"', net=form % '"Net Credit (NC)"',
                        paid=form % '"Net Debit (NC)"')


def columns(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().strip().split(",")


def duckdb_of(scratch, statements):
    """The command that runs these, with a DuckDB from the npm registry in the scratch folder."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("node and npm are not installed")
    home = os.path.join(scratch, "npm")
    if not os.path.isdir(home):
        os.mkdir(home)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", home, DUCKDB], cwd=home,
                              capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise Missing(f"the npm registry did not give {DUCKDB}: {done.stderr.strip().splitlines()[-1:]}")
    script = os.path.join(home, "run.js")
    with open(script, "w", encoding="utf-8") as file:
        file.write("""const { DuckDBInstance } = require ("@duckdb/node-api");
(async () => {
  const connection = await (await DuckDBInstance.create (":memory:")).connect ();
  for (const statement of %s)
    await connection.run (statement);
}) ().catch ((why) => { console.error (String (why)); process.exit (1); });
""" % json.dumps(statements))
    return ["node", script]


def sqlite_of(database, script, text):
    """The command that runs this script on a new database; its name, and the text that becomes the script."""
    if shutil.which("sqlite3") is None:
        raise Missing("sqlite3 is not installed")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;\n{text}")
    if os.path.exists(database):
        os.unlink(database)
    return ["sh", "-c", f"exec sqlite3 -bail '{database}' < '{script}'"]


@contextlib.contextmanager
def duckdb(books, out, scratch):
    cents = 'CAST(CAST(%s AS DECIMAL(18,2)) * 100 AS BIGINT)'
    text = "header=true, all_varchar=true"
    statements = [
        "SET preserve_insertion_order = false",
        f"CREATE TABLE sales AS {SALES} read_csv('{books}/sales.csv', {text})",
        f"CREATE TABLE lines AS {lines_of(cents)} read_csv('{books}/settlement.csv', {text})",
        f"""CREATE TABLE bank AS SELECT "Currency" AS currency, {cents % '"Amount"'} AS amount, "Text" AS text
            FROM read_csv('{books}/bank.csv', {text})""",
        f"COPY ({FINDINGS}) TO '{out}' (HEADER false)"]
    yield duckdb_of(scratch, statements)


@contextlib.contextmanager
def sqlite(books, out, scratch):
    cents = "CAST(replace(%s, '.', '') AS INTEGER)"
    yield sqlite_of(f"{scratch}/books.sqlite", f"{scratch}/sqlite.sql", f""".mode csv
.import {books}/sales.csv raw_sales
.import {books}/settlement.csv raw_lines
.import {books}/bank.csv raw_bank
CREATE TABLE sales AS {SALES} raw_sales;
CREATE TABLE lines AS {lines_of(cents)} raw_lines;
CREATE TABLE bank AS SELECT "Currency" AS currency, {cents % '"Amount"'} AS amount, "Text" AS text FROM raw_bank;
CREATE INDEX lines_ref ON lines (kind, ref, currency, psp, mod, gross);
CREATE INDEX lines_batch ON lines (batch, net_currency, kind, net, paid);
CREATE INDEX sales_ref ON sales (payment_ref, currency, captured);
ANALYZE;
.output {out}
{FINDINGS};
""")


def as_postgres(*words):
    """The server refuses to be root."""
    return (["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []) + list(words)


@contextlib.contextmanager
def postgresql(books, out, scratch):
    """A cluster of our own: no port, its socket in the scratch folder. Its files are read where they are (file_fdw)."""
    if any(shutil.which(name) is None for name in ("initdb", "postgres", "psql")):
        raise Missing("initdb, postgres and psql are not in the path")
    if os.getuid() == 0:
        try:
            owner = pwd.getpwnam("postgres").pw_uid
        except KeyError:
            raise Missing("root may not run it, and there is no user postgres") from None
        for path in (scratch, books):
            os.chmod(path, 0o755)
    home = os.path.join(scratch, "pg")
    shutil.rmtree(home, ignore_errors=True)
    os.mkdir(home, 0o700)
    if os.getuid() == 0:
        os.chown(home, owner, -1)
    subprocess.run(as_postgres("initdb", "-D", f"{home}/data", "-A", "trust", "-N", "-U", "bench", "--locale=C"),
                   check=True, capture_output=True, cwd=home)
    cents = "CAST(CAST(NULLIF(%s, '') AS DECIMAL(18,2)) * 100 AS BIGINT)"
    foreign = "CREATE FOREIGN TABLE raw_%s (%s) SERVER files OPTIONS (filename '%s', format 'csv', header 'true');\n"
    paths = {"sales": "sales.csv", "lines": "settlement.csv", "bank": "bank.csv"}
    files = "".join(
        foreign % (name, ", ".join(f'"{column}" text' for column in columns(f"{books}/{file}")), f"{books}/{file}")
        for name, file in paths.items())
    script = os.path.join(scratch, "postgresql.sql")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"""\\set ON_ERROR_STOP on
SET work_mem = '512MB'; SET maintenance_work_mem = '512MB'; SET max_parallel_workers_per_gather = 2;
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
{files}
CREATE UNLOGGED TABLE sales AS {SALES} raw_sales;
CREATE UNLOGGED TABLE lines AS {lines_of(cents)} raw_lines;
CREATE UNLOGGED TABLE bank AS SELECT "Currency" AS currency, {cents % '"Amount"'} AS amount, "Text" AS text
  FROM raw_bank;
ANALYZE sales; ANALYZE lines; ANALYZE bank;
\\pset format csv
\\pset tuples_only on
\\o {home}/findings.csv
{FINDINGS};
""")
    os.chmod(script, 0o644)
    server = as_postgres("postgres", "-D", f"{home}/data", "-k", home, "-c", "listen_addresses=", "-c", "fsync=off",
                         "-c", "shared_buffers=256MB", "-c", "autovacuum=off")
    yield [os.path.join(HERE, "with-server"), home, " ".join(as_postgres()), script, out, *server]
