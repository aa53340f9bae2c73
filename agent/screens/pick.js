/** The picker's screen. */
import "./pick_lines.js";
import { startWorkScreen } from "./work_screen.js";

startWorkScreen("pick", {
  isFull: ({ picklist }) => Boolean(picklist),
  draw({ picklist }) {
    document.querySelector("pick-lines").show(picklist ?? null);
  },
});
