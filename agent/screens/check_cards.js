/** The checks of quality control that are open, each with what can be said of it. */
import { actionButton } from "./actions.js";
import { Panel, h } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

class CheckCards extends Panel {
  /** @param {import("./station.js").Check[]} checks */
  draw(checks) {
    if (checks.length === 0) return [];
    return [h("h2", {}, say("open_checks")), ...checks.map((check) => card(this, check))];
  }
}
customElements.define("check-cards", CheckCards);

/**
 * @param {Panel} panel
 * @param {import("./station.js").Check} check
 */
function card(panel, { qc_id, title, sentence, actions }) {
  const buttons = actions.map((action, place) => actionButton(panel, action, `${qc_id} ${action.do} ${place}`, ""));
  return h(
    "article",
    { class: "label-job" },
    h("p", { class: "title" }, shape("open"), h("b", {}, h("code", {}, title))),
    h("p", { dir: "auto" }, sentence),
    h("div", { class: "row" }, ...buttons),
  );
}
