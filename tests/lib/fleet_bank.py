# SPDX-License-Identifier: Apache-2.0
"""Bank statements of a made-up fleet: camt.053 and camt.054 in three versions, and a bank's CSV. Entries that are no
acquirer's stand among them, as they do in life."""
from xml.sax.saxutils import escape

from fleet_money import DIGITS, day_text, decimal
from fleet_psp import table

IBANS = {"EUR": "DE02120300000000202051", "CHF": "CH9300762011623852957", "JPY": "JP0001",
         "KWD": "KW81CBKU0000000000001234"}
BANK_CSV = ["Account", "Booked", "Value", "Amount", "Currency", "Text", "Counterparty", "Reference", "Original",
            "Original currency", "Rate", "Charges"]

BANK_MAPPING = """# What fleet_bank.bank_csv writes.
[mapping]
format = bank-csv
name = bank
[file]
date-format = YYYY-MM-DD
[columns]
account = Account
booked = Booked
value = Value
amount = Amount
currency = Currency
text = Text
counterparty = Counterparty
reference = Reference
original-amount = Original
original-currency = Original currency
rate = Rate
charges = Charges
"""


def signed(amount, currency):
    return f'<Amt Ccy="{currency}">{decimal(abs(amount), currency)}</Amt>\n' \
           f'      <CdtDbtInd>{"CRDT" if amount >= 0 else "DBIT"}</CdtDbtInd>'


def balance(code, amount, currency, day):
    return f"""
    <Bal>
      <Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
      {signed(amount, currency)}
      <Dt><Dt>{day_text(day)}</Dt></Dt>
    </Bal>"""


def millionths(rate):
    return f"{rate // 10 ** 6}.{rate % 10 ** 6:06d}"


def conversion(credit):
    """In version 02 and later alike; the rate of a unit of what came."""
    if credit.original is None:
        return ""
    amount, currency = credit.original
    return f"""
        <AmtDtls><TxAmt><Amt Ccy="{currency}">{decimal(amount, currency)}</Amt>
          <CcyXchg><SrcCcy>{currency}</SrcCcy><TrgtCcy>{credit.currency}</TrgtCcy><UnitCcy>{currency}</UnitCcy>
            <XchgRate>{millionths(credit.rate)}</XchgRate></CcyXchg></TxAmt></AmtDtls>"""


def charges(credit, old):
    """Of an entry: version 02 has one Chrgs for each charge, later ones a record in it."""
    if credit.charges == 0:
        return ""
    one = f'<Amt Ccy="{credit.currency}">{decimal(credit.charges, credit.currency)}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    return f"<Chrgs>{one}</Chrgs>" if old else f"<Chrgs><Rcrd>{one}<ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"


def entry(credit, version, status="BOOK"):
    old = version == "02"
    name = escape(credit.party)
    party = f"<Nm>{name}</Nm>" if old else f"<Pty><Nm>{name}</Nm></Pty>"
    side = "Dbtr" if credit.amount >= 0 else "Cdtr"
    text = credit.text
    parts = [text[i:i + 35] for i in range(0, len(text), 35)]       # cut in the middle of a word, as banks do
    return f"""
    <Ntry>
      {signed(credit.amount, credit.currency)}
      <Sts>{status if old else f"<Cd>{status}</Cd>"}</Sts>
      <BookgDt><Dt>{day_text(credit.day)}</Dt></BookgDt>
      <ValDt><Dt>{day_text(credit.day)}</Dt></ValDt>
      <AcctSvcrRef>{credit.reference}</AcctSvcrRef>
      <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
      {charges(credit, old)}
      <NtryDtls><TxDtls>
        <Refs><AcctSvcrRef>{credit.reference}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
        <Amt Ccy="{credit.currency}">{decimal(abs(credit.amount), credit.currency)}</Amt>
        <CdtDbtInd>{"CRDT" if credit.amount >= 0 else "DBIT"}</CdtDbtInd>{conversion(credit)}
        <RltdPties><{side}>{party}</{side}></RltdPties>
        <RmtInf>{"".join(f"<Ustrd>{escape(part)}</Ustrd>" for part in parts)}</RmtInf>
      </TxDtls></NtryDtls>
    </Ntry>"""


def document(version, kind, inside):
    outer = {"053": "BkToCstmrStmt", "054": "BkToCstmrDbtCdtNtfctn"}[kind]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}">
 <{outer}>
  <GrpHdr><MsgId>M{kind}{version}</MsgId><CreDtTm>2026-04-20T06:00:00+02:00</CreDtTm></GrpHdr>{inside}
 </{outer}>
</Document>
"""


def camt053(currency, credits, version, rng):
    """One statement; a pending entry stands beside the booked ones and counts for nothing."""
    credits = sorted(credits, key=lambda c: (c.day, c.reference))
    opening = 10 ** DIGITS[currency] * 1000
    closing = opening + sum(c.amount for c in credits)
    days = [c.day for c in credits]
    entries = [entry(c, version) for c in credits]
    rng.shuffle(entries)
    pending = type(credits[0])(currency, 4711, days[-1], "NOT YET THERE", "PENDING1", "Somebody")
    return document(version, "053", f"""
  <Stmt>
    <Id>{currency}-2026-1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-04-20T06:00:00+02:00</CreDtTm>
    <Acct><Id>{account_id(currency)}</Id><Ccy>{currency}</Ccy></Acct>
    {balance("OPBD", opening, currency, days[0])}{balance("CLBD", closing, currency, days[-1])}
    {"".join(entries)}{entry(pending, version, "PDNG")}
  </Stmt>""")


def account_id(currency):
    iban = IBANS[currency]
    return f"<Othr><Id>{iban}</Id></Othr>" if currency == "JPY" else f"<IBAN>{iban}</IBAN>"


def camt054(currency, credits, version):
    """What the bank had told of the same entries before its statement: no money of its own."""
    return document(version, "054", f"""
  <Ntfctn>
    <Id>N-{currency}-1</Id><CreDtTm>2026-04-19T06:00:00+02:00</CreDtTm>
    <Acct><Id>{account_id(currency)}</Id><Ccy>{currency}</Ccy></Acct>{"".join(entry(c, version) for c in credits)}
  </Ntfctn>""")


def bank_csv(currency, credits, rng):
    rows = [[IBANS[currency], day_text(c.day), day_text(c.day), decimal(c.amount, currency), currency, c.text, c.party,
             c.reference, *((decimal(*c.original), c.original[1], millionths(c.rate)) if c.original else ("", "", "")),
             decimal(c.charges, currency) if c.charges else ""] for c in credits]
    rng.shuffle(rows)
    return table(BANK_CSV, rows)
