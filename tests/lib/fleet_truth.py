# SPDX-License-Identifier: Apache-2.0
"""What was planted, and whether the books say the same: every finding of the truth once, and nothing else."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Truth:
    class_: str
    amount: int           # minor units; + we may lose it, - we owe it
    currency: str
    where: tuple          # texts of which one must be in the finding: session, a reference, the EVSE, ...


# The closed table (facts/reconciliation.md, section 6) but for its first row, and for what only an operator's own work
# can bring about.
CLASSES = frozenset("""
    matched_within_tolerance expected missing_in_settlement missing_in_journal amount_over amount_under
    duplicate_settlement duplicate_capture over_captured under_captured captured_not_delivered delivered_not_captured
    energy_mismatch signature_invalid pagination_gap record_reused tariff_mismatch price_display_mismatch
    auth_never_released outcome_unknown refund_unmatched chargeback currency_mismatch fee_deviation batch_sum_mismatch
    payout_not_in_bank bank_amount_diff bank_line_unexplained terminal_total_mismatch advice_mismatch cutoff_shift
    ambiguous residual hold_expired receipt_gap meter_identity identification_changed tariff_text_mismatch
    meter_structure meter_reset""".split())
RESIDUALS = frozenset("reserve psp_fee_unallocated bank_fee fx carry_over advance unknown".split())

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
