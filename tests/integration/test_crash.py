# SPDX-License-Identifier: Apache-2.0
"""Kills tapwattd at every journal commit and at every request to the payment service of a whole session.

First a session without a crash, with tests/lib/kill-at.c counting: its places are the kill points. Then, for each of
them, a street of its own: the same session up to the kill, the daemon started again, the driver going on as far as he
can; then the ledger, the controller, the calculator and the chain are asked."""
import re

import tap
import witness
from crash import CrashStreet, Dead, Parallel, clear_keys, shared_keys

N_READINGS = 2
# Crashes whose recovery is died in as well: an authorization without answer, a charging car, a capture without answer.
FIRSTS = ("request POST /pts/v2/payments: answered #1", "commit reading.periodic: synced #2",
          "request POST /pts/v2/payments/N/captures: answered #1")
FLEETING = r"reading\.periodic|reading\.phase|commit counter\.|commit offered|sync |HEAD"
KEYS = shared_keys()
hit = set()


def count():
    """The places of a session in which nothing goes wrong, and how many periodic readings it had."""
    with CrashStreet(connectors=1, keys=KEYS) as street:
        street.start_with_shim()
        street.whole_session(N_READINGS)
        places, readings = street.reached(), len(street.readings("periodic"))
        captured = street.verdict()
    assert list(captured.values())[0] > 0, captured
    return places, readings


def was_approved(place, captured):
    """Whether the hold was in the journal when the daemon died there: a written commit survives the process. The
    connection that is made ahead of time keeps no order with the rest."""
    return sum(captured.values()) > 0 if "HEAD" in place else place not in BEFORE_APPROVAL


def recovery_places(first):
    """The places of the start after a crash, up to the settlement. What depends on the moment is left out."""
    with CrashStreet(connectors=1, keys=KEYS) as street:
        die_at(street, first)
        street.ctl("card", "remove")
        street.start_with_shim()
        street.settle()
        found = [place for place in street.reached() if place.endswith("#1") and not re.search(FLEETING, place)]
        street.verdict()
        return found


def die_at(street, place, readings=N_READINGS):
    street.start_with_shim(place)
    try:
        street.whole_session(readings)
        # What follows the last answer is not waited for by anybody.
        street.until("the kill", lambda: False)
    except Dead:
        pass
    street.died(place)


def crash_again(first, second):
    """The start after a crash dies, too."""
    with CrashStreet(connectors=1, keys=KEYS) as street:
        die_at(street, first)
        street.ctl("card", "remove")
        street.start_with_shim(second)
        try:
            street.settle()
            street.until("the second kill", lambda: False)
        except Dead:
            pass
        street.died(second)
        street.come_back()
        delivered = witness.delivered_wh(street)
        captured = street.verdict()
        billed = sum(bill["energy_wh"] for bill in witness.payloads(street.entries(), "bill"))
        assert abs(delivered - billed) <= witness.TOLERANCE_WH, (delivered, billed)
        assert (sum(captured.values()) > 0) == was_approved(first, captured), captured


def crash_at(place, readings, plug):
    with CrashStreet(connectors=1, keys=KEYS, deadlines="" if plug else "armed_s = 3") as street:
        die_at(street, place, readings)
        hit.add(place)
        street.come_back(plug=plug)
        delivered = witness.delivered_wh(street)
        captured = street.verdict()
        billed = sum(bill["energy_wh"] for bill in witness.payloads(street.entries(), "bill"))

        holds = [session for session in captured if street.ledger(session)]
        assert len(holds) <= 1, holds
        assert abs(delivered - billed) <= witness.TOLERANCE_WH, (delivered, billed)
        if plug:
            assert (sum(captured.values()) > 0) == was_approved(place, captured), captured
        else:
            assert sum(captured.values()) == 0 and delivered == 0, (captured, delivered)


def name_of(place):
    return "killed at " + place.replace("#", "no. ")   # TAP would take it for a directive


def nothing_missed():
    missed = [place for place in PLACES if place not in hit]
    assert not missed, missed


def find_places():
    places, readings = count()
    tap.note(f"{len(places)} kill points in a session with {readings} periodic readings:")
    for place in places:
        tap.note("  " + place)
    return places, readings


if __name__ == "__main__":
    try:
        PLACES, readings = find_places()
        begun = next(i for i, place in enumerate(PLACES) if place.startswith("commit reading.begin"))
        written = next(i for i, place in enumerate(PLACES) if re.match(r"commit approved.*: unsynced", place))
        BEFORE_APPROVAL = set(PLACES[:written])
        parallel = Parallel()
        for place in PLACES:
            parallel.add(name_of(place), crash_at, place, readings, True)
        for place in PLACES[written:begun]:
            parallel.add(name_of(place) + ", and nobody plugs in", crash_at, place, readings, False)
        for first in FIRSTS:
            for second in recovery_places(first):
                parallel.add(f"{name_of(first)}, and again at {name_of(second)[10:]}", crash_again, first, second)
        stories = parallel.told()
        if len(tap.wanted(stories)) == len(stories):
            stories.append(("every kill point of the session without a crash was hit", nothing_missed))
        tap.run(stories)
    finally:
        clear_keys(KEYS)
