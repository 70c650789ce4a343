# SPDX-License-Identifier: Apache-2.0
"""Signed meters of a made-up fleet: OCMF 1.4 records on P-256, signed with python3-cryptography, begin and end in one
record, T pagination without a gap. A meter never forgets its number; who wants a gap, skips one."""
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fleet_money import local

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def moment(seconds):
    zone = local(seconds, "%z")
    return local(seconds, "%Y-%m-%dT%H:%M:%S,000") + f"{zone} S"


class Meter:
    def __init__(self, serial, rng):
        self.serial, self.page, self.register_wh = serial, 0, rng.randrange(1, 4000000)
        self.key = ec.derive_private_key(rng.randrange(1, P256_ORDER), ec.SECP256R1())

    def public_key(self):
        return self.key.public_key().public_bytes(serialization.Encoding.DER,
                                                  serialization.PublicFormat.SubjectPublicKeyInfo).hex()

    def payload(self, energy_wh, began, ended, identification, tariff_text="", skip=0, **more):
        """The bytes to be signed; skip: numbers that are lost before it. more: members of the payload replaced."""
        self.page += 1 + skip
        first, self.register_wh = self.register_wh, self.register_wh + energy_wh
        reading = {"RI": "01-00:B1.08.00*FF", "RU": "kWh", "RT": "AC", "EF": "", "ST": "G", **more.pop("reading", {})}
        fields = {"FV": "1.4", "GS": f"G{self.serial}", "PG": f"T{self.page}", "MV": "Meterworks", "MM": "One",
                  "MS": self.serial, "IS": True, "IL": "TRUSTED", "IF": [], "IT": "CARD_TXN_NR", "ID": identification,
                  "TT": tariff_text}
        fields["RD"] = [dict(reading, TM=moment(began), TX="B", RV="@0"), dict(reading, TM=moment(ended), TX="E",
                                                                               RV="@1")]
        fields.update(more)
        text = json.dumps(fields, separators=(",", ":"))
        for i, wh in enumerate((first, self.register_wh)):     # digits as the meter writes them, never a float
            text = text.replace(f'"@{i}"', f"{wh // 1000}.{wh % 1000:03d}")
        return text

    def sign(self, payload):
        signature = self.key.sign(payload.encode(), ec.ECDSA(hashes.SHA256())).hex()
        return f'OCMF|{payload}|{{"SA":"ECDSA-secp256r1-SHA256","SD":"{signature}"}}'

    def record(self, *args, **more):
        return self.sign(self.payload(*args, **more))

    def records(self, energy_wh, began, ended, identification, texts, **more):
        """Begin and end apart, each with its tariff text. more: members of the end's payload replaced."""
        payloads = [self.payload(energy_wh, began, ended, identification, texts[0]),
                    self.payload(0, began, ended, identification, texts[1], **more)]
        middle = payloads[0].index('},{"RI"')
        payloads[0] = payloads[0][:middle + 1] + payloads[0][payloads[0].rindex("]"):]
        first = payloads[1].index('"RD":[') + len('"RD":[')
        payloads[1] = payloads[1][:first] + payloads[1][payloads[1].index('},{"RI"') + 2:]
        return [self.sign(payload) for payload in payloads]
