# SPDX-License-Identifier: Apache-2.0
"""The journal's disk is full while a car charges: the session ends in money and in the journal, nobody new is served,
and the station opens again when there is room."""
import os
import shutil
import tempfile

import tap
import witness
from crash import CrashStreet, Parallel, clear_keys, shared_keys
from disk import Disk

KEYS = shared_keys()


class DiskStreet(CrashStreet):
    """Its journal is on a disk of 1 MiB, a quarter of it the reserve."""

    def __init__(self):
        super().__init__(connectors=2, keys=KEYS)
        self.conf += "[journal]\nreserve_kib = 256\n"
        self.disk = None

    def __enter__(self):
        super().__enter__()
        try:
            self.disk = Disk(os.path.join(self.dir, "journal"), "1m")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *about):
        super().__exit__(*about)
        if self.disk:
            self.disk.end()

    def start(self, **options):
        return super().start(wrapper=self.disk.wrapper(), **options)

    def journal_path(self):
        """A copy, each time: SQLite follows the link into the namespace to a path that is not there."""
        copy = tempfile.mkdtemp(prefix="copy-", dir=self.dir)
        for name in ("journal.db", "journal.db-wal"):
            shutil.copy(os.path.join(self.disk.seen_from_outside(), name), copy)
        return os.path.join(copy, "journal.db")

    def until_closed(self, why):
        def is_closed():
            counter = self.counter()
            return counter and counter["state"] == "closed" and counter["closed_why"] == why
        self.until(f"closed: {why}", is_closed)

    def refuses(self, why):
        """Neither a finger nor a card begins anything new."""
        before = len({s for _, s, _, _ in self.entries() if s})
        for connector in (1, 2):
            error = self.choose(connector)
            assert error is not None and why in error, error
        self.ctl("card", "tap", "visa-second")
        self.until("a card that was read", lambda: (self.counter() or {}).get("prompt") == "closed")
        self.ctl("card", "remove")
        assert len({s for _, s, _, _ in self.entries() if s}) == before
        assert self.ctl("acquirer", "requests")["came"]["authorize"] == 1

    def has_room_again(self):
        self.disk.empty()
        self.until_counter("welcome", seconds=60)
        self.until_charging(2, 4, "visa-second")
        self.until_free(2)
        captured = self.verdict((1, 2))
        assert len(captured) == 2 and all(amount > 0 for amount in captured.values()), captured


def full_while_charging():
    with DiskStreet() as street:
        street.start(wait=False)
        street.until_charging(1)
        street.disk.fill()
        street.until_closed("storage-full")
        assert street.is_state(1, "charging")            # the paying driver is not disturbed
        street.refuses("storage-full")
        street.until_free(1)
        kinds = [kind for _, _, kind, _ in street.entries()]
        assert "bill" in kinds and "answer" in kinds, kinds
        street.refuses("storage-full")

        street.daemon.kill()                             # what was written was durable
        street.died()
        street.restart()
        street.until_closed("storage-full")
        assert street.open_claims() == [] and street.is_state(1, "free")
        street.has_room_again()


def killed_on_a_full_disk():
    """It starts on the full disk, for there is a session to be finished."""
    with DiskStreet() as street:
        street.start(wait=False)
        street.until_charging(1)
        street.disk.fill()
        street.until_closed("storage-full")
        street.daemon.kill()
        street.died()
        street.restart()
        street.until_closed("storage-full")
        street.settle()
        assert "bill" in [kind for _, _, kind, _ in street.entries()]
        street.has_room_again()


def killed_without_a_byte_left():
    with DiskStreet() as street:
        street.start(wait=False)
        street.until_charging(1)
        street.daemon.kill()
        street.died()
        os.unlink(os.path.join(street.disk.seen_from_outside(), "reserve"))
        street.disk.fill()
        street.restart()
        street.until_closed("journal-stuck")
        street.until("no energy", lambda: witness.is_quiet(street), 10)
        street.has_room_again()


def not_even_the_reserve():
    """Somebody takes the reserve's room as well: no energy without a journal, and money only when it can be written."""
    with DiskStreet() as street:
        street.start(wait=False)
        street.until_charging(1)
        street.disk.fill()
        street.until_closed("storage-full")
        street.disk.fill()
        street.until_closed("journal-stuck")
        street.until("no energy", lambda: witness.is_quiet(street), 10)
        street.refuses("journal-stuck")
        assert street.ctl("acquirer", "requests")["came"]["capture"] == 0
        street.has_room_again()


def main():
    parallel = Parallel(4)
    parallel.add("full while charging: the session settles, new drivers are refused", full_while_charging)
    parallel.add("killed on a full disk: the session settles all the same", killed_on_a_full_disk)
    parallel.add("killed, and not a byte is left: no energy until there is room", killed_without_a_byte_left)
    parallel.add("full to the last byte: no energy without a journal", not_even_the_reserve)
    tap.run(parallel.told())


if __name__ == "__main__":
    try:
        main()
    finally:
        clear_keys(KEYS)
