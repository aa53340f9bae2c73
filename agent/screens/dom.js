/** Making elements without strings of HTML, and the base of every panel. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element. `on` holds listeners; null and false attributes are left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  return fill(element, attributes, children);
}

/**
 * An SVG element, with the same rules.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node|string|null)} children
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Tell whoever listens further up: `tell(this, "command", {name, body})`. */
export function tell(element, name, detail) {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

/** A part of the page that is drawn from data, and only when the data changed: a finger on a button keeps its button. */
export class Panel extends HTMLElement {
  #drawn = "";

  /** @param {any} data JSON-like; handed to `draw`, which returns the nodes to show */
  show(data) {
    const key = JSON.stringify(data);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    this.replaceChildren(...this.draw(data).filter(Boolean));
    if (focused) this.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    this.afterDraw?.(data);
  }
}

/** A sentence whose codes (NW-011) never break in the middle. */
export function sentence(text) {
  return text.split(/(\S*\d\S*)/).map((part, index) => (index % 2 ? h("bdi", { class: "whole" }, part) : part));
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

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
