/** The next thing: the largest words on the screen, and how far the work is. */
import { Panel, fit, h, part, sentence, svg, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

/** @import {Action, Fact, Next, View} from "./station.js" */

class NextThing extends Panel {
  #room = new ResizeObserver(() => this.#again()); // whatever takes or gives room changes what fits

  connectedCallback() {
    const again = () => this.#again();
    for (const around of ["unsent-note", "held-note", "camera-eye", "station-strip", "answer-band", "action-bar"]) this.#room.observe(part(around));
    window.addEventListener("resize", again);
  }

  /** @param {{next: Next, progress: View["progress"], quantity: Action|null}} data */
  draw({ next, progress, quantity }) {
    this.dataset.do = next.do;
    const codeIsHeadline = next.code === next.headline;
    const codeIsTold = !next.code || `${next.headline} ${next.detail}`.includes(next.code);
    const headline = h("h1", { class: codeIsHeadline ? "headline code" : "headline", dir: "auto" }, h("span", { class: "words" }, next.headline));
    return [
      codeIsTold && !next.picture ? shape(next.do) : null,
      next.picture ? h("div", { class: "seen" }, picture(next), headline) : headline,
      codeIsTold ? null : h("p", { class: "tag" }, shape(next.do), h("code", {}, next.code)),
      next.detail ? h("p", { class: "detail", dir: "auto" }, ...sentence(next.detail)) : null,
      amount(this, next, quantity),
      next.facts?.length ? h("dl", { class: "facts" }, ...next.facts.map(fact)) : null,
      progress ? howFar(progress) : null,
    ];
  }

  afterDraw() {
    const scale = document.querySelector("live-weight");
    if (scale) this.#room.observe(scale);
    this.#fitAll();
  }

  #again() {
    requestAnimationFrame(() => this.#fitAll());
  }

  /** The largest steps at which the notices, or else the progress, or at least the amount stay in sight above the actions. */
  #fitAll() {
    const words = part("next-thing .headline .words");
    /** @type {HTMLElement|null} */
    const take = this.querySelector(".amount .words");
    const largest = largestFor(this, words.textContent ?? "");
    const mustShow = [...this.querySelectorAll(".detail, .amount, .facts")].pop() ?? words;
    const beside = document.documentElement.dataset.layout === "handheld" && this.dataset.do === "weigh";
    const tiles = document.querySelector("choice-list:has(.small)");
    const scale = beside ? document.querySelector("live-weight:not([hidden])") : null;
    /** @type {[Element|null, number][]} */
    const goals = [
      [tiles, 28],
      [scale, 28],
      [document.querySelector("notice-list:not(:empty)"), 44],
      [this.querySelector(".how-far"), 44],
      [mustShow, 28],
    ];
    this.classList.remove("tight");
    for (const [goal, smallest] of goals) {
      if (!goal?.checkVisibility()) continue;
      for (const [step, amountStep] of pairs(smallest, largest)) {
        fit(words, { largest: step, smallest: 28, lines: step > 44 ? 2 : 3 });
        if (take) fit(take, { largest: amountStep, smallest: 28, lines: 2 });
        if (goal.getBoundingClientRect().bottom <= floorOf()) return;
      }
      if (goal === tiles) break; // what is touched for every unit comes before large words
    }
    this.classList.add("tight");
  }
}
customElements.define("next-thing", NextThing);

/**
 * 112 px only for a code or a word or two on a wide screen: a sentence that size is slower to read.
 * @param {Panel} panel
 * @param {string} words
 */
function largestFor(panel, words) {
  if (document.body.dataset.mode !== "work") return panel.clientWidth < 500 ? 28 : 44;
  if (document.documentElement.dataset.layout === "zoomed") return 28;
  if (panel.dataset.do === "choose") return 44;
  if (words.length > 28) return 44;
  return words.length > 12 || panel.clientWidth < 500 ? 72 : 112;
}

/**
 * Steps for headline and amount, largest first; the headline is never the smaller one.
 * @param {number} smallest
 * @param {number} largest
 */
function pairs(smallest, largest) {
  const steps = [112, 72, 44, 28];
  return steps
    .filter((step) => step <= largest && step >= smallest)
    .flatMap((step) => steps.slice(1).filter((amountStep) => amountStep <= step).map((amountStep) => [step, amountStep]));
}

function floorOf() {
  const bar = part("action-bar").getBoundingClientRect();
  return bar.height > 0 ? bar.top : window.innerHeight;
}

/**
 * What the item looks like; its name stands beside it.
 * @param {Next} next
 */
function picture({ code }) {
  return h("img", { class: "picture", src: `/v1/station/pictures/${encodeURIComponent(code)}`, alt: "" });
}

/** @param {Fact} fact something to compare the goods with */
function fact({ label, value, code }) {
  return h("div", {}, h("dt", { dir: "auto" }, label), h("dd", {}, h(code ? "code" : "bdi", {}, value)));
}

/**
 * @param {Panel} panel
 * @param {Next} next
 * @param {Action|null} quantity
 */
function amount(panel, next, quantity) {
  if (!next.amount) return null;
  const words = h("span", { class: "words", dir: "auto" }, next.amount);
  if (!quantity?.enabled) return h("p", { class: "amount" }, words);
  const press = () => tell(panel, "mode", { mode: "pad", action: quantity });
  return h(
    "button",
    { type: "button", class: "amount", "data-key": "quantity", on: { click: press } },
    words,
    h("span", { class: "key-it", dir: "auto" }, shape("quantity"), quantity.label),
  );
}

/** @param {NonNullable<View["progress"]>} progress */
function howFar({ id, done, of }) {
  const share = Number(of) > 0 ? Math.min(100, (100 * Number(done)) / Number(of)) : 0;
  return h(
    "div",
    { class: "how-far" },
    svg(
      "svg",
      { class: "bar", "aria-hidden": "true" },
      svg("rect", { class: "track", width: "100%", height: "100%", rx: 6 }),
      svg("rect", { class: "share", width: `${share}%`, height: "100%", rx: 6 }),
    ),
    h("p", {}, h("b", {}, say("done_of", { done, of })), id ? h("span", { class: "quiet" }, " · ", h("code", {}, id)) : null),
  );
}
