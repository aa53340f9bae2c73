/** The answer band: the last thing, full width, coloured, with a shape; it stays until the next thing happens. */
import { Panel, h, sentence } from "./dom.js";
import { shape } from "./shapes.js";
import { NOTHING_YET, command } from "./words.js";

const MEANING = { counted: "done", line_done: "done", list_done: "done", refused: "refused", ask: "ask", note: "note" };
const LONG = 80;
const REMEMBERED = 100;

class AnswerBand extends Panel {
  /** @param {{tone: string, text: string}|null} answer */
  draw(answer) {
    const meaning = answer ? (MEANING[answer.tone] ?? "note") : "none";
    this.dataset.meaning = meaning;
    this.dataset.tone = answer?.tone ?? "";
    const text = answer?.text ?? NOTHING_YET;
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
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    return [shape("wait"), h("p", {}, `Unsent: ${command(name, body)}${more}. Not counted yet; it is sent again by itself.`)];
  }
}
customElements.define("unsent-note", UnsentNote);

class ConnectionBand extends Panel {
  /** @param {string} words */
  draw(words) {
    return words ? [shape("unplugged"), h("p", {}, words)] : [];
  }
}
customElements.define("connection-band", ConnectionBand);

/** Which answers were shown: one that arrives both by POST and live is shown and sounded once. */
export class SeenAnswers {
  #keys = [];

  /** True the first time this answer is seen. A restarted station may count from 1 again, so the command counts too. */
  isNew({ number, command_id }) {
    const key = `${number} ${command_id}`;
    if (this.#keys.includes(key)) return false;
    this.#keys = [...this.#keys, key].slice(-REMEMBERED);
    return true;
  }
}
