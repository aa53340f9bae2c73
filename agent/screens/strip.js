/** The strip: who works here on what, how each device and HQ stand. Word and shape, never colour alone. */
import { Panel, h, sentence, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { age, whole } from "./words.js";

const LANE_SHAPES = { reachable: "good", unreachable: "away", paused: "paused", unknown: "unknown" };
const LANE_WORDS = { reachable: "", unreachable: "away", paused: "paused", unknown: "not known yet" };

class StationStrip extends Panel {
  /** @param {{view: import("./station.js").View, now: number, soundOff: boolean}} data */
  draw({ view, now, soundOff }) {
    const out = view.actions.find((action) => action.do === "sign-out");
    return [
      h("div", { class: "who" }, who(view), training(view)),
      h(
        "ul",
        { class: "standing", "aria-label": "Devices and HQ" },
        ...view.devices.map(device),
        ...view.lanes.map((each) => lane(each, view.lanes.length, now)),
        soundOff ? h("li", { class: "stands ask" }, shape("ask"), "sound off: touch the screen") : null,
      ),
      out && view.worker ? signOut(this, out) : null,
    ];
  }
}
customElements.define("station-strip", StationStrip);

class NoticeList extends Panel {
  /** What is away or wrong, as sentences; drawn where it never pushes the next thing off the screen. */
  draw({ view }) {
    const lanes = view.lanes.filter((each) => each.state !== "reachable");
    const devices = view.devices.filter((each) => each.state !== "ready");
    const all = [
      ...view.problems.map((problem) => ["ask", problem.sentence, problem.next_step]),
      ...devices.map((each) => ["ask", each.sentence, each.next_step]),
      ...lanes.map((each) => ["note", each.sentence, ""]),
    ];
    const once = new Map(all.map((notice) => [notice[1], notice]));
    return [...once.values()].map(([meaning, words, step]) =>
      h("p", { class: `notice ${meaning}` }, shape(meaning), h("span", { dir: "auto" }, ...sentence(step ? `${words} ${step}` : words))),
    );
  }
}
customElements.define("notice-list", NoticeList);

function who({ worker, progress, picklist, parcel, station }) {
  const on = picklist?.picklist_id ?? parcel?.order_id ?? progress?.id;
  return h(
    "p",
    { class: "name" },
    h("bdi", {}, worker ? worker.name : "Not signed in"),
    h("span", { class: "quiet" }, " · "),
    on ? h("code", {}, on) : h("bdi", { class: "quiet" }, station),
  );
}

function training(view) {
  return view.training ? h("p", { class: "training" }, "Training · not real work") : null;
}

function device({ name, state }) {
  const ready = state === "ready";
  return h("li", { class: `stands ${ready ? "good" : "gone"}` }, shape(ready ? "good" : "away"), ready ? name : `${name} away`);
}

function lane({ lane: name, state, unsent, oldest_unsent_at, parked }, lanes, now) {
  const title = ["HQ", lanes > 1 ? name : "", LANE_WORDS[state] ?? state].filter(Boolean).join(" ");
  const facts = [
    unsent ? `${unsent} unsent` : "",
    unsent && oldest_unsent_at ? `oldest ${age(oldest_unsent_at, now)}` : "",
    parked ? `${parked} parked` : "",
  ].filter(Boolean);
  const look = state === "reachable" ? "good" : "note";
  const words = [title, ...facts].map(whole);
  return h("li", { class: `stands ${look}` }, shape(LANE_SHAPES[state] ?? "unknown"), words.join(" · "));
}

function signOut(panel, { label, enabled }) {
  const press = () => tell(panel, "command", { name: "sign-out", body: {} });
  return h(
    "button",
    { type: "button", class: "sign-out", disabled: !enabled, "data-key": "sign-out", "aria-label": label, on: { click: press } },
    shape("sign-out"),
    h("span", { class: "word", dir: "auto" }, label),
  );
}
