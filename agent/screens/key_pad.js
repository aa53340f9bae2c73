/** Keys for a number, a date, a code or a PIN, by touch or by keyboard. */
import { backButton, said } from "./asking.js";
import { Panel, h, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

/** @import {Action} from "./station.js" */

const LONGEST_NUMBER = 9;
const DATE_DIGITS = 6;
const SHORTEST_PIN = 4;
const LONGEST_PIN = 12;
const LONGEST_TEXT = 60;
const LONG_TEXT = 16;
const MOST_TEXTS = 500;
/** @type {Record<string, number>} */
const LONGEST = { date: DATE_DIGITS, pin: LONGEST_PIN };
const NUMBER_KEYS = ["7", "8", "9", "Backspace", "4", "5", "6", ".", "1", "2", "3", "0"];
const DIGIT_KEYS = NUMBER_KEYS.map((key) => (key === "." ? "" : key));
/**
 * Keys of a text, a page at a time: all of them together would push what sends it off a handheld.
 * @type {{name: string, keys: string[]}[]}
 */
const TEXT_PAGES = [
  { name: "123", keys: [..."1234567890-./", "Backspace"] },
  { name: "A–M", keys: [..."ABCDEFGHIJKLM", "Backspace"] },
  { name: "N–Z", keys: [..."NOPQRSTUVWXYZ", "Backspace"] },
];
/** What can be typed, by the kind of pad. */
const TYPED = { number: /^[\d.,]$/, date: /^\d$/, text: /^[\x21-\x7e]$/, texts: /^[\x21-\x7e]$/, pin: /^\d$/ };

/** Nothing in it holds the focus, so a scan can never be typed into it. */
export class KeyPad extends Panel {
  #keyed = "";
  /** @type {string[]} codes that are keyed and not sent yet, where many are wanted */
  #list = [];
  #page = 0;
  /** @type {Action|null} */
  #action = null;

  /** @param {Action|null} action what the pad is open for */
  open(action) {
    if (action !== this.#action) {
      this.#keyed = "";
      this.#list = [];
      this.#page = 0;
    }
    this.#action = action;
    this.#refresh();
  }

  /**
   * A key of a person. True when the pad took it.
   * @param {string} key
   */
  type(key) {
    if (key === "Backspace") this.#keyed = this.#keyed.slice(0, -1);
    else if (key === "Enter" && !this.#onAnotherButton()) this.#enter();
    else if (TYPED[this.#pad()].test(key)) this.#append(key);
    else return false;
    this.#refresh();
    return true;
  }

  /** @param {{action: Action|null, keyed: string, list: string[], page: number}} data */
  draw({ action, keyed, list, page }) {
    if (!action) return [];
    const pad = this.#pad();
    const shown = pad === "date" ? asDay(keyed) : keyed;
    return [
      h("h2", { class: action.ask ? "asked" : "", dir: "auto" }, action.ask || action.label),
      list.length > 0 ? this.#collected(list) : null,
      h("p", { class: shown.length > LONG_TEXT ? "keyed long" : "keyed", role: "status" }, h("span", { class: "out-of-sight" }, say(pad === "texts" ? "text" : pad), ": "), shown || "–"),
      isText(pad)
        ? h("div", { class: "keys text" }, ...(TEXT_PAGES[page]?.keys ?? []).map((name) => this.#key(name)), this.#otherPage(page))
        : h("div", { class: "keys" }, ...(pad === "number" ? NUMBER_KEYS : DIGIT_KEYS).map((name) => (name ? this.#key(name) : h("span")))),
      h("div", { class: "row" }, backButton(this), ...this.#ways(action, list)),
    ];
  }

  /** @param {string} name */
  #key(name) {
    const erases = name === "Backspace";
    return h(
      "button",
      { type: "button", "data-key": name, "aria-label": erases ? say("erase") : name, on: { click: () => this.type(name) } },
      erases ? shape("erase") : name,
    );
  }

  /** @param {number} page */
  #otherPage(page) {
    const next = (page + 1) % TEXT_PAGES.length;
    const press = () => {
      this.#page = next;
      this.#refresh();
    };
    return h("button", { type: "button", class: "page", "data-key": "page", on: { click: press } }, TEXT_PAGES[next]?.name);
  }

  /**
   * What finishes the keying; of many codes, what takes one more and what sends all.
   * @param {Action} action
   * @param {string[]} list
   */
  #ways(action, list) {
    const ready = isReady(this.#pad(), this.#keyed);
    if (action.pad === "pin") return [way("ok", "primary", ready, () => this.#send(), say("allow_it"))];
    if (action.pad === "texts") {
      const add = way("add", "", ready, () => this.type("Enter"), say("add_text", { text: this.#keyed }));
      return [add, way("ok", "primary", list.length > 0, () => this.#send(), say("send_many", { n: list.length }))];
    }
    const text = ready ? this.#value() : "";
    const words = action.do === "quantity" ? say("count_so_many", { n: this.#keyed }) : say("send_text", { text });
    return [way("ok", "primary", ready, () => this.#send(), words)];
  }

  /** @param {string[]} list */
  #collected(list) {
    /** @param {number} place */
    const remove = (place) => {
      this.#list = list.filter((_, each) => each !== place);
      this.#refresh();
    };
    /**
     * @param {string} text
     * @param {number} place
     */
    const chip = (text, place) =>
      h("button", { type: "button", class: "chip", "aria-label": say("take_out", { text }), on: { click: () => remove(place) } }, h("code", {}, text), shape("erase"));
    return h("div", { class: "collected" }, ...list.map(chip));
  }

  #refresh() {
    // A PIN is known to this pad alone: whatever is drawn, or kept of the drawing, has a dot for each digit.
    const keyed = this.#pad() === "pin" ? "•".repeat(this.#keyed.length) : this.#keyed;
    this.show({ action: this.#action, keyed, list: this.#list, page: this.#page });
  }

  /** @param {string} key */
  #append(key) {
    const pad = this.#pad();
    if (pad !== "number") {
      if (this.#keyed.length < (LONGEST[pad] ?? LONGEST_TEXT)) this.#keyed += key;
      return;
    }
    const digit = key.replace(",", ".");
    if (this.#keyed.length < LONGEST_NUMBER && !(digit === "." && this.#keyed.includes("."))) this.#keyed += digit;
  }

  #enter() {
    if (this.#action?.pad !== "texts" || this.#keyed === "") this.#send();
    else if (this.#list.length < MOST_TEXTS) {
      if (!this.#list.includes(this.#keyed)) this.#list = [...this.#list, this.#keyed];
      this.#keyed = "";
    }
  }

  #send() {
    const action = this.#action;
    if (!action) return;
    if (action.pad === "texts") {
      // The keys stay until the station has answered: so many codes are not keyed twice.
      const body = { ...action.body, [action.member]: this.#list };
      if (this.#list.length > 0) tell(this, "command", { name: action.do, body, path: action.path });
    } else if (isReady(this.#pad(), this.#keyed)) said(this, action, this.#value());
  }

  /** What is keyed, as it is sent. */
  #value() {
    return this.#pad() === "date" ? asDay(this.#keyed) : this.#keyed;
  }

  #pad() {
    const pad = this.#action?.pad;
    return pad && pad !== "photo" ? pad : "number";
  }

  /** Someone who walks the buttons with Tab means the button, not what was keyed; "back" is meant whatever was keyed. */
  #onAnotherButton() {
    return document.activeElement?.matches(this.#keyed ? ".back:focus-visible" : "button:focus-visible");
  }
}
customElements.define("key-pad", KeyPad);

/**
 * @param {string} name
 * @param {string} look
 * @param {boolean} enabled
 * @param {() => void} press
 * @param {string} words
 */
function way(name, look, enabled, press, words) {
  return h("button", { type: "button", class: look, "data-key": name, disabled: !enabled, on: { click: press } }, shape("complete"), h("span", { class: "send" }, words));
}

/** @param {string} pad */
function isText(pad) {
  return pad === "text" || pad === "texts";
}

/**
 * Whether what is keyed can be sent.
 * @param {string} pad
 * @param {string} keyed
 */
function isReady(pad, keyed) {
  if (pad === "date") return keyed.length === DATE_DIGITS;
  if (pad === "pin") return keyed.length >= SHORTEST_PIN;
  return isText(pad) ? keyed !== "" : isNumber(keyed);
}

/**
 * `270331` as `2027-03-31`; what is not keyed yet is a line.
 * @param {string} digits
 */
function asDay(digits) {
  const all = digits.padEnd(DATE_DIGITS, "_");
  return `20${all.slice(0, 2)}-${all.slice(2, 4)}-${all.slice(4)}`;
}

/** @param {string} digits */
function isNumber(digits) {
  return /^(\d+\.?\d*|\.\d+)$/.test(digits) && Number(digits) > 0;
}
