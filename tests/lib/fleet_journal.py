# SPDX-License-Identifier: Apache-2.0
"""A station's journal, written from the documentation of payment/journal alone: schema, kinds, and the chain of
hashes. That tapwatt takes it shows that the documentation says enough for somebody else to check a journal."""
import base64
import hashlib
import json
import os
import sqlite3
import struct

MARK = 0x54774A6C   # "TwJl"
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blob (hash TEXT PRIMARY KEY CHECK (length (hash) = 64), bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (seq INTEGER PRIMARY KEY, wall_us INTEGER NOT NULL, boot_us INTEGER NOT NULL,
  boot_id BLOB NOT NULL CHECK (length (boot_id) = 16), synced INTEGER NOT NULL CHECK (synced IN (0, 1)),
  session TEXT, kind TEXT NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL CHECK (length (hash) = 32)) STRICT;
CREATE INDEX entry_session ON entry (session, seq) WHERE session IS NOT NULL;
CREATE TRIGGER entry_insert BEFORE INSERT ON entry
  WHEN NEW.seq IS NOT (SELECT coalesce (max (seq), 0) + 1 FROM entry)
  BEGIN SELECT raise (ABORT, 'no gap'); END;
CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT raise (ABORT, 'no change'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT raise (ABORT, 'no removal'); END;
CREATE TRIGGER blob_insert BEFORE INSERT ON blob WHEN EXISTS (SELECT 1 FROM blob WHERE hash = NEW.hash)
  BEGIN SELECT raise (ABORT, 'no change'); END;
CREATE TRIGGER blob_update BEFORE UPDATE ON blob BEGIN SELECT raise (ABORT, 'no change'); END;
CREATE TRIGGER blob_delete BEFORE DELETE ON blob BEGIN SELECT raise (ABORT, 'no removal'); END;
"""


def text_field(text):
    """Length in 64 bits, most significant first, and the bytes; an absent text has the length of all ones."""
    if text is None:
        return b"\xff" * 8
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">Q", len(data)) + data


def entry_hash(previous, seq, wall_us, boot_us, boot_id, synced, session, kind, payload):
    return hashlib.sha256(previous + struct.pack(">QqQ", seq, wall_us, boot_us) + boot_id + bytes([synced])
                          + text_field(session) + text_field(kind) + text_field(payload)).digest()


class Journal:
    def __init__(self, station):
        self.station, self.entries, self.blobs = station, [], {}
        self.boot_id = hashlib.sha256(station.encode()).digest()[:16]
        self.head, self.booted_us = bytes(32), None

    def blob(self, data):
        name = hashlib.sha256(data).hexdigest()
        self.blobs.setdefault(name, data)
        return name

    def add(self, wall_us, kind, payload, session=None):
        """wall_us never runs back: a station's clock does, but nothing here is about that."""
        self.booted_us = wall_us if self.booted_us is None else self.booted_us
        assert not self.entries or self.entries[-1][1] <= wall_us, (self.station, kind, session)
        data = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        row = (len(self.entries) + 1, wall_us, wall_us - self.booted_us, self.boot_id, 1, session, kind, data)
        self.head = entry_hash(self.head, *row)
        self.entries.append(row + (self.head,))

    def write(self, directory):
        """DIRECTORY/journal.db, as a station that was shut down leaves it."""
        os.makedirs(directory, mode=0o700, exist_ok=True)
        path = os.path.join(directory, "journal.db")
        db = sqlite3.connect(path)
        db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA application_id = {MARK}; BEGIN; {SCHEMA}")
        db.execute("INSERT INTO meta VALUES ('station', ?), ('created_us', ?)",
                   (self.station, str(self.booted_us or 0)))
        db.executemany("INSERT INTO blob VALUES (?, ?)", self.blobs.items())
        db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self.entries)
        db.execute("PRAGMA user_version = 1")
        db.commit()
        db.execute("PRAGMA wal_checkpoint (TRUNCATE)")
        db.close()
        os.chmod(path, 0o600)
        return path

    def export(self, path):
        """The same as JSON Lines, as tapwatt journal export writes it."""
        with open(path, "w", encoding="utf-8") as out:
            for name, data in self.blobs.items():
                out.write(json.dumps({"blob": name, "bytes": base64.b64encode(data).decode()}) + "\n")
            for seq, wall_us, boot_us, boot_id, synced, session, kind, data, digest in self.entries:
                out.write(json.dumps({"seq": seq, "wall_us": wall_us, "boot_us": boot_us, "boot_id": boot_id.hex(),
                                      "synced": bool(synced), "session": session, "kind": kind,
                                      "payload": data.decode(), "hash": digest.hex()}) + "\n")
        return path
