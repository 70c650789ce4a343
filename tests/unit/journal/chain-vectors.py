#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hashes that test-chain.c expects, made with hashlib from the words in payment/journal/entry.h alone.

    python3 tests/unit/journal/chain-vectors.py
"""
import hashlib


def number(value):
    return value.to_bytes(8, "big", signed=False)


def text(value):
    if value is None:
        return number(2**64 - 1)
    return number(len(value)) + value


def entry_hash(previous, seq, wall_us, boot_us, boot_id, synced, session, kind, payload):
    fields = [previous, number(seq), number(wall_us), number(boot_us), boot_id, bytes([1 if synced else 0]),
              text(session), text(kind), text(payload)]
    return hashlib.sha256(b"".join(fields)).digest()


STORY = [
    (1, 1795342530123456, 5000001, bytes(range(16)), True, None, b"station-started", b'{"schema":1}'),
    (2, 1795342531000000, 6000000, bytes(range(16)), False, b"a1b2", b"hold-wanted",
     '{"text":"Zürich \\" ⚡"}'.encode()),
    (3, 0, 0, bytes(16), False, b"", b"k", b""),
]

previous = bytes(32)
for fields in STORY:
    previous = entry_hash(previous, *fields)
    print(previous.hex())
