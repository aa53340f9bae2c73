/** The answer band: the last thing, full width, coloured, with a shape; it stays until the next thing happens. */
import { Panel, h, sentence, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { age, command, say } from "./words.js";

/** @type {Record<string, string>} */
const MEANING = { counted: "done", line_done: "done", list_done: "done", refused: "refused", ask: "ask", note: "note" };
const LONG = 80;
const REMEMBERED = 100;

class AnswerBand extends Panel {
  /** @param {{tone: string, text: string}|null} answer */
  draw(answer) {
    const meaning = answer ? (MEANING[answer.tone] ?? "note") : "none";
    this.dataset.meaning = meaning;
    this.dataset.tone = answer?.tone ?? "";
    const text = answer?.text ?? say("nothing_yet");
    this.classList.toggle("long", text.length > LONG);
    return [answer ? shape(meaning) : null, h("p", { dir: "auto" }, ...sentence(text))];
  }
}
customElements.define("answer-band", AnswerBand);

class UnsentNote extends Panel {
  /** @param {{waiting: {name: string, body: any}[]}} data commands the station has not answered */
  draw({ waiting }) {
    if (waiting.length === 0) return [];
    const [{ name, body }, ...others] = waiting;
    const what = command(name, body);
    const words = others.length > 0 ? say("unsent_more", { what, n: others.length }) : say("unsent", { what });
    return [shape("wait"), h("p", {}, words)];
  }
}
customElements.define("unsent-note", UnsentNote);

class HeldNote extends Panel {
  /** @param {{held: import("./commands.js").Waiting[], worker: string|null}} data what a person has to decide about before it is sent */
  draw({ held, worker }) {
    if (held.length === 0) return [];
    const [{ name, body, by, at }] = held;
    const isTheirs = by?.worker === worker;
    const told = { what: command(name, body), n: held.length - 1, who: by?.name || say("not_signed_in"), age: age(new Date(at).toISOString(), Date.now()) };
    const words = say(isTheirs ? "held" : "held_of_other", { ...told, what: held.length > 1 ? say("what_and_more", told) : told.what });
    /**
     * @param {string} key
     * @param {boolean} again
     * @param {string} sign
     */
    const button = (key, again, sign) =>
      h("button", { type: "button", "data-key": key, on: { click: () => tell(this, "held", { again }) } }, shape(sign), say(key));
    return [shape("ask"), h("p", { dir: "auto" }, ...sentence(words)), h("div", { class: "row" }, isTheirs ? button("held_again", true, "undo") : null, button("held_forget", false, "label-void"))];
  }
}
customElements.define("held-note", HeldNote);

class ConnectionBand extends Panel {
  /** @param {string} words */
  draw(words) {
    return words ? [shape("unplugged"), h("p", {}, words)] : [];
  }
}
customElements.define("connection-band", ConnectionBand);

/** Which answers were shown: one that arrives both by POST and live is shown and sounded once. */
export class SeenAnswers {
  /** @type {string[]} */
  #keys = [];

  /**
   * True the first time this answer is seen. A restarted station may count from 1 again, so the command counts too.
   * @param {import("./station.js").Answer} answer
   */
  isNew({ number, command_id }) {
    const key = `${number ?? ""} ${command_id}`;
    if (this.#keys.includes(key)) return false;
    this.#keys = [...this.#keys, key].slice(-REMEMBERED);
    return true;
  }
}
