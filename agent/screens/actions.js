/** What a person can do by hand: the action bar, the reasons, the number pad. All in the page, nothing over it. */
import { Panel, h, tell } from "./dom.js";
import { shape } from "./shapes.js";

const ELSEWHERE = new Set(["sign-out", "quantity"]);
const LONGEST_NUMBER = 9;
const LONG_LABEL = 10;

class ActionBar extends Panel {
  /** @param {{actions: import("./station.js").Action[], next: import("./station.js").Next}} data */
  draw({ actions, next }) {
    const shown = actions.filter((action) => !ELSEWHERE.has(action.do));
    // Where an act stands twice, the plain one is the way on; its twin asks for a reason and stands beside the others.
    const isTwin = (action) => action.reasons?.length > 0 && shown.some((other) => other !== action && other.do === action.do);
    const first = shown.filter((action) => action.do === next.do && !isTwin(action));
    const rest = shown.filter((action) => !first.includes(action));
    const long = rest.some((action) => action.label.length > LONG_LABEL);
    this.hidden = shown.length === 0;
    return [
      ...first.map((action) => actionButton(this, action, action.do, "primary")),
      rest.length > 0 ? h("div", { class: long ? "row long" : "row" }, ...rest.map((action) => actionButton(this, action, isTwin(action) ? `${action.do}-why` : action.do, ""))) : null,
    ];
  }
}
customElements.define("action-bar", ActionBar);

class ReasonTiles extends Panel {
  /** @param {import("./station.js").Action|null} action the action that wants a reason */
  draw(action) {
    if (!action) return [];
    const tiles = action.reasons.map(({ code, label }) => {
      const press = () => {
        tell(this, "command", { name: action.do, body: { ...action.body, reason: code } });
        tell(this, "mode", { mode: "work" });
      };
      return h("button", { type: "button", class: "tile", "data-key": code, dir: "auto", on: { click: press } }, label);
    });
    return [h("h2", { dir: "auto" }, action.label), h("div", { class: "tiles" }, ...tiles, backButton(this))];
  }
}
customElements.define("reason-tiles", ReasonTiles);

/** Keys a number by touch or by keyboard. Its field holds no focus, so a scan can never be typed into it. */
class NumberPad extends Panel {
  #digits = "";
  #action = null;

  /** @param {import("./station.js").Action|null} action the quantity action while the pad is open */
  open(action) {
    if (!action) this.#digits = "";
    this.#action = action;
    this.#refresh();
  }

  /** A key of a person. True when the pad took it. */
  type(key) {
    if (/^\d$/.test(key) || key === "." || key === ",") this.#append(key.replace(",", "."));
    else if (key === "Backspace") this.#digits = this.#digits.slice(0, -1);
    else if (key === "Enter" && !this.#onAnotherButton()) this.#send();
    else return false;
    this.#refresh();
    return true;
  }

  draw({ label, digits }) {
    if (label === null) return [];
    const key = (name, content) =>
      h(
        "button",
        { type: "button", "data-key": name, "aria-label": name, on: { click: () => this.type(name) } },
        content,
      );
    return [
      h("h2", { dir: "auto" }, label),
      h("p", { class: "number", role: "status" }, h("span", { class: "out-of-sight" }, "Number: "), digits || "–"),
      h(
        "div",
        { class: "keys" },
        ...["7", "8", "9", "Backspace", "4", "5", "6", ".", "1", "2", "3", "0"].map((name) =>
          key(name, name === "Backspace" ? shape("erase") : name),
        ),
      ),
      h(
        "div",
        { class: "row" },
        backButton(this),
        h(
          "button",
          { type: "button", class: "primary", "data-key": "ok", disabled: !isNumber(digits), on: { click: () => this.#send() } },
          shape("complete"),
          `Count ${digits}`,
        ),
      ),
    ];
  }

  #refresh() {
    this.show({ label: this.#action?.label ?? null, digits: this.#digits });
  }

  #append(digit) {
    if (this.#digits.length < LONGEST_NUMBER && !(digit === "." && this.#digits.includes("."))) this.#digits += digit;
  }

  #send() {
    if (!isNumber(this.#digits)) return;
    tell(this, "command", { name: "quantity", body: { quantity: this.#digits } });
    tell(this, "mode", { mode: "work" });
  }

  /** Someone who walks the buttons with Tab means the button, not the number. */
  #onAnotherButton() {
    return document.activeElement?.matches("button:focus-visible") && !this.#digits;
  }
}
customElements.define("number-pad", NumberPad);

class ChoiceList extends Panel {
  /** @param {{choices: import("./station.js").Choice[], now: number}} data */
  draw({ choices }) {
    return choices.map((choice) => {
      const press = () => tell(this, "command", { name: "open", body: { id: choice.id } });
      return h(
        "button",
        { type: "button", class: "choice", "data-key": choice.id, on: { click: press } },
        h("span", { class: "title", dir: "auto" }, choice.title),
        choice.detail ? h("span", { class: "quiet", dir: "auto" }, choice.detail) : null,
        h("span", { class: "size" }, choice.size),
      );
    });
  }
}
customElements.define("choice-list", ChoiceList);

/** One action as a button; one that wants a reason opens the reasons instead. */
export function actionButton(panel, action, key, look) {
  const press = () => {
    if (action.reasons?.length) tell(panel, "mode", { mode: "reasons", action });
    else tell(panel, "command", { name: action.do, body: { ...action.body } });
  };
  return h(
    "button",
    { type: "button", class: look, "data-key": key, disabled: !action.enabled, on: { click: press } },
    shape(action.do),
    h("span", { dir: "auto" }, action.label),
  );
}

function backButton(panel) {
  const press = () => tell(panel, "mode", { mode: "work" });
  return h("button", { type: "button", class: "back", "data-key": "back", on: { click: press } }, shape("back"), "Back");
}

function isNumber(digits) {
  return /^(\d+\.?\d*|\.\d+)$/.test(digits) && Number(digits) > 0;
}
