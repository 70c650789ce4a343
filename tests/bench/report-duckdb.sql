-- SPDX-License-Identifier: Apache-2.0
-- The figures of bench_report.py, as DuckDB is fastest at: columns with their types, one scan of the file, ports as
-- numbers, and what is cut at local hours added up in one pass. LOCAL (t) is the clock of the site, the window has the
-- days from FIRST_DAY up to END_DAY; each statement ends at the end of a line.
SET threads = 2;
SET preserve_insertion_order = false;
CREATE TYPE currency AS ENUM ('EUR', 'GBP');

CREATE TABLE ports AS
SELECT (row_number() OVER () - 1)::INTEGER AS port, evse_id AS evse,
  dense_rank() OVER (ORDER BY site_id)::INTEGER AS site, count(*) OVER (PARTITION BY site_id)::INTEGER AS n_ports,
  (time_zone = 'Europe/London')::TINYINT AS zone
FROM read_csv('PORTS', header = true, all_varchar = true);

CREATE TABLE days AS
SELECT d::INTEGER AS day, (year(DATE '1970-01-01' + d::INTEGER) - 1970) * 12 + month(DATE '1970-01-01' + d::INTEGER) - 1
  AS month
FROM range(FIRST_DAY - 400, END_DAY + 400) AS r(d);

CREATE TABLE sessions AS
SELECT p.port, p.zone, epoch(plug_in)::INTEGER AS t0, epoch(plug_out)::INTEGER AS t1,
  epoch(charge_start)::INTEGER AS c0, epoch(charge_end)::INTEGER AS c1, (energy_kwh * 1000)::INTEGER AS wh,
  ('0x' || customer_token)::UBIGINT AS customer, currency::currency AS currency,
  (captured * 100)::INTEGER AS captured, (refunded * 100)::INTEGER AS refunded,
  money_state IN ('settled', 'banked') AS reconciled
FROM read_csv('SESSIONS', header = true, auto_detect = false, delim = ',', quote = '"', columns = {
  'session_id': 'VARCHAR', 'site_id': 'VARCHAR', 'evse_id': 'VARCHAR', 'connector_id': 'VARCHAR',
  'plug_in': 'TIMESTAMPTZ', 'plug_out': 'TIMESTAMPTZ', 'time_zone': 'VARCHAR', 'charge_start': 'TIMESTAMPTZ',
  'charge_end': 'TIMESTAMPTZ', 'energy_kwh': 'DECIMAL(12,3)', 'rated_power_kw': 'VARCHAR', 'start_means': 'VARCHAR',
  'end_reason': 'VARCHAR', 'customer_token': 'VARCHAR', 'currency': 'VARCHAR', 'price_total': 'VARCHAR',
  'tax_total': 'VARCHAR', 'captured': 'DECIMAL(12,2)', 'refunded': 'DECIMAL(12,2)', 'psp_fee': 'VARCHAR',
  'money_state': 'VARCHAR', 'tariff_id': 'VARCHAR'}) AS f
JOIN ports AS p ON p.evse = f.evse_id;

CREATE TABLE started AS
SELECT port, currency, month, week_hour, count(*) AS n
FROM (
  SELECT port, currency, LOCAL (t0) // 3600 AS hour, hour // 24 AS day, (hour + 72) % 168 AS week_hour FROM sessions)
JOIN days USING (day)
WHERE day >= FIRST_DAY AND day < END_DAY
GROUP BY GROUPING SETS ((port, currency, month), (week_hour));

CREATE TABLE ended AS
SELECT port, currency, day, reconciled, sum(captured) AS captured, sum(refunded) AS refunded
FROM (SELECT port, currency, reconciled, captured, refunded, LOCAL (t1) // 86400 AS day FROM sessions)
WHERE day >= FIRST_DAY AND day < END_DAY
GROUP BY ALL;

-- Whole hours are cut: the clocks of both zones change at one.
CREATE TABLE cells AS
WITH hours AS (
  SELECT port, zone, currency, t0, t1, c0, c1, coalesce(c0, t0) AS b, coalesce(c1, t1) AS e, wh::BIGINT * 1000 AS mwh,
    unnest(range(t0 // 3600, (t1 - 1) // 3600 + 1)) * 3600 AS top
  FROM sessions),
pieces AS (
  SELECT port, currency, LOCAL (top) // 3600 AS hour, greatest(t0, top) AS u, least(t1, top + 3600) AS v, c0, c1, b, e,
    mwh
  FROM hours),
parts AS (
  SELECT port, currency, hour // 24 AS day, (hour + 72) % 168 AS week_hour, v - u AS occupied,
    CASE WHEN c0 IS NOT NULL THEN greatest(0, least(v, c1) - greatest(u, c0)) END AS charging,
    mwh * greatest(0, least(v, e) - b) // (e - b) - mwh * least(e - b, greatest(0, u - b)) // (e - b) AS mwh
  FROM pieces
  WHERE hour >= FIRST_DAY * 24 AND hour < END_DAY * 24)
SELECT port, currency, month, day, week_hour, sum(occupied)::BIGINT AS occupied, sum(charging)::BIGINT AS charging,
  sum(occupied - charging)::BIGINT AS idle, sum(mwh)::BIGINT AS mwh
FROM parts JOIN days USING (day)
GROUP BY GROUPING SETS ((port, currency, month), (day), (week_hour));

COPY (
  SELECT evse, month, currency, sum(n)::BIGINT, (sum(mwh)::BIGINT + 500) // 1000, sum(occupied)::BIGINT,
    sum(gross)::BIGINT
  FROM (
    SELECT port, currency, month, n, 0 AS mwh, 0 AS occupied, 0 AS gross FROM started WHERE port IS NOT NULL
    UNION ALL SELECT port, currency, month, 0, mwh, occupied, 0 FROM cells WHERE port IS NOT NULL
    UNION ALL SELECT port, currency, month, 0, 0, 0, captured - refunded FROM ended JOIN days USING (day))
  JOIN ports USING (port)
  GROUP BY evse, month, currency) TO 'OUT/months.csv' (HEADER false);

COPY (SELECT week_hour // 24, week_hour % 24, n FROM started WHERE week_hour IS NOT NULL)
TO 'OUT/arrivals.csv' (HEADER false);

COPY (SELECT week_hour // 24, week_hour % 24, occupied, (mwh + 500) // 1000 FROM cells WHERE week_hour IS NOT NULL)
TO 'OUT/hours.csv' (HEADER false);

COPY (SELECT day, occupied, charging, idle, (mwh + 500) // 1000 FROM cells WHERE day IS NOT NULL)
TO 'OUT/days.csv' (HEADER false);

-- All taken: as many sessions at once as the site has ports.
COPY (
  WITH events AS (
    SELECT site, n_ports, s.zone, t0 AS t, 1 AS more FROM sessions AS s JOIN ports USING (port)
    UNION ALL
    SELECT site, n_ports, s.zone, t1, -1 FROM sessions AS s JOIN ports USING (port)),
  runs AS (
    SELECT zone, n_ports, t AS u, lead(t) OVER w AS v, sum(more) OVER w AS busy
    FROM events
    WINDOW w AS (PARTITION BY site ORDER BY t ROWS UNBOUNDED PRECEDING)),
  hours AS (
    SELECT zone, u, v, unnest(range(u // 3600, (v - 1) // 3600 + 1)) * 3600 AS top
    FROM runs
    WHERE busy = n_ports AND v > u),
  pieces AS (SELECT LOCAL (top) // 3600 AS hour, least(v, top + 3600) - greatest(u, top) AS s FROM hours)
  SELECT (hour + 72) % 168 // 24, hour % 24, sum(s)::BIGINT
  FROM pieces
  WHERE hour >= FIRST_DAY * 24 AND hour < END_DAY * 24
  GROUP BY ALL) TO 'OUT/taken.csv' (HEADER false);

COPY (
  WITH bins AS (
    SELECT (t1 - t0) // 60 AS o, (c1 - c0) // 60 AS c, (t1 - t0 - (c1 - c0)) // 60 AS i, count(*) AS n
    FROM sessions
    WHERE LOCAL (t1) // 86400 >= FIRST_DAY AND LOCAL (t1) // 86400 < END_DAY
    GROUP BY GROUPING SETS ((o), (c), (i)))
  SELECT a, coalesce(sum(n) FILTER (o >= a AND o < z), 0)::BIGINT,
    coalesce(sum(n) FILTER (c >= a AND c < z), 0)::BIGINT,
    coalesce(sum(n) FILTER (i >= a AND i < z), 0)::BIGINT
  FROM bins, (VALUES EDGES) AS edges(a, z)
  GROUP BY a) TO 'OUT/dwell.csv' (HEADER false);

COPY (
  SELECT evse, n, q[1] * 60, q[2] * 60
  FROM (SELECT port, count(*) AS n, quantile_disc((t1 - t0) // 60, [0.5, 0.9]) AS q
        FROM sessions
        WHERE LOCAL (t1) // 86400 >= FIRST_DAY AND LOCAL (t1) // 86400 < END_DAY
        GROUP BY port)
  JOIN ports USING (port)) TO 'OUT/stay.csv' (HEADER false);

-- Months of each customer are bits, so that it is one group.
COPY (
  WITH people AS (
    SELECT customer, bit_or(1::BIGINT << (month - FIRST_MONTH)::INTEGER) AS months
    FROM (SELECT customer, LOCAL (t0) // 86400 AS day FROM sessions WHERE customer IS NOT NULL) JOIN days USING (day)
    WHERE day < END_DAY
    GROUP BY customer)
  SELECT FIRST_MONTH + m, count(*) FILTER (months % (1::BIGINT << (m + 1)::INTEGER) = (1::BIGINT << m::INTEGER)),
    count(*) FILTER (months % (1::BIGINT << m::INTEGER) <> 0)
  FROM people, range(0, 24) AS r(m)
  WHERE months >> m::INTEGER & 1 = 1
  GROUP BY m) TO 'OUT/customers.csv' (HEADER false);

COPY (SELECT day, currency, reconciled::INTEGER, sum(captured)::BIGINT FROM ended GROUP BY day, currency, reconciled)
TO 'OUT/money.csv' (HEADER false);
