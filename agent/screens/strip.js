/** The strip: who works here on what, how each device and HQ stand. Word and shape, never colour alone. */
import { Panel, h, sentence, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { age, say, whole } from "./words.js";

/** @import {Action, Device, Lane, View} from "./station.js" */

/** @type {Record<string, string>} */
const LANE_SHAPES = { reachable: "good", unreachable: "away", paused: "paused", unknown: "unknown" };

class StationStrip extends Panel {
  /** @param {{view: View, now: number, soundOff: boolean, camera: boolean}} data */
  draw({ view, now, soundOff, camera }) {
    const out = view.actions.find((action) => action.do === "sign-out");
    return [
      h("div", { class: "who" }, who(view), training(view)),
      h(
        "ul",
        { class: "standing", "aria-label": say("devices_and_hq") },
        ...view.devices.map(device),
        ...view.lanes.map((each) => lane(each, view.lanes.length, now)),
        soundOff ? h("li", { class: "stands ask" }, shape("ask"), say("sound_off")) : null,
      ),
      "BarcodeDetector" in window ? cameraButton(this, camera) : null,
      out && view.worker ? signOut(this, out) : null,
    ];
  }
}
customElements.define("station-strip", StationStrip);

class NoticeList extends Panel {
  /** What works without HQ is looked up by who wants to know it, and stays open while the figures change. */
  #open = false;

  /**
   * What is away or wrong, as sentences; drawn where it never pushes the next thing off the screen.
   * @param {{view: Pick<View, "lanes"|"devices"|"problems">}} data
   */
  draw({ view }) {
    const lanes = view.lanes.filter((each) => each.state !== "reachable");
    const devices = view.devices.filter((each) => each.state !== "ready");
    const once = new Map([...view.problems, ...devices].map((each) => [each.sentence, each.next_step]));
    return [
      ...[...once].map(([words, step]) =>
        h("p", { class: "notice ask" }, shape("ask"), h("span", { dir: "auto" }, ...sentence(step ? `${words} ${step}` : words))),
      ),
      ...lanes.filter((each) => each.sentence).map((each) => this.#away(each)),
    ];
  }

  /** @param {Lane} lane one that cannot be used now: what is certain, and behind a touch until when what may be done */
  #away({ lane: name, sentence: words, offline }) {
    const keep = (/** @type {any} */ { target }) => (this.#open = target.open);
    return h(
      "details",
      { class: "notice note", open: this.#open, on: { toggle: keep } },
      h("summary", { "data-key": `offline ${name}` }, shape("note"), h("span", { dir: "auto" }, ...sentence(words))),
      ...offline.map((each) => h("p", { dir: "auto" }, ...sentence(each))),
    );
  }
}
customElements.define("notice-list", NoticeList);

/** @param {View} view */
function who({ worker, progress, picklist, parcel, station }) {
  const on = picklist?.picklist_id ?? parcel?.order_id ?? progress?.id;
  return h(
    "p",
    { class: "name" },
    h("bdi", {}, worker ? worker.name : say("not_signed_in")),
    h("span", { class: "quiet" }, " · "),
    on ? h("code", {}, on) : h("bdi", { class: "quiet" }, station),
  );
}

/**
 * @param {Panel} panel
 * @param {boolean} isOn
 */
function cameraButton(panel, isOn) {
  return h(
    "button",
    { type: "button", class: "camera", "data-key": "camera", "aria-pressed": String(isOn), "aria-label": say(isOn ? "camera_off" : "camera"), on: { click: () => tell(panel, "camera", {}) } },
    shape("camera"),
  );
}

/** @param {View} view */
function training(view) {
  return view.training ? h("p", { class: "training" }, say("training")) : null;
}

/** @param {Device} device */
function device({ name, state }) {
  const ready = state === "ready";
  return h("li", { class: `stands ${ready ? "good" : "gone"}` }, shape(ready ? "good" : "away"), ready ? name : say("device_away", { name }));
}

/**
 * @param {Lane} lane
 * @param {number} lanes how many there are
 * @param {number} now
 */
function lane({ lane: name, state, unsent, oldest_unsent_at, parked }, lanes, now) {
  const title = [say("hq"), lanes > 1 ? name : "", state === "reachable" ? "" : say(`lane_${state}`)].filter(Boolean).join(" ");
  const facts = [
    unsent ? say("facts_unsent", { n: unsent }) : "",
    unsent && oldest_unsent_at ? say("oldest", { age: age(oldest_unsent_at, now) }) : "",
    parked ? say("facts_parked", { n: parked }) : "",
  ].filter(Boolean);
  const look = state === "reachable" ? "good" : "note";
  const words = [title, ...facts].map(whole);
  return h("li", { class: `stands ${look}` }, shape(LANE_SHAPES[state] ?? "unknown"), words.join(" · "));
}

/**
 * @param {Panel} panel
 * @param {Action} action
 */
function signOut(panel, { label, enabled }) {
  const press = () => tell(panel, "command", { name: "sign-out", body: {} });
  return h(
    "button",
    { type: "button", class: "sign-out", disabled: !enabled, "data-key": "sign-out", "aria-label": label, on: { click: press } },
    shape("sign-out"),
    h("span", { class: "word", dir: "auto" }, label),
  );
}
