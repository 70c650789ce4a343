/* SPDX-License-Identifier: Apache-2.0 */
/* Draws each canvas from the table of its own section: what a picture shows, the table has. */
'use strict';

const paint = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4], [4, 1], [3, 6]];
const MOST_SERIES = 8;
const MOST_BARS = 60;
const TIME = ['day', 'month', 'hour', 'instant'];

/* The table's rows as objects: what stands there, and its raw value where it is a number. */
function rowsOf(canvas) {
  const table = canvas.closest('.figure').querySelector('.numbers table');
  const heads = Array.from(table.tHead.rows[0].cells, cell => ({ name: cell.dataset.name, kind: cell.dataset.kind, unit: cell.dataset.unit }));
  const money = heads.find(head => head.kind === 'currency');
  const rows = Array.from(table.tBodies[0].rows, row => {
    const told = {}, raw = {};
    heads.forEach((head, i) => {
      const cell = row.cells[i];
      told[head.name] = cell.textContent;
      raw[head.name] = cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === '' ? null : Number(cell.dataset.v);
    });
    return { told, raw };
  });
  const wanted = canvas.dataset.currency;
  return { heads, rows: money && wanted ? rows.filter(row => row.raw[money.name] === wanted) : rows };
}

function scaled(value, kind, digits) {
  if (value === null || value === undefined) return null;
  if (kind === 'minor' || kind === 'money_mean') return value / 10 ** digits;
  if (kind === 'wh') return value / 1000;
  if (kind === 'seconds') return value / 3600;
  if (kind === 'share') return value * 100;
  return value;
}

const UNITS = { wh: 'kWh', seconds: 'h', share: '%' };

/* At most eight lines can be told apart; the smallest go together. */
function series(rows, name, y) {
  const sums = new Map();
  for (const row of rows) {
    const key = name ? row.told[name] : '';
    sums.set(key, (sums.get(key) || 0) + Math.abs(row.raw[y] || 0));
  }
  const names = Array.from(sums.keys());
  if (names.length <= MOST_SERIES) return { names, of: row => (name ? row.told[name] : '') };
  const kept = names.sort((a, b) => sums.get(b) - sums.get(a)).slice(0, MOST_SERIES - 1);
  const keep = new Set(kept);
  return { names: [...kept, 'all others'], of: row => (keep.has(row.told[name]) ? row.told[name] : 'all others') };
}

function sets(canvas, found) {
  const { x, series: by, y, digits } = canvas.dataset;
  const { kind, unit } = found.heads.find(head => head.name === y);
  const labels = Array.from(new Set(found.rows.map(row => row.told[x])));
  const place = new Map(labels.map((label, i) => [label, i]));
  const split = series(found.rows, by, y);
  const data = new Map(split.names.map(name => [name, labels.map(() => null)]));
  for (const row of found.rows) {
    const values = data.get(split.of(row)), at = place.get(row.told[x]), value = scaled(row.raw[y], kind, digits);
    if (value !== null) values[at] = (values[at] || 0) + value;
  }
  return { labels, unit: UNITS[kind] || canvas.dataset.currency || (unit === '1' ? '' : unit), sets: split.names.map(name => ({ name, data: data.get(name) })) };
}

const colour = i => paint('f' + (i % MOST_SERIES + 1));

function lines(canvas, found) {
  const made = sets(canvas, found);
  return { type: 'line', unit: made.unit, data: { labels: made.labels, datasets: made.sets.map((set, i) => ({
    label: set.name, data: set.data, borderColor: colour(i), backgroundColor: colour(i), borderDash: DASHES[i % DASHES.length],
    borderWidth: 2, pointRadius: made.labels.length > 60 ? 0 : 2, spanGaps: false })) } };
}

function bars(canvas, found, stacked) {
  const made = sets(canvas, found);
  const lies = !TIME.includes(found.heads.find(head => head.name === canvas.dataset.x).kind);
  return { type: 'bar', unit: made.unit, lies, stacked, data: { labels: made.labels, datasets: made.sets.map((set, i) => ({
    label: set.name, data: set.data, backgroundColor: set.name === 'free' ? paint('line') : colour(i), barPercentage: 0.8,
    categoryPercentage: 0.9 })) } };
}

/* "from_min" and "to_min": a distribution; its classes stand side by side, without the empty ones at the end. */
function histogram(canvas, found) {
  const { x, y } = canvas.dataset, to = x.replace(/^from_/, 'to_'), unit = x.slice('from_'.length).replace('kw', 'kW');
  const last = found.rows.findLastIndex(row => row.raw[y] > 0);
  const rows = found.rows.slice(0, last + 1);
  const label = row => (row.raw[to] === null ? row.told[x] + ' and more' : row.told[x] + '\u2013' + row.told[to]);
  return { type: 'bar', unit: 'sessions', below: unit, data: { labels: rows.map(label), datasets: [{
    label: '', data: rows.map(row => row.raw[y]), backgroundColor: colour(0), barPercentage: 1, categoryPercentage: 0.96 }] } };
}

function waterfall(canvas, found) {
  const { x, low, high, digits } = canvas.dataset;
  const kind = found.heads.find(head => head.name === high).kind;
  return { type: 'bar', lies: true, unit: canvas.dataset.currency, data: { labels: found.rows.map(row => row.told[x]), datasets: [{
    label: '', data: found.rows.map(row => [scaled(row.raw[low], kind, digits), scaled(row.raw[high], kind, digits)]),
    backgroundColor: found.rows.map(row => paint(row.raw[high] < row.raw[low] ? 'out' : 'total')),
    borderSkipped: false, minBarLength: 3, barPercentage: 0.7, categoryPercentage: 1 }] } };
}

function band(canvas, found) {
  const made = lines(canvas, found);
  const edge = name => found.rows.map(row => scaled(row.raw[name], found.heads.find(head => head.name === name).kind, canvas.dataset.digits));
  const plain = { borderWidth: 0, pointRadius: 0, borderColor: 'transparent' };
  made.data.datasets.push(Object.assign({ label: 'low', data: edge(canvas.dataset.low) }, plain));
  made.data.datasets.push(Object.assign({ label: 'high', data: edge(canvas.dataset.high), fill: '-1', backgroundColor: colour(0) + '33' }, plain));
  return made;
}

function scatter(canvas, found) {
  const { x, y, digits } = canvas.dataset;
  const kind = name => found.heads.find(head => head.name === name).kind;
  const split = series(found.rows, canvas.dataset.series, y);
  return { type: 'scatter', unit: UNITS[kind(y)] || '', data: { datasets: split.names.map((name, i) => ({
    label: name, backgroundColor: colour(i), pointRadius: 3, pointStyle: ['circle', 'rect', 'triangle', 'cross'][i % 4], borderColor: colour(i),
    data: found.rows.filter(row => split.of(row) === name).map(row => ({ x: scaled(row.raw[x], kind(x), digits), y: scaled(row.raw[y], kind(y), digits) })) })) } };
}

const PICTURES = { line: lines, bars: (c, f) => (c.dataset.x.startsWith('from_') ? histogram(c, f) : bars(c, f, false)), stack: (c, f) => bars(c, f, true), funnel: (c, f) => bars(c, f, false),
                   waterfall, band, scatter };

/* A canvas has an end: of more bars the first ones are drawn, in the order of the table. */
function shorten(canvas, data) {
  const all = data.labels.length, chart = canvas.parentElement;
  if (all <= MOST_BARS) return;
  data.labels = data.labels.slice(0, MOST_BARS);
  data.datasets.forEach(set => { set.data = set.data.slice(0, MOST_BARS); });
  if (chart.nextElementSibling.classList.contains('cut')) return;
  const note = document.createElement('p');
  note.className = 'soft cut';
  note.textContent = 'The first ' + MOST_BARS + ' of ' + all + '; the table has all.';
  chart.after(note);
}

function draw(canvas) {
  const found = rowsOf(canvas);
  const made = PICTURES[canvas.dataset.picture](canvas, found);
  if (made.lies) shorten(canvas, made.data);
  const grid = { color: paint('line') }, ticks = { color: paint('soft'), maxRotation: 0, autoSkipPadding: 12 };
  const title = { display: Boolean(made.unit), text: made.unit, color: paint('soft') };
  const below = { display: Boolean(made.below), text: made.below, color: paint('soft') };
  const across = { grid: made.lies ? grid : { display: false }, ticks, stacked: made.stacked, title: made.lies ? title : below };
  const upward = { grid: made.lies ? { display: false } : grid, ticks: made.lies ? { color: paint('ink'), autoSkip: false } : ticks,
                   stacked: made.stacked, title: made.lies ? {} : title, beginAtZero: made.type !== 'scatter' };
  if (made.stacked && made.unit === '%') (made.lies ? across : upward).max = 100;
  if (made.lies) canvas.parentElement.style.height = Math.max(8, 3 + 2 * made.data.labels.length) + 'rem';
  return new Chart(canvas, { type: made.type, data: made.data, options: {
    indexAxis: made.lies ? 'y' : 'x', animation: false, maintainAspectRatio: false, scales: { x: across, y: upward },
    plugins: { legend: { display: made.data.datasets.length > 1 || Boolean(canvas.dataset.series), labels: { color: paint('ink'), usePointStyle: made.type !== 'bar',
      filter: item => item.text !== '' && item.text !== 'low' && item.text !== 'high' } } } } });
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
let charts = [];

function drawAll() {
  charts.forEach(chart => chart.destroy());
  charts = Array.from(document.querySelectorAll('canvas[data-picture]'), draw);
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

/* Paper is white. Its numbers stay folded where they were: they are in the tables beside the page. */
addEventListener('beforeprint', () => { document.documentElement.classList.add('paper'); drawAll(); });
addEventListener('afterprint', () => { document.documentElement.classList.remove('paper'); drawAll(); });
