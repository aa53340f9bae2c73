/** The doctor: finds out step by step, with the person at the device, what is wrong with it. */
import { h } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { ask, listen, sentenceOf } from "./carer.js";

/** @typedef {{said?: string, asked?: string, verdict?: string, sentence?: string, next_step?: string}} Line */

class ItDoctor extends HTMLElement {
  #stop = new AbortController();
  #path = "";
  #log = h("ol", { class: "doctor", "aria-live": "polite" });

  /** @param {string} device */
  examine(device) {
    this.#path = `/v1/station/it/devices/${encodeURIComponent(device)}/doctor`;
    this.replaceChildren(this.#log);
    void this.#run();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  async #run() {
    const why = await listen(this.#path, (line) => this.#take(line), this.#stop.signal);
    if (why) this.#add("refused", why === "away" ? say("it_silent") : why);
  }

  /** @param {Line} line */
  #take(line) {
    if (line.verdict) {
      this.#add(line.verdict === "fine" ? "done" : "ask", `${line.sentence} ${line.next_step}`.trim(), "verdict");
    } else if (line.asked) {
      this.#ask(line.asked);
    } else if (line.said) {
      this.#add("note", line.said);
    }
  }

  /** @param {string} sign @param {string} words @param {string} [look] */
  #add(sign, words, look = "") {
    this.#log.append(h("li", { class: look }, shape(sign), h("span", { dir: "auto" }, words)));
  }

  /** @param {string} question */
  #ask(question) {
    const field = /** @type {HTMLInputElement} */ (h("input", { type: "text", autocomplete: "off", maxlength: 80, "aria-label": say("it_answer") }));
    const form = h("form", {}, field, h("button", { type: "submit", class: "primary" }, say("it_go_on")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      form.remove();
      const reply = await ask(`${this.#path}/answer`, { answer: field.value });
      if (reply?.status !== 200) this.#add("refused", sentenceOf(reply, say("it_silent")));
    });
    this.#log.append(h("li", {}, shape("ask"), h("span", { dir: "auto" }, question), form));
    field.focus();
  }
}
customElements.define("it-doctor", ItDoctor);
