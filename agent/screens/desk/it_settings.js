/** Every setting in force and where it comes from: a line of edge.toml, or its usual value. No secret is shown. */
import { Panel, h } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { ask, isCarer, sentenceOf } from "./carer.js";
import { button } from "./it_parts.js";

/**
 * @typedef {{key: string, value: string, line: number|null, description: string}} Setting
 * @typedef {{section: string, settings: Setting[]}} Section
 */

class ItSettings extends Panel {
  /** @type {{file: string, changed: boolean, sections: Section[]}|null} */
  #found = null;
  #refusal = "";
  #all = false;

  /** Draw as it is now; what was read goes with whoever signed out. */
  refresh() {
    if (!isCarer()) this.#found = null;
    this.show({ carer: isCarer(), found: this.#found, refusal: this.#refusal, all: this.#all });
  }

  /** @param {{carer: boolean, found: {file: string, changed: boolean, sections: Section[]}|null, refusal: string, all: boolean}} data */
  draw({ carer, found, refusal, all }) {
    const title = h("h2", {}, say("it_settings"));
    if (!carer) return [title, h("p", { class: "quiet" }, say("it_settings_sign_in"))];
    if (found === null) {
      const say_no = refusal ? h("p", { class: "refusal", role: "alert" }, shape("refused"), refusal) : "";
      return [title, say_no, button("settings", "choose", say("it_show_settings"), () => this.#read())];
    }
    const toggle = button("all", "", all ? say("it_only_file") : say("it_also_usual"), () => this.#toggle());
    return [
      title,
      found.changed ? h("p", { class: "refusal", role: "alert" }, shape("ask"), say("it_file_changed", { file: found.file })) : h("p", { class: "quiet" }, say("it_file_same", { file: found.file })),
      toggle,
      ...found.sections.map((section) => table(section, found.file, all)).filter((each) => each !== null),
    ];
  }

  #toggle() {
    this.#all = !this.#all;
    this.refresh();
  }

  async #read() {
    const reply = await ask("/v1/station/it/settings");
    this.#found = reply?.status === 200 ? reply.body : null;
    this.#refusal = reply?.status === 200 ? "" : sentenceOf(reply, say("it_silent"));
    this.refresh();
  }
}
customElements.define("it-settings", ItSettings);

/** @param {Section} section @param {string} file @param {boolean} all */
function table({ section, settings }, file, all) {
  const shown = settings.filter((each) => all || each.line !== null);
  if (shown.length === 0) return null;
  const rows = shown.map(({ key, value, line, description }) =>
    h(
      "tr",
      { class: line === null ? "usual" : "set" },
      h("th", { scope: "row" }, h("code", {}, key)),
      h("td", {}, h("code", {}, value || say("it_empty")), description ? h("p", { class: "quiet" }, description) : null),
      h("td", {}, line === null ? say("it_usual") : say("it_line", { file, line })),
    ),
  );
  const head = ["it_setting", "it_value", "it_source"].map((key) => h("th", { scope: "col" }, say(key)));
  return h("table", { class: "settings" }, h("caption", {}, h("code", {}, `[${section}]`)), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}
