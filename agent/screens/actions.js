/** What a person can do by hand: the action bar, the tiles, the choices. All in the page, nothing over it. */
import { ask, backButton, said } from "./asking.js";
import { Panel, h, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

/** @import {Action, Choice, Next} from "./station.js" */

const LONG_LABEL = 10;

class ActionBar extends Panel {
  /** @param {{actions: Action[], next: Next}} data */
  draw({ actions, next }) {
    // Signing out stands in the strip; keying the quantity is the amount itself, where one is shown.
    const shown = actions.filter((action) => action.do !== "sign-out" && !(action.do === "quantity" && next.amount));
    // Where an act stands twice, the plain one is the way on; its twin asks for a reason and stands beside the others.
    /** @param {Action} action */
    const isTwin = (action) => Boolean(action.reasons?.length) && shown.some((other) => other !== action && other.do === action.do && !other.reasons);
    /** @param {Action} action */
    const isFirst = (action) => action.place === "first" || (action.do === next.do && action.place !== "more" && !isTwin(action));
    const first = shown.filter(isFirst);
    const rest = shown.filter((action) => action.place !== "more" && !isFirst(action));
    const hasMore = shown.some((action) => action.place === "more" && action.enabled);
    const long = rest.some((action) => action.label.length > LONG_LABEL);
    const keys = new Keys();
    this.hidden = shown.length === 0;
    const buttons = rest.map((action) => actionButton(this, action, isTwin(action) && !action.body.name ? `${action.do}-why` : keys.of(action), ""));
    if (hasMore) buttons.push(moreButton(this));
    const ways = first.map((action) => actionButton(this, action, keys.of(action), "primary"));
    return [
      ways.length > 1 ? h("div", { class: "ways" }, ...ways) : (ways[0] ?? null),
      buttons.length > 0 ? h("div", { class: long ? "row long" : "row" }, ...buttons) : null,
    ];
  }
}
customElements.define("action-bar", ActionBar);

class ReasonTiles extends Panel {
  /** @param {Action|{more: Action[]}|null} shown what wants a choice, or all that stands behind "More" */
  draw(shown) {
    if (!shown) return [];
    const keys = new Keys();
    if ("more" in shown) {
      const all = shown.more.map((action) => actionButton(this, action, keys.of(action), "tile"));
      return [h("h2", {}, say("more_actions")), h("div", { class: "tiles" }, backButton(this), ...all)];
    }
    const tiles = (shown.reasons ?? []).map((tile) => {
      const press = () => said(this, shown, tile.code, tile);
      return h(
        "button",
        { type: "button", class: "tile", "data-key": keys.once(String(tile.code)), on: { click: press } },
        h("span", { dir: "auto" }, tile.label),
        tile.detail ? h("span", { class: "detail-of-tile", dir: "auto" }, tile.detail) : null,
      );
    });
    return [h("h2", { dir: "auto" }, shown.ask || shown.label), h("div", { class: "tiles" }, ...tiles, backButton(this))];
  }
}
customElements.define("reason-tiles", ReasonTiles);

class ChoiceList extends Panel {
  /** @param {{choices: Choice[]}} data */
  draw({ choices }) {
    return choices.map((choice) => {
      const press = () => tell(this, "command", { name: choice.do ?? "open", body: choice.body ?? { id: choice.id } });
      const look = ["choice", choice.tile && "small", choice.chosen && "chosen"].filter(Boolean).join(" ");
      return h(
        "button",
        { type: "button", class: look, "data-key": choice.id, "aria-pressed": choice.tile ? String(Boolean(choice.chosen)) : null, on: { click: press } },
        h("span", { class: "title", dir: "auto" }, choice.chosen ? shape("done") : null, choice.title),
        choice.detail ? h("span", { class: "quiet", dir: "auto" }, choice.detail) : null,
        choice.size ? h("span", { class: "size", dir: "auto" }, choice.size) : null,
      );
    });
  }
}
customElements.define("choice-list", ChoiceList);

/**
 * One action as a button; one that wants a reason, a number or a photo asks for it first.
 * @param {Panel} panel
 * @param {Action} action
 * @param {string} key
 * @param {string} look its class
 */
export function actionButton(panel, action, key, look) {
  return h(
    "button",
    { type: "button", class: look, "data-key": key, disabled: !action.enabled, on: { click: () => ask(panel, action) } },
    shape(action.pad === "photo" ? "photo" : (action.body.decision ?? action.do)),
    h("span", { dir: "auto" }, action.label),
  );
}

/** @param {Panel} panel */
function moreButton(panel) {
  const press = () => tell(panel, "mode", { mode: "more" });
  return h("button", { type: "button", "data-key": "more", on: { click: press } }, shape("more"), h("span", {}, say("more")));
}

/** Names of buttons by which a new drawing finds the one that had the focus: each once. */
class Keys {
  /** @type {Map<string, number>} */
  #seen = new Map();

  /** @param {Action} action where an act stands several times, what it says tells them apart */
  of(action) {
    return this.once(action.body.name ? `${action.do}-${action.body.name}` : action.do);
  }

  /** @param {string} name */
  once(name) {
    const times = this.#seen.get(name) ?? 0;
    this.#seen.set(name, times + 1);
    return times > 0 ? `${name}-${times + 1}` : name;
  }
}
