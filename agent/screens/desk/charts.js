/**
 * Drawings of figures. Each is drawn for the width it gets, in the person's text size; every value can be read without a
 * pointer, and whoever shows one puts its table behind it.
 */
import { svg } from "../dom.js";

const TICKS = 4;
const NICE = [1, 2, 5, 10];
const GAP = 2;

/**
 * One bar for parts of a whole, with the numbers above the parts that are wide enough; the legend names all of them.
 * @param {{label: string, value: number}[]} parts
 * @param {number} width
 * @param {number} em
 */
export function stackedBar(parts, width, em) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const height = em * 3.5;
  let x = 0;
  const drawn = parts.flatMap((part, place) => {
    const wide = total ? (part.value / total) * width : 0;
    const at = x;
    x += wide;
    if (wide === 0) return [];
    const text = String(part.value);
    const fits = wide > (text.length + 1) * em * 0.7;
    return [
      svg("rect", { class: `part part-${place}`, x: at, y: em * 1.5, width: Math.max(1, wide - GAP), height: em * 2 }),
      fits ? svg("text", { x: at + wide / 2, y: em * 1.15, "text-anchor": "middle" }, text) : null,
    ];
  });
  const empty = svg("rect", { class: "part none", x: 0, y: em * 1.5, width, height: em * 2 });
  return picture(width, height, parts.map((part) => `${part.label} ${part.value}`).join(", "), total ? drawn : [empty]);
}

/**
 * A bar for each hour, with the same hour of the last shift behind it.
 * @param {{label: string, value: number, text: string, before: number}[]} hours
 * @param {number} width
 * @param {number} em
 * @param {string} name of the axis
 */
export function hourBars(hours, width, em, name) {
  const plot = plotOf(width, em, Math.max(1, ...hours.flatMap((each) => [each.value, each.before])));
  const slot = plot.width / hours.length;
  const drawn = hours.flatMap((each, place) => {
    const x = plot.left + place * slot;
    const top = plot.y(each.value);
    return [
      svg("rect", { class: "behind", x: x + slot * 0.1, y: plot.y(each.before), width: slot * 0.8, height: plot.bottom - plot.y(each.before) }),
      svg("rect", { class: "bar", x: x + slot * 0.28, y: top, width: slot * 0.44, height: plot.bottom - top }),
      svg("text", { class: "value", x: x + slot / 2, y: Math.min(top, plot.y(each.before)) - em * 0.3, "text-anchor": "middle" }, each.text),
      labelFits(each.label, slot, em, place) ? svg("text", { x: x + slot / 2, y: plot.bottom + em * 1.3, "text-anchor": "middle" }, each.label) : null,
    ];
  });
  const told = hours.map((each) => `${each.label}: ${each.text}`).join(", ");
  return picture(width, plot.height, `${name}. ${told}`, [...axis(plot, em, name), ...drawn]);
}

/**
 * What was not sent, as an area over time, with the times shaded in which HQ was away.
 * @param {{at: number, value: number, away: boolean}[]} samples in order; each holds until the next, the last is of now
 * @param {(at: number) => string} clock
 * @param {number} width
 * @param {number} em
 * @param {{axis: string, away: string}} names
 */
export function backlogArea(samples, clock, width, em, names) {
  const plot = plotOf(width, em, Math.max(1, ...samples.map((each) => each.value)));
  const [from, to] = [samples[0].at, samples[samples.length - 1].at];
  const x = (/** @type {number} */ at) => plot.left + (to > from ? ((at - from) / (to - from)) * plot.width : plot.width);
  const steps = samples.flatMap((each, place) => [
    place ? `L${x(each.at)} ${plot.y(samples[place - 1].value)}` : `M${x(each.at)} ${plot.bottom}`,
    `L${x(each.at)} ${plot.y(each.value)}`,
  ]);
  const path = `${steps.join("")}L${x(to)} ${plot.bottom}z`;
  const last = samples[samples.length - 1];
  const drawn = [
    hatch(em),
    ...outages(samples).map(([start, end]) => svg("rect", { class: "outage", fill: "url(#outage-hatch)", x: x(start), y: plot.top, width: Math.max(2, x(end) - x(start)), height: plot.bottom - plot.top })),
    svg("path", { class: "area", d: path }),
    svg("text", { x: plot.left, y: plot.bottom + em * 1.3 }, clock(from)),
    svg("text", { x: plot.left + plot.width, y: plot.bottom + em * 1.3, "text-anchor": "end" }, clock(to)),
    svg("text", { class: "value", x: plot.left + plot.width - em * 0.3, y: Math.max(plot.top + em, plot.y(last.value) - em * 0.4), "text-anchor": "end" }, String(last.value)),
  ];
  return picture(width, plot.height, `${names.axis}: ${last.value}`, [...axis(plot, em, names.axis), ...drawn]);
}

/**
 * From when to when HQ was away.
 * @param {{at: number, away: boolean}[]} samples
 * @returns {[number, number][]}
 */
export function outages(samples) {
  /** @type {[number, number][]} */
  const found = [];
  samples.forEach((each, place) => {
    const end = samples[place + 1]?.at;
    if (!each.away || end === undefined) return;
    const last = found[found.length - 1];
    if (last && last[1] === each.at) last[1] = end;
    else found.push([each.at, end]);
  });
  return found;
}

/**
 * Bars in a list: how much of the largest this one is, in two parts.
 * @param {number[]} values
 * @param {number} most
 * @param {number} em
 */
export function rankBar(values, most, em) {
  let x = 0;
  const drawn = values.map((value, place) => {
    const at = x;
    x += (value / most) * 100;
    return svg("rect", { class: `rank rank-${place}`, x: at, y: 0, width: Math.max(0, (value / most) * 100 - (value ? 0.5 : 0)), height: 10 });
  });
  return svg("svg", { class: "rank-bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", height: em * 0.9, "aria-hidden": "true" }, ...drawn);
}

/**
 * The largest round number that the axis goes up to.
 * @param {number} most
 */
export function roundUp(most) {
  const step = most / TICKS;
  const power = 10 ** Math.floor(Math.log10(step));
  const nice = NICE.find((each) => each * power >= step) ?? NICE[NICE.length - 1];
  return Math.max(1, nice * power) * TICKS;
}

/**
 * @param {number} width
 * @param {number} em
 * @param {number} most
 */
function plotOf(width, em, most) {
  const top = em * 2.6;
  const bottom = em * 11;
  const limit = roundUp(most);
  const left = em * (String(limit).length * 0.62 + 0.9);
  const y = (/** @type {number} */ value) => bottom - (Math.max(0, value) / limit) * (bottom - top);
  return { left, top, bottom, width: Math.max(1, width - left), height: bottom + em * 1.8, limit, y };
}

/**
 * @param {ReturnType<typeof plotOf>} plot
 * @param {number} em
 * @param {string} name
 */
function axis(plot, em, name) {
  const every = plot.limit / TICKS;
  const ticks = Array.from({ length: TICKS / 2 + 1 }, (_, place) => place * every * 2);
  return [
    svg("text", { class: "axis", x: 0, y: em }, name),
    ...ticks.flatMap((tick) => [
      svg("line", { class: tick ? "grid" : "base", x1: plot.left, x2: plot.left + plot.width, y1: plot.y(tick), y2: plot.y(tick) }),
      svg("text", { class: "axis", x: plot.left - em * 0.4, y: plot.y(tick) + em * 0.35, "text-anchor": "end" }, String(tick)),
    ]),
  ];
}

/** @param {number} em */
function hatch(em) {
  const line = svg("path", { class: "hatch", d: `M0 ${em}L${em} 0` });
  return svg("defs", {}, svg("pattern", { id: "outage-hatch", width: em, height: em, patternUnits: "userSpaceOnUse" }, line));
}

/**
 * @param {string} label
 * @param {number} slot
 * @param {number} em
 * @param {number} place
 */
function labelFits(label, slot, em, place) {
  const every = Math.ceil((label.length * em * 0.62) / slot);
  return place % every === 0;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} label
 * @param {(SVGElement|null)[]} parts
 */
function picture(width, height, label, parts) {
  return svg("svg", { class: "chart", role: "img", "aria-label": label, width, height, viewBox: `0 0 ${width} ${height}` }, ...parts);
}
