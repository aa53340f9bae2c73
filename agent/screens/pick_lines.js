/** The lines of a picklist as rows, each with a shape for how it stands. */
import { Panel, h } from "./dom.js";
import { ROW_SHAPES, showCurrent, stateWord } from "./rows.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

class PickLines extends Panel {
  /** @param {import("./station.js").View["picklist"]} picklist */
  draw(picklist) {
    if (!picklist) return [];
    return [h("h2", { class: "quiet" }, say("whole_list")), h("ol", { class: "rows" }, ...picklist.lines.map(row))];
  }

  afterDraw() {
    showCurrent(this);
  }
}
customElements.define("pick-lines", PickLines);

/** @param {import("./station.js").PickLine} line */
function row({ location_id, name, sku, qty, picked, short, state }) {
  const missing = Number(short) > 0 ? h("span", { class: "missing" }, say("so_many_short", { n: short })) : null;
  return h(
    "li",
    { class: `line ${state}`, "aria-current": state === "current" },
    shape(ROW_SHAPES[state] ?? "open"),
    h("span", { class: "out-of-sight" }, `${stateWord(state)}: `),
    h("code", { class: "place" }, location_id),
    h("span", { class: "what" }, h("bdi", { class: "thing" }, name), h("code", { class: "quiet" }, sku)),
    h("span", { class: "count" }, h("b", {}, picked), ` ${say("of", { n: qty })}`, missing),
  );
}
