#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Makes cryptogram-vectors.ini: what a virtual card must compute, from a second implementation that shares nothing with
# hw/virtual but the text of EMV 4.3 Book 2 annex A1 and of hw/virtual/README.md. Run by hand, with
# python3-cryptography:
#   ./cryptogram-vectors.py > cryptogram-vectors.ini
try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes


def des3(key, block):
    e = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()
    return e.update(block) + e.finalize()


def des(key, block, back=False):
    c = Cipher(TripleDES(key * 3), modes.ECB())
    e = c.decryptor() if back else c.encryptor()
    return e.update(block) + e.finalize()


def odd(key):
    return bytes(b & 0xFE | (bin(b >> 1).count("1") + 1) % 2 for b in key)


def card_key(issuer, pan, sequence):
    y = bytes.fromhex((pan + "%02d" % sequence)[-16:].rjust(16, "0"))
    return odd(des3(issuer, y) + des3(issuer, bytes(b ^ 0xFF for b in y)))


def session_key(key, atc):
    r = atc.to_bytes(2, "big")
    return des3(key, r + b"\xF0" + bytes(5)) + des3(key, r + b"\x0F" + bytes(5))


def mac(key, data):
    data += b"\x80"
    data += bytes(-len(data) % 8)
    h = bytes(8)
    for i in range(0, len(data), 8):
        h = des(key[:8], bytes(a ^ b for a, b in zip(h, data[i:i + 8])))
    return des(key[:8], des(key[8:], h, back=True))


def tlv(tag, value):
    value = bytes.fromhex(value) if isinstance(value, str) else value
    assert len(value) < 128
    return bytes.fromhex(tag) + bytes([len(value)]) + value


def show(name, **values):
    print("\n[%s]" % name)
    for key, value in values.items():
        print("%s=%s" % (key.replace("_", "-"), value.hex() if isinstance(value, bytes) else value))


print("# SPDX-License-Identifier: Apache-2.0\n# Made by cryptogram-vectors.py; do not edit.")

BENCH = b"TAPWATT-BENCHKEY"
OTHER = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
CASES = [
    ("visa-1", BENCH, "4111111111111111", 0, 1, bytes(41)),
    ("visa-2", BENCH, "4012888888881881", 0, 2, bytes(range(40))),
    ("decline", BENCH, "4000000000000002", 1, 0xFFFF, b"\x80" * 39),
    ("nineteen-digits", OTHER, "6011000000000000003", 99, 0x0102, b""),
    ("twelve-digits", OTHER, "411111111111", 5, 0x00F0, b"\x00" * 8),
    ("one-byte", OTHER, "5555555555554444", 1, 0x1234, b"\x42"),
]
for name, issuer, pan, sequence, atc, data in CASES:
    ck = card_key(issuer, pan, sequence)
    sk = session_key(ck, atc)
    show(name, issuer_key=issuer, pan=pan, sequence=sequence, atc=atc, input=data, card_key=ck, session_key=sk,
         mac=mac(sk, data))

# One whole tap of assets/bench/cards/visa-approve.card, its first: 60.00 euros, Germany, 22 November 2026.
PDOL = [("9F66", "21804080"), ("9F02", "000000006000"), ("9F03", "000000000000"), ("9F1A", "0276"),
        ("95", "0000000000"), ("5F2A", "0978"), ("9A", "261122"), ("9C", "00"), ("9F37", "A1B2C3D4")]
pdol = {tag: bytes.fromhex(value) for tag, value in PDOL}
aip, atc, iad = bytes.fromhex("2000"), 1, bytes.fromhex("06011203A00000")
signed = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")
data = b"".join(pdol[t] for t in signed) + aip + atc.to_bytes(2, "big") + iad
cryptogram = mac(session_key(card_key(BENCH, "4111111111111111", 0), atc), data)
sent = b"".join(bytes.fromhex(v) for _, v in PDOL)
body = (tlv("82", aip) + tlv("57", "4111111111111111D4912201") + tlv("5F34", "00") + tlv("9F10", iad)
        + tlv("9F26", cryptogram) + tlv("9F27", "80") + tlv("9F36", "0001") + tlv("9F6C", "2800")
        + tlv("9F6E", "20700000"))
field = b"\x83" + bytes([len(sent)]) + sent
show("tap", command=b"\x80\xA8\x00\x00" + bytes([len(field)]) + field + b"\x00",
     answer=tlv("77", body) + b"\x90\x00", signed=data, cryptogram=cryptogram)
