/** Who may do more than look: badge and PIN of an admin, or the one-time code of the terminal. */
import { Panel, h } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { ask, beCarer, carerName, isCarer, sentenceOf } from "./carer.js";
import { button } from "./it_parts.js";

class ItCarer extends Panel {
  #refusal = "";

  /** The view came: draw whoever is signed in. */
  refresh() {
    this.show({ carer: isCarer(), name: carerName(), refusal: this.#refusal });
  }

  /** @param {{carer: boolean, name: string, refusal: string}} data */
  draw({ carer, name, refusal }) {
    const title = h("h2", {}, say("it_carer"));
    if (carer) {
      const who = name ? say("it_signed_in", { name }) : say("it_with_code");
      return [title, h("div", { class: "card" }, h("p", {}, who), button("out", "sign-out", say("it_sign_out"), () => this.#out()))];
    }
    return [title, h("div", { class: "card" }, h("p", {}, say("it_look_only")), refused(refusal), this.#byBadge(), this.#byCode())];
  }

  #byBadge() {
    const badge = field("it_badge", "text");
    const pin = field("it_pin", "password");
    return form("badge", [badge, pin], say("it_sign_in"), async () => {
      const reply = await ask("/v1/station/sign-in", { badge: valueOf(badge), pin: valueOf(pin) });
      if (reply?.status === 200 && !reply.body.roles.includes("admin")) return this.#done(say("it_no_admin", { name: reply.body.name }));
      if (reply?.status === 200) beCarer(reply.body.key, reply.body.name);
      return this.#done(reply?.status === 200 ? "" : sentenceOf(reply, say("it_silent")));
    });
  }

  #byCode() {
    const code = field("it_code", "text");
    return form("code", [code, h("p", { class: "quiet" }, say("it_code_from"), " ", h("code", {}, "edge-agent it-code"))], say("it_use_code"), async () => {
      const reply = await ask("/v1/station/it/enter", { code: valueOf(code) });
      if (reply?.status === 200) beCarer(reply.body.key);
      return this.#done(reply?.status === 200 ? "" : sentenceOf(reply, say("it_silent")));
    });
  }

  async #out() {
    if (carerName()) await ask("/v1/station/sign-out", {});
    beCarer();
    this.#done("");
  }

  /** @param {string} refusal */
  #done(refusal) {
    this.#refusal = refusal;
    this.refresh();
    this.dispatchEvent(new CustomEvent("carer", { bubbles: true }));
  }
}
customElements.define("it-carer", ItCarer);

/** @param {string} refusal */
function refused(refusal) {
  return refusal ? h("p", { class: "refusal", role: "alert" }, shape("refused"), refusal) : null;
}

/** @param {string} words @param {string} type */
function field(words, type) {
  const id = `field-${words}`;
  return h("label", { for: id }, say(words), h("input", { id, type, "data-key": id, autocomplete: "off", spellcheck: "false", maxlength: 60, required: true }));
}

/** @param {HTMLElement} label */
function valueOf(label) {
  return /** @type {HTMLInputElement} */ (label.querySelector("input")).value.trim();
}

/** @param {string} name @param {HTMLElement[]} inside @param {string} words @param {() => Promise<void>} send */
function form(name, inside, words, send) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void send();
  };
  return h("form", { class: "sign", "data-form": name, on: { submit } }, ...inside, h("button", { type: "submit", "data-key": `send ${name}` }, words));
}
