/** What a person sets for this device alone: which hand holds it, and how large the words are. */
import { Panel, h } from "./dom.js";
import { chooseLayout } from "./layout.js";

const CHOICES = {
  hand: [["right", "Right hand"], ["left", "Left hand"]],
  text: [["100", "Text 100\u00a0%"], ["150", "150\u00a0%"], ["200", "200\u00a0%"]],
};

class ScreenSettings extends Panel {
  connectedCallback() {
    this.#refresh();
  }

  draw(set) {
    return Object.entries(CHOICES).map(([name, choices]) =>
      h(
        "div",
        { class: "row", role: "group", "aria-label": name === "hand" ? "Hand" : "Text size" },
        ...choices.map(([value, label]) => {
          const press = () => {
            localStorage.setItem(name, value);
            this.#refresh();
          };
          const key = `${name} ${value}`;
          return h("button", { type: "button", "data-key": key, "aria-pressed": String(set[name] === value), on: { click: press } }, label);
        }),
      ),
    );
  }

  #refresh() {
    const set = Object.fromEntries(Object.entries(CHOICES).map(([name, [[first]]]) => [name, localStorage.getItem(name) ?? first]));
    Object.assign(document.documentElement.dataset, set);
    chooseLayout();
    this.show(set);
  }
}
customElements.define("screen-settings", ScreenSettings);
