# SPDX-License-Identifier: Apache-2.0
"""What was planted, and whether the books say the same: every finding of the truth once, and nothing else."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Truth:
    class_: str
    amount: int           # minor units; + we may lose it, - we owe it
    currency: str
    where: tuple          # texts of which one must be in the finding: session, a reference, the EVSE, ...


TEXTS = ("session", "station", "evse", "payment_ref", "psp_ref", "batch", "bank_reference", "detail")


def fits(truth, found):
    texts = [str(found.get(name) or "") for name in TEXTS] + [str(r) for r in found.get("references", [])]
    return (found["class"] == truth.class_ and found["amount_minor"] == truth.amount
            and (found["currency"] or "") == truth.currency
            and any(w in text.split() or w == text for w in truth.where for text in texts))


def differences(truths, found):
    """(truths that were not found, findings that are not true); each finding answers for one truth only."""
    left, missed = list(found), []
    for truth in truths:
        match = next((f for f in left if fits(truth, f)), None)
        if match is None:
            missed.append(truth)
        else:
            left.remove(match)
    return missed, left
