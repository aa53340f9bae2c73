/** The devices as they are plugged in: each workplace with what hangs on it, and what can be done with each. */
import { Panel, h, sentence, tell } from "../dom.js";
import { say } from "../words.js";
import { ago, button, stateMark, worded } from "./it_parts.js";
import "./it_doctor.js";
import "./it_wire.js";

const PRINTERS = new Set(["printer", "receipt_printer"]);

class ItDevices extends HTMLElement {
  /** @type {import("./it_parts.js").ItPlace[]} */
  #places = [];
  #carer = false;

  /** @param {import("./it_parts.js").ItPlace[]} places @param {boolean} carer */
  show(places, carer) {
    const sameShape = JSON.stringify(names(places)) === JSON.stringify(names(this.#places)) && carer === this.#carer;
    this.#places = places;
    this.#carer = carer;
    if (!sameShape || this.childElementCount === 0) this.#build();
    for (const device of places.flatMap((place) => place.devices)) {
      const card = this.querySelector(`[data-device="${CSS.escape(device.name)}"] it-device`);
      /** @type {Panel} */ (card).show({ ...device, carer, minute: Math.floor(Date.now() / 10_000) });
    }
  }

  #build() {
    const places = this.#places.map(({ workplace, work, devices }) =>
      h(
        "section",
        { class: "place", "data-place": workplace },
        h("h3", {}, workplace ? h("bdi", {}, workplace) : say("it_no_place"), h("span", { class: "quiet" }, work ? worded("title", work) : "")),
        devices.length ? h("ul", {}, ...devices.map(row)) : h("p", { class: "quiet" }, say("it_no_devices")),
      ),
    );
    this.replaceChildren(h("h2", {}, say("it_devices")), ...places);
  }
}
customElements.define("it-devices", ItDevices);

/** @param {import("./it_parts.js").ItPlace[]} places */
function names(places) {
  return places.map((place) => [place.workplace, place.devices.map((device) => device.name)]);
}

/** @param {import("./it_parts.js").ItDevice} device */
function row({ name }) {
  return h("li", { class: "card", "data-device": name }, document.createElement("it-device"), h("div", { class: "tool" }));
}

class ItDevice extends Panel {
  /** @param {import("./it_parts.js").ItDevice & {carer: boolean}} device */
  draw(device) {
    return [
      h("h4", {}, h("bdi", {}, device.name), stateMark(device.state, worded("it_device", device.state))),
      h("p", { class: "plug" }, h("span", { class: "quiet" }, `${worded("it_kind", device.kind)} · ${device.driver}`), h("code", {}, device.wire)),
      device.state === "ready" && !device.next_step
        ? null
        : h("p", { class: "what", dir: "auto" }, ...sentence(`${device.sentence} ${device.next_step}`.trim())),
      PRINTERS.has(device.kind) ? null : h("p", { class: "last" }, ...lastWords(device.last)),
      device.carer ? h("div", { class: "acts" }, ...this.#acts(device)) : null,
    ].filter((each) => each !== null);
  }

  /** @param {import("./it_parts.js").ItDevice} device */
  #acts({ name, kind, commands }) {
    const open = (/** @type {string} */ tool) => () => tell(this, "tool", { device: name, tool });
    const act = (/** @type {string} */ what) => () => tell(this, "device-act", { device: name, act: what });
    return [
      button(`wire ${name}`, "choose", say("it_watch"), open("wire")),
      button(`doctor ${name}`, "ask", say("it_doctor"), open("doctor")),
      PRINTERS.has(kind) ? button(`print ${name}`, "label", say("it_test_print"), act("test-print")) : null,
      commands.includes("zero") ? button(`zero ${name}`, "weigh", say("it_zero"), act("zero")) : null,
      kind === "scanner" ? h("a", { class: "button", href: "/v1/station/it/sheet", target: "_blank", "data-key": `sheet ${name}` }, say("it_sheet")) : null,
    ].filter((each) => each !== null);
  }
}
customElements.define("it-device", ItDevice);

/** @param {import("./it_parts.js").LastReading|null} last @returns {(Node|string)[]} */
function lastWords(last) {
  if (last === null) return [h("span", { class: "quiet" }, say("it_no_reading"))];
  const when = h("span", { class: "quiet" }, ` · ${ago(last.at, "")}`);
  if (last.kind === "weight") return [h("b", {}, last.text), when];
  if (last.kind === "scan") return [h("b", {}, say("it_code_of", { n: last.characters })), last.symbology ? h("code", {}, ` ${last.symbology}`) : "", when];
  return [h("b", {}, say("it_not_understood")), h("span", {}, ` ${last.text}`), when];
}
