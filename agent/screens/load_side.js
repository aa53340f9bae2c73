/** Beside the loader's next thing: the parcels that are still to come, then those on board. */
import { Panel, h, part } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

class ParcelsOnBoard extends Panel {
  /** @param {import("./station.js").View["manifest"]} manifest */
  draw(manifest) {
    if (!manifest) return [];
    const { missing, more_missing, loaded } = manifest;
    return [
      missing.length > 0 ? h("h2", {}, say("missing_first", { n: missing.length + more_missing })) : null,
      missing.length > 0 ? h("ol", { class: "rows" }, ...missing.map((each) => row(each, "open"))) : null,
      more_missing > 0 ? h("p", { class: "quiet" }, say("more_rows", { n: more_missing })) : null,
      loaded.length > 0 ? h("h2", { class: "quiet" }, say("loaded_so_far", { n: loaded.length })) : null,
      loaded.length > 0 ? h("ol", { class: "rows" }, ...loaded.map((each) => row(each, "done"))) : null,
    ];
  }
}
customElements.define("parcels-on-board", ParcelsOnBoard);

/** @type {import("./work.js").Side} */
export const side = {
  label: "side_load",
  parts: ["parcels-on-board"],
  isFull: ({ manifest }) => Boolean(manifest),
  draw({ manifest }) {
    part("parcels-on-board").show(manifest ?? null);
  },
};

/**
 * @param {import("./station.js").OnBoard} parcel
 * @param {"open"|"done"} state
 */
function row({ order_id, sscc, package_id }, state) {
  return h(
    "li",
    { class: `line ${state}` },
    shape(state),
    h("span", { class: "out-of-sight" }, say(state === "done" ? "on_board" : "to_come")),
    h("span", { class: "what" }, h("bdi", { class: "thing" }, order_id), h("code", { class: "quiet" }, sscc || package_id)),
  );
}
