/** The packer's screen. */
import "./parcel.js";
import { startWorkScreen } from "./work_screen.js";

startWorkScreen("pack", {
  isFull: ({ parcel, labels }) => Boolean(parcel || labels?.length),
  draw({ parcel, labels }, weight) {
    const open = parcel?.package;
    const shown = weight && parcel && { weight, expected: open.expected_text, kept: open.weight_text };
    document.querySelector("live-weight").show(shown || null);
    document.querySelector("parcel-panel").show(parcel ?? null);
    document.querySelector("label-jobs").show(labels ?? []);
  },
});
