# SPDX-License-Identifier: Apache-2.0
"""The main job on the real wires: card through libnfc, hold over HTTPS, energy over RAPI, capture, receipt."""
import json

import tap
from street import DEST, STATION, Street


def paid_session():
    with Street() as street:
        street.start()
        session = street.charge(1, wh=60)
        assert street.ledger(session)["authorized"] == "50.00"
        assert street.stop(1) is None
        street.wait_connector(1, "free")
        street.wait_settled()
        bill = [p for _, _, kind, p in street.entries(session) if kind == "bill"][0]
        ledger = street.ledger(session)
        captured = int(ledger["captured"].replace(".", ""))
        assert captured == bill["capture_minor"] > 0, (ledger, bill)
        assert ledger["open"] == "0.00", ledger
        receipt = street.busctl("call", DEST, STATION, DEST, "Receipt", "sss", session, "text", "en")
        assert street.connector(1)["LastSession"] == session and street.connector(1)["Session"] == ""
        text = json.loads(receipt.stdout)["data"][0]
        assert "TEST MODE" in text and session in text and "1111" in text, text
        assert "4111" not in text.replace("****1111", ""), text


if __name__ == "__main__":
    tap.run([("a paid session ends in exactly one capture and a receipt", paid_session)])
