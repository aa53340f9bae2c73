/** What the scale says now, as the largest number of its side. */
import { Panel, fit, h, sentence } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

/** @import {Weight} from "./station.js" */

const WEIGHT_SHAPES = { stable: "good", moving: "moving", fault: "refused", away: "away" };

class LiveWeight extends Panel {
  /** @param {{weight: Weight, expected: string|null, kept: string|null}|null} data */
  draw(data) {
    this.hidden = data === null;
    if (data === null) return [];
    const { weight, expected, kept } = data;
    this.dataset.state = weight.state;
    const known = weight.state === "stable" || weight.state === "moving";
    return [
      h("p", { class: "reading" }, known ? h("bdi", {}, weight.text) : say("no_weight")),
      h("p", { class: "state" }, shape(WEIGHT_SHAPES[weight.state]), say(`weight_${weight.state}`)),
      weight.sentence ? h("p", { class: "sentence", dir: "auto" }, ...sentence(weight.sentence)) : null,
      expected ? h("p", { class: "expected" }, h("span", { class: "quiet" }, say("weight_expected"), " "), h("bdi", {}, expected)) : null,
      kept ? h("p", { class: "expected" }, h("span", { class: "quiet" }, say("weight_kept"), " "), h("bdi", {}, kept)) : null,
    ];
  }

  connectedCallback() {
    window.addEventListener("resize", () => requestAnimationFrame(() => this.afterDraw())); // once the layout is chosen
  }

  afterDraw() {
    /** @type {HTMLElement|null} */
    const reading = this.querySelector(".reading");
    const known = this.dataset.state === "stable" || this.dataset.state === "moving";
    if (reading) fit(reading, { largest: known ? 112 : 44, smallest: 28, lines: 1 });
  }
}
customElements.define("live-weight", LiveWeight);
