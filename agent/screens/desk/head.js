/** The head of the desk: finding by code, signing in, and the ways through the page. */
import { h, tell } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { DeskPanel } from "./panel.js";

export const TABS = ["today", "decide", "arrange", "story"];
export const THEME = "desk_theme";

class DeskFind extends DeskPanel {
  draw() {
    const code = /** @type {HTMLInputElement} */ (h("input", { type: "search", id: "code", "data-key": "code", maxlength: 250, autocomplete: "off", spellcheck: "false", placeholder: say("sv_find_hint") }));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (code.value.trim()) tell(this, "find", code.value.trim());
      else code.focus();
    };
    return [h("form", { role: "search", on: { submit } }, h("label", { for: "code", class: "out-of-sight" }, say("sv_find")), code, h("button", { type: "submit", "data-key": "find" }, say("sv_find")))];
  }
}
customElements.define("desk-find", DeskFind);

class DeskWho extends DeskPanel {
  /** @param {{who: {name: string}|null, signing: boolean, badge: string, theme: string}} data */
  draw({ who, signing, badge, theme }) {
    return [
      who ? h("p", { class: "name" }, h("bdi", {}, who.name)) : null,
      signing ? this.#form(badge) : null,
      signing ? null : this.#button(who ? "sign-out" : "sign-in", say(who ? "sv_sign_out" : "sv_sign_in")),
      h("a", { class: "button", href: "/report" }, say("sv_report")),
      this.#button("theme", say(theme === "light" ? "sv_dark" : "sv_light")),
    ];
  }

  /** @param {string} scanned */
  #form(scanned) {
    const badge = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "badge", "data-key": `badge ${scanned}`, value: scanned, maxlength: 120, autocomplete: "off", spellcheck: "false", required: true }));
    const pin = /** @type {HTMLInputElement} */ (h("input", { type: "password", id: "pin", "data-key": "pin", inputmode: "numeric", minlength: 4, maxlength: 12, autocomplete: "off", required: true }));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      tell(this, "sign-in", { badge: badge.value.trim(), pin: pin.value });
      pin.value = "";
    };
    return h(
      "form",
      { class: "sign-in", on: { submit } },
      h("label", { for: "badge" }, say("sv_badge")),
      badge,
      h("label", { for: "pin" }, say("sv_pin")),
      pin,
      h("button", { type: "submit", class: "primary", "data-key": "send" }, say("sv_sign_in")),
      this.#button("not-now", say("sv_not_now")),
    );
  }

  /**
   * @param {string} key
   * @param {string} words
   */
  #button(key, words) {
    return h("button", { type: "button", "data-key": key, on: { click: () => tell(this, "press", key) } }, words);
  }
}
customElements.define("desk-who", DeskWho);

class DeskTabs extends DeskPanel {
  /** @param {{tab: string, waiting: number, connected: boolean}} data */
  draw({ tab, waiting, connected }) {
    const link = (/** @type {string} */ name) =>
      h(
        "a",
        { href: `#${name}`, "aria-current": name === tab ? "page" : null, "data-key": `tab ${name}` },
        say(`sv_tab_${name}`),
        name === "decide" && waiting > 0 ? h("b", { class: "count" }, say("sv_waiting", { n: waiting })) : null,
      );
    return [
      h("nav", { "aria-label": say("sv_ways") }, ...TABS.map(link)),
      connected ? null : h("p", { class: "connection", role: "alert" }, shape("unplugged"), say("sv_not_connected")),
    ];
  }
}
customElements.define("desk-tabs", DeskTabs);
