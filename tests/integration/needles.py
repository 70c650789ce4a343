# SPDX-License-Identifier: Apache-2.0
"""Card numbers and track data in every form in which a careless program would leave them, and the search for them. A
form that
nobody plants is not a form: test_card_data.py finds each of them in a copy of each place before it believes that none
is there."""
import base64
import glob
import os
import re

EXPIRY_SERVICE = "4912201"   # of every card in assets/bench/cards


def card_numbers(source):
    """Of all bench cards, from the profiles themselves."""
    numbers = set()
    for path in glob.glob(os.path.join(source, "assets", "bench", "cards", "*.card")):
        with open(path, encoding="utf-8") as f:
            numbers.update(re.findall(r"^(?:pan|data-5A)\s*=\s*(\d{12,19})$", f.read(), re.MULTILINE))
    assert len(numbers) >= 4, numbers
    return sorted(numbers)


def base64_forms(data):
    """What surely appears when data stands anywhere inside something that is encoded: once for each alignment."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data).rstrip(b"=")
        whole = text[-(-shift * 8 // 6):(shift + len(data)) * 8 // 6]   # only letters that no neighbour has a bit in
        yield f"base64 at {shift}", whole
        if whole != whole.translate(bytes.maketrans(b"+/", b"-_")):
            yield f"base64url at {shift}", whole.translate(bytes.maketrans(b"+/", b"-_"))


def spaced(text, size, gap):
    return gap.join(text[i:i + size] for i in range(0, len(text), size))


def text_forms(name, text):
    for form, shown in (("", text), (" spaced", spaced(text, 4, " ")), (" dashed", spaced(text, 4, "-"))):
        yield name + form, shown.encode()
    yield name + " UTF-16LE", text.encode("utf-16-le")
    yield name + " UTF-16BE", text.encode("utf-16-be")
    for form, needle in base64_forms(text.encode()):
        yield f"{name} {form}", needle
    yield from hex_forms(name + " as characters", text.encode())


def hex_forms(name, data):
    for case, shown in (("hex", data.hex()), ("HEX", data.hex().upper())):
        yield f"{name} {case}", shown.encode()
        yield f"{name} {case} bytes", spaced(shown, 2, " ").encode()
        yield f"{name} {case} colons", spaced(shown, 2, ":").encode()
        yield f"{name} {case} escaped", ("\\x" + spaced(shown, 2, "\\x")).encode()


def packed(nibbles):
    return bytes.fromhex(nibbles + "F" * (len(nibbles) % 2))


def forms_of(pan):
    """(what it is, bytes)."""
    yield from text_forms("digits", pan)
    yield from text_forms("track 2", f"{pan}={EXPIRY_SERVICE}")
    for name, nibbles in (("BCD", pan), ("track 2 equivalent", f"{pan}D{EXPIRY_SERVICE}")):
        data = packed(nibbles) if name == "BCD" else bytes.fromhex(nibbles[:len(nibbles) // 2 * 2])
        yield name, data
        yield from hex_forms(name, data)
        for form, needle in base64_forms(data):
            yield f"{name} {form}", needle
        # Behind an odd number of digits everything stands half a byte further: what is whole between the halves.
        yield name + " half a byte further", bytes.fromhex(nibbles[1:-1] if len(nibbles) % 2 == 0 else nibbles[1:])


def is_plain(needle):
    """40 00 .. 00 02 is also a number 64 with zeros around it, 11 11 .. 11 a pattern: memory is full of them without
    any card."""
    return len(set(needle)) == 1 or needle.count(0) >= len(needle) - 2 or needle.count(b"A") >= len(needle) - 1


class Haystack:
    """Finds card data in bytes."""

    def __init__(self, source):
        self.numbers = card_numbers(source)
        self.needles = {}
        for pan in self.numbers:
            for form, needle in forms_of(pan):
                if not is_plain(needle):
                    self.needles.setdefault(needle, f"...{pan[-4:]} as {form}")

    def search(self, data):
        """[(form, offset)], never the card number itself."""
        return [(form, data.find(needle)) for needle, form in self.needles.items() if needle in data]
