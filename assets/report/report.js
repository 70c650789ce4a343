/* SPDX-License-Identifier: Apache-2.0 */
/* Draws each canvas from the JSON that stands in its data attribute; every number is in the table beside it, too. */
'use strict';

const paint = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

const money = (minor, digits) => (minor / 10 ** digits).toLocaleString(undefined, {
  minimumFractionDigits: digits, maximumFractionDigits: digits });

/* steps: [{label, from, to, tone}], in minor units. */
function waterfall(steps, digits) {
  return {
    type: 'bar',
    data: {
      labels: steps.map(step => step.label),
      datasets: [{
        data: steps.map(step => [step.from, step.to]),
        backgroundColor: steps.map(step => paint(step.tone)),
        borderSkipped: false, minBarLength: 3, barPercentage: 0.7, categoryPercentage: 1,
      }],
    },
    options: {
      plugins: { tooltip: { callbacks: { label: at => money(steps[at.dataIndex].to - steps[at.dataIndex].from, digits) } } },
    },
  };
}

/* sets: [{label, tone, data}], one value for each of labels. */
function stacked(labels, sets, digits) {
  return {
    type: 'bar',
    data: {
      labels,
      datasets: sets.map(set => ({ label: set.label, data: set.data, backgroundColor: paint(set.tone), barPercentage: 0.7, categoryPercentage: 1 })),
    },
    options: {
      plugins: {
        legend: { display: true, labels: { color: paint('ink') } },
        tooltip: { callbacks: { label: at => at.dataset.label + ': ' + money(at.raw, digits) } },
      },
      scales: { x: { stacked: true }, y: { stacked: true } },
    },
  };
}

function draw(canvas) {
  const given = JSON.parse(canvas.dataset.chart);
  const config = given.kind === 'waterfall' ? waterfall(given.steps, given.digits)
    : stacked(given.labels, given.sets, given.digits);
  const rounded = value => (value / 10 ** given.digits).toLocaleString(undefined, { maximumFractionDigits: given.digits });
  const scales = config.options.scales = Object.assign({ x: {}, y: {} }, config.options.scales);

  config.options.indexAxis = 'y';   /* names stand beside their bars, and need no turning on a phone */
  config.options.animation = false;
  config.options.maintainAspectRatio = false;
  config.options.plugins.legend = config.options.plugins.legend || { display: false };
  scales.x.grid = { color: paint('line') };
  scales.x.ticks = { color: paint('soft'), maxRotation: 0, maxTicksLimit: 6, callback: rounded };
  scales.y.grid = { display: false };
  scales.y.ticks = { color: paint('ink'), autoSkip: false };
  return new Chart(canvas, config);
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
let charts = [];

function drawAll() {
  charts.forEach(chart => chart.destroy());
  charts = Array.from(document.querySelectorAll('canvas[data-chart]'), draw);
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

/* A link to a folded part unfolds it. */
addEventListener('hashchange', () => {
  const part = document.getElementById(location.hash.slice(1));
  if (part) { part.open = true; part.scrollIntoView(); }
});

/* Paper is white, and cannot be unfolded. */
addEventListener('beforeprint', () => {
  document.documentElement.classList.add('paper');
  document.querySelectorAll('details:not([open])').forEach(part => { part.open = true; part.dataset.folded = ''; });
  drawAll();
});
addEventListener('afterprint', () => {
  document.documentElement.classList.remove('paper');
  document.querySelectorAll('details[data-folded]').forEach(part => { part.open = false; delete part.dataset.folded; });
  drawAll();
});
