/** The packer's side: the parcel with rows that turn done, and what became of each label; the live weight beside it. */
import { actionButton } from "./actions.js";
import { Panel, h, sentence, tell } from "./dom.js";
import "./live_weight.js";
import { ROW_SHAPES, showCurrent, stateWord } from "./rows.js";
import { shape } from "./shapes.js";
import { has, say } from "./words.js";

/** @import {Label, OneParcel, OpenOrder, Package, Parcel, ParcelLine} from "./station.js" */

/** @type {Record<string, string>} */
const LABEL_SHAPES = {
  queued: "wait",
  ready: "wait",
  sending: "wait",
  sent: "wait",
  confirmed: "done",
  uncertain: "ask",
  failed_clean: "ask",
  expired: "ask",
  cancelled: "away",
  voided: "refused",
};

class ParcelPanel extends Panel {
  /** @param {Parcel|null} parcel */
  draw(parcel) {
    if (!parcel) return [];
    const { name, city, country } = parcel.ship_to;
    const parcels = parcel.parcels ?? [];
    const here = parcels.find((each) => each.to_close_now) ?? parcels.find((each) => each.scans_go_here);
    return [
      h(
        "header",
        {},
        h("h2", {}, h("code", {}, parcel.order_id)),
        h("p", { class: "ship-to", dir: "auto" }, [name, city, country].filter(Boolean).join(", ")),
        h("p", { class: `package ${parcel.package.state}` }, packageText(parcel.package)),
        ...boxWords(parcel, here),
        notes(parcel),
      ),
      parcels.length > 1 ? h("div", { class: "parcels", role: "group", "aria-label": say("parcels") }, ...parcels.map((each) => parcelChip(this, each))) : null,
      parcel.label_to_come ? labelToCome(parcel.label_to_come) : null,
      h("ol", { class: "rows" }, ...parcel.lines.map(row)),
    ];
  }

  afterDraw() {
    showCurrent(this);
  }
}
customElements.define("parcel-panel", ParcelPanel);

class OpenOrders extends Panel {
  /** @param {OpenOrder[]} orders those open at this station, where there are several */
  draw(orders) {
    if (orders.length < 2) return [];
    /** @param {OpenOrder} order */
    const chip = ({ fulfillment_id, order_id, tote, in_front }) => {
      const press = () => tell(this, "command", { name: "open", body: { id: fulfillment_id } });
      const words = in_front ? say("order_in_front") : tote && say("tote_of", { tote });
      return h(
        "button",
        { type: "button", class: "chip", "data-key": fulfillment_id, "aria-pressed": String(in_front), disabled: in_front, on: { click: press } },
        shape(in_front ? "current" : "open"),
        h("span", { class: "what" }, h("code", {}, order_id), words ? h("span", { class: "quiet" }, words) : null),
      );
    };
    return [h("h2", { class: "quiet" }, say("orders_open")), h("div", { class: "parcels" }, ...orders.map(chip))];
  }
}
customElements.define("open-orders", OpenOrders);

class LabelJobs extends Panel {
  /** @param {{labels: Label[], asked: string[]}} data `asked`: jobs whose questions stand as the way on already */
  draw({ labels, asked }) {
    const asking = labels.filter((label) => label.questions.length > 0);
    const others = labels.filter((label) => label.questions.length === 0);
    return [...asking, ...others].map((label, place) => card(this, label, { asks: !asked.includes(label.job_id), shown: place === 0 }));
  }
}
customElements.define("label-jobs", LabelJobs);

/** @param {ParcelLine} line */
function row({ sku, name, qty, packed, state }) {
  return h(
    "li",
    { class: `line ${state}`, "aria-current": state === "current" },
    shape(ROW_SHAPES[state] ?? "open"),
    h("span", { class: "out-of-sight" }, `${stateWord(state)}: `),
    h("span", { class: "what" }, h("bdi", { class: "thing" }, name), h("code", { class: "quiet" }, sku)),
    h("span", { class: "count" }, h("b", {}, packed), ` ${say("of", { n: qty })}`),
  );
}

/**
 * The box to take, until one is chosen; then the box, what it is filled up with, its size and its photo.
 * @param {Parcel} parcel
 * @param {OneParcel|undefined} here
 */
function boxWords(parcel, here) {
  const found = [here?.box, ...(here?.materials ?? []).map(({ material, qty }) => say("so_many_of", { n: qty, what: material })), here?.size, here?.photo ? say("photo_taken") : ""];
  const words = found.filter(Boolean);
  if (words.length > 0) return [h("p", { class: "package", dir: "auto" }, words.join(" · "))];
  return [
    parcel.carton?.carton_id ? h("p", { class: "note", dir: "auto" }, say("take_box", { carton: parcel.carton.name })) : null,
    parcel.carton?.note ? h("p", { class: "note", dir: "auto" }, parcel.carton.note) : null,
  ];
}

/**
 * What HQ said of the order, each read or still to be read.
 * @param {Parcel} parcel
 */
function notes(parcel) {
  const unread = new Set((parcel.to_confirm ?? []).map((note) => note.sentence));
  /** @param {string} words */
  const note = (words) =>
    h(
      "li",
      { class: unread.has(words) ? "ask" : "done" },
      shape(unread.has(words) ? "ask" : "done"),
      h("span", { class: "out-of-sight" }, say(unread.has(words) ? "note_unread" : "note_read"), ": "),
      h("span", { dir: "auto" }, words),
    );
  return parcel.notes?.length ? h("ul", { class: "notes" }, ...parcel.notes.map(note)) : null;
}

/**
 * @param {Panel} panel
 * @param {OneParcel} parcel
 */
function parcelChip(panel, { number, state, scans_go_here, to_close_now, weight_text, choose }) {
  const now = to_close_now ? "parcel_now" : scans_go_here ? "parcel_here" : null;
  const press = () => tell(panel, "command", { name: choose.do, body: choose.body });
  return h(
    "button",
    { type: "button", class: "chip", "data-key": `parcel ${number}`, "aria-pressed": String(now !== null), disabled: !choose.enabled, on: { click: press } },
    shape(state === "sealed" ? "done" : state === "voided" ? "away" : now ? "current" : "open"),
    h(
      "span",
      { class: "what" },
      h("b", {}, say("parcel_number", { n: number })),
      h("span", { class: "quiet" }, [now ? say(now) : say(`parcel_${state}`), weight_text].filter(Boolean).join(" · ")),
    ),
  );
}

/** @param {Package} open */
function packageText({ state, sscc }) {
  const words = say(`parcel_${state}`);
  return sscc ? h("span", {}, `${words} · `, h("code", {}, sscc)) : words;
}

/**
 * @param {Panel} panel
 * @param {Label} label
 * @param {{asks: boolean, shown: boolean}} how whether its questions stand here, and its picture
 */
function card(panel, label, { asks, shown }) {
  const { job_id, sscc, order_id, copy_no, state, sentence: words, questions, actions, picture } = label;
  const sign = LABEL_SHAPES[state] ?? "unknown";
  const name = [order_id, sscc, copy_no > 1 ? say("label_copy", { n: copy_no }) : ""].filter(Boolean).join(" · ");
  return h(
    "article",
    { class: `label-job ${sign}` },
    h("p", { class: "title" }, shape(sign), h("b", {}, has(`label_${state}`) ? say(`label_${state}`) : state), h("code", { class: "quiet" }, name)),
    words ? h("p", { dir: "auto" }, ...sentence(words)) : null,
    asks && questions.length > 0 ? h("div", { class: "row" }, ...questions.map((each) => questionButton(panel, job_id, each))) : null,
    picture && shown ? labelPicture(job_id, name) : null,
    actions.length === 0
      ? null
      : h(
          "details",
          {},
          h("summary", { "aria-label": say("more_for_label", { name }) }, say("more")),
          h("div", { class: "row" }, ...actions.map((action) => actionButton(panel, action, `${job_id} ${action.do}`, ""))),
        ),
  );
}

/**
 * @param {Panel} panel
 * @param {string} job_id
 * @param {{decision: string, label: string}} question
 */
function questionButton(panel, job_id, { decision, label }) {
  const press = () => tell(panel, "command", { name: "label-decision", body: { job_id, decision } });
  return h("button", { type: "button", dir: "auto", "data-key": `${job_id} ${decision}`, on: { click: press } }, label);
}

/**
 * The label as the station draws it, dot for dot; words where it has no picture any more.
 * @param {string} job_id
 * @param {string} name
 */
function labelPicture(job_id, name) {
  return pictureOf(`/v1/station/labels/${encodeURIComponent(job_id)}/preview.png`, say("label_picture", { name }));
}

/**
 * What the label will say, while it can still be mended.
 * @param {string} package_id
 */
function labelToCome(package_id) {
  const words = say("label_to_come");
  const picture = pictureOf(`/v1/station/packages/${encodeURIComponent(package_id)}/label.png`, words);
  return h("figure", { class: "label-to-come" }, picture, h("figcaption", { class: "quiet" }, words));
}

/**
 * @param {string} source
 * @param {string} words
 */
function pictureOf(source, words) {
  const picture = h("img", { class: "label-picture", src: source, alt: words });
  picture.addEventListener("error", () => picture.replaceWith(h("p", { class: "quiet" }, say("label_no_picture"))));
  return picture;
}
