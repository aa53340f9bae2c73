/**
 * Draws the part of ZPL that our labels use as SVG, true enough to be scanned from the glass:
 * ^XA ^XZ ^PW ^LL ^LH ^CI28 ^FWN ^CF ^FO ^A0 ^FH ^FD ^FS ^GB ^BY ^BC (mode N). What it cannot draw it names.
 */
import { NotEncodable, QUIET_ZONE, encodeText, encodeZpl } from "./code128.js";
import { svg } from "./dom.js";

const WIDTH_DOTS = 812;
const LENGTH_DOTS = 1218;
const PAPER = "#ffffff";
const INK = "#000000";
// These set the printer, not the picture.
const NOT_SEEN = new Set(["XA", "XZ", "FX", "LT", "LS", "PO", "PM", "LR", "MN", "MT", "MM", "MD", "PR", "PQ", "JZ", "JU"]);
const DIGIT_SHARE = 0.72; // cap height of font 0 as a share of its cell

/**
 * @param {string} zpl one label
 * @returns {{picture: SVGElement, notDrawn: string[]}} size in dots as the viewBox; sentences for what is missing
 */
export function drawLabel(zpl) {
  const label = new Label();
  for (const [, name, rest] of zpl.matchAll(/[\^~]([A-Z][A-Z0-9@])([^\^~]*)/g)) label.command(name, rest);
  const { width, length, shapes, notDrawn } = label;
  const paper = svg("rect", { width, height: length, fill: PAPER });
  const picture = svg(
    "svg",
    { class: "label-picture", viewBox: `0 0 ${width} ${length}`, role: "img", "aria-label": `Label: ${label.words.join(", ")}` },
    paper,
    ...shapes,
  );
  return { picture, notDrawn: [...new Set(notDrawn)] };
}

/**
 * The barcode a scanner reads as `code`, or null where Code 128 cannot hold it.
 * @param {string} code
 */
export function drawBarcode(code) {
  try {
    const widths = encodeText(code);
    const total = widths.reduce((sum, width) => sum + width, 0) + 2 * QUIET_ZONE;
    const shapes = bars(widths, QUIET_ZONE, 0, 1, 40);
    const paper = svg("rect", { width: total, height: 40, fill: PAPER });
    const look = { class: "barcode", viewBox: `0 0 ${total} 40`, preserveAspectRatio: "none", "aria-hidden": "true" };
    return svg("svg", look, paper, shapes);
  } catch (fault) {
    if (fault instanceof NotEncodable) return null;
    throw fault;
  }
}

class Label {
  width = WIDTH_DOTS;
  length = LENGTH_DOTS;
  /** @type {SVGElement[]} */
  shapes = [];
  /** @type {string[]} */
  notDrawn = [];
  /** @type {string[]} */
  words = [];
  home = [0, 0];
  font = [9, 5];
  bar = { module: 2, height: 10 };
  field = newField();

  /**
   * @param {string} name
   * @param {string} rest what stands behind the name
   */
  command(name, rest) {
    const act = name[0] === "A" ? setText : COMMANDS[name];
    if (act) act(this, name[0] === "A" ? `${name[1]}${rest}` : rest, numbers(rest));
    else if (!NOT_SEEN.has(name)) this.notDrawn.push(`^${name} is not drawn here.`);
  }
}

/**
 * What each command does to the label: (label, its text, its text as whole numbers).
 * @type {Record<string, (label: Label, rest: string, whole: number[]) => void>}
 */
const COMMANDS = {
  PW(label, _, [dots]) {
    label.width = dots || label.width;
  },
  LL(label, _, [dots]) {
    label.length = dots || label.length;
  },
  LH(label, _, [x, y]) {
    label.home = [x || 0, y || 0];
  },
  CI(label, rest) {
    if (rest.trim() !== "28") label.notDrawn.push(`^CI${rest.trim()}: only ^CI28 (UTF-8) is drawn here.`);
  },
  FW(label, rest) {
    if (rest.trim()[0] !== "N") label.notDrawn.push("^FW: everything is drawn upright.");
  },
  CF(label, rest) {
    const [, height, width] = rest.split(",").map(Number);
    label.font = [height || label.font[0], width || height || label.font[1]];
  },
  BY(label, _, [module, , height]) {
    label.bar = { module: module || label.bar.module, height: height || label.bar.height };
  },
  FO(label, _, [x, y]) {
    label.field = { ...newField(), x: label.home[0] + (x || 0), y: label.home[1] + (y || 0) };
  },
  FH({ field }, rest) {
    field.escape = rest.trim() || "_";
  },
  FD({ field }, rest) {
    field.data = rest.replace(/[\r\n]/g, "");
  },
  GB({ field }, _, [width, height, thick, , round]) {
    const line = thick || 1;
    field.box = { width: Math.max(width || line, line), height: Math.max(height || line, line), line, round: round || 0 };
  },
  BC(label, rest) {
    const [orientation, height, line, above, , mode] = rest.trim().split(",");
    if (orientation && orientation !== "N") label.notDrawn.push("^BC is drawn upright only.");
    if (mode && mode !== "N") label.notDrawn.push(`^BC mode ${mode}: only mode N is drawn here.`);
    label.field.barcode = { height: Number(height) || label.bar.height, line: line !== "N", above: above === "Y" };
  },
  FS(label) {
    const { field } = label;
    const data = field.data === null ? null : unescape(field.data, field.escape);
    if (field.box) label.shapes.push(box(field.x, field.y, field.box));
    else if (data !== null && field.barcode) addBarcode(label, data);
    else if (data) addText(label, data);
    label.field = newField();
  },
};

/**
 * `^A0N,height,width`: the font of one field.
 * @param {Label} label
 * @param {string} rest
 */
function setText(label, rest) {
  if (rest[0] !== "0") label.notDrawn.push(`Font ^A${rest[0]} is drawn as font 0.`);
  if ("RIB".includes(rest[1])) label.notDrawn.push("Turned text is drawn upright.");
  const [, height, width] = rest.split(",").map(Number);
  label.field.font = [height || label.font[0], width || height || label.font[1]];
}

/**
 * @param {Label} label
 * @param {string} data
 */
function addText(label, data) {
  const { x, y, font } = label.field;
  const [height, width] = font ?? label.font;
  label.words.push(data);
  label.shapes.push(text(data, x, y, height, width));
}

/**
 * @param {Label} label
 * @param {string} data
 */
function addBarcode(label, data) {
  const { x, y, barcode } = label.field;
  if (!barcode) return;
  try {
    const encoded = encodeZpl(data);
    const { module } = label.bar;
    label.shapes.push(bars(encoded.widths, x, y, module, barcode.height));
    label.words.push(`barcode ${encoded.text}`);
    if (!barcode.line) return;
    const size = module * 9;
    label.shapes.push(text(encoded.text, x, barcode.above ? y - size - 4 : y + barcode.height + 6, size, size));
  } catch (fault) {
    if (!(fault instanceof NotEncodable)) throw fault;
    label.notDrawn.push(fault.message);
  }
}

/**
 * One `^FO … ^FS`: where it stands, and what is drawn there.
 * @typedef {{x: number, y: number, font: number[]|null, data: string|null, escape: string,
 *   box: {width: number, height: number, line: number, round: number}|null,
 *   barcode: {height: number, line: boolean, above: boolean}|null}} Field
 */

/** @returns {Field} */
function newField() {
  return { x: 0, y: 0, font: null, data: null, escape: "", box: null, barcode: null };
}

/** @param {string} rest */
function numbers(rest) {
  return rest.split(",").map((part) => parseInt(part, 10) || 0);
}

/**
 * `^FH`: the indicator and two hex digits are one byte; the bytes are UTF-8.
 * @param {string} data
 * @param {string} indicator
 */
function unescape(data, indicator) {
  const bytes = [];
  const raw = new TextEncoder().encode(data);
  const mark = indicator ? indicator.charCodeAt(0) : -1;
  for (let at = 0; at < raw.length; at += 1) {
    const hex = String.fromCharCode(raw[at + 1] ?? 0, raw[at + 2] ?? 0);
    if (raw[at] === mark && /^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(parseInt(hex, 16));
      at += 2;
    } else bytes.push(raw[at]);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {number} height
 * @param {number} width
 */
function text(words, x, y, height, width) {
  const stretch = width / height;
  return svg(
    "text",
    { class: "font-0", transform: `translate(${x} ${y + height * DIGIT_SHARE}) scale(${stretch} 1)`, "font-size": height, fill: INK },
    words,
  );
}

/**
 * @param {number} x
 * @param {number} y
 * @param {NonNullable<Field["box"]>} box
 */
function box(x, y, { width, height, line, round }) {
  if (line * 2 >= Math.min(width, height)) return svg("rect", { x, y, width, height, fill: INK });
  const corner = (round / 8) * (Math.min(width, height) / 2);
  const inside = { x: x + line / 2, y: y + line / 2, width: width - line, height: height - line, rx: corner };
  return svg("rect", { ...inside, fill: "none", stroke: INK, "stroke-width": line });
}

/**
 * Bars as one path on whole dots. Its edges stay smooth: rounding them to the glass makes bars of one width differ.
 * @param {number[]} widths
 * @param {number} x
 * @param {number} y
 * @param {number} module
 * @param {number} height
 */
function bars(widths, x, y, module, height) {
  let at = x;
  let path = "";
  widths.forEach((width, index) => {
    if (index % 2 === 0) path += `M${at} ${y}h${width * module}v${height}h${-width * module}z`;
    at += width * module;
  });
  return svg("path", { d: path, fill: INK });
}
