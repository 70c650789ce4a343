# SPDX-License-Identifier: Apache-2.0
"""Settlement files of a made-up fleet, each in its service's own format (facts: settlement-files.md), as text. Rows
come shuffled by the caller's rng: no order of a file means anything."""
import csv
import io
from xml.sax.saxutils import escape

from fleet_money import decimal, local, utc

ADYEN = ["Company Account", "Merchant Account", "Psp Reference", "Merchant Reference", "Payment Method",
         "Creation Date", "TimeZone", "Type", "Modification Reference", "Gross Currency", "Gross Debit (GC)",
         "Gross Credit (GC)", "Exchange Rate", "Net Currency", "Net Debit (NC)", "Net Credit (NC)",
         "Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)", "Batch Number"]
ADYEN_TYPES = {"sale": "Settled", "refund": "Refunded", "refund_reversed": "RefundedReversed",
               "chargeback": "Chargeback", "chargeback_reversed": "ChargebackReversed", "fee": "Fee",
               "adjustment": "InvoiceDeduction", "reserve": "DepositCorrection", "bulk": "SettledBulk",
               "advance": "Advancement", "carry_over": "Balancetransfer", "other": "NobodyKnows"}
STRIPE = ["automatic_payout_id", "automatic_payout_effective_at_utc", "balance_transaction_id", "created_utc",
          "available_on_utc", "currency", "gross", "fee", "net", "reporting_category", "source_id", "charge_id",
          "payment_intent_id", "description", "payment_method_type", "card_brand", "payment_metadata[session]"]
STRIPE_KINDS = {"sale": "charge", "refund": "refund", "refund_reversed": "refund_failure", "chargeback": "dispute",
                "chargeback_reversed": "dispute_reversal", "fee": "fee", "reserve": "reserve_transaction",
                "adjustment": "other_adjustment", "bulk": "charge", "advance": "advance_funding",
                "carry_over": "payout_reversal", "other": "climate_order_purchase"}
CYBERSOURCE = ["batch_id", "merchant_id", "batch_date", "request_id", "merchant_ref_number", "trans_ref_no",
               "payment_method", "currency", "amount", "transaction_type"]
GENERIC = ["Kind", "Our reference", "Their reference", "Booking", "Booked at", "Currency", "Gross", "Fee", "Net",
           "Statement"]

GENERIC_MAPPING = """# What fleet_psp.generic writes.
[mapping]
format = csv
name = kuwait
[file]
header = Our reference
decimal = comma
time-format = DD.MM.YYYY hh:mm:ss
time-zone = Europe/Berlin
[constants]
account = TapwattKW
[columns]
kind = Kind
reference = Our reference
psp-reference = Their reference
change-reference = Booking
time = Booked at
currency = Currency
gross = Gross
fee = Fee
net = Net
batch = Statement
"""


def table(header, rows, delimiter=",", ending="\r\n"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def columns(amount, currency):
    """(debit, credit): one of the two is filled."""
    return (decimal(-amount, currency), "") if amount < 0 else ("", decimal(amount, currency))


def adyen(account, payouts, rng):
    """Of every batch its lines and, unless it pays nothing out, the row of its payout."""
    rows = []
    for payout in payouts:
        for line in payout.lines:
            currency = line.currency or account.currency
            own = line.kind not in ("fee", "adjustment", "reserve", "advance", "carry_over", "other")
            gross = columns(line.gross, currency) if own else ("", "")
            blended = line.brand == "girocard"
            fee = [decimal(line.fee, account.currency), "", "", ""] if blended else [
                "", *(decimal(part, account.currency) for part in thirds(line.fee))]
            rows.append(["Tapwatt", account.name, line.psp_ref, line.payment_ref, line.brand, local(line.at), "CET",
                         ADYEN_TYPES[line.kind], line.change_ref, currency if own else "", *gross,
                         rate_of(line) if own else "", account.currency, *columns(line.net, account.currency),
                         *(fee if own else [""] * 4), payout.batch])
        if payout.amount != 0:
            rows.append(["Tapwatt", account.name, "", "", "", local(payout.at), "CET", "MerchantPayout",
                         f"TX{payout.batch} batch {payout.batch}", "", "", "", "", account.currency,
                         *columns(-payout.amount, account.currency), "", "", "", "", payout.batch])
    rng.shuffle(rows)
    return table(ADYEN, rows)


def rate_of(line):
    return f"{line.rate // 10 ** 6}.{line.rate % 10 ** 6:06d}" if line.rate else "1"


def thirds(fee):
    """Markup, scheme fees and interchange, to the last minor unit."""
    return fee // 3, fee // 3, fee - 2 * (fee // 3)


def stripe(account, payouts, rng):
    rows = []
    for payout in payouts:
        for line in payout.lines:
            currency = line.currency or account.currency
            created = utc(line.at)
            known = line.kind in ("sale", "refund", "refund_reversed", "chargeback", "chargeback_reversed")
            rows.append([payout.batch, utc(payout.at), f"txn_{account.name[-2:]}{len(rows):06d}", created, created,
                         currency.lower(), decimal(line.gross, currency), decimal(line.fee, currency),
                         decimal(line.net, currency), STRIPE_KINDS[line.kind], line.change_ref,
                         (line.sale.capture_ref if line.sale else line.change_ref) if known else "",
                         line.psp_ref, "" if known else line.kind, "card" if known else "", line.brand,
                         line.payment_ref])
    rng.shuffle(rows)
    return table(STRIPE, rows)


def cybersource_csv(account, payouts, rng):
    rows = []
    for payout in payouts:
        for line in payout.lines:
            rows.append([payout.batch, account.name, utc(line.at, "%Y-%m-%d"), line.change_ref, line.payment_ref,
                         line.sale.settlement_ref if line.sale else "", line.brand, line.currency or account.currency,
                         decimal(line.gross, line.currency or account.currency),
                         "ics_bill" if line.kind == "sale" else "ics_credit"])
    rng.shuffle(rows)
    first, last = utc(min(p.at for p in payouts), "%Y-%m-%d"), utc(max(p.at for p in payouts), "%Y-%m-%d")
    title = ["Payment Batch Detail Report", "1.0", f"{first} to {last}"] + [""] * (len(CYBERSOURCE) - 3)
    return ",".join(title) + "\r\n" + table(CYBERSOURCE, rows)


def cybersource_xml(account, payouts, rng):
    parts = []
    for payout in payouts:
        requests = []
        for line in payout.lines:
            currency = line.currency or account.currency
            requests.append(f"""
      <Request RequestID="{line.change_ref}" MerchantReferenceNumber="{escape(line.payment_ref)}">
        <TransactionReferenceNumber>
          {line.sale.settlement_ref if line.sale else ""}
        </TransactionReferenceNumber>
        <PaymentMethod>{line.brand}</PaymentMethod>
        <CurrencyCode>{currency}</CurrencyCode>
        <Amount>{decimal(line.gross, currency)}</Amount>
        <Application>{"ics_bill" if line.kind == "sale" else "ics_credit"}</Application>
      </Request>""")
        rng.shuffle(requests)
        parts.append(f"""
  <Batch BatchID="{payout.batch}" BatchDate="{utc(payout.at, "%Y-%m-%d")}">
    <Requests>{"".join(requests)}
    </Requests>
  </Batch>""")
    rng.shuffle(parts)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE Report SYSTEM "https://example.invalid/reports/dtd/pbdr.dtd">
<Report Name="PaymentBatchDetailReport" Version="1.0" MerchantID="{account.name}"
        ReportStartDate="{utc(payouts[0].at, "%Y-%m-%d %H:%M:%S")}" ReportEndDate="{utc(payouts[-1].at)}">
 <Batches>{"".join(parts)}
 </Batches>
</Report>
"""


def generic(account, payouts, rng):
    """Semicolons, decimal comma, local time: what a mapping file has to tell."""
    rows = []
    for payout in payouts:
        for line in payout.lines:
            currency = line.currency or account.currency
            rows.append([line.kind.replace("_", "-"), line.payment_ref, line.psp_ref, line.change_ref,
                         local(line.at, "%d.%m.%Y %H:%M:%S"), currency,
                         *(decimal(n, currency).replace(".", ",") for n in (line.gross, line.fee, line.net)),
                         payout.batch])
    rng.shuffle(rows)
    return table(GENERIC, rows, ";", "\n")
