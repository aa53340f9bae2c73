/** Beside the packer's next thing: the weight, the open orders, the parcel, and what became of each label. */
import { part } from "./dom.js";
import "./parcel.js";

/** @type {import("./work.js").Side} */
export const side = {
  label: "side_pack",
  parts: ["live-weight", "open-orders", "parcel-panel", "label-jobs"],
  isFull: ({ parcel, labels }) => Boolean(parcel || labels?.length),
  draw({ parcel, labels, orders, actions }, weight) {
    const open = parcel?.package;
    const shown = weight && open && { weight, expected: open.expected_text, kept: open.weight_text };
    const asked = actions.filter((action) => action.do === "label-decision").map((action) => action.body.job_id);
    part("live-weight").show(shown || null);
    part("open-orders").show(orders ?? []);
    part("parcel-panel").show(parcel ?? null);
    part("label-jobs").show({ labels: labels ?? [], asked });
  },
};
