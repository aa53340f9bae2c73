/** The lines of a picklist as rows, each with a shape for how it stands. */
import { Panel, h } from "./dom.js";
import { shape } from "./shapes.js";

export const STATES = {
  open: ["open", "to do"],
  current: ["current", "now"],
  done: ["done", "done"],
  short: ["short", "short"],
  skipped: ["skipped", "skipped, comes again"],
};

class PickLines extends Panel {
  /** @param {import("./station.js").View["picklist"]} picklist */
  draw(picklist) {
    if (!picklist) return [];
    return [h("h2", { class: "quiet" }, "The whole list"), h("ol", { class: "rows" }, ...picklist.lines.map(row))];
  }

  afterDraw() {
    showCurrent(this);
  }
}
customElements.define("pick-lines", PickLines);

/** Scroll the row of now into its list, never the page. */
export function showCurrent(panel) {
  const row = panel.querySelector('[aria-current="true"]');
  const list = row?.parentElement;
  if (list) list.scrollTop = row.offsetTop - list.offsetTop - row.offsetHeight;
}

function row({ location_id, name, sku, qty, picked, short, state }) {
  const [sign, word] = STATES[state] ?? STATES.open;
  const missing = Number(short) > 0 ? h("span", { class: "missing" }, `${short} short`) : null;
  return h(
    "li",
    { class: `line ${state}`, "aria-current": state === "current" },
    shape(sign),
    h("span", { class: "out-of-sight" }, `${word}: `),
    h("code", { class: "place" }, location_id),
    h("span", { class: "what" }, h("bdi", { class: "thing" }, name), h("code", { class: "quiet" }, sku)),
    h("span", { class: "count" }, h("b", {}, picked), ` of ${qty}`, missing),
  );
}
