/** A part of a desk: drawn anew it keeps what somebody opened or typed, and it knows how wide it is. */
import { Panel } from "../dom.js";

export class DeskPanel extends Panel {
  #width = 0;

  connectedCallback() {
    new ResizeObserver(() => {
      const hidden = this.clientWidth === 0;
      if (hidden || Math.abs(this.clientWidth - this.#width) < 2) return;
      this.#width = this.clientWidth;
      requestAnimationFrame(() => this.redraw()); // not at once: what is drawn may change the size that is observed
    }).observe(this);
  }

  /** @param {any} data */
  show(data) {
    const open = [...this.querySelectorAll("details[open]")].map((each) => keyOf(each));
    const typed = new Map([...this.querySelectorAll(FIELDS)].map((each) => [keyOf(each), /** @type {HTMLInputElement} */ (each).value]));
    super.show(data);
    for (const each of this.querySelectorAll("details")) each.open = each.open || open.includes(keyOf(each));
    for (const each of this.querySelectorAll(FIELDS)) {
      const value = typed.get(keyOf(each));
      if (value !== undefined) /** @type {HTMLInputElement} */ (each).value = value;
    }
  }

  /** The size of the text here, in pixels: a drawing goes by it. */
  get em() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  }
}

const FIELDS = "input[data-key], select[data-key], textarea[data-key]";

/** @param {Element} element */
function keyOf(element) {
  return /** @type {HTMLElement} */ (element).dataset.key;
}
