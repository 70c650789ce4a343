-- SPDX-License-Identifier: Apache-2.0
-- The figures of bench_report.py, for SQLite: see report-duckdb.sql.
.mode csv
.import SESSIONS raw
.import PORTS raw_ports
CREATE TABLE ports AS
SELECT rowid AS port, evse_id AS evse, site_id AS site, count(*) OVER (PARTITION BY site_id) AS n_ports,
  time_zone = 'Europe/London' AS zone
FROM raw_ports;
CREATE UNIQUE INDEX ports_evse ON ports (evse, port, zone);
CREATE UNIQUE INDEX ports_port ON ports (port, site, n_ports);

CREATE TABLE days (day INTEGER PRIMARY KEY, month INTEGER);
WITH RECURSIVE r(d) AS (SELECT FIRST_DAY - 400 UNION ALL SELECT d + 1 FROM r WHERE d < END_DAY + 400)
INSERT INTO days
SELECT d, (strftime('%Y', d * 86400, 'unixepoch') - 1970) * 12 + strftime('%m', d * 86400, 'unixepoch') - 1 FROM r;

CREATE TABLE sessions AS
SELECT p.port, p.zone, unixepoch(plug_in) AS t0, unixepoch(plug_out) AS t1, unixepoch(nullif(charge_start, '')) AS c0,
  unixepoch(nullif(charge_end, '')) AS c1, CAST(replace(energy_kwh, '.', '') AS INTEGER) AS wh,
  nullif(customer_token, '') AS customer, currency, CAST(replace(captured, '.', '') AS INTEGER) AS captured,
  CAST(replace(refunded, '.', '') AS INTEGER) AS refunded, money_state IN ('settled', 'banked') AS reconciled
FROM raw JOIN ports AS p ON p.evse = raw.evse_id;

CREATE TABLE started AS
SELECT port, currency, month, hour % 24 AS hour_of_day, (day + 3) % 7 AS weekday, count(*) AS n
FROM (SELECT port, currency, LOCAL (t0) / 3600 AS hour, LOCAL (t0) / 86400 AS day FROM sessions) JOIN days USING (day)
WHERE day >= FIRST_DAY AND day < END_DAY
GROUP BY port, currency, month, weekday, hour_of_day;

CREATE TABLE ended AS
SELECT port, currency, day, reconciled, sum(captured) AS captured, sum(refunded) AS refunded
FROM (SELECT port, currency, reconciled, captured, refunded, LOCAL (t1) / 86400 AS day FROM sessions)
WHERE day >= FIRST_DAY AND day < END_DAY
GROUP BY port, currency, day, reconciled;

CREATE TABLE nth (k INTEGER PRIMARY KEY);
WITH RECURSIVE r(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM r WHERE k < 2000)
INSERT INTO nth SELECT k FROM r;

CREATE TABLE cells AS
WITH hours AS (
  SELECT port, zone, currency, t0, t1, c0, c1, coalesce(c0, t0) AS b, coalesce(c1, t1) AS e, wh * 1000 AS mwh,
    (t0 / 3600 + k) * 3600 AS top
  FROM sessions CROSS JOIN nth
  WHERE k <= (t1 - 1) / 3600 - t0 / 3600),
pieces AS (
  SELECT port, currency, LOCAL (top) / 3600 AS hour, max(t0, top) AS u, min(t1, top + 3600) AS v, c0, c1, b, e, mwh
  FROM hours)
SELECT port, currency, hour, sum(v - u) AS occupied, sum(max(0, min(v, c1) - max(u, c0))) AS charging,
  sum(v - u - max(0, min(v, c1) - max(u, c0))) AS idle,
  sum(mwh * max(0, min(v, e) - b) / (e - b) - mwh * min(e - b, max(0, u - b)) / (e - b)) AS mwh
FROM pieces
WHERE hour >= FIRST_DAY * 24 AND hour < END_DAY * 24
GROUP BY port, currency, hour;

.output OUT/months.csv
SELECT evse, month, currency, sum(n), (sum(mwh) + 500) / 1000, sum(occupied), sum(gross)
FROM (
  SELECT port, currency, month, n, 0 AS mwh, 0 AS occupied, 0 AS gross FROM started
  UNION ALL SELECT port, currency, month, 0, mwh, occupied, 0 FROM cells JOIN days ON day = hour / 24
  UNION ALL SELECT port, currency, month, 0, 0, 0, captured - refunded FROM ended JOIN days USING (day))
JOIN ports USING (port)
GROUP BY evse, month, currency;

.output OUT/arrivals.csv
SELECT weekday, hour_of_day, sum(n) FROM started GROUP BY weekday, hour_of_day;

.output OUT/hours.csv
SELECT (hour / 24 + 3) % 7, hour % 24, sum(occupied), (sum(mwh) + 500) / 1000 FROM cells GROUP BY 1, 2;

.output OUT/days.csv
SELECT hour / 24, sum(occupied), sum(charging), sum(idle), (sum(mwh) + 500) / 1000 FROM cells GROUP BY 1;

.output OUT/taken.csv
WITH events AS (
  SELECT site, n_ports, s.zone, t0 AS t, 1 AS more FROM sessions AS s JOIN ports USING (port)
  UNION ALL
  SELECT site, n_ports, s.zone, t1, -1 FROM sessions AS s JOIN ports USING (port)),
runs AS (
  SELECT zone, n_ports, t AS u, lead(t) OVER w AS v, sum(more) OVER w AS busy
  FROM events
  WINDOW w AS (PARTITION BY site ORDER BY t ROWS UNBOUNDED PRECEDING)),
hours AS (
  SELECT zone, u, v, (u / 3600 + k) * 3600 AS top
  FROM runs CROSS JOIN nth
  WHERE busy = n_ports AND v > u AND k <= (v - 1) / 3600 - u / 3600),
pieces AS (SELECT LOCAL (top) / 3600 AS hour, min(v, top + 3600) - max(u, top) AS s FROM hours)
SELECT (hour / 24 + 3) % 7, hour % 24, sum(s)
FROM pieces
WHERE hour >= FIRST_DAY * 24 AND hour < END_DAY * 24
GROUP BY 1, 2;

.output OUT/dwell.csv
WITH bins AS (
  SELECT (t1 - t0) / 60 AS o, (c1 - c0) / 60 AS c, (t1 - t0 - (c1 - c0)) / 60 AS i, count(*) AS n
  FROM sessions
  WHERE LOCAL (t1) / 86400 >= FIRST_DAY AND LOCAL (t1) / 86400 < END_DAY
  GROUP BY o, c, i),
edges(a, z) AS (VALUES EDGES)
SELECT a, total(n) FILTER (WHERE o >= a AND o < z), total(n) FILTER (WHERE c >= a AND c < z),
  total(n) FILTER (WHERE i >= a AND i < z)
FROM edges CROSS JOIN bins
GROUP BY a;

.output OUT/stay.csv
WITH stays AS (
  SELECT port, (t1 - t0) / 60 AS stay
  FROM sessions
  WHERE LOCAL (t1) / 86400 >= FIRST_DAY AND LOCAL (t1) / 86400 < END_DAY),
ranks AS (
  SELECT port, stay, row_number() OVER (PARTITION BY port ORDER BY stay) AS rank, count(*) OVER (PARTITION BY port) AS n
  FROM stays)
SELECT evse, n, max(stay) FILTER (WHERE rank = (n + 1) / 2) * 60, max(stay) FILTER (WHERE rank = (9 * n + 9) / 10) * 60
FROM ranks JOIN ports USING (port)
GROUP BY evse;

.output OUT/customers.csv
WITH active AS (
  SELECT DISTINCT customer, month
  FROM (SELECT customer, LOCAL (t0) / 86400 AS day FROM sessions WHERE customer IS NOT NULL) JOIN days USING (day)
  WHERE day < END_DAY),
firsts AS (SELECT month, min(month) OVER (PARTITION BY customer) AS first FROM active)
SELECT month, count(*) FILTER (WHERE month = first), count(*) FILTER (WHERE month > first) FROM firsts GROUP BY month;

.output OUT/money.csv
SELECT day, currency, reconciled, sum(captured) FROM ended GROUP BY day, currency, reconciled;
