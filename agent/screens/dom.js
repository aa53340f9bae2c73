/** Making elements without strings of HTML, and the base of every panel. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node|string|null|undefined} Child an empty one is left out */

/**
 * An HTML element. `on` holds listeners; null and false attributes are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An SVG element, with the same rules.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Tell whoever listens further up: `tell(this, "command", {name, body})`.
 * @param {Element} element
 * @param {string} name
 * @param {any} detail
 */
export function tell(element, name, detail) {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

/**
 * A part of the page that its file was written with; a page without it is at fault, and says so.
 * @overload @param {"key-pad"} selector @returns {import("./key_pad.js").KeyPad}
 * @overload @param {"screen-settings"} selector @returns {import("./settings.js").ScreenSettings}
 * @overload @param {`${string}-${string}`} selector @returns {Panel} an element of ours has a hyphen in its name
 * @overload @param {string} selector @returns {HTMLElement}
 */
/** @param {string} selector */
export function part(selector) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`this page has no ${selector}`);
  return found;
}

/** A part of the page that is drawn from data, and only when the data changed: a finger on a button keeps its button. */
export class Panel extends HTMLElement {
  #drawn = "";
  /** @type {any} */
  #data = undefined;

  /** Show the same data anew: the language is another. */
  redraw() {
    this.#drawn = "";
    if (this.#data !== undefined) this.show(this.#data);
  }

  /**
   * What to show for the data; every panel has its own.
   * @param {any} _data
   * @returns {Child[]}
   */
  draw(_data) {
    return [];
  }

  /**
   * What is done once it is drawn: to measure, to scroll.
   * @param {any} _data
   */
  afterDraw(_data) {}

  /** @param {any} data JSON-like; handed to `draw`, which returns the nodes to show */
  show(data) {
    const key = JSON.stringify(data);
    if (key === this.#drawn) return;
    this.#data = data;
    this.#drawn = key;
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement && this.contains(activeElement) ? activeElement.dataset.key : undefined;
    this.replaceChildren(...this.draw(data).flatMap((child) => child || []));
    /** @type {HTMLElement|null} */
    const again = focused ? this.querySelector(`[data-key="${CSS.escape(focused)}"]`) : null;
    again?.focus();
    this.afterDraw(data);
  }
}

// A code is letters and signs with a digit among them; the brackets and points around it stay on its line.
const CODE = /([([{"«（]?)((?=[!-~]*\d)[A-Za-z0-9](?:[!-~]*[A-Za-z0-9%])?)([)\]}"».,:;!?）。，：；！？]*)/g;
const LONG_CODE = 16;

/**
 * A sentence whose codes (NW-011) never break in the middle, and keep their order among words from right to left.
 * @param {string} text
 */
export function sentence(text) {
  const found = [];
  let end = 0;
  for (const { 0: all, 1: before, 2: code = "", 3: after, index } of text.matchAll(CODE)) {
    const look = code.length > LONG_CODE ? "whole long" : "whole";
    found.push(text.slice(end, index), h("span", { class: look }, before, h("bdi", {}, code), after));
    end = index + all.length;
  }
  return [...found, text.slice(end)];
}

const STEPS = [112, 72, 44, 28, 20];

/**
 * Give the text the largest type step at which it fits its width in at most `lines` lines.
 * @param {HTMLElement} element
 * @param {{largest: number, smallest: number, lines: number}} limits
 */
export function fit(element, { largest, smallest, lines }) {
  for (const step of STEPS.filter((each) => each <= largest && each >= smallest)) {
    element.dataset.step = String(step);
    const lineHeight = parseFloat(getComputedStyle(element).lineHeight);
    const wide = element.scrollWidth > element.clientWidth + 1;
    if (!wide && element.scrollHeight <= lines * lineHeight * 1.1) return;
  }
}

/**
 * @template {Element} Made
 * @param {Made} element
 * @param {Record<string, any>} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
    }
  }
  element.append(...children.flatMap((child) => child || []));
  return element;
}
