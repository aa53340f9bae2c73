/** The last bytes on a wire, live: when, which way, as hex and as text. */
import { Panel, h } from "../dom.js";
import { say } from "../words.js";
import { ask, sentenceOf } from "./carer.js";

const EVERY_MS = 500;

/** @typedef {{way: "in"|"out"|"note", age_ms: number, hex: string, text: string, bytes: number}} Chunk */

class ItWire extends Panel {
  #timer = 0;
  #device = "";

  /** @param {string} device */
  watch(device) {
    this.#device = device;
    void this.#look();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#device = "";
  }

  /** @param {{chunks: Chunk[], refusal: string}} data */
  draw({ chunks, refusal }) {
    if (refusal) return [h("p", { class: "what", role: "alert" }, refusal)];
    if (chunks.length === 0) return [h("p", {}, say("it_wire_quiet"))];
    const head = ["it_wire_age", "it_wire_way", "it_wire_text", "it_wire_hex"].map((key) => h("th", { scope: "col" }, say(key)));
    return [
      h("p", { class: "quiet" }, say("it_wire_newest")),
      h("table", { class: "wire" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...chunks.map(chunkRow).reverse())),
    ];
  }

  async #look() {
    const device = this.#device;
    const reply = await ask(`/v1/station/it/devices/${encodeURIComponent(device)}/bytes`);
    if (device !== this.#device) return;
    if (reply?.status === 200) this.show({ chunks: reply.body.chunks, refusal: "" });
    else this.show({ chunks: [], refusal: sentenceOf(reply, say("it_silent")) });
    this.#timer = setTimeout(() => this.#look(), EVERY_MS);
  }
}
customElements.define("it-wire", ItWire);

/** @param {Chunk} chunk */
function chunkRow({ way, age_ms, hex, text, bytes }) {
  const more = hex.length && bytes > hex.split(" ").length ? say("it_wire_of", { n: bytes }) : "";
  return h(
    "tr",
    { class: way },
    h("td", {}, say("it_seconds_ago", { n: (age_ms / 1000).toFixed(1) })),
    h("td", {}, say(`it_way_${way}`)),
    h("td", {}, h("code", {}, text)),
    h("td", {}, h("code", {}, hex), more ? h("span", { class: "quiet" }, ` ${more}`) : null),
  );
}
