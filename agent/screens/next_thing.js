/** The next thing: the largest words on the screen, and how far the work is. */
import { Panel, fit, h, sentence, svg, tell } from "./dom.js";
import { shape } from "./shapes.js";

class NextThing extends Panel {
  connectedCallback() {
    const again = () => requestAnimationFrame(() => this.#fitAll());
    const room = new ResizeObserver(again); // whatever takes or gives room changes what fits
    for (const around of ["station-strip", "answer-band", "action-bar"]) room.observe(document.querySelector(around));
    window.addEventListener("resize", again);
  }

  /** @param {{next: import("./station.js").Next, progress: any, quantity: import("./station.js").Action|null}} data */
  draw({ next, progress, quantity }) {
    this.dataset.do = next.do;
    const codeIsHeadline = next.code === next.headline;
    const codeIsTold = !next.code || `${next.headline} ${next.detail}`.includes(next.code);
    return [
      codeIsTold ? shape(next.do) : null,
      h("h1", { class: codeIsHeadline ? "headline code" : "headline", dir: "auto" }, h("span", { class: "words" }, next.headline)),
      codeIsTold ? null : h("p", { class: "tag" }, shape(next.do), h("code", {}, next.code)),
      next.detail ? h("p", { class: "detail", dir: "auto" }, ...sentence(next.detail)) : null,
      amount(this, next, quantity),
      progress ? howFar(progress) : null,
    ];
  }

  afterDraw() {
    this.#fitAll();
  }

  /** The largest steps at which the notices, or else the progress, or at least the amount stay in sight above the actions. */
  #fitAll() {
    const words = this.querySelector(".headline .words");
    const take = this.querySelector(".amount .words");
    const largest = largestFor(this, words.textContent);
    const mustShow = [...this.querySelectorAll(".detail, .amount")].pop() ?? words;
    const goals = [[document.querySelector("notice-list:not(:empty)"), 44], [this.querySelector(".how-far"), 44], [mustShow, 28]];
    this.classList.remove("tight");
    for (const [goal, smallest] of goals.filter(([each]) => each)) {
      for (const [step, amountStep] of pairs(smallest, largest)) {
        fit(words, { largest: step, smallest: 28, lines: step > 44 ? 2 : 3 });
        if (take) fit(take, { largest: amountStep, smallest: 28, lines: 2 });
        if (goal.getBoundingClientRect().bottom <= floorOf()) return;
      }
    }
    this.classList.add("tight");
  }
}
customElements.define("next-thing", NextThing);

/** 112 px only for a code or a word or two on a wide screen: a sentence that size is slower to read. */
function largestFor(panel, words) {
  if (document.body.dataset.mode !== "work") return panel.clientWidth < 500 ? 28 : 44;
  if (document.documentElement.dataset.layout === "zoomed") return 28;
  if (panel.dataset.do === "choose") return 44;
  if (words.length > 28) return 44;
  return words.length > 12 || panel.clientWidth < 500 ? 72 : 112;
}

/** Steps for headline and amount, largest first; the headline is never the smaller one. */
function pairs(smallest, largest) {
  const steps = [112, 72, 44, 28];
  return steps
    .filter((step) => step <= largest && step >= smallest)
    .flatMap((step) => steps.slice(1).filter((amountStep) => amountStep <= step).map((amountStep) => [step, amountStep]));
}

function floorOf() {
  const bar = document.querySelector("action-bar").getBoundingClientRect();
  return bar.height > 0 ? bar.top : window.innerHeight;
}

function amount(panel, next, quantity) {
  if (!next.amount) return null;
  const words = h("span", { class: "words", dir: "auto" }, next.amount);
  if (!quantity?.enabled) return h("p", { class: "amount" }, words);
  const press = () => tell(panel, "mode", { mode: "quantity", action: quantity });
  return h(
    "button",
    { type: "button", class: "amount", "data-key": "quantity", on: { click: press } },
    words,
    h("span", { class: "key-it", dir: "auto" }, shape("quantity"), quantity.label),
  );
}

function howFar({ id, done, of }) {
  const share = of > 0 ? Math.min(100, (100 * done) / of) : 0;
  return h(
    "div",
    { class: "how-far" },
    svg(
      "svg",
      { class: "bar", "aria-hidden": "true" },
      svg("rect", { class: "track", width: "100%", height: "100%", rx: 6 }),
      svg("rect", { class: "share", width: `${share}%`, height: "100%", rx: 6 }),
    ),
    h("p", {}, h("b", {}, `${done} of ${of}`), " done", id ? h("span", { class: "quiet" }, " · ", h("code", {}, id)) : null),
  );
}
