/** The packer's side: the parcel with rows that turn done, the live weight, and what became of each label. */
import { actionButton } from "./actions.js";
import { Panel, fit, h, sentence, tell } from "./dom.js";
import { STATES, showCurrent } from "./pick_lines.js";
import { shape } from "./shapes.js";

const WEIGHT_SHAPES = { stable: "good", moving: "moving", fault: "refused", away: "away" };
const WEIGHT_WORDS = { stable: "stable", moving: "moving, wait", fault: "fault", away: "scale away" };
const LABEL_LOOKS = {
  queued: ["wait", "waiting"],
  ready: ["wait", "ready to print"],
  sending: ["wait", "on its way"],
  sent: ["wait", "sent, not yet proved"],
  confirmed: ["done", "came out"],
  uncertain: ["ask", "not known"],
  failed_clean: ["ask", "did not come out"],
  expired: ["ask", "waited too long"],
  cancelled: ["away", "discarded"],
  voided: ["refused", "void"],
};
const PACKAGE_WORDS = { open: "open", weighed: "weighed", sealed: "sealed" };

class ParcelPanel extends Panel {
  draw(parcel) {
    if (!parcel) return [];
    const { name, city, country } = parcel.ship_to;
    return [
      h(
        "header",
        {},
        h("h2", {}, h("code", {}, parcel.order_id)),
        h("p", { class: "ship-to", dir: "auto" }, [name, city, country].filter(Boolean).join(", ")),
        h("p", { class: `package ${parcel.package.state}` }, packageText(parcel.package)),
        ...(parcel.notes ?? []).map((note) => h("p", { class: "note", dir: "auto" }, note)),
      ),
      h("ol", { class: "rows" }, ...parcel.lines.map(row)),
    ];
  }

  afterDraw() {
    showCurrent(this);
  }
}
customElements.define("parcel-panel", ParcelPanel);

class LiveWeight extends Panel {
  /** @param {{weight: import("./station.js").Weight, expected: string|null, kept: string|null}|null} data */
  draw(data) {
    this.hidden = data === null;
    if (data === null) return [];
    const { weight, expected, kept } = data;
    this.dataset.state = weight.state;
    const known = weight.state === "stable" || weight.state === "moving";
    return [
      h("p", { class: "reading" }, known ? weight.text : "No weight"),
      h("p", { class: "state" }, shape(WEIGHT_SHAPES[weight.state]), WEIGHT_WORDS[weight.state] ?? weight.state),
      weight.sentence ? h("p", { class: "sentence", dir: "auto" }, ...sentence(weight.sentence)) : null,
      expected ? h("p", { class: "expected" }, h("span", { class: "quiet" }, "expected "), expected) : null,
      kept ? h("p", { class: "expected" }, h("span", { class: "quiet" }, "kept "), kept) : null,
    ];
  }

  connectedCallback() {
    window.addEventListener("resize", () => requestAnimationFrame(() => this.afterDraw())); // once the layout is chosen
  }

  afterDraw() {
    const reading = this.querySelector(".reading");
    const known = this.dataset.state === "stable" || this.dataset.state === "moving";
    if (reading) fit(reading, { largest: known ? 112 : 44, smallest: 28, lines: 1 });
  }
}
customElements.define("live-weight", LiveWeight);

class LabelJobs extends Panel {
  /** @param {import("./station.js").Label[]} labels */
  draw(labels) {
    const asking = labels.filter((label) => label.questions.length > 0);
    const others = labels.filter((label) => label.questions.length === 0);
    return [...asking, ...others].map((label) => card(this, label));
  }
}
customElements.define("label-jobs", LabelJobs);

function row({ sku, name, qty, packed, state }) {
  const [sign, word] = STATES[state] ?? STATES.open;
  return h(
    "li",
    { class: `line ${state}`, "aria-current": state === "current" },
    shape(sign),
    h("span", { class: "out-of-sight" }, `${word}: `),
    h("span", { class: "what" }, h("bdi", { class: "thing" }, name), h("code", { class: "quiet" }, sku)),
    h("span", { class: "count" }, h("b", {}, packed), ` of ${qty}`),
  );
}

function packageText({ state, sscc }) {
  const words = `Parcel ${PACKAGE_WORDS[state] ?? state}`;
  return sscc ? h("span", {}, `${words} · `, h("code", {}, sscc)) : words;
}

function card(panel, { job_id, sscc, order_id, copy_no, state, sentence: words, questions, actions }) {
  const [sign, word] = LABEL_LOOKS[state] ?? ["unknown", state];
  const name = [order_id, sscc, copy_no > 1 ? `COPY ${copy_no}` : ""].filter(Boolean).join(" · ");
  const answer = (decision) => tell(panel, "command", { name: "label-decision", body: { job_id, decision } });
  return h(
    "article",
    { class: `label-job ${sign}` },
    h("p", { class: "title" }, shape(sign), h("b", {}, `Label ${word}`), h("code", { class: "quiet" }, name)),
    words ? h("p", { dir: "auto" }, ...sentence(words)) : null,
    questions.length === 0
      ? null
      : h(
          "div",
          { class: "row" },
          ...questions.map(({ decision, label }) =>
            h(
              "button",
              { type: "button", dir: "auto", "data-key": `${job_id} ${decision}`, on: { click: () => answer(decision) } },
              label,
            ),
          ),
        ),
    actions.length === 0
      ? null
      : h(
          "details",
          {},
          h("summary", { "aria-label": `More for label ${name}` }, "More"),
          h("div", { class: "row" }, ...actions.map((action) => actionButton(panel, action, `${job_id} ${action.do}`, ""))),
        ),
  );
}
