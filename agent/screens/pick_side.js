/** Beside the picker's next thing: the whole list. */
import { part } from "./dom.js";
import "./pick_lines.js";

/** @type {import("./work.js").Side} */
export const side = {
  label: "side_pick",
  parts: ["pick-lines"],
  isFull: ({ picklist }) => Boolean(picklist),
  draw({ picklist }) {
    part("pick-lines").show(picklist ?? null);
  },
};
