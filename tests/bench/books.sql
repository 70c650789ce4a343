-- SPDX-License-Identifier: Apache-2.0
-- What bench_reconcile.py asks of every rival, in the SQL that they all speak: the findings of the books that
-- make-books made, as class, amount_minor, currency, reference. Of sales (payment_ref, currency, captured), lines
-- (kind, ref, psp, mod, currency, gross, net_currency, net, paid, batch) and bank (currency, amount, text); all
-- amounts in minor units.
WITH alike AS (
  SELECT ref, currency, psp, mod, gross, count(*) AS n
  FROM lines WHERE kind = 'Settled' GROUP BY ref, currency, psp, mod, gross
), settled AS (
  SELECT ref, currency, sum(gross) AS gross FROM alike GROUP BY ref, currency
), batches AS (
  SELECT batch, net_currency AS currency, sum(CASE WHEN kind = 'Settled' THEN net ELSE 0 END) AS net,
         sum(CASE WHEN kind = 'MerchantPayout' THEN paid ELSE 0 END) AS paid
  FROM lines GROUP BY batch, net_currency
), named AS (
  SELECT text, currency, amount, substr(text, 8, 5) AS batch FROM bank WHERE text LIKE 'PAYOUT %'
  UNION ALL
  SELECT text, currency, amount, substr(text, 14, 5) FROM bank WHERE text LIKE 'PAYOUT % %'
), credits AS (
  SELECT min(named.batch) AS batch, named.text, named.currency, max(named.amount) AS amount, sum(batches.paid) AS paid
  FROM named JOIN batches ON batches.batch = named.batch AND batches.currency = named.currency
  GROUP BY named.text, named.currency
)
SELECT 'duplicate_settlement' AS class, -gross * (n - 1) AS amount_minor, currency, ref AS reference
FROM alike WHERE n > 1
UNION ALL
SELECT CASE WHEN settled.ref IS NULL THEN 'missing_in_settlement'
            WHEN settled.gross > sales.captured THEN 'amount_over' ELSE 'amount_under' END,
       sales.captured - coalesce(settled.gross, 0), sales.currency, sales.payment_ref
FROM sales LEFT JOIN settled ON settled.ref = sales.payment_ref AND settled.currency = sales.currency
WHERE settled.ref IS NULL OR settled.gross <> sales.captured
UNION ALL
SELECT 'missing_in_journal', -settled.gross, settled.currency, settled.ref
FROM settled LEFT JOIN sales ON sales.payment_ref = settled.ref AND sales.currency = settled.currency
WHERE sales.payment_ref IS NULL
UNION ALL
SELECT 'batch_sum_mismatch', net - paid, currency, batch FROM batches WHERE net <> paid
UNION ALL
SELECT 'payout_not_in_bank', batches.paid, batches.currency, batches.batch
FROM batches LEFT JOIN named ON named.batch = batches.batch AND named.currency = batches.currency
WHERE named.batch IS NULL
UNION ALL
SELECT 'bank_amount_diff', paid - amount, currency, batch FROM credits WHERE paid <> amount
