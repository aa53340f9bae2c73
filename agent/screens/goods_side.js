/** Beside the next thing in all work with goods: what is expected and how much of it is there, then what was counted. */
import "./check_cards.js";
import { Panel, h } from "./dom.js";
import "./live_weight.js";
import { showCurrent } from "./rows.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

const SHAPES = { open: "open", current: "current", done: "done", over: "ask" };

class GoodsLines extends Panel {
  /** @param {import("./station.js").Goods|null} goods */
  draw(goods) {
    if (!goods) return [];
    const { title, rows, hidden, counted } = goods;
    return [
      rows.length > 0 ? heading(rows[0], title) : null,
      rows.length > 0 ? h("ol", { class: "rows expected" }, ...rows.map(expectedRow)) : null,
      hidden > 0 ? h("p", { class: "quiet" }, say("more_rows", { n: hidden })) : null,
      counted.length > 0 ? h("h2", { class: "quiet" }, say("counted_so_far")) : null,
      counted.length > 0 ? h("ol", { class: "rows counted" }, ...counted.map(countedRow)) : null,
      rows.length + counted.length === 0 ? h("p", { class: "quiet" }, say("nothing_counted")) : null,
    ];
  }

  afterDraw() {
    showCurrent(this);
  }
}
customElements.define("goods-lines", GoodsLines);

/** @type {import("./work.js").Side} */
export const side = {
  label: "side_goods",
  parts: ["live-weight", "goods-lines", "check-cards"],
  isFull: ({ goods, checks }) => Boolean(goods || checks?.length),
  draw({ goods, checks, next }, weight) {
    /** @type {Panel} */ (document.querySelector("live-weight")).show(weight && next.do === "weigh" ? { weight, expected: null, kept: null } : null);
    /** @type {Panel} */ (document.querySelector("goods-lines")).show(goods ?? null);
    /** @type {Panel} */ (document.querySelector("check-cards")).show(checks ?? []);
  },
};

/**
 * What is in hand has a name only; what is expected is expected of something.
 * @param {import("./station.js").GoodsRow} first
 * @param {string} title
 */
function heading(first, title) {
  if (first.done === null) return h("h2", { class: "quiet", dir: "auto" }, title);
  return h("h2", { class: "quiet" }, say("expected"), " ", h("bdi", { class: "code" }, title));
}

/** @param {import("./station.js").GoodsRow} row */
function expectedRow({ sku, name, done, of, over, note, state }) {
  const count = done === null ? [h("b", {}, of)] : [h("b", {}, done), of === null ? "" : ` ${say("of", { n: of })}`];
  return h(
    "li",
    { class: `line ${state === "over" ? "short" : state}`, "aria-current": state === "current" },
    shape(SHAPES[state]),
    h("span", { class: "out-of-sight" }, `${say(`state_${state}`)}: `),
    what(sku, name, note ? [note] : []),
    h("span", { class: "count" }, ...count, Number(over) > 0 ? h("span", { class: "missing" }, say("so_many_over", { n: over })) : null),
  );
}

/** @param {import("./station.js").CountedRow} row */
function countedRow({ sku, name, qty, lot_id, expires_on, condition, location_id, container, serials, photo }) {
  const damaged = condition !== null && condition !== "good";
  const traits = [
    damaged && say("damaged"),
    lot_id && say("lot", { lot: lot_id }),
    expires_on && say("expires", { day: expires_on }),
    location_id,
    container,
    ...serials,
    photo && say("has_photo"),
  ];
  return h(
    "li",
    { class: damaged ? "line short" : "line done" },
    shape(damaged ? "short" : "done"),
    what(sku, name, traits.filter((each) => each)),
    h("span", { class: "count" }, h("b", {}, qty)),
  );
}

/**
 * @param {string} sku
 * @param {string} name
 * @param {(string|false|null)[]} traits
 */
function what(sku, name, traits) {
  return h(
    "span",
    { class: "what" },
    h("bdi", { class: "thing" }, name),
    h("span", { class: "quiet traits" }, h("code", {}, sku), ...traits.map((each) => h("bdi", {}, each || ""))),
  );
}
