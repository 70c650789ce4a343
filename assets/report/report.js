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
        borderSkipped: false,
      }],
    },
    options: {
      plugins: { tooltip: { callbacks: { label: at => money(steps[at.dataIndex].to - steps[at.dataIndex].from, digits) } } },
      scales: { x: { grid: { display: false } }, y: { ticks: { callback: value => money(value, digits) } } },
    },
  };
}

/* sets: [{label, tone, data}], one value for each of labels. */
function stacked(labels, sets, digits) {
  return {
    type: 'bar',
    data: {
      labels,
      datasets: sets.map(set => ({ label: set.label, data: set.data, backgroundColor: paint(set.tone) })),
    },
    options: {
      plugins: {
        legend: { display: true, labels: { color: paint('ink') } },
        tooltip: { callbacks: { label: at => at.dataset.label + ': ' + money(at.raw, digits) } },
      },
      scales: { x: { stacked: true, grid: { display: false } }, y: { stacked: true, ticks: { callback: value => money(value, digits) } } },
    },
  };
}

function draw(canvas) {
  const given = JSON.parse(canvas.dataset.chart);
  const config = given.kind === 'waterfall' ? waterfall(given.steps, given.digits)
    : stacked(given.labels, given.sets, given.digits);
  const grid = { color: paint('line') };

  config.options.animation = false;
  config.options.maintainAspectRatio = false;
  config.options.plugins.legend = config.options.plugins.legend || { display: false };
  for (const axis of ['x', 'y'])
    config.options.scales[axis] = Object.assign({ grid }, config.options.scales[axis], {
      ticks: Object.assign({ color: paint('soft') }, (config.options.scales[axis] || {}).ticks) });
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
