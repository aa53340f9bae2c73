/** IT's desk: everything of this machine at a glance, and the tools to mend it. */
import { Panel, h } from "../dom.js";
import { shape } from "../shapes.js";
import { say, speak, spoken } from "../words.js";
import { ask, isCarer, sentenceOf } from "./carer.js";
import "./it_carer.js";
import "./it_devices.js";
import "./it_lanes.js";
import { button } from "./it_parts.js";
import "./it_settings.js";

const EVERY_MS = 1000;
const AGES_EVERY_MS = 5000;
const WORDS = ["work", "desk"];

class ItHeader extends Panel {
  /** @param {{station: string, version: string, training: boolean, theme: string}} data */
  draw({ station, version, training, theme }) {
    const other = theme === "light" ? "dark" : "light";
    return [
      h("h1", {}, say("it_title", { station })),
      h("span", { class: "quiet" }, say("it_version", { version })),
      training ? h("b", { class: "training" }, shape("note"), say("training")) : "",
      h("nav", {}, h("a", { href: "/start" }, say("it_screens"))),
      button("theme", "", say(`theme_${other}`), () => this.#choose(other)),
    ];
  }

  /** @param {string} theme */
  #choose(theme) {
    localStorage.setItem("desk_theme", theme);
    document.documentElement.dataset.theme = theme;
    void refresh();
  }
}
customElements.define("it-header", ItHeader);

document.documentElement.dataset.theme = localStorage.getItem("desk_theme") ?? "light";

/** @param {string} name @returns {any} a panel of this page */
const panel = (name) => document.querySelector(name);

/** @param {string} words what the page has to say by itself; empty takes it away */
function band(words) {
  const silent = panel("#silent");
  silent.hidden = !words;
  for (const part of panel("main").children) part.inert = Boolean(words); // nothing that is pressed would be done
  silent.replaceChildren(...(words ? [shape("refused"), words] : []));
}

/** @param {import("./it_parts.js").ItView} view */
function show(view) {
  const minute = Math.floor(Date.now() / AGES_EVERY_MS);
  document.title = say("it_title", { station: view.station });
  panel("it-header").show({ station: view.station, version: view.version, training: view.training, theme: document.documentElement.dataset.theme });
  panel("it-problems").show({ problems: view.problems, minute });
  panel("it-lanes").show({ lanes: view.lanes, minute, second: view.lanes.some((lane) => lane.next_try_at) ? Date.now() : 0 });
  panel("it-store").show({ facts: view.facts, epoch: view.epoch, disk: roughly(view.disk), store: { ...view.store, backup_age_s: null }, identity: view.identity, minute });
  panel("it-devices").show(view.places, isCarer());
  panel("it-carer").refresh();
  panel("it-settings").refresh();
}

/** The disk without bytes that change at every look. @param {import("./it_parts.js").Disk} disk */
function roughly(disk) {
  return { ...disk, free_bytes: Math.round(disk.free_bytes / 1e8) * 1e8 };
}

async function refresh() {
  const reply = await ask("/v1/station/it");
  document.body.dataset.connected = String(reply?.status === 200);
  if (reply?.status === 200) {
    if (reply.body.language !== spoken()) await speak(reply.body.language, WORDS);
    show(reply.body);
  }
  band(reply?.status === 200 ? "" : sentenceOf(reply, say("it_silent")));
}

document.addEventListener("carer", () => void refresh());

document.addEventListener("tool", (event) => {
  const { device, tool } = /** @type {CustomEvent} */ (event).detail;
  const place = panel(`[data-device="${CSS.escape(device)}"] .tool`);
  const open = place.dataset.tool === tool;
  document.querySelectorAll(".tool").forEach((each) => {
    delete (/** @type {HTMLElement} */ (each).dataset.tool);
    each.replaceChildren();
  });
  if (open) return;
  place.dataset.tool = tool;
  const part = /** @type {any} */ (document.createElement(tool === "wire" ? "it-wire" : "it-doctor"));
  place.append(part);
  if (tool === "wire") part.watch(device);
  else part.examine(device);
});

document.addEventListener("device-act", async (event) => {
  const { device, act } = /** @type {CustomEvent} */ (event).detail;
  const place = panel(`[data-device="${CSS.escape(device)}"] .tool`);
  place.replaceChildren(h("p", { role: "status" }, shape("wait"), say("it_under_way")));
  const base = act === "test-print" ? "/v1/station/it/devices" : "/v1/station/devices";
  const reply = await ask(`${base}/${encodeURIComponent(device)}/${act}`, {});
  const well = reply?.status === 200;
  const words = well ? (reply.body.sentence ?? say("it_done")) : sentenceOf(reply, say("it_silent"));
  const sign = well ? (reply.body.proof === false ? "ask" : "done") : "refused";
  place.replaceChildren(h("p", { class: "outcome", role: "status", dir: "auto" }, shape(sign), words));
});

async function start() {
  await speak("en", WORDS);
  for (;;) {
    await refresh();
    await new Promise((wake) => setTimeout(wake, EVERY_MS));
  }
}

void start();
