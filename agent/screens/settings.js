/** What a person sets for this device alone: which hand holds it, and how large the words are. */
import { Panel, h } from "./dom.js";
import { chooseLayout } from "./layout.js";
import { say, spoken, whole } from "./words.js";

/** What can be set -> its values, the first of which it is before anybody chose. */
/** @typedef {"hand"|"text"|"theme"} Setting */
/** @type {Record<Setting, string[]>} */
const CHOICES = { hand: ["right", "left"], text: ["100", "150", "200", "400"], theme: ["dark", "light"] };
/** @type {Record<string, string>} */
const NAMES = { hand: "hand", text: "text_size", theme: "theme" };

export class ScreenSettings extends Panel {
  connectedCallback() {
    this.#refresh();
  }

  /** The language changed: the words are others. */
  redraw() {
    this.#refresh();
  }

  /** @param {Record<string, string>} set what is set now */
  draw(set) {
    return Object.entries(CHOICES).map(([name, choices]) =>
      h(
        "div",
        { class: "row", role: "group", "aria-label": say(NAMES[name]) },
        ...choices.map((value) => {
          const press = () => {
            localStorage.setItem(name, value);
            this.#refresh();
          };
          const key = `${name} ${value}`;
          return h("button", { type: "button", "data-key": key, "aria-pressed": String(set[name] === value), on: { click: press } }, whole(say(`${name}_${value}`)));
        }),
      ),
    );
  }

  #refresh() {
    const set = Object.fromEntries(Object.entries(CHOICES).map(([name, [first]]) => [name, localStorage.getItem(name) ?? first]));
    Object.assign(document.documentElement.dataset, set);
    chooseLayout();
    this.show({ ...set, language: spoken() });
  }
}
customElements.define("screen-settings", ScreenSettings);
