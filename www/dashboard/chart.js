/*! Holds uPlot 1.6.32, Copyright (c) Leon Sorokin, MIT License. */
// A line through the days. What it shows stands in a table as well, so it is a picture to the ear.
import uPlot from "uplot";
import { h } from "./dom.js";
import { day } from "./format.js";
import { locale, t } from "./texts.js";

const height = 220;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Days as `2026-11-26` with a value each; `shown(value)` writes one. */
export function chart(title, days, values, shown) {
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const canvas = h("div", { dir: "ltr" });
  const most = values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
  const summary = t("chart_summary", { title, from: day(days[0]), to: day(days.at(-1)), most: shown(values[most]), on: day(days[most]) });
  const figure = h("figure", { class: "chart" }, h("div", { role: "img", "aria-label": summary }, canvas), readout);
  const tell = (index) => { readout.textContent = `${day(days[index])}: ${shown(values[index])}`; };
  tell(days.length - 1);
  let plot = null;
  const draw = () => {
    const width = canvas.clientWidth;
    if (width === 0) return;
    plot?.destroy();
    plot = new uPlot(options(width, shown, (index) => tell(index ?? days.length - 1)), [days.map((text) => Date.parse(text) / 1000), values], canvas);
  };
  new ResizeObserver(() => (plot ? plot.setSize({ width: canvas.clientWidth, height }) : draw())).observe(canvas);
  const redraw = () => (figure.isConnected ? draw() : dark.removeEventListener("change", redraw));
  dark.addEventListener("change", redraw);
  return figure;
}

function options(width, shown, pointed) {
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: color("--quiet"), font, grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
  const short = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" });
  // Whole numbers only, as far as the values are such.
  const whole = (_, ticks) => ticks.map((value) => (Number.isInteger(value) ? shown(value) : ""));
  const widest = (self, values) => Math.ceil(Math.max(0, ...(values ?? []).map((text) => self.ctx.measureText(text).width / devicePixelRatio))) + 16;
  return {
    width, height, padding: [12, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { y: { range: (_, low, high) => [Math.min(0, low), Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, space: 70, size: 28, values: (_, ticks) => ticks.map((seconds) => short.format(new Date(seconds * 1000))) },
      { ...axis, values: whole, size: widest },
    ],
    series: [{}, { stroke: color("--accent"), fill: color("--tint"), width: 2, points: { show: false } }],
    hooks: {
      // The days' names are read as the page is, though time runs from the left.
      drawClear: [({ ctx }) => { ctx.direction = document.documentElement.dir; }],
      setCursor: [({ cursor }) => pointed(cursor.idx)],
    },
  };
}
